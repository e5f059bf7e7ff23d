package exam

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"claimcheck/quiz"
)

// Session is an exam as it is kept: the paper and everything that happened, in
// the order in which it was kept.
type Session struct {
	ID     string  `json:"id"`
	Paper  Paper   `json:"paper"`
	Events []Event `json:"events"`
}

// State is the exam at a moment.
func (s Session) State(now time.Time) State { return Replay(s.Paper, s.Events, now) }

// Attempts are the answers of an exam that is over at now, as the review wants
// them; none before. A question without an answer is no attempt. Their ids are the
// session's with the position, so they are the same every time. Questions give
// the misconceptions of the options.
func (s Session) Attempts(questions []quiz.Question, now time.Time) []quiz.Attempt {
	state := s.State(now)
	if !state.Over() {
		return nil
	}
	byID := map[string]quiz.Question{}
	for _, q := range questions {
		byID[q.ID] = q
	}
	var attempts []quiz.Attempt
	for n, p := range state.Items {
		if len(p.Chosen) == 0 {
			continue
		}
		item := s.Paper.Items[n]
		judged := quiz.Judge(byID[item.QuestionID], quiz.Answer{Chosen: p.Chosen})
		attempts = append(attempts, quiz.Attempt{
			ID: fmt.Sprintf("%s/%d", s.ID, n), QuestionID: item.QuestionID,
			At: p.AnsweredAt, Took: p.Spent, Chosen: p.Chosen, Right: item.right(p.Chosen),
			Misconceptions: judged.Misconceptions, Source: quiz.FromExam,
		})
	}
	return attempts
}

// Past is an exam that is over, in the history of scores.
type Past struct {
	SessionID string
	Blueprint Blueprint
	Ended     time.Time
	Result    Result
}

// History is the exams that are over at now, oldest first.
func History(sessions []Session, now time.Time) []Past {
	var past []Past
	for _, s := range sessions {
		if state := s.State(now); state.Over() {
			past = append(past, Past{SessionID: s.ID, Blueprint: s.Paper.Blueprint, Ended: state.Ended, Result: Score(state)})
		}
	}
	slices.SortStableFunc(past, func(a, b Past) int {
		return cmp.Or(a.Ended.Compare(b.Ended), cmp.Compare(a.SessionID, b.SessionID))
	})
	return past
}
