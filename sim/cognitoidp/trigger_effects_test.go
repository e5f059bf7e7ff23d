package cognitoidp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace"
)

// effect is a story of what one trigger does; source is the page that says so.
type effect struct {
	name, source string
	run          func(a *account)
}

func effects() []effect {
	return append(append(signUpEffects(), signInEffects()...), messageEffects()...)
}

func TestEffectsOfTriggers(t *testing.T) {
	for _, e := range effects() {
		t.Run(e.name, func(t *testing.T) {
			t.Log("source:", e.source)
			e.run(newAccount(t))
		})
	}
}

func effectStories() []func(*account) {
	var stories []func(*account)
	for _, e := range effects() {
		stories = append(stories, e.run)
	}
	return stories
}

// triggered deploys a pool with triggers.
func (a *account) triggered(properties string, triggers ...string) {
	a.T.Helper()
	if err := a.Deploy(triggerPool(properties, triggers...)); err != nil {
		a.T.Fatal(err)
	}
}

func signUpEffects() []effect {
	const preSignUpPage = guidePage + "user-pool-lambda-pre-sign-up.html"
	return []effect{
		{"pre sign-up confirms and verifies", preSignUpPage, func(a *account) {
			a.triggered("AutoVerifiedAttributes: [email]", "PreSignUp")
			a.answers("PreSignUp", object{"autoConfirmUser": true, "autoVerifyEmail": true})
			out := a.Must("SignUp", a.signUpInput("ana"))
			if out["UserConfirmed"] != true || out["CodeDeliveryDetails"] != nil {
				a.T.Errorf("SignUp answers %v", out)
			}
			claims := a.parse(a.signIn("ana")["IdToken"]).Claims
			if claims["email_verified"] != true {
				a.T.Errorf("email_verified is %v", claims["email_verified"])
			}
		}},
		{"pre sign-up cannot verify what is not there", preSignUpPage, func(a *account) {
			a.triggered("", "PreSignUp")
			a.answers("PreSignUp", object{"autoVerifyPhone": true})
			a.Refused(cognitoidp.RuleAutoVerify, "InvalidLambdaResponseException", "Attribute phone_number is required for autoVerifyPhone.", "SignUp", a.signUpInput("ana"))
		}},
		{"pre sign-up moves an alias", preSignUpPage, func(a *account) {
			a.triggered("AliasAttributes: [email]", "PreSignUp")
			a.answers("PreSignUp", object{"autoConfirmUser": true, "autoVerifyEmail": true})
			a.Must("SignUp", a.signUpInput("ana"))
			second := a.signUpInput("ben")
			second["UserAttributes"] = []any{attribute("email", "ana@example.com")}
			a.Must("SignUp", second)
			out := a.Must("InitiateAuth", a.passwordInput("ana@example.com", password))
			if got := a.parse(a.result(out)["IdToken"]).Text("cognito:username"); got != "ben" {
				a.T.Errorf("the alias is %s's", got)
			}
		}},
		{"pre sign-up's answer has no effect on users of administrators", preSignUpPage, func(a *account) {
			a.triggered("", "PreSignUp")
			a.answers("PreSignUp", object{"autoConfirmUser": true, "autoVerifyPhone": true})
			out := a.Must("AdminCreateUser", a.user("ana"))
			if status := out["User"].(object)["UserStatus"]; status != "FORCE_CHANGE_PASSWORD" {
				a.T.Errorf("the user is %v", status)
			}
			if client := a.asked()[0]["callerContext"].(object)["clientId"]; client != "CLIENT_ID_NOT_APPLICABLE" {
				a.T.Errorf("clientId is %v", client)
			}
		}},
		{"one function named in both ways", "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html", func(a *account) {
			err := a.Deploy(`
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig:
        PreTokenGeneration: ` + functionPrefix + `Tokens
        PreTokenGenerationConfig: {LambdaVersion: V2_0, LambdaArn: '` + functionPrefix + `Tokens'}
`)
			if err != nil {
				a.T.Error(err)
			}
		}},
		{"post confirmation that throws leaves the user confirmed", guidePage + "user-pool-lambda-post-confirmation.html", func(a *account) {
			a.triggered("", "PostConfirmation")
			a.throws("PostConfirmation", "no table")
			a.Must("SignUp", a.signUpInput("ana"))
			a.Refused(cognitoidp.RuleTriggerThrows, "UserLambdaValidationException", "PostConfirmation failed with error no table.", "AdminConfirmSignUp", a.user("ana"))
			if status := a.Must("AdminGetUser", a.user("ana"))["UserStatus"]; status != "CONFIRMED" {
				a.T.Errorf("the user is %v", status)
			}
		}},
	}
}

func signInEffects() []effect {
	const migrationPage = guidePage + "user-pool-lambda-migrate-user.html"
	legacyUser := object{"userAttributes": object{"email": "ana@example.com", "sub": "old"}, "finalUserStatus": "CONFIRMED"}
	return []effect{
		{"pre authentication denies before the password is looked at", guidePage + "user-pool-lambda-pre-authentication.html", func(a *account) {
			a.triggered("", "PreAuthentication")
			a.addUser("ana")
			a.throws("PreAuthentication", "blocked")
			a.Refused(cognitoidp.RuleTriggerThrows, "UserLambdaValidationException", "PreAuthentication failed with error blocked.", "InitiateAuth", a.passwordInput("ana", "wrong"))
		}},
		{"pre authentication hears of unknown users that the client hides", guidePage + "user-pool-lambda-pre-authentication.html", func(a *account) {
			hiding := strings.Replace(triggerPool("", "PreAuthentication"), "ExplicitAuthFlows", "PreventUserExistenceErrors: ENABLED\n      ExplicitAuthFlows", 1)
			if err := a.Deploy(hiding); err != nil {
				a.T.Fatal(err)
			}
			if _, err := a.Run("InitiateAuth", a.passwordInput("eve", password)); err == nil {
				a.T.Error("eve is signed in")
			}
			want := object{"userAttributes": object{}, "validationData": object{}, "userNotFound": true}
			if diff := cmp.Diff(want, a.askedOf("PreAuthentication_Authentication")); diff != "" {
				a.T.Errorf("request (-want +got):\n%s", diff)
			}
		}},
		{"post authentication denies the tokens", guidePage + "user-pool-lambda-post-authentication.html", func(a *account) {
			a.triggered("", "PostAuthentication")
			a.addUser("ana")
			a.throws("PostAuthentication", "not today")
			a.Refused(cognitoidp.RuleTriggerThrows, "UserLambdaValidationException", "PostAuthentication failed with error not today.", "InitiateAuth", a.passwordInput("ana", password))
		}},
		{"user migration stores the user with the password", migrationPage, func(a *account) {
			a.triggered("", "UserMigration")
			a.answers("UserMigration", legacyUser)
			weak := a.passwordInput("ana", "short")
			a.Must("InitiateAuth", weak)
			want := object{"password": "short", "validationData": object{}, "clientMetadata": object{}}
			if diff := cmp.Diff(want, a.askedOf("UserMigration_Authentication")); diff != "" {
				a.T.Errorf("request (-want +got):\n%s", diff)
			}
			a.Must("InitiateAuth", weak)
			if calls := len(a.asked()); calls != 0 {
				a.T.Errorf("the second sign-in asks %d times", calls)
			}
		}},
		{"user migration without CONFIRMED wants a new password", migrationPage, func(a *account) {
			a.triggered("", "UserMigration")
			a.answers("UserMigration", object{"userAttributes": object{"email": "ana@example.com"}})
			a.Refused(cognitoidp.RulePasswordReset, "PasswordResetRequiredException", "Password reset required for the user", "InitiateAuth", a.passwordInput("ana", password))
		}},
		{"user migration that finds nobody", "https://github.com/boto/boto3/issues/2747", func(a *account) {
			a.triggered("", "UserMigration")
			a.Refused(cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth", a.passwordInput("eve", password))
		}},
		{"user migration that throws", "https://github.com/aws-amplify/amplify-flutter/issues/3779", func(a *account) {
			a.triggered("", "UserMigration")
			a.throws("UserMigration", "Bad password")
			a.Refused(cognitoidp.RuleTriggerThrows, "UserLambdaValidationException", "UserMigration failed with error Bad password.", "InitiateAuth", a.passwordInput("eve", password))
		}},
		{"user migration never runs in a sign-in by SRP", migrationPage, func(a *account) {
			a.triggered("", "UserMigration")
			a.answers("UserMigration", legacyUser)
			_, err := a.Run("InitiateAuth", object{
				"AuthFlow": "USER_SRP_AUTH", "ClientId": a.Ref("Client"), "AuthParameters": object{"USERNAME": "ana", "SRP_A": strings.Repeat("a1", 384)},
			})
			if err == nil || len(a.asked()) != 0 {
				a.T.Errorf("error %v, asked %v", err, a.asked())
			}
		}},
		{"user migration at a forgotten password", migrationPage, func(a *account) {
			a.triggered("", "UserMigration", "PostConfirmation")
			a.answers("UserMigration", object{"userAttributes": object{"email": "ana@example.com", "email_verified": "true"}})
			a.Must("ForgotPassword", object{"ClientId": a.Ref("Client"), "Username": "ana", "ClientMetadata": object{"from": "web"}})
			want := object{"validationData": object{}, "clientMetadata": object{"from": "web"}}
			if diff := cmp.Diff(want, a.askedOf("UserMigration_ForgotPassword")); diff != "" {
				a.T.Errorf("request (-want +got):\n%s", diff)
			}
			a.Must("ConfirmForgotPassword", object{"ClientId": a.Ref("Client"), "Username": "ana", "Password": password, "ConfirmationCode": a.code("ana")})
			a.askedOf("PostConfirmation_ConfirmForgotPassword")
			a.signIn("ana")
		}},
		{"custom challenges", guidePage + "user-pool-lambda-challenge.html", customSignIn},
		{"custom challenges without their triggers", "https://github.com/aws-amplify/amplify-js/issues/5623", func(a *account) {
			a.triggered("")
			a.addUser("ana")
			a.Refused(cognitoidp.RuleChallengeTriggers, "InvalidParameterException", "Custom auth lambda trigger is not configured for the user pool.", "InitiateAuth", customInput(a))
		}},
	}
}

func customInput(a *account) object {
	return object{"AuthFlow": "CUSTOM_AUTH", "ClientId": a.Ref("Client"), "AuthParameters": object{"USERNAME": "ana"}}
}

// customSignIn asks a riddle twice: a wrong answer leads to another challenge,
// a second one to the end, and the right one to tokens.
func customSignIn(a *account) {
	a.T.Helper()
	a.triggered("", "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse", "PreAuthentication")
	a.addUser("ana")
	a.on("DefineAuthChallenge", func(event object) (any, error) {
		rounds := event["request"].(object)["session"].([]any)
		response := object{"challengeName": "CUSTOM_CHALLENGE"}
		if n := len(rounds); n > 0 && rounds[n-1].(object)["challengeResult"] == true {
			response = object{"issueTokens": true}
		} else if n >= 2 {
			response = object{"failAuthentication": true}
		}
		event["response"] = response
		return event, nil
	})
	a.answers("CreateAuthChallenge", object{
		"publicChallengeParameters": object{"riddle": "What is it?"}, "privateChallengeParameters": object{"answer": "42"}, "challengeMetadata": "RIDDLE",
	})
	a.on("VerifyAuthChallengeResponse", func(event object) (any, error) {
		request := event["request"].(object)
		event["response"] = object{"answerCorrect": request["privateChallengeParameters"].(object)["answer"] == request["challengeAnswer"]}
		return event, nil
	})
	answer := func(out object, text string) object {
		return object{
			"ChallengeName": "CUSTOM_CHALLENGE", "ClientId": a.Ref("Client"), "Session": out["Session"],
			"ChallengeResponses": object{"USERNAME": "ana", "ANSWER": text},
		}
	}
	out := a.Must("InitiateAuth", customInput(a))
	if diff := cmp.Diff([]any{}, a.askedOf("DefineAuthChallenge_Authentication")["session"]); diff != "" {
		a.T.Errorf("the first session (-want +got):\n%s", diff)
	}
	if riddle := out["ChallengeParameters"].(object)["riddle"]; riddle != "What is it?" {
		a.T.Errorf("the riddle is %v", riddle)
	}
	out = a.Must("RespondToAuthChallenge", answer(out, "41"))
	want := []any{object{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": "RIDDLE"}}
	if diff := cmp.Diff(want, a.askedOf("DefineAuthChallenge_Authentication")["session"]); diff != "" {
		a.T.Errorf("the second session (-want +got):\n%s", diff)
	}
	a.result(a.Must("RespondToAuthChallenge", answer(out, "42")))
	out = a.Must("RespondToAuthChallenge", answer(a.Must("InitiateAuth", customInput(a)), "41"))
	a.Refused(cognitoidp.RuleChallengeFails, "NotAuthorizedException", "Incorrect username or password.", "RespondToAuthChallenge", answer(out, "41"))
}

func messageEffects() []effect {
	const ownSender = "AutoVerifiedAttributes: [email], EmailConfiguration: {EmailSendingAccount: DEVELOPER}"
	refusedText := func(text string, rule trace.RuleID) func(a *account) {
		return func(a *account) {
			a.triggered(ownSender, "CustomMessage")
			a.answers("CustomMessage", object{"emailMessage": text, "emailSubject": "Welcome"})
			a.Refused(rule, "InvalidLambdaResponseException", "Unrecognizable lambda output", "SignUp", a.signUpInput("ana"))
		}
	}
	return []effect{
		{"custom message writes the text around the code", messagePage, func(a *account) {
			a.triggered(ownSender, "CustomMessage")
			a.answers("CustomMessage", object{"emailMessage": "Your code: {####}", "emailSubject": "Welcome"})
			a.Must("SignUp", a.signUpInput("ana"))
			sent := a.pools.Outbox(a.Ref("Pool"), "ana")[0]
			if sent.Text != "Your code: "+sent.Code || sent.Subject != "Welcome" {
				a.T.Errorf("sent %+v", sent)
			}
			request := a.askedOf("CustomMessage_SignUp")
			if request["codeParameter"] != "{####}" || request["usernameParameter"] != nil {
				a.T.Errorf("request %v", request)
			}
		}},
		{"custom message needs an own sender for e-mail", messagePage, func(a *account) {
			a.triggered("AutoVerifiedAttributes: [email]", "CustomMessage")
			a.answers("CustomMessage", object{"emailMessage": "Your code: {####}"})
			a.Refused(cognitoidp.RuleMessageSender, "InvalidLambdaResponseException", "Unrecognizable lambda output", "SignUp", a.signUpInput("ana"))
		}},
		{"custom message without the code", messagePage, refusedText("Welcome!", cognitoidp.RuleMessageCode)},
		{"custom message that is too long", messagePage, refusedText("{####}"+strings.Repeat("x", 20000), cognitoidp.RuleMessageLength)},
		{"custom sender sends in the pool's place", guidePage + "user-pool-lambda-custom-sender-triggers.html", func(a *account) {
			err := a.Deploy(`
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      AutoVerifiedAttributes: [email]
      LambdaConfig:
        KMSKeyID: arn:aws:kms:us-east-1:123456789012:key/codes
        CustomEmailSender: {LambdaVersion: V1_0, LambdaArn: '` + functionPrefix + `Sender'}
` + allFlows)
			if err != nil {
				a.T.Fatal(err)
			}
			a.on("Sender", func(object) (any, error) { return nil, errors.New("nobody waits for this") })
			a.Must("SignUp", a.signUpInput("ana"))
			if request := a.askedOf("CustomEmailSender_SignUp"); request["type"] != "customEmailSenderRequestV1" {
				a.T.Errorf("request %v", request)
			}
			if sent := a.pools.Outbox(a.Ref("Pool"), "ana"); len(sent) != 0 {
				a.T.Errorf("the pool sent %v", sent)
			}
		}},
	}
}
