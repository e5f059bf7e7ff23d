package cognitoidp

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
)

// authorization is what an app asks for when it sends a browser to a pool.
type authorization struct {
	client       *client
	redirectURI  string
	responseType string
	scopes       []string
	state, nonce string
	// challenge is the PKCE code challenge, "" without PKCE.
	challenge string
	// resource is the API that the access token is for, "" when the app names none.
	resource string
}

// authorize sends the browser on: back to the app when it is signed in, else to
// the login page or to an identity provider. In order:
//
//  1. the request is sound (see readAuthorization)
//  2. a browser that is signed in goes back to the app at once, unless the app
//     wants a new sign-in with prompt=login
//  3. prompt=none allows no page, so without a signed-in browser it fails
//  4. identity_provider or idp_identifier names where the user signs in
//  5. otherwise the login page does
func (s *UserPools) authorize(v *visit) (api.HTTPResponse, error) {
	ask, err := s.readAuthorization(v) // 1
	if err != nil {
		return api.HTTPResponse{}, err
	}
	prompt := v.query.Get("prompt")
	if here := s.signedIn(v); here != nil && prompt != "login" { // 2
		return s.goBack(v, ask, here)
	}
	if !v.span.Decide(RulePrompt, prompt != "none", "a sign-in without a page", "prompt is "+quoted(prompt)) { // 3
		return api.HTTPResponse{}, ask.refuse("login_required", "")
	}
	chosen, err := s.chosenProvider(v, ask)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	if chosen != nil { // 4
		return s.depart(v, ask, chosen)
	}
	return redirect(withQuery(v.domain.url()+"/login", v.query)), nil // 5
}

func quoted(text string) string {
	if text == "" {
		return "not sent"
	}
	return fmt.Sprintf("%q", text)
}

// readAuthorization reads the query of /oauth2/authorize and of the login pages.
// The first two refusals end at the domain's error page, the others go back to
// the app:
//
//  1. the app client is one of the pool's
//  2. redirect_uri is one of the client's callback URLs, to the letter
//  3. the client may use the OAuth endpoints
//  4. response_type is code or token, and the client has that flow
//  5. PKCE, when it is used, has a challenge with the method S256
//  6. the client has every scope; email, phone and profile come with openid
//  7. resource, when it is sent, is one address that a token can be bound to
//
// AWS documents the checks and not their order.
func (s *UserPools) readAuthorization(v *visit) (*authorization, error) {
	ask := &authorization{
		responseType: v.query.Get("response_type"), state: v.query.Get("state"), nonce: v.query.Get("nonce"),
		challenge: v.query.Get("code_challenge"),
	}
	id := v.query.Get("client_id")
	if ask.client = s.domainClient(v, id); ask.client == nil { // 1
		return nil, v.errorPage("invalid_request", id)
	}
	for _, check := range []func(*visit, *authorization) error{
		checkRedirectURI,  // 2
		checkEndpointUse,  // 3
		checkResponseType, // 4
		checkChallenge,    // 5
		readScopes,        // 6
		readResource,      // 7
	} {
		if err := check(v, ask); err != nil {
			return nil, err
		}
	}
	return ask, nil
}

// checkRedirectURI fills in DefaultRedirectURI for a client with one identity
// provider:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
func checkRedirectURI(v *visit, ask *authorization) error {
	ask.redirectURI = v.query.Get("redirect_uri")
	in := ask.client.settings
	if ask.redirectURI == "" && len(in.SupportedIdentityProviders) == 1 {
		ask.redirectURI = in.DefaultRedirectURI
	}
	registered := slices.Contains(in.CallbackURLs, ask.redirectURI)
	wanted := "one of the callback URLs " + phrase(in.CallbackURLs, "none")
	if !v.span.Decide(RuleRedirectURI, registered, wanted, quoted(ask.redirectURI)) {
		return v.errorPage("redirect_mismatch", ask.client.id)
	}
	return nil
}

func checkEndpointUse(v *visit, ask *authorization) error {
	enabled := ask.client.settings.AllowedOAuthFlowsUserPoolClient
	if !v.span.Decide(RuleOAuthEnabled, enabled, "AllowedOAuthFlowsUserPoolClient is true", fmt.Sprint(enabled)) {
		return ask.refuse("unauthorized_client", "")
	}
	return nil
}

func checkResponseType(v *visit, ask *authorization) error {
	flow := map[string]string{"code": codeFlow, "token": implicitFlow}[ask.responseType]
	if !v.span.Decide(RuleResponseType, flow != "", "response_type is code or token", quoted(ask.responseType)) {
		return ask.refuse("invalid_request", "")
	}
	allowed := ask.client.settings.AllowedOAuthFlows
	if !v.span.Decide(RuleGrantAllowed, slices.Contains(allowed, flow), flow+" among AllowedOAuthFlows", phrase(allowed, "none")) {
		return ask.refuse("unauthorized_client", "")
	}
	return nil
}

func checkChallenge(v *visit, ask *authorization) error {
	method := v.query.Get("code_challenge_method")
	if ask.challenge == "" && method == "" {
		return nil
	}
	sound := ask.challenge != "" && method == "S256"
	found := "method " + quoted(method)
	if ask.challenge == "" {
		found += " without a challenge"
	}
	if !v.span.Decide(RuleChallengeMethod, sound, "code_challenge with the method S256", found) {
		return ask.refuse("invalid_request", "")
	}
	return nil
}

// readScopes takes all of the client's scopes when the app names none. A scope
// that the client does not have is refused, as users see it, although one page
// says that it is ignored:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
func readScopes(v *visit, ask *authorization) error {
	allowed := ask.client.settings.AllowedOAuthScopes
	ask.scopes = strings.Fields(v.query.Get("scope"))
	if len(ask.scopes) == 0 {
		ask.scopes = allowed
	}
	for _, scope := range ask.scopes {
		if !v.span.Decide(RuleScopeAllowed, slices.Contains(allowed, scope), "one of the client's scopes "+phrase(allowed, "none"), scope) {
			return ask.refuse("invalid_scope", "")
		}
	}
	for _, scope := range []string{"email", "phone", "profile"} {
		if !slices.Contains(ask.scopes, scope) {
			continue
		}
		if !v.span.Decide(RuleScopeOpenID, slices.Contains(ask.scopes, "openid"), "openid beside "+scope, strings.Join(ask.scopes, " ")) {
			return ask.refuse("invalid_scope", "")
		}
	}
	return nil
}

// readResource takes the one address that becomes the access token's audience.
// AWS documents which addresses are legal, and no error for the others.
// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
func readResource(v *visit, ask *authorization) error {
	sent := v.query["resource"]
	if len(sent) == 0 {
		return nil
	}
	ask.resource = sent[0]
	sound := len(sent) == 1 && isAddress(ask.resource)
	if !v.span.Decide(RuleResource, sound, "one https, http://localhost or app address", strings.Join(sent, " ")) {
		return ask.refuse("invalid_request", "")
	}
	return nil
}

// isAddress reports whether the text is an absolute address, by http only on
// the app's own computer.
func isAddress(text string) bool {
	address, err := url.Parse(text)
	if err != nil || address.Scheme == "" || address.Host == "" {
		return false
	}
	return address.Scheme != "http" || address.Hostname() == "localhost"
}

// refuse sends the browser back to the app with an error: in the query of the
// code flow, in the fragment of the implicit one.
func (ask *authorization) refuse(code, description string) error {
	parameters := url.Values{"error": {code}}
	if description != "" {
		parameters.Set("error_description", description)
	}
	return &declined{ask.answer(parameters)}
}

// answer sends the browser back to the app, with the app's state.
func (ask *authorization) answer(parameters url.Values) api.HTTPResponse {
	if ask.state != "" {
		parameters.Set("state", ask.state)
	}
	if ask.responseType == "token" {
		return redirect(ask.redirectURI + "#" + parameters.Encode())
	}
	return redirect(withQuery(ask.redirectURI, parameters))
}

// codeLife is how long an authorization code can be exchanged:
// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
const codeLife = 5 * time.Minute

// authorizationCode stands for a sign-in until the app exchanges it for tokens.
type authorizationCode struct {
	ask      *authorization
	user     *user
	authTime time.Time
	expires  time.Time
	used     bool
}

// grantTo is what the user of a signed-in browser grants an app.
func (ask *authorization) grantTo(authTime time.Time) *grant {
	return &grant{
		scopes: ask.scopes, nonce: ask.nonce, resource: ask.resource, authTime: authTime, implicit: ask.responseType == "token",
	}
}

// goBack ends a sign-in: with a code for the app's back end, or, in the implicit
// flow, with the tokens themselves in the fragment.
func (s *UserPools) goBack(v *visit, ask *authorization, here *browser) (api.HTTPResponse, error) {
	if ask.responseType == "code" {
		code := s.world.UUID()
		s.web.codes[code] = &authorizationCode{ask: ask, user: here.user, authTime: here.authTime, expires: s.world.Now().Add(codeLife)}
		return ask.answer(url.Values{"code": {code}}), nil
	}
	a := newAttempt(v.span, ask.client, nil)
	a.user, a.grant = here.user, ask.grantTo(here.authTime)
	out, err := s.complete(a)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	result := out.AuthenticationResult
	parameters := url.Values{
		"access_token": {result.AccessToken}, "token_type": {"bearer"}, "expires_in": {fmt.Sprint(result.ExpiresIn)},
	}
	if result.IdToken != "" {
		parameters.Set("id_token", result.IdToken)
	}
	return ask.answer(parameters), nil
}
