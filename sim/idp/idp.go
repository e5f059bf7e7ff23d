// Package idp is an identity provider outside AWS, such as Google or a company's
// own OpenID Connect or SAML server, as far as those see it who trust it. It owns
// its users and vouches for them with the authorization code flow or with SAML
// assertions. It refuses to know who asks: whoever brings a code gets to know its
// user.
package idp

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
	"claimcheck/sim/saml"
	"claimcheck/sim/trace"
)

// Provider is what an identity provider is: its name, its issuer and its users.
type Provider struct {
	// Name is Google, Facebook, LoginWithAmazon, SignInWithApple, or any name
	// for a provider with an Issuer.
	Name string
	// Issuer is the address of the server, "" for the four.
	Issuer string
	// Protocol is SAML, or "" for OpenID Connect.
	Protocol string
	// SignOut is where the service that trusts the provider wants a browser back
	// that has signed out, such as DOMAIN/saml2/logout; SAML only, "" for none.
	SignOut string
	// Secret is the client secret that it asks for, "" when it asks for none.
	Secret string
	// Users are the claims of each user, among them its subject: sub, or id at
	// Facebook, user_id at LoginWithAmazon, NameID with SAML.
	Users []map[string]any
}

// addresses are where a provider is reached.
type addresses struct {
	authorize, token, userInfo string
	// subject is the claim that the provider names its users by.
	subject string
	// check is where an app that is shown an access token asks what it is, ""
	// for providers whose ID tokens speak for themselves.
	check string
	// issuer is the iss of its ID tokens and keys where its public keys are, ""
	// for a provider that has none.
	issuer, keys string
}

// known are the providers whose addresses everybody knows. What an access token
// is worth: https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging,
// https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
func known() map[string]addresses {
	return map[string]addresses{
		"Google": {
			authorize: "https://accounts.google.com/o/oauth2/v2/auth", token: "https://www.googleapis.com/oauth2/v4/token",
			userInfo: "https://openidconnect.googleapis.com/v1/userinfo", subject: "sub",
			issuer: "https://accounts.google.com", keys: "https://www.googleapis.com/oauth2/v3/certs",
		},
		"Facebook": {
			authorize: "https://www.facebook.com/v17.0/dialog/oauth", token: "https://graph.facebook.com/v17.0/oauth/access_token",
			userInfo: "https://graph.facebook.com/v17.0/me", subject: "id", check: "https://graph.facebook.com/debug_token",
		},
		"LoginWithAmazon": {
			authorize: "https://www.amazon.com/ap/oa", token: "https://api.amazon.com/auth/o2/token",
			userInfo: "https://api.amazon.com/user/profile", subject: "user_id", check: "https://api.amazon.com/auth/o2/tokeninfo",
		},
		"SignInWithApple": {
			authorize: "https://appleid.apple.com/auth/authorize", token: "https://appleid.apple.com/auth/token",
			userInfo: "https://appleid.apple.com/auth/userinfo", subject: "sub",
			issuer: "https://appleid.apple.com", keys: "https://appleid.apple.com/auth/keys",
		},
	}
}

// IdentityProvider answers for a provider's hosts.
type IdentityProvider struct {
	world    api.World
	provider Provider
	at       addresses
	// codes and tokens lead to the user whom they stand for.
	codes, tokens map[string]grant
	key           jwt.Key
	// signer signs assertions.
	signer saml.Signer
}

// grant is a user who let an app know who it is.
type grant struct {
	user map[string]any
	// app is the client_id of the app.
	app   string
	until time.Time
}

// New returns a running identity provider. Its error says what of the
// description is missing.
func New(w api.World, p Provider) (*IdentityProvider, error) {
	at, social := known()[p.Name]
	switch {
	case social && p.Issuer != "":
		return nil, fmt.Errorf("identity provider %s: its addresses are known, it takes no Issuer", p.Name)
	case !social && !strings.HasPrefix(p.Issuer, "https://"):
		return nil, fmt.Errorf("identity provider %s: it needs an Issuer, such as https://login.example.com", p.Name)
	case p.Protocol == SAML:
		at = addresses{authorize: p.LoginURL(), subject: "NameID"}
	case !social:
		at = addresses{
			authorize: p.LoginURL(), token: p.Issuer + "/token", userInfo: p.Issuer + "/userinfo", subject: "sub",
			issuer: p.Issuer, keys: p.Issuer + "/keys",
		}
	}
	for i, user := range p.Users {
		if subject, _ := user[at.subject].(string); subject == "" {
			return nil, fmt.Errorf("identity provider %s: user %d has no %s", p.Name, i+1, at.subject)
		}
	}
	running := &IdentityProvider{
		world: w, provider: p, at: at, codes: map[string]grant{}, tokens: map[string]grant{}, key: jwt.DevelopmentKey(tokenKey, "provider-1", jwt.RS256),
	}
	return running, running.prepareSigner()
}

// LoginURL is the page where the provider's users sign in.
func (p Provider) LoginURL() string {
	if at, social := known()[p.Name]; social {
		return at.authorize
	}
	if p.Protocol == SAML {
		return p.Issuer + "/sso"
	}
	return p.Issuer + "/authorize"
}

// Site serves the provider's addresses:
//
//	authorize  GET shows the accounts; POST takes the form field account, a
//	           user's subject or email, and sends the browser back with a code
//	token      POST exchanges a code, once, for an access token and an ID token;
//	           grant_type=password with a username stands for the provider's SDK
//	           on a device, which shows no browser
//	userinfo   GET gives the claims of the user behind an access token
//	check      GET says for which app an access token was issued
//	keys       GET gives the public keys of ID tokens, whose address is in the
//	           discovery document
//
// See serveSAML for a provider that speaks SAML. There are no passwords: who
// holds the browser or the device chooses the account.
func (p *IdentityProvider) Site() api.Site {
	return api.Site{Name: trace.Actor(p.provider.Name), Hosts: p.hosts, Serve: p.serve}
}

func (p *IdentityProvider) hosts(host string) bool {
	for _, address := range []string{p.at.authorize, p.at.token, p.at.userInfo, p.at.check, p.at.keys} {
		if strings.HasPrefix(address, "https://"+host+"/") {
			return true
		}
	}
	return false
}

func (p *IdentityProvider) serve(_ *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	address, query, _ := strings.Cut(request.URL, "?")
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return text(400, "Bad request"), nil
	}
	form, err := url.ParseQuery(request.Body)
	if err != nil {
		return text(400, "Bad request"), nil
	}
	target := request.Method + " " + address
	if p.provider.Protocol == SAML {
		return p.serveSAML(target, parameters, form)
	}
	switch target {
	case "GET " + p.at.authorize:
		return p.chooser(), nil
	case "POST " + p.at.authorize:
		return p.vouch(parameters, form.Get("account")), nil
	case "POST " + p.at.token:
		return p.exchange(form), nil
	case "GET " + p.at.userInfo:
		return p.claims(request.Header.Get("authorization")), nil
	case "GET " + p.at.check:
		return p.check(parameters), nil
	case "GET " + p.at.keys:
		return p.keys()
	case "GET " + p.at.issuer + "/.well-known/openid-configuration":
		return p.discovery(), nil
	}
	return text(404, "Not found"), nil
}

// chooser is the page that lists the accounts, each with a button.
func (p *IdentityProvider) chooser() api.HTTPResponse {
	var names []string
	for _, user := range p.provider.Users {
		name, ok := user["email"].(string)
		if !ok {
			name, _ = user[p.at.subject].(string)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	buttons := ""
	for _, name := range names {
		escaped := html.EscapeString(name)
		buttons += `<p><button name="account" value="` + escaped + `">` + escaped + "</button></p>"
	}
	return page(`<form method="post">Choose an account` + buttons + "</form>")
}

// vouch sends the browser back with a code for the chosen account. Who chooses
// none declines.
func (p *IdentityProvider) vouch(asked url.Values, account string) api.HTTPResponse {
	back := asked.Get("redirect_uri")
	if asked.Get("client_id") == "" || back == "" || asked.Get("response_type") != "code" {
		return text(400, "client_id, redirect_uri and response_type=code are needed")
	}
	parameters := url.Values{"state": {asked.Get("state")}}
	user := p.user(account)
	if user == nil {
		parameters.Set("error", "access_denied")
	} else {
		code := p.world.Token(32, api.Alphanumeric)
		p.codes[code] = grant{user: user, app: asked.Get("client_id")}
		parameters.Set("code", code)
	}
	return api.HTTPResponse{Status: 302, Header: api.Header{"location": {back + "?" + parameters.Encode()}}}
}

func (p *IdentityProvider) user(account string) map[string]any {
	for _, user := range p.provider.Users {
		if account != "" && (user[p.at.subject] == account || user["email"] == account) {
			return user
		}
	}
	return nil
}

func answer(status int, tree map[string]any) api.HTTPResponse {
	body, err := json.Marshal(tree)
	if err != nil {
		return text(500, err.Error())
	}
	return api.HTTPResponse{Status: status, Header: api.Header{"content-type": {"application/json"}}, Body: string(body)}
}

// page is a page for a browser.
func page(body string) api.HTTPResponse {
	return api.HTTPResponse{Status: 200, Header: api.Header{"content-type": {"text/html;charset=UTF-8"}}, Body: body}
}

func text(status int, body string) api.HTTPResponse {
	return api.HTTPResponse{Status: status, Header: api.Header{"content-type": {"text/plain"}}, Body: body}
}
