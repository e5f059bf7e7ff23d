package sim_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/scenario"
	"claimcheck/sim/shape"
	"claimcheck/sim/wire"
)

// What a service reads is what the SDK was asked to send, for every operation.
func TestEveryCallSurvivesTheNetwork(t *testing.T) {
	for prefix, service := range sim.New(scenario.Start()).Services() {
		for _, operation := range service.Operations {
			t.Run(prefix+":"+operation.Name, func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					sent := wire.Call{Operation: operation.Name, Input: input(t, operation)}
					request, err := wire.Request(service, sent)
					if err != nil {
						t.Fatal(err)
					}
					received, err := wire.Parse(service, request)
					if err != nil {
						t.Fatalf("%s %s: %v", request.Method, request.URL, err)
					}
					if diff := cmp.Diff(sent, received); diff != "" {
						t.Errorf("%s %s %s (-sent +received):\n%s", request.Method, request.URL, request.Body, diff)
					}
				})
			})
		}
	}
}

// input draws an input tree of an operation: all members, or all but some of
// those that may be missing.
func input(t *rapid.T, operation api.Operation) map[string]any {
	if operation.Route == "" {
		return structure(t, operation.Input, rapid.String())
	}
	tree := structure(t, operation.Input, rapid.StringMatching(`[!-~]([ -~]*[!-~])?`))
	if metadata, ok := tree["Metadata"].(map[string]any); ok && len(metadata) == 0 {
		delete(tree, "Metadata")
	}
	return tree
}

func structure(t *rapid.T, of reflect.Type, text *rapid.Generator[string]) map[string]any {
	tree := map[string]any{}
	members := shape.Members(of)
	for _, field := range reflect.VisibleFields(of) {
		if !field.IsExported() || field.Anonymous {
			continue
		}
		member := members[0]
		members = members[1:]
		if member.Required || len(tree) == 0 || rapid.Bool().Draw(t, "there is "+field.Name) {
			tree[member.Name] = value(t, field.Type, text)
		}
	}
	return tree
}

func value(t *rapid.T, of reflect.Type, text *rapid.Generator[string]) any {
	switch of.Kind() {
	case reflect.Pointer:
		return value(t, of.Elem(), text)
	case reflect.Struct:
		return structure(t, of, text)
	case reflect.Slice:
		items := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			items = append(items, value(t, of.Elem(), text))
		}
		return items
	case reflect.Map:
		tree := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "entries") {
			tree[strings.ToLower(rapid.StringMatching(`[A-Za-z0-9-]+`).Draw(t, "key"))] = value(t, of.Elem(), text)
		}
		return tree
	case reflect.Bool:
		return rapid.Bool().Draw(t, "boolean")
	case reflect.Int, reflect.Int64:
		return float64(rapid.Int32().Draw(t, "number"))
	case reflect.Float64:
		return float64(rapid.Int32().Draw(t, "halves")) / 2
	default:
		return text.Draw(t, "text")
	}
}
