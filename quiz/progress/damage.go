package progress

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Damage says what happened to a file that could not be read.
type Damage struct {
	// SetAside is where the damaged file is now.
	SetAside string `json:"setAside"`
	// Attempts, Exams and Events count what could be read from it, and Lost the
	// records that are in it and could not.
	Attempts int `json:"attempts"`
	Exams    int `json:"exams"`
	Events   int `json:"events"`
	Lost     int `json:"lost"`
	// Unreadable is why nothing could be read, "" when something was.
	Unreadable string `json:"unreadable,omitempty"`
}

// String tells it in one sentence.
func (d Damage) String() string {
	told := fmt.Sprintf("the progress file was damaged and is now %s: ", d.SetAside)
	if d.Unreadable != "" {
		return told + "nothing could be read from it: " + d.Unreadable
	}
	return told + fmt.Sprintf("%d answers and %d exams with %d events were recovered, %d records were lost", d.Attempts, d.Exams, d.Events, d.Lost)
}

// mark is between a file's name and the time at which it was set aside.
const mark = ".damaged-"

// besides are the ends of the names of the files that SQLite keeps beside one.
func besides() []string { return []string{"-wal", "-shm"} }

// setAside renames a damaged file and those beside it, so that a program that
// has them open goes on writing into them. The log gets its new name before the
// file gets its own and loses the old one afterwards: whenever this is
// interrupted, log and file are together under one of the names.
func setAside(path string, now time.Time) error {
	to := path + mark + now.UTC().Format("20060102T150405Z")
	for n := 2; exists(to); n++ {
		to = fmt.Sprintf("%s%s%s-%d", path, mark, now.UTC().Format("20060102T150405Z"), n)
	}
	for _, end := range besides() {
		if err := name(path+end, to+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(path, to); err != nil {
		return err
	}
	for _, end := range besides() {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// takeOver adds what the files set aside hold, each once.
func (s *Store) takeOver() error {
	files, err := filesSetAside(s.path)
	if err != nil || len(files) == 0 {
		return err
	}
	done, err := readLog(s.db)
	if err != nil {
		return err
	}
	for _, file := range files {
		if done.recovered[filepath.Base(file)] {
			continue
		}
		if err := s.takeOverFrom(file); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) takeOverFrom(file string) error {
	records, d := salvage(file)
	var first bool
	err := transact(s.db, func(tx *sql.Tx) error {
		var err error
		first, err = add(tx, kindRecovered, filepath.Base(file), d)
		if err != nil || !first {
			return err
		}
		_, err = merge(tx, records)
		return err
	})
	if err == nil && first {
		s.damage = append(s.damage, d)
	}
	return err
}

// filesSetAside lists the damaged files of a progress file, oldest first.
func filesSetAside(path string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var files []string
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, filepath.Base(path)+mark) && !beside(name) {
			files = append(files, filepath.Join(filepath.Dir(path), name))
		}
	}
	return files, nil
}

func beside(name string) bool {
	for _, end := range besides() {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
