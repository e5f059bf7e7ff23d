package webauthn

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"math/big"

	"github.com/fxamacker/cbor/v2"
)

// The algorithms of COSE that a Key may have:
// https://www.iana.org/assignments/cose/cose.xhtml#algorithms
const (
	ES256 = -7
	RS256 = -257
)

// Key is the public key of a credential.
type Key struct {
	// Algorithm is ES256 or RS256, or another number of COSE, of which nothing
	// more is known.
	Algorithm int
	// public is an *ecdsa.PublicKey or *rsa.PublicKey, nil for other algorithms.
	public crypto.PublicKey
}

// coseKey is a COSE_Key (RFC 9052, section 7); 1 is the type of the key, 3 its
// algorithm, and what the negative labels mean depends on the type.
type coseKey struct {
	Type      int             `cbor:"1,keyasint"`
	Algorithm int             `cbor:"3,keyasint"`
	First     cbor.RawMessage `cbor:"-1,keyasint"`
	Second    []byte          `cbor:"-2,keyasint"`
	Third     []byte          `cbor:"-3,keyasint,omitempty"`
}

// The types of keys and the curve that ES256 has.
const (
	ellipticKey = 2
	rsaKey      = 3
	curveP256   = 1
)

func parseKey(encoded []byte) (Key, error) {
	var k coseKey
	if _, err := cbor.UnmarshalFirst(encoded, &k); err != nil {
		return Key{}, fmt.Errorf("the credential's key: %w", err)
	}
	switch {
	case k.Algorithm == ES256 && k.Type == ellipticKey:
		return k.elliptic()
	case k.Algorithm == RS256 && k.Type == rsaKey:
		return k.rsa()
	default:
		return Key{Algorithm: k.Algorithm}, nil
	}
}

func (k coseKey) elliptic() (Key, error) {
	var curve int
	if err := cbor.Unmarshal(k.First, &curve); err != nil || curve != curveP256 {
		return Key{}, fmt.Errorf("the credential's key: curve %x is not P-256", []byte(k.First))
	}
	const length = 32
	if len(k.Second) > length || len(k.Third) > length {
		return Key{}, fmt.Errorf("the credential's key: coordinates of %d and %d bytes", len(k.Second), len(k.Third))
	}
	// Some authenticators leave zeros in front of a coordinate away.
	point := make([]byte, 1+2*length)
	point[0] = 4
	copy(point[1+length-len(k.Second):], k.Second)
	copy(point[1+2*length-len(k.Third):], k.Third)
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return Key{}, fmt.Errorf("the credential's key: %w", err)
	}
	return Key{Algorithm: ES256, public: public}, nil
}

func (k coseKey) rsa() (Key, error) {
	var modulus []byte
	if err := cbor.Unmarshal(k.First, &modulus); err != nil {
		return Key{}, fmt.Errorf("the credential's key: %w", err)
	}
	exponent := new(big.Int).SetBytes(k.Second)
	const fewestBits, mostBits, largestExponent = 1024, 8192, 1<<31 - 1
	n := new(big.Int).SetBytes(modulus)
	if n.BitLen() < fewestBits || n.BitLen() > mostBits || !exponent.IsInt64() || exponent.Int64() < 3 || exponent.Int64() > largestExponent {
		return Key{}, fmt.Errorf("the credential's key: %d bits and the exponent %s", n.BitLen(), exponent)
	}
	return Key{Algorithm: RS256, public: &rsa.PublicKey{N: n, E: int(exponent.Int64())}}, nil
}

// verify reports whether the signature over the message is the key's.
func (k Key) verify(message, signature []byte) bool {
	hash := sha256.Sum256(message)
	switch public := k.public.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(public, hash[:], signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(public, crypto.SHA256, hash[:], signature) == nil
	default:
		return false
	}
}

// attestation is an attestation object:
// https://www.w3.org/TR/webauthn-3/#attestation-object
type attestation struct {
	Format    string    `cbor:"fmt"`
	Statement statement `cbor:"attStmt"`
	AuthData  []byte    `cbor:"authData"`
}

// statement is the attestation statement of the format packed without
// certificates; that of none is empty.
type statement struct {
	Algorithm    int    `cbor:"alg,omitempty"`
	Signature    []byte `cbor:"sig,omitempty"`
	Certificates []any  `cbor:"x5c,omitempty"`
}

func parseAttestation(encoded []byte) (attestation, error) {
	var a attestation
	if err := cbor.Unmarshal(encoded, &a); err != nil {
		return attestation{}, fmt.Errorf("attestationObject: %w", err)
	}
	return a, nil
}

// UnknownAttestationError is about an attestation that cannot be checked here.
type UnknownAttestationError struct {
	// Format is such as tpm or android-key.
	Format string
}

// Error names the format and those that can be checked.
func (e UnknownAttestationError) Error() string {
	return fmt.Sprintf("attestation in the format %s: none and packed without certificates can be checked", e.Format)
}

// vouches checks what an attestation says of a new key, over what it signed.
func (a attestation) vouches(k Key, signed []byte) (bool, error) {
	switch {
	case a.Format == "none":
		return true, nil
	case a.Format == "packed" && len(a.Statement.Certificates) == 0:
		return a.Statement.Algorithm == k.Algorithm && k.verify(signed, a.Statement.Signature), nil
	default:
		return false, UnknownAttestationError{Format: a.Format}
	}
}
