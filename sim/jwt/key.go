package jwt

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
)

// The signature algorithms of a Key: RSASSA-PKCS1-v1_5 with SHA-256 and SHA-512.
const (
	RS256 = "RS256"
	RS512 = "RS512"
)

// Key is a key pair with the names that travel in token headers. The zero Key
// signs nothing.
type Key struct {
	// ID is kid and Algorithm is alg.
	ID, Algorithm string
	// Type is typ; "" leaves the header without one.
	Type string

	private func() (*rsa.PrivateKey, error)
}

// DevelopmentKey returns the n-th development key under the given id. There are
// six, counted from 0 and again from the first after the last. The key is
// parsed when it is first used, and once for all copies of the value.
func DevelopmentKey(n int, id, algorithm string) Key {
	return Key{ID: id, Algorithm: algorithm, private: sync.OnceValues(func() (*rsa.PrivateKey, error) {
		der, err := base64.StdEncoding.DecodeString(developmentKey(n))
		if err != nil {
			return nil, fmt.Errorf("development key %d is not base64: %w", n, err)
		}
		return x509.ParsePKCS1PrivateKey(der)
	})}
}

// Private is the private key, for signatures that are no JWT's, such as SAML's.
func (k Key) Private() (*rsa.PrivateKey, error) { return k.rsa() }

func (k Key) rsa() (*rsa.PrivateKey, error) {
	if k.private == nil {
		return nil, errors.New("the key has no private part: take one from DevelopmentKey")
	}
	if k.Algorithm != RS256 && k.Algorithm != RS512 {
		return nil, fmt.Errorf("key %q has algorithm %q: want %s or %s", k.ID, k.Algorithm, RS256, RS512)
	}
	return k.private()
}
