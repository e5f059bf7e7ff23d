package cognitoidentity

import (
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// identity is one identity of a pool: a guest while it has no login.
type identity struct {
	id   string
	pool *pool
	// number counts identities in the order they were made.
	number  int
	logins  []login
	created time.Time
	changed time.Time
	// disabled says why nobody may act as the identity any more, "" for one
	// that lives.
	disabled string
}

// login is a user at a provider, such as
// cognito-idp.us-east-1.amazonaws.com/POOL or a developer provider's name.
type login struct{ provider, subject string }

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
//  4. the logins' identity is found, made, or made one of several
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
	proofs, err := s.verifyLogins(c.Span, p, in.Logins) // 3
	if err != nil {
		return getIDOutput{}, err
	}
	owner, err := s.unite(c.Span, p, p.ownersOf(proofs), logins(proofs)) // 4
	if err != nil {
		return getIDOutput{}, err
	}
	return getIDOutput{IdentityId: owner.id}, nil
}

func (s *IdentityPools) newIdentity(p *pool) *identity {
	now := s.world.Now()
	i := &identity{id: s.newID(), pool: p, number: s.made, created: now, changed: now}
	s.made++
	s.identities[i.id] = i
	return i
}

func (s *IdentityPools) findIdentity(span *trace.Span, id string) (*identity, error) {
	i, ok := s.identities[id]
	if !span.Decide(RuleIdentityExists, ok, "identity "+id, existence(ok)) {
		return nil, awserr.New("ResourceNotFoundException", "Identity '%s' not found.", id)
	}
	return i, nil
}

// admission is a caller who may act as an identity.
type admission struct {
	identity *identity
	// proofs are the caller's verified logins at providers, none for a guest
	// and for a user of the developer provider.
	proofs []proof
	// token is the pool's own token about a user of the developer provider.
	token string
}

// admit decides whether a caller may act as an identity:
//
//  1. the identity exists and lives
//  2. without logins it is a guest, and the pool admits guests
//  3. every login is verified, also with the user pool where that is asked for
//  4. the identity has one of the logins, or is a guest's and takes them on
func (s *IdentityPools) admit(span *trace.Span, id string, given map[string]string) (admission, error) {
	i, err := s.findLiving(span, id) // 1
	if err != nil {
		return admission{}, err
	}
	if len(given) == 0 { // 2
		if !span.Decide(RuleIdentityLogin, len(i.logins) == 0, "a guest's identity, or a login", i.kind()+", no login") {
			return admission{}, forbidden(i)
		}
		return admission{identity: i}, i.pool.admitGuests(span)
	}
	proofs, err := s.verifyLogins(span, i.pool, given) // 3
	if err != nil {
		return admission{}, err
	}
	if err := s.checkWithServer(span, i.pool, proofs); err != nil {
		return admission{}, err
	}
	owned := i.pool.ownersOf(proofs) // 4
	if !span.Decide(RuleIdentityLogin, len(i.logins) == 0 || contains(owned, i), "a login of this identity", ownership(owned, i)) {
		return admission{}, doNotMatch()
	}
	parent, err := s.unite(span, i.pool, include(owned, i), logins(proofs))
	return admission{identity: parent, proofs: proofs}, err
}

// admitOwn admits the holder of a token that the pool itself has issued about
// the identity:
//
//  1. the identity exists and lives
//  2. the token is verified
func (s *IdentityPools) admitOwn(span *trace.Span, id, token string) (admission, error) {
	i, err := s.findLiving(span, id) // 1
	if err != nil {
		return admission{}, err
	}
	return admission{identity: i, token: token}, s.verifyOwnToken(span, i, token) // 2
}

// findLiving finds an identity that is not disabled.
func (s *IdentityPools) findLiving(span *trace.Span, id string) (*identity, error) {
	i, err := s.findIdentity(span, id)
	if err != nil {
		return nil, err
	}
	if i.disabled != "" {
		span.Decide(RuleIdentityLogin, false, "an identity that lives", i.disabled)
		return nil, forbidden(i)
	}
	return i, nil
}

func forbidden(i *identity) error {
	return notAuthorized("Access to Identity '%s' is forbidden.", i.id)
}

func doNotMatch() error {
	return notAuthorized("Logins don't match. Please include at least one valid login for this identity or identity pool.")
}

func (i *identity) kind() string {
	if len(i.logins) == 0 {
		return "a guest's identity"
	}
	return "a signed-in user's identity"
}

func ownership(owners []*identity, i *identity) string {
	switch {
	case contains(owners, i):
		return "it is"
	case len(i.logins) == 0:
		return "a guest's identity takes it on"
	case len(owners) == 0:
		return "a login of no identity yet"
	default:
		return "a login of another identity"
	}
}
