package apigateway

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asking is an API behind a REQUEST authorizer with the given identity sources.
func asking(t *testing.T, sources string, ttl *int) *fixture {
	t.Helper()
	return lambdaAPI(t, authorizerProperties{Type: "REQUEST", IdentitySource: sources, AuthorizerResultTtlInSeconds: ttl}, nil, answering("Allow"))
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
func TestRequestAuthorizerSeesTheRequestWithoutItsBody(t *testing.T) {
	f := asking(t, "method.request.header.Authorization", nil)
	var event map[string]any
	f.doors.functions[checker] = func(e map[string]any) (any, string) {
		event = e
		return answering("Allow")(e)
	}
	request := getRequest("secret")
	request.URL, request.Body = "/prod/tasks?view=all&view=mine", "a body"
	f.expect(f.send(request), passed())
	context, _ := event["requestContext"].(map[string]any)
	got := map[string]any{
		"type": event["type"], "methodArn": event["methodArn"], "path": event["path"], "httpMethod": event["httpMethod"],
		"query": event["queryStringParameters"], "multi": event["multiValueQueryStringParameters"], "stage": context["stage"],
		"resourcePath": context["resourcePath"], "identity": context["identity"], "body": event["body"], "authorizer": context["authorizer"],
	}
	want := map[string]any{
		"type": "REQUEST", "methodArn": "arn:aws:execute-api:us-east-1:123456789012:" + f.api + "/prod/GET/tasks", "path": "/tasks", "httpMethod": "GET",
		"query": map[string]any{"view": "mine"}, "multi": map[string]any{"view": []any{"all", "mine"}}, "stage": "prod",
		"resourcePath": "/tasks", "identity": map[string]any{"sourceIp": "203.0.113.9", "userAgent": nil}, "body": nil, "authorizer": nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
func TestRequestAuthorizerInsistsOnItsIdentitySourcesWhileItCaches(t *testing.T) {
	missing := unauthorizedOutcome(RuleLambdaIdentitySource)
	tests := map[string]struct {
		sources, url string
		ttl          *int
		want         outcome
	}{
		"all there":                   {"method.request.header.Authorization, method.request.querystring.user", "/prod/tasks?user=ana", nil, passed()},
		"the query parameter missing": {"method.request.header.Authorization,method.request.querystring.user", "/prod/tasks", nil, missing},
		"a query parameter's case":    {"method.request.querystring.User", "/prod/tasks?user=ana", nil, missing},
		"a header's case":             {"method.request.header.AUTHORIZATION", "/prod/tasks", nil, passed()},
		"a stage variable missing":    {"stageVariables.tenant", "/prod/tasks", nil, missing},
		"the context is always there": {"context.httpMethod,context.path", "/prod/tasks", nil, passed()},
		"none needed without a cache": {"method.request.querystring.user", "/prod/tasks", new(int), passed()},
		"none named, caching is off":  {"", "/prod/tasks", new(int), passed()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := asking(t, test.sources, test.ttl)
			request := getRequest("secret")
			request.URL = test.url
			f.expect(f.send(request), test.want)
			if asked := f.doors.asked(checker); (asked == 0) != (test.want.status == 401) {
				t.Errorf("the function was asked %d times", asked)
			}
		})
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
func TestRequestAuthorizerCachesByAllItsSourcesInOrder(t *testing.T) {
	f := asking(t, "method.request.header.Authorization,context.httpMethod", nil)
	f.expect(f.get("a"), passed())
	f.expect(f.get("a"), passed())
	if got := f.doors.asked(checker); got != 1 {
		t.Errorf("after two equal requests the function was asked %d times, want 1", got)
	}
	post := getRequest("a")
	post.Method = "POST"
	f.expect(f.send(post), passed())
	if got := f.doors.asked(checker); got != 2 {
		t.Errorf("after another method the function was asked %d times, want 2", got)
	}
}
