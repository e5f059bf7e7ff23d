// Package progress is the screen of what has been learnt so far: mastery,
// certainty, days and scores, each as a plot with its numbers.
package progress

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz/exam"
	"claimcheck/quiz/review"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/scroll"
)

// Facts is what there is to show.
type Facts struct {
	Topics, Tasks []review.Mastery
	Calibration   []review.Confidence
	Misses        []review.MissCount
	Beliefs       []review.Belief
	// Activity ends today, Forecast begins today.
	Activity []review.Day
	Forecast []review.Load
	// Past are the exams taken, oldest first.
	Past []exam.Past
}

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	Facts Facts
}

// part is one of the plots with its numbers.
type part int

const (
	mastery part = iota
	certainty
	days
	scores
	partCount
)

func titles() [partCount]string { return [partCount]string{"Mastery", "Certainty", "Days", "Scores"} }

// Model is the screen.
type Model struct {
	deps  Deps
	part  part
	texts [partCount]scroll.View
}

// New opens the screen at mastery.
func New(d Deps) *Model { return &Model{deps: d} }

const (
	next     keys.Command = "next"
	previous keys.Command = "previous"
	down     keys.Command = "down"
	up       keys.Command = "up"
	pageDown keys.Command = "page down"
	pageUp   keys.Command = "page up"
	// jump and a number show that part.
	jump = "jump "
)

// Title is the screen's name.
func (m *Model) Title() string { return "Progress" }

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	bindings := []keys.Binding{
		{Do: next, Keys: []string{"tab", "right", "l"}, Label: "Tab", Hint: "next page", Help: "the next page (also →)"},
		{Do: previous, Keys: []string{"shift+tab", "left", "h"}, Label: "←", Help: "the page before"},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "scroll", Help: "scroll down a line (also j)"},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "scroll up a line (also k)"},
		{Do: pageDown, Keys: []string{"pgdown", " "}, Label: "PgDn", Help: "scroll down (also Space)"},
		{Do: pageUp, Keys: []string{"pgup"}, Label: "PgUp", Help: "scroll up"},
	}
	for i, title := range titles() {
		n := strconv.Itoa(i + 1)
		bindings = append(bindings, keys.Binding{Do: keys.Command(jump + n), Keys: []string{n}, Label: n, Help: "go to " + strings.ToLower(title)})
	}
	return bindings
}

// Update turns the pages and scrolls.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	switch do := keys.Pressed(m.Keys(), msg); do {
	case next:
		m.part = (m.part + 1) % partCount
	case previous:
		m.part = (m.part + partCount - 1) % partCount
	case down:
		m.texts[m.part].By(1)
	case up:
		m.texts[m.part].By(-1)
	case pageDown:
		m.texts[m.part].Page(1)
	case pageUp:
		m.texts[m.part].Page(-1)
	default:
		if n, err := strconv.Atoi(strings.TrimPrefix(string(do), jump)); err == nil {
			m.part = part(n - 1)
		}
	}
	return screen.None(), nil
}

// View draws all parts where there is room, or else one with the names of the
// others above it.
func (m *Model) View(size layout.Size) string {
	const wide, high = 130, 36
	if size.W >= wide && size.H >= high {
		left := layout.Size{W: size.W / 2, H: size.H / 2}
		right := layout.Size{W: size.W - left.W - 1, H: left.H}
		lower := layout.Size{W: right.W, H: size.H - left.H}
		top := layout.Beside(m.panel(mastery, left), left.W, " ", m.panel(certainty, right))
		bottom := layout.Beside(m.panel(days, layout.Size{W: left.W, H: lower.H}), left.W, " ", m.panel(scores, lower))
		return layout.Text(append(layout.Block(top, layout.Size{W: size.W, H: left.H}), bottom...), size)
	}
	tabs := m.tabs(size.W)
	body := layout.Size{W: size.W, H: max(size.H-len(tabs), 0)}
	return layout.Text(append(tabs, m.panel(m.part, body)...), size)
}

func (m *Model) tabs(w int) []string {
	t := m.deps.Theme
	line := " "
	for i, title := range titles() {
		text := " " + strconv.Itoa(i+1) + " " + title + " "
		if part(i) == m.part {
			line += t.Cursor.Render(text)
		} else {
			line += t.Dim.Render(text)
		}
		line += " "
	}
	return []string{layout.Cut(line, w)}
}

func (m *Model) panel(which part, size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	p := page.New(t, scroll.Width(inner.W))
	switch which {
	case mastery:
		m.mastery(p)
	case certainty:
		m.certainty(p)
	case days:
		m.days(p, inner.H)
	case scores:
		m.scores(p, inner.H)
	}
	frame := panel.Panel{Theme: t, Title: t.Title.Render(titles()[which])}
	if which == m.part {
		frame.Edge = &t.Accent
	}
	return frame.Draw(m.texts[which].Draw(t, p.Lines(), inner), size)
}
