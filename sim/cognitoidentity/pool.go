package cognitoidentity

import (
	"fmt"
	"regexp"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// pool is one identity pool.
type pool struct {
	id, name string
	settings poolSettings
	// number counts the pools that were made before.
	number int
	roles  roles
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

// poolSettings are those that UpdateIdentityPool replaces, all at once:
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UpdateIdentityPool.html
type poolSettings struct {
	AllowUnauthenticatedIdentities bool               `aws:"required"`
	AllowClassicFlow               *bool              `json:",omitempty"`
	CognitoIdentityProviders       []userPoolProvider `json:",omitempty"`
	DeveloperProviderName          string             `json:",omitempty"`
	OpenIdConnectProviderARNs      []string           `json:",omitempty"`
	SamlProviderARNs               []string           `json:",omitempty"`
	// SupportedLoginProviders are app ids by the name of a public provider,
	// such as graph.facebook.com.
	SupportedLoginProviders map[string]string `json:",omitempty"`
	IdentityPoolTags        map[string]string `json:",omitempty"`
}

// poolProperties are those of AWS::Cognito::IdentityPool:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-identitypool.html
type poolProperties struct {
	IdentityPoolName string
	poolSettings

	_ struct{} `unsimulated:"CognitoEvents CognitoStreams PushSync"`
}

// userPoolProvider is one app client whose users may log in.
type userPoolProvider struct {
	ClientId             string `json:",omitempty"`
	ProviderName         string `json:",omitempty"`
	ServerSideTokenCheck bool
}

func (s *IdentityPools) createPool(r cloudformation.Resource, in poolProperties) (cloudformation.Created, error) {
	if in.IdentityPoolName == "" {
		in.IdentityPoolName = r.LogicalID + "_" + s.world.Token(12, api.Alphanumeric)
	}
	p, err := s.addPool(r.Span, in.IdentityPoolName, in.poolSettings)
	if err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: p.id, Attributes: map[string]string{"Name": p.name}}, nil
}

// addPool makes an identity pool, whose names are legal.
func (s *IdentityPools) addPool(span *trace.Span, name string, in poolSettings) (*pool, error) {
	if err := checkNames(span, name, in); err != nil {
		return nil, err
	}
	p := &pool{
		id: s.newID(), name: name, settings: in, number: s.poolsMade,
		mappings: map[string]roleMapping{}, tags: map[string]tagMap{}, owners: map[login]*identity{},
	}
	s.poolsMade++
	s.pools[p.id] = p
	return p, nil
}

// The forms of the two names, as AWS documents them:
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CreateIdentityPool.html
const (
	namePattern      = `[\w\s+=,.@-]+`
	developerPattern = `[\w._-]+`
)

// checkNames refuses a name with other characters than AWS takes, in the words
// that AWS has for every member of a wrong form.
func checkNames(span *trace.Span, name string, in poolSettings) error {
	for _, n := range []struct {
		member, value, pattern string
		most                   int
	}{
		{"identityPoolName", name, namePattern, 128},
		{"developerProviderName", in.DeveloperProviderName, developerPattern, 100},
	} {
		if n.value == "" {
			continue
		}
		legal := len(n.value) <= n.most && regexp.MustCompile("^"+n.pattern+"$").MatchString(n.value)
		wanted := fmt.Sprintf("%s: at most %d of %s", n.member, n.most, n.pattern)
		if span.Decide(RulePoolName, legal, wanted, abbreviate(n.value)) {
			continue
		}
		constraint := "Member must satisfy regular expression pattern: " + n.pattern
		if len(n.value) > n.most {
			constraint = fmt.Sprintf("Member must have length less than or equal to %d", n.most)
		}
		return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", n.value, n.member, constraint)
	}
	return nil
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
