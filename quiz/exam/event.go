package exam

import "time"

// Kind says what happened in an exam.
type Kind string

// The kinds of events, and which fields of Event each uses.
const (
	// Started begins the exam: the clock runs from here.
	Started Kind = "started"
	// Reopened says that the trainer was closed and opened again. The clock ran
	// on, but no question is charged for the time between.
	Reopened Kind = "reopened"
	// Shown brings Item before the learner.
	Shown Kind = "shown"
	// Chosen makes Options the answer to Item; none clears it.
	Chosen Kind = "chosen"
	// StruckOut and Restored cross out one option of Item and take that back:
	// Options holds this one. What is chosen stays as it is.
	StruckOut Kind = "struck-out"
	Restored  Kind = "restored"
	// Flagged and Unflagged mark Item for a second look.
	Flagged   Kind = "flagged"
	Unflagged Kind = "unflagged"
	// These hide and show the clock, and the count of questions.
	ClockHidden   Kind = "clock-hidden"
	ClockShown    Kind = "clock-shown"
	CounterHidden Kind = "counter-hidden"
	CounterShown  Kind = "counter-shown"
	// Ended is the learner's own end, before the clock's.
	Ended Kind = "ended"
)

// Event is one thing that happened in an exam.
type Event struct {
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	// Item is the position in the paper, from 0.
	Item int `json:"item,omitempty"`
	// Options are the question's own option ids.
	Options []string `json:"options,omitempty"`
}
