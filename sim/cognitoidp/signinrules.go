package cognitoidp

import "claimcheck/sim/trace"

// The rules of proofs, second factors, lock-out and rotation.
const (
	RulePasswordReset       trace.RuleID = "cognito-idp.password.reset-required"
	RulePasswordShape       trace.RuleID = "cognito-idp.password.shape"
	RulePasswordHistory     trace.RuleID = "cognito-idp.password.history"
	RulePasswordProof       trace.RuleID = "cognito-idp.password.srp-proof"
	RuleSRPNumber           trace.RuleID = "cognito-idp.srp.number"
	RuleSRPTimestamp        trace.RuleID = "cognito-idp.srp.timestamp"
	RuleUserHidden          trace.RuleID = "cognito-idp.user.hidden"
	RuleAliasFree           trace.RuleID = "cognito-idp.alias.free"
	RuleInvitation          trace.RuleID = "cognito-idp.invitation.resend"
	RuleAttributeMutable    trace.RuleID = "cognito-idp.attributes.mutable"
	RuleAttributeVerifiable trace.RuleID = "cognito-idp.attributes.verifiable"
	RuleRecoveryAlone       trace.RuleID = "cognito-idp.recovery.by-user"
	RuleRecoveryState       trace.RuleID = "cognito-idp.recovery.state"
	RuleRecoveryContact     trace.RuleID = "cognito-idp.recovery.contact"
	RuleQuota               trace.RuleID = "cognito-idp.user.quota"
	RuleFirstFactors        trace.RuleID = "cognito-idp.sign-in.first-factors"
	RulePreferredChallenge  trace.RuleID = "cognito-idp.sign-in.preferred-challenge"
	RuleChallengeSelected   trace.RuleID = "cognito-idp.sign-in.selected"
	RuleLockout             trace.RuleID = "cognito-idp.user.lockout"
	RuleMFADue              trace.RuleID = "cognito-idp.mfa.due"
	RuleMFAImplied          trace.RuleID = "cognito-idp.mfa.implied"
	RuleMFACode             trace.RuleID = "cognito-idp.mfa.code"
	RuleMFAOnce             trace.RuleID = "cognito-idp.mfa.code-once"
	RuleMFASelected         trace.RuleID = "cognito-idp.mfa.selected"
	RuleMFAMeans            trace.RuleID = "cognito-idp.mfa.means"
	RuleMFAFactor           trace.RuleID = "cognito-idp.mfa.factor"
	RuleMFAEnrolment        trace.RuleID = "cognito-idp.mfa.enrolment"
	RuleMFASetup            trace.RuleID = "cognito-idp.mfa.setup"
	RuleMFAPreferred        trace.RuleID = "cognito-idp.mfa.preferred"
	RuleMFAKept             trace.RuleID = "cognito-idp.mfa.kept"
	RuleRotationFlow        trace.RuleID = "cognito-idp.rotation.flow"
	RuleRotationReuse       trace.RuleID = "cognito-idp.rotation.reuse"
)

func proofRules() []trace.Rule {
	const srp = "https://github.com/ministackorg/ministack/pull/1758"
	return []trace.Rule{
		{ID: RulePasswordReset, Statement: "A user in RESET_REQUIRED has to set a new password first, with the code that was sent: ConfirmForgotPassword.", Source: reference + "API_AdminResetUserPassword.html", Confidence: trace.Documented},
		{ID: RulePasswordShape, Statement: "The API takes passwords of 6 to 256 characters; what is outside of that is InvalidParameterException, whatever the pool's policy.", Source: "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/311", Confidence: trace.Observed},
		{ID: RulePasswordHistory, Statement: "With PasswordHistorySize a new password differs from the latest ones.", Source: reference + "API_PasswordPolicyType.html", Confidence: trace.Documented},
		{ID: RulePasswordProof, Statement: "With SRP the app proves that it knows the password, by a signature that only the password makes, and never sends it.", Source: srp, Confidence: trace.Observed},
		{ID: RuleSRPNumber, Statement: "SRP_A is a number in hex that is no multiple of the 3072-bit prime; the wording of the refusal is not known.", Source: "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/356", Confidence: trace.Inferred},
		{ID: RuleSRPTimestamp, Statement: "TIMESTAMP is written like Sat Nov 7 08:05:03 UTC 2026, the day without a leading zero.", Source: "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/683", Confidence: trace.Observed},
		{ID: RuleUserHidden, Statement: "With PreventUserExistenceErrors ENABLED an unknown user gets an SRP challenge like anybody; only its answer fails.", Source: guide + "cognito-user-pool-managing-errors.html", Confidence: trace.Documented},
		{ID: RuleFirstFactors, Statement: "One-time codes as the first factor and required MFA exclude each other.", Source: guide + "amazon-cognito-user-pools-authentication-flow-methods.html", Confidence: trace.Documented},
		{ID: RulePreferredChallenge, Statement: "USER_AUTH starts with PREFERRED_CHALLENGE when it is available, and otherwise with SELECT_CHALLENGE.", Source: guide + "authentication-flows-selection-sdk.html", Confidence: trace.Documented},
		{ID: RuleChallengeSelected, Statement: "SELECT_CHALLENGE is answered with one of AvailableChallenges.", Source: reference + "API_RespondToAuthChallenge.html", Confidence: trace.Documented},
		{ID: RuleLockout, Statement: "After five failed attempts each further one locks the user, for a second at first and twice as long each time, up to 15 minutes.", Source: guide + "authentication.html", Confidence: trace.Documented},
	}
}

func accountRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleAliasFree, Statement: "A verified address is the alias of one user; confirming with ForceAliasCreation moves it.", Source: reference + "API_ConfirmSignUp.html", Confidence: trace.Documented},
		{ID: RuleInvitation, Statement: "RESEND is for users who have not replaced their temporary password; it starts its validity anew.", Source: reference + "API_AdminCreateUser.html", Confidence: trace.Documented},
		{ID: RuleAttributeMutable, Statement: "An attribute that is not Mutable keeps its first value.", Source: guide + "user-pool-settings-attributes.html", Confidence: trace.Documented},
		{ID: RuleAttributeVerifiable, Statement: "An email address or phone number that the user has can be verified by a code.", Source: reference + "API_GetUserAttributeVerificationCode.html", Confidence: trace.Documented},
		{ID: RuleRecoveryAlone, Statement: "With the recovery mechanism admin_only users cannot reset a forgotten password themselves.", Source: reference + "API_AccountRecoverySettingType.html", Confidence: trace.Documented},
		{ID: RuleRecoveryState, Statement: "A temporary password is not recovered: an administrator resends or sets it.", Source: "https://github.com/aws-amplify/amplify-js/issues/2955", Confidence: trace.Observed},
		{ID: RuleRecoveryContact, Statement: "A reset code goes to a verified email address or phone number, and not to the phone that is the user's second factor.", Source: guide + "managing-users-passwords.html", Confidence: trace.Documented},
		{ID: RuleQuota, Statement: "A user may ask for codes and change passwords only so often in an hour.", Source: guide + "quotas.html", Confidence: trace.Documented},
	}
}

func mfaRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleMFADue, Statement: "MFA OFF asks nobody for a second factor, OPTIONAL those who set one up, ON everybody; it is the user's setting, on whatever device.", Source: guide + "user-pool-settings-mfa.html", Confidence: trace.Documented},
		{ID: RuleMFAImplied, Statement: "Where MFA is ON a phone number is good for SMS_MFA and an email address for EMAIL_OTP, without being chosen: users cannot turn such factors off.", Source: reference + "API_SMSMfaSettingsType.html", Confidence: trace.Inferred},
		{ID: RuleMFACode, Statement: "A second factor is the code that was sent, or that the authenticator app shows now.", Source: reference + "API_RespondToAuthChallenge.html", Confidence: trace.Documented},
		{ID: RuleMFAOnce, Statement: "A code of an authenticator app is taken once.", Source: reference + "API_RespondToAuthChallenge.html", Confidence: trace.Observed},
		{ID: RuleMFASelected, Statement: "SELECT_MFA_TYPE is answered with one of the factors that it lists.", Source: reference + "API_RespondToAuthChallenge.html", Confidence: trace.Documented},
		{ID: RuleMFAMeans, Statement: "SMS_MFA needs an SmsConfiguration, EMAIL_OTP needs EmailSendingAccount DEVELOPER, and MFA needs a factor.", Source: guide + "user-pool-settings-mfa.html", Confidence: trace.Documented},
		{ID: RuleMFAFactor, Statement: "A user can have a factor that the pool has, with a phone number, an email address or a verified authenticator app behind it.", Source: reference + "API_SetUserMFAPreference.html", Confidence: trace.Documented},
		{ID: RuleMFAEnrolment, Statement: "An authenticator app counts once VerifySoftwareToken has seen a code of it.", Source: reference + "API_VerifySoftwareToken.html", Confidence: trace.Documented},
		{ID: RuleMFASetup, Statement: "MFA_SETUP is answered after AssociateSoftwareToken and VerifySoftwareToken, with the newest Session.", Source: guide + "user-pool-settings-mfa-totp.html", Confidence: trace.Documented},
		{ID: RuleMFAPreferred, Statement: "At most one factor is preferred.", Source: reference + "API_SetUserMFAPreference.html", Confidence: trace.Documented},
		{ID: RuleMFAKept, Statement: "Where MFA is ON users change their factor and cannot switch MFA off.", Source: reference + "API_SetUserMFAPreference.html", Confidence: trace.Documented},
		{ID: RuleRotationFlow, Statement: "Refresh token rotation and ALLOW_REFRESH_TOKEN_AUTH exclude each other.", Source: guide + "amazon-cognito-user-pools-using-the-refresh-token.html", Confidence: trace.Documented},
		{ID: RuleRotationReuse, Statement: "With rotation a refresh token is good once, and again only within RetryGracePeriodSeconds.", Source: reference + "API_GetTokensFromRefreshToken.html", Confidence: trace.Documented},
	}
}
