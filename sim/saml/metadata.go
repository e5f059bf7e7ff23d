package saml

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// redirectBinding is how a request travels in an address.
const redirectBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"

// Metadata is how a provider makes itself known.
type Metadata struct {
	// EntityID is its name, the Issuer of its assertions.
	EntityID string
	// SignOn is where a browser brings a request, "" when the document names no
	// address for the binding HTTP-Redirect.
	SignOn string
	// SignOut is where a browser brings a request to sign out, "" for none.
	SignOut string
	// Certificates are those of the keys that sign, in DER.
	Certificates [][]byte
}

// ReadMetadata reads a metadata document of one identity provider. Its error
// says what is missing.
func ReadMetadata(document string) (Metadata, error) {
	root, err := parse([]byte(document))
	if err != nil {
		return Metadata{}, fmt.Errorf("it is not XML: %w", err)
	}
	provider := root.child(metadataSpace, "IDPSSODescriptor")
	if !root.is(metadataSpace, "EntityDescriptor") || provider == nil {
		return Metadata{}, errors.New("it describes no identity provider")
	}
	m := Metadata{EntityID: root.attribute("entityID")}
	m.SignOn = redirectService(provider, "SingleSignOnService")
	m.SignOut = redirectService(provider, "SingleLogoutService")
	for _, key := range provider.children(metadataSpace, "KeyDescriptor") {
		if key.attribute("use") == "encryption" {
			continue
		}
		for _, text := range key.all(signatureSpace, "X509Certificate") {
			der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text.text()), ""))
			if err != nil {
				return Metadata{}, errors.New("a certificate is not base64")
			}
			m.Certificates = append(m.Certificates, der)
		}
	}
	if m.EntityID == "" {
		return Metadata{}, errors.New("it has no entityID")
	}
	return m, nil
}

// redirectService is the first address of a service with the binding
// HTTP-Redirect, "" without one.
func redirectService(provider *element, name string) string {
	for _, service := range provider.children(metadataSpace, name) {
		if service.attribute("Binding") == redirectBinding {
			return service.attribute("Location")
		}
	}
	return ""
}

// Document is the metadata as a provider publishes it.
func (m Metadata) Document() string {
	provider := node("md:IDPSSODescriptor", attributes{"protocolSupportEnumeration", protocolSpace})
	for _, der := range m.Certificates {
		key := node("md:KeyDescriptor", attributes{"use", "signing"}, keyInfo(der))
		key.spaces = map[string]string{"ds": signatureSpace}
		provider.add(key)
	}
	if m.SignOut != "" {
		provider.add(node("md:SingleLogoutService", attributes{"Binding", redirectBinding, "Location", m.SignOut}))
	}
	if m.SignOn != "" {
		provider.add(node("md:SingleSignOnService", attributes{"Binding", redirectBinding, "Location", m.SignOn}))
	}
	root := node("md:EntityDescriptor", attributes{"entityID", m.EntityID}, provider)
	root.spaces = map[string]string{"md": metadataSpace}
	return string(canonical(root, nil))
}

// attributes are names and values in turn; those without a value are left out.
type attributes []string

// node is an element with text and other elements in it.
func node(name string, named attributes, content ...any) *element {
	e := &element{local: name}
	if prefix, local, ok := strings.Cut(name, ":"); ok {
		e.prefix, e.local = prefix, local
	}
	for i := 0; i < len(named); i += 2 {
		if named[i+1] != "" {
			e.attributes = append(e.attributes, attribute{local: named[i], value: named[i+1]})
		}
	}
	for _, c := range content {
		if child, ok := c.(*element); ok {
			child.parent = e
		}
	}
	e.content = content
	return e
}

func (e *element) add(child *element) {
	child.parent = e
	e.content = append(e.content, child)
}
