// Package plot draws numbers as terminal plots: shares as bars, counts as
// columns, scores as a line. Each plot stands beside its numbers, so that nothing
// has to be read off by eye. It takes plain numbers and refuses to know what they
// measure.
package plot

import (
	"math"
	"strings"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/NimbleMarkets/ntcharts/canvas/graph"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

// Bar is one row of Bars.
type Bar struct {
	Label string
	// Share is how much of the bar is filled, 0 to 1; what lies outside is cut.
	Share float64
	// Style is that of the filled part.
	Style lipgloss.Style
	// Numbers are told at the bar's right end.
	Numbers string
}

const (
	leastBar  = 6
	widestBar = 48
)

// Bars draws a line for each bar, at most w cells wide: label, bar, numbers. In a
// narrow place labels are cut first, and then the bars are left out.
func Bars(t theme.Theme, bars []Bar, w int) []string {
	labelW, numbersW := 0, 0
	for _, b := range bars {
		labelW = max(labelW, ansi.StringWidth(b.Label))
		numbersW = max(numbersW, ansi.StringWidth(b.Numbers))
	}
	const air = 2
	labelW = max(min(labelW, w-numbersW-leastBar-2*air), min(labelW, 8))
	barW := min(w-labelW-numbersW-2*air, widestBar)
	lines := make([]string, 0, len(bars))
	for _, b := range bars {
		line := t.Text.Render(layout.Line(b.Label, labelW)) + "  "
		if barW >= leastBar {
			line += Share(t, b.Style, b.Share, barW) + "  "
		}
		lines = append(lines, layout.Cut(line+t.Dim.Render(b.Numbers), w))
	}
	return lines
}

// Align pads the labels of several groups to one width, so that their bars begin
// below one another.
func Align(groups ...[]Bar) {
	w := 0
	for _, bars := range groups {
		for _, b := range bars {
			w = max(w, ansi.StringWidth(b.Label))
		}
	}
	for _, bars := range groups {
		for i := range bars {
			bars[i].Label = layout.Line(bars[i].Label, w)
		}
	}
}

// Share draws one bar of w cells, filled to a share of 0 to 1.
func Share(t theme.Theme, style lipgloss.Style, share float64, w int) string {
	if w <= 0 {
		return ""
	}
	share = math.Max(0, math.Min(share, 1))
	c := canvas.New(w, 1)
	graph.DrawRowLeftToRight(&c, canvas.Point{}, eighths(share*float64(w)), style)
	filled := strings.TrimRight(ansi.Strip(c.View()), " ")
	return style.Render(filled) + t.Faint.Render(strings.Repeat("·", max(w-ansi.StringWidth(filled), 0)))
}

// eighths rounds to what a block element can show, never down to nothing.
func eighths(cells float64) float64 {
	if cells <= 0 {
		return 0
	}
	return math.Max(math.Round(cells*8), 1) / 8
}

// Grade is the style of a share that is better the higher it is.
func Grade(t theme.Theme, share float64) lipgloss.Style {
	const good, fair = 0.8, 0.6
	switch {
	case share >= good:
		return t.Good
	case share >= fair:
		return t.Warn
	}
	return t.Bad
}
