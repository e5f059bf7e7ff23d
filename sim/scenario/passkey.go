package scenario

import (
	"encoding/json"
	"fmt"

	"claimcheck/sim/webauthn"
)

// newPasskey is what a browser makes of CredentialCreationOptions: the Credential
// of CompleteWebAuthnRegistration. The device is a name for the authenticator,
// which keeps the passkey; the page is the relying party's own.
func newPasskey(options map[string]any, device string) (map[string]any, error) {
	rp, _ := options["rp"].(map[string]any)
	text, err := json.Marshal(options)
	if err != nil {
		return nil, fmt.Errorf("newPasskey: %w", err)
	}
	made, err := webauthn.Authenticator{Name: device}.NewCredential(string(text), "https://"+textOf(rp, "id"))
	if err != nil {
		return nil, err
	}
	credential := map[string]any{}
	if err := json.Unmarshal([]byte(made), &credential); err != nil {
		return nil, fmt.Errorf("newPasskey: %w", err)
	}
	return credential, nil
}

// usePasskey is what a browser makes of a WEB_AUTHN challenge that a call
// returned: CREDENTIAL of the answer. See newPasskey for the device.
func usePasskey(challenge map[string]any, device string) (string, error) {
	parameters, _ := challenge["ChallengeParameters"].(map[string]any)
	options := textOf(parameters, "CREDENTIAL_REQUEST_OPTIONS")
	var site struct {
		RelyingPartyID string `json:"rpId"`
	}
	if err := json.Unmarshal([]byte(options), &site); err != nil {
		return "", fmt.Errorf("usePasskey wants a challenge WEB_AUTHN, found %s", show(challenge))
	}
	return webauthn.Authenticator{Name: device}.Prove(options, "https://"+site.RelyingPartyID)
}
