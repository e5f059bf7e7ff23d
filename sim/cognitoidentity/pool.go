package cognitoidentity

import (
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
	// attached is set once a template has attached roles.
	attached bool
	// mappings are the role mappings by provider, such as
	// cognito-idp.us-east-1.amazonaws.com/POOL:CLIENT.
	mappings map[string]roleMapping
	// tags are the attributes for access control by provider name.
	tags map[string]tagMap
	// owners are the identities by provider and subject.
	owners map[login]*identity
}

// poolProperties are those of AWS::Cognito::IdentityPool:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-identitypool.html
type poolProperties struct {
	AllowUnauthenticatedIdentities bool `aws:"required"`
	AllowClassicFlow               *bool
	CognitoIdentityProviders       []userPoolProvider
	DeveloperProviderName          string
	IdentityPoolName               string
	OpenIdConnectProviderARNs      []string
	// SupportedLoginProviders are app ids by the name of a public provider,
	// such as graph.facebook.com.
	SupportedLoginProviders map[string]string

	_ struct{} `noeffect:"IdentityPoolTags" unsimulated:"CognitoEvents CognitoStreams PushSync SamlProviderARNs"`
}

// userPoolProvider is one app client whose users may log in.
type userPoolProvider struct {
	ClientId             string
	ProviderName         string
	ServerSideTokenCheck bool
}

func (s *IdentityPools) createPool(r cloudformation.Resource, in poolProperties) (cloudformation.Created, error) {
	if in.IdentityPoolName == "" {
		in.IdentityPoolName = r.LogicalID + "_" + s.world.Token(12, api.Alphanumeric)
	}
	p := &pool{id: s.newID(), settings: in, mappings: map[string]roleMapping{}, tags: map[string]tagMap{}, owners: map[login]*identity{}}
	s.pools[p.id] = p
	return cloudformation.Created{Ref: p.id, Attributes: map[string]string{"Name": in.IdentityPoolName}}, nil
}

// newID is REGION:GUID, the form of pool and identity ids.
func (s *IdentityPools) newID() string { return s.world.Region() + ":" + s.world.UUID() }

// client finds an app client of a user pool whose users may log in.
func (p *pool) client(provider, clientID string) (userPoolProvider, bool) {
	i := slices.IndexFunc(p.settings.CognitoIdentityProviders, func(c userPoolProvider) bool {
		return c.ProviderName == provider && c.ClientId == clientID
	})
	if i < 0 {
		return userPoolProvider{}, false
	}
	return p.settings.CognitoIdentityProviders[i], true
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
