// Package theme owns the look: a palette for the terminal at hand becomes one
// value of styles that is handed to whatever draws. It keeps no global style
// and asks the terminal nothing. Colour is never the only sign: the marks here
// stand beside it.
package theme

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// The marks, each one cell wide in every locale.
const (
	Yes     = "✓"
	No      = "✗"
	Pointer = "▸"
	Back    = "◂"
	Minted  = "*"
	Aside   = "-" // does not hold, and refuses nothing
)

// Theme is every style the trainer draws with.
type Theme struct {
	// Text is body text, Strong what matters in it, Dim what explains it and
	// Faint what has not happened or does not work now.
	Text, Strong, Dim, Faint lipgloss.Style
	// Title heads a section, Accent marks what can be acted on, Token what
	// stands for a token.
	Title, Accent, Token lipgloss.Style
	// Good, Bad and Warn go with Yes, No and a word.
	Good, Bad, Warn lipgloss.Style
	Border          lipgloss.Style
	// Bar is the line at the top.
	Bar lipgloss.Style
	// Cursor is the one cell or word the cursor is on.
	Cursor lipgloss.Style

	selected lipgloss.Style
	// flat themes have no colour to spare for a background: the selected row
	// is reversed and drops its inner styles.
	flat bool
}

// New builds the theme for a look.
func New(look Look) Theme {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(look.Depth.profile())
	r.SetHasDarkBackground(!look.Light)
	p := paletteOf(look)
	ink := func(c lipgloss.TerminalColor) lipgloss.Style { return r.NewStyle().Foreground(c) }
	t := Theme{
		Text: ink(p.text), Strong: ink(p.text).Bold(true), Dim: ink(p.dim), Faint: ink(p.faint),
		Title: ink(p.accent).Bold(true), Accent: ink(p.accent), Token: ink(p.token),
		Good: ink(p.good), Bad: ink(p.bad).Bold(true), Warn: ink(p.warn), Border: ink(p.border),
		Bar:      ink(p.barText).Background(p.barGround).Bold(true),
		Cursor:   r.NewStyle().Reverse(true).Bold(true),
		selected: r.NewStyle().Background(p.selected),
		flat:     look.Depth <= Sixteen,
	}
	if look.Depth == None {
		t.Faint, t.Bar = t.Faint.Faint(true), r.NewStyle().Reverse(true)
	}
	if t.flat {
		t.selected = r.NewStyle().Reverse(true)
	}
	return t
}

// Mark is Yes or No in its colour.
func (t Theme) Mark(held bool) string {
	if held {
		return t.Good.Render(Yes)
	}
	return t.Bad.Render(No)
}

// Select draws a whole line as the selected one, under the styles it has.
func (t Theme) Select(line string) string {
	if t.flat {
		return t.selected.Render(ansi.Strip(line))
	}
	const reset = "\x1b[0m"
	open, _, _ := strings.Cut(t.selected.Render("x"), "x")
	return open + strings.ReplaceAll(line, reset, reset+open) + reset
}

// Lines draws each of several lines in a style, so that columns set beside
// them stay untouched.
func Lines(style lipgloss.Style, lines []string) []string {
	drawn := make([]string, len(lines))
	for i, line := range lines {
		drawn[i] = style.Render(line)
	}
	return drawn
}
