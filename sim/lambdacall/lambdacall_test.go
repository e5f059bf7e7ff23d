package lambdacall_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/lambdacall"
	"claimcheck/sim/trace"
)

// door answers every call with the same output and error.
type door struct {
	output map[string]any
	err    error
	called api.Call
}

func (d *door) Call(_ *trace.Span, call api.Call) (map[string]any, error) {
	d.called = call
	return d.output, d.err
}

func (d *door) Send(*trace.Span, api.HTTPRequest) (api.HTTPResponse, error) {
	return api.HTTPResponse{}, errors.New("nothing is sent")
}

func TestWhatBecomesOfACall(t *testing.T) {
	for name, test := range map[string]struct {
		door       door
		want       lambdacall.Result
		message    string
		permission string
	}{
		"an answer": {door{output: map[string]any{"Payload": `{"a":1}`}}, lambdacall.Result{Payload: `{"a":1}`}, "", "the function was invoked"},
		"a thrown error": {door{output: map[string]any{"Payload": `{"errorMessage":"no"}`, "FunctionError": "Unhandled"}},
			lambdacall.Result{Errored: true, Payload: `{"errorMessage":"no"}`}, "no", "the function was invoked"},
		"no JSON":       {door{output: map[string]any{"Payload": "x"}}, lambdacall.Result{Payload: "x"}, "", "the function was invoked"},
		"no permission": {door{err: awserr.New("AccessDeniedException", "no")}, lambdacall.Result{Refused: "AccessDeniedException"}, "", "Lambda answers AccessDeniedException"},
		"too late":      {door{err: api.TimeoutError{After: time.Second}}, lambdacall.Result{Late: true}, "", "the function was invoked"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := lambdacall.Call{Function: "f", Payload: "{}", Patience: time.Second}.Do(&test.door, nil)
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("error %v, result (-want +got):\n%s", err, diff)
			}
			if thrown, failed := got.Failure(); failed != test.want.Errored || failed && thrown != test.message {
				t.Errorf("failure %q, %t", thrown, failed)
			}
			if got.Message() != test.message || got.Permission() != test.permission {
				t.Errorf("message %q, permission %q", got.Message(), got.Permission())
			}
			if test.door.called.Patience != time.Second || test.door.called.Operation != "Invoke" {
				t.Errorf("called %+v", test.door.called)
			}
		})
	}
}

func TestAnErrorOfTheSimulationIsNoResult(t *testing.T) {
	broken := &door{err: errors.New("not simulated")}
	if _, err := (lambdacall.Call{Function: "f"}).Do(broken, nil); err == nil {
		t.Error("a call has no error")
	}
	if _, _, err := lambdacall.Assume(broken, nil, "API", "apigateway.amazonaws.com", "role", "s"); err == nil {
		t.Error("a role has no error")
	}
}

func TestARoleIsAssumedOrRefused(t *testing.T) {
	given := &door{output: map[string]any{"Credentials": map[string]any{"AccessKeyId": "ASIA", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": 1772445600.0}}}
	caller, refused, err := lambdacall.Assume(given, nil, "API", "apigateway.amazonaws.com", "role", "session")
	if diff := cmp.Diff(api.Caller{Credentials: &api.Credentials{AccessKeyID: "ASIA", SecretAccessKey: "s", SessionToken: "t"}}, caller); diff != "" || refused != "" || err != nil {
		t.Errorf("refused %q, error %v, caller (-want +got):\n%s", refused, err, diff)
	}
	if given.called.Caller.Service != "apigateway.amazonaws.com" || given.called.Input["RoleSessionName"] != "session" {
		t.Errorf("called %+v", given.called)
	}
	if _, refused, err := lambdacall.Assume(&door{err: awserr.New("AccessDenied", "no")}, nil, "API", "s", "role", "session"); refused != "AccessDenied" || err != nil {
		t.Errorf("refused %q, %v", refused, err)
	}
}
