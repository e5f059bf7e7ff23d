package plot

import (
	"math"
	"strconv"
	"strings"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/NimbleMarkets/ntcharts/canvas/graph"
	"github.com/NimbleMarkets/ntcharts/canvas/runes"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

// Line is a series of values on a fixed scale, with one level marked across it.
type Line struct {
	// Values are drawn from left to right at equal distances.
	Values []float64
	// Low and High are the ends of the scale.
	Low, High float64
	// Level is the marked value, such as a pass mark, and LevelName what it is.
	Level     float64
	LevelName string
}

// Lines draws the series in h lines of at most w cells, the scale at its left.
func (l Line) Lines(t theme.Theme, w, h int) []string {
	scaleW := max(ansi.StringWidth(strconv.Itoa(int(l.High))), ansi.StringWidth(l.LevelName)) + 2
	plotW := w - scaleW
	if plotW < leastBar || h < 3 || l.High <= l.Low {
		return nil
	}
	area := canvas.New(plotW, h)
	levelRow := l.row(l.Level, h)
	for x := range plotW {
		area.SetRuneWithStyle(canvas.Point{X: x, Y: levelRow}, '╌', t.Warn)
	}
	points := l.points(plotW, h)
	for i := 1; i < len(points); i++ {
		graph.DrawLinePoints(&area, graph.GetLinePoints(points[i-1], points[i]), runes.ArcLineStyle, t.Accent)
	}
	for _, p := range points {
		area.SetRuneWithStyle(p, '●', t.Accent.Bold(true))
	}
	lines := splitView(area)
	for i, line := range lines {
		lines[i] = l.scale(t, i, h, levelRow, scaleW) + line
	}
	return lines
}

// points are the cells of the values; a single one stands in the middle.
func (l Line) points(w, h int) []canvas.Point {
	points := make([]canvas.Point, len(l.Values))
	for i, v := range l.Values {
		along := 0.5
		if len(l.Values) > 1 {
			along = float64(i) / float64(len(l.Values)-1)
		}
		points[i] = canvas.Point{X: int(math.Round(along * float64(w-1))), Y: l.row(v, h)}
	}
	return points
}

// row is the line of a value. A value that is not the level never stands on the
// level's line, however coarse the plot.
func (l Line) row(v float64, h int) int {
	row := l.round(v, h)
	level := l.round(l.Level, h)
	switch {
	case row != level || v == l.Level:
		return row
	case v > l.Level:
		return max(row-1, 0)
	}
	return min(row+1, h-1)
}

func (l Line) round(v float64, h int) int {
	share := (math.Max(l.Low, math.Min(v, l.High)) - l.Low) / (l.High - l.Low)
	return h - 1 - int(math.Round(share*float64(h-1)))
}

// scale labels the ends and the level.
func (l Line) scale(t theme.Theme, row, h, levelRow, w int) string {
	text, style := "", t.Dim
	switch row {
	case levelRow:
		text, style = l.LevelName, t.Warn
	case 0:
		text = strconv.Itoa(int(l.High))
	case h - 1:
		text = strconv.Itoa(int(l.Low))
	}
	pad := strings.Repeat(" ", max(w-2-ansi.StringWidth(text), 0))
	return layout.Cut(pad+style.Render(text), w-2) + t.Border.Render(" ┤")
}

// splitView is a canvas as lines; cells nothing is drawn on are blanks.
func splitView(c canvas.Model) []string { return strings.Split(c.View(), "\n") }
