package exam_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
)

func TestTheFullFormIsThatOfTheRealExam(t *testing.T) {
	p := paper(t, exam.Full(7))
	unscored := 0
	for _, i := range p.Items {
		if i.Unscored {
			unscored++
		}
	}
	if len(p.Items) != 65 || unscored != 15 {
		t.Errorf("%d questions, %d unscored; want 65 and 15", len(p.Items), unscored)
	}
}

func TestTheLengthFollowsTheRealExamsPace(t *testing.T) {
	tests := map[string]struct {
		blueprint exam.Blueprint
		want      time.Duration
	}{
		"full":                     {exam.Full(0), 130 * time.Minute},
		"full, with accommodation": {accommodated(exam.Full(0)), 160 * time.Minute},
		"twenty questions":         {exam.Short(20, 0), 40 * time.Minute},
		"one question":             {exam.Short(1, 0), 2 * time.Minute},
		"twenty, accommodated":     {accommodated(exam.Short(20, 0)), 50 * time.Minute},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.blueprint.Length(); got != test.want {
				t.Errorf("length %s, want %s", got, test.want)
			}
		})
	}
}

func accommodated(b exam.Blueprint) exam.Blueprint {
	b.Accommodation = true
	return b
}

func TestABlueprintThatMakesNoExamIsRefused(t *testing.T) {
	tests := map[string]struct {
		blueprint exam.Blueprint
		want      string
	}{
		"no questions":     {exam.Blueprint{Minutes: 10}, "an exam has at least 1 question, not 0"},
		"no time":          {exam.Blueprint{Questions: 1}, "an exam lasts 1 to 1440 minutes, not 0"},
		"more than a day":  {exam.Blueprint{Questions: 1, Minutes: 1441}, "an exam lasts 1 to 1440 minutes, not 1441"},
		"nothing scored":   {exam.Blueprint{Questions: 5, Minutes: 5, Unscored: 5}, "of 5 questions 0 to 4 can be unscored, not 5"},
		"negative numbers": {exam.Blueprint{Questions: 5, Minutes: 5, Unscored: -1}, "of 5 questions 0 to 4 can be unscored, not -1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := exam.Build(test.blueprint, library(10))
			if err == nil || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
}

func TestABankThatIsTooSmallOffersWhatThereIs(t *testing.T) {
	tests := map[string]struct {
		bank      int
		blueprint exam.Blueprint
		offer     exam.Blueprint
		says      string
	}{
		"four for the full form": {4, exam.Full(3),
			exam.Blueprint{Questions: 4, Minutes: 8, Unscored: 0, Seed: 3},
			"the exam asks for 65 questions, the bank has 4: take 4 questions in 8 minutes instead"},
		"forty for the full form, accommodated": {40, accommodated(exam.Full(3)),
			exam.Blueprint{Questions: 40, Minutes: 80, Unscored: 9, Accommodation: true, Seed: 3},
			"the exam asks for 65 questions, the bank has 40: take 40 questions in 99 minutes instead"},
		"one on a topic": {6, exam.Blueprint{Questions: 2, Minutes: 9, Topics: []string{"apis"}, Seed: 1},
			exam.Blueprint{Questions: 1, Minutes: 5, Topics: []string{"apis"}, Seed: 1},
			"the exam asks for 2 questions on apis, the bank has 1: take 1 question in 5 minutes instead"},
		"none": {6, exam.Blueprint{Questions: 2, Minutes: 9, Topics: []string{"appsync", "waf"}}, exam.Blueprint{},
			"the exam asks for 2 questions on appsync or waf, and there is none"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := exam.Build(test.blueprint, library(test.bank))
			var short *exam.Shortage
			if !errors.As(err, &short) {
				t.Fatalf("error %v, want a shortage", err)
			}
			if diff := cmp.Diff(test.offer, short.Offer); diff != "" {
				t.Errorf("offer (-want +got):\n%s", diff)
			}
			if err.Error() != test.says {
				t.Errorf("it says %q\nwant    %q", err, test.says)
			}
			if short.Have == 0 {
				return
			}
			if p, err := exam.Build(short.Offer, library(test.bank)); err != nil || len(p.Items) != short.Have {
				t.Errorf("the offer gives %d items, error %v", len(p.Items), err)
			}
		})
	}
}

func TestTopicsLimitWhatIsAsked(t *testing.T) {
	p := paper(t, exam.Blueprint{Questions: 20, Minutes: 40, Topics: []string{"pools", "apis"}, Seed: 5})
	for _, i := range p.Items {
		if !slices.Contains(i.Topics, "pools") && !slices.Contains(i.Topics, "apis") {
			t.Errorf("%s is on %v", i.QuestionID, i.Topics)
		}
	}
}

func TestEveryBankGivesItsShare(t *testing.T) {
	for seed := range uint64(50) {
		got := map[string]int{}
		for _, i := range paper(t, exam.Short(30, seed)).Items {
			got[i.Topics[0]]++
		}
		if diff := cmp.Diff(map[string]int{"tokens": 15, "pools": 10, "apis": 5}, got); diff != "" {
			t.Fatalf("seed %d: questions by bank (-want +got):\n%s", seed, diff)
		}
	}
}

func TestSeedsGiveDifferentPapersAndPositions(t *testing.T) {
	firsts, keys := map[string]bool{}, map[string]int{}
	for seed := range uint64(200) {
		p := paper(t, exam.Short(10, seed))
		firsts[p.Items[0].QuestionID] = true
		for _, i := range p.Items {
			keys[i.Letter(i.Key[0])]++
		}
	}
	if len(firsts) < 60 {
		t.Errorf("200 papers begin with only %d of 90 questions", len(firsts))
	}
	for _, letter := range []string{"A", "B", "C", "D"} {
		if keys[letter] < 350 {
			t.Errorf("the key is at %s in %d of 2000 items", letter, keys[letter])
		}
	}
}

func TestLettersFollowTheShuffledOrder(t *testing.T) {
	i := exam.Item{Options: []string{"C", "A", "B"}}
	if got := i.Letter("C") + i.Letter("A") + i.Letter("B") + i.Letter("Z"); got != "ABC" {
		t.Errorf("letters of C, A, B and a stranger: %q, want ABC", got)
	}
}

func TestNoQuestionIsRepeatedAndEveryOptionIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bank := library(rapid.IntRange(1, 90).Draw(t, "bank"))
		n := rapid.IntRange(1, len(bank)).Draw(t, "questions")
		b := exam.Blueprint{Questions: n, Minutes: 5, Unscored: rapid.IntRange(0, n-1).Draw(t, "unscored"), Seed: rapid.Uint64().Draw(t, "seed")}
		p, err := exam.Build(b, append(bank, bank...))
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Items) != n {
			t.Fatalf("%d items, want %d", len(p.Items), n)
		}
		seen := map[string]bool{}
		for _, i := range p.Items {
			if seen[i.QuestionID] {
				t.Fatalf("%s is asked twice", i.QuestionID)
			}
			seen[i.QuestionID] = true
			q := bank[slices.IndexFunc(bank, func(q quiz.Question) bool { return q.ID == i.QuestionID })]
			var want []string
			for _, o := range q.Options {
				want = append(want, o.ID)
			}
			if diff := cmp.Diff(want, slices.Sorted(slices.Values(i.Options))); diff != "" {
				t.Fatalf("options of %s (-want +got):\n%s", q.ID, diff)
			}
		}
	})
}

func TestThePaperDoesNotDependOnTheOrderOfTheBank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := exam.Short(rapid.IntRange(1, 40).Draw(t, "questions"), rapid.Uint64().Draw(t, "seed"))
		shuffled := rapid.Permutation(library(40)).Draw(t, "bank")
		want, err := exam.Build(b, library(40))
		if err != nil {
			t.Fatal(err)
		}
		got, err := exam.Build(b, shuffled)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("papers (-sorted +shuffled):\n%s", diff)
		}
	})
}

func TestAQuestionWithoutAKeyIsNotAsked(t *testing.T) {
	bank := append(library(2), quiz.Question{ID: "unkeyed", Options: []quiz.Option{{ID: "A"}}})
	var short *exam.Shortage
	if _, err := exam.Build(exam.Short(3, 1), bank); !errors.As(err, &short) || short.Have != 2 {
		t.Errorf("error %v, want a shortage with 2", err)
	}
}
