package cognitoidp

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/saml"
	"claimcheck/sim/trace"
)

// entityID names a pool to SAML providers:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-integrating-3rd-party-saml-providers.html
func (p *pool) entityID() string { return "urn:amazon:cognito:sp:" + p.id }

// departSAML sends the browser to a SAML provider with a request to vouch for
// the user, to come back to /saml2/idpresponse.
func (s *UserPools) departSAML(v *visit, ask *authorization, to *provider) (api.HTTPResponse, error) {
	metadata, err := s.metadataOf(v.span, to)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	request, err := packed(fmt.Sprintf(
		`<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_%s" Version="2.0" IssueInstant="%s" Destination="%s" AssertionConsumerServiceURL="%s"><saml:Issuer>%s</saml:Issuer></samlp:AuthnRequest>`,
		s.world.UUID(), s.world.Now().UTC().Format(time.RFC3339), html.EscapeString(metadata.SignOn), v.domain.url()+"/saml2/idpresponse", v.pool.entityID()))
	if err != nil {
		return api.HTTPResponse{}, err
	}
	state := s.remember(ask, to)
	s.web.departures[state].certificates = metadata.Certificates
	return redirect(withQuery(metadata.SignOn, url.Values{"SAMLRequest": {request}, "RelayState": {state}})), nil
}

// packed is the redirect binding of a document: deflated, in base64.
func packed(document string) (string, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	_, err = w.Write([]byte(document))
	if err := errors.Join(err, w.Close()); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// metadataOf are the provider's metadata, in ProviderDetails or at its own
// address.
func (s *UserPools) metadataOf(span *trace.Span, to *provider) (saml.Metadata, error) {
	document := to.details["MetadataFile"]
	if document == "" {
		response, err := s.doors.Send(span, api.HTTPRequest{From: name, Method: "GET", URL: to.details["MetadataURL"]})
		if err != nil {
			return saml.Metadata{}, err
		}
		document = response.Body
	}
	metadata, err := saml.ReadMetadata(document)
	if err != nil {
		return saml.Metadata{}, fmt.Errorf("the metadata of %s: %w", to.name, err)
	}
	if metadata.SignOn == "" {
		return saml.Metadata{}, fmt.Errorf("the metadata of %s have no SingleSignOnService with the binding HTTP-Redirect", to.name)
	}
	return metadata, nil
}

// receiveAssertion is /saml2/idpresponse, where the browser posts what a SAML
// provider says:
//
//  1. RelayState is that of a sign-in under way, or the provider begins one
//  2. the assertion can be read, is signed by the provider, is for this pool, has
//     not expired and was not used before
//  3. the user's profile is found or made, and brought up to date
//  4. the browser is signed in, and goes back to the app
func (s *UserPools) receiveAssertion(v *visit) (api.HTTPResponse, error) {
	under, err := s.samlSignIn(v, v.form.Get("RelayState"))
	if err != nil { // 1
		return api.HTTPResponse{}, err
	}
	said, fault := s.readAssertion(v, under.certificates)
	if !v.span.Decide(RuleAssertion, fault == "", "a signed assertion for this pool in its five minutes", cmp.Or(fault, "one for "+said.NameID)) { // 2
		return api.HTTPResponse{}, under.ask.refuse("server_error", fault)
	}
	s.web.assertions[said.ID] = true
	who := arrival{subject: said.NameID, claims: map[string]string{}}
	for _, a := range said.Attributes {
		who.claims[a.Name] = strings.Join(a.Values, ",")
	}
	u, err := s.welcome(v, under, who)
	if err != nil { // 3
		return api.HTTPResponse{}, err
	}
	return s.enter(v, under.ask, u, under.to) // 4
}

// samlSignIn is the sign-in that a response belongs to: one that began at the
// pool, or one that the provider begins. RelayState of the latter is a query, as
// the app would send it to /oauth2/authorize.
func (s *UserPools) samlSignIn(v *visit, relayState string) (*departure, error) {
	sent, err := url.ParseQuery(relayState)
	if err != nil || !sent.Has("identity_provider") {
		return s.underWay(v, relayState, true)
	}
	return s.begunOutside(v, sent)
}

// begunOutside reads a sign-in that a SAML provider begins:
//
//  1. the pool has the provider, with IDPInit
//  2. the request in RelayState is sound, as at /oauth2/authorize
//  3. the app client's only providers are of SAML
//  4. the client offers the provider
//
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-SAML-session-initiation.html
func (s *UserPools) begunOutside(v *visit, sent url.Values) (*departure, error) {
	from := v.pool.provider(sent.Get("identity_provider"))
	begins := from != nil && from.kind == kindSAML && from.details["IDPInit"] == "true"
	if !v.span.Decide(RuleIDPInit, begins, "a SAML provider with IDPInit true", sent.Get("identity_provider")+initFound(from)) { // 1
		return nil, v.errorPage("invalid_request", sent.Get("client_id"))
	}
	inner := *v
	inner.query = sent
	ask, err := s.readAuthorization(&inner) // 2
	if err != nil {
		return nil, err
	}
	for _, offered := range ask.client.settings.SupportedIdentityProviders { // 3
		other := v.pool.provider(offered)
		saml := other != nil && other.kind == kindSAML
		if !v.span.Decide(RuleIDPInitClient, saml, "an app client with SAML providers only", offered) {
			return nil, ask.refuse("invalid_request", "")
		}
	}
	if _, err := s.chosenProvider(&inner, ask); err != nil { // 4
		return nil, err
	}
	metadata, err := s.metadataOf(v.span, from)
	if err != nil {
		return nil, err
	}
	return &departure{ask: ask, to: from, certificates: metadata.Certificates}, nil
}

func initFound(from *provider) string {
	switch {
	case from == nil:
		return ", of which there is none"
	case from.details["IDPInit"] != "true":
		return " without it"
	}
	return ""
}

// readAssertion returns the assertion and how AWS words what is wrong with it. For
// a signature the words are known, for the rest how they begin.
//
// Sources: https://github.com/aws/aws-sdk-js-v3/issues/6201,
// https://github.com/aws-samples/cloudfront-authorization-at-edge/issues/153 (observed)
func (s *UserPools) readAssertion(v *visit, certificates [][]byte) (said saml.Assertion, fault string) {
	const processing = "Error in SAML response processing: "
	response, err := saml.Read(v.form.Get("SAMLResponse"))
	if err != nil {
		return said, processing + err.Error()
	}
	said = response.Assertion
	switch {
	case response.Verify(certificates...) != nil:
		fault = "Invalid SAML response received: SAML Assertion signature is invalid. "
	case !slices.Contains(said.Audiences, v.pool.entityID()):
		fault = processing + "it is for another audience"
	case !s.world.Now().Before(said.NotOnOrAfter):
		fault = processing + "it has expired"
	case s.web.assertions[said.ID]:
		fault = processing + "it was used before"
	}
	return said, fault
}
