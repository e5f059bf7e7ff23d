package cognitoidp_test

import (
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
)

func (a *account) forgotInput(username string) object {
	return object{"ClientId": a.Ref("Client"), "Username": username}
}

func (a *account) newPasswordInput(username, code, password string) object {
	return object{"ClientId": a.Ref("Client"), "Username": username, "ConfirmationCode": code, "Password": password}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
func forgottenPasswordIsReplaced(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	tokens := a.signIn("ana")
	want := object{"CodeDeliveryDetails": object{"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"}}
	if diff := cmp.Diff(want, a.Must("ForgotPassword", a.forgotInput("ana"))); diff != "" {
		a.T.Error(diff)
	}
	a.Must("ConfirmForgotPassword", a.newPasswordInput("ana", a.code("ana"), "N3w-Passw0rd"))
	a.Refused(cognitoidp.RulePassword, "NotAuthorizedException", "Incorrect username or password.", "InitiateAuth", a.passwordInput("ana", password))
	a.result(a.Must("InitiateAuth", a.passwordInput("ana", "N3w-Passw0rd")))
	a.Must("InitiateAuth", a.refreshInput(tokens["RefreshToken"].(string)))
	a.Refused(cognitoidp.RuleCodeOutstanding, "ExpiredCodeException", "Invalid code provided, please request a code again.", "ConfirmForgotPassword", a.newPasswordInput("ana", a.code("ana"), "An0ther-one"))
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
func hiddenUsersHearOfAMessage(a *account) {
	a.with(clientsPool)
	for _, operation := range []string{"ForgotPassword", "ResendConfirmationCode"} {
		input := a.forgotInput("eve")
		a.Refused(cognitoidp.RuleUserExists, "UserNotFoundException", "Username/client id combination not found.", operation, input)
		input["ClientId"] = a.Ref("Hiding")
		if details := a.Must(operation, input)["CodeDeliveryDetails"].(object); details["DeliveryMedium"] != "EMAIL" {
			a.T.Errorf("%s: %v", operation, details)
		}
	}
	input := a.newPasswordInput("eve", "123456", password)
	a.Refused(cognitoidp.RuleUserExists, "UserNotFoundException", "Username/client id combination not found.", "ConfirmForgotPassword", input)
	input["ClientId"] = a.Ref("Hiding")
	a.Refused(cognitoidp.RuleUserExists, "ExpiredCodeException", "Invalid code provided, please request a code again.", "ConfirmForgotPassword", input)
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AccountRecoverySettingType.html
func resetCodeGoesWhereThePoolSays(a *account) {
	for _, test := range []struct{ properties, want string }{
		{"", "phone_number"},
		{"AccountRecoverySetting: {RecoveryMechanisms: [{Name: verified_email, Priority: 1}, {Name: verified_phone_number, Priority: 2}]}", "email"},
		{"AccountRecoverySetting: {RecoveryMechanisms: [{Name: verified_email, Priority: 2}, {Name: verified_phone_number, Priority: 1}]}", "phone_number"},
		{"MfaConfiguration: 'ON', EnabledMfas: [SMS_MFA], SmsConfiguration: {SnsCallerArn: x}", "email"},
	} {
		a.with(strings.Replace(plainPool, "AutoVerifiedAttributes: [email]", test.properties, 1))
		a.addUser("ana")
		a.setAttributes("ana", attribute("phone_number", "+15550100123"), attribute("phone_number_verified", "true"))
		details := a.Must("ForgotPassword", a.forgotInput("ana"))["CodeDeliveryDetails"].(object)
		if details["AttributeName"] != test.want {
			a.T.Errorf("%s: the code went to %v", test.properties, details["AttributeName"])
		}
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html
func administratorsResetBlocksTheSignIn(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	a.Must("AdminResetUserPassword", a.user("ana"))
	a.Refused(cognitoidp.RulePasswordReset, "PasswordResetRequiredException", "Password reset required for the user", "InitiateAuth", a.passwordInput("ana", password))
	a.Must("ConfirmForgotPassword", a.newPasswordInput("ana", a.code("ana"), "N3w-Passw0rd"))
	a.result(a.Must("InitiateAuth", a.passwordInput("ana", "N3w-Passw0rd")))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html
func passwordsAreChangedAndRemembered(a *account) {
	a.with(strings.Replace(plainPool, "AutoVerifiedAttributes: [email]", "Policies: {PasswordPolicy: {MinimumLength: 8, PasswordHistorySize: 2}}", 1))
	a.addUser("ana")
	change := object{"AccessToken": a.signIn("ana")["AccessToken"], "PreviousPassword": password, "ProposedPassword": password}
	a.Refused(cognitoidp.RulePasswordHistory, "PasswordHistoryPolicyViolationException", "Password was used before.", "ChangePassword", change)
	change["ProposedPassword"] = "second-one"
	a.Must("ChangePassword", change)
	change["PreviousPassword"], change["ProposedPassword"] = "second-one", "third-one"
	a.Must("ChangePassword", change)
	change["PreviousPassword"], change["ProposedPassword"] = "third-one", password
	a.Must("ChangePassword", change)
	a.signIn("ana")
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
func signUpCodesAreSentAgain(a *account) {
	a.with(plainPool)
	a.Must("SignUp", a.signUpInput("bob"))
	first := a.code("bob")
	a.Must("ResendConfirmationCode", a.forgotInput("bob"))
	confirm := object{"ClientId": a.Ref("Client"), "Username": "bob", "ConfirmationCode": first}
	a.Refused(cognitoidp.RuleCodeMatches, "CodeMismatchException", "Invalid verification code provided, please try again.", "ConfirmSignUp", confirm)
	confirm["ConfirmationCode"] = a.code("bob")
	a.Must("ConfirmSignUp", confirm)
	a.Refused(cognitoidp.RuleSignUpUnconfirmed, "InvalidParameterException", "User is already confirmed.", "ResendConfirmationCode", a.forgotInput("bob"))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
func invitationIsSentAgain(a *account) {
	a.with(plainPool)
	input := a.user("ana")
	input["UserAttributes"], input["DesiredDeliveryMediums"] = []any{attribute("email", "ana@example.com")}, []any{"EMAIL"}
	a.Must("AdminCreateUser", input)
	a.wait(8 * 24 * time.Hour)
	a.Refused(cognitoidp.RulePasswordTemporary, "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.", "InitiateAuth", a.passwordInput("ana", a.code("ana")))
	input["MessageAction"] = "RESEND"
	a.Must("AdminCreateUser", input)
	out := a.Must("InitiateAuth", a.passwordInput("ana", a.code("ana")))
	a.Must("RespondToAuthChallenge", a.newPassword(out["Session"], "ana", password))
	a.Refused(cognitoidp.RuleInvitation, "UnsupportedUserStateException", "Resend not possible. User status is not FORCE_CHANGE_PASSWORD.", "AdminCreateUser", input)
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html
func failedAttemptsLockTheUser(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	fail := func(times int) {
		for range times {
			a.Refused(cognitoidp.RulePassword, "NotAuthorizedException", "Incorrect username or password.", "InitiateAuth", a.passwordInput("ana", "wrong"))
		}
	}
	locked := func() {
		a.Refused(cognitoidp.RuleLockout, "NotAuthorizedException", "Password attempts exceeded", "InitiateAuth", a.passwordInput("ana", password))
	}
	fail(5)
	locked()
	a.wait(time.Second)
	fail(1)
	a.wait(time.Second)
	locked()
	a.wait(time.Second)
	a.signIn("ana")
	fail(4)
	a.wait(15 * time.Minute)
	fail(4)
	a.signIn("ana")
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html
func wrongCodesLockTheUser(a *account) {
	a.with(mfaPool("ON", "EMAIL_OTP"))
	a.addUser("ana")
	answer := a.response(a.Must("InitiateAuth", a.passwordInput("ana", password)), object{"USERNAME": "ana", "EMAIL_OTP_CODE": "x"})
	for range 5 {
		a.Refused(cognitoidp.RuleMFACode, "CodeMismatchException", "Invalid code or auth state for the user.", "RespondToAuthChallenge", answer)
	}
	answer["ChallengeResponses"].(object)["EMAIL_OTP_CODE"] = a.code("ana")
	a.Refused(cognitoidp.RuleLockout, "NotAuthorizedException", "Password attempts exceeded", "RespondToAuthChallenge", answer)
}
