// Package webauthn reads what a passkey answers to a website, and can be such a
// passkey. It owns the formats of Web Authentication Level 3
// (https://www.w3.org/TR/webauthn-3/), as far as passkeys with ES256 or RS256
// need them, and refuses to judge: whether a challenge, an origin or a relying
// party is the right one is for the caller to say.
package webauthn

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// The two kinds of answer, as Answer.Type names them.
const (
	Create = "webauthn.create"
	Get    = "webauthn.get"
)

// Answer is what registrations and assertions have in common: what the browser
// saw, and what the authenticator says of itself.
type Answer struct {
	// ID is the credential's, in unpadded Base64url.
	ID string
	// Type is Create or Get, Challenge in unpadded Base64url, and Origin that of
	// the page, such as https://app.example.com.
	Type, Challenge, Origin string
	// Attachment is platform, cross-platform or "", and Transports such as
	// internal and hybrid.
	Attachment string
	Transports []string

	relyingPartyHash []byte
	flags            byte
	// signed is what a signature of the authenticator covers.
	signed []byte
}

// The bits of an authenticator's flags:
// https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data
const (
	userPresent  = 1 << 0
	userVerified = 1 << 2
	hasKey       = 1 << 6
)

// For reports whether the passkey answers to a relying party, which is a domain.
func (a Answer) For(relyingPartyID string) bool {
	hash := sha256.Sum256([]byte(relyingPartyID))
	return bytes.Equal(a.relyingPartyHash, hash[:])
}

// UserVerified reports whether the authenticator has verified the user, by
// fingerprint, face or PIN, beside having the user's presence.
func (a Answer) UserVerified() bool { return a.flags&userPresent != 0 && a.flags&userVerified != 0 }

// AllowedOrigin reports whether a page may use the passkeys of a relying party:
// it is on that domain or below it, over HTTPS, or on localhost.
// https://www.w3.org/TR/webauthn-3/#rp-id
func AllowedOrigin(origin, relyingPartyID string) bool {
	page, err := url.Parse(origin)
	if err != nil {
		return false
	}
	host := page.Hostname()
	onDomain := host == relyingPartyID || strings.HasSuffix(host, "."+relyingPartyID)
	return onDomain && (page.Scheme == "https" || page.Scheme == "http" && host == "localhost")
}

// Registration is an answer that brings a new credential.
type Registration struct {
	Answer
	Key Key
	// Attested is false when the authenticator vouches for the credential and
	// its signature is wrong. An attestation of none vouches for nothing.
	Attested bool
}

// Assertion is an answer that proves a credential.
type Assertion struct {
	Answer
	signature []byte
}

// SignedBy reports whether the assertion was made with the key.
func (a Assertion) SignedBy(k Key) bool { return k.verify(a.signed, a.signature) }

// envelope is RegistrationResponseJSON and AuthenticationResponseJSON:
// https://www.w3.org/TR/webauthn-3/#dictdef-registrationresponsejson
type envelope struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Attachment string `json:"authenticatorAttachment"`
	Response   struct {
		ClientDataJSON    string   `json:"clientDataJSON"`
		AttestationObject string   `json:"attestationObject"`
		AuthenticatorData string   `json:"authenticatorData"`
		Signature         string   `json:"signature"`
		Transports        []string `json:"transports"`
	} `json:"response"`
}

// ParseRegistration reads a RegistrationResponseJSON. An attestation in another
// format than none or packed is an UnknownAttestationError.
func ParseRegistration(text string) (Registration, error) {
	e, a, err := open(text)
	if err != nil {
		return Registration{}, err
	}
	object, err := decode("attestationObject", e.Response.AttestationObject)
	if err != nil {
		return Registration{}, err
	}
	attested, err := parseAttestation(object)
	if err != nil {
		return Registration{}, err
	}
	clientHash := a.signed
	key, err := a.readData(attested.AuthData, true)
	if err != nil {
		return Registration{}, err
	}
	a.signed = append(bytes.Clone(attested.AuthData), clientHash...)
	ok, err := attested.vouches(key, a.signed)
	return Registration{Answer: a, Key: key, Attested: ok}, err
}

// ParseAssertion reads an AuthenticationResponseJSON.
func ParseAssertion(text string) (Assertion, error) {
	e, a, err := open(text)
	if err != nil {
		return Assertion{}, err
	}
	data, err := decode("authenticatorData", e.Response.AuthenticatorData)
	if err != nil {
		return Assertion{}, err
	}
	signature, err := decode("signature", e.Response.Signature)
	if err != nil {
		return Assertion{}, err
	}
	clientHash := a.signed
	if _, err := a.readData(data, false); err != nil {
		return Assertion{}, err
	}
	a.signed = append(bytes.Clone(data), clientHash...)
	return Assertion{Answer: a, signature: signature}, nil
}

// open reads the outer layer of an answer. The answer's signed is at first the
// hash of the client data alone.
func open(text string) (envelope, Answer, error) {
	var e envelope
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return e, Answer{}, fmt.Errorf("the credential is no JSON object of the standard: %w", err)
	}
	if e.ID == "" || e.Type != "public-key" {
		return e, Answer{}, fmt.Errorf("the credential has id %q and type %q, and not an id and public-key", e.ID, e.Type)
	}
	raw, err := decode("clientDataJSON", e.Response.ClientDataJSON)
	if err != nil {
		return e, Answer{}, err
	}
	var client struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
		Origin    string `json:"origin"`
	}
	if err := json.Unmarshal(raw, &client); err != nil {
		return e, Answer{}, fmt.Errorf("clientDataJSON: %w", err)
	}
	hash := sha256.Sum256(raw)
	return e, Answer{
		ID: e.ID, Type: client.Type, Challenge: client.Challenge, Origin: client.Origin,
		Attachment: e.Attachment, Transports: e.Response.Transports, signed: hash[:],
	}, nil
}

func decode(name, text string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil || len(b) == 0 {
		return nil, fmt.Errorf("%s is no Base64url text: %q", name, text)
	}
	return b, nil
}

// Lengths of the parts of authenticator data, in bytes.
const (
	hashLength   = sha256.Size
	headLength   = hashLength + 1 + 4 // hash, flags, counter
	modelLength  = 16                 // AAGUID
	lengthLength = 2                  // length of the credential id
)

// readData reads authenticator data into the answer, and the key of a new
// credential when there has to be one.
func (a *Answer) readData(data []byte, withKey bool) (Key, error) {
	if len(data) < headLength {
		return Key{}, fmt.Errorf("authenticator data of %d bytes: at least %d are needed", len(data), headLength)
	}
	a.relyingPartyHash, a.flags = data[:hashLength], data[hashLength]
	if !withKey {
		return Key{}, nil
	}
	rest := data[headLength:]
	if a.flags&hasKey == 0 || len(rest) < modelLength+lengthLength {
		return Key{}, fmt.Errorf("authenticator data of %d bytes without a credential", len(data))
	}
	rest = rest[modelLength:]
	length := int(rest[0])<<8 | int(rest[1])
	rest = rest[lengthLength:]
	if len(rest) < length {
		return Key{}, fmt.Errorf("a credential id of %d bytes in %d", length, len(rest))
	}
	if id := base64.RawURLEncoding.EncodeToString(rest[:length]); id != a.ID {
		return Key{}, fmt.Errorf("the credential calls itself %s, its authenticator %s", a.ID, id)
	}
	return parseKey(rest[length:])
}
