package cognitoidentity

import (
	"fmt"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// ownersOf are the identities that have the logins.
func (p *pool) ownersOf(proofs []proof) []*identity {
	var owners []*identity
	for _, l := range proofs {
		if owner := p.owners[l.login]; owner != nil {
			owners = include(owners, owner)
		}
	}
	return owners
}

func contains(list []*identity, i *identity) bool { return slices.Contains(list, i) }

func include(list []*identity, i *identity) []*identity {
	if contains(list, i) {
		return list
	}
	return append(list, i)
}

// unite makes one identity of those that a caller has proven to be the same
// person, gives it the caller's other logins and returns it:
//
//  1. without any identity there is a new one
//  2. the parent is the oldest that has logins, so a guest is never the parent of a user
//  3. no public provider is there twice
//  4. the others lend their logins to the parent and are disabled
//
// Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html,
// https://docs.aws.amazon.com/cognito/latest/developerguide/switching-identities.html.
// Which of two users' identities becomes the parent is inferred.
func (s *IdentityPools) unite(span *trace.Span, p *pool, found []*identity, proven []login) (*identity, error) {
	if len(found) == 0 { // 1
		found = []*identity{s.newIdentity(p)}
	}
	slices.SortFunc(found, func(a, b *identity) int { return a.rank() - b.rank() })
	parent, others := found[0], found[1:] // 2
	all := slices.Clone(parent.logins)
	for _, other := range others {
		all = append(all, other.logins...)
	}
	for _, l := range proven {
		if !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	if err := p.checkProviders(span, all); err != nil { // 3
		return nil, err
	}
	if len(others) == 0 && len(proven) > 1 {
		span.Note(RuleIdentityMerged, true, "one identity for these logins", parent.id)
	}
	for _, other := range others { // 4
		span.Note(RuleIdentityMerged, false, "one identity for these logins", fmt.Sprintf("two: %s goes into %s", other.id, parent.id))
		s.retire(other, parent)
	}
	s.link(parent, all)
	return parent, nil
}

// retire disables an identity whose logins go to another.
func (s *IdentityPools) retire(i, parent *identity) {
	i.logins, i.disabled, i.changed = nil, "merged into "+parent.id, s.world.Now()
}

// rank orders identities for the part of the parent.
func (i *identity) rank() int {
	const afterUsers = 1 << 30
	if len(i.logins) == 0 {
		return afterUsers + i.number
	}
	return i.number
}

// link gives an identity these logins, which include its own.
func (s *IdentityPools) link(i *identity, logins []login) {
	if len(logins) > len(i.logins) {
		i.logins, i.changed = logins, s.world.Now()
	}
	for _, l := range logins {
		i.pool.owners[l] = i
	}
}

// checkProviders refuses a second login at one public provider. Users of a
// developer provider may be several. The wording of the refusal is inferred.
//
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
func (p *pool) checkProviders(span *trace.Span, logins []login) error {
	if len(logins) < 2 {
		return nil
	}
	twice := ""
	seen := map[string]bool{}
	for _, l := range logins {
		if seen[l.provider] && l.provider != p.settings.DeveloperProviderName {
			twice = l.provider
		}
		seen[l.provider] = true
	}
	found := fmt.Sprintf("%d logins, each at its own provider", len(logins))
	if twice != "" {
		found = "two users at " + twice
	}
	if !span.Decide(RuleOneLogin, twice == "", "one login at each public provider", found) {
		return awserr.New("ResourceConflictException", "Another login of %s is already linked to this identity.", twice)
	}
	return nil
}

type unlinkIdentityInput struct {
	IdentityId     string            `aws:"required"`
	Logins         map[string]string `aws:"required"`
	LoginsToRemove []string          `aws:"required"`
}

type empty struct{}

// unlinkIdentity takes logins from an identity. They make a new identity when
// they are seen again, and an identity without its last login is lost:
//
//  1. the caller may act as the identity
//  2. the identity has each login that is to go
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkIdentity.html
func (s *IdentityPools) unlinkIdentity(c api.Context, in unlinkIdentityInput) (empty, error) {
	caller, err := s.admit(c.Span, in.IdentityId, in.Logins) // 1
	if err != nil {
		return empty{}, err
	}
	i := caller.identity
	for _, provider := range in.LoginsToRemove { // 2
		at := slices.IndexFunc(i.logins, func(l login) bool { return l.provider == provider })
		if !c.Span.Decide(RuleIdentityLogin, at >= 0, "a login at "+provider+" to unlink", existence(at >= 0)) {
			return empty{}, doNotMatch()
		}
		s.unlink(i, at)
	}
	return empty{}, nil
}

func (s *IdentityPools) unlink(i *identity, at int) {
	delete(i.pool.owners, i.logins[at])
	i.logins = slices.Delete(slices.Clone(i.logins), at, at+1)
	i.changed = s.world.Now()
	if len(i.logins) == 0 {
		i.disabled = "its last login was unlinked"
	}
}
