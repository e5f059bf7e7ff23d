// Package beside is the screen with two runs next to each other: what they have
// in common stands at the same height, the cursor jumps from one difference to
// the next, and the events under it are explained in full.
package beside

import (
	"reflect"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/sim/trace"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/inspect"
	"claimcheck/ui/widget/scroll"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	// Rule finds a rule by its id.
	Rule func(trace.RuleID) (trace.Rule, bool)
}

// Run is one of the two runs.
type Run struct {
	// Name is short, such as "C rest"; Says is what the run tests, as a sentence.
	Name, Says string
	Holds      bool
	// Decider is the Seq of the event that decides, 0 when the run holds.
	Decider int
	Events  []trace.Event
}

// row is what stands at one height: an index into each run's events, -1 for
// none. The events of a row that is the same read alike.
type row struct {
	trace.Pair
	same bool
}

// Model is the screen.
type Model struct {
	deps        Deps
	left, right Run
	rows        []row
	cursor      int
	texts       [2]scroll.View
}

// New lays two runs beside each other, with the cursor on the first difference.
func New(d Deps, left, right Run) *Model {
	m := &Model{deps: d, left: left, right: right}
	for _, p := range trace.Align(trace.Trace{Events: left.Events}, trace.Trace{Events: right.Events}) {
		m.rows = append(m.rows, row{p, p.Left >= 0 && p.Right >= 0 && alike(left.Events[p.Left], right.Events[p.Right])})
	}
	m.cursor = max(m.difference(-1, 1), 0)
	return m
}

// alike reports whether two events read the same, whenever they happened.
func alike(a, b trace.Event) bool {
	return a.Kind == b.Kind && a.From == b.From && a.To == b.To && a.Title == b.Title &&
		reflect.DeepEqual(a.Message, b.Message) && reflect.DeepEqual(a.Check, b.Check) && reflect.DeepEqual(a.Token, b.Token)
}

const (
	up       keys.Command = "up"
	down     keys.Command = "down"
	next     keys.Command = "next difference"
	previous keys.Command = "previous difference"
	first    keys.Command = "first"
	last     keys.Command = "last"
	pageDown keys.Command = "page down"
	pageUp   keys.Command = "page up"
)

// Title names both runs.
func (m *Model) Title() string { return m.left.Name + " and " + m.right.Name }

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	nothing := ""
	if m.difference(-1, 1) < 0 {
		nothing = "the runs are the same"
	}
	return []keys.Binding{
		{Do: down, Keys: []string{"down", "j", "right", "l"}, Label: "↓", Hint: "down", Help: "one line down (also j)"},
		{Do: up, Keys: []string{"up", "k", "left", "h"}, Label: "↑", Hint: "up", Help: "one line up (also k)"},
		{Do: next, Keys: []string{"]", "n", "tab"}, Label: "]", Hint: "next difference", Help: "jump to where the runs differ next (also n Tab)", Disabled: nothing},
		{Do: previous, Keys: []string{"[", "N", "shift+tab"}, Label: "[", Hint: "previous", Help: "jump to where they differed before (also N)", Disabled: nothing},
		{Do: pageDown, Keys: []string{"pgdown", "ctrl+d", " ", "J"}, Label: "PgDn", Hint: "scroll", Help: "scroll the texts down (also Space)"},
		{Do: pageUp, Keys: []string{"pgup", "ctrl+u", "K"}, Label: "PgUp", Help: "scroll the texts up"},
		{Do: first, Keys: []string{"g", "home"}, Label: "g", Help: "first line (also Home)"},
		{Do: last, Keys: []string{"G", "end"}, Label: "G", Help: "last line (also End)"},
	}
}

// Update moves the cursor and scrolls the texts.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	switch keys.Pressed(m.Keys(), msg) {
	case down:
		m.goTo(m.cursor + 1)
	case up:
		m.goTo(m.cursor - 1)
	case next:
		m.jump(1)
	case previous:
		m.jump(-1)
	case first:
		m.goTo(0)
	case last:
		m.goTo(len(m.rows) - 1)
	case pageDown:
		m.page(1)
	case pageUp:
		m.page(-1)
	}
	return screen.None(), nil
}

func (m *Model) goTo(i int) {
	m.cursor = layout.Clamp(i, 0, len(m.rows)-1)
	for i := range m.texts {
		m.texts[i].Reset()
	}
}

func (m *Model) page(n int) {
	for i := range m.texts {
		m.texts[i].Page(n)
	}
}

// jump goes to the next difference in a direction, if there is one.
func (m *Model) jump(step int) {
	if i := m.difference(m.cursor, step); i >= 0 {
		m.goTo(i)
	}
}

// difference is the nearest row from i on, without i, that is not the same in
// both runs; -1 when there is none.
func (m *Model) difference(i, step int) int {
	for i += step; i >= 0 && i < len(m.rows); i += step {
		if !m.rows[i].same {
			return i
		}
	}
	return -1
}

// current is the row under the cursor; ok is false where nothing was recorded.
func (m *Model) current() (r row, ok bool) {
	if len(m.rows) == 0 {
		return row{}, false
	}
	return m.rows[m.cursor], true
}

// explain is an event of a run in full, i being -1 for none.
func (m *Model) explain(run Run, i, w int) []string {
	if i < 0 {
		return []string{m.deps.Theme.Dim.Render("Nothing of the kind in this run.")}
	}
	n := inspect.Inspector{Theme: m.deps.Theme, Events: run.Events, Rule: m.deps.Rule, Decider: run.Decider}
	return n.Step(i, i, w)
}
