// Package saml writes, signs, reads and verifies SAML 2.0 responses, and reads
// and writes the metadata by which a provider is known. It owns the form and the
// signature. It refuses to know who trusts whom, when an assertion has expired
// and what an attribute means: that is decided by whoever is shown one.
package saml

import (
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// The namespaces of SAML:
// https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf
const (
	protocolSpace  = "urn:oasis:names:tc:SAML:2.0:protocol"
	assertionSpace = "urn:oasis:names:tc:SAML:2.0:assertion"
	metadataSpace  = "urn:oasis:names:tc:SAML:2.0:metadata"
	signatureSpace = "http://www.w3.org/2000/09/xmldsig#"
)

// Persistent is the format of a name that stays the same for a user.
const Persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

// Assertion is what a provider says of one user to one service.
type Assertion struct {
	// ID is unique, and Issuer is the provider's entity ID.
	ID, Issuer string
	Issued     time.Time
	// NameID names the user, NameFormat says how.
	NameID, NameFormat string
	// InResponseTo is the ID of the request that is answered, "" when the
	// provider began.
	InResponseTo string
	// Recipient is the address to which the browser brings the response, and
	// Audiences are the entity IDs of the services that may use it.
	Recipient string
	Audiences []string
	// NotOnOrAfter ends the assertion. SessionNotOnOrAfter ends what is built on
	// it; zero leaves that open.
	NotOnOrAfter, SessionNotOnOrAfter time.Time
	Attributes                        []Attribute
}

// Attribute is one attribute of a user.
type Attribute struct {
	Name   string
	Values []string
}

// Values are those of the attribute of that name, nil without one.
func (a Assertion) Values(name string) []string {
	for _, attribute := range a.Attributes {
		if attribute.Name == name {
			return attribute.Values
		}
	}
	return nil
}

// Response is a response that has been read: its one assertion, not yet
// verified.
type Response struct {
	Assertion Assertion
	signed    *element
}

// Read reads a response in base64, as a browser posts it. Its error is a short
// phrase that says what is wrong, such as "it is not base64".
func Read(encoded string) (Response, error) {
	document, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return Response{}, errors.New("it is not base64")
	}
	root, err := parse(document)
	if err != nil {
		return Response{}, fmt.Errorf("it is not XML: %w", err)
	}
	if !root.is(protocolSpace, "Response") {
		return Response{}, errors.New("it is not a response of SAML")
	}
	found := root.all(assertionSpace, "Assertion")
	if len(found) != 1 || found[0].parent != root {
		return Response{}, fmt.Errorf("it has %d assertions instead of 1", len(found))
	}
	a, err := readAssertion(found[0])
	return Response{Assertion: a, signed: found[0]}, err
}

func readAssertion(e *element) (Assertion, error) {
	subject := e.child(assertionSpace, "Subject")
	name := subject.child(assertionSpace, "NameID")
	confirmed := subject.child(assertionSpace, "SubjectConfirmation").child(assertionSpace, "SubjectConfirmationData")
	conditions := e.child(assertionSpace, "Conditions")
	a := Assertion{
		ID: e.attribute("ID"), Issuer: e.child(assertionSpace, "Issuer").text(),
		NameID: name.text(), NameFormat: name.attribute("Format"),
		InResponseTo: confirmed.attribute("InResponseTo"), Recipient: confirmed.attribute("Recipient"),
	}
	for _, audience := range conditions.child(assertionSpace, "AudienceRestriction").children(assertionSpace, "Audience") {
		a.Audiences = append(a.Audiences, audience.text())
	}
	for _, attribute := range e.child(assertionSpace, "AttributeStatement").children(assertionSpace, "Attribute") {
		said := Attribute{Name: attribute.attribute("Name")}
		for _, value := range attribute.children(assertionSpace, "AttributeValue") {
			said.Values = append(said.Values, value.text())
		}
		a.Attributes = append(a.Attributes, said)
	}
	if a.ID == "" || a.NameID == "" {
		return a, errors.New("the assertion has no ID or no NameID")
	}
	var faults [3]error
	a.Issued, faults[0] = instant(e, "IssueInstant")
	a.NotOnOrAfter, faults[1] = instant(conditions, "NotOnOrAfter")
	a.SessionNotOnOrAfter, faults[2] = instant(e.child(assertionSpace, "AuthnStatement"), "SessionNotOnOrAfter")
	return a, errors.Join(faults[:]...)
}

// instant reads an attribute that is a time, zero when it is not there.
func instant(e *element, name string) (time.Time, error) {
	text := e.attribute(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s %q is not a time", name, text)
	}
	return at.UTC(), nil
}
