// Package exam owns the practice exam: which questions are asked in which
// order, the clock, what the learner did, and the score. An exam is a Paper and
// a list of Events; its state is a fold over them, so that a program that was
// killed goes on where the last kept event left it. Everything is a value and
// time is an argument. It refuses to know how an exam is drawn or stored.
package exam

import (
	"fmt"
	"time"
)

// The real exam's numbers (AWS Certified Developer - Associate exam guide).
const (
	// FullQuestions are asked in the full form, of which FullUnscored do not
	// count; which ones is not told.
	FullQuestions = 65
	FullUnscored  = 15
	// FullMinutes is its length, AccommodatedMinutes that with the accommodation
	// for those who do not speak English as their first language.
	FullMinutes         = 130
	AccommodatedMinutes = 160
)

// longest is the length of the longest exam in minutes: a day.
const longest = 24 * 60

// Blueprint says what exam is wanted. Equal blueprints over equal banks give
// equal papers.
type Blueprint struct {
	Questions int `json:"questions"`
	// Minutes is the length without accommodation.
	Minutes int `json:"minutes"`
	// Accommodation lengthens the exam as 130 minutes become 160.
	Accommodation bool `json:"accommodation,omitempty"`
	// Unscored is how many of the questions do not count.
	Unscored int `json:"unscored,omitempty"`
	// Topics limits the exam to questions that have one of them; none is no limit.
	Topics []string `json:"topics,omitempty"`
	Seed   uint64   `json:"seed"`
}

// Full is the form of the real exam.
func Full(seed uint64) Blueprint {
	return Blueprint{Questions: FullQuestions, Minutes: FullMinutes, Unscored: FullUnscored, Seed: seed}
}

// Short is a shorter exam at the pace of the real one, in which every question
// counts.
func Short(questions int, seed uint64) Blueprint {
	return Blueprint{Questions: questions, Minutes: proportion(FullMinutes, questions, FullQuestions), Seed: seed}
}

// Check says what is wrong with a blueprint, nil when nothing is.
func (b Blueprint) Check() error {
	switch {
	case b.Questions < 1:
		return fmt.Errorf("an exam has at least 1 question, not %d", b.Questions)
	case b.Minutes < 1 || b.Minutes > longest:
		return fmt.Errorf("an exam lasts 1 to %d minutes, not %d", longest, b.Minutes)
	case b.Unscored < 0 || b.Unscored >= b.Questions:
		return fmt.Errorf("of %d questions 0 to %d can be unscored, not %d", b.Questions, b.Questions-1, b.Unscored)
	}
	return nil
}

// Length is how long the exam lasts, accommodation included.
func (b Blueprint) Length() time.Duration {
	minutes := b.Minutes
	if b.Accommodation {
		minutes = proportion(AccommodatedMinutes, b.Minutes, FullMinutes)
	}
	return time.Duration(minutes) * time.Minute
}

// proportion is whole*part/of, rounded up.
func proportion(whole, part, of int) int { return (whole*part + of - 1) / of }

// Paper is the exam as it was put together. It is kept whole: its questions'
// keys and topics are those of the day it was made.
type Paper struct {
	Blueprint Blueprint `json:"blueprint"`
	Items     []Item    `json:"items"`
}

// Item is one question of a paper.
type Item struct {
	QuestionID string   `json:"question"`
	Task       string   `json:"task"`
	Topics     []string `json:"topics"`
	// Options are the question's option ids in the order in which they are
	// shown: the first is lettered A.
	Options []string `json:"options"`
	// Key are the ids of the correct options, in the question's order.
	Key []string `json:"key"`
	// Unscored marks a question that does not count. The learner is not told
	// before the end.
	Unscored bool `json:"unscored,omitempty"`
}

// Choose is how many options the item asks for.
func (i Item) Choose() int { return len(i.Key) }

// Letter returns the letter under which an option is shown, "" for an option
// that the item does not have.
func (i Item) Letter(option string) string {
	for n, id := range i.Options {
		if id == option {
			return string(rune('A' + n))
		}
	}
	return ""
}
