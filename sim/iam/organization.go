package iam

import (
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/iam/policy"
)

// membership is an account's place in an organization, its policies read.
type membership struct {
	organization, path string
	scps, rcps         []policy.Level
}

// Join gives an account its place in an organization, or another one. The error
// is that of CheckControl for a policy that is none.
func (i *IAM) Join(account string, m api.Membership) error {
	joined := membership{organization: m.OrganizationID, path: m.Path}
	var err error
	if joined.scps, err = readLevels(m.ServiceControls, policy.ServiceControlPolicy); err != nil {
		return err
	}
	if joined.rcps, err = readLevels(m.ResourceControls, policy.ResourceControlPolicy); err != nil {
		return err
	}
	i.realm.members[account] = joined
	return nil
}

func readLevels(levels []api.ControlLevel, kind policy.Kind) ([]policy.Level, error) {
	var read []policy.Level
	for _, l := range levels {
		level := policy.Level{Name: l.Name}
		for _, p := range l.Policies {
			document, err := parseAny(p.Content, kind)
			if err != nil {
				return nil, err
			}
			level.Policies = append(level.Policies, policy.Policy{Name: p.Name, Document: document})
		}
		read = append(read, level)
	}
	return read, nil
}

// parseAny reads a document from a tree or from JSON text.
func parseAny(document any, kind policy.Kind) (*policy.Document, error) {
	if text, ok := document.(string); ok {
		return policy.ParseJSON([]byte(text), kind)
	}
	return policy.Parse(document, kind)
}

// CheckControl says what keeps a document from being a policy of an
// organization; nil means nothing does.
func (i *IAM) CheckControl(kind api.ControlKind, content any) error {
	grammar := policy.ServiceControlPolicy
	if kind == api.ResourceControl {
		grammar = policy.ResourceControlPolicy
	}
	_, err := parseAny(content, grammar)
	return err
}

// OrganizationOf is the id of the organization that an account is in, "" for none.
func (i *IAM) OrganizationOf(account string) string { return i.realm.members[account].organization }

// isOutside reports whether a caller is of another account than the resource's,
// and in no organization with it.
func (i *IAM) isOutside(a api.Authorization) bool {
	owner, caller := i.owner(a.Resource), a.Principal.Account
	if caller == "" || caller == owner {
		return false
	}
	common := i.OrganizationOf(owner)
	return common == "" || common != i.OrganizationOf(caller)
}

// govern adds the policies of organizations: those that bind the caller's account
// and those that bind the resource's. The administrator who sets a scene came
// before any of them.
func (i *IAM) govern(a api.Authorization, policies *policy.Policies) {
	home := i.home(a.Principal)
	if home.administrator != nil && a.Principal.ARN == home.administrator.arn {
		return
	}
	policies.SCPs = i.realm.members[a.Principal.Account].scps
	policies.RCPs = i.resourceControls(a.Action, a.Resource)
}

// resourceControls are the resource control policies that bind a resource. They
// are for some services only.
//
// Source: https://docs.aws.amazon.com/controltower/latest/controlreference/rcp-controls.html
func (i *IAM) resourceControls(action, resource string) []policy.Level {
	service, _, _ := strings.Cut(action, ":")
	if !slices.Contains([]string{"kms", "s3", "secretsmanager", "sqs", "sts"}, strings.ToLower(service)) {
		return nil
	}
	return i.realm.members[i.owner(resource)].rcps
}

// organizationKeys are the condition keys of organizations: of the principal's
// account, of the resource's, and of the one for which an AWS service calls.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (i *IAM) organizationKeys(a api.Authorization, keys map[string][]string) {
	set := func(name, value string) {
		if value != "" {
			keys[name] = []string{value}
		}
	}
	if a.Principal.ARN != "" {
		caller := i.realm.members[a.Principal.Account]
		set("aws:PrincipalOrgID", caller.organization)
		set("aws:PrincipalOrgPaths", caller.path)
	}
	owner := i.realm.members[i.owner(a.Resource)]
	set("aws:ResourceOrgID", owner.organization)
	set("aws:ResourceOrgPaths", owner.path)
	for _, source := range a.Principal.Keys["aws:SourceAccount"] {
		set("aws:SourceOrgID", i.realm.members[source].organization)
		set("aws:SourceOrgPaths", i.realm.members[source].path)
	}
}
