package evidence

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/inspect"
	"claimcheck/ui/widget/matrix"
	"claimcheck/ui/widget/page"
)

// Matrix draws the options against the requirements, and below them the
// observations, in at most w cells. At is the line the cursor is on.
func (m *Model) Matrix(t theme.Theme, w int) (lines []string, at int) {
	table := m.table(t)
	lines = table.Lines(w)
	at = m.row + 1
	if len(m.Grid.Observations) == 0 {
		return lines, at
	}
	if len(m.Grid.Options) > 0 {
		lines = append(lines, t.Dim.Render(layout.Cut("Seen on the stack as it stands", w)))
	}
	for i, c := range m.Grid.Observations {
		pointer, style := " ", t.Text
		if m.row == len(m.Grid.Options)+i {
			pointer, style, at = t.Accent.Render(theme.Pointer), t.Strong, len(lines)
		}
		p := page.New(t, w)
		p.Item(pointer+" "+t.Mark(c.Holds), style, c.Says)
		lines = append(lines, p.Lines()...)
	}
	return lines, at
}

func (m *Model) table(t theme.Theme) matrix.Table {
	table := matrix.Table{Theme: t, Row: m.row, Column: m.column}
	for _, r := range m.Grid.Requirements {
		table.Columns = append(table.Columns, r.ID)
	}
	for _, o := range m.Grid.Options {
		row := matrix.Row{Label: o.ID, Note: m.note(t, o)}
		for _, c := range o.Cells {
			row.Cells = append(row.Cells, matrix.Cell{Holds: c.Holds, Odd: c.Odd != ""})
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func (m *Model) note(t theme.Theme, o Option) string {
	var notes []string
	if o.Correct {
		notes = append(notes, t.Good.Render("right"))
	}
	if m.Chosen[o.ID] {
		notes = append(notes, t.Accent.Render("yours"))
	}
	return strings.Join(notes, " ")
}

// Legend lists the requirements behind what stands for them at the head of the
// matrix, the selected one marked.
func (m *Model) Legend(p *page.Page, t theme.Theme) {
	labels, labelW := make([]string, len(m.Grid.Requirements)), 0
	named := m.table(t).Named(p.Width())
	for i, r := range m.Grid.Requirements {
		labels[i] = strconv.Itoa(i + 1)
		if named {
			labels[i] = r.ID
		}
		labelW = max(labelW, ansi.StringWidth(labels[i]))
	}
	for i, r := range m.Grid.Requirements {
		style, mark := t.Dim, " "
		if i == m.column && m.row < len(m.Grid.Options) {
			style, mark = t.Text, t.Accent.Render(theme.Pointer)
		}
		p.Item(mark+" "+t.Dim.Render(layout.Line(labels[i], labelW)), style, r.Says)
	}
}

// Run tells the selected run: whether it holds, what was expected, what happened
// and by which rule.
func (m *Model) Run(p *page.Page, t theme.Theme, rule func(trace.RuleID) (trace.Rule, bool)) {
	option, c, ok := m.Selected()
	if !ok {
		return
	}
	subject := "The stack as it stands"
	if option != "" {
		subject = "Option " + option
	}
	if c.Holds {
		p.Item(t.Mark(true), t.Strong, subject+": "+c.Says)
		p.Styled(t.Dim, "  It holds: every step went as the flow expects.")
		m.odd(p, t, c)
		return
	}
	p.Item(t.Mark(false), t.Strong, subject+" fails: "+c.Says)
	const labelW = 10
	p.Field("  expected", labelW, t.Text, c.Expected)
	p.Field("  happened", labelW, t.Bad, c.Happened)
	m.odd(p, t, c)
	if c.Rule == "" {
		return
	}
	p.Field("  decided", labelW, t.Strong, string(c.Rule))
	if r, ok := rule(c.Rule); ok {
		inspect.TellRule(p, t, " ", r)
	}
}

func (m *Model) odd(p *page.Page, t theme.Theme, c Cell) {
	if c.Odd != "" {
		p.Item(t.Warn.Render("!"), t.Warn, c.Odd)
	}
}
