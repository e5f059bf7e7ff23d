// Package questions is the list of all questions, or of one bank's, with how
// each was answered last.
package questions

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/scroll"
)

// State is how a question was answered last.
type State int

// The states.
const (
	Open State = iota
	Right
	Wrong
)

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	// Bank is the only bank to list, "" for all.
	Bank string
	// Questions are those listed, each bank's together.
	Questions []quiz.Question
	// State tells how a question was answered, by its id.
	State func(id string) State
}

// Model is the screen.
type Model struct {
	deps   Deps
	cursor int
	list   scroll.View
}

// New opens the list at its first question.
func New(d Deps) *Model { return &Model{deps: d} }

const (
	up     keys.Command = "up"
	down   keys.Command = "down"
	first  keys.Command = "first"
	last   keys.Command = "last"
	study  keys.Command = "study"
	serve  keys.Command = "serve"
	proofs keys.Command = "proof"
)

// Title is the screen's name.
func (m *Model) Title() string {
	if m.deps.Bank != "" {
		return phrase.Title(m.deps.Bank)
	}
	return "Questions"
}

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	none, unproven := "", ""
	if len(m.deps.Questions) == 0 {
		none, unproven = "there is no question", "there is no question"
	} else if m.deps.Questions[m.cursor].Unproven != "" {
		unproven = "this question is not proven: " + m.deps.Questions[m.cursor].Unproven
	}
	return []keys.Binding{
		{Do: study, Keys: []string{"enter", "right", "l"}, Label: "Enter", Hint: "study this question", Help: "read the question and answer it", Disabled: none},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "choose", Help: "next question (also j)", Disabled: none},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "previous question (also k)", Disabled: none},
		{Do: proofs, Keys: []string{"p"}, Label: "p", Hint: "proof", Help: "every option against every requirement; this gives the answer away", Disabled: unproven},
		{Do: serve, Keys: []string{"w"}, Label: "w", Help: "put its stack on this machine's network, for your own tools", Disabled: none},
		{Do: first, Keys: []string{"g", "home"}, Label: "g", Help: "first question (also Home)", Disabled: none},
		{Do: last, Keys: []string{"G", "end"}, Label: "G", Help: "last question (also End)", Disabled: none},
	}
}

// Update moves the cursor and opens questions.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	switch keys.Pressed(m.Keys(), msg) {
	case study:
		return screen.Open(screen.Route{Name: screen.Study, Question: m.deps.Questions[m.cursor].ID}), nil
	case proofs:
		return screen.Open(screen.Route{Name: screen.Proof, Question: m.deps.Questions[m.cursor].ID}), nil
	case serve:
		return screen.Open(screen.Route{Name: screen.Serving, Question: m.deps.Questions[m.cursor].ID}), nil
	case down:
		m.move(m.cursor + 1)
	case up:
		m.move(m.cursor - 1)
	case first:
		m.move(0)
	case last:
		m.move(len(m.deps.Questions) - 1)
	}
	return screen.None(), nil
}

func (m *Model) move(to int) { m.cursor = layout.Clamp(to, 0, len(m.deps.Questions)-1) }

// View draws the list, and the selected question where there is room: beside
// the list or below it.
func (m *Model) View(size layout.Size) string {
	if len(m.deps.Questions) == 0 {
		return layout.Text([]string{"", m.deps.Theme.Dim.Render(" There are no questions here yet.")}, size)
	}
	air := 0
	if size.H >= 16 {
		air = 1
	}
	body := m.body(layout.Size{W: size.W, H: size.H - air})
	return layout.Text(append(make([]string, air), body...), size)
}

func (m *Model) body(size layout.Size) []string {
	const besideAt, listW = 110, 62
	if size.W >= besideAt {
		list := layout.Size{W: max(listW, size.W*2/5), H: size.H}
		detail := layout.Size{W: size.W - list.W - 1, H: size.H}
		return layout.Beside(m.drawList(list), list.W, " ", m.detail(detail))
	}
	lines, _ := m.rows(scroll.Width(size.W))
	detailH := size.H - len(lines) - 1
	if detailH = min(detailH, 12); detailH < 5 {
		return m.drawList(size)
	}
	list := m.drawList(layout.Size{W: size.W, H: size.H - detailH})
	return append(list, m.detail(layout.Size{W: size.W, H: detailH})...)
}

func (m *Model) drawList(size layout.Size) []string {
	lines, at := m.rows(scroll.Width(size.W))
	m.list.Show(max(at-1, 0), at, len(lines), size.H)
	return m.list.Draw(m.deps.Theme, lines, size)
}

// rows are banks and questions, and the line the cursor is on.
func (m *Model) rows(w int) (lines []string, at int) {
	bank := ""
	for i, q := range m.deps.Questions {
		if q.Bank != bank {
			if bank != "" {
				lines = append(lines, "")
			}
			bank = q.Bank
			lines = append(lines, m.bank(bank, w))
		}
		if i == m.cursor {
			at = len(lines)
		}
		lines = append(lines, m.row(i, q, w))
	}
	return lines, at
}

func (m *Model) bank(name string, w int) string {
	total, done := 0, 0
	for _, q := range m.deps.Questions {
		if q.Bank == name {
			total++
			if m.deps.State(q.ID) != Open {
				done++
			}
		}
	}
	return layout.Spread(" "+m.deps.Theme.Title.Render(phrase.Title(name)), m.deps.Theme.Dim.Render(fmt.Sprintf("%d of %d answered", done, total)), w)
}

func (m *Model) row(i int, q quiz.Question, w int) string {
	t := m.deps.Theme
	pointer := " "
	if i == m.cursor {
		pointer = t.Accent.Render(theme.Pointer)
	}
	mark := " "
	switch m.deps.State(q.ID) {
	case Right:
		mark = t.Mark(true)
	case Wrong:
		mark = t.Mark(false)
	}
	facts := ""
	if w >= 56 {
		facts = t.Dim.Render(fmt.Sprintf("%-4s %-6s", q.Task, q.Difficulty))
	}
	line := layout.Spread(" "+pointer+" "+mark+" "+t.Text.Render(q.Title), facts, w)
	if i == m.cursor {
		return t.Select(line)
	}
	return line
}

// detail previews the selected question.
func (m *Model) detail(size layout.Size) []string {
	t := m.deps.Theme
	q := m.deps.Questions[m.cursor]
	frame := panel.Panel{Theme: t, Title: t.Strong.Render(q.Title), Note: m.state(q)}
	inner := panel.Inner(size)
	p := page.New(t, inner.W)
	if inner.H >= 6 {
		p.Styled(t.Dim, facts(q))
		p.Gap()
	}
	p.Prose(q.Stem)
	lines := p.Lines()
	if len(lines) > inner.H && inner.H > 0 {
		lines = lines[:inner.H]
		for n := len(lines); n > 1 && lines[n-1] == ""; n-- {
			lines = lines[:n-1]
		}
		lines[len(lines)-1] += t.Dim.Render(" …")
	}
	const border = 2
	return frame.Draw(lines, layout.Size{W: size.W, H: min(size.H, len(lines)+border)})
}

func (m *Model) state(q quiz.Question) string {
	switch m.deps.State(q.ID) {
	case Right:
		return m.deps.Theme.Good.Render(theme.Yes + " answered right")
	case Wrong:
		return m.deps.Theme.Bad.Render(theme.No + " answered wrong")
	}
	return m.deps.Theme.Dim.Render("not answered yet")
}

func facts(q quiz.Question) string {
	var facts []string
	if q.Task != "" {
		facts = append(facts, "task "+q.Task)
	}
	if q.Difficulty != "" {
		facts = append(facts, q.Difficulty)
	}
	return strings.Join(append(facts, q.Topics...), " · ")
}
