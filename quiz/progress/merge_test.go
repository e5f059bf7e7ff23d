package progress_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
)

func export(t *testing.T, r progress.Records) []byte {
	t.Helper()
	store := open(t, inFolder(t))
	save(t, store, r)
	var out bytes.Buffer
	must(t, store.Export(&out))
	return out.Bytes()
}

func TestAnImportAddsWhatIsNew(t *testing.T) {
	classified := attempt("1", 1)
	classified.Miss = quiz.Slip
	otherwise := attempt("1", 1)
	otherwise.Miss = quiz.Misread
	shorter, longer := session("e", started(1)), session("e", started(1), chosen(2, 0, "A"))
	other := session("e", started(1), chosen(2, 1, "B"))
	otherBeside := other
	otherBeside.ID = "e-2"
	christmas := time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		here, from, want progress.Records
		added            int
	}{
		"everything, when nothing is here": {progress.Records{}, sample(), sample(), 8},
		"nothing, when all is here":        {sample(), sample(), sample(), 0},
		"a class, where there is none": {
			progress.Records{Attempts: []quiz.Attempt{attempt("1", 1)}}, progress.Records{Attempts: []quiz.Attempt{classified}},
			progress.Records{Attempts: []quiz.Attempt{classified}}, 1},
		"no class, where there is one": {
			progress.Records{Attempts: []quiz.Attempt{classified}}, progress.Records{Attempts: []quiz.Attempt{otherwise}},
			progress.Records{Attempts: []quiz.Attempt{classified}}, 0},
		"the rest of an exam": {
			progress.Records{Exams: []exam.Session{shorter}}, progress.Records{Exams: []exam.Session{longer}},
			progress.Records{Exams: []exam.Session{longer}}, 1},
		"nothing of an exam that went on here": {
			progress.Records{Exams: []exam.Session{longer}}, progress.Records{Exams: []exam.Session{shorter}},
			progress.Records{Exams: []exam.Session{longer}}, 0},
		"an exam that went on differently, beside the one here": {
			progress.Records{Exams: []exam.Session{longer}}, progress.Records{Exams: []exam.Session{other}},
			progress.Records{Exams: []exam.Session{longer, otherBeside}}, 3},
		"and that one once": {
			progress.Records{Exams: []exam.Session{longer, otherBeside}}, progress.Records{Exams: []exam.Session{other}},
			progress.Records{Exams: []exam.Session{longer, otherBeside}}, 0},
		"the date, where none is set": {
			progress.Records{}, progress.Records{ExamDate: christmas}, progress.Records{ExamDate: christmas}, 1},
		"no date, where one is set": {
			progress.Records{ExamDate: christmas}, progress.Records{ExamDate: christmas.AddDate(0, 0, 1)},
			progress.Records{ExamDate: christmas}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			store := open(t, inFolder(t))
			save(t, store, test.here)
			added, err := store.Import(bytes.NewReader(export(t, test.from)))
			must(t, err)
			if added != test.added {
				t.Errorf("%d records were new, want %d", added, test.added)
			}
			wantRecords(t, store, test.want)
		})
	}
}

func TestWhatIsNoExportIsRefusedAsAWhole(t *testing.T) {
	good := string(export(t, sample()))
	tests := map[string]struct{ text, want string }{
		"nothing":              {"", "this is no export of progress: EOF"},
		"no JSON":              {"id: photos", "this is no export of progress: invalid character"},
		"another document":     {`{"questions": []}`, `unknown field "questions"`},
		"another format":       {strings.Replace(good, "claimcheck-progress", "anki", 1), `its format is "anki"`},
		"a newer version":      {strings.Replace(good, `"version": 1`, `"version": 2`, 1), "the export has version 2, this program reads version 1: update Claimcheck"},
		"half of one":          {good[:len(good)/2], "this is no export of progress: unexpected EOF"},
		"more than one":        {good + good, "there is more after its end"},
		"an answer without id": {strings.Replace(good, `"id": "1"`, `"id": ""`, 1), "without an id"},
		"an exam without id":   {strings.Replace(good, `"id": "e1"`, `"id": ""`, 1), "exam 1 of the export has no id"},
		"an odd date":          {strings.Replace(good, "2026-12-24", "Christmas", 1), "the exam's date in the export"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			store := open(t, inFolder(t))
			_, err := store.Import(strings.NewReader(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			wantRecords(t, store, progress.Records{})
		})
	}
}
