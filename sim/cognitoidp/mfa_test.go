package cognitoidp_test

import (
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"claimcheck/sim/cognitoidp"
)

// mfaPool is a pool with all factors that its properties can ask for.
func mfaPool(configuration, factors string) string {
	return `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      MfaConfiguration: '` + configuration + `'
      EnabledMfas: [` + factors + `]
      SmsConfiguration: {SnsCallerArn: 'arn:aws:iam::123456789012:role/sms'}
      EmailConfiguration: {EmailSendingAccount: DEVELOPER, SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/example.com'}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH, ALLOW_ADMIN_USER_PASSWORD_AUTH]}
`
}

// shows is the code that an authenticator app shows now (RFC 6238).
func (a *account) shows(secret any) string {
	a.T.Helper()
	code, err := totp.GenerateCodeCustom(secret.(string), a.World.Clock, totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
	if err != nil {
		a.T.Fatal(err)
	}
	return code
}

// enrol gives a signed-in user an authenticator app and returns its secret. The
// clock moves on, so that the app shows a new code.
func (a *account) enrol(accessToken any) any {
	a.T.Helper()
	secret := a.Must("AssociateSoftwareToken", object{"AccessToken": accessToken})["SecretCode"]
	a.Must("VerifySoftwareToken", object{"AccessToken": accessToken, "UserCode": a.shows(secret), "FriendlyDeviceName": "phone"})
	a.Must("SetUserMFAPreference", object{"AccessToken": accessToken, "SoftwareTokenMfaSettings": object{"Enabled": true, "PreferredMfa": true}})
	a.wait(time.Minute)
	return secret
}

func (a *account) setAttributes(username string, attributes ...any) {
	a.T.Helper()
	a.Must("AdminUpdateUserAttributes", object{"UserPoolId": a.Ref("Pool"), "Username": username, "UserAttributes": attributes})
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
func optionalMFAAsksWhoSetItUp(a *account) {
	a.with(mfaPool("OPTIONAL", "SOFTWARE_TOKEN_MFA"))
	a.addUser("ana")
	access := a.signIn("ana")["AccessToken"]
	secret := a.enrol(access)
	profile := a.Must("GetUser", object{"AccessToken": access})
	if profile["PreferredMfaSetting"] != "SOFTWARE_TOKEN_MFA" || cmp.Diff([]any{"SOFTWARE_TOKEN_MFA"}, profile["UserMFASettingList"]) != "" {
		a.T.Errorf("profile: %v", profile)
	}
	challenge := a.Must("InitiateAuth", a.passwordInput("ana", password))
	want := object{"FRIENDLY_DEVICE_NAME": "phone", "USER_ID_FOR_SRP": "ana"}
	if challenge["ChallengeName"] != "SOFTWARE_TOKEN_MFA" || cmp.Diff(want, challenge["ChallengeParameters"]) != "" {
		a.T.Fatalf("challenge: %v", challenge)
	}
	answer := a.response(challenge, object{"USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": "000000"})
	a.Refused(cognitoidp.RuleMFACode, "CodeMismatchException", "Invalid code received for user", "RespondToAuthChallenge", answer)
	answer["ChallengeResponses"].(object)["SOFTWARE_TOKEN_MFA_CODE"] = a.shows(secret)
	a.result(a.Must("RespondToAuthChallenge", answer))

	answer["Session"] = a.Must("InitiateAuth", a.passwordInput("ana", password))["Session"]
	a.Refused(cognitoidp.RuleMFAOnce, "ExpiredCodeException", "Your software token has already been used once.", "RespondToAuthChallenge", answer)
}

func refreshIsNeverAskedForASecondFactor(a *account) {
	a.with(mfaPool("OPTIONAL", "SOFTWARE_TOKEN_MFA"))
	a.addUser("ana")
	tokens := a.signIn("ana")
	a.enrol(tokens["AccessToken"])
	a.result(a.Must("InitiateAuth", a.refreshInput(tokens["RefreshToken"].(string))))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func requiredMFAIsSetUpAtTheFirstSignIn(a *account) {
	a.with(mfaPool("ON", "SOFTWARE_TOKEN_MFA"))
	a.addUser("ana")
	challenge := a.Must("InitiateAuth", a.passwordInput("ana", password))
	want := object{"MFAS_CAN_SETUP": `["SOFTWARE_TOKEN_MFA"]`, "USER_ID_FOR_SRP": "ana"}
	if challenge["ChallengeName"] != "MFA_SETUP" || cmp.Diff(want, challenge["ChallengeParameters"]) != "" {
		a.T.Fatalf("challenge: %v", challenge)
	}
	answer := a.response(challenge, object{"USERNAME": "ana"})
	a.Refused(cognitoidp.RuleMFASetup, "InvalidParameterException", "Verify a software token before answering MFA_SETUP.", "RespondToAuthChallenge", answer)
	associated := a.Must("AssociateSoftwareToken", object{"Session": challenge["Session"]})
	if len(associated["SecretCode"].(string)) != 52 || associated["Session"] == challenge["Session"] {
		a.T.Errorf("associated: %v", associated)
	}
	a.Refused(cognitoidp.RuleSessionValid, "NotAuthorizedException", "Invalid session for the user.", "AssociateSoftwareToken", object{"Session": challenge["Session"]})
	verify := object{"Session": associated["Session"], "UserCode": "000000"}
	a.Refused(cognitoidp.RuleMFAEnrolment, "EnableSoftwareTokenMFAException", "Code mismatch", "VerifySoftwareToken", verify)
	verify["UserCode"] = a.shows(associated["SecretCode"])
	verified := a.Must("VerifySoftwareToken", verify)
	if verified["Status"] != "SUCCESS" {
		a.T.Errorf("verified: %v", verified)
	}
	answer["Session"] = verified["Session"]
	a.result(a.Must("RespondToAuthChallenge", answer))
	if again := a.Must("InitiateAuth", a.passwordInput("ana", password)); again["ChallengeName"] != "SOFTWARE_TOKEN_MFA" {
		a.T.Errorf("the next sign-in: %v", again)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
func codesOfMessagesSignInAndVerifyTheAddress(a *account) {
	for _, test := range []struct{ factor, key, attribute, value, medium, destination string }{
		{"SMS_MFA", "SMS_MFA_CODE", "phone_number", "+15550100123", "SMS", "+*******0123"},
		{"EMAIL_OTP", "EMAIL_OTP_CODE", "email", "ana@example.com", "EMAIL", "a***@e***"},
	} {
		a.with(mfaPool("ON", test.factor))
		a.addUser("ana")
		a.setAttributes("ana", attribute(test.attribute, test.value), attribute(test.attribute+"_verified", "false"))
		challenge := a.Must("InitiateAuth", a.passwordInput("ana", password))
		want := object{"CODE_DELIVERY_DELIVERY_MEDIUM": test.medium, "CODE_DELIVERY_DESTINATION": test.destination, "USER_ID_FOR_SRP": "ana"}
		if challenge["ChallengeName"] != test.factor || cmp.Diff(want, challenge["ChallengeParameters"]) != "" {
			a.T.Fatalf("challenge: %v", challenge)
		}
		answer := a.response(challenge, object{"USERNAME": "ana", test.key: "x"})
		a.Refused(cognitoidp.RuleMFACode, "CodeMismatchException", "Invalid code or auth state for the user.", "RespondToAuthChallenge", answer)
		answer["ChallengeResponses"].(object)[test.key] = a.code("ana")
		result := a.result(a.Must("RespondToAuthChallenge", answer))
		if verified := a.parse(result["IdToken"]).Claims[test.attribute+"_verified"]; verified != true {
			a.T.Errorf("verified is %v", verified)
		}
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func severalFactorsAreSelectedUnlessOneIsPreferred(a *account) {
	a.with(mfaPool("ON", "SMS_MFA, EMAIL_OTP"))
	a.addUser("ana")
	a.setAttributes("ana", attribute("phone_number", "+15550100123"))
	choice := a.Must("InitiateAuth", a.passwordInput("ana", password))
	if choice["ChallengeName"] != "SELECT_MFA_TYPE" || choice["ChallengeParameters"].(object)["MFAS_CAN_CHOOSE"] != `["EMAIL_OTP","SMS_MFA"]` {
		a.T.Fatalf("choice: %v", choice)
	}
	answer := a.response(choice, object{"USERNAME": "ana", "ANSWER": "SOFTWARE_TOKEN_MFA"})
	a.Refused(cognitoidp.RuleMFASelected, "InvalidParameterException", "Invalid MFA type selected.", "RespondToAuthChallenge", answer)
	answer["ChallengeResponses"].(object)["ANSWER"] = "SMS_MFA"
	challenge := a.Must("RespondToAuthChallenge", answer)
	if challenge["ChallengeName"] != "SMS_MFA" {
		a.T.Fatalf("challenge: %v", challenge)
	}
	a.result(a.Must("RespondToAuthChallenge", a.response(challenge, object{"USERNAME": "ana", "SMS_MFA_CODE": a.code("ana")})))

	preference := a.user("ana")
	preference["EmailMfaSettings"] = object{"Enabled": true, "PreferredMfa": true}
	a.Must("AdminSetUserMFAPreference", preference)
	if next := a.Must("InitiateAuth", a.passwordInput("ana", password)); next["ChallengeName"] != "EMAIL_OTP" {
		a.T.Errorf("with a preferred factor: %v", next)
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
func poolsChangeTheirMFAConfiguration(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	a.signIn("ana")
	a.Must("SetUserPoolMfaConfig", object{"UserPoolId": a.Ref("Pool"), "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": object{"Enabled": true}})
	if next := a.Must("InitiateAuth", a.passwordInput("ana", password)); next["ChallengeName"] != "MFA_SETUP" {
		a.T.Errorf("with MFA: %v", next)
	}
}

// Both at once: the temporary password first.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func newPasswordComesBeforeTheSecondFactor(a *account) {
	a.with(mfaPool("ON", "EMAIL_OTP"))
	a.addUser("ana")
	a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": "Temp0rary!"})
	admin := object{"UserPoolId": a.Ref("Pool"), "ClientId": a.Ref("Client"), "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": object{"USERNAME": "ana", "PASSWORD": "Temp0rary!"}}
	first := a.Must("AdminInitiateAuth", admin)
	if first["ChallengeName"] != "NEW_PASSWORD_REQUIRED" {
		a.T.Fatalf("first: %v", first)
	}
	answer := a.response(first, object{"USERNAME": "ana", "NEW_PASSWORD": password})
	answer["UserPoolId"] = a.Ref("Pool")
	second := a.Must("AdminRespondToAuthChallenge", answer)
	if second["ChallengeName"] != "EMAIL_OTP" {
		a.T.Fatalf("second: %v", second)
	}
	code := a.response(second, object{"USERNAME": "ana", "EMAIL_OTP_CODE": a.code("ana")})
	a.result(a.Must("RespondToAuthChallenge", code))
}

func tokensOfAnotherSecretAreRefused(a *account) {
	a.with(mfaPool("OPTIONAL", "SOFTWARE_TOKEN_MFA"))
	a.addUser("ana")
	a.enrol(a.signIn("ana")["AccessToken"])
	challenge := a.Must("InitiateAuth", a.passwordInput("ana", password))
	other := a.shows(strings.Repeat("A", 52))
	answer := a.response(challenge, object{"USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": other})
	a.Refused(cognitoidp.RuleMFACode, "CodeMismatchException", "Invalid code received for user", "RespondToAuthChallenge", answer)
}
