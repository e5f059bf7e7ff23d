package resolverjs_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/appsync/resolverjs"
)

const imports = "import { util, runtime } from '@aws-appsync/utils';\n"

// run calls request with a context that has arguments and a stash.
func run(t *testing.T, code string) (resolverjs.Result, []string) {
	t.Helper()
	var lines []string
	result, err := resolverjs.Run(imports+code, resolverjs.Request, map[string]any{
		"arguments": map[string]any{"id": "m1"}, "stash": map[string]any{"seen": 1}, "mode": "AMAZON_COGNITO_USER_POOLS",
	}, settings(func(line string) { lines = append(lines, line) }))
	if err != nil {
		t.Fatal(err)
	}
	return result, lines
}

func settings(log func(string)) resolverjs.Settings {
	return resolverjs.Settings{
		Now: time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC), Log: log,
		Random: func(n int) string { return strings.Repeat("ab", n) },
	}
}

// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-util-reference-js.html
func TestValues(t *testing.T) {
	for expression, want := range map[string]string{
		`ctx.args.id + ctx.arguments.id`: `"m1m1"`,
		`undefined`:                      `null`,
		`Object.keys(ctx).sort()`:        `["args","arguments","stash"]`,
		`util.dynamodb.toMapValues({ id: 'm1', n: 2, on: true })`:           `{"id":{"S":"m1"},"n":{"N":2},"on":{"BOOL":true}}`,
		`util.dynamodb.toDynamoDB(['a', null, { b: 1 }])`:                   `{"L":[{"S":"a"},{"NULL":null},{"M":{"b":{"N":1}}}]}`,
		`util.dynamodb.toStringSet(['a'])`:                                  `{"SS":["a"]}`,
		`util.time.nowISO8601()`:                                            `"2026-03-02T09:00:00.000Z"`,
		`util.time.nowEpochSeconds()`:                                       `1772442000`,
		`util.autoId()`:                                                     `"abababab-abab-4bab-abab-abababababab"`,
		`util.authType()`:                                                   `"User Pool Authorization"`,
		`[util.isNullOrEmpty(''), util.isNullOrBlank(' '), util.isNull(0)]`: `[true,true,false]`,
		`util.defaultIfNull(ctx.args.none, 7)`:                              `7`,
		`util.matches('^m[0-9]$', ctx.args.id)`:                             `true`,
		`util.str.toUpper(ctx.args.id)`:                                     `"M1"`,
		`typeof Promise + typeof setTimeout + typeof fetch`:                 `"undefinedundefinedundefined"`,
	} {
		result, _ := run(t, "export const request = (ctx) => ("+expression+");")
		got, err := json.Marshal(result.Value)
		if err != nil || result.Outcome != resolverjs.Returned || string(got) != want {
			t.Errorf("%s is %s %s %v, want %s", expression, result.Outcome, got, result.Error, want)
		}
	}
}

// https://docs.aws.amazon.com/appsync/latest/devguide/built-in-modules-js.html
func TestRequestsOfTheDynamoDBModule(t *testing.T) {
	for expression, want := range map[string]string{
		`get({ key: { id: 'm1' }, projection: ['id', 'a.b'] })`:                                     `{"key":{"id":{"S":"m1"}},"operation":"GetItem","projection":{"expression":"#id, #a.#b","expressionNames":{"#a":"a","#b":"b","#id":"id"}}}`,
		`put({ key: { id: 'm1' }, item: { n: 1 }, condition: { id: { attributeExists: false } } })`: `{"attributeValues":{"n":{"N":1}},"condition":{"expression":"attribute_not_exists(#id)","expressionNames":{"#id":"id"}},"key":{"id":{"S":"m1"}},"operation":"PutItem"}`,
		`remove({ key: { id: 'm1' }, condition: { owner: { eq: 'ana' } } })`:                        `{"condition":{"expression":"#owner = :value1","expressionNames":{"#owner":"owner"},"expressionValues":{":value1":{"S":"ana"}}},"key":{"id":{"S":"m1"}},"operation":"DeleteItem"}`,
		`update({ key: { id: 'm1' }, update: { a: 'x', n: operations.increment(2), old: operations.remove() } })`: `{"key":{"id":{"S":"m1"}},"operation":"UpdateItem","update":{"expression":"SET #a = :value1, #n = #n + :value2 REMOVE #old",` +
			`"expressionNames":{"#a":"a","#n":"n","#old":"old"},"expressionValues":{":value1":{"S":"x"},":value2":{"N":2}}}}`,
		`query({ query: { id: { eq: 'm1' }, at: { between: [1, 2] } }, limit: 5 })`: `{"limit":5,"operation":"Query","query":{"expression":"(#id = :value1) AND (#at BETWEEN :value2 AND :value3)",` +
			`"expressionNames":{"#at":"at","#id":"id"},"expressionValues":{":value1":{"S":"m1"},":value2":{"N":1},":value3":{"N":2}}}}`,
		`scan({ filter: { or: [{ a: { contains: 'x' } }, { not: { a: { beginsWith: 'y' } } }] } })`: `{"filter":{"expression":"(contains(#a, :value1) OR (NOT begins_with(#a, :value2)))",` +
			`"expressionNames":{"#a":"a"},"expressionValues":{":value1":{"S":"x"},":value2":{"S":"y"}}},"operation":"Scan"}`,
		`scan()`: `{"operation":"Scan"}`,
	} {
		result, _ := run(t, "import { get, put, remove, update, query, scan, operations } from '@aws-appsync/utils/dynamodb';\nexport const request = () => "+expression+";")
		var got bytes.Buffer
		encoder := json.NewEncoder(&got)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(result.Value); err != nil || strings.TrimSpace(got.String()) != want {
			t.Errorf("%s is %s %s %v\nwant %s", expression, result.Outcome, got.String(), result.Error, want)
		}
	}
}

func TestEnds(t *testing.T) {
	for code, want := range map[string]resolverjs.Result{
		`util.error('no ink', 'Ink', { left: 0 }, 1)`:      {Outcome: resolverjs.Raised, Error: resolverjs.Error{Message: "no ink", Type: "Ink", Data: map[string]any{"left": 0.0}, Info: 1.0}},
		`util.validate(false, 'no', 'Bad')`:                {Outcome: resolverjs.Raised, Error: resolverjs.Error{Message: "no", Type: "Bad"}},
		`util.unauthorized()`:                              {Outcome: resolverjs.Unauthorized},
		`runtime.earlyReturn({ a: 1 })`:                    {Outcome: resolverjs.Early, Value: map[string]any{"a": 1.0}},
		`ctx.args.none.more`:                               {Outcome: resolverjs.Broke, Error: resolverjs.Error{Message: "TypeError: cannot read property 'more' of undefined"}},
		`util.validate(true, 'no') ?? util.unauthorized()`: {Outcome: resolverjs.Unauthorized},
	} {
		got, _ := run(t, "export function request(ctx) { return "+code+"; }")
		got.Stash = nil
		got.Appended = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", code, diff)
		}
	}
}

func TestStashErrorsAndLinesAreHandedBack(t *testing.T) {
	result, lines := run(t, `export function request(ctx) { ctx.stash.owner = 'ana'; util.appendError('low', 'Ink'); console.log('at', ctx.args); return 1; }`)
	if diff := cmp.Diff(map[string]any{"seen": 1.0, "owner": "ana"}, result.Stash); diff != "" {
		t.Errorf("stash (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]resolverjs.Error{{Message: "low", Type: "Ink"}}, result.Appended); diff != "" {
		t.Errorf("appended (-want +got):\n%s", diff)
	}
	if len(lines) != 1 || lines[0] != `INFO at {"id":"m1"}` {
		t.Errorf("lines %q", lines)
	}
}

func TestWhatTheSimulationLacksIsAnError(t *testing.T) {
	for code, want := range map[string]string{
		imports + `export const request = () => util.transform.toDynamoDBFilterExpression({});`:                                          "util.transform",
		imports + `export const other = () => 1;`:                                                                                        "exports no function request",
		`import * as sql from '@aws-appsync/utils/rds'; export const request = () => 1;`:                                                 "@aws-appsync/utils/rds",
		`import { scan } from '@aws-appsync/utils/dynamodb'; export const request = () => scan({ filter: { a: { size: { gt: 1 } } } });`: "the operator size",
	} {
		_, err := resolverjs.Run(code, resolverjs.Request, map[string]any{}, settings(func(string) {}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one about %s", code, err, want)
		}
	}
}

// https://docs.aws.amazon.com/appsync/latest/devguide/supported-features.html
func TestCheckFindsWhatTheRuntimeLacks(t *testing.T) {
	for code, want := range map[string]string{
		"try { a(); } catch (e) { b(); } finally { c(); }":                  "line 1: try line 1: catch line 1: finally",
		"\nthrow new Error('x');":                                           "line 2: throw",
		"while (true) { continue; }":                                        "line 1: while line 1: continue",
		"do { a(); } while (b);":                                            "line 1: do line 1: while",
		"for (let i = 0; i < 3; i += 1) { a(); }":                           "line 1: for (;;)",
		"i++; --j; const k = ~i;":                                           "line 1: ++ line 1: -- line 1: ~",
		"async function f() { await g(); }":                                 "line 1: async line 1: await",
		"if ('id' in item) { a(); }":                                        "line 1: in",
		"`${`${i++}`}`":                                                     "line 1: ++",
		"for (const k in item) { a(k); }":                                   "",
		"for (const k of items) { a(k); b(); }":                             "",
		"const o = { try: 1, in: 2 }; o.throw(o?.catch);":                   "",
		"// try\n/* throw */ const s = 'await' + \"do\" + `while ${s} in`;": "",
		"const r = /try \\/ [/] ++/; const q = a / b / c;":                  "",
		"": "",
	} {
		var found []string
		for _, fault := range resolverjs.Check(code) {
			found = append(found, fault.String())
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, code := range []string{"`${`${i++}`}`", "/[/", "a ? b : c", "for (", "'\\", "}{`}"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		for _, fault := range resolverjs.Check(code) {
			if fault.Line < 1 || fault.Line > 1+strings.Count(code, "\n") {
				t.Errorf("%q: %s", code, fault)
			}
		}
	})
}
