package cognitoidp

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/srp"
	"claimcheck/sim/trace"
)

// session is a challenge that waits for its answer.
type session struct {
	client *client
	// user is nil for a made-up challenge, which an app client gets that must
	// not learn that there is no such user.
	user      *user
	challenge string
	expires   time.Time
	progress  *progress
}

// progress is what the steps of a sign-in have come to, from its beginning to
// its tokens.
type progress struct {
	// flow is the AuthFlow that the sign-in began with.
	flow string
	// byServer is set for a sign-in through the operations of administrators.
	byServer bool
	// srp is the exchange over the password, nil when it is not proven by SRP.
	srp *srp.Server
	// deviceKey is the DEVICE_KEY that came along, "" for none; deviceSRP is the
	// exchange over that device's password, and device is set once it is proven.
	deviceKey string
	deviceSRP *srp.Server
	device    *device
	// passkeyChallenge is what a passkey has to sign.
	passkeyChallenge string
	// custom is nil but in a sign-in by CUSTOM_AUTH.
	custom *customSignIn
	// sent is the code of the latest message.
	sent *code
	// assessed is set once threat protection has looked at the sign-in.
	assessed bool
	// answered is the challenge that was answered last, "" before the first.
	answered string
	// secondFactor is set once the user has shown one.
	secondFactor bool
	// enrolled is set once MFA_SETUP has verified an authenticator app.
	enrolled bool
}

// question is a challenge to ask.
type question struct {
	name       string
	parameters map[string]string
	// available are the challenges that SELECT_CHALLENGE lets the user choose.
	available []string
}

type respondToAuthChallengeInput struct {
	ChallengeName      string `aws:"required,enum=SMS_MFA|EMAIL_OTP|SOFTWARE_TOKEN_MFA|SELECT_MFA_TYPE|MFA_SETUP|PASSWORD_VERIFIER|CUSTOM_CHALLENGE|SELECT_CHALLENGE|DEVICE_SRP_AUTH|DEVICE_PASSWORD_VERIFIER|ADMIN_NO_SRP_AUTH|NEW_PASSWORD_REQUIRED|SMS_OTP|PASSWORD|WEB_AUTHN|PASSWORD_SRP"`
	ClientId           string `aws:"required"`
	ChallengeResponses map[string]string
	Session            string
	ClientMetadata     map[string]string
	UserContextData    userContextData

	_ struct{} `noeffect:"AnalyticsMetadata"`
}

type adminRespondToAuthChallengeInput struct {
	UserPoolId         string `aws:"required"`
	ChallengeName      string `aws:"required,enum=SMS_MFA|EMAIL_OTP|SOFTWARE_TOKEN_MFA|SELECT_MFA_TYPE|MFA_SETUP|PASSWORD_VERIFIER|CUSTOM_CHALLENGE|SELECT_CHALLENGE|DEVICE_SRP_AUTH|DEVICE_PASSWORD_VERIFIER|ADMIN_NO_SRP_AUTH|NEW_PASSWORD_REQUIRED|SMS_OTP|PASSWORD|WEB_AUTHN|PASSWORD_SRP"`
	ClientId           string `aws:"required"`
	ChallengeResponses map[string]string
	Session            string
	ClientMetadata     map[string]string
	ContextData        contextData

	_ struct{} `noeffect:"AnalyticsMetadata"`
}

func (in adminRespondToAuthChallengeInput) pool() string { return in.UserPoolId }

// proceed goes on with a sign-in whose latest step passed:
//
//  1. what that step asks is asked
//  2. a temporary password is replaced
//  3. a second factor is shown, when the pool or the user wants one, and a
//     remembered device proves itself, before or in place of the factor
//  4. the post authentication trigger lets the user in
//  5. tokens are issued
//
// A refresh is never challenged.
func (s *UserPools) proceed(a *attempt, asked *question) (authOutput, error) {
	if a.resumed == nil {
		due, err := s.due(a, asked) // 1, 2, 3
		if err != nil {
			return authOutput{}, err
		}
		if due != nil {
			return s.ask(a, due), nil
		}
		if err := s.afterAuthentication(a); err != nil { // 4
			return authOutput{}, err
		}
	}
	return s.complete(a) // 5
}

// due is the challenge that stands before the tokens: the one that the latest
// step asks, or else a new password, or else a second factor or the proof of a
// device; nil for none.
func (s *UserPools) due(a *attempt, asked *question) (*question, error) {
	if asked != nil {
		return asked, nil
	}
	if err := s.assess(a); err != nil {
		return nil, err
	}
	if q := newPasswordDue(a); q != nil {
		return q, nil
	}
	if a.client.pool.deviceReplacesMFA() {
		if q, err := s.deviceDue(a); q != nil || err != nil {
			return q, err
		}
	}
	if q, err := s.secondFactorDue(a); q != nil || err != nil {
		return q, err
	}
	return s.deviceDue(a)
}

// ask opens the session of a challenge. An answer to PASSWORD_VERIFIER brings
// back SECRET_BLOCK, which names the session; USER_SRP_AUTH has no other name
// for it: https://github.com/ministackorg/ministack/pull/1758
func (s *UserPools) ask(a *attempt, q *question) authOutput {
	name := s.nameSession(q)
	s.sessions[name] = &session{
		client: a.client, user: a.user, challenge: q.name, progress: a.progress,
		expires: s.world.Now().Add(a.client.sessionValidity()),
	}
	out := authOutput{ChallengeName: q.name, ChallengeParameters: q.parameters, AvailableChallenges: q.available, Session: name}
	if a.progress.flow == "USER_SRP_AUTH" && q.name == passwordVerifier {
		out.Session = ""
	}
	return out
}

func (s *UserPools) nameSession(q *question) string {
	if q.name == passwordVerifier {
		return q.parameters["SECRET_BLOCK"]
	}
	return s.world.Token(128, api.Alphanumeric)
}

const newPasswordRequired = "NEW_PASSWORD_REQUIRED"

func newPasswordDue(a *attempt) *question {
	if a.span.Note(RulePasswordPermanent, a.user.status != statusForceChange, "a permanent password", a.user.status) {
		return nil
	}
	return &question{name: newPasswordRequired, parameters: map[string]string{
		"USER_ID_FOR_SRP":    a.user.username,
		"requiredAttributes": a.client.pool.missingAttributes(a.user),
		"userAttributes":     a.user.challengeAttributes(),
	}}
}

// missingAttributes is the JSON list of required attributes that the user has
// no value for.
func (p *pool) missingAttributes(u *user) string {
	missing := []string{}
	for _, name := range p.schema.required {
		if u.attributes[name] == "" {
			missing = append(missing, userAttributesPrefix+name)
		}
	}
	return jsonText(missing)
}

// challengeAttributes is the JSON object of the user's attributes without sub.
func (u *user) challengeAttributes() string {
	shown := map[string]string{}
	for name, value := range u.attributes {
		if name != "sub" {
			shown[name] = value
		}
	}
	return jsonText(shown)
}

// jsonText is a value of text, numbers, lists and maps as JSON.
func jsonText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// userAttributesPrefix marks the attributes among the answers to
// NEW_PASSWORD_REQUIRED.
const userAttributesPrefix = "userAttributes."

// respondToAuthChallenge answers a challenge that anybody may answer:
//
//  1. the app client exists
//
// It goes on with respond.
func (s *UserPools) respondToAuthChallenge(c api.Context, in respondToAuthChallengeInput) (authOutput, error) {
	client, err := s.findClient(c.Span, in.ClientId) // 1
	if err != nil {
		return authOutput{}, err
	}
	a := newAttempt(c.Span, client, in.ChallengeResponses)
	a.sent = sentAlong{answer: in.ClientMetadata, device: in.UserContextData}
	return s.respond(a, in.ChallengeName, in.Session)
}

// adminRespondToAuthChallenge answers a challenge for a server with AWS
// credentials:
//
//  1. the pool exists, and the app client in it
//
// It goes on with respond.
func (s *UserPools) adminRespondToAuthChallenge(c api.Context, in adminRespondToAuthChallengeInput) (authOutput, error) {
	client, err := s.clientOf(c.Span, in.UserPoolId, in.ClientId) // 1
	if err != nil {
		return authOutput{}, err
	}
	a := newAttempt(c.Span, client, in.ChallengeResponses)
	a.sent = sentAlong{answer: in.ClientMetadata, device: in.ContextData.userContextData}
	return s.respond(a, in.ChallengeName, in.Session)
}

// challenge is what differs between the values of ChallengeName.
type challenge struct {
	name       string
	parameters []string
	// answer checks the answer and returns what the challenge leads to, nil
	// when that is whatever is due next.
	answer func(s *UserPools, a *attempt) (*question, error)
}

func challenges() []challenge {
	return []challenge{
		{newPasswordRequired, []string{"NEW_PASSWORD"}, answerNewPassword},
		{passwordVerifier, []string{"PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"}, answerPasswordVerifier},
		{smsMFA, []string{"SMS_MFA_CODE"}, answerSMS},
		{emailOTP, []string{"EMAIL_OTP_CODE"}, answerEmail},
		{softwareTokenMFA, []string{"SOFTWARE_TOKEN_MFA_CODE"}, answerSoftwareToken},
		{selectMFAType, []string{"ANSWER"}, answerMFAType},
		{mfaSetup, nil, answerMFASetup},
		{customChallenge, []string{"ANSWER"}, answerCustom},
		{selectChallenge, []string{"ANSWER"}, answerChoice},
		{byPassword, []string{"PASSWORD"}, answerPassword},
		{bySRP, []string{"SRP_A"}, answerSRPA},
		{smsOTP, []string{"SMS_OTP_CODE"}, answerSMSOTP},
		{webAuthn, []string{"CREDENTIAL"}, answerPasskey},
		{deviceSRPAuth, []string{"DEVICE_KEY", "SRP_A"}, answerDeviceSRP},
		{devicePasswordVerifier, []string{"DEVICE_KEY", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"}, answerDeviceProof},
	}
}

func challengeNamed(name string) (challenge, bool) {
	for _, c := range challenges() {
		if c.name == name {
			return c, true
		}
	}
	return challenge{}, false
}

// respond takes the answer to a challenge. The phases are the same for all:
//
//  2. the answer has a username
//  3. SECRET_HASH proves the app client, when it has a secret
//  4. the session waits for this answer, of this client and user, in time
//  5. the challenge's parameters were sent
//  6. the challenge's own checks; they end the session
//  7. another challenge that is due is asked
//  8. tokens are issued
func (s *UserPools) respond(a *attempt, name, sessionToken string) (authOutput, error) {
	answered, ok := challengeNamed(name)
	if !ok {
		return authOutput{}, fmt.Errorf("ChallengeName %s: AWS has it, the simulation does not", name)
	}
	if err := a.require("USERNAME"); err != nil { // 2
		return authOutput{}, err
	}
	if err := a.client.checkSecretHash(a.span, a.parameters["USERNAME"], a.parameters["SECRET_HASH"]); err != nil { // 3
		return authOutput{}, err
	}
	if name == passwordVerifier {
		sessionToken = a.parameters["PASSWORD_CLAIM_SECRET_BLOCK"]
	}
	if err := s.resume(a, name, sessionToken); err != nil { // 4
		return authOutput{}, err
	}
	if err := a.require(answered.parameters...); err != nil { // 5
		return authOutput{}, err
	}
	if err := a.noteDevice(); err != nil {
		return authOutput{}, err
	}
	asked, err := answered.answer(s, a) // 6
	if err != nil {
		return authOutput{}, err
	}
	delete(s.sessions, sessionToken)
	a.progress.answered = name
	return s.proceed(a, asked) // 7, 8
}

// resume finds the session that a challenge's answer belongs to.
func (s *UserPools) resume(a *attempt, challenge, token string) error {
	waiting, ok := s.sessions[token]
	mine := ok && waiting.client == a.client && waiting.challenge == challenge &&
		waiting.user == a.client.pool.find(a.parameters["USERNAME"])
	if !a.span.Decide(RuleSessionValid, mine, "a session that waits for this answer", existence(mine)) {
		if challenge == passwordVerifier {
			return wrongPassword()
		}
		return awserr.New("NotAuthorizedException", "Invalid session for the user.")
	}
	if err := s.checkInTime(a.span, waiting, token); err != nil {
		return err
	}
	a.user, a.progress = waiting.user, waiting.progress
	return nil
}

func (s *UserPools) checkInTime(span *trace.Span, waiting *session, token string) error {
	inTime := s.world.Now().Before(waiting.expires)
	if span.Decide(RuleSessionValid, inTime, "an answer before the session expires", "until "+at(waiting.expires)) {
		return nil
	}
	delete(s.sessions, token)
	return awserr.New("NotAuthorizedException", "Invalid session for the user, session is expired.")
}

// answerNewPassword replaces a temporary password:
//
//  1. the password policy and history allow it
//  2. attributes that come along are in the schema, required ones are there
func answerNewPassword(s *UserPools, a *attempt) (*question, error) {
	p := a.client.pool
	if err := p.checkNewPassword(a.span, a.user, a.parameters["NEW_PASSWORD"], appWording); err != nil { // 1
		return nil, err
	}
	attributes := maps.Clone(a.user.attributes)
	for name, value := range a.parameters {
		if attribute, ok := strings.CutPrefix(name, userAttributesPrefix); ok && attributes[attribute] == "" {
			attributes[attribute] = value
		}
	}
	if err := p.schema.checkValues(a.span, attributes); err != nil { // 2
		return nil, err
	}
	if err := p.schema.checkComplete(a.span, attributes); err != nil {
		return nil, err
	}
	a.user.attributes = attributes
	a.user.setPassword(a.parameters["NEW_PASSWORD"], s.world.Now())
	return nil, nil
}
