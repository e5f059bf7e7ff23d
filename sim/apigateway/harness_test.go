package apigateway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	poolID    = "us-east-1_Tasks1234"
	poolARN   = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/" + poolID
	otherPool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Other1234"
	farPool   = "arn:aws:cognito-idp:eu-west-1:210987654321:userpool/eu-west-1_Far123456"
	clientID  = "3n4b5urk1ft4fl3mg5e62d9ado"
	function  = "arn:aws:lambda:us-east-1:123456789012:function:tasks"
	checker   = "arn:aws:lambda:us-east-1:123456789012:function:checker"
	sender    = "App"
)

func functionURI(arn string) string {
	return "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + arn + "/invocations"
}

// fixture is an API with one stage, fakes around it and everything it recorded.
type fixture struct {
	t       testing.TB
	world   *apitest.World
	doors   *fakeDoors
	access  *fakeAccess
	wall    *fakeWall
	gateway *Gateway
	api     string
	root    string
	// cover collects the checks of every request, if it is set.
	cover *tracetest.Coverage
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{t: t, world: apitest.NewWorld(), access: &fakeAccess{}, wall: &fakeWall{}}
	f.doors = &fakeDoors{
		functions: map[string]handler{function: answerOK}, refused: map[string]string{},
		keySets: map[string]string{poolIssuer(poolARN): keySetOf(t, poolKey()), poolIssuer(otherPool): keySetOf(t, strangeKey())},
	}
	f.gateway = New(f.world, f.doors, f.access, f.wall)
	return f
}

// define makes the API with the given resource policy, nil for none.
func (f *fixture) define(policy any) {
	f.t.Helper()
	created := done(f.t)(f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Name: "tasks", Policy: policy}))
	f.api, f.root = created.Ref, created.Attributes["RootResourceId"]
}

func (f *fixture) resource(parent, part string) string {
	f.t.Helper()
	return done(f.t)(f.gateway.createResource(cloudformation.Resource{}, resourceProperties{RestApiId: f.api, ParentId: parent, PathPart: part})).Ref
}

func (f *fixture) authorizer(p authorizerProperties) string {
	f.t.Helper()
	p.RestApiId = f.api
	if p.Name == "" {
		p.Name = fmt.Sprintf("authorizer-%d", len(f.gateway.apis[f.api].draft.authorizers))
	}
	if p.IdentitySource == "" && p.Type != "REQUEST" {
		p.IdentitySource = "method.request.header.Authorization"
	}
	return done(f.t)(f.gateway.createAuthorizer(cloudformation.Resource{}, p)).Ref
}

func (f *fixture) method(p methodProperties) {
	f.t.Helper()
	p.RestApiId = f.api
	if p.HttpMethod == "" {
		p.HttpMethod = "GET"
	}
	if p.AuthorizationType == "" {
		p.AuthorizationType = "NONE"
	}
	if p.Integration == nil {
		p.Integration = &integrationProperties{Type: "AWS_PROXY", IntegrationHttpMethod: "POST", Uri: functionURI(function)}
	}
	done(f.t)(f.gateway.createMethod(cloudformation.Resource{}, p))
}

func (f *fixture) deploy() {
	f.t.Helper()
	done(f.t)(f.gateway.createDeployment(cloudformation.Resource{}, deploymentProperties{RestApiId: f.api, StageName: "prod"}))
}

func done(t testing.TB) func(cloudformation.Created, error) cloudformation.Created {
	t.Helper()
	return func(created cloudformation.Created, err error) cloudformation.Created {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return created
	}
}

// reply is a response with what was recorded on the way.
type reply struct {
	api.HTTPResponse
	trace trace.Trace
}

// decider is the rule that refused the request.
func (r reply) decider() trace.RuleID { return tracetest.Decider(r.trace, 1) }

func (f *fixture) send(request api.HTTPRequest) reply {
	f.t.Helper()
	if !strings.HasPrefix(request.URL, "https://") {
		request.URL = "https://" + f.api + ".execute-api.us-east-1.amazonaws.com" + request.URL
	}
	recorder := f.world.Recorder()
	span := recorder.Flow().Open(sender, Actor, request.Method+" "+request.URL, trace.Message{})
	response, err := f.gateway.Site().Serve(span, request)
	if err != nil {
		f.t.Fatal(err)
	}
	r := reply{HTTPResponse: response, trace: recorder.Trace()}
	if f.cover != nil {
		f.cover.Add(r.trace)
	}
	return r
}

// get sends GET /prod/tasks with an Authorization header, none for "".
func (f *fixture) get(authorization string) reply {
	f.t.Helper()
	return f.send(getRequest(authorization))
}

func getRequest(authorization string) api.HTTPRequest {
	request := api.HTTPRequest{From: sender, Method: "GET", URL: "/prod/tasks", Header: api.Header{}, SourceIP: "203.0.113.9"}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	return request
}

// outcome is what a caller sees of a refusal.
type outcome struct {
	status          int
	body, errorType string
	rule            trace.RuleID
}

func (f *fixture) expect(got reply, want outcome) {
	f.t.Helper()
	if got.Status != want.status || got.Body != want.body {
		f.t.Errorf("answered %d %s\nwant     %d %s", got.Status, got.Body, want.status, want.body)
	}
	if got.Header.Get("x-amzn-errortype") != want.errorType {
		f.t.Errorf("x-amzn-errortype is %q, want %q", got.Header.Get("x-amzn-errortype"), want.errorType)
	}
	if got.decider() != want.rule {
		f.t.Errorf("decided by %q, want %q", got.decider(), want.rule)
	}
	if got.Header.Get("x-amzn-requestid") == "" {
		f.t.Error("x-amzn-requestid is missing")
	}
}

// in puts the id of the fixture's API in place of API.
func (o outcome) in(f *fixture) outcome {
	o.body = strings.ReplaceAll(o.body, ":API/", ":"+f.api+"/")
	return o
}

func passed() outcome { return outcome{status: 200, body: "[]"} }

func keySetOf(t testing.TB, keys ...jwt.Key) string {
	t.Helper()
	document, err := jwt.MarshalKeySet(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func poolKey() jwt.Key    { return jwt.DevelopmentKey(0, "pool-key", "RS256") }
func strangeKey() jwt.Key { return jwt.DevelopmentKey(1, "strange-key", "RS256") }

// idToken is an ID token of the pool, good for an hour, with claims replaced;
// a nil claim is left out.
func (f *fixture) idToken(changes map[string]any) string {
	f.t.Helper()
	claims := map[string]any{
		"iss": poolIssuer(poolARN), "sub": "7c9e6679", "aud": clientID, "token_use": "id",
		"auth_time": f.world.Now().Unix(), "iat": f.world.Now().Unix(), "exp": f.world.Now().Add(time.Hour).Unix(),
		"email": "ana@example.com", "email_verified": true, "cognito:username": "ana", "cognito:groups": []string{"admins", "writers"},
	}
	return f.sign(claims, changes, poolKey())
}

// accessToken is an access token of the pool with one scope.
func (f *fixture) accessToken(changes map[string]any) string {
	f.t.Helper()
	claims := map[string]any{
		"iss": poolIssuer(poolARN), "sub": "7c9e6679", "client_id": clientID, "token_use": "access",
		"scope": "tasks/read aws.cognito.signin.user.admin", "username": "ana",
		"iat": f.world.Now().Unix(), "exp": f.world.Now().Add(time.Hour).Unix(),
	}
	return f.sign(claims, changes, poolKey())
}

func (f *fixture) sign(claims, changes map[string]any, key jwt.Key) string {
	f.t.Helper()
	for name, value := range changes {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
	raw, err := jwt.Sign(claims, key)
	if err != nil {
		f.t.Fatal(err)
	}
	return raw
}
