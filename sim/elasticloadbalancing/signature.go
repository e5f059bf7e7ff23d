package elasticloadbalancing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"

	"claimcheck/sim/api"
)

// keyID names the one key that simulated load balancers sign with.
const keyID = "9c1d5e0a-6f0b-4a55-8d3c-2f7b1c4e8a10"

// header is the header of x-amzn-oidc-data, in AWS's order.
type header struct {
	Type      string `json:"typ"`
	KeyID     string `json:"kid"`
	Algorithm string `json:"alg"`
	Issuer    string `json:"iss"`
	Client    string `json:"client"`
	Signer    string `json:"signer"`
	Expires   int64  `json:"exp"`
}

// developmentKey is a fixed key, as all keys of the simulation are.
func developmentKey() (*ecdsa.PrivateKey, error) {
	secret := sha256.Sum256([]byte("the development key of load balancers"))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), secret[:])
	if err != nil {
		return nil, fmt.Errorf("the development key: %w", err)
	}
	return key, nil
}

// sign makes a JWT with ES256. Unlike others it is in base64url with padding.
// The same claims give the same signature (RFC 6979).
func sign(h header, claims map[string]any) (string, error) {
	payload := map[string]any{"exp": h.Expires, "iss": h.Issuer}
	for name, value := range claims {
		payload[name] = value
	}
	first, err := json.Marshal(h)
	if err != nil {
		return "", err
	}
	second, err := json.Marshal(payload)
	if err != nil {
		return "", fmt.Errorf("the claims cannot be written as JSON: %w", err)
	}
	signed := base64.URLEncoding.EncodeToString(first) + "." + base64.URLEncoding.EncodeToString(second)
	key, err := developmentKey()
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256([]byte(signed))
	der, err := key.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		return "", err
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		return "", err
	}
	raw := make([]byte, 64)
	pair.R.FillBytes(raw[:32])
	pair.S.FillBytes(raw[32:])
	return signed + "." + base64.URLEncoding.EncodeToString(raw), nil
}

// publicKey answers for https://public-keys.auth.elb.REGION.amazonaws.com/KID.
func publicKey(kid string) api.HTTPResponse {
	key, err := developmentKey()
	if err != nil || kid != keyID {
		return api.HTTPResponse{Status: 404, Header: api.Header{}, Body: ""}
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return api.HTTPResponse{Status: 500, Header: api.Header{}, Body: ""}
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return api.HTTPResponse{Status: 200, Header: api.Header{"content-type": {"binary/octet-stream"}}, Body: string(text)}
}
