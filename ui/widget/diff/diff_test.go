package diff

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"claimcheck/ui/theme"
)

func sample() []Line {
	return []Line{
		{Text: "Resources:"},
		{Text: "  Api: a rather long value that wraps"},
		{Text: "    Type: NONE", Mark: "-"},
		{Text: "    Type: COGNITO", Mark: "+"},
		{Text: "  End: here"},
		{Text: "  More: yes", Mark: "+"},
	}
}

func TestChangesAreMarkedAndLongLinesGoOnIndented(t *testing.T) {
	got := Draw(theme.New(theme.Look{}), sample(), 24)
	for i, line := range got {
		got[i] = strings.TrimRight(ansi.Strip(line), " ")
	}
	want := []string{
		"  Resources:", "    Api: a rather long", "      value that wraps", "-     Type: NONE", "+     Type: COGNITO", "    End: here", "+   More: yes",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestChangesAreFoundWhereTheyAreDrawn(t *testing.T) {
	if diff := cmp.Diff([]int{3, 6}, Changes(sample(), 24)); diff != "" {
		t.Error(diff)
	}
}

func TestSummaryCounts(t *testing.T) {
	for want, lines := range map[string][]Line{
		"2 lines added, 1 removed by this option": sample(),
		"1 line added by this option":             {{Mark: "+"}},
		"2 lines removed by this option":          {{Mark: "-"}, {Mark: "-"}},
		"unchanged by this option":                {{Text: "a"}},
	} {
		if got := Summary(lines); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
