package exam

import "time"

// When the clock makes itself felt.
const (
	// WarnAt is the time left at which the learner is warned.
	WarnAt = 30 * time.Minute
	// ForceAt is the time left at which clock and counter can no longer be hidden.
	ForceAt = 5 * time.Minute
)

// State is an exam at a moment. It is a value: Apply and At return another one
// and leave theirs as it was.
type State struct {
	Paper Paper
	// Started is zero before the start.
	Started time.Time
	// LastEvent is the time of the latest event, and Now the moment of the state:
	// never before that, never after the end.
	LastEvent, Now time.Time
	// Item is the position of the question that is shown.
	Item  int
	Items []Progress
	// ClockHidden and CounterHidden are what the learner asked for; see
	// ShowsClock and ShowsCounter.
	ClockHidden, CounterHidden bool
	// Ended is when the exam ended, by the learner or by the clock; zero until then.
	Ended time.Time
	// ByClock is set when the time ran out.
	ByClock bool
	// Refused counts the events that Replay passed over.
	Refused int
}

// Progress is what was done with one item.
type Progress struct {
	Seen    bool
	Flagged bool
	// Chosen is the answer as it stands, in the order shown.
	Chosen []string
	// StruckOut are the options crossed out, in the order shown.
	StruckOut []string
	// Answers are the complete answers in the order they were given; a second one
	// is a change of mind.
	Answers [][]string
	// AnsweredAt is when Chosen last changed.
	AnsweredAt time.Time
	// Spent is how long the item was before the learner, up to the latest event.
	Spent time.Duration
}

// Tally counts a paper's items. Answered, Incomplete and Unanswered add up to
// all of them.
type Tally struct {
	Answered int
	// Incomplete items have fewer options chosen than they ask for.
	Incomplete int
	Unanswered int
	Flagged    int
	// Unseen items are among the unanswered.
	Unseen int
}

// New is the state of a paper that nobody has started.
func New(p Paper) State { return State{Paper: p, Items: make([]Progress, len(p.Items))} }

// Replay is the state at now of an exam to which these events happened, in this
// order. Events that Apply refuses are passed over and counted.
func Replay(p Paper, events []Event, now time.Time) State {
	s := New(p)
	for _, e := range events {
		if err := s.apply(e); err != nil {
			s.Refused++
		}
	}
	return s.At(now)
}

// At is the state at a moment without further events: the clock has moved, and
// may have ended the exam. A moment before the latest event is that of the event.
func (s State) At(now time.Time) State {
	if !s.Running() {
		return s
	}
	if now.Before(s.LastEvent) {
		now = s.LastEvent
	}
	s.Now = now
	if end := s.Deadline(); !now.Before(end) {
		s.Now, s.Ended, s.ByClock = end, end, true
	}
	return s
}

// Running says that the exam has started and is not over.
func (s State) Running() bool { return !s.Started.IsZero() && s.Ended.IsZero() }

// Over says that the exam has ended, by the learner or by the clock.
func (s State) Over() bool { return !s.Ended.IsZero() }

// Deadline is when the clock ends the exam; zero before the start.
func (s State) Deadline() time.Time {
	if s.Started.IsZero() {
		return time.Time{}
	}
	return s.Started.Add(s.Paper.Blueprint.Length())
}

// Left is the time left: the whole length before the start, 0 when over.
func (s State) Left() time.Duration {
	switch {
	case s.Started.IsZero():
		return s.Paper.Blueprint.Length()
	case s.Over():
		return 0
	}
	return s.Deadline().Sub(s.Now)
}

// Warns says that at most WarnAt is left of a running exam that began with more.
func (s State) Warns() bool {
	return s.Running() && s.Left() <= WarnAt && s.Paper.Blueprint.Length() > WarnAt
}

// Forced says that at most ForceAt is left, so that clock and counter show.
func (s State) Forced() bool { return s.Running() && s.Left() <= ForceAt }

// ShowsClock says whether the clock is to be seen: it is not hidden, or forced.
func (s State) ShowsClock() bool { return !s.ClockHidden || s.Forced() }

// ShowsCounter says whether the count of questions is to be seen.
func (s State) ShowsCounter() bool { return !s.CounterHidden || s.Forced() }

// Answered says whether as many options are chosen as the item asks for; false
// for a position that the paper does not have.
func (s State) Answered(item int) bool {
	return s.has(item) && len(s.Items[item].Chosen) == s.Paper.Items[item].Choose()
}

func (s State) has(item int) bool {
	return item >= 0 && item < len(s.Items) && item < len(s.Paper.Items)
}

// Tally counts what is answered, flagged and left open.
func (s State) Tally() Tally {
	var t Tally
	for n, p := range s.Items {
		switch {
		case s.Answered(n):
			t.Answered++
		case len(p.Chosen) > 0:
			t.Incomplete++
		default:
			t.Unanswered++
			if !p.Seen {
				t.Unseen++
			}
		}
		if p.Flagged {
			t.Flagged++
		}
	}
	return t
}
