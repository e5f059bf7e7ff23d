package idp_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/idp"
	"claimcheck/sim/jwt"
	"claimcheck/sim/saml"
)

func users() []map[string]any {
	return []map[string]any{{"sub": "1045", "email": "ana@example.com"}, {"sub": "7", "name": "Bob"}}
}

func running(t *testing.T, p idp.Provider) func(method, address string, form url.Values, authorization string) api.HTTPResponse {
	t.Helper()
	provider, err := idp.New(apitest.NewWorld(), p)
	if err != nil {
		t.Fatal(err)
	}
	return func(method, address string, form url.Values, authorization string) api.HTTPResponse {
		t.Helper()
		response, err := provider.Site().Serve(nil, api.HTTPRequest{Method: method, URL: address, Body: form.Encode(), Header: api.Header{"authorization": {authorization}}})
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
}

const asked = "?client_id=c&redirect_uri=https%3A%2F%2Fapp.example%2Fback&response_type=code&state=s"

// choose picks an account and returns where the browser goes.
func choose(t *testing.T, response api.HTTPResponse) url.Values {
	t.Helper()
	address, err := url.Parse(response.Header.Get("location"))
	if err != nil || address.Host != "app.example" {
		t.Fatalf("the browser goes to %q", response.Header.Get("location"))
	}
	return address.Query()
}

// https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
func TestCodeFlowOfEachKindOfProvider(t *testing.T) {
	for name, addresses := range map[string][3]string{
		"Google": {"https://accounts.google.com/o/oauth2/v2/auth", "https://www.googleapis.com/oauth2/v4/token", "https://openidconnect.googleapis.com/v1/userinfo"},
		"corp":   {"https://login.corp.example/authorize", "https://login.corp.example/token", "https://login.corp.example/userinfo"},
	} {
		t.Run(name, func(t *testing.T) {
			p := idp.Provider{Name: name, Users: users()}
			if name == "corp" {
				p.Issuer = "https://login.corp.example"
			}
			send := running(t, p)
			if page := send("GET", addresses[0]+asked, nil, ""); page.Status != 200 || !strings.Contains(page.Body, `value="7"`) || !strings.Contains(page.Body, `value="ana@example.com"`) {
				t.Errorf("%d %s", page.Status, page.Body)
			}
			back := choose(t, send("POST", addresses[0]+asked, url.Values{"account": {"ana@example.com"}}, ""))
			if back.Get("state") != "s" {
				t.Errorf("state is %q", back.Get("state"))
			}
			form := url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")}}
			first := send("POST", addresses[1], form, "")
			if again := send("POST", addresses[1], form, ""); first.Status != 200 || again.Status != 400 {
				t.Errorf("the code works with %d, then %d", first.Status, again.Status)
			}
			_, token, _ := strings.Cut(first.Body, `"access_token":"`)
			token, _, _ = strings.Cut(token, `"`)
			info := send("GET", addresses[2], nil, "Bearer "+token)
			if diff := cmp.Diff(`{"email":"ana@example.com","sub":"1045"}`, info.Body); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatAProviderRefuses(t *testing.T) {
	send := running(t, idp.Provider{Name: "corp", Issuer: "https://login.corp.example", Secret: "s3cret", Users: users()})
	at := "https://login.corp.example"
	if back := choose(t, send("POST", at+"/authorize"+asked, url.Values{"account": {"nobody"}}, "")); back.Get("error") != "access_denied" {
		t.Errorf("an unknown account: %v", back)
	}
	for name, row := range map[string]struct {
		response api.HTTPResponse
		status   int
	}{
		"no client_id":        {send("POST", at+"/authorize?redirect_uri=x", nil, ""), 400},
		"an unreadable query": {send("GET", at+"/authorize?%zz", nil, ""), 400},
		"a wrong secret":      {send("POST", at+"/token", url.Values{"client_secret": {"guess"}}, ""), 401},
		"an unknown code":     {send("POST", at+"/token", url.Values{"client_secret": {"s3cret"}, "grant_type": {"authorization_code"}, "code": {"guess"}}, ""), 400},
		"an unknown user":     {send("POST", at+"/token", url.Values{"client_secret": {"s3cret"}, "grant_type": {"password"}, "username": {"nobody"}, "client_id": {"c"}}, ""), 400},
		"another grant":       {send("POST", at+"/token", url.Values{"client_secret": {"s3cret"}, "grant_type": {"refresh_token"}}, ""), 400},
		"an unknown token":    {send("GET", at+"/userinfo", nil, "Bearer guess"), 401},
		"another path":        {send("GET", at+"/", nil, ""), 404},
	} {
		if row.response.Status != row.status {
			t.Errorf("%s: status %d, want %d", name, row.response.Status, row.status)
		}
	}
	if discovery := send("GET", at+"/.well-known/openid-configuration", nil, ""); !strings.Contains(discovery.Body, `"token_endpoint":"https://login.corp.example/token"`) {
		t.Errorf("discovery: %s", discovery.Body)
	}
}

// token is a member of a token endpoint's answer.
func token(t *testing.T, response api.HTTPResponse, name string) string {
	t.Helper()
	var granted map[string]any
	if err := json.Unmarshal([]byte(response.Body), &granted); err != nil || response.Status != 200 {
		t.Fatalf("%d %s", response.Status, response.Body)
	}
	text, _ := granted[name].(string)
	return text
}

// https://openid.net/specs/openid-connect-core-1_0.html#IDToken
func TestIDTokensAreVerifiedWithThePublishedKeys(t *testing.T) {
	for _, row := range []struct{ name, issuer, own, token, discovery, keys string }{
		{"Google", "https://accounts.google.com", "", "https://www.googleapis.com/oauth2/v4/token", "https://accounts.google.com/.well-known/openid-configuration", "https://www.googleapis.com/oauth2/v3/certs"},
		{"SignInWithApple", "https://appleid.apple.com", "", "https://appleid.apple.com/auth/token", "https://appleid.apple.com/.well-known/openid-configuration", "https://appleid.apple.com/auth/keys"},
		{"build", "https://build.example.com/acme", "https://build.example.com/acme", "https://build.example.com/acme/token", "https://build.example.com/acme/.well-known/openid-configuration", "https://build.example.com/acme/keys"},
	} {
		t.Run(row.name, func(t *testing.T) {
			send := running(t, idp.Provider{Name: row.name, Issuer: row.own, Users: users()})
			form := url.Values{"grant_type": {"password"}, "username": {"ana@example.com"}, "client_id": {"app-7"}}
			read, err := jwt.Parse(token(t, send("POST", row.token, form, ""), "id_token"))
			if err != nil {
				t.Fatal(err)
			}
			start := apitest.NewWorld().Now().Unix()
			want := map[string]any{"iss": row.issuer, "aud": "app-7", "sub": "1045", "email": "ana@example.com", "iat": float64(start), "exp": float64(start + 3600)}
			if diff := cmp.Diff(want, read.Claims); diff != "" {
				t.Error(diff)
			}
			if document := send("GET", row.discovery, nil, ""); !strings.Contains(document.Body, `"jwks_uri":"`+row.keys+`"`) {
				t.Errorf("discovery: %s", document.Body)
			}
			keys, err := jwt.ParseKeySet(send("GET", row.keys, nil, "").Body)
			if err == nil {
				err = keys.Verify(read)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging,
// https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
func TestAnAccessTokenIsCheckedAtItsProvider(t *testing.T) {
	w := apitest.NewWorld()
	for _, row := range []struct{ name, token, check, right, wrong string }{
		{"Facebook", "https://graph.facebook.com/v17.0/oauth/access_token", "https://graph.facebook.com/debug_token?input_token=", `"app_id":"app-7"`, `"is_valid":false`},
		{"LoginWithAmazon", "https://api.amazon.com/auth/o2/token", "https://api.amazon.com/auth/o2/tokeninfo?access_token=", `"app_id":"app-7"`, "invalid_token"},
	} {
		provider, err := idp.New(w, idp.Provider{Name: row.name, Users: []map[string]any{{"id": "f-1", "user_id": "amzn1.account.A", "email": "ana@example.com"}}})
		if err != nil {
			t.Fatal(err)
		}
		send := func(method, address, body string) api.HTTPResponse {
			response, err := provider.Site().Serve(nil, api.HTTPRequest{Method: method, URL: address, Body: body, Header: api.Header{}})
			if err != nil {
				t.Fatal(err)
			}
			return response
		}
		granted := send("POST", row.token, "grant_type=password&username=ana@example.com&client_id=app-7")
		if id := token(t, granted, "id_token"); id != "" {
			t.Errorf("%s has the ID token %s", row.name, id)
		}
		access := token(t, granted, "access_token")
		if checked := send("GET", row.check+access, ""); !strings.Contains(checked.Body, row.right) {
			t.Errorf("%s: %s", row.name, checked.Body)
		}
		w.Clock = w.Clock.Add(time.Hour)
		for what, guess := range map[string]string{"an expired token": access, "a guess": "guess"} {
			if checked := send("GET", row.check+guess, ""); !strings.Contains(checked.Body, row.wrong) {
				t.Errorf("%s, %s: %s", row.name, what, checked.Body)
			}
		}
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
func TestASAMLProviderSendsUsersToAWSUnasked(t *testing.T) {
	send := running(t, idp.Provider{Name: "corp", Issuer: "https://login.corp.example", Protocol: idp.SAML, Users: []map[string]any{{"NameID": "ana", "Role": []any{"a", "b"}}}})
	page := send("POST", "https://login.corp.example/sso?loginToRp=urn:amazon:webservices", url.Values{"account": {"ana"}}, "").Body
	_, encoded, _ := strings.Cut(page, `name="SAMLResponse" value="`)
	encoded, _, _ = strings.Cut(encoded, `"`)
	read, err := saml.Read(encoded)
	if err != nil {
		t.Fatal(err)
	}
	metadata, err := saml.ReadMetadata(send("GET", "https://login.corp.example/metadata", nil, "").Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Verify(metadata.Certificates...); err != nil {
		t.Error(err)
	}
	said := read.Assertion
	if said.Recipient != "https://signin.aws.amazon.com/saml" || said.Issuer != metadata.EntityID || said.NameID != "ana" {
		t.Errorf("%+v", said)
	}
	if diff := cmp.Diff([]saml.Attribute{{Name: "NameID", Values: []string{"ana"}}, {Name: "Role", Values: []string{"a", "b"}}}, said.Attributes); diff != "" {
		t.Error(diff)
	}
}

// https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf, 3.4
func TestSAMLProvider(t *testing.T) {
	send := running(t, idp.Provider{Name: "adfs", Issuer: "https://adfs.corp.example", Protocol: idp.SAML, Users: []map[string]any{{"NameID": "ana", "mail": "ana@example.com"}}})
	const sso = "https://adfs.corp.example/sso"
	if metadata := send("GET", "https://adfs.corp.example/metadata", nil, ""); !strings.Contains(metadata.Body, `Location="`+sso+`"`) {
		t.Errorf("metadata: %s", metadata.Body)
	}
	if page := send("GET", sso, nil, ""); !strings.Contains(page.Body, "ana") {
		t.Errorf("chooser: %s", page.Body)
	}
	query := "?" + url.Values{"SAMLRequest": {packed(t, `<R AssertionConsumerServiceURL="https://sp.example/acs"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">urn:sp</Issuer></R>`)}, "RelayState": {"s"}}.Encode()
	page := send("POST", sso+query, url.Values{"account": {"ana"}}, "")
	if !strings.Contains(page.Body, `action="https://sp.example/acs"`) || !strings.Contains(page.Body, `name="RelayState" value="s"`) {
		t.Errorf("page: %s", page.Body)
	}
	for name, row := range map[string]struct {
		response api.HTTPResponse
		status   int
	}{
		"an unknown account":   {send("POST", sso+query, url.Values{"account": {"bob"}}, ""), 403},
		"no request":           {send("POST", sso, url.Values{"account": {"ana"}}, ""), 400},
		"a request of nothing": {send("POST", sso+"?"+url.Values{"SAMLRequest": {packed(t, "<R/>")}}.Encode(), nil, ""), 400},
		"another path":         {send("POST", "https://adfs.corp.example/token", nil, ""), 404},
	} {
		if row.response.Status != row.status {
			t.Errorf("%s: status %d, want %d", name, row.response.Status, row.status)
		}
	}
}

func packed(t *testing.T, document string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(document)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestDescriptionsThatDoNotWork(t *testing.T) {
	for name, p := range map[string]idp.Provider{
		"no issuer":               {Name: "corp"},
		"an issuer of Google":     {Name: "Google", Issuer: "https://accounts.google.com"},
		"a user without sub":      {Name: "Google", Users: []map[string]any{{"email": "a@b"}}},
		"a user without Amazon's": {Name: "LoginWithAmazon", Users: users()},
	} {
		if _, err := idp.New(apitest.NewWorld(), p); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestSitesHaveTheirOwnHosts(t *testing.T) {
	provider, err := idp.New(apitest.NewWorld(), idp.Provider{Name: "Google"})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{"accounts.google.com": true, "www.googleapis.com": true, "www.facebook.com": false} {
		if got := provider.Site().Hosts(host); got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
}

func TestAProviderSignsOutWhoeverBringsARequest(t *testing.T) {
	provider := idp.Provider{Name: "ADFS", Issuer: "https://adfs.example", Protocol: idp.SAML, SignOut: "https://shop.example/saml2/logout", Users: []map[string]any{{"NameID": "ana"}}}
	send := running(t, provider)
	const request = `<LogoutRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"/>`
	for name, test := range map[string]struct {
		document string
		status   int
	}{"a request": {request, 200}, "another document": {"<AuthnRequest/>", 400}} {
		query := url.Values{"SAMLRequest": {packed(t, test.document)}, "RelayState": {"s1"}}
		if r := send("GET", "https://adfs.example/slo?"+query.Encode(), nil, ""); r.Status != test.status {
			t.Errorf("%s: status %d, body %s", name, r.Status, r.Body)
		}
	}
	if r := send("GET", "https://adfs.example/slo?SAMLRequest=x", nil, ""); r.Status != 400 {
		t.Errorf("no request: status %d", r.Status)
	}
	provider.SignOut = ""
	if r := running(t, provider)("GET", "https://adfs.example/slo", nil, ""); r.Status != 404 {
		t.Errorf("a provider that nobody registered signs out: status %d", r.Status)
	}
}
