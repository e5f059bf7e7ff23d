package cognitoidp

import (
	"cmp"
	"maps"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// ofPool is the input of an operation that needs no more than a pool.
type ofPool struct {
	UserPoolId string `aws:"required"`
}

func (in ofPool) pool() string { return in.UserPoolId }

type createUserPoolInput struct {
	PoolName string `aws:"required"`
	configuration

	_ struct{} `unsimulated:"IssuerConfiguration KeyConfiguration"`
}

type userPoolOutput struct {
	UserPool poolDescription
}

// poolDescription is a pool as AWS describes it. Members without a value are
// left out, as there:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
type poolDescription struct {
	Id   string
	Name string
	Arn  string
	poolOrigin
	poolSettings
	SchemaAttributes       []schemaAttribute
	Domain                 string `json:",omitempty"`
	CustomDomain           string `json:",omitempty"`
	EstimatedNumberOfUsers int
	CreationDate           api.Timestamp
	LastModifiedDate       api.Timestamp
}

// createUserPool makes a pool by the checks of a template's (see addPool).
// Second factors other than text messages are SetUserPoolMfaConfig's.
func (s *UserPools) createUserPool(c api.Context, in createUserPoolInput) (userPoolOutput, error) {
	p, err := s.addPool(c.Span, in.configuration, nil)
	if err != nil {
		return userPoolOutput{}, err
	}
	p.name = in.PoolName
	return userPoolOutput{UserPool: s.describePool(p)}, nil
}

func (s *UserPools) describeUserPool(c api.Context, in ofPool) (userPoolOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return userPoolOutput{}, err
	}
	return userPoolOutput{UserPool: s.describePool(p)}, nil
}

func (s *UserPools) describePool(p *pool) poolDescription {
	d := poolDescription{
		Id: p.id, Name: p.name, Arn: s.arn(p.id),
		poolOrigin: p.settings.poolOrigin, poolSettings: p.settings.inEffect(),
		SchemaAttributes: p.schema.describe(), EstimatedNumberOfUsers: len(p.users),
		CreationDate: api.Epoch(p.created), LastModifiedDate: api.Epoch(p.modified),
	}
	for _, domain := range p.domains {
		if domain.custom {
			d.CustomDomain = domain.name
		} else {
			d.Domain = domain.name
		}
	}
	return d
}

type updateUserPoolInput struct {
	UserPoolId string `aws:"required"`
	PoolName   string
	poolSettings

	_ struct{} `unsimulated:"IssuerConfiguration KeyConfiguration"`
}

func (in updateUserPoolInput) pool() string { return in.UserPoolId }

// updateUserPool gives a pool new settings: what the caller leaves out goes
// back to its default.
//
//  1. the pool exists
//  2. the new settings are legal (see poolSettings.check)
//
// The name, the factors of SetUserPoolMfaConfig other than text messages and
// what they can be sent by are kept (inferred), and UserAttributeUpdateSettings
// is: https://github.com/ekristen/aws-nuke/issues/477
func (s *UserPools) updateUserPool(c api.Context, in updateUserPoolInput) (empty, error) {
	p, err := s.findPool(c.Span, in.UserPoolId) // 1
	if err != nil {
		return empty{}, err
	}
	settings := in.poolSettings
	if settings.UserAttributeUpdateSettings == nil {
		settings.UserAttributeUpdateSettings = p.settings.UserAttributeUpdateSettings
	}
	mfa := settings.multiFactor(p.mfa.factorsAfter(settings))
	if err := settings.check(c.Span, mfa); err != nil { // 2
		return empty{}, err
	}
	if err := noteResets(c.Span, p.settings.inEffect(), settings.inEffect(), in.poolSettings); err != nil {
		return empty{}, err
	}
	p.settings.poolSettings, p.mfa, p.modified = settings, mfa, s.world.Now()
	p.name = cmp.Or(in.PoolName, p.name)
	return empty{}, nil
}

// factorsAfter are the factors that an update leaves: text messages go where
// MFA is off and nothing can send them.
func (m multiFactor) factorsAfter(settings poolSettings) []string {
	off := cmp.Or(settings.MfaConfiguration, "OFF") == "OFF"
	return slices.DeleteFunc(slices.Clone(m.factors), func(factor string) bool {
		return factor == smsMFA && off && settings.SmsConfiguration == nil
	})
}

type listUserPoolsInput struct {
	MaxResults int64 `aws:"required"`
	NextToken  string
}

type listUserPoolsOutput struct {
	UserPools []poolSummary
	NextToken string `json:",omitempty"`
}

// poolSummary is a pool in a list. AWS documents its other members as no
// longer returned.
type poolSummary struct {
	Id, Name         string
	CreationDate     api.Timestamp
	LastModifiedDate api.Timestamp
}

// listUserPools lists the account's pools, the oldest first; in which order AWS
// lists them is not documented.
func (s *UserPools) listUserPools(c api.Context, in listUserPoolsInput) (listUserPoolsOutput, error) {
	pools := slices.SortedFunc(maps.Values(s.pools), func(a, b *pool) int {
		return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.id, b.id))
	})
	shown, next, err := pageOf(c.Span, pools, wanted{"maxResults", in.MaxResults, in.NextToken})
	if err != nil {
		return listUserPoolsOutput{}, err
	}
	out := listUserPoolsOutput{UserPools: []poolSummary{}, NextToken: next}
	for _, p := range shown {
		out.UserPools = append(out.UserPools, poolSummary{p.id, p.name, api.Epoch(p.created), api.Epoch(p.modified)})
	}
	return out, nil
}

// deleteUserPool deletes a pool with everything in it:
//
//  1. the pool exists
//  2. deletion protection is not active
//  3. the pool has no domain
//
// Which of 2 and 3 AWS looks at first is not documented. The wordings are those
// of https://github.com/localstack/localstack/issues/11947 and
// https://github.com/hashicorp/terraform-provider-aws/issues/16479
func (s *UserPools) deleteUserPool(c api.Context, in ofPool) (empty, error) {
	p, err := s.findPool(c.Span, in.UserPoolId) // 1
	if err != nil {
		return empty{}, err
	}
	protection := p.settings.inEffect().DeletionProtection
	if !c.Span.Decide(RuleDeletionProtection, protection != active, "DeletionProtection INACTIVE", protection) { // 2
		return empty{}, awserr.New("InvalidParameterException", "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.")
	}
	if !c.Span.Decide(RuleDomainFirst, len(p.domains) == 0, "a pool without a domain", domainsOf(p)) { // 3
		return empty{}, awserr.New("InvalidParameterException", "User pool cannot be deleted. It has a domain configured that should be deleted first.")
	}
	delete(s.pools, p.id)
	maps.DeleteFunc(s.web.styles, func(_ string, y *style) bool { return y.client.pool == p })
	maps.DeleteFunc(s.clients, func(_ string, c *client) bool { return c.pool == p })
	maps.DeleteFunc(s.signIns, func(_ string, in *signIn) bool { return in.client.pool == p })
	maps.DeleteFunc(s.refreshTokens, func(_ string, in *signIn) bool { return in.client.pool == p })
	return empty{}, nil
}

func domainsOf(p *pool) string {
	var names []string
	for _, d := range p.domains {
		names = append(names, d.name)
	}
	return phrase(names, "none")
}

type addCustomAttributesInput struct {
	UserPoolId       string            `aws:"required"`
	CustomAttributes []schemaAttribute `aws:"required"`
}

func (in addCustomAttributesInput) pool() string { return in.UserPoolId }

// addCustomAttributes adds to a pool's schema, from which nothing is ever
// removed:
//
//  1. the pool exists
//  2. the attributes are legal (see checkSchema)
//  3. the names are free, in the words of
//     https://github.com/jmaleonard/serverless-cognito-add-custom-attributes/issues/3
func (s *UserPools) addCustomAttributes(c api.Context, in addCustomAttributesInput) (empty, error) {
	p, err := s.findPool(c.Span, in.UserPoolId) // 1
	if err != nil {
		return empty{}, err
	}
	if err := checkSchema(c.Span, "customAttributes", in.CustomAttributes, noneStandard); err != nil { // 2
		return empty{}, err
	}
	for _, item := range in.CustomAttributes {
		name := customPrefix + item.Name
		taken := p.schema.has(name)
		if !c.Span.Decide(RuleCustomFree, !taken, "a name that the schema does not have", name+": "+existence(taken)) { // 3
			return empty{}, awserr.New("InvalidParameterException", "%s: Existing attribute already has name %s.", name, name)
		}
	}
	for _, item := range in.CustomAttributes {
		p.schema.addCustom(item)
	}
	p.modified = s.world.Now()
	return empty{}, nil
}
