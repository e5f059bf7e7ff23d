package theme

import "github.com/charmbracelet/lipgloss"

// palette is the set of colours a theme is built from, by what they are for.
type palette struct {
	text, dim, faint   lipgloss.TerminalColor
	accent, token      lipgloss.TerminalColor
	good, bad, warn    lipgloss.TerminalColor
	border             lipgloss.TerminalColor
	selected           lipgloss.TerminalColor
	barText, barGround lipgloss.TerminalColor
}

func paletteOf(look Look) palette {
	switch {
	case look.Depth == None:
		return colourless()
	case look.Light:
		return light()
	}
	return dark()
}

func colour(truecolor, indexed, sixteen string) lipgloss.TerminalColor {
	return lipgloss.CompleteColor{TrueColor: truecolor, ANSI256: indexed, ANSI: sixteen}
}

func dark() palette {
	return palette{
		text:      lipgloss.NoColor{},
		dim:       colour("#9AA3B5", "247", "7"),
		faint:     colour("#5C6579", "241", "8"),
		accent:    colour("#7FB3FF", "111", "14"),
		token:     colour("#C6A5F5", "183", "13"),
		good:      colour("#8FD18A", "114", "10"),
		bad:       colour("#FF8A80", "210", "9"),
		warn:      colour("#EBC06D", "179", "11"),
		border:    colour("#4A5266", "239", "8"),
		selected:  colour("#2B3447", "237", "8"),
		barText:   colour("#E8ECF4", "255", "15"),
		barGround: colour("#2F4A75", "24", "4"),
	}
}

func light() palette {
	return palette{
		text:      lipgloss.NoColor{},
		dim:       colour("#5A6272", "241", "8"),
		faint:     colour("#9AA1AE", "247", "8"),
		accent:    colour("#1F5FBF", "25", "4"),
		token:     colour("#7A3FB8", "91", "5"),
		good:      colour("#1E7B34", "28", "2"),
		bad:       colour("#B3261E", "124", "1"),
		warn:      colour("#8A5A00", "94", "3"),
		border:    colour("#BCC3CF", "250", "7"),
		selected:  colour("#DCE6F7", "254", "7"),
		barText:   colour("#FFFFFF", "231", "15"),
		barGround: colour("#2F5D9E", "25", "4"),
	}
}

func colourless() palette {
	none := lipgloss.NoColor{}
	return palette{
		text: none, dim: none, faint: none, accent: none, token: none, good: none, bad: none,
		warn: none, border: none, selected: none, barText: none, barGround: none,
	}
}
