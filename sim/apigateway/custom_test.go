package apigateway

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace/tracetest"
)

const (
	pagePassthrough = "https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html"
	pageErrors      = "https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html"
	pageVariables   = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html"
	pageLimits      = "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"
	pageRole        = "https://repost.aws/knowledge-center/api-gateway-rest-api-lambda-integrations"
	invokerRole     = "arn:aws:iam::123456789012:role/invoker"
	tableURI        = "arn:aws:apigateway:us-east-1:dynamodb:action/GetItem"
	ordersURL       = "https://orders.example.com/orders"
)

// jsonText is a template for application/json.
func jsonText(text string) map[string]string { return map[string]string{"application/json": text} }

// customAPI is ANY /tasks/{id}, open, with one integration.
func customAPI(t *testing.T, p methodProperties) *fixture {
	t.Helper()
	f := newFixture(t)
	f.define(nil)
	p.ResourceId, p.HttpMethod = f.resource(f.resource(f.root, "tasks"), "{id}"), "ANY"
	f.method(p)
	f.deploy()
	return f
}

// lambdaMethod is a method with a Lambda integration that is no proxy: 200 by
// default, 404 for an error that says "not found".
func lambdaMethod(change func(*integrationProperties)) methodProperties {
	i := &integrationProperties{
		Type: "AWS", IntegrationHttpMethod: "POST", Uri: functionURI(function), RequestTemplates: jsonText(`{"id": "$input.params('id')"}`),
		IntegrationResponses: []integrationResponse{
			{StatusCode: "404", SelectionPattern: ".*not found.*", ResponseTemplates: jsonText(`{"error": "$input.path('$.errorMessage')"}`)},
			{StatusCode: "200"},
		},
	}
	if change != nil {
		change(i)
	}
	return methodProperties{Integration: i, MethodResponses: []methodResponse{{StatusCode: "200"}, {StatusCode: "404"}}}
}

type customRow struct {
	name, source string
	method       methodProperties
	run          handler
	set          func(d *fakeDoors)
	header       api.Header
	body         string
	want         outcome
}

func customRows() []customRow {
	echo := handler(func(event map[string]any) (any, string) { return event, "" })
	xml := api.Header{"content-type": {"application/xml"}}
	html := api.Header{"content-type": {"application/json; charset=utf-8"}}
	unsupported := outcome{status: 415, body: `{"message":"Unsupported Media Type"}`, errorType: "BadRequestException", rule: RulePassthrough}
	broken := outcome{status: 500, body: `{"message": "Internal server error"}`, errorType: "InternalServerErrorException", rule: RuleIntegrationResponse}
	behaviour := func(b string) methodProperties {
		return lambdaMethod(func(i *integrationProperties) { i.PassthroughBehavior = b })
	}
	bare := func(b string) methodProperties {
		return lambdaMethod(func(i *integrationProperties) { i.PassthroughBehavior, i.RequestTemplates = b, nil })
	}
	return []customRow{
		{name: "template", source: pageVariables, method: lambdaMethod(nil), run: echo, want: outcome{status: 200, body: `{"id":"7"}`}},
		{name: "the function throws and no pattern matches", source: pageErrors, method: lambdaMethod(nil), run: throwing("boom"),
			want: outcome{status: 200, body: `{"errorMessage":"boom","errorType":"Error"}`}},
		{name: "the function throws and a pattern matches", source: pageErrors, method: lambdaMethod(nil), run: throwing("task not found"),
			want: outcome{status: 404, body: `{"error": "task not found"}`}},
		{name: "no default response", source: pageSupported, run: echo, want: broken,
			method: lambdaMethod(func(i *integrationProperties) { i.IntegrationResponses = i.IntegrationResponses[:1] })},
		{name: "a template that makes no JSON", source: "https://github.com/serverless/serverless/issues/2270", run: echo,
			method: lambdaMethod(func(i *integrationProperties) { i.RequestTemplates = jsonText(`{"id": $input.params('none')}`) }),
			want: outcome{status: 400, errorType: "InvalidRequestContentException", rule: RuleTemplateJSON,
				body: `{"message":"Could not parse request body into json: invalid character '}' looking for beginning of value"}`}},
		{name: "no permission", source: pageRole, method: lambdaMethod(nil), run: echo,
			set:  func(d *fakeDoors) { d.refused[function] = "AccessDeniedException" },
			want: outcome{status: 500, body: broken.body, errorType: broken.errorType, rule: RuleIntegrationPermission}},
		{name: "too late", source: pageLimits, method: lambdaMethod(nil), run: echo, set: func(d *fakeDoors) { d.late = map[string]bool{function: true} },
			want: outcome{status: 504, body: `{"message": "Endpoint request timed out"}`, errorType: broken.errorType, rule: RuleIntegrationTimeout}},
		{name: "a role", source: pageRole, run: echo, want: outcome{status: 200, body: `{"id":"7"}`},
			method: lambdaMethod(func(i *integrationProperties) { i.Credentials = invokerRole })},
		{name: "a role that does not trust API Gateway", source: pageRole, run: echo,
			method: lambdaMethod(func(i *integrationProperties) { i.Credentials = invokerRole }),
			set:    func(d *fakeDoors) { d.untrusting = map[string]bool{invokerRole: true} },
			want:   outcome{status: 500, body: broken.body, errorType: broken.errorType, rule: RuleCredentials}},

		{name: "JSON, a template", source: pagePassthrough, method: behaviour("NEVER"), run: echo, header: html, want: outcome{status: 200, body: `{"id":"7"}`}},
		{name: "no content type is JSON", source: pagePassthrough, method: behaviour("NEVER"), run: echo, want: outcome{status: 200, body: `{"id":"7"}`}},
		{name: "XML, WHEN_NO_MATCH", source: pagePassthrough, method: behaviour(""), run: echo, header: xml, body: `"<a/>"`, want: outcome{status: 200, body: `null`}},
		{name: "XML, WHEN_NO_TEMPLATES", source: pagePassthrough, method: behaviour("WHEN_NO_TEMPLATES"), run: echo, header: xml, want: unsupported},
		{name: "XML, NEVER", source: pagePassthrough, method: behaviour("NEVER"), run: echo, header: xml, want: unsupported},
		{name: "no templates, WHEN_NO_TEMPLATES", source: pagePassthrough, method: bare("WHEN_NO_TEMPLATES"), run: echo, body: `{"a":1}`,
			want: outcome{status: 200, body: `{"a":1}`}},
		{name: "no templates, NEVER", source: pagePassthrough, method: bare("NEVER"), run: echo, want: unsupported},
	}
}

func (row customRow) send(t *testing.T, cover *tracetest.Coverage) {
	t.Helper()
	f := customAPI(t, row.method)
	f.cover = cover
	f.doors.functions[function] = row.run
	if row.name == "XML, WHEN_NO_MATCH" {
		// The harness's handlers take objects only.
		f.doors.actions = map[string]func(map[string]any) (map[string]any, error){
			"lambda:Invoke": func(input map[string]any) (map[string]any, error) {
				if input["Payload"] != row.body {
					t.Errorf("the function is invoked with %v", input["Payload"])
				}
				return map[string]any{"Payload": "null"}, nil
			}}
	}
	if row.set != nil {
		row.set(f.doors)
	}
	f.expect(f.send(api.HTTPRequest{Method: "POST", URL: "/prod/tasks/7", Header: row.header, Body: row.body}), row.want)
}

func TestLambdaIntegrationOutcomes(t *testing.T) {
	for _, row := range customRows() {
		t.Run(row.name, func(t *testing.T) { row.send(t, nil) })
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-integration-async.html
func TestEventHeaderMakesTheInvocationAsynchronous(t *testing.T) {
	f := customAPI(t, lambdaMethod(func(i *integrationProperties) {
		i.RequestParameters = map[string]string{"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
	}))
	f.send(api.HTTPRequest{Method: "POST", URL: "/prod/tasks/7"})
	if got := f.doors.calls[0].Input["InvocationType"]; got != "Event" {
		t.Errorf("invoked as %v", got)
	}
}

func TestRoleInvokesTheFunctionInAPIGatewaysPlace(t *testing.T) {
	f := customAPI(t, lambdaMethod(func(i *integrationProperties) { i.Credentials = invokerRole }))
	f.send(api.HTTPRequest{Method: "GET", URL: "/prod/tasks/7"})
	assumed, invoked := f.doors.calls[0], f.doors.calls[1]
	if assumed.Operation != "AssumeRole" || assumed.Input["RoleArn"] != invokerRole || assumed.Caller.Service != "apigateway.amazonaws.com" {
		t.Errorf("first call is %+v", assumed)
	}
	if invoked.Caller.Service != "" || invoked.Caller.Credentials == nil || invoked.Caller.Credentials.AccessKeyID != "ASIAGATEWAY" {
		t.Errorf("invoked as %+v", invoked.Caller)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-request-basic-setup.html
func TestActionOfAServiceIsCalledWithTheRole(t *testing.T) {
	method := lambdaMethod(func(i *integrationProperties) {
		i.Uri, i.Credentials = tableURI, invokerRole
		i.RequestTemplates = jsonText(`{"TableName": "tasks", "Key": {"id": {"S": "$input.params('id')"}}}`)
		i.IntegrationResponses = []integrationResponse{
			{StatusCode: "404", SelectionPattern: `4\d\d`},
			{StatusCode: "200", ResponseTemplates: jsonText(`{"title": "$input.path('$.Item.title.S')"}`)},
		}
	})
	f := customAPI(t, method)
	var asked map[string]any
	f.doors.actions = map[string]func(map[string]any) (map[string]any, error){
		"dynamodb:GetItem": func(input map[string]any) (map[string]any, error) {
			asked = input
			return map[string]any{"Item": map[string]any{"title": map[string]any{"S": "Bread"}}}, nil
		}}
	f.expect(f.send(api.HTTPRequest{Method: "GET", URL: "/prod/tasks/7"}), outcome{status: 200, body: `{"title": "Bread"}`})
	if diff := cmp.Diff(map[string]any{"TableName": "tasks", "Key": map[string]any{"id": map[string]any{"S": "7"}}}, asked); diff != "" {
		t.Error(diff)
	}
	f.doors.actions["dynamodb:GetItem"] = func(map[string]any) (map[string]any, error) {
		return nil, awserr.New("AccessDeniedException", "no")
	}
	f.expect(f.send(api.HTTPRequest{Method: "GET", URL: "/prod/tasks/7"}),
		outcome{status: 404, body: `{"__type":"AccessDeniedException","message":"no"}`})
}

// httpMethod sends requests on to another host.
func httpMethod(kind string) methodProperties {
	return methodProperties{
		RequestParameters: map[string]bool{"method.request.path.id": true, "method.request.header.x-tenant": false, "method.request.querystring.q": false},
		MethodResponses:   []methodResponse{{StatusCode: "200", ResponseParameters: map[string]bool{"method.response.header.X-Next": false, "method.response.header.X-Id": false}}},
		Integration: &integrationProperties{
			Type: kind, IntegrationHttpMethod: "ANY", Uri: ordersURL + "/{order}",
			RequestParameters: map[string]string{
				"integration.request.path.order": "method.request.path.id", "integration.request.header.tenant": "method.request.header.x-tenant",
				"integration.request.querystring.stage": "context.stage", "integration.request.querystring.v": "'2'",
			},
			IntegrationResponses: []integrationResponse{{StatusCode: "200", ResponseParameters: map[string]string{
				"method.response.header.X-Next": "integration.response.header.next", "method.response.header.X-Id": "integration.response.body.orders[0].id",
			}}},
		},
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
func TestHTTPIntegrationSendsWhatIsMappedAndNothingElse(t *testing.T) {
	method := httpMethod("HTTP")
	method.Integration.IntegrationHttpMethod = "PUT"
	f := customAPI(t, method)
	var got api.HTTPRequest
	f.doors.hosts = map[string]func(api.HTTPRequest) api.HTTPResponse{ordersURL + "/a%20b": func(r api.HTTPRequest) api.HTTPResponse {
		got = r
		return api.HTTPResponse{Status: 202, Header: api.Header{"next": {"8"}, "secret": {"x"}}, Body: `{"orders":[{"id":5}]}`}
	}}
	reply := f.send(api.HTTPRequest{Method: "POST", URL: "/prod/tasks/a%20b?q=x", Body: `{"n":1}`, Header: api.Header{"x-tenant": {"acme"}, "cookie": {"c"}}})
	f.expect(reply, outcome{status: 200, body: `{"orders":[{"id":5}]}`})
	want := api.HTTPRequest{From: Actor, Method: "PUT", URL: ordersURL + "/a%20b?stage=prod&v=2", Body: `{"n":1}`,
		Header: api.Header{"tenant": {"acme"}, "content-type": {"application/json"}, "x-amzn-apigateway-api-id": {f.api}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if reply.Header.Get("x-next") != "8" || reply.Header.Get("x-id") != "5" || reply.Header.Has("secret") {
		t.Errorf("the response has %v", reply.Header)
	}
}

func TestHTTPProxySendsTheRequestOnAndTheAnswerBack(t *testing.T) {
	f := customAPI(t, httpMethod("HTTP_PROXY"))
	var got api.HTTPRequest
	f.doors.hosts = map[string]func(api.HTTPRequest) api.HTTPResponse{ordersURL + "/7": func(r api.HTTPRequest) api.HTTPResponse {
		got = r
		return api.HTTPResponse{Status: 418, Header: api.Header{"x-pot": {"tea"}}, Body: "short"}
	}}
	reply := f.send(api.HTTPRequest{Method: "POST", URL: "/prod/tasks/7?q=x", Body: "plain", Header: api.Header{"x-tenant": {"acme"}, "content-type": {"text/plain"}}})
	f.expect(reply, outcome{status: 418, body: "short"})
	want := api.HTTPRequest{From: Actor, Method: "POST", URL: ordersURL + "/7?q=x&stage=prod&v=2", Body: "plain",
		Header: api.Header{"tenant": {"acme"}, "x-tenant": {"acme"}, "content-type": {"text/plain"}, "x-amzn-apigateway-api-id": {f.api}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if reply.Header.Get("x-pot") != "tea" {
		t.Errorf("the response has %v", reply.Header)
	}
}

func sendHTTP(t *testing.T, uri string, cover *tracetest.Coverage) (*fixture, reply) {
	t.Helper()
	method := httpMethod("HTTP_PROXY")
	method.Integration.Uri = uri
	f := customAPI(t, method)
	f.cover = cover
	f.doors.hosts = map[string]func(api.HTTPRequest) api.HTTPResponse{ordersURL: func(api.HTTPRequest) api.HTTPResponse {
		return api.HTTPResponse{Status: 200}
	}}
	return f, f.send(api.HTTPRequest{Method: "GET", URL: "/prod/tasks/7"})
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
func TestEndpointThatCannotBeReachedIs504(t *testing.T) {
	f, got := sendHTTP(t, "https://orders.invalid/", nil)
	f.expect(got, outcome{status: 504, body: `{"message": "Network error communicating with endpoint"}`, errorType: "InternalServerErrorException", rule: RuleEndpoint})
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
func TestTemplatesOverrideParametersAndStatus(t *testing.T) {
	f := customAPI(t, lambdaMethod(func(i *integrationProperties) {
		i.RequestTemplates = jsonText(`#set($context.requestOverride.header.X-Amz-Invocation-Type = "Event"){}`)
		i.IntegrationResponses[1].ResponseTemplates = jsonText(`#set($context.responseOverride.status = 201)#set($context.responseOverride.header.X-Made = "yes")made`)
	}))
	got := f.send(api.HTTPRequest{Method: "POST", URL: "/prod/tasks/7"})
	f.expect(got, outcome{status: 201, body: "made"})
	if f.doors.calls[0].Input["InvocationType"] != "Event" || got.Header.Get("x-made") != "yes" {
		t.Errorf("call %v, headers %v", f.doors.calls[0].Input, got.Header)
	}
}

func TestMappingTemplateVariables(t *testing.T) {
	for _, row := range []struct{ name, template, want string }{
		{"params by name: path, query string, header", `$input.params('id') $input.params('q') $input.params('x-tenant') [$input.params('none')]`, `7 x y acme []`},
		{"params by place", `$input.params().path.id $input.params().querystring.get('q') $input.params().header['X-Tenant']`, `7 x y acme`},
		{"json keeps the order", `$input.json('$')`, `{"b":[{"n":1},{"n":2.5}],"a":"it's \"so\""}`},
		{"json of a part", `$input.json('$.b[0]') $input.json('$.none')`, `{"n":1} ""`},
		{"path", `$input.path('$.a') $input.path('b[-1].n') $input.path("$['b'][*].n") [$input.path('$.none')]`, `it's "so" 2.5 [1, 2.5] []`},
		{"body", `$input.body`, `{"b":[{"n":1},{"n":2.5}],"a":"it's \"so\""}`},
		{"escapeJavaScript", `$util.escapeJavaScript($input.path('$.a')) $util.escapeJavaScript("é/")`, `it\'s \"so\" \u00E9\/`},
		{"base64", `$util.base64Encode("ab c") $util.base64Decode("YWIgYw==")`, `YWIgYw== ab c`},
		{"URL", `$util.urlEncode("a b&c") $util.urlDecode("a+b%26c")`, `a+b%26c a b&c`},
		{"parseJson", `#set($x = $util.parseJson('{"k": [1]}'))$x.k[0]`, `1`},
		{"context", `$context.stage $context.httpMethod $context.resourcePath $context.identity.sourceIp [$context.identity.caller]`, `prod POST /tasks/{id} 203.0.113.9 []`},
		{"stage variables", `$stageVariables.env [$stageVariables.none]`, `test []`},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := customAPI(t, methodProperties{
				MethodResponses: []methodResponse{{StatusCode: "200"}},
				Integration: &integrationProperties{Type: "AWS", IntegrationHttpMethod: "POST", Uri: functionURI(function), RequestTemplates: jsonText(`{}`),
					IntegrationResponses: []integrationResponse{{StatusCode: "200", ResponseTemplates: jsonText(row.template)}}},
			})
			f.gateway.apis[f.api].stages["prod"].variables = map[string]string{"env": "test"}
			f.doors.actions = map[string]func(map[string]any) (map[string]any, error){"lambda:Invoke": func(map[string]any) (map[string]any, error) {
				return map[string]any{"Payload": `{"b":[{"n":1},{"n":2.5}],"a":"it's \"so\""}`}, nil
			}}
			f.expect(f.send(api.HTTPRequest{
				Method: "POST", URL: "/prod/tasks/7?q=x+y", Header: api.Header{"x-tenant": {"acme"}}, SourceIP: "203.0.113.9",
			}), outcome{status: 200, body: row.want})
		})
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
func TestClaimsReachAMappingTemplateOneByOne(t *testing.T) {
	f := newFixture(t)
	f.define(nil)
	id := f.authorizer(authorizerProperties{Type: "COGNITO_USER_POOLS", ProviderARNs: []string{poolARN}})
	method := lambdaMethod(func(i *integrationProperties) {
		i.RequestTemplates = jsonText(`{"sub": "$context.authorizer.claims.sub", "name": "$context.authorizer.claims['cognito:username']", "all": "$context.authorizer.claims"}`)
	})
	method.ResourceId, method.AuthorizationType, method.AuthorizerId = f.resource(f.root, "tasks"), "COGNITO_USER_POOLS", id
	f.method(method)
	f.deploy()
	f.doors.functions[function] = func(event map[string]any) (any, string) { return event, "" }
	f.expect(f.get(f.idToken(nil)), outcome{status: 200, body: `{"all":"","name":"ana","sub":"7c9e6679"}`})
}

func TestTemplateThatCannotRunIsNoVerdict(t *testing.T) {
	for name, template := range map[string]string{
		"no JSON": `$input.path('$.a')`, "a filter": `$input.json('$.a[?(@.b)]')`, "no such function": `$util.toJson("a")`,
		"no such method": `$input.shout()`, "broken base64": `$util.base64Decode("a")`,
	} {
		t.Run(name, func(t *testing.T) {
			f := customAPI(t, lambdaMethod(func(i *integrationProperties) { i.RequestTemplates = jsonText(template) }))
			_, err := f.gateway.Site().Serve(nil, api.HTTPRequest{
				Method: "POST", URL: "https://" + f.api + ".execute-api.us-east-1.amazonaws.com/prod/tasks/7", Body: "plain",
			})
			if err == nil {
				t.Error("it is served")
			}
		})
	}
}

func FuzzJSONPath(f *testing.F) {
	for _, seed := range []string{"$", "$.a.b[0]", "$['a'][*].b", "$.*", "a[-1]", "$..a", "$[?(@.a)]", "$['"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path, err := parsePath(text)
		if err != nil {
			return
		}
		if found, err := (inputVariable{body: `{"a":{"b":[1,{"c":2}]}}`}).path(text); err != nil || len(path.steps) == 0 && found == nil {
			t.Errorf("%q finds %v, %v", text, found, err)
		}
	})
}
