package idp

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"net/url"
	"sort"
	"time"

	"claimcheck/sim/api"
)

// SAML is the Protocol of a provider that vouches with SAML assertions instead
// of OpenID Connect. Its users are named by the claim NameID.
const SAML = "SAML"

// assertionLife is how long an assertion may be used.
const assertionLife = 5 * time.Minute

// authnRequest is what a service provider asks for:
// https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf
type authnRequest struct {
	ID       string `xml:"ID,attr"`
	Consumer string `xml:"AssertionConsumerServiceURL,attr"`
	Issuer   string `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
}

type samlResponse struct {
	XMLName      xml.Name  `xml:"urn:oasis:names:tc:SAML:2.0:protocol Response"`
	InResponseTo string    `xml:"InResponseTo,attr"`
	Assertion    assertion `xml:"urn:oasis:names:tc:SAML:2.0:assertion Assertion"`
}

type assertion struct {
	Issuer     string
	Subject    struct{ NameID string }
	Conditions struct {
		NotOnOrAfter string   `xml:"NotOnOrAfter,attr"`
		Audience     []string `xml:"AudienceRestriction>Audience"`
	}
	Attributes []samlAttribute `xml:"AttributeStatement>Attribute"`
}

type samlAttribute struct {
	Name  string `xml:"Name,attr"`
	Value string `xml:"AttributeValue"`
}

// serveSAML answers for a provider that speaks SAML:
//
//	ISSUER/metadata  GET gives the metadata document
//	ISSUER/sso       GET shows the accounts; POST takes the form field account
//	                 and gives a page whose form the browser posts to the service
//	                 provider: SAMLResponse and RelayState
//
// Assertions are not signed.
func (p *IdentityProvider) serveSAML(target string, query, form url.Values) (api.HTTPResponse, error) {
	switch target {
	case "GET " + p.provider.Issuer + "/metadata":
		return api.HTTPResponse{Status: 200, Header: api.Header{"content-type": {"application/samlmetadata+xml"}}, Body: p.metadata()}, nil
	case "GET " + p.at.authorize:
		return p.chooser(), nil
	case "POST " + p.at.authorize:
		return p.assert(query, form.Get("account"))
	}
	return text(404, "Not found"), nil
}

func (p *IdentityProvider) metadata() string {
	return fmt.Sprintf(`<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="%s"/></IDPSSODescriptor></EntityDescriptor>`,
		html.EscapeString(p.provider.Issuer), html.EscapeString(p.at.authorize))
}

// assert vouches for the chosen account to whoever asked.
func (p *IdentityProvider) assert(query url.Values, account string) (api.HTTPResponse, error) {
	request, err := readRequest(query.Get("SAMLRequest"))
	if err != nil {
		return text(400, "SAMLRequest: "+err.Error()), nil
	}
	user := p.user(account)
	if user == nil {
		return text(403, "There is no such account"), nil
	}
	a := assertion{Issuer: p.provider.Issuer}
	a.Subject.NameID = fmt.Sprint(user[p.at.subject])
	a.Conditions.NotOnOrAfter = p.world.Now().Add(assertionLife).UTC().Format(time.RFC3339)
	a.Conditions.Audience = []string{request.Issuer}
	for name, value := range user {
		a.Attributes = append(a.Attributes, samlAttribute{Name: name, Value: fmt.Sprint(value)})
	}
	sort.Slice(a.Attributes, func(i, j int) bool { return a.Attributes[i].Name < a.Attributes[j].Name })
	body, err := xml.Marshal(samlResponse{InResponseTo: request.ID, Assertion: a})
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("the assertion cannot be written: %w", err)
	}
	return text(200, fmt.Sprintf(`<form method="post" action="%s"><input name="SAMLResponse" value="%s"><input name="RelayState" value="%s"></form>`,
		html.EscapeString(request.Consumer), base64.StdEncoding.EncodeToString(body), html.EscapeString(query.Get("RelayState")))), nil
}

// readRequest undoes the redirect binding: base64 of a deflated document.
func readRequest(parameter string) (authnRequest, error) {
	packed, err := base64.StdEncoding.DecodeString(parameter)
	if err != nil {
		return authnRequest{}, err
	}
	const largest = 1 << 16
	document, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), largest))
	if err != nil {
		return authnRequest{}, err
	}
	var request authnRequest
	if err := xml.Unmarshal(document, &request); err != nil {
		return authnRequest{}, err
	}
	if request.Consumer == "" || request.Issuer == "" {
		return authnRequest{}, fmt.Errorf("AssertionConsumerServiceURL and Issuer are needed")
	}
	return request, nil
}
