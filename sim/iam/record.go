package iam

import (
	"fmt"
	"strings"

	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
)

// record writes a decision into the trace: the explicit deny first, then one
// check for each kind of policy up to the one that refused. A kind that does
// not allow and is not needed either is a note, and so is what the caller's own
// policies allow where the resource refuses.
func record(span *trace.Span, action string, x policy.Explanation) {
	wanted := "no policy denies " + action
	for _, layer := range x.Layers {
		if layer.Denies != nil {
			noteApplying(span, layer, *layer.Denies)
			span.Decide(RuleExplicitDeny, false, wanted, "Deny in "+place(*layer.Denies))
			return
		}
	}
	span.Decide(RuleExplicitDeny, true, wanted, "none does")
	for _, layer := range x.Layers {
		noteStatements(span, layer, action)
		rule, wanted := layerRule(layer.Layer), "Allow for "+action
		if layer.Allows != nil && !layer.Delegates {
			span.Decide(rule, true, wanted, place(*layer.Allows))
			continue
		}
		if x.Decision.Outcome == policy.ImplicitDeny && x.Decision.Layer == layer.Layer {
			span.Decide(rule, false, wanted, silence(layer))
			noteOtherHalf(span, action, layer.Layer, x.Layers)
			return
		}
		span.Note(rule, false, wanted, silence(layer))
	}
}

// noteOtherHalf notes, where a resource refuses for itself, what the caller's own
// policies say: that they allow is the usual surprise.
func noteOtherHalf(span *trace.Span, action string, refused policy.Layer, layers []policy.LayerFinding) {
	if refused != policy.LayerResource && refused != policy.LayerTrust {
		return
	}
	for _, layer := range layers {
		if layer.Layer == policy.LayerIdentity && layer.Allows != nil {
			noteStatements(span, layer, action)
			span.Note(RuleIdentityPolicy, true, "Allow for "+action, place(*layer.Allows))
		}
	}
}

func layerRule(layer policy.Layer) trace.RuleID {
	switch layer {
	case policy.LayerResource:
		return RuleResourcePolicy
	case policy.LayerTrust:
		return RuleTrustPolicy
	case policy.LayerBoundary:
		return RuleBoundary
	case policy.LayerSCP:
		return RuleServiceControl
	case policy.LayerRCP:
		return RuleResourceControl
	case policy.LayerSession:
		return RuleSessionPolicy
	}
	return RuleIdentityPolicy
}

// noteStatements notes why the statement that allows applies, or else why
// those that might have allowed do not.
func noteStatements(span *trace.Span, layer policy.LayerFinding, action string) {
	if layer.Allows != nil {
		noteApplying(span, layer, *layer.Allows)
		return
	}
	var actions []string
	for _, r := range layer.Reasons {
		if r.Effect != policy.Allow || len(r.Elements) == 0 {
			continue
		}
		last := r.Elements[len(r.Elements)-1]
		if r.Missed == policy.ElementAction {
			actions = append(actions, last.Wanted)
			continue
		}
		span.Note(elementRule(last.Element), last.Held, last.Wanted, last.Found)
	}
	if len(actions) > 0 {
		span.Note(RuleStatementAction, false, strings.Join(actions, "; "), action)
	}
}

func noteApplying(span *trace.Span, layer policy.LayerFinding, s policy.Statement) {
	for _, r := range layer.Reasons {
		if r.Statement != s {
			continue
		}
		for _, c := range r.Elements {
			span.Note(elementRule(c.Element), c.Held, c.Wanted, c.Found)
		}
		return
	}
}

func elementRule(e policy.Element) trace.RuleID {
	switch e {
	case policy.ElementPrincipal:
		return RuleStatementPrincipal
	case policy.ElementResource:
		return RuleStatementResource
	case policy.ElementCondition:
		return RuleStatementCondition
	}
	return RuleStatementAction
}

// place names a statement as a reader finds it.
func place(s policy.Statement) string {
	name := s.Policy
	if s.Layer == policy.LayerSCP || s.Layer == policy.LayerRCP {
		name = string(s.Layer) + " " + name
	}
	if s.Sid != "" {
		return fmt.Sprintf("%s, statement %s", name, s.Sid)
	}
	return fmt.Sprintf("%s, statement %d", name, s.Index+1)
}

// silence says what there is instead of an Allow.
func silence(layer policy.LayerFinding) string {
	var names []string
	for _, r := range layer.Reasons {
		if len(names) == 0 || names[len(names)-1] != r.Statement.Policy {
			names = append(names, r.Statement.Policy)
		}
	}
	switch {
	case layer.Level != "":
		return "none at " + layer.Level
	case layer.Delegates:
		return "the policy names the account, which must allow itself"
	case len(names) == 0:
		return "no " + string(layer.Layer)
	}
	return "no statement of " + strings.Join(names, ", ")
}
