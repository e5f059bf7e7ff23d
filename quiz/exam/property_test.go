package exam_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimcheck/quiz/exam"
)

// session draws a paper and what somebody, or a broken program, might do with
// it: most events are sensible, some are refused, clocks jump.
func session(t *rapid.T) (exam.Paper, []exam.Event) {
	n := rapid.IntRange(1, 8).Draw(t, "questions")
	p, err := exam.Build(exam.Blueprint{Questions: n, Minutes: rapid.IntRange(1, 60).Draw(t, "minutes"),
		Unscored: rapid.IntRange(0, n-1).Draw(t, "unscored"), Seed: rapid.Uint64().Draw(t, "seed")}, library(12))
	if err != nil {
		t.Fatal(err)
	}
	minute := 0.0
	events := []exam.Event{{At: at(0), Kind: exam.Started}}
	for range rapid.IntRange(0, 40).Draw(t, "events") {
		minute += rapid.Float64Range(-0.5, 3).Draw(t, "passes")
		events = append(events, event(t, p, minute))
	}
	return p, events
}

func event(t *rapid.T, p exam.Paper, minute float64) exam.Event {
	kinds := []exam.Kind{exam.Chosen, exam.Chosen, exam.Chosen, exam.Shown, exam.Shown, exam.Flagged, exam.Unflagged, exam.StruckOut,
		exam.Restored, exam.ClockHidden, exam.ClockShown, exam.CounterHidden, exam.CounterShown, exam.Reopened, exam.Started, exam.Ended, "nonsense"}
	e := exam.Event{At: at(minute), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Item: rapid.IntRange(-1, len(p.Items)).Draw(t, "item")}
	e.Options = rapid.SliceOfN(rapid.SampledFrom([]string{"A", "B", "C", "D", "E"}), 0, 2).Draw(t, "options")
	return e
}

func TestAReplayOfWhatWasKeptEqualsTheLiveSession(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events := session(t)
		live, kept := exam.New(p), exam.Session{ID: "x", Paper: p}
		for _, e := range events {
			live = live.At(e.At)
			next, err := live.Apply(e)
			if err != nil {
				continue
			}
			live, kept.Events = next, append(kept.Events, e)
			if rapid.IntRange(0, 5).Draw(t, "restart") == 0 {
				kept = stored(t, kept)
				live = kept.State(live.Now)
			}
		}
		again := stored(t, kept).State(live.Now)
		if diff := cmp.Diff(live, again); diff != "" {
			t.Fatalf("states (-live +replayed):\n%s", diff)
		}
	})
}

// stored is a session after its way through a file.
func stored(t *rapid.T, s exam.Session) exam.Session {
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back exam.Session
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func TestNoConfirmedAnswerIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events := session(t)
		s, last := exam.New(p), map[int][]string{}
		for _, e := range events {
			next, err := s.Apply(e)
			if err != nil {
				continue
			}
			s = next
			if e.Kind == exam.Chosen {
				last[e.Item] = e.Options
			}
		}
		final := exam.Replay(p, events, at(1000))
		for item, options := range last {
			if len(options) != len(final.Items[item].Chosen) {
				t.Fatalf("item %d: confirmed %v, replayed %v", item, options, final.Items[item].Chosen)
			}
			for _, id := range options {
				if !slices.Contains(final.Items[item].Chosen, id) {
					t.Fatalf("item %d: confirmed %v, replayed %v", item, options, final.Items[item].Chosen)
				}
			}
		}
	})
}

func TestAnExamNeverRunsPastItsEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events := session(t)
		s := exam.New(p)
		for _, e := range events {
			before := s
			next, err := s.Apply(e)
			if err == nil && (before.Over() || !next.Started.IsZero() && !next.LastEvent.Before(next.Deadline())) {
				t.Fatalf("%s was taken at %s, the end is %s", e.Kind, e.At, next.Deadline())
			}
			s = next
		}
		total := s.Items[0].Spent
		for _, item := range s.Items[1:] {
			total += item.Spent
		}
		if total > p.Blueprint.Length() {
			t.Fatalf("%s are charged in an exam of %s", total, p.Blueprint.Length())
		}
		if end := s.At(at(1000)); !end.Over() || end.Left() != 0 || end.Ended.After(end.Deadline()) {
			t.Fatalf("over %t, left %s, ended %s after the deadline %s", end.Over(), end.Left(), end.Ended, end.Deadline())
		}
	})
}

func TestApplyLeavesItsOwnStateAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events := session(t)
		s := exam.New(p)
		for _, e := range events {
			before, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			next, _ := s.Apply(e)
			after, _ := json.Marshal(s)
			if string(before) != string(after) {
				t.Fatalf("%s changed the state it was applied to:\n%s\n%s", e.Kind, before, after)
			}
			s = next
		}
	})
}

func TestReplayPassesOverExactlyWhatApplyRefuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events := session(t)
		s := exam.New(p)
		for _, e := range events {
			next, err := s.Apply(e)
			if err != nil {
				next.Refused++
			}
			s = next
		}
		end := at(rapid.Float64Range(0, 100).Draw(t, "end"))
		if diff := cmp.Diff(s.At(end), exam.Replay(p, events, end)); diff != "" {
			t.Fatalf("states (-applied +replayed):\n%s", diff)
		}
	})
}
