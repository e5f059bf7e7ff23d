// Package proof is the screen with a question's whole evidence: every option
// against every requirement, and the selected run in words.
package proof

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/sim/trace"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/evidence"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/scroll"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	// Rule finds a rule by its id.
	Rule func(trace.RuleID) (trace.Rule, bool)
}

// Model is the screen.
type Model struct {
	deps     Deps
	question quiz.Question
	evidence evidence.Model
	text     scroll.View
	// marked is the run to put beside another one, nil for none.
	marked *screen.Cell
	// follow asks the next drawing to bring the cursor into sight.
	follow bool
}

// New opens the evidence of a question, at the given option.
func New(d Deps, q quiz.Question, g evidence.Grid, option string) *Model {
	return &Model{deps: d, question: q, evidence: evidence.New(g, option)}
}

const (
	up       keys.Command = "up"
	down     keys.Command = "down"
	left     keys.Command = "left"
	right    keys.Command = "right"
	step     keys.Command = "step"
	compare  keys.Command = "compare"
	serve    keys.Command = "serve"
	pageDown keys.Command = "page down"
	pageUp   keys.Command = "page up"
)

// Title is the screen's name.
func (m *Model) Title() string { return "Proof" }

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	none := ""
	if m.evidence.Empty() {
		none = "there is no run to show"
	}
	mark := "mark this run, to see another one beside it"
	if m.marked != nil {
		mark = "show this run beside the marked one"
	}
	return []keys.Binding{
		{Do: step, Keys: []string{"enter"}, Label: "Enter", Hint: "step through", Help: "open the run of the selected cell in the stepper", Disabled: none},
		{Do: compare, Keys: []string{"b"}, Label: "b", Hint: "beside", Help: mark, Disabled: none},
		{Do: serve, Keys: []string{"w"}, Label: "w", Hint: "serve", Help: "put the option's stack on this machine's network, for your own tools", Disabled: none},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓←→", Hint: "choose a cell", Help: "the cells above, below and beside (also k j h l)", Disabled: none},
		{Do: up, Keys: []string{"up", "k"}, Disabled: none},
		{Do: left, Keys: []string{"left", "h"}, Disabled: none},
		{Do: right, Keys: []string{"right", "l"}, Disabled: none},
		{Do: pageDown, Keys: []string{"pgdown", "ctrl+d", " ", "J"}, Label: "PgDn", Hint: "scroll", Help: "scroll the text down (also Space)"},
		{Do: pageUp, Keys: []string{"pgup", "ctrl+u", "K"}, Label: "PgUp", Help: "scroll the text up"},
	}
}

// Update moves the cursor and opens runs.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	switch keys.Pressed(m.Keys(), msg) {
	case step:
		option, cell, ok := m.evidence.Selected()
		if ok {
			return screen.Open(screen.Route{Name: screen.Stepper, Question: m.question.ID, Option: option, Requirement: cell.Requirement}), nil
		}
	case compare:
		return m.compare(), nil
	case serve:
		option, _, _ := m.evidence.Selected()
		return screen.Open(screen.Route{Name: screen.Serving, Question: m.question.ID, Option: option}), nil
	case down:
		m.move(1, 0)
	case up:
		m.move(-1, 0)
	case left:
		m.move(0, -1)
	case right:
		m.move(0, 1)
	case pageDown:
		m.text.Page(1)
	case pageUp:
		m.text.Page(-1)
	}
	return screen.None(), nil
}

// compare marks the selected run, or opens it beside the one that is marked.
// On the marked run it takes the mark away.
func (m *Model) compare() screen.Action {
	option, cell, ok := m.evidence.Selected()
	if !ok {
		return screen.None()
	}
	selected := screen.Cell{Option: option, Requirement: cell.Requirement}
	marked := m.marked
	m.marked = nil
	switch {
	case marked == nil:
		m.marked = &selected
	case *marked != selected:
		return screen.Open(screen.Route{
			Name: screen.Beside, Question: m.question.ID, Option: marked.Option, Requirement: marked.Requirement, With: selected,
		})
	}
	return screen.None()
}

func (m *Model) move(rows, columns int) {
	m.evidence.Move(rows, columns)
	m.text.Reset()
	m.follow = true
}

// View draws the matrix with its legend above the selected run, or beside it
// where there is room; on a small screen all of it scrolls.
func (m *Model) View(size layout.Size) string {
	t := m.deps.Theme
	if m.question.Unproven != "" {
		p := page.New(t, size.W-2)
		p.Item(t.Warn.Render("!"), t.Warn, "This question is not proven: "+m.question.Unproven)
		return layout.Text(p.Lines(), size)
	}
	switch {
	case size.H < 16 || size.W < 50:
		return layout.Text(m.small(size), size)
	case size.W >= 120:
		left := layout.Size{W: size.W * 54 / 100, H: size.H}
		run := m.run(layout.Size{W: size.W - left.W - 1, H: size.H})
		return layout.Text(layout.Beside(m.overview(left.W), left.W, " ", run), size)
	}
	top := m.overview(size.W)
	if len(top) > size.H-6 {
		return layout.Text(m.small(size), size)
	}
	return layout.Text(append(top, m.run(layout.Size{W: size.W, H: size.H - len(top)})...), size)
}

// overview is the matrix and the numbered requirements.
func (m *Model) overview(w int) []string {
	t := m.deps.Theme
	p := page.New(t, w-2)
	p.Raw("")
	lines, _ := m.evidence.Matrix(t, w-2)
	p.Raw(lines...)
	p.Gap()
	m.evidence.Legend(p, t)
	p.Gap()
	return indent(p.Lines())
}

func (m *Model) run(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	p := page.New(t, scroll.Width(inner.W))
	m.evidence.Run(p, t, m.deps.Rule)
	frame := panel.Panel{Theme: t, Title: t.Title.Render("The selected run"), Note: m.note()}
	const border = 2
	size.H = min(size.H, p.Len()+border)
	return frame.Draw(m.text.Draw(t, p.Lines(), panel.Inner(size)), size)
}

// note says which run is marked, "" for none.
func (m *Model) note() string {
	if m.marked == nil {
		return ""
	}
	return m.deps.Theme.Warn.Render("marked: " + strings.TrimSpace(m.marked.Option+" "+m.marked.Requirement))
}

// small puts matrix and run below one another and scrolls them together.
func (m *Model) small(size layout.Size) []string {
	t := m.deps.Theme
	w := scroll.Width(size.W - 1)
	p := page.New(t, w)
	matrix, at := m.evidence.Matrix(t, w)
	p.Raw(matrix...)
	if m.marked != nil {
		p.Raw(layout.Cut(m.note(), w))
	}
	p.Gap()
	m.evidence.Run(p, t, m.deps.Rule)
	p.Gap()
	m.evidence.Legend(p, t)
	if m.follow {
		m.text.Show(at, at, p.Len(), size.H)
		m.follow = false
	}
	return indent(m.text.Draw(t, p.Lines(), layout.Size{W: size.W - 1, H: size.H}))
}

func indent(lines []string) []string {
	for i, line := range lines {
		lines[i] = " " + line
	}
	return lines
}
