package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/lambda/nodejs"
	"claimcheck/sim/trace"
)

// execute runs one invocation of a function in an execution environment of its
// own. An error is a roleError when the execution role cannot be assumed.
func (l *Lambda) execute(span *trace.Span, e *endpoint, requestID, event string) (execution, error) {
	f := e.runs
	l.depth++
	defer func() { l.depth-- }()
	if l.depth > maxDepth {
		return execution{}, fmt.Errorf("functions invoke one another more than %d deep", maxDepth)
	}
	runtime, err := nodejs.New(l.image, nodejs.Settings{
		Major: f.major, Environment: f.environment, Start: l.world.Now(), Timeout: f.timeout, Seed: requestID,
	}, &environment{lambda: l, function: f, span: span})
	if err != nil {
		return execution{}, err
	}
	defer runtime.Close()
	context, err := l.contextOf(e, requestID)
	if err != nil {
		return execution{}, err
	}
	result, err := runtime.Load(f.source, f.handler)
	if err == nil && result.Outcome == nodejs.Returned {
		result, err = runtime.Invoke(event, context)
	}
	elapsed := runtime.Elapsed()
	if result.Outcome == nodejs.TimedOut {
		elapsed = f.timeout
	}
	return execution{Result: result, elapsed: elapsed}, err
}

// execution is how an invocation ended and how much virtual time it took.
type execution struct {
	nodejs.Result
	elapsed time.Duration
}

// contextOf is the context object as far as it is data
// (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html).
func (l *Lambda) contextOf(e *endpoint, requestID string) (string, error) {
	f := e.runs
	stream := l.world.Now().UTC().Format("2006/01/02") + "/[" + f.version + "]" + strings.ReplaceAll(requestID, "-", "")
	text, err := json.Marshal(map[string]string{
		"functionName": f.name, "functionVersion": f.version, "invokedFunctionArn": e.arn, "awsRequestId": requestID,
		"memoryLimitInMB": strconv.Itoa(f.memory), "logGroupName": "/aws/lambda/" + f.name, "logStreamName": stream,
	})
	return string(text), err
}

// environment is what one invocation of a function reaches.
type environment struct {
	lambda   *Lambda
	function *function
	span     *trace.Span
}

// Log records a line of the handler's.
func (e *environment) Log(line string) { e.span.Log(line) }

// Call runs an AWS operation with the credentials that the code gave, and
// otherwise with those of the execution role.
func (e *environment) Call(call nodejs.Call) (map[string]any, error) {
	credentials := call.Credentials
	if credentials == nil {
		var err error
		if credentials, err = e.roleCredentials(); err != nil {
			return nil, err
		}
	}
	return e.lambda.doors.Call(e.span, api.Call{
		From: actor, Service: call.Service, Operation: call.Operation, Input: call.Input, Caller: api.Caller{Credentials: credentials},
	})
}

// roleCredentials assumes the execution role, or gives the credentials of the
// last time while they are valid. AWS refuses a role that Lambda cannot assume
// when the function is created; the simulation when it is first needed.
func (e *environment) roleCredentials() (*api.Credentials, error) {
	f, now := e.function, e.lambda.world.Now()
	if f.credentials != nil && now.Before(f.expires) {
		return f.credentials, nil
	}
	credentials, expires, refusal, err := api.Assume(e.lambda.doors, e.span, actor, api.Caller{Service: "lambda.amazonaws.com"},
		map[string]any{"RoleArn": f.role, "RoleSessionName": f.name})
	if err != nil {
		return nil, err
	}
	if !e.span.Decide(RuleExecutionRole, refusal == nil, "a role that lambda.amazonaws.com may assume", abbreviate(f.role)) {
		return nil, roleError{invalid("The role defined for the function cannot be assumed by Lambda.")}
	}
	f.credentials, f.expires = &credentials, expires
	return f.credentials, nil
}

// roleError ends an invocation because there is no execution role. It hides
// the refusal from the handler, to which a refusal is an exception.
type roleError struct{ refusal *awserr.Error }

// Error is the refusal's text.
func (e roleError) Error() string { return e.refusal.Error() }

// Start begins a program in the execution environment of a function: Lambda puts
// the execution role's credentials into its variables, beside the function's own.
// ok is false when the id is no function's name. The error is an *awserr.Error
// when Lambda cannot assume the role.
// Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (l *Lambda) Start(span *trace.Span, id string) (place api.Place, ok bool, err error) {
	f, ok := l.functions[id]
	if !ok {
		return api.Place{}, false, nil
	}
	credentials, err := (&environment{lambda: l, function: f, span: span}).roleCredentials()
	if role := (roleError{}); errors.As(err, &role) {
		return api.Place{}, true, role.refusal
	}
	if err != nil {
		return api.Place{}, true, err
	}
	variables := maps.Clone(f.environment)
	variables["AWS_ACCESS_KEY_ID"] = credentials.AccessKeyID
	variables["AWS_SECRET_ACCESS_KEY"] = credentials.SecretAccessKey
	variables["AWS_SESSION_TOKEN"] = credentials.SessionToken
	return api.Place{Environment: variables}, true, nil
}
