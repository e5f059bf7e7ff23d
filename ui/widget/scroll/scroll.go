// Package scroll shows a part of a text that is longer than its place. It
// remembers the last geometry it drew, so that keys between two frames move
// within what there is.
package scroll

import (
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

// View is a scrolled text. The zero View stands at the top.
type View struct {
	top, height, total int
}

// By moves by n lines, down when n is positive.
func (v *View) By(n int) { v.To(v.top + n) }

// Page moves by n pages, keeping one line in sight.
func (v *View) Page(n int) { v.By(n * max(v.height-1, 1)) }

// To puts line n at the top, as far as the text reaches.
func (v *View) To(n int) { v.top = layout.Clamp(n, 0, v.total-v.height) }

// Top is the line at the top.
func (v *View) Top() int { return v.top }

// Reset returns to the top and forgets the text, for when another is shown.
func (v *View) Reset() { *v = View{} }

// Jump puts line n at the top of a text that has not been drawn yet; drawing
// settles how far it reaches.
func (v *View) Jump(n int) { v.top = max(n, 0) }

// Show moves as little as needed to have lines first to last in sight, first
// before last when they do not fit, in a text of total lines at height.
func (v *View) Show(first, last, total, height int) {
	v.total, v.height = total, height
	if last >= v.top+height {
		v.top = last - height + 1
	}
	if first < v.top {
		v.top = first
	}
	v.To(v.top)
}

// More reports whether there is text above and below what is shown.
func (v *View) More() (above, below bool) {
	return v.top > 0, v.top+v.height < v.total
}

// Draw returns exactly size.H lines of size.W cells. The last two cells hold a
// scroll bar when the text is longer than the place; Width says what is left
// for the text.
func (v *View) Draw(t theme.Theme, lines []string, size layout.Size) []string {
	v.total, v.height = len(lines), size.H
	v.To(v.top)
	shown := lines[min(v.top, len(lines)):]
	if len(lines) <= size.H || size.W < 3 {
		return layout.Block(shown, size)
	}
	block := layout.Block(shown, layout.Size{W: Width(size.W), H: size.H})
	thumb := max(size.H*size.H/len(lines), 1)
	start := v.top * (size.H - thumb) / (len(lines) - size.H)
	for i := range block {
		bar := t.Faint.Render("│")
		if i >= start && i < start+thumb {
			bar = t.Accent.Render("┃")
		}
		block[i] += " " + bar
	}
	return block
}

// Width is what a scrolled text of a place w cells wide may use.
func Width(w int) int { return max(w-2, 1) }
