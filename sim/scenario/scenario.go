// Package scenario runs flows: lists of API calls, HTTP requests, waits on the
// virtual clock and expectations, against a stack deployed into a fresh
// account. It owns the format of flows and clients and what became of a run:
// whether it holds, and which rule decided when it does not. It refuses to know
// what a question is and whether an outcome is right.
package scenario

import (
	"errors"
	"fmt"
	"time"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
)

// RuleComposition decides expectations about the stack itself.
const RuleComposition trace.RuleID = "stack.composition"

// Rules lists the package's own rules.
func Rules() []trace.Rule {
	return []trace.Rule{{
		ID:         RuleComposition,
		Statement:  "What a stack deploys is what its team owns: functions, tables and users of its own are theirs to write, patch and watch.",
		Source:     "https://aws.amazon.com/compliance/shared-responsibility-model/",
		Confidence: trace.Documented,
	}}
}

// Start is the virtual time at which every run begins.
func Start() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }

// Run deploys the program's stack into a fresh account, makes its set-up calls
// and runs the flow. The same program and flow give the same outcome, byte for
// byte. An error means that the program cannot be run as it is written; it
// carries a position. A refusal by AWS is an outcome.
func Run(p Program, flow Flow) (Outcome, error) {
	account := sim.New(Start())
	recorder := trace.NewRecorder(account.Now)
	r, _, err := begin(p, account, recorder.Flow())
	if err != nil {
		return undeployed(recorder, err)
	}
	r.recorder = trace.NewRecorder(account.Now)
	return r.outcome(r.steps(flow))
}

// begin deploys a program's stack into an empty account, with the accounts
// beside it, and makes the set-up calls. The error is an *awserr.Error when AWS
// refuses a template.
func begin(p Program, account *sim.Account, span *trace.Span) (*run, metadata, error) {
	around, err := parseMetadata(p.Stack.Metadata())
	if err != nil {
		return nil, metadata{}, err
	}
	stack, err := account.Deploy(span, p.Stack)
	if err == nil {
		err = settle(span, account, around.neighbours)
	}
	if err != nil {
		return nil, metadata{}, err
	}
	r := &run{account: account, stack: stack, client: p.Client, saved: map[string]int{}, neighbours: map[string]bool{}}
	return r, around, r.prepare(around)
}

// undeployed is the outcome of a stack that CloudFormation refuses.
func undeployed(recorder *trace.Recorder, err error) (Outcome, error) {
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		return Outcome{}, err
	}
	t := recorder.Trace()
	o := Outcome{Expected: "the stack deploys", Happened: refusal.Error(), Trace: t}
	o.decide(t, evidence{exchange: recorder.Exchanges()})
	return o, nil
}

// run is one flow on its way.
type run struct {
	account  *sim.Account
	stack    cloudformation.Stack
	client   Client
	recorder *trace.Recorder
	env      map[string]any
	// neighbours are the names of the other accounts.
	neighbours map[string]bool
	// saved maps the name of a result to the exchange that gave it.
	saved map[string]int
	// caller signs API calls that name no credentials; nil leaves them unsigned.
	caller *api.Credentials
	depth  int
}

func (r *run) steps(flow Flow) error {
	for _, step := range flow {
		if err := step.run(r); err != nil {
			return err
		}
	}
	return nil
}

// refuted says that a flow does not hold. It is an error only inside the package.
type refuted struct {
	expected, happened string
	evidence           evidence
}

// Error is for the errors.As machinery; nobody reads it.
func (r *refuted) Error() string { return r.expected + ": " + r.happened }

func (r *run) outcome(err error) (Outcome, error) {
	t := r.recorder.Trace()
	if err == nil {
		return Outcome{Holds: true, Trace: t}, nil
	}
	var no *refuted
	if !errors.As(err, &no) {
		return Outcome{}, err
	}
	o := Outcome{Expected: no.expected, Happened: no.happened, Trace: t}
	o.decide(t, no.evidence)
	return o, nil
}

// save keeps a result under a name for later steps.
func (r *run) save(at source.Position, name string, exchange int, value any) error {
	if name == "" {
		return nil
	}
	if _, isResource := r.stack.Resource(name); isResource || r.neighbours[name] {
		return fmt.Errorf("%s: %q is a resource of the stack or an account: give the result another name", at, name)
	}
	r.env[name] = value
	r.saved[name] = exchange
	return nil
}
