package cognitoidp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"
	"time"
)

// srpGroup is the arithmetic of SRP-6a as Cognito's client libraries do it: a
// 3072-bit prime, generator 2, SHA-256, and numbers hashed as the shortest
// two's complement: https://github.com/aws-amplify/amplify-js
type srpGroup struct {
	prime, generator *big.Int
	// multiplier is k = H(prime | generator).
	multiplier *big.Int
}

// newSRPGroup is the 3072-bit group of RFC 5054, appendix A.
func newSRPGroup() srpGroup {
	prime, _ := new(big.Int).SetString(srpPrime, 16)
	generator := big.NewInt(2)
	return srpGroup{prime: prime, generator: generator, multiplier: hashOf(signedBytes(prime), signedBytes(generator))}
}

const srpPrime = "" +
	"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
	"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
	"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
	"83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
	"E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
	"15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
	"ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
	"BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"

// verifier is v = g^H(salt | H(name:password)), what a server keeps of a
// password. The name is the pool id without its Region, and the username.
func (g srpGroup) verifier(salt *big.Int, name, password string) *big.Int {
	inner := sha256.Sum256([]byte(name + ":" + password))
	return new(big.Int).Exp(g.generator, hashOf(signedBytes(salt), inner[:]), g.prime)
}

// serverKey is SRP_B = k·v + g^b.
func (g srpGroup) serverKey(verifier, secret *big.Int) *big.Int {
	key := new(big.Int).Mul(g.multiplier, verifier)
	key.Add(key, new(big.Int).Exp(g.generator, secret, g.prime))
	return key.Mod(key, g.prime)
}

// sessionKey is what the client arrives at too when it knows the password: the
// first 16 bytes of HKDF over S = (A·v^u)^b.
func (g srpGroup) sessionKey(clientKey, serverKey, verifier, secret *big.Int) []byte {
	scramble := hashOf(signedBytes(clientKey), signedBytes(serverKey))
	shared := new(big.Int).Exp(verifier, scramble, g.prime)
	shared.Mul(shared, clientKey)
	shared.Exp(shared, secret, g.prime)
	extracted := macOf(signedBytes(scramble), signedBytes(shared))
	const length = 16
	return macOf(extracted, []byte("Caldera Derived Key\x01"))[:length]
}

// parseClientKey reads SRP_A: a number in hex that is no multiple of the prime.
func (g srpGroup) parseClientKey(text string) (*big.Int, bool) {
	if text == "" || len(text) > len(srpPrime)+2 || strings.Trim(strings.ToLower(text), "0123456789abcdef") != "" {
		return nil, false
	}
	key, ok := new(big.Int).SetString(text, 16)
	if !ok || new(big.Int).Mod(key, g.prime).Sign() == 0 {
		return nil, false
	}
	return key, true
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

// srpTimestamp is the layout of TIMESTAMP; the day has no leading zero.
const srpTimestamp = "Mon Jan 2 15:04:05 MST 2006"

// canonicalTimestamp reads TIMESTAMP and writes it in its one right form:
// clients that pad the day sign a text that Cognito does not.
func canonicalTimestamp(text string) (string, bool) {
	stamp, err := time.Parse(srpTimestamp, text)
	if err != nil {
		return "", false
	}
	return stamp.Format(srpTimestamp), true
}

// srpExchange is the server's half of one proof of a password.
type srpExchange struct {
	clientKey, serverKey *big.Int
	verifier, secret     *big.Int
	salt                 *big.Int
	// name is the pool id without its Region, and the username.
	name string
	// secretBlock is what the client sends back, signed.
	secretBlock []byte
}

// signature is PASSWORD_CLAIM_SIGNATURE for a timestamp.
func (e *srpExchange) signature(g srpGroup, timestamp string) string {
	key := g.sessionKey(e.clientKey, e.serverKey, e.verifier, e.secret)
	message := append([]byte(e.name), e.secretBlock...)
	return base64.StdEncoding.EncodeToString(macOf(key, append(message, timestamp...)))
}

// parameters are the challenge parameters of the exchange.
func (e *srpExchange) parameters(username string) map[string]string {
	return map[string]string{
		"SALT":            e.salt.Text(16),
		"SRP_B":           hex.EncodeToString(e.serverKey.Bytes()),
		"SECRET_BLOCK":    base64.StdEncoding.EncodeToString(e.secretBlock),
		"USERNAME":        username,
		"USER_ID_FOR_SRP": username,
	}
}
