package exam_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
)

// answered is an ended exam of n scored items with so many right.
func answered(t testing.TB, n, right int) exam.State {
	p := paper(t, exam.Short(n, 11))
	s := play(t, exam.New(p), exam.Event{At: at(0), Kind: exam.Started})
	for i, item := range p.Items {
		options := item.Key
		if i >= right {
			options = wrong(item)
		}
		s = play(t, s, exam.Event{At: at(1), Kind: exam.Chosen, Item: i, Options: options})
	}
	return play(t, s, exam.Event{At: at(1.5), Kind: exam.Ended})
}

// The bands are the solutions of |right/n - x| = 1.96 * sqrt(x*(1-x)/n), found by
// bisection outside this program, on the scale from 100 to 1000.
func TestTheScoreIsAnEstimateWithItsBand(t *testing.T) {
	tests := map[string]struct {
		scored, right    int
		score, low, high int
		passed, clear    bool
	}{
		"all of fifty":      {50, 50, 1000, 936, 1000, true, true},
		"none of fifty":     {50, 0, 100, 100, 164, false, true},
		"half of fifty":     {50, 25, 550, 430, 670, false, true},
		"35 of fifty":       {50, 35, 730, 606, 828, true, false},
		"34 of fifty":       {50, 34, 712, 588, 813, false, false},
		"seven of ten":      {10, 7, 730, 457, 903, true, false},
		"one of one":        {1, 1, 1000, 286, 1000, true, false},
		"nine in ten of 60": {60, 54, 910, 819, 958, true, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := exam.Score(answered(t, test.scored, test.right))
			if r.Score != test.score || r.Low != test.low || r.High != test.high {
				t.Errorf("score %d (%d to %d), want %d (%d to %d)", r.Score, r.Low, r.High, test.score, test.low, test.high)
			}
			if r.Passed() != test.passed || r.Clear() != test.clear {
				t.Errorf("passed %t, clear %t", r.Passed(), r.Clear())
			}
		})
	}
}

func TestUnscoredQuestionsDoNotCount(t *testing.T) {
	p := paper(t, exam.Full(2))
	s := play(t, exam.New(p), exam.Event{At: at(0), Kind: exam.Started})
	for i, item := range p.Items {
		if item.Unscored {
			s = play(t, s, exam.Event{At: at(1), Kind: exam.Chosen, Item: i, Options: item.Key})
		}
	}
	r := exam.Score(s.At(at(1000)))
	if r.Score != 100 || r.Scored != 50 || r.Right != 0 || r.Unscored != 15 || r.UnscoredRight != 15 {
		t.Errorf("score %d from %d of %d, unscored %d of %d", r.Score, r.Right, r.Scored, r.UnscoredRight, r.Unscored)
	}
	if r.Took != 130*time.Minute {
		t.Errorf("it took %s, want all 2h10m", r.Took)
	}
}

func TestMultipleResponseIsAllOrNothing(t *testing.T) {
	tests := map[string]struct {
		chosen []string
		want   bool
	}{
		"the key":       {[]string{"E", "B"}, true},
		"half of it":    {[]string{"B"}, false},
		"one of it off": {[]string{"B", "A"}, false},
		"nothing":       {nil, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := play(t, started(t), exam.Event{At: at(1), Kind: exam.Chosen, Item: 1, Options: test.chosen}, exam.Event{At: at(2), Kind: exam.Ended})
			if got := exam.Score(s).Items[1].Right; got != test.want {
				t.Errorf("right %t, want %t", got, test.want)
			}
		})
	}
}

func TestTheResultIsBrokenDownByTaskAndTopic(t *testing.T) {
	p := two()
	p.Items[0].Task, p.Items[0].Topics = "2.1", []string{"groups", "expiry"}
	p.Items[1].Task, p.Items[1].Topics = "2.1", []string{"expiry"}
	p.Items[1].Unscored = true
	s := play(t, exam.New(p), exam.Event{At: at(0), Kind: exam.Started},
		exam.Event{At: at(2), Kind: exam.Chosen, Item: 0, Options: []string{"A"}},
		exam.Event{At: at(3), Kind: exam.Shown, Item: 1},
		exam.Event{At: at(4), Kind: exam.Ended})
	r := exam.Score(s)
	wantTask := []exam.Part{{Name: "2.1", Right: 1, Asked: 2, Spent: 4 * time.Minute}}
	wantTopic := []exam.Part{{Name: "expiry", Right: 1, Asked: 2, Spent: 4 * time.Minute}, {Name: "groups", Right: 1, Asked: 1, Spent: 3 * time.Minute}}
	if diff := cmp.Diff([][]exam.Part{wantTask, wantTopic}, [][]exam.Part{r.ByTask, r.ByTopic}); diff != "" {
		t.Errorf("by task, by topic (-want +got):\n%s", diff)
	}
}

func TestAChangeOfMindIsTold(t *testing.T) {
	tests := map[string]struct {
		item    int
		answers [][]string
		want    exam.Change
		counts  exam.Changes
	}{
		"none":                             {0, [][]string{{"A"}}, "", exam.Changes{}},
		"the same again":                   {0, [][]string{{"A"}, {}, {"A"}}, "", exam.Changes{}},
		"wrong to right":                   {0, [][]string{{"B"}, {"A"}}, exam.WrongToRight, exam.Changes{WrongToRight: 1}},
		"right to wrong":                   {0, [][]string{{"A"}, {"B"}}, exam.RightToWrong, exam.Changes{RightToWrong: 1}},
		"wrong to wrong":                   {0, [][]string{{"C"}, {"B"}}, exam.WrongToWrong, exam.Changes{WrongToWrong: 1}},
		"there and back":                   {0, [][]string{{"A"}, {"B"}, {"A"}}, exam.ThereAndBack, exam.Changes{ThereAndBack: 1}},
		"the steps to two are not changes": {1, [][]string{{"A"}, {"B"}, {"B", "E"}}, "", exam.Changes{}},
		"one of two replaced":              {1, [][]string{{"A", "B"}, {"B"}, {"B", "E"}}, exam.WrongToRight, exam.Changes{WrongToRight: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := started(t)
			for _, options := range test.answers {
				s = play(t, s, exam.Event{At: at(1), Kind: exam.Chosen, Item: test.item, Options: options})
			}
			r := exam.Score(play(t, s, exam.Event{At: at(2), Kind: exam.Ended}))
			if r.Items[test.item].Changed != test.want || r.Changes != test.counts {
				t.Errorf("changed %q, counts %+v", r.Items[test.item].Changed, r.Changes)
			}
		})
	}
}

func TestTheScoreIsWithinItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events := session(t)
		r := exam.Score(exam.Replay(p, events, at(500)))
		if r.Low < exam.LowestScore || r.Low > r.Score || r.Score > r.High || r.High > exam.HighestScore {
			t.Fatalf("score %d (%d to %d)", r.Score, r.Low, r.High)
		}
		if r.Scored+r.Unscored != len(p.Items) || r.Right > r.Scored || r.UnscoredRight > r.Unscored {
			t.Fatalf("%d of %d scored, %d of %d unscored, %d items", r.Right, r.Scored, r.UnscoredRight, r.Unscored, len(p.Items))
		}
	})
}

func TestMoreRightAnswersNeverScoreLess(t *testing.T) {
	last := exam.Result{}
	for right := range 51 {
		r := exam.Score(answered(t, 50, right))
		if r.Score < last.Score || r.Low < last.Low || r.High < last.High {
			t.Fatalf("%d right score %d (%d to %d), one fewer %d (%d to %d)", right, r.Score, r.Low, r.High, last.Score, last.Low, last.High)
		}
		last = r
	}
}

func TestAnExamThatIsOverGivesAttempts(t *testing.T) {
	session := exam.Session{ID: "x7", Paper: two(), Events: []exam.Event{
		{At: at(0), Kind: exam.Started},
		{At: at(2), Kind: exam.Chosen, Item: 0, Options: []string{"D"}},
		{At: at(3), Kind: exam.Shown, Item: 1},
	}}
	questions := []quiz.Question{{ID: "q1", Options: []quiz.Option{{ID: "A", Correct: true}, {ID: "D", Misconception: "api-keys-authenticate"}}}}
	if got := session.Attempts(questions, at(39)); got != nil {
		t.Errorf("a running exam gives %v", got)
	}
	want := []quiz.Attempt{{ID: "x7/0", QuestionID: "q1", At: at(2), Took: 3 * time.Minute, Chosen: []string{"D"},
		Misconceptions: []string{"api-keys-authenticate"}, Source: quiz.FromExam}}
	if diff := cmp.Diff(want, session.Attempts(questions, at(40))); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

func TestTheHistoryHasTheExamsThatAreOverOldestFirst(t *testing.T) {
	ended := func(id string, begin, end float64) exam.Session {
		return exam.Session{ID: id, Paper: two(), Events: []exam.Event{{At: at(begin), Kind: exam.Started}, {At: at(end), Kind: exam.Ended}}}
	}
	running := exam.Session{ID: "running", Paper: two(), Events: []exam.Event{{At: at(100), Kind: exam.Started}}}
	byClock := exam.Session{ID: "by-clock", Paper: two(), Events: []exam.Event{{At: at(50), Kind: exam.Started}}}
	var got []string
	for _, p := range exam.History([]exam.Session{ended("late", 60, 95), running, byClock, ended("early", 1, 2), {ID: "unstarted", Paper: two()}}, at(101)) {
		got = append(got, p.SessionID)
	}
	if diff := cmp.Diff([]string{"early", "by-clock", "late"}, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}
