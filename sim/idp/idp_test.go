package idp_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/idp"
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
			if page := send("GET", addresses[0]+asked, nil, ""); page.Status != 200 || !strings.Contains(page.Body, "7, ana@example.com") {
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
