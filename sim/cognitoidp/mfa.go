package cognitoidp

import (
	"slices"
	"strings"

	"claimcheck/sim/awserr"
)

// The second factors, under the names that the API gives them everywhere, and
// the challenges about them.
const (
	smsMFA           = "SMS_MFA"
	softwareTokenMFA = "SOFTWARE_TOKEN_MFA"
	emailOTP         = "EMAIL_OTP"
	selectMFAType    = "SELECT_MFA_TYPE"
	mfaSetup         = "MFA_SETUP"
)

// userFactors are a user's second factors.
type userFactors struct {
	// chosen are those that the user has switched on, sorted.
	chosen []string
	// preferred is "" when the user prefers none.
	preferred string
	// passkey is set when the user counts a passkey as MFA.
	passkey bool
	// token is the user's authenticator app, nil before it is verified.
	token *softwareToken
}

// factorsOf are the factors that a user can be asked for: those that the user
// has chosen, and those that are implied.
func (p *pool) factorsOf(u *user) []string {
	var factors []string
	for _, factor := range p.mfa.factors {
		if p.implies(u, factor) || slices.Contains(u.factors.chosen, factor) {
			factors = append(factors, factor)
		}
	}
	return factors
}

// implies reports whether a user has a factor without having chosen it: where
// MFA is required a phone number or an email address is one.
func (p *pool) implies(u *user, factor string) bool {
	return p.mfa.configuration == "ON" && factor != softwareTokenMFA && u.attributes[attributeOf(factor)] != ""
}

// attributeOf is the attribute that a factor's codes go to, "" for an
// authenticator app.
func attributeOf(factor string) string {
	switch factor {
	case smsMFA:
		return "phone_number"
	case emailOTP:
		return "email"
	default:
		return ""
	}
}

// secondFactorDue is the challenge for a second factor:
//
//  1. the pool has MFA, and the sign-in has shown neither a factor nor a
//     remembered device; a custom sign-in without a password has triggers
//     instead
//  2. the user has a factor; with ON a user without one sets it up
//  3. of several the preferred one is asked, or the user selects
func (s *UserPools) secondFactorDue(a *attempt) (*question, error) {
	p := a.client.pool
	triggers := a.progress.custom != nil && a.progress.custom.srpA == ""
	if p.mfa.configuration == "OFF" || a.progress.secondFactor || triggers || a.devicePasses() { // 1
		return nil, nil
	}
	factors := p.factorsOf(a.user)
	required := p.mfa.configuration == "ON"
	for _, factor := range factors {
		chosen := slices.Contains(a.user.factors.chosen, factor)
		a.span.Note(RuleMFAImplied, chosen, factor+" that the user has chosen", chosenOrImplied(chosen, factor))
	}
	a.span.Note(RuleMFADue, !required && len(factors) == 0, "a sign-in that needs no second factor", "MFA is "+p.mfa.configuration+", the user has "+phrase(factors, "no factor"))
	switch { // 2
	case len(factors) == 0 && !required:
		return nil, nil
	case len(factors) == 0:
		return &question{name: mfaSetup, parameters: map[string]string{"MFAS_CAN_SETUP": jsonText(p.mfa.factors), "USER_ID_FOR_SRP": a.user.username}}, nil
	case slices.Contains(factors, a.user.factors.preferred): // 3
		return s.askFactor(a, a.user.factors.preferred)
	case len(factors) == 1:
		return s.askFactor(a, factors[0])
	default:
		return &question{name: selectMFAType, parameters: map[string]string{"MFAS_CAN_CHOOSE": jsonText(factors), "USER_ID_FOR_SRP": a.user.username}}, nil
	}
}

func chosenOrImplied(chosen bool, factor string) string {
	if chosen {
		return "chosen"
	}
	return "implied by " + attributeOf(factor)
}

// askFactor asks for one factor, after sending its code.
func (s *UserPools) askFactor(a *attempt, factor string) (*question, error) {
	if factor == softwareTokenMFA {
		return &question{name: factor, parameters: map[string]string{
			"FRIENDLY_DEVICE_NAME": a.user.factors.token.device, "USER_ID_FOR_SRP": a.user.username,
		}}, nil
	}
	return s.askCode(a, factor, attributeOf(factor))
}

// askCode sends a code to an attribute of the user and asks for it.
func (s *UserPools) askCode(a *attempt, challenge, attribute string) (*question, error) {
	a.progress.sent = s.newCode(attribute, a.client.sessionValidity())
	l := letter{span: a.span, pool: a.client.pool, client: a.client, user: a.user, reason: "Authentication", metadata: a.answerMetadata()}
	sent, err := s.deliver(l, a.progress.sent)
	if err != nil {
		return nil, err
	}
	return &question{name: challenge, parameters: map[string]string{
		"CODE_DELIVERY_DELIVERY_MEDIUM": sent.DeliveryMedium,
		"CODE_DELIVERY_DESTINATION":     sent.Destination,
		"USER_ID_FOR_SRP":               a.user.username,
	}}, nil
}

func answerSMS(s *UserPools, a *attempt) (*question, error) {
	return s.takeCode(a, smsMFA, a.parameters["SMS_MFA_CODE"])
}

func answerEmail(s *UserPools, a *attempt) (*question, error) {
	return s.takeCode(a, emailOTP, a.parameters["EMAIL_OTP_CODE"])
}

// takeCode checks the code of a message; the right one verifies the attribute
// that it went to, and confirms a user who signed up:
//
//  1. failed attempts have not locked the user
//  2. it is the code that was sent
func (s *UserPools) takeCode(a *attempt, challenge, answer string) (*question, error) {
	if err := s.checkLock(a.span, a.user); err != nil { // 1
		return nil, err
	}
	right := answer == a.progress.sent.value
	if !a.span.Decide(RuleMFACode, right, "the code that was sent", sameOrNot(right)) { // 2
		a.user.failures.fail(s.world.Now())
		return nil, awserr.New("CodeMismatchException", "Invalid code or auth state for the user.")
	}
	if a.user.status == statusUnconfirmed {
		a.user.status, a.user.code = statusConfirmed, nil
	}
	a.user.attributes[a.progress.sent.attribute+"_verified"] = "true"
	a.progress.secondFactor = true
	return s.shown(a, challenge)
}

// answerSoftwareToken checks the code of an authenticator app:
//
//  1. failed attempts have not locked the user
//  2. the code is right
//  3. the code was not used before
func answerSoftwareToken(s *UserPools, a *attempt) (*question, error) {
	if err := s.checkLock(a.span, a.user); err != nil { // 1
		return nil, err
	}
	token, answer := a.user.factors.token, a.parameters["SOFTWARE_TOKEN_MFA_CODE"]
	right := token.accepts(answer, s.world.Now())
	if !a.span.Decide(RuleMFACode, right, "the code that the authenticator app shows", sameOrNot(right)) { // 2
		a.user.failures.fail(s.world.Now())
		return nil, awserr.New("CodeMismatchException", "Invalid code received for user")
	}
	fresh := token.used != answer
	if !a.span.Decide(RuleMFAOnce, fresh, "a code for the first time", usedOrNot(fresh)) { // 3
		return nil, awserr.New("ExpiredCodeException", "Your software token has already been used once.")
	}
	token.used = answer
	a.progress.secondFactor = true
	return s.shown(a, softwareTokenMFA)
}

func usedOrNot(fresh bool) string {
	if fresh {
		return "not used before"
	}
	return "used before"
}

// answerMFAType goes on with the factor that the user selected.
func answerMFAType(s *UserPools, a *attempt) (*question, error) {
	factors := a.client.pool.factorsOf(a.user)
	answer := a.parameters["ANSWER"]
	if !a.span.Decide(RuleMFASelected, slices.Contains(factors, answer), "one of "+strings.Join(factors, ", "), answer) {
		return nil, awserr.New("InvalidParameterException", "Invalid MFA type selected.")
	}
	return s.askFactor(a, answer)
}
