package cognitoidentity

import (
	"fmt"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type getIDInput struct {
	IdentityPoolId string `aws:"required"`
	Logins         map[string]string

	_ struct{} `noeffect:"AccountId"`
}

type getIDOutput struct {
	IdentityId string
}

// getID returns the identity of a login, and makes it when there is none:
//
//  1. the identity pool exists
//  2. a caller without logins is admitted as a guest, with a new identity each time
//  3. every login is verified
//  4. the login's identity is found, or made
func (s *IdentityPools) getID(c api.Context, in getIDInput) (getIDOutput, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId) // 1
	if err != nil {
		return getIDOutput{}, err
	}
	if len(in.Logins) == 0 { // 2
		if err := p.admitGuests(c.Span); err != nil {
			return getIDOutput{}, err
		}
		return getIDOutput{IdentityId: s.newIdentity(p).id}, nil
	}
	logins, err := s.verifyLogins(c.Span, p, in.Logins) // 3
	if err != nil {
		return getIDOutput{}, err
	}
	owner, err := p.owner(logins) // 4
	if err != nil {
		return getIDOutput{}, err
	}
	if owner == nil {
		owner = s.newIdentity(p)
	}
	owner.link(logins)
	return getIDOutput{IdentityId: owner.id}, nil
}

func (s *IdentityPools) newIdentity(p *pool) *identity {
	i := &identity{id: s.newID(), pool: p}
	s.identities[i.id] = i
	return i
}

// owner is the identity that has one of the logins, nil when none has. AWS
// would merge the identities of two owners.
func (p *pool) owner(logins []login) (*identity, error) {
	var owner *identity
	for _, l := range logins {
		other := p.owners[l]
		if owner != nil && other != nil && owner != other {
			return nil, fmt.Errorf("the logins belong to two identities: AWS merges them, the simulation does not")
		}
		if other != nil {
			owner = other
		}
	}
	return owner, nil
}

// link gives an identity the logins that it does not have yet.
func (i *identity) link(logins []login) {
	for _, l := range logins {
		if !slices.Contains(i.logins, l) {
			i.logins = append(i.logins, l)
			i.pool.owners[l] = i
		}
	}
}

// admit decides whether a caller may act as an identity:
//
//  1. the identity exists
//  2. without logins it is a guest, and the pool admits guests
//  3. every login is verified
//  4. the identity has one of the logins, or is a guest's and takes them on
func (s *IdentityPools) admit(span *trace.Span, id string, given map[string]string) (*identity, error) {
	i, ok := s.identities[id]
	if !span.Decide(RuleIdentityExists, ok, "identity "+id, existence(ok)) { // 1
		return nil, awserr.New("ResourceNotFoundException", "Identity '%s' not found.", id)
	}
	if len(given) == 0 { // 2
		if !span.Decide(RuleIdentityLogin, len(i.logins) == 0, "a guest's identity, or a login", i.kind()+", no login") {
			return nil, notAuthorized("Access to Identity '%s' is forbidden.", id)
		}
		return i, i.pool.admitGuests(span)
	}
	logins, err := s.verifyLogins(span, i.pool, given) // 3
	if err != nil {
		return nil, err
	}
	owner, err := i.pool.owner(logins) // 4
	if err != nil {
		return nil, err
	}
	if len(i.logins) == 0 && owner != nil && owner != i {
		return nil, fmt.Errorf("the login has another identity than the guest's: AWS merges them, the simulation does not")
	}
	if !span.Decide(RuleIdentityLogin, owner == i || len(i.logins) == 0, "a login of this identity", ownership(owner, i)) {
		return nil, notAuthorized("Logins don't match. Please include at least one valid login for this identity or identity pool.")
	}
	i.link(logins)
	return i, nil
}

func (i *identity) kind() string {
	if len(i.logins) == 0 {
		return "a guest's identity"
	}
	return "a signed-in user's identity"
}

func ownership(owner, i *identity) string {
	switch owner {
	case i:
		return "it is"
	case nil:
		return "a login of no identity yet"
	default:
		return "a login of another identity"
	}
}
