package cognitoidp

import "claimcheck/sim/trace"

// The rules of remembered devices.
const (
	RuleDeviceKnown       trace.RuleID = "cognito-idp.device.known"
	RuleDeviceKey         trace.RuleID = "cognito-idp.device.key"
	RuleDeviceSRP         trace.RuleID = "cognito-idp.device.srp-sign-in"
	RuleDeviceVerifier    trace.RuleID = "cognito-idp.device.verifier"
	RuleDeviceExists      trace.RuleID = "cognito-idp.device.exists"
	RuleDeviceRemembered  trace.RuleID = "cognito-idp.device.remembered"
	RuleDeviceProof       trace.RuleID = "cognito-idp.device.srp-proof"
	RuleDeviceReplacesMFA trace.RuleID = "cognito-idp.device.replaces-mfa"
	RuleDeviceRefresh     trace.RuleID = "cognito-idp.device.refresh-token"
)

func deviceRules() []trace.Rule {
	const tracking = guide + "amazon-cognito-user-pools-device-tracking.html"
	return []trace.Rule{
		{ID: RuleDeviceKnown, Statement: "Where devices are remembered, a sign-in without DEVICE_KEY counts as one from a new device, and returns NewDeviceMetadata for it.", Source: reference + "API_DeviceConfigurationType.html", Confidence: trace.Documented},
		{ID: RuleDeviceKey, Statement: "ConfirmDevice takes the DeviceKey that the same sign-in returned as new.", Source: "https://github.com/aws/aws-aspnet-cognito-identity-provider/issues/206", Confidence: trace.Observed},
		{ID: RuleDeviceSRP, Statement: "Devices are for apps that sign in by SRP: the device of a sign-in without SRP, or through a server's operations, cannot be confirmed.", Source: "https://repost.aws/knowledge-center/cognito-user-pool-remembered-devices", Confidence: trace.Documented},
		{ID: RuleDeviceVerifier, Statement: "Salt and PasswordVerifier are positive numbers: with the first bit set they need a zero byte in front. The wording of the refusal is not known.", Source: "https://repost.aws/questions/QUeZGXWPSST0C135CXmvBTlQ", Confidence: trace.Observed},
		{ID: RuleDeviceExists, Statement: "A device that was never confirmed, or was forgotten, does not exist, and a sign-in that names it fails.", Source: "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/200", Confidence: trace.Observed},
		{ID: RuleDeviceRemembered, Statement: "Only a remembered device is asked for its proof. With DeviceOnlyRememberedOnUserPrompt a confirmed device is remembered by UpdateDeviceStatus.", Source: reference + "API_DeviceConfigurationType.html", Confidence: trace.Documented},
		{ID: RuleDeviceProof, Statement: "A remembered device proves that it knows its own password by SRP: DEVICE_SRP_AUTH, then DEVICE_PASSWORD_VERIFIER.", Source: tracking, Confidence: trace.Documented},
		{ID: RuleDeviceReplacesMFA, Statement: "With ChallengeRequiredOnNewDevice a remembered device is asked for its proof in place of MFA. It never replaces the password.", Source: reference + "API_DeviceConfigurationType.html", Confidence: trace.Documented},
		{ID: RuleDeviceRefresh, Statement: "Where devices are remembered, a refresh token is good only with the DEVICE_KEY of the confirmed device that it was issued to.", Source: guide + "troubleshooting.html", Confidence: trace.Documented},
	}
}
