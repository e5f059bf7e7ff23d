package progress

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
)

// SaveAttempts adds answers, all or none. Each has an id; one whose id is there
// already is passed over.
func (s *Store) SaveAttempts(attempts ...quiz.Attempt) error {
	for _, a := range attempts {
		if err := checkAttempt(a); err != nil {
			return err
		}
	}
	return s.write(func(tx *sql.Tx) error {
		for _, a := range attempts {
			if _, err := addAttempt(tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// Classify says why the attempt with this id went wrong. The last class counts.
func (s *Store) Classify(attempt string, miss quiz.Miss, at time.Time) error {
	if attempt == "" || !slices.Contains(quiz.Misses(), miss) {
		return fmt.Errorf("attempt %q cannot be classified as %q", attempt, miss)
	}
	return s.write(func(tx *sql.Tx) error {
		_, err := add(tx, kindMiss, attempt, classified{Miss: miss, At: at})
		return err
	})
}

// BeginExam adds an exam with its paper and the events it has so far. Beginning
// the same exam twice is no error; another one with an id that is taken is.
func (s *Store) BeginExam(session exam.Session) error {
	if session.ID == "" {
		return errors.New("an exam without an id cannot be kept")
	}
	return s.write(func(tx *sql.Tx) error {
		added, err := add(tx, kindExam, session.ID, session.Paper)
		switch {
		case err != nil:
			return err
		case !added:
			return checkPaper(tx, session)
		}
		return addEvents(tx, session.ID, session.Events)
	})
}

// checkPaper says whether the exam with this id is the one that is kept.
func checkPaper(tx *sql.Tx, session exam.Session) error {
	paper, err := json.Marshal(session.Paper)
	if err != nil {
		return err
	}
	var kept string
	if err := tx.QueryRow("SELECT body FROM records WHERE kind = 'exam' AND id = ?", session.ID).Scan(&kept); err != nil {
		return err
	}
	if kept != string(paper) {
		return fmt.Errorf("%w: %q", errIDTaken, session.ID)
	}
	return nil
}

// SaveEvents adds what happened in the exam with this id, all or none.
func (s *Store) SaveEvents(examID string, events ...exam.Event) error {
	again := false
	return s.write(func(tx *sql.Tx) error {
		if again {
			return addMissingEvents(tx, examID, events)
		}
		again = true
		var begun bool
		err := tx.QueryRow("SELECT count(*) > 0 FROM records WHERE kind = 'exam' AND id = ?", examID).Scan(&begun)
		if err != nil {
			return err
		}
		if !begun {
			return fmt.Errorf("%w: %q", errNoExam, examID)
		}
		return addEvents(tx, examID, events)
	})
}

// addMissingEvents adds events that may have come with what was recovered from
// the file they were written to first.
func addMissingEvents(tx *sql.Tx, examID string, events []exam.Event) error {
	l, err := readLog(tx)
	if err != nil {
		return err
	}
	i, ok := l.exams[examID]
	if !ok {
		return fmt.Errorf("%w: %q", errNoExam, examID)
	}
	if endsWith(l.records.Exams[i].Events, events) {
		return nil
	}
	return addEvents(tx, examID, events)
}

func endsWith(all, last []exam.Event) bool {
	return len(all) >= len(last) && slices.EqualFunc(all[len(all)-len(last):], last, sameEvent)
}

// SetExamDate sets the day of the real exam; the zero time takes it back.
func (s *Store) SetExamDate(day, at time.Time) error {
	return s.write(func(tx *sql.Tx) error {
		_, err := add(tx, kindExamDate, "", examDate{Day: dayOf(day), At: at})
		return err
	})
}

// classified is the body of a kindMiss.
type classified struct {
	Miss quiz.Miss `json:"miss"`
	At   time.Time `json:"at"`
}

// examDate is the body of a kindExamDate; Day is as in "2026-12-24", or "".
type examDate struct {
	Day string    `json:"day"`
	At  time.Time `json:"at"`
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func checkAttempt(a quiz.Attempt) error {
	switch {
	case a.ID == "":
		return fmt.Errorf("an answer to question %q without an id cannot be kept", a.QuestionID)
	case a.QuestionID == "":
		return fmt.Errorf("answer %q names no question", a.ID)
	case a.At.IsZero():
		return fmt.Errorf("answer %q has no time", a.ID)
	case a.Miss != "" && !slices.Contains(quiz.Misses(), a.Miss):
		return fmt.Errorf("answer %q has a miss of no known class: %q", a.ID, a.Miss)
	}
	return nil
}

// addAttempt splits off the class, which may change later.
func addAttempt(tx *sql.Tx, a quiz.Attempt) (added bool, err error) {
	miss := classified{Miss: a.Miss, At: a.At}
	a.Miss = ""
	added, err = add(tx, kindAttempt, a.ID, a)
	if err != nil || !added || miss.Miss == "" {
		return added, err
	}
	return add(tx, kindMiss, a.ID, miss)
}

func addEvents(tx *sql.Tx, examID string, events []exam.Event) error {
	for _, e := range events {
		if _, err := add(tx, kindEvent, examID, e); err != nil {
			return err
		}
	}
	return nil
}

// add writes a record, unless it is one of those that can be there once and is.
func add(tx *sql.Tx, k kind, id string, value any) (added bool, err error) {
	body, err := json.Marshal(value)
	if err != nil {
		return false, err
	}
	result, err := tx.Exec("INSERT INTO records (kind, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", k, id, string(body))
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
