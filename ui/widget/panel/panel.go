// Package panel draws frames: a border with a title around lines.
package panel

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

// Panel is a frame. Title and Note may be styled; Note stands at the right end
// of the top border.
type Panel struct {
	Theme       theme.Theme
	Title, Note string
	// Edge overrides the style of the border.
	Edge *lipgloss.Style
}

// Inner is the size left for the content of a panel of the given size: one
// cell of border and one of air at the sides.
func Inner(size layout.Size) layout.Size {
	return layout.Size{W: max(size.W-4, 0), H: max(size.H-2, 0)}
}

// Draw frames the lines in exactly the given size.
func (p Panel) Draw(lines []string, size layout.Size) []string {
	if size.W < 6 || size.H < 3 {
		return layout.Block(lines, size)
	}
	edge := p.Theme.Border
	if p.Edge != nil {
		edge = *p.Edge
	}
	inner := Inner(size)
	framed := make([]string, 0, size.H)
	framed = append(framed, p.top(edge, size.W))
	for _, line := range layout.Block(lines, inner) {
		framed = append(framed, edge.Render("│")+" "+line+" "+edge.Render("│"))
	}
	return append(framed, edge.Render("╰"+strings.Repeat("─", size.W-2)+"╯"))
}

func (p Panel) top(edge lipgloss.Style, w int) string {
	if p.Title == "" && p.Note == "" {
		return edge.Render("╭" + strings.Repeat("─", w-2) + "╮")
	}
	title := layout.Cut(p.Title, w-6)
	note := p.Note
	rest := w - 5 - ansi.StringWidth(title)
	if n := ansi.StringWidth(note); note != "" && n+4 <= rest {
		return edge.Render("╭─ ") + title + " " + edge.Render(strings.Repeat("─", rest-n-3)) + " " + note + " " + edge.Render("─╮")
	}
	return edge.Render("╭─ ") + title + " " + edge.Render(strings.Repeat("─", max(rest, 0))+"╮")
}
