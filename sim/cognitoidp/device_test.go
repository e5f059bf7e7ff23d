package cognitoidp_test

import (
	"net/url"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
)

// devicePool has optional MFA, and lets a device that the user wants remembered
// stand for it.
const devicePool = `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      MfaConfiguration: OPTIONAL
      EnabledMfas: [SOFTWARE_TOKEN_MFA]
      DeviceConfiguration: {ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_USER_PASSWORD_AUTH, ALLOW_ADMIN_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
  Custom: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool}}
`

// devicePoolWith is devicePool with other values of the two settings.
func devicePoolWith(challengeRequired, userPrompt string) string {
	return strings.NewReplacer("ChallengeRequiredOnNewDevice: true", "ChallengeRequiredOnNewDevice: "+challengeRequired,
		"DeviceOnlyRememberedOnUserPrompt: true", "DeviceOnlyRememberedOnUserPrompt: "+userPrompt).Replace(devicePool)
}

const devicePassword = "what only this browser knows"

func (a *account) timestamp() string {
	return a.World.Clock.UTC().Format("Mon Jan 2 15:04:05 UTC 2006")
}

// srpSignIn takes ana's sign-in past the password. DEVICE_KEY goes along unless
// it is "".
func (a *account) srpSignIn(deviceKey string) object {
	a.T.Helper()
	input := a.srpInput("ana")
	if deviceKey != "" {
		input["AuthParameters"].(object)["DEVICE_KEY"] = deviceKey
	}
	proof := a.proveSRP(a.Must("InitiateAuth", input), password)
	if deviceKey != "" {
		proof["ChallengeResponses"].(object)["DEVICE_KEY"] = deviceKey
	}
	return a.Must("RespondToAuthChallenge", proof)
}

// browser is a device of ana as its app knows it.
type browser struct {
	key, group   string
	accessToken  any
	refreshToken any
}

// newBrowser signs ana in from a device that the pool has not seen.
func (a *account) newBrowser() browser {
	a.T.Helper()
	return a.browserOf(a.result(a.srpSignIn("")))
}

func (a *account) browserOf(result object) browser {
	a.T.Helper()
	metadata, ok := result["NewDeviceMetadata"].(object)
	if !ok {
		a.T.Fatalf("no new device in %v", result)
	}
	return browser{metadata["DeviceKey"].(string), metadata["DeviceGroupKey"].(string), result["AccessToken"], result["RefreshToken"]}
}

func (b browser) confirmation() object {
	return object{
		"AccessToken": b.accessToken, "DeviceKey": b.key, "DeviceName": "Ana's laptop",
		"DeviceSecretVerifierConfig": newSRPClient().verifier(b.group, b.key, devicePassword),
	}
}

func (b browser) status(status string) object {
	return object{"AccessToken": b.accessToken, "DeviceKey": b.key, "DeviceRememberedStatus": status}
}

// rememberedBrowser is a device of ana that is confirmed and remembered.
func (a *account) rememberedBrowser() browser {
	a.T.Helper()
	b := a.newBrowser()
	a.Must("ConfirmDevice", b.confirmation())
	a.Must("UpdateDeviceStatus", b.status("remembered"))
	return b
}

// startDevice is the answer to DEVICE_SRP_AUTH, and proveDevice to what follows.
func (a *account) startDevice(challenge object, b browser) object {
	return a.response(challenge, object{"USERNAME": "ana", "DEVICE_KEY": b.key, "SRP_A": newSRPClient().public.Text(16)})
}

func (a *account) proveDevice(challenge object, b browser, password string) object {
	responses := newSRPClient().prove(b.group, b.key, challenge["ChallengeParameters"].(object), password, a.timestamp())
	responses["DEVICE_KEY"] = b.key
	return a.response(challenge, responses)
}

// challenged ends the test when a call did not return this challenge.
func (a *account) challenged(out object, name string) object {
	a.T.Helper()
	if out["ChallengeName"] != name || out["AuthenticationResult"] != nil {
		a.T.Fatalf("got %v, want the challenge %s", out, name)
	}
	return out
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
func rememberedDeviceStandsForMFA(a *account) {
	a.with(devicePool)
	a.addUser("ana")
	b := a.newBrowser()
	if !strings.HasPrefix(b.key, "us-east-1_") {
		a.T.Errorf("device key %s", b.key)
	}
	confirmed := a.Must("ConfirmDevice", b.confirmation())
	if confirmed["UserConfirmationNecessary"] != true {
		a.T.Errorf("confirmed: %v", confirmed)
	}
	a.enrol(b.accessToken)
	a.challenged(a.srpSignIn(b.key), "SOFTWARE_TOKEN_MFA")
	a.Must("UpdateDeviceStatus", b.status("remembered"))
	a.challenged(a.srpSignIn(""), "SOFTWARE_TOKEN_MFA")

	device := a.challenged(a.srpSignIn(b.key), "DEVICE_SRP_AUTH")
	proof := a.challenged(a.Must("RespondToAuthChallenge", a.startDevice(device, b)), "DEVICE_PASSWORD_VERIFIER")
	result := a.result(a.Must("RespondToAuthChallenge", a.proveDevice(proof, b, devicePassword)))
	if result["NewDeviceMetadata"] != nil {
		a.T.Errorf("a known device is new: %v", result["NewDeviceMetadata"])
	}
	if got := a.parse(result["AccessToken"]).Text("device_key"); got != b.key {
		a.T.Errorf("device_key of the access token is %q", got)
	}
	if got := a.parse(result["IdToken"]).Text("device_key"); got != "" {
		a.T.Errorf("device_key of the ID token is %q", got)
	}

	a.Must("UpdateDeviceStatus", b.status("not_remembered"))
	a.challenged(a.srpSignIn(b.key), "SOFTWARE_TOKEN_MFA")
}

// Always: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeviceConfigurationType.html
func confirmedDeviceIsRememberedUnlessTheUserIsAsked(a *account) {
	a.with(devicePoolWith("true", "false"))
	a.addUser("ana")
	b := a.newBrowser()
	if confirmed := a.Must("ConfirmDevice", b.confirmation()); confirmed["UserConfirmationNecessary"] != false {
		a.T.Errorf("confirmed: %v", confirmed)
	}
	a.challenged(a.srpSignIn(b.key), "DEVICE_SRP_AUTH")
}

// Without ChallengeRequiredOnNewDevice a device proves itself beside the second
// factor: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeviceConfigurationType.html
func devicesNeedNotStandForMFA(a *account) {
	a.with(devicePoolWith("false", "false"))
	a.addUser("ana")
	b := a.newBrowser()
	a.Must("ConfirmDevice", b.confirmation())
	secret := a.enrol(b.accessToken)
	code := a.challenged(a.srpSignIn(b.key), "SOFTWARE_TOKEN_MFA")
	device := a.Must("RespondToAuthChallenge", a.response(code, object{"USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": a.shows(secret)}))
	proof := a.Must("RespondToAuthChallenge", a.startDevice(a.challenged(device, "DEVICE_SRP_AUTH"), b))
	a.result(a.Must("RespondToAuthChallenge", a.proveDevice(proof, b, devicePassword)))
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/troubleshooting.html
func refreshTokensAreBoundToTheDevice(a *account) {
	a.with(devicePool)
	a.addUser("ana")
	b := a.newBrowser()
	refresh := a.refreshInput(b.refreshToken.(string))
	parameters := refresh["AuthParameters"].(object)
	refused := func() {
		a.T.Helper()
		a.Refused(cognitoidp.RuleDeviceRefresh, "NotAuthorizedException", "Invalid Refresh Token", "InitiateAuth", refresh)
	}
	parameters["DEVICE_KEY"] = b.key
	refused()
	a.Must("ConfirmDevice", b.confirmation())
	a.Must("InitiateAuth", refresh)
	byToken := object{"ClientId": a.Ref("Client"), "RefreshToken": b.refreshToken, "DeviceKey": b.key}
	renewed := a.result(a.Must("GetTokensFromRefreshToken", byToken))
	if got := a.parse(renewed["AccessToken"]).Text("device_key"); got != b.key || renewed["NewDeviceMetadata"] != nil {
		a.T.Errorf("renewed for %q: %v", got, renewed)
	}
	parameters["DEVICE_KEY"] = a.newBrowser().key
	refused()
	delete(parameters, "DEVICE_KEY")
	refused()
	delete(byToken, "DeviceKey")
	a.Refused(cognitoidp.RuleDeviceRefresh, "NotAuthorizedException", "Invalid Refresh Token", "GetTokensFromRefreshToken", byToken)
	// https://github.com/amazon-archives/amazon-cognito-identity-js/issues/200
	a.Must("ForgetDevice", object{"AccessToken": b.accessToken, "DeviceKey": b.key})
	parameters["DEVICE_KEY"] = b.key
	refused()
}

// https://docs.aws.amazon.com/cli/latest/reference/cognito-idp/admin-get-device.html
func devicesAreShownListedAndForgotten(a *account) {
	a.with(devicePool)
	a.addUser("ana")
	b := a.newBrowser()
	a.Must("ConfirmDevice", b.confirmation())
	created := a.World.Clock.Unix()
	a.wait(time.Minute)
	admin := object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "DeviceKey": b.key}
	a.Must("AdminUpdateDeviceStatus", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "DeviceKey": b.key, "DeviceRememberedStatus": "remembered"})
	owner := "ana." + a.Ref("Pool")
	want := object{
		"DeviceKey": b.key,
		"DeviceAttributes": []any{
			attribute("device_status", "valid"), attribute("device_name", "Ana's laptop"),
			attribute("dev:device_arn", "arn:aws:cognito-idp:us-east-1:123456789012:owner/"+owner+"/device/"+b.key),
			attribute("dev:device_owner", owner), attribute("dev:device_remembered_status", "remembered"),
		},
		"DeviceCreateDate": float64(created), "DeviceLastModifiedDate": float64(created + 60), "DeviceLastAuthenticatedDate": float64(created),
	}
	mine := object{"AccessToken": b.accessToken, "DeviceKey": b.key}
	for operation, input := range map[string]object{"GetDevice": mine, "AdminGetDevice": admin} {
		if diff := cmp.Diff(want, a.Must(operation, input)["Device"]); diff != "" {
			a.T.Errorf("%s:\n%s", operation, diff)
		}
	}
	byToken, byName := object{"AccessToken": b.accessToken}, a.user("ana")
	for operation, input := range map[string]object{"ListDevices": byToken, "AdminListDevices": byName} {
		if diff := cmp.Diff([]any{want}, a.Must(operation, input)["Devices"]); diff != "" {
			a.T.Errorf("%s:\n%s", operation, diff)
		}
	}
	a.Must("AdminForgetDevice", admin)
	if diff := cmp.Diff([]any{}, a.Must("ListDevices", byToken)["Devices"]); diff != "" {
		a.T.Error(diff)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
func triggersHearOfDevices(a *account) {
	a.with(triggerPool("DeviceConfiguration: {ChallengeRequiredOnNewDevice: true}", "PostAuthentication", "PreTokenGeneration"))
	a.addUser("ana")
	var isNew []any
	a.on("PostAuthentication", func(event object) (any, error) {
		isNew = append(isNew, event["request"].(object)["newDeviceUsed"])
		return event, nil
	})
	var sources []any
	a.on("PreTokenGeneration", func(event object) (any, error) {
		sources = append(sources, event["triggerSource"])
		return event, nil
	})
	b := a.newBrowser()
	a.Must("ConfirmDevice", b.confirmation())
	device := a.challenged(a.srpSignIn(b.key), "DEVICE_SRP_AUTH")
	proof := a.Must("RespondToAuthChallenge", a.startDevice(device, b))
	a.result(a.Must("RespondToAuthChallenge", a.proveDevice(proof, b, devicePassword)))
	if diff := cmp.Diff([]any{true, false}, isNew); diff != "" {
		a.T.Errorf("newDeviceUsed:\n%s", diff)
	}
	if diff := cmp.Diff([]any{"TokenGeneration_Authentication", "TokenGeneration_AuthenticateDevice"}, sources); diff != "" {
		a.T.Errorf("triggerSource:\n%s", diff)
	}
}

// The pool's pages remember no devices, and its token endpoint takes no
// DEVICE_KEY: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
func signInsAtTheDomainHaveNoDevice(a *account) {
	a.with(strings.Replace(shopPool, "AutoVerifiedAttributes: [email]", "AutoVerifiedAttributes: [email], DeviceConfiguration: {DeviceOnlyRememberedOnUserPrompt: false}", 1))
	a.addUser("ana")
	refresh := func(token any) reply {
		return a.token(url.Values{"grant_type": {"refresh_token"}, "client_id": {a.Ref("Client")}, "refresh_token": {token.(string)}})
	}
	web := a.webTokens(a.authorization("Client"))
	if renewed := refresh(web["refresh_token"]); renewed.Status != 200 || a.parse(renewed.body["access_token"]).Text("device_key") != "" {
		a.T.Errorf("renewed: %d %v", renewed.Status, renewed.body)
	}
	if r := refresh(a.signIn("ana")["RefreshToken"]); r.Status != 400 || r.body["error"] != "invalid_grant" {
		a.T.Errorf("a sign-in by API renews at the endpoint: %d %v", r.Status, r.body)
	}
}

func deviceBehaviours() []behaviour {
	return []behaviour{
		{"a remembered device stands for MFA", rememberedDeviceStandsForMFA},
		{"a confirmed device is remembered unless the user is asked", confirmedDeviceIsRememberedUnlessTheUserIsAsked},
		{"devices need not stand for MFA", devicesNeedNotStandForMFA},
		{"refresh tokens are bound to the device", refreshTokensAreBoundToTheDevice},
		{"devices are shown, listed and forgotten", devicesAreShownListedAndForgotten},
		{"triggers hear of devices", triggersHearOfDevices},
		{"sign-ins at the domain have no device", signInsAtTheDomainHaveNoDevice},
	}
}
