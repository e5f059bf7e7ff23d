// Package srp is SRP-6a as Cognito and its client libraries do it: how a client
// proves that it knows a password, and a server checks the proof, without the
// password being sent. It owns the arithmetic of both halves, and refuses to know
// whose password it is, a user's or a device's.
package srp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"
	"time"
)

// Group is the 3072-bit group of RFC 5054, appendix A, with generator 2 and
// SHA-256. Numbers are hashed as the shortest two's complement:
// https://github.com/aws-amplify/amplify-js
type Group struct {
	prime, generator *big.Int
	// multiplier is k = H(prime | generator).
	multiplier *big.Int
}

// NewGroup returns the one group that Cognito knows.
func NewGroup() Group {
	p, _ := new(big.Int).SetString(prime, 16)
	generator := big.NewInt(2)
	return Group{prime: p, generator: generator, multiplier: hashOf(signedBytes(p), signedBytes(generator))}
}

const prime = "" +
	"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
	"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
	"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
	"83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
	"E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
	"15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
	"ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
	"BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"

// Verifier is v = g^x with x = H(salt | H(name:password)), what a server keeps
// of a password. A user's name is the pool id without its Region, and the
// username; a device's is its group key and its key.
func (g Group) Verifier(salt *big.Int, name, password string) *big.Int {
	return new(big.Int).Exp(g.generator, privateKey(salt, name, password), g.prime)
}

func privateKey(salt *big.Int, name, password string) *big.Int {
	inner := sha256.Sum256([]byte(name + ":" + password))
	return hashOf(signedBytes(salt), inner[:])
}

// ParseKey reads SRP_A or SRP_B: a number in hex that is no multiple of the
// prime, which would make the shared secret 0 whatever the password (RFC 5054,
// section 2.5.4).
func (g Group) ParseKey(text string) (*big.Int, bool) {
	if text == "" || len(text) > len(prime)+2 || strings.Trim(strings.ToLower(text), "0123456789abcdef") != "" {
		return nil, false
	}
	key, ok := new(big.Int).SetString(text, 16)
	if !ok || new(big.Int).Mod(key, g.prime).Sign() == 0 {
		return nil, false
	}
	return key, true
}

// Server is the server's half of one proof.
type Server struct {
	Name           string
	Salt, Verifier *big.Int
	// Secret is the server's random number, ClientKey what the client sent as
	// SRP_A.
	Secret, ClientKey *big.Int
	// SecretBlock is what the client signs.
	SecretBlock []byte
}

// Key is SRP_B = k·v + g^b.
func (s Server) Key(g Group) *big.Int {
	key := new(big.Int).Mul(g.multiplier, s.Verifier)
	key.Add(key, new(big.Int).Exp(g.generator, s.Secret, g.prime))
	return key.Mod(key, g.prime)
}

// Signature is the PASSWORD_CLAIM_SIGNATURE that only the password makes, over a
// timestamp. The shared secret is S = (A·v^u)^b.
func (s Server) Signature(g Group, timestamp string) string {
	scramble := hashOf(signedBytes(s.ClientKey), signedBytes(s.Key(g)))
	shared := new(big.Int).Exp(s.Verifier, scramble, g.prime)
	shared.Mul(shared, s.ClientKey)
	shared.Exp(shared, s.Secret, g.prime)
	return sign(sessionKey(scramble, shared), s.Name, s.SecretBlock, timestamp)
}

// Client is the client's half of one proof.
type Client struct {
	Name, Password string
	// Secret is the client's random number.
	Secret *big.Int
}

// ClientKey is SRP_A = g^a for the client's random number.
func (g Group) ClientKey(secret *big.Int) *big.Int {
	return new(big.Int).Exp(g.generator, secret, g.prime)
}

// Asked is what a server sends of a challenge.
type Asked struct {
	Salt, ServerKey *big.Int
	SecretBlock     []byte
}

// Signature is PASSWORD_CLAIM_SIGNATURE over a timestamp. The shared secret is
// S = (B - k·g^x)^(a + u·x).
func (c Client) Signature(g Group, asked Asked, timestamp string) string {
	x := privateKey(asked.Salt, c.Name, c.Password)
	scramble := hashOf(signedBytes(g.ClientKey(c.Secret)), signedBytes(asked.ServerKey))
	base := new(big.Int).Exp(g.generator, x, g.prime)
	base.Sub(asked.ServerKey, base.Mul(base, g.multiplier)).Mod(base, g.prime)
	exponent := new(big.Int).Mul(scramble, x)
	shared := base.Exp(base, exponent.Add(exponent, c.Secret), g.prime)
	return sign(sessionKey(scramble, shared), c.Name, asked.SecretBlock, timestamp)
}

// sessionKey is what both sides arrive at: the first 16 bytes of HKDF over the
// shared secret.
func sessionKey(scramble, shared *big.Int) []byte {
	const length = 16
	extracted := macOf(signedBytes(scramble), signedBytes(shared))
	return macOf(extracted, []byte("Caldera Derived Key\x01"))[:length]
}

func sign(key []byte, name string, secretBlock []byte, timestamp string) string {
	message := append([]byte(name), secretBlock...)
	return base64.StdEncoding.EncodeToString(macOf(key, append(message, timestamp...)))
}

// hashOf is SHA-256 over the parts, as a number.
func hashOf(parts ...[]byte) *big.Int {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	return new(big.Int).SetBytes(h.Sum(nil))
}

func macOf(key, message []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(message)
	return mac.Sum(nil)
}

// signedBytes is a positive number in its shortest two's complement.
func signedBytes(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0] >= 1<<7 {
		return append([]byte{0}, b...)
	}
	return b
}

// EncodeNumber is a positive number as ConfirmDevice takes Salt and
// PasswordVerifier: Base64 over its shortest two's complement.
func EncodeNumber(n *big.Int) string { return base64.StdEncoding.EncodeToString(signedBytes(n)) }

// DecodeNumber reads what EncodeNumber writes. A first bit that is set makes a
// number negative, which is no salt and no verifier; nor is 0.
func DecodeNumber(text string) (*big.Int, bool) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) == 0 || b[0] >= 1<<7 {
		return nil, false
	}
	n := new(big.Int).SetBytes(b)
	return n, n.Sign() > 0
}

// Timestamp is the layout of TIMESTAMP; the day has no leading zero.
const Timestamp = "Mon Jan 2 15:04:05 MST 2006"

// CanonicalTimestamp reads TIMESTAMP and writes it in its one right form:
// clients that pad the day sign a text that Cognito does not.
func CanonicalTimestamp(text string) (string, bool) {
	stamp, err := time.Parse(Timestamp, text)
	if err != nil {
		return "", false
	}
	return stamp.Format(Timestamp), true
}
