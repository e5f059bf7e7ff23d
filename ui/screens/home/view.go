package home

import (
	"fmt"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/quiz/exam"
	"claimcheck/quiz/review"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/plot"
	"claimcheck/ui/widget/scroll"
)

// View draws the menu with what each row is about, and below it or beside it
// what to do first or the topics.
func (m *Model) View(size layout.Size) string {
	s := m.deps.Summary()
	head := m.head(s, size)
	rest := layout.Size{W: size.W, H: size.H - len(head)}
	const besideAt = 124
	if size.W >= besideAt {
		left := layout.Size{W: size.W * 55 / 100, H: rest.H}
		right := layout.Size{W: size.W - left.W - 1, H: rest.H}
		menu := m.menu(s, left)
		left.H -= len(menu)
		return layout.Text(append(head, layout.Beside(append(menu, m.scores(s, left)...), left.W, " ", m.below(s, right))...), size)
	}
	menu := m.menu(s, rest)
	rest.H -= len(menu)
	return layout.Text(append(append(head, menu...), m.below(s, rest)...), size)
}

// head says what this is, in as many lines as the height affords.
func (m *Model) head(s Summary, size layout.Size) []string {
	t := m.deps.Theme
	p := page.New(t, min(size.W-2, 130))
	if size.H >= 20 {
		p.Raw("")
	}
	if size.H >= 12 {
		p.Styled(t.Strong, "Exam scenarios for Amazon Cognito and API authorization (DVA-C02).")
	}
	if size.H >= 20 {
		p.Styled(t.Dim, "Every answer option is a configuration that a simulated AWS account runs.")
	}
	if s.Unkept != "" {
		p.Item(t.Warn.Render("!"), t.Warn, "Nothing is kept: "+s.Unkept)
	}
	if size.H >= 20 {
		p.Raw("")
	}
	lines := p.Lines()
	for i, line := range lines {
		if line != "" {
			lines[i] = " " + line
		}
	}
	return lines
}

// menu is one row for each thing to do.
func (m *Model) menu(s Summary, size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	const narrow = 64
	lines := make([]string, 0, len(rows()))
	for i, name := range rows() {
		pointer := " "
		if i == m.at(s) {
			pointer = t.Accent.Render(theme.Pointer)
		}
		r := m.row(s, name)
		line := pointer + " " + t.Accent.Bold(true).Render(r.key) + " " + t.Strong.Render(layout.Line(r.word, 9)) + " "
		text := r.text
		if r.brief != "" && inner.W < narrow && ansi.StringWidth(line+text) > inner.W {
			text = r.brief
		}
		line += r.style.Render(text)
		if i == m.at(s) {
			line = t.Select(layout.Line(line, inner.W))
		}
		lines = append(lines, line)
	}
	const border = 2
	frame := panel.Panel{Theme: t, Title: t.Title.Render("What to do now"), Note: m.countdown(s)}
	return frame.Draw(lines, layout.Size{W: size.W, H: min(len(lines)+border, size.H)})
}

// countdown is how long it is to the real exam.
func (m *Model) countdown(s Summary) string {
	if s.ExamDate.IsZero() {
		return ""
	}
	const day = 24
	days := int(s.ExamDate.Sub(s.Now).Hours())/day + 1
	switch {
	case s.ExamDate.Before(s.Now.AddDate(0, 0, -1)):
		return ""
	case days <= 1:
		return m.deps.Theme.Warn.Render("the exam is today or tomorrow")
	}
	return m.deps.Theme.Dim.Render(phrase.Count(days, "day") + " to the exam")
}

// row is one thing to do: its key and name, and how it stands. Brief says so in
// few words where the text does not fit.
type row struct {
	key, word, text, brief string
	style                  lipgloss.Style
}

func (m *Model) row(s Summary, name screen.Name) row {
	t := m.deps.Theme
	var r row
	switch name {
	case screen.Review:
		r = m.review(s)
	case screen.Exam:
		r = m.exam(s)
	case screen.Questions:
		r = m.study(s)
	case screen.Progress:
		r = m.progress(s)
	}
	if s.Loading {
		r.text, r.brief, r.style = "…", "", t.Faint
	}
	return r
}

func (m *Model) review(s Summary) row {
	t := m.deps.Theme
	r := row{key: "r", word: "Review", style: t.Text}
	switch {
	case s.SureAndWrong > 0:
		r.text, r.style = fmt.Sprintf("%d due, %d of them sure and wrong", s.Due, s.SureAndWrong), t.Warn
		r.brief = fmt.Sprintf("%d due, %d sure, wrong", s.Due, s.SureAndWrong)
	case s.Due > 0:
		r.text, r.style = fmt.Sprintf("%d due", s.Due), t.Warn
	case s.Answered == 0:
		r.text, r.brief, r.style = "brings back what you have answered, just in time", "nothing is due yet", t.Dim
	case s.NextDue.After(s.Now):
		r.text, r.brief = "nothing is due; the next one in "+phrase.Length(s.NextDue.Sub(s.Now)), "nothing is due"
	default:
		r.text = "nothing is due"
	}
	if s.Due == 0 && s.Answered > 0 && s.Newcomers > 0 {
		r.text, r.brief = fmt.Sprintf("nothing is due; %d new ones for today", s.Newcomers), fmt.Sprintf("%d new for today", s.Newcomers)
	}
	return r
}

func (m *Model) exam(s Summary) row {
	t := m.deps.Theme
	r := row{key: "e", word: "Exam", style: t.Text}
	if s.Exam != nil {
		answered, left := s.Exam.Tally().Answered, phrase.Clock(s.Exam.Left())
		r.text, r.style = fmt.Sprintf("under way: %d of %d answered, %s left", answered, len(s.Exam.Items), left), t.Warn
		r.brief = fmt.Sprintf("%d/%d, %s left", answered, len(s.Exam.Items), left)
		return r
	}
	if n := len(s.Past); n > 0 {
		score := s.Past[n-1].Result.Score
		r.text = fmt.Sprintf("the last one about %d of %d, pass at %d", score, exam.HighestScore, exam.PassScore)
		r.brief = fmt.Sprintf("last %d, pass at %d", score, exam.PassScore)
		return r
	}
	r.text, r.style = fmt.Sprintf("%d questions in %d minutes, or a shorter one", exam.FullQuestions, exam.FullMinutes), t.Dim
	r.brief = fmt.Sprintf("%d in %d minutes", exam.FullQuestions, exam.FullMinutes)
	return r
}

func (m *Model) study(s Summary) row {
	r := row{key: "s", word: "Study", text: fmt.Sprintf("%d of %d answered", s.Answered, s.Questions), style: m.deps.Theme.Text}
	if s.Next != "" {
		r.brief = r.text
		r.text += "; next: " + s.Next
	}
	return r
}

func (m *Model) progress(s Summary) row {
	r := row{key: "p", word: "Progress", style: m.deps.Theme.Text}
	weak, ok := review.Weakest(s.Topics)
	if !ok {
		r.text, r.brief, r.style = "what you know, and how sure you may be of it", "nothing to show yet", m.deps.Theme.Dim
		return r
	}
	r.text = "weakest: " + phrase.Title(weak.Name) + ", " + phrase.Percent(weak.Share)
	r.brief = phrase.Percent(weak.Share) + " " + phrase.Title(weak.Name)
	return r
}

// below is what to do first, or the topics.
func (m *Model) below(s Summary, size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	p := page.New(t, scroll.Width(inner.W))
	title := "Topics, the weakest first"
	if s.Answered == 0 {
		title = "The first time"
		m.firstSteps(p)
	} else {
		p.Raw(m.topics(s, p.Width())...)
	}
	if inner.H < 1 {
		return nil
	}
	const border = 2
	size.H = min(size.H, p.Len()+border)
	frame := panel.Panel{Theme: t, Title: t.Title.Render(title)}
	return frame.Draw(m.text.Draw(t, p.Lines(), panel.Inner(size)), size)
}

// scores is the history of exams, where there is one and room for it.
func (m *Model) scores(s Summary, size layout.Size) []string {
	const least, most = 10, 16
	if len(s.Past) == 0 || size.H < least {
		return nil
	}
	t := m.deps.Theme
	size.H = min(size.H, most)
	inner := panel.Inner(size)
	line := plot.Line{Low: exam.LowestScore, High: exam.HighestScore, Level: exam.PassScore, LevelName: fmt.Sprintf("pass %d", exam.PassScore)}
	for _, e := range s.Past {
		line.Values = append(line.Values, float64(e.Result.Score))
	}
	last := s.Past[len(s.Past)-1].Result
	frame := panel.Panel{Theme: t, Title: t.Title.Render("Exams"), Note: t.Dim.Render(fmt.Sprintf("the last one %d (%d to %d)", last.Score, last.Low, last.High))}
	return frame.Draw(line.Lines(t, inner.W, inner.H), size)
}

// firstSteps say in three lines what to do.
func (m *Model) firstSteps(p *page.Page) {
	t := m.deps.Theme
	for i, step := range []string{
		"Study (s): answer, say how sure you are, step through the proof.",
		"Review (r), daily: what you have answered, before you forget it.",
		"Exam (e): as long and as strict as the real one, all proofs after it.",
	} {
		p.Item(t.Accent.Render(fmt.Sprint(i+1)), t.Text, step)
	}
}

func (m *Model) topics(s Summary, w int) []string {
	t := m.deps.Theme
	bars := make([]plot.Bar, 0, len(s.Topics))
	for _, topic := range s.Topics {
		bar := plot.Bar{Label: phrase.Title(topic.Name), Share: topic.Share, Style: plot.Grade(t, topic.Share)}
		bar.Numbers = fmt.Sprintf("%5s  %d of %d seen", phrase.Percent(topic.Share), topic.Seen, topic.Questions)
		if topic.Seen == 0 {
			bar.Numbers = fmt.Sprintf("%5s  none of %d seen", "–", topic.Questions)
		}
		bars = append(bars, bar)
	}
	return plot.Bars(t, bars, w)
}
