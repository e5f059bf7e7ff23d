// Package review owns what to ask next: the memory model (FSRS-6), the cards
// that follow from a learner's attempts, the queue of a session, and the numbers
// of the progress page. Everything follows from the list of attempts; nothing
// else is kept. Everything is a value and time is an argument. It refuses to
// know how attempts are stored or drawn.
package review

import (
	"cmp"
	"maps"
	"slices"

	"claimcheck/quiz"
)

// Rate grades an attempt for the memory model.
//
//  1. A miss by slip or by misreading is no forgetting: Hard.
//  2. Any other miss is Again.
//  3. A right answer is Hard when guessed, Good when leaning, Easy when sure;
//     Good where certainty was not asked.
func Rate(a quiz.Attempt) Rating {
	switch {
	case !a.Right && (a.Miss == quiz.Slip || a.Miss == quiz.Misread):
		return Hard
	case !a.Right:
		return Again
	}
	switch a.Certainty {
	case quiz.Guessing:
		return Hard
	case quiz.Sure:
		return Easy
	}
	return Good
}

// Deck holds the cards by question id.
type Deck map[string]Card

// Cards replays attempts in the order of their times. A question that was misread
// comes back after a day at the latest, whatever the model says.
func Cards(attempts []quiz.Attempt) Deck {
	deck := Deck{}
	for _, a := range inTime(attempts) {
		card := deck[a.QuestionID].Next(Rate(a), a.At)
		card.QuestionID, card.Last = a.QuestionID, a
		if tomorrow := a.At.Add(day); a.Miss == quiz.Misread && card.Due.After(tomorrow) {
			card.Due = tomorrow
		}
		deck[a.QuestionID] = card
	}
	return deck
}

// inTime sorts attempts by time, those of the same time by id.
func inTime(attempts []quiz.Attempt) []quiz.Attempt {
	return slices.SortedStableFunc(slices.Values(attempts), func(a, b quiz.Attempt) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}

// sorted returns the cards by question id.
func (d Deck) sorted() []Card {
	var cards []Card
	for _, id := range slices.Sorted(maps.Keys(d)) {
		cards = append(cards, d[id])
	}
	return cards
}

// latest is the question answered last, "" when none was.
func (d Deck) latest() string {
	latest := Card{}
	for _, card := range d.sorted() {
		if latest.Reviews == 0 || card.Last.At.After(latest.Last.At) {
			latest = card
		}
	}
	return latest.QuestionID
}
