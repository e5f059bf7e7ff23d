package apigateway

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"claimcheck/sim/trace"
)

// BenchmarkCognitoDecision is one whole request to a MOCK method behind a
// Cognito authorizer, with and without a recorder. Compare
// BenchmarkRawVerification.
func BenchmarkCognitoDecision(b *testing.B) {
	f := newFixture(b)
	f.define(nil)
	authorizer := f.authorizer(authorizerProperties{Type: "COGNITO_USER_POOLS", ProviderARNs: []string{poolARN}})
	f.method(methodProperties{
		ResourceId: f.resource(f.root, "tasks"), AuthorizationType: "COGNITO_USER_POOLS", AuthorizerId: authorizer,
		MethodResponses: []methodResponse{{StatusCode: "200"}},
		Integration: &integrationProperties{
			Type: "MOCK", RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`},
			IntegrationResponses: []integrationResponse{{StatusCode: "200", ResponseTemplates: map[string]string{"application/json": "[]"}}},
		},
	})
	f.deploy()
	request := getRequest(f.idToken(nil))
	request.URL = "https://" + f.api + ".execute-api.us-east-1.amazonaws.com" + request.URL
	serve := f.gateway.Site().Serve
	for name, open := range map[string]func() *trace.Span{
		"recorded":   func() *trace.Span { return f.world.Recorder().Flow().Open(sender, Actor, "GET", trace.Message{}) },
		"unrecorded": func() *trace.Span { return nil },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if response, err := serve(open(), request); err != nil || response.Status != 200 {
					b.Fatal(response, err)
				}
			}
		})
	}
}

// BenchmarkRawVerification is the RSA verification alone, signature decoded.
func BenchmarkRawVerification(b *testing.B) {
	f := newFixture(b)
	parts := strings.Split(f.idToken(nil), ".")
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	signature := decoded(b, parts[2])
	var set struct {
		Keys []struct{ N, E string }
	}
	if err := json.Unmarshal([]byte(keySetOf(b, poolKey())), &set); err != nil {
		b.Fatal(err)
	}
	public := &rsa.PublicKey{
		N: new(big.Int).SetBytes(decoded(b, set.Keys[0].N)), E: int(new(big.Int).SetBytes(decoded(b, set.Keys[0].E)).Int64()),
	}
	for b.Loop() {
		if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature); err != nil {
			b.Fatal(err)
		}
	}
}

func decoded(b *testing.B, text string) []byte {
	b.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		b.Fatal(err)
	}
	return raw
}
