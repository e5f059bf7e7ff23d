// Package result is the screen of an exam that is over: the estimated score with
// its band, what it is made of, and every question to go through once more.
package result

import (
	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/scroll"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Theme    theme.Theme
	Past     exam.Past
	Question func(id string) (quiz.Question, bool)
	// ByClock says that the time ran out.
	ByClock bool
}

// Model is the screen.
type Model struct {
	deps Deps
	// listing shows the questions where there is no room for score and questions.
	listing bool
	// wrongOnly leaves out what was right.
	wrongOnly bool
	cursor    int
	text      scroll.View
	list      scroll.View
	follow    bool
	// both is set by drawing where score and questions stand side by side.
	both bool
}

// New opens the result at the score.
func New(d Deps) *Model { return &Model{deps: d} }

const (
	up       keys.Command = "up"
	down     keys.Command = "down"
	open     keys.Command = "open"
	turn     keys.Command = "turn"
	filter   keys.Command = "filter"
	first    keys.Command = "first"
	last     keys.Command = "last"
	pageDown keys.Command = "page down"
	pageUp   keys.Command = "page up"
)

// Title is the screen's name.
func (m *Model) Title() string { return "Result" }

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	one, none, away, enter := "", "", "", "go through it"
	switch {
	case !m.listed():
		away, enter = "Tab shows the questions", ""
	case len(m.rows()) == 0:
		none = "there is no such question"
	}
	other, filtered := "questions", "wrong only"
	if m.listing {
		other = "score"
	}
	if m.wrongOnly {
		filtered = "all"
	}
	if m.both {
		one = "score and questions are both here"
	}
	works := away + none
	return []keys.Binding{
		{Do: turn, Keys: []string{"tab", "shift+tab"}, Label: "Tab", Hint: other, Help: "the other page: score or questions", Disabled: one},
		{Do: open, Keys: []string{"enter"}, Label: "Enter", Hint: enter, Help: "your answer, the key, the proof and its runs", Disabled: none},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "choose", Help: "next question, or scroll the score (also j)", Disabled: none},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "previous question (also k)", Disabled: none},
		{Do: filter, Keys: []string{"w"}, Label: "w", Hint: filtered, Help: "only what was wrong, or all questions", Disabled: away},
		{Do: first, Keys: []string{"g", "home"}, Label: "g", Help: "first question (also Home)", Disabled: works},
		{Do: last, Keys: []string{"G", "end"}, Label: "G", Help: "last question (also End)", Disabled: works},
		{Do: pageDown, Keys: []string{"pgdown", " "}, Label: "PgDn", Help: "scroll down (also Space)"},
		{Do: pageUp, Keys: []string{"pgup"}, Label: "PgUp", Help: "scroll up"},
	}
}

// listed reports whether the questions are on the screen.
func (m *Model) listed() bool { return m.listing || m.both }

// rows are the positions of the questions listed.
func (m *Model) rows() []int {
	var rows []int
	for i, o := range m.deps.Past.Result.Items {
		if !m.wrongOnly || !o.Right {
			rows = append(rows, i)
		}
	}
	return rows
}

// Update moves over the questions and opens them.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	do := keys.Pressed(m.Keys(), msg)
	switch do {
	case turn:
		m.listing = !m.listing
	case filter:
		m.wrongOnly = !m.wrongOnly
		m.move(0)
	case open:
		if !m.listed() {
			m.listing = true
			return screen.None(), nil
		}
		return screen.Open(screen.Route{Name: screen.Debrief, Exam: m.deps.Past.SessionID, Item: m.rows()[m.cursor]}), nil
	case first:
		m.move(0)
	case last:
		m.move(len(m.rows()) - 1)
	}
	m.scroll(do)
	return screen.None(), nil
}

// scroll moves the cursor or, where there is none, the text.
func (m *Model) scroll(do keys.Command) {
	by := map[keys.Command]int{up: -1, down: 1, pageUp: -10, pageDown: 10}[do]
	switch {
	case by == 0:
	case m.listed():
		m.move(m.cursor + by)
	case do == pageUp || do == pageDown:
		m.text.Page(by / 10)
	default:
		m.text.By(by)
	}
}

func (m *Model) move(to int) {
	m.cursor, m.follow = layout.Clamp(to, 0, len(m.rows())-1), true
}
