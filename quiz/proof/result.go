package proof

import (
	"claimcheck/quiz"
	"claimcheck/sim/scenario"
	"claimcheck/sim/trace"
)

// Proof is a question's options × requirements, each cell with its run.
type Proof struct {
	Question quiz.Question
	// Options are in the question's order; empty for an unproven question.
	Options []Option
	// Observations are runs on the stack as it stands; their Requirement is
	// the observation's id.
	Observations []Cell
}

// Option is one row of the matrix.
type Option struct {
	ID string
	// Correct is what the key says, Holds whether every requirement held.
	Correct, Holds bool
	// Agrees is true when the run shows what the key says, for the stated rules.
	Agrees bool
	// Cells are in the order of the requirements.
	Cells []Cell
	// Stack is the template with the option's change marked, Client the
	// procedures as the option runs them, marked likewise.
	Stack, Client []scenario.Line
}

// Cell is one option against one requirement.
type Cell struct {
	Requirement string
	Holds       bool
	// ExpectedBy is the rule that the option names for this requirement, ""
	// when the requirement is expected to hold.
	ExpectedBy trace.RuleID
	// DecidedBy is the rule that decided, "" when the requirement held.
	DecidedBy trace.RuleID
	Agrees    bool
	Run       scenario.Outcome
}

// Agrees is true when every option and observation agrees with the key.
func (p Proof) Agrees() bool {
	for _, o := range p.Options {
		if !o.Agrees {
			return false
		}
	}
	for _, o := range p.Observations {
		if !o.Agrees {
			return false
		}
	}
	return true
}
