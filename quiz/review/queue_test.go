package review_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimcheck/quiz"
	"claimcheck/quiz/review"
)

// six are questions of three banks; "users" is the topic they look alike in.
func six() []quiz.Question {
	return []quiz.Question{
		question("a1", "pools", "users", "groups"),
		question("a2", "pools", "users", "groups"),
		question("a3", "pools", "expiry"),
		question("b1", "identity", "users", "roles"),
		question("b2", "identity", "roles"),
		question("c1", "apis", "cors"),
	}
}

func ids(entries []review.Entry) []string {
	var list []string
	for _, e := range entries {
		list = append(list, e.QuestionID)
	}
	return list
}

func TestSureAndWrongComesFirstThenWhatIsDueLongest(t *testing.T) {
	got := review.Queue(six(), []quiz.Attempt{
		right("c1", days(-20), quiz.Sure),
		right("a3", days(-30), quiz.Sure),
		right("b2", days(-1), quiz.Sure),
		wrong("b1", days(-2), quiz.Leaning, ""),
		wrong("a2", days(-1), quiz.Sure, quiz.Slip),
	}, review.Plan{}, 0, now())
	want := []review.Entry{
		{QuestionID: "a2", Reason: review.SureAndWrong, Miss: quiz.Slip},
		{QuestionID: "b1", Reason: review.Due},
		{QuestionID: "a3", Reason: review.Due},
		{QuestionID: "c1", Reason: review.Due},
	}
	for i := range got {
		if got[i].Due.IsZero() || got[i].Due.After(now()) {
			t.Errorf("%s was due %s", got[i].QuestionID, got[i].Due)
		}
		got[i].Due = want[min(i, len(want)-1)].Due
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
}

func TestLookAlikesOfDifferentBanksStandSideBySide(t *testing.T) {
	var attempts []quiz.Attempt
	for i, id := range []string{"a1", "a2", "a3", "b1", "b2"} {
		attempts = append(attempts, wrong(id, days(float64(i)/100-3), quiz.Leaning, ""))
	}
	got := ids(review.Queue(six(), attempts, review.Plan{}, 0, now()))
	if diff := cmp.Diff([]string{"a1", "b1", "a2", "b2", "a3"}, got); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
}

func TestAMissIsFollowedUpAccordingToItsClass(t *testing.T) {
	after := wrong("a1", days(-0.001), quiz.Leaning, "")
	tests := map[string]struct {
		miss   quiz.Miss
		since  []quiz.Attempt
		want   string
		reason review.Reason
	}{
		"knowledge: most topics in common":              {quiz.Knowledge, nil, "a2", review.SameTopic},
		"reasoning: looks alike, from another bank":     {quiz.Reasoning, nil, "b1", review.LookAlike},
		"a slip says nothing about the topic":           {quiz.Slip, nil, "", ""},
		"nor does a misread stem":                       {quiz.Misread, nil, "", ""},
		"nor a miss that nobody classified":             {"", nil, "", ""},
		"knowledge, and the other was answered since":   {quiz.Knowledge, []quiz.Attempt{right("a2", now(), quiz.Sure)}, "", ""},
		"knowledge, and something else was since":       {quiz.Knowledge, []quiz.Attempt{right("b1", now(), quiz.Sure)}, "a2", review.SameTopic},
		"knowledge, and the other was answered earlier": {quiz.Knowledge, []quiz.Attempt{right("a2", days(-1), quiz.Sure)}, "a2", review.SameTopic},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			missed := after
			missed.Miss = test.miss
			var want []review.Entry
			if test.want != "" {
				want = []review.Entry{{QuestionID: test.want, Reason: test.reason, Because: "a1"}}
			}
			got := review.Queue(six(), append(test.since, missed), review.Plan{}, 0, now())
			if len(got) > 0 && got[0].QuestionID == "a1" {
				got = got[1:] // it is due itself
			}
			if diff := cmp.Diff(want, got, cmp.Transformer("none", func(e []review.Entry) []review.Entry { return append([]review.Entry{}, e...) })); diff != "" {
				t.Errorf("queue (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFollowUpThatIsDueAnywayIsToldWhatItFollows(t *testing.T) {
	got := review.Queue(six(), []quiz.Attempt{
		wrong("a2", days(-3), quiz.Leaning, ""),
		wrong("a1", days(-2), quiz.Leaning, quiz.Knowledge),
	}, review.Plan{}, 0, now())
	if len(got) != 2 || got[0].QuestionID != "a2" || got[0].Because != "a1" || got[0].Reason != review.Due {
		t.Errorf("queue %+v", got)
	}
}

func TestNewcomersComeFromTheBankOfWhichLeastIsSeen(t *testing.T) {
	questions := six()
	questions[4].Difficulty = "easy" // b2
	attempts := []quiz.Attempt{right("a1", days(-1), quiz.Sure)}
	got := ids(review.Queue(questions, attempts, review.Plan{}, 3, now()))
	if diff := cmp.Diff([]string{"c1", "b2", "a2"}, got); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
	if got := review.Queue(questions, attempts, review.Plan{}, 99, now()); len(got) != 5 {
		t.Errorf("%d newcomers, want the 5 that there are", len(got))
	}
}

func TestTheQueueAsksNothingTwiceAndForgetsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempts := drawAttempts(t)
		plan := review.Plan{Exam: days(rapid.Float64Range(0, 300).Draw(t, "exam"))}
		at := days(rapid.Float64Range(0, 250).Draw(t, "now"))
		questions := rapid.Permutation(six()).Draw(t, "questions")
		limit := rapid.IntRange(0, 7).Draw(t, "newcomers")
		queued := map[string]review.Entry{}
		for _, e := range review.Queue(questions, attempts, plan, limit, at) {
			if _, twice := queued[e.QuestionID]; twice {
				t.Fatalf("%s is asked twice", e.QuestionID)
			}
			queued[e.QuestionID] = e
		}
		newcomers := 0
		for _, q := range questions {
			card, seen := review.Cards(attempts)[q.ID]
			e, asked := queued[q.ID]
			if due := seen && !plan.Due(card).After(at); due && !asked {
				t.Fatalf("%s is due and not asked", q.ID)
			}
			if e.Reason == review.New {
				newcomers++
				if seen {
					t.Fatalf("%s was answered and is called new", q.ID)
				}
			}
		}
		if newcomers > limit {
			t.Fatalf("%d newcomers, want %d at most", newcomers, limit)
		}
	})
}

func TestTheQueueDoesNotDependOnTheOrderOfItsInputs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempts := drawAttempts(t)
		want := review.Queue(six(), attempts, review.Plan{}, 3, days(100))
		got := review.Queue(rapid.Permutation(six()).Draw(t, "questions"), rapid.Permutation(attempts).Draw(t, "attempts"), review.Plan{}, 3, days(100))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("queues (-in order +shuffled):\n%s", diff)
		}
	})
}

func TestAQueueMadeAnewGoesOnAsTheOneBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempts := drawAttempts(t)
		for i := range attempts {
			attempts[i].Miss = "" // what a follow-up answers may change the rest
		}
		at, limit := days(rapid.Float64Range(250, 260).Draw(t, "now")), rapid.IntRange(0, 3).Draw(t, "newcomers")
		queue := review.Queue(six(), attempts, review.Plan{}, limit, at)
		for len(queue) > 1 {
			if queue[0].Reason == review.New {
				limit--
			}
			attempts = append(attempts, right(queue[0].QuestionID, at, quiz.Sure))
			at = at.Add(time.Minute)
			next := review.Queue(six(), attempts, review.Plan{}, limit, at)
			if diff := cmp.Diff(ids(queue[1:]), ids(next)); diff != "" {
				t.Fatalf("after %s (-going on +made anew):\n%s", queue[0].QuestionID, diff)
			}
			queue = next
		}
	})
}

func TestTheFirstQuestionIsUnlikeTheOneAnsweredLast(t *testing.T) {
	got := ids(review.Queue(six(), []quiz.Attempt{
		wrong("a2", days(-3), quiz.Leaning, ""),
		wrong("b1", days(-2), quiz.Leaning, ""),
		right("a1", now(), quiz.Sure),
	}, review.Plan{}, 0, now()))
	if diff := cmp.Diff([]string{"b1", "a2"}, got); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
}

func TestAQuestionThatLeftTheBankIsNotAsked(t *testing.T) {
	got := review.Queue(nil, []quiz.Attempt{wrong("gone", days(-1), quiz.Sure, quiz.Knowledge)}, review.Plan{}, 5, now())
	if len(got) != 0 {
		t.Errorf("queue %+v", got)
	}
}
