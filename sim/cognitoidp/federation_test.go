package cognitoidp_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/jwt"
	"claimcheck/sim/saml"
	"claimcheck/sim/trace/tracetest"
)

// googlePool lets users in who have an account at Google or at the company.
const googlePool = `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UsernameConfiguration: {CaseSensitive: false}, Schema: [{Name: email, Required: true}]}
  Domain: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: shop}}
  Google:
    Type: AWS::Cognito::UserPoolIdentityProvider
    Properties:
      UserPoolId: !Ref Pool
      ProviderName: Google
      ProviderType: Google
      ProviderDetails: {client_id: cognito, client_secret: s3cret, authorize_scopes: openid email}
      AttributeMapping: {email: email, email_verified: email_verified, name: name, username: sub}
  Corp:
    Type: AWS::Cognito::UserPoolIdentityProvider
    Properties:
      UserPoolId: !Ref Pool
      ProviderName: corp
      ProviderType: OIDC
      ProviderDetails: {client_id: cognito, client_secret: s3cret, authorize_scopes: openid, oidc_issuer: https://login.corp.example, attributes_request_method: GET}
      AttributeMapping: {email: email}
      IdpIdentifiers: [corp.example]
  ADFS:
    Type: AWS::Cognito::UserPoolIdentityProvider
    Properties:
      UserPoolId: !Ref Pool
      ProviderName: adfs
      ProviderType: SAML
      ProviderDetails: {MetadataURL: https://adfs.corp.example/metadata}
      AttributeMapping: {email: mail}
  Client:
    Type: AWS::Cognito::UserPoolClient
    DependsOn: [Google, Corp, ADFS]
    Properties:
      UserPoolId: !Ref Pool
      AllowedOAuthFlows: [code]
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthScopes: [openid, email]
      CallbackURLs: [https://app.example.com/back]
      SupportedIdentityProviders: [Google, corp, adfs]
`

// googleUser is who signs in at the stand-in for a provider.
type googleUser struct {
	claims, tokenStatus string
	// certificate is the company's SAML server's.
	certificate []byte
}

// standIn answers for Google and for the company's server.
func standIn(who googleUser) func(api.HTTPRequest) api.HTTPResponse {
	return func(request api.HTTPRequest) api.HTTPResponse {
		ok := func(body string) api.HTTPResponse { return api.HTTPResponse{Status: 200, Body: body} }
		switch {
		case strings.HasSuffix(request.URL, "/metadata"):
			return ok(saml.Metadata{EntityID: "https://adfs.corp.example", SignOn: "https://adfs.corp.example/sso", Certificates: [][]byte{who.certificate}}.Document())
		case strings.HasSuffix(request.URL, "/.well-known/openid-configuration"):
			return ok(`{"authorization_endpoint":"https://login.corp.example/authorize","token_endpoint":"https://login.corp.example/token","userinfo_endpoint":"https://login.corp.example/userinfo"}`)
		case request.Method == "POST" && who.tokenStatus == "refused":
			return api.HTTPResponse{Status: 401, Body: `{"error":"invalid_client"}`}
		case request.Method == "POST":
			return ok(`{"access_token":"at-the-provider"}`)
		case request.Header.Get("authorization") == "Bearer at-the-provider":
			return ok(who.claims)
		}
		return api.HTTPResponse{Status: 404}
	}
}

func googleAccount(t testing.TB, cover *tracetest.Coverage) *account {
	t.Helper()
	a := newAccount(t)
	if cover != nil {
		a.Cover = cover
	}
	if err := a.Deploy(googlePool); err != nil {
		t.Fatal(err)
	}
	return a
}

const anaAtGoogle = `{"sub":"1045","email":"ana@example.com","email_verified":true,"name":"Ana"}`

// federate walks from authorize to the provider and back.
func (a *account) federate(query url.Values, who googleUser) reply {
	a.T.Helper()
	a.functions.web = standIn(who)
	away := a.open("GET", at("/oauth2/authorize", query), nil, nil)
	if away.parameters.Get("state") == "" {
		a.T.Fatalf("authorize: %d %s", away.Status, away.Header.Get("location"))
	}
	return a.open("GET", at("/oauth2/idpresponse", url.Values{"code": {"c"}, "state": {away.parameters.Get("state")}}), nil, nil)
}

func (a *account) toProvider(name string) url.Values {
	query := a.authorization("Client")
	query.Set("identity_provider", name)
	return query
}

func (a *account) federatedTokens(query url.Values, who googleUser) object {
	a.T.Helper()
	back := a.federate(query, who)
	r := a.token(a.exchange("Client", back.parameters.Get("code")))
	if r.Status != 200 {
		a.T.Fatalf("token: %d %s; back with %v", r.Status, r.Body, back.parameters)
	}
	return r.body
}

// .../authorization-endpoint.html: where the browser is sent.
func TestTheProviderIsChosenByNameOrIdentifier(t *testing.T) {
	a := googleAccount(t, nil)
	a.functions.web = standIn(googleUser{})
	google := a.open("GET", at("/oauth2/authorize", a.toProvider("Google")), nil, nil)
	if google.location != "https://accounts.google.com/o/oauth2/v2/auth" {
		t.Errorf("Google: %s", google.location)
	}
	for name, want := range map[string]string{"client_id": "cognito", "redirect_uri": shop + "/oauth2/idpresponse", "response_type": "code", "scope": "openid email"} {
		if got := google.parameters.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	query := a.authorization("Client")
	query.Set("idp_identifier", "corp.example")
	if corp := a.open("GET", at("/oauth2/authorize", query), nil, nil); corp.location != "https://login.corp.example/authorize" {
		t.Errorf("idp_identifier: %s", corp.location)
	}
}

// .../cognito-user-pools-identity-federation.html and, for the name in lower
// case, .../cognito-user-pools-managing-saml-idp-naming.html
func TestFirstFederatedSignInMakesAProfile(t *testing.T) {
	a := googleAccount(t, nil)
	tokens := a.federatedTokens(a.toProvider("Google"), googleUser{claims: anaAtGoogle})
	id := a.claims(tokens["id_token"])
	if id.Text("cognito:username") != "google_1045" || id.Text("email") != "ana@example.com" || id.Claims["email_verified"] != true {
		t.Errorf("%v", id.Claims)
	}
	want := []any{object{"userId": "1045", "providerName": "Google", "providerType": "Google", "issuer": nil, "primary": "true", "dateCreated": "1772442000000"}}
	if diff := cmp.Diff(any(want), id.Claims["identities"]); diff != "" {
		t.Error(diff)
	}
	if got := a.Must("AdminGetUser", a.user("google_1045"))["UserStatus"]; got != "EXTERNAL_PROVIDER" {
		t.Errorf("UserStatus is %v", got)
	}
}

// .../cognito-user-pools-specifying-attribute-mapping.html
func TestMappedAttributesAreRefreshedAndNotRemoved(t *testing.T) {
	a := googleAccount(t, nil)
	first := a.claims(a.federatedTokens(a.toProvider("Google"), googleUser{claims: anaAtGoogle})["id_token"])
	a.federate(a.toProvider("Google"), googleUser{claims: `{"sub":"1045","email":"ana@new.example"}`})
	attributes := map[string]string{}
	for _, item := range a.Must("AdminGetUser", a.user("google_1045"))["UserAttributes"].([]any) {
		pair := item.(object)
		attributes[pair["Name"].(string)], _ = pair["Value"].(string)
	}
	if attributes["email"] != "ana@new.example" || attributes["name"] != "Ana" || attributes["sub"] != first.Text("sub") {
		t.Errorf("%v", attributes)
	}
}

func link(destination, provider, attribute, value string) func(a *account) object {
	return func(a *account) object {
		return object{
			"UserPoolId":      a.Ref("Pool"),
			"DestinationUser": object{"ProviderName": "Cognito", "ProviderAttributeValue": destination},
			"SourceUser":      object{"ProviderName": provider, "ProviderAttributeName": attribute, "ProviderAttributeValue": value},
		}
	}
}

// .../cognito-user-pools-identity-federation-consolidate-users.html
func TestALinkedIdentitySignsInTheUser(t *testing.T) {
	a := googleAccount(t, nil)
	a.addUser("ana")
	a.Must("AdminLinkProviderForUser", link("ana", "Google", "Cognito_Subject", "1045")(a))
	a.Must("AdminLinkProviderForUser", link("ana", "corp", "email", "ana@corp.example")(a))
	for provider, claims := range map[string]string{"Google": anaAtGoogle, "corp": `{"sub":"e-7","email":"ana@corp.example"}`} {
		id := a.claims(a.federatedTokens(a.toProvider(provider), googleUser{claims: claims})["id_token"])
		if id.Text("cognito:username") != "ana" {
			t.Errorf("%s: username %q", provider, id.Text("cognito:username"))
		}
		if identities, _ := id.Claims["identities"].([]any); len(identities) != 2 {
			t.Errorf("%s: identities %v", provider, id.Claims["identities"])
		}
	}
}

// https://github.com/aws-amplify/amplify-js/issues/11565: the sign-in during
// which the trigger links fails, the next one works.
func linkDuringSignIn(a *account) {
	template := strings.Replace(googlePool, "Schema:", "LambdaConfig: {PreSignUp: '"+functionPrefix+"PreSignUp'}, Schema:", 1)
	if err := a.Deploy(template); err != nil {
		a.T.Fatal(err)
	}
	a.on("PreSignUp", func(event object) (any, error) {
		if event["triggerSource"] == "PreSignUp_ExternalProvider" {
			_, err := a.unrecorded("AdminLinkProviderForUser", link("ana", "Google", "Cognito_Subject", "1045")(a))
			return event, err
		}
		return event, nil
	})
	a.addUser("ana")
	first := a.federate(a.toProvider("Google"), googleUser{claims: anaAtGoogle})
	if got := first.parameters.Get("error_description"); got != "Already found an entry for username google_1045" {
		a.T.Errorf("the first sign-in: %v", first.parameters)
	}
	a.decided(cognitoidp.RuleLinkTooLate)
	id := a.claims(a.federatedTokens(a.toProvider("Google"), googleUser{claims: anaAtGoogle})["id_token"])
	if id.Text("cognito:username") != "ana" {
		a.T.Errorf("the second sign-in is %s", id.Text("cognito:username"))
	}
}

func TestLinkDuringSignIn(t *testing.T) { linkDuringSignIn(newAccount(t)) }

func linkRefusals() []refusal {
	const page = reference + "API_AdminLinkProviderForUser.html"
	const invalid = "InvalidParameterException"
	merging := "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"
	return []refusal{
		{"link to nobody", page, googlePool, cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "AdminLinkProviderForUser", link("bob", "Google", "Cognito_Subject", "1")},
		{"link an unknown provider", page, googlePool, cognitoidp.RuleProviderExists, "ResourceNotFoundException", "Identity provider Facebook does not exist.", "AdminLinkProviderForUser", link("ana", "Facebook", "Cognito_Subject", "1")},
		{"link Google by email", page, googlePool, cognitoidp.RuleLinkSource, invalid, "ProviderAttributeName must be Cognito_Subject for provider Google.", "AdminLinkProviderForUser", link("ana", "Google", "email", "ana@example.com")},
		{"link who has signed in", "https://github.com/aws/aws-sdk-net/issues/1000", googlePool, cognitoidp.RuleLinkFresh, invalid, merging, "AdminLinkProviderForUser", func(a *account) object {
			a.federate(a.toProvider("Google"), googleUser{claims: anaAtGoogle})
			return link("ana", "Google", "Cognito_Subject", "1045")(a)
		}},
		{"link a sixth time", guide + "quotas.html", googlePool, cognitoidp.RuleLinks, "LimitExceededException", "Maximum number of links per user exceeded.", "AdminLinkProviderForUser", func(a *account) object {
			for _, id := range []string{"1", "2", "3", "4", "5"} {
				a.Must("AdminLinkProviderForUser", link("ana", "Google", "Cognito_Subject", id)(a))
			}
			return link("ana", "Google", "Cognito_Subject", "6")(a)
		}},
	}
}

func TestLinksThatAreRefused(t *testing.T) {
	for _, r := range linkRefusals() {
		t.Run(r.name, func(t *testing.T) { runRefusal(t, r, &tracetest.Coverage{}) })
	}
}

// federationFailure is a way back from a provider that does not sign in.
type federationFailure struct {
	name, source, location, code, description string
	rule                                      string
	run                                       func(a *account) reply
	// template is googlePool when it is empty.
	template string
}

func federationFailures() []federationFailure {
	back := func(who googleUser) func(*account) reply {
		return func(a *account) reply { return a.federate(a.toProvider("Google"), who) }
	}
	return []federationFailure{
		{"a state that nobody sent", guide + "cognito-user-pools-managed-login.html", shop + "/error", "invalid_request", "", string(cognitoidp.RuleFederationState), func(a *account) reply {
			return a.open("GET", at("/oauth2/idpresponse", url.Values{"code": {"c"}, "state": {"guess"}}), nil, nil)
		}, ""},
		{"the user declines at the provider", guide + "authorization-endpoint.html", callback, "access_denied", "", string(cognitoidp.RuleFederationAnswer), func(a *account) reply {
			away := a.open("GET", at("/oauth2/authorize", a.toProvider("Google")), nil, nil)
			return a.open("GET", at("/oauth2/idpresponse", url.Values{"error": {"access_denied"}, "state": {away.parameters.Get("state")}}), nil, nil)
		}, ""},
		{"the provider refuses the client secret", "https://github.com/aws-amplify/amplify-cli/issues/2082", callback, "server_error", "Exception processing authorization code", string(cognitoidp.RuleFederationAnswer), back(googleUser{tokenStatus: "refused"}), ""},
		{"a required attribute does not come", "https://github.com/aws-samples/aws-amplify-oidc-federation/issues/2", callback, "invalid_request", "Invalid user attributes: email: The attribute is required", string(cognitoidp.RuleFederatedAttributes), back(googleUser{claims: `{"sub":"1"}`}), ""},
		{"a mapped attribute that keeps its first value", "https://github.com/aws-amplify/aws-sdk-ios/issues/2296", callback, "invalid_request", "Invalid user attributes: email: Attribute cannot be updated.", string(cognitoidp.RuleAttributeMutable), func(a *account) reply {
			if first := a.federate(a.toProvider("Google"), googleUser{claims: anaAtGoogle}); first.parameters.Get("code") == "" {
				a.T.Errorf("the first sign-in: %v", first.parameters)
			}
			return back(googleUser{claims: anaAtGoogle})(a)
		}, strings.Replace(googlePool, "Required: true", "Required: true, Mutable: false", 1)},
		{"the profile is disabled", reference + "API_AdminDisableUser.html", callback, "invalid_request", "User is disabled.", string(cognitoidp.RuleUserEnabled), func(a *account) reply {
			a.federate(a.toProvider("Google"), googleUser{claims: anaAtGoogle})
			a.Must("AdminDisableUser", a.user("google_1045"))
			return back(googleUser{claims: anaAtGoogle})(a)
		}, ""},
	}
}

func runFederationFailure(t *testing.T, f federationFailure, cover *tracetest.Coverage) {
	t.Helper()
	a := newAccount(t)
	if cover != nil {
		a.Cover = cover
	}
	if f.template == "" {
		f.template = googlePool
	}
	if err := a.Deploy(f.template); err != nil {
		t.Fatal(err)
	}
	r := f.run(a)
	if r.location != f.location || r.parameters.Get("error") != f.code || r.parameters.Get("error_description") != f.description {
		t.Errorf("%s: %s with %v", f.name, r.location, r.parameters)
	}
	if got := string(tracetest.Decider(a.Last, 1)); got != f.rule {
		t.Errorf("%s: decided by %q, want %q", f.name, got, f.rule)
	}
}

func TestFederationThatFails(t *testing.T) {
	for _, f := range federationFailures() {
		t.Run(f.name, func(t *testing.T) { runFederationFailure(t, f, nil) })
	}
}

// asserted walks to the SAML provider and posts what it says of ana, changed.
func (a *account) asserted(change func(*saml.Assertion)) reply {
	a.T.Helper()
	said := saml.Assertion{
		ID: "_a1", Issuer: "https://adfs.corp.example", Issued: a.World.Clock, NameID: "ana", Audiences: []string{"urn:amazon:cognito:sp:" + a.Ref("Pool")},
		NotOnOrAfter: a.World.Clock.Add(time.Minute), Attributes: []saml.Attribute{{Name: "mail", Values: []string{"ana@example.com"}}},
	}
	change(&said)
	response, err := samlSigner(a.T, 0).Response(said)
	if err != nil {
		a.T.Fatal(err)
	}
	return a.posted(response)
}

// posted walks to the SAML provider and posts a response.
func (a *account) posted(response string) reply {
	a.T.Helper()
	a.functions.web = standIn(googleUser{certificate: samlSigner(a.T, 0).Certificate})
	away := a.open("GET", at("/oauth2/authorize", a.toProvider("adfs")), nil, nil)
	if away.location != "https://adfs.corp.example/sso" || away.parameters.Get("SAMLRequest") == "" {
		a.T.Fatalf("authorize: %s", away.Header.Get("location"))
	}
	form := url.Values{"SAMLResponse": {response}, "RelayState": {away.parameters.Get("RelayState")}}
	return a.open("POST", shop+"/saml2/idpresponse", form, nil)
}

func samlSigner(t testing.TB, n int) saml.Signer {
	t.Helper()
	key, err := jwt.DevelopmentKey(n, "", jwt.RS256).Private()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := saml.NewSigner(key, "https://adfs.corp.example", tracetest.Start())
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func ofAna(*saml.Assertion) {}

// .../cognito-user-pools-integrating-3rd-party-saml-providers.html
func TestSAMLSignIn(t *testing.T) {
	a := googleAccount(t, nil)
	r := a.token(a.exchange("Client", a.asserted(ofAna).parameters.Get("code")))
	id := a.claims(r.body["id_token"])
	if id.Text("cognito:username") != "adfs_ana" || id.Text("email") != "ana@example.com" {
		t.Errorf("%v", id.Claims)
	}
}

// .../cognito-user-pools-saml-idp-things-to-know.html,
// https://github.com/aws/aws-sdk-js-v3/issues/6201
func TestAssertionsThatAreRefused(t *testing.T) {
	forged, err := samlSigner(t, 1).Response(saml.Assertion{ID: "_a1", NameID: "ana"})
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		post  func(*account) reply
		fault string
	}{
		"for another pool": {func(a *account) reply {
			return a.asserted(func(said *saml.Assertion) { said.Audiences = []string{"urn:amazon:cognito:sp:us-east-1_Other"} })
		}, "Error in SAML response processing: it is for another audience"},
		"an expired one": {func(a *account) reply {
			return a.asserted(func(said *saml.Assertion) { said.NotOnOrAfter = a.World.Clock })
		}, "Error in SAML response processing: it has expired"},
		"of another key": {func(a *account) reply { return a.posted(forged) }, "Invalid SAML response received: SAML Assertion signature is invalid. "},
		"no response":    {func(a *account) reply { return a.posted("%") }, "Error in SAML response processing: it is not base64"},
	} {
		t.Run(name, func(t *testing.T) {
			a := googleAccount(t, nil)
			r := row.post(a)
			if r.location != callback || r.parameters.Get("error_description") != row.fault {
				t.Errorf("%s with %v", r.location, r.parameters)
			}
			a.decided(cognitoidp.RuleAssertion)
		})
	}
}

// A response is used once, and not at the endpoint for codes.
func TestAnAssertionIsNotReplayed(t *testing.T) {
	a := googleAccount(t, nil)
	a.functions.web = standIn(googleUser{})
	away := a.open("GET", at("/oauth2/authorize", a.toProvider("adfs")), nil, nil)
	state := away.parameters.Get("RelayState")
	if r := a.open("GET", at("/oauth2/idpresponse", url.Values{"code": {"c"}, "state": {state}}), nil, nil); r.location != shop+"/error" {
		t.Errorf("a code for SAML: %s", r.location)
	}
	form := url.Values{"SAMLResponse": {"%"}, "RelayState": {state}}
	if r := a.open("POST", shop+"/saml2/idpresponse", form, nil); r.location != callback {
		t.Errorf("the first response: %s", r.location)
	}
	if r := a.open("POST", shop+"/saml2/idpresponse", form, nil); r.location != shop+"/error" {
		t.Errorf("the second: %s", r.location)
	}
	a.decided(cognitoidp.RuleFederationState)
}

// .../API_CreateUserPoolClient.html: without COGNITO the login page takes no
// password.
func localUsersAreShutOut(a *account) {
	a.addUser("ana")
	r := a.open("POST", at("/login", a.authorization("Client")), credentials(), nil)
	if r.Status != 200 || !strings.Contains(r.Body, `value="Google"`) {
		a.T.Errorf("%d %s", r.Status, r.Body)
	}
	a.decided(cognitoidp.RuleLocalUsers)
}

func TestLocalUsersAreShutOut(t *testing.T) { localUsersAreShutOut(googleAccount(t, nil)) }

func badProviders() []badTemplate {
	provider := func(properties string) string {
		return "\nResources:\n  Pool: {Type: AWS::Cognito::UserPool}\n  Provider: {Type: AWS::Cognito::UserPoolIdentityProvider, Properties: {UserPoolId: !Ref Pool, " + properties + "}}\n"
	}
	const invalid, page = "InvalidParameterException", reference + "API_CreateIdentityProvider.html"
	google := "ProviderType: Google, ProviderDetails: {client_id: a, client_secret: b, authorize_scopes: openid}, "
	return []badTemplate{
		{"a provider twice", page, cognitoidp.RuleProviderName, "DuplicateProviderException", "", provider(google+"ProviderName: Google") + `
  Again: {Type: AWS::Cognito::UserPoolIdentityProvider, Properties: {UserPoolId: !Ref Pool, ProviderName: Google, ProviderType: Google, ProviderDetails: {client_id: a, client_secret: b, authorize_scopes: openid}}}
`},
		{"Google under another name", page, cognitoidp.RuleProviderName, invalid, "goggle is not a valid name", provider(google + "ProviderName: goggle")},
		{"OIDC without an issuer", page, cognitoidp.RuleProviderDetails, invalid, "Required parameter oidc_issuer is missing", provider("ProviderName: corp, ProviderType: OIDC, ProviderDetails: {client_id: a, authorize_scopes: openid, attributes_request_method: GET}")},
		{"SAML without metadata", page, cognitoidp.RuleProviderDetails, invalid, "Required parameter MetadataURL is missing", provider("ProviderName: adfs, ProviderType: SAML, ProviderDetails: {IDPSignout: 'true'}")},
		{"a mapping to no attribute", guide + "cognito-user-pools-specifying-attribute-mapping.html", cognitoidp.RuleAttributeMapping, invalid, "custom:team is not in the schema", provider(google + "ProviderName: Google, AttributeMapping: {'custom:team': team}")},
	}
}

func TestBadProviders(t *testing.T) {
	for _, b := range badProviders() {
		t.Run(b.name, func(t *testing.T) { newAccount(t).notDeployed(b.rule, b.code, b.message, b.template) })
	}
}

// exerciseFederation makes every rule of federation hold and fail.
func exerciseFederation(t *testing.T, cover *tracetest.Coverage) {
	t.Helper()
	for _, f := range federationFailures() {
		runFederationFailure(t, f, cover)
	}
	for _, r := range append(linkRefusals(), unlinkRefusals()...) {
		runRefusal(t, r, cover)
	}
	removeLink(googleAccount(t, cover))
	localUsersAreShutOut(googleAccount(t, cover))
	googleAccount(t, cover).asserted(ofAna)
	googleAccount(t, cover).posted("%")
	a := googleAccount(t, cover)
	a.addUser("ana")
	a.Must("AdminLinkProviderForUser", link("ana", "Google", "Cognito_Subject", "1045")(a))
	a.federatedTokens(a.toProvider("Google"), googleUser{claims: anaAtGoogle})
	a = newAccount(t)
	a.Cover = cover
	linkDuringSignIn(a)
}
