package cognitoidp

import (
	"maps"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// attributeUpdates is a pool's UserAttributeUpdateSettings.
type attributeUpdates struct {
	AttributesRequireVerificationBeforeUpdate []string `aws:"enum=email|phone_number"`
}

type updateUserAttributesInput struct {
	AccessToken    string `aws:"required"`
	UserAttributes []attribute
	ClientMetadata map[string]string
}

type updateUserAttributesOutput struct {
	CodeDeliveryDetailsList []*codeDelivery
}

// updateUserAttributes lets a signed-in user change the profile:
//
//  1. the access token is good
//  2. the app client may write the attributes
//  3. the schema has them, and lets them change
//
// A new address is not verified, and is sent a code when the pool verifies it.
func (s *UserPools) updateUserAttributes(c api.Context, in updateUserAttributesInput) (updateUserAttributesOutput, error) {
	none := updateUserAttributesOutput{}
	signedIn, err := s.bearer(c.Span, in.AccessToken) // 1
	if err != nil {
		return none, err
	}
	if err := signedIn.client.checkWrites(c.Span, in.UserAttributes); err != nil { // 2
		return none, err
	}
	p := signedIn.client.pool
	if err := p.checkChange(c.Span, signedIn.user, values(in.UserAttributes)); err != nil { // 3
		return none, err
	}
	l := letter{span: c.Span, pool: p, client: signedIn.client, user: signedIn.user, metadata: in.ClientMetadata}
	sent, err := s.change(l, values(in.UserAttributes))
	return updateUserAttributesOutput{CodeDeliveryDetailsList: sent}, err
}

// checkChange refuses attributes that the schema lacks or does not let change.
func (p *pool) checkChange(span *trace.Span, u *user, attributes map[string]string) error {
	if err := p.schema.checkValues(span, attributes); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		mutable := !slices.Contains(p.schema.immutable, name) || u.attributes[name] == ""
		if !span.Decide(RuleAttributeMutable, mutable, name+" that can change", mutability(mutable)) {
			return awserr.New("InvalidParameterException", "user.%s: Attribute cannot be updated.\n", name)
		}
	}
	return nil
}

func mutability(mutable bool) string {
	if mutable {
		return "mutable, or without a value"
	}
	return "immutable"
}

// change writes attributes and returns where codes went to. An address that the
// pool wants verified first is written when its code comes back:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func (s *UserPools) change(l letter, attributes map[string]string) ([]*codeDelivery, error) {
	p, u := l.pool, l.user
	l.reason = "UpdateUserAttribute"
	deliveries := []*codeDelivery{}
	changed := maps.Clone(u.attributes)
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		value := attributes[name]
		if name != "email" && name != "phone_number" || value == changed[name] {
			changed[name] = value
			continue
		}
		_, vouched := attributes[name+"_verified"]
		verifies := slices.Contains(p.settings.AutoVerifiedAttributes, name) && value != "" && !vouched
		waits := verifies && slices.Contains(p.settings.verifiedFirst(), name)
		if !waits {
			changed[name] = value
		}
		if !waits && !vouched {
			changed[name+"_verified"] = "false"
		}
		if verifies {
			sent, err := s.verifyAddress(l, name, value)
			if err != nil {
				return nil, err
			}
			deliveries = append(deliveries, sent)
		}
	}
	u.attributes, u.modified = changed, s.world.Now()
	return deliveries, nil
}

// verifyAddress sends a code to an address that the user has or is to have.
func (s *UserPools) verifyAddress(l letter, attribute, address string) (*codeDelivery, error) {
	sent := s.newCode(attribute, signUpCodeLife)
	sent.address = address
	if l.user.verifying == nil {
		l.user.verifying = map[string]*code{}
	}
	l.user.verifying[attribute] = sent
	return s.deliver(l, sent)
}

type adminUpdateUserAttributesInput struct {
	UserPoolId     string `aws:"required"`
	Username       string `aws:"required"`
	UserAttributes []attribute
	ClientMetadata map[string]string
}

func (in adminUpdateUserAttributesInput) pool() string { return in.UserPoolId }

// adminUpdateUserAttributes changes a profile on an administrator's word, the
// verified flags among it.
func (s *UserPools) adminUpdateUserAttributes(c api.Context, in adminUpdateUserAttributesInput) (empty, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	attributes := values(in.UserAttributes)
	if err := p.checkChange(c.Span, u, attributes); err != nil {
		return empty{}, err
	}
	_, err = s.change(letter{span: c.Span, pool: p, user: u, metadata: in.ClientMetadata}, attributes)
	return empty{}, err
}

type verificationCodeInput struct {
	AccessToken    string `aws:"required"`
	AttributeName  string `aws:"required"`
	ClientMetadata map[string]string
}

// getUserAttributeVerificationCode sends a code to an address of the signed-in
// user:
//
//  1. the access token is good
//  2. the user has the address
//  3. the user does not ask too often
func (s *UserPools) getUserAttributeVerificationCode(c api.Context, in verificationCodeInput) (codeDeliveryOutput, error) {
	none := codeDeliveryOutput{}
	signedIn, err := s.bearer(c.Span, in.AccessToken) // 1
	if err != nil {
		return none, err
	}
	u := signedIn.user
	address := ""
	if in.AttributeName == "email" || in.AttributeName == "phone_number" {
		address = u.attributes[in.AttributeName]
	}
	if pending := u.verifying[in.AttributeName]; pending != nil {
		address = pending.address
	}
	if !c.Span.Decide(RuleAttributeVerifiable, address != "", "an email or phone_number of the user", presence(address)) { // 2
		return none, awserr.New("InvalidParameterException", "User does not have a %s to verify.", in.AttributeName)
	}
	if err := s.checkQuota(c.Span, u, "GetUserAttributeVerificationCode"); err != nil { // 3
		return none, err
	}
	l := letter{span: c.Span, pool: signedIn.client.pool, client: signedIn.client, user: u, reason: "VerifyUserAttribute", metadata: in.ClientMetadata}
	sent, err := s.verifyAddress(l, in.AttributeName, address)
	return codeDeliveryOutput{sent}, err
}

type verifyUserAttributeInput struct {
	AccessToken   string `aws:"required"`
	AttributeName string `aws:"required"`
	Code          string `aws:"required"`
}

// verifyUserAttribute takes the code that was sent to an address:
//
//  1. the access token is good
//  2. the code was sent, has not expired, and is this one
//  3. the address is no alias of another user
func (s *UserPools) verifyUserAttribute(c api.Context, in verifyUserAttributeInput) (empty, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken) // 1
	if err != nil {
		return empty{}, err
	}
	u := signedIn.user
	if err := s.checkQuota(c.Span, u, "VerifyUserAttribute"); err != nil {
		return empty{}, err
	}
	sent := u.verifying[in.AttributeName]
	if err := s.checkCode(c.Span, sent, in.Code); err != nil { // 2
		return empty{}, err
	}
	if err := signedIn.client.pool.takeAlias(c.Span, u, sent.attribute, sent.address, false); err != nil { // 3
		return empty{}, err
	}
	u.attributes[sent.attribute], u.attributes[sent.attribute+"_verified"] = sent.address, "true"
	delete(u.verifying, sent.attribute)
	return empty{}, nil
}

type deleteUserAttributesInput struct {
	AccessToken        string   `aws:"required"`
	UserAttributeNames []string `aws:"required"`
}

// deleteUserAttributes empties attributes that the app client may write.
func (s *UserPools) deleteUserAttributes(c api.Context, in deleteUserAttributesInput) (empty, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return empty{}, err
	}
	named := make([]attribute, len(in.UserAttributeNames))
	for i, name := range in.UserAttributeNames {
		named[i].Name = name
	}
	if err := signedIn.client.checkWrites(c.Span, named); err != nil {
		return empty{}, err
	}
	return empty{}, s.remove(c.Span, signedIn.client.pool, signedIn.user, in.UserAttributeNames)
}

type adminDeleteUserAttributesInput struct {
	UserPoolId         string   `aws:"required"`
	Username           string   `aws:"required"`
	UserAttributeNames []string `aws:"required"`
}

func (in adminDeleteUserAttributesInput) pool() string { return in.UserPoolId }

func (s *UserPools) adminDeleteUserAttributes(c api.Context, in adminDeleteUserAttributesInput) (empty, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	return empty{}, s.remove(c.Span, p, u, in.UserAttributeNames)
}

// remove empties attributes; an address goes with its verified flag.
func (s *UserPools) remove(span *trace.Span, p *pool, u *user, names []string) error {
	emptied := map[string]string{}
	for _, name := range names {
		emptied[name] = ""
	}
	if err := p.checkChange(span, u, emptied); err != nil {
		return err
	}
	for _, name := range names {
		delete(u.attributes, name)
		delete(u.attributes, name+"_verified")
	}
	u.modified = s.world.Now()
	return nil
}
