package uitest

import (
	"slices"
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
)

// Keeper keeps things in memory, or refuses to.
type Keeper struct {
	Kept progress.Records
	// Err is what every call returns instead of keeping something, nil to keep it.
	Err error
}

// Records returns what was kept.
func (k *Keeper) Records() (progress.Records, error) {
	kept := k.Kept
	kept.Attempts, kept.Exams = slices.Clone(kept.Attempts), slices.Clone(kept.Exams)
	return kept, k.Err
}

// SaveAttempts adds attempts that are not there.
func (k *Keeper) SaveAttempts(attempts ...quiz.Attempt) error {
	if k.Err != nil {
		return k.Err
	}
	for _, a := range attempts {
		if !slices.ContainsFunc(k.Kept.Attempts, func(kept quiz.Attempt) bool { return kept.ID == a.ID }) {
			k.Kept.Attempts = append(k.Kept.Attempts, a)
		}
	}
	return nil
}

// Classify changes the class of an attempt.
func (k *Keeper) Classify(attempt string, miss quiz.Miss, _ time.Time) error {
	if k.Err != nil {
		return k.Err
	}
	for i := range k.Kept.Attempts {
		if k.Kept.Attempts[i].ID == attempt {
			k.Kept.Attempts[i].Miss = miss
		}
	}
	return nil
}

// BeginExam adds an exam.
func (k *Keeper) BeginExam(s exam.Session) error {
	if k.Err != nil {
		return k.Err
	}
	k.Kept.Exams = append(k.Kept.Exams, s)
	return nil
}

// SaveEvents adds to an exam.
func (k *Keeper) SaveEvents(examID string, events ...exam.Event) error {
	if k.Err != nil {
		return k.Err
	}
	for i := range k.Kept.Exams {
		if k.Kept.Exams[i].ID == examID {
			k.Kept.Exams[i].Events = append(slices.Clone(k.Kept.Exams[i].Events), events...)
		}
	}
	return nil
}

// SetExamDate changes the day.
func (k *Keeper) SetExamDate(day, _ time.Time) error {
	if k.Err != nil {
		return k.Err
	}
	k.Kept.ExamDate = day
	return nil
}
