// Package review is the list of what to ask now, and the day of the real exam
// that the schedule aims at.
package review

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/quiz/review"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/scroll"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	// Queue is what to ask now, most pressing first.
	Queue    func() []review.Entry
	Question func(id string) (quiz.Question, bool)
	Now      func() time.Time
	// NextDue is when the next question comes when none is due; zero when none
	// will.
	NextDue func() time.Time
	// ExamDate is the day of the real exam, zero when none is set; SetExamDate
	// changes it, the zero time takes it back.
	ExamDate    func() time.Time
	SetExamDate func(time.Time) tea.Cmd
}

// Model is the screen.
type Model struct {
	deps   Deps
	cursor int
	list   scroll.View
	follow bool
	// date is the day being set, zero while none is.
	date time.Time
}

// New opens the list at its most pressing question.
func New(d Deps) *Model { return &Model{deps: d} }

const (
	up       keys.Command = "up"
	down     keys.Command = "down"
	ask      keys.Command = "ask"
	pageDown keys.Command = "page down"
	pageUp   keys.Command = "page up"
	setDate  keys.Command = "set date"
	earlier  keys.Command = "earlier"
	later    keys.Command = "later"
	takeOver keys.Command = "take over"
	takeBack keys.Command = "take back"
	cancel   keys.Command = "cancel"
)

// Title is the screen's name.
func (m *Model) Title() string { return "Review" }

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	if !m.date.IsZero() {
		return []keys.Binding{
			{Do: takeOver, Keys: []string{"enter"}, Label: "Enter", Hint: "take this day", Help: "the schedule aims at this day"},
			{Do: later, Keys: []string{"right", "l"}, Label: "←→", Hint: "a day", Help: "a day later or earlier"},
			{Do: earlier, Keys: []string{"left", "h"}},
			{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "a week", Help: "a week later or earlier"},
			{Do: up, Keys: []string{"up", "k"}},
			{Do: takeBack, Keys: []string{"x"}, Label: "x", Hint: "no day", Help: "the schedule aims at no day"},
			{Do: cancel, Keys: []string{"esc", "backspace", "d"}, Label: "Esc", Hint: "leave it", Help: "leave the day as it was"},
		}
	}
	none := ""
	if len(m.deps.Queue()) == 0 {
		none = "nothing is due"
	}
	return []keys.Binding{
		{Do: ask, Keys: []string{"enter", "right", "l"}, Label: "Enter", Hint: "begin", Help: "answer the question under the cursor, then the most pressing one, and so on", Disabled: none},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "choose", Help: "next question (also j)", Disabled: none},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "previous question (also k)", Disabled: none},
		{Do: pageDown, Keys: []string{"pgdown", " "}, Label: "PgDn", Help: "ten further down (also Space)", Disabled: none},
		{Do: pageUp, Keys: []string{"pgup"}, Label: "PgUp", Help: "ten further up", Disabled: none},
		{Do: setDate, Keys: []string{"d"}, Label: "d", Hint: "exam day", Help: "set the day of your real exam, which the schedule aims at"},
	}
}

// Update moves the cursor, begins, and sets the day.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	if _, ok := msg.(tea.KeyMsg); !ok {
		return screen.None(), nil
	}
	do := keys.Pressed(m.Keys(), msg)
	if !m.date.IsZero() {
		return screen.None(), m.dating(do)
	}
	switch do {
	case ask:
		queue := m.deps.Queue()
		id := queue[layout.Clamp(m.cursor, 0, len(queue)-1)].QuestionID
		m.cursor = 0
		return screen.Open(screen.Route{Name: screen.Recall, Question: id}), nil
	case setDate:
		const fortnight = 14
		m.date = m.deps.ExamDate()
		if m.date.IsZero() {
			m.date = day(m.deps.Now()).AddDate(0, 0, fortnight)
		}
	case down, up, pageDown, pageUp:
		by := map[keys.Command]int{down: 1, up: -1, pageDown: 10, pageUp: -10}[do]
		m.cursor, m.follow = layout.Clamp(m.cursor+by, 0, len(m.deps.Queue())-1), true
	}
	return screen.None(), nil
}

// day is the midnight UTC that stands for a moment's date.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// dating does the commands of the day being set; no day lies in the past.
func (m *Model) dating(do keys.Command) tea.Cmd {
	const week = 7
	switch do {
	case earlier, later, up, down:
		m.date = m.date.AddDate(0, 0, map[keys.Command]int{earlier: -1, later: 1, up: -week, down: week}[do])
		if today := day(m.deps.Now()); m.date.Before(today) {
			m.date = today
		}
	case takeOver:
		chosen := m.date
		m.date = time.Time{}
		return m.deps.SetExamDate(chosen)
	case takeBack:
		m.date = time.Time{}
		return m.deps.SetExamDate(time.Time{})
	case cancel:
		m.date = time.Time{}
	}
	return nil
}

// View draws the day, and below it the list.
func (m *Model) View(size layout.Size) string {
	t := m.deps.Theme
	p := page.New(t, size.W-2)
	if size.H >= 14 {
		p.Raw("")
	}
	m.head(p)
	if size.H >= 14 {
		p.Raw("")
	}
	head := p.Lines()
	for i, line := range head {
		head[i] = " " + line
	}
	return layout.Text(append(head, m.queue(layout.Size{W: size.W, H: size.H - len(head)})...), size)
}

func (m *Model) head(p *page.Page) {
	t := m.deps.Theme
	date := m.deps.ExamDate()
	switch {
	case !m.date.IsZero():
		p.Raw(t.Strong.Render("The day of your exam: ") + t.Cursor.Render(theme.Back+" "+m.date.Format("Monday 2 January 2006")+" "+theme.Pointer))
	case date.IsZero():
		p.Styled(t.Dim, "No exam day is set (d): with one, everything comes once more shortly before it.")
	default:
		p.Styled(t.Dim, "The schedule aims at your exam on "+date.Format("Monday 2 January 2006")+".")
	}
}

func (m *Model) queue(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	queue := m.deps.Queue()
	m.cursor = layout.Clamp(m.cursor, 0, len(queue)-1)
	lines := make([]string, 0, len(queue))
	for i, e := range queue {
		lines = append(lines, m.entry(e, i == m.cursor, scroll.Width(inner.W)))
	}
	if len(queue) == 0 {
		lines = m.nothing(inner.W)
	}
	if m.follow {
		m.list.Show(m.cursor, m.cursor, len(lines), inner.H)
		m.follow = false
	}
	frame := panel.Panel{Theme: t, Title: t.Title.Render("To ask now: " + phrase.Count(len(queue), "question")), Note: t.Dim.Render("most pressing first")}
	const border = 2
	size.H = min(size.H, len(lines)+border)
	return frame.Draw(m.list.Draw(t, lines, panel.Inner(size)), size)
}

func (m *Model) nothing(w int) []string {
	t := m.deps.Theme
	p := page.New(t, w)
	p.Item(t.Mark(true), t.Strong, "Nothing is due, and today's new questions are done.")
	if next := m.deps.NextDue(); !next.IsZero() {
		p.Item(" ", t.Text, "The next one comes in "+phrase.Length(next.Sub(m.deps.Now()))+".")
	}
	p.Item(" ", t.Dim, "Study (s on the first screen) has all questions at any time.")
	return p.Lines()
}

func (m *Model) entry(e review.Entry, cursor bool, w int) string {
	t := m.deps.Theme
	pointer, mark := " ", " "
	if cursor {
		pointer = t.Accent.Render(theme.Pointer)
	}
	if e.Reason == review.SureAndWrong {
		mark = t.Warn.Render("!")
	}
	title := e.QuestionID
	if q, ok := m.deps.Question(e.QuestionID); ok {
		title = q.Title
	}
	line := layout.Spread(pointer+" "+mark+" "+t.Text.Render(title), t.Dim.Render(m.reason(e, w)), w)
	if cursor {
		return t.Select(line)
	}
	return line
}

// reason is why a question is asked, as long as the width affords.
func (m *Model) reason(e review.Entry, w int) string {
	const wide, day = 60, 24 * time.Hour
	late := m.deps.Now().Sub(e.Due)
	switch {
	case w < wide || e.Reason != review.Due:
		return string(e.Reason)
	case late < time.Hour:
		return "due"
	case late < 2*day:
		return fmt.Sprintf("due for %d h", int(late.Hours()))
	}
	return fmt.Sprintf("due for %d days", int(late/day))
}
