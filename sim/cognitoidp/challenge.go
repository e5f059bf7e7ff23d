package cognitoidp

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

const newPasswordRequired = "NEW_PASSWORD_REQUIRED"

// session is a challenge that waits for its answer.
type session struct {
	client    *client
	user      *user
	challenge string
	expires   time.Time
}

type respondToAuthChallengeInput struct {
	ChallengeName      string `aws:"required,enum=SMS_MFA|EMAIL_OTP|SOFTWARE_TOKEN_MFA|SELECT_MFA_TYPE|MFA_SETUP|PASSWORD_VERIFIER|CUSTOM_CHALLENGE|SELECT_CHALLENGE|DEVICE_SRP_AUTH|DEVICE_PASSWORD_VERIFIER|ADMIN_NO_SRP_AUTH|NEW_PASSWORD_REQUIRED|SMS_OTP|PASSWORD|WEB_AUTHN|PASSWORD_SRP"`
	ClientId           string `aws:"required"`
	ChallengeResponses map[string]string
	Session            string

	_ struct{} `noeffect:"AnalyticsMetadata ClientMetadata UserContextData"`
}

// challenge returns the challenge that stands between an authenticated user and
// the tokens, when one is due. A refresh is never challenged.
func (s *UserPools) challenge(a *attempt) (authOutput, bool) {
	if a.resumed != nil {
		return authOutput{}, false
	}
	if a.span.Note(RulePasswordPermanent, a.user.status != statusForceChange, "a permanent password", a.user.status) {
		return authOutput{}, false
	}
	token := s.world.Token(128, api.Alphanumeric)
	s.sessions[token] = &session{
		client: a.client, user: a.user, challenge: newPasswordRequired,
		expires: s.world.Now().Add(a.client.sessionValidity()),
	}
	return authOutput{
		ChallengeName: newPasswordRequired,
		ChallengeParameters: map[string]string{
			"USER_ID_FOR_SRP":    a.user.username,
			"requiredAttributes": a.client.pool.missingAttributes(a.user),
			"userAttributes":     a.user.challengeAttributes(),
		},
		Session: token,
	}, true
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

// respondToAuthChallenge answers a challenge:
//
//  1. the app client exists
//  2. the answer has a username
//  3. SECRET_HASH proves the app client, when it has a secret
//  4. the session waits for this answer, of this client and user, in time
//  5. the challenge's own checks
//  6. tokens are issued
func (s *UserPools) respondToAuthChallenge(c api.Context, in respondToAuthChallengeInput) (authOutput, error) {
	client, err := s.findClient(c.Span, in.ClientId) // 1
	if err != nil {
		return authOutput{}, err
	}
	if in.ChallengeName != newPasswordRequired {
		return authOutput{}, fmt.Errorf("ChallengeName %s: AWS has it, the simulation does not", in.ChallengeName)
	}
	a := &attempt{span: c.Span, client: client, parameters: in.ChallengeResponses}
	if err := a.require("USERNAME"); err != nil { // 2
		return authOutput{}, err
	}
	if err := client.checkSecretHash(a.span, a.parameters["USERNAME"], a.parameters["SECRET_HASH"]); err != nil { // 3
		return authOutput{}, err
	}
	if err := s.resume(a, in); err != nil { // 4
		return authOutput{}, err
	}
	if err := s.setNewPassword(a, in.Session); err != nil { // 5
		return authOutput{}, err
	}
	return s.complete(a) // 6
}

// resume finds the session that a challenge's answer belongs to.
func (s *UserPools) resume(a *attempt, in respondToAuthChallengeInput) error {
	waiting, ok := s.sessions[in.Session]
	mine := ok && waiting.client == a.client && waiting.challenge == in.ChallengeName &&
		waiting.user == a.client.pool.find(a.parameters["USERNAME"])
	if !a.span.Decide(RuleSessionValid, mine, "a session that waits for this answer", existence(mine)) {
		return awserr.New("NotAuthorizedException", "Invalid session for the user.")
	}
	inTime := s.world.Now().Before(waiting.expires)
	if !a.span.Decide(RuleSessionValid, inTime, "an answer before the session expires", "until "+at(waiting.expires)) {
		delete(s.sessions, in.Session)
		return awserr.New("NotAuthorizedException", "Invalid session for the user, session is expired.")
	}
	a.user = waiting.user
	return nil
}

// setNewPassword replaces a temporary password:
//
//  1. the answer has the new password
//  2. the password policy allows it
//  3. attributes that come along are in the schema, required ones are there
func (s *UserPools) setNewPassword(a *attempt, token string) error {
	if err := a.require("NEW_PASSWORD"); err != nil { // 1
		return err
	}
	p := a.client.pool
	if err := p.passwords().check(a.span, a.parameters["NEW_PASSWORD"], appWording); err != nil { // 2
		return err
	}
	attributes := map[string]string{}
	for name, value := range a.user.attributes {
		attributes[name] = value
	}
	for name, value := range a.parameters {
		if attribute, ok := strings.CutPrefix(name, userAttributesPrefix); ok && attributes[attribute] == "" {
			attributes[attribute] = value
		}
	}
	if err := p.schema.checkKnown(a.span, attributes); err != nil { // 3
		return err
	}
	if err := p.schema.checkComplete(a.span, attributes); err != nil {
		return err
	}
	delete(s.sessions, token)
	a.user.attributes = attributes
	a.user.setPassword(a.parameters["NEW_PASSWORD"], s.world.Now())
	return nil
}

// setPassword gives the user a permanent password.
func (u *user) setPassword(password string, now time.Time) {
	u.password, u.status, u.modified = password, statusConfirmed, now
}
