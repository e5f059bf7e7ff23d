package cognitoidp_test

import (
	"strings"
	"time"

	"claimcheck/sim/cognitoidp"
)

// proofRefusals are those of flows, proofs and second factors.
func proofRefusals() []refusal {
	proof := func(change func(a *account, input, responses object)) func(*account) object {
		return func(a *account) object {
			input := a.proveSRP(a.Must("InitiateAuth", a.srpInput("ana")), password)
			change(a, input, input["ChallengeResponses"].(object))
			return input
		}
	}
	admin := func(change func(a *account, input object)) func(*account) object {
		return func(a *account) object {
			input := a.passwordInput("ana", password)
			input["UserPoolId"], input["AuthFlow"] = a.Ref("Pool"), "ADMIN_USER_PASSWORD_AUTH"
			change(a, input)
			return input
		}
	}
	const measured = "https://github.com/ministackorg/ministack/pull/1758"
	const wrong = "Incorrect username or password."
	return []refusal{
		{
			"SRP for an unknown user, LEGACY", measured, srpPool,
			cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth",
			func(a *account) object { return a.srpInput("eve") },
		}, {
			"SRP_A that is zero", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/356", srpPool,
			cognitoidp.RuleSRPNumber, "InvalidParameterException", "SRP_A must be a valid number of the 3072-bit group.", "InitiateAuth",
			func(a *account) object {
				input := a.srpInput("ana")
				input["AuthParameters"].(object)["SRP_A"] = "0"
				return input
			},
		}, {
			"SRP without SRP_A", reference + "API_InitiateAuth.html", srpPool,
			cognitoidp.RuleFlowParameters, "InvalidParameterException", "Missing required parameter SRP_A", "InitiateAuth",
			func(a *account) object {
				input := a.srpInput("ana")
				delete(input["AuthParameters"].(object), "SRP_A")
				return input
			},
		}, {
			"a proof of another password", measured, srpPool,
			cognitoidp.RulePasswordProof, "NotAuthorizedException", wrong, "RespondToAuthChallenge",
			func(a *account) object {
				return a.proveSRP(a.Must("InitiateAuth", a.srpInput("ana")), "Passw0rd?")
			},
		}, {
			"a proof with a padded day", "https://github.com/qwigo/warrant/pull/12", srpPool,
			cognitoidp.RulePasswordProof, "NotAuthorizedException", wrong, "RespondToAuthChallenge",
			func(a *account) object {
				challenge := a.Must("InitiateAuth", a.srpInput("ana"))
				padded := a.World.Clock.UTC().Format("Mon Jan 02 15:04:05 UTC 2006")
				return a.response(challenge, newSRPClient().answer(a.Ref("Pool"), challenge["ChallengeParameters"].(object), password, padded))
			},
		}, {
			"a proof with a time in another form", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/683", srpPool,
			cognitoidp.RuleSRPTimestamp, "InvalidParameterException", "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.", "RespondToAuthChallenge",
			proof(func(a *account, _, responses object) { responses["TIMESTAMP"] = a.World.Clock.Format(time.RFC3339) }),
		}, {
			"a proof with another secret block", measured, srpPool,
			cognitoidp.RuleSessionValid, "NotAuthorizedException", wrong, "RespondToAuthChallenge",
			proof(func(_ *account, _, responses object) { responses["PASSWORD_CLAIM_SECRET_BLOCK"] = "AAAA" }),
		}, {
			"a proof that comes too late", reference + "API_RespondToAuthChallenge.html", srpPool,
			cognitoidp.RuleSessionValid, "NotAuthorizedException", "Invalid session for the user, session is expired.", "RespondToAuthChallenge",
			proof(func(a *account, _, _ object) { a.wait(3 * time.Minute) }),
		}, {
			"a proof of a disabled user", measured, srpPool,
			cognitoidp.RuleUserEnabled, "NotAuthorizedException", "User is disabled.", "RespondToAuthChallenge",
			proof(func(a *account, _, _ object) { a.Must("AdminDisableUser", a.user("ana")) }),
		}, {
			"a server's flow that the client does not allow", reference + "API_AdminInitiateAuth.html", "",
			cognitoidp.RuleFlowEnabled, "InvalidParameterException", "Auth flow not enabled for this client", "AdminInitiateAuth",
			admin(func(*account, object) {}),
		}, {
			"a server's sign-in at a client of no pool", reference + "API_AdminInitiateAuth.html", "",
			cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client nobody does not exist.", "AdminInitiateAuth",
			admin(func(_ *account, input object) { input["ClientId"] = "nobody" }),
		}, {
			"custom sign-in at a client that does not allow it", "https://github.com/floci-io/floci/pull/3974", "",
			cognitoidp.RuleFlowEnabled, "InvalidParameterException", "CUSTOM_AUTH flow not enabled for this client", "InitiateAuth",
			func(a *account) object { return a.customInput("ana") },
		}, {
			"an authenticator app in a pool without them", reference + "API_AssociateSoftwareToken.html", "",
			cognitoidp.RuleMFAFactor, "SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool", "AssociateSoftwareToken",
			func(a *account) object { return object{"AccessToken": a.signIn("ana")["AccessToken"]} },
		}, {
			"a factor that the pool lacks", reference + "API_SetUserMFAPreference.html", "",
			cognitoidp.RuleMFAFactor, "InvalidParameterException", "SMS_MFA is not enabled for the user pool.", "SetUserMFAPreference",
			func(a *account) object {
				return object{"AccessToken": a.signIn("ana")["AccessToken"], "SMSMfaSettings": object{"Enabled": true}}
			},
		}, {
			"an authenticator app that was not verified", "https://github.com/getmoto/moto", mfaPool("OPTIONAL", "SOFTWARE_TOKEN_MFA"),
			cognitoidp.RuleMFAFactor, "InvalidParameterException", "User has not verified software token mfa", "SetUserMFAPreference",
			func(a *account) object {
				return object{"AccessToken": a.signIn("ana")["AccessToken"], "SoftwareTokenMfaSettings": object{"Enabled": true}}
			},
		}, {
			"text messages without a phone number", reference + "API_SetUserMFAPreference.html", mfaPool("OPTIONAL", "SMS_MFA"),
			cognitoidp.RuleMFAFactor, "InvalidParameterException", "User does not have phone_number.", "SetUserMFAPreference",
			func(a *account) object {
				return object{"AccessToken": a.signIn("ana")["AccessToken"], "SMSMfaSettings": object{"Enabled": true}}
			},
		}, {
			"two preferred factors", reference + "API_SetUserMFAPreference.html", mfaPool("OPTIONAL", "SMS_MFA, EMAIL_OTP"),
			cognitoidp.RuleMFAPreferred, "InvalidParameterException", "Only one MFA method can be preferred.", "AdminSetUserMFAPreference",
			func(a *account) object {
				a.setAttributes("ana", attribute("phone_number", "+15550100123"))
				input, both := a.user("ana"), object{"Enabled": true, "PreferredMfa": true}
				input["SMSMfaSettings"], input["EmailMfaSettings"] = both, both
				return input
			},
		}, {
			"no factor where MFA is required", reference + "API_SetUserMFAPreference.html", mfaPool("ON", "EMAIL_OTP"),
			cognitoidp.RuleMFAKept, "InvalidParameterException", "MFA cannot be turned off where it is required.", "AdminSetUserMFAPreference",
			func(a *account) object {
				input := a.user("ana")
				input["EmailMfaSettings"] = object{"Enabled": false}
				return input
			},
		}, {
			"required MFA without a factor", reference + "API_SetUserPoolMfaConfig.html", "",
			cognitoidp.RuleMFAMeans, "InvalidParameterException", "MFA needs at least one enabled factor.", "SetUserPoolMfaConfig",
			func(a *account) object { return object{"UserPoolId": a.Ref("Pool"), "MfaConfiguration": "ON"} },
		},
	}
}

// accountRefusals are those of passwords, codes and profiles.
func accountRefusals() []refusal {
	adminOnly := strings.Replace(clientsPool, "AutoVerifiedAttributes: [email]", "AccountRecoverySetting: {RecoveryMechanisms: [{Name: admin_only, Priority: 1}]}", 1)
	immutable := strings.Replace(clientsPool, "AutoVerifiedAttributes: [email]", "Schema: [{Name: email, Mutable: false, Required: true, AttributeDataType: String}]", 1)
	const limit = "Attempt limit exceeded, please try after some time."
	// often makes a call as often as its quota allows.
	often := func(operation string, times int, input func(a *account) object) func(*account) object {
		return func(a *account) object {
			in := input(a)
			for range times {
				a.Run(operation, in)
			}
			return in
		}
	}
	forgot := func(a *account) object { return a.forgotInput("ana") }
	return []refusal{
		{
			"a reset without a verified address", guide + "managing-users-passwords.html", "",
			cognitoidp.RuleRecoveryContact, "InvalidParameterException", "Cannot reset password for the user as there is no registered/verified email or phone_number", "ForgotPassword",
			func(a *account) object {
				a.setAttributes("ana", attribute("email_verified", "false"))
				return a.forgotInput("ana")
			},
		}, {
			"a reset of a temporary password", "https://github.com/aws-amplify/amplify-js/issues/2955", "",
			cognitoidp.RuleRecoveryState, "NotAuthorizedException", "User password cannot be reset in the current state.", "ForgotPassword",
			func(a *account) object {
				a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": password})
				return a.forgotInput("ana")
			},
		}, {
			"a reset where only administrators reset", guide + "managing-users-passwords.html", adminOnly,
			cognitoidp.RuleRecoveryAlone, "NotAuthorizedException", "Contact administrator to reset password.", "ForgotPassword", forgot,
		}, {
			"a reset code after an hour", guide + "quotas.html", "",
			cognitoidp.RuleCodeOutstanding, "ExpiredCodeException", "Invalid code provided, please request a code again.", "ConfirmForgotPassword",
			func(a *account) object {
				a.Must("ForgotPassword", a.forgotInput("ana"))
				a.wait(time.Hour)
				return a.newPasswordInput("ana", a.code("ana"), "N3w-Passw0rd")
			},
		}, {
			"a reset to a weak password", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/311", "",
			cognitoidp.RulePasswordPolicy, "InvalidPasswordException", "Password did not conform with policy: Password not long enough", "ConfirmForgotPassword",
			func(a *account) object {
				a.Must("ForgotPassword", a.forgotInput("ana"))
				return a.newPasswordInput("ana", a.code("ana"), "weakest")
			},
		}, {
			"too many reset codes", guide + "quotas.html", "",
			cognitoidp.RuleQuota, "LimitExceededException", limit, "ForgotPassword", often("ForgotPassword", 20, forgot),
		}, {
			"too many changes of the password", guide + "quotas.html", "",
			cognitoidp.RuleQuota, "LimitExceededException", limit, "ChangePassword",
			often("ChangePassword", 5, func(a *account) object {
				return object{"AccessToken": a.signIn("ana")["AccessToken"], "PreviousPassword": "wrong", "ProposedPassword": password}
			}),
		}, {
			"too many sign-up codes", guide + "quotas.html", "",
			cognitoidp.RuleQuota, "LimitExceededException", limit, "ResendConfirmationCode",
			often("ResendConfirmationCode", 5, func(a *account) object {
				a.Must("SignUp", a.signUpInput("bob"))
				return a.forgotInput("bob")
			}),
		}, {
			"a change from a wrong password", reference + "API_ChangePassword.html", "",
			cognitoidp.RulePassword, "NotAuthorizedException", "Incorrect username or password.", "ChangePassword",
			func(a *account) object {
				return object{"AccessToken": a.signIn("ana")["AccessToken"], "PreviousPassword": "wrong", "ProposedPassword": "N3w-Passw0rd"}
			},
		}, {
			"an attribute that never changes", guide + "user-pool-settings-attributes.html", immutable,
			cognitoidp.RuleAttributeMutable, "InvalidParameterException", "user.email: Attribute cannot be updated.\n", "UpdateUserAttributes",
			func(a *account) object {
				return object{"AccessToken": a.signIn("ana")["AccessToken"], "UserAttributes": []any{attribute("email", "new@example.com")}}
			},
		}, {
			"a user who calls the own address verified", guide + "user-pool-settings-attributes.html", "",
			cognitoidp.RuleAttributesWritable, "NotAuthorizedException", "A client attempted to write unauthorized attribute", "UpdateUserAttributes",
			func(a *account) object {
				return object{"AccessToken": a.signIn("ana")["AccessToken"], "UserAttributes": []any{attribute("email_verified", "true")}}
			},
		}, {
			"an email address that is a username already", guide + "cognito-user-pool-managing-errors.html", strings.Replace(emailPool, "GenerateSecret: true, ", "", 1),
			cognitoidp.RuleUsernameFree, "UsernameExistsException", "An account with the given email already exists.", "SignUp",
			func(a *account) object {
				a.addUserByEmail("ana@example.com")
				return object{"ClientId": a.Ref("Client"), "Username": "ana@example.com", "Password": password}
			},
		}, {
			"an alias of another user, by an administrator", reference + "API_AdminCreateUser.html", aliasPool,
			cognitoidp.RuleAliasFree, "AliasExistsException", "An account with the email already exists.", "AdminCreateUser",
			func(a *account) object {
				input := a.user("bob")
				input["UserAttributes"] = []any{attribute("email", "ana@example.com"), attribute("email_verified", "true")}
				return input
			},
		},
	}
}

// proofTemplates are templates about second factors and rotation.
func proofTemplates() []badTemplate {
	pool := func(properties string) string {
		return "\nResources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {" + properties + "}}\n"
	}
	const code = "InvalidParameterException"
	return []badTemplate{
		{"text messages without the means", guide + "user-pool-settings-mfa.html", cognitoidp.RuleMFAMeans, code, "SMS configuration and Auto verification for phone_number are required when MFA is required/optional", pool("MfaConfiguration: OPTIONAL, EnabledMfas: [SMS_MFA]")},
		{"e-mailed codes from Cognito's own sender", guide + "user-pool-settings-mfa.html", cognitoidp.RuleMFAMeans, code, "E-mail MFA needs an Amazon SES identity as the sender.", pool("MfaConfiguration: OPTIONAL, EnabledMfas: [EMAIL_OTP]")},
		{"one-time passwords where MFA is required", guide + "amazon-cognito-user-pools-authentication-flow-methods.html", cognitoidp.RuleFirstFactors, code, "One-time passwords cannot be the first factor where MFA is required.", pool("MfaConfiguration: 'ON', EnabledMfas: [SOFTWARE_TOKEN_MFA], Policies: {SignInPolicy: {AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP]}}")},
		{"25 remembered passwords", reference + "API_PasswordPolicyType.html", cognitoidp.RuleSettingRange, code, "less than or equal to 24", pool("Policies: {PasswordPolicy: {PasswordHistorySize: 25}}")},
		{"rotation beside the refresh flow", guide + "amazon-cognito-user-pools-using-the-refresh-token.html", cognitoidp.RuleRotationFlow, code, "ALLOW_REFRESH_TOKEN_AUTH cannot be used with refresh token rotation.", strings.Replace(rotatingPool, "[ALLOW_USER_PASSWORD_AUTH]", "[ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]", 1)},
		{"a grace period of 61 seconds", reference + "API_RefreshTokenRotationType.html", cognitoidp.RuleSettingRange, code, "less than or equal to 60", strings.Replace(rotatingPool, "30}", "61}", 1)},
	}
}
