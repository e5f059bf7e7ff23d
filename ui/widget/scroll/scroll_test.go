package scroll

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

func lines(n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf("line %d", i+1)
	}
	return lines
}

// first draws ten lines four at a time and returns the first in sight.
func first(v *View) string {
	drawn := v.Draw(theme.New(theme.Look{}), lines(10), layout.Size{W: 12, H: 4})
	return strings.TrimRight(strings.TrimRight(ansi.Strip(drawn[0]), "│┃"), " ")
}

func TestScrollingStopsAtTheEnds(t *testing.T) {
	var v View
	first(&v)
	v.By(99)
	if got := first(&v); got != "line 7" {
		t.Errorf("at the end %q is at the top, want line 7", got)
	}
	v.By(-1)
	if got := first(&v); got != "line 6" {
		t.Errorf("one back %q is at the top, want line 6: the way back is as long as the way there", got)
	}
	v.Page(-9)
	if got := first(&v); got != "line 1" {
		t.Errorf("at the start %q is at the top, want line 1", got)
	}
}

func TestPageKeepsOneLineInSight(t *testing.T) {
	var v View
	first(&v)
	v.Page(1)
	if got := first(&v); got != "line 4" {
		t.Errorf("%q is at the top, want line 4", got)
	}
}

func TestShowMovesAsLittleAsNeeded(t *testing.T) {
	var v View
	for _, c := range []struct{ first, last, top int }{{2, 3, 0}, {5, 5, 2}, {4, 4, 2}, {1, 1, 1}, {0, 9, 0}} {
		v.Show(c.first, c.last, 10, 4)
		if v.Top() != c.top {
			t.Errorf("to show %d to %d the top is %d, want %d", c.first, c.last, v.Top(), c.top)
		}
	}
}

func TestBarIsDrawnOnlyWhereThereIsMore(t *testing.T) {
	var v View
	drawn := v.Draw(theme.New(theme.Look{}), lines(3), layout.Size{W: 12, H: 4})
	if strings.ContainsAny(strings.Join(drawn, ""), "│┃") {
		t.Error("a text that fits has a scroll bar")
	}
	if above, below := v.More(); above || below {
		t.Error("a text that fits has more")
	}
}
