package cognitoidp

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"net/url"
	"slices"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// entityID names a pool to SAML providers:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-integrating-3rd-party-saml-providers.html
func (p *pool) entityID() string { return "urn:amazon:cognito:sp:" + p.id }

// departSAML sends the browser to a SAML provider with a request to vouch for
// the user, to come back to /saml2/idpresponse.
func (s *UserPools) departSAML(v *visit, ask *authorization, to *provider) (api.HTTPResponse, error) {
	location, err := s.signOnAddress(v.span, to)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	request, err := packed(fmt.Sprintf(
		`<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_%s" Version="2.0" IssueInstant="%s" Destination="%s" AssertionConsumerServiceURL="%s"><saml:Issuer>%s</saml:Issuer></samlp:AuthnRequest>`,
		s.world.UUID(), s.world.Now().UTC().Format(time.RFC3339), html.EscapeString(location), v.domain.url()+"/saml2/idpresponse", v.pool.entityID()))
	if err != nil {
		return api.HTTPResponse{}, err
	}
	return redirect(withQuery(location, url.Values{"SAMLRequest": {request}, "RelayState": {s.remember(ask, to)}})), nil
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

// signOnAddress is where the provider's metadata, in ProviderDetails or at its
// own address, say that users sign in.
func (s *UserPools) signOnAddress(span *trace.Span, to *provider) (string, error) {
	document := to.details["MetadataFile"]
	if document == "" {
		response, err := s.doors.Send(span, api.HTTPRequest{From: name, Method: "GET", URL: to.details["MetadataURL"]})
		if err != nil {
			return "", err
		}
		document = response.Body
	}
	var metadata struct {
		Services []struct {
			Binding  string `xml:"Binding,attr"`
			Location string `xml:"Location,attr"`
		} `xml:"IDPSSODescriptor>SingleSignOnService"`
	}
	if err := xml.Unmarshal([]byte(document), &metadata); err != nil {
		return "", fmt.Errorf("the metadata of %s cannot be read: %w", to.name, err)
	}
	for _, service := range metadata.Services {
		if service.Binding == "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" {
			return service.Location, nil
		}
	}
	return "", fmt.Errorf("the metadata of %s have no SingleSignOnService with the binding HTTP-Redirect", to.name)
}

// assertion is what a SAML provider says of a user.
type assertion struct {
	NameID     string `xml:"Assertion>Subject>NameID"`
	Conditions struct {
		NotOnOrAfter time.Time `xml:"NotOnOrAfter,attr"`
		Audience     []string  `xml:"AudienceRestriction>Audience"`
	} `xml:"Assertion>Conditions"`
	Attributes []struct {
		Name  string `xml:"Name,attr"`
		Value string `xml:"AttributeValue"`
	} `xml:"Assertion>AttributeStatement>Attribute"`
}

// receiveAssertion is /saml2/idpresponse, where the browser posts what a SAML
// provider says:
//
//  1. RelayState is that of a sign-in under way; a provider that begins a
//     sign-in itself is not simulated
//  2. the assertion can be read, is for this pool, and has not expired; its
//     signature is not looked at
//  3. the user's profile is found or made, and brought up to date
//  4. the browser is signed in, and goes back to the app
func (s *UserPools) receiveAssertion(v *visit) (api.HTTPResponse, error) {
	under, err := s.underWay(v, v.form.Get("RelayState"), true)
	if err != nil { // 1
		return api.HTTPResponse{}, err
	}
	said, fault := s.readAssertion(v)
	if !v.span.Decide(RuleAssertion, fault == "", "an assertion for this pool in its five minutes", faultOr(fault, "one for "+said.NameID)) { // 2
		return api.HTTPResponse{}, under.ask.refuse("server_error", "Error in SAML response processing: "+fault)
	}
	who := arrival{subject: said.NameID, claims: map[string]string{}}
	for _, a := range said.Attributes {
		who.claims[a.Name] = a.Value
	}
	u, err := s.welcome(v, under, who)
	if err != nil { // 3
		return api.HTTPResponse{}, err
	}
	return s.enter(v, under.ask, u) // 4
}

func faultOr(fault, found string) string {
	if fault != "" {
		return fault
	}
	return found
}

// readAssertion returns the assertion and what is wrong with it, in words of the
// simulation: https://github.com/aws-samples/cloudfront-authorization-at-edge/issues/153
// shows how AWS introduces them.
func (s *UserPools) readAssertion(v *visit) (said assertion, fault string) {
	document, err := base64.StdEncoding.DecodeString(v.form.Get("SAMLResponse"))
	if err != nil {
		return said, "it is not base64"
	}
	if err := xml.Unmarshal(document, &said); err != nil || said.NameID == "" {
		return said, "it is not a response with an assertion"
	}
	if !slices.Contains(said.Conditions.Audience, v.pool.entityID()) {
		return said, "it is for another audience"
	}
	if !s.world.Now().Before(said.Conditions.NotOnOrAfter) {
		return said, "it has expired"
	}
	return said, ""
}
