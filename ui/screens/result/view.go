package result

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"claimcheck/quiz/exam"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/plot"
	"claimcheck/ui/widget/scroll"
)

// View draws score and questions side by side or, on a narrow screen, one of
// them.
func (m *Model) View(size layout.Size) string {
	const besideAt = 130
	m.both = size.W >= besideAt
	switch {
	case m.both:
		left := layout.Size{W: size.W * 48 / 100, H: size.H}
		right := layout.Size{W: size.W - left.W - 1, H: size.H}
		return layout.Text(layout.Beside(m.score(left), left.W, " ", m.questions(right)), size)
	case m.listing:
		return layout.Text(m.questions(size), size)
	}
	return layout.Text(m.score(size), size)
}

func (m *Model) score(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	p := page.New(t, scroll.Width(inner.W))
	m.verdict(p)
	m.facts(p)
	m.breakdown(p)
	frame := panel.Panel{Theme: t, Title: t.Title.Render("Score"), Note: t.Dim.Render(m.deps.Past.Ended.Format("2 Jan 2006 15:04"))}
	const border = 2
	size.H = min(size.H, p.Len()+border)
	return frame.Draw(m.text.Draw(t, p.Lines(), panel.Inner(size)), size)
}

// verdict is the estimate, its band and the pass mark, in words and as a scale.
func (m *Model) verdict(p *page.Page) {
	t, r := m.deps.Theme, m.deps.Past.Result
	style, words := t.Bad, fmt.Sprintf("Estimated score %d: below the pass mark of %d.", r.Score, exam.PassScore)
	if r.Passed() {
		style, words = t.Good.Bold(true), fmt.Sprintf("Estimated score %d: a pass, the mark is %d.", r.Score, exam.PassScore)
	}
	p.Item(t.Mark(r.Passed()), style, words)
	band := fmt.Sprintf("An exam of this length says %d to %d, 95 times of 100", r.Low, r.High)
	if r.Clear() {
		p.Item(" ", t.Dim, band+": all on one side of the mark.")
	} else {
		p.Item(" ", t.Dim, band+": it could go either way.")
	}
	p.Gap()
	scale := plot.Scale{Low: exam.LowestScore, High: exam.HighestScore, Value: r.Score, From: r.Low, To: r.High, Mark: exam.PassScore, MarkName: "pass", Style: style}
	p.Raw(scale.Lines(t, p.Width())...)
	p.Gap()
}

const labelW = 10

func (m *Model) facts(p *page.Page) {
	t, r := m.deps.Theme, m.deps.Past.Result
	right := fmt.Sprintf("%d of %d that count", r.Right, r.Scored)
	if r.Unscored > 0 {
		right += fmt.Sprintf(", %d of %d that do not", r.UnscoredRight, r.Unscored)
	}
	p.Field("Right", labelW, t.Text, right)
	took := phrase.Clock(r.Took) + " of " + phrase.Clock(m.deps.Past.Blueprint.Length())
	if m.deps.ByClock {
		took += ": the time ran out"
	}
	p.Field("Time", labelW, t.Text, took+m.pace())
	p.Field("Changed", labelW, t.Text, changes(r.Changes))
}

// pace is the time for a question, and where most of it went.
func (m *Model) pace() string {
	var total, longest time.Duration
	at := -1
	for i, o := range m.deps.Past.Result.Items {
		total += o.Spent
		if o.Spent > longest {
			longest, at = o.Spent, i
		}
	}
	if at < 0 {
		return ""
	}
	mean := total / time.Duration(len(m.deps.Past.Result.Items))
	return fmt.Sprintf(", %s a question, longest %s (%d)", phrase.Clock(mean), phrase.Clock(longest), at+1)
}

func changes(c exam.Changes) string {
	var words []string
	for _, way := range []struct {
		n    int
		says string
	}{{c.WrongToRight, "wrong to right"}, {c.RightToWrong, "right to wrong"}, {c.WrongToWrong, "wrong to wrong"}, {c.ThereAndBack, "there and back"}} {
		if way.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", way.n, way.says))
		}
	}
	if len(words) == 0 {
		return "no answer"
	}
	return strings.Join(words, ", ")
}

// breakdown is the result by task statement and by topic.
func (m *Model) breakdown(p *page.Page) {
	t, r := m.deps.Theme, m.deps.Past.Result
	tasks := m.parts(r.ByTask, p.Width(), func(name string) string { return "Task " + name })
	topics := m.parts(r.ByTopic, p.Width(), phrase.Title)
	plot.Align(tasks, topics)
	p.Heading("By task statement")
	p.Raw(plot.Bars(t, tasks, p.Width())...)
	p.Heading("By topic")
	p.Raw(plot.Bars(t, topics, p.Width())...)
}

func (m *Model) parts(parts []exam.Part, w int, name func(string) string) []plot.Bar {
	const wide = 60
	bars := make([]plot.Bar, 0, len(parts))
	for _, part := range parts {
		share := float64(part.Right) / float64(max(part.Asked, 1))
		numbers := fmt.Sprintf("%2d of %2d  %5s", part.Right, part.Asked, phrase.Percent(share))
		if w >= wide {
			numbers += fmt.Sprintf("  %6s each", phrase.Clock(part.Spent/time.Duration(max(part.Asked, 1))))
		}
		bars = append(bars, plot.Bar{Label: name(part.Name), Share: share, Style: plot.Grade(m.deps.Theme, share), Numbers: numbers})
	}
	return bars
}

func (m *Model) questions(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	rows := m.rows()
	lines := make([]string, 0, len(rows))
	for i, item := range rows {
		lines = append(lines, m.row(item, i == m.cursor, scroll.Width(inner.W)))
	}
	title := "All questions"
	if m.wrongOnly {
		title = "What was wrong"
	}
	if len(rows) == 0 {
		lines = []string{t.Good.Render(theme.Yes) + " Nothing was wrong."}
	}
	if m.follow {
		m.list.Show(m.cursor, m.cursor, len(lines), inner.H)
		m.follow = false
	}
	frame := panel.Panel{Theme: t, Title: t.Title.Render(title), Note: t.Dim.Render("yours / key, time")}
	const border = 2
	size.H = min(size.H, len(lines)+border)
	return frame.Draw(m.list.Draw(t, lines, panel.Inner(size)), size)
}

func (m *Model) row(item int, cursor bool, w int) string {
	t, o := m.deps.Theme, m.deps.Past.Result.Items[item]
	pointer := " "
	if cursor {
		pointer = t.Accent.Render(theme.Pointer)
	}
	left := fmt.Sprintf("%s%3d ", pointer, item+1) + t.Mark(o.Right) + " "
	if q, ok := m.deps.Question(o.QuestionID); ok {
		left += t.Text.Render(q.Title)
	} else {
		left += t.Faint.Render(o.QuestionID)
	}
	right := t.Dim.Render(tags(o, w)) + fmt.Sprintf(" %3s", letters(o.Item, o.Chosen)) + t.Dim.Render(fmt.Sprintf(" /%3s %6s", letters(o.Item, o.Key), phrase.Clock(o.Spent)))
	line := layout.Spread(left, right, w)
	if cursor {
		return t.Select(line)
	}
	return line
}

// tags are what is special about a question, as short as the width wants.
func tags(o exam.Outcome, w int) string {
	const wide = 64
	var words []string
	add := func(is bool, long, short string) {
		switch {
		case is && w >= wide:
			words = append(words, long)
		case is:
			words = append(words, short)
		}
	}
	add(o.Flagged, "flagged", "f")
	add(o.Changed != "", "changed", "c")
	add(o.Unscored, "not scored", "n")
	return strings.Join(words, " ")
}

// letters are options as they were lettered in the exam, "–" for none.
func letters(i exam.Item, options []string) string {
	text := ""
	for _, id := range i.Options {
		if slices.Contains(options, id) {
			text += i.Letter(id)
		}
	}
	if text == "" {
		return "–"
	}
	return text
}
