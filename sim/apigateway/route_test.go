package apigateway

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace/tracetest"
)

const (
	pageDefinition = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html"
	pageQuickstart = "https://github.com/amazon-archives/aws-cognito-angular-quickstart/issues/50"
)

// openAPI is GET /tasks and ANY /tasks/{id}, open.
func openAPI(t testing.TB, attached any) *fixture {
	t.Helper()
	f := newFixture(t)
	f.define(attached)
	tasks := f.resource(f.root, "tasks")
	f.method(methodProperties{ResourceId: tasks})
	f.method(methodProperties{ResourceId: f.resource(tasks, "{id}"), HttpMethod: "ANY"})
	f.deploy()
	return f
}

type routeRow struct {
	name, source  string
	verb, url     string
	authorization string
	want          outcome
}

func routeRows() []routeRow {
	missing := outcome{status: 403, body: `{"message":"Missing Authentication Token"}`, errorType: "MissingAuthenticationTokenException", rule: RuleMethod}
	forbidden := outcome{status: 403, body: `{"message":"Forbidden"}`, errorType: "ForbiddenException", rule: RuleStage}
	incomplete := outcome{
		status: 403, errorType: "IncompleteSignatureException", rule: RuleMethod,
		body: `{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'aGFzaA=='."}`,
	}
	return []routeRow{
		{name: "a method", source: pageDefinition, verb: "GET", url: "/prod/tasks", want: passed()},
		{name: "a slash at the end", source: pageDefinition, verb: "GET", url: "/prod/tasks/", want: passed()},
		{name: "lower-case verb", source: pageDefinition, verb: "get", url: "/prod/tasks", want: passed()},
		{name: "ANY", source: pageDefinition, verb: "DELETE", url: "/prod/tasks/7", want: passed()},
		{name: "no such path", source: pageDefinition, verb: "GET", url: "/prod/nothing", want: missing},
		{name: "a path below a method", source: pageDefinition, verb: "GET", url: "/prod/tasks/7/8", want: missing},
		{name: "the stage alone", source: pageDefinition, verb: "GET", url: "/prod", want: missing},
		{name: "no such verb", source: pageDefinition, verb: "POST", url: "/prod/tasks", want: missing},
		{name: "no such path, with a Bearer token", source: pageQuickstart, verb: "GET", url: "/prod/nothing", authorization: "Bearer x", want: incomplete},
		{name: "no such verb, with a JWT", source: pageQuickstart, verb: "POST", url: "/prod/tasks", authorization: "eyJ.e.e", want: incomplete},
		{name: "no such path, signed", source: pageDefinition, verb: "GET", url: "/prod/nothing", authorization: signature + "ana", want: missing},
		{name: "no such stage", source: "https://github.com/OWASP/Serverless-Goat/issues/14", verb: "GET", url: "/dev/tasks", want: forbidden},
		{name: "no stage", source: "https://github.com/OWASP/Serverless-Goat/issues/14", verb: "GET", url: "/", want: forbidden},
		{name: "no such API", source: "https://github.com/OWASP/Serverless-Goat/issues/14", verb: "GET",
			url: "https://zzzzzzzzzz.execute-api.us-east-1.amazonaws.com/prod/tasks", want: forbidden},
		{name: "open method ignores Authorization", source: pageFlow, verb: "GET", url: "/prod/tasks", authorization: "nonsense", want: passed()},
	}
}

func (row routeRow) request() api.HTTPRequest {
	request := getRequest(row.authorization)
	request.Method, request.URL = row.verb, row.url
	return request
}

func TestRouting(t *testing.T) {
	for _, row := range routeRows() {
		t.Run(row.name, func(t *testing.T) {
			f := openAPI(t, nil)
			f.expect(f.send(row.request()), row.want)
		})
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
func TestMostSpecificResourceAnswers(t *testing.T) {
	f := newFixture(t)
	f.define(nil)
	items := f.resource(f.root, "items")
	item := f.resource(items, "{id}")
	for _, p := range []methodProperties{
		{ResourceId: f.root}, {ResourceId: items}, {ResourceId: item, HttpMethod: "ANY"},
		{ResourceId: f.resource(items, "new")},
		{ResourceId: f.resource(f.resource(item, "parts"), "{part+}")},
		{ResourceId: f.resource(f.root, "{proxy+}"), HttpMethod: "ANY"},
	} {
		f.method(p)
	}
	f.deploy()
	type seen struct {
		Resource   string
		Parameters any
	}
	rows := []struct {
		verb, url string
		want      seen
	}{
		{"GET", "/prod", seen{"/", nil}},
		{"GET", "/prod/items", seen{"/items", nil}},
		{"GET", "/prod/items/new", seen{"/items/new", nil}},
		{"GET", "/prod/items/a%20b", seen{"/items/{id}", map[string]any{"id": "a b"}}},
		{"GET", "/prod/items/7/parts/x/y", seen{"/items/{id}/parts/{part+}", map[string]any{"id": "7", "part": "x/y"}}},
		{"GET", "/prod/items/7/parts", seen{"/{proxy+}", map[string]any{"proxy": "items/7/parts"}}},
		{"PUT", "/prod/else/where", seen{"/{proxy+}", map[string]any{"proxy": "else/where"}}},
	}
	for _, row := range rows {
		t.Run(row.verb+" "+row.url, func(t *testing.T) {
			var got seen
			f.doors.functions[function] = func(event map[string]any) (any, string) {
				got = seen{event["resource"].(string), event["pathParameters"]}
				return answerOK(event)
			}
			request := getRequest("")
			request.Method, request.URL = row.verb, row.url
			f.expect(f.send(request), passed())
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
func TestChangeWithoutDeploymentHasNoEffect(t *testing.T) {
	f := openAPI(t, nil)
	f.method(methodProperties{ResourceId: f.resource(f.root, "late")})
	late := getRequest("")
	late.URL = "/prod/late"
	got := f.send(late)
	f.expect(got, outcome{status: 403, body: `{"message":"Missing Authentication Token"}`, errorType: "MissingAuthenticationTokenException", rule: RuleMethod})
	if check, _ := got.trace.Decider(1); check.Found != "defined, but not in deployment "+f.gateway.apis[f.api].stages["prod"].deployment.id {
		t.Errorf("found %q", check.Found)
	}
	f.deploy()
	f.expect(f.send(late), passed())
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func TestOpenMethodNeedsAnAllowInTheResourcePolicy(t *testing.T) {
	for attached, allowed := range map[string]bool{"Allow": true, "": false, "Deny": false} {
		t.Run(attached, func(t *testing.T) {
			f := openAPI(t, policy(attached, "execute-api:/*"))
			if got := f.get(""); (got.Status == 200) != allowed {
				t.Errorf("answered %d %s", got.Status, got.Body)
			}
		})
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
func TestDisabledEndpointIsForbidden(t *testing.T) {
	f := openAPI(t, nil)
	f.gateway.apis[f.api].draft.closed = true
	f.expect(f.get(""), passed())
	f.deploy()
	f.expect(f.get(""), outcome{status: 403, body: `{"message":"Forbidden"}`, errorType: "ForbiddenException", rule: RuleStage})
}

func TestSiteAnswersForAPIHostsOnly(t *testing.T) {
	hosts := New(newFixture(t).world, nil, nil, nil).Site().Hosts
	for host, want := range map[string]bool{
		"a1b2c3d4e5.execute-api.us-east-1.amazonaws.com":     true,
		"a1b2c3d4e5.execute-api.us-east-1.amazonaws.com:443": true,
		"A1B2C3D4E5.EXECUTE-API.us-east-1.amazonaws.com":     true,
		"a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com":     false,
		"a.b.execute-api.us-east-1.amazonaws.com":            false,
		".execute-api.us-east-1.amazonaws.com":               false,
		"cognito-idp.us-east-1.amazonaws.com":                false,
	} {
		if got := hosts(host); got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
}

func TestURLIsThatOfTheOnlyStage(t *testing.T) {
	f := openAPI(t, nil)
	if url, ok := f.gateway.URL(f.api); !ok || url != "https://"+f.api+".execute-api.us-east-1.amazonaws.com/prod" {
		t.Errorf("URL is %q, %v", url, ok)
	}
	a := f.gateway.apis[f.api]
	done(t)(f.gateway.createStage(cloudformation.Resource{}, stageProperties{RestApiId: f.api, StageName: "dev", DeploymentId: a.stages["prod"].deployment.id}))
	if url, ok := f.gateway.URL(f.api); ok {
		t.Errorf("two stages, and the URL is %q", url)
	}
	if url, ok := f.gateway.URL("nothing"); ok {
		t.Errorf("no such API, and the URL is %q", url)
	}
}

func TestStageVariablesAreFilledIn(t *testing.T) {
	s := &stage{variables: map[string]string{"fn": "tasks", "env": "dev"}}
	for text, want := range map[string]string{
		"plain": "plain",
		"${stageVariables.fn}-${stageVariables.env}": "tasks-dev",
		"a${stageVariables.none}b":                   "ab",
		"open ${stageVariables.fn":                   "open ${stageVariables.fn",
	} {
		if got := s.expand(text); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

type sizeRow struct {
	name string
	body int
	path int
	want outcome
}

func sizeRows() []sizeRow {
	large := outcome{status: 413, body: `{"message":"HTTP content length exceeded 10485760 bytes."}`, errorType: "RequestTooLargeException", rule: RuleSize}
	long := outcome{status: 414, body: `{"message":"Request URI too long"}`, errorType: "RequestUriTooLongException", rule: RuleSize}
	return []sizeRow{
		{name: "10 MB", body: maxBody, path: 1, want: passed()},
		{name: "a byte more", body: maxBody + 1, path: 1, want: large},
		{name: "a long path", path: 1500, want: passed()},
		{name: "a path that is too long", path: 1600, want: long},
	}
}

func (row sizeRow) send(t *testing.T, cover *tracetest.Coverage) {
	t.Helper()
	f := openAPI(t, nil)
	f.cover = cover
	f.expect(f.send(api.HTTPRequest{Method: "PUT", URL: "/prod/tasks/" + strings.Repeat("x", row.path), Body: strings.Repeat("b", row.body)}), row.want)
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
func TestSizeOfARequestIsLimited(t *testing.T) {
	for _, row := range sizeRows() {
		t.Run(row.name, func(t *testing.T) { row.send(t, nil) })
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
func TestChangedAuthorizationNeedsADeployment(t *testing.T) {
	f := openAPI(t, nil)
	a := f.gateway.apis[f.api]
	for key, m := range a.draft.methods {
		m.authorization = "AWS_IAM"
		a.draft.methods[key] = m
	}
	f.expect(f.get(""), passed())
	f.deploy()
	if got := f.get(""); got.Status != 403 {
		t.Errorf("answered %d", got.Status)
	}
}
