package exam

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/scroll"
)

// digits is how wide the numbers of the questions are.
func (m *Model) digits() int { return len(strconv.Itoa(len(m.state.Items))) }

// perRow is how many questions stand side by side in w cells: a round number
// where it fits, so that questions are found by counting rows.
func (m *Model) perRow(w int) int {
	const signs = 4
	n := w / (m.digits() + signs)
	for _, round := range []int{20, 10, 5} {
		if n >= round {
			return round
		}
	}
	return max(n, 1)
}

// navigate moves over the grid of questions. The width it was drawn with last
// says how far a row is.
func (m *Model) navigate(do keys.Command) tea.Cmd {
	last := len(m.state.Items) - 1
	switch do {
	case left:
		m.item = layout.Clamp(m.item-1, 0, last)
	case right:
		m.item = layout.Clamp(m.item+1, 0, last)
	case up:
		m.item = layout.Clamp(m.item-m.columns, m.item%m.columns, last)
	case down:
		m.item = layout.Clamp(m.item+m.columns, 0, last)
	case open:
		return m.goTo(m.item)
	case flag:
		return m.flag(m.item)
	default:
		return m.common(do)
	}
	m.follow = true
	return nil
}

// list moves over the questions that are flagged or not answered.
func (m *Model) list(do keys.Command) tea.Cmd {
	rows := m.unsettled()
	switch do {
	case up:
		m.row--
	case down:
		m.row++
	case pageUp:
		m.row -= 10
	case pageDown:
		m.row += 10
	case open:
		return m.goTo(rows[m.row])
	case flag:
		cmd := m.flag(rows[m.row])
		m.row = layout.Clamp(m.row, 0, len(m.unsettled())-1)
		return cmd
	default:
		return m.common(do)
	}
	m.row, m.follow = layout.Clamp(m.row, 0, len(rows)-1), true
	return nil
}

// unsettled are the items that are flagged or not answered.
func (m *Model) unsettled() []int {
	var open []int
	for i, p := range m.state.Items {
		if p.Flagged || !m.state.Answered(i) {
			open = append(open, i)
		}
	}
	return open
}

// status is what was done with an item: a sign, and a word for it.
func (m *Model) status(item int) (sign, word string) {
	switch p := m.state.Items[item]; {
	case m.state.Answered(item):
		return "*", "answered"
	case len(p.Chosen) > 0:
		return "/", fmt.Sprintf("%d of %d chosen", len(p.Chosen), m.state.Paper.Items[item].Choose())
	case p.Seen:
		return "-", "open"
	}
	return "·", "not seen"
}

// grid draws all questions; at is the line of the cursor, -1 without one.
func (m *Model) grid(w, cursor int) (lines []string, at int) {
	t := m.deps.Theme
	columns := m.perRow(w)
	at = -1
	for start := 0; start < len(m.state.Items); start += columns {
		line := ""
		for i := start; i < min(start+columns, len(m.state.Items)); i++ {
			if i == cursor {
				at = len(lines)
			}
			line += m.cell(t, i, i == cursor)
		}
		lines = append(lines, line)
	}
	return lines, at
}

func (m *Model) cell(t theme.Theme, item int, cursor bool) string {
	sign, _ := m.status(item)
	flagged := " "
	if m.state.Items[item].Flagged {
		flagged = "f"
	}
	number := fmt.Sprintf("%*d", m.digits(), item+1)
	style := t.Dim
	switch {
	case item == m.state.Item:
		style = t.Strong
	case m.state.Answered(item):
		style = t.Text
	}
	text := style.Render(number) + " " + t.Accent.Render(sign) + t.Warn.Bold(true).Render(flagged)
	if cursor {
		text = t.Cursor.Render(number + " " + sign + flagged)
	}
	return text + " "
}

// legend explains the signs, with the number of questions of each.
func (m *Model) legend(p *page.Page) {
	t := m.deps.Theme
	tally := m.state.Tally()
	var words []string
	for _, sign := range []struct {
		sign  string
		style lipgloss.Style
		says  string
		n     int
	}{
		{"*", t.Accent, "answered", tally.Answered},
		{"/", t.Accent, "incomplete", tally.Incomplete},
		{"-", t.Accent, "open", tally.Unanswered - tally.Unseen},
		{"·", t.Accent, "not seen", tally.Unseen},
		{"f", t.Warn.Bold(true), "flagged", tally.Flagged},
	} {
		words = append(words, sign.style.Render(sign.sign)+t.Dim.Render(fmt.Sprintf(" %s %d", sign.says, sign.n)))
	}
	p.Raw(layout.Cut(strings.Join(words, "  "), p.Width()))
}

func (m *Model) navigatorView(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	const legendH = 2
	grid := layout.Size{W: inner.W, H: max(inner.H-legendH, 1)}
	m.columns = m.perRow(grid.W - 2)
	lines, at := m.grid(grid.W-2, m.item)
	if m.follow {
		m.text.Show(at, at, len(lines), grid.H)
		m.follow = false
	}
	drawn := m.text.Draw(t, lines, layout.Size{W: grid.W, H: min(grid.H, len(lines))})
	p := page.New(t, inner.W)
	p.Raw(drawn...)
	p.Raw("")
	m.legend(p)
	const border = 2
	frame := panel.Panel{Theme: t, Title: t.Title.Render("All questions"), Note: t.Dim.Render("Enter goes there")}
	return frame.Draw(p.Lines(), layout.Size{W: size.W, H: min(size.H, p.Len()+border)})
}

func (m *Model) listView(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	rows := m.unsettled()
	lines := make([]string, 0, len(rows))
	for i, item := range rows {
		lines = append(lines, m.listed(i == m.row, item, scroll.Width(inner.W)))
	}
	note := t.Dim.Render("Enter goes there, e ends the exam")
	if len(rows) == 0 {
		lines = []string{t.Good.Render(theme.Yes) + " Every question is answered and none is flagged.", t.Dim.Render("e ends the exam, Esc goes back to it.")}
		note = ""
	}
	if m.follow {
		m.text.Show(m.row, m.row, len(lines), inner.H)
		m.follow = false
	}
	frame := panel.Panel{Theme: t, Title: t.Title.Render("Flagged or not answered: " + strconv.Itoa(len(rows))), Note: note}
	const border = 2
	size.H = min(size.H, len(lines)+border)
	return frame.Draw(m.text.Draw(t, lines, panel.Inner(size)), size)
}

func (m *Model) listed(cursor bool, item, w int) string {
	t := m.deps.Theme
	pointer, flagged := " ", ""
	if cursor {
		pointer = t.Accent.Render(theme.Pointer)
	}
	if m.state.Items[item].Flagged {
		flagged = t.Warn.Render("flagged ")
	}
	_, word := m.status(item)
	left := fmt.Sprintf("%s %3d  ", pointer, item+1) + t.Text.Render(m.stemStart(item))
	line := layout.Spread(left, flagged+t.Dim.Render(layout.Line(word, 13)), w)
	if cursor {
		return t.Select(line)
	}
	return line
}

// stemStart is the beginning of a question: titles give the answer away.
func (m *Model) stemStart(item int) string {
	q, ok := m.deps.Question(m.state.Paper.Items[item].QuestionID)
	if !ok {
		return "This question is not in the banks any more."
	}
	return strings.Join(strings.Fields(q.Stem), " ")
}

// endView asks once more, and says what is left open.
func (m *Model) endView(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	p := page.New(t, inner.W)
	p.Styled(t.Strong, "End the exam now? There is no way back to its questions.")
	p.Gap()
	var unanswered, flagged []int
	for i, done := range m.state.Items {
		if !m.state.Answered(i) {
			unanswered = append(unanswered, i+1)
		}
		if done.Flagged {
			flagged = append(flagged, i+1)
		}
	}
	if len(unanswered) == 0 {
		p.Item(t.Mark(true), t.Text, "Every question is answered.")
	} else {
		p.Item(t.Warn.Render("!"), t.Warn, fmt.Sprintf("%s not answered, which counts as wrong: %s", phrase.Count(len(unanswered), "question"), ranges(unanswered)))
	}
	if len(flagged) > 0 {
		p.Item(t.Warn.Render("!"), t.Warn, fmt.Sprintf("%s flagged: %s", phrase.Count(len(flagged), "question"), ranges(flagged)))
	}
	p.Item(" ", t.Dim, phrase.Clock(m.state.Left())+" left.")
	p.Gap()
	p.Raw(t.Accent.Bold(true).Render("y") + " " + t.Text.Render("end the exam") + "    " + t.Accent.Bold(true).Render("n") + " " + t.Text.Render("go on with it"))
	const border = 2
	edge := t.Warn
	frame := panel.Panel{Theme: t, Title: t.Warn.Render("End of the exam"), Edge: &edge}
	return frame.Draw(p.Lines(), layout.Size{W: size.W, H: min(size.H, p.Len()+border)})
}

// ranges lists numbers in rising order: "2, 5 to 9, 12".
func ranges(numbers []int) string {
	var words []string
	for i := 0; i < len(numbers); {
		last := i
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		switch last - i {
		case 0:
			words = append(words, strconv.Itoa(numbers[i]))
		case 1:
			words = append(words, strconv.Itoa(numbers[i]), strconv.Itoa(numbers[last]))
		default:
			words = append(words, fmt.Sprintf("%d to %d", numbers[i], numbers[last]))
		}
		i = last + 1
	}
	return strings.Join(words, ", ")
}
