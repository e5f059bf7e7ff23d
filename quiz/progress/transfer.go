package progress

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
)

// The marks of an export.
const (
	exportFormat  = "claimcheck-progress"
	exportVersion = 1
)

// document is an export.
type document struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	// ExamDate is as in "2026-12-24", or "".
	ExamDate string         `json:"examDate"`
	Attempts []quiz.Attempt `json:"attempts"`
	Exams    []exam.Session `json:"exams"`
}

// Export writes everything as JSON, which Import reads.
func (s *Store) Export(w io.Writer) error {
	r, err := s.Records()
	if err != nil {
		return err
	}
	d := document{
		Format: exportFormat, Version: exportVersion, ExamDate: dayOf(r.ExamDate),
		Attempts: append([]quiz.Attempt{}, r.Attempts...), Exams: append([]exam.Session{}, r.Exams...),
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(d)
}

// Import adds what an export holds and is not here yet, all or nothing, and
// returns how many records were new. Importing the same twice adds nothing.
func (s *Store) Import(r io.Reader) (added int, err error) {
	records, err := readDocument(r)
	if err != nil {
		return 0, err
	}
	err = s.write(func(tx *sql.Tx) error {
		added, err = merge(tx, records)
		return err
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// readDocument reads an export and checks it as a whole.
func readDocument(r io.Reader) (Records, error) {
	var d document
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return Records{}, fmt.Errorf("this is no export of progress: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Records{}, errors.New("this is no export of progress: there is more after its end")
	}
	switch {
	case d.Format != exportFormat:
		return Records{}, fmt.Errorf("this is no export of progress: its format is %q, not %q", d.Format, exportFormat)
	case d.Version != exportVersion:
		return Records{}, fmt.Errorf("the export has version %d, this program reads version %d: update Claimcheck", d.Version, exportVersion)
	}
	return d.records()
}

func (d document) records() (Records, error) {
	for _, a := range d.Attempts {
		if err := checkAttempt(a); err != nil {
			return Records{}, err
		}
	}
	for i, session := range d.Exams {
		if session.ID == "" {
			return Records{}, fmt.Errorf("exam %d of the export has no id", i+1)
		}
	}
	day, err := parseDay(d.ExamDate)
	if err != nil {
		return Records{}, fmt.Errorf("the exam's date in the export: %w", err)
	}
	return Records{Attempts: d.Attempts, Exams: d.Exams, ExamDate: day}, nil
}
