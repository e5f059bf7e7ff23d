package cognitoidentity_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidentity"
	"claimcheck/sim/idp"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

const (
	provider = "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI"
	clientID = "3n4b5urk1ft4fl3mg5e62d9ado"
	sub      = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	userRole = "arn:aws:iam::123456789012:role/users"
	guests   = "arn:aws:iam::123456789012:role/guests"
)

type object = map[string]any

// template is an identity pool for one app client, with both roles. Each %s
// takes more properties.
const template = `
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: %v
      CognitoIdentityProviders:
        - {ClientId: ` + clientID + `, ProviderName: ` + provider + `, ServerSideTokenCheck: false}
      %s
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Pool, Roles: {%s}}
`

func closedPool() string {
	return fmt.Sprintf(template, false, "", "authenticated: '"+userRole+"'")
}

func openPool() string {
	return fmt.Sprintf(template, true, "", "authenticated: '"+userRole+"', unauthenticated: '"+guests+"'")
}

// account is identity pools between a user pool that publishes a key and an STS
// that says yes.
type account struct {
	*apitest.Bench
	pools *cognitoidentity.IdentityPools
	// key is the user pool's.
	key jwt.Key
	// calls are those that reached STS, and refusal is its answer.
	calls   []api.Call
	refusal error
	// forbidden is a role that IAM lets nobody pass.
	forbidden string
	// discovery is the document of the OpenID Connect provider.
	discovery string
	// providers are identity providers outside AWS, and saml is how the account
	// knows the one of SAML.
	providers []*idp.IdentityProvider
	saml      api.SAMLProvider
	// broken makes providers answer nothing but errors.
	broken bool
	// gone is what the user pool finds wrong with its users, "" for nothing.
	gone string
}

func newAccount(t testing.TB) *account {
	t.Helper()
	a := &account{key: jwt.DevelopmentKey(0, "key", jwt.RS256)}
	a.discovery = `{"jwks_uri":"https://` + provider + `/.well-known/jwks.json"}`
	w := apitest.NewWorld()
	a.pools = cognitoidentity.New(w, a, a, a)
	a.Bench = apitest.NewBench(t, w, a.pools)
	return a
}

func deployed(t testing.TB, text string) *account {
	t.Helper()
	a := newAccount(t)
	if err := a.Deploy(text); err != nil {
		t.Fatal(err)
	}
	return a
}

// Send is the HTTP door: the key set of the user pools, and nothing else.
func (a *account) Send(_ *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	if request.URL == "https://"+corporate+"/.well-known/openid-configuration" {
		return api.HTTPResponse{Status: 200, Body: a.discovery}, nil
	}
	if response, ok := a.outside(request); ok {
		return response, nil
	}
	user, ok := strings.CutSuffix(request.URL, "/.well-known/jwks.json")
	if !ok || user != "https://"+provider && user != "https://"+otherProvider {
		return api.HTTPResponse{Status: 404, Body: "{}"}, nil
	}
	document, err := jwt.MarshalKeySet(a.key)
	return api.HTTPResponse{Status: 200, Body: document}, err
}

// Call is the API door: STS, and nothing else.
func (a *account) Call(_ *trace.Span, call api.Call) (map[string]any, error) {
	if call.Service != "sts" || call.Operation != "AssumeRoleWithWebIdentity" {
		return nil, fmt.Errorf("unexpected call of %s:%s", call.Service, call.Operation)
	}
	a.calls = append(a.calls, call)
	if a.refusal != nil {
		return nil, a.refusal
	}
	return object{"Credentials": object{
		"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "secret", "SessionToken": "session",
		"Expiration": float64(a.World.Clock.Add(time.Hour).Unix()),
	}}, nil
}

// Authorize is IAM: who sets roles may pass them, but for one.
func (a *account) Authorize(_ *trace.Span, asked api.Authorization) api.Decision {
	return api.Decision{Allowed: asked.Action == "iam:PassRole" && asked.Resource != a.forbidden}
}

// IdentityProvider is IAM's: it knows one, with one client.
func (a *account) IdentityProvider(issuer string) (api.IdentityProvider, bool) {
	return api.IdentityProvider{ARN: corporateARN, ClientIDs: []string{"portal"}}, issuer == "https://"+corporate
}

// SAMLProvider is IAM's: it knows one, when the test sets one up.
func (a *account) SAMLProvider(at string) (api.SAMLProvider, bool) { return a.saml, at == a.saml.ARN }

// Vouches is the user pool's answer to a server-side token check.
func (a *account) Vouches(poolID, eventID, user string) (held bool, found string) {
	if poolID != "us-east-1_AbCdEfGhI" || eventID != "event" || user != sub {
		a.T.Errorf("asked about %s of %s in %s", eventID, user, poolID)
	}
	return a.gone == "", a.gone
}

func (a *account) pool() string {
	a.T.Helper()
	return a.Ref("Pool")
}

// notSimulated expects an error that is no verdict.
func (a *account) notSimulated(name string, input object) {
	a.T.Helper()
	_, err := a.Run(name, input)
	var refusal *awserr.Error
	if err == nil || errors.As(err, &refusal) {
		a.T.Errorf("%s: %v, want an error of the simulation", name, err)
	}
}

// idToken is an ID token of the user pool with the given claims changed; a nil
// value takes a claim out.
func (a *account) idToken(changes object) string {
	a.T.Helper()
	claims := object{
		"iss": "https://" + provider, "aud": clientID, "sub": sub, "token_use": "id", "event_id": "event",
		"exp": a.World.Clock.Add(time.Hour).Unix(),
	}
	for name, value := range changes {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
	raw, err := jwt.Sign(claims, a.key)
	if err != nil {
		a.T.Fatal(err)
	}
	return raw
}

func (a *account) logins(changes object) object { return object{provider: a.idToken(changes)} }

// identity signs the user in and returns the identity id.
func (a *account) identity(changes object) string {
	a.T.Helper()
	return a.Must("GetId", object{"IdentityPoolId": a.pool(), "Logins": a.logins(changes)})["IdentityId"].(string)
}

func (a *account) guest() string {
	a.T.Helper()
	return a.Must("GetId", object{"IdentityPoolId": a.pool()})["IdentityId"].(string)
}
