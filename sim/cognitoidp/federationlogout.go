package cognitoidp

import (
	"fmt"
	"html"
	"net/url"
	"time"

	"claimcheck/sim/api"
)

// farewell is a browser that signs out at its SAML provider.
type farewell struct {
	pool *pool
	// response is where the browser goes when it is back.
	response api.HTTPResponse
}

// signOutOutside sends a browser on to sign out at the SAML provider that
// vouched for its user, when the provider is set to. At any other provider the
// user stays signed in.
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp-sign-out.html
func (s *UserPools) signOutOutside(v *visit, here *browser, after api.HTTPResponse) (api.HTTPResponse, error) {
	if here == nil || here.by == nil {
		return after, nil
	}
	both := here.by.kind == kindSAML && here.by.details["IDPSignout"] == "true"
	if !v.span.Note(RuleSingleLogout, both, "a SAML provider with IDPSignout true", here.by.kind+" "+here.by.name+signOutFound(both)) {
		return after, nil
	}
	metadata, err := s.metadataOf(v.span, here.by)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	if metadata.SignOut == "" {
		return api.HTTPResponse{}, fmt.Errorf("the metadata of %s have no SingleLogoutService with the binding HTTP-Redirect", here.by.name)
	}
	request, err := packed(fmt.Sprintf(
		`<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_%s" Version="2.0" IssueInstant="%s" Destination="%s"><saml:Issuer>%s</saml:Issuer><saml:NameID>%s</saml:NameID></samlp:LogoutRequest>`,
		s.world.UUID(), s.world.Now().UTC().Format(time.RFC3339), html.EscapeString(metadata.SignOut), v.pool.entityID(), html.EscapeString(here.user.subjectAt(here.by))))
	if err != nil {
		return api.HTTPResponse{}, err
	}
	state := s.world.Token(43, api.Alphanumeric)
	s.web.farewells[state] = farewell{pool: v.pool, response: after}
	return redirect(withQuery(metadata.SignOut, url.Values{"SAMLRequest": {request}, "RelayState": {state}})), nil
}

func signOutFound(both bool) string {
	if both {
		return " with it"
	}
	return " without it"
}

// subjectAt is the provider's own id of the user, "" when it has none.
func (u *user) subjectAt(p *provider) string {
	for _, id := range u.identities {
		if id.provider == p {
			return id.subject
		}
	}
	return ""
}

// receiveSignOut is /saml2/logout, where a browser comes back from its provider.
// The signature of what it brings is not looked at.
func (s *UserPools) receiveSignOut(v *visit) (api.HTTPResponse, error) {
	state := v.form.Get("RelayState")
	leaving, ok := s.web.farewells[state]
	ok = ok && leaving.pool == v.pool && v.form.Has("SAMLResponse")
	if !v.span.Decide(RuleFederationState, ok, "the state of a sign-out under way", existence(ok)) {
		return api.HTTPResponse{}, v.errorPage("invalid_request", "")
	}
	delete(s.web.farewells, state)
	return leaving.response, nil
}
