package apigateway

import (
	"strconv"
	"strings"

	"claimcheck/sim/vtl"
)

// jsonPath is a JSONPath of the kinds that mapping templates are written with:
// $, .name, ['name'], [0], [-1], .* and [*].
// https://goessner.net/articles/JsonPath/
type jsonPath struct{ steps []pathStep }

// pathStep goes into a member by name, into an item by index, or into all of them.
type pathStep struct {
	name  string
	index int
	kind  pathKind
}

type pathKind int

const (
	byName pathKind = iota
	byIndex
	everything
)

// parsePath reads a path; the dollar sign at its begin may be left out.
func parsePath(text string) (jsonPath, error) {
	var p jsonPath
	rest := strings.TrimPrefix(strings.TrimSpace(text), "$")
	if rest == strings.TrimSpace(text) && rest != "" && rest[0] != '[' {
		rest = "." + rest
	}
	for rest != "" {
		step, after, ok := cutStep(rest)
		if !ok {
			return p, notSimulated("the JSONPath %q: want $, .name, ['name'], [0] or [*]", text)
		}
		p.steps, rest = append(p.steps, step), after
	}
	return p, nil
}

func cutStep(rest string) (step pathStep, after string, ok bool) {
	if name, dotted := strings.CutPrefix(rest, "."); dotted {
		end := strings.IndexAny(name, ".[")
		if end < 0 {
			end = len(name)
		}
		if name[:end] == "*" {
			return pathStep{kind: everything}, name[end:], true
		}
		return pathStep{name: name[:end]}, name[end:], end > 0 && !strings.ContainsAny(name[:end], "()?@ ")
	}
	inner, after, ok := strings.Cut(strings.TrimPrefix(rest, "["), "]")
	if !ok || !strings.HasPrefix(rest, "[") {
		return step, "", false
	}
	if inner == "*" {
		return pathStep{kind: everything}, after, true
	}
	if len(inner) > 1 && strings.ContainsAny(inner[:1], `'"`) && inner[0] == inner[len(inner)-1] {
		return pathStep{name: inner[1 : len(inner)-1]}, after, true
	}
	index, err := strconv.Atoi(inner)
	return pathStep{index: index, kind: byIndex}, after, err == nil
}

// find returns what the path leads to, nil for nothing. A path through all
// members gives a list.
func (p jsonPath) find(value any) any {
	for i, step := range p.steps {
		if step.kind == everything {
			return every(value, jsonPath{steps: p.steps[i+1:]})
		}
		switch v := value.(type) {
		case *vtl.Map:
			value = v.Get(step.name)
			if step.kind == byIndex {
				value = nil
			}
		case *vtl.List:
			value = item(v, step)
		default:
			return nil
		}
	}
	return value
}

func item(list *vtl.List, step pathStep) any {
	index := step.index
	if index < 0 {
		index += len(list.Items)
	}
	if step.kind != byIndex || index < 0 || index >= len(list.Items) {
		return nil
	}
	return list.Items[index]
}

func every(value any, rest jsonPath) any {
	found := &vtl.List{}
	var members []any
	switch v := value.(type) {
	case *vtl.List:
		members = v.Items
	case *vtl.Map:
		for _, key := range v.Keys() {
			members = append(members, v.Get(key))
		}
	}
	for _, member := range members {
		if one := rest.find(member); one != nil {
			found.Items = append(found.Items, one)
		}
	}
	return found
}
