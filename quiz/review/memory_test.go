package review_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/quiz/review"
)

func now() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }

// The vectors are those of go-fsrs v4 (https://github.com/open-spaced-repetition/go-fsrs),
// default parameters, each review on its due time.
func TestReviewsOnTimeMatchGoFSRS(t *testing.T) {
	const minute, day = time.Minute, 24 * time.Hour
	tests := map[string]struct {
		ratings    []review.Rating
		stability  []float64
		difficulty []float64
		waits      []time.Duration
	}{
		"good five times": {
			[]review.Rating{3, 3, 3, 3, 3},
			[]float64{2.3065, 2.3065, 10.9710, 46.3169, 162.9998},
			[]float64{2.1181, 2.1112, 2.1043, 2.0975, 2.0906},
			[]time.Duration{10 * minute, 2 * day, 11 * day, 46 * day, 163 * day}},
		"easy, then good": {
			[]review.Rating{4, 3, 3},
			[]float64{8.2956, 38.9051, 153.0001}, []float64{1, 1, 1},
			[]time.Duration{8 * day, 39 * day, 153 * day}},
		"forgotten twice": {
			[]review.Rating{1, 3, 3, 1, 3, 3},
			[]float64{0.2120, 0.2467, 0.2842, 0.1263, 0.1520, 0.8595},
			[]float64{6.4133, 6.4021, 6.3909, 8.7990, 8.7854, 8.7718},
			[]time.Duration{minute, 10 * minute, day, 10 * minute, day, 2 * day}},
		"every way of recalling": {
			[]review.Rating{3, 2, 3, 4},
			[]float64{2.3065, 2.3065, 2.3065, 13.7290}, []float64{2.1181, 4.7529, 4.7433, 2.9720},
			[]time.Duration{10 * minute, 6 * minute, 2 * day, 14 * day}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var card review.Card
			at := now()
			for i, r := range test.ratings {
				card = card.Next(r, at)
				if off(card.Stability, test.stability[i]) > 5e-5 || off(card.Difficulty, test.difficulty[i]) > 5e-5 {
					t.Errorf("review %d: stability %.4f, difficulty %.4f; want %.4f, %.4f", i, card.Stability, card.Difficulty, test.stability[i], test.difficulty[i])
				}
				if got := card.Due.Sub(at); got != test.waits[i] {
					t.Errorf("review %d: due after %s, want %s", i, got, test.waits[i])
				}
				at = card.Due
			}
		})
	}
}

func off(a, b float64) float64 { return math.Abs(a - b) }

// The vectors are made with ts-fsrs: see testdata/vectors.mjs.
func TestReviewsAtAnyTimeMatchTsFSRS(t *testing.T) {
	type step struct {
		At         time.Time     `json:"at"`
		Rating     review.Rating `json:"rating"`
		Phase      review.Phase  `json:"phase"`
		Step       int           `json:"step"`
		Stability  float64       `json:"stability"`
		Difficulty float64       `json:"difficulty"`
		Due        time.Time     `json:"due"`
		Lapses     int           `json:"lapses"`
	}
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var histories [][]step
	if err := json.Unmarshal(text, &histories); err != nil {
		t.Fatal(err)
	}
	reviews := 0
	for n, history := range histories {
		var card review.Card
		for i, want := range history {
			reviews++
			card = card.Next(want.Rating, want.At)
			if off(card.Stability, want.Stability) > 1e-6*want.Stability || off(card.Difficulty, want.Difficulty) > 1e-6 {
				t.Fatalf("history %d, review %d: stability %.8f, difficulty %.8f; want %.8f, %.8f", n, i, card.Stability, card.Difficulty, want.Stability, want.Difficulty)
			}
			got := step{want.At, want.Rating, card.Phase, card.Step, want.Stability, want.Difficulty, card.Due, card.Lapses}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("history %d, review %d (-want +got):\n%s", n, i, diff)
			}
		}
	}
	if reviews < 1000 {
		t.Errorf("only %d reviews were compared", reviews)
	}
}

func TestTheChanceOfRecallIsNinetyPercentAfterTheStability(t *testing.T) {
	card := review.Card{}.Next(review.Easy, now())
	days := func(n float64) time.Time { return now().Add(time.Duration(n * 24 * float64(time.Hour))) }
	tests := map[string]struct {
		at   time.Time
		want float64
	}{
		"at once":             {now(), 1},
		"before":              {days(-3), 1},
		"after the stability": {days(card.Stability), 0.9},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := card.Retrievability(test.at); off(got, test.want) > 1e-9 {
				t.Errorf("%f, want %f", got, test.want)
			}
		})
	}
}

func TestAGradeBeyondTheScaleCountsAsItsEnd(t *testing.T) {
	for grade, end := range map[review.Rating]review.Rating{-7: review.Again, 0: review.Again, 5: review.Easy} {
		if diff := cmp.Diff(review.Card{}.Next(end, now()), review.Card{}.Next(grade, now())); diff != "" {
			t.Errorf("grade %d (-%d +%[1]d):\n%[3]s", grade, end, diff)
		}
	}
}
