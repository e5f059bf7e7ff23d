package plot

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimcheck/ui/theme"
)

func plain(lines []string) []string {
	for i, line := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(line), " ")
	}
	return lines
}

func TestBarsStandInColumnsWithTheirNumbers(t *testing.T) {
	th := theme.New(theme.Look{})
	got := Bars(th, []Bar{{Label: "user-pools", Share: 0.5, Numbers: "50 %"}, {Label: "sts", Share: 0.01, Numbers: "1 %"}, {Label: "jwt", Numbers: "0 %"}}, 28)
	want := []string{"user-pools  █████·····  50 %", "sts         ▏·········  1 %", "jwt         ··········  0 %"}
	if diff := cmp.Diff(want, plain(got)); diff != "" {
		t.Error(diff)
	}
}

func TestBarsAreLeftOutWhereThereIsNoRoom(t *testing.T) {
	got := Bars(theme.New(theme.Look{}), []Bar{{Label: "refresh-token", Share: 1, Numbers: "100 %"}}, 18)
	if diff := cmp.Diff([]string{"refresh…  100 %"}, plain(got)); diff != "" {
		t.Error(diff)
	}
}

func TestColumnsCarryTheirCounts(t *testing.T) {
	got := Columns(theme.New(theme.Look{}), []Column{{Label: "Mo", Count: 1}, {Label: "Tu"}, {Label: "We", Count: 12}}, 40, 5)
	want := []string{
		"        12",
		"        ███",
		" 1      ███",
		"▂▂▂  ·  ███",
		"Mo  Tu  We",
	}
	if diff := cmp.Diff(want, plain(got)); diff != "" {
		t.Error(diff)
	}
}

func TestLineMarksItsLevelAndItsValues(t *testing.T) {
	got := Line{Values: []float64{400, 1000}, Low: 100, High: 1000, Level: 700, LevelName: "pass 700"}.Lines(theme.New(theme.Look{}), 20, 4)
	want := []string{
		"    1000 ┤       ╭─●",
		"pass 700 ┤╌╌╌╭───╯╌╌",
		"         ┤●──╯",
		"     100 ┤",
	}
	if diff := cmp.Diff(want, plain(got)); diff != "" {
		t.Error(diff)
	}
}

func TestValueNextToTheLevelIsNotDrawnOnIt(t *testing.T) {
	got := plain(Line{Values: []float64{721}, Low: 100, High: 1000, Level: 720, LevelName: "pass"}.Lines(theme.New(theme.Look{}), 20, 5))
	if strings.Contains(got[1], "●") || !strings.Contains(got[0], "●") {
		t.Errorf("721 is drawn on the line of 720:\n%s", strings.Join(got, "\n"))
	}
}

func TestPlotsStayInTheirPlace(t *testing.T) {
	th := theme.New(theme.Look{Depth: theme.True})
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 120).Draw(t, "w"), rapid.IntRange(1, 30).Draw(t, "h")
		values := rapid.SliceOfN(rapid.Float64Range(-50, 1200), 0, 40).Draw(t, "values")
		var bars []Bar
		var columns []Column
		for _, v := range values {
			bars = append(bars, Bar{Label: "a label", Share: v / 1000, Numbers: "12 %"})
			columns = append(columns, Column{Label: "12", Count: max(int(v), 0)})
		}
		inside(t, "bars", Bars(th, bars, w), w, len(bars))
		inside(t, "columns", Columns(th, columns, w, h), w, h)
		inside(t, "line", Line{Values: values, Low: 100, High: 1000, Level: 720, LevelName: "pass 720"}.Lines(th, w, h), w, h)
	})
}

func inside(t *rapid.T, what string, lines []string, w, h int) {
	if len(lines) > h {
		t.Fatalf("%s: %d lines, want at most %d", what, len(lines), h)
	}
	for _, line := range lines {
		if got := ansi.StringWidth(line); got > w {
			t.Fatalf("%s: %q is %d cells wide, want at most %d", what, ansi.Strip(line), got, w)
		}
	}
}
