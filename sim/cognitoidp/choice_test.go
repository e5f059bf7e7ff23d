package cognitoidp_test

import (
	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
)

// customPool has the three challenge triggers and a client for CUSTOM_AUTH.
func customPool() string {
	return triggerPool("AutoVerifiedAttributes: [email]", "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse") + `
  Hiding: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, PreventUserExistenceErrors: ENABLED}}
`
}

// riddle lets the triggers ask one riddle, as often as it is not solved. After
// a start with SRP_A the password comes first.
func (a *account) riddle() {
	a.on("DefineAuthChallenge", func(event object) (any, error) {
		session, _ := event["request"].(object)["session"].([]any)
		response := object{"challengeName": "CUSTOM_CHALLENGE"}
		if len(session) > 0 {
			last := session[len(session)-1].(object)
			switch {
			case last["challengeName"] == "SRP_A":
				response = object{"challengeName": "PASSWORD_VERIFIER"}
			case last["challengeName"] == "CUSTOM_CHALLENGE" && last["challengeResult"] == true:
				response = object{"issueTokens": true}
			case len(session) > 3:
				response = object{"failAuthentication": true}
			}
		}
		event["response"] = response
		return event, nil
	})
	a.answers("CreateAuthChallenge", object{"publicChallengeParameters": object{"riddle": "6 × 7?"}, "privateChallengeParameters": object{"answer": "42"}, "challengeMetadata": "RIDDLE"})
	a.on("VerifyAuthChallengeResponse", func(event object) (any, error) {
		request := event["request"].(object)
		event["response"] = object{"answerCorrect": request["challengeAnswer"] == request["privateChallengeParameters"].(object)["answer"]}
		return event, nil
	})
}

func (a *account) customInput(username string) object {
	return object{"AuthFlow": "CUSTOM_AUTH", "ClientId": a.Ref("Client"), "AuthParameters": object{"USERNAME": username}}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
func customSignInGoesAsTheTriggersSay(a *account) {
	a.with(customPool())
	a.addUser("ana")
	a.riddle()
	first := a.Must("InitiateAuth", a.customInput("ana"))
	if first["ChallengeName"] != "CUSTOM_CHALLENGE" || cmp.Diff(object{"riddle": "6 × 7?"}, first["ChallengeParameters"]) != "" {
		a.T.Fatalf("first: %v", first)
	}
	second := a.Must("RespondToAuthChallenge", a.response(first, object{"USERNAME": "ana", "ANSWER": "41"}))
	if second["ChallengeName"] != "CUSTOM_CHALLENGE" || second["Session"] == first["Session"] {
		a.T.Fatalf("second: %v", second)
	}
	a.Refused(cognitoidp.RuleSessionValid, "NotAuthorizedException", "Invalid session for the user.", "RespondToAuthChallenge",
		a.response(first, object{"USERNAME": "ana", "ANSWER": "42"}))
	a.result(a.Must("RespondToAuthChallenge", a.response(second, object{"USERNAME": "ana", "ANSWER": "42"})))
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
func customSignInCanStartWithAPassword(a *account) {
	a.with(customPool())
	a.addUser("ana")
	a.riddle()
	input := a.customInput("ana")
	parameters := input["AuthParameters"].(object)
	parameters["CHALLENGE_NAME"], parameters["SRP_A"] = "SRP_A", newSRPClient().public.Text(16)
	verifier := a.Must("InitiateAuth", input)
	if verifier["ChallengeName"] != "PASSWORD_VERIFIER" {
		a.T.Fatalf("verifier: %v", verifier)
	}
	custom := a.Must("RespondToAuthChallenge", a.proveSRP(verifier, password))
	if custom["ChallengeName"] != "CUSTOM_CHALLENGE" {
		a.T.Fatalf("custom: %v", custom)
	}
	a.result(a.Must("RespondToAuthChallenge", a.response(custom, object{"USERNAME": "ana", "ANSWER": "42"})))
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
func hiddenUsersNeverPassACustomSignIn(a *account) {
	a.with(customPool())
	a.riddle()
	a.Refused(cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth", a.customInput("eve"))
	input := a.customInput("eve")
	input["ClientId"] = a.Ref("Hiding")
	challenge := a.Must("InitiateAuth", input)
	answer := a.response(challenge, object{"USERNAME": "eve", "ANSWER": "42"})
	answer["ClientId"] = a.Ref("Hiding")
	a.Refused(cognitoidp.RuleUserExists, "NotAuthorizedException", "Incorrect username or password.", "RespondToAuthChallenge", answer)
}

// choicePool signs in by USER_AUTH, with codes by e-mail and SMS.
const choicePool = `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      MfaConfiguration: OPTIONAL
      EnabledMfas: [SOFTWARE_TOKEN_MFA]
      AutoVerifiedAttributes: [email]
      Policies: {SignInPolicy: {AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP, SMS_OTP]}}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_AUTH]}}
  Hiding: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_AUTH], PreventUserExistenceErrors: ENABLED}}
`

func (a *account) choiceInput(username, preferred string) object {
	parameters := object{"USERNAME": username}
	if preferred != "" {
		parameters["PREFERRED_CHALLENGE"] = preferred
	}
	return object{"AuthFlow": "USER_AUTH", "ClientId": a.Ref("Client"), "AuthParameters": parameters}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
func usersChooseTheFirstFactor(a *account) {
	a.with(choicePool)
	a.addUser("ana")
	choose := func(responses object) object {
		choice := a.Must("InitiateAuth", a.choiceInput("ana", ""))
		if choice["ChallengeName"] != "SELECT_CHALLENGE" || cmp.Diff([]any{"PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"}, choice["AvailableChallenges"]) != "" {
			a.T.Fatalf("choice: %v", choice)
		}
		responses["USERNAME"] = "ana"
		return a.response(choice, responses)
	}
	a.Refused(cognitoidp.RuleChallengeSelected, "InvalidParameterException", "Challenge SMS_OTP is not available.", "RespondToAuthChallenge", choose(object{"ANSWER": "SMS_OTP"}))
	a.result(a.Must("RespondToAuthChallenge", choose(object{"ANSWER": "PASSWORD", "PASSWORD": password})))
	two := a.Must("RespondToAuthChallenge", choose(object{"ANSWER": "PASSWORD"}))
	a.result(a.Must("RespondToAuthChallenge", a.response(two, object{"USERNAME": "ana", "PASSWORD": password})))
	srp := a.Must("RespondToAuthChallenge", choose(object{"ANSWER": "PASSWORD_SRP"}))
	verifier := a.Must("RespondToAuthChallenge", a.response(srp, object{"USERNAME": "ana", "SRP_A": newSRPClient().public.Text(16)}))
	a.result(a.Must("RespondToAuthChallenge", a.proveSRP(verifier, password)))
	mailed := a.Must("RespondToAuthChallenge", choose(object{"ANSWER": "EMAIL_OTP"}))
	a.result(a.Must("RespondToAuthChallenge", a.response(mailed, object{"USERNAME": "ana", "EMAIL_OTP_CODE": a.code("ana")})))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
func preferredFirstFactorIsAskedAtOnce(a *account) {
	a.with(choicePool)
	a.addUser("ana")
	a.setAttributes("ana", attribute("phone_number", "+15550100123"))
	texted := a.Must("InitiateAuth", a.choiceInput("ana", "SMS_OTP"))
	if texted["ChallengeName"] != "SMS_OTP" {
		a.T.Fatalf("texted: %v", texted)
	}
	a.result(a.Must("RespondToAuthChallenge", a.response(texted, object{"USERNAME": "ana", "SMS_OTP_CODE": a.code("ana")})))

	a.Refused(cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth", a.choiceInput("eve", "PASSWORD"))
	hidden := a.choiceInput("eve", "PASSWORD")
	hidden["ClientId"] = a.Ref("Hiding")
	asked := a.Must("InitiateAuth", hidden)
	answer := a.response(asked, object{"USERNAME": "eve", "PASSWORD": password})
	answer["ClientId"] = a.Ref("Hiding")
	a.Refused(cognitoidp.RuleUserExists, "NotAuthorizedException", "Incorrect username or password.", "RespondToAuthChallenge", answer)
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
func oneTimePasswordConfirmsTheUser(a *account) {
	a.with(choicePool)
	a.Must("SignUp", a.signUpInput("bob"))
	mailed := a.Must("InitiateAuth", a.choiceInput("bob", "EMAIL_OTP"))
	a.result(a.Must("RespondToAuthChallenge", a.response(mailed, object{"USERNAME": "bob", "EMAIL_OTP_CODE": a.code("bob")})))
	if status := a.Must("AdminGetUser", a.user("bob"))["UserStatus"]; status != "CONFIRMED" {
		a.T.Errorf("status is %v", status)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
func usersWithMFASignInWithThePassword(a *account) {
	a.with(choicePool)
	a.addUser("ana")
	choice := a.Must("InitiateAuth", a.choiceInput("ana", "PASSWORD"))
	a.enrol(a.result(a.Must("RespondToAuthChallenge", a.response(choice, object{"USERNAME": "ana", "PASSWORD": password})))["AccessToken"])
	choice = a.Must("InitiateAuth", a.choiceInput("ana", "EMAIL_OTP"))
	if cmp.Diff([]any{"PASSWORD", "PASSWORD_SRP"}, choice["AvailableChallenges"]) != "" {
		a.T.Errorf("choice: %v", choice)
	}
}
