package cognitoidp_test

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/cognitoidp"
)

// .../authorization-endpoint.html and .../token-endpoint.html
func TestCodeFlowWithPKCE(t *testing.T) {
	a := shopAccount(t, nil)
	query := a.authorization("Client")
	first := a.open("GET", at("/oauth2/authorize", query), nil, nil)
	if first.location != shop+"/login" || !cmp.Equal(first.parameters, query) {
		t.Fatalf("authorize goes to %s with %v", first.location, first.parameters)
	}
	if page := a.open("GET", at("/login", query), nil, nil); page.Status != 200 || !strings.Contains(page.Body, `name="password"`) {
		t.Fatalf("login page: %d %s", page.Status, page.Body)
	}
	back := a.logIn(query)
	if back.location != callback || back.parameters.Get("state") != "s1" {
		t.Errorf("back at %s with %v", back.location, back.parameters)
	}
	r := a.token(a.exchange("Client", back.parameters.Get("code")))
	var members []string
	for name := range r.body {
		members = append(members, name)
	}
	slices.Sort(members)
	if diff := cmp.Diff([]string{"access_token", "expires_in", "id_token", "refresh_token", "token_type"}, members); diff != "" {
		t.Error(diff)
	}
	if r.body["expires_in"] != 3600.0 || r.body["token_type"] != "Bearer" || r.Header.Get("access-control-allow-origin") != "*" {
		t.Errorf("%v %v", r.body, r.Header)
	}
}

// Claims of the OAuth endpoints: nonce and at_hash in the ID token, scope and
// version in the access token. .../amazon-cognito-user-pools-using-the-id-token.html,
// https://github.com/pmill/aws-cognito/pull/34 and
// https://github.com/awslabs/aws-amplify-identity-broker/issues/376
func TestTokensOfTheOAuthEndpoints(t *testing.T) {
	a := shopAccount(t, nil)
	tokens := a.webTokens(a.authorization("Client"))
	id, access := a.claims(tokens["id_token"]), a.claims(tokens["access_token"])
	if id.Text("nonce") != "n1" || access.Text("scope") != "openid email" || access.Claims["version"] != 2.0 {
		t.Errorf("nonce %v, scope %v, version %v", id.Claims["nonce"], access.Claims["scope"], access.Claims["version"])
	}
	hash, err := base64.RawURLEncoding.DecodeString(id.Text("at_hash"))
	if err != nil || len(hash) != 16 {
		t.Errorf("at_hash is %q", id.Text("at_hash"))
	}
	if _, ok := access.Claims["aud"]; ok {
		t.Error("the access token has aud")
	}
}

// .../cognito-user-pools-define-resource-servers.html
func TestScopesDecideWhatTheIDTokenShows(t *testing.T) {
	for _, row := range []struct {
		scope string
		want  []string
	}{
		{"openid", []string{"email", "email_verified", "name", "phone_number"}},
		{"openid email", []string{"email", "email_verified"}},
		{"openid phone", []string{"phone_number"}},
		{"openid email phone", []string{"email", "email_verified", "phone_number"}},
		{"openid profile email", []string{"email", "email_verified", "name", "phone_number"}},
	} {
		t.Run(row.scope, func(t *testing.T) {
			a := newAccount(t)
			if err := a.Deploy(strings.Replace(shopPool, "[openid, email, phone, ", "[openid, email, phone, profile, ", 1)); err != nil {
				t.Fatal(err)
			}
			a.Must("AdminCreateUser", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "MessageAction": "SUPPRESS", "UserAttributes": []any{
				attribute("email", "ana@example.com"), attribute("email_verified", "true"), attribute("phone_number", "+15550100"), attribute("name", "Ana"),
			}})
			a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": password, "Permanent": true})
			query := a.authorization("Client")
			query.Set("scope", row.scope)
			id := a.claims(a.webTokens(query)["id_token"])
			var got []string
			for _, name := range []string{"email", "email_verified", "name", "phone_number"} {
				if _, ok := id.Claims[name]; ok {
					got = append(got, name)
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// .../authorization-endpoint.html: no refresh token, and no ID token without
// openid; both come in the fragment.
func TestImplicitFlow(t *testing.T) {
	a := shopAccount(t, nil)
	for scope, members := range map[string][]string{
		"openid":      {"access_token", "expires_in", "id_token", "state", "token_type"},
		"orders/read": {"access_token", "expires_in", "state", "token_type"},
	} {
		query := url.Values{"response_type": {"token"}, "client_id": {a.Ref("Client")}, "redirect_uri": {callback}, "scope": {scope}, "state": {"s1"}}
		r := a.logIn(query)
		var got []string
		for name := range r.parameters {
			got = append(got, name)
		}
		slices.Sort(got)
		if diff := cmp.Diff(members, got); diff != "" {
			t.Errorf("%s: %s", scope, diff)
		}
		if !strings.Contains(r.Header.Get("location"), callback+"#") || r.parameters.Get("token_type") != "bearer" {
			t.Errorf("%s", r.Header.Get("location"))
		}
	}
}

// .../authorization-endpoint.html
func TestWithoutScopeTheAppGetsAllOfTheClients(t *testing.T) {
	a := shopAccount(t, nil)
	query := a.authorization("Client")
	query.Del("scope")
	access := a.claims(a.webTokens(query)["access_token"])
	if got := access.Text("scope"); got != "openid email phone aws.cognito.signin.user.admin orders/read" {
		t.Errorf("scope is %q", got)
	}
}

// .../cognito-user-pools-managed-login.html: the cookie lasts an hour from the
// sign-in, however often it is used.
func TestTheCookieSignsInSilentlyForAnHour(t *testing.T) {
	a := shopAccount(t, nil)
	query := a.authorization("Client")
	cookie := api.Header{"cookie": {"theme=dark; " + a.logIn(query).cookie}}
	for _, row := range []struct {
		wait time.Duration
		want string
	}{{30 * time.Minute, callback}, {29 * time.Minute, callback}, {time.Minute, shop + "/login"}} {
		a.wait(row.wait)
		if r := a.open("GET", at("/oauth2/authorize", query), nil, cookie); r.location != row.want {
			t.Errorf("goes to %s, want %s", r.location, row.want)
		}
	}
}

// .../amazon-cognito-user-pools-using-the-access-token.html: auth_time is that
// of the sign-in, not of the exchange.
func TestSilentSignInKeepsAuthTime(t *testing.T) {
	a := shopAccount(t, nil)
	query := a.authorization("Client")
	signedIn := a.World.Clock
	cookie := api.Header{"cookie": {a.logIn(query).cookie}}
	a.wait(10 * time.Minute)
	if r := a.open("GET", at("/login", query), nil, cookie); r.location != callback {
		t.Fatalf("the login page goes to %q", r.location)
	}
	r := a.open("GET", at("/oauth2/authorize", query), nil, cookie)
	tokens := a.token(a.exchange("Client", r.parameters.Get("code"))).body
	if got, _ := a.claims(tokens["id_token"]).Time("auth_time"); !got.Equal(signedIn) {
		t.Errorf("auth_time is %v", got)
	}
}

// .../authorization-endpoint.html
func TestPrompt(t *testing.T) {
	a := shopAccount(t, nil)
	query := a.authorization("Client")
	cookie := api.Header{"cookie": {a.logIn(query).cookie}}
	query.Set("prompt", "login")
	if r := a.open("GET", at("/oauth2/authorize", query), nil, cookie); r.location != shop+"/login" {
		t.Errorf("prompt=login goes to %s", r.location)
	}
	query.Set("prompt", "none")
	if r := a.open("GET", at("/oauth2/authorize", query), nil, cookie); r.parameters.Get("code") == "" {
		t.Errorf("prompt=none with a session: %v", r.parameters)
	}
	r := a.open("GET", at("/oauth2/authorize", query), nil, nil)
	if r.location != callback || r.parameters.Get("error") != "login_required" || r.parameters.Get("state") != "s1" {
		t.Errorf("prompt=none: %s %v", r.location, r.parameters)
	}
	a.decided(cognitoidp.RulePrompt)
}

// .../token-endpoint.html: the client proves itself by Basic or in the form.
func TestConfidentialClientsProveTheirSecret(t *testing.T) {
	a := shopAccount(t, nil)
	query := url.Values{"response_type": {"code"}, "client_id": {a.Ref("Confidential")}, "scope": {"openid"}}
	id, secret := a.Ref("Confidential"), a.secret("Confidential")
	form := func() url.Values {
		f := a.exchange("Confidential", a.logIn(query).parameters.Get("code"))
		f.Del("code_verifier")
		return f
	}
	inForm := form()
	inForm.Set("client_secret", secret)
	if r := a.token(inForm); r.Status != 200 {
		t.Errorf("secret in the form: %d %s", r.Status, r.Body)
	}
	basic := form()
	basic.Del("client_id")
	header := api.Header{"authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))}}
	if r := a.open("POST", shop+"/oauth2/token", basic, header); r.Status != 200 {
		t.Errorf("Basic: %d %s", r.Status, r.Body)
	}
}

// .../token-endpoint.html and, for the claims,
// https://github.com/Lokicoule/nestjs-cognito/issues/1400
func TestClientCredentials(t *testing.T) {
	a := shopAccount(t, nil)
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {a.Ref("Machine")}, "client_secret": {a.secret("Machine")}}
	r := a.token(form)
	if diff := cmp.Diff([]string{"access_token", "expires_in", "token_type"}, sortedKeys(r.body)); diff != "" {
		t.Error(diff)
	}
	access := a.claims(r.body["access_token"])
	want := strings.Fields("auth_time client_id exp iat iss jti scope sub token_use version")
	if diff := cmp.Diff(want, claimNames(access)); diff != "" {
		t.Error(diff)
	}
	if access.Text("scope") != "orders/read orders/write" || access.Text("sub") != a.Ref("Machine") {
		t.Errorf("scope %q, sub %q", access.Text("scope"), access.Text("sub"))
	}
	form.Set("scope", "orders/read")
	if got := a.claims(a.token(form).body["access_token"]).Text("scope"); got != "orders/read" {
		t.Errorf("scope is %q", got)
	}
}

func sortedKeys(m object) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// An app that signs in at the domain has to ask for the scope of the API:
// https://github.com/aws-amplify/aws-sdk-android/issues/1813
func operationsWantTheScopeOfTheAPI(a *account) {
	a.with(shopPool)
	a.addUser("ana")
	query := a.authorization("Client")
	query.Set("scope", "openid email")
	without := object{"AccessToken": a.webTokens(query)["access_token"]}
	for _, operation := range []string{"GetUser", "GlobalSignOut"} {
		a.Refused(cognitoidp.RuleAccessTokenScope, "NotAuthorizedException", "Access Token does not have required scopes", operation, without)
	}
	query.Set("scope", "openid aws.cognito.signin.user.admin")
	a.Must("GetUser", object{"AccessToken": a.webTokens(query)["access_token"]})
	a.Must("GetUser", object{"AccessToken": a.signIn("ana")["AccessToken"]})
}

// .../token-endpoint.html: also a sign-in by API is refreshed here, and keeps
// its scope.
func TestRefreshAtTheTokenEndpoint(t *testing.T) {
	a := shopAccount(t, nil)
	web := a.webTokens(a.authorization("Client"))
	byAPI := a.signIn("ana")
	for _, row := range []struct {
		refresh, scope string
	}{{web["refresh_token"].(string), "openid email"}, {byAPI["RefreshToken"].(string), "aws.cognito.signin.user.admin"}} {
		r := a.token(url.Values{"grant_type": {"refresh_token"}, "client_id": {a.Ref("Client")}, "refresh_token": {row.refresh}})
		if diff := cmp.Diff([]string{"access_token", "expires_in", "id_token", "token_type"}, sortedKeys(r.body)); diff != "" {
			t.Error(diff)
		}
		if got := a.claims(r.body["access_token"]).Text("scope"); got != row.scope {
			t.Errorf("scope is %q, want %q", got, row.scope)
		}
	}
}

// .../userinfo-endpoint.html: the verified flags are text.
func TestUserInfo(t *testing.T) {
	a := shopAccount(t, nil)
	tokens := a.webTokens(a.authorization("Client"))
	r := a.open("GET", shop+"/oauth2/userInfo", nil, bearer(tokens["access_token"]))
	want := object{
		"sub": a.claims(tokens["id_token"]).Text("sub"), "username": "ana",
		"email": "ana@example.com", "email_verified": "true",
	}
	if diff := cmp.Diff(want, r.body); diff != "" {
		t.Error(diff)
	}
}

func bearer(token any) api.Header {
	text, _ := token.(string)
	return api.Header{"authorization": {"Bearer " + text}}
}

// .../revocation-endpoint.html
func TestRevocationEndsTheSignIn(t *testing.T) {
	a := shopAccount(t, nil)
	tokens := a.webTokens(a.authorization("Client"))
	form := url.Values{"token": {tokens["refresh_token"].(string)}, "client_id": {a.Ref("Client")}}
	for range 2 {
		if r := a.open("POST", shop+"/oauth2/revoke", form, nil); r.Status != 200 || r.Body != "" {
			t.Errorf("%d %q", r.Status, r.Body)
		}
	}
	if r := a.open("GET", shop+"/oauth2/userInfo", nil, bearer(tokens["access_token"])); r.Status != 401 {
		t.Errorf("userInfo still answers %d", r.Status)
	}
	form.Set("token", "unknown")
	if r := a.open("POST", shop+"/oauth2/revoke", form, nil); r.Status != 200 {
		t.Errorf("an unknown token: %d", r.Status)
	}
}

// .../logout-endpoint.html: the session ends, the tokens do not.
func TestLogout(t *testing.T) {
	a := shopAccount(t, nil)
	query := a.authorization("Client")
	tokens := a.webTokens(query)
	cookie := api.Header{"cookie": {a.logIn(query).cookie}}
	out := url.Values{"client_id": {a.Ref("Client")}, "logout_uri": {"https://app.example.com/bye"}, "redirect_uri": {callback}, "response_type": {"code"}}
	if r := a.open("GET", at("/logout", out), nil, cookie); r.location != "https://app.example.com/bye" || r.cookie != "cognito=" {
		t.Errorf("goes to %s, cookie %q", r.location, r.cookie)
	}
	if r := a.open("GET", at("/oauth2/authorize", query), nil, cookie); r.location != shop+"/login" {
		t.Errorf("still signed in: %s", r.location)
	}
	if r := a.open("GET", shop+"/oauth2/userInfo", nil, bearer(tokens["access_token"])); r.Status != 200 {
		t.Errorf("the access token ended with the session: %d", r.Status)
	}
	out.Del("logout_uri")
	if r := a.open("GET", at("/logout", out), nil, cookie); r.location != shop+"/login" || r.parameters.Get("redirect_uri") != callback {
		t.Errorf("without logout_uri: %s", r.Header.Get("location"))
	}
}

// .../managed-login-endpoints.html
func TestSignUpOnTheLoginPages(t *testing.T) {
	a := shopAccount(t, nil)
	query := a.authorization("Confidential")
	if r := a.open("GET", at("/signup", query), nil, nil); r.Status != 200 {
		t.Fatalf("sign-up page: %d %s", r.Status, r.Body)
	}
	form := url.Values{"username": {"bob"}, "password": {password}, "email": {"bob@example.com"}}
	weak := url.Values{"username": {"bob"}, "password": {"weakest"}}
	if r := a.open("POST", at("/signup", query), weak, nil); r.Status != 200 || !strings.Contains(r.Body, "Password not long enough") {
		t.Errorf("a weak password: %d %s", r.Status, r.Body)
	}
	r := a.open("POST", at("/signup", query), form, nil)
	if r.location != shop+"/confirm" {
		t.Fatalf("goes to %s: %s", r.location, r.Body)
	}
	if page := a.open("GET", r.Header.Get("location"), nil, nil); page.Status != 200 {
		t.Errorf("confirm page: %d", page.Status)
	}
	confirm := r.Header.Get("location")
	if r := a.open("POST", confirm, url.Values{"code": {"nonsense"}}, nil); r.Status != 200 || !strings.Contains(r.Body, "Invalid verification code") {
		t.Errorf("a wrong code: %d %s", r.Status, r.Body)
	}
	if r := a.open("POST", confirm, url.Values{"code": {a.code("bob")}}, nil); r.location != callback || r.parameters.Get("code") == "" {
		t.Errorf("goes to %s", r.Header.Get("location"))
	}
}

// A temporary password is replaced on the page before the browser goes back.
func TestLoginPageAsksChallenges(t *testing.T) {
	a := shopAccount(t, nil)
	a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": password, "Permanent": false})
	query := a.authorization("Client")
	r := a.open("POST", at("/login", query), credentials(), nil)
	if r.Status != 200 || !strings.Contains(r.Body, "NEW_PASSWORD_REQUIRED") {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	_, session, _ := strings.Cut(r.Body, `name="session" value="`)
	session, _, _ = strings.Cut(session, `"`)
	answer := url.Values{"challenge": {"NEW_PASSWORD_REQUIRED"}, "session": {session}, "USERNAME": {"ana"}, "NEW_PASSWORD": {"An0ther-one!"}}
	if r := a.open("POST", at("/login", query), answer, nil); r.location != callback || r.parameters.Get("code") == "" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

// .../federation-endpoints.html
func TestDiscoveryPointsAtTheDomain(t *testing.T) {
	a := shopAccount(t, nil)
	r := readReply(t, a.get("GET", "https://cognito-idp.us-east-1.amazonaws.com/"+a.Ref("Pool")+"/.well-known/openid-configuration"))
	for name, want := range map[string]string{
		"authorization_endpoint": shop + "/oauth2/authorize", "token_endpoint": shop + "/oauth2/token",
		"userinfo_endpoint": shop + "/oauth2/userInfo", "revocation_endpoint": shop + "/oauth2/revoke", "end_session_endpoint": shop + "/logout",
	} {
		if r.body[name] != want {
			t.Errorf("%s is %v", name, r.body[name])
		}
	}
}

func TestRunsTheSameWithoutARecorder(t *testing.T) {
	a := shopAccount(t, nil)
	query := a.authorization("Client")
	request := api.HTTPRequest{Method: "POST", URL: at("/login", query), Body: credentials().Encode(), Header: api.Header{"content-type": {"application/x-www-form-urlencoded"}}}
	response, err := a.pools.DomainSite().Serve(nil, request)
	if err != nil || response.Status != 302 {
		t.Errorf("%v %v", response, err)
	}
}
