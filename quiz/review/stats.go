package review

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"claimcheck/quiz"
)

// Mastery is how well a topic or task statement is known.
type Mastery struct {
	Name string
	// Seen of Questions were answered, Right of these rightly the last time.
	Questions, Seen, Right int
	// Share is the part of the questions that would be answered rightly now, 0 to
	// 1. An unseen question and one that was missed the last time count nothing,
	// any other its chance of recall, half of it when the answer was a guess.
	Share float64
}

// ByTopic is the mastery of each topic of the questions, sorted by name.
func ByTopic(questions []quiz.Question, deck Deck, now time.Time) []Mastery {
	return mastery(questions, deck, now, func(q quiz.Question) []string { return q.Topics })
}

// ByTask is the mastery of each task statement, sorted by name.
func ByTask(questions []quiz.Question, deck Deck, now time.Time) []Mastery {
	return mastery(questions, deck, now, func(q quiz.Question) []string { return []string{q.Task} })
}

func mastery(questions []quiz.Question, deck Deck, now time.Time, names func(quiz.Question) []string) []Mastery {
	parts := map[string]Mastery{}
	for _, q := range questions {
		card, seen := deck[q.ID]
		for _, name := range names(q) {
			m := parts[name]
			m.Name = name
			m.Questions++
			if seen {
				m.Seen++
				m.Share += card.expectation(now)
			}
			if card.Last.Right {
				m.Right++
			}
			parts[name] = m
		}
	}
	list := slices.SortedFunc(maps.Values(parts), func(a, b Mastery) int { return strings.Compare(a.Name, b.Name) })
	for i := range list {
		list[i].Share /= float64(list[i].Questions)
	}
	return list
}

// expectation is the chance of a right answer now.
func (c Card) expectation(now time.Time) float64 {
	switch {
	case !c.Last.Right:
		return 0
	case c.Last.Certainty == quiz.Guessing:
		return c.Retrievability(now) / 2
	}
	return c.Retrievability(now)
}

// Weakest is the part with the smallest share among those with a question seen;
// false when nothing is seen.
func Weakest(parts []Mastery) (Mastery, bool) {
	seen := slices.DeleteFunc(slices.Clone(parts), func(m Mastery) bool { return m.Seen == 0 })
	if len(seen) == 0 {
		return Mastery{}, false
	}
	return slices.MinFunc(seen, func(a, b Mastery) int { return cmp.Compare(a.Share, b.Share) }), true
}

// Confidence is how often the learner is right with one degree of certainty.
type Confidence struct {
	Certainty      quiz.Certainty
	Answers, Right int
}

// Calibration compares certainty with correctness: one row each for guessing,
// leaning and sure. Attempts without certainty are left out.
func Calibration(attempts []quiz.Attempt) []Confidence {
	rows := []Confidence{{Certainty: quiz.Guessing}, {Certainty: quiz.Leaning}, {Certainty: quiz.Sure}}
	for _, a := range attempts {
		at := slices.IndexFunc(rows, func(c Confidence) bool { return c.Certainty == a.Certainty })
		if at < 0 {
			continue
		}
		rows[at].Answers++
		if a.Right {
			rows[at].Right++
		}
	}
	return rows
}

// Belief is a misconception the learner has acted on.
type Belief struct {
	Name string
	// Times counts the attempts, Last is the latest.
	Times int
	Last  time.Time
}

// Beliefs counts misconceptions, the most frequent first, then the latest.
func Beliefs(attempts []quiz.Attempt) []Belief {
	counts := map[string]Belief{}
	for _, a := range attempts {
		for _, name := range slices.Compact(slices.Sorted(slices.Values(a.Misconceptions))) {
			b := counts[name]
			b.Name = name
			b.Times++
			if a.At.After(b.Last) {
				b.Last = a.At
			}
			counts[name] = b
		}
	}
	return slices.SortedFunc(maps.Values(counts), func(a, b Belief) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), b.Last.Compare(a.Last), strings.Compare(a.Name, b.Name))
	})
}

// MissCount is how often answers went wrong for one reason.
type MissCount struct {
	// Miss is "" for misses that were not classified.
	Miss  quiz.Miss
	Times int
}

// Misses counts the wrong attempts by class, in the order of quiz.Misses, those
// that were not classified last.
func Misses(attempts []quiz.Attempt) []MissCount {
	counts := map[quiz.Miss]int{}
	for _, a := range attempts {
		if !a.Right {
			counts[a.Miss]++
		}
	}
	var rows []MissCount
	for _, m := range append(quiz.Misses(), "") {
		rows = append(rows, MissCount{Miss: m, Times: counts[m]})
	}
	return rows
}
