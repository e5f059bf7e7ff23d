package cognitoidentity

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

type createIdentityPoolInput struct {
	IdentityPoolName string `aws:"required"`
	poolSettings
}

// poolDescription is the structure IdentityPool:
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html
type poolDescription struct {
	IdentityPoolId   string
	IdentityPoolName string
	poolSettings
}

func (p *pool) describe() poolDescription { return poolDescription{p.id, p.name, p.settings} }

// createIdentityPool makes a pool by the checks of a template's (see addPool).
// It gives nobody credentials before SetIdentityPoolRoles names roles.
func (s *IdentityPools) createIdentityPool(c api.Context, in createIdentityPoolInput) (poolDescription, error) {
	p, err := s.addPool(c.Span, in.IdentityPoolName, in.poolSettings)
	if err != nil {
		return poolDescription{}, err
	}
	return p.describe(), nil
}

func (s *IdentityPools) describeIdentityPool(c api.Context, in poolInput) (poolDescription, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId)
	if err != nil {
		return poolDescription{}, err
	}
	return p.describe(), nil
}

type updateIdentityPoolInput struct {
	IdentityPoolId   string `aws:"required"`
	IdentityPoolName string `aws:"required"`
	poolSettings
}

func (in updateIdentityPoolInput) pool() string { return in.IdentityPoolId }

// updateIdentityPool gives a pool new settings: what the caller leaves out goes
// back to its default. Roles and role mappings are no settings and stay, and so
// does a developer provider's name that is left out (inferred).
//
//  1. the pool exists
//  2. the names are legal
//  3. the developer provider's name does not change; AWS documents no wording
func (s *IdentityPools) updateIdentityPool(c api.Context, in updateIdentityPoolInput) (poolDescription, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId) // 1
	if err != nil {
		return poolDescription{}, err
	}
	if err := checkNames(c.Span, in.IdentityPoolName, in.poolSettings); err != nil { // 2
		return poolDescription{}, err
	}
	settings, had := in.poolSettings, p.settings.DeveloperProviderName
	settings.DeveloperProviderName = cmp.Or(settings.DeveloperProviderName, had)
	kept := had == "" || settings.DeveloperProviderName == had
	if !c.Span.Decide(RuleDeveloperKept, kept, "developer provider "+cmp.Or(had, "not set yet"), cmp.Or(in.DeveloperProviderName, "left out")) { // 3
		return poolDescription{}, invalid("DeveloperProviderName cannot be changed once it is set.")
	}
	if err := noteResets(c.Span, p.settings, settings, in.poolSettings); err != nil {
		return poolDescription{}, err
	}
	p.name, p.settings = in.IdentityPoolName, settings
	return p.describe(), nil
}

// noteResets notes every setting that an update loses by leaving it out.
func noteResets(span *trace.Span, before, after, named poolSettings) error {
	resets, err := api.Resets(before, after, named)
	if err != nil {
		return err
	}
	for _, r := range resets {
		span.Note(RuleUpdateResets, false, r.Member+" sent again to keep it", fmt.Sprintf("left out: %s becomes %s", r.Was, r.Is))
	}
	if len(resets) == 0 {
		span.Note(RuleUpdateResets, true, "every setting to keep sent again", "none is lost")
	}
	return nil
}

// deleteIdentityPool deletes a pool and its identities; credentials that were
// issued live on.
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentityPool.html
func (s *IdentityPools) deleteIdentityPool(c api.Context, in poolInput) (empty, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId)
	if err != nil {
		return empty{}, err
	}
	delete(s.pools, p.id)
	maps.DeleteFunc(s.identities, func(_ string, i *identity) bool { return i.pool == p })
	return empty{}, nil
}

type listIdentityPoolsInput struct {
	MaxResults int `aws:"required"`
	NextToken  string
}

type listIdentityPoolsOutput struct {
	IdentityPools []poolSummary
	NextToken     string `json:",omitempty"`
}

type poolSummary struct{ IdentityPoolId, IdentityPoolName string }

// listIdentityPools gives the account's pools, the oldest first. AWS documents
// no order.
func (s *IdentityPools) listIdentityPools(c api.Context, in listIdentityPoolsInput) (listIdentityPoolsOutput, error) {
	pools := slices.SortedFunc(maps.Values(s.pools), func(a, b *pool) int { return a.number - b.number })
	shown, next, err := pageOf(c.Span, pools, in.MaxResults, in.NextToken)
	if err != nil {
		return listIdentityPoolsOutput{}, err
	}
	out := listIdentityPoolsOutput{IdentityPools: []poolSummary{}, NextToken: next}
	for _, p := range shown {
		out.IdentityPools = append(out.IdentityPools, poolSummary{p.id, p.name})
	}
	return out, nil
}
