package iam

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
)

// Authorize decides whether a principal may do an action on a resource of this
// account, by the identity-based policies, boundary and session policies that
// the principal's own account has for it, by the resource's policy and by those
// of organizations. The order is that of policy.Evaluate. For sts:AssumeRole and the like the resource's policy is the
// role's trust policy, which must allow by itself; a role without one, or one
// that does not exist, trusts nobody.
//
// The trace gets one check for each kind of policy that took part, and notes
// on why statements that come near do not apply. Operations that need no
// permission are always allowed.
func (i *IAM) Authorize(span *trace.Span, a api.Authorization) api.Decision {
	if NeedsNoPermission(a.Action) {
		return api.Decision{Allowed: true}
	}
	resource, err := resourcePolicy(a.ResourcePolicy, isForRole(a.Action))
	if err != nil {
		span.Decide(RulePolicyDocument, false, "a resource policy that AWS accepts", err.Error())
		return api.Decision{Rule: RulePolicyDocument, Message: denial(a, policy.Decision{Outcome: policy.ImplicitDeny, Layer: policy.LayerResource})}
	}
	request := policy.Request{
		Principal: i.principalOf(a.Principal), Action: a.Action, Resource: a.Resource, Context: policy.NewContext(i.keysOf(a)),
		ResourceAccount: i.owner(a.Resource),
	}
	policies := i.home(a.Principal).policiesOf(a.Principal)
	policies.Resource = resource
	i.govern(a, &policies)
	decision := decide(span, a, request, policies)
	decision.Outside = !decision.Allowed && i.isOutside(a)
	return decision
}

// decide evaluates, and explains into the span when there is one.
func decide(span *trace.Span, a api.Authorization, request policy.Request, policies policy.Policies) api.Decision {
	decision := policy.Evaluate(request, policies)
	if span != nil {
		record(span, a.Action, policy.Explain(request, policies))
	}
	answer := api.Decision{
		Allowed: decision.Outcome == policy.Allowed, Explicit: decision.Outcome == policy.ExplicitDeny, Rule: layerRule(decision.Layer),
	}
	if answer.Explicit {
		answer.Rule = RuleExplicitDeny
	}
	if !answer.Allowed {
		answer.Message = denial(a, decision)
	}
	return answer
}

// NeedsNoPermission knows the operations that every authenticated caller may
// use, even against an explicit deny.
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func NeedsNoPermission(action string) bool {
	return action == "sts:GetCallerIdentity" || action == "sts:GetSessionToken"
}

// resourcePolicy reads the policy of a resource; a role's is a trust policy and
// is never absent: no document trusts nobody.
func resourcePolicy(tree any, trust bool) (policy.Policy, error) {
	kind, name := policy.ResourcePolicy, "resource policy"
	switch {
	case trust:
		kind, name = policy.TrustPolicy, "trust policy"
		if tree == nil {
			tree = map[string]any{"Statement": []any{}}
		}
	case tree == nil:
		return policy.Policy{}, nil
	}
	document, err := policy.Parse(tree, kind)
	if err != nil {
		return policy.Policy{}, err
	}
	return policy.Policy{Name: name, Document: document}, nil
}

// isForRole knows the actions of STS that a role's trust policy decides.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func isForRole(action string) bool {
	return strings.HasPrefix(action, "sts:AssumeRole") || action == "sts:TagSession" || action == "sts:SetSourceIdentity"
}

// principalOf translates a caller into the policy language's terms.
func (i *IAM) principalOf(p api.Principal) policy.Principal {
	q := policy.Principal{ARN: p.ARN, Origin: p.RoleARN, Account: p.Account}
	switch p.Type {
	case api.User:
		q.Kind = policy.User
	case api.AssumedRole:
		q.Kind = policy.RoleSession
	case api.FederatedUser:
		q.Kind = policy.FederatedUser
		if s, ok := i.home(p).sessions[p.AccessKeyID]; ok && s.user != nil {
			q.Origin = s.user.arn
		}
	case api.ServiceCaller:
		q.Kind, q.Name = policy.Service, p.Service
	default:
		q.Kind = policy.Anonymous
	}
	return q
}

// policiesOf collects what the directory has for a principal.
func (i *IAM) policiesOf(p api.Principal) policy.Policies {
	switch p.Type {
	case api.User:
		if k, ok := i.keys[p.AccessKeyID]; ok && k.owner.arn == p.ARN {
			return policy.Policies{Identity: k.owner.effective(), Boundary: boundary(k.owner.boundary)}
		}
		fallthrough
	case api.FederatedUser:
		if s, ok := i.sessions[p.AccessKeyID]; ok && s.user != nil {
			return policy.Policies{Identity: s.user.effective(), Boundary: boundary(s.user.boundary), Session: s.policies}
		}
	case api.AssumedRole:
		if s, ok := i.sessions[p.AccessKeyID]; ok && s.role != nil {
			return policy.Policies{Identity: s.role.policies(), Boundary: boundary(s.role.boundary), Session: s.policies}
		}
	}
	return policy.Policies{}
}

// effective are a user's own policies and those of its groups.
func (u *user) effective() []policy.Policy {
	list := u.policies()
	for _, g := range u.groups {
		list = append(list, g.policies()...)
	}
	return list
}

func boundary(m *managedPolicy) policy.Policy {
	if m == nil {
		return policy.Policy{}
	}
	return policy.Policy{Name: m.name, Document: m.document}
}

// keysOf are the condition keys of a request: those every request has, those
// of the principal, and those the service adds.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (i *IAM) keysOf(a api.Authorization) map[string][]string {
	now := i.world.Now().UTC()
	keys := map[string][]string{
		"aws:CurrentTime":           {now.Format(time.RFC3339)},
		"aws:EpochTime":             {strconv.FormatInt(now.Unix(), 10)},
		"aws:SecureTransport":       {"true"},
		"aws:RequestedRegion":       {i.world.Region()},
		"aws:ResourceAccount":       {i.owner(a.Resource)},
		"aws:PrincipalIsAWSService": {strconv.FormatBool(a.Principal.Type == api.ServiceCaller)},
		"aws:ViaAWSService":         {"false"},
	}
	if name := principalType(a.Principal.Type); name != "" {
		keys["aws:PrincipalType"] = []string{name}
	}
	if p := a.Principal; p.ARN != "" {
		keys["aws:PrincipalArn"] = []string{p.ARN}
		if p.RoleARN != "" {
			keys["aws:PrincipalArn"] = []string{p.RoleARN}
		}
		keys["aws:PrincipalAccount"] = []string{p.Account}
		keys["aws:userid"] = []string{p.UserID}
	}
	if s, ok := i.home(a.Principal).sessions[a.Principal.AccessKeyID]; ok && !s.mfaAt.IsZero() {
		keys["aws:MultiFactorAuthAge"] = []string{strconv.Itoa(int(now.Sub(s.mfaAt).Seconds()))}
	}
	i.organizationKeys(a, keys)
	for _, more := range []map[string][]string{i.tagKeysOf(a), a.Principal.Keys, a.Keys} {
		for name, values := range more {
			keys[name] = values
		}
	}
	return keys
}

// principalType is aws:PrincipalType, which AWS services do not have.
func principalType(t api.PrincipalType) string {
	switch t {
	case api.User:
		return "User"
	case api.AssumedRole:
		return "AssumedRole"
	case api.FederatedUser:
		return "FederatedUser"
	case api.Anonymous:
		return "Anonymous"
	}
	return ""
}

// denial is AWS's wording of a decision for the caller.
func denial(a api.Authorization, d policy.Decision) string {
	caller := a.Principal.ARN
	if a.Principal.Type == api.ServiceCaller {
		caller = a.Principal.Service
	}
	return Denial(caller, a.Action, a.Resource, d)
}

// Denial is AWS's wording of a refusal. The caller is an ARN or a service
// principal, "" for nobody. Refusals to assume a role name no policy.
//
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html,
// https://github.com/aws/aws-msk-iam-auth/issues/108 (observed)
func Denial(caller, action, resource string, d policy.Decision) string {
	if caller == "" {
		caller = "anonymous"
	}
	message := fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s", caller, action, resource)
	switch {
	case isForRole(action):
		return message
	case d.Outcome == policy.ExplicitDeny:
		return message + " with an explicit deny in " + explicitPhrase(d.Layer)
	}
	return fmt.Sprintf("%s because no %s allows the %s action", message, d.Layer, action)
}

// explicitPhrase names a kind of policy after "an explicit deny in". The
// spelling of session policies is AWS's.
func explicitPhrase(layer policy.Layer) string {
	switch layer {
	case policy.LayerIdentity:
		return "an identity-based policy"
	case policy.LayerSession:
		return "a sessions policy"
	case policy.LayerTrust:
		return "the role trust policy"
	}
	return "a " + string(layer)
}

// EvaluateDocument says what a single identity-based document, such as the
// answer of a Lambda authorizer, decides for an action on a resource. The keys
// are the only condition keys. It notes the statements in the trace and leaves
// the deciding check to the caller, so the Decision has no Message. An error
// is of type policy.Faults: the document is no policy.
func (i *IAM) EvaluateDocument(span *trace.Span, document any, action, resource string, keys map[string][]string) (api.Decision, error) {
	d, err := policy.Parse(document, policy.IdentityPolicy)
	if err != nil {
		return api.Decision{}, err
	}
	request := policy.Request{
		Principal: policy.Principal{Kind: policy.User, Account: i.world.Account()}, ResourceAccount: i.world.Account(),
		Action: action, Resource: resource, Context: policy.NewContext(keys),
	}
	x := policy.Explain(request, policy.Policies{Identity: []policy.Policy{{Name: "policy", Document: d}}})
	for _, layer := range x.Layers {
		noteStatements(span, layer, action)
	}
	decision := api.Decision{
		Allowed: x.Decision.Outcome == policy.Allowed, Explicit: x.Decision.Outcome == policy.ExplicitDeny, Rule: RuleIdentityPolicy,
	}
	if decision.Explicit {
		decision.Rule = RuleExplicitDeny
	}
	return decision, nil
}
