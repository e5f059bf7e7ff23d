package cognitoidp_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// webRefusal is a request at a domain that Cognito refuses, and why.
type webRefusal struct {
	name, source string
	rule         trace.RuleID
	// location is where the browser is sent, "" for a page or a JSON answer with
	// the status; code is the OAuth error there.
	location string
	status   int
	code     string
	send     func(a *account) reply
}

func webRefusals() []webRefusal {
	return append(append(authorizeRefusals(), tokenEndpointRefusals()...), otherEndpointRefusals()...)
}

func authorizeRefusals() []webRefusal {
	// change makes an authorization request of Client unsound.
	change := func(changes ...string) func(*account) reply {
		return func(a *account) reply {
			query := a.authorization("Client")
			for i := 0; i < len(changes); i += 2 {
				query.Set(changes[i], changes[i+1])
				if changes[i+1] == "" {
					query.Del(changes[i])
				}
			}
			return a.open("GET", at("/oauth2/authorize", query), nil, nil)
		}
	}
	of := func(logicalID string, changes ...string) func(*account) reply {
		return func(a *account) reply {
			return change(append([]string{"client_id", a.Ref(logicalID)}, changes...)...)(a)
		}
	}
	const page = guide + "authorization-endpoint.html"
	const mismatch = "https://github.com/aws/aws-aspnet-cognito-identity-provider/issues/167"
	return []webRefusal{
		{"an unknown client", page, cognitoidp.RuleDomainClient, shop + "/error", 302, "invalid_request", change("client_id", "nobody")},
		{"no client", page, cognitoidp.RuleDomainClient, shop + "/error", 302, "invalid_request", change("client_id", "")},
		{"another redirect_uri", mismatch, cognitoidp.RuleRedirectURI, shop + "/error", 302, "redirect_mismatch", change("redirect_uri", "https://evil.example.com/")},
		{"a redirect_uri with a slash more", mismatch, cognitoidp.RuleRedirectURI, shop + "/error", 302, "redirect_mismatch", change("redirect_uri", callback+"/")},
		{"no redirect_uri and no default", mismatch, cognitoidp.RuleRedirectURI, shop + "/error", 302, "redirect_mismatch", change("redirect_uri", "")},
		{"a client that is not turned on", reference + "API_CreateUserPoolClient.html", cognitoidp.RuleOAuthEnabled, callback, 302, "unauthorized_client", of("Off", "scope", "openid")},
		{"no response_type", page, cognitoidp.RuleResponseType, callback, 302, "invalid_request", change("response_type", "")},
		{"another response_type", page, cognitoidp.RuleResponseType, callback, 302, "invalid_request", change("response_type", "id_token")},
		{"a flow that the client lacks", page, cognitoidp.RuleGrantAllowed, callback, 302, "unauthorized_client", of("Confidential", "response_type", "token")},
		{"PKCE with plain", page, cognitoidp.RuleChallengeMethod, callback, 302, "invalid_request", change("code_challenge_method", "plain")},
		{"PKCE without a method", page, cognitoidp.RuleChallengeMethod, callback, 302, "invalid_request", change("code_challenge_method", "")},
		{"PKCE without a challenge", page, cognitoidp.RuleChallengeMethod, callback, 302, "invalid_request", change("code_challenge", "")},
		{"a scope that the client lacks", guide + "cognito-user-pools-define-resource-servers.html", cognitoidp.RuleScopeAllowed, callback, 302, "invalid_scope", change("scope", "openid orders/write")},
		{"email without openid", guide + "cognito-user-pools-define-resource-servers.html", cognitoidp.RuleScopeOpenID, callback, 302, "invalid_scope", change("scope", "email")},
		{"a resource by http", page, cognitoidp.RuleResource, callback, 302, "invalid_request", change("resource", "http://api.example.com")},
		{"a resource that is no address", page, cognitoidp.RuleResource, callback, 302, "invalid_request", change("resource", "orders")},
		{"prompt=none without a session", page, cognitoidp.RulePrompt, callback, 302, "login_required", change("prompt", "none")},
		{"a provider that the client lacks", page, cognitoidp.RuleProviderOffered, callback, 302, "invalid_request", change("identity_provider", "Google")},
		{"an unknown idp_identifier", page, cognitoidp.RuleProviderOffered, callback, 302, "invalid_request", change("idp_identifier", "corp.example")},
	}
}

func tokenEndpointRefusals() []webRefusal {
	const page = guide + "token-endpoint.html"
	// change makes the exchange of a fresh code of Client unsound.
	change := func(changes ...string) func(*account) reply {
		return func(a *account) reply {
			form := a.exchange("Client", a.logIn(a.authorization("Client")).parameters.Get("code"))
			for i := 0; i < len(changes); i += 2 {
				form.Set(changes[i], changes[i+1])
				if changes[i+1] == "" {
					form.Del(changes[i])
				}
			}
			return a.token(form)
		}
	}
	machine := func(logicalID, scope string) func(*account) reply {
		return func(a *account) reply {
			return a.token(url.Values{"grant_type": {"client_credentials"}, "client_id": {a.Ref(logicalID)}, "client_secret": {a.secret(logicalID)}, "scope": {scope}})
		}
	}
	confidential := func(secret string) func(*account) reply {
		return func(a *account) reply {
			header := api.Header{"authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(a.Ref("Confidential")+":"+secret))}}
			return a.open("POST", shop+"/oauth2/token", a.exchange("Confidential", "x"), header)
		}
	}
	refresh := func(token string) func(*account) reply {
		return func(a *account) reply {
			return a.token(url.Values{"grant_type": {"refresh_token"}, "client_id": {a.Ref("Client")}, "refresh_token": {token}})
		}
	}
	return []webRefusal{
		{"JSON instead of a form", page, cognitoidp.RuleTokenForm, "", 400, "invalid_request", func(a *account) reply {
			return a.open("POST", shop+"/oauth2/token", nil, api.Header{"content-type": {"application/json"}})
		}},
		{"no grant_type", page, cognitoidp.RuleTokenForm, "", 400, "invalid_request", change("grant_type", "")},
		{"no code", page, cognitoidp.RuleTokenForm, "", 400, "invalid_request", change("code", "")},
		{"the password grant", page, cognitoidp.RuleGrantType, "", 400, "unsupported_grant_type", change("grant_type", "password")},
		{"an unknown client", page, cognitoidp.RuleDomainClient, "", 400, "invalid_client", change("client_id", "nobody")},
		{"no client", page, cognitoidp.RuleDomainClient, "", 400, "invalid_client", change("client_id", "")},
		{"a secret of a client without one", page, cognitoidp.RuleEndpointSecret, "", 400, "invalid_client", change("client_secret", "guess")},
		{"a wrong secret", page, cognitoidp.RuleEndpointSecret, "", 400, "invalid_client", confidential("guess")},
		{"no secret", page, cognitoidp.RuleEndpointSecret, "", 400, "invalid_client", confidential("")},
		{"Basic that is no base64", page, cognitoidp.RuleDomainClient, "", 400, "invalid_client", func(a *account) reply {
			return a.open("POST", shop+"/oauth2/token", a.exchange("Client", "x"), api.Header{"authorization": {"Basic ***"}})
		}},
		{"client_credentials at a client of users", page, cognitoidp.RuleGrantAllowed, "", 400, "unauthorized_client", machine("Confidential", "orders/write")},
		{"a client that is not turned on", "https://github.com/boto/boto3/issues/3916", cognitoidp.RuleOAuthEnabled, "", 400, "invalid_grant", machine("Off", "orders/read")},
		{"openid for a machine", guide + "cognito-user-pools-define-resource-servers.html", cognitoidp.RuleScopeAllowed, "", 400, "invalid_scope", machine("Machine", "openid")},
		{"an unknown code", page, cognitoidp.RuleCodeOnce, "", 400, "invalid_grant", change("code", "guess")},
		{"a code of another client", page, cognitoidp.RuleCodeOnce, "", 400, "invalid_grant", func(a *account) reply {
			query := a.authorization("Confidential")
			query.Set("scope", "openid")
			return a.token(a.exchange("Client", a.logIn(query).parameters.Get("code")))
		}},
		{"a code a second time", page, cognitoidp.RuleCodeOnce, "", 400, "invalid_grant", func(a *account) reply {
			form := a.exchange("Client", a.logIn(a.authorization("Client")).parameters.Get("code"))
			a.token(form)
			return a.token(form)
		}},
		{"a code after a failed exchange", "https://repost.aws/zh-Hant/questions/QUribd4ytZTnmoxKt_B7DXFg/cognito-returns-invalid-request-and-unauthorized-client", cognitoidp.RuleCodeOnce, "", 400, "invalid_grant", func(a *account) reply {
			form := a.exchange("Client", a.logIn(a.authorization("Client")).parameters.Get("code"))
			form.Set("code_verifier", "guess")
			a.token(form)
			form.Set("code_verifier", verifier)
			return a.token(form)
		}},
		{"a code after five minutes", guide + "authorization-endpoint.html", cognitoidp.RuleCodeExpiry, "", 400, "invalid_grant", func(a *account) reply {
			form := a.exchange("Client", a.logIn(a.authorization("Client")).parameters.Get("code"))
			a.wait(5 * time.Minute)
			return a.token(form)
		}},
		{"another redirect_uri", "https://stackoverflow.com/questions/50264679/aws-cognito-unauthorized-client-error-when-hitting-oauth2-token", cognitoidp.RuleCodeRedirect, "", 400, "unauthorized_client", change("redirect_uri", "http://localhost:3000/")},
		{"a wrong code_verifier", page, cognitoidp.RuleCodeVerifier, "", 400, "invalid_grant", change("code_verifier", "guess")},
		{"no code_verifier", page, cognitoidp.RuleCodeVerifier, "", 400, "invalid_grant", change("code_verifier", "")},
		{"a disabled user", page, cognitoidp.RuleUserEnabled, "", 400, "invalid_grant", func(a *account) reply {
			form := a.exchange("Client", a.logIn(a.authorization("Client")).parameters.Get("code"))
			a.Must("AdminDisableUser", a.user("ana"))
			return a.token(form)
		}},
		{"an unknown refresh token", page, cognitoidp.RuleRefreshKnown, "", 400, "invalid_grant", refresh("guess")},
		{"a revoked refresh token", page, cognitoidp.RuleRefreshAlive, "", 400, "invalid_grant", func(a *account) reply {
			token := a.webTokens(a.authorization("Client"))["refresh_token"].(string)
			a.Must("AdminUserGlobalSignOut", a.user("ana"))
			return refresh(token)(a)
		}},
	}
}

func otherEndpointRefusals() []webRefusal {
	const info, revocation = guide + "userinfo-endpoint.html", guide + "revocation-endpoint.html"
	userInfo := func(token func(a *account) any) func(*account) reply {
		return func(a *account) reply {
			return a.open("GET", shop+"/oauth2/userInfo", nil, bearer(token(a)))
		}
	}
	revoke := func(logicalID string, token func(a *account) any) func(*account) reply {
		return func(a *account) reply {
			raw, _ := token(a).(string)
			form := url.Values{"client_id": {a.Ref(logicalID)}, "client_secret": {a.secret(logicalID)}, "token": {raw}}
			return a.open("POST", shop+"/oauth2/revoke", form, nil)
		}
	}
	of := func(member string) func(*account) any {
		return func(a *account) any { return a.webTokens(a.authorization("Client"))[member] }
	}
	none := func(*account) any { return "" }
	return []webRefusal{
		{"userInfo without a token", info, cognitoidp.RuleUserInfoToken, "", 400, "invalid_request", userInfo(none)},
		{"userInfo with an ID token", info, cognitoidp.RuleAccessTokenUse, "", 401, "invalid_token", userInfo(of("id_token"))},
		{"userInfo with an expired token", info, cognitoidp.RuleAccessTokenExpiry, "", 401, "invalid_token", userInfo(func(a *account) any {
			token := of("access_token")(a)
			a.wait(time.Hour)
			return token
		})},
		{"userInfo with a token of the API", "https://github.com/simov/grant/issues/189", cognitoidp.RuleUserInfoScope, "", 401, "invalid_token", userInfo(func(a *account) any { return a.signIn("ana")["AccessToken"] })},
		{"revoke without a token", revocation, cognitoidp.RuleTokenForm, "", 400, "invalid_request", revoke("Client", none)},
		{"revoke an access token", revocation, cognitoidp.RuleRevocationToken, "", 400, "unsupported_token_type", revoke("Client", of("access_token"))},
		{"revoke at a client without revocation", revocation, cognitoidp.RuleRevocationEnabled, "", 400, "invalid_request", revoke("Confidential", of("refresh_token"))},
		{"revoke for an unknown client", revocation, cognitoidp.RuleDomainClient, "", 401, "invalid_client", func(a *account) reply {
			return a.open("POST", shop+"/oauth2/revoke", url.Values{"client_id": {"nobody"}, "token": {"x"}}, nil)
		}},
		{"log out to an unknown URL", guide + "logout-endpoint.html", cognitoidp.RuleLogoutURL, shop + "/error", 302, "redirect_mismatch", func(a *account) reply {
			return a.open("GET", at("/logout", url.Values{"client_id": {a.Ref("Client")}, "logout_uri": {callback}}), nil, nil)
		}},
		{"log out of an unknown client", guide + "logout-endpoint.html", cognitoidp.RuleDomainClient, shop + "/error", 302, "invalid_request", func(a *account) reply {
			return a.open("GET", at("/logout", url.Values{"client_id": {"nobody"}}), nil, nil)
		}},
		{"a domain that no pool has", guide + "cognito-user-pools-assign-domain.html", cognitoidp.RuleDomainExists, "", 404, "", func(a *account) reply {
			return a.open("GET", strings.Replace(shop, "shop", "stop", 1)+"/login", nil, nil)
		}},
	}
}

func runWebRefusal(t *testing.T, r webRefusal, cover *tracetest.Coverage) {
	t.Helper()
	a := shopAccount(t, cover)
	got := r.send(a)
	if got.location != r.location || got.Status != r.status {
		t.Errorf("%s: status %d, location %q; want %d, %q", r.name, got.Status, got.location, r.status, r.location)
	}
	code, _ := got.body["error"].(string)
	if r.location != "" {
		code = got.parameters.Get("error")
	}
	if code != r.code {
		t.Errorf("%s: error %q, want %q", r.name, code, r.code)
	}
	if strings.HasPrefix(r.location, callback) && got.parameters.Get("state") != "s1" {
		t.Errorf("%s: the app's state is lost: %v", r.name, got.parameters)
	}
	a.decided(r.rule)
}

func TestWebRefusals(t *testing.T) {
	for _, r := range webRefusals() {
		t.Run(r.name, func(t *testing.T) { runWebRefusal(t, r, nil) })
	}
}

// badShops are templates of domains, resource servers and OAuth clients that AWS
// refuses.
func badShops() []badTemplate {
	const pool = "\nResources:\n  Pool: {Type: AWS::Cognito::UserPool}\n"
	domain := func(name string) string {
		return pool + "  Domain: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: " + name + "}}\n"
	}
	custom := func(name, region string) string {
		return pool + "  Domain: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: " + name +
			", CustomDomainConfig: {CertificateArn: 'arn:aws:acm:" + region + ":123456789012:certificate/1'}}}\n"
	}
	client := func(properties string) string {
		return pool + "  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, " + properties + "}}\n"
	}
	const invalid, flow, page = "InvalidParameterException", "InvalidOAuthFlowException", reference + "API_CreateUserPoolClient.html"
	const wordy = "https://jobairkhan.com/2019/02/10/aws-cognito-user-pools-client-credentials"
	code := "AllowedOAuthFlows: [code], AllowedOAuthScopes: [openid], AllowedOAuthFlowsUserPoolClient: true, "
	return []badTemplate{
		{"a prefix with capitals", "https://github.com/mineiros-io/terraform-aws-cognito-user-pool/issues/69", cognitoidp.RuleDomainName, invalid, "The domain name contains an invalid character.", domain("Shop")},
		{"a prefix with a dot", "https://github.com/mineiros-io/terraform-aws-cognito-user-pool/issues/69", cognitoidp.RuleDomainName, invalid, "The domain name contains an invalid character.", domain("auth.example.com")},
		{"a prefix with a reserved word", "https://github.com/aws-amplify/amplify-cli/issues/3854", cognitoidp.RuleDomainName, invalid, "Domain cannot contain reserved word: cognito", domain("my-cognito")},
		{"a prefix with aws", "https://github.com/aws-amplify/amplify-cli/issues/3854", cognitoidp.RuleDomainName, invalid, "Domain cannot contain reserved word: aws", domain("awsome")},
		{"a bare top-level domain", guide + "cognito-user-pools-add-custom-domain.html", cognitoidp.RuleDomainName, invalid, "The domain name contains an invalid character.", custom("example", "us-east-1")},
		{"a certificate in another Region", "https://github.com/aws-amplify/amplify-hosting/issues/2278", cognitoidp.RuleDomainCertificate, invalid, "isn't in us-east-1 region", custom("auth.example.com", "eu-west-1")},
		{"a prefix of another pool", "https://github.com/aws-samples/aws-cdk-examples/issues/402", cognitoidp.RuleDomainFree, invalid, "Domain already associated with another user pool.", domain("shop") + `
  Second: {Type: AWS::Cognito::UserPool}
  Other: {Type: AWS::Cognito::UserPoolDomain, DependsOn: Domain, Properties: {UserPoolId: !Ref Second, Domain: shop}}
`},
		{"a second prefix", guide + "cognito-user-pools-assign-domain.html", cognitoidp.RuleDomainFree, invalid, "User pool already has a domain configured.", domain("shop") + `
  Other: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: other}}
`},
		{"ManagedLoginVersion 3", reference + "API_CreateUserPoolDomain.html", cognitoidp.RuleSettingRange, invalid, "Value '3' at 'managedLoginVersion'", strings.Replace(domain("shop"), "Domain: shop", "Domain: shop, ManagedLoginVersion: 3", 1)},
		{"a resource server twice", reference + "API_CreateResourceServer.html", cognitoidp.RuleResourceServerFree, invalid, "orders already exists", pool + `
  First: {Type: AWS::Cognito::UserPoolResourceServer, Properties: {UserPoolId: !Ref Pool, Identifier: orders, Name: orders}}
  Second: {Type: AWS::Cognito::UserPoolResourceServer, Properties: {UserPoolId: !Ref Pool, Identifier: orders, Name: orders}}
`},
		{"a client without flows", wordy, cognitoidp.RuleOAuthComplete, invalid, "AllowedOAuthFlows and AllowedOAuthScopes are required", client("AllowedOAuthFlowsUserPoolClient: true")},
		{"client_credentials beside code", page, cognitoidp.RuleMachineFlow, flow, "client_credentials flow can not be selected along with", client("AllowedOAuthFlows: [client_credentials, code], GenerateSecret: true")},
		{"client_credentials without a secret", wordy, cognitoidp.RuleMachineFlow, flow, "client_credentials flow can not be selected if client does not have a client secret.", client("AllowedOAuthFlows: [client_credentials]")},
		{"code without a callback URL", "https://github.com/cisagov/crossfeed/pull/440", cognitoidp.RuleCallbackURL, flow, "CallbackUrls can not be empty when code flow or implicit flow is selected", client(code)},
		{"a callback over http", page, cognitoidp.RuleCallbackURL, invalid, "cannot use the HTTP protocol", client(code + "CallbackURLs: ['http://app.example.com']")},
		{"a relative callback", page, cognitoidp.RuleCallbackURL, invalid, "is not an absolute URL", client(code + "CallbackURLs: [/back]")},
		{"a callback with a fragment", page, cognitoidp.RuleCallbackURL, invalid, "has a fragment", client(code + "CallbackURLs: ['https://app.example.com/#back']")},
		{"a callback without a host", page, cognitoidp.RuleCallbackURL, invalid, "has no host", client(code + "CallbackURLs: ['https:///back']")},
		{"a default that is no callback", page, cognitoidp.RuleCallbackURL, invalid, "The default redirect URI", client(code + "CallbackURLs: [https://a.example.com], DefaultRedirectURI: https://b.example.com")},
		{"a scope of no resource server", "https://github.com/awsdocs/aws-cloudformation-user-guide/issues/564", cognitoidp.RuleScopeExists, "ScopeDoesNotExistException", "Invalid scope requested: orders/read", client("AllowedOAuthFlows: [client_credentials], GenerateSecret: true, AllowedOAuthScopes: [orders/read]")},
		{"a provider that the pool lacks", page, cognitoidp.RuleProviderExists, invalid, "The provider Google does not exist for User Pool", client("SupportedIdentityProviders: [Google]")},
	}
}

func TestBadDomainsAndOAuthClients(t *testing.T) {
	for _, b := range badShops() {
		t.Run(b.name, func(t *testing.T) { newAccount(t).notDeployed(b.rule, b.code, b.message, b.template) })
	}
}

// .../cognito-user-pools-add-custom-domain.html: a custom domain is where the
// discovery document points.
func customDomain(a *account) {
	if err := a.Deploy(shopPool + `
  Custom:
    Type: AWS::Cognito::UserPoolDomain
    Properties: {UserPoolId: !Ref Pool, Domain: auth.example.com, CustomDomainConfig: {CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1'}}
`); err != nil {
		a.T.Fatal(err)
	}
	r := readReply(a.T, a.get("GET", "https://cognito-idp.us-east-1.amazonaws.com/"+a.Ref("Pool")+"/.well-known/openid-configuration"))
	if got := r.body["token_endpoint"]; got != "https://auth.example.com/oauth2/token" {
		a.T.Errorf("token_endpoint is %v", got)
	}
	query := a.authorization("Client")
	if r := a.open("GET", "https://auth.example.com/oauth2/authorize?"+query.Encode(), nil, nil); r.location != "https://auth.example.com/login" {
		a.T.Errorf("goes to %s", r.location)
	}
}

func TestCustomDomain(t *testing.T) { customDomain(newAccount(t)) }

// .../cognito-user-pools-managed-login.html and, for the words,
// https://github.com/minorun365/html-share/issues/3
func managedLoginNeedsAStyle(a *account) {
	if err := a.Deploy(strings.Replace(shopPool, "Domain: shop}", "Domain: shop, ManagedLoginVersion: 2}", 1) + `
  Style: {Type: AWS::Cognito::ManagedLoginBranding, Properties: {UserPoolId: !Ref Pool, ClientId: !Ref Confidential, UseCognitoProvidedValues: true}}
`); err != nil {
		a.T.Fatal(err)
	}
	query := a.authorization("Client")
	if r := a.open("GET", at("/login", query), nil, nil); r.Status != 403 || !strings.Contains(r.Body, "Login pages unavailable") {
		a.T.Errorf("without a style: %d %s", r.Status, r.Body)
	}
	a.decided(cognitoidp.RuleLoginBranding)
	query = a.authorization("Confidential")
	if r := a.open("GET", at("/login", query), nil, nil); r.Status != 200 {
		a.T.Errorf("with a style: %d %s", r.Status, r.Body)
	}
}

func TestManagedLoginNeedsAStyle(t *testing.T) { managedLoginNeedsAStyle(newAccount(t)) }

// exerciseWeb makes every rule of the OAuth endpoints and of federation hold and
// fail.
func exerciseWeb(t *testing.T, cover *tracetest.Coverage) {
	t.Helper()
	for _, r := range webRefusals() {
		runWebRefusal(t, r, cover)
	}
	for _, b := range append(badShops(), badProviders()...) {
		a := newAccount(t)
		a.Cover = cover
		a.notDeployed(b.rule, b.code, b.message, b.template)
	}
	a := newAccount(t)
	a.Cover = cover
	managedLoginNeedsAStyle(a)
	a = newAccount(t)
	a.Cover = cover
	customDomain(a)
	exerciseFederation(t, cover)
	bindToResource(shopAccount(t, cover))
	exerciseStaff(t, cover)
	a = shopAccount(t, cover)
	tokens := a.webTokens(a.authorization("Client"))
	a.open("GET", shop+"/oauth2/userInfo", nil, bearer(tokens["access_token"]))
	cookie := api.Header{"cookie": {a.logIn(a.authorization("Client")).cookie}}
	a.open("GET", at("/oauth2/authorize", a.authorization("Client")), nil, cookie)
	a.open("GET", at("/logout", url.Values{"client_id": {a.Ref("Client")}, "logout_uri": {"https://app.example.com/bye"}}), nil, cookie)
	a.token(url.Values{"grant_type": {"client_credentials"}, "client_id": {a.Ref("Machine")}, "client_secret": {a.secret("Machine")}})
}
