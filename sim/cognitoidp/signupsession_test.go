package cognitoidp_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidp"
)

// signedUp is the session of bob, who has signed up.
func (a *account) signedUp() any {
	a.T.Helper()
	return a.Must("SignUp", a.signUpInput("bob"))["Session"]
}

func (a *account) confirmInput(username string, session any) object {
	a.T.Helper()
	return object{"ClientId": a.Ref("Client"), "Username": username, "ConfirmationCode": a.code(username), "Session": session}
}

// goOn starts a sign-in with a session of a sign-up.
func (a *account) goOn(username string, session any) object {
	input := a.choiceInput(username, "")
	input["Session"] = session
	return input
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
func signUpGoesOverIntoASignIn(a *account) {
	a.with(choicePool)
	session := a.signedUp()
	confirmed := a.Must("ConfirmSignUp", a.confirmInput("bob", session))["Session"]
	result := a.result(a.Must("InitiateAuth", a.goOn("bob", confirmed)))
	if got := a.parse(result["IdToken"]).Text("cognito:username"); got != "bob" || confirmed == session {
		a.T.Errorf("signed in as %q with the session %v", got, confirmed)
	}
	a.Refused(cognitoidp.RuleSignUpSession, "NotAuthorizedException", "Invalid session for the user.", "InitiateAuth", a.goOn("bob", confirmed))
}

// A session is for app clients that can go on with it.
func signUpWithoutUserAuthHasNoSession(a *account) {
	a.with(plainPool)
	if session := a.signedUp(); session != nil {
		a.T.Errorf("SignUp returned the session %v", session)
	}
	if out := a.Must("ConfirmSignUp", object{"ClientId": a.Ref("Client"), "Username": "bob", "ConfirmationCode": a.code("bob")}); len(out) > 0 {
		a.T.Errorf("ConfirmSignUp returned %v", out)
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
func usersWithoutPasswordSignInByCode(a *account) {
	a.with(choicePool)
	input := a.signUpInput("bob")
	delete(input, "Password")
	session := a.Must("SignUp", input)["Session"]
	a.Must("ConfirmSignUp", a.confirmInput("bob", session))
	choice := a.challenged(a.Must("InitiateAuth", a.choiceInput("bob", "PASSWORD")), "SELECT_CHALLENGE")
	if diff := cmp.Diff([]any{"EMAIL_OTP"}, choice["AvailableChallenges"]); diff != "" {
		a.T.Error(diff)
	}
	mailed := a.challenged(a.Must("InitiateAuth", a.choiceInput("bob", "EMAIL_OTP")), "EMAIL_OTP")
	a.result(a.Must("RespondToAuthChallenge", a.response(mailed, object{"USERNAME": "bob", "EMAIL_OTP_CODE": a.code("bob")})))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func choiceAndAnswerComeInOneStep(a *account) {
	a.with(choicePool)
	a.addUser("ana")
	public := newSRPClient().public.Text(16)
	start := func(preferred string, more object) object {
		input := a.choiceInput("ana", preferred)
		maps.Copy(input["AuthParameters"].(object), more)
		return a.Must("InitiateAuth", input)
	}
	a.result(start("PASSWORD", object{"PASSWORD": password}))
	verifier := a.challenged(start("PASSWORD_SRP", object{"SRP_A": public}), "PASSWORD_VERIFIER")
	a.result(a.Must("RespondToAuthChallenge", a.proveSRP(verifier, password)))
	asked := a.challenged(start("PASSWORD_SRP", nil), "PASSWORD_SRP")
	a.challenged(a.Must("RespondToAuthChallenge", a.response(asked, object{"USERNAME": "ana", "SRP_A": public})), "PASSWORD_VERIFIER")
	choice := a.challenged(start("A_KISS", nil), "SELECT_CHALLENGE")
	a.challenged(a.Must("RespondToAuthChallenge", a.response(choice, object{"USERNAME": "ana", "ANSWER": "PASSWORD_SRP", "SRP_A": public})), "PASSWORD_VERIFIER")
}

// Servers let users choose too:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html
func serversOfferAChoice(a *account) {
	a.with(choicePool)
	a.addUser("ana")
	input := a.choiceInput("ana", "EMAIL_OTP")
	input["UserPoolId"] = a.Ref("Pool")
	mailed := a.challenged(a.Must("AdminInitiateAuth", input), "EMAIL_OTP")
	answer := a.response(mailed, object{"USERNAME": "ana", "EMAIL_OTP_CODE": a.code("ana")})
	answer["UserPoolId"] = a.Ref("Pool")
	a.result(a.Must("AdminRespondToAuthChallenge", answer))
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
func secondFactorFollowsTheChosenPassword(a *account) {
	a.with(choicePool)
	a.addUser("ana")
	input := a.choiceInput("ana", "PASSWORD")
	input["AuthParameters"].(object)["PASSWORD"] = password
	secret := a.enrol(a.result(a.Must("InitiateAuth", input))["AccessToken"])
	code := a.challenged(a.Must("InitiateAuth", input), "SOFTWARE_TOKEN_MFA")
	a.result(a.Must("RespondToAuthChallenge", a.response(code, object{"USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": a.shows(secret)})))
}

// Custom challenges are exempt from the lock:
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html
func wrongCustomAnswersLockNobody(a *account) {
	a.with(customPool())
	a.addUser("ana")
	a.riddle()
	for range 6 {
		asked := a.Must("InitiateAuth", a.customInput("ana"))
		a.challenged(a.Must("RespondToAuthChallenge", a.response(asked, object{"USERNAME": "ana", "ANSWER": "41"})), "CUSTOM_CHALLENGE")
	}
	a.result(a.Must("RespondToAuthChallenge", a.proveSRP(a.Must("InitiateAuth", a.srpInput("ana")), password)))
}

func choiceBehaviours() []behaviour {
	return []behaviour{
		{"choice and answer come in one step", choiceAndAnswerComeInOneStep},
		{"servers offer a choice", serversOfferAChoice},
		{"a second factor follows the chosen password", secondFactorFollowsTheChosenPassword},
		{"wrong custom answers lock nobody", wrongCustomAnswersLockNobody},
		{"a sign-up goes over into a sign-in", signUpGoesOverIntoASignIn},
		{"a sign-up without USER_AUTH has no session", signUpWithoutUserAuthHasNoSession},
		{"users without a password sign in by code", usersWithoutPasswordSignInByCode},
	}
}

// choiceRefusals are those of sign-ups that lead to a sign-in.
func choiceRefusals() []refusal {
	const invalid = "Invalid session for the user."
	return []refusal{
		{
			"a taken username, though the client hides users", guide + "cognito-user-pool-managing-errors.html", "",
			cognitoidp.RuleUsernameFree, "UsernameExistsException", "User already exists", "SignUp",
			func(a *account) object {
				input := a.signUpInput("ana")
				input["ClientId"] = a.Ref("Hiding")
				return input
			},
		}, {
			"the session of another sign-up", reference + "API_ConfirmSignUp.html", choicePool,
			cognitoidp.RuleSignUpSession, "NotAuthorizedException", invalid, "ConfirmSignUp",
			func(a *account) object {
				session := a.signedUp()
				a.Must("SignUp", a.signUpInput("carl"))
				return a.confirmInput("carl", session)
			},
		}, {
			"a sign-in with the session of SignUp", reference + "API_InitiateAuth.html", choicePool,
			cognitoidp.RuleSignUpSession, "NotAuthorizedException", invalid, "InitiateAuth",
			func(a *account) object {
				session := a.signedUp()
				a.Must("ConfirmSignUp", a.confirmInput("bob", nil))
				return a.goOn("bob", session)
			},
		}, {
			"a sign-in with another user's sign-up", reference + "API_InitiateAuth.html", choicePool,
			cognitoidp.RuleSignUpSession, "NotAuthorizedException", invalid, "InitiateAuth",
			func(a *account) object {
				confirmed := a.Must("ConfirmSignUp", a.confirmInput("bob", a.signedUp()))["Session"]
				return a.goOn("ana", confirmed)
			},
		}, {
			"a sign-in with a sign-up that is too old", reference + "API_InitiateAuth.html", choicePool,
			cognitoidp.RuleSessionValid, "NotAuthorizedException", "Invalid session for the user, session is expired.", "InitiateAuth",
			func(a *account) object {
				confirmed := a.Must("ConfirmSignUp", a.confirmInput("bob", a.signedUp()))["Session"]
				a.wait(3 * time.Minute)
				return a.goOn("bob", confirmed)
			},
		}, {
			"no password where there are no codes", reference + "API_SignUp.html", plainPool,
			cognitoidp.RulePasswordPolicy, "InvalidPasswordException", "Password did not conform with policy: Password not long enough", "SignUp",
			func(a *account) object {
				input := a.signUpInput("bob")
				delete(input, "Password")
				return input
			},
		},
	}
}

// What AWS does with the session of a sign-up in another flow is not documented.
func TestSessionsOfSignUpsAreForUserAuth(t *testing.T) {
	a := deployed(t, plainPool)
	a.addUser("ana")
	input := a.passwordInput("ana", password)
	input["Session"] = "of a sign-up"
	_, err := a.Run("InitiateAuth", input)
	var refusal *awserr.Error
	if err == nil || errors.As(err, &refusal) {
		t.Errorf("got %v", err)
	}
}
