package cognitoidp_test

import (
	"net/url"
	"testing"
)

// .../authorization-endpoint.html: the access token's aud is the resource that
// the app names, and stays it when the tokens are refreshed.
func TestAnAccessTokenIsBoundToAResource(t *testing.T) { bindToResource(shopAccount(t, nil)) }

func bindToResource(a *account) {
	a.T.Helper()
	for _, resource := range []string{"https://api.example.com/orders", "http://localhost:3000", "shop://orders"} {
		query := a.authorization("Client")
		query.Set("resource", resource)
		tokens := a.webTokens(query)
		refreshed := a.token(url.Values{"grant_type": {"refresh_token"}, "client_id": {a.Ref("Client")}, "refresh_token": {tokens["refresh_token"].(string)}}).body
		for name, token := range map[string]any{"issued": tokens["access_token"], "refreshed": refreshed["access_token"]} {
			access := a.claims(token)
			if access.Text("aud") != resource || access.Text("client_id") != a.Ref("Client") {
				a.T.Errorf("%s: aud is %q and client_id %q", name, access.Text("aud"), access.Text("client_id"))
			}
		}
		if aud := a.claims(tokens["id_token"]).Text("aud"); aud != a.Ref("Client") {
			a.T.Errorf("aud of the ID token is %q", aud)
		}
	}
}

func TestWithoutAResourceAnAccessTokenHasNoAudience(t *testing.T) {
	a := shopAccount(t, nil)
	if access := a.claims(a.webTokens(a.authorization("Client"))["access_token"]); access.Claims["aud"] != nil {
		t.Errorf("aud is %v", access.Claims["aud"])
	}
}
