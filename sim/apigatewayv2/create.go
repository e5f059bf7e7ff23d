package apigatewayv2

import (
	"fmt"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

type apiProperties struct {
	Name         string
	ProtocolType string   `aws:"enum=HTTP|WEBSOCKET"`
	_            struct{} `noeffect:"Description Tags Version IpAddressType" unsimulated:"ApiKeySelectionExpression BasePath Body BodyS3Location CorsConfiguration CredentialsArn DisableExecuteApiEndpoint DisableSchemaValidation FailOnWarnings RouteKey RouteSelectionExpression Target"`
}

type authorizerProperties struct {
	ApiId            string `aws:"required"`
	Name             string `aws:"required"`
	AuthorizerType   string `aws:"required,enum=JWT|REQUEST"`
	IdentitySource   []string
	JwtConfiguration *struct {
		Issuer   string
		Audience []string
	}
	_ struct{} `noeffect:"IdentityValidationExpression" unsimulated:"AuthorizerCredentialsArn AuthorizerPayloadFormatVersion AuthorizerResultTtlInSeconds AuthorizerUri EnableSimpleResponses"`
}

type deploymentProperties struct {
	ApiId     string `aws:"required"`
	StageName string
	_         struct{} `noeffect:"Description"`
}

type integrationProperties struct {
	ApiId                string `aws:"required"`
	IntegrationType      string `aws:"required,enum=AWS_PROXY|HTTP_PROXY|AWS|HTTP|MOCK"`
	IntegrationUri       string
	PayloadFormatVersion string   `aws:"enum=1.0|2.0"`
	_                    struct{} `noeffect:"Description IntegrationMethod TimeoutInMillis" unsimulated:"ConnectionId ConnectionType ContentHandlingStrategy CredentialsArn IntegrationSubtype PassthroughBehavior RequestParameters RequestTemplates ResponseParameters TemplateSelectionExpression TlsConfig"`
}

type routeProperties struct {
	ApiId               string `aws:"required"`
	RouteKey            string `aws:"required"`
	AuthorizationType   string `aws:"enum=NONE|JWT|AWS_IAM|CUSTOM"`
	AuthorizerId        string
	AuthorizationScopes []string
	Target              string
	_                   struct{} `noeffect:"OperationName" unsimulated:"ApiKeyRequired ModelSelectionExpression RequestModels RequestParameters RouteResponseSelectionExpression"`
}

type stageProperties struct {
	ApiId          string `aws:"required"`
	StageName      string `aws:"required"`
	AutoDeploy     bool
	DeploymentId   string
	StageVariables map[string]string
	_              struct{} `noeffect:"AccessLogSettings Description Tags" unsimulated:"AccessPolicyId ClientCertificateId DefaultRouteSettings RouteSettings"`
}

func badRequest(format string, args ...any) error {
	return awserr.New("BadRequestException", format, args...)
}

func notSimulated(format string, args ...any) error {
	return fmt.Errorf("AWS has %s, the simulation does not", fmt.Sprintf(format, args...))
}

func (g *Gateway) find(id string) (*httpAPI, error) {
	if a, ok := g.apis[id]; ok {
		return a, nil
	}
	return nil, awserr.WithStatus(404, "NotFoundException", "Invalid API identifier specified %s:%s", g.world.Account(), id)
}

func (g *Gateway) createAPI(_ cloudformation.Resource, p apiProperties) (cloudformation.Created, error) {
	if p.Name == "" || p.ProtocolType == "" {
		return cloudformation.Created{}, badRequest("Name and ProtocolType are required")
	}
	if p.ProtocolType != "HTTP" {
		return cloudformation.Created{}, notSimulated("ProtocolType %s", p.ProtocolType)
	}
	a := &httpAPI{id: g.newID(), name: p.Name, deployments: map[string]definition{}, stages: map[string]*stage{}, draft: definition{}.clone()}
	g.apis[a.id] = a
	endpoint := "https://" + a.id + g.domain()
	return cloudformation.Created{
		Ref: a.id, Attributes: map[string]string{"ApiId": a.id, "ApiEndpoint": endpoint}, Extra: map[string]string{"Url": endpoint},
	}, nil
}

func (g *Gateway) newID() string { return g.world.Token(10, api.LowerAlphanumeric) }

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-authorizer.html
func (g *Gateway) createAuthorizer(_ cloudformation.Resource, p authorizerProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if p.AuthorizerType != "JWT" {
		return cloudformation.Created{}, notSimulated("AuthorizerType %s", p.AuthorizerType)
	}
	if p.JwtConfiguration == nil || p.JwtConfiguration.Issuer == "" || len(p.JwtConfiguration.Audience) == 0 {
		return cloudformation.Created{}, badRequest("JwtConfiguration with Issuer and Audience is required for a JWT authorizer")
	}
	source, ok := parseSource(p.IdentitySource)
	if !ok {
		return cloudformation.Created{}, notSimulated("IdentitySource %v: want one of $request.header.NAME and $request.querystring.NAME", p.IdentitySource)
	}
	made := authorizer{id: g.newID(), name: p.Name, source: source, issuer: p.JwtConfiguration.Issuer, audience: p.JwtConfiguration.Audience}
	a.draft.authorizers[made.id] = made
	return cloudformation.Created{Ref: made.id, Attributes: map[string]string{"AuthorizerId": made.id}}, nil
}

func (g *Gateway) createIntegration(_ cloudformation.Resource, p integrationProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if p.IntegrationType != "AWS_PROXY" || p.PayloadFormatVersion != "2.0" {
		return cloudformation.Created{}, notSimulated("IntegrationType %s with PayloadFormatVersion %q: want AWS_PROXY and 2.0", p.IntegrationType, p.PayloadFormatVersion)
	}
	id := g.newID()
	a.draft.integrations[id] = functionARN(p.IntegrationUri)
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"IntegrationId": id}}, nil
}

// functionARN takes a function's ARN as it is and in an invocation URI.
func functionARN(uri string) string {
	_, rest, ok := strings.Cut(uri, ":lambda:path/2015-03-31/functions/")
	if !ok {
		return uri
	}
	return strings.TrimSuffix(rest, "/invocations")
}

func (g *Gateway) createRoute(_ cloudformation.Resource, p routeProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	r := route{key: p.RouteKey, authorization: p.AuthorizationType, authorizer: p.AuthorizerId, scopes: p.AuthorizationScopes}
	if r.authorization == "" {
		r.authorization = "NONE"
	}
	if err := a.draft.checkRoute(r); err != nil {
		return cloudformation.Created{}, err
	}
	integration, ok := strings.CutPrefix(p.Target, "integrations/")
	if _, exists := a.draft.integrations[integration]; !ok || !exists {
		return cloudformation.Created{}, badRequest("Target %q: want integrations/ID of an integration of this API", p.Target)
	}
	r.integration = integration
	a.draft.routes[r.key] = r
	id := g.newID()
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"RouteId": id}}, nil
}

// checkRoute says what is wrong with a route's key and authorization.
func (d definition) checkRoute(r route) error {
	method, path, ok := strings.Cut(r.key, " ")
	if r.key != "$default" && (!ok || !strings.HasPrefix(path, "/") || method != strings.ToUpper(method)) {
		return badRequest("The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"")
	}
	if _, taken := d.routes[r.key]; taken {
		return awserr.WithStatus(409, "ConflictException", "Route with key %s already exists for this API", r.key)
	}
	switch r.authorization {
	case "NONE":
		// https://github.com/aws/aws-cdk/pull/27576
		if len(r.scopes) > 0 {
			return badRequest("Scopes are only applicable for authorization types COGNITO_USER_POOLS and JWT")
		}
		return nil
	case "JWT":
		if _, ok := d.authorizers[r.authorizer]; !ok {
			return badRequest("Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid authorizer.")
		}
		return nil
	}
	return notSimulated("AuthorizationType %s on a route", r.authorization)
}

func (g *Gateway) createDeployment(_ cloudformation.Resource, p deploymentProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	id := g.newID()
	a.deployments[id] = a.draft.clone()
	if p.StageName != "" {
		s, ok := a.stages[p.StageName]
		if !ok {
			return cloudformation.Created{}, awserr.WithStatus(404, "NotFoundException", "Invalid stage identifier specified")
		}
		s.deployment = id
	}
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"DeploymentId": id}}, nil
}

func (g *Gateway) createStage(_ cloudformation.Resource, p stageProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	a.stages[p.StageName] = &stage{name: p.StageName, autoDeploy: p.AutoDeploy, deployment: p.DeploymentId, variables: p.StageVariables}
	url := "https://" + a.id + g.domain()
	if p.StageName != defaultStage {
		url += "/" + p.StageName
	}
	return cloudformation.Created{Ref: p.StageName, Extra: map[string]string{"Url": url}}, nil
}
