// Package lambdacall invokes Lambda functions the way AWS services do it behind
// the scenes: as the service itself or with a role that it assumes first, and
// with only so much patience. It owns what can become of such a call, and
// refuses to know which answer a service makes of that.
package lambdacall

import (
	"encoding/json"
	"errors"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// Call is one invocation of a function.
type Call struct {
	// From is the service's lane in a trace.
	From trace.Actor
	// Function is a name or an ARN, Payload JSON text.
	Function, Payload string
	// Mode is InvocationType, "" for RequestResponse.
	Mode string
	// Caller is the service with the resource it acts for, or the credentials of
	// a role: see Assume.
	Caller api.Caller
	// Patience is how long the service waits, 0 for as long as it takes.
	Patience time.Duration
}

// Result is what became of a Call.
type Result struct {
	// Refused is Lambda's error code when it did not run the function, such as
	// "AccessDeniedException".
	Refused string
	// Late is true when the function did not answer in time.
	Late bool
	// Errored is true when the function threw or could not start.
	Errored bool
	// Payload is what the function returned, or the error that it threw, as JSON
	// text.
	Payload string
}

// Do makes the call. Its error means that the simulation cannot run it.
func (c Call) Do(doors api.Doors, span *trace.Span) (Result, error) {
	input := map[string]any{"FunctionName": c.Function, "Payload": c.Payload}
	if c.Mode != "" {
		input["InvocationType"] = c.Mode
	}
	output, err := doors.Call(span, api.Call{
		From: c.From, Service: "lambda", Operation: "Invoke", Input: input, Caller: c.Caller, Patience: c.Patience,
	})
	var (
		refused *awserr.Error
		late    api.TimeoutError
	)
	switch {
	case errors.As(err, &refused):
		return Result{Refused: refused.Code}, nil
	case errors.As(err, &late):
		return Result{Late: true}, nil
	case err != nil:
		return Result{}, err
	}
	_, errored := output["FunctionError"]
	text, _ := output["Payload"].(string)
	return Result{Errored: errored, Payload: text}, nil
}

// Permission says in a few words whether Lambda ran the function.
func (r Result) Permission() string {
	if r.Refused != "" {
		return "Lambda answers " + r.Refused
	}
	return "the function was invoked"
}

// Message is the errorMessage in what the function threw or returned, "" for
// none.
func (r Result) Message() string {
	var thrown struct {
		ErrorMessage string `json:"errorMessage"`
	}
	if json.Unmarshal([]byte(r.Payload), &thrown) != nil {
		return ""
	}
	return thrown.ErrorMessage
}

// Failure is what a function threw: its errorMessage, or the whole payload where
// there is none. failed is false for a function that returned.
func (r Result) Failure() (message string, failed bool) {
	if !r.Errored {
		return "", false
	}
	if message = r.Message(); message == "" {
		message = r.Payload
	}
	return message, true
}

// Assume takes on a role for the calls of a service. refused is the error code
// of STS where the role cannot be assumed, "" otherwise; an error means that the
// simulation cannot run the call.
func Assume(doors api.Doors, span *trace.Span, from trace.Actor, service, role, session string) (caller api.Caller, refused string, err error) {
	credentials, _, denied, err := api.Assume(doors, span, from, api.Caller{Service: service}, map[string]any{"RoleArn": role, "RoleSessionName": session})
	if denied != nil {
		return api.Caller{}, denied.Code, nil
	}
	return api.Caller{Credentials: &credentials}, "", err
}
