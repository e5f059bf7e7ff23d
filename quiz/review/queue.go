package review

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"claimcheck/quiz"
)

// Reason is why a question is in the queue.
type Reason string

// The reasons, most pressing first.
const (
	// SureAndWrong was answered wrong with certainty.
	SureAndWrong Reason = "sure and wrong"
	// Due is wanted by the schedule.
	Due Reason = "due"
	// SameTopic follows a miss of knowledge: another question on its topics.
	SameTopic Reason = "same topic as a miss"
	// LookAlike follows a miss of reasoning: one that looks alike and differs.
	LookAlike Reason = "looks like a miss"
	// New was never answered.
	New Reason = "new"
)

// Entry is one question of a queue.
type Entry struct {
	QuestionID string
	Reason     Reason
	// Miss is how the last answer went wrong, "" when it was right or is not
	// classified.
	Miss quiz.Miss
	// Because is the missed question that this one follows up, "" for none.
	Because string
	// Due is when it was due; zero for questions that are not due.
	Due time.Time
}

// Queue is what to ask now, most pressing first:
//
//  1. due questions that were answered wrong with certainty, longest due first,
//  2. the other due ones, longest due first,
//  3. for each question whose last answer was a miss of knowledge or reasoning,
//     one with the same topics to follow it up, unless such a one was answered
//     since,
//  4. up to so many newcomers (see Plan.Newcomers), from the bank of which least
//     has been seen, easy ones first.
//
// Within each of these, look-alikes are put side by side: five neighbours at a
// time are reordered so that each shares a topic with the one before (the first
// with the question answered last) but comes from another bank, because telling
// them apart is what the exam asks for. A queue made anew after an answer goes on
// as the one before would have.
func Queue(questions []quiz.Question, attempts []quiz.Attempt, plan Plan, newcomers int, now time.Time) []Entry {
	q := queue{deck: Cards(attempts), plan: plan, now: now, queued: map[string]bool{}, answered: len(attempts)}
	q.questions = slices.SortedFunc(slices.Values(questions), byID)
	q.questions = slices.CompactFunc(q.questions, func(a, b quiz.Question) bool { return a.ID == b.ID })
	q.last = q.question(q.deck.latest())
	q.add(q.due(SureAndWrong))
	q.add(q.due(Due))
	q.add(q.followUps())
	q.add(q.newcomers(newcomers))
	return q.entries
}

func byID(a, b quiz.Question) int { return strings.Compare(a.ID, b.ID) }

// queue is a queue being made.
type queue struct {
	questions []quiz.Question
	deck      Deck
	plan      Plan
	now       time.Time
	queued    map[string]bool
	entries   []Entry
	// last is the question before the next entry, answered the number of all
	// answers so far.
	last     quiz.Question
	answered int
}

// due are the questions whose time has come for this reason, longest due first.
func (q *queue) due(reason Reason) []Entry {
	var due []Entry
	for _, question := range q.questions {
		card, seen := q.deck[question.ID]
		at := q.plan.Due(card)
		if !seen || at.After(q.now) || card.Last.SureAndWrong() != (reason == SureAndWrong) {
			continue
		}
		due = append(due, Entry{QuestionID: question.ID, Reason: reason, Miss: card.Last.Miss, Due: at})
	}
	slices.SortStableFunc(due, func(a, b Entry) int { return a.Due.Compare(b.Due) })
	return due
}

// newcomers takes unseen questions, each from the bank of which the smallest
// share is seen or taken.
func (q *queue) newcomers(limit int) []Entry {
	total, met, unseen := map[string]int{}, map[string]int{}, map[string][]quiz.Question{}
	for _, question := range q.questions {
		total[question.Bank]++
		if _, seen := q.deck[question.ID]; seen || q.queued[question.ID] {
			met[question.Bank]++
			continue
		}
		unseen[question.Bank] = append(unseen[question.Bank], question)
	}
	for _, waiting := range unseen {
		slices.SortStableFunc(waiting, func(a, b quiz.Question) int { return cmp.Compare(grade(a), grade(b)) })
	}
	var taken []Entry
	for len(taken) < limit && len(unseen) > 0 {
		bank := slices.MinFunc(slices.Sorted(maps.Keys(unseen)), func(a, b string) int {
			return cmp.Compare(met[a]*total[b], met[b]*total[a])
		})
		taken = append(taken, Entry{QuestionID: unseen[bank][0].ID, Reason: New})
		met[bank]++
		if unseen[bank] = unseen[bank][1:]; len(unseen[bank]) == 0 {
			delete(unseen, bank)
		}
	}
	return taken
}

// grade orders questions from easy to hard.
func grade(q quiz.Question) int {
	return slices.Index([]string{"easy", "medium", "hard"}, q.Difficulty)
}

// add appends entries, look-alikes side by side. The groups that are reordered
// are counted from the learner's first answer, so that they stay the same when
// the queue is made anew, and no entry is passed over more than a few times.
func (q *queue) add(entries []Entry) {
	const group = 5
	rest := slices.Clone(entries)
	for len(rest) > 0 {
		left := group - (q.answered+len(q.entries))%group
		at := q.fitting(rest[:min(left, len(rest))])
		q.last = q.question(rest[at].QuestionID)
		q.entries = append(q.entries, rest[at])
		q.queued[q.last.ID] = true
		rest = slices.Delete(rest, at, at+1)
	}
}

// fitting is the position of the entry to put next: a look-alike of the last one,
// else one from another bank, else the first.
func (q *queue) fitting(entries []Entry) int {
	other := func(e Entry) bool { return q.question(e.QuestionID).Bank != q.last.Bank }
	alike := func(e Entry) bool { return other(e) && shared(q.question(e.QuestionID), q.last) > 0 }
	if at := slices.IndexFunc(entries, alike); at >= 0 {
		return at
	}
	return max(0, slices.IndexFunc(entries, other))
}

// question finds a question, the zero one for a stranger.
func (q *queue) question(id string) quiz.Question {
	at, found := slices.BinarySearchFunc(q.questions, id, func(q quiz.Question, id string) int { return strings.Compare(q.ID, id) })
	if !found {
		return quiz.Question{}
	}
	return q.questions[at]
}

// shared counts the topics that two questions have in common.
func shared(a, b quiz.Question) int {
	n := 0
	for _, topic := range a.Topics {
		if slices.Contains(b.Topics, topic) {
			n++
		}
	}
	return n
}
