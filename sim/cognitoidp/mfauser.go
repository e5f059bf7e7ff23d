package cognitoidp

import (
	"fmt"
	"slices"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// softwareToken is an authenticator app (RFC 6238).
type softwareToken struct {
	secret, device string
	// used is the code that was taken last: it is not taken again.
	used string
}

// accepts reports whether the app shows the code now, or did so or will within
// half a minute.
func (t *softwareToken) accepts(answer string, now time.Time) bool {
	right, err := totp.ValidateCustom(answer, t.secret, now, totp.ValidateOpts{Period: 30, Skew: 1, Digits: otp.DigitsSix})
	return right && err == nil
}

type associateSoftwareTokenInput struct {
	AccessToken string
	Session     string
}

type associateSoftwareTokenOutput struct {
	SecretCode string
	Session    string `json:",omitempty"`
}

// associateSoftwareToken hands out the secret of a new authenticator app. It
// takes the place of the old one when it is verified.
func (s *UserPools) associateSoftwareToken(c api.Context, in associateSoftwareTokenInput) (associateSoftwareTokenOutput, error) {
	e, err := s.enrolling(c.Span, in.AccessToken, in.Session)
	if err != nil {
		return associateSoftwareTokenOutput{}, err
	}
	const length = 52
	e.user.enrolment = &softwareToken{secret: s.world.Token(length, api.UpperAlphanumeric)}
	return associateSoftwareTokenOutput{SecretCode: e.user.enrolment.secret, Session: s.renew(in.Session)}, nil
}

// enrolment is a user who adds an authenticator app: signed in, or held up by
// MFA_SETUP with the sign-in's progress.
type enrolment struct {
	user     *user
	pool     *pool
	progress *progress
}

// enrolling finds the user who adds an authenticator app:
//
//  1. the access token is good, or MFA_SETUP waits in the session
//  2. the pool has authenticator apps
func (s *UserPools) enrolling(span *trace.Span, accessToken, sessionToken string) (enrolment, error) {
	e, err := s.enrollee(span, accessToken, sessionToken) // 1
	if err != nil {
		return enrolment{}, err
	}
	has := e.pool.mfa.has(softwareTokenMFA)
	if !span.Decide(RuleMFAFactor, has, softwareTokenMFA+" in the pool", phrase(e.pool.mfa.factors, "no factor")) { // 2
		return enrolment{}, awserr.New("SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool")
	}
	return e, nil
}

func (s *UserPools) enrollee(span *trace.Span, accessToken, sessionToken string) (enrolment, error) {
	if sessionToken == "" {
		in, err := s.bearer(span, accessToken)
		if err != nil {
			return enrolment{}, err
		}
		return enrolment{user: in.user, pool: in.client.pool, progress: &progress{}}, nil
	}
	waiting, ok := s.sessions[sessionToken]
	ok = ok && waiting.challenge == mfaSetup
	if !span.Decide(RuleSessionValid, ok, "a session of MFA_SETUP", existence(ok)) {
		return enrolment{}, awserr.New("NotAuthorizedException", "Invalid session for the user.")
	}
	if err := s.checkInTime(span, waiting, sessionToken); err != nil {
		return enrolment{}, err
	}
	return enrolment{user: waiting.user, pool: waiting.client.pool, progress: waiting.progress}, nil
}

// renew gives a session its next token; "" stays as it is.
func (s *UserPools) renew(token string) string {
	waiting, ok := s.sessions[token]
	if !ok {
		return ""
	}
	delete(s.sessions, token)
	next := s.world.Token(128, api.Alphanumeric)
	s.sessions[next] = waiting
	return next
}

type verifySoftwareTokenInput struct {
	AccessToken        string
	Session            string
	UserCode           string `aws:"required"`
	FriendlyDeviceName string
}

type verifySoftwareTokenOutput struct {
	Status  string
	Session string `json:",omitempty"`
}

// verifySoftwareToken takes the first code of a new authenticator app:
//
//  1. a user adds an app, and was given its secret
//  2. the app shows this code
func (s *UserPools) verifySoftwareToken(c api.Context, in verifySoftwareTokenInput) (verifySoftwareTokenOutput, error) {
	none := verifySoftwareTokenOutput{}
	e, err := s.enrolling(c.Span, in.AccessToken, in.Session) // 1
	if err != nil {
		return none, err
	}
	token := e.user.enrolment
	right := token != nil && token.accepts(in.UserCode, s.world.Now())
	if !c.Span.Decide(RuleMFAEnrolment, right, "the code that the new authenticator app shows", sameOrNot(right)) { // 2
		return none, awserr.New("EnableSoftwareTokenMFAException", "Code mismatch")
	}
	token.device, token.used = in.FriendlyDeviceName, in.UserCode
	e.user.factors.token, e.user.enrolment = token, nil
	e.progress.enrolled = true
	return verifySoftwareTokenOutput{Status: "SUCCESS", Session: s.renew(in.Session)}, nil
}

// answerMFASetup ends the set-up of a first factor, which counts as shown. AWS
// documents the order of the calls, and not what a call out of order gets.
func answerMFASetup(_ *UserPools, a *attempt) (*question, error) {
	done := a.progress.enrolled
	if !a.span.Decide(RuleMFASetup, done, "an authenticator app verified in this session", verifiedOrNot(done)) {
		return nil, awserr.New("InvalidParameterException", "Verify a software token before answering MFA_SETUP.")
	}
	a.user.factors.chosen = []string{softwareTokenMFA}
	a.progress.secondFactor = true
	return nil, nil
}

func verifiedOrNot(done bool) string {
	if done {
		return "verified"
	}
	return "none"
}

// mfaSettings is what a user or an administrator says of one factor.
type mfaSettings struct {
	Enabled, PreferredMfa bool
}

// mfaPreference has nil for a factor that stays as it is.
type mfaPreference struct {
	email, sms, softwareToken *mfaSettings
	passkey                   *webAuthnMfaSettings
}

// webAuthnMfaSettings is what a user or an administrator says of passkeys.
type webAuthnMfaSettings struct {
	Enabled bool
}

type setUserMFAPreferenceInput struct {
	AccessToken              string `aws:"required"`
	SMSMfaSettings           *mfaSettings
	SoftwareTokenMfaSettings *mfaSettings
	EmailMfaSettings         *mfaSettings
	WebAuthnMfaSettings      *webAuthnMfaSettings
}

// setUserMFAPreference switches the signed-in user's factors on and off.
func (s *UserPools) setUserMFAPreference(c api.Context, in setUserMFAPreferenceInput) (empty, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return empty{}, err
	}
	return empty{}, signedIn.client.pool.prefer(c.Span, signedIn.user, mfaPreference{in.EmailMfaSettings, in.SMSMfaSettings, in.SoftwareTokenMfaSettings, in.WebAuthnMfaSettings})
}

type adminSetUserMFAPreferenceInput struct {
	UserPoolId               string `aws:"required"`
	Username                 string `aws:"required"`
	SMSMfaSettings           *mfaSettings
	SoftwareTokenMfaSettings *mfaSettings
	EmailMfaSettings         *mfaSettings
	WebAuthnMfaSettings      *webAuthnMfaSettings
}

func (in adminSetUserMFAPreferenceInput) pool() string { return in.UserPoolId }

func (s *UserPools) adminSetUserMFAPreference(c api.Context, in adminSetUserMFAPreferenceInput) (empty, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	return empty{}, p.prefer(c.Span, u, mfaPreference{in.EmailMfaSettings, in.SMSMfaSettings, in.SoftwareTokenMfaSettings, in.WebAuthnMfaSettings})
}

// prefer changes which factors a user is asked for:
//
//  1. the pool has each factor that is switched on, and so has the user
//  2. at most one is preferred
//  3. where MFA is required one stays on
//  4. a passkey counts beside another factor, where the pool lets it
func (p *pool) prefer(span *trace.Span, u *user, in mfaPreference) error {
	chosen, preferred := slices.Clone(u.factors.chosen), u.factors.preferred
	var wishes []string
	for _, wish := range []struct {
		factor   string
		settings *mfaSettings
	}{{emailOTP, in.email}, {smsMFA, in.sms}, {softwareTokenMFA, in.softwareToken}} {
		if wish.settings == nil {
			continue
		}
		chosen = slices.DeleteFunc(chosen, func(factor string) bool { return factor == wish.factor })
		if preferred == wish.factor {
			preferred = ""
		}
		if !wish.settings.Enabled {
			continue
		}
		if err := p.checkFactor(span, u, wish.factor); err != nil { // 1
			return err
		}
		chosen = append(chosen, wish.factor)
		if wish.settings.PreferredMfa {
			preferred = wish.factor
			wishes = append(wishes, wish.factor)
		}
	}
	if !span.Decide(RuleMFAPreferred, len(wishes) <= 1, "one preferred factor at most", phrase(wishes, "none")) { // 2
		return awserr.New("InvalidParameterException", "Only one MFA method can be preferred.")
	}
	kept := p.mfa.configuration != "ON" || len(chosen) > 0
	if !span.Decide(RuleMFAKept, kept, "a factor that stays on where MFA is ON", fmt.Sprintf("MFA is %s, %s", p.mfa.configuration, phrase(chosen, "no factor"))) { // 3
		return awserr.New("InvalidParameterException", "MFA cannot be turned off where it is required.")
	}
	if err := p.checkPasskeyMFA(span, in.passkey, chosen); err != nil { // 4
		return err
	}
	slices.Sort(chosen)
	u.factors.chosen, u.factors.preferred = chosen, preferred
	if in.passkey != nil {
		u.factors.passkey = in.passkey.Enabled
	}
	return nil
}

// checkFactor refuses a factor that the pool or the user lacks.
func (p *pool) checkFactor(span *trace.Span, u *user, factor string) error {
	if !span.Decide(RuleMFAFactor, p.mfa.has(factor), factor+" in the pool", phrase(p.mfa.factors, "no factor")) {
		return awserr.New("InvalidParameterException", "%s is not enabled for the user pool.", factor)
	}
	if factor == softwareTokenMFA {
		has := u.factors.token != nil
		if !span.Decide(RuleMFAFactor, has, "an authenticator app that was verified", verifiedOrNot(has)) {
			return awserr.New("InvalidParameterException", "User has not verified software token mfa")
		}
		return nil
	}
	value := u.attributes[attributeOf(factor)]
	if !span.Decide(RuleMFAFactor, value != "", attributeOf(factor)+" of the user", presence(value)) {
		return awserr.New("InvalidParameterException", "User does not have %s.", attributeOf(factor))
	}
	return nil
}
