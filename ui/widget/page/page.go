// Package page sets text: headings, paragraphs and labelled fields, wrapped to
// one width, one after another.
package page

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

// Page collects lines of at most its width.
type Page struct {
	theme theme.Theme
	w     int
	lines []string
}

// New starts a page of w cells.
func New(t theme.Theme, w int) *Page { return &Page{theme: t, w: max(w, 1)} }

// Lines are what has been set so far.
func (p *Page) Lines() []string { return p.lines }

// Len is the number of lines so far: where the next one will stand.
func (p *Page) Len() int { return len(p.lines) }

// Width is the width in cells.
func (p *Page) Width() int { return p.w }

// Gap leaves one empty line, never two and never at the top.
func (p *Page) Gap() {
	if n := len(p.lines); n > 0 && p.lines[n-1] != "" {
		p.lines = append(p.lines, "")
	}
}

// Raw adds lines that are set already.
func (p *Page) Raw(lines ...string) { p.lines = append(p.lines, lines...) }

// Heading opens a section after a gap.
func (p *Page) Heading(text string) {
	p.Gap()
	p.Styled(p.theme.Title, text)
}

// Prose adds text as files hold it: see layout.Flow.
func (p *Page) Prose(text string) {
	p.Raw(theme.Lines(p.theme.Text, layout.Flow(text, p.w))...)
}

// Styled adds text in one style.
func (p *Page) Styled(style lipgloss.Style, text string) {
	p.Raw(theme.Lines(style, layout.Wrap(text, p.w))...)
}

// Item adds text behind a mark that may be styled; following lines are indented
// by the mark's width and one cell.
func (p *Page) Item(mark string, style lipgloss.Style, text string) {
	indent := ansi.StringWidth(mark) + 1
	for i, line := range layout.Wrap(text, max(p.w-indent, 1)) {
		lead := mark + " "
		if i > 0 {
			lead = strings.Repeat(" ", indent)
		}
		p.lines = append(p.lines, lead+style.Render(line))
	}
}

// Field adds a dim label in a column of labelW cells, and its value beside it.
// On a narrow page the value stands below.
func (p *Page) Field(label string, labelW int, style lipgloss.Style, value string) {
	if p.w < labelW*2+8 {
		p.Styled(p.theme.Dim, label)
		p.Item(" ", style, value)
		return
	}
	p.Item(p.theme.Dim.Render(layout.Line(label, labelW)), style, value)
}
