package exam

import (
	"fmt"
	"slices"
	"strings"

	"claimcheck/quiz"
)

// Build puts a paper together: no question twice, each bank in proportion to its
// size, questions and options in an order that follows from the seed, however the
// bank is sorted. When there are too few questions it returns a *Shortage with an
// offer.
//
//  1. Questions that have one of the topics are candidates.
//  2. Every bank gives its share of them (a systematic sample).
//  3. The chosen ones are shuffled, and it is drawn which do not count.
//  4. Each item's options are shuffled.
func Build(b Blueprint, bank []quiz.Question) (Paper, error) {
	if err := b.Check(); err != nil {
		return Paper{}, err
	}
	from := candidates(bank, b.Topics)
	if len(from) < b.Questions {
		return Paper{}, shortage(b, len(from))
	}
	r := random(b.Seed)
	asked := sample(&r, from, b.Questions)
	shuffle(&r, asked)
	paper := Paper{Blueprint: b}
	for _, q := range asked {
		paper.Items = append(paper.Items, item(&r, q))
	}
	for _, at := range draw(&r, b.Questions, b.Unscored) {
		paper.Items[at].Unscored = true
	}
	return paper, nil
}

// candidates are the questions with one of the topics, each once, sorted by id.
// A question without a correct option can not be marked and is none.
func candidates(bank []quiz.Question, topics []string) []quiz.Question {
	wanted := func(topic string) bool { return slices.Contains(topics, topic) }
	var found []quiz.Question
	for _, q := range bank {
		if len(q.Key()) > 0 && (len(topics) == 0 || slices.ContainsFunc(q.Topics, wanted)) {
			found = append(found, q)
		}
	}
	slices.SortStableFunc(found, func(a, b quiz.Question) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(found, func(a, b quiz.Question) bool { return a.ID == b.ID })
}

// sample takes every len(from)/n-th question of the banks laid end to end, from
// a random start, so that each bank has its share to within one question.
func sample(r *random, from []quiz.Question, n int) []quiz.Question {
	shuffle(r, from)
	slices.SortStableFunc(from, func(a, b quiz.Question) int { return strings.Compare(a.Bank, b.Bank) })
	start := r.below(len(from))
	taken := make([]quiz.Question, n)
	for i := range taken {
		taken[i] = from[(start+i*len(from)/n)%len(from)]
	}
	return taken
}

// draw picks n different numbers below total.
func draw(r *random, total, n int) []int {
	all := make([]int, total)
	for i := range all {
		all[i] = i
	}
	shuffle(r, all)
	return all[:n]
}

func item(r *random, q quiz.Question) Item {
	i := Item{QuestionID: q.ID, Task: q.Task, Topics: slices.Clone(q.Topics), Key: q.Key()}
	for _, o := range q.Options {
		i.Options = append(i.Options, o.ID)
	}
	shuffle(r, i.Options)
	return i
}

// Shortage is the error of a bank that has fewer questions than a blueprint asks
// for.
type Shortage struct {
	Asked, Have int
	Topics      []string
	// Offer is the blueprint for what there is, at the same pace and with the
	// same share of unscored questions. It is the zero Blueprint when Have is 0.
	Offer Blueprint
}

func shortage(b Blueprint, have int) *Shortage {
	s := &Shortage{Asked: b.Questions, Have: have, Topics: b.Topics}
	if have > 0 {
		s.Offer = b
		s.Offer.Questions = have
		s.Offer.Minutes = proportion(b.Minutes, have, b.Questions)
		s.Offer.Unscored = b.Unscored * have / b.Questions
	}
	return s
}

// Error says how many questions there are and what can be had instead.
func (s *Shortage) Error() string {
	asked := fmt.Sprintf("the exam asks for %s", count(s.Asked, "question"))
	if len(s.Topics) > 0 {
		asked += " on " + strings.Join(s.Topics, " or ")
	}
	if s.Have == 0 {
		return asked + ", and there is none"
	}
	return fmt.Sprintf("%s, the bank has %d: take %s in %s instead", asked, s.Have,
		count(s.Offer.Questions, "question"), count(int(s.Offer.Length().Minutes()), "minute"))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
