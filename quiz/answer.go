package quiz

import "sort"

// Certainty is how sure the learner says to be.
type Certainty int

// The degrees of certainty, as the keys 1, 2 and 3.
const (
	Guessing Certainty = 1
	Leaning  Certainty = 2
	Sure     Certainty = 3
)

// Answer is what a learner chose for a question.
type Answer struct {
	QuestionID string
	// Chosen are option ids.
	Chosen    []string
	Certainty Certainty
}

// Verdict is whether an answer is right, and what it says about the learner.
type Verdict struct {
	Right bool
	// Missed are correct options not chosen, Wrong are chosen ones that are not correct.
	Missed, Wrong []string
	// Misconceptions are those of the wrong options chosen.
	Misconceptions []string
	// SureAndWrong marks the answer most worth a second look.
	SureAndWrong bool
}

// Judge compares an answer with the question's key: all or nothing.
func Judge(q Question, a Answer) Verdict {
	chosen := map[string]bool{}
	for _, id := range a.Chosen {
		chosen[id] = true
	}
	var v Verdict
	for _, o := range q.Options {
		switch {
		case o.Correct && !chosen[o.ID]:
			v.Missed = append(v.Missed, o.ID)
		case !o.Correct && chosen[o.ID]:
			v.Wrong = append(v.Wrong, o.ID)
			if o.Misconception != "" {
				v.Misconceptions = append(v.Misconceptions, o.Misconception)
			}
		}
	}
	sort.Strings(v.Misconceptions)
	v.Right = len(v.Missed) == 0 && len(v.Wrong) == 0
	v.SureAndWrong = !v.Right && a.Certainty == Sure
	return v
}
