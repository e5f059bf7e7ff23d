package apigateway

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/shape"
)

// creation is one attempt to create something in a fixture.
type creation func(f *fixture) (cloudformation.Created, error)

func newAPIWith(policy any) creation {
	return func(f *fixture) (cloudformation.Created, error) {
		return f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Name: "x", Policy: policy})
	}
}

// policyOf returns a resource policy of so many characters.
func policyOf(length int) string {
	const start, end = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"`, `"}]}`
	return start + strings.Repeat("x", length-len(start)-len(end)) + end
}

func newResource(change func(f *fixture, p *resourceProperties)) creation {
	return func(f *fixture) (cloudformation.Created, error) {
		p := resourceProperties{RestApiId: f.api, ParentId: f.root, PathPart: "new"}
		change(f, &p)
		return f.gateway.createResource(cloudformation.Resource{}, p)
	}
}

func newMethod(change func(f *fixture, p *methodProperties)) creation {
	return func(f *fixture) (cloudformation.Created, error) {
		p := methodProperties{RestApiId: f.api, ResourceId: f.root, HttpMethod: "GET", AuthorizationType: "NONE"}
		change(f, &p)
		return f.gateway.createMethod(cloudformation.Resource{}, p)
	}
}

func newProxyMethod(change func(p *integrationProperties)) creation {
	return newMethod(func(_ *fixture, p *methodProperties) {
		p.Integration = &integrationProperties{Type: "AWS_PROXY", IntegrationHttpMethod: "POST", Uri: functionURI(function)}
		change(p.Integration)
	})
}

func twoResponseTemplates(_ *fixture, p *methodProperties) {
	p.MethodResponses = []methodResponse{{StatusCode: "200"}}
	p.Integration = &integrationProperties{Type: "MOCK", IntegrationResponses: []integrationResponse{
		{StatusCode: "200", ResponseTemplates: map[string]string{"application/json": "{}", "text/html": "x"}},
	}}
}

func newAuthorizerWith(change func(p *authorizerProperties)) creation {
	return func(f *fixture) (cloudformation.Created, error) {
		p := authorizerProperties{
			RestApiId: f.api, Name: "new", Type: "TOKEN", AuthorizerUri: functionURI(checker), IdentitySource: "method.request.header.Authorization",
		}
		change(&p)
		return f.gateway.createAuthorizer(cloudformation.Resource{}, p)
	}
}

func newStage(change func(f *fixture, p *stageProperties)) creation {
	return func(f *fixture) (cloudformation.Created, error) {
		p := stageProperties{RestApiId: f.api, StageName: "dev", DeploymentId: f.gateway.apis[f.api].stages["prod"].deployment.id}
		change(f, &p)
		return f.gateway.createStage(cloudformation.Resource{}, p)
	}
}

func newAPIKey(value string) creation {
	return func(f *fixture) (cloudformation.Created, error) {
		return f.gateway.createAPIKey(cloudformation.Resource{}, apiKeyProperties{Value: value})
	}
}

func TestCreationThatAWSRefuses(t *testing.T) {
	seconds := 3601
	rows := []struct {
		name   string
		create creation
		code   string
		status int
	}{
		{"API without a name", func(f *fixture) (cloudformation.Created, error) {
			return f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{})
		}, "BadRequestException", 400},
		{"policy that is not JSON", func(f *fixture) (cloudformation.Created, error) {
			return f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Name: "x", Policy: "{"})
		}, "BadRequestException", 400},
		{"policy of 8,193 characters", newAPIWith(policyOf(8193)), "BadRequestException", 400},
		{"resource of no API", newResource(func(_ *fixture, p *resourceProperties) { p.RestApiId = "none" }), "NotFoundException", 404},
		{"resource without its parent", newResource(func(_ *fixture, p *resourceProperties) { p.ParentId = "none" }), "NotFoundException", 404},
		{"resource twice", newResource(func(_ *fixture, p *resourceProperties) { p.PathPart = "tasks" }), "ConflictException", 409},
		{"path part with a slash", newResource(func(_ *fixture, p *resourceProperties) { p.PathPart = "a/b" }), "BadRequestException", 400},
		{"second variable beside another", newResource(func(f *fixture, p *resourceProperties) {
			p.ParentId, p.PathPart = f.gateway.apis[f.api].resourceID("/tasks"), "{other}"
		}), "BadRequestException", 400},
		{"child of a greedy variable", newResource(func(f *fixture, p *resourceProperties) { p.ParentId = f.resource(f.root, "{proxy+}") }), "BadRequestException", 400},
		{"method of no API", newMethod(func(_ *fixture, p *methodProperties) { p.RestApiId = "none" }), "NotFoundException", 404},
		{"method of no resource", newMethod(func(_ *fixture, p *methodProperties) { p.ResourceId = "none" }), "NotFoundException", 404},
		{"method twice", newMethod(func(f *fixture, p *methodProperties) { p.ResourceId = f.gateway.apis[f.api].resourceID("/tasks") }), "ConflictException", 409},
		{"no authorization type", newMethod(func(_ *fixture, p *methodProperties) { p.AuthorizationType = "" }), "BadRequestException", 400},
		{"Cognito without an authorizer", newMethod(func(_ *fixture, p *methodProperties) { p.AuthorizationType = "COGNITO_USER_POOLS" }), "BadRequestException", 400},
		{"CUSTOM with a Cognito authorizer", newMethod(func(f *fixture, p *methodProperties) {
			p.AuthorizationType = "CUSTOM"
			p.AuthorizerId = f.authorizer(authorizerProperties{Type: "COGNITO_USER_POOLS", ProviderARNs: []string{poolARN}})
		}), "BadRequestException", 400},
		{"integration without a type", newProxyMethod(func(p *integrationProperties) { p.Type = "" }), "BadRequestException", 400},
		{"integration without a verb", newProxyMethod(func(p *integrationProperties) { p.IntegrationHttpMethod = "" }), "BadRequestException", 400},
		{"integration with a function's ARN", newProxyMethod(func(p *integrationProperties) { p.Uri = function }), "BadRequestException", 400},
		{"integration without a path", newProxyMethod(func(p *integrationProperties) { p.Uri = "arn:aws:apigateway:us-east-1:lambda:" + function }), "BadRequestException", 400},
		{"integration without invocations", newProxyMethod(func(p *integrationProperties) { p.Uri = strings.TrimSuffix(p.Uri, "/invocations") }), "BadRequestException", 400},
		{"mock response that is not declared", newProxyMethod(func(p *integrationProperties) {
			*p = integrationProperties{Type: "MOCK", IntegrationResponses: []integrationResponse{{StatusCode: "200"}}}
		}), "NotFoundException", 404},
		{"mapping of a parameter that is not declared", newProxyMethod(func(p *integrationProperties) {
			*p = *httpMethod("HTTP").Integration
		}), "BadRequestException", 400},
		{"mapping to nowhere", newProxyMethod(func(p *integrationProperties) {
			*p = integrationProperties{Type: "MOCK", RequestParameters: map[string]string{"method.request.header.a": "'b'"}}
		}), "BadRequestException", 400},
		{"mapping of a response header that is not declared", newMethod(func(_ *fixture, p *methodProperties) {
			m := httpMethod("HTTP")
			m.MethodResponses[0].ResponseParameters = nil
			p.Integration, p.RequestParameters, p.MethodResponses = m.Integration, m.RequestParameters, m.MethodResponses
		}), "BadRequestException", 400},
		{"a validator that is not there", newMethod(func(_ *fixture, p *methodProperties) { p.RequestValidatorId = "none" }), "BadRequestException", 400},
		{"a model that is not there", newMethod(func(_ *fixture, p *methodProperties) { p.RequestModels = map[string]string{"a/b": "None"} }), "NotFoundException", 404},
		{"a parameter of the body", newMethod(func(_ *fixture, p *methodProperties) {
			p.RequestParameters = map[string]bool{"method.request.body.a": true}
		}), "BadRequestException", 400},
		{"HTTP without a verb", newProxyMethod(func(p *integrationProperties) { p.Type, p.IntegrationHttpMethod = "HTTP", "" }), "BadRequestException", 400},
		{"HTTP to an ARN", newProxyMethod(func(p *integrationProperties) { p.Type = "HTTP_PROXY" }), "BadRequestException", 400},
		{"a proxy for a table", newProxyMethod(func(p *integrationProperties) { p.Uri = tableURI }), "BadRequestException", 400},
		{"a time-out of a minute", newProxyMethod(func(p *integrationProperties) { p.TimeoutInMillis = 60000 }), "BadRequestException", 400},
		{"authorizer of no API", newAuthorizerWith(func(p *authorizerProperties) { p.RestApiId = "none" }), "NotFoundException", 404},
		{"authorizer's name twice", newAuthorizerWith(func(p *authorizerProperties) { p.Name = "taken" }), "BadRequestException", 400},
		{"TOKEN with a function's ARN", newAuthorizerWith(func(p *authorizerProperties) { p.AuthorizerUri = checker }), "BadRequestException", 400},
		{"Cognito without a pool", newAuthorizerWith(func(p *authorizerProperties) { p.Type = "COGNITO_USER_POOLS" }), "BadRequestException", 400},
		{"Cognito with another ARN", newAuthorizerWith(func(p *authorizerProperties) {
			p.Type, p.ProviderARNs = "COGNITO_USER_POOLS", []string{function}
		}), "BadRequestException", 400},
		{"Cognito with 1,001 pools", newAuthorizerWith(func(p *authorizerProperties) {
			p.Type, p.ProviderARNs = "COGNITO_USER_POOLS", slices.Repeat([]string{poolARN}, 1001)
		}), "BadRequestException", 400},
		{"TTL over an hour", newAuthorizerWith(func(p *authorizerProperties) { p.AuthorizerResultTtlInSeconds = &seconds }), "BadRequestException", 400},
		{"stage of no API", newStage(func(_ *fixture, p *stageProperties) { p.RestApiId = "none" }), "NotFoundException", 404},
		{"stage of no deployment", newStage(func(_ *fixture, p *stageProperties) { p.DeploymentId = "" }), "BadRequestException", 400},
		{"stage without a name", newStage(func(_ *fixture, p *stageProperties) { p.StageName = "" }), "BadRequestException", 400},
		{"stage twice", newStage(func(_ *fixture, p *stageProperties) { p.StageName = "prod" }), "ConflictException", 409},
		{"a variable with a space", newStage(func(_ *fixture, p *stageProperties) { p.Variables = map[string]string{"a": "b c"} }), "BadRequestException", 400},
		{"canary of no deployment", newStage(func(_ *fixture, p *stageProperties) { p.CanarySetting = &canarySetting{PercentTraffic: 10} }), "BadRequestException", 400},
		{"deployment of no API", func(f *fixture) (cloudformation.Created, error) {
			return f.gateway.createDeployment(cloudformation.Resource{}, deploymentProperties{RestApiId: "none"})
		}, "NotFoundException", 404},
		{"deployment without methods", func(f *fixture) (cloudformation.Created, error) {
			f.define(nil)
			return f.gateway.createDeployment(cloudformation.Resource{}, deploymentProperties{RestApiId: f.api})
		}, "BadRequestException", 400},
		{"deployment of a method without integration", func(f *fixture) (cloudformation.Created, error) {
			done(f.t)(newMethod(func(*fixture, *methodProperties) {})(f))
			return f.gateway.createDeployment(cloudformation.Resource{}, deploymentProperties{RestApiId: f.api})
		}, "NotFoundException", 404},
		{"gateway response of no API", func(f *fixture) (cloudformation.Created, error) {
			return f.gateway.createGatewayResponse(cloudformation.Resource{}, gatewayResponseProperties{RestApiId: "none"})
		}, "NotFoundException", 404},
		{"short API key", newAPIKey("short"), "BadRequestException", 400},
		{"long API key", newAPIKey(strings.Repeat("k", 129)), "BadRequestException", 400},
		{"API key twice", newAPIKey("0123456789012345678901234567890123456789"), "ConflictException", 409},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := openAPI(t, nil)
			done(t)(newAPIKey("0123456789012345678901234567890123456789")(f))
			f.authorizer(authorizerProperties{Name: "taken", Type: "TOKEN", AuthorizerUri: functionURI(checker)})
			_, err := row.create(f)
			var refused *awserr.Error
			if !errors.As(err, &refused) || refused.Code != row.code || refused.Status != row.status || refused.Message == "" {
				t.Errorf("%#v, want %s with status %d", err, row.code, row.status)
			}
		})
	}
}

func TestWhatIsNotSimulatedIsNoVerdict(t *testing.T) {
	rows := map[string]creation{
		"PRIVATE endpoint": func(f *fixture) (cloudformation.Created, error) {
			return f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Name: "x", EndpointConfiguration: endpointConfiguration{Types: []string{"PRIVATE"}}})
		},
		"parameters of a proxy integration": newProxyMethod(func(p *integrationProperties) {
			p.RequestParameters = map[string]string{"integration.request.header.a": "'b'"}
		}),
		"the caller's credentials":      newProxyMethod(func(p *integrationProperties) { p.Credentials = "arn:aws:iam::*:user/*" }),
		"an action without credentials": newProxyMethod(func(p *integrationProperties) { p.Type, p.Uri = "AWS", tableURI }),
		"a path of another service":     newProxyMethod(func(p *integrationProperties) { p.Type, p.Uri = "AWS", "arn:aws:apigateway:us-east-1:s3:path/b/k" }),
		"a template that is none": newProxyMethod(func(p *integrationProperties) {
			*p = integrationProperties{Type: "MOCK", RequestTemplates: jsonText("#set($x)")}
		}),
		"templates of two content types":            newMethod(twoResponseTemplates),
		"REQUEST authorizer that caches by nothing": newAuthorizerWith(func(p *authorizerProperties) { p.Type, p.IdentitySource = "REQUEST", "" }),
		"REQUEST authorizer with a path parameter":  newAuthorizerWith(func(p *authorizerProperties) { p.Type, p.IdentitySource = "REQUEST", "method.request.path.id" }),
		"REQUEST authorizer with a strange context": newAuthorizerWith(func(p *authorizerProperties) { p.Type, p.IdentitySource = "REQUEST", "context.moon" }),
		"two identity sources":                      newAuthorizerWith(func(p *authorizerProperties) { p.IdentitySource += ",method.request.header.X" }),
		"no identity source":                        newAuthorizerWith(func(p *authorizerProperties) { p.IdentitySource = "" }),
		"expression Go has not":                     newAuthorizerWith(func(p *authorizerProperties) { p.IdentityValidationExpression = "(?=a)" }),
		"response header from nowhere": func(f *fixture) (cloudformation.Created, error) {
			return f.gateway.createGatewayResponse(cloudformation.Resource{}, gatewayResponseProperties{
				RestApiId: f.api, ResponseParameters: map[string]string{"gatewayresponse.header.A": "integration.response.header.B"},
			})
		},
		"response template with another variable": func(f *fixture) (cloudformation.Created, error) {
			return f.gateway.createGatewayResponse(cloudformation.Resource{}, gatewayResponseProperties{
				RestApiId: f.api, ResponseTemplates: jsonText("$input.body"),
			})
		},
	}
	for name, create := range rows {
		t.Run(name, func(t *testing.T) {
			_, err := create(openAPI(t, nil))
			var refused *awserr.Error
			if err == nil || errors.As(err, &refused) {
				t.Errorf("%#v, want an error that is no *awserr.Error", err)
			}
		})
	}
}

func TestAttributesAreThoseThatTypesDeclare(t *testing.T) {
	f := openAPI(t, nil)
	api := done(t)(f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Name: "x"}))
	made := map[string]cloudformation.Created{
		"AWS::ApiGateway::RestApi":    api,
		"AWS::ApiGateway::Resource":   done(t)(newResource(func(*fixture, *resourceProperties) {})(f)),
		"AWS::ApiGateway::Method":     done(t)(newProxyMethod(func(*integrationProperties) {})(f)),
		"AWS::ApiGateway::Authorizer": done(t)(newAuthorizerWith(func(*authorizerProperties) {})(f)),
		"AWS::ApiGateway::Stage":      done(t)(newStage(func(*fixture, *stageProperties) {})(f)),
		"AWS::ApiGateway::ApiKey":     done(t)(newAPIKey("")(f)),
		"AWS::ApiGateway::UsagePlan":  done(t)(f.gateway.createUsagePlan(cloudformation.Resource{}, usagePlanProperties{})),
		"AWS::ApiGateway::Deployment": done(t)(f.gateway.createDeployment(cloudformation.Resource{}, deploymentProperties{RestApiId: f.api})),
		"AWS::ApiGateway::GatewayResponse": done(t)(f.gateway.createGatewayResponse(cloudformation.Resource{}, gatewayResponseProperties{
			RestApiId: f.api, ResponseType: "UNAUTHORIZED",
		})),
		"AWS::ApiGateway::RequestValidator": done(t)(f.gateway.createValidator(cloudformation.Resource{}, validatorProperties{RestApiId: f.api})),
		"AWS::ApiGateway::Model":            done(t)(f.gateway.createModel(cloudformation.Resource{}, modelProperties{RestApiId: f.api, Name: "Task"})),
	}
	made["AWS::ApiGateway::UsagePlanKey"] = done(t)(f.gateway.createUsagePlanKey(cloudformation.Resource{}, usagePlanKeyProperties{
		KeyId: made["AWS::ApiGateway::ApiKey"].Ref, UsagePlanId: made["AWS::ApiGateway::UsagePlan"].Ref,
	}))
	for _, typ := range f.gateway.Types() {
		created, ok := made[typ.Name]
		if !ok || created.Ref == "" {
			t.Errorf("%s has no Ref", typ.Name)
		}
		if got := slices.Sorted(maps.Keys(created.Attributes)); !slices.Equal(got, typ.Attributes) {
			t.Errorf("%s has attributes %v, declares %v", typ.Name, got, typ.Attributes)
		}
	}
}

func TestEveryPropertyIsKnown(t *testing.T) {
	for _, typ := range newFixture(t).gateway.Types() {
		seen := map[string]bool{}
		for _, member := range shape.Describe(typ.Properties) {
			if seen[member.Name] {
				t.Errorf("%s lists %s twice", typ.Name, member.Name)
			}
			seen[member.Name] = true
		}
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
func TestShortResourcesOfAPolicyAreWrittenOut(t *testing.T) {
	f := newFixture(t)
	got, err := f.gateway.readPolicy(`{"Statement":[{"Resource":["execute-api:/prod/*","arn:aws:s3:::b"],"Principal":"*"}]}`, "abc")
	want := map[string]any{"Statement": []any{map[string]any{
		"Resource": []any{"arn:aws:execute-api:us-east-1:123456789012:abc/prod/*", "arn:aws:s3:::b"}, "Principal": "*",
	}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
func TestPolicyMayHave8192Characters(t *testing.T) {
	done(t)(newAPIWith(policyOf(8192))(openAPI(t, nil)))
}

func TestOperationsAreListedOnce(t *testing.T) {
	service := newFixture(t).gateway.Service()
	if service.Prefix != "apigateway" || service.Name != Actor || service.Host != "apigateway.us-east-1.amazonaws.com" {
		t.Errorf("service is %+v", service)
	}
	seen := map[string]bool{}
	for _, name := range service.Unsimulated {
		if seen[name] {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
	}
}
