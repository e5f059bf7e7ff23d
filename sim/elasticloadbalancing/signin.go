package elasticloadbalancing

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"claimcheck/sim/api"
)

const (
	// callbackPath is where a provider sends the browser back to; the load
	// balancer answers there itself.
	callbackPath = "/oauth2/idpresponse"
	// loginLimit is how long a sign-in may take.
	loginLimit = 15 * time.Minute
)

// signIn is an action authenticate-cognito or authenticate-oidc.
type signIn struct {
	issuer, authorize, token, userInfo string
	client, secret, scope, cookie      string
	// unauthenticated is OnUnauthenticatedRequest.
	unauthenticated string
	lasts           time.Duration
	// logins are under way, by state, and sessions open, by cookie.
	logins   map[string]login
	sessions map[string]session
}

type login struct {
	url   string
	since time.Time
}

// session is a user who is signed in.
type session struct {
	accessToken string
	claims      map[string]any
	expires     time.Time
}

func (s *signIn) cookieName() string { return s.cookie + "-0" }

// admit is phase 4, for a rule that signs users in:
//
//  1. the cookie names a session that has not ended
//  2. without one, OnUnauthenticatedRequest says what happens: the browser is
//     sent to the provider, the request passes without headers, or it is 401
//
// Whatever else the request carries, a token in its Authorization header for
// one, is not looked at.
func (c *request) admit() (api.HTTPResponse, bool, error) {
	s := c.rule.signIn
	if s == nil {
		return api.HTTPResponse{}, true, nil
	}
	// 1
	cookie := c.cookieValue(s.cookieName())
	open, ok := s.sessions[cookie]
	found := "no cookie"
	switch {
	case ok && !c.world.Now().Before(open.expires):
		ok, found = false, "a session that has ended"
	case ok:
		found = "the session of " + fmt.Sprint(open.claims["sub"])
	case cookie != "":
		found = "a cookie of no session"
	}
	wanted := "a session in the cookie " + s.cookieName()
	if ok {
		c.span.Note(RuleSession, true, wanted, found)
		return api.HTTPResponse{}, true, c.identify(s, open)
	}
	// 2
	switch s.unauthenticated {
	case "allow":
		c.span.Note(RuleSession, false, wanted, found)
		return api.HTTPResponse{}, true, nil
	case "deny":
		c.span.Decide(RuleSession, false, wanted, found)
		return page(401, "Authorization Required"), false, nil
	}
	c.span.Decide(RuleSession, false, wanted, found+": to the provider")
	return c.away(s), false, nil
}

func (c *request) cookieValue(name string) string {
	for _, pair := range strings.Split(strings.Join(c.Header["cookie"], ";"), ";") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(pair), name+"="); ok {
			return value
		}
	}
	return ""
}

// away sends the browser to the provider's authorization endpoint.
func (c *request) away(s *signIn) api.HTTPResponse {
	state := c.world.Token(32, api.Alphanumeric)
	s.logins[state] = login{url: c.URL, since: c.world.Now()}
	query := url.Values{
		"client_id": {s.client}, "redirect_uri": {c.callback()}, "response_type": {"code"}, "scope": {s.scope}, "state": {state},
	}
	return redirect(s.authorize + "?" + query.Encode())
}

func (c *request) callback() string { return "https://" + c.balancer.host + callbackPath }

// comeBack is phase 3:
//
//  1. the state is of a sign-in that began at most 15 minutes ago (401)
//  2. the provider gives tokens for the code (561), an ID token among them (401)
//  3. the provider tells the user's claims for the access token (561)
//
// It ends with a session cookie and the way back to where the user wanted to go.
func (c *request) comeBack(l *listener) (api.HTTPResponse, error) {
	query := c.address.Query()
	// 1
	s, begun, ok := l.login(query.Get("state"))
	found := "no such sign-in"
	if ok {
		age := c.world.Now().Sub(begun.since)
		found, ok = "begun "+age.String()+" ago", age <= loginLimit
	}
	if !c.span.Decide(RuleLogin, ok, "a sign-in that began within 15 minutes", found) {
		return page(401, "Authorization Required"), nil
	}
	delete(s.logins, query.Get("state"))
	// 2
	access, refused, err := c.exchange(s, query.Get("code"))
	if err != nil || access == "" {
		return refused, err
	}
	// 3
	claims, err := c.claims(s, access)
	if err != nil || claims == nil {
		return page(561, "Authentication failed"), err
	}
	cookie := c.world.Token(48, api.Alphanumeric)
	s.sessions[cookie] = session{accessToken: access, claims: claims, expires: c.world.Now().Add(s.lasts)}
	response := redirect(begun.url)
	response.Header.Set("set-cookie", s.cookieName()+"="+cookie+"; Expires="+c.world.Now().Add(s.lasts).UTC().Format(time.RFC1123)+"; Path=/; Secure; HttpOnly")
	return response, nil
}

// login finds a sign-in under way at any rule of the listener.
func (l *listener) login(state string) (*signIn, login, bool) {
	for _, r := range l.rules {
		if r.signIn == nil {
			continue
		}
		if begun, ok := r.signIn.logins[state]; ok {
			return r.signIn, begun, true
		}
	}
	return nil, login{}, false
}

// exchange trades the code for tokens. It returns the access token, or "" and
// the answer that ends the sign-in: 561 after an error of the provider, 401 when
// the scope brought no ID token.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
func (c *request) exchange(s *signIn, code string) (string, api.HTTPResponse, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {c.callback()}}
	response, err := c.doors.Send(c.span, api.HTTPRequest{
		From: Actor, Method: "POST", URL: s.token, Body: form.Encode(), Header: api.Header{
			"content-type":  {"application/x-www-form-urlencoded"},
			"authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(s.client+":"+s.secret))},
		},
	})
	if err != nil {
		return "", api.HTTPResponse{}, err
	}
	var tokens struct {
		ID     string `json:"id_token"`
		Access string `json:"access_token"`
	}
	_ = json.Unmarshal([]byte(response.Body), &tokens) // what is no JSON has no tokens
	found, refused := fmt.Sprintf("status %d", response.Status), page(561, "Authentication failed")
	if response.Status == 200 && tokens.ID == "" {
		found, refused = found+", no ID token", page(401, "Authorization Required")
	}
	if !c.span.Decide(RuleTokens, tokens.ID != "" && tokens.Access != "", "an ID token and an access token for the code", found) {
		return "", refused, nil
	}
	return tokens.Access, api.HTTPResponse{}, nil
}

// claims asks the provider who the user is, nil when it does not say.
func (c *request) claims(s *signIn, access string) (map[string]any, error) {
	response, err := c.doors.Send(c.span, api.HTTPRequest{
		From: Actor, Method: "GET", URL: s.userInfo, Header: api.Header{"authorization": {"Bearer " + access}},
	})
	if err != nil {
		return nil, err
	}
	var claims map[string]any
	ok := response.Status == 200 && json.Unmarshal([]byte(response.Body), &claims) == nil && claims["sub"] != nil
	if !c.span.Decide(RuleUserInfo, ok, "the user's claims, with sub", fmt.Sprintf("status %d", response.Status)) {
		return nil, nil
	}
	return claims, nil
}

// identify sets the headers that tell the target who the user is. The ID token
// is not among them.
func (c *request) identify(s *signIn, open session) error {
	data, err := sign(header{
		Type: "JWT", KeyID: keyID, Algorithm: "ES256", Issuer: s.issuer, Client: s.client, Signer: c.balancer.arn,
		Expires: c.world.Now().Add(2 * time.Minute).Unix(),
	}, open.claims)
	if err != nil {
		return err
	}
	c.Header = c.Header.Clone()
	c.Header.Set("x-amzn-oidc-accesstoken", open.accessToken)
	c.Header.Set("x-amzn-oidc-identity", fmt.Sprint(open.claims["sub"]))
	c.Header.Set("x-amzn-oidc-data", data)
	return nil
}
