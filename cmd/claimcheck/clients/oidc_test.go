package clients

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const callback = "http://localhost:3000/callback"

// discover reads a pool's discovery document at its local address. Tokens name
// the issuer by AWS's.
func (s served) discover(t testing.TB) (context.Context, *oidc.Provider) {
	t.Helper()
	pool := s.ref(t, "Users")
	ctx := oidc.InsecureIssuerURLContext(t.Context(), "https://cognito-idp."+s.Region+".amazonaws.com/"+pool)
	provider, err := oidc.NewProvider(ctx, s.Endpoint+"/"+pool)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, provider
}

// browser keeps cookies and shows redirects instead of following them.
func browser(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// visit is one step of a browser; it returns where it is sent, or the page.
func visit(t testing.TB, b *http.Client, address string, form url.Values) (*url.URL, string) {
	t.Helper()
	response, err := b.Get(address)
	if form != nil {
		response, err = b.PostForm(address, form)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 400 {
		t.Fatalf("%s: %s %s", address, response.Status, page)
	}
	if response.StatusCode == http.StatusFound {
		location, err := response.Location()
		if err != nil {
			t.Fatal(err)
		}
		return location, ""
	}
	return nil, string(page)
}

func TestAnOpenIDConnectLibraryGoesThroughTheCodeFlow(t *testing.T) {
	s := serve(t, template)
	ctx, provider := s.discover(t)
	app := oauth2.Config{
		ClientID: s.ref(t, "Shop"), RedirectURL: callback, Endpoint: provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
	verifier := oauth2.GenerateVerifier()
	b := browser(t)
	login, _ := visit(t, b, app.AuthCodeURL("a state", oauth2.S256ChallengeOption(verifier)), nil)
	if !strings.HasPrefix(login.String(), s.Domains["Login"]+"/login?") {
		t.Fatalf("the browser is sent to %s", login)
	}
	if _, page := visit(t, b, login.String(), nil); !strings.Contains(page, `name="password"`) {
		t.Fatalf("the login page is %s", page)
	}
	back, _ := visit(t, b, login.String(), url.Values{"username": {"cara"}, "password": {s.Values["password"]}})
	if !strings.HasPrefix(back.String(), callback+"?") || back.Query().Get("state") != "a state" {
		t.Fatalf("the browser is sent to %s", back)
	}
	if _, err := app.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(oauth2.GenerateVerifier())); !isOAuthError(err, "invalid_grant") {
		t.Errorf("another verifier gives %v", err)
	}
	// The browser is signed in: it is sent back at once.
	back, _ = visit(t, b, app.AuthCodeURL("again", oauth2.S256ChallengeOption(verifier)), nil)
	token, err := app.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: app.ClientID}).Verify(ctx, raw)
	if err != nil || id.VerifyAccessToken(token.AccessToken) != nil {
		t.Fatalf("the ID token: %+v, %v", id, err)
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != id.Subject || info.Email != "cara@example.com" {
		t.Errorf("userInfo: %+v, %v", info, err)
	}
	refreshed, err := app.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	if err != nil || refreshed.AccessToken == token.AccessToken {
		t.Fatalf("refresh: %+v, %v", refreshed, err)
	}
	revoke(t, provider, app.ClientID, token.RefreshToken)
	if _, err := app.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); !isOAuthError(err, "invalid_grant") {
		t.Errorf("after the revocation: %v", err)
	}
}

func isOAuthError(err error, code string) bool {
	failure, ok := err.(*oauth2.RetrieveError)
	return ok && failure.ErrorCode == code
}

func revoke(t testing.TB, provider *oidc.Provider, client, token string) {
	t.Helper()
	var endpoints struct {
		Revocation string `json:"revocation_endpoint"`
	}
	if err := provider.Claims(&endpoints); err != nil {
		t.Fatal(err)
	}
	response, err := http.PostForm(endpoints.Revocation, url.Values{"token": {token}, "client_id": {client}})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("revocation: %s", response.Status)
	}
}

func TestAnOAuthLibraryGetsATokenForAProgram(t *testing.T) {
	s := serve(t, template)
	ctx, provider := s.discover(t)
	job := clientcredentials.Config{
		ClientID: s.ref(t, "Job"), ClientSecret: s.attribute(t, "Job", "ClientSecret"), TokenURL: provider.Endpoint().TokenURL, Scopes: []string{"reports/read"},
	}
	token, err := job.Token(ctx)
	if err != nil {
		t.Fatal(err)
	}
	verified, err := provider.Verifier(&oidc.Config{SkipClientIDCheck: true}).Verify(ctx, token.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Scope string `json:"scope"`
		Use   string `json:"token_use"`
	}
	if err := verified.Claims(&claims); err != nil || claims.Scope != "reports/read" || claims.Use != "access" {
		t.Errorf("claims: %+v, %v", claims, err)
	}
	job.ClientSecret = "wrong"
	if _, err := job.Token(ctx); !isOAuthError(err, "invalid_client") {
		t.Errorf("a wrong secret gives %v", err)
	}
}

// The trace of what clients do is there to be read.
func TestTheTraceShowsWhatHappened(t *testing.T) {
	s := serve(t, template)
	s.signIn(t)
	var kept struct {
		Exchanges []struct {
			Title  string
			Status int
			Events []json.RawMessage
		}
	}
	get(t, s.Endpoint+"/_claimcheck/trace", &kept)
	if len(kept.Exchanges) != 1 || kept.Exchanges[0].Title != "cognito-idp:InitiateAuth" || kept.Exchanges[0].Status != 200 || len(kept.Exchanges[0].Events) < 10 {
		t.Errorf("the trace is %+v", kept)
	}
}
