// Package layout owns rectangles of terminal cells: sizes, and text cut, padded
// and wrapped to fit them. Widths are those of the terminal, styling sequences
// count nothing. It refuses to know what is drawn.
package layout

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Size is a rectangle in cells.
type Size struct{ W, H int }

// Holds reports whether a rectangle of the given size fits inside.
func (s Size) Holds(inner Size) bool { return s.W >= inner.W && s.H >= inner.H }

// Text joins lines to exactly s.H lines of exactly s.W cells: short ones are
// padded, long ones end in "…", lines too many are left out.
func Text(lines []string, s Size) string {
	return strings.Join(Block(lines, s), "\n")
}

// Block is Text as separate lines.
func Block(lines []string, s Size) []string {
	block := make([]string, max(s.H, 0))
	for i := range block {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		block[i] = Line(line, s.W)
	}
	return block
}

// Line cuts or pads one line to exactly w cells.
func Line(line string, w int) string {
	if w <= 0 {
		return ""
	}
	have := ansi.StringWidth(line)
	if have > w {
		line = ansi.Truncate(line, w, "…")
		have = ansi.StringWidth(line)
	}
	return line + strings.Repeat(" ", max(w-have, 0))
}

// Cut shortens a line to at most w cells, ending it in "…" when something is
// lost.
func Cut(line string, w int) string {
	if w <= 0 {
		return ""
	}
	return ansi.Truncate(line, w, "…")
}

// Spread puts left and right at the two ends of a line of w cells, at least two
// cells apart; where both do not fit, left is cut.
func Spread(left, right string, w int) string {
	const air = 2
	r := ansi.StringWidth(right)
	if r == 0 || r+air >= w {
		return Line(left, w)
	}
	return Line(Cut(left, w-r-air), w-r) + right
}

// Beside sets two columns side by side: left is leftW cells wide, then gap, then
// right. There are as many lines as the longer column has.
func Beside(left []string, leftW int, gap string, right []string) []string {
	lines := make([]string, max(len(left), len(right)))
	for i := range lines {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		lines[i] = Line(l, leftW) + gap + r
	}
	return lines
}

// Clamp is n, but not below low and not above high; low wins when they cross.
func Clamp(n, low, high int) int { return max(low, min(n, high)) }
