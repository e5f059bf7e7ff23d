package scenario

import (
	"sort"

	"claimcheck/sim/trace"
)

// evidence is where to look for the rule that decided.
type evidence struct {
	// exchange is the exchange whose result was looked at, 0 for none.
	exchange int
	// rule is set when the expectation itself has a rule.
	rule trace.RuleID
	// event is the Seq of the expectation, 0 without one.
	event int
}

// decide fills in the rules that decided: the one that refused the exchange and
// those that refused inside it; or, when the exchange went through, every rule
// it was checked by, those that did not hold first.
func (o *Outcome) decide(t trace.Trace, e evidence) {
	if e.rule != "" {
		o.Decided, o.Event = []trace.RuleID{e.rule}, e.event
		o.events = map[trace.RuleID]int{e.rule: e.event}
		o.Refused = true
		return
	}
	o.events = map[trace.RuleID]int{}
	o.Event = e.event
	if e.exchange == 0 {
		return
	}
	o.Refused = isRefused(t, e.exchange)
	checks := t.CheckEvents(e.exchange)
	sort.SliceStable(checks, func(i, j int) bool { return weight(checks[i], e.exchange) < weight(checks[j], e.exchange) })
	for _, c := range checks {
		rule := c.Check.Rule
		if _, seen := o.events[rule]; seen || (o.Refused && !c.Check.Decides) {
			continue
		}
		o.events[rule] = c.Seq
		o.Decided = append(o.Decided, rule)
	}
	if len(o.Decided) > 0 {
		o.Event = o.events[o.Decided[0]]
	}
}

// isRefused reports whether an exchange ended in an error of the caller or of
// the service.
func isRefused(t trace.Trace, exchange int) bool {
	response, closed := t.Response(exchange)
	return !closed || response.Status >= 400
}

// weight orders checks by how much they decide: the exchange's own refusal,
// refusals inside it, checks that did not hold, the rest; later ones first.
func weight(e trace.Event, exchange int) int {
	const classes = 1 << 20
	class := 3
	switch {
	case e.Check.Decides && e.Exchange == exchange:
		class = 0
	case e.Check.Decides:
		class = 1
	case !e.Check.Held:
		class = 2
	}
	return class*classes - e.Seq
}
