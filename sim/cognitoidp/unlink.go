package cognitoidp

import (
	"fmt"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

type adminDisableProviderForUserInput struct {
	UserPoolId string       `aws:"required"`
	User       providerUser `aws:"required"`
}

func (in adminDisableProviderForUserInput) pool() string { return in.UserPoolId }

// adminDisableProviderForUser takes away one way in which a user signs in:
//
//  1. a user of the pool itself (provider Cognito) can no longer sign in with the
//     password
//  2. otherwise a profile has a link to the identity
//  3. the link is named as it is known: by its subject once the identity has
//     signed in, before that as it was linked
//  4. the link goes; the identity's next sign-in makes a profile of its own
//
// AWS documents what happens, and the errors without their wording:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
func (s *UserPools) adminDisableProviderForUser(c api.Context, in adminDisableProviderForUserInput) (empty, error) {
	who := in.User
	if who.ProviderName == "Cognito" { // 1
		_, u, err := s.findUser(c.Span, in.UserPoolId, who.ProviderAttributeValue)
		if err != nil {
			return empty{}, err
		}
		u.password, u.modified = "", s.world.Now()
		return empty{}, nil
	}
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return empty{}, err
	}
	u, at := p.linkOf(who) // 2, 3
	if !c.Span.Decide(RuleUnlink, u != nil, "a link named as it is known now", who.ProviderName+" "+who.ProviderAttributeName+" "+who.ProviderAttributeValue) {
		return empty{}, awserr.New("UserNotFoundException", "User does not exist.")
	}
	if u.identities[at].primary {
		return empty{}, fmt.Errorf("%s is the provider's own profile and no link: what AWS makes of it is not simulated; AdminDisableUser disables it", u.username)
	}
	u.identities = slices.Delete(u.identities, at, at+1) // 4
	u.modified = s.world.Now()
	return empty{}, nil
}

// linkOf finds the identity that a provider's user is, nil without one.
func (p *pool) linkOf(who providerUser) (*user, int) {
	for _, u := range p.users {
		at := slices.IndexFunc(u.identities, func(id identity) bool {
			if id.provider.name != who.ProviderName {
				return false
			}
			if id.attribute == "" {
				return who.ProviderAttributeName == subjectAttribute && id.subject == who.ProviderAttributeValue
			}
			return id.attribute == who.ProviderAttributeName && id.value == who.ProviderAttributeValue
		})
		if at >= 0 {
			return u, at
		}
	}
	return nil, 0
}
