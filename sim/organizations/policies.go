package organizations

import (
	"encoding/json"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// attachment is the input of AttachPolicy and DetachPolicy.
// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html
type attachment struct {
	PolicyId string `aws:"required"`
	TargetId string `aws:"required"`
}

type nothing struct{}

// target is the policy that is attached or taken off.
// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
func (s *Organizations) target(in attachment) api.Target {
	if s.own == nil || s.own.policies[in.PolicyId] == nil {
		return api.Target{}
	}
	p := s.own.policies[in.PolicyId]
	return api.Target{Resource: s.arn("policy/" + s.own.id + "/" + strings.ToLower(string(p.kind)) + "/" + p.id)}
}

// attachPolicy binds a root, a unit or an account by a policy:
//
//  1. the account manages an organization, which has policy and target
//  2. the policy is not attached there yet
func (s *Organizations) attachPolicy(c api.Context, in attachment) (nothing, error) {
	p, n, err := s.both(c.Span, in) // 1
	if err != nil {
		return nothing{}, err
	}
	attached := slices.Contains(n.attached[p.kind], p)
	if !c.Span.Decide(RuleAttachment, !attached, "a policy not attached there yet", describe(attached)) { // 2
		return nothing{}, awserr.New("DuplicatePolicyAttachmentException", "The selected policy is already attached to the specified target.")
	}
	n.attached[p.kind] = append(n.attached[p.kind], p)
	return nothing{}, s.apply()
}

// detachPolicy takes a policy off:
//
//  1. the account manages an organization, which has policy and target
//  2. the policy is attached there
//  3. it is not the last one of its type there, and not RCPFullAWSAccess
//
// Sources: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DetachPolicy.html,
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
func (s *Organizations) detachPolicy(c api.Context, in attachment) (nothing, error) {
	p, n, err := s.both(c.Span, in) // 1
	if err != nil {
		return nothing{}, err
	}
	at := slices.Index(n.attached[p.kind], p)
	if !c.Span.Decide(RuleAttachment, at >= 0, "a policy that is attached there", describe(at >= 0)) { // 2
		return nothing{}, awserr.New("PolicyNotAttachedException", "The policy isn't attached to the specified target in the specified root.")
	}
	left := len(n.attached[p.kind]) - 1
	found := "another one stays"
	switch {
	case p.id == rcpFullAccess:
		found = "RCPFullAWSAccess stays always"
	case left == 0:
		found = "it is the last"
	}
	if !c.Span.Decide(RuleMinimum, left > 0 && p.id != rcpFullAccess, "one policy of the type left", found) { // 3
		return nothing{}, awserr.New("ConstraintViolationException", "You attempted to detach a policy from an entity that would cause the entity to have fewer than the minimum number of policies of a certain type required.")
	}
	n.attached[p.kind] = slices.Delete(n.attached[p.kind], at, at+1)
	return nothing{}, s.apply()
}

func describe(attached bool) string {
	if attached {
		return "it is attached"
	}
	return "it is not attached"
}

// both finds a policy and its target.
func (s *Organizations) both(span *trace.Span, in attachment) (*controlPolicy, *node, error) {
	if err := s.managed(span); err != nil {
		return nil, nil, err
	}
	p, ok := s.own.policies[in.PolicyId]
	if !span.Decide(RuleExists, ok, "policy "+in.PolicyId, existence(ok)) {
		return nil, nil, awserr.New("PolicyNotFoundException", "We can't find a policy with the PolicyId that you specified.")
	}
	n, err := s.find(span, in.TargetId, targetNotFound())
	return p, n, err
}

// managed refuses an account that manages no organization.
func (s *Organizations) managed(span *trace.Span) error {
	if span.Decide(RuleManagement, s.own != nil, "an account that manages an organization", existence(s.own != nil)) {
		return nil
	}
	return awserr.New("AWSOrganizationsNotInUseException", "Your account isn't a member of an organization. To make this request, you must use the credentials of an account that belongs to an organization.")
}

// find looks for a root, a unit or an account.
func (s *Organizations) find(span *trace.Span, id string, missing error) (*node, error) {
	if err := s.managed(span); err != nil {
		return nil, err
	}
	n, ok := s.own.nodes[id]
	if !span.Decide(RuleExists, ok, "a root, unit or account "+id, existence(ok)) {
		return nil, missing
	}
	return n, nil
}

func parentNotFound() error {
	return awserr.New("ParentNotFoundException", "We can't find a root or OU with the ParentId that you specified.")
}

func targetNotFound() error {
	return awserr.New("TargetNotFoundException", "We can't find a root, OU, account, or policy with the TargetId that you specified.")
}

// checkContent wants a document of the type. A resource control policy of one's
// own only denies.
// Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
func (s *Organizations) checkContent(span *trace.Span, kind api.ControlKind, content any) error {
	found := "one"
	err := s.guard.CheckControl(kind, content)
	switch {
	case err != nil:
		found, _, _ = strings.Cut(err.Error(), "\n")
	case kind == api.ResourceControl && allows(content):
		found = "an Allow, which only RCPFullAWSAccess has"
	}
	if span.Decide(RuleContent, found == "one", "a "+strings.ToLower(strings.ReplaceAll(string(kind), "_", " ")), found) {
		return nil
	}
	return awserr.New("MalformedPolicyDocumentException", "The provided policy document doesn't meet the requirements of the specified policy type. For example, the syntax might be incorrect. For details about service control policy syntax, see SCP syntax in the Organizations User Guide.")
}

// tree is a document that may be written as JSON text; text that is no JSON stays
// what it is.
func tree(content any) any {
	text, ok := content.(string)
	if !ok {
		return content
	}
	var document any
	if json.Unmarshal([]byte(text), &document) != nil {
		return content
	}
	return document
}

// allows reports whether a document has a statement that allows.
func allows(content any) bool {
	document, _ := content.(map[string]any)
	list, isList := document["Statement"].([]any)
	if !isList {
		list = []any{document["Statement"]}
	}
	return slices.ContainsFunc(list, func(item any) bool {
		statement, _ := item.(map[string]any)
		return statement["Effect"] == "Allow"
	})
}

// existence is what a check for a thing found.
func existence(ok bool) string {
	if ok {
		return "it exists"
	}
	return "there is none"
}
