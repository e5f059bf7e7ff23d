package ui

import (
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
	"claimcheck/quiz/review"
)

// history is what is known of the learner: what was kept before the start, and
// what has happened since.
type history struct {
	attempts []quiz.Attempt
	sessions []exam.Session
	examDate time.Time
	// loaded is set once what was kept has been read, or could not be.
	loaded bool
	// known holds where the attempt with an id is.
	known map[string]int
	// changes counts what has changed, so that what follows from all of it is
	// worked out anew only then.
	changes int
	// deck and latest, the position of each question's last attempt, follow from
	// the attempts; nil until somebody asks.
	deck   review.Deck
	latest map[string]int
	// current is the exam under way, over the ones found to be over.
	current underWay
	over    map[string]bool
}

func newHistory() *history {
	return &history{known: map[string]int{}, changes: 1, over: map[string]bool{}}
}

// changed forgets what followed from the state before.
func (h *history) changed() {
	h.changes++
	h.deck, h.latest = nil, nil
}

// load takes over what was kept; what has happened since stays.
func (h *history) load(kept progress.Records) {
	since := h.attempts
	h.attempts, h.known = nil, map[string]int{}
	for _, a := range append(append([]quiz.Attempt{}, kept.Attempts...), since...) {
		h.add(a)
	}
	h.sessions = append(append([]exam.Session{}, kept.Exams...), h.sessions...)
	h.examDate, h.loaded = kept.ExamDate, true
	h.changed()
}

// add takes an attempt, once.
func (h *history) add(a quiz.Attempt) (added bool) {
	if _, ok := h.known[a.ID]; ok {
		return false
	}
	h.known[a.ID] = len(h.attempts)
	h.attempts = append(h.attempts, a)
	h.changed()
	return true
}

func (h *history) classify(id string, miss quiz.Miss) {
	if i, ok := h.known[id]; ok {
		h.attempts[i].Miss = miss
		h.changed()
	}
}

// attempt finds an attempt by its id.
func (h *history) attempt(id string) (quiz.Attempt, bool) {
	i, ok := h.known[id]
	if !ok {
		return quiz.Attempt{}, false
	}
	return h.attempts[i], true
}

// happened adds a kept event to its exam.
func (h *history) happened(id string, e exam.Event) {
	for i := range h.sessions {
		if h.sessions[i].ID == id {
			h.sessions[i].Events = append(h.sessions[i].Events, e)
			h.changed()
		}
	}
}

// begin takes a new exam.
func (h *history) begin(s exam.Session) {
	h.sessions = append(h.sessions, s)
	h.changed()
}

// session finds an exam by its id.
func (h *history) session(id string) (exam.Session, bool) {
	for _, s := range h.sessions {
		if s.ID == id {
			return s, true
		}
	}
	return exam.Session{}, false
}

// underWay is an exam that was running when it was looked for.
type underWay struct {
	// changes is that of the history then.
	changes int
	session exam.Session
	state   exam.State
}

// running is the exam under way with its state now, the latest when there are
// several.
func (h *history) running(now time.Time) (s exam.Session, state exam.State, ok bool) {
	if state = h.current.state.At(now); h.current.changes != h.changes || state.Over() {
		h.current = h.find(now)
		state = h.current.state
	}
	return h.current.session, state, state.Running()
}

func (h *history) find(now time.Time) underWay {
	for i := len(h.sessions) - 1; i >= 0; i-- {
		s := h.sessions[i]
		if h.over[s.ID] {
			continue
		}
		state := s.State(now)
		if state.Running() {
			return underWay{changes: h.changes, session: s, state: state}
		}
		h.over[s.ID] = state.Over()
	}
	return underWay{changes: h.changes}
}

// cards is the deck as the attempts leave it.
func (h *history) cards() review.Deck {
	if h.deck == nil {
		h.deck = review.Cards(h.attempts)
	}
	return h.deck
}

// last is the latest attempt at a question.
func (h *history) last(question string) (quiz.Attempt, bool) {
	if h.latest == nil {
		h.latest = map[string]int{}
		for i, a := range h.attempts {
			if before, ok := h.latest[a.QuestionID]; !ok || !a.At.Before(h.attempts[before].At) {
				h.latest[a.QuestionID] = i
			}
		}
	}
	i, ok := h.latest[question]
	if !ok {
		return quiz.Attempt{}, false
	}
	return h.attempts[i], true
}
