package iam

import (
	"strconv"

	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
)

// simulationOutput is the structure SimulatePolicyResponse.
type simulationOutput struct {
	EvaluationResults []evaluationResult
	IsTruncated       bool
	Marker            string `json:",omitempty"`
}

// evaluationResult is the structure EvaluationResult: one for each action. With
// several resources its decision is the strictest of theirs, and each has a
// result of its own.
//
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
type evaluationResult struct {
	EvalActionName                    string
	EvalResourceName                  string `json:",omitempty"`
	EvalDecision                      policy.Outcome
	MatchedStatements                 []matchedStatement
	MissingContextValues              []string
	PermissionsBoundaryDecisionDetail *boundaryDetail          `json:",omitempty"`
	ResourceSpecificResults           []resourceSpecificResult `json:",omitempty"`
}

// resourceSpecificResult is the structure ResourceSpecificResult.
type resourceSpecificResult struct {
	EvalResourceName                  string
	EvalResourceDecision              policy.Outcome
	MatchedStatements                 []matchedStatement
	MissingContextValues              []string
	PermissionsBoundaryDecisionDetail *boundaryDetail `json:",omitempty"`
}

type boundaryDetail struct{ AllowedByPermissionsBoundary bool }

// matchedStatement is the structure Statement.
type matchedStatement struct {
	SourcePolicyId, SourcePolicyType string
	StartPosition, EndPosition       policy.Position
}

// The kinds of policy as simulations name them.
// Source: https://github.com/faiscadev/fakecloud/pull/1904 (observed); that of a
// resource's policy is inferred.
const (
	identitySource = "IAM Policy"
	resourceSource = "Resource Policy"
)

// page gives the results from the marker on, at most as many as are asked for.
func (s *simulation) page(in simulationInput) (simulationOutput, error) {
	from, most := 0, usualPage
	if in.Marker != "" {
		n, err := strconv.Atoi(in.Marker)
		if err != nil || n < 1 || n >= len(in.ActionNames) {
			return simulationOutput{}, invalidInput("Invalid Marker: %s", in.Marker)
		}
		from = n
	}
	if in.MaxItems != 0 {
		most = in.MaxItems
	}
	if most < 1 || most > longestPage {
		return simulationOutput{}, awserr.New("ValidationError", "1 validation error detected: Value '%d' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and %d", most, longestPage)
	}
	out := simulationOutput{EvaluationResults: []evaluationResult{}}
	until := min(from+most, len(in.ActionNames))
	for _, action := range in.ActionNames[from:until] {
		out.EvaluationResults = append(out.EvaluationResults, s.action(action, in.ResourceArns))
	}
	if out.IsTruncated = until < len(in.ActionNames); out.IsTruncated {
		out.Marker = strconv.Itoa(until)
	}
	return out, nil
}

// action decides an action on each resource; on * when none is given.
func (s *simulation) action(action string, resources []string) evaluationResult {
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	var all []resourceSpecificResult
	strictest := 0
	for n, resource := range resources {
		all = append(all, s.one(action, resource))
		if strictness(all[n].EvalResourceDecision) > strictness(all[strictest].EvalResourceDecision) {
			strictest = n
		}
	}
	decides := all[strictest]
	result := evaluationResult{
		EvalActionName: action, EvalDecision: decides.EvalResourceDecision, MatchedStatements: decides.MatchedStatements,
		MissingContextValues: s.missing, PermissionsBoundaryDecisionDetail: decides.PermissionsBoundaryDecisionDetail,
	}
	if len(all) == 1 {
		result.EvalResourceName = decides.EvalResourceName
	}
	if resources[0] != "*" {
		result.ResourceSpecificResults = all
	}
	return result
}

func strictness(o policy.Outcome) int {
	switch o {
	case policy.ExplicitDeny:
		return 2
	case policy.ImplicitDeny:
		return 1
	}
	return 0
}

// one decides an action on one resource. A role's trust policy has no say: the
// simulator leaves it out.
// Source: https://github.com/aws/aws-cli/issues/10314 (observed)
func (s *simulation) one(action, resource string) resourceSpecificResult {
	policies := policy.Policies{Identity: s.identity, Boundary: s.boundary}
	if !isForRole(action) {
		policies.Resource = s.resource
	}
	request := policy.Request{Principal: s.principal, Action: action, Resource: resource, ResourceAccount: s.accountOf(resource), Context: s.context}
	x := policy.Explain(request, policies)
	result := resourceSpecificResult{
		EvalResourceName: resource, EvalResourceDecision: x.Decision.Outcome,
		MatchedStatements: s.matched(x), MissingContextValues: s.missing,
	}
	for _, layer := range x.Layers {
		if layer.Layer == policy.LayerBoundary {
			result.PermissionsBoundaryDecisionDetail = &boundaryDetail{AllowedByPermissionsBoundary: layer.Allows != nil && layer.Denies == nil}
		}
	}
	return result
}

// accountOf is the account that owns a resource: that in its ARN, or else the
// ResourceOwner.
func (s *simulation) accountOf(resource string) string {
	if a, err := arn.Parse(resource); err == nil && a.Account != "" {
		return a.Account
	}
	return s.owner
}

// matched are the statements that made the decision: all that allow, or the one
// that denies. Nothing makes an implicit deny.
func (s *simulation) matched(x policy.Explanation) []matchedStatement {
	list := []matchedStatement{}
	for _, layer := range x.Layers {
		for _, r := range layer.Reasons {
			switch {
			case x.Decision.Outcome == policy.ExplicitDeny && r.Statement == x.Decision.Statement,
				x.Decision.Outcome == policy.Allowed && r.Applies && r.Effect == policy.Allow && layer.Layer != policy.LayerBoundary:
				list = append(list, s.statement(r.Statement))
			}
		}
	}
	return list
}

func (s *simulation) statement(ref policy.Statement) matchedStatement {
	m := matchedStatement{SourcePolicyId: ref.Policy, SourcePolicyType: identitySource}
	if ref.Layer == policy.LayerResource {
		m.SourcePolicyType = resourceSource
	}
	for _, p := range append([]policy.Policy{s.resource, s.boundary}, s.identity...) {
		if p.Name == ref.Policy && p.Document != nil {
			place := p.Document.Place(ref.Index)
			m.StartPosition, m.EndPosition = place.Start, place.End
			break
		}
	}
	return m
}
