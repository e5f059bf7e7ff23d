package setup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/quiz/exam"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/scroll"
)

// View draws the form, and the past exams below it or beside it; on a small
// screen both scroll together.
func (m *Model) View(size layout.Size) string {
	const besideAt, small = 124, 18
	t := m.deps.Theme
	switch {
	case size.W >= besideAt:
		left := layout.Size{W: size.W * 56 / 100, H: size.H}
		right := layout.Size{W: size.W - left.W - 1, H: size.H}
		return layout.Text(layout.Beside(m.form(left), left.W, " ", m.history(right)), size)
	case size.H < small || m.unfolded:
		p := page.New(t, scroll.Width(size.W-1))
		at := m.fields(p)
		p.Gap()
		p.Styled(t.Title, "Past exams")
		at = max(at, m.exams(p))
		if m.follow {
			m.text.Show(max(at-1, 0), at, p.Len(), size.H)
			m.follow = false
		}
		lines := m.text.Draw(t, p.Lines(), layout.Size{W: size.W - 1, H: size.H})
		for i, line := range lines {
			lines[i] = " " + line
		}
		return layout.Text(lines, size)
	}
	form := m.form(size)
	return layout.Text(append(form, m.history(layout.Size{W: size.W, H: size.H - len(form)})...), size)
}

func (m *Model) form(size layout.Size) []string {
	t := m.deps.Theme
	p := page.New(t, panel.Inner(size).W)
	m.fields(p)
	p.Gap()
	p.Styled(t.Dim, "As in the test centre: not a word about right or wrong before the end, the clock runs on when you leave, several right options count only all together.")
	if m.deps.Unkept != "" {
		p.Item(t.Warn.Render("!"), t.Warn, "The exam will not be kept: "+m.deps.Unkept)
	}
	frame := panel.Panel{Theme: t, Title: t.Title.Render("A new exam")}
	const border = 2
	return frame.Draw(p.Lines(), layout.Size{W: size.W, H: min(size.H, p.Len()+border)})
}

func (m *Model) history(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	if inner.H < 1 {
		return nil
	}
	p := page.New(t, scroll.Width(inner.W))
	at := m.exams(p)
	if m.follow {
		m.text.Show(max(at, 0), max(at, 0), p.Len(), inner.H)
		m.follow = false
	}
	frame := panel.Panel{Theme: t, Title: t.Title.Render("Past exams")}
	const border = 2
	size.H = min(size.H, p.Len()+border)
	return frame.Draw(m.text.Draw(t, p.Lines(), panel.Inner(size)), size)
}

// fields sets the rows of the form; at is the line of the cursor, -1 when it is
// elsewhere.
func (m *Model) fields(p *page.Page) (at int) {
	at = -1
	for i, r := range m.rows() {
		if r.field == past {
			break
		}
		if i == m.cursor {
			at = p.Len()
		}
		m.field(p, r, i == m.cursor)
		if r.field == start {
			m.shortfall(p)
			p.Raw("")
		}
	}
	return at
}

// shortfall says that there are not enough questions.
func (m *Model) shortfall(p *page.Page) {
	t := m.deps.Theme
	switch {
	case m.shortage != nil && m.shortage.Have > 0:
		p.Item(" "+t.Warn.Render("!"), t.Warn, fmt.Sprintf("%d asked for, and the banks have %d: take what there is, or change the form.", m.shortage.Asked, m.shortage.Have))
	case m.problem != nil:
		p.Item(" "+t.Warn.Render("!"), t.Warn, m.problem.Error())
	}
}

const labelW, valueW = 15, 5

func (m *Model) field(p *page.Page, r row, cursor bool) {
	t := m.deps.Theme
	pointer := " "
	if cursor {
		pointer = t.Accent.Render(theme.Pointer)
	}
	if r.field == start {
		text, style := m.startText(), t.Strong
		if m.problem != nil {
			style = t.Faint
		}
		m.line(p, pointer+" "+style.Render(text), cursor)
		return
	}
	label, value, note := m.value(r)
	if cursor && m.takesDigits() {
		value = theme.Back + " " + value + " " + theme.Pointer
	}
	if r.field == topic {
		m.line(p, pointer+"   "+t.Text.Render(value)+" "+t.Text.Render(label), cursor)
		return
	}
	m.line(p, pointer+" "+t.Dim.Render(layout.Line(label, labelW))+t.Text.Render(layout.Line(value, max(valueW, ansi.StringWidth(value))))+"  "+t.Dim.Render(note), cursor)
}

func (m *Model) line(p *page.Page, line string, cursor bool) {
	line = layout.Cut(line, p.Width())
	if cursor {
		line = m.deps.Theme.Select(layout.Line(line, p.Width()))
	}
	p.Raw(line)
}

func (m *Model) startText() string {
	if m.starting {
		return "Keeping the exam, then it begins …"
	}
	if m.problem != nil {
		return "There is nothing to start"
	}
	b := m.paper.Blueprint
	text := fmt.Sprintf("Start: %s in %d minutes", phrase.Count(b.Questions, "question"), int(b.Length().Minutes()))
	if b.Unscored > 0 {
		text += fmt.Sprintf(", %d of them not scored", b.Unscored)
	}
	return text
}

func (m *Model) value(r row) (label, value, note string) {
	b := m.wanted
	switch r.field {
	case questions:
		label, value = "Questions", fmt.Sprint(b.Questions)
		if b.Questions == exam.FullQuestions {
			note = "as many as in the real exam"
		}
	case minutes:
		label, value = "Minutes", fmt.Sprint(b.Minutes)
		if b.Questions > 0 {
			note = fmt.Sprintf("%d seconds for each question", int(b.Length().Seconds())/b.Questions)
		}
	case accommodation:
		label, value = "Accommodation", m.box(b.Accommodation)
		note = fmt.Sprintf("%d minutes for %d, when English is not your language", exam.AccommodatedMinutes, exam.FullMinutes)
	case topics:
		label, value, note = "Topics", "all", fmt.Sprintf("%d of them", len(m.topics))
		if len(b.Topics) > 0 {
			value, note = strings.Join(titles(b.Topics), ", "), ""
		}
	case topic:
		label, value = phrase.Title(m.topics[r.index]), m.box(slices.Contains(b.Topics, m.topics[r.index]))
	case seed:
		label, value, note = "Number", fmt.Sprint(b.Seed), "the same number gives the same exam"
	}
	return label, value, note
}

func (m *Model) box(on bool) string {
	if on {
		return "[x]"
	}
	return "[ ]"
}

func titles(names []string) []string {
	titles := make([]string, len(names))
	for i, name := range names {
		titles[i] = phrase.Title(name)
	}
	return titles
}

// exams lists the past exams, the latest first; at is the line of the cursor, -1
// when it is elsewhere.
func (m *Model) exams(p *page.Page) (at int) {
	t := m.deps.Theme
	at = -1
	if len(m.deps.Past) == 0 {
		p.Styled(t.Dim, "None yet. What you take is kept here, with every proof.")
		return at
	}
	for i, r := range m.rows() {
		if r.field != past {
			continue
		}
		if i == m.cursor {
			at = p.Len()
		}
		m.exam(p, m.latest(r.index), i == m.cursor)
	}
	return at
}

func (m *Model) exam(p *page.Page, e exam.Past, cursor bool) {
	t := m.deps.Theme
	pointer := " "
	if cursor {
		pointer = t.Accent.Render(theme.Pointer)
	}
	r := e.Result
	left := pointer + " " + t.Text.Render(e.Ended.Format("_2 Jan 2006 15:04")) + "  " + t.Dim.Render(phrase.Count(len(r.Items), "question"))
	right := t.Mark(r.Passed()) + " " + t.Strong.Render(fmt.Sprint(r.Score)) + t.Dim.Render(fmt.Sprintf(" (%d to %d)", r.Low, r.High))
	m.line(p, layout.Spread(left, right, p.Width()), cursor)
}
