package srp_test

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/srp"
)

// vector is one proof of a password. The client's half was computed by
// amazon-cognito-identity-js 6.3.21, the library of Amplify, with the secret
// number 7e7e…, and ServerKey by a script of its own after RFC 5054.
type vector struct {
	Name, Password, Salt, ServerSecret, ClientKey, ServerKey string
	SecretBlock, Timestamp, Signature                        string
	// Verifier is there for devices, where the client makes it; it and the salt
	// are then in Base64, as ConfirmDevice takes them, and else in hex.
	Verifier string
}

func vectors(t *testing.T, file string) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	return vectors
}

func hexNumber(t *testing.T, text string) *big.Int {
	t.Helper()
	n, ok := new(big.Int).SetString(text, 16)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return n
}

func (v vector) salt(t *testing.T) *big.Int {
	t.Helper()
	if v.Verifier == "" {
		return hexNumber(t, v.Salt)
	}
	salt, ok := srp.DecodeNumber(v.Salt)
	if !ok || srp.EncodeNumber(salt) != v.Salt {
		t.Fatalf("salt %q does not survive reading and writing", v.Salt)
	}
	return salt
}

// https://github.com/aws-amplify/amplify-js
func TestBothHalvesAgreeWithAmplify(t *testing.T) {
	g := srp.NewGroup()
	for _, v := range append(vectors(t, "passwords.json"), vectors(t, "devices.json")...) {
		secretBlock, err := base64.StdEncoding.DecodeString(v.SecretBlock)
		if err != nil {
			t.Fatal(err)
		}
		salt := v.salt(t)
		server := srp.Server{
			Name: v.Name, Salt: salt, Verifier: g.Verifier(salt, v.Name, v.Password),
			Secret: hexNumber(t, v.ServerSecret), ClientKey: hexNumber(t, v.ClientKey), SecretBlock: secretBlock,
		}
		if v.Verifier != "" && srp.EncodeNumber(server.Verifier) != v.Verifier {
			t.Errorf("%s: verifier %s\nwant %s", v.Name, srp.EncodeNumber(server.Verifier), v.Verifier)
		}
		if got := server.Key(g).Text(16); got != v.ServerKey {
			t.Errorf("%s: SRP_B is %s\nwant %s", v.Name, got, v.ServerKey)
		}
		if got := server.Signature(g, v.Timestamp); got != v.Signature {
			t.Errorf("%s: the server's signature is %s, want %s", v.Name, got, v.Signature)
		}
		if server.Signature(g, "Mon Mar 2 09:00:01 UTC 2026") == v.Signature {
			t.Errorf("%s: the signature does not depend on the time", v.Name)
		}
		client := srp.Client{Name: v.Name, Password: v.Password, Secret: hexNumber(t, strings.Repeat("7e", 32))}
		if got := g.ClientKey(client.Secret).Text(16); got != v.ClientKey {
			t.Errorf("%s: SRP_A is %s\nwant %s", v.Name, got, v.ClientKey)
		}
		asked := srp.Asked{Salt: salt, ServerKey: server.Key(g), SecretBlock: secretBlock}
		if got := client.Signature(g, asked, v.Timestamp); got != v.Signature {
			t.Errorf("%s: the client's signature is %s, want %s", v.Name, got, v.Signature)
		}
		client.Password += "?"
		if client.Signature(g, asked, v.Timestamp) == v.Signature {
			t.Errorf("%s: the signature does not depend on the password", v.Name)
		}
	}
}

// A key that is a multiple of the prime makes the shared secret 0 for every
// password: RFC 5054, section 2.5.4.
func TestKeysThatKnowEveryPasswordAreRefused(t *testing.T) {
	g := srp.NewGroup()
	const prime = "" +
		"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
		"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
		"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
		"83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
		"E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
		"15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
		"ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
		"BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"
	double := new(big.Int).Lsh(hexNumber(t, prime), 1)
	for _, text := range []string{"", "0", "000", prime, double.Text(16), "xyz", "-1", "+1", "0x1", "1_0", prime + "000"} {
		if _, ok := g.ParseKey(text); ok {
			t.Errorf("%q is taken", text)
		}
	}
	for _, text := range []string{"1", "02", "FF", prime[:len(prime)-1] + "E"} {
		if _, ok := g.ParseKey(text); !ok {
			t.Errorf("%q is not taken", text)
		}
	}
}

// Cognito reads the bytes as a signed number; a library that does not pad them
// sends a negative one: https://repost.aws/questions/QUeZGXWPSST0C135CXmvBTlQ
func TestNumbersOfDevicesArePositive(t *testing.T) {
	for text, want := range map[string]int64{"AQ==": 1, "AIA=": 128, "gA==": 0, "AA==": 0, "": 0, "%": 0} {
		n, ok := srp.DecodeNumber(text)
		if ok != (want != 0) || ok && n.Int64() != want {
			t.Errorf("%q: %v, %v", text, n, ok)
		}
		if ok && srp.EncodeNumber(n) != text {
			t.Errorf("%q becomes %q", text, srp.EncodeNumber(n))
		}
	}
}

// https://github.com/qwigo/warrant/pull/12
func TestTimestampsHaveOneForm(t *testing.T) {
	for text, want := range map[string]string{
		"Sat Nov 7 08:05:03 UTC 2026":  "Sat Nov 7 08:05:03 UTC 2026",
		"Sat Nov 07 08:05:03 UTC 2026": "Sat Nov 7 08:05:03 UTC 2026",
		"Mon Nov 7 08:05:03 UTC 2026":  "Sat Nov 7 08:05:03 UTC 2026",
		"2026-11-07T08:05:03Z":         "",
		"":                             "",
	} {
		if got, ok := srp.CanonicalTimestamp(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	for _, seed := range []string{"", "02", "7e7e", "xyz", strings.Repeat("f", 768)} {
		f.Add(seed)
	}
	g := srp.NewGroup()
	f.Fuzz(func(t *testing.T, text string) {
		key, ok := g.ParseKey(text)
		if ok && key.Sign() <= 0 {
			t.Errorf("%q gives %s", text, key)
		}
	})
}

func FuzzDecodeNumber(f *testing.F) {
	for _, seed := range []string{"", "AQ==", "AIA=", "gA==", "%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, ok := srp.DecodeNumber(text)
		if !ok {
			return
		}
		if again, ok := srp.DecodeNumber(srp.EncodeNumber(n)); !ok || again.Cmp(n) != 0 {
			t.Errorf("%q gives %s and then %s", text, n, again)
		}
	})
}

func FuzzTimestamp(f *testing.F) {
	f.Add("Sat Nov 7 08:05:03 UTC 2026")
	f.Add("Wed Feb 30 25:61:61 IST 10000")
	f.Fuzz(func(t *testing.T, text string) {
		canonical, ok := srp.CanonicalTimestamp(text)
		if !ok {
			return
		}
		if _, err := time.Parse(srp.Timestamp, canonical); err != nil {
			t.Errorf("%q became %q: %v", text, canonical, err)
		}
		if again, _ := srp.CanonicalTimestamp(canonical); again != canonical {
			t.Errorf("%q is not stable: %q", canonical, again)
		}
	})
}
