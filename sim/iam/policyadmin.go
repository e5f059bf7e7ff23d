package iam

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
)

// policyVersion is one of the documents that a managed policy has had.
type policyVersion struct {
	number   int
	document *policy.Document
	// written is the document as it was given.
	written any
	created time.Time
}

func (v policyVersion) id() string { return "v" + strconv.Itoa(v.number) }

// mostVersions is how many versions a managed policy keeps:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
const mostVersions = 5

// newVersion reads a document, given as a tree or as JSON text, for a managed
// policy.
func (i *IAM) newVersion(span *trace.Span, written any) (policyVersion, error) {
	document, err := checkDocument(span, written, policy.ManagedPolicy)
	if err != nil {
		return policyVersion{}, err
	}
	if err := checkQuota(span, "PolicySize", document.Size(), maxManagedSize); err != nil {
		return policyVersion{}, err
	}
	tree, err := documentTree(written)
	return policyVersion{document: document, written: tree, created: i.world.Now()}, err
}

// add keeps a version, numbers it and returns it. Numbers are not used twice.
func (m *managedPolicy) add(v policyVersion) policyVersion {
	m.lastVersion++
	v.number = m.lastVersion
	m.versions = append(m.versions, v)
	return v
}

// use makes a version the default: the one that counts.
func (m *managedPolicy) use(v policyVersion) { m.defaultVersion, m.document = v.number, v.document }

// path is the part of the ARN between "policy" and the name.
func (m *managedPolicy) path() string {
	_, rest, _ := strings.Cut(m.arn, ":policy")
	return strings.TrimSuffix(rest, m.name)
}

// policyAdministration are the operations on the account's managed policies.
func (i *IAM) policyAdministration() []api.Operation {
	return []api.Operation{
		api.On(api.Operate("CreatePolicy", api.Signed, i.newPolicy), func(in createPolicyInput) api.Target {
			return api.Target{Resource: i.arnOf("policy", in.Path, in.PolicyName)}
		}),
		onARN("GetPolicy", i.getPolicy),
		onARN("DeletePolicy", i.deletePolicy),
		onARN("CreatePolicyVersion", i.createVersion),
		onARN("GetPolicyVersion", i.getVersion),
		onARN("ListPolicyVersions", i.listVersions),
		onARN("SetDefaultPolicyVersion", i.setDefaultVersion),
		onARN("DeletePolicyVersion", i.deleteVersion),
		api.Operate("ListPolicies", api.Signed, i.listPolicies),
	}
}

// onARN describes an operation that is authorized against the policy it names.
func onARN[In interface{ policy() string }, Out any](name string, run func(api.Context, In) (Out, error)) api.Operation {
	return api.On(api.Operate(name, api.Signed, run), func(in In) api.Target { return api.Target{Resource: in.policy()} })
}

// policyOutput is the structure Policy.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html
type policyOutput struct {
	PolicyName, PolicyId, Arn, Path, DefaultVersionId string
	AttachmentCount, PermissionsBoundaryUsageCount    int
	IsAttachable                                      bool
	CreateDate                                        api.Timestamp
}

type getPolicyOutput struct{ Policy policyOutput }

func (i *IAM) describePolicy(m *managedPolicy) policyOutput {
	attached, bounding := i.uses(m)
	return policyOutput{
		PolicyName: m.name, PolicyId: m.id, Arn: m.arn, Path: m.path(), DefaultVersionId: fmt.Sprintf("v%d", m.defaultVersion),
		AttachmentCount: attached, PermissionsBoundaryUsageCount: bounding, IsAttachable: true, CreateDate: api.Epoch(m.created),
	}
}

// uses counts whom a policy is attached to, and for whom it is a boundary.
func (i *IAM) uses(m *managedPolicy) (attached, bounding int) {
	count := func(h *holder, boundary *managedPolicy) {
		if slices.Contains(h.attached, m) {
			attached++
		}
		if boundary == m {
			bounding++
		}
	}
	for _, u := range i.users {
		count(&u.holder, u.boundary)
	}
	for _, g := range i.groups {
		count(&g.holder, nil)
	}
	for _, r := range i.roles {
		count(&r.holder, r.boundary)
	}
	return attached, bounding
}

type createPolicyInput struct {
	PolicyName     string `aws:"required"`
	Path           string
	PolicyDocument string `aws:"required"`

	_ struct{} `noeffect:"Description" unsimulated:"Tags"`
}

// newPolicy makes a managed policy by the checks of a template's (see
// addManaged).
func (i *IAM) newPolicy(c api.Context, in createPolicyInput) (getPolicyOutput, error) {
	m, err := i.addManaged(c.Span, in.PolicyName, in.Path, in.PolicyDocument)
	if err != nil {
		return getPolicyOutput{}, err
	}
	return getPolicyOutput{i.describePolicy(m)}, nil
}

func (i *IAM) getPolicy(_ api.Context, in namedARN) (getPolicyOutput, error) {
	m, err := i.policyOf(in.PolicyArn)
	if err != nil {
		return getPolicyOutput{}, err
	}
	return getPolicyOutput{i.describePolicy(m)}, nil
}

// policyOf finds a managed policy of the account or of AWS.
func (i *IAM) policyOf(at string) (*managedPolicy, error) {
	if m, ok := i.managed[at]; ok || strings.HasPrefix(at, awsManaged) {
		if ok {
			return m, nil
		}
		return i.managedPolicy(at)
	}
	return nil, awserr.WithStatus(404, "NoSuchEntity", "Policy %s was not found.", at)
}

// ownPolicy finds a managed policy of the account, the only ones that can be
// changed. How AWS refuses to change its own is not documented.
func (i *IAM) ownPolicy(at string) (*managedPolicy, error) {
	if strings.HasPrefix(at, awsManaged) {
		return nil, fmt.Errorf("%s is AWS's own: it refuses to change it with words that the simulation does not know", at)
	}
	return i.policyOf(at)
}

// deletePolicy deletes a managed policy:
//
//  1. it exists
//  2. nobody has it, in the words of https://github.com/rebuy-de/aws-nuke/issues/294
//  3. it has no version but the default, in the words of
//     https://github.com/rebuy-de/aws-nuke/issues/1
func (i *IAM) deletePolicy(c api.Context, in namedARN) (struct{}, error) {
	m, err := i.ownPolicy(in.PolicyArn) // 1
	if err != nil {
		return struct{}{}, err
	}
	attached, bounding := i.uses(m)
	if !c.Span.Decide(RuleDeleteUnused, attached+bounding == 0, "a policy that nobody has", fmt.Sprintf("%d have it", attached+bounding)) { // 2
		return struct{}{}, awserr.WithStatus(409, "DeleteConflict", "Cannot delete a policy attached to entities.")
	}
	if !c.Span.Decide(RuleDeleteUnused, len(m.versions) == 1, "no version but the default", fmt.Sprintf("%d versions", len(m.versions))) { // 3
		return struct{}{}, awserr.WithStatus(409, "DeleteConflict", "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	delete(i.managed, m.arn)
	return struct{}{}, nil
}

type listPoliciesInput struct {
	listing
	Scope        string `aws:"enum=All|AWS|Local"`
	OnlyAttached bool
	PathPrefix   string

	_ struct{} `unsimulated:"PolicyUsageFilter"`
}

type listPoliciesOutput struct {
	Policies []policyOutput
	truncation
}

// listPolicies lists the account's own managed policies by name. Those of AWS
// are far more than the simulation has.
func (i *IAM) listPolicies(_ api.Context, in listPoliciesInput) (listPoliciesOutput, error) {
	if in.Scope != "Local" {
		return listPoliciesOutput{}, fmt.Errorf("ListPolicies with AWS's own policies: the simulation lists those of Scope Local")
	}
	list := []policyOutput{}
	for _, m := range i.managed {
		described := i.describePolicy(m)
		unused := in.OnlyAttached && described.AttachmentCount == 0
		if strings.HasPrefix(m.arn, awsManaged) || unused || !strings.HasPrefix(m.path(), in.PathPrefix) {
			continue
		}
		list = append(list, described)
	}
	slices.SortFunc(list, func(a, b policyOutput) int { return strings.Compare(a.PolicyName+a.Arn, b.PolicyName+b.Arn) })
	shown, rest, err := pageOf(list, in.listing)
	return listPoliciesOutput{shown, rest}, err
}
