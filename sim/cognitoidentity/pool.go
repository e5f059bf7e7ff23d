package cognitoidentity

import (
	"fmt"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// pool is one identity pool.
type pool struct {
	id       string
	settings poolProperties
	roles    roles
	// owners are the identities by provider and subject.
	owners map[login]*identity
}

// identity is one identity of a pool: a guest while it has no login.
type identity struct {
	id     string
	pool   *pool
	logins []login
}

// login is a user at a provider, such as cognito-idp.us-east-1.amazonaws.com/POOL.
type login struct{ provider, subject string }

// poolProperties are those of AWS::Cognito::IdentityPool:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-identitypool.html
type poolProperties struct {
	AllowUnauthenticatedIdentities bool `aws:"required"`
	AllowClassicFlow               *bool
	CognitoIdentityProviders       []userPoolProvider
	IdentityPoolName               string

	_ struct{} `noeffect:"IdentityPoolTags" unsimulated:"CognitoEvents CognitoStreams DeveloperProviderName OpenIdConnectProviderARNs PushSync SamlProviderARNs SupportedLoginProviders"`
}

// userPoolProvider is one app client whose users may log in.
type userPoolProvider struct {
	ClientId             string
	ProviderName         string
	ServerSideTokenCheck bool
}

func (s *IdentityPools) createPool(r cloudformation.Resource, in poolProperties) (cloudformation.Created, error) {
	for _, provider := range in.CognitoIdentityProviders {
		if provider.ServerSideTokenCheck {
			return cloudformation.Created{}, fmt.Errorf("ServerSideTokenCheck true: AWS has it, the simulation does not")
		}
	}
	if in.IdentityPoolName == "" {
		in.IdentityPoolName = r.LogicalID + "_" + s.world.Token(12, api.Alphanumeric)
	}
	p := &pool{id: s.newID(), settings: in, owners: map[login]*identity{}}
	s.pools[p.id] = p
	return cloudformation.Created{Ref: p.id, Attributes: map[string]string{"Name": in.IdentityPoolName}}, nil
}

// newID is REGION:GUID, the form of pool and identity ids.
func (s *IdentityPools) newID() string { return s.world.Region() + ":" + s.world.UUID() }

// knows reports whether users of an app client of a user pool may log in.
func (p *pool) knows(provider, clientID string) bool {
	return slices.ContainsFunc(p.settings.CognitoIdentityProviders, func(c userPoolProvider) bool {
		return c.ProviderName == provider && c.ClientId == clientID
	})
}

// admitGuests refuses a caller without logins when the pool wants none.
func (p *pool) admitGuests(span *trace.Span) error {
	allowed := p.settings.AllowUnauthenticatedIdentities
	found := "guests are off"
	if allowed {
		found = "guests are allowed"
	}
	if !span.Decide(RuleGuests, allowed, "a login, or AllowUnauthenticatedIdentities", "no login, "+found) {
		return notAuthorized("Unauthenticated access is not supported for this identity pool.")
	}
	return nil
}

// attachmentProperties are those of AWS::Cognito::IdentityPoolRoleAttachment:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-identitypoolroleattachment.html
type attachmentProperties struct {
	IdentityPoolId string `aws:"required"`
	Roles          roles

	_ struct{} `unsimulated:"RoleMappings"`
}

// roles are ARNs, "" for a role that is not set.
type roles struct {
	Authenticated   string `aws:"name=authenticated"`
	Unauthenticated string `aws:"name=unauthenticated"`
}

func (s *IdentityPools) attachRoles(r cloudformation.Resource, in attachmentProperties) (cloudformation.Created, error) {
	p, err := s.findPool(r.Span, in.IdentityPoolId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	p.roles = in.Roles
	return cloudformation.Created{Ref: r.LogicalID + "-" + s.world.Token(12, api.UpperAlphanumeric)}, nil
}
