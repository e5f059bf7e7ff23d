package review

import (
	"slices"

	"claimcheck/quiz"
)

// followUps are questions that follow up misses, the latest miss first. One that
// is queued already is only told what it follows up.
func (q *queue) followUps() []Entry {
	missed := slices.DeleteFunc(q.deck.sorted(), func(c Card) bool { return followUp(c.Last.Miss) == "" })
	slices.SortStableFunc(missed, func(a, b Card) int { return b.Last.At.Compare(a.Last.At) })
	var entries []Entry
	taken := map[string]bool{}
	for _, card := range missed {
		id := q.next(q.followers(card), taken)
		if id == "" {
			continue
		}
		taken[id] = true
		if at := slices.IndexFunc(q.entries, func(e Entry) bool { return e.QuestionID == id }); at >= 0 {
			q.entries[at].Because = card.QuestionID
			continue
		}
		entries = append(entries, Entry{QuestionID: id, Reason: followUp(card.Last.Miss), Miss: q.deck[id].Last.Miss, Because: card.QuestionID})
	}
	return entries
}

// followUp is the reason for which a miss of this class is followed up, "" when
// it is not: a slip and a misread stem say nothing about the topic.
func followUp(m quiz.Miss) Reason {
	switch m {
	case quiz.Knowledge:
		return SameTopic
	case quiz.Reasoning:
		return LookAlike
	}
	return ""
}

// followers are the questions that have most topics in common with a missed one,
// for a miss of reasoning in other banks only. There are none when one of them has
// been answered since the miss, nor for a question that is no longer in a bank.
func (q *queue) followers(missed Card) []string {
	like, most := q.question(missed.QuestionID), 1
	var ids []string
	for _, other := range q.questions {
		n := shared(other, like)
		if other.ID == like.ID || n < most || missed.Last.Miss == quiz.Reasoning && other.Bank == like.Bank {
			continue
		}
		if n > most {
			ids, most = nil, n
		}
		ids = append(ids, other.ID)
	}
	if slices.ContainsFunc(ids, func(id string) bool { return q.deck[id].Last.At.After(missed.Last.At) }) {
		return nil
	}
	return ids
}

// next is the question not taken that was seen longest ago or never, "" when all
// are taken.
func (q *queue) next(ids []string, taken map[string]bool) string {
	free := slices.DeleteFunc(ids, func(id string) bool { return taken[id] })
	if len(free) == 0 {
		return ""
	}
	return slices.MinFunc(free, func(a, b string) int { return q.deck[a].Last.At.Compare(q.deck[b].Last.At) })
}
