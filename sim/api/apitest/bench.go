package apitest

import (
	"errors"
	"strings"
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// Service is a service that a Bench can test.
type Service interface {
	Service() api.Service
	Types() []cloudformation.Type
}

// Bench is one service with what has been deployed to it and recorded of it.
type Bench struct {
	T     testing.TB
	World *World
	// Caller makes the calls of Run.
	Caller api.Principal
	// Stack is the one deployed last.
	Stack cloudformation.Stack
	// Last is the trace of the latest call or deployment.
	Last trace.Trace
	// Cover collects the checks of the service's own rules.
	Cover *tracetest.Coverage

	service Service
}

// NewBench returns a bench with nothing deployed.
func NewBench(t testing.TB, w *World, s Service) *Bench {
	return &Bench{T: t, World: w, Cover: &tracetest.Coverage{}, service: s}
}

// Deploy returns what CloudFormation says to a template; one that is no
// template ends the test.
func (b *Bench) Deploy(text string) error {
	b.T.Helper()
	template, err := cloudformation.Parse("template.yaml", []byte(text))
	if err != nil {
		b.T.Fatal(err)
	}
	recorder := b.World.Recorder()
	b.Stack, err = cloudformation.Deploy(recorder.Flow(), b.World, template, b.service.Types())
	b.Record(recorder)
	return err
}

// Record makes a recording the last one. Rules of others, such as
// CloudFormation's, are not covered by the service's tests.
func (b *Bench) Record(recorder *trace.Recorder) {
	b.Last = recorder.Trace()
	var own trace.Trace
	for _, e := range b.Last.Events {
		if e.Check != nil && strings.HasPrefix(string(e.Check.Rule), b.service.Service().Prefix+".") {
			own.Events = append(own.Events, e)
		}
	}
	b.Cover.Add(own)
}

// Ref is the Ref of a resource of the stack.
func (b *Bench) Ref(logicalID string) string {
	b.T.Helper()
	created, ok := b.Stack.Resource(logicalID)
	if !ok {
		b.T.Fatalf("no resource %s", logicalID)
	}
	return created.Ref
}

// Run runs an operation as the API door does after authorization. Input that
// does not decode ends the test.
func (b *Bench) Run(name string, input map[string]any) (map[string]any, error) {
	b.T.Helper()
	op := b.Operation(name)
	in, faults := op.Decode(input)
	if len(faults) > 0 {
		b.T.Fatalf("%s: %v", name, faults)
	}
	recorder := b.World.Recorder()
	defer b.Record(recorder)
	span := recorder.Flow().Open("App", b.service.Service().Name, name, trace.Message{})
	return op.Run(api.Context{Span: span, Principal: b.Caller}, in)
}

// Operation is one of the service's operations.
func (b *Bench) Operation(name string) api.Operation {
	b.T.Helper()
	for _, op := range b.service.Service().Operations {
		if op.Name == name {
			return op
		}
	}
	b.T.Fatalf("no operation %s", name)
	return api.Operation{}
}

// Must is Run of a call that succeeds.
func (b *Bench) Must(name string, input map[string]any) map[string]any {
	b.T.Helper()
	out, err := b.Run(name, input)
	if err != nil {
		b.T.Fatalf("%s: %v", name, err)
	}
	return out
}

// Refused expects an AWS error with status 400, decided by the rule.
func (b *Bench) Refused(rule trace.RuleID, code, message, name string, input map[string]any) {
	b.T.Helper()
	_, err := b.Run(name, input)
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		b.T.Fatalf("%s: %v, want %s", name, err, code)
	}
	if refusal.Code != code || refusal.Message != message || refusal.Status != 400 {
		b.T.Errorf("%s: %d %v\nwant 400 %s: %s", name, refusal.Status, refusal, code, message)
	}
	if got := tracetest.Decider(b.Last, 1); got != rule {
		b.T.Errorf("%s was decided by %q, want %q", name, got, rule)
	}
}
