package saml

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// The algorithms of a signature: one of each kind.
const (
	exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
	enveloped = signatureSpace + "enveloped-signature"
	rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	digest256 = "http://www.w3.org/2001/04/xmlenc#sha256"
)

// ErrSignature says that no certificate vouches for an assertion. Verify's
// errors wrap it.
var ErrSignature = errors.New("the signature does not hold")

// Verify reports whether the key of one of the certificates, in DER, signed the
// assertion as it was read:
//
//  1. the assertion holds one signature, which refers to it and to nothing else
//  2. the digest is that of the assertion without its signature
//  3. the signature is that of a certificate's key over the digest
//
// When the certificates are valid is not looked at.
//
// Source: https://www.w3.org/TR/xmldsig-core1/
func (r Response) Verify(certificates ...[]byte) error {
	// 1
	signatures := r.signed.children(signatureSpace, "Signature")
	if len(signatures) != 1 {
		return fmt.Errorf("%w: the assertion has %d instead of 1", ErrSignature, len(signatures))
	}
	info := signatures[0].child(signatureSpace, "SignedInfo")
	references := info.children(signatureSpace, "Reference")
	if len(references) != 1 || references[0].attribute("URI") != "#"+r.Assertion.ID {
		return fmt.Errorf("%w: it is not about the assertion", ErrSignature)
	}
	if err := knownAlgorithms(info, references[0]); err != nil {
		return err
	}
	// 2
	digest := sha256.Sum256(canonical(r.signed, signatures[0]))
	if references[0].child(signatureSpace, "DigestValue").text() != base64.StdEncoding.EncodeToString(digest[:]) {
		return fmt.Errorf("%w: the assertion was changed", ErrSignature)
	}
	// 3
	value, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(signatures[0].child(signatureSpace, "SignatureValue").text()), ""))
	if err != nil {
		return fmt.Errorf("%w: it is not base64", ErrSignature)
	}
	signed := sha256.Sum256(canonical(info, nil))
	for _, der := range certificates {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			continue
		}
		if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok && rsa.VerifyPKCS1v15(key, crypto.SHA256, signed[:], value) == nil {
			return nil
		}
	}
	return fmt.Errorf("%w: it is of another key", ErrSignature)
}

// knownAlgorithms refuses every algorithm but the one of its kind.
func knownAlgorithms(info, reference *element) error {
	found := []string{
		info.child(signatureSpace, "CanonicalizationMethod").attribute("Algorithm"),
		info.child(signatureSpace, "SignatureMethod").attribute("Algorithm"),
		reference.child(signatureSpace, "DigestMethod").attribute("Algorithm"),
	}
	wanted := []string{exclusive, rsaSHA256, digest256}
	for _, t := range reference.child(signatureSpace, "Transforms").children(signatureSpace, "Transform") {
		found = append(found, t.attribute("Algorithm"))
	}
	wanted = append(wanted, enveloped, exclusive)
	if strings.Join(found, " ") != strings.Join(wanted, " ") {
		return fmt.Errorf("%w: its algorithms are not %s", ErrSignature, strings.Join(wanted, ", "))
	}
	return nil
}
