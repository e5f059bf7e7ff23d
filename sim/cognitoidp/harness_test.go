package cognitoidp_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const password = "Passw0rd!"

// account is user pools with what has been deployed and recorded.
type account struct {
	t     testing.TB
	world *apitest.World
	pools *cognitoidp.UserPools
	stack cloudformation.Stack
	// functions are those of the pools' triggers.
	functions *functions
	// last is the trace of the latest call.
	last trace.Trace
	// cover collects the checks of every call.
	cover *tracetest.Coverage
}

func newAccount(t testing.TB) *account {
	t.Helper()
	w := apitest.NewWorld()
	f := newFunctions(t)
	return &account{t: t, world: w, pools: cognitoidp.New(w, f), functions: f, cover: &tracetest.Coverage{}}
}

// plainPool is a pool with one client that signs in by password.
const plainPool = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {AutoVerifiedAttributes: [email]}}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
`

// deployed is an account with the given template.
func deployed(t testing.TB, template string) *account {
	t.Helper()
	a := newAccount(t)
	if err := a.deploy(template); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *account) deploy(text string) error {
	a.t.Helper()
	template, err := cloudformation.Parse("template.yaml", []byte(text))
	if err != nil {
		a.t.Fatal(err)
	}
	recorder := a.world.Recorder()
	a.stack, err = cloudformation.Deploy(recorder.Flow(), a.world, template, a.pools.Types())
	a.record(recorder)
	return err
}

func (a *account) record(recorder *trace.Recorder) {
	a.last = recorder.Trace()
	var own trace.Trace
	for _, e := range a.last.Events {
		if e.Check == nil || strings.HasPrefix(string(e.Check.Rule), "cognito-idp.") {
			own.Events = append(own.Events, e)
		}
	}
	a.cover.Add(own)
}

func (a *account) ref(logicalID string) string {
	a.t.Helper()
	created, ok := a.stack.Resource(logicalID)
	if !ok {
		a.t.Fatalf("no resource %s", logicalID)
	}
	return created.Ref
}

type object = map[string]any

// call runs an operation as the API door does after authorization.
func (a *account) call(name string, input object) (object, error) {
	a.t.Helper()
	recorder := a.world.Recorder()
	span := recorder.Flow().Open("App", "Cognito user pool", name, trace.Message{})
	defer a.record(recorder)
	for _, op := range a.pools.Service().Operations {
		if op.Name != name {
			continue
		}
		in, faults := op.Decode(input)
		if len(faults) > 0 {
			a.t.Fatalf("%s: %v", name, faults)
		}
		return op.Run(api.Context{Span: span}, in)
	}
	a.t.Fatalf("no operation %s", name)
	return nil, nil
}

func (a *account) must(name string, input object) object {
	a.t.Helper()
	out, err := a.call(name, input)
	if err != nil {
		a.t.Fatalf("%s: %v", name, err)
	}
	return out
}

// refused expects an AWS error, decided by the rule.
func (a *account) refused(rule trace.RuleID, code, message, name string, input object) {
	a.t.Helper()
	_, err := a.call(name, input)
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		a.t.Fatalf("%s: %v, want %s", name, err, code)
	}
	if refusal.Code != code || refusal.Message != message || refusal.Status != 400 {
		a.t.Errorf("%s: %d %v\nwant 400 %s: %s", name, refusal.Status, refusal, code, message)
	}
	if got := tracetest.Decider(a.last, 1); got != rule {
		a.t.Errorf("%s was decided by %q, want %q", name, got, rule)
	}
}

// notDeployed expects a template to be refused by the rule.
func (a *account) notDeployed(rule trace.RuleID, code, message, template string) {
	a.t.Helper()
	err := a.deploy(template)
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		a.t.Fatalf("deployed: %v, want %s", err, code)
	}
	if !strings.Contains(err.Error(), message) {
		a.t.Errorf("deployed: %v, want %s: %s", err, code, message)
	}
	for _, c := range a.last.Checks(0) {
		if c.Rule == rule && c.Decides {
			return
		}
	}
	a.t.Errorf("%s did not decide", rule)
}

// addUser makes a user of Pool with a permanent password and an email address.
func (a *account) addUser(username string) {
	a.t.Helper()
	a.must("AdminCreateUser", object{
		"UserPoolId": a.ref("Pool"), "Username": username, "MessageAction": "SUPPRESS",
		"UserAttributes": []any{attribute("email", username+"@example.com"), attribute("email_verified", "true")},
	})
	a.must("AdminSetUserPassword", object{"UserPoolId": a.ref("Pool"), "Username": username, "Password": password, "Permanent": true})
}

func attribute(name, value string) object { return object{"Name": name, "Value": value} }

func (a *account) passwordInput(username, password string) object {
	return object{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": a.ref("Client"), "AuthParameters": object{"USERNAME": username, "PASSWORD": password}}
}

func (a *account) refreshInput(token string) object {
	return object{"AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": a.ref("Client"), "AuthParameters": object{"REFRESH_TOKEN": token}}
}

// signIn signs a user in by password and returns AuthenticationResult.
func (a *account) signIn(username string) object {
	a.t.Helper()
	return a.result(a.must("InitiateAuth", a.passwordInput(username, password)))
}

func (a *account) result(out object) object {
	a.t.Helper()
	result, ok := out["AuthenticationResult"].(object)
	if !ok {
		a.t.Fatalf("no tokens in %v", out)
	}
	return result
}

func (a *account) parse(raw any) jwt.Token {
	a.t.Helper()
	token, err := jwt.Parse(raw.(string))
	if err != nil {
		a.t.Fatal(err)
	}
	return token
}

// get fetches a path of the pools' site.
func (a *account) get(method, url string) api.HTTPResponse {
	a.t.Helper()
	recorder := a.world.Recorder()
	defer a.record(recorder)
	response, err := a.pools.Site().Serve(recorder.Flow(), api.HTTPRequest{Method: method, URL: url})
	if err != nil {
		a.t.Fatal(err)
	}
	return response
}

// check returns the checks of the latest call that a rule made.
func (a *account) check(rule trace.RuleID) []trace.Check {
	var checks []trace.Check
	for _, c := range a.last.Checks(0) {
		if c.Rule == rule {
			checks = append(checks, c)
		}
	}
	return checks
}

// emailPool signs users in by email address, at a client with a secret.
const emailPool = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {UsernameAttributes: [email], UsernameConfiguration: {CaseSensitive: false}}}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, GenerateSecret: true, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
`

// requiredNamePool wants every user to have a name.
const requiredNamePool = `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {Schema: [{Name: name, Required: true}, {Name: plan, AttributeDataType: String}]}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
`

func (a *account) addUserByEmail(address string) {
	a.t.Helper()
	a.must("AdminCreateUser", object{"UserPoolId": a.ref("Pool"), "Username": address, "MessageAction": "SUPPRESS"})
	a.must("AdminSetUserPassword", object{"UserPoolId": a.ref("Pool"), "Username": address, "Password": password, "Permanent": true})
}

func (a *account) newPassword(session any, username, password string) object {
	return object{
		"ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": a.ref("Client"), "Session": session,
		"ChallengeResponses": object{"USERNAME": username, "NEW_PASSWORD": password},
	}
}

// unrecorded runs an operation without a span.
func (a *account) unrecorded(name string, input object) (object, error) {
	a.t.Helper()
	for _, op := range a.pools.Service().Operations {
		if op.Name == name {
			in, _ := op.Decode(input)
			return op.Run(api.Context{}, in)
		}
	}
	return nil, nil
}

func secretHash(secret, username, clientID string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(username + clientID))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (a *account) wait(d time.Duration) { a.world.Clock = a.world.Clock.Add(d) }

// user is the input of an administrator's operation on a user of Pool.
func (a *account) user(username string) object {
	return object{"UserPoolId": a.ref("Pool"), "Username": username}
}

func (a *account) signUpInput(username string) object {
	return object{
		"ClientId": a.ref("Client"), "Username": username, "Password": password,
		"UserAttributes": []any{attribute("email", username+"@example.com")},
	}
}

// code is the code that was last sent to a user of Pool.
func (a *account) code(username string) string {
	a.t.Helper()
	messages := a.pools.Outbox(a.ref("Pool"), username)
	if len(messages) == 0 {
		a.t.Fatalf("nothing was sent to %s", username)
	}
	return messages[len(messages)-1].Code
}
