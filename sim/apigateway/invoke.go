package apigateway

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/lambdacall"
)

// functionCall is a call to a function on behalf of the resource source.
type functionCall struct {
	uri, source string
	// credentials is the role that API Gateway assumes for it, callersOwn for the
	// caller's own permissions, "" for none.
	credentials string
	// unassumable is the answer when the role cannot be assumed, nil for 500.
	unassumable *refusal
	// payload is JSON text.
	payload string
	// mode is InvocationType, "" for RequestResponse.
	mode string
	// patience is how long API Gateway waits, 0 for as long as it takes.
	patience time.Duration
}

// invoke calls a function, as API Gateway itself or with a role.
func (c *call) invoke(f functionCall) (lambdacall.Result, error) {
	function, ok := functionARN(c.stage.expand(f.uri))
	if !ok {
		return lambdacall.Result{Refused: "InvalidParameterValueException"}, nil
	}
	caller := api.Caller{Service: servicePrincipal, SourceARN: f.source}
	if f.credentials != "" {
		var err error
		if caller, err = c.assume(f.credentials, f.unassumable); err != nil {
			return lambdacall.Result{}, err
		}
	}
	return lambdacall.Call{From: Actor, Function: function, Payload: f.payload, Mode: f.mode, Caller: caller, Patience: f.patience}.Do(c.doors, c.span)
}

// invokeWith is invoke with an event that is yet to be written as JSON.
func (c *call) invokeWith(f functionCall, event any) (lambdacall.Result, error) {
	payload, err := json.Marshal(event)
	if err != nil {
		return lambdacall.Result{}, fmt.Errorf("the event cannot be written as JSON: %w", err)
	}
	f.payload = string(payload)
	return c.invoke(f)
}

const (
	servicePrincipal = "apigateway.amazonaws.com"
	sessionName      = "BackplaneAssumeRoleSession"
)

// callersOwn in place of a role passes the credentials of the caller through, who
// needs leave to invoke the function then.
const callersOwn = "arn:aws:iam::*:user/*"

// assume takes on a role for a call to a back end or an authorizer. A role that
// does not trust API Gateway is 500.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apitgateway-method-integration.html
func (c *call) assume(role string, unassumable *refusal) (api.Caller, error) {
	if role == callersOwn {
		return api.Caller{Principal: &c.caller.principal}, nil
	}
	caller, refused, err := lambdacall.Assume(c.doors, c.span, Actor, servicePrincipal, role, sessionName)
	if err != nil {
		return api.Caller{}, err
	}
	found := "it may"
	if refused != "" {
		found = "STS answers " + refused
	}
	if !c.span.Decide(RuleCredentials, refused == "", "API Gateway may assume the role", found) {
		if unassumable == nil {
			unassumable = failed(500)
		}
		return api.Caller{}, unassumable
	}
	return caller, nil
}

// methodSource is the ARN on whose behalf a method invokes its function.
func (c *call) methodSource() string {
	return arn.New("execute-api", c.world.Region(), c.world.Account(),
		c.apiID+"/"+c.stage.name+"/"+c.request.Method+strings.TrimSuffix(c.path, "/"))
}

// timeLimit is how long an integration may take, in milliseconds.
type timeLimit int

// The bounds of TimeoutInMillis. A Regional API may be given more by quota.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
const (
	shortestTimeLimit timeLimit = 50
	longestTimeLimit  timeLimit = 29000
)

func timeoutOf(i *integrationProperties) (timeLimit, error) {
	switch limit := timeLimit(i.TimeoutInMillis); {
	case limit == 0:
		return longestTimeLimit, nil
	case limit < shortestTimeLimit || limit > longestTimeLimit:
		return 0, badRequest("Timeout should be between 50 ms and 29000 ms")
	default:
		return limit, nil
	}
}

func (t timeLimit) duration() time.Duration { return time.Duration(t) * time.Millisecond }

// checkVerb makes the check that every Lambda integration begins with.
func (c *call) checkVerb(verb string) error {
	if !c.span.Decide(RuleIntegrationVerb, verb == "POST", "IntegrationHttpMethod is POST", verb) {
		return failed(500)
	}
	return nil
}

// checkInvoked makes the checks that follow a call to a function: it was invoked
// (500), and it answered in time (504).
func (c *call) checkInvoked(result lambdacall.Result, limit timeLimit) error {
	if !c.span.Decide(RuleIntegrationPermission, result.Refused == "", "API Gateway may invoke the function", result.Permission()) {
		return failed(500)
	}
	found := "it came"
	if result.Late {
		found = "none yet"
	}
	if !c.span.Decide(RuleIntegrationTimeout, !result.Late, "an answer within "+limit.duration().String(), found) {
		return &refusal{kind: integrationTimeout, message: "Endpoint request timed out", exception: "InternalServerErrorException"}
	}
	return nil
}

// functionARN returns the function in a URI of the form
// arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations.
func functionARN(uri string) (string, bool) {
	prefix, rest, ok := strings.Cut(uri, ":lambda:path/2015-03-31/functions/")
	function, whole := strings.CutSuffix(rest, "/invocations")
	return function, ok && whole && function != "" && strings.HasPrefix(prefix, "arn:aws:apigateway:")
}
