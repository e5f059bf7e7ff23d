package jwt

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// Why a key set does not vouch for a token. Verify's errors wrap one of them.
var (
	ErrUnknownKey = errors.New("no key of the set has the token's kid")
	ErrAlgorithm  = errors.New("the token's alg is not its key's")
	ErrSignature  = errors.New("the signature does not match")
)

// KeySet is the public half of an issuer's keys, as its JWKS document lists
// them. The zero KeySet knows no key.
type KeySet struct {
	keys map[string]publicKey
}

type publicKey struct {
	algorithm jwa.SignatureAlgorithm
	rsa       *rsa.PublicKey
}

// ParseKeySet reads a JWKS document. Keys that are not RSA signature keys with
// kid and alg are left out: no token can name them.
func ParseKeySet(document string) (KeySet, error) {
	set, err := jwk.ParseString(document)
	if err != nil {
		return KeySet{}, fmt.Errorf("not a JWKS document: %w", err)
	}
	keys := make(map[string]publicKey, set.Len())
	for i := range set.Len() {
		key, _ := set.Key(i)
		var public rsa.PublicKey
		if _, isRSA := key.(jwk.RSAPublicKey); !isRSA || key.KeyID() == "" || key.Algorithm().String() == "" {
			continue
		}
		if err := key.Raw(&public); err != nil {
			return KeySet{}, fmt.Errorf("key %q: %w", key.KeyID(), err)
		}
		keys[key.KeyID()] = publicKey{algorithm: jwa.SignatureAlgorithm(key.Algorithm().String()), rsa: &public}
	}
	return KeySet{keys: keys}, nil
}

// MarshalKeySet returns the JWKS document of the keys in the given order, each
// with alg, e, kid, kty, n and use.
func MarshalKeySet(keys ...Key) (string, error) {
	set := jwk.NewSet()
	for _, key := range keys {
		public, err := key.jwk()
		if err != nil {
			return "", err
		}
		if err := set.AddKey(public); err != nil {
			return "", fmt.Errorf("key %q: %w", key.ID, err)
		}
	}
	document, err := json.Marshal(set)
	if err != nil {
		return "", fmt.Errorf("write JWKS: %w", err)
	}
	return string(document), nil
}

func (k Key) jwk() (jwk.Key, error) {
	private, err := k.rsa()
	if err != nil {
		return nil, err
	}
	public, err := jwk.FromRaw(&private.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("key %q: %w", k.ID, err)
	}
	err = errors.Join(
		public.Set(jwk.KeyIDKey, k.ID),
		public.Set(jwk.AlgorithmKey, k.Algorithm),
		public.Set(jwk.KeyUsageKey, jwk.ForSignature),
	)
	return public, err
}

// Verify reports whether a key of the set signed the token: the key is found by
// kid, alg must be the key's own, and the signature must match. Time and
// audience are not looked at.
func (s KeySet) Verify(t Token) error {
	key, ok := s.keys[t.KeyID]
	if !ok {
		return fmt.Errorf("%w %q", ErrUnknownKey, t.KeyID)
	}
	if t.Algorithm != key.algorithm.String() {
		return fmt.Errorf("%w: found %q, the key has %q", ErrAlgorithm, t.Algorithm, key.algorithm)
	}
	verifier, err := jws.NewVerifier(key.algorithm)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAlgorithm, err)
	}
	end := strings.LastIndexByte(t.Raw, '.')
	signature, err := decodePart(t.Raw[end+1:], "signature")
	if err != nil || end < 0 || verifier.Verify([]byte(t.Raw[:end]), signature, key.rsa) != nil {
		return ErrSignature
	}
	return nil
}
