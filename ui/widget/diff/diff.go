// Package diff draws lines of which some were added or removed.
package diff

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

// Line is one line with its mark: "+" added, "-" removed, "" unchanged.
type Line struct{ Text, Mark string }

// Draw writes each line behind its mark, at most w cells wide; long lines go on
// below, indented as they are.
func Draw(t theme.Theme, lines []Line, w int) []string {
	var drawn []string
	for _, line := range lines {
		style, mark := t.Text, " "
		switch line.Mark {
		case "+":
			style, mark = t.Good, "+"
		case "-":
			style, mark = t.Bad, "-"
		}
		text := strings.ReplaceAll(line.Text, "\t", "  ")
		indent := len(text) - len(strings.TrimLeft(text, " "))
		for i, part := range wrapped(text, max(w-2, 1)) {
			if i > 0 {
				part = strings.Repeat(" ", min(indent+2, w/2)) + part
				mark = " "
			}
			drawn = append(drawn, style.Render(layout.Cut(mark+" "+part, w)))
		}
	}
	return drawn
}

func wrapped(text string, w int) []string {
	if ansi.StringWidth(text) <= w {
		return []string{text}
	}
	indent := len(text) - len(strings.TrimLeft(text, " "))
	rest := layout.Wrap(text[indent:], max(w-min(indent+2, w/2), 4))
	rest[0] = text[:indent] + rest[0]
	return rest
}

// Changes are the indexes, among the lines as Draw draws them in w cells, at
// which changes begin.
func Changes(lines []Line, w int) []int {
	var starts []int
	at, before := 0, ""
	for _, line := range lines {
		if line.Mark != "" && before == "" {
			starts = append(starts, at)
		}
		before = line.Mark
		at += len(wrapped(strings.ReplaceAll(line.Text, "\t", "  "), max(w-2, 1)))
	}
	return starts
}

// Summary counts the changes: "2 lines added, 1 removed".
func Summary(lines []Line) string {
	added, removed := 0, 0
	for _, line := range lines {
		switch line.Mark {
		case "+":
			added++
		case "-":
			removed++
		}
	}
	switch {
	case added+removed == 0:
		return "unchanged by this option"
	case removed == 0:
		return fmt.Sprintf("%s added by this option", count(added))
	case added == 0:
		return fmt.Sprintf("%s removed by this option", count(removed))
	}
	return fmt.Sprintf("%s added, %d removed by this option", count(added), removed)
}

func count(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}
