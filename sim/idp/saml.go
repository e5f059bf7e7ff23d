package idp

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"maps"
	"net/url"
	"slices"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
	"claimcheck/sim/saml"
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

// samlKey and tokenKey are the numbers of the keys that sign assertions and ID
// tokens.
const (
	tokenKey = 3
	samlKey  = 4
)

// serveSAML answers for a provider that speaks SAML:
//
//	ISSUER/metadata  GET gives the metadata document
//	ISSUER/sso       GET shows the accounts; POST takes the form field account
//	                 and gives a page whose form the browser posts to the service
//	                 provider: SAMLResponse and RelayState
//	ISSUER/slo       GET signs out: a page whose form goes to SignOut
//
// An address with SAMLRequest answers a service provider; one with
// loginToRp=urn:amazon:webservices sends the user to AWS unasked, and one with
// loginToRp=ENTITY and acs=ADDRESS to any other service provider.
func (p *IdentityProvider) serveSAML(target string, query, form url.Values) (api.HTTPResponse, error) {
	switch target {
	case "GET " + p.provider.Issuer + "/metadata":
		return api.HTTPResponse{Status: 200, Header: api.Header{"content-type": {"application/samlmetadata+xml"}}, Body: p.metadata()}, nil
	case "GET " + p.signOutAddress():
		return p.signOut(query)
	case "GET " + p.at.authorize:
		return p.chooser(), nil
	case "POST " + p.at.authorize:
		return p.assert(query, form.Get("account"))
	}
	return text(404, "Not found"), nil
}

// prepareSigner gives a provider that speaks SAML its certificate.
func (p *IdentityProvider) prepareSigner() error {
	if p.provider.Protocol != SAML {
		return nil
	}
	key, err := jwt.DevelopmentKey(samlKey, "", jwt.RS256).Private()
	if err != nil {
		return err
	}
	p.signer, err = saml.NewSigner(key, p.provider.Issuer, certified())
	return err
}

// certified is when the certificates of all providers begin, so that metadata
// in a template stay right.
func certified() time.Time { return time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC) }

func (p *IdentityProvider) metadata() string {
	return saml.Metadata{EntityID: p.provider.Issuer, SignOn: p.at.authorize, SignOut: p.signOutAddress(), Certificates: [][]byte{p.signer.Certificate}}.Document()
}

// signOutAddress is where a browser signs out, "" at a provider that does not
// know where to send it afterwards.
func (p *IdentityProvider) signOutAddress() string {
	if p.provider.SignOut == "" {
		return ""
	}
	return p.provider.Issuer + "/slo"
}

// signOut answers a LogoutRequest.
func (p *IdentityProvider) signOut(query url.Values) (api.HTTPResponse, error) {
	document, err := inflate(query.Get("SAMLRequest"))
	if err != nil {
		return text(400, "SAMLRequest: "+err.Error()), nil
	}
	var request struct {
		XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol LogoutRequest"`
		ID      string   `xml:"ID,attr"`
	}
	if err := xml.Unmarshal(document, &request); err != nil {
		return text(400, "SAMLRequest: "+err.Error()), nil
	}
	response := fmt.Sprintf(`<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_%s" Version="2.0" InResponseTo="%s" IssueInstant="%s"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`,
		p.world.UUID(), html.EscapeString(request.ID), p.world.Now().UTC().Format(time.RFC3339))
	return formPage(p.provider.SignOut, base64.StdEncoding.EncodeToString([]byte(response)), query.Get("RelayState")), nil
}

// formPage is a page that the browser posts to a service provider.
func formPage(action, response, relayState string) api.HTTPResponse {
	return page(fmt.Sprintf(`<form method="post" action="%s"><input name="SAMLResponse" value="%s" type="hidden"><input name="RelayState" value="%s" type="hidden"><button>Continue</button></form>`,
		html.EscapeString(action), response, html.EscapeString(relayState)))
}

// assert vouches for the chosen account to whoever asked.
func (p *IdentityProvider) assert(query url.Values, account string) (api.HTTPResponse, error) {
	request, err := asker(query)
	if err != nil {
		return text(400, err.Error()), nil
	}
	user := p.user(account)
	if user == nil {
		return text(403, "There is no such account"), nil
	}
	now := p.world.Now()
	response, err := p.signer.Response(saml.Assertion{
		ID: "_" + p.world.UUID(), Issuer: p.provider.Issuer, Issued: now, NameID: fmt.Sprint(user[p.at.subject]), NameFormat: saml.Persistent,
		InResponseTo: request.ID, Recipient: request.Consumer, Audiences: []string{request.Issuer},
		NotOnOrAfter: now.Add(assertionLife), Attributes: attributesOf(user),
	})
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("the assertion cannot be written: %w", err)
	}
	return formPage(request.Consumer, response, query.Get("RelayState")), nil
}

// attributesOf are the claims of a user by name; a list has several values.
func attributesOf(user map[string]any) []saml.Attribute {
	var attributes []saml.Attribute
	for _, name := range slices.Sorted(maps.Keys(user)) {
		values, isList := user[name].([]any)
		if !isList {
			values = []any{user[name]}
		}
		said := saml.Attribute{Name: name}
		for _, value := range values {
			said.Values = append(said.Values, fmt.Sprint(value))
		}
		attributes = append(attributes, said)
	}
	return attributes
}

// asker is the service provider that a user is sent to.
func asker(query url.Values) (authnRequest, error) {
	switch entity := query.Get("loginToRp"); {
	case entity == saml.AWSEntity:
		return authnRequest{Consumer: saml.AWSRecipient, Issuer: saml.AWSEntity}, nil
	case entity != "":
		return authnRequest{Consumer: query.Get("acs"), Issuer: entity}, nil
	}
	request, err := readRequest(query.Get("SAMLRequest"))
	if err != nil {
		return authnRequest{}, fmt.Errorf("SAMLRequest: %w", err)
	}
	return request, nil
}

// inflate undoes the redirect binding: base64 of a deflated document.
func inflate(parameter string) ([]byte, error) {
	packed, err := base64.StdEncoding.DecodeString(parameter)
	if err != nil {
		return nil, err
	}
	const largest = 1 << 16
	return io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), largest))
}

func readRequest(parameter string) (authnRequest, error) {
	document, err := inflate(parameter)
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
