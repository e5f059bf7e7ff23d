package exam_test

import (
	"fmt"
	"testing"
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
)

// start is when the tests' exams begin.
func start() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }

func at(minutes float64) time.Time {
	return start().Add(time.Duration(minutes * float64(time.Minute)))
}

// library makes questions in three banks of different size: half of a library
// is in "tokens", a third in "pools", the rest in "apis". Every third question
// asks for two of its five options, the others for one of four.
func library(n int) []quiz.Question {
	var questions []quiz.Question
	for i := range n {
		bank := []string{"tokens", "tokens", "tokens", "pools", "pools", "apis"}[i%6]
		q := quiz.Question{
			ID: fmt.Sprintf("q%03d", i), Bank: bank, Task: fmt.Sprintf("2.%d", 1+i%2),
			Topics: []string{bank, []string{"groups", "expiry"}[i%2]},
		}
		for _, letter := range "ABCD" {
			q.Options = append(q.Options, quiz.Option{ID: string(letter), Misconception: "belief-" + string(letter)})
		}
		q.Options[i%4].Correct = true
		if i%3 == 0 {
			q.Options = append(q.Options, quiz.Option{ID: "E", Correct: true})
		}
		questions = append(questions, q)
	}
	return questions
}

// paper builds an exam that the library has questions for.
func paper(t testing.TB, b exam.Blueprint) exam.Paper {
	t.Helper()
	p, err := exam.Build(b, library(90))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// play applies events that must all be taken.
func play(t testing.TB, s exam.State, events ...exam.Event) exam.State {
	t.Helper()
	for _, e := range events {
		next, err := s.Apply(e)
		if err != nil {
			t.Fatalf("%s at %s: %v", e.Kind, e.At, err)
		}
		s = next
	}
	return s
}

// wrong is an answer to an item that is not its key.
func wrong(i exam.Item) []string {
	for _, id := range i.Options {
		if id != i.Key[0] {
			return []string{id}
		}
	}
	return nil
}
