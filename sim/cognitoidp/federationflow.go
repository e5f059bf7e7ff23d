package cognitoidp

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// providerEndpoints are where a provider that speaks OAuth is reached.
type providerEndpoints struct {
	authorize, token, userInfo string
	// subject is the claim with the provider's own id of a user.
	subject string
}

// socialProviders are the providers whose addresses everybody knows:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-social-idp.html
// and, for the subject,
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
func socialProviders() map[string]providerEndpoints {
	return map[string]providerEndpoints{
		"Google":          {"https://accounts.google.com/o/oauth2/v2/auth", "https://www.googleapis.com/oauth2/v4/token", "https://openidconnect.googleapis.com/v1/userinfo", "sub"},
		"Facebook":        {"https://www.facebook.com/v17.0/dialog/oauth", "https://graph.facebook.com/v17.0/oauth/access_token", "https://graph.facebook.com/v17.0/me", "id"},
		"LoginWithAmazon": {"https://www.amazon.com/ap/oa", "https://api.amazon.com/auth/o2/token", "https://api.amazon.com/user/profile", "user_id"},
		"SignInWithApple": {"https://appleid.apple.com/auth/authorize", "https://appleid.apple.com/auth/token", "https://appleid.apple.com/auth/userinfo", "sub"},
	}
}

// federationLife is how long an unfinished sign-in waits for the provider:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
const federationLife = 5 * time.Minute

// departure is a browser that is at an identity provider.
type departure struct {
	ask     *authorization
	to      *provider
	expires time.Time
	// certificates are those of a SAML provider.
	certificates [][]byte
}

// depart sends the browser to an identity provider, to come back to
// /oauth2/idpresponse.
func (s *UserPools) depart(v *visit, ask *authorization, to *provider) (api.HTTPResponse, error) {
	if to.kind == kindSAML {
		return s.departSAML(v, ask, to)
	}
	addresses, err := s.endpointsOf(v.span, to)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	return redirect(withQuery(addresses.authorize, url.Values{
		"client_id": {to.details["client_id"]}, "redirect_uri": {v.idpResponse()}, "response_type": {"code"},
		"scope": {to.details["authorize_scopes"]}, "state": {s.remember(ask, to)},
	})), nil
}

// remember keeps a sign-in under way and returns its state.
func (s *UserPools) remember(ask *authorization, to *provider) string {
	state := s.world.Token(43, api.Alphanumeric)
	s.web.departures[state] = &departure{ask: ask, to: to, expires: s.world.Now().Add(federationLife)}
	return state
}

// underWay finds the sign-in that a provider's answer belongs to, once.
func (s *UserPools) underWay(v *visit, state string, asserted bool) (*departure, error) {
	under := s.web.departures[state]
	fresh := under != nil && (under.to.kind == kindSAML) == asserted && s.world.Now().Before(under.expires) && under.ask.client.pool == v.pool
	if !v.span.Decide(RuleFederationState, fresh, "the state of a sign-in under way", existence(fresh)) {
		return nil, v.errorPage("invalid_request", "")
	}
	delete(s.web.departures, state)
	return under, nil
}

// idpResponse is the address that is registered at the provider.
func (v *visit) idpResponse() string { return v.domain.url() + "/oauth2/idpresponse" }

// endpointsOf are known for social providers, written in ProviderDetails, or
// found with the issuer's discovery document.
func (s *UserPools) endpointsOf(span *trace.Span, p *provider) (providerEndpoints, error) {
	if known, ok := socialProviders()[p.kind]; ok {
		return known, nil
	}
	given := providerEndpoints{p.details["authorize_url"], p.details["token_url"], p.details["attributes_url"], "sub"}
	if given.authorize != "" && given.token != "" && given.userInfo != "" {
		return given, nil
	}
	response, err := s.doors.Send(span, api.HTTPRequest{From: name, Method: "GET", URL: p.details["oidc_issuer"] + "/.well-known/openid-configuration"})
	if err != nil {
		return providerEndpoints{}, err
	}
	var found struct {
		Authorize string `json:"authorization_endpoint"`
		Token     string `json:"token_endpoint"`
		UserInfo  string `json:"userinfo_endpoint"`
	}
	if err := json.Unmarshal([]byte(response.Body), &found); err != nil {
		return providerEndpoints{}, fmt.Errorf("the discovery document of %s cannot be read: %w", p.details["oidc_issuer"], err)
	}
	return providerEndpoints{found.Authorize, found.Token, found.UserInfo, "sub"}, nil
}

// arrival is who came back from a provider, in the provider's words.
type arrival struct {
	subject string
	claims  map[string]string
}

// receiveCode is /oauth2/idpresponse, where a provider sends the browser back
// to:
//
//  1. the state is that of a sign-in under way
//  2. the provider reports no error
//  3. the provider gives an access token for the code
//  4. the provider says who the user is
//  5. the user's profile is found or made, and brought up to date
//  6. the browser is signed in, and goes back to the app
//
// The provider's ID token is not looked at: its claims are asked for at the
// provider's userInfo endpoint, as Cognito does too.
func (s *UserPools) receiveCode(v *visit) (api.HTTPResponse, error) {
	under, err := s.underWay(v, v.query.Get("state"), false)
	if err != nil { // 1
		return api.HTTPResponse{}, err
	}
	failure := v.query.Get("error")
	if !v.span.Decide(RuleFederationAnswer, failure == "", "a code from "+under.to.name, failureFound(failure)) { // 2
		return api.HTTPResponse{}, under.ask.refuse(failure, v.query.Get("error_description"))
	}
	who, err := s.fetch(v, under) // 3, 4
	if err != nil {
		return api.HTTPResponse{}, err
	}
	u, err := s.welcome(v, under, who) // 5
	if err != nil {
		return api.HTTPResponse{}, err
	}
	return s.enter(v, under.ask, u, under.to) // 6
}

func failureFound(code string) string {
	if code == "" {
		return "a code"
	}
	return "the error " + code
}

// fetch exchanges the provider's code and asks it who the user is.
func (s *UserPools) fetch(v *visit, under *departure) (arrival, error) {
	addresses, err := s.endpointsOf(v.span, under.to)
	if err != nil {
		return arrival{}, err
	}
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {v.query.Get("code")}, "redirect_uri": {v.idpResponse()},
		"client_id": {under.to.details["client_id"]}, "client_secret": {under.to.details["client_secret"]},
	}
	var granted struct {
		AccessToken string `json:"access_token"`
	}
	if err := s.askProvider(v, under, api.HTTPRequest{
		From: name, Method: "POST", URL: addresses.token, Body: form.Encode(),
		Header: api.Header{"content-type": {"application/x-www-form-urlencoded"}},
	}, &granted); err != nil { // 3
		return arrival{}, err
	}
	claims := map[string]any{}
	if err := s.askProvider(v, under, api.HTTPRequest{
		From: name, Method: "GET", URL: addresses.userInfo, Header: api.Header{"authorization": {"Bearer " + granted.AccessToken}},
	}, &claims); err != nil { // 4
		return arrival{}, err
	}
	who := arrival{claims: map[string]string{}}
	for key, value := range claims {
		who.claims[key] = claimText(value)
	}
	who.subject = who.claims[addresses.subject]
	return who, nil
}

// claimText is a provider's claim as the value of an attribute.
func claimText(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	return jsonText(value)
}

// askProvider sends a request to a provider. What users see when the provider
// refuses it: https://github.com/aws-amplify/amplify-cli/issues/2082
func (s *UserPools) askProvider(v *visit, under *departure, request api.HTTPRequest, into any) error {
	response, err := s.doors.Send(v.span, request)
	if err != nil {
		return err
	}
	good := response.Status == 200 && json.Unmarshal([]byte(response.Body), into) == nil
	if !v.span.Decide(RuleFederationAnswer, good, "an answer of "+under.to.name+" with status 200", fmt.Sprintf("status %d", response.Status)) {
		return under.ask.refuse("server_error", "Exception processing authorization code")
	}
	return nil
}

func boolText(b bool) string { return strconv.FormatBool(b) }

// milliseconds is a time as text, in milliseconds since 1970.
func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
