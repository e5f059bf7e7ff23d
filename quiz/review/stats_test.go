package review_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"claimcheck/quiz"
	"claimcheck/quiz/review"
)

func TestMasteryIsWhatWouldBeRightNow(t *testing.T) {
	deck := review.Cards([]quiz.Attempt{
		right("a1", now(), quiz.Sure),
		right("a2", now(), quiz.Guessing),
		right("b1", now(), quiz.Sure), wrong("b1", now().Add(time.Minute), quiz.Sure, quiz.Slip),
		right("gone", now(), quiz.Sure),
	})
	want := []review.Mastery{
		{Name: "cors", Questions: 1},
		{Name: "expiry", Questions: 1},
		{Name: "groups", Questions: 2, Seen: 2, Right: 2, Share: 0.75},
		{Name: "roles", Questions: 2, Seen: 1},
		{Name: "users", Questions: 3, Seen: 3, Right: 2, Share: 0.5},
	}
	if diff := cmp.Diff(want, review.ByTopic(six(), deck, now())); diff != "" {
		t.Errorf("by topic (-want +got):\n%s", diff)
	}
	task := []review.Mastery{{Name: "2.1", Questions: 6, Seen: 3, Right: 2, Share: 0.25}}
	if diff := cmp.Diff(task, review.ByTask(six(), deck, now())); diff != "" {
		t.Errorf("by task (-want +got):\n%s", diff)
	}
}

func TestMasteryFadesWithTheChanceOfRecall(t *testing.T) {
	questions := []quiz.Question{question("q", "bank", "topic")}
	deck := review.Cards([]quiz.Attempt{right("q", now(), quiz.Sure)})
	got := review.ByTopic(questions, deck, days(deck["q"].Stability))
	want := []review.Mastery{{Name: "topic", Questions: 1, Seen: 1, Right: 1, Share: 0.9}}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("mastery (-want +got):\n%s", diff)
	}
}

func TestTheWeakestPartIsAmongThoseSeen(t *testing.T) {
	if m, ok := review.Weakest([]review.Mastery{{Name: "unseen", Questions: 3}}); ok {
		t.Errorf("weakest is %q though nothing is seen", m.Name)
	}
	got, ok := review.Weakest([]review.Mastery{{Name: "unseen"}, {Name: "good", Seen: 1, Share: 0.8}, {Name: "bad", Seen: 2, Share: 0.2}, {Name: "worse in name only", Seen: 2, Share: 0.2}})
	if !ok || got.Name != "bad" {
		t.Errorf("weakest is %q, want bad", got.Name)
	}
}

func TestCalibrationComparesCertaintyWithCorrectness(t *testing.T) {
	got := review.Calibration([]quiz.Attempt{
		right("a", now(), quiz.Sure), right("b", now(), quiz.Sure), wrong("c", now(), quiz.Sure, ""),
		wrong("d", now(), quiz.Guessing, quiz.Knowledge), right("e", now(), 0),
	})
	want := []review.Confidence{{Certainty: quiz.Guessing, Answers: 1}, {Certainty: quiz.Leaning}, {Certainty: quiz.Sure, Answers: 3, Right: 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calibration (-want +got):\n%s", diff)
	}
}

func TestMisconceptionsAreCountedByName(t *testing.T) {
	with := func(at time.Time, names ...string) quiz.Attempt {
		a := wrong("q", at, quiz.Sure, quiz.Knowledge)
		a.Misconceptions = names
		return a
	}
	got := review.Beliefs([]quiz.Attempt{
		with(days(-1), "api-key-authenticates", "api-key-authenticates"),
		with(days(-9), "id-token-is-secret", "refresh-is-automatic"),
		with(days(-3), "refresh-is-automatic"),
		with(days(-3), "groups-are-roles"),
		right("q", now(), quiz.Sure),
	})
	want := []review.Belief{
		{Name: "refresh-is-automatic", Times: 2, Last: days(-3)},
		{Name: "api-key-authenticates", Times: 1, Last: days(-1)},
		{Name: "groups-are-roles", Times: 1, Last: days(-3)},
		{Name: "id-token-is-secret", Times: 1, Last: days(-9)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("beliefs (-want +got):\n%s", diff)
	}
}

func TestMissesAreCountedByClass(t *testing.T) {
	got := review.Misses([]quiz.Attempt{
		wrong("a", now(), quiz.Sure, quiz.Slip), wrong("b", now(), quiz.Sure, quiz.Slip),
		wrong("c", now(), quiz.Sure, ""), right("d", now(), quiz.Sure),
	})
	want := []review.MissCount{{Miss: quiz.Knowledge}, {Miss: quiz.Misread}, {Miss: quiz.Reasoning}, {Miss: quiz.Slip, Times: 2}, {Times: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("misses (-want +got):\n%s", diff)
	}
}

// berlin is an hour ahead of UTC.
func berlin() *time.Location { return time.FixedZone("CET", 3600) }

func TestActivityCountsTheLearnersOwnDays(t *testing.T) {
	here := time.Date(2026, 11, 21, 9, 0, 0, 0, berlin())
	got := review.Activity([]quiz.Attempt{
		right("a", time.Date(2026, 11, 20, 22, 59, 0, 0, time.UTC), quiz.Sure),
		wrong("b", time.Date(2026, 11, 20, 23, 0, 0, 0, time.UTC), quiz.Sure, ""),
		right("c", here, quiz.Sure),
		right("old", here.AddDate(0, 0, -3), quiz.Sure),
		right("of a clock that was ahead", here.AddDate(0, 0, 1), quiz.Sure),
	}, here, 3)
	date := func(day int) time.Time { return time.Date(2026, 11, day, 0, 0, 0, 0, berlin()) }
	want := []review.Day{
		{Date: date(19)},
		{Date: date(20), Answers: 1, Right: 1, Took: time.Minute},
		{Date: date(21), Answers: 2, Right: 1, Took: 2 * time.Minute},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("activity (-want +got):\n%s", diff)
	}
}

func TestTheForecastPutsWhatIsOverdueOnToday(t *testing.T) {
	deck := review.Cards([]quiz.Attempt{
		right("overdue", days(-40), quiz.Sure),
		wrong("in a minute", now(), quiz.Sure, ""),
		right("in a week", days(-1), quiz.Sure),
		right("later than the forecast", days(-0.5), quiz.Sure), right("later than the forecast", now(), quiz.Sure),
	})
	var got []int
	for i, load := range review.Forecast(deck, review.Plan{}, now(), 9) {
		if want := time.Date(2026, 11, 21+i, 0, 0, 0, 0, time.UTC); !load.Date.Equal(want) {
			t.Errorf("day %d is %s, want %s", i, load.Date, want)
		}
		got = append(got, load.Due)
	}
	if diff := cmp.Diff([]int{2, 0, 0, 0, 0, 0, 0, 1, 0}, got); diff != "" {
		t.Errorf("forecast (-want +got):\n%s", diff)
	}
}

func TestAForecastLongEnoughHasEveryCard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deck := review.Cards(drawAttempts(t))
		plan := review.Plan{Exam: days(rapid.Float64Range(1, 300).Draw(t, "exam"))}
		total := 0
		for _, load := range review.Forecast(deck, plan, days(100), 40000) {
			total += load.Due
		}
		if total != len(deck) {
			t.Fatalf("%d reviews are forecast, there are %d cards", total, len(deck))
		}
	})
}

func TestActivityOfEveryDayHasEveryAttempt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempts := drawAttempts(t)
		answers, correct := 0, 0
		for _, day := range review.Activity(attempts, days(300), 400) {
			answers += day.Answers
			correct += day.Right
		}
		if answers != len(attempts) || correct > answers {
			t.Fatalf("%d answers, %d right, of %d attempts", answers, correct, len(attempts))
		}
	})
}

func TestNoDaysAreNoDays(t *testing.T) {
	attempts := []quiz.Attempt{right("q", now(), quiz.Sure)}
	for _, days := range []int{0, -1} {
		if n := len(review.Activity(attempts, now(), days)) + len(review.Forecast(review.Cards(attempts), review.Plan{}, now(), days)); n != 0 {
			t.Errorf("%d days give %d rows", days, n)
		}
	}
}
