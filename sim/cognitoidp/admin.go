package cognitoidp

import (
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
	ClientMetadata         map[string]string
	ValidationData         []attribute
	ForceAliasCreation     bool
}

func (in adminCreateUserInput) pool() string { return in.UserPoolId }

type adminCreateUserOutput struct {
	User userDescription
}

// userDescription is a user as AdminCreateUser and ListUsers return it.
type userDescription struct {
	Username             string
	Attributes           []attribute
	UserCreateDate       api.Timestamp
	UserLastModifiedDate api.Timestamp
	Enabled              bool
	UserStatus           string
}

func (s *UserPools) adminCreateUser(c api.Context, in adminCreateUserInput) (adminCreateUserOutput, error) {
	u, err := s.create(c.Span, in)
	if err != nil {
		return adminCreateUserOutput{}, err
	}
	return adminCreateUserOutput{User: u.describe()}, nil
}

func (u *user) describe() userDescription {
	return userDescription{
		Username: u.username, Attributes: attributesOf(u.attributes, all), UserStatus: u.status, Enabled: !u.disabled,
		UserCreateDate: api.Epoch(u.created), UserLastModifiedDate: api.Epoch(u.modified),
	}
}

func all(string) bool { return true }

// create adds a user on an administrator's word:
//
//  1. the pool exists
//  2. the username has the pool's form
//  3. the schema has the attributes; required ones may come later, from the user
//  4. the username is free, and verified addresses are nobody's alias
//  5. the password policy allows the temporary password
//  6. the pre sign-up trigger does not throw
//
// Then an invitation with the temporary password is sent.
func (s *UserPools) create(span *trace.Span, in adminCreateUserInput) (*user, error) {
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, err
	}
	if in.MessageAction == "RESEND" {
		return s.inviteAgain(span, p, in)
	}
	attributes := values(in.UserAttributes)
	if err := p.nameUser(span, in.Username, attributes); err != nil { // 2
		return nil, err
	}
	if err := p.schema.checkValues(span, attributes); err != nil { // 3
		return nil, err
	}
	if err := p.checkFree(span, in.Username, "User account already exists"); err != nil { // 4
		return nil, err
	}
	for _, attribute := range (&user{attributes: attributes}).verified() {
		if err := p.takeAlias(span, nil, attribute, attributes[attribute], in.ForceAliasCreation); err != nil {
			return nil, err
		}
	}
	policy := p.passwords()
	if in.TemporaryPassword == "" {
		in.TemporaryPassword = s.newTemporaryPassword(policy)
	} else if err := policy.check(span, in.TemporaryPassword, adminWording); err != nil { // 5
		return nil, err
	}
	attributes["sub"] = s.world.UUID()
	created := newcomer{
		span: span, pool: p, username: p.realName(in.Username, attributes),
		attributes: attributes, validationData: values(in.ValidationData), metadata: in.ClientMetadata,
	}
	if _, err := s.beforeSignUp(created, "AdminCreateUser"); err != nil { // 6
		return nil, err
	}
	u := s.addUser(p, in.Username, attributes)
	u.password, u.status = in.TemporaryPassword, statusForceChange
	u.temporaryUntil = s.world.Now().Add(policy.temporaryFor())
	if in.MessageAction == "SUPPRESS" {
		return u, nil
	}
	return u, s.invite(span, p, u, in)
}

// inviteAgain sends a new temporary password, which lasts anew, to a user who
// has not taken the invitation. AWS documents that it is for such users without
// the wording of the error.
func (s *UserPools) inviteAgain(span *trace.Span, p *pool, in adminCreateUserInput) (*user, error) {
	_, u, err := s.findUser(span, in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if !span.Decide(RuleInvitation, u.status == statusForceChange, "a user in FORCE_CHANGE_PASSWORD", u.status) {
		return nil, awserr.New("UnsupportedUserStateException", "Resend not possible. User status is not FORCE_CHANGE_PASSWORD.")
	}
	u.password = in.TemporaryPassword
	if u.password == "" {
		u.password = s.newTemporaryPassword(p.passwords())
	}
	u.temporaryUntil = s.world.Now().Add(p.passwords().temporaryFor())
	return u, s.invite(span, p, u, in)
}

// invite sends the temporary password by the desired media, SMS unless said
// otherwise.
func (s *UserPools) invite(span *trace.Span, p *pool, u *user, in adminCreateUserInput) error {
	media := in.DesiredDeliveryMediums
	if len(media) == 0 {
		media = []string{"SMS"}
	}
	for _, attribute := range []string{"phone_number", "email"} {
		if !slices.Contains(media, mediumOf(attribute)) {
			continue
		}
		invitation := letter{span: span, pool: p, user: u, attribute: attribute, code: u.password, reason: "AdminCreateUser", metadata: in.ClientMetadata}
		if err := s.post(invitation); err != nil {
			return err
		}
	}
	return nil
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
	if err := checkShape(c.Span, "password", in.Password); err != nil {
		return empty{}, err
	}
	if err := p.checkNewPassword(c.Span, u, in.Password, adminWording); err != nil {
		return empty{}, err
	}
	now := s.world.Now()
	if in.Permanent {
		u.setPassword(in.Password, now)
		return empty{}, nil
	}
	u.password, u.status, u.modified = in.Password, statusForceChange, now
	u.temporaryUntil = now.Add(p.passwords().temporaryFor())
	return empty{}, nil
}

type adminConfirmSignUpInput struct {
	UserPoolId string `aws:"required"`
	Username   string `aws:"required"`

	ClientMetadata map[string]string
}

func (in adminConfirmSignUpInput) pool() string { return in.UserPoolId }

// adminConfirmSignUp confirms a user without the code; it verifies no attribute.
// The post confirmation trigger runs.
func (s *UserPools) adminConfirmSignUp(c api.Context, in adminConfirmSignUpInput) (empty, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	if err := checkUnconfirmed(c.Span, u); err != nil {
		return empty{}, err
	}
	u.status, u.code, u.modified = statusConfirmed, nil, s.world.Now()
	return empty{}, s.afterConfirmation(confirmation{
		span: c.Span, pool: p, user: u, source: "ConfirmSignUp", metadata: in.ClientMetadata,
	})
}

type adminGetUserOutput struct {
	Username             string
	UserAttributes       []attribute
	UserCreateDate       api.Timestamp
	UserLastModifiedDate api.Timestamp
	Enabled              bool
	UserStatus           string
	PreferredMfaSetting  string   `json:",omitempty"`
	UserMFASettingList   []string `json:",omitempty"`
}

func (s *UserPools) adminGetUser(c api.Context, in ofUser) (adminGetUserOutput, error) {
	_, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return adminGetUserOutput{}, err
	}
	return adminGetUserOutput{
		Username: u.username, UserAttributes: attributesOf(u.attributes, all), UserStatus: u.status, Enabled: !u.disabled,
		UserCreateDate: api.Epoch(u.created), UserLastModifiedDate: api.Epoch(u.modified),
		PreferredMfaSetting: u.factors.preferred, UserMFASettingList: u.factors.chosen,
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
	ClientMetadata         map[string]string
	ValidationData         []attributeProperty

	_ struct{} `noeffect:"ForceAliasCreation"`
}

// attributeProperty is an attribute in a template, where no part is required.
type attributeProperty struct {
	Name, Value string
}

func attributesIn(properties []attributeProperty) []attribute {
	attributes := make([]attribute, len(properties))
	for i, p := range properties {
		attributes[i] = attribute(p)
	}
	return attributes
}

func (s *UserPools) createUserResource(r cloudformation.Resource, in userProperties) (cloudformation.Created, error) {
	if in.Username == "" {
		in.Username = s.physicalName(r)
	}
	u, err := s.create(r.Span, adminCreateUserInput{
		UserPoolId: in.UserPoolId, Username: in.Username, UserAttributes: attributesIn(in.UserAttributes),
		MessageAction: in.MessageAction, DesiredDeliveryMediums: in.DesiredDeliveryMediums,
		ClientMetadata: in.ClientMetadata, ValidationData: attributesIn(in.ValidationData),
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
