package saml

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"time"
)

// Signer is a key with the certificate by which others know it.
type Signer struct {
	key *rsa.PrivateKey
	// Certificate is in DER.
	Certificate []byte
}

// NewSigner makes the certificate of a key, signed by itself and valid for ten
// years; the same for the same arguments.
func NewSigner(key *rsa.PrivateKey, name string, from time.Time) (Signer, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: from, NotAfter: from.AddDate(10, 0, 0), SignatureAlgorithm: x509.SHA256WithRSA,
	}
	der, err := x509.CreateCertificate(nil, template, template, &key.PublicKey, key)
	if err != nil {
		return Signer{}, fmt.Errorf("certificate of %s: %w", name, err)
	}
	return Signer{key: key, Certificate: der}, nil
}

// Response is a response with the signed assertion, in base64 as a browser
// posts it.
func (s Signer) Response(a Assertion) (string, error) {
	said := a.tree()
	if err := s.sign(said, a.ID); err != nil {
		return "", err
	}
	root := node("samlp:Response", attributes{
		"ID", "_r" + a.ID, "Version", "2.0", "IssueInstant", written(a.Issued), "Destination", a.Recipient, "InResponseTo", a.InResponseTo,
	}, node("saml:Issuer", nil, a.Issuer), node("samlp:Status", nil, node("samlp:StatusCode", attributes{"Value", "urn:oasis:names:tc:SAML:2.0:status:Success"})), said)
	root.spaces = map[string]string{"samlp": protocolSpace, "saml": assertionSpace}
	return base64.StdEncoding.EncodeToString(canonical(root, nil)), nil
}

// sign puts a signature after the assertion's issuer, where the schema has it.
func (s Signer) sign(said *element, id string) error {
	digest := sha256.Sum256(canonical(said, nil))
	info := node("ds:SignedInfo", nil,
		node("ds:CanonicalizationMethod", attributes{"Algorithm", exclusive}),
		node("ds:SignatureMethod", attributes{"Algorithm", rsaSHA256}),
		node("ds:Reference", attributes{"URI", "#" + id},
			node("ds:Transforms", nil, node("ds:Transform", attributes{"Algorithm", enveloped}), node("ds:Transform", attributes{"Algorithm", exclusive})),
			node("ds:DigestMethod", attributes{"Algorithm", digest256}),
			node("ds:DigestValue", nil, base64.StdEncoding.EncodeToString(digest[:]))))
	signature := node("ds:Signature", nil, info)
	signature.spaces = map[string]string{"ds": signatureSpace}
	hashed := sha256.Sum256(canonical(info, nil))
	value, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, hashed[:])
	if err != nil {
		return fmt.Errorf("assertion %s: %w", id, err)
	}
	signature.add(node("ds:SignatureValue", nil, base64.StdEncoding.EncodeToString(value)))
	signature.add(keyInfo(s.Certificate))
	signature.parent = said
	said.content = append([]any{said.content[0], signature}, said.content[1:]...)
	return nil
}

func keyInfo(certificate []byte) *element {
	return node("ds:KeyInfo", nil, node("ds:X509Data", nil, node("ds:X509Certificate", nil, base64.StdEncoding.EncodeToString(certificate))))
}

// tree is the assertion without a signature.
func (a Assertion) tree() *element {
	subject := node("saml:Subject", nil,
		node("saml:NameID", attributes{"Format", a.NameFormat}, a.NameID),
		node("saml:SubjectConfirmation", attributes{"Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer"},
			node("saml:SubjectConfirmationData", attributes{"InResponseTo", a.InResponseTo, "NotOnOrAfter", written(a.NotOnOrAfter), "Recipient", a.Recipient})))
	restriction := node("saml:AudienceRestriction", nil)
	for _, audience := range a.Audiences {
		restriction.add(node("saml:Audience", nil, audience))
	}
	said := node("saml:Assertion", attributes{"ID", a.ID, "IssueInstant", written(a.Issued), "Version", "2.0"},
		node("saml:Issuer", nil, a.Issuer), subject,
		node("saml:Conditions", attributes{"NotBefore", written(a.Issued), "NotOnOrAfter", written(a.NotOnOrAfter)}, restriction),
		node("saml:AuthnStatement", attributes{"AuthnInstant", written(a.Issued), "SessionNotOnOrAfter", written(a.SessionNotOnOrAfter)}))
	said.spaces = map[string]string{"saml": assertionSpace}
	if len(a.Attributes) == 0 {
		return said
	}
	statement := node("saml:AttributeStatement", nil)
	for _, attribute := range a.Attributes {
		one := node("saml:Attribute", attributes{"Name", attribute.Name})
		for _, value := range attribute.Values {
			one.add(node("saml:AttributeValue", nil, value))
		}
		statement.add(one)
	}
	said.add(statement)
	return said
}

// written is a time as SAML has it, "" for the zero time.
func written(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
