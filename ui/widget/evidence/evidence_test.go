package evidence

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/sim/trace"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
)

func grid() Grid {
	holds := func(id, says string) Cell { return Cell{Requirement: id, Says: says, Holds: true} }
	fails := Cell{Requirement: "expires", Says: "Access ends", Expected: "reply.status == 401", Happened: "reply.status is 200", Rule: "iam.expiry", Odd: "The key says that this holds."}
	return Grid{
		Requirements: []Requirement{{"registered", "A user gets in"}, {"expires", "Access ends"}},
		Options: []Option{
			{ID: "A", Correct: true, Cells: []Cell{holds("registered", "A user gets in"), holds("expires", "Access ends")}},
			{ID: "B", Cells: []Cell{holds("registered", "A user gets in"), fails}},
		},
		Observations: []Cell{holds("seen", "The gateway answers 401")},
	}
}

func TestFocusStandsOnTheFirstFailure(t *testing.T) {
	m := New(grid(), "B")
	if option, c, ok := m.Selected(); !ok || option != "B" || c.Requirement != "expires" {
		t.Errorf("selected %s %s", option, c.Requirement)
	}
}

func TestBelowTheOptionsComeTheObservations(t *testing.T) {
	m := New(grid())
	m.Move(9, 9)
	if option, c, ok := m.Selected(); !ok || option != "" || c.Requirement != "seen" {
		t.Errorf("selected %q %s", option, c.Requirement)
	}
	m.Move(-1, 0)
	if option, c, _ := m.Selected(); option != "B" || c.Requirement != "expires" {
		t.Errorf("selected %q %s", option, c.Requirement)
	}
}

func TestRunIsToldWithWhatDecidedIt(t *testing.T) {
	m := New(grid(), "B")
	th := theme.New(theme.Look{})
	p := page.New(th, 70)
	m.Run(p, th, func(id trace.RuleID) (trace.Rule, bool) {
		return trace.Rule{ID: id, Statement: "Keys do not expire."}, true
	})
	got := ansi.Strip(strings.Join(p.Lines(), "\n"))
	for _, want := range []string{"✗ Option B fails: Access ends", "expected reply.status == 401", "happened reply.status is 200", "decided  iam.expiry", "Keys do not expire.", "! The key says that this holds."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestEmptyGridHasNothingSelected(t *testing.T) {
	m := New(Grid{})
	m.Move(1, 1)
	m.Move(-1, -1)
	if _, _, ok := m.Selected(); ok || !m.Empty() {
		t.Error("something is selected in an empty grid")
	}
}
