package cognitoidp

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// accountRecovery is a pool's AccountRecoverySetting:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AccountRecoverySettingType.html
type accountRecovery struct {
	RecoveryMechanisms []recoveryMechanism `json:",omitempty"`
}

type recoveryMechanism struct {
	Name     string `aws:"required,enum=verified_email|verified_phone_number|admin_only"`
	Priority int64  `aws:"required"`
}

const adminOnly = "admin_only"

// recoveryAttributes are where a reset code can go, in order. A pool that does
// not say so sends a text message, or else an e-mail.
func (p *pool) recoveryAttributes() []string {
	mechanisms := slices.Clone(p.settings.AccountRecoverySetting.RecoveryMechanisms)
	slices.SortStableFunc(mechanisms, func(a, b recoveryMechanism) int { return int(a.Priority - b.Priority) })
	var attributes []string
	for _, m := range mechanisms {
		switch m.Name {
		case "verified_email":
			attributes = append(attributes, "email")
		case "verified_phone_number":
			attributes = append(attributes, "phone_number")
		}
	}
	if len(attributes) == 0 {
		return []string{"phone_number", "email"}
	}
	return attributes
}

// recoversAlone reports whether users reset their passwords themselves.
func (p *pool) recoversAlone() bool {
	only := func(m recoveryMechanism) bool { return m.Name == adminOnly }
	return !slices.ContainsFunc(p.settings.AccountRecoverySetting.RecoveryMechanisms, only)
}

// resetCodeLife is how long a reset code can be used:
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
const resetCodeLife = time.Hour

type forgotPasswordInput struct {
	ClientId       string `aws:"required"`
	Username       string `aws:"required"`
	SecretHash     string
	ClientMetadata map[string]string

	_ struct{} `noeffect:"AnalyticsMetadata UserContextData"`
}

type codeDeliveryOutput struct {
	CodeDeliveryDetails *codeDelivery `json:",omitempty"`
}

// forgotPassword sends a code that sets a new password:
//
//  1. the app client exists, and proves its secret
//  2. the user exists, here or where the user migration trigger looks; a client
//     that must not learn this hears of a message that nobody gets
//  3. users reset their passwords themselves
//  4. the code can be sent (its own checks are with it)
func (s *UserPools) forgotPassword(c api.Context, in forgotPasswordInput) (codeDeliveryOutput, error) {
	none := codeDeliveryOutput{}
	client, err := s.provenClient(c.Span, in.ClientId, in.Username, in.SecretHash) // 1
	if err != nil {
		return none, err
	}
	if err := s.migrateAtForgotPassword(c.Span, client, in.Username, in.ClientMetadata); err != nil { // 2
		return none, err
	}
	u, pretended, err := client.findForCode(c.Span, in.Username)
	if err != nil || u == nil {
		return codeDeliveryOutput{pretended}, err
	}
	alone := client.pool.recoversAlone()
	if !c.Span.Decide(RuleRecoveryAlone, alone, "a recovery mechanism for users", recoveryWord(alone)) { // 3
		return none, awserr.New("NotAuthorizedException", "Contact administrator to reset password.")
	}
	delivery, err := s.sendResetCode(letter{span: c.Span, pool: client.pool, client: client, user: u, metadata: in.ClientMetadata}) // 4
	return codeDeliveryOutput{delivery}, err
}

func recoveryWord(alone bool) string {
	if alone {
		return "verified_email or verified_phone_number"
	}
	return adminOnly
}

// findForCode finds the user to send a code to. Instead of an unknown user, a
// client that must not learn this gets the delivery of a made-up message.
func (c *client) findForCode(span *trace.Span, username string) (*user, *codeDelivery, error) {
	u := c.pool.find(username)
	if c.hidesUnknownUsers() {
		if !span.Note(RuleUserHidden, u != nil, "a user of this name", existence(u != nil)+pretence(u)) {
			return nil, pretendedDelivery(username), nil
		}
		return u, nil, nil
	}
	if !span.Decide(RuleUserExists, u != nil, "a user of this name", existence(u != nil)) {
		return nil, nil, awserr.New("UserNotFoundException", "Username/client id combination not found.")
	}
	return u, nil, nil
}

// pretendedDelivery is the delivery of a message that nobody gets. It follows
// from the name, so that it is the same at every try.
func pretendedDelivery(username string) *codeDelivery {
	sum := sha256.Sum256([]byte(username))
	const letters = "abcdefghijklmnopqrstuvwxyz"
	address := string(letters[int(sum[0])%len(letters)]) + "@" + string(letters[int(sum[1])%len(letters)])
	return &codeDelivery{AttributeName: "email", DeliveryMedium: "EMAIL", Destination: mask(address)}
}

func pretence(u *user) string {
	if u == nil {
		return ", and the same answer"
	}
	return ""
}

// sendResetCode sends a reset code:
//
//  1. the user is enabled
//  2. the password is the user's own
//  3. a verified address of the user, of the pool's recovery mechanisms, can
//     take the code; not the phone that is the user's second factor
//  4. the user was not sent too many
func (s *UserPools) sendResetCode(l letter) (*codeDelivery, error) {
	span, p, u := l.span, l.pool, l.user
	if err := checkEnabledUser(span, u); err != nil { // 1
		return nil, err
	}
	if !span.Decide(RuleRecoveryState, u.status != statusForceChange, "a password that the user set", u.status) { // 2
		return nil, awserr.New("NotAuthorizedException", "User password cannot be reset in the current state.")
	}
	attribute := p.recoveryAttribute(u)
	if !span.Decide(RuleRecoveryContact, attribute != "", "a verified email or phone_number for the code", phrase(u.verified(), "none verified")) { // 3
		return nil, awserr.New("InvalidParameterException", "Cannot reset password for the user as there is no registered/verified email or phone_number")
	}
	if err := s.checkQuota(span, u, "ForgotPassword"); err != nil { // 4
		return nil, err
	}
	u.reset = s.newCode(attribute, resetCodeLife)
	l.reason = "ForgotPassword"
	return s.deliver(l, u.reset)
}

func (p *pool) recoveryAttribute(u *user) string {
	for _, attribute := range p.recoveryAttributes() {
		factor := attribute == "phone_number" && p.mfa.configuration != "OFF" && slices.Contains(p.factorsOf(u), smsMFA)
		if !factor && slices.Contains(u.verified(), attribute) {
			return attribute
		}
	}
	return ""
}

// verified are the user's verified addresses.
func (u *user) verified() []string {
	var names []string
	for _, name := range []string{"email", "phone_number"} {
		if u.attributes[name] != "" && u.attributes[name+"_verified"] == "true" {
			names = append(names, name)
		}
	}
	return names
}

// newCode is a code for an attribute's address.
func (s *UserPools) newCode(attribute string, life time.Duration) *code {
	return &code{value: s.world.Token(6, api.Digits), attribute: attribute, expires: s.world.Now().Add(life)}
}

// deliver sends a code and says where to.
func (s *UserPools) deliver(l letter, sent *code) (*codeDelivery, error) {
	l.attribute, l.address, l.code = sent.attribute, sent.address, sent.value
	to := cmp.Or(l.address, l.user.attributes[l.attribute])
	return &codeDelivery{AttributeName: sent.attribute, DeliveryMedium: mediumOf(sent.attribute), Destination: mask(to)}, s.post(l)
}

type confirmForgotPasswordInput struct {
	ClientId         string `aws:"required"`
	Username         string `aws:"required"`
	ConfirmationCode string `aws:"required"`
	Password         string `aws:"required"`
	SecretHash       string
	ClientMetadata   map[string]string

	_ struct{} `noeffect:"AnalyticsMetadata UserContextData"`
}

// confirmForgotPassword sets a new password with the code that was sent. Tokens
// that the user has stay good:
//
//  1. the app client exists, and proves its secret; the password has a length
//     that the API takes
//  2. the user exists
//  3. the code was sent, has not expired, and is this one
//  4. the password policy and history allow the password
func (s *UserPools) confirmForgotPassword(c api.Context, in confirmForgotPasswordInput) (empty, error) {
	client, err := s.provenClient(c.Span, in.ClientId, in.Username, in.SecretHash) // 1
	if err != nil {
		return empty{}, err
	}
	if err := checkShape(c.Span, "password", in.Password); err != nil {
		return empty{}, err
	}
	u, err := client.findForConfirmation(c.Span, in.Username) // 2
	if err != nil {
		return empty{}, err
	}
	if err := s.checkCode(c.Span, u.reset, in.ConfirmationCode); err != nil { // 3
		return empty{}, err
	}
	if err := client.pool.checkNewPassword(c.Span, u, in.Password, appWording); err != nil { // 4
		return empty{}, err
	}
	if err := client.pool.checkCompromised(c.Span, client, "PASSWORD_CHANGE", in.Password); err != nil {
		return empty{}, err
	}
	u.setPassword(in.Password, s.world.Now())
	u.reset, u.failures = nil, failures{}
	return empty{}, s.afterConfirmation(confirmation{
		span: c.Span, pool: client.pool, client: client, user: u, source: "ConfirmForgotPassword", metadata: in.ClientMetadata,
	})
}

// findForConfirmation finds the user whose code is confirmed. A client that must
// not learn that there is none hears of an expired code.
func (c *client) findForConfirmation(span *trace.Span, username string) (*user, error) {
	u := c.pool.find(username)
	if span.Decide(RuleUserExists, u != nil, "a user of this name", existence(u != nil)) {
		return u, nil
	}
	if c.hidesUnknownUsers() {
		return nil, expiredCode()
	}
	return nil, awserr.New("UserNotFoundException", "Username/client id combination not found.")
}

// checkCode compares a code with the one that was sent, nil for none:
//
//  1. a code was sent and has not expired
//  2. it is this code
func (s *UserPools) checkCode(span *trace.Span, sent *code, answer string) error {
	outstanding := sent != nil && s.world.Now().Before(sent.expires)
	if !span.Decide(RuleCodeOutstanding, outstanding, "a code that has not expired", existence(outstanding)) { // 1
		return expiredCode()
	}
	matches := sent.value == answer
	if !span.Decide(RuleCodeMatches, matches, "the code that was sent", sameOrNot(matches)) { // 2
		return awserr.New("CodeMismatchException", "Invalid verification code provided, please try again.")
	}
	return nil
}

type changePasswordInput struct {
	AccessToken      string `aws:"required"`
	PreviousPassword string
	ProposedPassword string `aws:"required"`
}

// changePassword lets a signed-in user take a new password. Tokens that the
// user has stay good:
//
//  1. the access token is good, and the password has a length that the API takes
//  2. the user does not change passwords too often
//  3. the previous password is right
//  4. the password policy and history allow the new one
func (s *UserPools) changePassword(c api.Context, in changePasswordInput) (empty, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken) // 1
	if err != nil {
		return empty{}, err
	}
	if err := checkShape(c.Span, "proposedPassword", in.ProposedPassword); err != nil {
		return empty{}, err
	}
	u := signedIn.user
	if err := s.checkQuota(c.Span, u, "ChangePassword"); err != nil { // 2
		return empty{}, err
	}
	right := u.password == in.PreviousPassword
	if !c.Span.Decide(RulePassword, right, "the user's password", sameOrNot(right)) { // 3
		return empty{}, wrongPassword()
	}
	if err := signedIn.client.pool.checkNewPassword(c.Span, u, in.ProposedPassword, appWording); err != nil { // 4
		return empty{}, err
	}
	if err := signedIn.client.pool.checkCompromised(c.Span, signedIn.client, "PASSWORD_CHANGE", in.ProposedPassword); err != nil {
		return empty{}, err
	}
	u.setPassword(in.ProposedPassword, s.world.Now())
	return empty{}, nil
}

type adminResetUserPasswordInput struct {
	UserPoolId     string `aws:"required"`
	Username       string `aws:"required"`
	ClientMetadata map[string]string
}

func (in adminResetUserPasswordInput) pool() string { return in.UserPoolId }

// adminResetUserPassword makes the user set a new password with a code.
func (s *UserPools) adminResetUserPassword(c api.Context, in adminResetUserPasswordInput) (empty, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	if _, err := s.sendResetCode(letter{span: c.Span, pool: p, user: u, metadata: in.ClientMetadata}); err != nil {
		return empty{}, err
	}
	u.status, u.modified = statusResetRequired, s.world.Now()
	return empty{}, nil
}

// checkQuota refuses what a user asks for too often in an hour:
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
func (s *UserPools) checkQuota(span *trace.Span, u *user, operation string) error {
	const hour = time.Hour
	most := map[string]int{"ForgotPassword": 20, "ChangePassword": 5, "ResendConfirmationCode": 5, "ConfirmSignUp": 15, "GetUserAttributeVerificationCode": 5, "VerifyUserAttribute": 15}[operation]
	now := s.world.Now()
	recent := slices.DeleteFunc(u.calls[operation], func(t time.Time) bool { return now.Sub(t) >= hour })
	within := len(recent) < most
	if !span.Decide(RuleQuota, within, fmt.Sprintf("%s at most %d times an hour", operation, most), fmt.Sprintf("%d so far", len(recent))) {
		return awserr.New("LimitExceededException", "Attempt limit exceeded, please try after some time.")
	}
	if u.calls == nil {
		u.calls = map[string][]time.Time{}
	}
	u.calls[operation] = append(recent, now)
	return nil
}
