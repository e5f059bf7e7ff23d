// Package home is the first screen: what is due, the exam under way, what is
// weakest, and what to press.
package home

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz/exam"
	"claimcheck/quiz/review"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/scroll"
)

// Summary is the learner's situation.
type Summary struct {
	// Loading is set until what was kept has been read.
	Loading bool
	// Questions are in the banks, Answered of them at least once.
	Questions, Answered int
	// Next is the title of the question to study next, "" after the last.
	Next string
	// Due questions wait for review, SureAndWrong of them first of all; Newcomers
	// were never answered and are on for today.
	Due, SureAndWrong, Newcomers int
	// NextDue is when the next one comes when none is due; zero when none will.
	NextDue time.Time
	// Exam is the exam under way, nil when there is none.
	Exam *exam.State
	// Past are the exams taken, oldest first.
	Past []exam.Past
	// Topics are the weakest first; those not seen yet are at the end.
	Topics []review.Mastery
	// ExamDate is the day of the real exam, zero when none is set.
	ExamDate time.Time
	Now      time.Time
	// Unkept says why nothing is kept, "" when it is.
	Unkept string
}

// Deps is what the screen needs from outside.
type Deps struct {
	Theme   theme.Theme
	Summary func() Summary
}

// Model is the screen.
type Model struct {
	deps Deps
	// cursor is on a row of the menu, once the learner has moved it; before, it is
	// on what to do next.
	cursor int
	moved  bool
	text   scroll.View
}

// New opens the screen.
func New(d Deps) *Model { return &Model{deps: d} }

const (
	up       keys.Command = "up"
	down     keys.Command = "down"
	open     keys.Command = "open"
	pageDown keys.Command = "page down"
	pageUp   keys.Command = "page up"
)

// The rows of the menu, by the screens they open.
func rows() []screen.Name {
	return []screen.Name{screen.Review, screen.Exam, screen.Questions, screen.Progress}
}

// Title is the screen's name.
func (m *Model) Title() string { return "Home" }

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	loading := ""
	if m.deps.Summary().Loading {
		loading = "your progress is being read"
	}
	return []keys.Binding{
		{Do: open, Keys: []string{"enter", "right", "l"}, Label: "Enter", Hint: "open", Help: "open what the cursor is on", Disabled: loading},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "choose", Help: "next line (also j)"},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "previous line (also k)"},
		{Do: keys.Command(screen.Review), Keys: []string{"r"}, Label: "r", Hint: "review", Help: "repeat what is due", Disabled: loading},
		{Do: keys.Command(screen.Exam), Keys: []string{"e"}, Label: "e", Hint: "exam", Help: "go on with the exam, start one, or read past ones", Disabled: loading},
		{Do: keys.Command(screen.Questions), Keys: []string{"s"}, Label: "s", Hint: "study", Help: "all questions, one by one"},
		{Do: keys.Command(screen.Progress), Keys: []string{"p"}, Label: "p", Hint: "progress", Help: "what you know, how sure you are, what is coming", Disabled: loading},
		{Do: pageDown, Keys: []string{"pgdown", " "}, Label: "PgDn", Help: "scroll down (also Space)"},
		{Do: pageUp, Keys: []string{"pgup"}, Label: "PgUp", Help: "scroll up"},
	}
}

// Update moves the cursor and opens screens.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	if _, ok := msg.(tea.KeyMsg); !ok {
		return screen.None(), nil
	}
	switch do := keys.Pressed(m.Keys(), msg); do {
	case "":
	case open:
		return screen.Open(screen.Route{Name: rows()[m.at(m.deps.Summary())]}), nil
	case down:
		m.move(1)
	case up:
		m.move(-1)
	case pageDown:
		m.text.Page(1)
	case pageUp:
		m.text.Page(-1)
	default:
		return screen.Open(screen.Route{Name: screen.Name(do)}), nil
	}
	return screen.None(), nil
}

func (m *Model) move(by int) {
	m.cursor = layout.Clamp(m.at(m.deps.Summary())+by, 0, len(rows())-1)
	m.moved = true
}

// at is the row the cursor is on: where the learner has put it, or else on what
// presses most.
func (m *Model) at(s Summary) int {
	const reviewing, examining, studying = 0, 1, 2
	switch {
	case m.moved:
		return m.cursor
	case s.Exam != nil:
		return examining
	case s.Due > 0:
		return reviewing
	}
	return studying
}
