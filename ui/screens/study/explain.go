package study

import (
	"sort"
	"strings"

	"claimcheck/quiz"
	"claimcheck/ui/layout"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/scroll"
)

func (m *Model) explainingView(size layout.Size) []string {
	t := m.deps.Theme
	switch {
	case size.W >= twoColumns:
		return m.columns(size)
	case size.H < 16:
		return m.small(size)
	}
	p := page.New(t, size.W-2)
	m.verdict(p)
	if size.H >= roomy {
		p.Gap()
	}
	m.proof(p, false)
	top := indent(p.Lines())
	if len(top) > size.H-5 {
		return m.small(size)
	}
	return append(top, m.why(layout.Size{W: size.W, H: size.H - len(top)})...)
}

// columns is for wide terminals: the explanation beside the evidence.
func (m *Model) columns(size layout.Size) []string {
	t := m.deps.Theme
	p := page.New(t, size.W-2)
	p.Raw("")
	m.verdict(p)
	p.Gap()
	top := indent(p.Lines())
	left := layout.Size{W: size.W * 52 / 100, H: size.H - len(top)}
	right := layout.Size{W: size.W - left.W - 1, H: left.H}
	p = page.New(t, panel.Inner(right).W)
	m.proof(p, true)
	frame := panel.Panel{Theme: t, Title: t.Title.Render("Proof: every option was run")}
	return append(top, layout.Beside(m.why(left), left.W, " ", frame.Draw(p.Lines(), right))...)
}

// why is the explanation in a panel.
func (m *Model) why(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	p := page.New(t, min(scroll.Width(inner.W), readable))
	starts := m.explanation(p)
	m.show(starts, p.Len(), inner.H)
	frame := panel.Panel{Theme: t, Title: t.Title.Render("Why")}
	return frame.Draw(m.text.Draw(t, p.Lines(), inner), size)
}

// small scrolls verdict, evidence and explanation as one text.
func (m *Model) small(size layout.Size) []string {
	t := m.deps.Theme
	p := page.New(t, scroll.Width(size.W-1))
	m.verdict(p)
	at := p.Len() + m.proof(p, false)
	p.Gap()
	m.explanation(p)
	if m.follow {
		m.text.Show(0, at, p.Len(), size.H)
		m.text.Show(at, at, p.Len(), size.H)
		m.follow = false
	}
	return indent(m.text.Draw(t, p.Lines(), layout.Size{W: size.W - 1, H: size.H}))
}

// show scrolls to the explanation of the option the cursor has moved to.
func (m *Model) show(starts map[string]int, total, height int) {
	if !m.follow {
		return
	}
	m.follow = false
	option, _, _ := m.evidence.Selected()
	if at, ok := starts[option]; ok {
		m.text.Show(at, at+height-1, total, height)
	}
}

// verdict says in words how the answer did.
func (m *Model) verdict(p *page.Page) {
	t := m.deps.Theme
	v, chosen := m.given.verdict, m.chose()
	key := strings.Join(m.question.Key(), " and ")
	if v.Right {
		text := "Right: " + key + "."
		if m.given.attempt.Certainty == quiz.Guessing {
			text += " You were guessing: make sure you know why."
		}
		p.Item(t.Mark(true), t.Good, text)
		return
	}
	p.Item(t.Mark(false), t.Bad, "Wrong: "+chosen+", right is "+key+".")
	if v.SureAndWrong {
		p.Item(t.Warn.Render("!"), t.Warn, "Sure and wrong: the answer most worth a second look.")
	}
	if m.given.attempt.Miss != "" {
		p.Item(" ", t.Dim, "Wrong because "+because(m.given.attempt.Miss)+".")
	}
}

// chose says what was chosen, and how that was lettered when it was.
func (m *Model) chose() string {
	if len(m.given.attempt.Chosen) == 0 {
		return "you chose nothing"
	}
	chosen := "you chose " + strings.Join(m.given.attempt.Chosen, " and ")
	if m.deps.Shown != "" {
		chosen += " (lettered " + m.deps.Shown + " in the exam)"
	}
	return chosen
}

// missPrompt asks at the foot why the answer was wrong, until that is said.
func (m *Model) missPrompt(size layout.Size) []string {
	if !m.unclassified() {
		return nil
	}
	t := m.deps.Theme
	words := map[quiz.Miss]string{quiz.Knowledge: "did not know", quiz.Misread: "misread", quiz.Reasoning: "wrong conclusion", quiz.Slip: "slip"}
	line := " " + t.Strong.Render("Why?")
	if size.W >= 80 {
		line = " " + t.Strong.Render("Why was it wrong?")
	}
	if size.W < 56 {
		words[quiz.Knowledge], words[quiz.Reasoning] = "unknown", "reason"
	}
	for _, miss := range quiz.Misses() {
		line += "  " + t.Accent.Render(string(miss[:1])) + " " + t.Text.Render(words[miss])
	}
	return []string{t.Border.Render(strings.Repeat("─", size.W)), layout.Cut(line, size.W)}
}

// proof is the matrix with the selected run: in full, or in few lines. At is
// the line of the cursor, counted from here.
func (m *Model) proof(p *page.Page, full bool) (at int) {
	t := m.deps.Theme
	switch {
	case m.question.Unproven != "":
		p.Item(t.Warn.Render("!"), t.Warn, "Not proven: "+m.question.Unproven)
		return 0
	case m.proofErr != nil:
		p.Item(t.Warn.Render("!"), t.Warn, "The options could not be run: "+m.proofErr.Error())
		return 0
	case !m.proven:
		p.Styled(t.Dim, "Running every option on the simulated account …")
		return 0
	}
	lines, at := m.evidence.Matrix(t, p.Width())
	p.Raw(lines...)
	if full {
		p.Gap()
		m.evidence.Legend(p, t)
		p.Gap()
		m.evidence.Run(p, t, m.deps.Rule)
		return at
	}
	p.Gap()
	m.brief(p)
	return at
}

// brief is the selected run in two or three lines.
func (m *Model) brief(p *page.Page) {
	t := m.deps.Theme
	option, cell, ok := m.evidence.Selected()
	if !ok {
		return
	}
	subject := ""
	switch {
	case option != "" && cell.Holds:
		subject = option + ": "
	case option != "":
		subject = option + " fails: "
	}
	p.Item(t.Mark(cell.Holds), t.Strong, subject+cell.Says)
	if cell.Rule == "" {
		return
	}
	text := string(cell.Rule)
	if rule, ok := m.deps.Rule(cell.Rule); ok {
		text = rule.Statement
	}
	p.Item(" ", t.Dim, text)
}

// explanation tells every option and what to keep; starts are the lines where
// the options begin.
func (m *Model) explanation(p *page.Page) (starts map[string]int) {
	starts = map[string]int{}
	for _, o := range m.byInterest() {
		p.Gap()
		starts[o.ID] = p.Len()
		m.option(p, o)
	}
	m.section(p, "The rule to keep", m.question.Rule)
	m.observations(p)
	m.section(p, "In practice", m.question.Practice)
	m.section(p, "What the source got wrong", m.question.Errata)
	if len(m.question.References) > 0 {
		p.Heading("References")
		for _, r := range m.question.References {
			p.Item("-", m.deps.Theme.Accent, r)
		}
	}
	return starts
}

// byInterest orders the options for the explanation: what was chosen wrongly,
// what is right, and then the others.
func (m *Model) byInterest() []quiz.Option {
	rank := func(o quiz.Option) int {
		switch {
		case m.chosen[o.ID] && !o.Correct:
			return 0
		case o.Correct:
			return 1
		}
		return 2
	}
	options := append([]quiz.Option(nil), m.question.Options...)
	sort.SliceStable(options, func(i, j int) bool { return rank(options[i]) < rank(options[j]) })
	return options
}

func (m *Model) option(p *page.Page, o quiz.Option) {
	t := m.deps.Theme
	mark := " "
	switch {
	case o.Correct:
		mark = t.Mark(true)
	case m.chosen[o.ID]:
		mark = t.Mark(false)
	}
	lead := mark + " " + t.Accent.Render(o.ID)
	if tag := m.tag(o); tag != "" {
		p.Item(lead, t.Accent, tag)
		lead = "   "
	}
	p.Item(lead, t.Strong, o.Text)
	p.Item("   ", t.Text, strings.Join(layout.Flow(o.Why, 1<<16), "\n"))
	if o.Misconception != "" && m.chosen[o.ID] {
		p.Item("   ", t.Warn, "The belief behind it: "+strings.ReplaceAll(o.Misconception, "-", " "))
	}
}

// tag says what is special about an option, "" when nothing is.
func (m *Model) tag(o quiz.Option) string {
	switch {
	case o.Correct && m.chosen[o.ID]:
		return "right, and your answer"
	case o.Correct:
		return "right"
	case m.chosen[o.ID]:
		return "your answer"
	}
	return ""
}

func (m *Model) observations(p *page.Page) {
	if len(m.observed) == 0 {
		return
	}
	t := m.deps.Theme
	p.Heading("Seen on the stack as it stands")
	for _, c := range m.observed {
		p.Item(t.Mark(c.Holds), t.Text, c.Says)
	}
	p.Styled(t.Dim, "The proof (p) opens these runs.")
}

func (m *Model) section(p *page.Page, heading, text string) {
	if text == "" {
		return
	}
	p.Heading(heading)
	p.Prose(text)
}
