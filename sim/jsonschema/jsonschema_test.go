package jsonschema

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	oracle "github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

func tree(t testing.TB, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func compile(t testing.TB, text string) *Schema {
	t.Helper()
	s, err := Compile(tree(t, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFaultsSayWhatIsWrong(t *testing.T) {
	for _, row := range []struct{ schema, value, want string }{
		{`{"type":"object","required":["price","name"]}`, `{}`, `object has missing required properties (["name","price"])`},
		{`{"type":["integer","null"]}`, `"a"`, `instance type (string) does not match any allowed primitive type (allowed: ["integer","null"])`},
		{`{"type":"integer"}`, `1.5`, `instance type (number) does not match any allowed primitive type (allowed: ["integer"])`},
		{`{"enum":["cat",1]}`, `"dog"`, `instance value ("dog") not found in enum (possible values: ["cat",1])`},
		{`{"minLength":2,"pattern":"^x"}`, `"é"`, `string "é" is too short (length: 1, required minimum: 2); ECMA 262 regex "^x" does not match input string "é"`},
		{`{"maxLength":1}`, `"ab"`, `string "ab" is too long (length: 2, maximum allowed: 1)`},
		{`{"minimum":1,"exclusiveMinimum":true}`, `1`, `numeric instance is lower than the required minimum (minimum: 1, found: 1)`},
		{`{"maximum":1.5}`, `2`, `numeric instance is greater than the required maximum (maximum: 1.5, found: 2)`},
		{`{"minItems":1}`, `[]`, `array is too short: must have at least 1 elements but instance has 0 elements`},
		{`{"maxItems":1,"items":{"type":"string"}}`, `["a",2]`, `array is too long: must have at most 1 elements but instance has 2 elements; instance type (integer) does not match any allowed primitive type (allowed: ["string"])`},
		{`{"uniqueItems":true}`, `[1,1.0]`, `array must not contain duplicate elements`},
		{`{"properties":{"a":{}},"additionalProperties":false}`, `{"a":1,"c":2,"b":3}`, `object instance has properties which are not allowed by the schema: ["b","c"]`},
		{`{"additionalProperties":{"type":"string"}}`, `{"a":1}`, `instance type (integer) does not match any allowed primitive type (allowed: ["string"])`},
		{`{"minProperties":1}`, `{}`, `object has too few properties (found 0 but schema requires at least 1)`},
		{`{"maxProperties":0}`, `{"a":1}`, `object has too many properties (found 1 but schema requires at most 0)`},
		{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `1`, `instance failed to match at least one required schema among 2`},
		{`{"oneOf":[{"minimum":1},{"minimum":2}]}`, `3`, `instance failed to match exactly one schema (matched 2 out of 2)`},
		{`{"allOf":[{"minimum":1}]}`, `0`, `numeric instance is lower than the required minimum (minimum: 1, found: 0)`},
		{`{"not":{"type":"null"}}`, `null`, `instance matched a schema which it should not have`},
		{`{}`, `{"a":`, `the text is no JSON`},
		{`{}`, `{} {}`, `the text is no JSON`},
	} {
		if got := strings.Join(compile(t, row.schema).Faults(row.value), "; "); got != row.want {
			t.Errorf("%s with %s:\n%s\nwant %s", row.value, row.schema, got, row.want)
		}
	}
}

func TestReferencesAreTheCallersBusiness(t *testing.T) {
	pet := tree(t, `{"type":"object","required":["name"]}`)
	s, err := Compile(tree(t, `{"type":"array","items":{"$ref":"Pet"}}`), func(ref string) (any, error) {
		if ref != "Pet" {
			return nil, errors.New("no such model")
		}
		return pet, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`object has missing required properties (["name"])`}, s.Faults(`[{"name":1},{}]`)); diff != "" {
		t.Error(diff)
	}
}

func TestSchemasThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                                  "$: a schema is an object",
		`{"properties":{"a":{"typ":"x"}}}`:    "$.properties.a.typ: the keyword is not known",
		`{"type":"text"}`:                     "$.type: text is not legal",
		`{"enum":[]}`:                         "$.enum: [] is not legal",
		`{"required":[1]}`:                    "$.required: [1] is not legal",
		`{"required":true}`:                   "$.required: true is not legal",
		`{"pattern":"("}`:                     "$.pattern: ( is not legal",
		`{"pattern":1}`:                       "$.pattern: 1 is not legal",
		`{"properties":[]}`:                   "$.properties: [] is not legal",
		`{"uniqueItems":1}`:                   "$.uniqueItems: 1 is not legal",
		`{"minLength":-1}`:                    "$.minLength: -1 is not legal",
		`{"minimum":"1"}`:                     "$.minimum: 1 is not legal",
		`{"exclusiveMinimum":1}`:              "$.exclusiveMinimum: 1 is not legal",
		`{"anyOf":[1]}`:                       "$.anyOf[0]: a schema is an object",
		`{"not":{"$ref":"x"}}`:                "$.not: $ref x leads nowhere",
		`{"items":[{"type":"string"}]}`:       "$.items: a schema is an object",
		`{"additionalProperties":{"type":1}}`: "$.additionalProperties.type: 1 is not legal",
	} {
		if _, err := Compile(tree(t, text), nil); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	self := map[string]any{"$ref": "me"}
	if _, err := Compile(self, func(string) (any, error) { return self, nil }); err == nil {
		t.Error("a schema that refers to itself is compiled")
	}
}

// schemas draws a schema of the keywords that both implementations read alike.
func schemas(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		s := map[string]any{}
		put := func(name string, value any) {
			if rapid.IntRange(0, 3).Draw(t, name+"?") == 0 {
				s[name] = value
			}
		}
		small := rapid.IntRange(0, 3)
		put("type", rapid.SampledFrom([]any{"string", "integer", "number", "object", "array", "boolean", "null"}).Draw(t, "type"))
		put("enum", []any{"a", float64(1), nil})
		put("minLength", float64(small.Draw(t, "minLength")))
		put("maxLength", float64(small.Draw(t, "maxLength")))
		put("pattern", "^a")
		put("minimum", float64(small.Draw(t, "minimum")))
		put("maximum", float64(small.Draw(t, "maximum")))
		put("minItems", float64(small.Draw(t, "minItems")))
		put("maxItems", float64(small.Draw(t, "maxItems")))
		put("uniqueItems", true)
		put("required", []any{"a"})
		put("minProperties", float64(small.Draw(t, "minProperties")))
		if s["minimum"] != nil {
			put("exclusiveMinimum", true)
		}
		if depth > 0 {
			inner := schemas(depth - 1)
			put("properties", map[string]any{"a": inner.Draw(t, "a")})
			put("additionalProperties", false)
			put("items", inner.Draw(t, "items"))
			put("not", inner.Draw(t, "not"))
			put("anyOf", []any{inner.Draw(t, "any1"), inner.Draw(t, "any2")})
			put("oneOf", []any{inner.Draw(t, "one1"), inner.Draw(t, "one2")})
		}
		return s
	})
}

func values(depth int) *rapid.Generator[any] {
	plain := rapid.SampledFrom([]any{nil, true, "", "a", "ab", "b", float64(0), float64(1), float64(2), 2.5})
	if depth == 0 {
		return plain
	}
	return rapid.OneOf(plain,
		rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(values(depth-1), 0, 3).Draw(t, "list") }),
		rapid.Custom(func(t *rapid.T) any {
			return rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), values(depth-1), 0, 3).Draw(t, "object")
		}))
}

// TestAnotherImplementationAgrees draws schemas and values and asks an
// independent implementation whether they fit.
func TestAnotherImplementationAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document, value := schemas(2).Draw(t, "schema"), values(2).Draw(t, "value")
		ours, err := Compile(document, nil)
		if err != nil {
			t.Fatal(err)
		}
		compiler := oracle.NewCompiler()
		compiler.DefaultDraft(oracle.Draft4)
		if err := compiler.AddResource("schema.json", document); err != nil {
			t.Fatal(err)
		}
		theirs, err := compiler.Compile("schema.json")
		if err != nil {
			t.Fatal(err)
		}
		faults := ours.Faults(write(value))
		if verdict := theirs.Validate(value); (verdict == nil) != (len(faults) == 0) {
			t.Fatalf("%s with %s: %v, and the other says %v", write(value), write(document), faults, verdict)
		}
	})
}
