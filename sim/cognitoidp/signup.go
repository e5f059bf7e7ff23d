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

	_ struct{} `noeffect:"AnalyticsMetadata ClientMetadata UserContextData ValidationData"`
}

type signUpOutput struct {
	UserConfirmed       bool
	UserSub             string
	CodeDeliveryDetails *codeDelivery `json:",omitempty"`
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
//  4. the password policy allows the password
//  5. the app client may write the attributes, and the schema has them
//  6. the username is free
//
// Then the user is stored, unconfirmed, and a code is sent.
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
	if err := p.passwords().check(c.Span, in.Password, appWording); err != nil { // 4
		return signUpOutput{}, err
	}
	if err := client.checkWrites(c.Span, in.UserAttributes); err != nil { // 5
		return signUpOutput{}, err
	}
	if err := p.schema.checkKnown(c.Span, attributes); err != nil {
		return signUpOutput{}, err
	}
	if err := p.schema.checkComplete(c.Span, attributes); err != nil {
		return signUpOutput{}, err
	}
	if err := p.checkFree(c.Span, in.Username, "User already exists"); err != nil { // 6
		return signUpOutput{}, err
	}
	u := s.addUser(p, in.Username, attributes)
	u.password, u.status = in.Password, statusUnconfirmed
	return signUpOutput{UserSub: u.attributes["sub"], CodeDeliveryDetails: s.sendSignUpCode(p, u)}, nil
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
		return nil
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

// addUser stores a new user. In a pool with UsernameAttributes the real
// username is the sub.
func (s *UserPools) addUser(p *pool, username string, attributes map[string]string) *user {
	now := s.world.Now()
	attributes["sub"] = s.world.UUID()
	u := &user{username: username, attributes: attributes, created: now, modified: now, groups: map[string]*group{}}
	if len(p.settings.UsernameAttributes) > 0 {
		u.username = attributes["sub"]
	}
	p.users = append(p.users, u)
	return u
}

// sendSignUpCode sends a code when the pool verifies an attribute that the user
// has; of both the phone number wins:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func (s *UserPools) sendSignUpCode(p *pool, u *user) *codeDelivery {
	for _, attribute := range []string{"phone_number", "email"} {
		if !slices.Contains(p.settings.AutoVerifiedAttributes, attribute) || u.attributes[attribute] == "" {
			continue
		}
		u.code = &code{value: s.world.Token(6, api.Digits), attribute: attribute, expires: s.world.Now().Add(signUpCodeLife)}
		s.send(p, u, attribute, u.code.value)
		return &codeDelivery{AttributeName: attribute, DeliveryMedium: mediumOf(attribute), Destination: mask(u.attributes[attribute])}
	}
	return nil
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

	_ struct{} `noeffect:"AnalyticsMetadata ClientMetadata UserContextData ForceAliasCreation" unsimulated:"Session"`
}

type confirmSignUpOutput struct{}

// confirmSignUp takes the code that sign-up sent:
//
//  1. the app client exists, and proves its secret
//  2. the user exists
//  3. the user is not confirmed yet
//  4. a code was sent and has not expired
//  5. it is this code
func (s *UserPools) confirmSignUp(c api.Context, in confirmSignUpInput) (confirmSignUpOutput, error) {
	none := confirmSignUpOutput{}
	client, err := s.provenClient(c.Span, in.ClientId, in.Username, in.SecretHash) // 1
	if err != nil {
		return none, err
	}
	u := client.pool.find(in.Username)
	if !c.Span.Decide(RuleUserExists, u != nil, "a user of this name", existence(u != nil)) { // 2
		if client.hidesUnknownUsers() {
			return none, expiredCode()
		}
		return none, awserr.New("UserNotFoundException", "Username/client id combination not found.")
	}
	if err := checkUnconfirmed(c.Span, u); err != nil { // 3
		return none, err
	}
	outstanding := u.code != nil && s.world.Now().Before(u.code.expires)
	if !c.Span.Decide(RuleCodeOutstanding, outstanding, "a code that has not expired", existence(outstanding)) { // 4
		return none, expiredCode()
	}
	matches := u.code.value == in.ConfirmationCode
	if !c.Span.Decide(RuleCodeMatches, matches, "the code that was sent", sameOrNot(matches)) { // 5
		return none, awserr.New("CodeMismatchException", "Invalid verification code provided, please try again.")
	}
	u.attributes[u.code.attribute+"_verified"] = "true"
	u.status, u.code, u.modified = statusConfirmed, nil, s.world.Now()
	return none, nil
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
