package webauthn

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// Authenticator is a phone, a laptop or a security key that keeps one passkey for
// each relying party. Its keys follow from its name and the relying party, and its
// signatures are deterministic (RFC 6979), so that equal runs are equal to the
// byte. It verifies its user, and refuses pages that are not the relying party's.
type Authenticator struct {
	Name string
}

// NewCredential answers CredentialCreationOptions, in JSON, for a page of an
// origin: the passkey's RegistrationResponseJSON.
func (a Authenticator) NewCredential(options, origin string) (string, error) {
	var o struct {
		Challenge string `json:"challenge"`
		RP        struct {
			ID string `json:"id"`
		} `json:"rp"`
	}
	if err := json.Unmarshal([]byte(options), &o); err != nil || o.RP.ID == "" {
		return "", fmt.Errorf("a new passkey wants CredentialCreationOptions with rp, found %s", options)
	}
	if err := a.checkPage(origin, o.RP.ID); err != nil {
		return "", err
	}
	key, err := a.key(o.RP.ID)
	if err != nil {
		return "", err
	}
	id := a.id(o.RP.ID)
	public, err := encodeKey(&key.PublicKey)
	if err != nil {
		return "", err
	}
	data := authenticatorData(o.RP.ID, userPresent|userVerified|hasKey)
	data = append(data, make([]byte, modelLength)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(id)))
	data = append(append(data, id...), public...)
	object, err := cbor.Marshal(struct {
		Format    string   `cbor:"fmt"`
		Statement struct{} `cbor:"attStmt"`
		AuthData  []byte   `cbor:"authData"`
	}{Format: "none", AuthData: data})
	if err != nil {
		return "", fmt.Errorf("attestation object: %w", err)
	}
	return credential(id, map[string]any{
		"clientDataJSON":    encode(clientData(Create, o.Challenge, origin)),
		"attestationObject": encode(object),
		"transports":        []string{"internal", "hybrid"},
	})
}

// Prove answers CREDENTIAL_REQUEST_OPTIONS, in JSON, for a page of an origin:
// the passkey's AuthenticationResponseJSON. It is an error when none of the
// options' credentials is this authenticator's.
func (a Authenticator) Prove(options, origin string) (string, error) {
	var o struct {
		Challenge        string `json:"challenge"`
		RelyingPartyID   string `json:"rpId"`
		AllowCredentials []struct {
			ID string `json:"id"`
		} `json:"allowCredentials"`
	}
	if err := json.Unmarshal([]byte(options), &o); err != nil || o.RelyingPartyID == "" {
		return "", fmt.Errorf("a passkey wants CREDENTIAL_REQUEST_OPTIONS with rpId, found %s", options)
	}
	if err := a.checkPage(origin, o.RelyingPartyID); err != nil {
		return "", err
	}
	id, known := a.id(o.RelyingPartyID), len(o.AllowCredentials) == 0
	for _, allowed := range o.AllowCredentials {
		known = known || allowed.ID == encode(id)
	}
	if !known {
		return "", fmt.Errorf("%s has no passkey of %s that may be used", a.Name, o.RelyingPartyID)
	}
	key, err := a.key(o.RelyingPartyID)
	if err != nil {
		return "", err
	}
	data, client := authenticatorData(o.RelyingPartyID, userPresent|userVerified), clientData(Get, o.Challenge, origin)
	clientHash := sha256.Sum256(client)
	hash := sha256.Sum256(append(data[:len(data):len(data)], clientHash[:]...))
	signature, err := key.Sign(nil, hash[:], crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("passkey: %w", err)
	}
	return credential(id, map[string]any{
		"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature),
	})
}

// checkPage refuses, as a browser does, a page that asks for passkeys of another
// domain.
func (a Authenticator) checkPage(origin, relyingPartyID string) error {
	if !AllowedOrigin(origin, relyingPartyID) {
		return fmt.Errorf("the browser does not let %s use passkeys of %s", origin, relyingPartyID)
	}
	return nil
}

// key is the private key for a relying party.
func (a Authenticator) key(relyingPartyID string) (*ecdsa.PrivateKey, error) {
	seed := sha256.Sum256([]byte("passkey key\n" + a.Name + "\n" + relyingPartyID))
	seed[0] = 0 // below the order of the curve
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	return key, nil
}

func (a Authenticator) id(relyingPartyID string) []byte {
	sum := sha256.Sum256([]byte("passkey id\n" + a.Name + "\n" + relyingPartyID))
	return sum[:20]
}

func encodeKey(public *ecdsa.PublicKey) ([]byte, error) {
	point, err := public.Bytes()
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	half := (len(point) - 1) / 2
	encoded, err := cbor.Marshal(coseKey{
		Type: ellipticKey, Algorithm: ES256, First: cbor.RawMessage{curveP256}, Second: point[1 : 1+half], Third: point[1+half:],
	})
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	return encoded, nil
}

// authenticatorData is the head of an authenticator's data. The counter stays 0,
// as that of passkeys which several devices share.
func authenticatorData(relyingPartyID string, flags byte) []byte {
	hash := sha256.Sum256([]byte(relyingPartyID))
	return append(append(hash[:], flags), 0, 0, 0, 0)
}

// clientData is what the browser adds: CollectedClientData.
func clientData(kind, challenge, origin string) []byte {
	return []byte(fmt.Sprintf(`{"type":%q,"challenge":%q,"origin":%q,"crossOrigin":false}`, kind, challenge, origin))
}

func credential(id []byte, response map[string]any) (string, error) {
	text, err := json.Marshal(map[string]any{
		"id": encode(id), "rawId": encode(id), "type": "public-key", "authenticatorAttachment": "platform",
		"clientExtensionResults": map[string]any{}, "response": response,
	})
	if err != nil {
		return "", fmt.Errorf("passkey: %w", err)
	}
	return string(text), nil
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
