package progress_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
)

// filled is a closed file with this many answers on many pages.
func filled(t *testing.T, answers int) string {
	t.Helper()
	path := inFolder(t)
	store := open(t, path)
	var all []quiz.Attempt
	for i := range answers {
		all = append(all, attempt(fmt.Sprint(i), i))
	}
	must(t, store.SaveAttempts(all...))
	must(t, store.Close())
	return path
}

const pageSize = 4096

// overwrite spoils bytes of a file.
func overwrite(t *testing.T, path string, from, to int) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	copy(content[from:min(to, len(content))], bytes.Repeat([]byte("rust"), len(content)))
	must(t, os.WriteFile(path, content, 0o600))
	return content
}

func setAside(t *testing.T, path string) []string {
	t.Helper()
	files, err := filepath.Glob(path + ".damaged-*")
	must(t, err)
	return slices.DeleteFunc(files, func(file string) bool {
		return strings.HasSuffix(file, "-wal") || strings.HasSuffix(file, "-shm")
	})
}

// TestADamagedFileIsSetAsideAndWhatIsReadableRecovered spoils a file of 400
// answers in different places.
func TestADamagedFileIsSetAsideAndWhatIsReadableRecovered(t *testing.T) {
	const answers = 400
	tests := map[string]struct {
		spoil func(t *testing.T, path string) []byte
		least int
	}{
		"a page in the middle": {func(t *testing.T, path string) []byte { return overwrite(t, path, 10*pageSize, 11*pageSize) }, 350},
		"the first page":       {func(t *testing.T, path string) []byte { return overwrite(t, path, 0, pageSize) }, answers},
		"the header":           {func(t *testing.T, path string) []byte { return overwrite(t, path, 0, 16) }, answers},
		"the end is missing": {func(t *testing.T, path string) []byte {
			must(t, os.Truncate(path, 20*pageSize))
			content, err := os.ReadFile(path)
			must(t, err)
			return content
		}, 100},
		"half a page is missing": {func(t *testing.T, path string) []byte {
			info, err := os.Stat(path)
			must(t, err)
			must(t, os.Truncate(path, info.Size()-pageSize/2))
			content, err := os.ReadFile(path)
			must(t, err)
			return content
		}, 300},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := filled(t, answers)
			spoilt := test.spoil(t, path)
			store := open(t, path)
			damage := store.Damage()
			if len(damage) != 1 {
				t.Fatalf("damage is reported %d times, want once", len(damage))
			}
			got := records(t, store).Attempts
			if len(got) < test.least || len(got) != damage[0].Attempts {
				t.Errorf("%d answers are there, %d reported, want at least %d: %s", len(got), damage[0].Attempts, test.least, damage[0])
			}
			if kept, err := os.ReadFile(damage[0].SetAside); err != nil || !bytes.Equal(kept, spoilt) {
				t.Errorf("the damaged file was not kept as it was: %v", err)
			}
			must(t, store.SaveAttempts(attempt("afterwards", 5)))
			must(t, store.Close())
			store = open(t, path)
			if again := store.Damage(); again != nil {
				t.Errorf("the next time reports %v", again)
			}
			if n := len(records(t, store).Attempts); n != len(got)+1 {
				t.Errorf("the next time %d answers are there, want %d", n, len(got)+1)
			}
		})
	}
}

func TestAFileOfNothingKnownIsSetAsideToo(t *testing.T) {
	path := inFolder(t)
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, bytes.Repeat([]byte("no database at all\n"), 1000), 0o600))
	store := open(t, path)
	wantRecords(t, store, progress.Records{})
	damage := store.Damage()
	if len(damage) != 1 || damage[0].Unreadable == "" {
		t.Fatalf("reported %v, want one file of which nothing could be read", damage)
	}
	if want := path + ".damaged-20261123T090000Z"; damage[0].SetAside != want {
		t.Errorf("set aside as %s, want %s", damage[0].SetAside, want)
	}
}

func TestASecondDamagedFileOfTheSameSecondGetsANameOfItsOwn(t *testing.T) {
	path := filled(t, 100)
	for range 2 {
		overwrite(t, path, 4*pageSize, 5*pageSize)
		must(t, open(t, path).Close())
	}
	if files := setAside(t, path); len(files) != 2 {
		t.Errorf("set aside are %v, want two files", files)
	}
}

// TestDamageDuringASessionLosesNothingNew spoils the file under an open store.
func TestDamageDuringASessionLosesNothingNew(t *testing.T) {
	path := filled(t, 400)
	first := open(t, path)
	overwrite(t, path, pageSize, 30*pageSize)
	must(t, first.SaveAttempts(attempt("new", 1)))
	second := open(t, path)
	var found bool
	for _, a := range records(t, second).Attempts {
		found = found || a.ID == "new"
	}
	if !found {
		t.Error("the answer that was saved after the damage is not there")
	}
	if len(setAside(t, path)) == 0 {
		t.Error("no file was set aside")
	}
}

// TestAProgramWhoseFileIsSetAsideGoesOverToTheNewOne lets a second program set
// the file aside that a first one has open.
func TestAProgramWhoseFileIsSetAsideGoesOverToTheNewOne(t *testing.T) {
	path := filled(t, 100)
	first := open(t, path)
	must(t, first.BeginExam(session("e", started(1))))
	overwrite(t, path, 4*pageSize, 5*pageSize)
	second := open(t, path)
	must(t, second.SaveAttempts(attempt("second's", 1)))
	must(t, first.SaveEvents("e", chosen(2, 0, "A")))
	must(t, first.SaveAttempts(attempt("first's", 1)))
	if len(setAside(t, path)) == 0 {
		t.Fatal("nothing was set aside")
	}
	r := records(t, second)
	if diff := cmp.Diff([]exam.Session{session("e", started(1), chosen(2, 0, "A"))}, r.Exams); diff != "" {
		t.Errorf("exams (-want +got):\n%s", diff)
	}
	last := r.Attempts[len(r.Attempts)-2:]
	if last[0].ID != "second's" || last[1].ID != "first's" {
		t.Errorf("the last answers are %s and %s", last[0].ID, last[1].ID)
	}
}

// TestAnInterruptedRecoveryIsDoneTheNextTime finds a file set aside by a program
// that ended before it took over what is in it.
func TestAnInterruptedRecoveryIsDoneTheNextTime(t *testing.T) {
	path := filled(t, 10)
	must(t, os.Rename(path, path+".damaged-20261122T080000Z"))
	store := open(t, path)
	if got := len(records(t, store).Attempts); got != 10 || len(store.Damage()) != 1 {
		t.Errorf("%d answers are there and %v is reported, want 10 from one file", got, store.Damage())
	}
}

func TestAFileOfAnotherProgramIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.db")
	change(t, path, "CREATE TABLE notes (text); PRAGMA user_version = 3")
	before, err := os.ReadFile(path)
	must(t, err)
	if _, err := progress.Open(path, monday(0)); err == nil || !strings.Contains(err.Error(), "the file is no progress of Claimcheck's; choose another") {
		t.Errorf("error %v, want one that says whose file it is", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed: %v", err)
	}
}

func TestAFileOfANewerVersionIsLeftAlone(t *testing.T) {
	path := filled(t, 3)
	change(t, path, "PRAGMA user_version = 99")
	if _, err := progress.Open(path, monday(0)); err == nil || !strings.Contains(err.Error(), "a newer Claimcheck wrote the file; update Claimcheck") {
		t.Errorf("error %v, want one that asks for an update", err)
	}
}

func TestRecordsAreOnlyAdded(t *testing.T) {
	path := filled(t, 3)
	for statement, want := range map[string]string{
		"DELETE FROM records":           "never deleted",
		"UPDATE records SET body = '1'": "never changed",
	} {
		db, err := sql.Open("sqlite", path)
		must(t, err)
		if _, err := db.Exec(statement); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", statement, err, want)
		}
		must(t, db.Close())
	}
}

// change runs SQL on a file behind the store's back.
func change(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	_, err = db.Exec(statements)
	must(t, err)
}
