// Package exam is the screen of an exam under way: question after question as in
// the test centre, with flags, options struck out, a navigator, a review list
// and a clock, and without a word about what is right.
package exam

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/scroll"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	// Session is the exam as it is kept.
	Session  exam.Session
	Question func(id string) (quiz.Question, bool)
	Now      func() time.Time
	// Happened keeps an event; screen.Kept says when it is.
	Happened func(exam.Event) tea.Cmd
}

// part is what the screen shows.
type part int

const (
	asking part = iota
	navigating
	listing
	ending
)

// Model is the screen.
type Model struct {
	deps Deps
	// state is the exam with what is kept and what is pending.
	state   exam.State
	kept    []exam.Event
	pending []exam.Event

	part part
	// option is the cursor while asking, item while navigating, row while listing.
	option, item, row int
	// columns is how many questions a row of the navigator has, as last drawn.
	columns int
	text    scroll.View
	// follow asks the next drawing to bring the cursor into sight.
	follow bool
	// says answers the last key in words, "" when there is nothing to say.
	says string
	// warned and forced are set once the learner has been told of the time.
	warned, forced bool
}

// New goes on with an exam. The command keeps that it was opened again.
func New(d Deps) (*Model, tea.Cmd) {
	m := &Model{deps: d, kept: slices.Clone(d.Session.Events), state: d.Session.State(d.Now()), columns: 10}
	const justBegun = 2
	m.warned, m.forced = m.state.Warns(), m.state.Forced()
	if len(m.kept) <= justBegun {
		return m, nil
	}
	return m, m.happens(exam.Event{Kind: exam.Reopened})
}

// Title is the screen's name.
func (m *Model) Title() string { return "Exam" }

// Corner is the counter and the clock, as far as they are to be seen.
func (m *Model) Corner(w int) string {
	var words []string
	if m.state.ShowsCounter() {
		words = append(words, fmt.Sprintf("Question %d of %d", m.state.Item+1, len(m.state.Items)))
	}
	if m.state.ShowsClock() {
		clock := phrase.Clock(m.state.Left()) + " left"
		if m.state.Warns() {
			clock = "! " + clock
		}
		words = append(words, clock)
	}
	corner := strings.Join(words, "   ")
	if len(corner) > w {
		corner = strings.NewReplacer("Question ", "", " of ", "/", " left", "", "   ", " ").Replace(corner)
	}
	return layout.Cut(corner, w)
}

// Update does what a key asks for, unless the time is up.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.Tick:
		m.at(msg.Now)
		return m.leaveWhenOver(), nil
	case screen.Kept:
		if msg.Exam == m.deps.Session.ID {
			m.keep(msg.Err)
		}
		return m.leaveWhenOver(), nil
	case tea.KeyMsg:
		m.at(m.deps.Now())
		if m.state.Over() {
			return m.leaveWhenOver(), nil
		}
		m.says = ""
		do := keys.Pressed(m.Keys(), msg)
		if do == leave {
			return screen.Back(), nil
		}
		return screen.None(), m.do(do)
	}
	return screen.None(), nil
}

// at lets the time go on, and warns when little of it is left.
func (m *Model) at(now time.Time) {
	m.state = m.state.At(now)
	switch {
	case m.state.Forced() && !m.forced:
		m.forced, m.warned = true, true
		m.says = "5 minutes left: clock and counter stay in sight."
	case m.state.Warns() && !m.warned:
		m.warned = true
		m.says = "30 minutes left."
	}
}

// keep takes the news that the first pending event is stored, or is not: then it
// has not happened.
func (m *Model) keep(err error) {
	if len(m.pending) == 0 {
		return
	}
	first := m.pending[0]
	m.pending = m.pending[1:]
	if err == nil {
		m.kept = append(m.kept, first)
		return
	}
	m.state = exam.Replay(m.state.Paper, append(slices.Clone(m.kept), m.pending...), m.deps.Now())
}

// leaveWhenOver goes on to the result once everything is kept.
func (m *Model) leaveWhenOver() screen.Action {
	if !m.state.Over() || len(m.pending) > 0 {
		return screen.None()
	}
	return screen.Replace(screen.Route{Name: screen.Result, Exam: m.deps.Session.ID})
}

// happens applies an event now, and keeps it.
func (m *Model) happens(e exam.Event) tea.Cmd {
	e.At = m.deps.Now()
	next, err := m.state.Apply(e)
	if err != nil {
		m.says = err.Error()
		return nil
	}
	m.state = next
	m.pending = append(m.pending, e)
	return m.deps.Happened(e)
}

func (m *Model) do(do keys.Command) tea.Cmd {
	switch m.part {
	case navigating:
		return m.navigate(do)
	case listing:
		return m.list(do)
	case ending:
		return m.end(do)
	}
	return m.ask(do)
}

// ask does the commands of a question.
func (m *Model) ask(do keys.Command) tea.Cmd {
	switch do {
	case up, down:
		m.point(m.option + map[keys.Command]int{up: -1, down: 1}[do])
	case choose:
		return m.choose(m.option)
	case strike:
		return m.strike()
	case next:
		if m.state.Item == len(m.state.Items)-1 {
			m.show(listing)
			return nil
		}
		return m.goTo(m.state.Item + 1)
	case previous:
		return m.goTo(m.state.Item - 1)
	case pageDown:
		m.text.Page(1)
	case pageUp:
		m.text.Page(-1)
	default:
		if letter, ok := strings.CutPrefix(string(do), lettered); ok {
			return m.choose(int(letter[0] - 'A'))
		}
		return m.common(do)
	}
	return nil
}

// common does the commands that every part has.
func (m *Model) common(do keys.Command) tea.Cmd {
	switch do {
	case flag:
		return m.flag(m.state.Item)
	case navigator:
		m.item = m.state.Item
		m.show(navigating)
	case reviewList:
		m.show(listing)
	case finish:
		m.show(ending)
	case back:
		m.show(asking)
	case clock:
		return m.happens(exam.Event{Kind: oneOf(m.state.ClockHidden, exam.ClockShown, exam.ClockHidden)})
	case counter:
		return m.happens(exam.Event{Kind: oneOf(m.state.CounterHidden, exam.CounterShown, exam.CounterHidden)})
	}
	return nil
}

func oneOf(hidden bool, show, hide exam.Kind) exam.Kind {
	if hidden {
		return show
	}
	return hide
}

func (m *Model) show(p part) {
	m.part, m.row, m.follow = p, 0, true
	m.text.Reset()
}

func (m *Model) point(to int) {
	m.option = layout.Clamp(to, 0, len(m.shown().Options)-1)
	m.follow = true
}

// shown is the item before the learner.
func (m *Model) shown() exam.Item { return m.state.Paper.Items[m.state.Item] }

// goTo brings an item before the learner.
func (m *Model) goTo(item int) tea.Cmd {
	m.show(asking)
	m.option = 0
	if item == m.state.Item {
		return nil
	}
	return m.happens(exam.Event{Kind: exam.Shown, Item: item})
}

// choose makes option i the answer; where several are asked for it is added, or
// taken back.
func (m *Model) choose(i int) tea.Cmd {
	item := m.shown()
	if i >= len(item.Options) {
		return nil
	}
	m.point(i)
	id, chosen := item.Options[i], slices.Clone(m.state.Items[m.state.Item].Chosen)
	switch at := slices.Index(chosen, id); {
	case at >= 0 && item.Choose() == 1:
		return nil
	case at >= 0:
		chosen = slices.Delete(chosen, at, at+1)
	case item.Choose() == 1:
		chosen = []string{id}
	case len(chosen) == item.Choose():
		m.says = fmt.Sprintf("%d are chosen already: take one back first.", len(chosen))
		return nil
	default:
		chosen = append(chosen, id)
	}
	return m.happens(exam.Event{Kind: exam.Chosen, Item: m.state.Item, Options: chosen})
}

// strike crosses out the option under the cursor, or restores it.
func (m *Model) strike() tea.Cmd {
	id := m.shown().Options[m.option]
	kind := exam.StruckOut
	if slices.Contains(m.state.Items[m.state.Item].StruckOut, id) {
		kind = exam.Restored
	}
	return m.happens(exam.Event{Kind: kind, Item: m.state.Item, Options: []string{id}})
}

// flag marks an item for a second look, or takes the mark off.
func (m *Model) flag(item int) tea.Cmd {
	kind := exam.Flagged
	if m.state.Items[item].Flagged {
		kind = exam.Unflagged
	}
	return m.happens(exam.Event{Kind: kind, Item: item})
}

// end asks once more, and then ends the exam.
func (m *Model) end(do keys.Command) tea.Cmd {
	if do == confirm {
		return m.happens(exam.Event{Kind: exam.Ended})
	}
	return m.common(do)
}

// keeping reports whether the answer to the shown item is not stored yet.
func (m *Model) keeping() bool {
	return slices.ContainsFunc(m.pending, func(e exam.Event) bool { return e.Kind == exam.Chosen && e.Item == m.state.Item })
}
