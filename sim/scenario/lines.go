package scenario

import (
	"strings"

	udiff "github.com/aymanbagabas/go-udiff"
)

// Changes returns the lines of after with those of before that are gone, each
// marked with what changed. Unchanged text has every line marked Same.
func Changes(before, after []string) []Line {
	old, changed := join(before), join(after)
	edits := udiff.Lines(old, changed)
	if len(edits) == 0 {
		return unchanged(after)
	}
	diff, err := udiff.ToUnifiedDiff("", "", old, edits, len(before)+len(after))
	if err != nil {
		return unchanged(after)
	}
	var lines []Line
	for _, hunk := range diff.Hunks {
		for _, l := range hunk.Lines {
			lines = append(lines, Line{Text: strings.TrimSuffix(l.Content, "\n"), Change: changeOf(l.Kind)})
		}
	}
	return lines
}

func changeOf(kind udiff.OpKind) Change {
	switch kind {
	case udiff.Insert:
		return Added
	case udiff.Delete:
		return Removed
	default:
		return Same
	}
}

func unchanged(text []string) []Line {
	lines := make([]Line, len(text))
	for i, t := range text {
		lines[i] = Line{Text: t}
	}
	return lines
}

func join(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}
