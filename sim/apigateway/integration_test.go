package apigateway

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/trace/tracetest"
)

const pageProxy = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html"

type proxyRow struct {
	name, source string
	run          handler
	refused      string
	verb         string
	want         outcome
}

func proxyRows() []proxyRow {
	bad := outcome{status: 502, body: `{"message": "Internal server error"}`, errorType: "InternalServerErrorException", rule: RuleIntegrationOutput}
	return []proxyRow{
		{name: "a response", source: pageProxy, run: answerOK, want: passed()},
		{name: "a status in text", source: pageProxy, run: returning(map[string]any{"statusCode": "404", "body": "no"}), want: outcome{status: 404, body: "no"}},
		{name: "no body", source: pageProxy, run: returning(map[string]any{"statusCode": 204}), want: outcome{status: 204}},
		{name: "text", source: pageProxy, run: returning("hello"), want: bad},
		{name: "null", source: pageProxy, run: returning(nil), want: bad},
		{name: "body is an object", source: pageProxy, run: returning(map[string]any{"statusCode": 200, "body": map[string]any{}}), want: bad},
		{name: "no status", source: pageProxy, run: returning(map[string]any{"body": "x"}), want: bad},
		{name: "a status that is none", source: pageProxy, run: returning(map[string]any{"statusCode": 2}), want: bad},
		{name: "multiValueHeaders without a list", source: pageProxy,
			run: returning(map[string]any{"statusCode": 200, "multiValueHeaders": map[string]any{"a": "b"}}), want: bad},
		{name: "an error", source: pageProxy, run: throwing("boom"),
			want: outcome{status: 502, body: bad.body, errorType: bad.errorType, rule: RuleIntegrationError}},
		{name: "no permission", source: "https://repost.aws/knowledge-center/api-gateway-rest-api-lambda-integrations", run: answerOK, refused: "AccessDeniedException",
			want: outcome{status: 500, body: bad.body, errorType: bad.errorType, rule: RuleIntegrationPermission}},
		{name: "invoked with GET", source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apitgateway-method-integration.html",
			run: answerOK, verb: "GET", want: outcome{status: 500, body: bad.body, errorType: bad.errorType, rule: RuleIntegrationVerb}},
	}
}

func (row proxyRow) send(t *testing.T, cover *tracetest.Coverage) {
	f := newFixture(t)
	f.cover = cover
	f.define(nil)
	f.doors.functions[function] = row.run
	if row.refused != "" {
		f.doors.refused[function] = row.refused
	}
	verb := "POST"
	if row.verb != "" {
		verb = row.verb
	}
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks"), Integration: &integrationProperties{
		Type: "AWS_PROXY", IntegrationHttpMethod: verb, Uri: functionURI(function),
	}})
	f.deploy()
	f.expect(f.get(""), row.want)
}

func TestProxyIntegrationOutcomes(t *testing.T) {
	for _, row := range proxyRows() {
		t.Run(row.name, func(t *testing.T) { row.send(t, nil) })
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func TestProxyEvent(t *testing.T) {
	f := openAPI(t, nil)
	f.gateway.apis[f.api].stages["prod"].variables = map[string]string{"env": "test"}
	var event map[string]any
	f.doors.functions[function] = func(e map[string]any) (any, string) {
		event = e
		return answerOK(e)
	}
	request := api.HTTPRequest{
		From: sender, Method: "POST", URL: "/prod/tasks/7?tag=a&tag=b&q=x%20y", Body: `{"a":1}`, SourceIP: "203.0.113.9",
		Header: api.Header{"authorization": {"Bearer x"}, "content-type": {"application/json"}, "user-agent": {"curl/8"}},
	}
	got := f.send(request)
	f.expect(got, passed())
	host := f.api + ".execute-api.us-east-1.amazonaws.com"
	a := f.gateway.apis[f.api]
	want := map[string]any{
		"resource": "/tasks/{id}", "path": "/tasks/7", "httpMethod": "POST", "body": `{"a":1}`, "isBase64Encoded": false,
		"headers": map[string]any{"Authorization": "Bearer x", "Content-Type": "application/json", "User-Agent": "curl/8", "Host": host,
			"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https"},
		"multiValueHeaders": map[string]any{"Authorization": []any{"Bearer x"}, "Content-Type": []any{"application/json"}, "User-Agent": []any{"curl/8"},
			"Host": []any{host}, "X-Forwarded-For": []any{"203.0.113.9"}, "X-Forwarded-Port": []any{"443"}, "X-Forwarded-Proto": []any{"https"}},
		"queryStringParameters":           map[string]any{"tag": "b", "q": "x y"},
		"multiValueQueryStringParameters": map[string]any{"tag": []any{"a", "b"}, "q": []any{"x y"}},
		"pathParameters":                  map[string]any{"id": "7"},
		"stageVariables":                  map[string]any{"env": "test"},
		"requestContext": map[string]any{
			"resourceId": a.resourceID("/tasks/{id}"), "authorizer": map[string]any{"claims": nil, "scopes": nil}, "resourcePath": "/tasks/{id}",
			"httpMethod": "POST", "extendedRequestId": got.Header.Get("x-amz-apigw-id"), "requestTime": "02/Mar/2026:09:00:00 +0000",
			"path": "/prod/tasks/7", "accountId": "123456789012", "protocol": "HTTP/1.1", "stage": "prod", "domainPrefix": f.api,
			"requestTimeEpoch": float64(1772442000000), "requestId": got.Header.Get("x-amzn-requestid"), "domainName": host,
			"deploymentId": a.stages["prod"].deployment.id, "apiId": f.api,
			"identity": map[string]any{
				"cognitoIdentityPoolId": nil, "accountId": nil, "cognitoIdentityId": nil, "caller": nil, "sourceIp": "203.0.113.9",
				"principalOrgId": nil, "accessKey": nil, "cognitoAuthenticationType": nil, "cognitoAuthenticationProvider": nil,
				"userArn": nil, "userAgent": "curl/8", "user": nil,
			},
		},
	}
	if diff := cmp.Diff(want, event); diff != "" {
		t.Error(diff)
	}
	source := "arn:aws:execute-api:us-east-1:123456789012:" + f.api + "/prod/POST/tasks/7"
	if got := f.doors.calls[0].Caller; got.SourceARN != source || got.Service != "apigateway.amazonaws.com" {
		t.Errorf("called as %+v", got)
	}
}

func (a *restAPI) resourceID(path string) string {
	for id, r := range a.draft.resources {
		if r.path == path {
			return id
		}
	}
	return ""
}

func TestEmptyPartsOfAProxyEventAreNull(t *testing.T) {
	f := openAPI(t, nil)
	var event map[string]any
	f.doors.functions[function] = func(e map[string]any) (any, string) {
		event = e
		return answerOK(e)
	}
	f.expect(f.get(""), passed())
	for _, name := range []string{"queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body"} {
		if value, ok := event[name]; !ok || value != nil {
			t.Errorf("%s is %v", name, value)
		}
	}
}

func TestHeadersOfAProxyResponse(t *testing.T) {
	f := openAPI(t, nil)
	f.doors.functions[function] = returning(map[string]any{
		"statusCode": 201, "headers": map[string]any{"Content-Type": "text/plain", "X-Count": 2, "Set-Cookie": "lost"},
		"multiValueHeaders": map[string]any{"Set-Cookie": []any{"a=1", "b=2"}}, "body": "made",
	})
	got := f.get("")
	want := api.Header{
		"content-type": {"text/plain"}, "x-count": {"2"}, "set-cookie": {"a=1", "b=2"},
		"x-amzn-requestid": got.Header["x-amzn-requestid"], "x-amz-apigw-id": got.Header["x-amz-apigw-id"],
	}
	if diff := cmp.Diff(want, got.Header); diff != "" || got.Status != 201 || got.Body != "made" {
		t.Errorf("%d %s %s", got.Status, got.Body, diff)
	}
}

func mockAPI(t *testing.T, template string, answers []integrationResponse, declared []methodResponse) *fixture {
	t.Helper()
	f := newFixture(t)
	f.define(nil)
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks"), MethodResponses: declared, Integration: &integrationProperties{
		Type: "MOCK", RequestTemplates: map[string]string{"application/json": template}, IntegrationResponses: answers,
	}})
	f.deploy()
	return f
}

type mockRow struct {
	name, template string
	want           outcome
}

func mockRows() []mockRow {
	broken := outcome{status: 500, body: `{"message": "Internal server error"}`, errorType: "InternalServerErrorException", rule: RuleMockResponse}
	return []mockRow{
		{name: "default response", template: `{"statusCode": 200}`, want: outcome{status: 200, body: "fine"}},
		{name: "matching pattern", template: `{"statusCode": 503}`, want: outcome{status: 503, body: "later"}},
		{name: "no status", template: `{}`, want: broken},
		{name: "no template", want: broken},
	}
}

func (row mockRow) send(t *testing.T, cover *tracetest.Coverage) {
	text := func(s string) map[string]string { return map[string]string{"application/json": s} }
	f := mockAPI(t, row.template, []integrationResponse{
		{StatusCode: "200", ResponseTemplates: text("fine"), ResponseParameters: map[string]string{"method.response.header.Access-Control-Allow-Origin": "'*'"}},
		{StatusCode: "503", SelectionPattern: "5\\d\\d", ResponseTemplates: text("later")},
	}, []methodResponse{
		{StatusCode: "200", ResponseParameters: map[string]bool{"method.response.header.Access-Control-Allow-Origin": false}}, {StatusCode: "503"},
	})
	f.cover = cover
	got := f.get("")
	f.expect(got, row.want)
	if row.want.status == 200 && got.Header.Get("access-control-allow-origin") != "*" {
		t.Errorf("headers are %v", got.Header)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
func TestMockIntegrationOutcomes(t *testing.T) {
	for _, row := range mockRows() {
		t.Run(row.name, func(t *testing.T) { row.send(t, nil) })
	}
}
