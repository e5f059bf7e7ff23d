package cognitoidp

import (
	"fmt"
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
	if slices.Contains(policy.AllowedFirstAuthFactors, "WEB_AUTHN") {
		return fmt.Errorf("AllowedFirstAuthFactors WEB_AUTHN: AWS has it, the simulation does not")
	}
	codes := slices.Contains(policy.AllowedFirstAuthFactors, emailOTP) || slices.Contains(policy.AllowedFirstAuthFactors, smsOTP)
	if !codes {
		return nil
	}
	if !span.Decide(RuleFirstFactors, m.configuration != "ON", "one-time codes to sign in where MFA is not required", "MFA is "+m.configuration) {
		return awserr.New("InvalidParameterException", "One-time passwords cannot be the first factor where MFA is required.")
	}
	return nil
}

// beginByChoice offers the first factors that the pool and the user have:
//
//  1. the user exists; an app client that must not learn this is offered the
//     password
//  2. the preferred factor is asked, when it is on offer
//  3. the user selects
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
func beginByChoice(s *UserPools, a *attempt) (*question, error) {
	a.user = a.client.pool.find(a.parameters["USERNAME"])
	if a.client.hidesUnknownUsers() {
		a.span.Note(RuleUserHidden, a.user != nil, "a user of this name", existence(a.user != nil)+pretence(a.user))
	} else if !a.span.Decide(RuleUserExists, a.user != nil, "a user of this name", existence(a.user != nil)) { // 1
		return nil, unknownUser(a.client)
	}
	offered := a.client.pool.firstFactors(a.user)
	preferred := a.parameters["PREFERRED_CHALLENGE"]
	if a.span.Note(RulePreferredChallenge, slices.Contains(offered, preferred), "PREFERRED_CHALLENGE of "+strings.Join(offered, ", "), phrase(strings.Fields(preferred), "none")) { // 2
		return s.askFirstFactor(a, preferred)
	}
	return &question{name: selectChallenge, parameters: map[string]string{"USERNAME": a.parameters["USERNAME"]}, available: offered}, nil // 3
}

// firstFactors are those on offer to a user. A user with a second factor signs
// in with the password, because a code cannot be both.
func (p *pool) firstFactors(u *user) []string {
	offered := []string{byPassword, bySRP}
	if u == nil || len(p.factorsOf(u)) > 0 {
		return offered
	}
	for _, code := range []struct{ factor, attribute string }{{emailOTP, "email"}, {smsOTP, "phone_number"}} {
		if slices.Contains(p.settings.Policies.SignInPolicy.AllowedFirstAuthFactors, code.factor) && u.attributes[code.attribute] != "" {
			offered = append(offered, code.factor)
		}
	}
	return offered
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
	attribute := "email"
	if factor == smsOTP {
		attribute = "phone_number"
	}
	return s.askCode(a, factor, attribute)
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
