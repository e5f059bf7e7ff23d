package exam

import (
	"fmt"
	"slices"
	"strings"

	"claimcheck/quiz"
	"claimcheck/ui/layout"
	"claimcheck/ui/widget/choice"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/scroll"
)

const (
	// readable is the widest that running text gets.
	readable = 100
	// twoColumns is the width from which scenario and options stand side by side.
	twoColumns = 130
	// roomy is the height from which there is air between options, and room for
	// the navigator below them on a wide screen.
	roomy = 34
)

// View draws what the learner is at, and a line at the foot that tells how the
// question stands.
func (m *Model) View(size layout.Size) string {
	foot := m.foot(size.W)
	body := layout.Size{W: size.W, H: max(size.H-len(foot), 0)}
	var lines []string
	switch m.part {
	case navigating:
		lines = m.navigatorView(body)
	case listing:
		lines = m.listView(body)
	case ending:
		lines = m.endView(body)
	default:
		lines = m.askingView(body)
	}
	return layout.Text(append(layout.Block(lines, body), foot...), size)
}

// foot says how many options are wanted, or what there is to say.
func (m *Model) foot(w int) []string {
	t := m.deps.Theme
	rule := t.Border.Render(strings.Repeat("─", max(w, 0)))
	if m.says != "" {
		return []string{rule, " " + t.Warn.Render("! "+layout.Cut(m.says, w-4))}
	}
	item, done := m.shown(), m.state.Items[m.state.Item]
	var words []string
	switch {
	case m.keeping():
		words = append(words, t.Dim.Render("keeping your answer …"))
	case m.state.Answered(m.state.Item):
		words = append(words, t.Text.Render("answered"))
	case item.Choose() > 1:
		text := fmt.Sprintf("choose %d, %d so far", item.Choose(), len(done.Chosen))
		if w >= 60 {
			text += ": all of them count, or none"
		}
		words = append(words, t.Text.Render(text))
	default:
		words = append(words, t.Dim.Render("choose one"))
	}
	if done.Flagged {
		words = append(words, t.Warn.Render("flagged"))
	}
	tally := m.state.Tally()
	right := ""
	if m.state.ShowsCounter() {
		right = t.Dim.Render(fmt.Sprintf("%d of %d answered ", tally.Answered, len(m.state.Items)))
	}
	return []string{rule, layout.Spread(" "+strings.Join(words, t.Dim.Render(" · ")), right, w)}
}

func (m *Model) askingView(size layout.Size) []string {
	t := m.deps.Theme
	q, ok := m.deps.Question(m.shown().QuestionID)
	if !ok {
		p := page.New(t, size.W-2)
		p.Gap()
		p.Item(t.Warn.Render("!"), t.Warn, "This question is not in the banks any more: go on to the next one.")
		return p.Lines()
	}
	if size.W >= twoColumns {
		return m.wide(q, size)
	}
	w := min(scroll.Width(size.W-1), readable)
	p := page.New(t, w)
	if size.H >= 16 {
		p.Raw("")
	}
	p.Prose(q.Stem)
	p.Gap()
	p.Styled(t.Title, choice.Count(m.shown().Choose()))
	options, first, last := m.options(q, w, size.H >= roomy)
	start := p.Len()
	p.Raw(options...)
	m.bring(start+first, start+last, p.Len(), size.H)
	lines := m.text.Draw(t, p.Lines(), layout.Size{W: size.W - 1, H: size.H})
	for i, line := range lines {
		lines[i] = " " + line
	}
	return lines
}

// wide puts the scenario beside the options, and the navigator below them where
// there is room.
func (m *Model) wide(q quiz.Question, size layout.Size) []string {
	t := m.deps.Theme
	var below []string
	if size.H >= roomy {
		below = m.small(size.W)
	}
	left := layout.Size{W: size.W * 46 / 100, H: size.H - len(below)}
	right := layout.Size{W: size.W - left.W - 1, H: left.H}
	stem := page.New(t, scroll.Width(panel.Inner(left).W))
	stem.Prose(q.Stem)
	options, first, last := m.options(q, scroll.Width(panel.Inner(right).W), size.H >= roomy)
	const border = 2
	left.H = min(left.H, max(stem.Len(), len(options))+border)
	right.H = left.H
	m.bring(first, last, len(options), panel.Inner(right).H)
	scenario := panel.Panel{Theme: t, Title: t.Title.Render("Scenario")}
	choices := panel.Panel{Theme: t, Title: t.Title.Render(choice.Count(m.shown().Choose()))}
	body := layout.Beside(scenario.Draw(stem.Lines(), left), left.W, " ", choices.Draw(m.text.Draw(t, options, panel.Inner(right)), right))
	return append(layout.Block(body, layout.Size{W: size.W, H: size.H - len(below)}), below...)
}

// small is the navigator without a cursor.
func (m *Model) small(w int) []string {
	t := m.deps.Theme
	size := layout.Size{W: w, H: 3}
	inner := panel.Inner(size)
	p := page.New(t, inner.W)
	lines, _ := m.grid(inner.W, -1)
	p.Raw(lines...)
	m.legend(p)
	const border = 2
	size.H = p.Len() + border
	frame := panel.Panel{Theme: t, Title: t.Dim.Render("All questions"), Note: t.Dim.Render("g goes to one")}
	return frame.Draw(p.Lines(), size)
}

// bring scrolls the cursor's option into sight when the cursor has moved.
func (m *Model) bring(first, last, total, height int) {
	if m.follow {
		m.text.Show(first, last, total, height)
		m.follow = false
	}
}

// options are lettered in the order of the paper.
func (m *Model) options(q quiz.Question, w int, air bool) (lines []string, first, last int) {
	item, done := m.shown(), m.state.Items[m.state.Item]
	list := choice.List{Theme: m.deps.Theme, Cursor: m.option, Many: item.Choose() > 1, Air: air}
	for _, id := range item.Options {
		o, _ := q.Option(id)
		option := choice.Option{Letter: item.Letter(id), Text: o.Text, Struck: slices.Contains(done.StruckOut, id)}
		switch {
		case slices.Contains(done.Chosen, id) && m.keeping():
			option.Mark = choice.Keeping
		case slices.Contains(done.Chosen, id):
			option.Mark = choice.Chosen
		}
		list.Options = append(list.Options, option)
	}
	return list.Lines(w)
}
