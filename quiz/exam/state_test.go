package exam_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/quiz/exam"
)

// two is a paper of two items: the first asks for one option, the second for two.
func two() exam.Paper {
	return exam.Paper{Blueprint: exam.Blueprint{Questions: 2, Minutes: 40}, Items: []exam.Item{
		{QuestionID: "q1", Options: []string{"C", "A", "D", "B"}, Key: []string{"A"}},
		{QuestionID: "q2", Options: []string{"E", "B", "A", "D", "C"}, Key: []string{"B", "E"}},
	}}
}

func started(t *testing.T) exam.State {
	return play(t, exam.New(two()), exam.Event{At: at(0), Kind: exam.Started})
}

func TestTheClockRunsFromStartToEnd(t *testing.T) {
	s := exam.New(two())
	if s.Left() != 40*time.Minute || s.Running() || s.Over() || !s.Deadline().IsZero() {
		t.Errorf("before the start: left %s, running %t, over %t, deadline %s", s.Left(), s.Running(), s.Over(), s.Deadline())
	}
	s = started(t)
	tests := map[string]struct {
		minute        float64
		left          time.Duration
		warns, forced bool
		over          bool
	}{
		"at the start":        {minute: 0, left: 40 * time.Minute},
		"before the warning":  {minute: 9.99, left: 30*time.Minute + 600*time.Millisecond},
		"thirty minutes left": {minute: 10, left: 30 * time.Minute, warns: true},
		"five minutes left":   {minute: 35, left: 5 * time.Minute, warns: true, forced: true},
		"the last second":     {minute: 40 - 1.0/60, left: time.Second, warns: true, forced: true},
		"the end":             {minute: 40, over: true},
		"long after":          {minute: 4000, over: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			now := s.At(at(test.minute))
			if now.Left() != test.left || now.Warns() != test.warns || now.Forced() != test.forced || now.Over() != test.over || now.Running() == test.over {
				t.Errorf("left %s, warns %t, forced %t, over %t, running %t", now.Left(), now.Warns(), now.Forced(), now.Over(), now.Running())
			}
			if test.over && (!now.Ended.Equal(at(40)) || !now.ByClock || !now.Now.Equal(at(40))) {
				t.Errorf("ended %s by clock %t at %s, want minute 40", now.Ended, now.ByClock, now.Now)
			}
		})
	}
}

func TestAShortExamDoesNotWarn(t *testing.T) {
	p := two()
	p.Blueprint.Minutes = 30
	s := play(t, exam.New(p), exam.Event{At: at(0), Kind: exam.Started})
	if s.Warns() || s.At(at(20)).Warns() {
		t.Error("an exam of thirty minutes warns at thirty minutes")
	}
}

func TestAHiddenClockComesBackForTheLastFiveMinutes(t *testing.T) {
	s := play(t, started(t), exam.Event{At: at(1), Kind: exam.ClockHidden}, exam.Event{At: at(1), Kind: exam.CounterHidden})
	if s.ShowsClock() || s.ShowsCounter() {
		t.Error("clock or counter is still shown")
	}
	if late := s.At(at(35)); !late.ShowsClock() || !late.ShowsCounter() {
		t.Error("clock or counter is hidden in the last five minutes")
	}
	s = play(t, s, exam.Event{At: at(2), Kind: exam.ClockShown}, exam.Event{At: at(2), Kind: exam.CounterShown})
	if !s.ShowsClock() || !s.ShowsCounter() {
		t.Error("clock or counter stays hidden")
	}
}

func TestWhatCannotHappenIsRefused(t *testing.T) {
	chosen := func(item int, options ...string) exam.Event {
		return exam.Event{At: at(5), Kind: exam.Chosen, Item: item, Options: options}
	}
	over := play(t, started(t), exam.Event{At: at(4), Kind: exam.Ended})
	tests := map[string]struct {
		state exam.State
		event exam.Event
		want  exam.Refusal
	}{
		"an answer before the start":     {exam.New(two()), chosen(0, "A"), exam.NotStarted},
		"a second start":                 {started(t), exam.Event{At: at(5), Kind: exam.Started}, exam.AlreadyStarted},
		"a start after the end":          {over, exam.Event{At: at(5), Kind: exam.Started}, exam.AlreadyOver},
		"an empty paper":                 {exam.New(exam.Paper{}), exam.Event{At: at(0), Kind: exam.Started}, exam.NoQuestions},
		"an answer after one's own end":  {over, chosen(0, "A"), exam.AlreadyOver},
		"an answer at the deadline":      {started(t), exam.Event{At: at(40), Kind: exam.Chosen, Options: []string{"A"}}, exam.AlreadyOver},
		"an end after the deadline":      {started(t), exam.Event{At: at(41), Kind: exam.Ended}, exam.AlreadyOver},
		"an item below the paper":        {started(t), chosen(-1, "A"), exam.NoSuchItem},
		"an item beyond the paper":       {started(t), exam.Event{At: at(5), Kind: exam.Shown, Item: 2}, exam.NoSuchItem},
		"an option of nobody":            {started(t), chosen(0, "E"), exam.NoSuchOption},
		"two options where one is asked": {started(t), chosen(0, "A", "B"), exam.TooManyOptions},
		"one option twice":               {started(t), chosen(1, "A", "A"), exam.RepeatedOption},
		"striking out nothing":           {started(t), exam.Event{At: at(5), Kind: exam.StruckOut}, exam.NeedsOneOption},
		"striking out a stranger":        {started(t), exam.Event{At: at(5), Kind: exam.StruckOut, Options: []string{"Z"}}, exam.NoSuchOption},
		"a kind of event from elsewhere": {started(t), exam.Event{At: at(5), Kind: "paused"}, exam.UnknownKind},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := test.state.Apply(test.event)
			if !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
			if diff := cmp.Diff(test.state, got); diff != "" {
				t.Errorf("the state changed (-before +after):\n%s", diff)
			}
		})
	}
}

func TestAnAnswerStandsInTheOrderShownAndCanBeCleared(t *testing.T) {
	s := play(t, started(t),
		exam.Event{At: at(1), Kind: exam.Chosen, Item: 1, Options: []string{"A"}},
		exam.Event{At: at(2), Kind: exam.Chosen, Item: 1, Options: []string{"A", "E"}})
	if diff := cmp.Diff([]string{"E", "A"}, s.Items[1].Chosen); diff != "" {
		t.Errorf("chosen (-want +got):\n%s", diff)
	}
	s = play(t, s, exam.Event{At: at(3), Kind: exam.Chosen, Item: 1})
	if s.Items[1].Chosen != nil || !s.Items[1].AnsweredAt.Equal(at(3)) {
		t.Errorf("after clearing: chosen %v at %s", s.Items[1].Chosen, s.Items[1].AnsweredAt)
	}
}

func TestStrikingOutIsKeptAndLeavesTheAnswerAlone(t *testing.T) {
	s := play(t, started(t),
		exam.Event{At: at(1), Kind: exam.Chosen, Options: []string{"D"}},
		exam.Event{At: at(1), Kind: exam.StruckOut, Options: []string{"B"}},
		exam.Event{At: at(1), Kind: exam.StruckOut, Options: []string{"D"}},
		exam.Event{At: at(1), Kind: exam.StruckOut, Options: []string{"C"}},
		exam.Event{At: at(1), Kind: exam.StruckOut, Options: []string{"C"}},
		exam.Event{At: at(2), Kind: exam.Restored, Options: []string{"B"}})
	want := exam.Progress{Seen: true, Chosen: []string{"D"}, StruckOut: []string{"C", "D"}, Answers: [][]string{{"D"}}, AnsweredAt: at(1), Spent: 2 * time.Minute}
	if diff := cmp.Diff(want, s.Items[0]); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestTheTallyTellsWhatIsOpen(t *testing.T) {
	if diff := cmp.Diff(exam.Tally{Unanswered: 2, Unseen: 1}, started(t).Tally()); diff != "" {
		t.Errorf("at the start (-want +got):\n%s", diff)
	}
	s := play(t, started(t),
		exam.Event{At: at(1), Kind: exam.Chosen, Item: 0, Options: []string{"D"}},
		exam.Event{At: at(1), Kind: exam.Flagged, Item: 0},
		exam.Event{At: at(2), Kind: exam.Chosen, Item: 1, Options: []string{"D"}},
		exam.Event{At: at(2), Kind: exam.Flagged, Item: 1},
		exam.Event{At: at(2), Kind: exam.Unflagged, Item: 1})
	if diff := cmp.Diff(exam.Tally{Answered: 1, Incomplete: 1, Flagged: 1}, s.Tally()); diff != "" {
		t.Errorf("later (-want +got):\n%s", diff)
	}
	if !s.Answered(0) || s.Answered(1) || s.Answered(2) {
		t.Error("answered is wrong for an answered item, an incomplete one or none")
	}
}

func TestTimeIsChargedToTheQuestionShown(t *testing.T) {
	s := play(t, started(t),
		exam.Event{At: at(3), Kind: exam.Chosen, Item: 0, Options: []string{"D"}},
		exam.Event{At: at(4), Kind: exam.Shown, Item: 1},
		exam.Event{At: at(9), Kind: exam.Shown, Item: 0},
		exam.Event{At: at(10), Kind: exam.Ended})
	if s.Items[0].Spent != 5*time.Minute || s.Items[1].Spent != 5*time.Minute {
		t.Errorf("spent %s and %s, want 5m each", s.Items[0].Spent, s.Items[1].Spent)
	}
}

func TestNoQuestionIsChargedWhileTheTrainerWasClosed(t *testing.T) {
	s := play(t, started(t),
		exam.Event{At: at(3), Kind: exam.Shown, Item: 1},
		exam.Event{At: at(33), Kind: exam.Reopened},
		exam.Event{At: at(34), Kind: exam.Shown, Item: 0})
	if s.Items[0].Spent != 3*time.Minute || s.Items[1].Spent != time.Minute {
		t.Errorf("spent %s and %s, want 3m and 1m", s.Items[0].Spent, s.Items[1].Spent)
	}
	if s.Left() != 6*time.Minute {
		t.Errorf("left %s, want 6m: the clock runs on", s.Left())
	}
}

func TestAClockThatWasSetBackLosesNoAnswerAndWinsNoTime(t *testing.T) {
	s := play(t, started(t),
		exam.Event{At: at(20), Kind: exam.Shown, Item: 1},
		exam.Event{At: at(5), Kind: exam.Chosen, Item: 1, Options: []string{"B", "E"}})
	if !s.Answered(1) || s.Left() != 20*time.Minute {
		t.Errorf("answered %t, left %s; want the answer and 20m", s.Answered(1), s.Left())
	}
	if s.At(at(-10)).Left() != 20*time.Minute {
		t.Errorf("at an earlier moment %s are left", s.At(at(-10)).Left())
	}
}

func TestReplayPassesOverWhatIsRefused(t *testing.T) {
	s := exam.Replay(two(), []exam.Event{
		{At: at(0), Kind: exam.Started},
		{At: at(1), Kind: exam.Chosen, Item: 7, Options: []string{"A"}},
		{At: at(2), Kind: exam.Chosen, Item: 0, Options: []string{"A"}},
		{At: at(50), Kind: exam.Chosen, Item: 0, Options: []string{"B"}},
	}, at(60))
	if diff := cmp.Diff([]string{"A"}, s.Items[0].Chosen); diff != "" || s.Refused != 2 || !s.Over() {
		t.Errorf("refused %d, over %t, chosen (-want +got):\n%s", s.Refused, s.Over(), diff)
	}
}
