// Package stepper is the screen that steps through one run: the sequence
// diagram with one cursor, and an inspector for whatever the cursor is on. At a
// gate it first asks what will happen; any key that moves passes the question.
package stepper

import (
	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz/proof"
	"claimcheck/sim/scenario"
	"claimcheck/sim/trace"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/diff"
	"claimcheck/ui/widget/inspect"
	"claimcheck/ui/widget/scroll"
	"claimcheck/ui/widget/sequence"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	// Rule finds a rule by its id.
	Rule func(trace.RuleID) (trace.Rule, bool)
	// Copy puts a text on the clipboard; nil when that cannot be done.
	Copy func(string) tea.Cmd
}

// Run is what to step through.
type Run struct {
	// Option is the row of the proof; its ID is "" for an observation.
	Option proof.Option
	Cell   proof.Cell
	// Says is the requirement or observation as a sentence.
	Says string
	// Title names what is no cell of a proof, "" for one that is.
	Title string
}

// tab is one view of the inspector.
type tab int

const (
	eventTab tab = iota
	tokenTab
	checksTab
	stackTab
	clientTab
	tabCount
)

func tabNames() [tabCount]string {
	return [tabCount]string{"Event", "Token", "Checks", "Stack", "Client"}
}

// Model is the screen.
type Model struct {
	deps   Deps
	run    Run
	events []trace.Event
	// steps are the rows of the diagram: with checks folded, or detailed.
	steps    []sequence.Step
	detailed bool
	// cursor is the index of a step.
	cursor int
	// furthest is the index of the last event the cursor has been on.
	furthest int

	tab     tab
	scrolls [tabCount]scroll.View
	// unsettled tabs have not found their first line yet.
	unsettled [tabCount]bool
	// changed are the lines of the current tab to jump to, as last drawn.
	changed []int
	// enlarged gives the inspector the whole screen.
	enlarged bool
	// single is set by drawing where there is room for one of the two only.
	single bool

	guess prediction
}

// New opens the run at its first event.
func New(d Deps, run Run) *Model {
	m := &Model{deps: d, run: run, events: run.Cell.Run.Trace.Events}
	m.guess = newPrediction(m.events)
	m.fold()
	m.unsettled[stackTab], m.unsettled[clientTab] = true, true
	m.arrive()
	return m
}

// Title names the cell.
func (m *Model) Title() string {
	if m.run.Title != "" {
		return m.run.Title
	}
	if m.run.Option.ID == "" {
		return "As it stands"
	}
	return m.run.Option.ID + " " + m.run.Cell.Requirement
}

// Update moves the cursor and the inspector.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	if key, ok := msg.(tea.KeyMsg); ok && m.guess.asking {
		if choice, ok := m.guess.choice(key.String()); ok {
			m.guess.answer(choice)
			return screen.None(), nil
		}
	}
	do := keys.Pressed(m.Keys(), msg)
	m.move(do)
	m.inspect(do)
	if do == copyToken {
		return screen.None(), m.deps.Copy(m.inspector().Carried(m.step().First))
	}
	return screen.None(), nil
}

// move does the commands that move the cursor or concern the questions.
func (m *Model) move(do keys.Command) {
	switch do {
	case forward:
		m.forward()
	case back:
		m.goTo(m.cursor - 1)
	case first:
		m.goTo(0)
	case last:
		m.goTo(len(m.steps) - 1)
	case decider:
		m.goTo(sequence.At(m.steps, m.deciderAt()))
	case detail:
		m.detailed = !m.detailed
		m.fold()
	case nextRequest:
		m.goTo(m.request(1))
	case previousRequest:
		m.goTo(m.request(-1))
	case predictions:
		m.guess.toggle()
	case skip:
		m.guess.off()
	}
}

// inspect does the commands of the inspector.
func (m *Model) inspect(do keys.Command) {
	switch do {
	case nextTab:
		m.turn(1)
	case previousTab:
		m.turn(-1)
	case pageDown:
		m.scrolls[m.tab].Page(1)
	case pageUp:
		m.scrolls[m.tab].Page(-1)
	case lineDown:
		m.scrolls[m.tab].By(1)
	case lineUp:
		m.scrolls[m.tab].By(-1)
	case nextChange:
		m.nextChange()
	case enlarge:
		m.enlarged = !m.enlarged
	}
}

// turn shows another tab, or first of all the inspector where it is hidden.
func (m *Model) turn(by tab) {
	if m.single && !m.enlarged {
		m.enlarged = true
		return
	}
	m.tab = (m.tab + by + tabCount) % tabCount
}

// nextChange scrolls to the next change of the option, after the last one to the
// first.
func (m *Model) nextChange() {
	top := m.scrolls[m.tab].Top()
	for _, at := range m.changed {
		if at > top {
			m.scrolls[m.tab].To(at)
			if m.scrolls[m.tab].Top() > top {
				return
			}
		}
	}
	m.scrolls[m.tab].To(m.changed[0])
}

// forward moves one event on, but asks first at a gate.
func (m *Model) forward() {
	if !m.guess.asking && m.guess.asksAt(m.step().First) {
		m.guess.ask(m.step().First)
		return
	}
	m.goTo(m.cursor + 1)
}

// goTo puts the cursor on step i; gates before it count as passed.
func (m *Model) goTo(i int) {
	from := m.step().First
	m.cursor = layout.Clamp(i, 0, len(m.steps)-1)
	m.guess.leave(from, m.step().First)
	m.arrive()
}

// step is the one under the cursor.
func (m *Model) step() sequence.Step {
	if len(m.steps) == 0 {
		return sequence.Step{}
	}
	return m.steps[m.cursor]
}

// fold makes the steps and keeps the cursor on the event it is on.
func (m *Model) fold() {
	event := m.step().First
	if m.detailed {
		m.steps = sequence.Steps(m.events)
	} else {
		m.steps = sequence.Fold(m.events, m.run.Cell.Run.Event)
	}
	m.cursor = sequence.At(m.steps, event)
	m.arrive()
}

// arrive makes the inspector look at the step under the cursor.
func (m *Model) arrive() {
	m.furthest = max(m.furthest, m.step().Last)
	for _, t := range []tab{eventTab, tokenTab, checksTab} {
		m.scrolls[t].Reset()
		m.unsettled[t] = true
	}
}

// request finds the step of the next or previous request that the flow itself
// sends; the cursor stays where there is none.
func (m *Model) request(step int) int {
	for i := m.cursor + step; i >= 0 && i < len(m.steps); i += step {
		if e := m.events[m.steps[i].First]; e.Kind == trace.Request && e.Parent == 0 {
			return i
		}
	}
	return m.cursor
}

// deciderAt is the index of the event that decides, -1 when the run holds.
func (m *Model) deciderAt() int {
	if m.run.Cell.Holds {
		return -1
	}
	for i, e := range m.events {
		if e.Seq == m.run.Cell.Run.Event {
			return i
		}
	}
	return -1
}

// shown is how many events may be seen: none beyond a gate that asks.
func (m *Model) shown() int { return max(m.guess.horizon(len(m.events)), m.furthest+1) }

func (m *Model) inspector() inspect.Inspector {
	n := inspect.Inspector{Theme: m.deps.Theme, Events: m.events[:min(m.shown(), len(m.events))], Rule: m.deps.Rule}
	if !m.run.Cell.Holds {
		n.Decider = m.run.Cell.Run.Event
	}
	return n
}

// lines converts the lines of a stack or client for drawing.
func lines(from []scenario.Line) []diff.Line {
	converted := make([]diff.Line, len(from))
	for i, l := range from {
		converted[i] = diff.Line{Text: l.Text, Mark: string(l.Change)}
	}
	return converted
}
