package cognitoidp

import "claimcheck/sim/trace"

// The rules of passkeys.
const (
	RulePasskeyEnabled    trace.RuleID = "cognito-idp.passkey.enabled"
	RulePasskeyConfigured trace.RuleID = "cognito-idp.passkey.relying-party"
	RulePasskeyFormat     trace.RuleID = "cognito-idp.passkey.format"
	RulePasskeyChallenge  trace.RuleID = "cognito-idp.passkey.challenge"
	RulePasskeyClient     trace.RuleID = "cognito-idp.passkey.client"
	RulePasskeyDomain     trace.RuleID = "cognito-idp.passkey.domain"
	RulePasskeyOrigin     trace.RuleID = "cognito-idp.passkey.origin"
	RulePasskeySupported  trace.RuleID = "cognito-idp.passkey.supported"
	RulePasskeyVerified   trace.RuleID = "cognito-idp.passkey.user-verification"
	RulePasskeyLimit      trace.RuleID = "cognito-idp.passkey.limit"
	RulePasskeyExists     trace.RuleID = "cognito-idp.passkey.registered"
	RulePasskeySignature  trace.RuleID = "cognito-idp.passkey.signature"
	RulePasskeyOffered    trace.RuleID = "cognito-idp.passkey.and-mfa"
	RulePasskeyMFA        trace.RuleID = "cognito-idp.passkey.as-mfa"
)

func passkeyRules() []trace.Rule {
	const (
		complete = reference + "API_CompleteWebAuthnRegistration.html"
		start    = reference + "API_StartWebAuthnRegistration.html"
		settings = reference + "API_WebAuthnConfigurationType.html"
		standard = "https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion"
		methods  = guide + "amazon-cognito-user-pools-authentication-flow-methods.html"
	)
	return []trace.Rule{
		{ID: RulePasskeyEnabled, Statement: "Passkeys are for pools whose AllowedFirstAuthFactors has WEB_AUTHN.", Source: start, Confidence: trace.Documented},
		{ID: RulePasskeyConfigured, Statement: "Passkeys are for one domain, the relying party: the one configured, or else the pool's custom domain, or else its prefix domain.", Source: start, Confidence: trace.Documented},
		{ID: RulePasskeyFormat, Statement: "CREDENTIAL and Credential are what the browser made, as JSON of Web Authentication.", Source: complete, Confidence: trace.Documented},
		{ID: RulePasskeyChallenge, Statement: "A passkey answers the challenge that was asked last, once and in time.", Source: complete, Confidence: trace.Documented},
		{ID: RulePasskeyClient, Statement: "The app client that starts the registration of a passkey completes it.", Source: complete, Confidence: trace.Documented},
		{ID: RulePasskeyDomain, Statement: "A passkey proves itself to the relying party that it was made for, and to no other.", Source: complete, Confidence: trace.Documented},
		{ID: RulePasskeyOrigin, Statement: "The page that asks for a passkey is on the relying party's domain, so that a look-alike site gets nothing.", Source: complete, Confidence: trace.Documented},
		{ID: RulePasskeySupported, Statement: "The key of a passkey is for ES256 or RS256.", Source: methods, Confidence: trace.Documented},
		{ID: RulePasskeyVerified, Statement: "With UserVerification required a passkey counts only when the device has verified the user, by fingerprint, face or PIN.", Source: settings, Confidence: trace.Documented},
		{ID: RulePasskeyLimit, Statement: "A user has 20 passkeys at most.", Source: methods, Confidence: trace.Documented},
		{ID: RulePasskeyExists, Statement: "A user signs in with a passkey that was registered while signed in, and not deleted since.", Source: methods, Confidence: trace.Documented},
		{ID: RulePasskeySignature, Statement: "A passkey signs the challenge with a private key that never leaves the device; the pool keeps the public key. What AWS says to a wrong signature is not known.", Source: standard, Confidence: trace.Inferred},
		{ID: RulePasskeyOffered, Statement: "Where MFA is required, or the user has a second factor, a passkey is no way to sign in, unless it counts as MFA.", Source: reference + "API_WebAuthnMfaSettingsType.html", Confidence: trace.Documented},
		{ID: RulePasskeyMFA, Statement: "A passkey counts as MFA with FactorConfiguration MULTI_FACTOR_WITH_USER_VERIFICATION, for users who switch it on beside another factor.", Source: reference + "API_WebAuthnMfaSettingsType.html", Confidence: trace.Documented},
	}
}
