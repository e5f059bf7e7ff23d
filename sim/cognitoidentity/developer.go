package cognitoidentity

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// How long a token about a developer's user may last:
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html
const (
	defaultDuration = 15 * time.Minute
	longestDuration = 24 * time.Hour
)

type developerTokenInput struct {
	IdentityPoolId string `aws:"required"`
	IdentityId     string
	Logins         map[string]string `aws:"required"`
	PrincipalTags  map[string]string
	// TokenDuration is in seconds.
	TokenDuration *int64
}

func (in developerTokenInput) pool() string { return in.IdentityPoolId }

// life is how long the token is to last, and whether AWS allows that.
func (in developerTokenInput) life() (time.Duration, bool) {
	if in.TokenDuration == nil {
		return defaultDuration, true
	}
	n := *in.TokenDuration
	return time.Duration(n) * time.Second, n >= 1 && n <= int64(longestDuration/time.Second)
}

// getOpenIDTokenForDeveloperIdentity is for a back end that has authenticated a
// user itself. It registers the user and returns a token that the app can trade
// for credentials:
//
//  1. the pool exists
//  2. the user is named under the pool's developer provider
//  3. the duration and the tags have legal values
//  4. every other login is verified
//  5. the user's identity is found, made, or is the one that is named
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html
func (s *IdentityPools) getOpenIDTokenForDeveloperIdentity(c api.Context, in developerTokenInput) (getOpenIDTokenOutput, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId) // 1
	if err != nil {
		return getOpenIDTokenOutput{}, err
	}
	user, public, err := p.developerLogin(c.Span, in.Logins) // 2
	if err != nil {
		return getOpenIDTokenOutput{}, err
	}
	life, legal := in.life() // 3
	if !c.Span.Decide(RuleDuration, legal, "a TokenDuration of 1 to 86400 seconds", fmt.Sprintf("%d s", int64(life/time.Second))) {
		return getOpenIDTokenOutput{}, invalid("1 validation error detected: Value at 'tokenDuration' failed to satisfy constraint: Member must have value between 1 and 86400")
	}
	if fault := tagFault(in.PrincipalTags); fault != "" {
		c.Span.Decide(RuleTagMap, false, "names that fit principal tags", fault)
		return getOpenIDTokenOutput{}, invalid("1 validation error detected: Value at 'principalTags' failed to satisfy constraint: %s", fault)
	}
	proofs, err := s.verifyLogins(c.Span, p, public) // 4
	if err != nil {
		return getOpenIDTokenOutput{}, err
	}
	i, err := s.register(c.Span, p, in.IdentityId, append(proofs, proof{login: user})) // 5
	if err != nil {
		return getOpenIDTokenOutput{}, err
	}
	token, err := s.mint(c.Span, i, life, in.PrincipalTags)
	return getOpenIDTokenOutput{IdentityId: i.id, Token: token}, err
}

// developerLogin takes the developer provider's user out of the logins. The
// code of the refusal is inferred.
//
// Source of its words: https://github.com/danilop/LambdAuth/issues/32 (observed)
func (p *pool) developerLogin(span *trace.Span, given map[string]string) (login, map[string]string, error) {
	provider := p.settings.DeveloperProviderName
	user, ok := given[provider]
	if !span.Decide(RuleDeveloperProvider, ok && provider != "", "a login at the developer provider "+cmp.Or(provider, "none"), listed(slices.Sorted(maps.Keys(given)))) {
		return login{}, nil, invalid("This identity pool does not support the specified developer provider.")
	}
	public := map[string]string{}
	for name, token := range given {
		if name != provider {
			public[name] = token
		}
	}
	return login{provider, user}, public, nil
}

func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return fmt.Sprint(names)
}

// register finds or makes the identity of a developer's user, who may be linked
// to an identity that is named:
//
//  1. the identity that is named lives, in this pool
//  2. the user has no other identity
//  3. an identity with logins is linked only with the proof of one of them
//
// Source of the third: https://github.com/aws/aws-sdk-js/issues/2327 (observed)
func (s *IdentityPools) register(span *trace.Span, p *pool, id string, proofs []proof) (*identity, error) {
	owners := p.ownersOf(proofs)
	if id == "" {
		return s.unite(span, p, owners, logins(proofs))
	}
	i, err := s.findLiving(span, id) // 1
	if err != nil {
		return nil, err
	}
	if i.pool != p {
		return nil, fmt.Errorf("identity %s belongs to another pool than %s: AWS documents no outcome", id, p.id)
	}
	user := proofs[len(proofs)-1].login
	owner := p.owners[user]
	if !span.Decide(RuleDeveloperUser, owner == nil || owner == i, "a user of no other identity", registration(owner)) { // 2
		return nil, awserr.New("DeveloperUserAlreadyRegisteredException", "The provided developer user identifier is already registered with Cognito under a different identity ID.")
	}
	if !span.Decide(RuleIdentityLogin, len(i.logins) == 0 || contains(owners, i), "a login of this identity", ownership(owners, i)) { // 3
		return nil, doNotMatch()
	}
	return s.unite(span, p, include(owners, i), logins(proofs))
}

func registration(owner *identity) string {
	if owner == nil {
		return "a new user"
	}
	return "the user of " + owner.id
}

type lookupInput struct {
	IdentityPoolId          string `aws:"required"`
	IdentityId              string
	DeveloperUserIdentifier string

	_ struct{} `unsimulated:"MaxResults NextToken"`
}

func (in lookupInput) pool() string { return in.IdentityPoolId }

type lookupOutput struct {
	IdentityId                  string
	DeveloperUserIdentifierList []string
}

// lookupDeveloperIdentity finds an identity by a developer's user, or the users
// of an identity, or says whether the two belong together:
//
//  1. the pool exists, and one of the two is named
//  2. what is named exists
//  3. both belong together
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_LookupDeveloperIdentity.html
func (s *IdentityPools) lookupDeveloperIdentity(c api.Context, in lookupInput) (lookupOutput, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId) // 1
	if err != nil {
		return lookupOutput{}, err
	}
	if in.IdentityId == "" && in.DeveloperUserIdentifier == "" {
		c.Span.Decide(RuleDeveloperUser, false, "an identity or a developer's user", "neither")
		return lookupOutput{}, invalid("Either IdentityId or DeveloperUserIdentifier must be provided.")
	}
	if in.DeveloperUserIdentifier == "" {
		i, err := s.findIdentity(c.Span, in.IdentityId) // 2
		if err != nil {
			return lookupOutput{}, err
		}
		return lookupOutput{i.id, i.developerUsers()}, nil
	}
	owner, err := p.findDeveloperUser(c.Span, in.DeveloperUserIdentifier) // 2
	if err != nil {
		return lookupOutput{}, err
	}
	together := in.IdentityId == "" || in.IdentityId == owner.id
	if !c.Span.Decide(RuleDeveloperUser, together, "the user of "+cmp.Or(in.IdentityId, "none"), "the user of "+owner.id) { // 3
		return lookupOutput{}, awserr.New("ResourceConflictException", "The developer user identifier is not registered under this identity ID.")
	}
	if in.IdentityId == "" {
		return lookupOutput{owner.id, owner.developerUsers()}, nil
	}
	return lookupOutput{owner.id, []string{in.DeveloperUserIdentifier}}, nil
}

func (i *identity) developerUsers() []string {
	users := []string{}
	for _, l := range i.logins {
		if l.provider == i.pool.settings.DeveloperProviderName {
			users = append(users, l.subject)
		}
	}
	slices.Sort(users)
	return users
}

func (p *pool) findDeveloperUser(span *trace.Span, user string) (*identity, error) {
	owner := p.owners[login{p.settings.DeveloperProviderName, user}]
	if !span.Decide(RuleDeveloperUser, owner != nil, "developer's user "+user, existence(owner != nil)) {
		return nil, awserr.New("ResourceNotFoundException", "Developer user identifier '%s' not found.", user)
	}
	return owner, nil
}

type mergeInput struct {
	IdentityPoolId            string `aws:"required"`
	DeveloperProviderName     string `aws:"required"`
	SourceUserIdentifier      string `aws:"required"`
	DestinationUserIdentifier string `aws:"required"`
}

func (in mergeInput) pool() string { return in.IdentityPoolId }

// mergeDeveloperIdentities gives the identity of one user to another, with the
// logins of both.
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html
func (s *IdentityPools) mergeDeveloperIdentities(c api.Context, in mergeInput) (getIDOutput, error) {
	p, err := s.findDeveloperPool(c.Span, in.IdentityPoolId, in.DeveloperProviderName)
	if err != nil {
		return getIDOutput{}, err
	}
	source, err := p.findDeveloperUser(c.Span, in.SourceUserIdentifier)
	if err != nil {
		return getIDOutput{}, err
	}
	destination, err := p.findDeveloperUser(c.Span, in.DestinationUserIdentifier)
	if err != nil {
		return getIDOutput{}, err
	}
	if source == destination {
		return getIDOutput{IdentityId: destination.id}, nil
	}
	all := append(slices.Clone(destination.logins), source.logins...)
	if err := p.checkProviders(c.Span, all); err != nil {
		return getIDOutput{}, err
	}
	s.retire(source, destination)
	s.link(destination, all)
	return getIDOutput{IdentityId: destination.id}, nil
}

func (s *IdentityPools) findDeveloperPool(span *trace.Span, id, provider string) (*pool, error) {
	p, err := s.findPool(span, id)
	if err != nil {
		return nil, err
	}
	_, _, err = p.developerLogin(span, map[string]string{provider: ""})
	return p, err
}

type unlinkDeveloperInput struct {
	IdentityId              string `aws:"required"`
	IdentityPoolId          string `aws:"required"`
	DeveloperProviderName   string `aws:"required"`
	DeveloperUserIdentifier string `aws:"required"`
}

func (in unlinkDeveloperInput) pool() string { return in.IdentityPoolId }

// unlinkDeveloperIdentity takes a developer's user from an identity, which is
// lost when that was its last login.
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkDeveloperIdentity.html
func (s *IdentityPools) unlinkDeveloperIdentity(c api.Context, in unlinkDeveloperInput) (empty, error) {
	p, err := s.findDeveloperPool(c.Span, in.IdentityPoolId, in.DeveloperProviderName)
	if err != nil {
		return empty{}, err
	}
	i, err := s.findIdentity(c.Span, in.IdentityId)
	if err != nil {
		return empty{}, err
	}
	at := slices.Index(i.logins, login{p.settings.DeveloperProviderName, in.DeveloperUserIdentifier})
	if !c.Span.Decide(RuleDeveloperUser, at >= 0, "the user of "+i.id, existence(at >= 0)) {
		return empty{}, awserr.New("ResourceConflictException", "The developer user identifier is not registered under this identity ID.")
	}
	s.unlink(i, at)
	return empty{}, nil
}
