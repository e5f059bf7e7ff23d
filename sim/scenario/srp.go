package scenario

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"

	"claimcheck/sim/srp"
)

// appSecret is the random number of the app's half of SRP. One is enough where
// everything else of a run is determined too.
func appSecret() *big.Int {
	sum := sha256.Sum256([]byte("the app's half of SRP"))
	return new(big.Int).SetBytes(sum[:])
}

// srpA is the app's SRP_A, in hex.
func srpA() string { return srp.NewGroup().ClientKey(appSecret()).Text(16) }

// passwordProof is what an app answers to PASSWORD_VERIFIER: ChallengeResponses
// for the password, in the challenge that a call returned. The pool is its id or
// the resource.
func (r *run) passwordProof(pool any, challenge map[string]any, password string) (map[string]any, error) {
	parameters, _ := challenge["ChallengeParameters"].(map[string]any)
	username := textOf(parameters, "USER_ID_FOR_SRP")
	_, group, ok := strings.Cut(poolID(pool), "_")
	if !ok || username == "" {
		return nil, fmt.Errorf("passwordProof wants a user pool and its challenge PASSWORD_VERIFIER, found %s and %s", show(pool), show(challenge))
	}
	return r.prove(parameters, srp.Client{Name: group + username, Password: password, Secret: appSecret()})
}

// deviceVerifier is DeviceSecretVerifierConfig for the password that an app
// makes up for a device, which is NewDeviceMetadata of the sign-in.
func deviceVerifier(device map[string]any, password string) (map[string]any, error) {
	name, err := deviceName(device)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte("the salt of " + name))
	salt := new(big.Int).SetBytes(sum[:16])
	return map[string]any{
		"Salt":             srp.EncodeNumber(salt),
		"PasswordVerifier": srp.EncodeNumber(srp.NewGroup().Verifier(salt, name, password)),
	}, nil
}

// deviceProof is what an app answers to DEVICE_PASSWORD_VERIFIER: see
// passwordProof and deviceVerifier.
func (r *run) deviceProof(device, challenge map[string]any, password string) (map[string]any, error) {
	name, err := deviceName(device)
	if err != nil {
		return nil, err
	}
	parameters, _ := challenge["ChallengeParameters"].(map[string]any)
	responses, err := r.prove(parameters, srp.Client{Name: name, Password: password, Secret: appSecret()})
	if err != nil {
		return nil, err
	}
	responses["DEVICE_KEY"] = textOf(device, "DeviceKey")
	return responses, nil
}

// deviceName is what SRP calls a device.
func deviceName(device map[string]any) (string, error) {
	group, key := textOf(device, "DeviceGroupKey"), textOf(device, "DeviceKey")
	if group == "" || key == "" {
		return "", fmt.Errorf("a device is NewDeviceMetadata with DeviceKey and DeviceGroupKey, found %s", show(device))
	}
	return group + key, nil
}

// prove answers a challenge of SRP, now.
func (r *run) prove(parameters map[string]any, client srp.Client) (map[string]any, error) {
	g := srp.NewGroup()
	salt, saltOK := new(big.Int).SetString(textOf(parameters, "SALT"), 16)
	serverKey, keyOK := g.ParseKey(textOf(parameters, "SRP_B"))
	block, err := base64.StdEncoding.DecodeString(textOf(parameters, "SECRET_BLOCK"))
	if !saltOK || !keyOK || err != nil {
		return nil, fmt.Errorf("a challenge of SRP has SALT, SRP_B and SECRET_BLOCK, found %s", show(parameters))
	}
	timestamp := r.account.Now().UTC().Format(srp.Timestamp)
	return map[string]any{
		"USERNAME":                    textOf(parameters, "USERNAME"),
		"TIMESTAMP":                   timestamp,
		"PASSWORD_CLAIM_SECRET_BLOCK": textOf(parameters, "SECRET_BLOCK"),
		"PASSWORD_CLAIM_SIGNATURE":    client.Signature(g, srp.Asked{Salt: salt, ServerKey: serverKey, SecretBlock: block}, timestamp),
	}, nil
}

// poolID is the id of a user pool that an expression gives by its id or as the
// resource.
func poolID(pool any) string {
	if resource, ok := pool.(map[string]any); ok {
		return textOf(resource, "Ref")
	}
	id, _ := pool.(string)
	return id
}
