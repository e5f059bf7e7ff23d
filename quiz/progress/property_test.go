package progress_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"claimcheck/quiz"
	"claimcheck/quiz/progress"
)

// TestEverySequenceOfSavesAndRestartsIsReadBack compares the file, written to by
// two stores that are closed and opened again, with a list in memory.
func TestEverySequenceOfSavesAndRestartsIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folder, err := os.MkdirTemp("", "progress")
		check(t, err)
		defer os.RemoveAll(folder)
		path := filepath.Join(folder, "progress.db")
		stores := []*progress.Store{reopened(t, nil, path), reopened(t, nil, path)}
		defer func() { stores[0].Close(); stores[1].Close() }()
		var want progress.Records
		for n := range rapid.IntRange(1, 25).Draw(t, "length") {
			i := rapid.IntRange(0, 1).Draw(t, "store")
			if rapid.IntRange(0, 5).Draw(t, "restart") == 0 {
				stores[i] = reopened(t, stores[i], path)
			}
			act(t, stores[i], &want, n)
		}
		for _, store := range stores {
			got, err := store.Records()
			check(t, err)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("records (-want +got):\n%s", diff)
			}
		}
	})
}

func check(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func reopened(t *rapid.T, store *progress.Store, path string) *progress.Store {
	if store != nil {
		check(t, store.Close())
	}
	store, err := progress.Open(path, monday(0))
	check(t, err)
	return store
}

// act saves something drawn, in the store and in the list.
func act(t *rapid.T, store *progress.Store, want *progress.Records, n int) {
	switch rapid.SampledFrom([]string{"attempt", "class", "exam", "event", "date"}).Draw(t, "what") {
	case "attempt":
		a := attempt(fmt.Sprint(n), n)
		want.Attempts = append(want.Attempts, a)
		check(t, store.SaveAttempts(a))
	case "class":
		if len(want.Attempts) == 0 {
			return
		}
		a := &want.Attempts[rapid.IntRange(0, len(want.Attempts)-1).Draw(t, "attempt")]
		a.Miss = rapid.SampledFrom(quiz.Misses()).Draw(t, "miss")
		check(t, store.Classify(a.ID, a.Miss, monday(n)))
	case "exam":
		s := session(fmt.Sprint("e", n), started(n))
		want.Exams = append(want.Exams, s)
		check(t, store.BeginExam(s))
	case "event":
		if len(want.Exams) == 0 {
			return
		}
		s := &want.Exams[rapid.IntRange(0, len(want.Exams)-1).Draw(t, "exam")]
		events := rapid.SliceOfN(rapid.Just(chosen(n, 0, "A")), 0, 3).Draw(t, "events")
		s.Events = append(s.Events, events...)
		check(t, store.SaveEvents(s.ID, events...))
	case "date":
		want.ExamDate = monday(0).Truncate(24*60*60*1e9).AddDate(0, 0, n)
		check(t, store.SetExamDate(want.ExamDate, monday(n)))
	}
}
