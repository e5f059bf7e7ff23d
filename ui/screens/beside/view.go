package beside

import (
	"github.com/charmbracelet/lipgloss"

	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/scroll"
)

const (
	// lead is what stands before the two columns: pointer, sign and a space.
	lead = 3
	// divider stands between the columns.
	divider = " │ "
)

// View draws both runs row by row and, below, the events under the cursor: next
// to each other where there is room, else one after the other.
func (m *Model) View(size layout.Size) string {
	if len(m.rows) == 0 {
		return layout.Text([]string{m.deps.Theme.Dim.Render("Nothing was recorded in these runs.")}, size)
	}
	if size.H < 12 || size.W < 30 {
		return layout.Text(m.table(size), size)
	}
	top := layout.Size{W: size.W, H: (size.H - 1) / 2}
	lines := m.table(top)
	return layout.Text(append(lines, m.texted(layout.Size{W: size.W, H: size.H - top.H})...), size)
}

// table is the heads of the columns and as many rows as there is room for.
func (m *Model) table(size layout.Size) []string {
	t := m.deps.Theme
	w := m.column(size.W)
	heads := []string{m.line("   ", m.head(m.left), m.head(m.right), w)}
	room := size.H - len(heads)
	top := layout.Clamp(m.cursor-room/2, 0, len(m.rows)-room)
	for i := top; i < min(top+room, len(m.rows)); i++ {
		line := m.line(m.lead(i), m.label(m.left, m.rows[i].Left, m.rows[i].same), m.label(m.right, m.rows[i].Right, m.rows[i].same), w)
		if i == m.cursor {
			line = t.Select(layout.Line(line, size.W))
		}
		heads = append(heads, line)
	}
	return layout.Block(heads, size)
}

// column is the width of one column.
func (m *Model) column(w int) int { return max((w-lead-len([]rune(divider)))/2, 1) }

func (m *Model) line(lead, left, right string, w int) string {
	return lead + layout.Line(left, w) + m.deps.Theme.Border.Render(divider) + layout.Cut(right, w)
}

func (m *Model) head(r Run) string {
	t := m.deps.Theme
	return t.Mark(r.Holds) + " " + t.Strong.Render(r.Name+": "+r.Says)
}

// lead is the pointer and the sign of a row: = the same, ≠ not the same, ‹ and ›
// in one run alone.
func (m *Model) lead(i int) string {
	t := m.deps.Theme
	pointer := " "
	if i == m.cursor {
		pointer = t.Accent.Render(theme.Pointer)
	}
	switch r := m.rows[i]; {
	case r.same:
		return pointer + t.Dim.Render("=") + " "
	case r.Right < 0:
		return pointer + t.Warn.Render("‹") + " "
	case r.Left < 0:
		return pointer + t.Warn.Render("›") + " "
	}
	return pointer + t.Warn.Render("≠") + " "
}

// label is an event in a few words; what both runs share is dim.
func (m *Model) label(run Run, i int, same bool) string {
	if i < 0 {
		return ""
	}
	t := m.deps.Theme
	e := run.Events[i]
	text, style := words(t, e, run.Decider)
	if same {
		style = t.Dim
	}
	if e.Seq == run.Decider {
		text += " " + theme.Back
	}
	return style.Render(text)
}

func words(t theme.Theme, e trace.Event, decider int) (string, lipgloss.Style) {
	switch e.Kind {
	case trace.Request:
		return string(e.From) + " " + theme.Pointer + " " + string(e.To) + "  " + e.Title, t.Strong
	case trace.Response:
		style := t.Good
		if e.Message.Status >= 400 || e.Message.Error != "" {
			style = t.Bad
		}
		return string(e.To) + " " + theme.Back + " " + string(e.From) + "  " + phrase.Status(*e.Message), style
	case trace.Checked:
		switch {
		case e.Check.Held:
			return theme.Yes + " " + string(e.Check.Rule), t.Text
		case phrase.Aside(e, decider):
			return theme.Aside + " " + string(e.Check.Rule), t.Text
		}
		return theme.No + " " + string(e.Check.Rule), t.Bad
	case trace.Minted:
		return e.Title + " issued", t.Token
	case trace.Waited:
		return phrase.Span(e.Title) + " later", t.Warn
	case trace.Expectation:
		if e.Check.Held {
			return "as expected: " + e.Title, t.Good
		}
		return "expected " + e.Check.Wanted, t.Bad
	}
	return e.Title, t.Dim
}

// texted explains the events under the cursor, or the one that both share.
func (m *Model) texted(size layout.Size) []string {
	r, _ := m.current()
	switch {
	case r.same:
		return m.panel("Both runs", 0, size, func(w int) []string { return m.explain(m.left, r.Left, w) })
	case size.W >= 100:
		left := layout.Size{W: (size.W - 1) / 2, H: size.H}
		right := layout.Size{W: size.W - 1 - left.W, H: size.H}
		first := m.panel(m.left.Name, 0, left, func(w int) []string { return m.explain(m.left, r.Left, w) })
		return layout.Beside(first, left.W, " ", m.panel(m.right.Name, 1, right, func(w int) []string { return m.explain(m.right, r.Right, w) }))
	}
	return m.panel(m.Title(), 0, size, func(w int) []string {
		p := page.New(m.deps.Theme, w)
		p.Heading(m.left.Name)
		p.Raw(m.explain(m.left, r.Left, w)...)
		p.Heading(m.right.Name)
		p.Raw(m.explain(m.right, r.Right, w)...)
		return p.Lines()
	})
}

func (m *Model) panel(title string, text int, size layout.Size, lines func(w int) []string) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	body := m.texts[text].Draw(t, lines(scroll.Width(inner.W)), inner)
	note := ""
	if above, below := m.texts[text].More(); above || below {
		note = t.Dim.Render("PgUp PgDn")
	}
	return panel.Panel{Theme: t, Title: t.Title.Render(title), Note: note}.Draw(body, size)
}
