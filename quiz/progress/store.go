// Package progress owns what is kept of a learner: one file with the answers,
// the exams with all that happened in them, and the day of the real exam. Records
// are only ever added. What a method has saved survives the program and the
// power: it is on the disk before the method returns. It refuses to know what the
// records mean; quiz/exam and quiz/review do.
package progress

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Store is an open progress file. Its methods may be called at the same time,
// by several programs too. Errors name the file and say what to do next.
type Store struct {
	path   string
	opened time.Time

	// mu guards what follows: reopen replaces it.
	mu sync.Mutex
	db *sql.DB
	// file is the one that db has open; another may bear its name by now.
	file   os.FileInfo
	damage []Damage
}

// Open opens the file, making it and its folder when they are missing. A file
// that is damaged is set aside under a name with the time now, and what can be
// read from it is recovered; Damage tells.
func Open(path string, now time.Time) (*Store, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, explain(path, err)
	}
	s := &Store{path: absolute, opened: now}
	if err := s.open(); err != nil {
		return nil, explain(path, err)
	}
	return s, nil
}

// open goes through these steps:
//
//  1. make the folder;
//  2. open the file, which checks it; set it aside when it is damaged, and open
//     a new one;
//  3. take over what files set aside still hold, here or by a program that did
//     not get that far.
func (s *Store) open() error {
	// Step 1.
	const onlyTheLearner = 0o700
	if err := os.MkdirAll(filepath.Dir(s.path), onlyTheLearner); err != nil {
		return err
	}
	// Step 2.
	err := s.connect()
	if damaged(err) {
		if err := setAside(s.path, s.opened); err != nil {
			return err
		}
		err = s.connect()
	}
	if err != nil {
		return err
	}
	// Step 3.
	if err := s.takeOver(); err != nil {
		return errors.Join(err, s.db.Close())
	}
	return nil
}

// connect opens the file and notes which one that was: a program that sets it
// aside in between makes it try again.
func (s *Store) connect() error {
	const tries = 3
	for range tries {
		file, err := identify(s.path)
		if err != nil {
			return err
		}
		s.db, err = connect(s.path)
		if err != nil {
			return err
		}
		s.file = file
		if !s.moved() {
			return nil
		}
		if err := s.db.Close(); err != nil {
			return err
		}
	}
	return errMoved
}

// moved says that the file's name does not lead to the open file any more.
func (s *Store) moved() bool {
	now, err := os.Stat(s.path)
	return err != nil || !os.SameFile(now, s.file)
}

// Path is the file's name, from the root.
func (s *Store) Path() string { return s.path }

// Close lets go of the file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.db.Close(); err != nil {
		return explain(s.path, err)
	}
	return nil
}

// Damage is what was set aside since Open, Open included; nil in peaceful times.
func (s *Store) Damage() []Damage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.damage)
}

// write runs one transaction and returns when it is on the disk, in the file
// that bears the name. It is run again when the file turns out to be damaged and
// is replaced, or was replaced by another program meanwhile.
func (s *Store) write(change func(*sql.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	const tries = 3
	for range tries {
		err := transact(s.db, change)
		switch {
		case damaged(err) || err == nil && s.moved():
			if err := s.reopen(); err != nil {
				return explain(s.path, err)
			}
		case err != nil:
			return explain(s.path, err)
		default:
			return nil
		}
	}
	return explain(s.path, errMoved)
}

func (s *Store) reopen() error {
	// What Close says about a file that is damaged or gone helps nobody.
	_ = s.db.Close()
	return s.open()
}

// Records reads everything.
func (s *Store) Records() (Records, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	const tries = 3
	for range tries {
		l, err := readLog(s.db)
		switch {
		case damaged(err) || err == nil && s.moved():
			if err := s.reopen(); err != nil {
				return Records{}, explain(s.path, err)
			}
		case err != nil:
			return Records{}, explain(s.path, err)
		default:
			return l.records, nil
		}
	}
	return Records{}, explain(s.path, errMoved)
}

// transact runs change in a transaction: all of it happens, or nothing.
func transact(db *sql.DB, change func(*sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := change(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// explain adds to an error the file's name and what to do next.
func explain(path string, err error) error {
	return fmt.Errorf("%s: %w; %s", path, err, nextStep(err))
}
