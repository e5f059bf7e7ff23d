package apigatewayv2

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/lambdacall"
)

const (
	servicePrincipal = "apigateway.amazonaws.com"
	sessionName      = "BackplaneAssumeRoleSession"
)

// functionCall is a call to the function in a URI on behalf of the resource
// source.
type functionCall struct {
	uri, source string
	// role is the ARN of the role that API Gateway assumes for it, "" for none.
	role     string
	event    any
	patience time.Duration
}

// invoke calls a function, as API Gateway itself or with a role. A role that
// cannot be assumed ends the request with 500.
func (c *call) invoke(f functionCall) (lambdacall.Result, error) {
	payload, err := json.Marshal(f.event)
	if err != nil {
		return lambdacall.Result{}, fmt.Errorf("the event cannot be written as JSON: %w", err)
	}
	function, ok := functionARN(c.stage.expand(f.uri))
	if !ok {
		return lambdacall.Result{Refused: "InvalidParameterValueException"}, nil
	}
	caller := api.Caller{Service: servicePrincipal, SourceARN: f.source}
	if f.role != "" {
		if caller, err = c.assume(f.role); err != nil {
			return lambdacall.Result{}, err
		}
	}
	return lambdacall.Call{From: Actor, Function: function, Payload: string(payload), Caller: caller, Patience: f.patience}.Do(c.doors, c.span)
}

// assume takes on the role of an integration or an authorizer.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
func (c *call) assume(role string) (api.Caller, error) {
	caller, refused, err := lambdacall.Assume(c.doors, c.span, Actor, servicePrincipal, role, sessionName)
	if err != nil {
		return api.Caller{}, err
	}
	found := "it may"
	if refused != "" {
		found = "STS answers " + refused
	}
	if !c.span.Decide(RuleCredentials, refused == "", "API Gateway may assume the role", found) {
		return api.Caller{}, &refusal{status: 500}
	}
	return caller, nil
}

// ended says in words how a function ended.
func ended(r lambdacall.Result) string {
	if r.Late {
		return "it did not answer in time"
	}
	if message, failed := r.Failure(); failed {
		return "error " + quoteShort(message)
	}
	return "it returned"
}

// isRole reports whether text is a role's ARN; arn:aws:iam::*:user/*, which
// stands for the caller's own credentials, is none.
func isRole(text string) bool {
	return strings.HasPrefix(text, "arn:aws:iam::") && strings.Contains(text, ":role/")
}

// functionARN takes a function's ARN as it is and in an invocation URI.
func functionARN(uri string) (string, bool) {
	if prefix, rest, ok := strings.Cut(uri, ":lambda:path/2015-03-31/functions/"); ok {
		function, whole := strings.CutSuffix(rest, "/invocations")
		return function, whole && function != "" && strings.HasPrefix(prefix, "arn:aws:apigateway:")
	}
	return uri, strings.HasPrefix(uri, "arn:aws:lambda:")
}
