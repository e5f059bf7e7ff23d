package nodejs

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// fakeHost keeps what the handler logs and answers its calls from a function.
type fakeHost struct {
	lines []string
	calls []Call
	reply func(Call) (map[string]any, error)
}

func (h *fakeHost) Log(line string) { h.lines = append(h.lines, line) }

func (h *fakeHost) Call(call Call) (map[string]any, error) {
	h.calls = append(h.calls, call)
	if h.reply == nil {
		return map[string]any{}, nil
	}
	return h.reply(call)
}

func testSettings() Settings {
	return Settings{
		Major: 22, Environment: map[string]string{"TABLE": "tasks"}, Seed: "request-1",
		Start: time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC), Timeout: 3 * time.Second,
	}
}

// tryRun loads a source and, when that works, invokes it.
func tryRun(t testing.TB, settings Settings, host *fakeHost, source, event string) (Result, error) {
	t.Helper()
	r, err := New(NewImage(), settings, host)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	defer r.Close()
	result, err := r.Load(source, "index.handler")
	if err != nil || result.Outcome != Returned {
		return result, err
	}
	return r.Invoke(event, `{"functionName":"tasks","awsRequestId":"request-1","memoryLimitInMB":"128"}`)
}

func run(t testing.TB, settings Settings, host *fakeHost, source, event string) Result {
	t.Helper()
	result, err := tryRun(t, settings, host, source, event)
	if err != nil {
		t.Fatalf("the run fails: %v", err)
	}
	return result
}

// answerOf is the payload of a handler that must return.
func answerOf(t testing.TB, source string) string {
	t.Helper()
	result := run(t, testSettings(), &fakeHost{}, source, `{"a":1}`)
	if result.Outcome != Returned {
		t.Fatalf("%s: %s %s", source, result.Outcome, result.Payload)
	}
	return result.Payload
}

// failed is the error of a handler that must throw.
func failed(t testing.TB, result Result) (errorType, message string, trace []string) {
	t.Helper()
	if result.Outcome != Threw {
		t.Fatalf("outcome %s %s, want %s", result.Outcome, result.Payload, Threw)
	}
	var payload struct {
		ErrorType, ErrorMessage string
		Trace                   []string
	}
	if err := json.Unmarshal([]byte(result.Payload), &payload); err != nil {
		t.Fatalf("the payload %q: %v", result.Payload, err)
	}
	return payload.ErrorType, payload.ErrorMessage, payload.Trace
}

// Every form of handler that
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html lists.
func TestHandlersAnswerInEveryStyle(t *testing.T) {
	for name, tc := range map[string]struct{ source, want string }{
		"async CommonJS":                         {`exports.handler = async (event) => event.a + 1;`, `2`},
		"module.exports":                         {`module.exports = { handler: async () => 'yes' };`, `"yes"`},
		"module.exports.handler":                 {`module.exports.handler = async function () { return [1, { b: null }]; };`, `[1,{"b":null}]`},
		"ES module":                              {`export const handler = async (event) => ({ a: event.a });`, `{"a":1}`},
		"ES module function":                     {`export async function handler(event) { return event.a; }`, `1`},
		"ES module with top await":               {"const x = await Promise.resolve(5);\nexport const handler = async () => x;", `5`},
		"callback":                               {`exports.handler = (event, context, callback) => { callback(null, { ok: true }); };`, `{"ok":true}`},
		"callback later":                         {`exports.handler = (event, context, callback) => { setTimeout(() => callback(null, 1), 500); };`, `1`},
		"promise":                                {`exports.handler = () => new Promise((resolve) => setTimeout(() => resolve('late'), 2500));`, `"late"`},
		"context.succeed":                        {`exports.handler = (event, context) => { context.succeed('old'); };`, `"old"`},
		"undefined is null":                      {`exports.handler = async () => {};`, `null`},
		"a result that is no promise is ignored": {`exports.handler = () => 'lost';`, `null`},
		"nothing called":                         {`exports.handler = (event, context, callback) => {};`, `null`},
		"implicit global":                        {`count = 1; exports.handler = async () => count;`, `1`},
		"this is exports":                        {`this.handler = async () => 1;`, `1`},
		"handler uses import in a string":        {"exports.handler = async () => `\nimport x from 'y'\n`.length;", `19`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := answerOf(t, tc.source); got != tc.want {
				t.Errorf("answer %s, want %s", got, tc.want)
			}
		})
	}
}

// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/function/callback-deprecation.ts
func TestNode24HasNoCallbackAndAwaitsEveryResult(t *testing.T) {
	settings := testSettings()
	settings.Major = 24
	errorType, message, _ := failed(t, run(t, settings, &fakeHost{}, `exports.handler = (event, context, callback) => callback(null, 1);`, `{}`))
	if errorType != "Runtime.CallbackHandlerDeprecated" || !strings.HasPrefix(message, "ERROR: AWS Lambda has removed support") {
		t.Errorf("got %s: %s", errorType, message)
	}
	if got := run(t, settings, &fakeHost{}, `exports.handler = () => 'kept';`, `{}`); got.Payload != `"kept"` {
		t.Errorf("a plain result gives %s", got.Payload)
	}
}

func TestTheFirstAnswerCounts(t *testing.T) {
	got := answerOf(t, `exports.handler = (event, context, callback) => { callback(null, 1); callback(null, 2); callback(new Error('x')); };`)
	if got != "1" {
		t.Errorf("answer %s, want 1", got)
	}
}

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
func TestCallbackWaitsForTheEventLoopUnlessToldOtherwise(t *testing.T) {
	const source = `exports.handler = (event, context, callback) => {
		context.callbackWaitsForEmptyEventLoop = event.wait;
		setTimeout(() => console.log('timer'), 1000);
		callback(null, 'done');
	};`
	for event, want := range map[string][]string{`{"wait":true}`: {"INFO timer"}, `{"wait":false}`: nil} {
		host := &fakeHost{}
		if got := run(t, testSettings(), host, source, event); got.Payload != `"done"` {
			t.Errorf("%s: %+v", event, got)
		}
		if diff := cmp.Diff(want, host.lines); diff != "" {
			t.Errorf("%s: logged (-want +got):\n%s", event, diff)
		}
	}
}

// The shapes are those of
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js.
func TestAThrownErrorIsThePayload(t *testing.T) {
	for name, tc := range map[string]struct{ source, errorType, message string }{
		"error":         {`exports.handler = async () => { throw new Error('boom'); };`, "Error", "boom"},
		"synchronous":   {`exports.handler = () => { throw new TypeError('boom'); };`, "TypeError", "boom"},
		"custom name":   {`class Denied extends Error { constructor(m) { super(m); this.name = 'Denied'; } } exports.handler = async () => { throw new Denied('no'); };`, "Denied", "no"},
		"text":          {`exports.handler = async () => { throw 'Unauthorized'; };`, "string", "Unauthorized"},
		"callback text": {`exports.handler = (e, c, callback) => callback('Unauthorized');`, "string", "Unauthorized"},
		"callback":      {`exports.handler = (e, c, callback) => callback(new Error('Unauthorized'));`, "Error", "Unauthorized"},
		"rejection":     {`exports.handler = () => Promise.reject(new RangeError('far'));`, "RangeError", "far"},
		"context.fail":  {`exports.handler = (e, context) => context.fail();`, "string", "handled"},
		"in a timer":    {`exports.handler = async () => { setTimeout(() => { throw new Error('later'); }, 10); await new Promise(() => {}); };`, "Error", "later"},
		"null":          {`exports.handler = async () => null.id;`, "TypeError", "Cannot read properties of null (reading 'id')"},
		"undefined":     {`exports.handler = async (event) => event.no.id;`, "TypeError", "Cannot read properties of undefined (reading 'id')"},
		"not defined":   {`exports.handler = async () => nope;`, "ReferenceError", "nope is not defined"},
		"recursion":     {`const f = () => f() + 1; exports.handler = async () => f();`, "RangeError", "Maximum call stack size exceeded"},
		"deep nesting":  {`exports.handler = async () => { const f = (n) => [1].map(() => f(n + 1)); return f(0); };`, "RangeError", "Maximum call stack size exceeded"},
		"cyclic result": {`exports.handler = async () => { const a = {}; a.a = a; return a; };`, "Error", "Unable to stringify response body"},
		"hostile error": {`exports.handler = async () => { throw { toString() { throw 1; } }; };`, "handled", "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack"},
	} {
		t.Run(name, func(t *testing.T) {
			errorType, message, _ := failed(t, run(t, testSettings(), &fakeHost{}, tc.source, `{}`))
			if errorType != tc.errorType || message != tc.message {
				t.Errorf("got %s: %s", errorType, message)
			}
		})
	}
}

func TestTheTraceNamesTheFunctionsOwnLines(t *testing.T) {
	for name, source := range map[string]string{
		"/var/task/index.js":         "exports.handler = async () => {\n  check();\n};\nfunction check() {\n  throw new Error('boom');\n}\n",
		"file:///var/task/index.mjs": "export const handler = async () => {\n  check();\n};\nfunction check() {\n  throw new Error('boom');\n}\n",
	} {
		_, _, trace := failed(t, run(t, testSettings(), &fakeHost{}, source, `{}`))
		want := []string{"Error: boom", "    at check (" + name + ":5:18)"}
		if len(trace) != 3 || trace[0] != want[0] || !strings.HasPrefix(trace[1], "    at check ("+name+":5:") || !strings.Contains(trace[2], name+":2:") {
			t.Errorf("trace %q, want something like %q", trace, want)
		}
	}
}

// What Lambda reports from the Init phase:
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js.
func TestAModuleThatDoesNotLoadFailsTheInvocation(t *testing.T) {
	for name, tc := range map[string]struct{ source, errorType, message string }{
		"syntax":           {"exports.handler = async () => {\n  const x = ;\n};", "Runtime.UserCodeSyntaxError", "SyntaxError: "},
		"syntax in module": {"import { randomUUID } from 'crypto';\nexport const handler = ;", "Runtime.UserCodeSyntaxError", "SyntaxError: "},
		"missing package":  {`const a = require('aws-jwt-verify'); exports.handler = async () => 1;`, "Runtime.ImportModuleError", "Error: Cannot find module 'aws-jwt-verify'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs"},
		"old SDK":          {`const AWS = require('aws-sdk');`, "Runtime.ImportModuleError", "Error: Cannot find module 'aws-sdk'"},
		"missing import":   {`import a from 'left-pad'; export const handler = async () => a;`, "Error", "Cannot find package 'left-pad' imported from /var/task/index.mjs"},
		"missing export":   {`import { nope } from 'crypto'; export const handler = async () => nope;`, "Runtime.UserCodeSyntaxError", "SyntaxError: Could not find export 'nope' in module 'node:crypto'"},
		"throws":           {`throw new Error('at once');`, "Error", "at once"},
		"module throws":    {"export const handler = 1;\nthrow new Error('at once');", "Error", "at once"},
		"no handler":       {`exports.main = async () => 1;`, "Runtime.HandlerNotFound", "index.handler is undefined or not exported"},
		"no function":      {`exports.handler = 'x';`, "Runtime.HandlerNotFound", "index.handler is not a function"},
		"never ready":      {"await new Promise(() => {});\nexport const handler = async () => 1;", "Runtime.ExitError", "Error: Runtime exited with error: exit status 13"},
	} {
		t.Run(name, func(t *testing.T) {
			errorType, message, _ := failed(t, run(t, testSettings(), &fakeHost{}, tc.source, `{}`))
			if errorType != tc.errorType || !strings.HasPrefix(message, tc.message) {
				t.Errorf("got %s: %s", errorType, message)
			}
		})
	}
}

func TestSyntaxErrorsNameTheLine(t *testing.T) {
	_, _, trace := failed(t, run(t, testSettings(), &fakeHost{}, "exports.handler = async () => {\n  const x = ;\n};", `{}`))
	if len(trace) != 2 || trace[1] != "/var/task/index.js:2" {
		t.Errorf("trace %q", trace)
	}
}

func TestHandlerNamesAreReadAsLambdaReadsThem(t *testing.T) {
	for handler, want := range map[string]string{
		"handler":        "Runtime.MalformedHandlerName",
		"../app.handler": "Runtime.MalformedHandlerName",
		"app.handler":    "Runtime.ImportModuleError",
		"index.nope":     "Runtime.HandlerNotFound",
	} {
		r, err := New(NewImage(), testSettings(), &fakeHost{})
		if err != nil {
			t.Fatal(err)
		}
		result, err := r.Load(`exports.handler = async () => 1; exports.api = { get: async () => 2 };`, handler)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, _ := failed(t, result); got != want {
			t.Errorf("%s: %s, want %s", handler, got, want)
		}
		r.Close()
	}
}

func TestNestedHandlersAreFound(t *testing.T) {
	r, err := New(NewImage(), testSettings(), &fakeHost{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if result, err := r.Load(`exports.api = { get: async () => 2 };`, "index.api.get"); err != nil || result.Outcome != Returned {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestHostileSourcesFailCleanly(t *testing.T) {
	const body = "exports.handler = async () => 1;"
	for name, source := range map[string]string{
		"nested parentheses": body + strings.Repeat("(", 1_000_000),
		"nested arrays":      body + strings.Repeat("[", 1_000_000),
		"nested functions":   body + strings.Repeat("function f() {", 100_000),
		"NUL":                "\x00" + body,
		"no UTF-8":           body + "\xff\xfe",
		"closing braces":     "}); throw 1; (function () {",
		"empty":              "",
		"no promises":        "Promise.prototype.then = null; " + body,
		"no host":            "__lambda.idle = null; delete globalThis.Promise; " + body,
		"broken JSON":        "JSON.stringify = () => { throw 1; }; " + body,
	} {
		t.Run(name, func(t *testing.T) {
			// Whatever it is, it is an answer or an error and no panic.
			result, err := tryRun(t, testSettings(), &fakeHost{}, source, `{}`)
			t.Logf("%s %.80s %v", result.Outcome, result.Payload, err)
		})
	}
}

func TestCodeThatNeverEndsTimesOut(t *testing.T) {
	for name, source := range map[string]string{
		"busy loop":          `exports.handler = async () => { while (true); };`,
		"busy at load":       `while (true);`,
		"swallowed":          `exports.handler = async () => { try { await (async () => { while (true); })(); } catch {} return 1; };`,
		"endless jobs":       `exports.handler = async () => { while (true) await null; };`,
		"regular expression": `exports.handler = async () => /^(a+)+$/.test('a'.repeat(40) + '!');`,
		"slow timer":         `exports.handler = async () => { await new Promise((resolve) => setTimeout(resolve, 3001)); };`,
		"interval":           `exports.handler = (e, c, callback) => { setInterval(() => {}, 100); callback(null, 1); };`,
		"endless calls":      `const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts'); exports.handler = async () => { while (true) await new STSClient({}).send(new GetCallerIdentityCommand({})); };`,
	} {
		t.Run(name, func(t *testing.T) {
			r, err := New(NewImage(), testSettings(), &fakeHost{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			// None of these ever comes back, however long it gets.
			r.engine.Limit = 300 * time.Millisecond
			got, err := r.Load(source, "index.handler")
			if err == nil && got.Outcome == Returned {
				got, err = r.Invoke(`{}`, `{}`)
			}
			if err != nil || got.Outcome != TimedOut {
				t.Errorf("outcome %+v, error %v", got, err)
			}
		})
	}
}

func TestSleepingTakesVirtualTimeOnly(t *testing.T) {
	settings := testSettings()
	settings.Timeout = 15 * time.Minute
	result := run(t, settings, &fakeHost{}, `exports.handler = async (event, context) => {
		const before = Date.now();
		await new Promise((resolve) => setTimeout(resolve, 14 * 60 * 1000));
		return [Date.now() - before, context.getRemainingTimeInMillis(), new Date().toISOString()];
	};`, `{}`)
	if want := `[840000,60000,"2026-03-02T09:14:00.000Z"]`; result.Payload != want {
		t.Errorf("answer %s, want %s", result.Payload, want)
	}
}

func TestTimersFireInOrder(t *testing.T) {
	host := &fakeHost{}
	run(t, testSettings(), host, `exports.handler = async () => {
		setTimeout(() => console.log('b'), 20);
		setTimeout(() => console.log('a'), 10);
		setTimeout(() => console.log('c'), 20);
		const gone = setTimeout(() => console.log('never'), 15);
		clearTimeout(gone);
		setImmediate(() => console.log('first'));
		let ticks = 0;
		const interval = setInterval(() => { console.log('tick'); if (++ticks === 2) clearInterval(interval); }, 30);
		await new Promise((resolve) => setTimeout(resolve, 100));
	};`, `{}`)
	want := []string{"INFO first", "INFO a", "INFO b", "INFO c", "INFO tick", "INFO tick"}
	if diff := cmp.Diff(want, host.lines); diff != "" {
		t.Errorf("logged (-want +got):\n%s", diff)
	}
}

// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Runtime.js
func TestAPromiseThatNeverSettlesIsAnUnexpectedExit(t *testing.T) {
	errorType, message, _ := failed(t, run(t, testSettings(), &fakeHost{}, `exports.handler = async () => new Promise(() => {});`, `{}`))
	if errorType != "Runtime.NodeJsExit" || !strings.Contains(message, "a Promise that was never settled") {
		t.Errorf("got %s: %s", errorType, message)
	}
}

func TestUsingUpTheMemoryEndsTheRun(t *testing.T) {
	for name, source := range map[string]string{
		"at once": `exports.handler = async () => { const a = []; while (true) a.push(new ArrayBuffer(1 << 22)); };`,
		"at load": `const a = []; while (true) a.push(new ArrayBuffer(1 << 22));`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := run(t, testSettings(), &fakeHost{}, source, `{}`); got.Outcome != OutOfMemory {
				t.Errorf("outcome %s %s", got.Outcome, got.Payload)
			}
		})
	}
}

func TestALargeAnswerComesThrough(t *testing.T) {
	if got := answerOf(t, `exports.handler = async () => 'x'.repeat(7 * 1024 * 1024);`); len(got) != 7*1024*1024+2 {
		t.Errorf("%d bytes", len(got))
	}
}

func TestConsoleIsKeptInOrderAndWrittenAsNodeWritesIt(t *testing.T) {
	host := &fakeHost{}
	run(t, testSettings(), host, `exports.handler = async () => {
		console.log('plain', 1, true, null, undefined);
		console.error('%s has %d of %j', 'ana', 3, { a: 1 });
		console.warn({ a: [1, 'x', { b: { c: { d: 1 } } }], f() {}, s: new Set([1]), m: new Map([['k', 1]]), d: new Date(0) });
		console.info(['it\'s', 10n, -0, /x/g], new (class Task { id = 1 })(), Buffer.from('hi'));
		console.debug('');
		const cyclic = {}; cyclic.self = cyclic; console.log(cyclic);
		console.log('100%', 'done');
	};`, `{}`)
	want := []string{
		"INFO plain 1 true null undefined",
		`ERROR ana has 3 of {"a":1}`,
		"WARN {\n  a: [ 1, 'x', { b: [Object] } ],\n  f: [Function: f],\n  s: Set(1) { 1 },\n  m: Map(1) { 'k' => 1 },\n  d: 1970-01-01T00:00:00.000Z\n}",
		`INFO [ "it's", 10n, -0, /x/g ] Task { id: 1 } <Buffer 68 69>`,
		"DEBUG ",
		"INFO { self: [Circular *1] }",
		"INFO 100% done",
	}
	if diff := cmp.Diff(want, host.lines); diff != "" {
		t.Errorf("logged (-want +got):\n%s", diff)
	}
}

func TestAnEndlessLoopLogsABoundedNumberOfLines(t *testing.T) {
	host := &fakeHost{}
	run(t, testSettings(), host, `exports.handler = async () => { while (true) console.log('again'); };`, `{}`)
	if len(host.lines) != maxLines || host.lines[maxLines-1] != "(no more than 1000 lines are kept)" {
		t.Errorf("%d lines, the last is %q", len(host.lines), host.lines[len(host.lines)-1])
	}
}

func TestTwoRunsAreEqual(t *testing.T) {
	const source = `const { randomUUID, randomBytes } = require('crypto');
	exports.handler = async () => [Math.random(), randomUUID(), randomBytes(8).toString('hex'), crypto.randomUUID(), Date.now(), String(new Date())];`
	first, second := answerOf(t, source), answerOf(t, source)
	if first != second {
		t.Errorf("%s\n%s", first, second)
	}
	settings := testSettings()
	settings.Seed = "request-2"
	if other := run(t, settings, &fakeHost{}, source, `{}`); other.Payload == first {
		t.Errorf("another seed gives the same: %s", first)
	}
}

// https://nodejs.org/api/globals.html
func TestGlobalsOfNode(t *testing.T) {
	for expression, want := range map[string]string{
		`process.env.TABLE`:                                                               `"tasks"`,
		`typeof process.env.NOPE`:                                                         `"undefined"`,
		`Buffer.from('aGk', 'base64').toString()`:                                         `"hi"`,
		`Buffer.from('{"é":"€😀"}').toString('base64url')`:                                 `"eyLDqSI6IuKCrPCfmIAifQ"`,
		`Buffer.from('eyLDqSI6IuKCrPCfmIAifQ', 'base64url').toString('utf8')`:             `"{\"é\":\"€😀\"}"`,
		`Buffer.from('00ff', 'hex').toString('hex')`:                                      `"00ff"`,
		`Buffer.concat([Buffer.from('a'), Buffer.from('b')]).toString()`:                  `"ab"`,
		`Buffer.byteLength('€')`:                                                          `3`,
		`Buffer.isBuffer(Buffer.alloc(2)) && Buffer.alloc(2).equals(Buffer.from([0, 0]))`: `true`,
		`JSON.stringify(Buffer.from('a'))`:                                                `"{\"type\":\"Buffer\",\"data\":[97]}"`,
		`atob('aGk=') + btoa('hi')`:                                                       `"hiaGk="`,
		`new TextDecoder().decode(new TextEncoder().encode('é'))`:                         `"é"`,
		`new TextDecoder().decode(Uint8Array.from([0xff, 0x61]))`:                         `"�a"`,
		`structuredClone({ a: [new Date(0)], m: new Map([[1, 2]]) }).m.get(1)`:            `2`,
		`new Date().toISOString()`:                                                        `"2026-03-02T09:00:00.000Z"`,
		`String(new Date(0))`:                                                             `"Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)"`,
		`new Date(2026, 0, 2, 3).getTime() === Date.UTC(2026, 0, 2, 3)`:                   `true`,
		`new Date('2026-01-01T10:00').getHours()`:                                         `10`,
		`new Date('2026-01-01').getDate()`:                                                `1`,
		`typeof Date()`:                                                                   `"string"`,
		`new Date() instanceof Date && Date.length >= 0`:                                  `true`,
		`Object.prototype.toString.call(new Date())`:                                      `"[object Date]"`,
		`await new Promise((r) => queueMicrotask(() => r(7)))`:                            `7`,
		`typeof require('util').promisify`:                                                `"function"`,
		`await require('timers/promises').setTimeout(5, 'x')`:                             `"x"`,
		`require('util').inspect({ a: 1 })`:                                               `"{ a: 1 }"`,
		`typeof globalThis.__host + typeof globalThis.__file`:                             `"undefinedundefined"`,
		`require('node:process').env.TABLE`:                                               `"tasks"`,
	} {
		source := "exports.handler = async () => (" + expression + ");"
		if strings.Contains(expression, "await") {
			source = "exports.handler = async () => { return " + expression + "; };"
		}
		if got := answerOf(t, source); got != want {
			t.Errorf("%s = %s, want %s", expression, got, want)
		}
	}
}

// The digests are those of RFC 1321, FIPS 180 and RFC 4231.
func TestCrypto(t *testing.T) {
	for expression, want := range map[string]string{
		`createHash('sha256').update('abc').digest('hex')`:                                  `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`,
		`createHash('md5').update('a').update('bc').digest('hex')`:                          `"900150983cd24fb0d6963f7d28e17f72"`,
		`createHmac('sha256', 'Jefe').update('what do ya want for nothing?').digest('hex')`: `"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"`,
		`createHash('sha1').update('').digest('base64')`:                                    `"2jmj7l5rSw0yVb/vlWAYkK/YBwk="`,
		`timingSafeEqual(Buffer.from('a'), Buffer.from('a'))`:                               `true`,
		`randomUUID().length`:   `36`,
		`randomBytes(4).length`: `4`,
	} {
		if got := answerOf(t, "const { createHash, createHmac, timingSafeEqual, randomUUID, randomBytes } = require('crypto'); exports.handler = async () => "+expression+";"); got != want {
			t.Errorf("%s = %s, want %s", expression, got, want)
		}
	}
	got := answerOf(t, "import crypto, { createHash } from 'node:crypto';\nexport const handler = async () => createHash('sha512').update('').digest('hex') === crypto.hash('sha512', '');")
	if got != "true" {
		t.Errorf("the ES module gives %s", got)
	}
}

func TestWhatTheSimulationLacksIsNeverAVerdict(t *testing.T) {
	for name, source := range map[string]string{
		"fetch":             `exports.handler = async () => { try { await fetch('https://example.com'); } catch {} return 1; };`,
		"URL":               `exports.handler = async () => new URL('https://example.com').host;`,
		"module of Node.js": `const fs = require('fs'); exports.handler = async () => 1;`,
		"imported module":   `import https from 'node:https'; export const handler = async () => 1;`,
		"other SDK package": `const { SNSClient } = require('@aws-sdk/client-sns'); exports.handler = async () => 1;`,
		"imported package":  `import { SNSClient } from '@aws-sdk/client-sns'; export const handler = async () => 1;`,
		"verify":            `const { createVerify } = require('crypto'); exports.handler = async () => createVerify('RSA-SHA256');`,
		"paginator":         `const { paginateScan } = require('@aws-sdk/client-dynamodb'); exports.handler = async () => paginateScan({}, {});`,
	} {
		t.Run(name, func(t *testing.T) {
			result, err := tryRun(t, testSettings(), &fakeHost{}, source, `{}`)
			if err == nil || !strings.Contains(err.Error(), "the simulation does not") {
				t.Errorf("result %+v, error %v", result, err)
			}
		})
	}
}

func TestTheSDKCallsTheAccount(t *testing.T) {
	for name, source := range map[string]string{
		"CommonJS": `const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
			const client = new DynamoDBClient({});
			exports.handler = async (event) => (await client.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }))).Item.owner.S;`,
		"ES module": `import { DynamoDBClient, GetItemCommand as Get } from '@aws-sdk/client-dynamodb';
			const client = new DynamoDBClient({});
			export const handler = async (event) => (await client.send(new Get({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }))).Item.owner.S;`,
		"namespace": `import * as ddb from '@aws-sdk/client-dynamodb';
			export const handler = async (event) => (await new ddb.DynamoDBClient().send(new ddb.GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }))).Item.owner.S;`,
		"aggregated client": `const { DynamoDB } = require('@aws-sdk/client-dynamodb');
			exports.handler = async (event) => (await new DynamoDB().getItem({ TableName: process.env.TABLE, Key: { id: { S: event.id } } })).Item.owner.S;`,
		"documents": `const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
			const { DynamoDBDocumentClient, GetCommand } = require('@aws-sdk/lib-dynamodb');
			exports.handler = async (event) => (await DynamoDBDocumentClient.from(new DynamoDBClient({})).send(new GetCommand({ TableName: process.env.TABLE, Key: { id: event.id } }))).Item.owner;`,
	} {
		t.Run(name, func(t *testing.T) {
			host := &fakeHost{reply: func(Call) (map[string]any, error) {
				return map[string]any{"Item": map[string]any{"owner": map[string]any{"S": "ana"}}}, nil
			}}
			result := run(t, testSettings(), host, source, `{"id":"t1"}`)
			if result.Payload != `"ana"` {
				t.Errorf("answer %+v", result)
			}
			want := []Call{{Service: "dynamodb", Operation: "GetItem", Input: map[string]any{
				"TableName": "tasks", "Key": map[string]any{"id": map[string]any{"S": "t1"}},
			}}}
			if diff := cmp.Diff(want, host.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestARefusalByAWSIsAnException(t *testing.T) {
	const source = `const { DynamoDBClient, PutItemCommand, ConditionalCheckFailedException } = require('@aws-sdk/client-dynamodb');
		exports.handler = async () => {
			try {
				await new DynamoDBClient({}).send(new PutItemCommand({}));
			} catch (e) {
				return [e.name, e.message, e.$metadata.httpStatusCode, e.$fault, e instanceof Error, e instanceof ConditionalCheckFailedException];
			}
		};`
	host := &fakeHost{reply: func(Call) (map[string]any, error) {
		return nil, awserr.New("ConditionalCheckFailedException", "The conditional request failed")
	}}
	want := `["ConditionalCheckFailedException","The conditional request failed",400,"client",true,true]`
	if got := run(t, testSettings(), host, source, `{}`); got.Payload != want {
		t.Errorf("answer %s, want %s", got.Payload, want)
	}
	errorType, message, _ := failed(t, run(t, testSettings(), host,
		`const { S3 } = require('@aws-sdk/client-s3'); exports.handler = async () => { await new S3().getObject({}); };`, `{}`))
	if errorType != "ConditionalCheckFailedException" || message != "The conditional request failed" {
		t.Errorf("uncaught: %s: %s", errorType, message)
	}
}

func TestAnErrorOfTheSimulationEndsTheRun(t *testing.T) {
	broken := errors.New("AWS has dynamodb:Scan, the simulation does not")
	host := &fakeHost{reply: func(Call) (map[string]any, error) { return nil, broken }}
	_, err := tryRun(t, testSettings(), host,
		`const { DynamoDB } = require('@aws-sdk/client-dynamodb'); exports.handler = async () => { try { await new DynamoDB().scan({}); } catch {} };`, `{}`)
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestCredentialsGivenToAClientAreUsed(t *testing.T) {
	host := &fakeHost{}
	run(t, testSettings(), host, `const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
		exports.handler = async () => {
			const credentials = { accessKeyId: 'ASIAX', secretAccessKey: 's', sessionToken: 't' };
			await new S3Client({ credentials }).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: Buffer.from('é') }));
		};`, `{}`)
	want := []Call{{
		Service: "s3", Operation: "PutObject", Input: map[string]any{"Bucket": "b", "Key": "k", "Body": "é"},
		Credentials: &api.Credentials{AccessKeyID: "ASIAX", SecretAccessKey: "s", SessionToken: "t"},
	}}
	if diff := cmp.Diff(want, host.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestPayloadsComeAsTheSDKGivesThem(t *testing.T) {
	host := &fakeHost{reply: func(call Call) (map[string]any, error) {
		switch call.Operation {
		case "GetObject":
			return map[string]any{"Body": "héllo", "LastModified": 0}, nil
		case "Invoke":
			return map[string]any{"StatusCode": 200, "Payload": call.Input["Payload"]}, nil
		}
		return map[string]any{"Credentials": map[string]any{"Expiration": 60}}, nil
	}}
	result := run(t, testSettings(), host, `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
		import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
		import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts';
		export const handler = async () => {
			const object = await new S3Client().send(new GetObjectCommand({}));
			const invoked = await new LambdaClient().send(new InvokeCommand({ FunctionName: 'f', Payload: JSON.stringify({ a: 1 }) }));
			const assumed = await new STSClient().send(new AssumeRoleCommand({}));
			return [await object.Body.transformToString(), object.LastModified.toISOString(),
				JSON.parse(invoked.Payload.transformToString()).a, JSON.parse(Buffer.from(invoked.Payload).toString()).a,
				assumed.Credentials.Expiration.getTime(), assumed.$metadata.httpStatusCode];
		};`, `{}`)
	if want := `["héllo","1970-01-01T00:00:00.000Z",1,1,60000,200]`; result.Payload != want {
		t.Errorf("answer %s %s, want %s", result.Outcome, result.Payload, want)
	}
}

// https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-aws-sdk-util-dynamodb/
func TestDocumentsAreMarshalled(t *testing.T) {
	host := &fakeHost{}
	run(t, testSettings(), host, `const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
		const { DynamoDBDocument } = require('@aws-sdk/lib-dynamodb');
		exports.handler = async () => {
			const docs = DynamoDBDocument.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
			await docs.put({ TableName: 't', Item: { id: 'a', n: 1.5, yes: true, no: null, list: [1, 'x'], map: { k: undefined, v: 2 }, set: new Set(['p']) } });
		};`, `{}`)
	want := map[string]any{"TableName": "t", "Item": map[string]any{
		"id": map[string]any{"S": "a"}, "n": map[string]any{"N": "1.5"}, "yes": map[string]any{"BOOL": true}, "no": map[string]any{"NULL": true},
		"list": map[string]any{"L": []any{map[string]any{"N": "1"}, map[string]any{"S": "x"}}},
		"map":  map[string]any{"M": map[string]any{"v": map[string]any{"N": "2"}}}, "set": map[string]any{"SS": []any{"p"}},
	}}
	if len(host.calls) != 1 {
		t.Fatalf("%d calls", len(host.calls))
	}
	if diff := cmp.Diff(want, host.calls[0].Input); diff != "" {
		t.Errorf("input (-want +got):\n%s", diff)
	}
	_, message, _ := failed(t, run(t, testSettings(), &fakeHost{}, `const { marshall } = require('@aws-sdk/util-dynamodb'); exports.handler = async () => marshall({ a: undefined });`, `{}`))
	if !strings.HasPrefix(message, "Pass options.removeUndefinedValues=true") {
		t.Errorf("message %s", message)
	}
}

func TestCallsAreMadeAtOnceAndAnsweredLater(t *testing.T) {
	host := &fakeHost{reply: func(call Call) (map[string]any, error) { return map[string]any{"n": len(call.Input)}, nil }}
	result := run(t, testSettings(), host, `const { STS } = require('@aws-sdk/client-sts');
		exports.handler = async () => {
			const sts = new STS();
			const began = Date.now();
			const both = await Promise.all([sts.getCallerIdentity({}), sts.getCallerIdentity({ a: 1 })]);
			const quick = await Promise.race([sts.getCallerIdentity({}), new Promise((resolve) => setTimeout(resolve, 5, 'timer'))]);
			return [both.map((o) => o.n), quick, Date.now() - began];
		};`, `{}`)
	if want := `[[0,1],"timer",15]`; result.Payload != want {
		t.Errorf("answer %s, want %s", result.Payload, want)
	}
}

func TestACallNobodyWaitsForIsNeverSent(t *testing.T) {
	host := &fakeHost{}
	run(t, testSettings(), host, `const { STS } = require('@aws-sdk/client-sts'); exports.handler = async () => { new STS().getCallerIdentity({}); return 1; };`, `{}`)
	if len(host.calls) != 0 {
		t.Errorf("calls %v", host.calls)
	}
}

func BenchmarkInvoke(b *testing.B) {
	image := NewImage()
	for range b.N {
		r, err := New(image, testSettings(), &fakeHost{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := r.Load(`exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`, "index.handler"); err != nil {
			b.Fatal(err)
		}
		if _, err := r.Invoke(`{"a":1}`, `{}`); err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}
