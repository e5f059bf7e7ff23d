package progress_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
)

func monday(minute int) time.Time {
	return time.Date(2026, 11, 23, 9, minute, 0, 0, time.UTC)
}

func attempt(id string, minute int) quiz.Attempt {
	return quiz.Attempt{
		ID: id, QuestionID: "photos-to-s3", At: monday(minute), Took: 40 * time.Second, Chosen: []string{"A", "C"},
		Certainty: quiz.Sure, Misconceptions: []string{"api-key-authenticates"}, Source: quiz.FromStudy,
	}
}

func session(id string, events ...exam.Event) exam.Session {
	return exam.Session{ID: id, Events: events, Paper: exam.Paper{
		Blueprint: exam.Short(2, 7),
		Items: []exam.Item{
			{QuestionID: "photos-to-s3", Task: "2.1", Topics: []string{"iam"}, Options: []string{"B", "A"}, Key: []string{"A"}},
			{QuestionID: "email-and-groups", Task: "2.2", Topics: []string{"jwt"}, Options: []string{"A", "B"}, Key: []string{"B"}, Unscored: true},
		},
	}}
}

func started(minute int) exam.Event { return exam.Event{At: monday(minute), Kind: exam.Started} }

func chosen(minute, item int, option string) exam.Event {
	return exam.Event{At: monday(minute), Kind: exam.Chosen, Item: item, Options: []string{option}}
}

func inFolder(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "claimcheck", "progress.db")
}

func open(t *testing.T, path string) *progress.Store {
	t.Helper()
	store, err := progress.Open(path, monday(0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func records(t *testing.T, store *progress.Store) progress.Records {
	t.Helper()
	r, err := store.Records()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantRecords(t *testing.T, store *progress.Store, want progress.Records) {
	t.Helper()
	if diff := cmp.Diff(want, records(t, store), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// sample is a bit of everything.
func sample() progress.Records {
	classified := attempt("2", 2)
	classified.Miss = quiz.Reasoning
	return progress.Records{
		Attempts: []quiz.Attempt{attempt("1", 1), classified},
		Exams:    []exam.Session{session("e1", started(3), chosen(4, 0, "A")), session("e2", started(5))},
		ExamDate: time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC),
	}
}

func save(t *testing.T, store *progress.Store, r progress.Records) {
	t.Helper()
	must(t, store.SaveAttempts(r.Attempts...))
	for _, s := range r.Exams {
		must(t, store.BeginExam(s))
	}
	must(t, store.SetExamDate(r.ExamDate, monday(9)))
}

func TestWhatIsSavedIsThereAfterwards(t *testing.T) {
	path := inFolder(t)
	store := open(t, path)
	save(t, store, sample())
	wantRecords(t, store, sample())
	must(t, store.Close())
	wantRecords(t, open(t, path), sample())
}

func TestAFreshFileHoldsNothing(t *testing.T) {
	wantRecords(t, open(t, inFolder(t)), progress.Records{})
}

func TestAnAttemptSavedTwiceIsThereOnce(t *testing.T) {
	store := open(t, inFolder(t))
	must(t, store.SaveAttempts(attempt("1", 1)))
	must(t, store.SaveAttempts(attempt("1", 1), attempt("2", 2)))
	wantRecords(t, store, progress.Records{Attempts: []quiz.Attempt{attempt("1", 1), attempt("2", 2)}})
}

func TestTheLastClassOfAMissCounts(t *testing.T) {
	store := open(t, inFolder(t))
	must(t, store.SaveAttempts(attempt("1", 1)))
	must(t, store.Classify("1", quiz.Slip, monday(2)))
	must(t, store.Classify("1", quiz.Knowledge, monday(3)))
	want := attempt("1", 1)
	want.Miss = quiz.Knowledge
	wantRecords(t, store, progress.Records{Attempts: []quiz.Attempt{want}})
}

func TestAnExamGoesOnWhereItWasLeft(t *testing.T) {
	path := inFolder(t)
	store := open(t, path)
	must(t, store.BeginExam(session("e", started(1))))
	must(t, store.SaveEvents("e", chosen(2, 0, "A"), chosen(2, 0, "A")))
	must(t, store.Close())
	store = open(t, path)
	must(t, store.BeginExam(session("e", started(1))))
	must(t, store.SaveEvents("e", chosen(3, 1, "B")))
	wantRecords(t, store, progress.Records{Exams: []exam.Session{
		session("e", started(1), chosen(2, 0, "A"), chosen(2, 0, "A"), chosen(3, 1, "B")),
	}})
}

func TestTheExamDateCanBeTakenBack(t *testing.T) {
	store := open(t, inFolder(t))
	must(t, store.SetExamDate(monday(0), monday(1)))
	must(t, store.SetExamDate(time.Time{}, monday(2)))
	wantRecords(t, store, progress.Records{})
}

func TestWhatCannotBeKeptIsRefused(t *testing.T) {
	store := open(t, inFolder(t))
	taken := session("e", started(1))
	must(t, store.BeginExam(taken))
	taken.Paper.Items = taken.Paper.Items[:1]
	nameless, timeless, questionless, strange := attempt("", 1), attempt("1", 1), attempt("1", 1), attempt("1", 1)
	timeless.At = time.Time{}
	questionless.QuestionID = ""
	strange.Miss = "bad luck"
	tests := map[string]struct {
		err  error
		want string
	}{
		"an attempt without an id":       {store.SaveAttempts(nameless), `an answer to question "photos-to-s3" without an id`},
		"an attempt without a time":      {store.SaveAttempts(timeless), `answer "1" has no time`},
		"an attempt at no question":      {store.SaveAttempts(questionless), `answer "1" names no question`},
		"a class that there is not":      {store.SaveAttempts(strange), `a miss of no known class: "bad luck"`},
		"a class of nothing":             {store.Classify("", quiz.Slip, monday(1)), `attempt "" cannot be classified`},
		"no class":                       {store.Classify("1", "", monday(1)), `cannot be classified as ""`},
		"an exam without an id":          {store.BeginExam(session("")), "an exam without an id"},
		"another exam with a taken id":   {store.BeginExam(taken), `another exam has the id: "e"`},
		"an event of an exam not begun":  {store.SaveEvents("f", started(1)), `that exam was not begun here: "f"; it may be in another file, see --data FILE`},
		"an attempt among good ones too": {store.SaveAttempts(attempt("3", 1), nameless), "without an id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", test.err, test.want)
			}
		})
	}
	wantRecords(t, store, progress.Records{Exams: []exam.Session{session("e", started(1))}})
}

func TestAFileThatCannotBeUsedSaysWhyAndWhatToDo(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for name, test := range map[string]struct{ path, want string }{
		"below a file":  {filepath.Join(file, "progress.db"), "not a directory; choose another file with --data FILE"},
		"a folder":      {folder, "choose another file with --data FILE"},
		"not creatable": {"/proc/claimcheck/progress.db", "choose another file with --data FILE"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := progress.Open(test.path, monday(0))
			if err == nil || !strings.HasPrefix(err.Error(), test.path+": ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one that begins with the path and has %q", err, test.want)
			}
		})
	}
}

func TestAnyPathWillDo(t *testing.T) {
	for _, name := range []string{"with space.db", "what?#50%.db", "ümlaut [1].db", "a&b=c;d.db"} {
		path := filepath.Join(t.TempDir(), name)
		store := open(t, path)
		save(t, store, sample())
		wantRecords(t, store, sample())
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

func TestStoresOfOneFileSeeWhatTheOtherSaves(t *testing.T) {
	path := inFolder(t)
	const programs, answers = 4, 25
	var done sync.WaitGroup
	for p := range programs {
		done.Go(func() {
			store, err := progress.Open(path, monday(0))
			if err != nil {
				t.Error(err)
				return
			}
			defer store.Close()
			for i := range answers {
				if err := store.SaveAttempts(attempt(fmt.Sprint(p, "-", i), i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done.Wait()
	if got := len(records(t, open(t, path)).Attempts); got != programs*answers {
		t.Errorf("%d answers are there, want %d", got, programs*answers)
	}
}

func TestAnExportHoldsEverything(t *testing.T) {
	from, to := open(t, inFolder(t)), open(t, inFolder(t))
	save(t, from, sample())
	var first, second bytes.Buffer
	must(t, from.Export(&first))
	added, err := to.Import(bytes.NewReader(first.Bytes()))
	must(t, err)
	if want := 2 + 2 + 3 + 1; added != want {
		t.Errorf("%d records were new, want %d", added, want)
	}
	wantRecords(t, to, sample())
	must(t, to.Export(&second))
	if diff := cmp.Diff(first.String(), second.String()); diff != "" {
		t.Errorf("the second export differs:\n%s", diff)
	}
}
