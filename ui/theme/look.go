package theme

import (
	"strings"

	"github.com/muesli/termenv"
)

// Depth is how many colours the terminal shows.
type Depth int

// The depths. None still uses bold, faint and reverse, which NO_COLOR allows.
const (
	None Depth = iota
	Sixteen
	Indexed // 256 colours
	True    // 24 bits
)

// Look is what a theme is made for.
type Look struct {
	// Light is a terminal with dark text on a light background.
	Light bool
	Depth Depth
}

// LookOf reads a look from environment variables: NO_COLOR (no-color.org), TERM,
// COLORTERM, and COLORFGBG for the background, which is dark when nothing says
// otherwise.
func LookOf(env func(string) string) Look {
	return Look{Light: lightBackground(env("COLORFGBG")), Depth: depthOf(env)}
}

func depthOf(env func(string) string) Depth {
	term, colorterm := env("TERM"), env("COLORTERM")
	switch {
	case env("NO_COLOR") != "" || term == "dumb":
		return None
	case colorterm == "truecolor" || colorterm == "24bit" || strings.Contains(term, "direct"):
		return True
	case strings.Contains(term, "256color"):
		return Indexed
	}
	return Sixteen
}

// lightBackground reads "15;0" (foreground;background) as rxvt and others set it.
func lightBackground(fgbg string) bool {
	parts := strings.Split(fgbg, ";")
	last := parts[len(parts)-1]
	return len(parts) > 1 && (last == "7" || last == "15")
}

func (d Depth) profile() termenv.Profile {
	switch d {
	case True:
		return termenv.TrueColor
	case Indexed:
		return termenv.ANSI256
	}
	// Not termenv.Ascii, which would drop bold and reverse with the colours.
	return termenv.ANSI
}
