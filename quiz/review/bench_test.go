package review_test

import (
	"fmt"
	"testing"

	"claimcheck/quiz"
	"claimcheck/quiz/review"
)

// BenchmarkQueue makes the queue of a learner with 400 questions and 4,000
// answers.
func BenchmarkQueue(b *testing.B) {
	var questions []quiz.Question
	for n := range 400 {
		questions = append(questions, question(fmt.Sprintf("q%03d", n), fmt.Sprintf("bank%d", n%8), fmt.Sprintf("t%d", n%11), fmt.Sprintf("u%d", n%7)))
	}
	var attempts []quiz.Attempt
	for n := range 4000 {
		a := right(questions[n*7%350].ID, days(float64(n)/100), quiz.Certainty(1+n%3))
		if n%4 == 0 {
			a.Right, a.Miss = false, quiz.Misses()[n/4%4]
		}
		attempts = append(attempts, a)
	}
	for b.Loop() {
		review.Queue(questions, attempts, review.Plan{Exam: days(80)}, 10, days(41))
	}
}
