package sqlitefile_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite" // the real SQLite writes what is read here

	"claimcheck/quiz/progress/sqlitefile"
)

// written makes a file with a table of texts and returns it with its log, before
// and after the log was taken into the file.
func written(t *testing.T, texts []string) (withLog, log, alone []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	statements := []string{"PRAGMA journal_mode=WAL", "CREATE TABLE texts (number INTEGER PRIMARY KEY, text TEXT, other TEXT)"}
	for _, text := range texts {
		statements = append(statements, fmt.Sprintf("INSERT INTO texts (text) VALUES ('%s')", text))
	}
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	withLog, log = read(t, path), read(t, path+"-wal")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return withLog, log, read(t, path)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// rows are the texts found, by number.
func rows(file, log []byte) map[int64]string {
	all := map[int64]string{}
	sqlitefile.Rows(file, log, func(number int64, columns []string) {
		if len(columns) == 3 && columns[0] == "" && columns[2] == "" {
			all[number] = columns[1]
		}
	})
	return all
}

// TestRowsOfEveryLengthAreFound covers rows that fill a page and ones that
// overflow to one or more others.
func TestRowsOfEveryLengthAreFound(t *testing.T) {
	var texts []string
	want := map[int64]string{}
	for i, length := range []int{0, 1, 57, 58, 127, 128, 4052, 4053, 4054, 4061, 4062, 4100, 8150, 16384, 100000} {
		texts = append(texts, strings.Repeat(string(rune('a'+i)), length))
		want[int64(i+1)] = texts[i]
	}
	withLog, log, alone := written(t, texts)
	if diff := cmp.Diff(want, rows(alone, nil)); diff != "" {
		t.Errorf("rows of the file (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, rows(withLog, log)); diff != "" {
		t.Errorf("rows of the file with its log (-want +got):\n%s", diff)
	}
}

func TestALogOfAnEarlierUseIsPassedOver(t *testing.T) {
	file, log, _ := written(t, []string{"one", "two"})
	log[16]++ // the log's salt; its pages keep theirs
	if got := rows(file, log); len(got) != 0 {
		t.Errorf("found %v in pages that do not belong to the log", got)
	}
}

func FuzzRows(f *testing.F) {
	f.Add(leaf("\x0a\x01\x03\x00\x11ab"), []byte{})
	f.Add(leaf("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x03\x00\x11ab"), make([]byte, 5000))
	f.Add(leaf("\xa0\x00\x01\x03\x00\xbf\x71"), []byte("log"))
	f.Fuzz(func(t *testing.T, file, log []byte) {
		sqlitefile.Rows(file, log, func(_ int64, columns []string) {
			if len(columns) > len(file)+len(log)+4096 {
				t.Errorf("%d columns in %d bytes", len(columns), len(file)+len(log))
			}
		})
	})
}

// leaf is a file of an empty first page and one page with one cell.
func leaf(cell string) []byte {
	file := make([]byte, 2*4096)
	copy(file[4096:], "\x0d\x00\x00\x00\x01\x0f\x00\x00\x0f\x00")
	copy(file[4096+0x0f00:], cell)
	return file
}
