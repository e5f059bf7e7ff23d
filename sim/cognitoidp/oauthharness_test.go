package cognitoidp_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	shop     = "https://shop.auth.us-east-1.amazoncognito.com"
	callback = "https://app.example.com/back"
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	// challenge is that of the verifier in RFC 7636, appendix B.
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// shopPool has a domain, a resource server and app clients of every kind.
const shopPool = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {AutoVerifiedAttributes: [email]}}
  Domain: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: shop}}
  Orders:
    Type: AWS::Cognito::UserPoolResourceServer
    Properties:
      UserPoolId: !Ref Pool
      Identifier: orders
      Name: orders
      Scopes: [{ScopeName: read, ScopeDescription: read}, {ScopeName: write, ScopeDescription: write}]
  Client:
    Type: AWS::Cognito::UserPoolClient
    DependsOn: Orders
    Properties:
      UserPoolId: !Ref Pool
      AllowedOAuthFlows: [code, implicit]
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthScopes: [openid, email, phone, aws.cognito.signin.user.admin, orders/read]
      CallbackURLs: [https://app.example.com/back, "http://localhost:3000/", "shop://back"]
      LogoutURLs: [https://app.example.com/bye]
      SupportedIdentityProviders: [COGNITO]
      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]
  Confidential:
    Type: AWS::Cognito::UserPoolClient
    DependsOn: Orders
    Properties:
      UserPoolId: !Ref Pool
      GenerateSecret: true
      AllowedOAuthFlows: [code]
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthScopes: [openid, email, profile, orders/write]
      CallbackURLs: [https://app.example.com/back]
      DefaultRedirectURI: https://app.example.com/back
      SupportedIdentityProviders: [COGNITO]
      EnableTokenRevocation: false
  Machine:
    Type: AWS::Cognito::UserPoolClient
    DependsOn: Orders
    Properties:
      UserPoolId: !Ref Pool
      GenerateSecret: true
      AllowedOAuthFlows: [client_credentials]
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthScopes: [orders/read, orders/write]
  Off:
    Type: AWS::Cognito::UserPoolClient
    DependsOn: Orders
    Properties:
      UserPoolId: !Ref Pool
      GenerateSecret: true
      AllowedOAuthFlows: [code]
      AllowedOAuthScopes: [openid]
      CallbackURLs: [https://app.example.com/back]
`

// shopAccount is shopPool with the user ana, who has a confirmed profile.
func shopAccount(t testing.TB, cover *tracetest.Coverage) *account {
	t.Helper()
	a := newAccount(t)
	if cover != nil {
		a.Cover = cover
	}
	if err := a.Deploy(shopPool); err != nil {
		t.Fatal(err)
	}
	a.addUser("ana")
	return a
}

// reply is an answer with the parameters of the address that it sends the
// browser to.
type reply struct {
	api.HTTPResponse
	location, cookie string
	parameters       url.Values
	body             object
}

// open sends a request to a domain, as a browser or an app does.
func (a *account) open(method, address string, form url.Values, header api.Header) reply {
	a.T.Helper()
	if header == nil {
		header = api.Header{}
	}
	request := api.HTTPRequest{Method: method, URL: address, Header: header.Clone()}
	if form != nil {
		request.Body = form.Encode()
		request.Header.Set("content-type", "application/x-www-form-urlencoded")
	}
	recorder := a.World.Recorder()
	span := recorder.Flow().Open("Browser", "Cognito user pool", method, trace.Message{})
	defer a.Record(recorder)
	response, err := a.pools.DomainSite().Serve(span, request)
	if err != nil {
		a.T.Fatalf("%s %s: %v", method, address, err)
	}
	return readReply(a.T, response)
}

func readReply(t testing.TB, response api.HTTPResponse) reply {
	t.Helper()
	r := reply{HTTPResponse: response, parameters: url.Values{}}
	r.cookie, _, _ = strings.Cut(response.Header.Get("set-cookie"), ";")
	if response.Status == 302 {
		parsed, err := url.Parse(response.Header.Get("location"))
		if err != nil {
			t.Fatal(err)
		}
		r.parameters = parsed.Query()
		fragment, err := url.ParseQuery(parsed.Fragment)
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range fragment {
			r.parameters[name] = values
		}
		parsed.RawQuery, parsed.Fragment = "", ""
		r.location = parsed.String()
	}
	if response.Body != "" && response.Header.Get("content-type") == "application/json" {
		if err := json.Unmarshal([]byte(response.Body), &r.body); err != nil {
			t.Fatalf("%s: %v", response.Body, err)
		}
	}
	return r
}

// authorization is a sound authorization request of the client, with PKCE.
func (a *account) authorization(logicalID string) url.Values {
	return url.Values{
		"response_type": {"code"}, "client_id": {a.Ref(logicalID)}, "redirect_uri": {callback}, "scope": {"openid email"},
		"state": {"s1"}, "nonce": {"n1"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
}

func at(path string, query url.Values) string { return shop + path + "?" + query.Encode() }

func credentials() url.Values {
	return url.Values{"username": {"ana"}, "password": {password}}
}

// logIn posts ana's password to the login page.
func (a *account) logIn(query url.Values) reply {
	a.T.Helper()
	r := a.open("POST", at("/login", query), credentials(), nil)
	if r.Status != 302 {
		a.T.Fatalf("login: %d %s", r.Status, r.Body)
	}
	return r
}

// exchange is the form that exchanges a code of the client.
func (a *account) exchange(logicalID, code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "client_id": {a.Ref(logicalID)}, "code": {code},
		"redirect_uri": {callback}, "code_verifier": {verifier},
	}
}

func (a *account) token(form url.Values) reply {
	a.T.Helper()
	return a.open("POST", shop+"/oauth2/token", form, nil)
}

// webTokens are the tokens of ana after a whole code flow with PKCE.
func (a *account) webTokens(query url.Values) object {
	a.T.Helper()
	r := a.token(a.exchange("Client", a.logIn(query).parameters.Get("code")))
	if r.Status != 200 {
		a.T.Fatalf("token: %d %s", r.Status, r.Body)
	}
	return r.body
}

func (a *account) secret(logicalID string) string {
	a.T.Helper()
	created, _ := a.Stack.Resource(logicalID)
	return created.Attributes["ClientSecret"]
}

func (a *account) claims(raw any) jwt.Token { return a.parse(raw) }

// decided fails the test unless the rule refused the latest request.
func (a *account) decided(rule trace.RuleID) {
	a.T.Helper()
	if got := tracetest.Decider(a.Last, 1); got != rule {
		a.T.Errorf("decided by %q, want %q", got, rule)
	}
}
