package beside

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/uitest"
)

// cell is a run of the CloudTasker question.
func cell(t *testing.T, option, requirement string) Run {
	t.Helper()
	p, err := uitest.Prove("cloudtasker-token-access")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range p.Options {
		for _, c := range o.Cells {
			if o.ID == option && c.Requirement == requirement {
				r := Run{Name: option + " " + requirement, Says: "A " + requirement + " run", Holds: c.Holds, Events: c.Run.Trace.Events}
				if !c.Holds {
					r.Decider = c.Run.Event
				}
				return r
			}
		}
	}
	t.Fatalf("no run of %s against %s", option, requirement)
	return Run{}
}

func open(left, right Run) *Model {
	return New(Deps{Theme: theme.New(theme.Look{}), Rule: uitest.Rule}, left, right)
}

func press(m *Model, names ...string) {
	for _, name := range names {
		msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
		switch name {
		case "down":
			msg = tea.KeyMsg{Type: tea.KeyDown}
		case "pgdown":
			msg = tea.KeyMsg{Type: tea.KeyPgDown}
		}
		m.Update(msg)
	}
}

func drawn(m *Model, w, h int) string { return ansi.Strip(m.View(layout.Size{W: w, H: h})) }

func TestOpensAtTheFirstDifference(t *testing.T) {
	m := open(cell(t, "A", "registered"), cell(t, "C", "renews"))
	if r, ok := m.current(); !ok || r.same {
		t.Errorf("the cursor is on row %d, %+v", m.cursor, r)
	}
	for i := range m.cursor {
		if !m.rows[i].same {
			t.Errorf("row %d before the cursor is not the same", i)
		}
	}
}

func TestJumpsFromDifferenceToDifference(t *testing.T) {
	m := open(cell(t, "C", "renews"), cell(t, "A", "registered"))
	press(m, "G")
	end := m.cursor
	press(m, "g")
	seen := map[int]bool{}
	for range m.rows {
		press(m, "]")
		seen[m.cursor] = true
	}
	for i, r := range m.rows {
		if !r.same && i > 0 && !seen[i] {
			t.Errorf("row %d of %d is never jumped to", i, end)
		}
	}
	before := m.cursor
	press(m, "[")
	if m.cursor >= before || m.rows[m.cursor].same {
		t.Errorf("from row %d back to row %d", before, m.cursor)
	}
}

func TestTheSameRunTwiceHasNoDifference(t *testing.T) {
	one := cell(t, "A", "registered")
	m := open(one, one)
	press(m, "]", "[")
	if m.cursor != 0 {
		t.Errorf("the cursor is on row %d", m.cursor)
	}
	for _, b := range m.Keys() {
		if b.Do == next && b.Disabled != "the runs are the same" {
			t.Errorf("] says %q", b.Disabled)
		}
	}
	if text := drawn(m, 80, 24); !strings.Contains(text, "Both runs") {
		t.Errorf("the text is\n%s", text)
	}
}

func TestAWideScreenExplainsBothEventsNextToEachOther(t *testing.T) {
	m := open(cell(t, "A", "registered"), cell(t, "C", "renews"))
	for _, want := range []string{"─ A registered ─", "─ C renews ─"} {
		if text := drawn(m, 140, 40); !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if text := drawn(m, 80, 24); !strings.Contains(text, "─ A registered and C renews ─") {
		t.Errorf("the text is\n%s", text)
	}
}

func TestTheDecidingCheckIsMarked(t *testing.T) {
	left := cell(t, "A", "registered")
	m := open(left, cell(t, "C", "renews"))
	for i, r := range m.rows {
		if r.Left >= 0 && left.Events[r.Left].Seq == left.Decider {
			m.goTo(i)
		}
	}
	if text := drawn(m, 160, 48); !strings.Contains(text, "✗ apigateway.cognito.token-is-jwt ◂") {
		t.Errorf("the text is\n%s", text)
	}
}

func TestNothingRecordedIsSaid(t *testing.T) {
	m := open(Run{Name: "A x"}, Run{Name: "B x"})
	press(m, "down", "]", "G", "pgdown")
	if text := drawn(m, 60, 20); !strings.Contains(text, "Nothing was recorded in these runs.") {
		t.Errorf("the text is\n%s", text)
	}
}

func TestEventsThatReadAlikeAreTheSameWheneverTheyHappen(t *testing.T) {
	check := trace.Check{Rule: "a.b", Held: true}
	a := trace.Event{Seq: 1, Kind: trace.Checked, Exchange: 1, Check: &check}
	b := trace.Event{Seq: 9, Kind: trace.Checked, Exchange: 4, Check: &trace.Check{Rule: "a.b", Held: true}}
	if !alike(a, b) {
		t.Error("they are not alike")
	}
	b.Check.Held = false
	if alike(a, b) {
		t.Error("a check that holds is like one that does not")
	}
}
