package jwt

import "crypto/rsa"

// RawKey gives tests the private half of a key.
func RawKey(k Key) (*rsa.PrivateKey, error) { return k.rsa() }
