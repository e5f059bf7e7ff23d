package study

import (
	"fmt"
	"strings"

	"claimcheck/ui/layout"
	"claimcheck/ui/widget/choice"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/scroll"
)

const (
	// readable is the widest that running text gets.
	readable = 100
	// twoColumns is the width from which question and options, or explanation
	// and evidence, stand side by side.
	twoColumns = 130
	// roomy is the height from which there is air between parts.
	roomy = 30
)

// View draws the open question or its explanation.
func (m *Model) View(size layout.Size) string {
	if m.given == nil {
		return layout.Text(m.askingView(size), size)
	}
	foot := m.missPrompt(size)
	body := layout.Size{W: size.W, H: size.H - len(foot)}
	return layout.Text(append(layout.Block(m.explainingView(body), body), foot...), size)
}

func (m *Model) askingView(size layout.Size) []string {
	foot := m.prompt(size)
	body := layout.Size{W: size.W, H: size.H - len(foot)}
	if size.W >= twoColumns {
		return append(layout.Block(m.scenarioBesideOptions(body), body), foot...)
	}
	w := min(scroll.Width(size.W-1), readable)
	p := page.New(m.deps.Theme, w)
	if size.H >= 16 {
		p.Raw("")
	}
	p.Prose(m.question.Stem)
	p.Gap()
	p.Styled(m.deps.Theme.Title, choice.Count(m.wanted()))
	text, first, last := m.options(w, size.H >= roomy)
	start := p.Len()
	p.Raw(text...)
	m.bring(start+first, start+last, p.Len(), body.H)
	return append(indent(m.text.Draw(m.deps.Theme, p.Lines(), layout.Size{W: size.W - 1, H: body.H})), foot...)
}

// scenarioBesideOptions is for wide terminals; the panels are as high as what is
// in them.
func (m *Model) scenarioBesideOptions(size layout.Size) []string {
	t := m.deps.Theme
	left := layout.Size{W: size.W * 46 / 100, H: size.H}
	right := layout.Size{W: size.W - left.W - 1, H: size.H}
	stem := page.New(t, scroll.Width(panel.Inner(left).W))
	stem.Prose(m.question.Stem)
	options, first, last := m.options(scroll.Width(panel.Inner(right).W), size.H >= roomy)
	const border = 2
	left.H = min(size.H, max(stem.Len(), len(options))+border)
	right.H = left.H
	m.bring(first, last, len(options), panel.Inner(right).H)
	scenario := panel.Panel{Theme: t, Title: t.Title.Render("Scenario")}
	choices := panel.Panel{Theme: t, Title: t.Title.Render(choice.Count(m.wanted()))}
	return layout.Beside(scenario.Draw(stem.Lines(), left), left.W, " ", choices.Draw(m.text.Draw(t, options, panel.Inner(right)), right))
}

// bring scrolls the cursor's option into sight when the cursor has moved.
func (m *Model) bring(first, last, total, height int) {
	if m.follow {
		m.text.Show(first, last, total, height)
		m.follow = false
	}
}

// options are all options, with air between them or without, and the first and
// last line of the cursor's one.
func (m *Model) options(w int, air bool) (lines []string, first, last int) {
	list := choice.List{Theme: m.deps.Theme, Cursor: m.cursor, Many: m.wanted() > 1, Air: air}
	for _, o := range m.question.Options {
		option := choice.Option{Letter: o.ID, Text: o.Text}
		if m.chosen[o.ID] {
			option.Mark = choice.Chosen
		}
		list.Options = append(list.Options, option)
	}
	return list.Lines(w)
}

// prompt is the line that says what is still needed for an answer.
func (m *Model) prompt(size layout.Size) []string {
	t := m.deps.Theme
	rule := t.Border.Render(strings.Repeat("─", size.W))
	if m.notEnough() != "" {
		return []string{rule, " " + t.Dim.Render(layout.Cut(m.howToChoose(size.W), size.W-2))}
	}
	key := func(k, word string) string { return t.Accent.Render(k) + " " + t.Text.Render(word) }
	line := " " + t.Strong.Render("How sure are you?") + "  " + key("1", "guessing") + "  " + key("2", "leaning") + "  " + key("3", "sure")
	if size.W < 52 {
		line = " " + t.Strong.Render("Sure?") + " " + key("1", "guessing") + " " + key("2", "leaning") + " " + key("3", "sure")
	}
	return []string{rule, line}
}

func (m *Model) howToChoose(w int) string {
	how := " with ↑↓ and Enter, or by letter"
	if w < 64 {
		how = ": ↑↓ Enter, or a letter"
	}
	if n := m.wanted(); n > 1 {
		return fmt.Sprintf("Choose %d%s (%d so far).", n, how, len(m.chosen))
	}
	return "Choose one" + how + "."
}

func indent(lines []string) []string {
	for i, line := range lines {
		lines[i] = " " + line
	}
	return lines
}
