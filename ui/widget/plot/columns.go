package plot

import (
	"strconv"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/NimbleMarkets/ntcharts/canvas/graph"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

// Column is one column of Columns.
type Column struct {
	// Label stands below the column.
	Label string
	Count int
	Style lipgloss.Style
}

// ColumnW is the width of a column with the air beside it; a label may be one
// cell narrower.
const ColumnW = 4

// Columns draws columns from left to right, as many of the first ones as fit:
// each count above its column, the label below. H counts all lines and is at
// least 3.
func Columns(t theme.Theme, columns []Column, w, h int) []string {
	columns = columns[:min(len(columns), max(w/ColumnW, 0))]
	if h < 3 || len(columns) == 0 {
		return nil
	}
	highest := 1
	for _, c := range columns {
		highest = max(highest, c.Count)
	}
	plotH := h - 1 // the labels take one line, the highest count the top line of the plot
	area := canvas.New(len(columns)*ColumnW, plotH)
	for i, c := range columns {
		height := eighths(float64(c.Count) / float64(highest) * float64(plotH-1))
		for x := range ColumnW - 1 {
			graph.DrawColumnBottomToTop(&area, canvas.Point{X: i*ColumnW + x, Y: plotH - 1}, height, c.Style)
		}
		top := plotH - 1 - int(height)
		if height > float64(int(height)) {
			top--
		}
		number, style := strconv.Itoa(c.Count), t.Strong
		if c.Count == 0 {
			number, style = "·", t.Faint
		}
		area.SetStringWithStyle(canvas.Point{X: i*ColumnW + (ColumnW-1-len([]rune(number)))/2, Y: max(top, 0)}, number, style)
	}
	return append(splitView(area), labels(t, columns))
}

func labels(t theme.Theme, columns []Column) string {
	line := ""
	for _, c := range columns {
		label := layout.Cut(c.Label, ColumnW-1)
		line += layout.Line(layout.Line("", (ColumnW-1-ansi.StringWidth(label))/2)+label, ColumnW)
	}
	return t.Dim.Render(line)
}
