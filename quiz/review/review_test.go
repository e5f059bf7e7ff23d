package review_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimcheck/quiz"
	"claimcheck/quiz/review"
)

func TestAnAttemptIsGradedByItsVerdictCertaintyAndMiss(t *testing.T) {
	tests := map[string]struct {
		attempt quiz.Attempt
		want    review.Rating
	}{
		"right and sure":              {right("q", now(), quiz.Sure), review.Easy},
		"right and leaning":           {right("q", now(), quiz.Leaning), review.Good},
		"right by guessing":           {right("q", now(), quiz.Guessing), review.Hard},
		"right in an exam":            {right("q", now(), 0), review.Good},
		"wrong":                       {wrong("q", now(), quiz.Leaning, ""), review.Again},
		"wrong for lack of knowledge": {wrong("q", now(), quiz.Sure, quiz.Knowledge), review.Again},
		"wrong by reasoning":          {wrong("q", now(), quiz.Leaning, quiz.Reasoning), review.Again},
		"misread":                     {wrong("q", now(), quiz.Sure, quiz.Misread), review.Hard},
		"a slip":                      {wrong("q", now(), quiz.Sure, quiz.Slip), review.Hard},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := review.Rate(test.attempt); got != test.want {
				t.Errorf("rated %d, want %d", got, test.want)
			}
		})
	}
}

func TestCardsFollowFromTheAttempts(t *testing.T) {
	last := wrong("q", days(8), quiz.Leaning, quiz.Knowledge)
	deck := review.Cards([]quiz.Attempt{last, right("q", now(), quiz.Sure), right("other", now(), quiz.Leaning)})
	card := deck["q"]
	if card.Reviews != 2 || card.Lapses != 1 || card.Phase != review.Relearning || !card.First.Equal(now()) || !card.Due.Equal(days(8).Add(10*time.Minute)) {
		t.Errorf("card %+v", card)
	}
	if diff := cmp.Diff(last, card.Last); diff != "" {
		t.Errorf("last attempt (-want +got):\n%s", diff)
	}
	if len(deck) != 2 {
		t.Errorf("%d cards, want 2", len(deck))
	}
}

func TestAMisreadQuestionComesBackWithinADay(t *testing.T) {
	history := []quiz.Attempt{right("q", now(), quiz.Sure), right("q", days(8), quiz.Sure)}
	misread := review.Cards(append(history, wrong("q", days(40), quiz.Sure, quiz.Misread)))["q"]
	slip := review.Cards(append(history, wrong("q", days(40), quiz.Sure, quiz.Slip)))["q"]
	if !misread.Due.Equal(days(41)) || misread.Lapses != 0 {
		t.Errorf("misread: due %s after %d lapses, want a day later and none", misread.Due, misread.Lapses)
	}
	if !slip.Due.After(days(60)) {
		t.Errorf("a slip: due %s, want weeks later", slip.Due)
	}
}

func TestCardsDoNotDependOnTheOrderInWhichAttemptsWereKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempts := drawAttempts(t)
		if diff := cmp.Diff(review.Cards(attempts), review.Cards(rapid.Permutation(attempts).Draw(t, "shuffled"))); diff != "" {
			t.Fatalf("decks (-in order +shuffled):\n%s", diff)
		}
	})
}

func TestEveryCardStaysWithinTheModelsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for id, card := range review.Cards(drawAttempts(t)) {
			r := card.Retrievability(days(500))
			if card.Stability < 0.001 || card.Stability > 36500 || card.Difficulty < 1 || card.Difficulty > 10 || r <= 0 || r > 1 || !card.Due.After(card.Last.At) {
				t.Fatalf("%s: %+v, retrievability %f", id, card, r)
			}
		}
	})
}

// drawAttempts draws what a learner may have done in some weeks.
func drawAttempts(t *rapid.T) []quiz.Attempt {
	var attempts []quiz.Attempt
	at := 0.0
	for range rapid.IntRange(0, 40).Draw(t, "attempts") {
		at += rapid.Float64Range(0.001, 6).Draw(t, "passes")
		id := rapid.SampledFrom([]string{"a1", "a2", "a3", "b1", "b2", "c1"}).Draw(t, "question")
		certainty := quiz.Certainty(rapid.IntRange(0, 3).Draw(t, "certainty"))
		if rapid.Bool().Draw(t, "right") {
			attempts = append(attempts, right(id, days(at), certainty))
			continue
		}
		miss := rapid.SampledFrom(append(quiz.Misses(), "")).Draw(t, "miss")
		attempts = append(attempts, wrong(id, days(at), certainty, miss))
	}
	return attempts
}
