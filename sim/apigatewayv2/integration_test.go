package apigatewayv2

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
)

const (
	pageProxy   = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html"
	pageHTTP    = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html"
	pageRole    = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"
	pageMapping = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html"
)

func lambdaProxy(format string) map[string]string {
	return map[string]string{"integration": `IntegrationType: AWS_PROXY, IntegrationUri: "` + function + `", PayloadFormatVersion: "` + format + `"`}
}

func withRole(role string) map[string]string {
	parts := lambdaProxy("2.0")
	parts["integration"] += ", CredentialsArn: " + role
	return parts
}

func httpProxy(properties string) map[string]string {
	return map[string]string{"integration": `IntegrationType: HTTP_PROXY, IntegrationMethod: ANY, IntegrationUri: "https://backend.example.com/v1", ` + properties}
}

func integrationOutcomes() []outcome {
	function1, function2 := lambdaProxy("1.0"), lambdaProxy("2.0")
	answers := func(result any) func(*account) { return func(a *account) { a.functions[function] = returns(result) } }
	return []outcome{
		{name: "format 2.0: a response", source: pageProxy, api: function2, arrange: answers(map[string]any{"statusCode": 201, "body": "made"}), status: 201, body: "made"},
		{name: "format 2.0: anything else is the body", source: pageProxy, api: function2, arrange: answers(map[string]any{"a": 1}), status: 200, body: `{"a":1}`},
		{name: "format 1.0: a response", source: pageProxy, api: function1, arrange: answers(map[string]any{"statusCode": 201, "body": "made"}), status: 201, body: "made"},
		{name: "format 1.0: anything else", source: pageProxy, api: function1, arrange: answers(map[string]any{"a": 1}), status: 500, body: serverError, rule: RuleResult},
		{name: "an error", source: pageProxy, arrange: func(a *account) { a.functions[function] = throws("no") }, status: 500, body: serverError, rule: RuleFunctionError},
		{name: "no permission", source: pageProxy, arrange: func(a *account) { a.refused[function] = true }, status: 500, body: serverError, rule: RulePermission},
		{name: "a role that trusts API Gateway", source: pageRole, api: withRole(invoker), status: 200, body: "[]"},
		{name: "a role that does not", source: pageRole, api: withRole("arn:aws:iam::123456789012:role/other"), status: 500, body: serverError, rule: RuleCredentials},
		{name: "no answer in time", source: pageProxy, arrange: func(a *account) { a.late[function] = true },
			status: 503, body: `{"message":"Service Unavailable"}`, rule: RuleTimeout},
		{name: "another endpoint", source: pageHTTP, api: httpProxy(`PayloadFormatVersion: "1.0"`), status: 200, body: "from the back end"},
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func TestTheEventOfPayloadFormat1(t *testing.T) {
	a, got := outcome{api: lambdaProxy("1.0"), requests: []request{{method: "GET", path: "/tasks?a=1&a=2", headers: map[string]string{"X-Color": "green"}}}}.play(t)
	a.compareEvent(a.events[function], got, `{
		"version": "1.0", "resource": "/tasks", "path": "/tasks", "httpMethod": "GET",
		"headers": {"x-color": "green", "host": "API.execute-api.us-east-1.amazonaws.com", "x-forwarded-for": "203.0.113.9", "x-forwarded-port": "443", "x-forwarded-proto": "https"},
		"multiValueHeaders": {"x-color": ["green"], "host": ["API.execute-api.us-east-1.amazonaws.com"], "x-forwarded-for": ["203.0.113.9"], "x-forwarded-port": ["443"], "x-forwarded-proto": ["https"]},
		"queryStringParameters": {"a": "2"}, "multiValueQueryStringParameters": {"a": ["1", "2"]},
		"requestContext": {"accountId": "123456789012", "apiId": "API", "authorizer": {"claims": null, "scopes": null},
			"domainName": "API.execute-api.us-east-1.amazonaws.com", "domainPrefix": "API", "extendedRequestId": "ID", "httpMethod": "GET",
			"identity": {"accessKey": null, "accountId": null, "caller": null, "cognitoAuthenticationProvider": null, "cognitoAuthenticationType": null,
				"cognitoIdentityId": null, "cognitoIdentityPoolId": null, "principalOrgId": null, "sourceIp": "203.0.113.9", "user": null, "userAgent": null, "userArn": null},
			"path": "/tasks", "protocol": "HTTP/1.1", "requestId": "ID", "requestTime": "02/Mar/2026:09:00:00 +0000", "requestTimeEpoch": 1772442000000,
			"resourceId": null, "resourcePath": "/tasks", "stage": "$default"},
		"pathParameters": null, "stageVariables": null, "body": null, "isBase64Encoded": false}`)
}

func TestPayloadFormat2TakesCookiesOutOfTheHeaders(t *testing.T) {
	a, got := outcome{
		requests: []request{{method: "GET", path: "/tasks", headers: map[string]string{"Cookie": "a=1; b=2"}}},
		arrange: func(a *account) {
			a.functions[function] = returns(map[string]any{"statusCode": 200, "cookies": []any{"c=3", "d=4; Secure"}})
		},
	}.play(t)
	headers, _ := a.events[function]["headers"].(map[string]any)
	if diff := cmp.Diff([]any{"a=1", "b=2"}, a.events[function]["cookies"]); diff != "" || headers["cookie"] != nil {
		t.Errorf("%s: headers %v, cookies (-want +got):\n%s", pageProxy, headers, diff)
	}
	if diff := cmp.Diff([]string{"c=3", "d=4; Secure"}, got.Header["set-cookie"]); diff != "" {
		t.Errorf("%s: set-cookie (-want +got):\n%s", pageProxy, diff)
	}
}

func TestClaimsStandAtAnotherPlaceInPayloadFormat1(t *testing.T) {
	a := open(t, "tasks/read")
	d := a.gateway.apis[a.api].draft
	for id, i := range d.integrations {
		i.payload = "1.0"
		d.integrations[id] = i
	}
	a.get("/tasks", "Bearer "+token(t, nil, poolKey()))
	asked, _ := a.events[function]["requestContext"].(map[string]any)
	authorizer, _ := asked["authorizer"].(map[string]any)
	claims, _ := authorizer["claims"].(map[string]any)
	if claims["sub"] != "ana" {
		t.Errorf("%s: authorizer is %v", pageProxy, authorizer)
	}
	if diff := cmp.Diff([]any{"tasks/read"}, authorizer["scopes"]); diff != "" {
		t.Errorf("%s: scopes (-want +got):\n%s", pageProxy, diff)
	}
}

func TestAnHTTPIntegrationForwardsTheRequest(t *testing.T) {
	a := deployed(t, template(httpProxy(""))+`
  Any: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: "ANY /items/{proxy+}", Target: !Sub "integrations/${Items}"}}
  Items: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: ANY, IntegrationUri: "https://backend.example.com/{proxy}?v=1"}}
`)
	request := a.request("POST", "/items/7/parts?a=1", map[string]string{"X-Color": "green"})
	request.Body = "hello"
	if got := a.serve(request); got.Status != 200 || got.Body != "from the back end" || got.Header.Get("apigw-requestid") == "" {
		t.Errorf("%s: status %d, body %s", pageHTTP, got.Status, got.Body)
	}
	sent := a.forwarded
	if sent.Method != "POST" || sent.URL != "https://backend.example.com/7/parts?a=1&v=1" || sent.Body != "hello" || sent.Header.Get("x-color") != "green" {
		t.Errorf("%s: forwarded %s %s %q %v", pageHTTP, sent.Method, sent.URL, sent.Body, sent.Header)
	}
}

func TestARoleInvokesInPlaceOfAPIGateway(t *testing.T) {
	parts := custom(simple2 + ", AuthorizerCredentialsArn: " + invoker)
	parts["integration"] = withRole(invoker)["integration"]
	a, got := outcome{api: parts, arrange: answering(returns(map[string]any{"isAuthorized": true}))}.play(t)
	if got.Status != 200 || a.sources[checker] != "ASIAINVOKER" || a.sources[function] != "ASIAINVOKER" {
		t.Errorf("%s: status %d, invoked by %v", pageRole, got.Status, a.sources)
	}
}

func TestHTTPIntegrationsInACircleAreAnErrorOfTheirAuthor(t *testing.T) {
	a := deployed(t, template(map[string]string{
		"integration": `IntegrationType: HTTP_PROXY, IntegrationMethod: ANY, IntegrationUri: !Sub "https://${Api}.execute-api.us-east-1.amazonaws.com/tasks"`,
	}))
	_, err := a.gateway.serve(nil, a.request("GET", "/tasks", nil))
	if err == nil || !strings.Contains(err.Error(), "circle") {
		t.Errorf("the error is %v", err)
	}
}

func TestParametersAreMapped(t *testing.T) {
	parts := httpProxy(`RequestParameters: {
		"overwrite:header.x-user": $context.authorizer.user, "append:header.x-team": $stageVariables.team, "remove:header.x-secret": "''",
		"append:header.x-route": $context.routeKey, "overwrite:querystring.page": $request.header.x-page, "append:querystring.q": fixed,
		"overwrite:path": $request.path},
		ResponseParameters: {"200": {ResponseParameters: [{Destination: "overwrite:statuscode", Source: "202"}, {Destination: "append:header.x-kind", Source: $response.header.content-type}]}}`)
	parts["route"], parts["authorizer"] = "AuthorizationType: CUSTOM, AuthorizerId: !Ref Checker", simple2
	parts["stage"] = "StageVariables: {team: blue}"
	a, got := outcome{
		api: parts, arrange: answering(returns(map[string]any{"isAuthorized": true, "context": map[string]any{"user": "ana"}})),
		requests: []request{{method: "GET", path: "/tasks?page=1", headers: map[string]string{
			"X-User": "mallory", "X-Team": "red", "X-Secret": "s", "X-Page": "2",
		}}},
	}.play(t)
	want := map[string]string{"x-user": "ana", "x-team": "red,blue", "x-route": "GET /tasks", "x-page": "2"}
	if diff := cmp.Diff(want, a.forwarded.Header.Flat()); diff != "" {
		t.Errorf("%s: headers (-want +got):\n%s", pageMapping, diff)
	}
	if a.forwarded.URL != "https://backend.example.com/tasks?page=2&q=fixed" {
		t.Errorf("%s: URL %s", pageMapping, a.forwarded.URL)
	}
	if got.Status != 202 || got.Header.Get("x-kind") != "text/plain" {
		t.Errorf("%s: status %d, headers %v", pageMapping, got.Status, got.Header)
	}
}

func TestAClaimIsMappedToAHeader(t *testing.T) {
	a := open(t)
	d := a.gateway.apis[a.api].draft
	for id, i := range d.integrations {
		mappings, err := newRequestMappings(map[string]string{"append:header.x-sub": "$context.authorizer.claims.sub"})
		if err != nil {
			t.Fatal(err)
		}
		i.request = mappings
		d.integrations[id] = i
	}
	a.get("/tasks", "Bearer "+token(t, nil, poolKey()))
	headers, _ := a.events[function]["headers"].(map[string]any)
	if headers["x-sub"] != "ana" {
		t.Errorf("%s: headers are %v", pageMapping, headers)
	}
}

func TestRefusedIntegrationsAndAuthorizers(t *testing.T) {
	lambda := `IntegrationType: AWS_PROXY, PayloadFormatVersion: "2.0", IntegrationUri: "` + function + `"`
	for name, parts := range map[string]map[string]string{
		"an integration type of REST APIs":       {"integration": `IntegrationType: MOCK`},
		"a function without a format":            {"integration": `IntegrationType: AWS_PROXY, IntegrationUri: "` + function + `"`},
		"an HTTP integration with format 2.0":    httpProxy(`PayloadFormatVersion: "2.0"`),
		"an HTTP integration without a method":   {"integration": `IntegrationType: HTTP_PROXY, IntegrationUri: "https://backend.example.com"`},
		"an HTTP integration without a URL":      {"integration": `IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: backend`},
		"31 seconds to answer":                   {"integration": lambda + `, TimeoutInMillis: 31000`},
		"mapping the authorization header":       httpProxy(`RequestParameters: {"append:header.Authorization": x}`),
		"a mapping of nothing":                   httpProxy(`RequestParameters: {"append:path": x}`),
		"a mapping for no status":                httpProxy(`ResponseParameters: {ok: {ResponseParameters: []}}`),
		"a response mapping of the query":        httpProxy(`ResponseParameters: {"200": {ResponseParameters: [{Destination: "append:querystring.a", Source: x}]}}`),
		"an authorizer without a format":         custom(``),
		"simple responses with format 1.0":       custom(`AuthorizerPayloadFormatVersion: "1.0", EnableSimpleResponses: true`),
		"caching without an identity source":     custom(policy2 + `, AuthorizerResultTtlInSeconds: 300`),
		"a TTL of two hours":                     custom(policy2 + byHeader + `, AuthorizerResultTtlInSeconds: 7200`),
		"a Lambda authorizer on a JWT route":     {"route": "AuthorizationType: JWT, AuthorizerId: !Ref Checker"},
		"scopes on a route with another type":    {"route": "AuthorizationType: AWS_IAM, AuthorizationScopes: [a]"},
		"credentials together with every origin": {"api": `CorsConfiguration: {AllowOrigins: ["*"], AllowCredentials: true}`},
	} {
		t.Run(name, func(t *testing.T) {
			var refusal *awserr.Error
			if err := newAccount(t).deploy(template(parts)); !errors.As(err, &refusal) || refusal.Code != "BadRequestException" {
				t.Errorf("the error is %v", err)
			}
		})
	}
}
