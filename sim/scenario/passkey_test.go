package scenario

import (
	"strings"
	"testing"
)

// passkeyShop signs its users in by passkey.
const passkeyShop = `
Metadata:
  Claimcheck:
    Setup:
      - call: cognito-idp:AdminCreateUser
        with: {UserPoolId: "${Pool}", Username: ana, MessageAction: SUPPRESS}
      - call: cognito-idp:AdminSetUserPassword
        with: {UserPoolId: "${Pool}", Username: ana, Password: Correct-Horse-7, Permanent: true}
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      Policies: {SignInPolicy: {AllowedFirstAuthFactors: [PASSWORD, WEB_AUTHN]}}
      WebAuthnRelyingPartyID: shop.example
  App: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_AUTH]}}
`

const passkeyShopper = `
register:
  - call: cognito-idp:InitiateAuth
    with: {AuthFlow: USER_AUTH, ClientId: "${App}", AuthParameters: {USERNAME: ana, PREFERRED_CHALLENGE: PASSWORD, PASSWORD: Correct-Horse-7}}
    as: session
  - call: cognito-idp:StartWebAuthnRegistration
    with: {AccessToken: "${session.AuthenticationResult.AccessToken}"}
    as: offered
  - call: cognito-idp:CompleteWebAuthnRegistration
    with: {AccessToken: "${session.AuthenticationResult.AccessToken}", Credential: "${newPasskey(offered.CredentialCreationOptions, 'phone')}"}
sign-in:
  - call: cognito-idp:InitiateAuth
    with: {AuthFlow: USER_AUTH, ClientId: "${App}", AuthParameters: {USERNAME: ana, PREFERRED_CHALLENGE: WEB_AUTHN}}
    as: asked
  - call: cognito-idp:RespondToAuthChallenge
    with: {ClientId: "${App}", ChallengeName: WEB_AUTHN, Session: "${asked.Session}", ChallengeResponses: {USERNAME: ana, CREDENTIAL: "${usePasskey(asked, 'phone')}"}}
    as: session
`

// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
func TestAnAppSignsInByPasskey(t *testing.T) {
	o := runFlow(t, program(t, passkeyShop, passkeyShopper), `[{do: register}, {wait: 30d}, {do: sign-in}, {expect: 'claims(session.AuthenticationResult.IdToken).token_use == "id"'}]`)
	if !o.Holds {
		t.Errorf("wanted %s, but %s", o.Expected, o.Happened)
	}
}

func TestPasskeysWantOptionsAndTheirOwnDevice(t *testing.T) {
	for flow, want := range map[string]string{
		`[{let: 'newPasskey({}, "phone")', as: x}]`:                                    "wants CredentialCreationOptions",
		`[{let: 'usePasskey({}, "phone")', as: x}]`:                                    "usePasskey wants a challenge WEB_AUTHN, found {}",
		`[{do: register}, {do: sign-in}, {let: 'usePasskey(asked, "laptop")', as: x}]`: "laptop has no passkey of shop.example",
	} {
		_, err := Run(program(t, passkeyShop, passkeyShopper), flowOf(t, flow))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", flow, err, want)
		}
	}
}
