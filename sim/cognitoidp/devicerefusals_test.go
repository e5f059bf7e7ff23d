package cognitoidp_test

import (
	"errors"
	"testing"
	"time"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidp"
)

// deviceRefusals are those of remembered devices.
func deviceRefusals() []refusal {
	// confirm changes a confirmation that works.
	confirm := func(change func(a *account, input object)) func(*account) object {
		return func(a *account) object {
			input := a.newBrowser().confirmation()
			change(a, input)
			return input
		}
	}
	// prove changes an answer to DEVICE_PASSWORD_VERIFIER that works.
	prove := func(password string, change func(a *account, b browser, input, responses object)) func(*account) object {
		return func(a *account) object {
			b := a.rememberedBrowser()
			challenge := a.Must("RespondToAuthChallenge", a.startDevice(a.srpSignIn(b.key), b))
			input := a.proveDevice(challenge, b, password)
			change(a, b, input, input["ChallengeResponses"].(object))
			return input
		}
	}
	asIs := func(*account, browser, object, object) {}
	// without leaves a response away.
	without := func(name string) func(*account, browser, object, object) {
		return func(_ *account, _ browser, _, responses object) { delete(responses, name) }
	}
	const (
		invalidKey = "Invalid device key given."
		noDevice   = "Device does not exist."
		remembered = "https://repost.aws/knowledge-center/cognito-user-pool-remembered-devices"
		forgotten  = "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/200"
		negative   = "https://repost.aws/questions/QUeZGXWPSST0C135CXmvBTlQ"
	)
	return []refusal{
		{
			"the key of another device", "https://github.com/aws/aws-aspnet-cognito-identity-provider/issues/206", devicePool,
			cognitoidp.RuleDeviceKey, "InvalidParameterException", invalidKey, "ConfirmDevice",
			confirm(func(a *account, input object) { input["DeviceKey"] = a.newBrowser().key }),
		}, {
			"a device that is confirmed twice", "https://github.com/furaiev/amazon-cognito-identity-dart-2/issues/184", devicePool,
			cognitoidp.RuleDeviceKey, "InvalidParameterException", invalidKey, "ConfirmDevice",
			confirm(func(a *account, input object) { a.Must("ConfirmDevice", input) }),
		}, {
			"the device of a sign-in without SRP", remembered, devicePool,
			cognitoidp.RuleDeviceSRP, "InvalidParameterException", invalidKey, "ConfirmDevice",
			func(a *account) object { return a.browserOf(a.signIn("ana")).confirmation() },
		}, {
			"the device of a server", guide + "authentication-flows-public-server-side.html", devicePool,
			cognitoidp.RuleDeviceSRP, "InvalidParameterException", invalidKey, "ConfirmDevice",
			func(a *account) object {
				input := a.srpInput("ana")
				input["UserPoolId"] = a.Ref("Pool")
				proof := a.proveSRP(a.Must("AdminInitiateAuth", input), password)
				proof["UserPoolId"] = a.Ref("Pool")
				return a.browserOf(a.result(a.Must("AdminRespondToAuthChallenge", proof))).confirmation()
			},
		}, {
			"a verifier that is negative", negative, devicePool,
			cognitoidp.RuleDeviceVerifier, "InvalidParameterException", "Negative value passed for salt or password verifier.", "ConfirmDevice",
			confirm(func(_ *account, input object) {
				input["DeviceSecretVerifierConfig"].(object)["PasswordVerifier"] = "wQ=="
			}),
		}, {
			"a salt that is no Base64", negative, devicePool,
			cognitoidp.RuleDeviceVerifier, "InvalidParameterException", "Negative value passed for salt or password verifier.", "ConfirmDevice",
			confirm(func(_ *account, input object) { input["DeviceSecretVerifierConfig"].(object)["Salt"] = "%" }),
		}, {
			"the status of a device that was not confirmed", "https://github.com/aws/aws-sdk-net/issues/1055", devicePool,
			cognitoidp.RuleDeviceExists, "ResourceNotFoundException", noDevice, "UpdateDeviceStatus",
			func(a *account) object { return a.newBrowser().status("remembered") },
		}, {
			"an administrator asks for an unknown device", reference + "API_AdminGetDevice.html", devicePool,
			cognitoidp.RuleDeviceExists, "ResourceNotFoundException", noDevice, "AdminGetDevice",
			func(a *account) object {
				return object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "DeviceKey": "us-east-1_none"}
			},
		}, {
			"a sign-in with a device that was forgotten", forgotten, devicePool,
			cognitoidp.RuleDeviceExists, "ResourceNotFoundException", noDevice, "RespondToAuthChallenge",
			func(a *account) object {
				b := a.rememberedBrowser()
				a.Must("ForgetDevice", object{"AccessToken": b.accessToken, "DeviceKey": b.key})
				input := a.srpInput("ana")
				input["AuthParameters"].(object)["DEVICE_KEY"] = b.key
				return a.proveSRP(a.Must("InitiateAuth", input), password)
			},
		}, {
			"a proof of another device's password", "https://github.com/aws/aws-sdk-net-extensions-cognito/issues/73", devicePool,
			cognitoidp.RuleDeviceProof, "NotAuthorizedException", "Incorrect username or password.", "RespondToAuthChallenge",
			prove("another", asIs),
		}, {
			"a device's proof with another secret block", reference + "API_RespondToAuthChallenge.html", devicePool,
			cognitoidp.RuleDeviceProof, "NotAuthorizedException", "Incorrect username or password.", "RespondToAuthChallenge",
			prove(devicePassword, func(_ *account, _ browser, _, responses object) {
				responses["PASSWORD_CLAIM_SECRET_BLOCK"] = "AAAA"
			}),
		}, {
			"a device's proof with a time in another form", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/683", devicePool,
			cognitoidp.RuleSRPTimestamp, "InvalidParameterException", "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.", "RespondToAuthChallenge",
			prove(devicePassword, func(a *account, _ browser, _, responses object) {
				responses["TIMESTAMP"] = a.World.Clock.Format(time.RFC3339)
			}),
		}, {
			"a device's proof that comes too late", reference + "API_RespondToAuthChallenge.html", devicePool,
			cognitoidp.RuleSessionValid, "NotAuthorizedException", "Invalid session for the user, session is expired.", "RespondToAuthChallenge",
			prove(devicePassword, func(a *account, _ browser, _, _ object) { a.wait(3 * time.Minute) }),
		}, {
			"a device's proof without its key", reference + "API_RespondToAuthChallenge.html", devicePool,
			cognitoidp.RuleFlowParameters, "InvalidParameterException", "Missing required parameter DEVICE_KEY", "RespondToAuthChallenge",
			prove(devicePassword, without("DEVICE_KEY")),
		}, {
			"a proof under the key of another device", reference + "API_RespondToAuthChallenge.html", devicePool,
			cognitoidp.RuleDeviceExists, "ResourceNotFoundException", noDevice, "RespondToAuthChallenge",
			func(a *account) object {
				b, other := a.rememberedBrowser(), a.rememberedBrowser()
				return a.startDevice(a.srpSignIn(b.key), other)
			},
		}, {
			"a device's SRP_A that is zero", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/356", devicePool,
			cognitoidp.RuleSRPNumber, "InvalidParameterException", "SRP_A must be a valid number of the 3072-bit group.", "RespondToAuthChallenge",
			func(a *account) object {
				b := a.rememberedBrowser()
				input := a.startDevice(a.srpSignIn(b.key), b)
				input["ChallengeResponses"].(object)["SRP_A"] = "0"
				return input
			},
		},
	}
}

// What the define trigger hears of devices is not known well enough.
func TestDevicesInCustomSignInsAreNoVerdict(t *testing.T) {
	a := deployed(t, devicePool)
	a.addUser("ana")
	input := a.customInput("ana")
	input["ClientId"] = a.Ref("Custom")
	input["AuthParameters"].(object)["DEVICE_KEY"] = "us-east-1_key"
	_, err := a.Run("InitiateAuth", input)
	var refusal *awserr.Error
	if err == nil || errors.As(err, &refusal) {
		t.Errorf("got %v", err)
	}
}
