package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"claimcheck/sim/iam"
	"claimcheck/sim/iam/policy"
)

// answer is the line that answers an inquiry.
type answer struct {
	ID       json.RawMessage `json:"id"`
	Decision policy.Outcome  `json:"decision"`
	Layer    policy.Layer    `json:"layer"`
	// Statement is the place in the inquiry of the statement that allowed or
	// denied, "" without one.
	Statement string `json:"statement"`
	Reason    string `json:"reason"`
}

func (q inquiry) answer() answer {
	a := answer{ID: q.id}
	if a.ID == nil {
		a.ID = json.RawMessage("null")
	}
	if iam.NeedsNoPermission(q.request.Action) && q.hasCredentials() {
		a.Decision, a.Reason = policy.Allowed, q.request.Action+" needs no permission, and no policy can deny it"
		return a
	}
	x := policy.Explain(q.request, q.policies)
	d := x.Decision
	a.Decision, a.Layer, a.Statement, a.Reason = d.Outcome, d.Layer, place(d.Statement), q.reason(x)
	return a
}

// hasCredentials is false for callers without an access key.
func (q inquiry) hasCredentials() bool {
	kind := q.request.Principal.Kind
	return kind != policy.Anonymous && kind != policy.WebIdentity && kind != policy.Service
}

// place is where a statement stands, "" for none.
func place(s policy.Statement) string {
	if s.Layer == "" {
		return ""
	}
	return fmt.Sprintf("%s.Statement[%d]", s.Policy, s.Index)
}

// called is the place with the Sid, for a sentence.
func called(s policy.Statement) string {
	if s.Sid == "" {
		return place(s)
	}
	return place(s) + " (" + s.Sid + ")"
}

// reason is one sentence: AWS's message of a refusal, and what led to it.
func (q inquiry) reason(x policy.Explanation) string {
	d := x.Decision
	switch {
	case d.Outcome == policy.Allowed && d.Statement == policy.Statement{}:
		return "the root user of the account needs no policy"
	case d.Outcome == policy.Allowed:
		return called(d.Statement) + " allows " + q.request.Action
	case d.Outcome == policy.ExplicitDeny:
		return q.message(d) + ": " + called(d.Statement) + " denies it"
	case d.Level != "":
		return q.message(d) + ": nothing allows it at " + d.Level + shortfall(layerOfKind(x, d.Layer))
	}
	return q.message(d) + shortfall(layerOfKind(x, d.Layer))
}

func (q inquiry) message(d policy.Decision) string {
	caller := ""
	if q.request.Principal.Kind != policy.Anonymous {
		caller = q.request.Principal.String()
	}
	return iam.Denial(caller, q.request.Action, q.request.Resource, d)
}

func layerOfKind(x policy.Explanation, layer policy.Layer) policy.LayerFinding {
	for _, l := range x.Layers {
		if l.Layer == layer {
			return l
		}
	}
	return policy.LayerFinding{Layer: layer}
}

// shortfall says what a layer has instead of an Allow: the statement that comes
// nearest, with the element that does not hold.
func shortfall(l policy.LayerFinding) string {
	if len(l.Reasons) == 0 {
		return ": there is no statement of this kind"
	}
	var nearest policy.Reason
	for _, r := range l.Reasons {
		if r.Effect == policy.Allow && !r.Applies && len(r.Elements) > len(nearest.Elements) {
			nearest = r
		}
	}
	if len(nearest.Elements) == 0 {
		return ": no statement allows anything"
	}
	last := nearest.Elements[len(nearest.Elements)-1]
	return fmt.Sprintf(": %s does not apply: wanted %s, found %s", called(nearest.Statement), last.Wanted, last.Found)
}

// printExplanation prints the decision and each statement with its elements, up
// to the one that does not hold.
func printExplanation(w io.Writer, q inquiry) {
	a := q.answer()
	headline := string(a.Decision)
	if a.Layer != "" {
		headline += " by " + string(a.Layer)
	}
	fmt.Fprintf(w, "%s\n  %s\n", headline, a.Reason)
	if a.Layer == "" {
		return
	}
	for _, layer := range policy.Explain(q.request, q.policies).Layers {
		fmt.Fprintf(w, "\n%s: %s\n", layer.Layer, says(layer))
		for _, r := range layer.Reasons {
			printStatement(w, r)
		}
	}
}

// says is what the policies of a layer come to together.
func says(l policy.LayerFinding) string {
	switch {
	case l.Denies != nil:
		return "denies"
	case l.Allows == nil && l.Level != "":
		return "does not allow at " + l.Level
	case l.Allows == nil:
		return "does not allow"
	case l.Delegates:
		return "lets the account allow"
	}
	return "allows"
}

func printStatement(w io.Writer, r policy.Reason) {
	verdict := "does not apply"
	if r.Applies {
		verdict = "applies"
	}
	fmt.Fprintf(w, "  %s, %s: %s\n", called(r.Statement), r.Effect, verdict)
	for _, c := range r.Elements {
		mark := "✗"
		if c.Held {
			mark = "✓"
		}
		fmt.Fprintf(w, "    %s %-9s wanted %s\n", mark, c.Element, strings.TrimPrefix(c.Wanted, string(c.Element)+" "))
		fmt.Fprintf(w, "      %-9s found  %s\n", "", c.Found)
	}
}
