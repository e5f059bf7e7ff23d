package stepper

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/diff"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/scroll"
	"claimcheck/ui/widget/sequence"
)

// View draws diagram and inspector: side by side where there is room, one above
// the other on a usual terminal, one at a time on a small one.
func (m *Model) View(size layout.Size) string {
	m.single = size.H < 16 || size.W < 60
	switch {
	case len(m.events) == 0:
		return layout.Text([]string{m.deps.Theme.Dim.Render("Nothing was recorded in this run.")}, size)
	case m.enlarged:
		return layout.Text(m.inspectorPanel(size), size)
	case m.single:
		return layout.Text(m.small(size), size)
	case size.W >= 120:
		return layout.Text(m.wide(size), size)
	}
	return layout.Text(m.stacked(size), size)
}

func (m *Model) wide(size layout.Size) []string {
	left := layout.Size{W: size.W * 60 / 100, H: size.H}
	right := layout.Size{W: size.W - left.W - 1, H: size.H}
	frame := panel.Panel{Theme: m.deps.Theme, Title: m.heading(), Note: m.position()}
	diagram := frame.Draw(m.diagram(panel.Inner(left)), left)
	return layout.Beside(diagram, left.W, " ", m.inspectorPanel(right))
}

func (m *Model) stacked(size layout.Size) []string {
	top := layout.Size{W: size.W, H: (size.H - 1) / 2}
	lines := append([]string{m.headline(size.W)}, m.diagram(top)...)
	return append(lines, m.inspectorPanel(layout.Size{W: size.W, H: size.H - top.H - 1})...)
}

// small shows the diagram and, while a question is open, the question.
func (m *Model) small(size layout.Size) []string {
	if m.guess.asking || m.guess.said != "" {
		return m.inspectorPanel(size)
	}
	return append([]string{m.headline(size.W)}, m.diagram(layout.Size{W: size.W, H: size.H - 1})...)
}

func (m *Model) headline(w int) string {
	return layout.Spread(" "+m.heading(), m.position()+" ", w)
}

func (m *Model) heading() string {
	t := m.deps.Theme
	subject := m.Title()
	if m.run.Option.ID != "" {
		subject = m.run.Option.ID
	}
	return t.Mark(m.run.Cell.Holds) + " " + t.Strong.Render(subject+": "+m.run.Says)
}

func (m *Model) position() string {
	return m.deps.Theme.Dim.Render(fmt.Sprintf("%d/%d", m.cursor+1, len(m.steps)))
}

func (m *Model) diagram(size layout.Size) []string {
	d := sequence.Diagram{Theme: m.deps.Theme, Events: m.events, Steps: m.steps, Cursor: m.cursor, Shown: sequence.At(m.steps, m.shown()-1) + 1}
	if !m.run.Cell.Holds {
		d.Decider = m.run.Cell.Run.Event
	}
	return d.Draw(size)
}

func (m *Model) inspectorPanel(size layout.Size) []string {
	t := m.deps.Theme
	if m.guess.asking || m.guess.said != "" {
		frame := panel.Panel{Theme: t, Title: t.Warn.Bold(true).Render("What happens now?"), Edge: &t.Warn}
		inner := panel.Inner(size)
		return frame.Draw(layout.Block(m.question(inner.W), inner), size)
	}
	inner := panel.Inner(size)
	text := m.scrolls[m.tab].Draw(t, m.content(scroll.Width(inner.W)), inner)
	return panel.Panel{Theme: t, Title: m.tabs(), Note: m.more()}.Draw(text, size)
}

func (m *Model) tabs() string {
	var names []string
	for i, name := range tabNames() {
		if tab(i) == m.tab {
			names = append(names, m.deps.Theme.Title.Render("["+name+"]"))
			continue
		}
		names = append(names, m.deps.Theme.Dim.Render(" "+name+" "))
	}
	return strings.Join(names, "")
}

func (m *Model) more() string {
	above, below := m.scrolls[m.tab].More()
	if above || below {
		return m.deps.Theme.Dim.Render("PgUp PgDn")
	}
	return ""
}

// content is the text of the current tab, w cells wide.
func (m *Model) content(w int) []string {
	switch m.tab {
	case tokenTab:
		return m.inspector().Tokens(m.step().First, w)
	case checksTab:
		text, at := m.inspector().Checks(m.step().First, w)
		m.settle(at - 1)
		return text
	case stackTab:
		return m.changes(lines(m.run.Option.Stack), w)
	case clientTab:
		return m.changes(lines(m.run.Option.Client), w)
	}
	return m.inspector().Step(m.step().First, m.step().Last, w)
}

func (m *Model) changes(from []diff.Line, w int) []string {
	t := m.deps.Theme
	if len(from) == 0 {
		return []string{t.Dim.Render("Nothing to show here.")}
	}
	text := append([]string{t.Dim.Render(diff.Summary(from)), ""}, diff.Draw(t, from, w)...)
	const heading, context = 2, 2
	m.changed = nil
	for _, at := range diff.Changes(from, w) {
		m.changed = append(m.changed, max(at+heading-context, 0))
	}
	if len(m.changed) > 0 {
		m.settle(m.changed[0])
	}
	return text
}

// settle scrolls a tab to the line that matters when it is first shown.
func (m *Model) settle(line int) {
	if m.unsettled[m.tab] {
		m.unsettled[m.tab] = false
		m.scrolls[m.tab].Jump(line)
	}
}

// question is the open question, or what became of the answer.
func (m *Model) question(w int) []string {
	t := m.deps.Theme
	p := page.New(t, w)
	g, _ := m.guess.gateAt(m.guess.current)
	e := m.events[g.request]
	p.Styled(t.Text, string(e.From)+" sends "+e.Title+" to "+string(e.To)+".")
	p.Gap()
	for i, c := range g.choices {
		mark, style := " ", t.Text
		if m.guess.said != "" {
			mark, style = m.judged(g, c)
		}
		p.Item(mark+" "+t.Accent.Render(strconv.Itoa(i+1)), style, c.says)
	}
	p.Gap()
	switch m.guess.said {
	case "":
		p.Styled(t.Dim, "Answer with a key, or just step on.")
	case g.truth:
		p.Styled(t.Good, theme.Yes+" Right. Step on to see why.")
	default:
		p.Styled(t.Bad, theme.No+" Not this time. Step on to see why.")
	}
	return p.Lines()
}

// judged marks a choice after the answer: what came true, what was said in vain.
func (m *Model) judged(g gate, c choice) (string, lipgloss.Style) {
	t := m.deps.Theme
	switch c.outcome {
	case g.truth:
		return t.Mark(true), t.Strong
	case m.guess.said:
		return t.Mark(false), t.Bad
	}
	return " ", t.Dim
}
