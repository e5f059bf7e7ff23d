package apigatewayv2

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const pageLambda = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"

// custom is an API whose routes have the Lambda authorizer.
func custom(authorizer string) map[string]string {
	return map[string]string{"route": "AuthorizationType: CUSTOM, AuthorizerId: !Ref Checker", "authorizer": authorizer}
}

const (
	simple2  = `AuthorizerPayloadFormatVersion: "2.0", EnableSimpleResponses: true`
	policy2  = `AuthorizerPayloadFormatVersion: "2.0"`
	policy1  = `AuthorizerPayloadFormatVersion: "1.0"`
	byHeader = `, IdentitySource: [$request.header.Authorization]`
	cached   = byHeader + `, AuthorizerResultTtlInSeconds: 300`
)

func answering(h handler) func(*account) {
	return func(a *account) { a.functions[checker] = h }
}

// policyFor answers with one statement; a resource "*" is every route.
func policyFor(effect, resource string) map[string]any {
	return map[string]any{"principalId": "ana", "policyDocument": map[string]any{
		"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}},
	}}
}

// forThisRoute allows the route that it is asked about.
func forThisRoute(event map[string]any) (any, bool) {
	return policyFor("Allow", event["routeArn"].(string)), false
}

func tasks(method string, wait time.Duration) request {
	return request{method: method, path: "/tasks", headers: map[string]string{"Authorization": "let-me-in"}, wait: wait}
}

// lambdaOutcomes is the outcome table of Lambda authorizers.
func lambdaOutcomes() []outcome {
	yes, no := map[string]any{"isAuthorized": true}, map[string]any{"isAuthorized": false}
	row := func(name, authorizer string, h handler, o outcome) outcome {
		o.name, o.source, o.api, o.arrange = name, pageLambda, custom(authorizer), answering(h)
		return o
	}
	in := outcome{status: 200, body: "[]", invoked: 1}
	out := outcome{status: 403, body: forbidden, rule: RuleLambdaAnswer, invoked: 1}
	malformed := outcome{status: 500, body: serverError, rule: RuleLambdaOutput, invoked: 1}
	broken := outcome{status: 500, body: serverError, rule: RuleLambdaError, invoked: 1}
	unknown := outcome{status: 401, body: unauthorized, rule: RuleLambdaUnauthorized, invoked: 1}
	stranger := outcome{status: 401, body: unauthorized, rule: RuleLambdaIdentitySource, requests: []request{{method: "GET", path: "/tasks"}}}
	reserved := policyFor("Allow", "*")
	reserved["context"] = map[string]any{"claims": "x"}
	list := []outcome{
		row("simple response: yes", simple2, returns(yes), in),
		row("simple response: no", simple2, returns(no), out),
		row("simple response with payload 2.0 and no EnableSimpleResponses", policy2, returns(yes), malformed),
		row("policy where a simple response is set", simple2, returns(policyFor("Allow", "*")), malformed),
		row("policy: allow", policy2, returns(policyFor("Allow", "*")), in),
		row("policy: allow, payload 1.0", policy1, returns(policyFor("Allow", "*")), in),
		row("policy: explicit deny", policy2, returns(policyFor("Deny", "*")), out),
		row("policy: silent", policy2, returns(policyFor("Allow", "arn:aws:execute-api:us-east-1:123456789012:other/*")), out),
		row("no principalId", policy2, returns(map[string]any{"policyDocument": policyFor("Allow", "*")["policyDocument"]}), malformed),
		row("no policy", policy2, returns(map[string]any{"principalId": "ana"}), malformed),
		row("not a policy", policy2, returns(policyFor("Maybe", "*")), malformed),
		row("like an HTTP response", policy2, returns(map[string]any{"statusCode": 401, "body": "no"}), malformed),
		row("null", policy2, returns(nil), malformed),
		row("text", simple2, returns("yes"), malformed),
		row("the reserved key claims, payload 1.0", policy1, returns(reserved), malformed),
		row("the key claims, payload 2.0", policy2, returns(reserved), in),
		row("Unauthorized thrown", policy2, throws("Unauthorized"), unknown),
		row("Unauthorized returned", simple2, returns(map[string]any{"errorMessage": "Unauthorized"}), unknown),
		row("another error", policy2, throws("Invalid token"), broken),
		row("no identity", simple2+byHeader, returns(yes), stranger),
		row("no identity source is asked for", simple2, returns(yes), outcome{status: 200, body: "[]", invoked: 1, requests: []request{{method: "GET", path: "/tasks"}}}),
		row("header names have no case", simple2+`, IdentitySource: [$request.header.AUTHORIZATION]`, returns(yes), in),
		row("names of query parameters have", simple2+`, IdentitySource: [$request.querystring.Token]`, returns(yes),
			outcome{status: 401, body: unauthorized, rule: RuleLambdaIdentitySource, requests: []request{{method: "GET", path: "/tasks?token=x"}}}),
		row("cached", simple2+cached, returns(yes), outcome{status: 200, body: "[]", invoked: 1, requests: []request{tasks("GET", 0), tasks("GET", 299*time.Second)}}),
		row("cache expired", simple2+cached, returns(yes), outcome{status: 200, body: "[]", invoked: 2, requests: []request{tasks("GET", 0), tasks("GET", 300*time.Second)}}),
		row("not cached without a TTL", simple2+byHeader, returns(yes), outcome{status: 200, body: "[]", invoked: 2, requests: []request{tasks("GET", 0), tasks("GET", 0)}}),
		row("a cached simple response is for every route", simple2+cached, func(e map[string]any) (any, bool) {
			return map[string]any{"isAuthorized": e["routeKey"] == "GET /tasks"}, false
		}, outcome{status: 200, body: "[]", invoked: 1, requests: []request{tasks("GET", 0), tasks("POST", 0)}}),
		row("a cached policy is held against the other route", policy2+cached, forThisRoute,
			outcome{status: 403, body: forbidden, rule: RuleLambdaAnswer, invoked: 1, requests: []request{tasks("GET", 0), tasks("POST", 0)}}),
		row("the route key among the identity sources", policy2+`, IdentitySource: [$request.header.Authorization, $context.routeKey], AuthorizerResultTtlInSeconds: 300`, forThisRoute,
			outcome{status: 200, body: "[]", invoked: 2, requests: []request{tasks("GET", 0), tasks("POST", 0)}}),
		row("errors are not cached", simple2+cached, throws("Unauthorized"),
			outcome{status: 401, body: unauthorized, rule: RuleLambdaUnauthorized, invoked: 2, requests: []request{tasks("GET", 0), tasks("GET", 0)}}),
	}
	late := row("too late", simple2, nil, broken)
	late.arrange = func(a *account) { a.functions[checker], a.late[checker] = returns(yes), true }
	refused := row("no permission to invoke", simple2, nil, outcome{status: 500, body: serverError, rule: RuleLambdaPermission})
	refused.arrange = func(a *account) { a.functions[checker], a.refused[checker] = returns(yes), true }
	return append(list, late, refused)
}

// The values are those of AWS's examples where they depend on the request.
func TestAuthorizerEvents(t *testing.T) {
	const sources = `, IdentitySource: [$request.header.Authorization, $request.querystring.Name, $context.routeKey, $stageVariables.color]`
	ask := []request{{method: "GET", path: "/tasks?Name=ana&Name=ben", headers: map[string]string{"Authorization": "let-me-in", "Cookie": "a=1; b=2", "User-Agent": "curl"}}}
	for version, test := range map[string]struct{ authorizer, want string }{
		"2.0": {policy2, `{
			"version": "2.0", "type": "REQUEST", "routeArn": "arn:aws:execute-api:us-east-1:123456789012:API/$default/GET/tasks",
			"identitySource": ["let-me-in", "ana", "GET /tasks", "green"], "routeKey": "GET /tasks", "rawPath": "/tasks",
			"rawQueryString": "Name=ana&Name=ben", "cookies": ["a=1", "b=2"],
			"headers": {"authorization": "let-me-in", "user-agent": "curl", "host": "API.execute-api.us-east-1.amazonaws.com",
				"x-forwarded-for": "203.0.113.9", "x-forwarded-port": "443", "x-forwarded-proto": "https"},
			"queryStringParameters": {"Name": "ana,ben"},
			"requestContext": {"accountId": "123456789012", "apiId": "API", "domainName": "API.execute-api.us-east-1.amazonaws.com", "domainPrefix": "API",
				"http": {"method": "GET", "path": "/tasks", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.9", "userAgent": "curl"},
				"requestId": "ID", "routeKey": "GET /tasks", "stage": "$default", "time": "02/Mar/2026:09:00:00 +0000", "timeEpoch": 1772442000000},
			"stageVariables": {"color": "green"}}`},
		"1.0": {policy1, `{
			"version": "1.0", "type": "REQUEST", "methodArn": "arn:aws:execute-api:us-east-1:123456789012:API/$default/GET/tasks",
			"identitySource": "let-me-in,ana,GET /tasks,green", "authorizationToken": "let-me-in,ana,GET /tasks,green",
			"resource": "/tasks", "path": "/tasks", "httpMethod": "GET",
			"headers": {"authorization": "let-me-in", "cookie": "a=1; b=2", "user-agent": "curl", "host": "API.execute-api.us-east-1.amazonaws.com",
				"x-forwarded-for": "203.0.113.9", "x-forwarded-port": "443", "x-forwarded-proto": "https"},
			"queryStringParameters": {"Name": "ben"}, "pathParameters": {}, "stageVariables": {"color": "green"},
			"requestContext": {"path": "/tasks", "accountId": "123456789012", "resourceId": null, "stage": "$default", "requestId": "ID",
				"identity": {"sourceIp": "203.0.113.9"}, "resourcePath": "/tasks", "httpMethod": "GET", "apiId": "API"}}`},
	} {
		t.Run(version, func(t *testing.T) {
			parts := custom(test.authorizer + sources)
			parts["stage"] = "StageVariables: {color: green}"
			a, got := outcome{api: parts, arrange: answering(returns(policyFor("Allow", "*"))), requests: ask}.play(t)
			if got.Status != 200 {
				t.Fatalf("status %d by %q", got.Status, got.decider())
			}
			a.compareEvent(a.events[checker], got, test.want)
		})
	}
}

// compareEvent compares an event with JSON in which API and ID stand for the ids.
func (a *account) compareEvent(got map[string]any, r reply, want string) {
	a.t.Helper()
	want = strings.NewReplacer(`API`, a.api, `"ID"`, `"`+r.Header.Get("apigw-requestid")+`"`).Replace(want)
	tree := map[string]any{}
	if err := json.Unmarshal([]byte(want), &tree); err != nil {
		a.t.Fatal(err)
	}
	if diff := cmp.Diff(tree, got); diff != "" {
		a.t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestTheAuthorizerIsInvokedForItsOwnARN(t *testing.T) {
	a, _ := outcome{api: custom(simple2), arrange: answering(returns(map[string]any{"isAuthorized": true}))}.play(t)
	created, _ := a.stack.Resource("Checker")
	if want := "arn:aws:execute-api:us-east-1:123456789012:" + a.api + "/authorizers/" + created.Ref; a.sources[checker] != want {
		t.Errorf("the source is %s, want %s", a.sources[checker], want)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func TestTheContextOfAnAuthorizerReachesTheFunction(t *testing.T) {
	context := map[string]any{"plan": "gold", "seats": 3.0, "nested": map[string]any{"a": []any{true}}}
	withPolicy := policyFor("Allow", "*")
	withPolicy["context"] = context
	for name, test := range map[string]struct {
		authorizer, format string
		result             map[string]any
		want               any
	}{
		"format 2.0, simple":  {simple2, "2.0", map[string]any{"isAuthorized": true, "context": context}, map[string]any{"lambda": context}},
		"format 2.0, policy":  {policy2, "2.0", withPolicy, map[string]any{"lambda": context}},
		"format 2.0, nothing": {simple2, "2.0", map[string]any{"isAuthorized": true}, map[string]any{"lambda": nil}},
		"format 1.0, policy":  {policy1, "1.0", withPolicy, map[string]any{"principalId": "ana", "plan": "gold", "seats": 3.0, "nested": context["nested"]}},
		"format 1.0, simple":  {simple2, "1.0", map[string]any{"isAuthorized": true, "context": context}, context},
	} {
		t.Run(name, func(t *testing.T) {
			parts := custom(test.authorizer)
			parts["integration"] = `IntegrationType: AWS_PROXY, IntegrationUri: "` + function + `", PayloadFormatVersion: "` + test.format + `"`
			a, _ := outcome{api: parts, arrange: answering(returns(test.result))}.play(t)
			asked, _ := a.events[function]["requestContext"].(map[string]any)
			if diff := cmp.Diff(test.want, asked["authorizer"]); diff != "" {
				t.Errorf("authorizer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAStaleAnswerSaysHowOldItIs(t *testing.T) {
	o := outcome{api: custom(simple2 + cached), arrange: answering(returns(map[string]any{"isAuthorized": true})),
		requests: []request{tasks("GET", 0), tasks("GET", 2*time.Minute)}}
	if _, got := o.play(t); got.found(RuleLambdaCache) != "an answer 2m0s old, TTL 5m0s" {
		t.Errorf("found %q", got.found(RuleLambdaCache))
	}
}
