package ui

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/review"
	"claimcheck/ui/screen"
	examscreen "claimcheck/ui/screens/exam"
	"claimcheck/ui/screens/home"
	progressscreen "claimcheck/ui/screens/progress"
	"claimcheck/ui/screens/result"
	reviewscreen "claimcheck/ui/screens/review"
	"claimcheck/ui/screens/setup"
	"claimcheck/ui/screens/study"
)

// makeExam goes on with the exam under way, or else opens the form.
func (r *root) makeExam() (screen.Screen, tea.Cmd, error) {
	now := r.deps.Now()
	if s, _, running := r.history.running(now); running {
		sitting, cmd := examscreen.New(examscreen.Deps{
			Theme: r.theme, Session: s, Question: r.question, Now: r.deps.Now,
			Happened: func(e exam.Event) tea.Cmd { return r.happened(s.ID, e) },
		})
		return sitting, cmd, nil
	}
	wanted := r.deps.Blueprint
	if wanted.Questions == 0 {
		const short = 100_000 // to be told to somebody
		wanted = exam.Full(uint64(now.Unix()) % short)
	}
	return setup.New(setup.Deps{
		Theme: r.theme, Questions: r.deps.Questions, Past: exam.History(r.history.sessions, now),
		Blueprint: wanted, Begin: r.begin, Unkept: r.deps.Unkept,
	}), nil, nil
}

// pastExam finds an exam that is over.
func (r *root) pastExam(id string) (exam.Past, exam.State, error) {
	now := r.deps.Now()
	for _, p := range exam.History(r.history.sessions, now) {
		if p.SessionID == id {
			s, _ := r.history.session(id)
			return p, s.State(now), nil
		}
	}
	return exam.Past{}, exam.State{}, fmt.Errorf("there is no exam %q that is over", id)
}

func (r *root) makeResult(to screen.Route) (screen.Screen, tea.Cmd, error) {
	past, state, err := r.pastExam(to.Exam)
	if err != nil {
		return nil, nil, err
	}
	return result.New(result.Deps{Theme: r.theme, Past: past, Question: r.question, ByClock: state.ByClock}), nil, nil
}

// makeDebrief shows the learner's answer in an exam with its explanation.
func (r *root) makeDebrief(to screen.Route) (screen.Screen, tea.Cmd, error) {
	past, _, err := r.pastExam(to.Exam)
	if err != nil {
		return nil, nil, err
	}
	if to.Item < 0 || to.Item >= len(past.Result.Items) {
		return nil, nil, fmt.Errorf("the exam has no question %d", to.Item+1)
	}
	outcome := past.Result.Items[to.Item]
	q, ok := r.question(outcome.QuestionID)
	if !ok {
		return nil, nil, fmt.Errorf("question %q is not in the banks any more", outcome.QuestionID)
	}
	given, ok := r.history.attempt(fmt.Sprintf("%s/%d", to.Exam, to.Item))
	if !ok { // not answered
		given = quiz.Attempt{QuestionID: q.ID, Source: quiz.FromExam}
	}
	shown := ""
	for _, id := range given.Chosen {
		shown += outcome.Letter(id)
	}
	s, cmd := r.makeStudy(q, study.Deps{Source: quiz.FromExam, Given: &given, Shown: shown, Next: func() (screen.Route, string) {
		next := to
		if next.Item++; next.Item == len(past.Result.Items) {
			return screen.Route{}, lastQuestion
		}
		return next, ""
	}})
	return s, cmd, nil
}

func (r *root) plan() review.Plan { return review.Plan{Exam: r.history.examDate} }

// queue is what to ask now. It is worked out once for each change and minute.
func (r *root) queue() []review.Entry {
	now := r.deps.Now()
	if at := (moment{changes: r.history.changes, minute: now.Truncate(time.Minute)}); r.queued.at != at {
		newcomers := r.plan().Newcomers(r.deps.Questions, r.history.cards(), now)
		r.queued = queued{at: at, entries: review.Queue(r.deps.Questions, r.history.attempts, r.plan(), newcomers, now)}
	}
	return r.queued.entries
}

// moment is a state of the history within a minute.
type moment struct {
	changes int
	minute  time.Time
}

type queued struct {
	at      moment
	entries []review.Entry
}

// nextDue leads to the most pressing question.
func (r *root) nextDue() (to screen.Route, none string) {
	queue := r.queue()
	if len(queue) == 0 {
		return screen.Route{}, "nothing more is due"
	}
	return screen.Route{Name: screen.Recall, Question: queue[0].QuestionID}, ""
}

// soonest is when the next card is due, zero without a card.
func (r *root) soonest() time.Time {
	var soonest time.Time
	for _, c := range r.history.cards() {
		if due := r.plan().Due(c); soonest.IsZero() || due.Before(soonest) {
			soonest = due
		}
	}
	return soonest
}

func (r *root) makeReview() screen.Screen {
	return reviewscreen.New(reviewscreen.Deps{
		Theme: r.theme, Queue: r.queue, Question: r.question, Now: r.deps.Now, NextDue: r.soonest,
		ExamDate: func() time.Time { return r.history.examDate }, SetExamDate: r.setExamDate,
	})
}

func (r *root) makeProgress() screen.Screen {
	const daysShown = 28
	now, deck, h := r.deps.Now(), r.history.cards(), r.history
	return progressscreen.New(progressscreen.Deps{Theme: r.theme, Facts: progressscreen.Facts{
		Topics: weakestFirst(review.ByTopic(r.deps.Questions, deck, now)), Tasks: review.ByTask(r.deps.Questions, deck, now),
		Calibration: review.Calibration(h.attempts), Misses: review.Misses(h.attempts), Beliefs: review.Beliefs(h.attempts),
		Activity: review.Activity(h.attempts, now, daysShown), Forecast: review.Forecast(deck, r.plan(), now, daysShown),
		Past: exam.History(h.sessions, now),
	}})
}

// weakestFirst sorts by share, what was never seen at the end.
func weakestFirst(parts []review.Mastery) []review.Mastery {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b review.Mastery) int {
		if (a.Seen == 0) != (b.Seen == 0) {
			return cmp.Compare(min(b.Seen, 1), min(a.Seen, 1))
		}
		return cmp.Compare(a.Share, b.Share)
	})
	return parts
}

// summary is the learner's situation for the first screen. What is worked out
// from all attempts is so once for each change and minute.
func (r *root) summary() home.Summary {
	now := r.deps.Now()
	at := moment{changes: r.history.changes, minute: now.Truncate(time.Minute)}
	if r.situation.at != at {
		r.situation = situation{at: at, summary: r.situate(now)}
	}
	s := r.situation.summary
	s.Now, s.Exam = now, nil
	if _, state, ok := r.history.running(now); ok {
		s.Exam = &state
	}
	return s
}

type situation struct {
	at      moment
	summary home.Summary
}

func (r *root) situate(now time.Time) home.Summary {
	s := home.Summary{
		Loading: !r.history.loaded, Questions: len(r.deps.Questions), ExamDate: r.history.examDate, Unkept: r.deps.Unkept,
		Past: exam.History(r.history.sessions, now), NextDue: r.soonest(),
		Topics: weakestFirst(review.ByTopic(r.deps.Questions, r.history.cards(), now)),
	}
	for _, q := range r.deps.Questions {
		if _, ok := r.history.last(q.ID); ok {
			s.Answered++
		} else if s.Next == "" {
			s.Next = q.Title
		}
	}
	for _, e := range r.queue() {
		switch e.Reason {
		case review.SureAndWrong:
			s.SureAndWrong++
			s.Due++
		case review.New:
			s.Newcomers++
		default:
			s.Due++
		}
	}
	return s
}
