// Package screen is the contract between the root and the screens: how a
// screen is drawn and asked, and what it may ask of the root. It knows no
// screen; routes are names with arguments.
package screen

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
)

// Screen is one full screen of the trainer. Screens do no I/O: what is slow
// comes back from the command as a message.
type Screen interface {
	// Update takes a key that the root has split and not used itself, or any
	// other message, and says where to go.
	Update(msg tea.Msg) (Action, tea.Cmd)
	// View draws exactly size.H lines of at most size.W cells.
	View(size layout.Size) string
	// Title is the screen's name in the path at the top.
	Title() string
	// Keys are the bindings as they work now, the important ones first.
	Keys() []keys.Binding
}

// Cornered is a screen that has something to tell at the right end of the top
// line, such as a clock.
type Cornered interface {
	// Corner is at most w cells wide and not styled.
	Corner(w int) string
}

// Name names a kind of screen.
type Name string

// The screens.
const (
	Home Name = "home"
	// Questions lists the questions, of Bank only where one is named.
	Questions Name = "questions"
	Study     Name = "study"
	Proof     Name = "proof"
	Stepper   Name = "stepper"
	// Beside shows the run of Option and Requirement next to the one of With.
	Beside Name = "beside"
	// Exam is the exam under way or, when there is none, the form that starts
	// one.
	Exam Name = "exam"
	// Result is the exam with the id Exam, when it is over; Debrief is the
	// question at Item of its paper.
	Result  Name = "result"
	Debrief Name = "debrief"
	// Review is the list of what is due; Recall asks one Question of it.
	Review   Name = "review"
	Recall   Name = "recall"
	Progress Name = "progress"
	// Serving has the stack of Question, as Option changes it, on this machine's
	// network; Request steps through the request numbered Item that came in.
	Serving Name = "serving"
	Request Name = "request"
)

// Route says which screen to show, and of what.
type Route struct {
	Name Name
	// Question is a question id; Option and Requirement (or an observation
	// with Option "") choose a cell of its proof.
	Question, Option, Requirement string
	// With is the second of two cells.
	With Cell
	// Bank is the folder of a bank.
	Bank string
	// Exam is the id of an exam, Item a position in its paper, from 0.
	Exam string
	Item int
}

// Cell is one run of a question: an option against a requirement, or an
// observation with Option "".
type Cell struct{ Option, Requirement string }

// Action is what a screen asks of the root. The zero Action asks nothing.
type Action struct {
	Kind Kind
	// To is where Open and Replace lead.
	To Route
	// Err is what Fail tells.
	Err error
}

// Kind says what an action does.
type Kind int

// The kinds of action.
const (
	Stay Kind = iota
	Opens
	Replaces
	Returns
	Fails
	Quits
)

// None stays on the screen.
func None() Action { return Action{} }

// Open puts a screen on top of this one.
func Open(to Route) Action { return Action{Kind: Opens, To: to} }

// Replace puts a screen in place of this one.
func Replace(to Route) Action { return Action{Kind: Replaces, To: to} }

// Back returns to the screen below.
func Back() Action { return Action{Kind: Returns} }

// Fail tells an error at the foot of the screen.
func Fail(err error) Action { return Action{Kind: Fails, Err: err} }

// Quit ends the trainer.
func Quit() Action { return Action{Kind: Quits} }

// Tick brings the time, about once a second while an exam is under way, to the
// top screen.
type Tick struct{ Now time.Time }

// Arrived says that what was kept of the learner has been read.
type Arrived struct{}

// Kept says that what was done in an exam has been stored, or why not. It comes
// once for everything done, in the same order.
type Kept struct {
	Exam string
	Err  error
}

// Serves says that what a route serves can be reached.
type Serves struct{}

// Loaded brings a value that a command has worked out. It reaches every open
// screen.
type Loaded[T any] struct {
	// Key says which value it is.
	Key   string
	Value T
	Err   error
}
