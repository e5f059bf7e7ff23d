package cloudformation

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"claimcheck/sim/shape"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
)

// ruleOf is the rule that a fault breaks.
func ruleOf(k shape.Kind) trace.RuleID {
	switch k {
	case shape.NoSuchMember:
		return RuleNoSuchProperty
	case shape.Missing:
		return RuleRequiredProperty
	case shape.WrongType:
		return RulePropertyType
	default:
		return RulePropertyValue
	}
}

// wantedAndFound are a fault in the words of a check.
func (d draft) wantedAndFound(f shape.Fault) (wanted, found string) {
	where := d.id
	if len(f.Path) > 0 {
		where += "." + shape.PathText(f.Path)
	}
	switch f.Kind {
	case shape.NoSuchMember:
		return "a property of " + strings.TrimSuffix(d.typeName+" "+shape.PathText(parent(f.Path)), " "), where
	case shape.Missing:
		return fmt.Sprintf("%s has %s", d.typeName, f.Member), where + " without " + f.Member
	case shape.WrongType:
		return fmt.Sprintf("%s is %s", where, word(f.Wanted)), describe(at(d.tree, f.Path))
	default:
		return fmt.Sprintf("%s is %s", where, strings.Join(f.Allowed, " or ")), describe(at(d.tree, f.Path))
	}
}

// schemaMessage is a fault in the words of CloudFormation's schema validation.
//
//	https://github.com/aws/aws-cdk/issues/28984
//	https://github.com/aws-cloudformation/iac-model-evaluation/issues/29
//	https://github.com/aws-cloudformation/cfn-lint/issues/3223
//	https://github.com/aws-samples/aws-bookstore-demo-app/issues/56
func (d draft) schemaMessage(f shape.Fault) string {
	switch f.Kind {
	case shape.NoSuchMember:
		return fmt.Sprintf("%s: extraneous key [%s] is not permitted", pointer(parent(f.Path)), f.Path[len(f.Path)-1])
	case shape.Missing:
		return fmt.Sprintf("%s: required key [%s] not found", pointer(f.Path), f.Member)
	case shape.WrongType:
		return fmt.Sprintf("%s: expected type: %s, found: %s", pointer(f.Path), schemaType(f.Wanted), schemaTypeOf(at(d.tree, f.Path)))
	default:
		return fmt.Sprintf("%s: failed validation constraint for keyword [enum]", pointer(f.Path))
	}
}

// pointer is a path as a JSON pointer of a URI fragment.
func pointer(path []string) string {
	return strings.Join(append([]string{"#"}, path...), "/")
}

func parent(path []string) []string {
	if len(path) == 0 {
		return nil
	}
	return path[:len(path)-1]
}

// schemaType is a kind of value in the words of CloudFormation's validator.
func schemaType(k reflect.Kind) string {
	switch k {
	case reflect.Struct, reflect.Map:
		return "JSONObject"
	case reflect.Slice:
		return "JSONArray"
	case reflect.Bool:
		return "Boolean"
	case reflect.Int:
		return "Integer"
	case reflect.Float64:
		return "Number"
	default:
		return "String"
	}
}

func schemaTypeOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return schemaType(reflect.Map)
	case []any, unknownList:
		return schemaType(reflect.Slice)
	case bool:
		return schemaType(reflect.Bool)
	case float64:
		if v == float64(int64(v)) {
			return schemaType(reflect.Int)
		}
		return schemaType(reflect.Float64)
	default:
		return schemaType(reflect.String)
	}
}

// word is a kind of value in plain words.
func word(k reflect.Kind) string {
	switch k {
	case reflect.Struct, reflect.Map:
		return "a mapping"
	case reflect.Slice:
		return "a list"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	default:
		return "text"
	}
}

func describe(v any) string {
	switch v := v.(type) {
	case nil, absent:
		return "nothing"
	case map[string]any:
		return "a mapping"
	case []any:
		return "a list"
	case string:
		return fmt.Sprintf("the text %q", short(v, 40))
	case unknown:
		return "text of another resource"
	case unknownList:
		return "a list"
	default:
		return fmt.Sprint(v)
	}
}

// short cuts a text to n characters.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// at returns the value that a path leads to, or the last one on the way.
func at(tree any, path []string) any {
	for _, key := range path {
		switch v := tree.(type) {
		case map[string]any:
			tree = v[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(v) {
				return tree
			}
			tree = v[i]
		default:
			return tree
		}
	}
	return tree
}

// locate finds the place in the template that a fault is about: the last key of
// its path that is written there.
func locate(r resource, f shape.Fault) source.Position {
	if r.properties.YAML == nil {
		return r.at
	}
	n, position := r.properties, r.properties.At()
	for _, key := range f.Path {
		next, at, ok := step(n, key)
		if !ok {
			break
		}
		n, position = next, at
	}
	return position
}

// step goes from a mapping or a list to what stands under a key or an index,
// and returns where that is written too.
func step(n source.Node, key string) (source.Node, source.Position, bool) {
	var ignored source.Problems
	if isMapping(n) {
		for _, e := range n.Entries(&ignored) {
			if e.Key == key {
				return e.Value, e.KeyAt, true
			}
		}
		return source.Node{}, source.Position{}, false
	}
	items := present(n.Items(&ignored))
	i, err := strconv.Atoi(key)
	if err != nil || i < 0 || i >= len(items) {
		return source.Node{}, source.Position{}, false
	}
	return items[i], items[i].At(), true
}

// present leaves out the items that AWS::NoValue removes.
func present(items []source.Node) []source.Node {
	var kept []source.Node
	for _, item := range items {
		if f, ok := asFunction(item); ok && f.name == fnRef && f.arg.YAML.Value == pseudoNoValue {
			continue
		}
		kept = append(kept, item)
	}
	return kept
}
