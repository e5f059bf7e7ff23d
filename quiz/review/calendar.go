package review

import (
	"time"

	"claimcheck/quiz"
)

// Day is what was done on one day.
type Day struct {
	// Date is its midnight, in now's location.
	Date           time.Time
	Answers, Right int
	Took           time.Duration
}

// Activity is the last days up to now's, oldest first, empty ones included.
func Activity(attempts []quiz.Attempt, now time.Time, days int) []Day {
	list := make([]Day, max(0, days))
	for i := range list {
		list[i].Date = midnight(now).AddDate(0, 0, i+1-days)
	}
	for _, a := range attempts {
		at := dayOf(a.At, now) + days - 1
		if at < 0 || at >= len(list) {
			continue
		}
		list[at].Answers++
		list[at].Took += a.Took
		if a.Right {
			list[at].Right++
		}
	}
	return list
}

// Load is the number of reviews due on one day.
type Load struct {
	// Date is its midnight, in now's location.
	Date time.Time
	Due  int
}

// Forecast is the reviews due on the coming days if nothing else is answered,
// today first; what is overdue counts for today.
func Forecast(deck Deck, plan Plan, now time.Time, days int) []Load {
	list := make([]Load, max(0, days))
	for i := range list {
		list[i].Date = midnight(now).AddDate(0, 0, i)
	}
	for _, card := range deck {
		if at := max(0, dayOf(plan.Due(card), now)); at < len(list) {
			list[at].Due++
		}
	}
	return list
}

// dayOf counts the calendar days from now's to that of t, in now's location.
func dayOf(t, now time.Time) int {
	date := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(date(t.In(now.Location())).Sub(date(now)) / day)
}
