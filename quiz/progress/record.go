package progress

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
)

// Records is all that is kept of a learner.
type Records struct {
	// Attempts are in the order in which they were saved, each with the class
	// that its miss was given last.
	Attempts []quiz.Attempt
	// Exams are in the order in which they were begun, those under way included.
	Exams []exam.Session
	// ExamDate is the day of the real exam, midnight UTC; zero when none is set.
	ExamDate time.Time
}

// row is a record as the file has it.
type row struct {
	kind kind
	id   string
	body []byte
}

// log reads the records back one by one.
type log struct {
	records  Records
	attempts map[string]int
	exams    map[string]int
	// recovered are the files set aside that were taken over.
	recovered map[string]bool
}

func newLog() *log {
	return &log{attempts: map[string]int{}, exams: map[string]int{}, recovered: map[string]bool{}}
}

// querier is a database or a transaction.
type querier interface {
	Query(query string, args ...any) (*sql.Rows, error)
}

func readLog(from querier) (*log, error) {
	rows, err := from.Query("SELECT kind, id, body FROM records ORDER BY seq")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	l := newLog()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.kind, &r.id, &r.body); err != nil {
			return nil, err
		}
		if err := l.read(r); err != nil {
			return nil, err
		}
	}
	return l, rows.Err()
}

// read adds one record. An error is errDamaged: nothing that this program or an
// older one wrote is misunderstood.
func (l *log) read(r row) error {
	switch r.kind {
	case kindAttempt:
		var a quiz.Attempt
		if err := r.decode(&a); err != nil {
			return err
		}
		l.attempts[r.id] = len(l.records.Attempts)
		l.records.Attempts = append(l.records.Attempts, a)
	case kindMiss:
		var c classified
		if err := r.decode(&c); err != nil {
			return err
		}
		if i, ok := l.attempts[r.id]; ok {
			l.records.Attempts[i].Miss = c.Miss
		}
	case kindExam:
		session := exam.Session{ID: r.id}
		if err := r.decode(&session.Paper); err != nil {
			return err
		}
		l.exams[r.id] = len(l.records.Exams)
		l.records.Exams = append(l.records.Exams, session)
	case kindEvent:
		return l.readEvent(r)
	case kindExamDate:
		return l.readExamDate(r)
	case kindRecovered:
		l.recovered[r.id] = true
	}
	return nil
}

func (l *log) readEvent(r row) error {
	var e exam.Event
	if err := r.decode(&e); err != nil {
		return err
	}
	i, ok := l.exams[r.id]
	if !ok {
		return fmt.Errorf("%w: event of an exam %q that is not there", errDamaged, r.id)
	}
	l.records.Exams[i].Events = append(l.records.Exams[i].Events, e)
	return nil
}

func (l *log) readExamDate(r row) error {
	var d examDate
	if err := r.decode(&d); err != nil {
		return err
	}
	day, err := parseDay(d.Day)
	if err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	l.records.ExamDate = day
	return nil
}

func parseDay(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, day)
}

func (r row) decode(into any) error {
	if err := json.Unmarshal(r.body, into); err != nil {
		return fmt.Errorf("%w: %s %q: %w", errDamaged, r.kind, r.id, err)
	}
	return nil
}
