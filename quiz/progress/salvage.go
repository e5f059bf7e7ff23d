package progress

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"

	"claimcheck/quiz/progress/sqlitefile"
)

// salvage reads what can be read of a damaged file. It does so without SQLite,
// which needs the pages that lead to others: a record is found wherever it is.
// That is sound because records are only added, so that there is no older state
// of one to be found.
func salvage(file string) (Records, Damage) {
	d := Damage{SetAside: file}
	rows, err := rowsOf(file)
	if err != nil {
		d.Unreadable = err.Error()
		return Records{}, d
	}
	if len(rows) == 0 {
		d.Unreadable = "there is no record in it"
		return Records{}, d
	}
	l := newLog()
	numbers := slices.Sorted(maps.Keys(rows))
	last := numbers[len(numbers)-1]
	d.Lost = int(last) - len(numbers) // they are numbered from 1
	for _, seq := range numbers {
		if err := l.read(rows[seq]); err != nil {
			d.Lost++
		}
	}
	d.Attempts, d.Exams = len(l.records.Attempts), len(l.records.Exams)
	for _, session := range l.records.Exams {
		d.Events += len(session.Events)
	}
	return l.records, d
}

// rowsOf finds the records of a file by their numbers.
func rowsOf(file string) (map[int64]row, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	log, err := os.ReadFile(file + "-wal")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	rows := map[int64]row{}
	sqlitefile.Rows(content, log, func(number int64, columns []string) {
		if len(columns) != 4 || !slices.Contains(kinds(), kind(columns[1])) {
			return
		}
		rows[number] = row{kind: kind(columns[1]), id: columns[2], body: []byte(columns[3])}
	})
	return rows, nil
}
