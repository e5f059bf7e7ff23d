package apigatewayv2

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const pageCORS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html"

const shopCORS = `CorsConfiguration: {AllowOrigins: ["https://shop.example.com"], AllowMethods: [GET, POST], AllowHeaders: [authorization], ExposeHeaders: [date], MaxAge: 300}`

// browser is a preflight request of a page, for GET with an Authorization header.
func browser(origin string) []request {
	return []request{{method: "OPTIONS", path: "/tasks", headers: map[string]string{
		"Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization",
	}}}
}

func corsOutcomes() []outcome {
	const takesOptions = `ApiId: !Ref Api, Target: !Sub "integrations/${Backend}", RouteKey: `
	with := func(routeKey string) map[string]string {
		// The route POST /tasks becomes one that takes OPTIONS.
		return map[string]string{"api": shopCORS, "route": "AuthorizationType: CUSTOM, AuthorizerId: !Ref Checker", "authorizer": simple2 + byHeader,
			"stage": "}}\n  Other: {Type: AWS::ApiGatewayV2::Route, Properties: {" + takesOptions + routeKey}
	}
	shop := browser("https://shop.example.com")
	guarded := custom(simple2 + byHeader)
	guarded["api"] = shopCORS
	return []outcome{
		{name: "a preflight request that no route takes", source: pageCORS, api: guarded, requests: shop, status: 204},
		{name: "a preflight request of another origin", source: pageCORS, api: guarded, requests: browser("https://evil.example.com"), status: 204},
		{name: "a preflight request without a CORS configuration", source: pageCORS, api: custom(simple2 + byHeader), requests: shop,
			status: 404, body: `{"message":"Not Found"}`, rule: RuleRoute},
		{name: "OPTIONS without an origin is no preflight request", source: pageCORS, api: guarded, requests: []request{{method: "OPTIONS", path: "/tasks"}},
			status: 404, body: `{"message":"Not Found"}`, rule: RuleRoute},
		{name: "an open OPTIONS route", source: pageCORS, api: with(`"OPTIONS /{proxy+}"`), requests: shop, status: 204},
		{name: "a guarded $default route takes OPTIONS", source: pageCORS, api: with(`$default, AuthorizationType: CUSTOM, AuthorizerId: !Ref Checker`), requests: shop,
			status: 401, body: unauthorized, rule: RuleLambdaIdentitySource},
		{name: "a guarded ANY route takes OPTIONS", source: "https://github.com/anomalyco/sst/issues/5493", api: with(`"ANY /{proxy+}", AuthorizationType: CUSTOM, AuthorizerId: !Ref Checker`), requests: shop,
			status: 401, body: unauthorized, rule: RuleLambdaIdentitySource},
	}
}

func TestAPreflightRequestIsToldTheConfiguration(t *testing.T) {
	for name, test := range map[string]struct {
		cors, origin string
		want         map[string]string
	}{
		"an allowed origin": {shopCORS, "https://shop.example.com", map[string]string{
			"access-control-allow-origin": "https://shop.example.com", "access-control-allow-methods": "GET,POST",
			"access-control-allow-headers": "authorization", "access-control-max-age": "300",
		}},
		"another origin": {shopCORS, "https://evil.example.com", map[string]string{}},
		"any origin": {`CorsConfiguration: {AllowOrigins: ["*"], AllowMethods: ["*"]}`, "https://shop.example.com", map[string]string{
			"access-control-allow-origin": "*", "access-control-allow-methods": "*",
		}},
		"any origin with https": {`CorsConfiguration: {AllowOrigins: ["https://*"]}`, "https://shop.example.com", map[string]string{
			"access-control-allow-origin": "https://shop.example.com",
		}},
		"with credentials": {`CorsConfiguration: {AllowOrigins: ["http://*"], AllowCredentials: true}`, "http://localhost:3000", map[string]string{
			"access-control-allow-origin": "http://localhost:3000", "access-control-allow-credentials": "true",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			a, got := outcome{api: map[string]string{"api": test.cors}, requests: browser(test.origin)}.play(t)
			header := got.Header.Flat()
			delete(header, "apigw-requestid")
			if diff := cmp.Diff(test.want, header); diff != "" || got.Status != 204 {
				t.Errorf("%s: status %d, headers (-want +got):\n%s", pageCORS, got.Status, diff)
			}
			if a.invoked[function] != 0 {
				t.Error("the integration was asked")
			}
		})
	}
}

func TestTheConfigurationReplacesTheCORSHeadersOfTheBackEnd(t *testing.T) {
	answer := returns(map[string]any{"statusCode": 200, "headers": map[string]any{"Access-Control-Allow-Origin": "*", "x-kept": "yes"}})
	for name, test := range map[string]struct {
		api, origin, want string
	}{
		"with a configuration":    {shopCORS, "https://shop.example.com", "https://shop.example.com"},
		"another origin":          {shopCORS, "https://evil.example.com", ""},
		"no origin":               {shopCORS, "", ""},
		"without a configuration": {"", "https://shop.example.com", "*"},
	} {
		t.Run(name, func(t *testing.T) {
			headers := map[string]string{}
			if test.origin != "" {
				headers["Origin"] = test.origin
			}
			_, got := outcome{
				api: map[string]string{"api": test.api}, arrange: func(a *account) { a.functions[function] = answer },
				requests: []request{{method: "GET", path: "/tasks", headers: headers}},
			}.play(t)
			if origin := got.Header.Get("access-control-allow-origin"); origin != test.want || got.Header.Get("x-kept") != "yes" {
				t.Errorf("%s: allow-origin is %q, want %q; headers %v", pageCORS, origin, test.want, got.Header)
			}
		})
	}
}
