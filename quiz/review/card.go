package review

import (
	"time"

	"claimcheck/quiz"
)

// Phase is where a card is in its schedule.
type Phase string

// The phases of FSRS. A question that was never answered has no card.
const (
	Learning   Phase = "learning"
	Reviewing  Phase = "review"
	Relearning Phase = "relearning"
)

// Card is what is remembered about one question.
type Card struct {
	QuestionID string
	// Stability is the number of days in which the chance of recall falls to 90 %.
	Stability float64
	// Difficulty is 1 (easy) to 10.
	Difficulty float64
	Phase      Phase
	// Step is the position in the learning or relearning steps.
	Step int
	// Due is when the model wants to see the card again; see Plan.Due.
	Due time.Time
	// Reviews counts attempts, Lapses those that failed in phase Reviewing.
	Reviews, Lapses int
	// First is the time of the first attempt, Last the latest attempt.
	First time.Time
	Last  quiz.Attempt
}

// steps are the waits before a card leaves a phase: FSRS's defaults, which are
// Anki's.
func steps(p Phase) []time.Duration {
	if p == Relearning {
		return []time.Duration{10 * time.Minute}
	}
	return []time.Duration{time.Minute, 10 * time.Minute}
}

// Next is the card after a review with this grade. The zero card is a question
// never seen. It is FSRS-6 with default parameters: retention 90 %, learning
// steps of 1 and 10 minutes, a relearning step of 10 minutes, no fuzz. A grade
// beyond the scale counts as its end.
func (c Card) Next(r Rating, at time.Time) Card {
	r = min(max(r, Again), Easy)
	next, days := c, daysBetween(c.Last.At, at)
	m := first(r)
	if c.Reviews == 0 {
		next.First, next.Phase = at, Learning
	} else {
		m = c.memory().after(r, days)
	}
	next.Stability, next.Difficulty = m.stability, m.difficulty
	next.Reviews++
	next.Last.At = at
	switch {
	case c.Phase != Reviewing:
		next.step(r, at)
	case r == Again:
		next.Phase, next.Step = Relearning, 0
		next.Lapses++
		next.Due = at.Add(steps(Relearning)[0])
	default:
		next.Due = at.Add(time.Duration(c.interval(r, days)) * day)
	}
	return next
}

func (c Card) memory() memory { return memory{c.Stability, c.Difficulty} }

// step moves the card through its learning or relearning steps, or out of them.
func (c *Card) step(r Rating, at time.Time) {
	waits := steps(c.Phase)
	var wait time.Duration
	switch {
	case r == Again:
		c.Step, wait = 0, waits[0]
	case r == Hard && len(waits) == 1:
		wait = waits[0] * 3 / 2
	case r == Hard:
		wait = ((waits[0] + waits[1]) / 2).Round(time.Minute)
	case r == Good && c.Step+1 < len(waits):
		c.Step++
		wait = waits[c.Step]
	default:
		c.Phase, c.Step = Reviewing, 0
		c.Due = at.Add(time.Duration(c.memory().interval()) * day)
		return
	}
	c.Due = at.Add(wait)
}

// interval is the days until the next review of a card that was recalled: each
// better grade waits at least a day longer.
func (c Card) interval(r Rating, days int) int {
	after := func(r Rating) int { return c.memory().after(r, days).interval() }
	hard, good := min(after(Hard), after(Good)), after(Good)
	good = max(good, hard+1)
	switch r {
	case Hard:
		return hard
	case Good:
		return good
	}
	return max(after(Easy), good+1)
}

// Retrievability is the chance that the question is recalled at a moment.
func (c Card) Retrievability(now time.Time) float64 {
	return c.memory().retrievability(max(0, now.Sub(c.Last.At).Hours()/24))
}
