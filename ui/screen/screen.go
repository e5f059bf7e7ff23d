// Package screen is the contract between the root and the screens: how a
// screen is drawn and asked, and what it may ask of the root. It knows no
// screen; routes are names with arguments.
package screen

import (
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

// Name names a kind of screen.
type Name string

// The screens.
const (
	Home    Name = "home"
	Study   Name = "study"
	Proof   Name = "proof"
	Stepper Name = "stepper"
)

// Route says which screen to show, and of what.
type Route struct {
	Name Name
	// Question is a question id; Option and Requirement (or an observation
	// with Option "") choose a cell of its proof.
	Question, Option, Requirement string
}

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

// Loaded brings a value that a command has worked out. It reaches every open
// screen.
type Loaded[T any] struct {
	// Key says which value it is.
	Key   string
	Value T
	Err   error
}
