package apigateway

import (
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
)

// blocked is an API behind a Lambda authorizer whose stage prod is blocked.
func blocked(t *testing.T, custom *api.HTTPResponse) *fixture {
	t.Helper()
	f := lambdaAPI(t, authorizerProperties{}, policy("Deny", "execute-api:/*"), answering("Allow"))
	f.wall.blocked = "arn:aws:apigateway:us-east-1::/restapis/" + f.api + "/stages/prod"
	f.wall.custom = custom
	return f
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
func TestWebACLComesBeforeEverythingElse(t *testing.T) {
	f := blocked(t, nil)
	for _, path := range []string{"/prod/tasks", "/prod/nothing"} {
		request := getRequest("token")
		request.URL = path
		f.expect(f.send(request), outcome{status: 403, body: `{"message":"Forbidden"}`, errorType: "ForbiddenException"})
	}
	if len(f.doors.calls) > 0 {
		t.Errorf("the authorizer was asked: %v", f.doors.calls)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
func TestResponseOfAWebACLWinsOverAGatewayResponse(t *testing.T) {
	reshaped := gatewayResponseProperties{ResponseType: "WAF_FILTERED", StatusCode: "418", ResponseTemplates: jsonText("teapot")}
	f := blocked(t, nil)
	reshaped.RestApiId = f.api
	done(t)(f.gateway.createGatewayResponse(cloudformation.Resource{}, reshaped))
	f.deploy()
	if got := f.get("token"); got.Status != 418 || got.Body != "teapot" {
		t.Errorf("answered %d %s", got.Status, got.Body)
	}
	f.wall.custom = &api.HTTPResponse{Status: 429, Header: api.Header{"retry-after": {"60"}}, Body: "slow down"}
	if got := f.get("token"); got.Status != 429 || got.Body != "slow down" || got.Header.Get("retry-after") != "60" {
		t.Errorf("answered %d %s %v", got.Status, got.Body, got.Header)
	}
}
