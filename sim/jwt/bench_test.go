package jwt_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"testing"

	"claimcheck/sim/jwt"
)

func rawKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	private, err := jwt.RawKey(jwt.DevelopmentKey(0, "id", jwt.RS256))
	if err != nil {
		t.Fatal(err)
	}
	return private
}

// BenchmarkMint against BenchmarkRawSign: at most 1.1 times.
func BenchmarkMint(b *testing.B) {
	key := jwt.DevelopmentKey(0, "id", jwt.RS256)
	sign(b, claims(), key)
	for b.Loop() {
		sign(b, claims(), key)
	}
}

func BenchmarkRawSign(b *testing.B) {
	private := rawKey(b)
	digest := sha256.Sum256([]byte("payload"))
	for b.Loop() {
		if _, err := rsa.SignPKCS1v15(nil, private, crypto.SHA256, digest[:]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify against BenchmarkRawVerify: at most 1.5 times, claims read.
func BenchmarkVerify(b *testing.B) {
	key := jwt.DevelopmentKey(0, "id", jwt.RS256)
	raw, set := sign(b, claims(), key), keySet(b, key)
	for b.Loop() {
		token := parse(b, raw)
		if err := set.Verify(token); err != nil {
			b.Fatal(err)
		}
		expiry, _ := token.Time("exp")
		if token.Text("iss") != issuer || token.Text("aud") != "client" || token.Text("token_use") != "id" || !now().Before(expiry) {
			b.Fatal("claims")
		}
	}
}

func BenchmarkRawVerify(b *testing.B) {
	private := rawKey(b)
	digest := sha256.Sum256([]byte("payload"))
	signature, err := rsa.SignPKCS1v15(nil, private, crypto.SHA256, digest[:])
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := rsa.VerifyPKCS1v15(&private.PublicKey, crypto.SHA256, digest[:], signature); err != nil {
			b.Fatal(err)
		}
	}
}
