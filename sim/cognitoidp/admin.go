package cognitoidp

import (
	"fmt"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

type adminCreateUserInput struct {
	UserPoolId             string `aws:"required"`
	Username               string `aws:"required"`
	TemporaryPassword      string
	UserAttributes         []attribute
	MessageAction          string   `aws:"enum=RESEND|SUPPRESS"`
	DesiredDeliveryMediums []string `aws:"enum=SMS|EMAIL"`

	_ struct{} `noeffect:"ClientMetadata ForceAliasCreation ValidationData"`
}

func (in adminCreateUserInput) pool() string { return in.UserPoolId }

type adminCreateUserOutput struct {
	User userDescription
}

// userDescription is a user as AdminCreateUser returns it.
type userDescription struct {
	Username             string
	Attributes           []attribute
	UserCreateDate       int64
	UserLastModifiedDate int64
	Enabled              bool
	UserStatus           string
}

func (s *UserPools) adminCreateUser(c api.Context, in adminCreateUserInput) (adminCreateUserOutput, error) {
	u, err := s.create(c.Span, in)
	if err != nil {
		return adminCreateUserOutput{}, err
	}
	return adminCreateUserOutput{User: userDescription{
		Username: u.username, Attributes: attributesOf(u.attributes, all), UserStatus: u.status, Enabled: !u.disabled,
		UserCreateDate: api.Epoch(u.created), UserLastModifiedDate: api.Epoch(u.modified),
	}}, nil
}

func all(string) bool { return true }

// create adds a user on an administrator's word:
//
//  1. the pool exists
//  2. the username has the pool's form
//  3. the schema has the attributes; required ones may come later, from the user
//  4. the username is free
//  5. the password policy allows the temporary password
//
// Then an invitation with the temporary password is sent.
func (s *UserPools) create(span *trace.Span, in adminCreateUserInput) (*user, error) {
	if in.MessageAction == "RESEND" {
		return nil, fmt.Errorf("MessageAction RESEND: AWS has it, the simulation does not")
	}
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, err
	}
	attributes := values(in.UserAttributes)
	if err := p.nameUser(span, in.Username, attributes); err != nil { // 2
		return nil, err
	}
	if err := p.schema.checkKnown(span, attributes); err != nil { // 3
		return nil, err
	}
	if err := p.checkFree(span, in.Username, "User account already exists"); err != nil { // 4
		return nil, err
	}
	policy := p.passwords()
	if in.TemporaryPassword == "" {
		in.TemporaryPassword = s.newTemporaryPassword(policy)
	} else if err := policy.check(span, in.TemporaryPassword, adminWording); err != nil { // 5
		return nil, err
	}
	u := s.addUser(p, in.Username, attributes)
	u.password, u.status = in.TemporaryPassword, statusForceChange
	u.temporaryUntil = s.world.Now().Add(policy.temporaryFor())
	if in.MessageAction != "SUPPRESS" {
		s.invite(p, u, in.DesiredDeliveryMediums)
	}
	return u, nil
}

// invite sends the temporary password by the desired media, SMS unless said
// otherwise.
func (s *UserPools) invite(p *pool, u *user, media []string) {
	if len(media) == 0 || slices.Contains(media, "SMS") {
		s.send(p, u, "phone_number", u.password)
	}
	if slices.Contains(media, "EMAIL") {
		s.send(p, u, "email", u.password)
	}
}

// ofUser is the input of an administrator's operation on one user.
type ofUser struct {
	UserPoolId string `aws:"required"`
	Username   string `aws:"required"`
}

func (in ofUser) pool() string { return in.UserPoolId }

// findUser finds a user for an administrator, who is always told the truth:
//
//  1. the pool exists
//  2. the user exists
func (s *UserPools) findUser(span *trace.Span, poolID, username string) (*pool, *user, error) {
	p, err := s.findPool(span, poolID) // 1
	if err != nil {
		return nil, nil, err
	}
	u := p.find(username)
	if !span.Decide(RuleUserExists, u != nil, "a user of this name", existence(u != nil)) { // 2
		return nil, nil, awserr.New("UserNotFoundException", "User does not exist.")
	}
	return p, u, nil
}

type adminSetUserPasswordInput struct {
	UserPoolId string `aws:"required"`
	Username   string `aws:"required"`
	Password   string `aws:"required"`
	Permanent  bool
}

func (in adminSetUserPasswordInput) pool() string { return in.UserPoolId }

type empty struct{}

// adminSetUserPassword sets a password that is permanent or temporary; nothing
// is sent.
func (s *UserPools) adminSetUserPassword(c api.Context, in adminSetUserPasswordInput) (empty, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	policy := p.passwords()
	if err := policy.check(c.Span, in.Password, adminWording); err != nil {
		return empty{}, err
	}
	now := s.world.Now()
	u.setPassword(in.Password, now)
	if !in.Permanent {
		u.status, u.temporaryUntil = statusForceChange, now.Add(policy.temporaryFor())
	}
	return empty{}, nil
}

type adminConfirmSignUpInput struct {
	UserPoolId string `aws:"required"`
	Username   string `aws:"required"`

	_ struct{} `noeffect:"ClientMetadata"`
}

func (in adminConfirmSignUpInput) pool() string { return in.UserPoolId }

// adminConfirmSignUp confirms a user without the code; it verifies no attribute.
func (s *UserPools) adminConfirmSignUp(c api.Context, in adminConfirmSignUpInput) (empty, error) {
	_, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	if err := checkUnconfirmed(c.Span, u); err != nil {
		return empty{}, err
	}
	u.status, u.code, u.modified = statusConfirmed, nil, s.world.Now()
	return empty{}, nil
}

type adminGetUserOutput struct {
	Username             string
	UserAttributes       []attribute
	UserCreateDate       int64
	UserLastModifiedDate int64
	Enabled              bool
	UserStatus           string
}

func (s *UserPools) adminGetUser(c api.Context, in ofUser) (adminGetUserOutput, error) {
	_, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return adminGetUserOutput{}, err
	}
	return adminGetUserOutput{
		Username: u.username, UserAttributes: attributesOf(u.attributes, all), UserStatus: u.status, Enabled: !u.disabled,
		UserCreateDate: api.Epoch(u.created), UserLastModifiedDate: api.Epoch(u.modified),
	}, nil
}

// adminDisableUser also revokes the user's tokens, for good:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html
func (s *UserPools) adminDisableUser(c api.Context, in ofUser) (empty, error) {
	_, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	u.disabled, u.modified = true, s.world.Now()
	s.revokeAll(u)
	return empty{}, nil
}

func (s *UserPools) adminEnableUser(c api.Context, in ofUser) (empty, error) {
	_, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	u.disabled, u.modified = false, s.world.Now()
	return empty{}, nil
}

func (s *UserPools) adminUserGlobalSignOut(c api.Context, in ofUser) (empty, error) {
	_, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	s.revokeAll(u)
	return empty{}, nil
}

// userProperties are those of AWS::Cognito::UserPoolUser. It has no password,
// so the user must change a temporary one:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpooluser.html
type userProperties struct {
	UserPoolId             string `aws:"required"`
	Username               string
	UserAttributes         []attributeProperty
	MessageAction          string   `aws:"enum=RESEND|SUPPRESS"`
	DesiredDeliveryMediums []string `aws:"enum=SMS|EMAIL"`

	_ struct{} `noeffect:"ClientMetadata ForceAliasCreation ValidationData"`
}

// attributeProperty is an attribute in a template, where no part is required.
type attributeProperty struct {
	Name, Value string
}

func (s *UserPools) createUserResource(r cloudformation.Resource, in userProperties) (cloudformation.Created, error) {
	if in.Username == "" {
		in.Username = s.physicalName(r)
	}
	attributes := make([]attribute, len(in.UserAttributes))
	for i, a := range in.UserAttributes {
		attributes[i] = attribute(a)
	}
	u, err := s.create(r.Span, adminCreateUserInput{
		UserPoolId: in.UserPoolId, Username: in.Username, UserAttributes: attributes,
		MessageAction: in.MessageAction, DesiredDeliveryMediums: in.DesiredDeliveryMediums,
	})
	if err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: u.username}, nil
}

// physicalName is the name CloudFormation makes up for a resource without one.
func (s *UserPools) physicalName(r cloudformation.Resource) string {
	return r.Stack + "-" + r.LogicalID + "-" + s.world.Token(12, api.UpperAlphanumeric)
}
