package layout

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTextIsExactlyTheSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.StringMatching(`[a-zäöü ✓│…]*`)).Draw(t, "lines")
		size := Size{W: rapid.IntRange(1, 60).Draw(t, "w"), H: rapid.IntRange(1, 30).Draw(t, "h")}
		got := strings.Split(Text(lines, size), "\n")
		if len(got) != size.H {
			t.Fatalf("%d lines, want %d", len(got), size.H)
		}
		for _, line := range got {
			if w := ansi.StringWidth(line); w != size.W {
				t.Fatalf("line %q is %d cells, want %d", line, w, size.W)
			}
		}
	})
}

func TestWrapLosesNoWordAndStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-z]{1,12} ){0,30}`).Draw(t, "text")
		w := rapid.IntRange(12, 80).Draw(t, "w")
		lines := Wrap(text, w)
		for _, line := range lines {
			if ansi.StringWidth(line) > w {
				t.Fatalf("line %q is wider than %d", line, w)
			}
		}
		if got, want := strings.Fields(strings.Join(lines, " ")), strings.Fields(text); !cmp.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
	})
}

func TestFlowJoinsTheLinesOfAParagraphAndKeepsLists(t *testing.T) {
	text := "One sentence\nover two lines.\n\n- an item that\n  goes on\n- another\n2. numbered\n"
	want := []string{"One sentence over", "two lines.", "", "- an item that", "  goes on", "- another", "2. numbered"}
	if diff := cmp.Diff(want, Flow(text, 17)); diff != "" {
		t.Error(diff)
	}
}

func TestSpreadKeepsTheRightEnd(t *testing.T) {
	for _, c := range []struct {
		left, right string
		w           int
		want        string
	}{
		{"name", "3/5", 12, "name     3/5"},
		{"a long name", "3/5", 12, "a long…  3/5"},
		{"name", "much too long", 12, "name        "},
	} {
		if got := Spread(c.left, c.right, c.w); got != c.want {
			t.Errorf("Spread(%q, %q, %d) = %q, want %q", c.left, c.right, c.w, got, c.want)
		}
	}
}

func TestHangIndentsWhatFollows(t *testing.T) {
	want := []string{"found one two", "      three"}
	if diff := cmp.Diff(want, Hang("found ", "one two three", 13)); diff != "" {
		t.Error(diff)
	}
}
