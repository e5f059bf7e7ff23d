package cognitoidp

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// signedIn is the browser's session at the pool, nil without one.
func (s *UserPools) signedIn(v *visit) *browser {
	here := s.web.browsers[v.session()]
	lives := here != nil && here.pool == v.pool && s.world.Now().Before(here.expires) && !here.user.disabled
	if !v.span.Note(RuleBrowserSession, lives, "a browser that signed in within the hour", sessionFound(v.session(), here)) {
		return nil
	}
	return here
}

func sessionFound(cookie string, here *browser) string {
	switch {
	case cookie == "":
		return "no cookie"
	case here == nil:
		return "a cookie of no session"
	}
	return "signed in until " + at(here.expires)
}

// showLogin is the page that asks for username and password:
//
//  1. the page is served for the app client
//  2. the request is sound, as at /oauth2/authorize
//  3. a browser that is signed in goes back to the app at once
func (s *UserPools) showLogin(v *visit) (api.HTTPResponse, error) {
	ask, err := s.openPage(v) // 1, 2
	if err != nil {
		return api.HTTPResponse{}, err
	}
	if here := s.signedIn(v); here != nil { // 3
		return s.goBack(v, ask, here)
	}
	return loginPage(v, ask.client, ""), nil
}

// openPage reads the request that leads to a page for people.
func (s *UserPools) openPage(v *visit) (*authorization, error) {
	ask, err := s.readAuthorization(v)
	if err != nil {
		return nil, err
	}
	return ask, s.checkBranded(v, ask.client)
}

// checkBranded refuses managed login pages without a style, in the words of
// https://github.com/minorun365/html-share/issues/3; the status is not reported.
func (s *UserPools) checkBranded(v *visit, c *client) error {
	if !v.domain.managedLogin {
		return nil
	}
	styled := s.web.styles[c.id] != nil
	if !v.span.Decide(RuleLoginBranding, styled, "a managed login style for the app client", existence(styled)) {
		return &declined{page(403, "Login pages unavailable. Please contact an administrator.")}
	}
	return nil
}

// submitLogin takes the forms of the login page: username and password, or the
// answer to the challenge that the page asked next. In order:
//
//  1. the page is served, and the request is sound
//  2. the client lets the pool's own users in
//  3. the form authenticates the user, as the sign-in API would; what it refuses
//     is shown on the page
//  4. a challenge that is due is asked on the page
//  5. the post authentication trigger is asked
//  6. the browser is signed in, and goes back to the app
func (s *UserPools) submitLogin(v *visit) (api.HTTPResponse, error) {
	ask, err := s.openPage(v) // 1
	if err != nil {
		return api.HTTPResponse{}, err
	}
	offered := ask.client.settings.SupportedIdentityProviders
	if !v.span.Decide(RuleLocalUsers, ask.client.signsInLocally(), "COGNITO among SupportedIdentityProviders", phrase(offered, "all")) { // 2
		return loginPage(v, ask.client, "Login not available for this app"), nil
	}
	a := newAttempt(v.span, ask.client, map[string]string{})
	asked, err := s.takeForm(v, a) // 3
	var refusal *awserr.Error
	switch {
	case errors.As(err, &refusal):
		return loginPage(v, ask.client, refusal.Message), nil
	case err != nil:
		return api.HTTPResponse{}, err
	}
	due, err := s.due(a, asked)
	if err != nil {
		return shown(err)
	}
	if due != nil { // 4
		return challengePage(a.user, s.ask(a, due)), nil
	}
	if err := s.afterAuthentication(a); err != nil { // 5
		return shown(err)
	}
	return s.enter(v, ask, a.user, nil) // 6
}

// takeForm authenticates the user by password or by the answer to a challenge,
// and returns the challenge that this leads to.
func (s *UserPools) takeForm(v *visit, a *attempt) (*question, error) {
	if !v.form.Has("challenge") {
		a.parameters["USERNAME"], a.parameters["PASSWORD"] = v.form.Get("username"), v.form.Get("password")
		if err := a.require("USERNAME", "PASSWORD"); err != nil {
			return nil, err
		}
		a.progress.flow = "USER_PASSWORD_AUTH"
		if err := s.beforeAuthentication(a); err != nil {
			return nil, err
		}
		return beginByPassword(s, a)
	}
	answered, ok := challengeNamed(v.form.Get("challenge"))
	if !ok || answered.name == passwordVerifier {
		return nil, fmt.Errorf("the login page does not ask %q", v.form.Get("challenge"))
	}
	for name := range v.form {
		a.parameters[name] = v.form.Get(name)
	}
	if err := s.resume(a, answered.name, v.form.Get("session")); err != nil {
		return nil, err
	}
	if err := a.require(answered.parameters...); err != nil {
		return nil, err
	}
	asked, err := answered.answer(s, a)
	if err == nil {
		delete(s.sessions, v.form.Get("session"))
	}
	return asked, err
}

// enter signs the browser in and sends it back to the app.
func (s *UserPools) enter(v *visit, ask *authorization, u *user, by *provider) (api.HTTPResponse, error) {
	now := s.world.Now()
	here := &browser{pool: v.pool, user: u, by: by, authTime: now, expires: now.Add(browserLife)}
	value := s.world.UUID()
	s.web.browsers[value] = here
	response, err := s.goBack(v, ask, here)
	if err == nil {
		response.Header.Set("set-cookie", fmt.Sprintf("%s=%s; Path=/; Max-Age=%d; Secure; HttpOnly", sessionCookie, value, int(browserLife.Seconds())))
	}
	return response, err
}

// showSignUp is the page on which users add themselves.
func (s *UserPools) showSignUp(v *visit) (api.HTTPResponse, error) {
	if _, err := s.openPage(v); err != nil {
		return api.HTTPResponse{}, err
	}
	return signUpPage(v.pool), nil
}

// submitSignUp signs a user up as the API's SignUp does. Fields other than
// username and password are attributes.
func (s *UserPools) submitSignUp(v *visit) (api.HTTPResponse, error) {
	ask, err := s.openPage(v)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	username := v.form.Get("username")
	input := signUpInput{
		ClientId: ask.client.id, Username: username, Password: v.form.Get("password"),
		SecretHash: secretHash(ask.client.secret, username, ask.client.id),
	}
	for _, name := range slices.Sorted(maps.Keys(v.form)) {
		if name != "username" && name != "password" {
			input.UserAttributes = append(input.UserAttributes, attribute{Name: name, Value: v.form.Get(name)})
		}
	}
	if _, err := s.signUp(api.Context{Span: v.span}, input); err != nil {
		return shown(err)
	}
	query := url.Values{}
	for name, values := range v.query {
		query[name] = values
	}
	query.Set("username", username)
	return redirect(withQuery(v.domain.url()+"/confirm", query)), nil
}

// shown puts what the API refuses on the page, and passes any other error on.
func shown(err error) (api.HTTPResponse, error) {
	var refusal *awserr.Error
	if errors.As(err, &refusal) {
		return page(200, problemLine(refusal.Message)), nil
	}
	return api.HTTPResponse{}, err
}

// showConfirm is the page that asks for the code of a sign-up.
func (s *UserPools) showConfirm(v *visit) (api.HTTPResponse, error) {
	if _, err := s.openPage(v); err != nil {
		return api.HTTPResponse{}, err
	}
	return confirmPage(), nil
}

// submitConfirm confirms a sign-up as the API's ConfirmSignUp does, and signs
// the browser in. The username comes with the address.
func (s *UserPools) submitConfirm(v *visit) (api.HTTPResponse, error) {
	ask, err := s.openPage(v)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	username := v.query.Get("username")
	if _, err := s.confirmSignUp(api.Context{Span: v.span}, confirmSignUpInput{
		ClientId: ask.client.id, Username: username, ConfirmationCode: v.form.Get("code"),
		SecretHash: secretHash(ask.client.secret, username, ask.client.id),
	}); err != nil {
		return shown(err)
	}
	return s.enter(v, ask, v.pool.find(username), nil)
}

// logOut ends the browser's session, and only that: tokens live on.
//
//  1. the app client is one of the pool's
//  2. logout_uri, which wins over redirect_uri, is one of the client's LogoutURLs
//  3. without it, redirect_uri and response_type lead to the login page
//  4. a SAML provider that is set to signs the user out too
//
// What the endpoint says when neither is sent is not documented.
func (s *UserPools) logOut(v *visit) (api.HTTPResponse, error) {
	id := v.query.Get("client_id")
	c := s.domainClient(v, id)
	if c == nil { // 1
		return api.HTTPResponse{}, v.errorPage("invalid_request", id)
	}
	response, err := s.afterLogOut(v, c)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	if response, err = s.signOutOutside(v, s.web.browsers[v.session()], response); err != nil { // 4
		return api.HTTPResponse{}, err
	}
	delete(s.web.browsers, v.session())
	response.Header.Set("set-cookie", sessionCookie+"=; Path=/; Max-Age=0; Secure; HttpOnly")
	return response, nil
}

func (s *UserPools) afterLogOut(v *visit, c *client) (api.HTTPResponse, error) {
	address := v.query.Get("logout_uri")
	if address == "" && v.query.Has("redirect_uri") { // 3
		if _, err := s.readAuthorization(v); err != nil {
			return api.HTTPResponse{}, err
		}
		return redirect(withQuery(v.domain.url()+"/login", v.query)), nil
	}
	registered := slices.Contains(c.settings.LogoutURLs, address)
	wanted := "one of the LogoutURLs " + phrase(c.settings.LogoutURLs, "none")
	if !v.span.Decide(RuleLogoutURL, registered, wanted, quoted(address)) { // 2
		return api.HTTPResponse{}, v.errorPage("redirect_mismatch", c.id)
	}
	return redirect(address), nil
}
