package scenario

import "claimcheck/sim/trace"

// Outcome is what became of one flow on one deployed stack.
type Outcome struct {
	// Holds is true when every step did what the flow expects.
	Holds bool
	// Expected is the step or expectation that failed, as the flow states it,
	// and Happened what came instead; both are "" when the flow holds.
	Expected, Happened string
	// Refused is true when a rule refused the request that decides; a flow may
	// also fail because nothing refused it.
	Refused bool
	// Decided are the rules that decided a flow that does not hold: for a
	// refused request the rule that refused it; for a request that went
	// through against the expectation the rules it was checked by.
	Decided []trace.RuleID
	// Event is the Seq of the event that decides, 0 when the flow holds.
	Event int
	Trace trace.Trace

	// events maps each deciding rule to the event that shows it.
	events map[trace.RuleID]int
}

// Focus returns the outcome with Event set to the event that shows the given
// rule, unchanged when the rule is not among those that decided.
func (o Outcome) Focus(rule trace.RuleID) Outcome {
	if seq, ok := o.events[rule]; ok {
		o.Event = seq
	}
	return o
}

// DecidedBy returns the given rule when it is among those that decided, and
// otherwise the first of them, "" when there is none.
func (o Outcome) DecidedBy(expected trace.RuleID) trace.RuleID {
	for _, rule := range o.Decided {
		if rule == expected {
			return rule
		}
	}
	if len(o.Decided) == 0 {
		return ""
	}
	return o.Decided[0]
}

// Line is one line of a stack as a learner reads it.
type Line struct {
	Text string
	// Change is how an option changed the line.
	Change Change
}

// Change is what an option did to a line.
type Change string

// The changes.
const (
	Same    Change = ""
	Added   Change = "+"
	Removed Change = "-"
)
