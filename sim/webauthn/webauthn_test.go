package webauthn_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"
	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/webauthn"
)

const (
	domain = "auth.example.com"
	origin = "https://auth.example.com"
	// challenge is 32 bytes in Base64url.
	challenge = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
)

const creation = `{"challenge": "` + challenge + `", "rp": {"id": "` + domain + `", "name": "Example"}, "user": {"id": "YW5h", "name": "ana", "displayName": "Ana"}}`

func request(ids ...string) string {
	allowed := []map[string]string{}
	for _, id := range ids {
		allowed = append(allowed, map[string]string{"id": id, "type": "public-key"})
	}
	text, _ := json.Marshal(map[string]any{"challenge": challenge, "rpId": domain, "allowCredentials": allowed})
	return string(text)
}

// peer is an authenticator that shares nothing with this package:
// https://github.com/descope/virtualwebauthn
type peer struct {
	rp            virtualwebauthn.RelyingParty
	authenticator virtualwebauthn.Authenticator
	credential    virtualwebauthn.Credential
}

func newPeer(kind virtualwebauthn.KeyType) peer {
	return peer{
		virtualwebauthn.RelyingParty{ID: domain, Name: "Example", Origin: origin},
		virtualwebauthn.NewAuthenticator(), virtualwebauthn.NewCredential(kind),
	}
}

func (p peer) register(t *testing.T) string {
	t.Helper()
	options, err := virtualwebauthn.ParseAttestationOptions(creation)
	if err != nil {
		t.Fatal(err)
	}
	return virtualwebauthn.CreateAttestationResponse(p.rp, p.authenticator, p.credential, *options)
}

func (p peer) prove(t *testing.T) string {
	t.Helper()
	options, err := virtualwebauthn.ParseAssertionOptions(request())
	if err != nil {
		t.Fatal(err)
	}
	return virtualwebauthn.CreateAssertionResponse(p.rp, p.authenticator, p.credential, *options)
}

func registration(t *testing.T, text string) webauthn.Registration {
	t.Helper()
	r, err := webauthn.ParseRegistration(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func assertion(t *testing.T, text string) webauthn.Assertion {
	t.Helper()
	a, err := webauthn.ParseAssertion(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// https://www.w3.org/TR/webauthn-3/#sctn-rp-operations
func TestPasskeysOfAnotherMakerAreRead(t *testing.T) {
	for algorithm, kind := range map[int]virtualwebauthn.KeyType{webauthn.ES256: virtualwebauthn.KeyTypeEC2, webauthn.RS256: virtualwebauthn.KeyTypeRSA} {
		p, other := newPeer(kind), newPeer(kind)
		made, proof := registration(t, p.register(t)), assertion(t, p.prove(t))
		if made.Type != webauthn.Create || made.Challenge != challenge || made.Origin != origin || made.Key.Algorithm != algorithm || !made.Attested {
			t.Errorf("%d: registration %+v", algorithm, made)
		}
		if proof.Type != webauthn.Get || proof.Challenge != challenge || proof.ID != made.ID {
			t.Errorf("%d: assertion %+v", algorithm, proof)
		}
		if !made.For(domain) || made.For("example.com") || !proof.For(domain) || proof.For("example.com") {
			t.Errorf("%d: the relying party is read wrong", algorithm)
		}
		if !made.UserVerified() || !proof.UserVerified() {
			t.Errorf("%d: the user was verified", algorithm)
		}
		if !proof.SignedBy(made.Key) || assertion(t, other.prove(t)).SignedBy(made.Key) {
			t.Errorf("%d: the signature is judged wrong", algorithm)
		}
		p.authenticator.Options.UserNotVerified = true
		if registration(t, p.register(t)).UserVerified() || assertion(t, p.prove(t)).UserVerified() {
			t.Errorf("%d: the user was not verified", algorithm)
		}
	}
}

// answers are what an Authenticator made. @simplewebauthn/server 13.2.2, which
// shares nothing with this package, verifies both for the challenge, origin and
// domain above, with user verification required.
type answers struct {
	Registration, Assertion json.RawMessage
}

// https://simplewebauthn.dev/docs/packages/server
func TestAuthenticatorAnswersWhatOthersVerify(t *testing.T) {
	phone := webauthn.Authenticator{Name: "Ana's phone"}
	made, err := phone.NewCredential(creation, origin)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := phone.Prove(request(registration(t, made).ID), origin)
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		text, _ := json.MarshalIndent(answers{json.RawMessage(made), json.RawMessage(proof)}, "", " ")
		if err := os.WriteFile("testdata/authenticator.json", append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile("testdata/authenticator.json")
	if err != nil {
		t.Fatal(err)
	}
	var want answers
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]string{"registration": {string(want.Registration), made}, "assertion": {string(want.Assertion), proof}} {
		if diff := cmp.Diff(tree(t, pair[0]), tree(t, pair[1])); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	if !assertion(t, proof).SignedBy(registration(t, made).Key) || !registration(t, made).Attested {
		t.Error("this package does not verify its own")
	}
}

func tree(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAuthenticatorsDifferByNameAndDomain(t *testing.T) {
	ids := map[string]bool{}
	for _, name := range []string{"phone", "laptop"} {
		for _, options := range []string{creation, strings.Replace(creation, `"id": "auth.example.com"`, `"id": "example.com"`, 1)} {
			made, err := webauthn.Authenticator{Name: name}.NewCredential(options, origin)
			if err != nil {
				t.Fatal(err)
			}
			ids[registration(t, made).ID] = true
		}
	}
	if len(ids) != 4 {
		t.Errorf("4 passkeys have %d ids", len(ids))
	}
}

func TestAuthenticatorRefuses(t *testing.T) {
	phone := webauthn.Authenticator{Name: "phone"}
	for name, call := range map[string]func() (string, error){
		"does not let https://auth.example.org use": func() (string, error) { return phone.NewCredential(creation, "https://auth.example.org") },
		"does not let https://evil.example use":     func() (string, error) { return phone.Prove(request(), "https://evil.example") },
		"has no passkey of auth.example.com":        func() (string, error) { return phone.Prove(request("AAAA"), origin) },
		"wants CredentialCreationOptions":           func() (string, error) { return phone.NewCredential("{}", origin) },
		"wants CREDENTIAL_REQUEST_OPTIONS":          func() (string, error) { return phone.Prove("", origin) },
	} {
		if text, err := call(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
}

// https://www.w3.org/TR/webauthn-3/#rp-id
func TestOrigins(t *testing.T) {
	for _, row := range []struct {
		origin, domain string
		allowed        bool
	}{
		{"https://example.com", "example.com", true},
		{"https://login.example.com:8443", "example.com", true},
		{"https://example.com.evil.example", "example.com", false},
		{"https://badexample.com", "example.com", false},
		{"https://example.com", "login.example.com", false},
		{"http://example.com", "example.com", false},
		{"http://localhost:3000", "localhost", true},
		{"ftp://localhost", "localhost", false},
		{"%", "example.com", false},
		{"", "", false},
	} {
		if got := webauthn.AllowedOrigin(row.origin, row.domain); got != row.allowed {
			t.Errorf("%s for %s: %v", row.origin, row.domain, got)
		}
	}
}

// change replaces one member of response.
func change(t *testing.T, text, member string, value any) string {
	t.Helper()
	v := tree(t, text).(map[string]any)
	v["response"].(map[string]any)[member] = value
	changed, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(changed)
}

func TestAnswersOutOfFormatAreErrors(t *testing.T) {
	phone := webauthn.Authenticator{Name: "phone"}
	made, _ := phone.NewCredential(creation, origin)
	proof, _ := phone.Prove(request(), origin)
	for want, text := range map[string]string{
		"no JSON object":                    "x",
		"and not an id and public-key":      "{}",
		"attestationObject is no Base64url": change(t, made, "attestationObject", "%"),
		"attestationObject: ":               change(t, made, "attestationObject", "AAAA"),
		"clientDataJSON is no Base64url":    change(t, made, "clientDataJSON", ""),
		"clientDataJSON: ":                  change(t, made, "clientDataJSON", "AAAA"),
		"the credential calls itself":       strings.Replace(made, `"id":"`, `"id":"A`, 1),
	} {
		if _, err := webauthn.ParseRegistration(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("registration: %v, want %s", err, want)
		}
	}
	for want, text := range map[string]string{
		"authenticatorData is no Base64url": change(t, proof, "authenticatorData", nil),
		"signature is no Base64url":         change(t, proof, "signature", ""),
		"authenticator data of 3 bytes":     change(t, proof, "authenticatorData", "AAAA"),
	} {
		if _, err := webauthn.ParseAssertion(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("assertion: %v, want %s", err, want)
		}
	}
}

// The certificates of makers are not checked: https://www.w3.org/TR/webauthn-3/#sctn-tpm-attestation
func TestAttestationsOfMakersAreUnknown(t *testing.T) {
	made, err := webauthn.Authenticator{Name: "phone"}.NewCredential(creation, origin)
	if err != nil {
		t.Fatal(err)
	}
	encoded := tree(t, made).(map[string]any)["response"].(map[string]any)["attestationObject"].(string)
	object, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	tpm := bytes.Replace(object, []byte("\x64none"), []byte("\x63tpm"), 1)
	_, err = webauthn.ParseRegistration(change(t, made, "attestationObject", base64.RawURLEncoding.EncodeToString(tpm)))
	var unknown webauthn.UnknownAttestationError
	if !errors.As(err, &unknown) || unknown.Format != "tpm" || !strings.Contains(err.Error(), "format tpm") {
		t.Errorf("got %v", err)
	}
}

// A peer signs its own attestation; one that another key has signed vouches for
// nothing: https://www.w3.org/TR/webauthn-3/#sctn-packed-attestation
func TestSelfAttestationIsSignedByTheKey(t *testing.T) {
	p := newPeer(virtualwebauthn.KeyTypeEC2)
	text := p.register(t)
	response := tree(t, text).(map[string]any)["response"].(map[string]any)
	clientData, err := base64.RawURLEncoding.DecodeString(response["clientDataJSON"].(string))
	if err != nil {
		t.Fatal(err)
	}
	other := base64.RawURLEncoding.EncodeToString(append(clientData, ' '))
	if made := registration(t, change(t, text, "clientDataJSON", other)); made.Attested {
		t.Error("a signature over other client data vouches for the credential")
	}
}

func FuzzParseRegistration(f *testing.F) {
	made, _ := webauthn.Authenticator{Name: "phone"}.NewCredential(creation, origin)
	f.Add(made)
	f.Add("{}")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := webauthn.ParseRegistration(text)
		var unknown webauthn.UnknownAttestationError
		if err == nil && r.ID == "" || errors.As(err, &unknown) && unknown.Format == "none" {
			t.Errorf("%q: %+v, %v", text, r, err)
		}
	})
}

func FuzzParseAssertion(f *testing.F) {
	proof, _ := webauthn.Authenticator{Name: "phone"}.Prove(request(), origin)
	f.Add(proof)
	f.Add("{}")
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := webauthn.ParseAssertion(text); err == nil && a.ID == "" {
			t.Errorf("%q: %+v", text, a)
		}
	})
}
