package policy

import (
	"strings"
)

// Layer is a kind of policy as it takes part in a decision.
type Layer string

// The layers. Their names are those of AWS's denial messages.
const (
	LayerResource Layer = "resource-based policy"
	LayerTrust    Layer = "role trust policy"
	LayerIdentity Layer = "identity-based policy"
	LayerBoundary Layer = "permissions boundary"
	LayerSession  Layer = "session policy"
	LayerSCP      Layer = "service control policy"
	LayerRCP      Layer = "resource control policy"
)

// Outcome is what a decision comes to.
type Outcome string

// The outcomes.
const (
	Allowed      Outcome = "allowed"
	ExplicitDeny Outcome = "explicitDeny"
	ImplicitDeny Outcome = "implicitDeny"
)

// Request is one action on one resource by one principal.
type Request struct {
	Principal Principal
	Action    string
	// Resource is an ARN, or "*" for an action on nothing in particular.
	Resource string
	// ResourceAccount is the account that owns the resource; "" means the one
	// in the ARN, or the principal's when the ARN has none.
	ResourceAccount string
	Context         Context
}

// Policy is a document and the name it goes by.
type Policy struct {
	Name     string
	Document *Document
}

// Policies are all policies that apply to a request.
type Policies struct {
	// Identity are those of the user or role, and of the user's groups.
	Identity []Policy
	// Resource is the resource's own; a zero Document means it has none. A
	// document of kind TrustPolicy or KeyPolicy must allow by itself.
	Resource Policy
	// Boundary is the permissions boundary; a zero Document means none is set.
	Boundary Policy
	// Session are the session policies; nil means the session has none.
	Session []Policy
	// SCPs are the service control policies that bind the principal's account,
	// and RCPs the resource control policies that bind the resource's, by level
	// from the organization's root to the account. No level means that the account
	// is in no organization, or is the organization's management account.
	SCPs, RCPs []Level
}

// Statement identifies a statement: the policy's name and layer, the number
// from 0 and the Sid, which is often "".
type Statement struct {
	Layer  Layer
	Policy string
	Index  int
	Sid    string
}

// Decision is the answer to a request.
type Decision struct {
	Outcome Outcome
	// Layer is the kind of policy that decided: that denied, that failed to
	// allow, or whose Allow counted.
	Layer Layer
	// Statement is the one that allowed or denied; it is zero when the outcome
	// is ImplicitDeny, or when the root user needs no statement.
	Statement Statement
	// Level is the first level of the organization at which nothing allows, when
	// Layer is one of the organization's and the outcome ImplicitDeny.
	Level string
}

// Evaluate decides a request in AWS's order:
//
//  1. An applicable Deny anywhere denies.
//  2. Resource control policies must allow at every level of the organization,
//     and so must service control policies. Neither binds service-linked roles.
//  3. A principal without identity-based policies (anonymous, an AWS service, a
//     web identity) needs the Allow of the resource's policy and nothing else.
//  4. The policy of a role, of a key, and of a resource in another account must
//     allow by itself.
//  5. Within an account, a resource's policy that names the user, the session
//     or everyone finishes with Allow.
//  6. Identity-based policies must allow, unless the resource's policy, within
//     the account, names the role.
//  7. A permissions boundary must allow.
//  8. Session policies must allow; a federated user without any has no
//     permissions.
//
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
func Evaluate(r Request, p Policies) Decision {
	e := newEvaluation(&r, &p)
	return e.decide()
}

// evaluation is the work on one request. The findings are those of each layer
// as a whole.
type evaluation struct {
	request  *Request
	policies *Policies
	action   string // lower-case

	resource, identity, boundary, session finding
	scp, rcp                              finding
}

// finding is what the policies of a layer say together.
type finding struct {
	layer         Layer
	present       bool
	denied, allow bool
	denier        Statement
	allower       Statement
	naming        naming // the closest of the statements that allow
	gap           string // the first level of an organization that does not allow
}

func newEvaluation(r *Request, p *Policies) evaluation {
	e := evaluation{request: r, policies: p, action: strings.ToLower(r.Action)}
	e.resource = finding{layer: resourceLayer(p.Resource), present: !r.Principal.hasIdentity() || !e.sameAccount()}
	e.read(&e.resource, p.Resource)
	bound := !r.Principal.isServiceLinked()
	if e.rcp.layer = LayerRCP; len(p.RCPs) > 0 && bound {
		e.readLevels(&e.rcp, p.RCPs)
	}
	if !r.Principal.hasIdentity() {
		return e
	}
	if e.scp.layer = LayerSCP; len(p.SCPs) > 0 && bound {
		e.readLevels(&e.scp, p.SCPs)
	}
	e.identity = finding{layer: LayerIdentity, present: true}
	e.boundary = finding{layer: LayerBoundary}
	e.session = finding{layer: LayerSession, present: p.Session != nil || r.Principal.Kind == FederatedUser}
	for _, policy := range p.Identity {
		e.read(&e.identity, policy)
	}
	e.read(&e.boundary, p.Boundary)
	for _, policy := range p.Session {
		e.read(&e.session, policy)
	}
	return e
}

func resourceLayer(p Policy) Layer {
	if p.Document != nil && p.Document.kind == TrustPolicy {
		return LayerTrust
	}
	return LayerResource
}

// read adds what one policy says to a layer.
func (e *evaluation) read(f *finding, p Policy) {
	if p.Document == nil {
		return
	}
	f.present = true
	for i := range p.Document.statements {
		s := &p.Document.statements[i]
		if f.denied || (s.effect == Allow && f.allow && f.naming == byName) {
			continue
		}
		miss, how := e.check(s)
		switch {
		case miss.element != none:
		case s.effect == Deny:
			f.denied, f.denier = true, e.refer(f.layer, p.Name, s)
		case !f.allow || how > f.naming:
			f.allow, f.naming, f.allower = true, how, e.refer(f.layer, p.Name, s)
		}
	}
}

func (e *evaluation) refer(layer Layer, policy string, s *statement) Statement {
	return Statement{Layer: layer, Policy: policy, Index: s.index, Sid: s.sid}
}

// decide carries the numbers of Evaluate.
func (e *evaluation) decide() Decision {
	// 1
	for _, f := range []*finding{&e.rcp, &e.scp, &e.resource, &e.identity, &e.boundary, &e.session} {
		if f.denied {
			return Decision{Outcome: ExplicitDeny, Layer: f.layer, Statement: f.denier}
		}
	}
	// 2
	for _, f := range []*finding{&e.rcp, &e.scp} {
		if f.present && !f.allow {
			return f.only()
		}
	}
	// 3
	if !e.identity.present {
		return e.resource.only()
	}
	// 4
	if mustAllow(e.policies.Resource) && !e.resource.allow {
		return e.resource.only()
	}
	same := e.sameAccount()
	// 5
	if same && e.resource.allow && e.resource.naming == byName {
		return e.resource.only()
	}
	return e.limited(same)
}

// limited goes on where identity-based policies and what limits them count.
func (e *evaluation) limited(same bool) Decision {
	// 6
	allowing := &e.identity
	root := e.request.Principal.Kind == Root
	if !e.identity.allow && !root {
		if !same || !e.resource.allow || e.resource.naming != byOrigin {
			return e.identity.only()
		}
		allowing = &e.resource
	}
	// 4 for other accounts, told only to callers who may ask at all
	if !same && !e.resource.allow {
		return e.resource.only()
	}
	// 7
	if e.boundary.present && !e.boundary.allow {
		return e.boundary.only()
	}
	// 8
	if e.session.present && !e.session.allow {
		return e.session.only()
	}
	return Decision{Outcome: Allowed, Layer: allowing.layer, Statement: allowing.allower}
}

// only is the decision when the layer decides alone.
func (f *finding) only() Decision {
	if f.allow {
		return Decision{Outcome: Allowed, Layer: f.layer, Statement: f.allower}
	}
	return Decision{Outcome: ImplicitDeny, Layer: f.layer, Level: f.gap}
}

// mustAllow reports whether no other policy can stand in for the resource's.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
func mustAllow(p Policy) bool {
	return p.Document != nil && (p.Document.kind == TrustPolicy || p.Document.kind == KeyPolicy)
}

func (e *evaluation) sameAccount() bool {
	owner := e.request.ResourceAccount
	if owner == "" {
		owner = accountOf(e.request.Resource)
	}
	return owner == "" || owner == e.request.Principal.Account
}

// accountOf is the fifth field of an ARN, without taking the ARN apart.
func accountOf(resource string) string {
	for range 4 {
		_, rest, ok := strings.Cut(resource, ":")
		if !ok {
			return ""
		}
		resource = rest
	}
	account, _, _ := strings.Cut(resource, ":")
	return account
}

// Element is a part of a statement that decides whether it applies.
type Element string

// The elements, in the order they are looked at.
const (
	none             Element = ""
	ElementPrincipal Element = "Principal"
	ElementAction    Element = "Action"
	ElementResource  Element = "Resource"
	ElementCondition Element = "Condition"
)

// miss is the first element of a statement that does not hold.
type miss struct {
	element   Element
	condition int
}

// check looks at the elements of a statement in order. The naming is that of
// the principal and only means something when all elements hold.
func (e *evaluation) check(s *statement) (miss, naming) {
	if !anyAction(s, e.action) {
		return miss{element: ElementAction}, notNamed
	}
	how := byName
	if s.principals != nil {
		if how = e.names(s); how == notNamed {
			return miss{element: ElementPrincipal}, notNamed
		}
	}
	if s.resources != nil && !e.anyResource(s) {
		return miss{element: ElementResource}, notNamed
	}
	for i := range s.conditions {
		if !s.conditions[i].holds(&e.request.Context) {
			return miss{element: ElementCondition, condition: i}, notNamed
		}
	}
	return miss{}, how
}

// names is the closest naming among a statement's principals. NotPrincipal
// turns it round, and with Deny hits everyone who has a permissions boundary.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (e *evaluation) names(s *statement) naming {
	closest := notNamed
	for _, pattern := range s.principals {
		closest = max(closest, pattern.names(&e.request.Principal))
	}
	if !s.notPrincipal {
		return closest
	}
	bounded := e.request.Principal.hasIdentity() && e.policies.Boundary.Document != nil
	return whether(closest == notNamed || bounded)
}

func anyAction(s *statement, action string) bool {
	for i := range s.actions {
		if s.actions[i].matches(action, nil) {
			return !s.notAction
		}
	}
	return s.notAction
}

func (e *evaluation) anyResource(s *statement) bool {
	for i := range s.resources {
		if s.resources[i].matches(e.request.Resource, &e.request.Context) {
			return !s.notResource
		}
	}
	return s.notResource
}
