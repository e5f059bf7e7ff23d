package cognitoidentity_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/cognitoidentity"
	"claimcheck/sim/idp"
	"claimcheck/sim/jwt"
	"claimcheck/sim/saml"
)

const (
	companyARN = "arn:aws:iam::123456789012:saml-provider/corp"
	providers  = guide + "external-identity-providers.html"
	samlPage   = guide + "saml-identity-provider.html"
)

// socialPool takes logins of four social providers for app-7 and of the company's
// SAML server, and maps the roles of the latter.
func socialPool() string {
	more := "SupportedLoginProviders: {graph.facebook.com: app-7, www.amazon.com: app-7, accounts.google.com: app-7, appleid.apple.com: app-7}\n" +
		"      SamlProviderARNs: ['" + companyARN + "']"
	return fmt.Sprintf(template, false, more, "authenticated: '"+userRole+"'")
}

// outside answers for the identity providers outside AWS.
func (a *account) outside(request api.HTTPRequest) (api.HTTPResponse, bool) {
	address, err := url.Parse(request.URL)
	if err != nil {
		return api.HTTPResponse{}, false
	}
	for _, p := range a.providers {
		if !p.Site().Hosts(address.Host) {
			continue
		}
		if a.broken {
			return api.HTTPResponse{Status: 503}, true
		}
		response, err := p.Site().Serve(nil, request)
		if err != nil {
			a.T.Fatal(err)
		}
		return response, true
	}
	return api.HTTPResponse{}, false
}

// start runs an identity provider outside AWS.
func (a *account) start(p idp.Provider) {
	a.T.Helper()
	running, err := idp.New(a.World, p)
	if err != nil {
		a.T.Fatal(err)
	}
	a.providers = append(a.providers, running)
}

// social are the providers by the key that their logins have, each with where it
// gives tokens and which of them the login is.
func social() map[string][3]string {
	return map[string][3]string{
		"accounts.google.com": {"Google", "https://www.googleapis.com/oauth2/v4/token", "id_token"},
		"appleid.apple.com":   {"SignInWithApple", "https://appleid.apple.com/auth/token", "id_token"},
		"graph.facebook.com":  {"Facebook", "https://graph.facebook.com/v17.0/oauth/access_token", "access_token"},
		"www.amazon.com":      {"LoginWithAmazon", "https://api.amazon.com/auth/o2/token", "access_token"},
	}
}

// socialLogin signs ana in to an app at a social provider.
func (a *account) socialLogin(key, app string) object {
	a.T.Helper()
	how := social()[key]
	a.start(idp.Provider{Name: how[0], Users: []map[string]any{{"sub": "u-7", "id": "u-7", "user_id": "u-7", "email": "ana@example.com"}}})
	response, _ := a.outside(api.HTTPRequest{Method: "POST", URL: how[1], Body: "grant_type=password&username=ana@example.com&client_id=" + app})
	var granted map[string]any
	if err := json.Unmarshal([]byte(response.Body), &granted); err != nil {
		a.T.Fatal(err)
	}
	return object{key: granted[how[2]]}
}

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/external-identity-providers.html
func TestSocialProvidersLogIn(t *testing.T) {
	for key := range social() {
		t.Run(key, func(t *testing.T) {
			a := deployed(t, socialPool())
			logins := a.socialLogin(key, "app-7")
			id := a.idOf(logins)
			if again := a.idOf(a.socialLogin(key, "app-7")); again != id {
				t.Errorf("one user has the identities %s and %s", id, again)
			}
			a.Must("GetCredentialsForIdentity", object{"IdentityId": id, "Logins": logins})
			token, err := jwt.Parse(a.calls[0].Input["WebIdentityToken"].(string))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"authenticated", key}, token.Texts("amr")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/provider-mappings.html
func TestDefaultTagsOfSocialProviders(t *testing.T) {
	for key := range social() {
		a := deployed(t, socialPool())
		a.Must("SetPrincipalTagAttributeMap", object{"IdentityPoolId": a.pool(), "IdentityProviderName": key, "UseDefaults": true})
		logins := a.socialLogin(key, "app-7")
		a.Must("GetCredentialsForIdentity", object{"IdentityId": a.idOf(logins), "Logins": logins})
		token, err := jwt.Parse(a.calls[0].Input["WebIdentityToken"].(string))
		if err != nil {
			t.Fatal(err)
		}
		want := object{"principal_tags": object{"client": []any{"app-7"}, "username": []any{"u-7"}}}
		if diff := cmp.Diff(want, token.Claims["https://aws.amazon.com/tags"]); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}

func socialRefusals() []refusal {
	login := func(logins func(a *account) object) func(a *account) object {
		return func(a *account) object { return object{"IdentityPoolId": a.pool(), "Logins": logins(a)} }
	}
	of := func(key, app string) func(a *account) object {
		return login(func(a *account) object { return a.socialLogin(key, app) })
	}
	const another = "Token is not from a supported provider of this identity pool."
	return []refusal{
		{"another app at Facebook", "https://github.com/aws-amplify/aws-sdk-android/issues/1131", socialPool(), cognitoidentity.RuleTokenProvider, "NotAuthorizedException", another, "GetId", of("graph.facebook.com", "app-8")},
		{"another app at Login with Amazon", "https://github.com/amazon-archives/cognito-sample-nodejs/issues/1", socialPool(), cognitoidentity.RuleTokenProvider, "NotAuthorizedException", another, "GetId", of("www.amazon.com", "app-8")},
		{"another app at Apple", "https://github.com/aws-amplify/amplify-js/issues/6287", socialPool(), cognitoidentity.RuleOIDCAudience, "NotAuthorizedException", "Invalid login token. Incorrect token audience.", "GetId", of("appleid.apple.com", "app-8")},
		{"an access token that Facebook does not know", providers, socialPool(), cognitoidentity.RuleAccessToken, "NotAuthorizedException", "Invalid login token.", "GetId", login(func(a *account) object {
			a.socialLogin("graph.facebook.com", "app-7")
			return object{"graph.facebook.com": "guess"}
		})},
		{"an access token that has expired", providers, socialPool(), cognitoidentity.RuleAccessToken, "NotAuthorizedException", "Invalid login token.", "GetId", login(func(a *account) object {
			logins := a.socialLogin("www.amazon.com", "app-7")
			a.World.Clock = a.World.Clock.Add(time.Hour)
			return logins
		})},
		{"the name of a provider instead of its key", "https://github.com/scientifichackers/flutter_cognito_plugin/issues/13", socialPool(), cognitoidentity.RuleTokenJWT, "NotAuthorizedException",
			"Invalid login token. Not a valid OpenId Connect identity token.", "GetId", login(func(a *account) object {
				return object{"Facebook": a.socialLogin("graph.facebook.com", "app-7")["graph.facebook.com"]}
			})},
		{"the access token of Google", "https://github.com/jonsaw/amazon-cognito-identity-dart/issues/85", socialPool(), cognitoidentity.RuleTokenJWT, "NotAuthorizedException",
			"Invalid login token. Not a valid OpenId Connect identity token.", "GetId", login(func(*account) object { return object{"accounts.google.com": "ya29.opaque"} })},
		{"an OpenID Connect provider that the pool does not have", "https://github.com/aws-amplify/amplify-js/issues/2067", "", cognitoidentity.RuleTokenProvider, "NotAuthorizedException", another, "GetId", login(func(a *account) object {
			return object{"login.other.example": a.idToken(object{"iss": "https://login.other.example"})}
		})},
	}
}

// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html
func TestAProviderThatDoesNotAnswer(t *testing.T) {
	a := deployed(t, socialPool())
	logins := a.socialLogin("graph.facebook.com", "app-7")
	a.broken = true
	a.Refused("", "ExternalServiceException", "graph.facebook.com does not answer", "GetId", object{"IdentityPoolId": a.pool(), "Logins": logins})
}

func TestWhatIsNotSimulatedOfProvidersIsNoVerdict(t *testing.T) {
	a := deployed(t, fmt.Sprintf(template, false, "SupportedLoginProviders: {api.twitter.com: 'key;secret', www.amazon.com: app-7}\n      SamlProviderARNs: ['"+companyARN+"']", ""))
	for name, logins := range map[string]object{
		"Twitter":                    {"api.twitter.com": "token;secret"},
		"a SAML provider that is no": {companyARN: a.samlLogin("ana")[companyARN]},
	} {
		a.saml = api.SAMLProvider{}
		t.Run(name, func(*testing.T) { a.notSimulated("GetId", object{"IdentityPoolId": a.pool(), "Logins": logins}) })
	}
}

// said is what the company's SAML server says of a user to AWS.
func (a *account) said(user string) saml.Assertion {
	return saml.Assertion{
		ID: "_a", Issuer: "https://login.corp.example", Issued: a.World.Clock, NameID: user, NameFormat: saml.Persistent,
		Recipient: "https://signin.aws.amazon.com/saml", Audiences: []string{"urn:amazon:webservices"}, NotOnOrAfter: a.World.Clock.Add(5 * time.Minute),
	}
}

// vouch signs what the server says with the n-th key, while the account knows
// the first.
func (a *account) vouch(n int, said saml.Assertion) object {
	a.T.Helper()
	var signers [2]saml.Signer
	for i := range signers {
		key, err := jwt.DevelopmentKey(i, "", jwt.RS256).Private()
		if err != nil {
			a.T.Fatal(err)
		}
		if signers[i], err = saml.NewSigner(key, "https://login.corp.example", a.World.Clock); err != nil {
			a.T.Fatal(err)
		}
	}
	a.saml = api.SAMLProvider{ARN: companyARN, Issuer: "https://login.corp.example", Certificates: [][]byte{signers[0].Certificate}}
	response, err := signers[n].Response(said)
	if err != nil {
		a.T.Fatal(err)
	}
	return object{companyARN: response}
}

func (a *account) samlLogin(user string, attributes ...saml.Attribute) object {
	said := a.said(user)
	said.Attributes = attributes
	return a.vouch(0, said)
}

func samlRefusals() []refusal {
	login := func(logins func(a *account) object) func(a *account) object {
		return func(a *account) object { return object{"IdentityPoolId": a.pool(), "Logins": logins(a)} }
	}
	but := func(change func(*saml.Assertion)) func(a *account) object {
		return login(func(a *account) object {
			said := a.said("ana")
			change(&said)
			return a.vouch(0, said)
		})
	}
	const code = "NotAuthorizedException"
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC).Unix()
	return []refusal{
		{"no assertion", samlPage, socialPool(), cognitoidentity.RuleAssertion, code, "Invalid login token. Not a valid SAML assertion.", "GetId", login(func(*account) object { return object{companyARN: "PHNhbWw+"} })},
		{"an assertion of another entity", samlPage, socialPool(), cognitoidentity.RuleTokenIssuer, code, "Invalid login token. Issuer doesn't match providerName", "GetId", but(func(s *saml.Assertion) { s.Issuer = "https://evil.example" })},
		{"an assertion of another key", samlPage, socialPool(), cognitoidentity.RuleTokenSignature, code, "Invalid login token. Couldn't verify signed token.", "GetId", login(func(a *account) object { return a.vouch(1, a.said("ana")) })},
		{"an assertion for another recipient", samlPage, socialPool(), cognitoidentity.RuleAssertion, code, "Invalid login token. Incorrect token audience.", "GetId", but(func(s *saml.Assertion) { s.Recipient = "https://other.example" })},
		{"an assertion for another audience", samlPage, socialPool(), cognitoidentity.RuleAssertion, code, "Invalid login token. Incorrect token audience.", "GetId", but(func(s *saml.Assertion) { s.Audiences = nil })},
		{"an assertion that has expired", samlPage, socialPool(), cognitoidentity.RuleTokenExpiry, code, fmt.Sprintf("Invalid login token. Token expired: %d >= %d", now, now), "GetId", but(func(s *saml.Assertion) { s.NotOnOrAfter = s.Issued })},
		{"a SAML provider that the pool does not have", samlPage, "", cognitoidentity.RuleTokenProvider, code, "Token is not from a supported provider of this identity pool.", "GetId", login(func(a *account) object { return a.samlLogin("ana") })},
		{"SAML in the basic flow", samlPage, socialPool(), cognitoidentity.RuleClassicFlow, "InvalidParameterException", "Basic (classic) flow is not supported with SAML, please use enhanced flow.", "GetOpenIdToken", func(a *account) object {
			logins := a.samlLogin("ana")
			return object{"IdentityId": a.idOf(logins), "Logins": logins}
		}},
	}
}

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/saml-identity-provider.html
func TestSAMLRolesComeFromTheAssertion(t *testing.T) {
	pair := func(role string) string { return role + "," + companyARN }
	roles := func(list ...string) saml.Attribute {
		return saml.Attribute{Name: "https://aws.amazon.com/SAML/Attributes/Role", Values: list}
	}
	mapped := func(kind string) object {
		mapping := object{"Type": kind, "AmbiguousRoleResolution": "Deny"}
		if kind == "Rules" {
			mapping["RulesConfiguration"] = object{"Rules": []any{object{"Claim": "dept", "MatchType": "Equals", "Value": "IT", "RoleARN": admins}}}
		}
		return object{companyARN: mapping}
	}
	for name, tt := range map[string]struct {
		kind      string
		attribute saml.Attribute
		custom    string
		want      string
	}{
		"the only one":         {"Token", roles(pair(editors)), "", editors},
		"one of two":           {"Token", roles(pair(editors), pair(admins)), admins, admins},
		"two and no choice":    {"Token", roles(pair(editors), pair(admins)), "", ""},
		"one that is not said": {"Token", roles(pair(editors)), admins, ""},
		"a rule":               {"Rules", saml.Attribute{Name: "dept", Values: []string{"IT"}}, "", admins},
		"no rule":              {"Rules", saml.Attribute{Name: "dept", Values: []string{"HR"}}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := deployed(t, socialPool())
			a.Must("SetIdentityPoolRoles", object{"IdentityPoolId": a.pool(), "Roles": object{"authenticated": userRole}, "RoleMappings": mapped(tt.kind)})
			logins := a.samlLogin("ana", tt.attribute)
			input := object{"IdentityId": a.idOf(logins), "Logins": logins}
			if tt.custom != "" {
				input["CustomRoleArn"] = tt.custom
			}
			_, err := a.Run("GetCredentialsForIdentity", input)
			if tt.want == "" {
				if err == nil || !strings.HasPrefix(err.Error(), "NotAuthorizedException") {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil || a.calls[0].Input["RoleArn"] != tt.want {
				t.Errorf("%v, %v", a.calls, err)
			}
		})
	}
}
