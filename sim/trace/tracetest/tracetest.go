// Package tracetest helps tests to look at traces. It is imported by tests only.
package tracetest

import (
	"testing"
	"time"

	"claimcheck/sim/trace"
)

// Coverage counts how often each rule was seen to hold and to fail.
type Coverage struct {
	held, failed map[trace.RuleID]int
}

// Add counts the checks and expectations of a trace.
func (c *Coverage) Add(t trace.Trace) {
	if c.held == nil {
		c.held, c.failed = map[trace.RuleID]int{}, map[trace.RuleID]int{}
	}
	for _, e := range t.Events {
		switch {
		case e.Check == nil:
		case e.Check.Held:
			c.held[e.Check.Rule]++
		default:
			c.failed[e.Check.Rule]++
		}
	}
}

// RequireSeen fails the test for every rule of the list that was not seen both
// to hold and to fail.
func (c *Coverage) RequireSeen(t *testing.T, rules []trace.Rule) {
	t.Helper()
	for _, rule := range rules {
		if c.held[rule.ID] == 0 {
			t.Errorf("rule %s is never seen to hold", rule.ID)
		}
		if c.failed[rule.ID] == 0 {
			t.Errorf("rule %s is never seen to fail", rule.ID)
		}
	}
}

// Require is RequireSeen, and fails the test for every rule that was checked and
// is not in the list.
func (c *Coverage) Require(t *testing.T, rules []trace.Rule) {
	t.Helper()
	c.RequireSeen(t, rules)
	listed := map[trace.RuleID]bool{}
	for _, rule := range rules {
		listed[rule.ID] = true
	}
	for _, seen := range []map[trace.RuleID]int{c.held, c.failed} {
		for id := range seen {
			if id != "" && !listed[id] {
				t.Errorf("rule %s was checked and is in no list", id)
			}
		}
	}
}

// Start is the time at which test clocks begin.
func Start() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }

// Decider returns the id of the rule that refused the given exchange, "" when
// none did.
func Decider(t trace.Trace, exchange int) trace.RuleID {
	check, _ := t.Decider(exchange)
	return check.Rule
}
