package layout

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Wrap breaks unstyled text into lines of at most w cells, between words; a word
// that is longer than a line is broken. Line breaks in the text are kept.
func Wrap(text string, w int) []string {
	if w <= 0 {
		return nil
	}
	text = strings.ReplaceAll(text, "\t", "  ")
	lines := strings.Split(ansi.Wrap(text, w, ""), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// Hang wraps text behind a first-line prefix; the following lines are indented
// by the prefix's width.
func Hang(prefix, text string, w int) []string {
	indent := ansi.StringWidth(prefix)
	lines := Wrap(text, max(w-indent, 1))
	for i, line := range lines {
		if i == 0 {
			lines[i] = prefix + line
			continue
		}
		lines[i] = strings.Repeat(" ", indent) + line
	}
	return lines
}

// Flow wraps prose as it is written in a file: the lines of a paragraph run
// together, an empty line separates paragraphs, list items keep their lines and
// hang, indented lines stay as they are.
func Flow(text string, w int) []string {
	var lines []string
	var paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			prefix, rest := item(strings.Join(paragraph, " "))
			lines = append(lines, Hang(prefix, rest, w)...)
			paragraph = nil
		}
	}
	for _, line := range strings.Split(strings.TrimRight(text, "\n "), "\n") {
		trimmed := strings.TrimSpace(line)
		prefix, _ := item(trimmed)
		switch {
		case trimmed == "":
			flush()
			lines = append(lines, "")
		case prefix != "":
			flush()
			paragraph = append(paragraph, trimmed)
		case strings.HasPrefix(line, "    ") && len(paragraph) == 0:
			lines = append(lines, Wrap(line, w)...)
		default:
			paragraph = append(paragraph, trimmed)
		}
	}
	flush()
	return lines
}

// item splits a list item into its marker, such as "- " or "2. ", and its text;
// the marker of other text is "".
func item(line string) (marker, text string) {
	if strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") {
		return "- ", strings.TrimSpace(line[2:])
	}
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	if digits > 0 && digits < 3 && strings.HasPrefix(line[digits:], ". ") {
		return line[:digits+2], strings.TrimSpace(line[digits+2:])
	}
	return "", line
}
