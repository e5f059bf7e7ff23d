package cognitoidentity

import (
	"fmt"
	"slices"

	"claimcheck/sim/api"
)

// identityDescription is the structure IdentityDescription. Times count seconds
// since 1970.
type identityDescription struct {
	IdentityId       string
	Logins           []string `json:",omitempty"`
	CreationDate     api.Timestamp
	LastModifiedDate api.Timestamp
}

// describe lists the providers of an identity's logins, not its users there:
// https://github.com/aws/aws-sdk-js/issues/2073
func (i *identity) describe() identityDescription {
	d := identityDescription{IdentityId: i.id, CreationDate: api.Epoch(i.created), LastModifiedDate: api.Epoch(i.changed)}
	for _, l := range i.logins {
		d.Logins = append(d.Logins, l.provider)
	}
	return d
}

type describeIdentityInput struct {
	IdentityId string `aws:"required"`
}

func (s *IdentityPools) describeIdentity(c api.Context, in describeIdentityInput) (identityDescription, error) {
	i, err := s.findIdentity(c.Span, in.IdentityId)
	if err != nil {
		return identityDescription{}, err
	}
	return i.describe(), nil
}

type listIdentitiesInput struct {
	IdentityPoolId string `aws:"required"`
	MaxResults     int    `aws:"required"`
	HideDisabled   bool
	NextToken      string
}

func (in listIdentitiesInput) pool() string { return in.IdentityPoolId }

type listIdentitiesOutput struct {
	IdentityPoolId string
	Identities     []identityDescription
	NextToken      string `json:",omitempty"`
}

// listIdentities gives a pool's identities, the oldest first. AWS documents no
// order.
func (s *IdentityPools) listIdentities(c api.Context, in listIdentitiesInput) (listIdentitiesOutput, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId)
	if err != nil {
		return listIdentitiesOutput{}, err
	}
	var members []*identity
	for _, i := range s.identities {
		if i.pool == p && (i.disabled == "" || !in.HideDisabled) {
			members = append(members, i)
		}
	}
	slices.SortFunc(members, func(a, b *identity) int { return a.number - b.number })
	shown, next, err := pageOf(c.Span, members, in.MaxResults, in.NextToken)
	if err != nil {
		return listIdentitiesOutput{}, err
	}
	out := listIdentitiesOutput{IdentityPoolId: p.id, Identities: []identityDescription{}, NextToken: next}
	for _, i := range shown {
		out.Identities = append(out.Identities, i.describe())
	}
	return out, nil
}

type deleteIdentitiesInput struct {
	IdentityIdsToDelete []string `aws:"required"`
}

type deleteIdentitiesOutput struct {
	UnprocessedIdentityIds []empty
}

// deleteIdentities deletes up to 60 identities. Their logins make new ones when
// they are seen again; credentials that were issued live on.
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentities.html
func (s *IdentityPools) deleteIdentities(c api.Context, in deleteIdentitiesInput) (deleteIdentitiesOutput, error) {
	const most = 60
	n := len(in.IdentityIdsToDelete)
	if !c.Span.Decide(RuleDeletions, n >= 1 && n <= most, "1 to 60 identities", fmt.Sprint(n)) {
		return deleteIdentitiesOutput{}, invalid("1 validation error detected: Value at 'identityIdsToDelete' failed to satisfy constraint: Member must have length between 1 and %d", most)
	}
	for _, id := range in.IdentityIdsToDelete {
		i, ok := s.identities[id]
		if !ok {
			continue
		}
		for _, l := range i.logins {
			delete(i.pool.owners, l)
		}
		delete(s.identities, id)
	}
	return deleteIdentitiesOutput{UnprocessedIdentityIds: []empty{}}, nil
}
