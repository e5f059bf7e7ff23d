package progress

import (
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
)

// merge adds what is not there yet and returns how many records that were.
//
//  1. An attempt is there when its id is. A class is only added to an attempt
//     that has none.
//  2. An exam is the same when one of the two lists of events begins with the
//     other: then the rest is added. When both went on differently, the exam is
//     added beside the one that is there, under an id of its own.
//  3. The exam's date counts where none is set.
func merge(tx *sql.Tx, from Records) (added int, err error) {
	here, err := readLog(tx)
	if err != nil {
		return 0, err
	}
	for _, step := range []func(*sql.Tx, *log, Records) (int, error){mergeAttempts, mergeExams, mergeExamDate} {
		n, err := step(tx, here, from)
		if err != nil {
			return 0, err
		}
		added += n
	}
	return added, nil
}

func mergeAttempts(tx *sql.Tx, here *log, from Records) (added int, err error) {
	for _, a := range from.Attempts {
		ok, err := mergeAttempt(tx, here, a)
		if err != nil {
			return 0, err
		}
		if ok {
			added++
		}
	}
	return added, nil
}

func mergeAttempt(tx *sql.Tx, here *log, a quiz.Attempt) (added bool, err error) {
	i, ok := here.attempts[a.ID]
	switch {
	case !ok:
		return addAttempt(tx, a)
	case a.Miss == "" || here.records.Attempts[i].Miss != "":
		return false, nil
	}
	return add(tx, kindMiss, a.ID, classified{Miss: a.Miss, At: a.At})
}

func mergeExams(tx *sql.Tx, here *log, from Records) (added int, err error) {
	for _, session := range from.Exams {
		n, err := mergeExam(tx, here, session)
		if err != nil {
			return 0, err
		}
		added += n
	}
	return added, nil
}

func mergeExam(tx *sql.Tx, here *log, session exam.Session) (added int, err error) {
	id := session.ID
	for n := 2; ; n++ {
		i, ok := here.exams[id]
		if !ok {
			if _, err := add(tx, kindExam, id, session.Paper); err != nil {
				return 0, err
			}
			return 1 + len(session.Events), addEvents(tx, id, session.Events)
		}
		if rest, same := continues(here.records.Exams[i], session); same {
			return len(rest), addEvents(tx, id, rest)
		}
		id = fmt.Sprintf("%s-%d", session.ID, n)
	}
}

// continues says whether both are the same exam, and what the other one has
// beyond this.
func continues(this, other exam.Session) (rest []exam.Event, same bool) {
	common := min(len(this.Events), len(other.Events))
	same = reflect.DeepEqual(this.Paper, other.Paper) &&
		slices.EqualFunc(this.Events[:common], other.Events[:common], sameEvent)
	return other.Events[common:], same
}

func sameEvent(a, b exam.Event) bool {
	at := a.At.Equal(b.At)
	a.At, b.At = time.Time{}, time.Time{}
	return at && reflect.DeepEqual(a, b)
}

func mergeExamDate(tx *sql.Tx, here *log, from Records) (added int, err error) {
	if from.ExamDate.IsZero() || !here.records.ExamDate.IsZero() {
		return 0, nil
	}
	if _, err := add(tx, kindExamDate, "", examDate{Day: dayOf(from.ExamDate)}); err != nil {
		return 0, err
	}
	return 1, nil
}
