package cognitoidp

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// tokenGrant is what differs between the values of grant_type.
type tokenGrant struct {
	parameters []string
	// flow is the value of AllowedOAuthFlows that the grant needs, "" when
	// every client has it.
	flow  string
	issue func(*UserPools, *visit, *client) (api.HTTPResponse, error)
}

func tokenGrants() map[string]tokenGrant {
	return map[string]tokenGrant{
		"authorization_code": {[]string{"code", "redirect_uri"}, codeFlow, (*UserPools).exchangeCode},
		"refresh_token":      {[]string{"refresh_token"}, "", (*UserPools).refreshAtEndpoint},
		"client_credentials": {nil, machineFlow, (*UserPools).issueMachineToken},
	}
}

// issueTokens is /oauth2/token. The phases are the same for every grant:
//
//  1. the body is a form with a grant_type
//  2. there is such a grant
//  3. the grant's parameters were sent
//  4. the app client exists and proves itself with its secret, when it has one
//  5. the app client may use the OAuth endpoints, and the grant
//  6. the grant's own checks (with each grant)
//  7. tokens are issued
//
// AWS documents the errors and not the order of the checks:
// https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
func (s *UserPools) issueTokens(v *visit) (api.HTTPResponse, error) {
	kind := v.form.Get("grant_type")
	found := "grant_type " + quoted(kind)
	if !v.isForm() {
		found = "content-type " + quoted(v.request.Header.Get("content-type"))
	}
	if !v.span.Decide(RuleTokenForm, kind != "", "a form (application/x-www-form-urlencoded) with grant_type", found) { // 1
		return oauthError(400, "invalid_request"), nil
	}
	wanted, ok := tokenGrants()[kind]
	if !v.span.Decide(RuleGrantType, ok, "authorization_code, refresh_token or client_credentials", kind) { // 2
		return oauthError(400, "unsupported_grant_type"), nil
	}
	for _, name := range wanted.parameters { // 3
		if !v.span.Decide(RuleTokenForm, v.form.Has(name), name+" in the form", presence(v.form.Get(name))) {
			return oauthError(400, "invalid_request"), nil
		}
	}
	c, err := s.endpointClient(v, 400) // 4
	if err != nil {
		return api.HTTPResponse{}, err
	}
	if err := checkGrant(v, c, wanted.flow); err != nil { // 5
		return api.HTTPResponse{}, err
	}
	return wanted.issue(s, v, c) // 6, 7
}

// oauthError is a refusal of the token and the revocation endpoint.
func oauthError(status int, code string) api.HTTPResponse {
	return oauthResponse(status, jsonText(map[string]string{"error": code}))
}

// oauthResponse may be read by scripts of any origin:
// https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
func oauthResponse(status int, body string) api.HTTPResponse {
	r := response(status, body)
	r.Header.Set("access-control-allow-origin", "*")
	return r
}

// endpointClient is the app client that makes a request, by Basic
// authentication or by client_id and client_secret in the form. The status is
// that of invalid_client.
func (s *UserPools) endpointClient(v *visit, status int) (*client, error) {
	id, secret := v.form.Get("client_id"), v.form.Get("client_secret")
	if given, ok := strings.CutPrefix(v.request.Header.Get("authorization"), "Basic "); ok {
		pair, err := base64.StdEncoding.DecodeString(given)
		if err != nil {
			pair = nil
		}
		id, secret, _ = strings.Cut(string(pair), ":")
	}
	c := s.domainClient(v, id)
	if c == nil {
		return nil, &declined{oauthError(status, "invalid_client")}
	}
	proven := subtle.ConstantTimeCompare([]byte(c.secret), []byte(secret)) == 1
	wanted := "no secret: the app client has none"
	if c.secret != "" {
		wanted = "the app client's secret"
	}
	if !v.span.Decide(RuleEndpointSecret, proven, wanted, secretFound(secret, proven)) {
		return nil, &declined{oauthError(status, "invalid_client")}
	}
	return c, nil
}

func secretFound(secret string, proven bool) string {
	if secret == "" {
		return "none sent"
	}
	return sameOrNot(proven)
}

// checkGrant refuses a client without the flow. A client that was not turned
// on for the endpoints gets invalid_grant:
// https://github.com/boto/boto3/issues/3916
func checkGrant(v *visit, c *client, flow string) error {
	if flow == "" {
		return nil
	}
	in := c.settings
	enabled := in.AllowedOAuthFlowsUserPoolClient
	if !v.span.Decide(RuleOAuthEnabled, enabled, "AllowedOAuthFlowsUserPoolClient is true", fmt.Sprint(enabled)) {
		return &declined{oauthError(400, "invalid_grant")}
	}
	allowed := slices.Contains(in.AllowedOAuthFlows, flow)
	if !v.span.Decide(RuleGrantAllowed, allowed, flow+" among AllowedOAuthFlows", phrase(in.AllowedOAuthFlows, "none")) {
		return &declined{oauthError(400, "unauthorized_client")}
	}
	return nil
}

// exchangeCode gives tokens for a code:
//
//  1. the code was issued to this app client and not used; this uses it up
//  2. it has not expired
//  3. redirect_uri is that of the authorization request
//  4. with PKCE, code_verifier hashes to the challenge
//  5. the user is enabled
//
// AWS does not document the error of 3; users see unauthorized_client:
// https://stackoverflow.com/questions/50264679/aws-cognito-unauthorized-client-error-when-hitting-oauth2-token
func (s *UserPools) exchangeCode(v *visit, c *client) (api.HTTPResponse, error) {
	code := s.web.codes[v.form.Get("code")]
	fresh := code != nil && code.ask.client == c && !code.used
	if !v.span.Decide(RuleCodeOnce, fresh, "a code of this app client that was not used", codeFound(code, c)) { // 1
		return oauthError(400, "invalid_grant"), nil
	}
	code.used = true
	if !v.span.Decide(RuleCodeExpiry, s.world.Now().Before(code.expires), "a code in its five minutes", "until "+at(code.expires)) { // 2
		return oauthError(400, "invalid_grant"), nil
	}
	same := v.form.Get("redirect_uri") == code.ask.redirectURI
	if !v.span.Decide(RuleCodeRedirect, same, "redirect_uri "+code.ask.redirectURI, quoted(v.form.Get("redirect_uri"))) { // 3
		return oauthError(400, "unauthorized_client"), nil
	}
	if !checkVerifier(v, code.ask.challenge) { // 4
		return oauthError(400, "invalid_grant"), nil
	}
	if err := checkEnabledUser(v.span, code.user); err != nil { // 5
		return oauthError(400, "invalid_grant"), nil
	}
	a := newAttempt(v.span, c, nil)
	a.user, a.grant = code.user, code.ask.grantTo(code.authTime)
	return s.answerWithTokens(a)
}

func codeFound(code *authorizationCode, c *client) string {
	switch {
	case code == nil:
		return "no code of this pool"
	case code.ask.client != c:
		return "a code of another app client"
	case code.used:
		return "a code that was used before"
	}
	return "a new code"
}

// checkVerifier looks at the proof that whoever brings the code also asked for
// it: https://datatracker.ietf.org/doc/html/rfc7636#section-4.6
func checkVerifier(v *visit, challenge string) bool {
	if challenge == "" {
		v.span.Note(RuleCodeVerifier, false, "a code bound to a verifier", "PKCE was not used: whoever has the code can exchange it")
		return true
	}
	verifier := v.form.Get("code_verifier")
	sum := sha256.Sum256([]byte(verifier))
	proven := verifier != "" && base64.RawURLEncoding.EncodeToString(sum[:]) == challenge
	found := "code_verifier " + sentOrNot(verifier)
	if verifier != "" {
		found = "code_verifier: " + sameOrNot(proven)
	}
	return v.span.Decide(RuleCodeVerifier, proven, "the code_verifier behind the code_challenge", found)
}

// refreshAtEndpoint gives new tokens for a refresh token, also for one of a
// sign-in by API. The checks are those of InitiateAuth.
func (s *UserPools) refreshAtEndpoint(v *visit, c *client) (api.HTTPResponse, error) {
	token := v.form.Get("refresh_token")
	resumed, err := s.refreshable(v.span, c, token, "")
	if err != nil {
		return refusedGrant(err)
	}
	a := newAttempt(v.span, c, map[string]string{"REFRESH_TOKEN": token})
	a.user, a.resumed = resumed.user, resumed
	return s.answerWithTokens(a)
}

// refusedGrant is invalid_grant for what the API refuses, and passes any other
// error on.
func refusedGrant(err error) (api.HTTPResponse, error) {
	var refusal *awserr.Error
	if errors.As(err, &refusal) {
		return oauthError(400, "invalid_grant"), nil
	}
	return api.HTTPResponse{}, err
}

// tokenResponse is the answer of /oauth2/token, in AWS's order.
type tokenResponse struct {
	IDToken      string `json:"id_token,omitempty"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	ExpiresIn    int64  `json:"expires_in"`
	TokenType    string `json:"token_type"`
}

func (s *UserPools) answerWithTokens(a *attempt) (api.HTTPResponse, error) {
	out, err := s.complete(a)
	if err != nil {
		return refusedGrant(err)
	}
	r := out.AuthenticationResult
	return oauthResponse(200, jsonText(tokenResponse{
		IDToken: r.IdToken, AccessToken: r.AccessToken, RefreshToken: r.RefreshToken, ExpiresIn: r.ExpiresIn, TokenType: r.TokenType,
	})), nil
}

// issueMachineToken gives an app itself an access token: no user, and so no ID
// or refresh token. Without the parameter scope it has all of the client's
// custom scopes; standard scopes are about users and refused.
func (s *UserPools) issueMachineToken(v *visit, c *client) (api.HTTPResponse, error) {
	allowed := c.customScopes()
	scopes := strings.Fields(v.form.Get("scope"))
	if len(scopes) == 0 {
		scopes = allowed
	}
	for _, scope := range scopes {
		if !v.span.Decide(RuleScopeAllowed, slices.Contains(allowed, scope), "one of the client's custom scopes "+phrase(allowed, "none"), scope) {
			return oauthError(400, "invalid_scope"), nil
		}
	}
	token, err := s.mintMachineToken(v.span, c, scopes)
	if err != nil {
		return refusedGrant(err)
	}
	return oauthResponse(200, jsonText(tokenResponse{AccessToken: token, ExpiresIn: int64(c.accessValidity / time.Second), TokenType: "Bearer"})), nil
}
