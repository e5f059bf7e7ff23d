package review_test

import (
	"fmt"
	"time"

	"claimcheck/quiz"
)

// days is a moment so many days after now.
func days(n float64) time.Time { return now().Add(time.Duration(n * 24 * float64(time.Hour))) }

// right and wrong are attempts at a question, certain to some degree.
func right(question string, at time.Time, c quiz.Certainty) quiz.Attempt {
	return quiz.Attempt{ID: fmt.Sprintf("%s@%d", question, at.Unix()), QuestionID: question, At: at, Took: time.Minute, Chosen: []string{"A"}, Certainty: c, Right: true, Source: quiz.FromStudy}
}

func wrong(question string, at time.Time, c quiz.Certainty, m quiz.Miss) quiz.Attempt {
	a := right(question, at, c)
	a.Right, a.Miss = false, m
	return a
}

func question(id, bank string, topics ...string) quiz.Question {
	return quiz.Question{ID: id, Bank: bank, Task: "2.1", Topics: topics, Difficulty: "medium"}
}
