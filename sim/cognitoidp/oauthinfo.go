package cognitoidp

import (
	"fmt"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
)

// userInfo is /oauth2/userInfo: the attributes that an access token's scopes
// cover.
//
//  1. the request has a bearer token
//  2. the token is good, as for the operations for signed-in users
//  3. it has the scope openid, which tokens of the sign-in API never have
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
func (s *UserPools) userInfo(v *visit) (api.HTTPResponse, error) {
	raw, ok := strings.CutPrefix(v.request.Header.Get("authorization"), "Bearer ")
	if !v.span.Decide(RuleUserInfoToken, ok && raw != "", "an access token after Bearer", presence(raw)) { // 1
		return bearerError(400, "invalid_request", "Bad OAuth2 request at UserInfo Endpoint"), nil
	}
	in, err := s.holder(v.span, raw)
	if err != nil { // 2
		return bearerError(401, "invalid_token", "Access token is expired, disabled, or deleted, or the user has globally signed out."), nil
	}
	scopes := scopesOf(raw)
	if !v.span.Decide(RuleUserInfoScope, slices.Contains(scopes, "openid"), "the scope openid", phrase(scopes, "none")) { // 3
		return bearerError(401, "invalid_token", "Access token does not contain openid scope"), nil
	}
	body := map[string]string{"username": in.user.username}
	for _, a := range attributesOf(in.user.attributes, in.shows) {
		body[a.Name] = a.Value
	}
	return oauthResponse(200, jsonText(body)), nil
}

// scopesOf are the scopes of an access token that has been verified.
func scopesOf(raw string) []string {
	token, err := jwt.Parse(raw)
	if err != nil {
		return nil
	}
	return strings.Fields(token.Text("scope"))
}

// bearerError refuses a bearer token in the way of RFC 6750.
func bearerError(status int, code, description string) api.HTTPResponse {
	r := oauthResponse(status, jsonText(map[string]string{"error": code, "error_description": description}))
	r.Header.Set("www-authenticate", fmt.Sprintf("error=%q, error_description=%q", code, description))
	return r
}

// revokeAtEndpoint is /oauth2/revoke:
//
//  1. the form has a token
//  2. the app client exists and proves its secret
//  3. the app client has token revocation
//  4. the token is not an ID or access token
//  5. a refresh token of this app client is revoked; for any other the answer is
//     the same
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
func (s *UserPools) revokeAtEndpoint(v *visit) (api.HTTPResponse, error) {
	token := v.form.Get("token")
	if !v.span.Decide(RuleTokenForm, token != "", "token in the form", presence(token)) { // 1
		return oauthError(400, "invalid_request"), nil
	}
	c, err := s.endpointClient(v, 401) // 2
	if err != nil {
		return api.HTTPResponse{}, err
	}
	if !v.span.Decide(RuleRevocationEnabled, c.revokes(), "EnableTokenRevocation", access(c.revokes())) { // 3
		return oauthError(400, "invalid_request"), nil
	}
	_, parseErr := jwt.Parse(token)
	if !v.span.Decide(RuleRevocationToken, parseErr != nil, "a refresh token", kindOf(token, parseErr != nil)) { // 4
		return oauthError(400, "unsupported_token_type"), nil
	}
	issued, ok := s.refreshTokens[token]
	if ok && v.span.Note(RuleRevocationClient, issued.client == c, "a token of this app client", sameOrNot(issued.client == c)) { // 5
		issued.revoked = true
	}
	return oauthResponse(200, ""), nil
}
