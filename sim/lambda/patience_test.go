package lambda

import (
	"errors"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

const sleeper = "exports.handler = async () => new Promise((done) => setTimeout(() => done('late'), 6000));"

// callWith is call for a caller who waits so long.
func (a *account) callWith(patience time.Duration) (map[string]any, error) {
	a.t.Helper()
	operation := a.invokeOperation()
	in, faults := operation.Decode(map[string]any{"FunctionName": "tasks"})
	if len(faults) > 0 {
		a.t.Fatalf("the input is refused: %v", faults)
	}
	return operation.Run(api.Context{Patience: patience}, in)
}

func TestACallerWithoutPatienceGetsNoAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		timeout  int
		patience time.Duration
		late     bool
	}{
		"the function takes longer":           {10, 5 * time.Second, true},
		"the caller waits long enough":        {10, 7 * time.Second, false},
		"the caller waits as long as it goes": {10, 0, false},
		"the function times out before":       {3, 5 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			p := properties(sleeper)
			p.Timeout = &tc.timeout
			a.deployWith(p)
			_, err := a.callWith(tc.patience)
			timeout := (api.TimeoutError{})
			if late := errors.As(err, &timeout); late != tc.late {
				t.Errorf("error %v", err)
			}
			if tc.late && timeout.After != tc.patience {
				t.Errorf("the caller waited %v", timeout.After)
			}
		})
	}
}

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
func TestAnAsynchronousInvocationIsAcceptedAtOnce(t *testing.T) {
	a := newAccount(t)
	a.deploy("exports.handler = async () => { console.log('it ran'); return 'an answer for nobody'; };")
	output, err := a.call(map[string]any{"FunctionName": "tasks", "InvocationType": "Event"})
	if err != nil || output["StatusCode"] != float64(202) || output["Payload"] != nil {
		t.Errorf("output %v, error %v", output, err)
	}
	ran := false
	for _, e := range a.trace.Events {
		ran = ran || strings.Contains(e.Title, "it ran")
	}
	if !ran {
		t.Error("the function did not run")
	}
}

func TestAnAsynchronousInvocationThatFailsIsNoVerdict(t *testing.T) {
	a := newAccount(t)
	a.deploy("exports.handler = async () => { throw new Error('no'); };")
	_, err := a.call(map[string]any{"FunctionName": "tasks", "InvocationType": "Event"})
	if refusal := (*awserr.Error)(nil); err == nil || errors.As(err, &refusal) {
		t.Errorf("error %v, want one that is no refusal", err)
	}
}
