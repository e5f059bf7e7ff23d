package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
)

// Keeper keeps what a learner does beyond the end of the program, as
// progress.Store does. What a call has returned without an error is durable.
// Calls may be slow: they are made beside the key path, one after another, in
// the order of the keys.
type Keeper interface {
	// Records reads everything.
	Records() (progress.Records, error)
	// SaveAttempts adds answers; one whose id is there already is passed over.
	SaveAttempts(...quiz.Attempt) error
	// Classify says why the attempt with this id went wrong.
	Classify(attempt string, miss quiz.Miss, at time.Time) error
	// BeginExam adds an exam with the events it has so far.
	BeginExam(exam.Session) error
	// SaveEvents adds what happened in the exam with this id.
	SaveEvents(examID string, events ...exam.Event) error
	// SetExamDate sets the day of the real exam; the zero time takes it back.
	SetExamDate(day, at time.Time) error
}

// saves does what is to be kept one by one, so that it is kept in the order of
// the keys, and never on the key path.
type saves struct {
	waiting []save
	// busy is set while the first one is being kept.
	busy bool
}

type save struct {
	keep func() error
	// done is told on the key path how it went.
	done func(error) tea.Cmd
}

// saved says that the first save of the queue has been done.
type saved struct{ err error }

// add queues a save.
func (s *saves) add(one save) tea.Cmd {
	s.waiting = append(s.waiting, one)
	return s.next()
}

// finish reports the first save, and goes on to the next.
func (s *saves) finish(result saved) tea.Cmd {
	first := s.waiting[0]
	s.waiting, s.busy = s.waiting[1:], false
	return tea.Batch(first.done(result.err), s.next())
}

// next returns the command that carries out the first save, nil when there is
// none or one is under way.
func (s *saves) next() tea.Cmd {
	if s.busy || len(s.waiting) == 0 {
		return nil
	}
	s.busy = true
	keep := s.waiting[0].keep
	return func() tea.Msg { return saved{err: keep()} }
}
