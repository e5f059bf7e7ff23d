package apigatewayv2

import (
	"encoding/json"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	issuer   = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Tasks1234"
	client   = "3n4b5urk1ft4fl3mg5e62d9ado"
	function = "arn:aws:lambda:us-east-1:123456789012:function:tasks"
)

func poolKey() jwt.Key    { return jwt.DevelopmentKey(0, "pool-key", jwt.RS256) }
func strangeKey() jwt.Key { return jwt.DevelopmentKey(1, "pool-key", jwt.RS256) }

// account is an HTTP API with the doors around it.
type account struct {
	t       testing.TB
	world   *apitest.World
	gateway *Gateway
	api     string
	cover   *tracetest.Coverage
	// answer is what the function returns; sent counts key look-ups.
	answer  func(event map[string]any) (result any, failed bool)
	refused bool
	keys    string
	sent    int
	event   map[string]any
}

// Call is Lambda behind the API door.
func (a *account) Call(_ *trace.Span, call api.Call) (map[string]any, error) {
	if a.refused {
		return nil, awserr.WithStatus(403, "AccessDeniedException", "no")
	}
	a.event = map[string]any{}
	if err := json.Unmarshal([]byte(call.Input["Payload"].(string)), &a.event); err != nil {
		a.t.Fatal(err)
	}
	result, failed := a.answer(a.event)
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

// Send is the issuer behind the HTTP door.
func (a *account) Send(_ *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	a.sent++
	switch request.URL {
	case issuer + "/.well-known/openid-configuration":
		return api.HTTPResponse{Status: 200, Body: `{"jwks_uri": "` + issuer + `/.well-known/jwks.json"}`}, nil
	case issuer + "/.well-known/jwks.json":
		return api.HTTPResponse{Status: 200, Body: a.keys}, nil
	}
	return api.HTTPResponse{Status: 404}, nil
}

// open is an API with GET /tasks behind a JWT authorizer, GET /public open to
// everybody, and the stage $default.
func open(t testing.TB, scopes ...string) *account {
	t.Helper()
	keys, err := jwt.MarshalKeySet(poolKey())
	if err != nil {
		t.Fatal(err)
	}
	a := &account{t: t, world: apitest.NewWorld(), cover: &tracetest.Coverage{}, keys: keys}
	a.answer = func(map[string]any) (any, bool) { return map[string]any{"statusCode": 200, "body": "[]"}, false }
	a.gateway = New(a.world, a)
	a.api = a.done(a.gateway.createAPI(cloudformation.Resource{}, apiProperties{Name: "tasks", ProtocolType: "HTTP"})).Ref
	integration := a.done(a.gateway.createIntegration(cloudformation.Resource{}, integrationProperties{
		ApiId: a.api, IntegrationType: "AWS_PROXY", IntegrationUri: function, PayloadFormatVersion: "2.0",
	})).Ref
	authorizer := authorizerProperties{ApiId: a.api, Name: "pool", AuthorizerType: "JWT", IdentitySource: []string{"$request.header.Authorization"}}
	authorizer.JwtConfiguration = &struct {
		Issuer   string
		Audience []string
	}{Issuer: issuer, Audience: []string{client}}
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
	decider trace.RuleID
}

func (a *account) get(path, authorization string) reply {
	a.t.Helper()
	request := api.HTTPRequest{From: "App", Method: "GET", URL: "https://" + a.api + ".execute-api.us-east-1.amazonaws.com" + path, Header: api.Header{}, SourceIP: "203.0.113.9"}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	recorder := a.world.Recorder()
	span := recorder.Flow().Open("App", Actor, "GET "+path, trace.Message{})
	response, err := a.gateway.Site().Serve(span, request)
	if err != nil {
		a.t.Fatal(err)
	}
	run := recorder.Trace()
	a.cover.Add(run)
	return reply{response, tracetest.Decider(run, 1)}
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
