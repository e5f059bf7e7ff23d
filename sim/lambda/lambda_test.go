package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	roleARN     = "arn:aws:iam::123456789012:role/tasks"
	functionARN = "arn:aws:lambda:us-east-1:123456789012:function:tasks"
	echo        = "exports.handler = async (event) => event;"
	sdkCall     = `const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
		exports.handler = async () => { await new DynamoDBClient({}).send(new GetItemCommand({ TableName: 'tasks' })); return 1; };`
)

// fakeDoors answers AssumeRole with credentials for an hour and every other
// call from reply.
type fakeDoors struct {
	world  *apitest.World
	calls  []api.Call
	refuse error
	reply  func(*trace.Span, api.Call) (map[string]any, error)
}

func (d *fakeDoors) Call(span *trace.Span, call api.Call) (map[string]any, error) {
	d.calls = append(d.calls, call)
	if call.Operation == "AssumeRole" {
		if d.refuse != nil {
			return nil, d.refuse
		}
		return map[string]any{"Credentials": map[string]any{
			"AccessKeyId": "ASIAROLE", "SecretAccessKey": "secret", "SessionToken": "token",
			"Expiration": float64(d.world.Now().Add(time.Hour).Unix()),
		}}, nil
	}
	if d.reply == nil {
		return map[string]any{}, nil
	}
	return d.reply(span, call)
}

func (d *fakeDoors) Send(*trace.Span, api.HTTPRequest) (api.HTTPResponse, error) {
	return api.HTTPResponse{}, errors.New("nobody sends")
}

func (d *fakeDoors) operations() []string {
	var names []string
	for _, call := range d.calls {
		names = append(names, call.Service+":"+call.Operation)
	}
	return names
}

// account is a Lambda with what it needs around it.
type account struct {
	*Lambda
	t     *testing.T
	world *apitest.World
	doors *fakeDoors
	trace trace.Trace
}

func newAccount(t *testing.T) *account {
	world := apitest.NewWorld()
	doors := &fakeDoors{world: world}
	return &account{Lambda: New(world, doors), t: t, world: world, doors: doors}
}

func properties(source string) functionProperties {
	return functionProperties{
		FunctionName: "tasks", Role: roleARN, Runtime: "nodejs22.x", Handler: "index.handler", Code: codeProperties{ZipFile: source},
	}
}

func (a *account) deploy(source string) {
	a.t.Helper()
	a.deployWith(properties(source))
}

func (a *account) deployWith(p functionProperties) {
	a.t.Helper()
	if _, err := a.createFunction(cloudformation.Resource{Stack: "stack", LogicalID: "Fn"}, p); err != nil {
		a.t.Fatalf("the function is not created: %v", err)
	}
}

// call runs Invoke as the door would, and keeps the trace.
func (a *account) call(input map[string]any) (map[string]any, error) {
	a.t.Helper()
	operation := a.invokeOperation()
	in, faults := operation.Decode(input)
	if len(faults) > 0 {
		a.t.Fatalf("the input is refused: %v", faults)
	}
	recorder := a.world.Recorder()
	span := recorder.Flow().Open("App", actor, "lambda:Invoke", trace.Message{})
	output, err := operation.Run(api.Context{Span: span}, in)
	span.Close(trace.Message{})
	a.trace = recorder.Trace()
	return output, err
}

// invoke is a call that must not be refused.
func (a *account) invoke(payload string) map[string]any {
	a.t.Helper()
	output, err := a.call(map[string]any{"FunctionName": "tasks", "Payload": payload})
	if err != nil {
		a.t.Fatalf("the invocation is refused: %v", err)
	}
	return output
}

// decider is the rule that made the last invocation fail.
func (a *account) decider() trace.RuleID { return tracetest.Decider(a.trace, 1) }

func refusal(t *testing.T, err error) *awserr.Error {
	t.Helper()
	found := (*awserr.Error)(nil)
	if !errors.As(err, &found) {
		t.Fatalf("error %v, want a refusal by AWS", err)
	}
	return found
}

func TestInvokeAnswersWithThePayload(t *testing.T) {
	a := newAccount(t)
	a.deploy(echo)
	for _, name := range []string{"tasks", functionARN, "123456789012:function:tasks", functionARN + ":$LATEST"} {
		output, err := a.call(map[string]any{"FunctionName": name, "Payload": `{"id":"t1"}`})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := map[string]any{"StatusCode": float64(200), "Payload": `{"id":"t1"}`, "ExecutedVersion": "$LATEST"}
		if diff := cmp.Diff(want, output); diff != "" {
			t.Errorf("%s: output (-want +got):\n%s", name, diff)
		}
	}
}

// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func TestInvocationsThatAWSRefuses(t *testing.T) {
	a := newAccount(t)
	a.deploy(echo)
	for name, tc := range map[string]struct {
		input  map[string]any
		want   awserr.Error
		prefix bool
		rule   trace.RuleID
	}{
		"no such function": {
			input: map[string]any{"FunctionName": "nope"}, rule: RuleFunctionExists,
			want: awserr.Error{Code: "ResourceNotFoundException", Status: 404, Message: "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nope"},
		},
		"no JSON": {
			input: map[string]any{"FunctionName": "tasks", "Payload": "{"}, rule: RulePayload,
			want: awserr.Error{Code: "InvalidRequestContentException", Status: 400, Message: "Could not parse request body into json: "}, prefix: true,
		},
		"too large": {
			input: map[string]any{"FunctionName": "tasks", "Payload": `"` + strings.Repeat("x", maxPayload) + `"`}, rule: RulePayload,
			want: awserr.Error{Code: "RequestEntityTooLargeException", Status: 413, Message: "6291458 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.call(tc.input)
			got := *refusal(t, err)
			if tc.prefix && strings.HasPrefix(got.Message, tc.want.Message) {
				got.Message = tc.want.Message
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
			if a.decider() != tc.rule {
				t.Errorf("decided by %q, want %q", a.decider(), tc.rule)
			}
		})
	}
}

func TestADryRunRunsNothing(t *testing.T) {
	a := newAccount(t)
	a.deploy("exports.handler = async () => { console.log('ran'); };")
	output, err := a.call(map[string]any{"FunctionName": "tasks", "InvocationType": "DryRun"})
	if err != nil || output["StatusCode"] != float64(204) {
		t.Errorf("output %v, error %v", output, err)
	}
}

func TestWhatIsNotSimulatedIsNoRefusal(t *testing.T) {
	a := newAccount(t)
	a.deploy("exports.handler = async () => fetch('https://example.com');")
	for name, input := range map[string]map[string]any{
		"fetch": {"FunctionName": "tasks"},
	} {
		_, err := a.call(input)
		if found := (*awserr.Error)(nil); err == nil || errors.As(err, &found) {
			t.Errorf("%s: error %v, want one that is no refusal", name, err)
		}
	}
}

func TestAFunctionErrorComesInsideASuccess(t *testing.T) {
	const requestID = "RequestId: 00000000-0000-4000-8000-000000000001 Error: "
	for name, tc := range map[string]struct {
		source, errorType, message string
		rule                       trace.RuleID
	}{
		"throws":        {"exports.handler = async () => { throw new Error('Unauthorized'); };", "Error", "Unauthorized", RuleHandlerError},
		"does not load": {"exports.handler = ;", "Runtime.UserCodeSyntaxError", "SyntaxError: unexpected token in expression: ';'", RuleHandlerError},
		// https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
		"sleeps too long": {"exports.handler = async () => new Promise((done) => setTimeout(done, 60000));", "Sandbox.Timedout", requestID + "Task timed out after 3.00 seconds", RuleTimeout},
		// https://github.com/adobe/helix-html2md-service/issues/1001
		"uses up memory":   {"exports.handler = async () => { const a = []; while (true) a.push(new ArrayBuffer(1 << 22)); };", "Runtime.OutOfMemory", requestID + "Runtime exited with error: signal: killed", RuleMemory},
		"answers too much": {"exports.handler = async () => 'x'.repeat(6291556);", "Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size (6291556 bytes).", RuleResponseSize},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			a.deploy(tc.source)
			output := a.invoke(`{}`)
			var payload struct{ ErrorType, ErrorMessage string }
			if err := json.Unmarshal([]byte(fmt.Sprint(output["Payload"])), &payload); err != nil {
				t.Fatalf("payload %v: %v", output["Payload"], err)
			}
			if output["StatusCode"] != float64(200) || output["FunctionError"] != "Unhandled" {
				t.Errorf("status %v, FunctionError %v", output["StatusCode"], output["FunctionError"])
			}
			if payload.ErrorType != tc.errorType || payload.ErrorMessage != tc.message {
				t.Errorf("payload %+v", payload)
			}
			if a.decider() != tc.rule {
				t.Errorf("decided by %q, want %q", a.decider(), tc.rule)
			}
		})
	}
}

func TestTheLargestAnswerIsAllowed(t *testing.T) {
	a := newAccount(t)
	a.deploy("exports.handler = async () => 'x'.repeat(6291554);")
	if output := a.invoke(`{}`); output["FunctionError"] != nil {
		t.Errorf("FunctionError %v", output["FunctionError"])
	}
}

func TestTheTimeoutIsTheConfiguredOne(t *testing.T) {
	a := newAccount(t)
	p := properties("exports.handler = async () => new Promise((done) => setTimeout(() => done('late'), 60000));")
	seconds := 61
	p.Timeout = &seconds
	a.deployWith(p)
	if output := a.invoke(`{}`); output["Payload"] != `"late"` {
		t.Errorf("output %v", output)
	}
}

func TestLinesAreLoggedInTheExchange(t *testing.T) {
	a := newAccount(t)
	a.deploy("exports.handler = async (event) => { console.log('first', event); console.warn('second'); };")
	a.invoke(`{"a":1}`)
	var lines []string
	for _, e := range a.trace.Events {
		if e.Kind == trace.Logged && e.Exchange == 1 {
			lines = append(lines, e.Title)
		}
	}
	if diff := cmp.Diff([]string{"INFO first { a: 1 }", "WARN second"}, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
func TestTheHandlerKnowsItsContextAndEnvironment(t *testing.T) {
	a := newAccount(t)
	p := properties(`exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis(),
		table: process.env.TABLE, region: process.env.AWS_REGION, name: process.env.AWS_LAMBDA_FUNCTION_NAME, key: process.env.AWS_ACCESS_KEY_ID || null });`)
	p.Environment.Variables = map[string]string{"TABLE": "tasks-table"}
	a.deployWith(p)
	var got map[string]any
	if err := json.Unmarshal([]byte(fmt.Sprint(a.invoke(`{}`)["Payload"])), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"functionName": "tasks", "functionVersion": "$LATEST", "invokedFunctionArn": functionARN, "memoryLimitInMB": "128",
		"awsRequestId": "00000000-0000-4000-8000-000000000001", "callbackWaitsForEmptyEventLoop": true, "left": float64(3000),
		"logGroupName": "/aws/lambda/tasks", "logStreamName": "2026/03/02/[$LATEST]00000000000040008000000000000001",
		"table": "tasks-table", "region": "us-east-1", "name": "tasks", "key": nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSDKCallsCarryTheRolesCredentials(t *testing.T) {
	a := newAccount(t)
	a.deploy(sdkCall)
	a.invoke(`{}`)
	want := []api.Call{{
		From: "Lambda", Service: "sts", Operation: "AssumeRole",
		Input:  map[string]any{"RoleArn": roleARN, "RoleSessionName": "tasks"},
		Caller: api.Caller{Service: "lambda.amazonaws.com"},
	}, {
		From: "Lambda", Service: "dynamodb", Operation: "GetItem", Input: map[string]any{"TableName": "tasks"},
		Caller: api.Caller{Credentials: &api.Credentials{AccessKeyID: "ASIAROLE", SecretAccessKey: "secret", SessionToken: "token"}},
	}}
	if diff := cmp.Diff(want, a.doors.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestTheRoleIsAssumedOnlyWhenNeededAndUntilItsCredentialsExpire(t *testing.T) {
	a := newAccount(t)
	a.deploy(echo)
	a.invoke(`{}`)
	if len(a.doors.calls) != 0 {
		t.Errorf("a handler without SDK calls makes %v", a.doors.operations())
	}
	b := newAccount(t)
	b.deploy(sdkCall)
	b.invoke(`{}`)
	b.invoke(`{}`)
	b.world.Clock = b.world.Clock.Add(61 * time.Minute)
	b.invoke(`{}`)
	want := []string{"sts:AssumeRole", "dynamodb:GetItem", "dynamodb:GetItem", "sts:AssumeRole", "dynamodb:GetItem"}
	if diff := cmp.Diff(want, b.doors.operations()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// https://github.com/danilop/LambdAuth/issues/49
func TestARoleThatLambdaCannotAssumeEndsTheInvocation(t *testing.T) {
	a := newAccount(t)
	a.deploy(sdkCall)
	a.doors.refuse = awserr.WithStatus(403, "AccessDenied", "not authorized")
	_, err := a.call(map[string]any{"FunctionName": "tasks"})
	want := awserr.Error{Code: "InvalidParameterValueException", Status: 400, Message: "The role defined for the function cannot be assumed by Lambda."}
	if diff := cmp.Diff(want, *refusal(t, err)); diff != "" {
		t.Errorf("refusal (-want +got):\n%s", diff)
	}
	if a.decider() != RuleExecutionRole {
		t.Errorf("decided by %q", a.decider())
	}
}

func TestFunctionsMayInvokeOneAnotherButNotForEver(t *testing.T) {
	a := newAccount(t)
	a.deploy(`const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
		exports.handler = async () => { await new LambdaClient().send(new InvokeCommand({ FunctionName: 'tasks' })); };`)
	a.doors.reply = func(span *trace.Span, call api.Call) (map[string]any, error) {
		operation := a.invokeOperation()
		in, _ := operation.Decode(call.Input)
		return operation.Run(api.Context{Span: span}, in)
	}
	_, err := a.call(map[string]any{"FunctionName": "tasks"})
	if err == nil || !strings.Contains(err.Error(), "more than 16 deep") {
		t.Errorf("error %v", err)
	}
}

func TestTwoRunsLeaveTheSameTrace(t *testing.T) {
	const source = `exports.handler = async () => { console.log(Math.random(), crypto.randomUUID(), new Date()); await new Promise((r) => setTimeout(r, 100)); throw new Error('x'); };`
	var traces []trace.Trace
	for range 2 {
		a := newAccount(t)
		a.deploy(source)
		a.invoke(`{}`)
		traces = append(traces, a.trace)
	}
	if diff := cmp.Diff(traces[0], traces[1]); diff != "" {
		t.Errorf("the second run differs (-first +second):\n%s", diff)
	}
}

func TestEvaluationIsTheSameWithoutARecorder(t *testing.T) {
	a := newAccount(t)
	a.deploy(sdkCall)
	operation := a.invokeOperation()
	in, _ := operation.Decode(map[string]any{"FunctionName": "tasks"})
	output, err := operation.Run(api.Context{}, in)
	if err != nil || output["Payload"] != "1" {
		t.Errorf("output %v, error %v", output, err)
	}
}

func TestEveryRuleHoldsAndFails(t *testing.T) {
	var coverage tracetest.Coverage
	for _, source := range []string{
		sdkCall, "exports.handler = async () => { throw 1; };", "exports.handler = async () => 'x'.repeat(6291556);",
		"exports.handler = async () => new Promise((done) => setTimeout(done, 4000));",
		"exports.handler = async () => { const a = []; while (true) a.push(new ArrayBuffer(1 << 22)); };",
	} {
		a := newAccount(t)
		a.deploy(source)
		a.invoke(`{}`)
		coverage.Add(a.trace)
	}
	a := newAccount(t)
	a.deploy(sdkCall)
	a.doors.refuse = awserr.New("AccessDenied", "no")
	for _, input := range []map[string]any{{"FunctionName": "nope"}, {"FunctionName": "tasks", "Payload": "{"}, {"FunctionName": "tasks"}} {
		if _, err := a.call(input); err == nil {
			t.Errorf("%v is not refused", input)
		}
		coverage.Add(a.trace)
	}
	for _, role := range []string{"arn:aws:iam::123456789012:role/tasks", "arn:aws:iam::444455556666:role/tasks"} {
		recorder, p := a.world.Recorder(), properties(echo)
		p.FunctionName, p.Role = "other", role
		_, err := a.createFunction(cloudformation.Resource{Span: recorder.Flow(), Stack: "stack", LogicalID: "Other"}, p)
		if refused := err != nil; refused != strings.Contains(role, "444455556666") {
			t.Errorf("role %s: %v", role, err)
		}
		coverage.Add(recorder.Trace())
	}
	coverage.Require(t, Rules())
}
