package cognitoidp

import (
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type signUpInput struct {
	ClientId       string `aws:"required"`
	Username       string `aws:"required"`
	Password       string
	SecretHash     string
	UserAttributes []attribute
	ClientMetadata map[string]string
	ValidationData []attribute

	_ struct{} `noeffect:"AnalyticsMetadata UserContextData"`
}

type signUpOutput struct {
	UserConfirmed       bool
	UserSub             string
	CodeDeliveryDetails *codeDelivery `json:",omitempty"`
	// Session is for ConfirmSignUp, "" unless the app client may sign in by
	// USER_AUTH.
	Session string `json:",omitempty"`
}

type codeDelivery struct {
	AttributeName, DeliveryMedium string
	// Destination is masked, as in j***@e***.
	Destination string
}

// signUpCodeLife is how long a sign-up code can be used:
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
const signUpCodeLife = 24 * time.Hour

// signUp lets users add themselves. AWS documents the checks and not their
// order; they are made in this one:
//
//  1. the app client exists, and proves its secret
//  2. the pool lets users sign up
//  3. the username has the pool's form
//  4. the password policy allows the password, and threat protection, or none is
//     needed
//  5. the app client may write the attributes, and the schema has them
//  6. the username is free
//  7. the pre sign-up trigger lets the user in; it may confirm the user too
//
// Then the user is stored, and unless confirmed a code is sent.
func (s *UserPools) signUp(c api.Context, in signUpInput) (signUpOutput, error) {
	client, err := s.provenClient(c.Span, in.ClientId, in.Username, in.SecretHash) // 1
	if err != nil {
		return signUpOutput{}, err
	}
	p := client.pool
	if !c.Span.Decide(RuleSignUpAllowed, !p.settings.AdminCreateUserConfig.AllowAdminCreateUserOnly, "a pool that users can join", joining(p)) { // 2
		return signUpOutput{}, awserr.New("NotAuthorizedException", "SignUp is not permitted for this user pool")
	}
	attributes := values(in.UserAttributes)
	if err := p.nameUser(c.Span, in.Username, attributes); err != nil { // 3
		return signUpOutput{}, err
	}
	if err := client.checkFirstPassword(c.Span, in.Password); err != nil { // 4
		return signUpOutput{}, err
	}
	if err := client.checkWrites(c.Span, in.UserAttributes); err != nil { // 5
		return signUpOutput{}, err
	}
	if err := p.schema.checkValues(c.Span, attributes); err != nil {
		return signUpOutput{}, err
	}
	if err := p.schema.checkComplete(c.Span, attributes); err != nil {
		return signUpOutput{}, err
	}
	if err := p.checkFree(c.Span, in.Username, p.takenWording(in.Username)); err != nil { // 6
		return signUpOutput{}, err
	}
	attributes["sub"] = s.world.UUID()
	answer, err := s.beforeSignUp(newcomer{ // 7
		span: c.Span, pool: p, client: client, username: p.realName(in.Username, attributes),
		attributes: attributes, validationData: values(in.ValidationData), metadata: in.ClientMetadata,
	}, "SignUp")
	if err != nil {
		return signUpOutput{}, err
	}
	u := s.addUser(p, in.Username, attributes)
	if in.Password != "" {
		u.setPassword(in.Password, u.created)
	}
	u.status = statusUnconfirmed
	if answer.AutoConfirmUser {
		u.status = statusConfirmed
		confirmed := confirmation{span: c.Span, pool: p, client: client, user: u, source: "ConfirmSignUp", metadata: in.ClientMetadata}
		return signUpOutput{UserConfirmed: true, UserSub: u.attributes["sub"]}, s.afterConfirmation(confirmed)
	}
	sent, err := s.sendSignUpCode(letter{span: c.Span, pool: p, client: client, user: u, reason: "SignUp", metadata: in.ClientMetadata})
	return signUpOutput{UserSub: u.attributes["sub"], CodeDeliveryDetails: sent, Session: s.openSignUp(client, u)}, err
}

// checkFirstPassword looks at the password of a sign-up. It may be left out where
// users can sign in by a code instead:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
func (c *client) checkFirstPassword(span *trace.Span, password string) error {
	if password == "" {
		codes := c.pool.settings.Policies.SignInPolicy.codes()
		if span.Note(RulePasswordless, len(codes) > 0, "a pool that signs in by codes, or a password", phrase(codes, "no codes and no password")) {
			return nil
		}
	}
	if password != "" {
		if err := checkShape(span, "password", password); err != nil {
			return err
		}
	}
	if err := c.pool.passwords().check(span, password, appWording); err != nil {
		return err
	}
	return c.pool.checkCompromised(span, c, "SIGN_UP", password)
}

// provenClient is an app client with the SECRET_HASH that came with a username.
func (s *UserPools) provenClient(span *trace.Span, id, username, hash string) (*client, error) {
	c, err := s.findClient(span, id)
	if err != nil {
		return nil, err
	}
	return c, c.checkSecretHash(span, username, hash)
}

func joining(p *pool) string {
	if p.settings.AdminCreateUserConfig.AllowAdminCreateUserOnly {
		return "only administrators create users"
	}
	return "users can sign up"
}

// nameUser checks the form of a username. In a pool with UsernameAttributes it
// becomes the value of that attribute.
func (p *pool) nameUser(span *trace.Span, username string, attributes map[string]string) error {
	allowed := p.settings.UsernameAttributes
	if len(allowed) == 0 {
		return p.checkPlainName(span, username)
	}
	form := formOf(username)
	if !span.Decide(RuleUsernameForm, slices.Contains(allowed, form), "a username that is "+strings.Join(allowed, " or "), form) {
		return awserr.New("InvalidParameterException", "Username should be %s.", articled(allowed))
	}
	attributes[form] = username
	return nil
}

// formOf is the attribute that a username could be the value of.
func formOf(username string) string {
	switch {
	case strings.Contains(username, "@"):
		return "email"
	case strings.HasPrefix(username, "+") && strings.Trim(username[1:], api.Digits) == "" && len(username) > 1:
		return "phone_number"
	default:
		return "a plain name"
	}
}

// articled is AWS's wording for the forms of a username.
func articled(allowed []string) string {
	switch {
	case len(allowed) > 1:
		return "either an email or a phone number"
	case allowed[0] == "email":
		return "an email"
	default:
		return "a phone number"
	}
}

func (c *client) checkWrites(span *trace.Span, attributes []attribute) error {
	for _, a := range attributes {
		if !span.Decide(RuleAttributesWritable, c.writes(a.Name), "write access to "+a.Name, access(c.writes(a.Name))) {
			return awserr.New("NotAuthorizedException", "A client attempted to write unauthorized attribute")
		}
	}
	return nil
}

func access(ok bool) string {
	if ok {
		return "granted"
	}
	return "not granted"
}

// takenWording is AWS's answer to a sign-up with a username that is taken.
func (p *pool) takenWording(username string) string {
	switch form := formOf(username); {
	case !slices.Contains(p.settings.UsernameAttributes, form):
		return "User already exists"
	case form == "phone_number":
		return "An account with the given phone_number already exists."
	default:
		return "An account with the given email already exists."
	}
}

func (p *pool) checkFree(span *trace.Span, username, message string) error {
	free := p.find(username) == nil
	found := "free"
	if !free {
		found = "taken"
	}
	if !span.Decide(RuleUsernameFree, free, "a username that is free", found) {
		return awserr.New("UsernameExistsException", "%s", message)
	}
	return nil
}

// realName is the username of a new user: in a pool with UsernameAttributes the
// sub.
func (p *pool) realName(typed string, attributes map[string]string) string {
	if len(p.settings.UsernameAttributes) > 0 {
		return attributes["sub"]
	}
	return typed
}

// addUser stores a new user, with the sub among the attributes or a new one.
func (s *UserPools) addUser(p *pool, username string, attributes map[string]string) *user {
	now := s.world.Now()
	if attributes["sub"] == "" {
		attributes["sub"] = s.world.UUID()
	}
	u := &user{username: p.realName(username, attributes), attributes: attributes, created: now, modified: now, groups: map[string]*group{}}
	p.users = append(p.users, u)
	return u
}

// sendSignUpCode sends a code when the pool verifies an attribute that the user
// has; of both the phone number wins:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func (s *UserPools) sendSignUpCode(l letter) (*codeDelivery, error) {
	p, u := l.pool, l.user
	for _, attribute := range []string{"phone_number", "email"} {
		if !slices.Contains(p.settings.AutoVerifiedAttributes, attribute) || u.attributes[attribute] == "" {
			continue
		}
		u.code = &code{value: s.world.Token(6, api.Digits), attribute: attribute, expires: s.world.Now().Add(signUpCodeLife)}
		l.attribute, l.code = attribute, u.code.value
		sent := &codeDelivery{AttributeName: attribute, DeliveryMedium: mediumOf(attribute), Destination: mask(u.attributes[attribute])}
		return sent, s.post(l)
	}
	return nil, nil
}

// mask hides an address but for its first letters, and a number but for its end.
func mask(to string) string {
	if local, domain, ok := strings.Cut(to, "@"); ok && local != "" && domain != "" {
		return local[:1] + "***@" + domain[:1] + "***"
	}
	const shown = 4
	if len(to) <= shown {
		return "+***"
	}
	return "+" + strings.Repeat("*", len(to)-shown-1) + to[len(to)-shown:]
}

type confirmSignUpInput struct {
	ClientId         string `aws:"required"`
	Username         string `aws:"required"`
	ConfirmationCode string `aws:"required"`
	SecretHash       string
	ClientMetadata   map[string]string
	// ForceAliasCreation takes an alias away from the user who has it.
	ForceAliasCreation bool

	// Session is the one of SignUp, "" for none.
	Session string

	_ struct{} `noeffect:"AnalyticsMetadata UserContextData"`
}

type confirmSignUpOutput struct {
	// Session is for InitiateAuth, "" unless one came along.
	Session string `json:",omitempty"`
}

// confirmSignUp takes the code that sign-up sent:
//
//  1. the app client exists, and proves its secret
//  2. the user exists
//  3. the user is not confirmed yet
//  4. the user does not try too often
//  5. the code was sent, has not expired, and is this one
//  6. the session that came along is the one of the sign-up
//  7. the address is no alias of another user, or is taken from that user
//
// Then the user is confirmed, and the post confirmation trigger runs.
func (s *UserPools) confirmSignUp(c api.Context, in confirmSignUpInput) (confirmSignUpOutput, error) {
	none := confirmSignUpOutput{}
	client, err := s.provenClient(c.Span, in.ClientId, in.Username, in.SecretHash) // 1
	if err != nil {
		return none, err
	}
	u, err := client.findForConfirmation(c.Span, in.Username) // 2
	if err != nil {
		return none, err
	}
	if err := checkUnconfirmed(c.Span, u); err != nil { // 3
		return none, err
	}
	if err := s.checkQuota(c.Span, u, "ConfirmSignUp"); err != nil { // 4
		return none, err
	}
	if err := s.checkCode(c.Span, u.code, in.ConfirmationCode); err != nil { // 5
		return none, err
	}
	if err := s.checkSignUp(c.Span, client, u, in.Session); err != nil { // 6
		return none, err
	}
	address := u.attributes[u.code.attribute]
	if err := client.pool.takeAlias(c.Span, u, u.code.attribute, address, in.ForceAliasCreation); err != nil { // 7
		return none, err
	}
	u.attributes[u.code.attribute+"_verified"] = "true"
	u.status, u.code, u.modified = statusConfirmed, nil, s.world.Now()
	out := confirmSignUpOutput{Session: s.renewSignUp(in.Session)}
	return out, s.afterConfirmation(confirmation{
		span: c.Span, pool: client.pool, client: client, user: u, source: "ConfirmSignUp", metadata: in.ClientMetadata,
	})
}

func expiredCode() error {
	return awserr.New("ExpiredCodeException", "Invalid code provided, please request a code again.")
}

func checkUnconfirmed(span *trace.Span, u *user) error {
	if !span.Decide(RuleSignUpUnconfirmed, u.status == statusUnconfirmed, "a user who is UNCONFIRMED", u.status) {
		return awserr.New("NotAuthorizedException", "User cannot be confirmed. Current status is %s", u.status)
	}
	return nil
}
