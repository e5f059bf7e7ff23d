package appsync

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// raw sends a body as it is.
func raw(text string) func(*account) reply {
	return func(a *account) reply { return a.send(map[string]string{"x-api-key": a.key()}, text) }
}

// requestOutcomes are those of the body and the document.
func requestOutcomes() []outcome {
	empty := refused("MalformedHttpRequestException", "Request body is empty.")
	malformed := refused("MalformedHttpRequestException", "Unable to parse GraphQL query.")
	undefined := func(column, message string) string {
		return `{"data":null,"errors":[{"path":null,"locations":[{"line":1,"column":` + column + `,"sourceName":null}],"message":"` + message + `"}]}`
	}
	echo := withSchema(keyMode, "type Query { hello: String twice(n: Int!): Int }")
	return []outcome{
		{"an empty body", pageWire, simple(keyMode), raw(""), 400, empty, RuleRequest},
		{"a word", pageWire, simple(keyMode), raw("meow"), 400, malformed, RuleParse},
		{"an object without a query", pageWire, simple(keyMode), raw("{}"), 400, malformed, RuleRequest},
		{"an unbalanced object", pageWire, simple(keyMode), raw("{}}"), 400, malformed, RuleParse},
		{"a list", pageWire, simple(keyMode), raw("[]"), 400, malformed, RuleParse},
		{"a query that is no text", pageWire, simple(keyMode), raw(`{"query": 1}`), 400, malformed, RuleRequest},
		{"a document by itself", pageWire, simple(keyMode), raw("{ hello }"), 200, hello, ""},
		{"a field that the schema does not have", pageWire, simple(keyMode), raw("{badfield}"), 200,
			undefined("2", "Validation error of type FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'"), RuleValidation},
		{"a query that is no GraphQL", pageWire, simple(keyMode), withKey("{ hello"), 400, malformed, RuleParse},
		{"the schema", pageWire, simple(keyMode), withKey("{ __schema { queryType { name } } }"), 200, `{"data":{"__schema":{"queryType":{"name":"Query"}}}}`, ""},
		{"the schema where it is not told", pageWire, simple(keyMode + ", IntrospectionConfig: DISABLED"), withKey("{ ...S } fragment S on Query { __schema { queryType { name } } }"), 200,
			`{"data":null,"errors":[{"path":null,"locations":null,"message":"Introspection is disabled."}]}`, RuleIntrospection},
		{"one of several operations", pageWire, simple(keyMode), raw(`{"query": "query A { hello } query B { other: hello }", "operationName": "B"}`), 200, `{"data":{"other":"hi"}}`, ""},
		{"none of several operations", pageWire, simple(keyMode), raw(`{"query": "query A { hello } query B { hello }"}`), 200,
			`{"data":null,"errors":[{"path":null,"locations":null,"message":"Must provide operation name if query contains multiple operations."}]}`, RuleOperation},
		{"a variable that is missing", pageWire, echo, raw(`{"query": "query ($n: Int!) { twice(n: $n) }"}`), 200,
			undefined("8", "Variable 'n' has coerced Null value for NonNull type 'Int!'"), RuleVariables},
		{"a variable of another type", pageWire, echo, raw(`{"query": "query ($n: Int!) { twice(n: $n) }", "variables": {"n": "two"}}`), 200,
			undefined("8", "Variable 'n' has an invalid value: cannot use string as Int"), RuleVariables},
	}
}

func TestFaultsOfNestedFieldsNameTheirPath(t *testing.T) {
	template := withSchema(keyMode, "type Query { hello: String memo: Memo } type Memo { text: String }")
	got := open(t, template).askKey("{ m: memo { ... on Memo { words } } }")
	if !strings.Contains(got.body, "Field 'words' in type 'Memo' is undefined @ 'm/words'") {
		t.Errorf("the answer is %s", got.body)
	}
}

func FuzzRequest(f *testing.F) {
	for _, text := range []string{
		`{"query": "{ hello }"}`, "{ hello }", "{}", `{"query": "query ($n: Int = 3) { hello @include(if: $x) ...F } fragment F on Query { a: hello }", "variables": {"x": true}}`,
		`{"query": "mutation { hello }", "operationName": 7}`, `{"query": "{ hello(a: 99999999999999999999) }"}`, `{"query": "query A{hello} query B{hello}", "operationName":"B"}`,
	} {
		f.Add(text)
	}
	template := withSchema(keyMode, "type Query { hello(a: Int = 1, b: [In]): String memos: [Query!]! } input In { x: Float y: In }")
	a := open(f, template)
	f.Fuzz(func(t *testing.T, text string) {
		got := a.fuzzed(text)
		var tree map[string]any
		if err := json.Unmarshal([]byte(got), &tree); got != "" && err != nil {
			t.Errorf("%q is answered with %q: %v", text, got, err)
		}
	})
}

// fuzzed is the response's body, "" where the simulation cannot run the request.
func (a *account) fuzzed(text string) string {
	c := &call{AppSync: a.appsync, api: a.only(), mode: mode{kind: modeKey}}
	c.request.Body = text
	if err := c.read(); err != nil {
		response, _ := c.answered(nil, err)
		return response.Body
	}
	if err := c.fit(); err != nil {
		response, _ := c.answered(nil, err)
		return response.Body
	}
	for _, f := range c.collect(c.api.schema.types.Query, c.document.operation.SelectionSet) {
		if f.definition != nil && c.document.operation.Operation == ast.Query {
			if _, err := c.argumentsOf(f); err != nil {
				return ""
			}
		}
	}
	return "{}"
}

// only is the one API of the account.
func (a *account) only() *graphQLAPI {
	for _, one := range a.appsync.apis {
		return one
	}
	a.T.Fatal("there is no API")
	return nil
}
