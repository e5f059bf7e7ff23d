package review

import (
	"hash/fnv"
	"time"

	"claimcheck/quiz"
)

// Plan is what the schedule aims at.
type Plan struct {
	// Exam is the day of the exam; zero when there is none.
	Exam time.Time
}

const (
	// finalWeek is how many days before the exam the last reviews are spread over.
	finalWeek = 7
	// newADay is how many new questions a day there are without an exam to aim at.
	newADay = 10
)

// Due is when a card is wanted: by the model, but at least once more in the last
// days before the exam. These last reviews are spread over a week (over half the
// time that was left when the card was last seen, if that is less), each question
// on a day of its own that does not change.
func (p Plan) Due(c Card) time.Time {
	left := daysBetween(c.Last.At, p.Exam)
	if p.Exam.IsZero() || left < 2 {
		return c.Due
	}
	last := p.Exam.AddDate(0, 0, -1-spread(c.QuestionID, min(finalWeek, left/2)))
	if c.Due.After(last) && last.Sub(c.Last.At) >= day {
		return last
	}
	return c.Due
}

// spread is a number below days that follows from the id.
func spread(id string, days int) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % uint32(days))
}

// Newcomers is how many questions that were never answered to take up in the rest
// of today, in now's location: so many that all have been seen a week before the
// exam (when that is near, half way to it), or 10 a day when there is no exam.
func (p Plan) Newcomers(questions []quiz.Question, deck Deck, now time.Time) int {
	unseen, today := 0, 0
	for _, q := range questions {
		card, seen := deck[q.ID]
		switch {
		case !seen:
			unseen++
		case !card.First.Before(midnight(now)):
			today++
		}
	}
	quota := newADay
	if left := daysBetween(now, p.Exam); left > 0 {
		days := max(1, left-finalWeek, left/2)
		quota = (unseen + today + days - 1) / days
	}
	return min(unseen, max(0, quota-today))
}

// midnight is the beginning of a moment's day, in its location.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
