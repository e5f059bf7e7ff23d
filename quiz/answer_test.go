package quiz_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/quiz"
)

func twoOfFour() quiz.Question {
	return quiz.Question{ID: "q", Options: []quiz.Option{
		{ID: "A", Correct: true},
		{ID: "B", Misconception: "refresh-token-is-readable"},
		{ID: "C", Correct: true},
		{ID: "D", Misconception: "api-key-authenticates"},
	}}
}

func TestAnAnswerIsAllOrNothing(t *testing.T) {
	tests := map[string]struct {
		chosen    []string
		certainty quiz.Certainty
		want      quiz.Verdict
	}{
		"exactly the key": {[]string{"A", "C"}, quiz.Sure, quiz.Verdict{Right: true}},
		"in any order":    {[]string{"C", "A"}, quiz.Guessing, quiz.Verdict{Right: true}},
		"one missing":     {[]string{"A"}, quiz.Leaning, quiz.Verdict{Missed: []string{"C"}}},
		"one too many": {[]string{"A", "B", "C"}, quiz.Leaning, quiz.Verdict{
			Wrong: []string{"B"}, Misconceptions: []string{"refresh-token-is-readable"}}},
		"sure and wrong": {[]string{"B", "D"}, quiz.Sure, quiz.Verdict{
			Missed: []string{"A", "C"}, Wrong: []string{"B", "D"},
			Misconceptions: []string{"api-key-authenticates", "refresh-token-is-readable"}, SureAndWrong: true}},
		"nothing chosen": {nil, quiz.Guessing, quiz.Verdict{Missed: []string{"A", "C"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := quiz.Judge(twoOfFour(), quiz.Answer{QuestionID: "q", Chosen: test.chosen, Certainty: test.certainty})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheKeyListsTheCorrectOptionsInOrder(t *testing.T) {
	if diff := cmp.Diff([]string{"A", "C"}, twoOfFour().Key()); diff != "" {
		t.Errorf("key (-want +got):\n%s", diff)
	}
}

func TestLookingUpWhatIsNotThereSaysSo(t *testing.T) {
	if _, ok := twoOfFour().Option("E"); ok {
		t.Error("option E was found")
	}
	if _, ok := twoOfFour().Requirement("expires"); ok {
		t.Error("a requirement was found in a question without any")
	}
}
