package apigateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// invocation is what became of a call to a function.
type invocation struct {
	// refused is Lambda's error code when it did not run the function.
	refused string
	// errored is true when the function threw, timed out or could not start.
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

// failure returns the errorMessage of a function that failed.
func (i invocation) failure() (message string, failed bool) {
	if !i.errored {
		return "", false
	}
	var thrown struct {
		ErrorMessage string `json:"errorMessage"`
	}
	if err := json.Unmarshal([]byte(i.payload), &thrown); err != nil {
		return i.payload, true
	}
	return thrown.ErrorMessage, true
}

// invoke calls the function in a URI on behalf of the resource source.
func (c *call) invoke(uri, source string, event any) (invocation, error) {
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
		Input:  map[string]any{"FunctionName": function, "Payload": string(payload)},
		Caller: api.Caller{Service: "apigateway.amazonaws.com", SourceARN: source},
	})
	var refused *awserr.Error
	if errors.As(err, &refused) {
		return invocation{refused: refused.Code}, nil
	}
	if err != nil {
		return invocation{}, err
	}
	_, errored := output["FunctionError"]
	text, _ := output["Payload"].(string)
	return invocation{errored: errored, payload: text}, nil
}

// functionARN returns the function in a URI of the form
// arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations.
func functionARN(uri string) (string, bool) {
	prefix, rest, ok := strings.Cut(uri, ":lambda:path/2015-03-31/functions/")
	function, whole := strings.CutSuffix(rest, "/invocations")
	return function, ok && whole && function != "" && strings.HasPrefix(prefix, "arn:aws:apigateway:")
}
