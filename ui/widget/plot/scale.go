package plot

import (
	"fmt"
	"math"
	"strings"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/charmbracelet/lipgloss"

	"claimcheck/ui/theme"
)

// Scale is one value with its error band on a scale with a mark.
type Scale struct {
	// Low and High are the ends of the scale.
	Low, High int
	// From and To bound the band around Value.
	Value, From, To int
	// Mark is marked, with MarkName below it.
	Mark     int
	MarkName string
	// Style is that of value and band.
	Style lipgloss.Style
}

// Lines draws the scale in two lines w cells wide, nothing when that is too
// narrow.
func (s Scale) Lines(t theme.Theme, w int) []string {
	low, high := fmt.Sprintf("%d ", s.Low), fmt.Sprintf(" %d", s.High)
	plotW := min(w-len(low)-len(high), 90)
	if plotW < 2*leastBar || s.High <= s.Low {
		return nil
	}
	at := func(v int) int {
		share := math.Max(0, math.Min(float64(v-s.Low)/float64(s.High-s.Low), 1))
		return int(math.Round(share * float64(plotW-1)))
	}
	area := canvas.New(plotW, 1)
	for x := range plotW {
		r, style := '·', t.Faint
		if x >= at(s.From) && x <= at(s.To) {
			r, style = '━', s.Style
		}
		area.SetRuneWithStyle(canvas.Point{X: x}, r, style)
	}
	area.SetRuneWithStyle(canvas.Point{X: at(s.Mark)}, '┃', t.Warn.Bold(true))
	area.SetRuneWithStyle(canvas.Point{X: at(s.Value)}, '●', s.Style.Bold(true))
	name := fmt.Sprintf("%d %s", s.Mark, s.MarkName)
	left := max(min(len(low)+at(s.Mark), w-len(name)), 0)
	return []string{
		t.Dim.Render(low) + area.View() + t.Dim.Render(high),
		strings.Repeat(" ", left) + t.Warn.Render(name),
	}
}
