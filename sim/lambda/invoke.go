package lambda

import (
	"encoding/json"
	"errors"
	"fmt"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/lambda/nodejs"
	"claimcheck/sim/trace"
)

const (
	// maxPayload is the largest event and response in bytes. Lambda allows a
	// response 100 bytes of frame
	// (https://github.com/localstack/localstack/pull/10229).
	maxPayload  = 6 * 1024 * 1024
	maxResponse = maxPayload + 100
	// maxDepth bounds functions that invoke one another.
	maxDepth = 16
)

type invokeInput struct {
	FunctionName   string `aws:"required"`
	InvocationType string `aws:"enum=Event|RequestResponse|DryRun" http:"header=X-Amz-Invocation-Type"`
	// Payload is JSON text.
	Payload string `http:"payload"`
	// Qualifier is a version or an alias.
	Qualifier string `http:"query=Qualifier"`

	_ struct{} `unsimulated:"ClientContext DurableExecutionName LogType TenantId"`
}

type invokeOutput struct {
	StatusCode      int    `http:"status"`
	FunctionError   string `json:",omitempty" http:"header=X-Amz-Function-Error"`
	Payload         string `json:",omitempty" http:"payload"`
	ExecutedVersion string `json:",omitempty" http:"header=X-Amz-Executed-Version"`
}

// invokeOperation is Invoke, which IAM knows as lambda:InvokeFunction. The
// decision takes in the function's resource policy.
func (l *Lambda) invokeOperation() api.Operation {
	operation := api.On(api.Routed("POST /2015-03-31/functions/{FunctionName}/invocations", api.Operate("Invoke", api.Signed, l.invoke)), l.target)
	operation.Action = "lambda:InvokeFunction"
	return operation
}

func (l *Lambda) target(in invokeInput) api.Target {
	name := nameOf(in.FunctionName, in.Qualifier)
	if account := accountOf(in.FunctionName); account != "" && account != l.world.Account() {
		return api.Target{Resource: arn.New("lambda", l.world.Region(), account, "function:"+name.String())}
	}
	target := api.Target{Resource: l.arnOf(name)}
	if e, ok := l.find(name); ok {
		target.Policy = e.policy()
	}
	return target
}

func denial(message string) error {
	return awserr.WithStatus(403, "AccessDeniedException", "%s", message)
}

// invoke runs a function and waits for it, in these phases:
//
//  1. the function exists
//  2. the payload is JSON and not too large
//  3. the module loads and the handler runs, with the execution role behind
//     its SDK calls
//  4. it ended in time
//  5. it ended within its memory
//  6. the handler answered and did not throw
//  7. the answer is not too large
//
// From phase 4 on the answer has status 200 whatever happened; FunctionError
// says that it is an error.
func (l *Lambda) invoke(c api.Context, in invokeInput) (invokeOutput, error) {
	// 1
	name := nameOf(in.FunctionName, in.Qualifier)
	e, ok := l.find(name)
	if !c.Span.Decide(RuleFunctionExists, ok, "a function of this account and Region", name.String()) {
		return invokeOutput{}, l.notFound(name)
	}
	// 2
	event := in.Payload
	if event == "" {
		event = "{}"
	}
	if err := checkPayload(c.Span, event); err != nil {
		return invokeOutput{}, err
	}
	switch in.InvocationType {
	case "DryRun":
		return invokeOutput{StatusCode: 204}, nil
	case "Event":
		return l.accept(c, e, event)
	}
	return l.answer(c, e, event)
}

func checkPayload(span *trace.Span, event string) error {
	const wanted = "JSON of at most 6 MB"
	if len(event) > maxPayload {
		span.Decide(RulePayload, false, wanted, fmt.Sprintf("%d bytes", len(event)))
		return awserr.WithStatus(413, "RequestEntityTooLargeException",
			"%d byte payload is too large for the RequestResponse invocation type (limit %d bytes)", len(event), maxPayload)
	}
	var value any
	if err := json.Unmarshal([]byte(event), &value); err != nil {
		span.Decide(RulePayload, false, wanted, "no JSON")
		return awserr.New("InvalidRequestContentException", "Could not parse request body into json: %s", err)
	}
	span.Decide(RulePayload, true, wanted, fmt.Sprintf("JSON of %d bytes", len(event)))
	return nil
}

// accept takes an event for an asynchronous invocation. The function runs at
// once, and its answer goes nowhere.
func (l *Lambda) accept(c api.Context, e *endpoint, event string) (invokeOutput, error) {
	output, err := l.answer(api.Context{Span: c.Span, Principal: c.Principal}, e, event)
	if err != nil {
		return invokeOutput{}, err
	}
	if output.FunctionError != "" {
		return invokeOutput{}, errors.New("an asynchronous invocation fails: Lambda would try twice more, the simulation does not")
	}
	return invokeOutput{StatusCode: 202}, nil
}

// answer runs the function, phase 3, and answers a caller who still waits.
func (l *Lambda) answer(c api.Context, e *endpoint, event string) (invokeOutput, error) {
	requestID := l.world.UUID()
	result, err := l.execute(c.Span, e, requestID, event)
	if role := (roleError{}); errors.As(err, &role) {
		return invokeOutput{}, role.refusal
	}
	if err != nil {
		return invokeOutput{}, err
	}
	output, err := judge(c.Span, e.runs, requestID, result.Result)
	output.ExecutedVersion = e.runs.version
	if err == nil && c.Patience > 0 && result.elapsed > c.Patience {
		return invokeOutput{}, api.TimeoutError{After: c.Patience}
	}
	return output, err
}

// judge is the answer to an invocation that ended, phases 4 to 7.
func judge(span *trace.Span, f *function, requestID string, result nodejs.Result) (invokeOutput, error) {
	// 4
	limit := fmt.Sprintf("%.2f seconds", f.timeout.Seconds())
	if result.Outcome == nodejs.TimedOut {
		span.Log("Task timed out after " + limit)
		span.Decide(RuleTimeout, false, "an end within "+limit, "still running")
		return functionError("Sandbox.Timedout", "RequestId: "+requestID+" Error: Task timed out after "+limit)
	}
	span.Decide(RuleTimeout, true, "an end within "+limit, "ended in time")
	// 5
	limit = fmt.Sprintf("%d MB", f.memory)
	if result.Outcome == nodejs.OutOfMemory {
		span.Decide(RuleMemory, false, "at most "+limit, "more")
		return functionError("Runtime.OutOfMemory", "RequestId: "+requestID+" Error: Runtime exited with error: signal: killed")
	}
	span.Decide(RuleMemory, true, "at most "+limit, "within it")
	// 6
	if !span.Decide(RuleHandlerError, result.Outcome == nodejs.Returned, "a handler that answers", describe(result)) {
		return invokeOutput{StatusCode: 200, FunctionError: "Unhandled", Payload: result.Payload}, nil
	}
	// 7
	size := len(result.Payload)
	if !span.Decide(RuleResponseSize, size <= maxResponse, fmt.Sprintf("at most %d bytes", maxResponse), fmt.Sprintf("%d bytes", size)) {
		return functionError("Function.ResponseSizeTooLarge",
			fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse))
	}
	return invokeOutput{StatusCode: 200, Payload: result.Payload}, nil
}

// functionError is an error that Lambda reports in the function's stead.
func functionError(errorType, message string) (invokeOutput, error) {
	payload, err := json.Marshal(map[string]string{"errorType": errorType, "errorMessage": message})
	if err != nil {
		return invokeOutput{}, err
	}
	return invokeOutput{StatusCode: 200, FunctionError: "Unhandled", Payload: string(payload)}, nil
}

// describe is a short phrase for how a handler ended.
func describe(result nodejs.Result) string {
	if result.Outcome == nodejs.Returned {
		return "it answered"
	}
	var failure struct{ ErrorType, ErrorMessage string }
	// Whatever the payload is, a phrase can be made of it.
	_ = json.Unmarshal([]byte(result.Payload), &failure)
	return abbreviate(failure.ErrorType + ": " + failure.ErrorMessage)
}

func abbreviate(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}
