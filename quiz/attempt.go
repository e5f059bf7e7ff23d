package quiz

import "time"

// Source is where in the trainer an answer was given.
type Source string

// The places where questions are answered.
const (
	FromStudy  Source = "study"
	FromReview Source = "review"
	FromExam   Source = "exam"
)

// Miss is why a wrong answer was wrong, as the learner sees it.
type Miss string

// The classes of misses. The zero value is a miss that was not classified.
const (
	// Knowledge is a fact that was not known.
	Knowledge Miss = "knowledge"
	// Misread is a stem or an option that was not read as it stands.
	Misread Miss = "misread"
	// Reasoning is a wrong conclusion from facts that were known.
	Reasoning Miss = "reasoning"
	// Slip is a wrong key, or an answer against better knowledge.
	Slip Miss = "slip"
)

// Misses lists the classes in the order in which they are offered.
func Misses() []Miss { return []Miss{Knowledge, Misread, Reasoning, Slip} }

// Attempt is a judged answer as it is kept: the key of its question may change
// later, what is written here does not.
type Attempt struct {
	// ID is unique over all attempts of a learner.
	ID         string `json:"id"`
	QuestionID string `json:"question"`
	// At is when the answer was given, Took how long the question was before the
	// learner.
	At   time.Time     `json:"at"`
	Took time.Duration `json:"took"`
	// Chosen are the question's own option ids, in whatever order they were shown.
	Chosen []string `json:"chosen"`
	// Certainty is 0 where none is asked, as in an exam.
	Certainty Certainty `json:"certainty,omitempty"`
	Right     bool      `json:"right"`
	// Misconceptions are those of the wrong options chosen.
	Misconceptions []string `json:"misconceptions,omitempty"`
	Source         Source   `json:"source"`
	// Miss is "" for a right answer and for a miss that was not classified.
	Miss Miss `json:"miss,omitempty"`
}

// SureAndWrong marks the attempt most worth a second look.
func (a Attempt) SureAndWrong() bool { return !a.Right && a.Certainty == Sure }
