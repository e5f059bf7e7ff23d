package ui

import (
	"errors"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
	"claimcheck/ui/screen"
)

// records is what was kept, as it comes back from its command.
type records struct {
	kept progress.Records
	// stock is what had to be fetched, nil when it was there from the start.
	stock *Stock
	err   error
}

// beat is one second of an exam.
type beat struct{}

// second waits for the next beat.
func second() tea.Cmd { return tea.Tick(time.Second, func(time.Time) tea.Msg { return beat{} }) }

// load fetches what has to be, and reads what was kept.
func (r *root) load() tea.Cmd {
	keeper, fetch := r.deps.Keeper, r.deps.Fetch
	return func() tea.Msg {
		var read records
		if fetch != nil {
			stock, err := fetch()
			read.stock, read.err, keeper = &stock, err, stock.Keeper
		}
		if keeper != nil {
			kept, err := keeper.Records()
			read.kept, read.err = kept, errors.Join(read.err, err)
		}
		return read
	}
}

// take puts what was fetched where it would have been from the start.
func (r *root) take(s Stock) {
	d := &r.deps
	d.Questions, d.Keeper, d.Unkept, d.Notice, d.Fetch = s.Questions, s.Keeper, s.Unkept, s.Notice, nil
	if s.Notice != "" {
		r.notice = notice{text: s.Notice}
	}
}

// arrive takes over what was kept. The answers of an exam that ended while the
// trainer was closed are kept now.
func (r *root) arrive(msg records) tea.Cmd {
	if msg.stock != nil {
		r.take(*msg.stock)
	}
	r.history.load(msg.kept)
	if msg.err != nil {
		r.notice = notice{text: msg.err.Error(), error: true}
	}
	commands := []tea.Cmd{r.broadcast(screen.Arrived{}), r.startClock()}
	for _, s := range r.history.sessions {
		commands = append(commands, r.finish(s))
	}
	return tea.Batch(commands...)
}

// keep queues something to be kept. With nobody to keep it, it counts as kept.
func (r *root) keep(do func(Keeper) error, done func(error) tea.Cmd) tea.Cmd {
	keeper := r.deps.Keeper
	return r.saves.add(save{done: done, keep: func() error {
		if keeper == nil {
			return nil
		}
		return do(keeper)
	}})
}

// kept takes the news of a save, and leaves when that was all it waited for.
func (r *root) kept(msg saved) tea.Cmd {
	cmd := r.saves.finish(msg)
	if r.leaving && len(r.saves.waiting) == 0 {
		return tea.Quit
	}
	return cmd
}

// quit leaves the trainer once everything is kept; asked again, at once.
func (r *root) quit() tea.Cmd {
	if len(r.saves.waiting) == 0 || r.leaving {
		return tea.Quit
	}
	r.leaving = true
	r.notice = notice{text: "Keeping what you did … (again to leave at once)"}
	return nil
}

// answered takes an answer. It shows in the count at the top once it is kept.
func (r *root) answered(a quiz.Attempt) tea.Cmd {
	r.history.add(a)
	return r.keep(func(k Keeper) error { return k.SaveAttempts(a) }, func(err error) tea.Cmd {
		if err != nil {
			r.notice = notice{text: "This answer is not kept: " + err.Error(), error: true}
			return nil
		}
		r.answers = append(r.answers, a.Right)
		return nil
	})
}

func (r *root) classified(attempt string, miss quiz.Miss) tea.Cmd {
	r.history.classify(attempt, miss)
	now := r.deps.Now()
	return r.keep(func(k Keeper) error { return k.Classify(attempt, miss, now) }, r.tellUnkept)
}

func (r *root) setExamDate(day time.Time) tea.Cmd {
	r.history.examDate = day
	r.history.changed()
	now := r.deps.Now()
	return r.keep(func(k Keeper) error { return k.SetExamDate(day, now) }, r.tellUnkept)
}

func (r *root) tellUnkept(err error) tea.Cmd {
	if err != nil {
		r.notice = notice{text: "This is not kept: " + err.Error(), error: true}
	}
	return nil
}

// begin starts an exam once it is kept.
func (r *root) begin(p exam.Paper) tea.Cmd {
	now := r.deps.Now()
	s := exam.Session{
		ID: "exam-" + now.UTC().Format("20060102-150405.000"), Paper: p,
		Events: []exam.Event{{At: now, Kind: exam.Started}, {At: now, Kind: exam.Shown}},
	}
	return r.keep(func(k Keeper) error { return k.BeginExam(s) }, func(err error) tea.Cmd {
		if err != nil {
			r.notice = notice{text: "The exam has not begun, because it cannot be kept: " + err.Error(), error: true}
			return r.broadcast(screen.Kept{Exam: s.ID, Err: err})
		}
		r.history.begin(s)
		return tea.Batch(r.startClock(), r.broadcast(screen.Kept{Exam: s.ID}))
	})
}

// happened keeps an event of an exam, and then tells the screens.
func (r *root) happened(id string, e exam.Event) tea.Cmd {
	return r.keep(func(k Keeper) error { return k.SaveEvents(id, e) }, func(err error) tea.Cmd {
		if err != nil {
			r.notice = notice{text: "Not kept, so it does not count: " + err.Error(), error: true}
			return r.broadcast(screen.Kept{Exam: id, Err: err})
		}
		r.history.happened(id, e)
		told := r.broadcast(screen.Kept{Exam: id})
		s, ok := r.history.session(id)
		if !ok || e.Kind != exam.Ended {
			return told
		}
		return tea.Batch(told, r.finish(s))
	})
}

// finish keeps the answers of an exam that is over, once.
func (r *root) finish(s exam.Session) tea.Cmd {
	var fresh []quiz.Attempt
	for _, a := range s.Attempts(r.deps.Questions, r.deps.Now()) {
		if r.history.add(a) {
			fresh = append(fresh, a)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return r.keep(func(k Keeper) error { return k.SaveAttempts(fresh...) }, r.tellUnkept)
}

// startClock lets the seconds run while an exam is under way.
func (r *root) startClock() tea.Cmd {
	if _, _, running := r.history.running(r.deps.Now()); !running || r.beating {
		return nil
	}
	r.beating = true
	return r.second()
}

// tick is a second of an exam: the top screen hears of it, and whoever's time is
// up is told.
func (r *root) tick() tea.Cmd {
	now := r.deps.Now()
	r.beating = false
	commands := []tea.Cmd{r.ask(screen.Tick{Now: now}), r.startClock()}
	if r.beating {
		return tea.Batch(commands...)
	}
	for _, s := range r.history.sessions {
		state := s.State(now)
		if state.ByClock && now.Sub(state.Ended) < time.Minute {
			r.notice = notice{text: fmt.Sprintf("The time is up: %d of %d questions are answered.", state.Tally().Answered, len(s.Paper.Items))}
		}
		commands = append(commands, r.finish(s))
	}
	return tea.Batch(commands...)
}
