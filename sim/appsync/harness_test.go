package appsync

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	poolIssuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Desk12345"
	oidcIssuer = "https://login.example.com"
	client     = "3n4b5urk1ft4fl3mg5e62d9ado"
)

func issuerKey() jwt.Key  { return jwt.DevelopmentKey(0, "issuer-key", jwt.RS256) }
func strangeKey() jwt.Key { return jwt.DevelopmentKey(1, "issuer-key", jwt.RS256) }

// account is an AppSync with the account around it: issuers, IAM, functions and
// tables, all played by the test.
type account struct {
	*apitest.Bench
	appsync *AppSync
	// keySet is what both issuers publish at their JWKS address.
	keySet string
	// answer is what AWS operations give; calls are those that were made.
	answer func(call api.Call) (map[string]any, error)
	calls  []api.Call
	// signer is who signed a request, nil for a bad signature, and allowed what
	// its policies allow.
	signer  *api.Principal
	allowed func(resource string) bool
}

// open is an account with the resources of a template.
func open(t testing.TB, template string) *account {
	t.Helper()
	a := empty(t)
	if err := a.Deploy(template); err != nil {
		t.Fatal(err)
	}
	return a
}

func empty(t testing.TB) *account {
	t.Helper()
	keys, err := jwt.MarshalKeySet(issuerKey())
	if err != nil {
		t.Fatal(err)
	}
	world := apitest.NewWorld()
	a := &account{keySet: keys, allowed: func(string) bool { return true }}
	a.appsync = New(world, a, a)
	a.Bench = apitest.NewBench(t, world, a.appsync)
	a.answer = func(api.Call) (map[string]any, error) { return map[string]any{"Payload": `null`}, nil }
	return a
}

// Call is the API door. Every service role can be assumed, unless it is named
// after a stranger.
func (a *account) Call(_ *trace.Span, call api.Call) (map[string]any, error) {
	a.calls = append(a.calls, call)
	if call.Service == "sts" {
		if call.Input["RoleArn"] == "arn:aws:iam::123456789012:role/stranger" {
			return nil, awserr.WithStatus(403, "AccessDenied", "no")
		}
		return map[string]any{"Credentials": map[string]any{
			"AccessKeyId": "ASIAROLE", "SecretAccessKey": "secret", "SessionToken": "token", "Expiration": float64(a.World.Clock.Add(time.Hour).Unix()),
		}}, nil
	}
	return a.answer(call)
}

// Send is the issuers behind the HTTP door.
func (a *account) Send(_ *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	switch request.URL {
	case poolIssuer + "/.well-known/jwks.json", oidcIssuer + "/keys":
		return api.HTTPResponse{Status: 200, Body: a.keySet}, nil
	case oidcIssuer + "/.well-known/openid-configuration":
		return api.HTTPResponse{Status: 200, Body: `{"jwks_uri": "` + oidcIssuer + `/keys"}`}, nil
	}
	return api.HTTPResponse{Status: 404}, nil
}

// Authenticate is IAM's look at a signature.
func (a *account) Authenticate(*trace.Span, api.HTTPRequest, string) (api.Principal, error) {
	if a.signer == nil {
		return api.Principal{}, awserr.WithStatus(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
	}
	return *a.signer, nil
}

// Authorize is IAM's decision.
func (a *account) Authorize(_ *trace.Span, question api.Authorization) api.Decision {
	return api.Decision{Allowed: question.Action == "appsync:GraphQL" && a.allowed(question.Resource)}
}

// reply is a response with the rule that decided.
type reply struct {
	status  int
	body    string
	decider trace.RuleID
}

// send posts a body to the API of the template.
func (a *account) send(header map[string]string, body string) reply {
	a.T.Helper()
	created, ok := a.Stack.Resource("Api")
	if !ok {
		a.T.Fatal("the template has no Api")
	}
	request := api.HTTPRequest{From: "App", Method: "POST", URL: created.Attributes["GraphQLUrl"], Header: api.Header{}, Body: body, SourceIP: "203.0.113.9"}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	recorder := a.World.Recorder()
	defer a.Record(recorder)
	span := recorder.Flow().Open("App", Actor, "POST /graphql", trace.Message{})
	response, err := a.appsync.Site().Serve(span, request)
	if err != nil {
		a.T.Fatal(err)
	}
	return reply{response.Status, response.Body, tracetest.Decider(recorder.Trace(), 1)}
}

// ask sends a query with an Authorization header, "" for none.
func (a *account) ask(authorization, query string) reply {
	a.T.Helper()
	text, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		a.T.Fatal(err)
	}
	header := map[string]string{}
	if authorization != "" {
		header["authorization"] = authorization
	}
	return a.send(header, string(text))
}

// want checks a reply.
func (a *account) want(got reply, status int, body string, decider trace.RuleID) {
	a.T.Helper()
	if got.status != status || got.body != body || got.decider != decider {
		a.T.Errorf("%d %s\nby %q\nwant %d %s\nby %q", got.status, got.body, got.decider, status, body, decider)
	}
}

// refused is the body of an HTTP error.
func refused(errorType, message string) string {
	return `{"errors":[{"errorType":"` + errorType + `","message":"` + message + `"}]}`
}

// idToken is an ID token of the pool with things changed; nil deletes a claim.
func idToken(t testing.TB, changes map[string]any) string {
	return token(t, map[string]any{
		"iss": poolIssuer, "aud": client, "token_use": "id", "sub": "5f0c", "cognito:username": "ana", "cognito:groups": []any{"editors"},
	}, changes, issuerKey())
}

// token is a token of the claims, valid for an hour.
func token(t testing.TB, claims, changes map[string]any, key jwt.Key) string {
	t.Helper()
	all := map[string]any{"iat": tracetest.Start().Unix(), "exp": tracetest.Start().Add(time.Hour).Unix()}
	for _, source := range []map[string]any{claims, changes} {
		for name, value := range source {
			all[name] = value
			if value == nil {
				delete(all, name)
			}
		}
	}
	text, err := jwt.Sign(all, key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// indented is a text as part of a template's block.
func indented(text string) string {
	return "        " + strings.ReplaceAll(text, "\n", "\n        ")
}
