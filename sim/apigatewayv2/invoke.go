package apigatewayv2

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// invocation is what became of a call to a function.
type invocation struct {
	// refused is Lambda's error code when it did not run the function.
	refused string
	// late is true when the function did not answer in time.
	late bool
	// errored is true when the function threw or could not start.
	errored bool
	payload string
}

// permission says in words whether Lambda ran the function.
func (i invocation) permission() string {
	if i.refused != "" {
		return "Lambda answers " + i.refused
	}
	return "the function was invoked"
}

// message is the errorMessage in what the function threw or returned, "" for
// none.
func (i invocation) message() string {
	var thrown struct {
		ErrorMessage string `json:"errorMessage"`
	}
	if json.Unmarshal([]byte(i.payload), &thrown) != nil {
		return ""
	}
	return thrown.ErrorMessage
}

// outcome says in words how the function ended.
func (i invocation) outcome() string {
	switch {
	case i.late:
		return "it did not answer in time"
	case i.errored:
		return "error " + quoteShort(orElse(i.message(), i.payload))
	}
	return "it returned"
}

// invoke calls the function in a URI on behalf of the resource source and waits
// no longer than patience.
func (c *call) invoke(uri, source string, event any, patience time.Duration) (invocation, error) {
	payload, err := json.Marshal(event)
	if err != nil {
		return invocation{}, fmt.Errorf("the event cannot be written as JSON: %w", err)
	}
	function, ok := functionARN(c.stage.expand(uri))
	if !ok {
		return invocation{refused: "InvalidParameterValueException"}, nil
	}
	output, err := c.doors.Call(c.span, api.Call{
		From: Actor, Service: "lambda", Operation: "Invoke",
		Input:    map[string]any{"FunctionName": function, "Payload": string(payload)},
		Caller:   api.Caller{Service: "apigateway.amazonaws.com", SourceARN: source},
		Patience: patience,
	})
	var refused *awserr.Error
	switch {
	case errors.As(err, &refused):
		return invocation{refused: refused.Code}, nil
	case errors.As(err, &api.TimeoutError{}):
		return invocation{late: true}, nil
	case err != nil:
		return invocation{}, err
	}
	_, errored := output["FunctionError"]
	text, _ := output["Payload"].(string)
	return invocation{errored: errored, payload: text}, nil
}

// functionARN takes a function's ARN as it is and in an invocation URI.
func functionARN(uri string) (string, bool) {
	if prefix, rest, ok := strings.Cut(uri, ":lambda:path/2015-03-31/functions/"); ok {
		function, whole := strings.CutSuffix(rest, "/invocations")
		return function, whole && function != "" && strings.HasPrefix(prefix, "arn:aws:apigateway:")
	}
	return uri, strings.HasPrefix(uri, "arn:aws:lambda:")
}
