package sim_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"testing"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
)

// signedIn is an account with an identity pool, a role for its users and a user
// who has an ID token.
const signedIn = staff + `
  People:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: false
      CognitoIdentityProviders: [{ClientId: !Ref App, ProviderName: !GetAtt Staff.ProviderName}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref People}
              ForAnyValue:StringLike: {"cognito-identity.amazonaws.com:amr": authenticated}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref People, Roles: {authenticated: !GetAtt Role.Arn}}
`

// BenchmarkEnhancedFlow is GetId and GetCredentialsForIdentity without a
// recorder: the user's token is verified twice, the pool signs one of its own and
// STS verifies that. Against BenchmarkRawEnhancedFlow: at most 1.5 times.
func BenchmarkEnhancedFlow(b *testing.B) {
	a, stack := deploy(b, signedIn)
	pool, client, people := ref(b, stack, "Staff"), ref(b, stack, "App"), ref(b, stack, "People")
	createUser(b, a, pool, "ana")
	out, err := signIn(a, nil, client, "ana")
	if err != nil {
		b.Fatal(err)
	}
	logins := map[string]any{
		"cognito-idp." + a.Region() + ".amazonaws.com/" + pool: out["AuthenticationResult"].(map[string]any)["IdToken"],
	}
	for b.Loop() {
		identity := identityCall(b, a, "GetId", map[string]any{"IdentityPoolId": people, "Logins": logins})
		identityCall(b, a, "GetCredentialsForIdentity", map[string]any{"IdentityId": identity["IdentityId"], "Logins": logins})
	}
}

func identityCall(b *testing.B, a *sim.Account, operation string, input map[string]any) map[string]any {
	out, err := a.Call(nil, api.Call{From: "App", Service: "cognito-identity", Operation: operation, Input: input})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// BenchmarkRawEnhancedFlow is the cryptography of the flow: one signature and
// three verifications with RSA.
func BenchmarkRawEnhancedFlow(b *testing.B) {
	key, err := jwt.DevelopmentKey(0, "", jwt.RS256).Private()
	if err != nil {
		b.Fatal(err)
	}
	digest := sha256.Sum256([]byte("payload"))
	for b.Loop() {
		signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
		if err != nil {
			b.Fatal(err)
		}
		for range 3 {
			if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature); err != nil {
				b.Fatal(err)
			}
		}
	}
}
