package cognitoidp

import (
	"fmt"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// A sign-up that leads to a sign-in has sessions as sign-ins have, and waits in
// them for one of two things.
const (
	awaitsConfirmation = "ConfirmSignUp"
	awaitsSignIn       = "InitiateAuth"
)

// The rules of sign-ups that lead to a sign-in.
const (
	RuleSignUpSession trace.RuleID = "cognito-idp.sign-up.session"
	RulePasswordless  trace.RuleID = "cognito-idp.sign-up.passwordless"
)

func signUpSessionRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleSignUpSession, Statement: "The Session of SignUp, passed to ConfirmSignUp and from there to InitiateAuth with USER_AUTH, signs the new user in without asking for anything again.", Source: reference + "API_InitiateAuth.html", Confidence: trace.Documented},
		{ID: RulePasswordless, Statement: "Users sign up without a password where AllowedFirstAuthFactors has EMAIL_OTP or SMS_OTP.", Source: reference + "API_SignUp.html", Confidence: trace.Documented},
	}
}

// openSignUp returns the session of a sign-up whose user has to be confirmed.
// That only app clients with USER_AUTH get one, for which alone it is of use, is
// inferred.
func (s *UserPools) openSignUp(c *client, u *user) string {
	if !c.allows("ALLOW_USER_AUTH") {
		return ""
	}
	name := s.world.Token(128, api.Alphanumeric)
	s.sessions[name] = &session{client: c, user: u, challenge: awaitsConfirmation, expires: s.world.Now().Add(c.sessionValidity()), progress: &progress{}}
	return name
}

// checkSignUp refuses a session that is not the one of the user's sign-up; "" is
// none and good. What AWS says to another is inferred from challenges.
func (s *UserPools) checkSignUp(span *trace.Span, c *client, u *user, name string) error {
	if name == "" {
		return nil
	}
	return s.findSignUp(span, c, u, name, awaitsConfirmation)
}

func (s *UserPools) findSignUp(span *trace.Span, c *client, u *user, name, awaits string) error {
	waiting, ok := s.sessions[name]
	ok = ok && waiting.client == c && waiting.user == u && waiting.challenge == awaits
	if !span.Decide(RuleSignUpSession, ok, "the session of the user's sign-up", existence(ok)) {
		return awserr.New("NotAuthorizedException", "Invalid session for the user.")
	}
	return s.checkInTime(span, waiting, name)
}

// renewSignUp gives the session of a confirmed sign-up the name under which it
// is good for a sign-in; "" stays as it is.
func (s *UserPools) renewSignUp(name string) string {
	next := s.renew(name)
	if next != "" {
		confirmed := s.sessions[next]
		confirmed.challenge, confirmed.expires = awaitsSignIn, s.world.Now().Add(confirmed.client.sessionValidity())
	}
	return next
}

// noteStart keeps what comes along with the start of a sign-in.
func (a *attempt) noteStart() error {
	if a.signUp != "" && a.progress.flow != "USER_AUTH" {
		return fmt.Errorf("member Session with AuthFlow %s: what AWS does is not known; it is for USER_AUTH", a.progress.flow)
	}
	return a.noteDevice()
}

// goOnFromSignUp signs in who has just confirmed a sign-up, once. The code of the
// sign-up counts as what was shown, also where MFA is required:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
func (s *UserPools) goOnFromSignUp(a *attempt) error {
	if err := s.findSignUp(a.span, a.client, a.user, a.signUp, awaitsSignIn); err != nil {
		return err
	}
	delete(s.sessions, a.signUp)
	a.progress.secondFactor = true
	return checkEnabledUser(a.span, a.user)
}
