package main

import (
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
	"claimcheck/quiz/review"
)

// progressReport is the JSON form of what a learner has done and knows.
type progressReport struct {
	// File is where it is kept.
	File string `json:"file"`
	// ExamDate is as in "2026-12-24", or "".
	ExamDate string `json:"examDate"`
	// Answers counts those in study, reviews and exams that are over.
	Answers int `json:"answers"`
	Right   int `json:"right"`
	// Seen of Questions were answered at least once.
	Seen      int `json:"seen"`
	Questions int `json:"questions"`
	// Due counts the questions to be repeated now, SureAndWrong those of them that
	// were answered wrong with certainty.
	Due            int                   `json:"due"`
	SureAndWrong   int                   `json:"sureAndWrong"`
	Topics         []masteryReport       `json:"topics"`
	Tasks          []masteryReport       `json:"tasks"`
	Calibration    []calibrationReport   `json:"calibration"`
	Misses         []missReport          `json:"misses"`
	Misconceptions []misconceptionReport `json:"misconceptions"`
	Exams          []examReport          `json:"exams"`
}

type masteryReport struct {
	Name      string `json:"name"`
	Questions int    `json:"questions"`
	Seen      int    `json:"seen"`
	Right     int    `json:"right"`
	// Share is 0 to 1.
	Share float64 `json:"share"`
}

type calibrationReport struct {
	// Certainty is 1 guessing, 2 leaning, 3 sure.
	Certainty quiz.Certainty `json:"certainty"`
	Answers   int            `json:"answers"`
	Right     int            `json:"right"`
}

type missReport struct {
	// Miss is "" for misses that were not classified.
	Miss  quiz.Miss `json:"miss"`
	Times int       `json:"times"`
}

type misconceptionReport struct {
	Name  string    `json:"name"`
	Times int       `json:"times"`
	Last  time.Time `json:"last"`
}

type examReport struct {
	ID        string    `json:"id"`
	Began     time.Time `json:"began"`
	Questions int       `json:"questions"`
	// Answered counts the questions with as many options as they ask for.
	Answered int `json:"answered"`
	// SecondsLeft is 0 when it is over; then Result is there.
	SecondsLeft int               `json:"secondsLeft"`
	Result      *examResultReport `json:"result,omitempty"`
}

// examResultReport is the estimate of the score with the band it lies in.
type examResultReport struct {
	Score  int  `json:"score"`
	Low    int  `json:"low"`
	High   int  `json:"high"`
	Passed bool `json:"passed"`
	Right  int  `json:"right"`
	Scored int  `json:"scored"`
}

func progressReportOf(kept progress.Records, questions []quiz.Question, now time.Time) progressReport {
	deck := review.Cards(kept.Attempts)
	r := progressReport{
		Answers: len(kept.Attempts), Questions: len(questions),
		Topics: masteryReports(review.ByTopic(questions, deck, now)),
		Tasks:  masteryReports(review.ByTask(questions, deck, now)),
		Misses: []missReport{}, Misconceptions: []misconceptionReport{}, Exams: []examReport{},
	}
	if !kept.ExamDate.IsZero() {
		r.ExamDate = kept.ExamDate.Format(time.DateOnly)
	}
	for _, a := range kept.Attempts {
		if a.Right {
			r.Right++
		}
	}
	for _, q := range questions {
		if _, seen := deck[q.ID]; seen {
			r.Seen++
		}
	}
	for _, e := range review.Queue(questions, kept.Attempts, review.Plan{Exam: kept.ExamDate}, 0, now) {
		if e.Due.IsZero() {
			continue
		}
		r.Due++
		if e.Reason == review.SureAndWrong {
			r.SureAndWrong++
		}
	}
	for _, c := range review.Calibration(kept.Attempts) {
		r.Calibration = append(r.Calibration, calibrationReport(c))
	}
	for _, m := range review.Misses(kept.Attempts) {
		r.Misses = append(r.Misses, missReport(m))
	}
	for _, b := range review.Beliefs(kept.Attempts) {
		r.Misconceptions = append(r.Misconceptions, misconceptionReport(b))
	}
	for _, s := range kept.Exams {
		r.Exams = append(r.Exams, examReportOf(s, now))
	}
	return r
}

func masteryReports(parts []review.Mastery) []masteryReport {
	reports := []masteryReport{}
	for _, m := range parts {
		reports = append(reports, masteryReport(m))
	}
	return reports
}

func examReportOf(s exam.Session, now time.Time) examReport {
	state := s.State(now)
	r := examReport{
		ID: s.ID, Began: state.Started, Questions: len(s.Paper.Items),
		Answered: state.Tally().Answered, SecondsLeft: int(state.Left() / time.Second),
	}
	if state.Over() {
		result := exam.Score(state)
		r.Result = &examResultReport{
			Score: result.Score, Low: result.Low, High: result.High, Passed: result.Passed(),
			Right: result.Right, Scored: result.Scored,
		}
	}
	return r
}
