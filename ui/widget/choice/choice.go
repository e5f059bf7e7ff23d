// Package choice draws the options of a question as a list to choose from: one
// or several, with a cursor, chosen and struck out. It takes plain text and
// refuses to know which option is right.
package choice

import (
	"strconv"

	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
)

// Option is one line of the list.
type Option struct {
	Letter, Text string
	Mark         Mark
	// Struck options are crossed out; they can still be chosen.
	Struck bool
}

// Mark is whether an option is chosen.
type Mark int

// The marks. Keeping is chosen, and not yet stored.
const (
	Open Mark = iota
	Keeping
	Chosen
)

// List is the options with a cursor on one of them.
type List struct {
	Theme   theme.Theme
	Options []Option
	// Cursor is the index of an option.
	Cursor int
	// Many allows more than one option to be chosen, which shows as square boxes.
	Many bool
	// Air leaves an empty line between options.
	Air bool
}

// Lines draws the list w cells wide; first and last are the lines of the
// cursor's option.
func (l List) Lines(w int) (lines []string, first, last int) {
	for i, o := range l.Options {
		if l.Air && i > 0 {
			lines = append(lines, "")
		}
		if i == l.Cursor {
			first = len(lines)
		}
		lines = append(lines, l.option(i, o, w)...)
		if i == l.Cursor {
			last = len(lines) - 1
		}
	}
	return lines, first, last
}

func (l List) option(i int, o Option, w int) []string {
	t := l.Theme
	pointer, style := " ", t.Text
	if i == l.Cursor {
		pointer, style = t.Accent.Render(theme.Pointer), t.Strong
	}
	letter := t.Accent
	if o.Struck {
		style, letter = t.Faint.Strikethrough(true), t.Faint
	}
	p := page.New(t, w)
	p.Item(pointer+" "+l.box(o)+" "+letter.Render(o.Letter), style, o.Text)
	return p.Lines()
}

func (l List) box(o Option) string {
	open, mark, shut := "(", "*", ")"
	if l.Many {
		open, mark, shut = "[", "x", "]"
	}
	switch {
	case o.Mark == Chosen:
		return l.Theme.Accent.Render(open + mark + shut)
	case o.Mark == Keeping:
		return l.Theme.Accent.Render(open + "·" + shut)
	case o.Struck:
		return l.Theme.Faint.Render("---")
	}
	return l.Theme.Dim.Render(open + " " + shut)
}

// Count says how many options are to be chosen: "Choose one", "Choose 2".
func Count(n int) string {
	if n > 1 {
		return "Choose " + strconv.Itoa(n)
	}
	return "Choose one"
}
