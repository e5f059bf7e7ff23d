package cognitoidp

import (
	"slices"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// The first factors that USER_AUTH offers, and the challenge that asks which.
const (
	selectChallenge = "SELECT_CHALLENGE"
	byPassword      = "PASSWORD"
	bySRP           = "PASSWORD_SRP"
	smsOTP          = "SMS_OTP"
)

// signInPolicy is a pool's SignInPolicy:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignInPolicyType.html
type signInPolicy struct {
	AllowedFirstAuthFactors []string `aws:"enum=PASSWORD|EMAIL_OTP|SMS_OTP|WEB_AUTHN" json:",omitempty"`
}

// check refuses a one-time code as the first factor where MFA is required; AWS
// documents this without the wording of the error.
func (policy signInPolicy) check(span *trace.Span, m multiFactor) error {
	if len(policy.codes()) == 0 {
		return nil
	}
	if !span.Decide(RuleFirstFactors, m.configuration != "ON", "one-time codes to sign in where MFA is not required", "MFA is "+m.configuration) {
		return awserr.New("InvalidParameterException", "One-time passwords cannot be the first factor where MFA is required.")
	}
	return nil
}

// codes are the factors by which users sign in with a code that is sent.
func (policy signInPolicy) codes() []string {
	var codes []string
	for _, factor := range []string{emailOTP, smsOTP} {
		if slices.Contains(policy.AllowedFirstAuthFactors, factor) {
			codes = append(codes, factor)
		}
	}
	return codes
}

// beginByChoice offers the first factors that the pool and the user have:
//
//  1. the user exists; an app client that must not learn this is offered the
//     password
//  2. a sign-up that was just confirmed is good for a factor
//  3. the preferred factor is asked, when it is on offer
//  4. the user selects
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
func beginByChoice(s *UserPools, a *attempt) (*question, error) {
	a.user = a.client.pool.find(a.parameters["USERNAME"])
	if a.client.hidesUnknownUsers() {
		a.span.Note(RuleUserHidden, a.user != nil, "a user of this name", existence(a.user != nil)+pretence(a.user))
	} else if !a.span.Decide(RuleUserExists, a.user != nil, "a user of this name", existence(a.user != nil)) { // 1
		return nil, unknownUser(a.client)
	}
	if a.signUp != "" { // 2
		return nil, s.goOnFromSignUp(a)
	}
	a.notePasskeys()
	offered := a.client.pool.firstFactors(a.user)
	preferred := a.parameters["PREFERRED_CHALLENGE"]
	if a.span.Note(RulePreferredChallenge, slices.Contains(offered, preferred), "PREFERRED_CHALLENGE of "+strings.Join(offered, ", "), phrase(strings.Fields(preferred), "none")) { // 3
		return s.askFirstFactor(a, preferred)
	}
	return &question{name: selectChallenge, parameters: map[string]string{"USERNAME": a.parameters["USERNAME"]}, available: offered}, nil // 4
}

// firstFactors are those on offer to a user: the password to who has one, then
// codes, then passkeys. A user with a second factor signs in with the password,
// because a code cannot be both. AWS documents no order.
func (p *pool) firstFactors(u *user) []string {
	var offered []string
	if u == nil || u.password != "" || u.status == statusResetRequired {
		offered = []string{byPassword, bySRP}
	}
	if u == nil {
		return offered
	}
	for _, code := range p.settings.Policies.SignInPolicy.codes() {
		if u.attributes[codeAttribute(code)] != "" && len(p.factorsOf(u)) == 0 {
			offered = append(offered, code)
		}
	}
	if p.offersPasskeys(u) {
		offered = append(offered, webAuthn)
	}
	return offered
}

// codeAttribute is the attribute that the codes of a first factor go to.
func codeAttribute(factor string) string {
	if factor == smsOTP {
		return "phone_number"
	}
	return "email"
}

// askFirstFactor asks for a factor on offer, or takes the answer when it came
// along: PASSWORD or SRP_A beside the choice.
func (s *UserPools) askFirstFactor(a *attempt, factor string) (*question, error) {
	switch {
	case factor == byPassword && a.parameters["PASSWORD"] != "":
		return answerPassword(s, a)
	case factor == bySRP && a.parameters["SRP_A"] != "":
		return s.askProofOf(a, a.parameters["SRP_A"])
	case factor == byPassword, factor == bySRP:
		return &question{name: factor, parameters: map[string]string{"USERNAME": a.parameters["USERNAME"]}}, nil
	}
	if err := checkEnabledUser(a.span, a.user); err != nil {
		return nil, err
	}
	if factor == webAuthn {
		return s.askPasskey(a)
	}
	return s.askCode(a, factor, codeAttribute(factor))
}

// answerChoice goes on with the factor that the user selected.
func answerChoice(s *UserPools, a *attempt) (*question, error) {
	offered, answer := a.client.pool.firstFactors(a.user), a.parameters["ANSWER"]
	if !a.span.Decide(RuleChallengeSelected, slices.Contains(offered, answer), "one of "+strings.Join(offered, ", "), answer) {
		return nil, awserr.New("InvalidParameterException", "Challenge %s is not available.", answer)
	}
	return s.askFirstFactor(a, answer)
}

func answerPassword(s *UserPools, a *attempt) (*question, error) {
	u := a.user
	if !a.span.Decide(RuleUserExists, u != nil, "a user of this name", existence(u != nil)) {
		return nil, unknownUser(a.client)
	}
	return nil, s.admit(a, u, proof{
		rule: RulePassword, wanted: "the user's password", right: u.password != "" && u.password == a.parameters["PASSWORD"],
	})
}

func answerSRPA(s *UserPools, a *attempt) (*question, error) {
	return s.askProofOf(a, a.parameters["SRP_A"])
}

func answerSMSOTP(s *UserPools, a *attempt) (*question, error) {
	return s.takeCode(a, smsOTP, a.parameters["SMS_OTP_CODE"])
}
