package scenario

import (
	"strings"
	"testing"
)

// rememberingPool is a pool with MFA, for which a remembered device can stand.
const rememberingPool = `
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
      MfaConfiguration: "ON"
      EnabledMfas: [SOFTWARE_TOKEN_MFA]
      DeviceConfiguration: {ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false}
  App: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool}}
`

const rememberingApp = `
password:
  - call: cognito-idp:InitiateAuth
    with: {AuthFlow: USER_SRP_AUTH, ClientId: "${App}", AuthParameters: {USERNAME: ana, SRP_A: "${srpA()}", DEVICE_KEY: "${key}"}}
    as: asked
  - call: cognito-idp:RespondToAuthChallenge
    with: {ClientId: "${App}", ChallengeName: PASSWORD_VERIFIER, ChallengeResponses: "${passwordProof(Pool, asked, password)}"}
    as: asked
enrol:
  - call: cognito-idp:AssociateSoftwareToken
    with: {Session: "${asked.Session}"}
    as: associated
  - call: cognito-idp:VerifySoftwareToken
    with: {Session: "${associated.Session}", UserCode: "${totp(associated.SecretCode)}"}
    as: verified
  - call: cognito-idp:RespondToAuthChallenge
    with: {ClientId: "${App}", ChallengeName: MFA_SETUP, Session: "${verified.Session}", ChallengeResponses: {USERNAME: ana}}
    as: session
  - let: session.AuthenticationResult.NewDeviceMetadata
    as: device
  - call: cognito-idp:ConfirmDevice
    with: {AccessToken: "${session.AuthenticationResult.AccessToken}", DeviceKey: "${device.DeviceKey}", DeviceSecretVerifierConfig: "${deviceVerifier(device, secret)}"}
start-device:
  - call: cognito-idp:RespondToAuthChallenge
    with: {ClientId: "${App}", ChallengeName: DEVICE_SRP_AUTH, Session: "${asked.Session}", ChallengeResponses: {USERNAME: ana, DEVICE_KEY: "${key}", SRP_A: "${srpA()}"}}
    as: asked
prove-device:
  - call: cognito-idp:RespondToAuthChallenge
    with: {ClientId: "${App}", ChallengeName: DEVICE_PASSWORD_VERIFIER, Session: "${asked.Session}", ChallengeResponses: "${deviceProof(device, asked, secret)}"}
    as: session
`

// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
func TestAnAppProvesItsPasswordAndItsDevice(t *testing.T) {
	p := program(t, rememberingPool, rememberingApp)
	const trust = `[{let: '""', as: key}, {let: '"Correct-Horse-7"', as: password}, {let: '"of this browser"', as: secret}, {do: password}, {do: enrol}, {wait: 1d},
		{let: device.DeviceKey, as: key}, {do: password}, {expect: asked.ChallengeName == "DEVICE_SRP_AUTH"}, {do: start-device}, `
	for flow, decider := range map[string]string{
		trust + `{do: prove-device}, {expect: session.AuthenticationResult.IdToken != ""}]`:                                             "",
		trust + `{let: '"of another browser"', as: secret}, {do: prove-device}]`:                                                        "cognito-idp.device.srp-proof",
		`[{let: '""', as: key}, {let: '"Correct-Horse-8"', as: password}, {do: password}]`:                                              "cognito-idp.password.srp-proof",
		`[{let: '""', as: key}, {let: '"Correct-Horse-7"', as: password}, {do: password}, {expect: '"AuthenticationResult" in asked'}]`: "cognito-idp.mfa.due",
	} {
		o := runFlow(t, p, flow)
		if o.Holds != (decider == "") || (decider != "" && string(o.DecidedBy("")) != decider) {
			t.Errorf("%s: holds %v, decided by %v, %s", flow, o.Holds, o.Decided, o.Happened)
		}
	}
}

func TestProofsWantAChallengeAndADevice(t *testing.T) {
	for expression, want := range map[string]string{
		`passwordProof("pool", {}, "x")`:                                                             "passwordProof wants a user pool and its challenge PASSWORD_VERIFIER, found pool and {}",
		`passwordProof(Pool, {"ChallengeParameters": {}}, "x")`:                                      "passwordProof wants a user pool and its challenge PASSWORD_VERIFIER",
		`passwordProof(Pool, {"ChallengeParameters": {"USER_ID_FOR_SRP": "ana", "SALT": "1"}}, "x")`: "a challenge of SRP has SALT, SRP_B and SECRET_BLOCK",
		`deviceVerifier({"DeviceKey": "us-east-1_key"}, "x")`:                                        "a device is NewDeviceMetadata with DeviceKey and DeviceGroupKey",
		`deviceProof({}, {}, "x")`:                                                                   "a device is NewDeviceMetadata with DeviceKey and DeviceGroupKey",
	} {
		_, err := Run(program(t, rememberingPool, rememberingApp), flowOf(t, "[{let: '"+expression+"', as: x}]"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", expression, err, want)
		}
	}
}
