package idp

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
)

// tokenLife is how long access tokens and ID tokens last.
const tokenLife = time.Hour

// exchange answers at the token endpoint.
func (p *IdentityProvider) exchange(form url.Values) api.HTTPResponse {
	if p.provider.Secret != "" && form.Get("client_secret") != p.provider.Secret {
		return answer(401, map[string]any{"error": "invalid_client"})
	}
	given, ok := p.grantOf(form)
	if !ok {
		return answer(400, map[string]any{"error": "invalid_grant"})
	}
	given.until = p.world.Now().Add(tokenLife)
	token := p.world.Token(40, api.Alphanumeric)
	p.tokens[token] = given
	granted := map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(tokenLife.Seconds())}
	if p.at.issuer != "" {
		signed, err := p.idToken(given)
		if err != nil {
			return text(500, err.Error())
		}
		granted["id_token"] = signed
	}
	return answer(200, granted)
}

// grantOf is what a form asks tokens for: the grant behind a code, which works
// once, or a user of the provider's SDK.
func (p *IdentityProvider) grantOf(form url.Values) (grant, bool) {
	switch form.Get("grant_type") {
	case "authorization_code":
		given, ok := p.codes[form.Get("code")]
		delete(p.codes, form.Get("code"))
		return given, ok
	case "password":
		user := p.user(form.Get("username"))
		return grant{user: user, app: form.Get("client_id")}, user != nil && form.Get("client_id") != ""
	}
	return grant{}, false
}

// idToken says who the user is, to the app that asked.
//
// Source: https://openid.net/specs/openid-connect-core-1_0.html#IDToken
func (p *IdentityProvider) idToken(given grant) (string, error) {
	claims := maps.Clone(given.user)
	claims["iss"], claims["aud"] = p.at.issuer, given.app
	claims["iat"], claims["exp"] = p.world.Now().Unix(), given.until.Unix()
	signed, err := jwt.Sign(claims, p.key)
	if err != nil {
		return "", fmt.Errorf("ID token of %s: %w", p.provider.Name, err)
	}
	return signed, nil
}

func (p *IdentityProvider) claims(authorization string) api.HTTPResponse {
	given, ok := p.living(strings.TrimPrefix(authorization, "Bearer "))
	if !ok {
		return answer(401, map[string]any{"error": "invalid_token"})
	}
	return answer(200, given.user)
}

// living finds the grant behind an access token that has not expired.
func (p *IdentityProvider) living(token string) (grant, bool) {
	given, ok := p.tokens[token]
	return given, ok && p.world.Now().Before(given.until)
}

// check says for which app and which user an access token was issued, in the
// words of Facebook or of Login with Amazon.
func (p *IdentityProvider) check(query url.Values) api.HTTPResponse {
	if p.provider.Name == "Facebook" {
		given, ok := p.living(query.Get("input_token"))
		return answer(200, map[string]any{"data": map[string]any{
			"app_id": given.app, "user_id": given.user[p.at.subject], "is_valid": ok, "expires_at": given.until.Unix(),
		}})
	}
	given, ok := p.living(query.Get("access_token"))
	if !ok {
		return answer(400, map[string]any{"error": "invalid_token"})
	}
	return answer(200, map[string]any{
		"iss": "https://www.amazon.com", "aud": given.app, "app_id": given.app, "user_id": given.user[p.at.subject],
		"exp": int(given.until.Sub(p.world.Now()).Seconds()),
	})
}

func (p *IdentityProvider) keys() (api.HTTPResponse, error) {
	document, err := jwt.MarshalKeySet(p.key)
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("keys of %s: %w", p.provider.Name, err)
	}
	return api.HTTPResponse{Status: 200, Header: api.Header{"content-type": {"application/json"}}, Body: document}, nil
}

// discovery is the discovery document:
// https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
func (p *IdentityProvider) discovery() api.HTTPResponse {
	return answer(200, map[string]any{
		"issuer": p.at.issuer, "authorization_endpoint": p.at.authorize, "token_endpoint": p.at.token,
		"userinfo_endpoint": p.at.userInfo, "jwks_uri": p.at.keys,
	})
}
