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
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

const password = "Passw0rd!"

// account is user pools with what has been deployed and recorded.
type account struct {
	*apitest.Bench
	pools *cognitoidp.UserPools
	// functions are those of the pools' triggers.
	functions *functions
}

func newAccount(t testing.TB) *account {
	t.Helper()
	w := apitest.NewWorld()
	f := newFunctions(t)
	pools := cognitoidp.New(w, f)
	return &account{Bench: apitest.NewBench(t, w, pools), pools: pools, functions: f}
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
	if err := a.Deploy(template); err != nil {
		t.Fatal(err)
	}
	return a
}

type object = map[string]any

// notDeployed expects a template to be refused by the rule.
func (a *account) notDeployed(rule trace.RuleID, code, message, template string) {
	a.T.Helper()
	err := a.Deploy(template)
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		a.T.Fatalf("deployed: %v, want %s", err, code)
	}
	if !strings.Contains(err.Error(), message) {
		a.T.Errorf("deployed: %v, want %s: %s", err, code, message)
	}
	for _, c := range a.Last.Checks(0) {
		if c.Rule == rule && c.Decides {
			return
		}
	}
	a.T.Errorf("%s did not decide", rule)
}

// addUser makes a user of Pool with a permanent password and an email address.
func (a *account) addUser(username string) {
	a.T.Helper()
	a.Must("AdminCreateUser", object{
		"UserPoolId": a.Ref("Pool"), "Username": username, "MessageAction": "SUPPRESS",
		"UserAttributes": []any{attribute("email", username+"@example.com"), attribute("email_verified", "true")},
	})
	a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": username, "Password": password, "Permanent": true})
}

func attribute(name, value string) object { return object{"Name": name, "Value": value} }

func (a *account) passwordInput(username, password string) object {
	return object{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": a.Ref("Client"), "AuthParameters": object{"USERNAME": username, "PASSWORD": password}}
}

func (a *account) refreshInput(token string) object {
	return object{"AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": a.Ref("Client"), "AuthParameters": object{"REFRESH_TOKEN": token}}
}

// signIn signs a user in by password and returns AuthenticationResult.
func (a *account) signIn(username string) object {
	a.T.Helper()
	return a.result(a.Must("InitiateAuth", a.passwordInput(username, password)))
}

func (a *account) result(out object) object {
	a.T.Helper()
	result, ok := out["AuthenticationResult"].(object)
	if !ok {
		a.T.Fatalf("no tokens in %v", out)
	}
	return result
}

func (a *account) parse(raw any) jwt.Token {
	a.T.Helper()
	token, err := jwt.Parse(raw.(string))
	if err != nil {
		a.T.Fatal(err)
	}
	return token
}

// get fetches a path of the pools' site.
func (a *account) get(method, url string) api.HTTPResponse {
	a.T.Helper()
	recorder := a.World.Recorder()
	defer a.Record(recorder)
	response, err := a.pools.Site().Serve(recorder.Flow(), api.HTTPRequest{Method: method, URL: url})
	if err != nil {
		a.T.Fatal(err)
	}
	return response
}

// check returns the checks of the latest call that a rule made.
func (a *account) check(rule trace.RuleID) []trace.Check {
	var checks []trace.Check
	for _, c := range a.Last.Checks(0) {
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
	a.T.Helper()
	a.Must("AdminCreateUser", object{"UserPoolId": a.Ref("Pool"), "Username": address, "MessageAction": "SUPPRESS"})
	a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": address, "Password": password, "Permanent": true})
}

func (a *account) newPassword(session any, username, password string) object {
	return object{
		"ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": a.Ref("Client"), "Session": session,
		"ChallengeResponses": object{"USERNAME": username, "NEW_PASSWORD": password},
	}
}

// unrecorded runs an operation without a span.
func (a *account) unrecorded(name string, input object) (object, error) {
	a.T.Helper()
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

func (a *account) wait(d time.Duration) { a.World.Clock = a.World.Clock.Add(d) }

// user is the input of an administrator's operation on a user of Pool.
func (a *account) user(username string) object {
	return object{"UserPoolId": a.Ref("Pool"), "Username": username}
}

func (a *account) signUpInput(username string) object {
	return object{
		"ClientId": a.Ref("Client"), "Username": username, "Password": password,
		"UserAttributes": []any{attribute("email", username+"@example.com")},
	}
}

// code is the code that was last sent to a user of Pool.
func (a *account) code(username string) string {
	a.T.Helper()
	messages := a.pools.Outbox(a.Ref("Pool"), username)
	if len(messages) == 0 {
		a.T.Fatalf("nothing was sent to %s", username)
	}
	return messages[len(messages)-1].Code
}
