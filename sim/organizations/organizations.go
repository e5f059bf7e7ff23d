// Package organizations is AWS Organizations: a management account, the accounts
// of its organization in their organizational units, and the control policies
// attached to root, units and accounts. It owns the tree and what hangs on it.
// It refuses to know how a policy decides about a request: IAM is told what binds
// each account (Guard) whenever that changes.
//
// Both types of control policy are enabled from the start: how a type is enabled
// is no part of a template.
package organizations

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// prefix is the service's IAM prefix, and name its lane in traces.
const (
	prefix             = "organizations"
	name   trace.Actor = "Organizations"
)

// Guard is what binds accounts to the policies: IAM.
type Guard interface {
	// CheckControl says what keeps a document from being a policy of a kind.
	CheckControl(kind api.ControlKind, content any) error
	// Join gives an account its place, or another one.
	Join(account string, m api.Membership) error
	// OrganizationOf is the organization that an account is in, "" for none.
	OrganizationOf(account string) string
}

// Accounts are those that AWS has.
type Accounts interface {
	// Named finds the id of the account of that name.
	Named(name string) (id string, ok bool)
}

// Organizations is the service as one account sees it. It is not safe for
// concurrent use.
type Organizations struct {
	world    api.World
	guard    Guard
	accounts Accounts
	// own is the organization that this account manages, nil for none.
	own *organization
}

// New returns the service of an account that manages no organization.
func New(w api.World, guard Guard, accounts Accounts) *Organizations {
	return &Organizations{world: w, guard: guard, accounts: accounts}
}

// Service describes the API: attaching policies and taking them off.
func (s *Organizations) Service() api.Service {
	return api.Service{
		Prefix: prefix, Name: name, Host: prefix + ".us-east-1.amazonaws.com",
		Protocol: api.JSONProtocol("1.1", "AWSOrganizationsV20161128"),
		Operations: []api.Operation{
			api.On(api.Operate("AttachPolicy", api.Signed, s.attachPolicy), s.target),
			api.On(api.Operate("DetachPolicy", api.Signed, s.detachPolicy), s.target),
		},
		Unsimulated: unsimulated(),
		Rules:       Rules(),
	}
}

// Types are the resource types of an organization's management account.
func (s *Organizations) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::Organizations::Organization",
			[]string{"Arn", "Id", "ManagementAccountArn", "ManagementAccountId", "RootId"}, s.createOrganization),
		cloudformation.Define("AWS::Organizations::OrganizationalUnit", []string{"Arn", "Id"}, s.createUnit),
		cloudformation.Define("AWS::Organizations::Account", []string{"AccountId", "Arn", "JoinedMethod", "Status"}, s.createAccount),
		cloudformation.Define("AWS::Organizations::Policy", []string{"Arn", "AwsManaged", "Id"}, s.createPolicy),
	}
}

// organization is a tree with policies.
type organization struct {
	id string
	// consolidated is true without the feature set ALL.
	consolidated bool
	root         *node
	// nodes and policies are by their ids.
	nodes    map[string]*node
	policies map[string]*controlPolicy
}

// node is a root, an organizational unit or an account. Its children are in the
// order in which they were added.
type node struct {
	id, name string
	parent   *node
	children []*node
	// attached are the policies by type, in the order in which they were attached.
	attached map[api.ControlKind][]*controlPolicy
}

// controlPolicy is a policy, one of AWS's when it cannot be changed.
type controlPolicy struct {
	id, name string
	kind     api.ControlKind
	content  any
}

// The ids of the policies that AWS attaches to everything.
// Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html,
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
const (
	fullAccess    = "p-FullAWSAccess"
	rcpFullAccess = "p-RCPFullAWSAccess"
)

// defaults are the policies that AWS has in every organization.
func defaults() []*controlPolicy {
	allow := func(principal any) map[string]any {
		statement := map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"}
		if principal != nil {
			statement["Principal"] = principal
		}
		return map[string]any{"Version": "2012-10-17", "Statement": []any{statement}}
	}
	return []*controlPolicy{
		{id: fullAccess, name: "FullAWSAccess", kind: api.ServiceControl, content: allow(nil)},
		{id: rcpFullAccess, name: "RCPFullAWSAccess", kind: api.ResourceControl, content: allow("*")},
	}
}

// add puts a node below another, with the policies that AWS attaches to every
// new one.
func (o *organization) add(id, name string, parent *node) *node {
	n := &node{id: id, name: name, parent: parent, attached: map[api.ControlKind][]*controlPolicy{}}
	for _, p := range defaults() {
		n.attached[p.kind] = []*controlPolicy{o.policies[p.id]}
	}
	if parent != nil {
		parent.children = append(parent.children, n)
	}
	o.nodes[id] = n
	return n
}

// apply tells IAM what binds each account now. The management account is a member
// that nothing binds.
func (s *Organizations) apply() error {
	o := s.own
	if err := s.guard.Join(s.world.Account(), api.Membership{OrganizationID: o.id, Path: o.id + "/" + o.root.id + "/"}); err != nil {
		return err
	}
	return s.applyBelow(o.root, api.Membership{OrganizationID: o.id, Path: o.id + "/"})
}

// applyBelow goes down the tree with what the levels above say.
func (s *Organizations) applyBelow(n *node, above api.Membership) error {
	m := api.Membership{
		OrganizationID: above.OrganizationID, Path: above.Path,
		ServiceControls:  append(above.ServiceControls[:len(above.ServiceControls):len(above.ServiceControls)], n.level(api.ServiceControl)),
		ResourceControls: append(above.ResourceControls[:len(above.ResourceControls):len(above.ResourceControls)], n.level(api.ResourceControl)),
	}
	if n.isAccount() {
		return s.guard.Join(n.id, m)
	}
	m.Path += n.id + "/"
	for _, child := range n.children {
		if err := s.applyBelow(child, m); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) level(kind api.ControlKind) api.ControlLevel {
	level := api.ControlLevel{Name: n.name}
	for _, p := range n.attached[kind] {
		level.Policies = append(level.Policies, api.ControlPolicy{Name: p.name, Content: p.content})
	}
	return level
}

// isAccount tells accounts from roots and units: their ids are digits alone.
func (n *node) isAccount() bool { return n.id[0] >= '0' && n.id[0] <= '9' }

func (s *Organizations) arn(resource string) string {
	return arn.New(prefix, "", s.world.Account(), resource)
}
