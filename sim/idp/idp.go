// Package idp is an identity provider outside AWS, such as Google or a company's
// own OpenID Connect or SAML server, as far as those see it who trust it. It owns
// its users and vouches for them with the authorization code flow or with SAML
// assertions. It refuses to know who asks: whoever brings a code gets to know its
// user.
package idp

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"claimcheck/sim/api"
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
}

// known are the providers whose addresses everybody knows.
func known() map[string]addresses {
	return map[string]addresses{
		"Google":          {"https://accounts.google.com/o/oauth2/v2/auth", "https://www.googleapis.com/oauth2/v4/token", "https://openidconnect.googleapis.com/v1/userinfo", "sub"},
		"Facebook":        {"https://www.facebook.com/v17.0/dialog/oauth", "https://graph.facebook.com/v17.0/oauth/access_token", "https://graph.facebook.com/v17.0/me", "id"},
		"LoginWithAmazon": {"https://www.amazon.com/ap/oa", "https://api.amazon.com/auth/o2/token", "https://api.amazon.com/user/profile", "user_id"},
		"SignInWithApple": {"https://appleid.apple.com/auth/authorize", "https://appleid.apple.com/auth/token", "https://appleid.apple.com/auth/userinfo", "sub"},
	}
}

// IdentityProvider answers for a provider's hosts.
type IdentityProvider struct {
	world    api.World
	provider Provider
	at       addresses
	// codes and tokens lead to the user whom they stand for.
	codes, tokens map[string]map[string]any
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
		at = addresses{authorize: p.Issuer + "/sso", subject: "NameID"}
	case !social:
		at = addresses{p.Issuer + "/authorize", p.Issuer + "/token", p.Issuer + "/userinfo", "sub"}
	}
	for i, user := range p.Users {
		if subject, _ := user[at.subject].(string); subject == "" {
			return nil, fmt.Errorf("identity provider %s: user %d has no %s", p.Name, i+1, at.subject)
		}
	}
	return &IdentityProvider{world: w, provider: p, at: at, codes: map[string]map[string]any{}, tokens: map[string]map[string]any{}}, nil
}

// Site serves the provider's addresses:
//
//	authorize  GET shows the accounts; POST takes the form field account, a
//	           user's subject or email, and sends the browser back with a code
//	token      POST exchanges a code, once, for an access token
//	userinfo   GET gives the claims of the user behind an access token
//
// and, for a provider with an Issuer, its discovery document. See serveSAML for
// a provider that speaks SAML. There are no
// passwords: who holds the browser chooses the account.
func (p *IdentityProvider) Site() api.Site {
	return api.Site{Name: trace.Actor(p.provider.Name), Hosts: p.hosts, Serve: p.serve}
}

func (p *IdentityProvider) hosts(host string) bool {
	for _, address := range []string{p.at.authorize, p.at.token, p.at.userInfo} {
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
	case "GET " + p.provider.Issuer + "/.well-known/openid-configuration":
		return answer(200, map[string]any{
			"issuer": p.provider.Issuer, "authorization_endpoint": p.at.authorize,
			"token_endpoint": p.at.token, "userinfo_endpoint": p.at.userInfo,
		}), nil
	}
	return text(404, "Not found"), nil
}

// chooser is the page that lists the names by which accounts are chosen.
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
	return text(200, "Choose an account: "+strings.Join(names, ", "))
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
		p.codes[code] = user
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

func (p *IdentityProvider) exchange(form url.Values) api.HTTPResponse {
	if p.provider.Secret != "" && form.Get("client_secret") != p.provider.Secret {
		return answer(401, map[string]any{"error": "invalid_client"})
	}
	user, ok := p.codes[form.Get("code")]
	if !ok || form.Get("grant_type") != "authorization_code" {
		return answer(400, map[string]any{"error": "invalid_grant"})
	}
	delete(p.codes, form.Get("code"))
	token := p.world.Token(40, api.Alphanumeric)
	p.tokens[token] = user
	return answer(200, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 3600})
}

func (p *IdentityProvider) claims(authorization string) api.HTTPResponse {
	user, ok := p.tokens[strings.TrimPrefix(authorization, "Bearer ")]
	if !ok {
		return answer(401, map[string]any{"error": "invalid_token"})
	}
	return answer(200, user)
}

func answer(status int, tree map[string]any) api.HTTPResponse {
	body, err := json.Marshal(tree)
	if err != nil {
		return text(500, err.Error())
	}
	return api.HTTPResponse{Status: status, Header: api.Header{"content-type": {"application/json"}}, Body: string(body)}
}

func text(status int, body string) api.HTTPResponse {
	return api.HTTPResponse{Status: status, Header: api.Header{"content-type": {"text/plain"}}, Body: body}
}
