package cognitoidp

import (
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type createIdentityProviderInput struct {
	UserPoolId       string            `aws:"required"`
	ProviderName     string            `aws:"required"`
	ProviderType     string            `aws:"required,enum=SAML|Facebook|Google|LoginWithAmazon|SignInWithApple|OIDC"`
	ProviderDetails  map[string]string `aws:"required"`
	AttributeMapping map[string]string
	IdpIdentifiers   []string
}

func (in createIdentityProviderInput) pool() string { return in.UserPoolId }

type identityProviderOutput struct {
	IdentityProvider providerDescription
}

type providerDescription struct {
	UserPoolId       string
	ProviderName     string
	ProviderType     string
	ProviderDetails  map[string]string
	AttributeMapping map[string]string `json:",omitempty"`
	IdpIdentifiers   []string          `json:",omitempty"`
	CreationDate     api.Timestamp
	LastModifiedDate api.Timestamp
}

func (from *provider) describe(poolID string) identityProviderOutput {
	return identityProviderOutput{providerDescription{
		UserPoolId: poolID, ProviderName: from.name, ProviderType: from.kind, ProviderDetails: from.details,
		AttributeMapping: from.mapping, IdpIdentifiers: from.identifiers,
		CreationDate: api.Epoch(from.created), LastModifiedDate: api.Epoch(from.modified),
	}}
}

func (s *UserPools) createIdentityProvider(c api.Context, in createIdentityProviderInput) (identityProviderOutput, error) {
	added, err := s.addProvider(c.Span, providerProperties(in))
	if err != nil {
		return identityProviderOutput{}, err
	}
	return added.describe(in.UserPoolId), nil
}

// findProvider finds an identity provider of the pool by its name. AWS documents
// the error without its wording.
func (p *pool) findProvider(span *trace.Span, name string) (*provider, error) {
	from := p.provider(name)
	if !span.Decide(RuleProviderExists, from != nil, "identity provider "+name, existence(from != nil)) {
		return nil, awserr.New("ResourceNotFoundException", "Identity provider %s does not exist.", name)
	}
	return from, nil
}

// ofProvider is the input of an operation on one identity provider.
type ofProvider struct {
	UserPoolId   string `aws:"required"`
	ProviderName string `aws:"required"`
}

func (in ofProvider) pool() string { return in.UserPoolId }

// providerOf finds an identity provider:
//
//  1. the pool exists
//  2. the provider exists
func (s *UserPools) providerOf(span *trace.Span, in ofProvider) (*pool, *provider, error) {
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, nil, err
	}
	from, err := p.findProvider(span, in.ProviderName) // 2
	return p, from, err
}

func (s *UserPools) describeIdentityProvider(c api.Context, in ofProvider) (identityProviderOutput, error) {
	p, from, err := s.providerOf(c.Span, in)
	if err != nil {
		return identityProviderOutput{}, err
	}
	return from.describe(p.id), nil
}

type providerByIdentifierInput struct {
	UserPoolId    string `aws:"required"`
	IdpIdentifier string `aws:"required"`
}

func (in providerByIdentifierInput) pool() string { return in.UserPoolId }

// getIdentityProviderByIdentifier finds the provider that has an identifier,
// such as the domain of a customer's addresses.
func (s *UserPools) getIdentityProviderByIdentifier(c api.Context, in providerByIdentifierInput) (identityProviderOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return identityProviderOutput{}, err
	}
	i := slices.IndexFunc(p.providers, func(from *provider) bool { return slices.Contains(from.identifiers, in.IdpIdentifier) })
	if !c.Span.Decide(RuleProviderExists, i >= 0, "a provider with identifier "+in.IdpIdentifier, existence(i >= 0)) {
		return identityProviderOutput{}, awserr.New("ResourceNotFoundException", "Identity provider %s does not exist.", in.IdpIdentifier)
	}
	return p.providers[i].describe(p.id), nil
}

type updateIdentityProviderInput struct {
	UserPoolId       string `aws:"required"`
	ProviderName     string `aws:"required"`
	ProviderDetails  map[string]string
	AttributeMapping map[string]string
	IdpIdentifiers   []string
}

func (in updateIdentityProviderInput) pool() string { return in.UserPoolId }

// updateIdentityProvider replaces each structure that the caller names; that the
// others are kept is inferred.
//
//  1. the pool and the provider exist
//  2. the configuration is legal (see provider.check)
func (s *UserPools) updateIdentityProvider(c api.Context, in updateIdentityProviderInput) (identityProviderOutput, error) {
	p, from, err := s.providerOf(c.Span, ofProvider{in.UserPoolId, in.ProviderName}) // 1
	if err != nil {
		return identityProviderOutput{}, err
	}
	draft := *from
	if in.ProviderDetails != nil {
		draft.details = in.ProviderDetails
	}
	if in.AttributeMapping != nil {
		draft.mapping = in.AttributeMapping
	}
	if in.IdpIdentifiers != nil {
		draft.identifiers = in.IdpIdentifiers
	}
	if err := draft.check(c.Span, p); err != nil { // 2
		return identityProviderOutput{}, err
	}
	draft.modified = s.world.Now()
	*from = draft
	return from.describe(p.id), nil
}

// deleteIdentityProvider deletes a provider. Its users stay and cannot sign in
// by it; app clients keep its name (inferred).
func (s *UserPools) deleteIdentityProvider(c api.Context, in ofProvider) (empty, error) {
	p, from, err := s.providerOf(c.Span, in)
	if err != nil {
		return empty{}, err
	}
	p.providers = slices.DeleteFunc(p.providers, func(other *provider) bool { return other == from })
	return empty{}, nil
}

type listIdentityProvidersOutput struct {
	Providers []providerSummary
	NextToken string `json:",omitempty"`
}

type providerSummary struct {
	ProviderName, ProviderType     string
	CreationDate, LastModifiedDate api.Timestamp
}

func (s *UserPools) listIdentityProviders(c api.Context, in listByPage) (listIdentityProvidersOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return listIdentityProvidersOutput{}, err
	}
	shown, next, err := pageOf(c.Span, p.providers, wanted{"maxResults", in.MaxResults, in.NextToken})
	if err != nil {
		return listIdentityProvidersOutput{}, err
	}
	out := listIdentityProvidersOutput{Providers: []providerSummary{}, NextToken: next}
	for _, from := range shown {
		out.Providers = append(out.Providers, providerSummary{from.name, from.kind, api.Epoch(from.created), api.Epoch(from.modified)})
	}
	return out, nil
}
