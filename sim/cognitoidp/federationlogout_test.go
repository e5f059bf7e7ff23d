package cognitoidp_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/idp"
	"claimcheck/sim/trace/tracetest"
)

// staffPool lets in who has an account at the company, whose provider may begin
// and end sessions.
const staffPool = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Domain: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: shop}}
  ADFS:
    Type: AWS::Cognito::UserPoolIdentityProvider
    Properties:
      UserPoolId: !Ref Pool
      ProviderName: adfs
      ProviderType: SAML
      ProviderDetails: {MetadataURL: "https://adfs.corp.example/metadata", IDPInit: 'true', IDPSignout: 'true'}
  Client:
    Type: AWS::Cognito::UserPoolClient
    DependsOn: [ADFS]
    Properties:
      UserPoolId: !Ref Pool
      AllowedOAuthFlows: [code]
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthScopes: [openid]
      CallbackURLs: [https://app.example.com/back]
      LogoutURLs: [https://app.example.com/bye]
      SupportedIdentityProviders: [adfs]
`

// staffAccount is staffPool, changed, with the company's provider.
func staffAccount(t testing.TB, cover *tracetest.Coverage, changes ...string) *account {
	t.Helper()
	a := newAccount(t)
	if cover != nil {
		a.Cover = cover
	}
	a.with(strings.NewReplacer(changes...).Replace(staffPool))
	provider, err := idp.New(a.World, idp.Provider{
		Name: "ADFS", Issuer: "https://adfs.corp.example", Protocol: idp.SAML, SignOut: shop + "/saml2/logout",
		Users: []map[string]any{{"NameID": "ana"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	a.functions.web = func(request api.HTTPRequest) api.HTTPResponse {
		response, err := provider.Site().Serve(nil, request)
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	return a
}

// relay is the request that RelayState has when the provider begins.
func (a *account) relay() url.Values {
	return url.Values{
		"identity_provider": {"adfs"}, "client_id": {a.Ref("Client")}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid"},
	}
}

// begun is what the provider's page posts to the pool for ana, who began there.
func (a *account) begun(relay url.Values) url.Values {
	a.T.Helper()
	query := url.Values{"loginToRp": {"urn:amazon:cognito:sp:" + a.Ref("Pool")}, "acs": {shop + "/saml2/idpresponse"}, "RelayState": {relay.Encode()}}
	return a.formOf(a.functions.web(api.HTTPRequest{
		Method: "POST", URL: "https://adfs.corp.example/sso?" + query.Encode(), Body: "account=ana",
		Header: api.Header{"content-type": {"application/x-www-form-urlencoded"}},
	}))
}

// formOf are the fields of a page's form.
func (a *account) formOf(page api.HTTPResponse) url.Values {
	a.T.Helper()
	form := url.Values{}
	for _, field := range regexp.MustCompile(`name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(page.Body, -1) {
		form.Set(field[1], strings.ReplaceAll(field[2], "&amp;", "&"))
	}
	if len(form) == 0 {
		a.T.Fatalf("no form in %d %s", page.Status, page.Body)
	}
	return form
}

// .../cognito-user-pools-SAML-session-initiation.html
func TestASAMLProviderBeginsASignIn(t *testing.T) { beginOutside(staffAccount(t, nil)) }

func beginOutside(a *account) {
	a.T.Helper()
	form := a.begun(a.relay())
	r := a.open("POST", shop+"/saml2/idpresponse", form, nil)
	if r.location != callback {
		a.T.Fatalf("goes to %s %v", r.location, r.parameters)
	}
	tokens := a.token(a.exchange("Client", r.parameters.Get("code"))).body
	if got := a.claims(tokens["id_token"]).Text("cognito:username"); got != "adfs_ana" {
		a.T.Errorf("the user is %s", got)
	}
	again := a.open("POST", shop+"/saml2/idpresponse", form, nil)
	if got := again.parameters.Get("error_description"); got != "Error in SAML response processing: it was used before" {
		a.T.Errorf("the same assertion again: %v", again.parameters)
	}
	a.decided(cognitoidp.RuleAssertion)
}

// outsideRefusal is a sign-in that a provider begins in vain.
type outsideRefusal struct {
	name     string
	changes  []string
	relay    map[string]string
	rule     string
	location string
}

func outsideRefusals() []outsideRefusal {
	return []outsideRefusal{
		{"a provider without IDPInit", []string{"IDPInit: 'true', ", ""}, nil, string(cognitoidp.RuleIDPInit), shop + "/error"},
		{"a provider that the pool lacks", nil, map[string]string{"identity_provider": "okta"}, string(cognitoidp.RuleIDPInit), shop + "/error"},
		{"another callback", nil, map[string]string{"redirect_uri": "https://evil.example.com/"}, string(cognitoidp.RuleRedirectURI), shop + "/error"},
		{"a client of local users too", []string{"SupportedIdentityProviders: [adfs]", "SupportedIdentityProviders: [adfs, COGNITO]"}, nil, string(cognitoidp.RuleIDPInitClient), callback},
	}
}

// .../cognito-user-pools-SAML-session-initiation.html
func TestSignInsThatAProviderBeginsInVain(t *testing.T) {
	for _, r := range outsideRefusals() {
		t.Run(r.name, func(t *testing.T) { r.run(staffAccount(t, nil, r.changes...)) })
	}
}

func (r outsideRefusal) run(a *account) {
	a.T.Helper()
	relay := a.relay()
	for name, value := range r.relay {
		relay.Set(name, value)
	}
	if got := a.open("POST", shop+"/saml2/idpresponse", a.begun(relay), nil); got.location != r.location {
		a.T.Errorf("goes to %s, want %s", got.location, r.location)
	}
	if got := tracetest.Decider(a.Last, 1); string(got) != r.rule {
		a.T.Errorf("decided by %q, want %q", got, r.rule)
	}
}

// .../cognito-user-pools-saml-idp-sign-out.html
func TestLogoutEndsTheSessionAtTheProviderToo(t *testing.T) { signOutOfBoth(staffAccount(t, nil)) }

func signOutOfBoth(a *account) {
	a.T.Helper()
	cookie := api.Header{"cookie": {a.open("POST", shop+"/saml2/idpresponse", a.begun(a.relay()), nil).cookie}}
	bye := url.Values{"client_id": {a.Ref("Client")}, "logout_uri": {"https://app.example.com/bye"}}
	away := a.open("GET", at("/logout", bye), nil, cookie)
	if away.location != "https://adfs.corp.example/slo" {
		a.T.Fatalf("/logout goes to %s", away.location)
	}
	back := a.formOf(a.functions.web(api.HTTPRequest{Method: "GET", URL: away.Header.Get("location")}))
	if r := a.open("POST", shop+"/saml2/logout", back, nil); r.location != "https://app.example.com/bye" {
		a.T.Errorf("the browser ends at %s", r.location)
	}
	if r := a.open("POST", shop+"/saml2/logout", back, nil); r.location != shop+"/error" {
		a.T.Errorf("a second time it ends at %s", r.location)
	}
	a.decided(cognitoidp.RuleFederationState)
}

// .../cognito-user-pools-saml-idp-sign-out.html
func TestWithoutIDPSignoutTheProviderKnowsNothingOfALogout(t *testing.T) {
	signOutOfOne(staffAccount(t, nil, ", IDPSignout: 'true'", ""))
}

func signOutOfOne(a *account) {
	a.T.Helper()
	cookie := api.Header{"cookie": {a.open("POST", shop+"/saml2/idpresponse", a.begun(a.relay()), nil).cookie}}
	bye := url.Values{"client_id": {a.Ref("Client")}, "logout_uri": {"https://app.example.com/bye"}}
	if r := a.open("GET", at("/logout", bye), nil, cookie); r.location != "https://app.example.com/bye" {
		a.T.Errorf("/logout goes to %s", r.location)
	}
}

func exerciseStaff(t *testing.T, cover *tracetest.Coverage) {
	t.Helper()
	beginOutside(staffAccount(t, cover))
	signOutOfBoth(staffAccount(t, cover))
	signOutOfOne(staffAccount(t, cover, ", IDPSignout: 'true'", ""))
	for _, r := range outsideRefusals() {
		r.run(staffAccount(t, cover, r.changes...))
	}
}
