package apigatewayv2

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/iam"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	issuer   = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Tasks1234"
	client   = "3n4b5urk1ft4fl3mg5e62d9ado"
	function = "arn:aws:lambda:us-east-1:123456789012:function:tasks"
	checker  = "arn:aws:lambda:us-east-1:123456789012:function:checker"
)

func poolKey() jwt.Key    { return jwt.DevelopmentKey(0, "pool-key", jwt.RS256) }
func strangeKey() jwt.Key { return jwt.DevelopmentKey(1, "pool-key", jwt.RS256) }

// account is an HTTP API with the doors around it.
type account struct {
	t       testing.TB
	world   *apitest.World
	iam     *iam.IAM
	gateway *Gateway
	api     string
	stack   cloudformation.Stack
	cover   *tracetest.Coverage
	// functions are what functions return, by ARN; events are what they were
	// sent last, and invoked counts. A function of late answers too late.
	functions map[string]handler
	refused   map[string]bool
	late      map[string]bool
	events    map[string]map[string]any
	invoked   map[string]int
	sources   map[string]string
	keys      string
	// sent counts requests to others; forwarded is the last that went to the
	// back end, and backend what that answers.
	sent      int
	forwarded api.HTTPRequest
	backend   api.HTTPResponse
}

type handler func(event map[string]any) (result any, failed bool)

func returns(result any) handler {
	return func(map[string]any) (any, bool) { return result, false }
}

func throws(message string) handler {
	return func(map[string]any) (any, bool) { return map[string]any{"errorMessage": message}, true }
}

// Call is Lambda behind the API door.
func (a *account) Call(_ *trace.Span, call api.Call) (map[string]any, error) {
	if call.Operation == "AssumeRole" {
		return a.assume(call)
	}
	name := call.Input["FunctionName"].(string)
	if a.refused[name] || a.functions[name] == nil {
		return nil, awserr.WithStatus(403, "AccessDeniedException", "no")
	}
	event := map[string]any{}
	if err := json.Unmarshal([]byte(call.Input["Payload"].(string)), &event); err != nil {
		a.t.Fatal(err)
	}
	a.events[name], a.sources[name] = event, call.Caller.SourceARN
	if call.Caller.Credentials != nil {
		a.sources[name] = call.Caller.Credentials.AccessKeyID
	}
	a.invoked[name]++
	if a.late[name] {
		return nil, api.TimeoutError{After: call.Patience}
	}
	result, failed := a.functions[name](event)
	text, err := json.Marshal(result)
	if err != nil {
		a.t.Fatal(err)
	}
	output := map[string]any{"StatusCode": 200.0, "Payload": string(text)}
	if failed {
		output["FunctionError"] = "Unhandled"
	}
	return output, nil
}

const invoker = "arn:aws:iam::123456789012:role/invoker"

// assume is STS, where one role trusts API Gateway.
func (a *account) assume(call api.Call) (map[string]any, error) {
	if call.Input["RoleArn"] != invoker || call.Caller.Service != servicePrincipal {
		return nil, awserr.WithStatus(403, "AccessDenied", "no")
	}
	return map[string]any{"Credentials": map[string]any{"AccessKeyId": "ASIAINVOKER", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": 1772445600.0}}, nil
}

// Send is the issuer and the back end behind the HTTP door. A request to an API
// of the gateway goes back to it.
func (a *account) Send(_ *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	a.sent++
	if strings.HasPrefix(request.URL, "https://"+a.api+".") {
		return a.gateway.serve(nil, request)
	}
	if strings.HasPrefix(request.URL, "https://backend.example.com/") {
		a.forwarded = request
		return a.backend, nil
	}
	switch request.URL {
	case issuer + "/.well-known/openid-configuration":
		return api.HTTPResponse{Status: 200, Body: `{"jwks_uri": "` + issuer + `/.well-known/jwks.json"}`}, nil
	case issuer + "/.well-known/jwks.json":
		return api.HTTPResponse{Status: 200, Body: a.keys}, nil
	}
	return api.HTTPResponse{Status: 404}, nil
}

func newAccount(t testing.TB) *account {
	a := &account{
		t: t, world: apitest.NewWorld(), cover: &tracetest.Coverage{},
		functions: map[string]handler{function: returns(map[string]any{"statusCode": 200, "body": "[]"})},
		refused:   map[string]bool{}, late: map[string]bool{}, events: map[string]map[string]any{},
		invoked: map[string]int{}, sources: map[string]string{},
		backend: api.HTTPResponse{Status: 200, Header: api.Header{"content-type": {"text/plain"}}, Body: "from the back end"},
	}
	a.iam = iam.New(a.world)
	a.gateway = New(a.world, a, a.iam)
	return a
}

// types are those a template of a test may use.
func (a *account) types() []cloudformation.Type {
	return slices.Concat(a.gateway.Types(), a.iam.Types())
}

// deploy returns what CloudFormation says to a template with these resources.
func (a *account) deploy(resources string) error {
	a.t.Helper()
	template, err := cloudformation.Parse("template.yaml", []byte("Resources:\n"+resources))
	if err != nil {
		a.t.Fatal(err)
	}
	a.stack, err = cloudformation.Deploy(nil, a.world, template, a.types())
	if ids := a.stack.OfType("AWS::ApiGatewayV2::Api"); len(ids) > 0 {
		created, _ := a.stack.Resource(ids[0])
		a.api = created.Ref
	}
	return err
}

// deployed is an account with a template's resources.
func deployed(t testing.TB, resources string) *account {
	t.Helper()
	a := newAccount(t)
	if err := a.deploy(resources); err != nil {
		t.Fatal(err)
	}
	return a
}

// open is an API with GET /tasks behind a JWT authorizer, GET /public open to
// everybody, and the stage $default.
func open(t testing.TB, scopes ...string) *account {
	t.Helper()
	keys, err := jwt.MarshalKeySet(poolKey())
	if err != nil {
		t.Fatal(err)
	}
	a := newAccount(t)
	a.keys = keys
	a.api = a.done(a.gateway.createAPI(cloudformation.Resource{}, apiProperties{Name: "tasks", ProtocolType: "HTTP"})).Ref
	integration := a.done(a.gateway.createIntegration(cloudformation.Resource{}, integrationProperties{
		ApiId: a.api, IntegrationType: "AWS_PROXY", IntegrationUri: function, PayloadFormatVersion: "2.0",
	})).Ref
	authorizer := authorizerProperties{ApiId: a.api, Name: "pool", AuthorizerType: "JWT", IdentitySource: []string{"$request.header.Authorization"}}
	authorizer.JwtConfiguration = &jwtProperties{Issuer: issuer, Audience: []string{client}}
	id := a.done(a.gateway.createAuthorizer(cloudformation.Resource{}, authorizer)).Ref
	a.route(routeProperties{RouteKey: "GET /tasks", AuthorizationType: "JWT", AuthorizerId: id, AuthorizationScopes: scopes, Target: "integrations/" + integration})
	a.route(routeProperties{RouteKey: "GET /public", Target: "integrations/" + integration})
	a.done(a.gateway.createStage(cloudformation.Resource{}, stageProperties{ApiId: a.api, StageName: "$default", AutoDeploy: true}))
	return a
}

func (a *account) route(p routeProperties) {
	a.t.Helper()
	p.ApiId = a.api
	a.done(a.gateway.createRoute(cloudformation.Resource{}, p))
}

func (a *account) done(created cloudformation.Created, err error) cloudformation.Created {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
	return created
}

type reply struct {
	api.HTTPResponse
	trace trace.Trace
}

// decider is the rule that refused the request.
func (r reply) decider() trace.RuleID { return tracetest.Decider(r.trace, 1) }

// found is what the last check of a rule found.
func (r reply) found(rule trace.RuleID) string {
	found := ""
	for _, check := range r.trace.Checks(1) {
		if check.Rule == rule {
			found = check.Found
		}
	}
	return found
}

// get is a GET request with an Authorization header, "" for none.
func (a *account) get(path, authorization string) reply {
	a.t.Helper()
	if authorization == "" {
		return a.send("GET", path, nil)
	}
	return a.send("GET", path, map[string]string{"Authorization": authorization})
}

func (a *account) request(method, path string, headers map[string]string) api.HTTPRequest {
	request := api.HTTPRequest{From: "App", Method: method, URL: "https://" + a.api + ".execute-api.us-east-1.amazonaws.com" + path, Header: api.Header{}, SourceIP: "203.0.113.9"}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	return request
}

func (a *account) send(method, path string, headers map[string]string) reply {
	a.t.Helper()
	return a.serve(a.request(method, path, headers))
}

// serve sends a request; what it records of the package's own rules is covered.
func (a *account) serve(request api.HTTPRequest) reply {
	a.t.Helper()
	recorder := a.world.Recorder()
	span := recorder.Flow().Open("App", Actor, request.Method, trace.Message{})
	response, err := a.gateway.Site().Serve(span, request)
	if err != nil {
		a.t.Fatal(err)
	}
	r := reply{response, recorder.Trace()}
	var own trace.Trace
	for _, e := range r.trace.Events {
		if e.Check != nil && strings.HasPrefix(string(e.Check.Rule), "apigatewayv2.") {
			own.Events = append(own.Events, e)
		}
	}
	a.cover.Add(own)
	return r
}

// token is an access token of the pool with one thing changed; nil deletes a claim.
func token(t testing.TB, changes map[string]any, key jwt.Key) string {
	t.Helper()
	claims := map[string]any{
		"iss": issuer, "client_id": client, "token_use": "access", "scope": "tasks/read openid", "sub": "ana",
		"iat": tracetest.Start().Unix(), "exp": tracetest.Start().Add(time.Hour).Unix(),
	}
	for name, value := range changes {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
	text, err := jwt.Sign(claims, key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
