package quiz_test

import (
	"testing"

	"claimcheck/quiz"
)

func TestOnlyAWrongAnswerGivenWithCertaintyIsSureAndWrong(t *testing.T) {
	tests := map[string]struct {
		attempt quiz.Attempt
		want    bool
	}{
		"sure and wrong":        {quiz.Attempt{Certainty: quiz.Sure}, true},
		"sure and right":        {quiz.Attempt{Certainty: quiz.Sure, Right: true}, false},
		"leaning and wrong":     {quiz.Attempt{Certainty: quiz.Leaning}, false},
		"wrong, nobody asked":   {quiz.Attempt{}, false},
		"guessing and lucky":    {quiz.Attempt{Certainty: quiz.Guessing, Right: true}, false},
		"guessing and unlucky":  {quiz.Attempt{Certainty: quiz.Guessing}, false},
		"right without a doubt": {quiz.Attempt{Right: true}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.attempt.SureAndWrong(); got != test.want {
				t.Errorf("%t, want %t", got, test.want)
			}
		})
	}
}
