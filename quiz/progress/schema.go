package progress

import (
	"database/sql"
	"fmt"
)

// applicationID marks a file as ours: "ClCk".
const applicationID = 0x436c436b

// migrations bring a file from each version to the next; the version is their
// number. A migration that is out in the world is never changed.
//
// The table is a log. What is looked for is always everything, so a record is
// one JSON text and the columns hold only what makes it one of a kind.
func migrations() []string {
	return []string{`
CREATE TABLE records (
	seq  INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('attempt', 'miss', 'exam', 'event', 'exam-date', 'recovered')),
	id   TEXT NOT NULL,
	body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE UNIQUE INDEX records_once ON records (kind, id) WHERE kind IN ('attempt', 'exam', 'recovered');
CREATE TRIGGER records_stay BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;
CREATE TRIGGER records_remain BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END;
`}
}

// kind says what a record's id and body are.
type kind string

const (
	// kindAttempt: the attempt's id, quiz.Attempt without its class.
	kindAttempt kind = "attempt"
	// kindMiss: the attempt's id, classified.
	kindMiss kind = "miss"
	// kindExam: the session's id, exam.Paper.
	kindExam kind = "exam"
	// kindEvent: the session's id, exam.Event.
	kindEvent kind = "event"
	// kindExamDate: no id, examDate.
	kindExamDate kind = "exam-date"
	// kindRecovered: the name of a file set aside, Damage.
	kindRecovered kind = "recovered"
)

// kinds lists them all.
func kinds() []kind {
	return []kind{kindAttempt, kindMiss, kindExam, kindEvent, kindExamDate, kindRecovered}
}

// migrate runs the migrations that the file has not seen. It looks again which
// these are: another program may have been faster.
func migrate(tx *sql.Tx) error {
	var version int
	if err := tx.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	all := migrations()
	if version >= len(all) {
		return nil
	}
	for _, statements := range all[version:] {
		if _, err := tx.Exec(statements); err != nil {
			return err
		}
	}
	_, err := tx.Exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(all)))
	return err
}
