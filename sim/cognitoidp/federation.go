package cognitoidp

import (
	"maps"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// provider is an identity provider that a pool's users may sign in with.
type provider struct {
	name, kind  string
	details     map[string]string
	mapping     map[string]string
	identifiers []string

	created, modified time.Time
}

// The values of ProviderType.
const (
	kindSAML = "SAML"
	kindOIDC = "OIDC"
)

// providerProperties are those of AWS::Cognito::UserPoolIdentityProvider:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolidentityprovider.html
type providerProperties struct {
	UserPoolId       string            `aws:"required"`
	ProviderName     string            `aws:"required"`
	ProviderType     string            `aws:"required,enum=SAML|Facebook|Google|LoginWithAmazon|SignInWithApple|OIDC"`
	ProviderDetails  map[string]string `aws:"required"`
	AttributeMapping map[string]string
	IdpIdentifiers   []string
}

func (s *UserPools) createProvider(r cloudformation.Resource, in providerProperties) (cloudformation.Created, error) {
	added, err := s.addProvider(r.Span, in)
	if err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: added.name}, nil
}

// addProvider adds an identity provider to a pool:
//
//  1. the pool exists
//  2. the name is free, and no other than its type for a social provider; how
//     AWS refuses the latter is not documented
//  3. its configuration is legal (see provider.check)
func (s *UserPools) addProvider(span *trace.Span, in providerProperties) (*provider, error) {
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, err
	}
	taken := p.provider(in.ProviderName) != nil
	if !span.Decide(RuleProviderName, !taken, "a provider name that is free", in.ProviderName+": "+existence(taken)) { // 2
		return nil, awserr.New("DuplicateProviderException", "A provider with the name already exists.")
	}
	_, social := socialProviders()[in.ProviderType]
	named := !social || in.ProviderName == in.ProviderType
	if !span.Decide(RuleProviderName, named, "the name of the social provider", in.ProviderName) { // 2
		return nil, awserr.New("InvalidParameterException", "%s is not a valid name for a provider of type %s.", in.ProviderName, in.ProviderType)
	}
	added := &provider{
		name: in.ProviderName, kind: in.ProviderType, details: in.ProviderDetails, mapping: in.AttributeMapping, identifiers: in.IdpIdentifiers,
		created: s.world.Now(), modified: s.world.Now(),
	}
	if err := added.check(span, p); err != nil { // 3
		return nil, err
	}
	p.providers = append(p.providers, added)
	return added, nil
}

// check refuses a configuration that the provider's type or the pool does not
// take. AWS documents the checks without the wording of their errors:
//
//  1. ProviderDetails has what the type needs
//  2. AttributeMapping writes attributes of the pool's schema
func (from *provider) check(span *trace.Span, p *pool) error {
	if err := checkDetails(span, from.kind, from.details); err != nil { // 1
		return err
	}
	for _, target := range slices.Sorted(maps.Keys(from.mapping)) { // 2
		known := target == "username" || p.schema.has(target)
		if !span.Decide(RuleAttributeMapping, known, "attribute "+target+" in the schema", existence(known)) {
			return awserr.New("InvalidParameterException", "Invalid attribute mapping: %s is not in the schema.", target)
		}
	}
	return nil
}

// checkDetails looks for the keys that each type needs:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
func checkDetails(span *trace.Span, kind string, details map[string]string) error {
	needed := []string{"client_id", "client_secret", "authorize_scopes"}
	switch kind {
	case kindOIDC:
		needed = []string{"client_id", "authorize_scopes", "oidc_issuer", "attributes_request_method"}
	case kindSAML:
		needed = []string{"MetadataURL"}
	case "SignInWithApple":
		needed = []string{"client_id", "team_id", "key_id", "private_key", "authorize_scopes"}
	}
	for _, key := range needed {
		if kind == kindSAML && details["MetadataFile"] != "" {
			continue
		}
		value := details[key]
		if !span.Decide(RuleProviderDetails, value != "", key+" in ProviderDetails", presence(value)) {
			return awserr.New("InvalidParameterException", "Required parameter %s is missing in ProviderDetails.", key)
		}
	}
	return nil
}

// provider is the pool's identity provider of a name, nil without one.
func (p *pool) provider(name string) *provider {
	for _, candidate := range p.providers {
		if candidate.name == name {
			return candidate
		}
	}
	return nil
}

// chosenProvider is the identity provider that an authorization request names,
// nil when it names none or the pool's own users:
//
//  1. identity_provider is a name, idp_identifier one of a provider's
//     IdpIdentifiers
//  2. the app client has the provider among SupportedIdentityProviders
//
// How AWS refuses another one is not documented.
func (s *UserPools) chosenProvider(v *visit, ask *authorization) (*provider, error) {
	name, identifier := v.query.Get("identity_provider"), v.query.Get("idp_identifier")
	if name == localUsers || name == "" && identifier == "" {
		return nil, nil
	}
	var chosen *provider
	for _, candidate := range v.pool.providers { // 1
		if candidate.name == name || name == "" && slices.Contains(candidate.identifiers, identifier) {
			chosen = candidate
		}
	}
	offered := ask.client.settings.SupportedIdentityProviders
	usable := chosen != nil && slices.Contains(offered, chosen.name) // 2
	if !v.span.Decide(RuleProviderOffered, usable, "one of SupportedIdentityProviders "+phrase(offered, "none"), name+identifier) {
		return nil, ask.refuse("invalid_request", "Identity provider does not exist for client")
	}
	return chosen, nil
}

// identity is what a user is at an identity provider.
type identity struct {
	provider *provider
	// subject is the provider's own id of the user.
	subject string
	// attribute and value are what a link is matched by before its first
	// sign-in; attribute is "" afterwards.
	attribute, value string
	// primary is set when the profile came from this identity.
	primary bool
	created time.Time
}

// subjectAttribute is the name of a provider's own id of a user in
// AdminLinkProviderForUser.
const subjectAttribute = "Cognito_Subject"

// identityClaims is the claim identities, in ID tokens of users with an identity
// at a provider:
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
func identityClaims(span *trace.Span, u *user) []claim {
	if len(u.identities) == 0 {
		return nil
	}
	linked := u.status != statusExternal
	span.Note(RuleFederatedProfile, linked, "an existing profile that is linked to the provider", profileFound(u, linked))
	return []claim{{fromProvider, "identities", u.describeIdentities()}}
}

// identityDescription is one item of the claim identities. The two last are
// text, as AWS has them.
type identityDescription struct {
	UserID       string  `json:"userId"`
	ProviderName string  `json:"providerName"`
	ProviderType string  `json:"providerType"`
	Issuer       *string `json:"issuer"`
	Primary      string  `json:"primary"`
	DateCreated  string  `json:"dateCreated"`
}

func (u *user) describeIdentities() []identityDescription {
	list := make([]identityDescription, len(u.identities))
	for i, id := range u.identities {
		list[i] = identityDescription{
			UserID: id.subject, ProviderName: id.provider.name, ProviderType: id.provider.kind,
			Primary: boolText(id.primary), DateCreated: milliseconds(id.created),
		}
	}
	return list
}

// identify finds the user behind an identity: by the identity itself, or by a
// link that waits for it. It is nil for somebody new.
func (p *pool) identify(from *provider, arrival arrival) *user {
	for _, u := range p.users {
		for i := range u.identities {
			if id := &u.identities[i]; id.provider == from && id.matches(arrival) {
				id.attribute, id.subject = "", arrival.subject
				return u
			}
		}
	}
	return nil
}

func (id *identity) matches(arrival arrival) bool {
	if id.attribute == "" {
		return id.subject == arrival.subject
	}
	return arrival.claims[id.attribute] == id.value
}

// federatedName is the username of a profile that came from a provider. It is in
// lower case in pools that do not tell cases apart:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managing-saml-idp-naming.html
func (p *pool) federatedName(from *provider, subject string) string {
	username := from.name + "_" + subject
	if c := p.settings.UsernameConfiguration; c != nil && !c.CaseSensitive {
		return strings.ToLower(username)
	}
	return username
}
