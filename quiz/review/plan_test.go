package review_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"claimcheck/quiz"
	"claimcheck/quiz/review"
)

func TestWithoutAnExamTheModelDecides(t *testing.T) {
	card := review.Cards([]quiz.Attempt{right("q", now(), quiz.Sure)})["q"]
	if got := (review.Plan{}).Due(card); !got.Equal(card.Due) {
		t.Errorf("due %s, the model says %s", got, card.Due)
	}
}

func TestEveryQuestionIsSeenOnceMoreBeforeTheExam(t *testing.T) {
	plan := review.Plan{Exam: days(30)}
	byDay := map[int]int{}
	for n := range 200 {
		id := fmt.Sprintf("q%d", n)
		card := review.Cards([]quiz.Attempt{right(id, now(), quiz.Sure), right(id, days(8), quiz.Sure)})[id]
		due := plan.Due(card)
		if before := plan.Exam.Sub(due); before < 24*time.Hour || before > 7*24*time.Hour {
			t.Fatalf("%s is due %s before the exam, want 1 to 7 days", id, before)
		}
		byDay[int(due.Sub(now()).Hours()/24)]++
	}
	for day, n := range byDay {
		if n > 60 {
			t.Errorf("%d of 200 questions are due on day %d", n, day)
		}
	}
	if len(byDay) != 7 {
		t.Errorf("the last reviews are on %d days, want 7", len(byDay))
	}
}

func TestAQuestionSeenInTheLastDaysIsNotForcedBack(t *testing.T) {
	tests := map[string]struct {
		exam time.Time
	}{
		"the day after":  {days(31)},
		"the same day":   {days(30.4)},
		"some days ago":  {days(20)},
		"in three days":  {days(33)},
		"in eight weeks": {days(86)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			card := review.Cards([]quiz.Attempt{right("q", now(), quiz.Sure), right("q", days(30), quiz.Leaning)})["q"]
			if due := (review.Plan{Exam: test.exam}).Due(card); due.Sub(days(30)) < 24*time.Hour {
				t.Errorf("due %s after it was seen", due.Sub(days(30)))
			}
		})
	}
}

func TestThePlanNeverPutsACardOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := review.Plan{Exam: days(rapid.Float64Range(-10, 200).Draw(t, "exam"))}
		for id, card := range review.Cards(drawAttempts(t)) {
			due := plan.Due(card)
			if due.After(card.Due) || !due.After(card.Last.At) {
				t.Fatalf("%s: due %s, model %s, last seen %s", id, due, card.Due, card.Last.At)
			}
			if left := plan.Exam.Sub(card.Last.At); left > 10*24*time.Hour && !due.Before(plan.Exam) {
				t.Fatalf("%s, seen %s before the exam, is due after it", id, left)
			}
		}
	})
}

func TestNewcomersAreSpreadOverTheTimeThatIsLeft(t *testing.T) {
	var questions []quiz.Question
	for n := range 100 {
		questions = append(questions, question(fmt.Sprintf("q%03d", n), "bank"))
	}
	seen := func(n int, at time.Time) review.Deck {
		var attempts []quiz.Attempt
		for _, q := range questions[:n] {
			attempts = append(attempts, right(q.ID, at, quiz.Sure))
		}
		return review.Cards(attempts)
	}
	tests := map[string]struct {
		exam time.Time
		deck review.Deck
		want int
	}{
		"no exam":                        {time.Time{}, nil, 10},
		"no exam, four done today":       {time.Time{}, seen(4, days(-0.1)), 6},
		"no exam, four done yesterday":   {time.Time{}, seen(4, days(-1)), 10},
		"no exam, more than the quota":   {time.Time{}, seen(20, days(-0.1)), 0},
		"no exam, three left":            {time.Time{}, seen(97, days(-1)), 3},
		"27 days: twenty to see all":     {days(27), nil, 5},
		"27 days, five done today":       {days(27), seen(5, days(-0.1)), 0},
		"8 days: four to see all":        {days(8), nil, 25},
		"tomorrow":                       {days(1), nil, 100},
		"the exam is over: as if none":   {days(-3), nil, 10},
		"everything is seen":             {days(27), seen(100, days(-1)), 0},
		"the last three in enough weeks": {days(60), seen(97, days(-1)), 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := (review.Plan{Exam: test.exam}).Newcomers(questions, test.deck, now()); got != test.want {
				t.Errorf("%d newcomers, want %d", got, test.want)
			}
		})
	}
}
