package scenario

import (
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
)

// Plan is everything that can be run for one question.
type Plan struct {
	// Stack is the template that every run starts from.
	Stack cloudformation.Template
	// Client are the app's procedures.
	Client Client
	// Requirements and Observations are in the order of the file.
	Requirements []Trial
	Observations []Trial
	// Options are in the order of the file.
	Options []Variant
}

// Trial is one flow under a name.
type Trial struct {
	ID   string
	At   source.Position
	Flow Flow
}

// Variant is one change of the plan: what an option does to it.
type Variant struct {
	ID string
	At source.Position
	// Stack is merged into the plan's template; the zero Node changes nothing.
	Stack source.Node
	// Client replaces procedures by name.
	Client Client
}

// Requirement returns the requirement's flow.
func (p Plan) Requirement(id string) (Trial, bool) { return trial(p.Requirements, id) }

// Observation returns the observation's flow.
func (p Plan) Observation(id string) (Trial, bool) { return trial(p.Observations, id) }

func trial(trials []Trial, id string) (Trial, bool) {
	for _, t := range trials {
		if t.ID == id {
			return t, true
		}
	}
	return Trial{}, false
}

// Option returns the variant of an option.
func (p Plan) Option(id string) (Variant, bool) {
	for _, v := range p.Options {
		if v.ID == id {
			return v, true
		}
	}
	return Variant{}, false
}

// Program is a stack and a client, ready to run flows on.
type Program struct {
	Stack  cloudformation.Template
	Client Client
}

// Base is the plan's program before any option changes it.
func (p Plan) Base() Program { return Program{Stack: p.Stack, Client: p.Client} }

// With is the plan's program as the variant changes it.
func (p Plan) With(v Variant) (Program, error) {
	program := Program{Stack: p.Stack, Client: p.Client.Replace(v.Client)}
	if v.Stack.IsNull() {
		return program, nil
	}
	merged, err := p.Stack.Merge(v.Stack)
	if err != nil {
		return Program{}, err
	}
	program.Stack = merged
	return program, nil
}
