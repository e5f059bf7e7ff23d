// Package matrix draws a table of options against requirements with a cursor on
// one cell. It takes plain text and marks and refuses to know what they prove.
package matrix

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

// Table is the matrix. Every row has a cell for each column.
type Table struct {
	Theme theme.Theme
	// Columns are short names; the numbers 1, 2, 3 … stand for them where they
	// do not fit.
	Columns []string
	Rows    []Row
	// Row and Column are where the cursor is; Row -1 is nowhere.
	Row, Column int
}

// Row is one option.
type Row struct {
	Label string
	// Note tells what is special about the row, such as "the key"; it may be
	// styled.
	Note  string
	Cells []Cell
}

// Cell is one run.
type Cell struct {
	Holds bool
	// Odd marks a run that does not show what the key says.
	Odd bool
}

const (
	airBetween = 2
	numberW    = 5
)

// Lines draws the table in at most w cells: one line for the head, one for each
// row.
func (m Table) Lines(w int) []string {
	label, note := m.widths()
	widths, named := m.columns(w - label - note - 4)
	head := strings.Repeat(" ", label+3)
	for i, name := range m.Columns {
		if !named {
			name = strconv.Itoa(i + 1)
		}
		head += centre(name, widths[i])
	}
	lines := make([]string, 0, len(m.Rows)+1)
	lines = append(lines, layout.Cut(m.Theme.Dim.Render(head), w))
	for i, row := range m.Rows {
		lines = append(lines, layout.Cut(m.row(i, row, label, widths), w))
	}
	return lines
}

// Named reports whether the columns' names fit in w cells.
func (m Table) Named(w int) bool {
	label, note := m.widths()
	_, named := m.columns(w - label - note - 4)
	return named
}

func (m Table) widths() (label, note int) {
	for _, row := range m.Rows {
		label = max(label, ansi.StringWidth(row.Label))
		note = max(note, ansi.StringWidth(row.Note))
	}
	return label, note
}

func (m Table) columns(w int) (widths []int, named bool) {
	total := 0
	for _, name := range m.Columns {
		widths = append(widths, max(ansi.StringWidth(name), 3)+airBetween)
		total += widths[len(widths)-1]
	}
	if total <= w {
		return widths, true
	}
	narrow := layout.Clamp(w/max(len(m.Columns), 1), 3, numberW)
	for i := range widths {
		widths[i] = narrow
	}
	return widths, false
}

func (m Table) row(i int, row Row, label int, widths []int) string {
	pointer, name := " ", m.Theme.Text
	if i == m.Row {
		pointer, name = m.Theme.Accent.Render(theme.Pointer), m.Theme.Strong
	}
	line := pointer + " " + name.Render(layout.Line(row.Label, label)) + " "
	for j, c := range row.Cells {
		if j >= len(widths) {
			break
		}
		line += m.cell(c, i == m.Row && j == m.Column, widths[j])
	}
	return line + " " + row.Note
}

// cell centres the mark; the cursor shows as brackets and in reverse.
func (m Table) cell(c Cell, cursor bool, w int) string {
	mark := theme.No
	if c.Holds {
		mark = theme.Yes
	}
	text := " " + mark + " "
	if c.Odd {
		text = " " + mark + "!"
	}
	switch {
	case cursor:
		text = m.Theme.Cursor.Render("[" + mark + "]")
	case c.Holds:
		text = m.Theme.Good.Render(text)
	default:
		text = m.Theme.Bad.Render(text)
	}
	return centre(text, w)
}

func centre(text string, w int) string {
	left := max((w-ansi.StringWidth(text))/2, 0)
	return layout.Line(strings.Repeat(" ", left)+text, w)
}
