package progress

import (
	"fmt"
	"strconv"
	"strings"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/review"
	"claimcheck/ui/layout"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/plot"
)

func (m *Model) mastery(p *page.Page) {
	t := m.deps.Theme
	p.Styled(t.Dim, "The share of the questions that you would expect to answer rightly today.")
	topics := m.shares(m.deps.Facts.Topics, phrase.Title)
	tasks := m.shares(m.deps.Facts.Tasks, func(name string) string { return "Task " + name })
	plot.Align(topics, tasks)
	p.Heading("By topic")
	p.Raw(plot.Bars(t, topics, p.Width())...)
	p.Heading("By task statement")
	p.Raw(plot.Bars(t, tasks, p.Width())...)
}

func (m *Model) shares(parts []review.Mastery, name func(string) string) []plot.Bar {
	bars := make([]plot.Bar, 0, len(parts))
	for _, part := range parts {
		share, seen := phrase.Percent(part.Share), fmt.Sprintf("%d of %d seen", part.Seen, part.Questions)
		if part.Seen == 0 {
			share, seen = "–", fmt.Sprintf("none of %d seen", part.Questions)
		}
		bars = append(bars, plot.Bar{Label: name(part.Name), Share: part.Share, Style: plot.Grade(m.deps.Theme, part.Share), Numbers: fmt.Sprintf("%5s  %s", share, seen)})
	}
	return bars
}

// certainty compares how sure the learner was with how often that was right, and
// counts why answers were wrong.
func (m *Model) certainty(p *page.Page) {
	t := m.deps.Theme
	p.Styled(t.Dim, "How often you were right, by how sure you said you were.")
	calibration, misses := m.calibration(), m.misses()
	plot.Align(calibration, misses)
	p.Gap()
	p.Raw(plot.Bars(t, calibration, p.Width())...)
	if len(misses) > 0 {
		p.Heading("Why answers were wrong")
		p.Raw(plot.Bars(t, misses, p.Width())...)
	}
	if len(m.deps.Facts.Beliefs) == 0 {
		return
	}
	p.Heading("Beliefs behind wrong answers")
	for _, b := range m.deps.Facts.Beliefs {
		p.Raw(layout.Spread(t.Text.Render(strings.ReplaceAll(b.Name, "-", " ")), t.Strong.Render(strconv.Itoa(b.Times))+t.Dim.Render("×, last "+b.Last.Format("2 Jan")), p.Width()))
	}
}

func (m *Model) calibration() []plot.Bar {
	t := m.deps.Theme
	bars := make([]plot.Bar, 0, len(m.deps.Facts.Calibration))
	for _, c := range m.deps.Facts.Calibration {
		bar := plot.Bar{Label: certaintyName(c.Certainty), Style: t.Accent, Numbers: "    –  no answer"}
		if c.Answers > 0 {
			bar.Share = float64(c.Right) / float64(c.Answers)
			bar.Numbers = fmt.Sprintf("%5s  %d of %d", phrase.Percent(bar.Share), c.Right, c.Answers)
		}
		if c.Certainty == quiz.Sure {
			bar.Style = plot.Grade(t, bar.Share)
		}
		bars = append(bars, bar)
	}
	return bars
}

func certaintyName(c quiz.Certainty) string {
	switch c {
	case quiz.Guessing:
		return "Guessing"
	case quiz.Leaning:
		return "Leaning"
	case quiz.Sure:
		return "Sure"
	}
	return ""
}

// misses are the classes of wrong answers, none when nothing was wrong.
func (m *Model) misses() []plot.Bar {
	total := 0
	for _, miss := range m.deps.Facts.Misses {
		total += miss.Times
	}
	if total == 0 {
		return nil
	}
	bars := make([]plot.Bar, 0, len(m.deps.Facts.Misses))
	for _, miss := range m.deps.Facts.Misses {
		label := "Not said"
		if miss.Miss != "" {
			label = phrase.Title(string(miss.Miss))
		}
		share := float64(miss.Times) / float64(total)
		bars = append(bars, plot.Bar{Label: label, Share: share, Style: m.deps.Theme.Accent, Numbers: fmt.Sprintf("%5s  %d of %d", phrase.Percent(share), miss.Times, total)})
	}
	return bars
}

// days are what was done and what is coming; h is the height for both.
func (m *Model) days(p *page.Page, h int) {
	t := m.deps.Theme
	const least, most, air = 5, 10, 5
	each := layout.Clamp((h-air)/2, least, most)
	room := p.Width() / plot.ColumnW
	activity := m.deps.Facts.Activity[max(len(m.deps.Facts.Activity)-room, 0):]
	answers, right := 0, 0
	var done []plot.Column
	for _, d := range activity {
		answers, right = answers+d.Answers, right+d.Right
		done = append(done, plot.Column{Label: strconv.Itoa(d.Date.Day()), Count: d.Answers, Style: t.Accent})
	}
	p.Heading(fmt.Sprintf("Answers, the last %d days", len(done)))
	p.Raw(plot.Columns(t, done, p.Width(), each)...)
	p.Styled(t.Dim, fmt.Sprintf("%s, %d of them right.", phrase.Count(answers, "answer"), right))
	var coming []plot.Column
	due := 0
	for _, d := range m.deps.Facts.Forecast[:min(len(m.deps.Facts.Forecast), room)] {
		due += d.Due
		coming = append(coming, plot.Column{Label: strconv.Itoa(d.Date.Day()), Count: d.Due, Style: t.Token})
	}
	p.Heading(fmt.Sprintf("Reviews due, the next %d days", len(coming)))
	p.Raw(plot.Columns(t, coming, p.Width(), each)...)
	p.Styled(t.Dim, fmt.Sprintf("%s; what is overdue counts for today.", phrase.Count(due, "review")))
}

// scores is the history of exams; h is the height for all of it.
func (m *Model) scores(p *page.Page, h int) {
	t := m.deps.Theme
	past := m.deps.Facts.Past
	if len(past) == 0 {
		p.Styled(t.Dim, "No exam has been taken yet. The first screen has one (e).")
		return
	}
	line := plot.Line{Low: floor(past), High: exam.HighestScore, Level: exam.PassScore, LevelName: fmt.Sprintf("pass %d", exam.PassScore)}
	for _, e := range past {
		line.Values = append(line.Values, float64(e.Result.Score))
	}
	const least, most, listed = 7, 14, 4
	p.Raw(line.Lines(t, p.Width(), layout.Clamp(h-listed, least, most))...)
	p.Gap()
	for i := len(past) - 1; i >= 0; i-- {
		r := past[i].Result
		left := t.Mark(r.Passed()) + " " + t.Text.Render(past[i].Ended.Format("_2 Jan 2006")) + t.Dim.Render("  "+phrase.Count(len(r.Items), "question"))
		p.Raw(layout.Spread(left, t.Strong.Render(strconv.Itoa(r.Score))+t.Dim.Render(fmt.Sprintf(" (%d to %d)", r.Low, r.High)), p.Width()))
	}
}

// floor is where the scale of the scores begins: at a full hundred with room below
// the lowest score, so that the plot is used.
func floor(past []exam.Past) float64 {
	const step = 100
	lowest := exam.PassScore
	for _, e := range past {
		lowest = min(lowest, e.Result.Score)
	}
	return float64(max(lowest/step*step-step, exam.LowestScore))
}
