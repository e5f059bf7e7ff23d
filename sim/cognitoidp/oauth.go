package cognitoidp

import (
	"errors"
	"fmt"
	"mime"
	"net/url"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// web is what the domains' endpoints remember.
type web struct {
	domains map[string]*domain
	// styles are the managed login styles by app client.
	styles map[string]*style
	codes  map[string]*authorizationCode
	// browsers are signed-in browsers by the value of their cookie.
	browsers map[string]*browser
	// departures are sign-ins that went to an identity provider, by the state
	// that the provider sends back.
	departures map[string]*departure
	// assertions are the ids of those that have signed somebody in.
	assertions map[string]bool
	// farewells are sign-outs that went to a SAML provider, by their RelayState.
	farewells map[string]farewell
}

func newWeb() web {
	return web{
		domains: map[string]*domain{}, styles: map[string]*style{}, codes: map[string]*authorizationCode{},
		browsers: map[string]*browser{}, departures: map[string]*departure{}, assertions: map[string]bool{}, farewells: map[string]farewell{},
	}
}

// DomainSite serves the OAuth endpoints and login pages on the pools' domains.
// It answers for every name that a prefix domain could have: the names resolve
// whether a pool has them or not.
func (s *UserPools) DomainSite() api.Site {
	return api.Site{
		Name: name,
		Hosts: func(host string) bool {
			_, known := s.web.domains[host]
			return known || strings.HasSuffix(host, s.prefixSuffix())
		},
		Has:   s.hasDomain,
		Serve: s.serveDomain,
	}
}

// visit is one request at a domain.
type visit struct {
	span    *trace.Span
	domain  *domain
	pool    *pool
	request api.HTTPRequest
	query   url.Values
	// form is the body of a POST, empty when it is no form.
	form url.Values
}

// endpoint answers one method on one path.
type endpoint func(*UserPools, *visit) (api.HTTPResponse, error)

// endpoints are the paths of a domain:
// https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
// and https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
func endpoints() map[string]endpoint {
	return map[string]endpoint{
		"GET /oauth2/authorize":   (*UserPools).authorize,
		"POST /oauth2/token":      (*UserPools).issueTokens,
		"GET /oauth2/userInfo":    (*UserPools).userInfo,
		"POST /oauth2/userInfo":   (*UserPools).userInfo,
		"POST /oauth2/revoke":     (*UserPools).revokeAtEndpoint,
		"GET /oauth2/idpresponse": (*UserPools).receiveCode,
		"POST /saml2/idpresponse": (*UserPools).receiveAssertion,
		"POST /saml2/logout":      (*UserPools).receiveSignOut,
		"GET /login":              (*UserPools).showLogin,
		"POST /login":             (*UserPools).submitLogin,
		"GET /signup":             (*UserPools).showSignUp,
		"POST /signup":            (*UserPools).submitSignUp,
		"GET /confirm":            (*UserPools).showConfirm,
		"POST /confirm":           (*UserPools).submitConfirm,
		"GET /logout":             (*UserPools).logOut,
		"GET /error":              (*UserPools).showError,
	}
}

// declined is an answer that ends a request early.
type declined struct{ response api.HTTPResponse }

// Error is only for those who do not look at the response.
func (d *declined) Error() string {
	return fmt.Sprintf("the request is answered with status %d", d.response.Status)
}

// serveDomain finds the endpoint of a request. What the domain says for an
// unknown path or method is not documented.
//
//  1. a pool has the domain
//  2. the address and, of a form, the body can be read
//  3. the path has such an endpoint
func (s *UserPools) serveDomain(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	v := &visit{span: span, request: request}
	address, err := url.Parse(request.URL)
	if err != nil {
		return page(400, "Bad request"), nil
	}
	d, ok := s.web.domains[address.Host]
	if !span.Decide(RuleDomainExists, ok, "a user pool with the domain "+address.Host, existence(ok)) { // 1
		return page(404, "There is no user pool here"), nil
	}
	v.domain, v.pool = d, d.pool
	if err := v.read(address); err != nil { // 2
		return page(400, "Bad request"), nil
	}
	serve, ok := endpoints()[request.Method+" "+address.Path]
	if !ok { // 3
		return page(404, "Not found"), nil
	}
	response, err := serve(s, v)
	var early *declined
	if errors.As(err, &early) {
		return early.response, nil
	}
	return response, err
}

// read takes the query and the form apart.
func (v *visit) read(address *url.URL) error {
	var err error
	if v.query, err = url.ParseQuery(address.RawQuery); err != nil {
		return err
	}
	v.form = url.Values{}
	if v.isForm() {
		v.form, err = url.ParseQuery(v.request.Body)
	}
	return err
}

// isForm reports whether the body is what a browser's form sends.
func (v *visit) isForm() bool {
	kind, _, err := mime.ParseMediaType(v.request.Header.Get("content-type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

// sessionCookie is the name of the cookie that a signed-in browser has.
const sessionCookie = "cognito"

// session is the value of the request's session cookie, "" without it.
func (v *visit) session() string {
	for _, line := range v.request.Header["cookie"] {
		for _, pair := range strings.Split(line, ";") {
			if key, value, ok := strings.Cut(strings.TrimSpace(pair), "="); ok && key == sessionCookie {
				return value
			}
		}
	}
	return ""
}

// redirect sends the browser to a page of the domain or back to an app.
func redirect(location string) api.HTTPResponse {
	return api.HTTPResponse{Status: 302, Header: api.Header{"location": {location}}}
}

// page is a page for people. Its words are the simulation's.
func page(status int, text string) api.HTTPResponse {
	return api.HTTPResponse{Status: status, Header: api.Header{"content-type": {"text/html;charset=UTF-8"}}, Body: text}
}

// withQuery adds parameters to an address that may have some already.
func withQuery(address string, parameters url.Values) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + parameters.Encode()
}

// showError is where a browser lands that cannot be sent back to an app.
func (s *UserPools) showError(v *visit) (api.HTTPResponse, error) {
	return page(400, "An error was encountered with the requested page: "+v.query.Get("error")), nil
}

// errorPage ends a request at /error:
// https://github.com/aws/aws-aspnet-cognito-identity-provider/issues/167
func (v *visit) errorPage(code, clientID string) error {
	parameters := url.Values{"error": {code}, "client_id": {clientID}}
	return &declined{redirect(withQuery(v.domain.url()+"/error", parameters))}
}

// domainClient finds the app client that a request names among those of the
// domain's pool.
func (s *UserPools) domainClient(v *visit, id string) *client {
	c := s.clients[id]
	if c != nil && c.pool != v.pool {
		c = nil
	}
	if !v.span.Decide(RuleDomainClient, c != nil, "an app client of the domain's user pool", clientFound(id, c)) {
		return nil
	}
	return c
}

func clientFound(id string, c *client) string {
	switch {
	case id == "":
		return "no client_id"
	case c == nil:
		return "none with the id " + id
	}
	return id
}

// browserLife is how long a browser stays signed in at a domain; signing in
// silently does not prolong it:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
const browserLife = time.Hour

// browser is a signed-in browser: the cookie "cognito".
type browser struct {
	pool *pool
	user *user
	// by is the identity provider that vouched for the user, nil for the pool.
	by       *provider
	authTime time.Time
	expires  time.Time
}
