package cognitoidp

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"os"
	"testing"
	"time"
)

// srpVector is one proof of a password. The client's half was computed by
// amazon-cognito-identity-js 6.3.21, the library of Amplify, with the secret
// number 7e7e…, and ServerKey by a Python script after RFC 5054.
type srpVector struct {
	Name, Password, Salt, ServerSecret, ClientKey, ServerKey string
	SecretBlock, Timestamp, Signature                        string
}

func number(t *testing.T, text string) *big.Int {
	t.Helper()
	n, ok := new(big.Int).SetString(text, 16)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return n
}

// https://github.com/aws-amplify/amplify-js
func TestSignaturesAreThoseOfAmplify(t *testing.T) {
	text, err := os.ReadFile("testdata/srp.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []srpVector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	g := newSRPGroup()
	for _, v := range vectors {
		secretBlock, err := base64.StdEncoding.DecodeString(v.SecretBlock)
		if err != nil {
			t.Fatal(err)
		}
		e := &srpExchange{
			clientKey: number(t, v.ClientKey), secret: number(t, v.ServerSecret), salt: number(t, v.Salt),
			name: v.Name, secretBlock: secretBlock,
		}
		e.verifier = g.verifier(e.salt, v.Name, v.Password)
		e.serverKey = g.serverKey(e.verifier, e.secret)
		if got := e.serverKey.Text(16); got != v.ServerKey {
			t.Errorf("%s: SRP_B is %s\nwant %s", v.Password, got, v.ServerKey)
		}
		if got := e.signature(g, v.Timestamp); got != v.Signature {
			t.Errorf("%s: signature %s, want %s", v.Password, got, v.Signature)
		}
		if e.signature(g, "Mon Mar 2 09:00:01 UTC 2026") == v.Signature {
			t.Errorf("%s: the signature does not depend on the time", v.Password)
		}
	}
}

// A client key that is a multiple of the prime makes the shared secret 0 for
// every password: RFC 5054, section 2.5.4.
func TestClientKeysThatKnowEveryPasswordAreRefused(t *testing.T) {
	g := newSRPGroup()
	double := new(big.Int).Mul(g.prime, big.NewInt(2))
	for _, text := range []string{"", "0", "000", srpPrime, double.Text(16), "xyz", "-1", "+1", "0x1", "1_0", srpPrime + "000"} {
		if _, ok := g.parseClientKey(text); ok {
			t.Errorf("%q is taken", text)
		}
	}
	for _, text := range []string{"1", "02", "FF", srpPrime[:len(srpPrime)-1] + "E"} {
		if _, ok := g.parseClientKey(text); !ok {
			t.Errorf("%q is not taken", text)
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
		if got, ok := canonicalTimestamp(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

func FuzzClientKey(f *testing.F) {
	for _, seed := range []string{"", "02", srpPrime, "7e7e", "xyz"} {
		f.Add(seed)
	}
	g := newSRPGroup()
	f.Fuzz(func(t *testing.T, text string) {
		key, ok := g.parseClientKey(text)
		if ok && new(big.Int).Mod(key, g.prime).Sign() <= 0 {
			t.Errorf("%q gives %s", text, key)
		}
	})
}

func FuzzTimestamp(f *testing.F) {
	f.Add("Sat Nov 7 08:05:03 UTC 2026")
	f.Add("Wed Feb 30 25:61:61 IST 10000")
	f.Fuzz(func(t *testing.T, text string) {
		canonical, ok := canonicalTimestamp(text)
		if !ok {
			return
		}
		if _, err := time.Parse(srpTimestamp, canonical); err != nil {
			t.Errorf("%q became %q: %v", text, canonical, err)
		}
		if again, _ := canonicalTimestamp(canonical); again != canonical {
			t.Errorf("%q is not stable: %q", canonical, again)
		}
	})
}
