package theme

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestLookFollowsTheEnvironment(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want Look
	}{
		"nothing is known":              {nil, Look{Depth: Sixteen}},
		"no-color.org":                  {map[string]string{"NO_COLOR": "1", "COLORTERM": "truecolor"}, Look{Depth: None}},
		"an empty NO_COLOR is none":     {map[string]string{"NO_COLOR": "", "TERM": "xterm-256color"}, Look{Depth: Indexed}},
		"a terminal without styles":     {map[string]string{"TERM": "dumb"}, Look{Depth: None}},
		"24 bits":                       {map[string]string{"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Look{Depth: True}},
		"rxvt tells a light background": {map[string]string{"COLORFGBG": "0;15"}, Look{Light: true, Depth: Sixteen}},
		"rxvt tells a dark background":  {map[string]string{"COLORFGBG": "15;default;0"}, Look{Depth: Sixteen}},
	} {
		if got := LookOf(func(key string) string { return c.env[key] }); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestNoColourMeansNoColourButStillBoldAndReverse(t *testing.T) {
	theme := New(Look{Depth: None})
	for name, text := range map[string]string{"good": theme.Good.Render("x"), "accent": theme.Accent.Render("x"), "dim": theme.Dim.Render("x")} {
		if text != "x" {
			t.Errorf("%s is drawn as %q, want no colour", name, text)
		}
	}
	if got := theme.Strong.Render("x"); !strings.Contains(got, "\x1b[1m") {
		t.Errorf("strong text is drawn as %q, want bold", got)
	}
	if got := theme.Select("x"); !strings.Contains(got, "\x1b[7m") {
		t.Errorf("a selected line is drawn as %q, want reverse", got)
	}
}

func TestMarksAreOneCellWide(t *testing.T) {
	for _, mark := range []string{Yes, No, Pointer, Back, Minted} {
		if w := ansi.StringWidth(mark); w != 1 {
			t.Errorf("%q is %d cells wide", mark, w)
		}
	}
}

func TestSelectKeepsTheStylesInside(t *testing.T) {
	theme := New(Look{Depth: True})
	line := theme.Select("a " + theme.Good.Render("b") + " c")
	open, _, _ := strings.Cut(line, "a")
	if strings.Count(line, open) != 2 {
		t.Errorf("the background is not taken up again after the inner style: %q", line)
	}
	if got := ansi.Strip(line); got != "a b c" {
		t.Errorf("the text is %q", got)
	}
}
