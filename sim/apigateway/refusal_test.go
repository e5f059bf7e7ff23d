package apigateway

import (
	"testing"

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
