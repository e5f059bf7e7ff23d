package apigateway

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cloudformation"
)

func (f *fixture) gatewayResponse(p gatewayResponseProperties) {
	f.t.Helper()
	p.RestApiId = f.api
	done(f.t)(f.gateway.createGatewayResponse(cloudformation.Resource{}, p))
	f.deploy()
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
func TestGatewayResponseReshapesARefusal(t *testing.T) {
	f := cognitoAPI(t, authorizerProperties{}, nil, nil)
	f.gatewayResponse(gatewayResponseProperties{
		ResponseType: "UNAUTHORIZED", StatusCode: "418",
		ResponseParameters: map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
		ResponseTemplates:  map[string]string{"application/json": `{"why":$context.error.messageString,"type":"$context.error.responseType","stage":"$context.stage"}`},
	})
	got := f.get("")
	f.expect(got, outcome{
		status: 418, body: `{"why":"Unauthorized","type":"UNAUTHORIZED","stage":"prod"}`,
		errorType: "UnauthorizedException", rule: RuleCognitoIdentitySource,
	})
	if got.Header.Get("access-control-allow-origin") != "*" {
		t.Errorf("headers are %v", got.Header)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
func TestGatewayResponseIsFilledInWithTheRequest(t *testing.T) {
	f := cognitoAPI(t, authorizerProperties{}, nil, nil)
	f.gatewayResponse(gatewayResponseProperties{
		ResponseType: "UNAUTHORIZED",
		ResponseParameters: map[string]string{
			"gatewayresponse.header.Access-Control-Allow-Origin": "method.request.header.Origin", "gatewayresponse.header.X-Env": "stageVariables.env",
		},
		ResponseTemplates: jsonText(`$context.identity.sourceIp $stageVariables.env $method.request.querystring.q [$method.request.header.none]`),
	})
	f.gateway.apis[f.api].stages["prod"].variables = map[string]string{"env": "test"}
	request := getRequest("")
	request.URL += "?q=1"
	request.Header.Set("Origin", "https://shop.example.com")
	got := f.send(request)
	if got.Body != "203.0.113.9 test 1 []" || got.Header.Get("access-control-allow-origin") != "https://shop.example.com" || got.Header.Get("x-env") != "test" {
		t.Errorf("answered %s with %v", got.Body, got.Header)
	}
}

func TestDefault4XXReshapesTypesThatAreNotSet(t *testing.T) {
	f := cognitoAPI(t, authorizerProperties{}, nil, nil)
	f.gatewayResponse(gatewayResponseProperties{ResponseType: "DEFAULT_4XX", ResponseTemplates: map[string]string{"text/plain": "$context.error.message"}})
	f.expect(f.get(""), outcome{status: 401, body: "Unauthorized", errorType: "UnauthorizedException", rule: RuleCognitoIdentitySource})
	f.gatewayResponse(gatewayResponseProperties{ResponseType: "UNAUTHORIZED"})
	f.expect(f.get(""), unauthorizedOutcome(RuleCognitoIdentitySource))
}

func TestDefault5XXReshapesAFailedIntegration(t *testing.T) {
	f := openAPI(t, nil)
	f.doors.functions[function] = throwing("boom")
	f.gatewayResponse(gatewayResponseProperties{ResponseType: "DEFAULT_5XX", StatusCode: "503"})
	f.expect(f.get(""), outcome{status: 503, body: `{"message": "Internal server error"}`, errorType: "InternalServerErrorException", rule: RuleIntegrationError})
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-gateway-response-using-the-console.html
func TestGatewayResponseNeedsADeployment(t *testing.T) {
	f := cognitoAPI(t, authorizerProperties{}, nil, nil)
	done(t)(f.gateway.createGatewayResponse(cloudformation.Resource{}, gatewayResponseProperties{RestApiId: f.api, ResponseType: "UNAUTHORIZED", StatusCode: "418"}))
	f.expect(f.get(""), unauthorizedOutcome(RuleCognitoIdentitySource))
}

func TestQuoteLeavesMarkupAsItIs(t *testing.T) {
	if got := quote(`<a> & "b"`); got != `"<a> & \"b\""` {
		t.Errorf("quoted as %s", got)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
func TestStatusOfEachGatewayResponseType(t *testing.T) {
	want := map[responseType]int{
		"ACCESS_DENIED": 403, "API_CONFIGURATION_ERROR": 500, "AUTHORIZER_CONFIGURATION_ERROR": 500, "AUTHORIZER_FAILURE": 500,
		"BAD_REQUEST_BODY": 400, "BAD_REQUEST_PARAMETERS": 400, "DEFAULT_4XX": 0, "DEFAULT_5XX": 0, "EXPIRED_TOKEN": 403,
		"INTEGRATION_FAILURE": 504, "INTEGRATION_TIMEOUT": 504, "INVALID_API_KEY": 403, "INVALID_SIGNATURE": 403,
		"MISSING_AUTHENTICATION_TOKEN": 403, "QUOTA_EXCEEDED": 429, "REQUEST_TOO_LARGE": 413, "RESOURCE_NOT_FOUND": 404,
		"THROTTLED": 429, "UNAUTHORIZED": 401, "UNSUPPORTED_MEDIA_TYPE": 415, "WAF_FILTERED": 403,
	}
	if diff := cmp.Diff(want, defaultStatus()); diff != "" {
		t.Error(diff)
	}
}

// A browser cannot read a refusal without CORS headers, and reports a CORS error:
// https://github.com/serverless/serverless/issues/3191
func TestRefusalsHaveCORSHeadersOnlyFromAGatewayResponse(t *testing.T) {
	f := cognitoAPI(t, authorizerProperties{}, nil, nil)
	if got := f.get(""); got.Status != 401 || got.Header.Has("access-control-allow-origin") {
		t.Errorf("answered %d with %v", got.Status, got.Header)
	}
	f.gatewayResponse(gatewayResponseProperties{
		ResponseType: "DEFAULT_4XX", ResponseParameters: map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
	})
	if got := f.get(""); got.Status != 401 || got.Header.Get("access-control-allow-origin") != "*" {
		t.Errorf("answered %d with %v", got.Status, got.Header)
	}
}

// Browsers send preflight requests without a token:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
func TestAuthorizerOnOptionsRefusesThePreflight(t *testing.T) {
	f := newFixture(t)
	f.define(nil)
	id := f.authorizer(authorizerProperties{Type: "COGNITO_USER_POOLS", ProviderARNs: []string{poolARN}})
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks"), HttpMethod: "ANY", AuthorizationType: "COGNITO_USER_POOLS", AuthorizerId: id})
	f.deploy()
	preflight := getRequest("")
	preflight.Method = "OPTIONS"
	f.expect(f.send(preflight), unauthorizedOutcome(RuleCognitoIdentitySource))
}
