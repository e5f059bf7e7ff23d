// Package evidence shows what running a question's options has shown: the
// matrix of options against requirements, the observations on the stack as it
// stands, and the selected run in a few lines. It takes plain values and
// refuses to know how they were proven.
package evidence

import (
	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
)

// Grid is the evidence of one question.
type Grid struct {
	Requirements []Requirement
	Options      []Option
	Observations []Cell
}

// Requirement is one column.
type Requirement struct{ ID, Says string }

// Option is one row; its cells are in the order of the requirements.
type Option struct {
	ID      string
	Correct bool
	Cells   []Cell
}

// Cell is one run.
type Cell struct {
	// Requirement is the id of the requirement or observation, Says the
	// sentence.
	Requirement, Says string
	Holds             bool
	// Expected and Happened tell a run that does not hold.
	Expected, Happened string
	// Rule is the rule that decided, "" for a run that holds.
	Rule trace.RuleID
	// Odd says in what the run differs from the question's key, "" when they
	// agree.
	Odd string
}

// Model is a grid with a cursor on one of its runs.
type Model struct {
	Grid Grid
	// Chosen are the options the learner chose.
	Chosen      map[string]bool
	row, column int
}

// New puts the cursor on the first option of focus, on a run that does not
// hold when there is one. Without focus it is the first option.
func New(g Grid, focus ...string) Model {
	m := Model{Grid: g}
	for i, o := range g.Options {
		if len(focus) > 0 && o.ID == focus[0] {
			m.row = i
		}
	}
	if m.row < len(g.Options) {
		for j, c := range g.Options[m.row].Cells {
			if !c.Holds {
				m.column = j
				break
			}
		}
	}
	return m
}

// Empty reports whether there is no run to show.
func (m *Model) Empty() bool { return len(m.Grid.Options)+len(m.Grid.Observations) == 0 }

// Move moves the cursor by rows and columns; below the options come the
// observations.
func (m *Model) Move(rows, columns int) {
	m.row = layout.Clamp(m.row+rows, 0, len(m.Grid.Options)+len(m.Grid.Observations)-1)
	m.column = layout.Clamp(m.column+columns, 0, len(m.Grid.Requirements)-1)
}

// Selected returns the run under the cursor and its option, "" for an
// observation.
func (m *Model) Selected() (option string, c Cell, ok bool) {
	if m.row < len(m.Grid.Options) {
		o := m.Grid.Options[m.row]
		if m.column < len(o.Cells) {
			return o.ID, o.Cells[m.column], true
		}
		return o.ID, Cell{}, false
	}
	if i := m.row - len(m.Grid.Options); i < len(m.Grid.Observations) {
		return "", m.Grid.Observations[i], true
	}
	return "", Cell{}, false
}
