package cognitoidp_test

import (
	"errors"
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

func choiceBehaviours() []behaviour {
	return []behaviour{
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
