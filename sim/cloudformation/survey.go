package cloudformation

import (
	"reflect"
	"slices"
	"strings"

	"claimcheck/sim/shape"
	"claimcheck/sim/source"
)

// Check reports, as source.Problems, everything that keeps the simulation from
// running the template with the given types: references to nothing, circular
// dependencies, functions, types and properties that are not simulated. What
// CloudFormation itself would refuse is left to Deploy; nothing is known of a
// template that the SAM transform refuses.
func (t Template) Check(types []Type) error {
	if len(t.faults) > 0 {
		return nil
	}
	values := map[string]any{}
	for _, name := range pseudoParameters() {
		values[name] = unknown{}
	}
	values[pseudoNoValue] = absent{}
	_, err := t.survey(values, types)
	return err
}

// survey is what can be known of a template before anything is created.
type survey struct {
	// drafts are the resources in the order of creation.
	drafts []draft
	// strangers are the type names that AWS does not have, each once.
	strangers []string
	scope     scope
}

// draft is a resource that does not exist yet.
type draft struct {
	resource
	// kind is nil when AWS has no such type.
	kind *Type
	// uses are the logical ids of the resources it needs.
	uses []string
	// faults are those that do not depend on a value only a created resource
	// can give.
	faults []shape.Fault
	tree   any
}

// survey looks at the whole template and returns every problem of it.
func (t Template) survey(values map[string]any, types []Type) (survey, error) {
	var problems source.Problems
	s := survey{scope: t.scope(values, types, &problems)}
	for _, r := range t.resources {
		d := t.draft(r, s.scope, types, &problems)
		if d.kind == nil && !slices.Contains(s.strangers, r.typeName) {
			s.strangers = append(s.strangers, r.typeName)
		}
		s.drafts = append(s.drafts, d)
	}
	t.checkOutputs(s.scope, &problems)
	s.drafts = inOrder(s.drafts, &problems)
	return s, problems.Err()
}

func (t Template) scope(pseudo map[string]any, types []Type, problems *source.Problems) scope {
	s := scope{values: map[string]any{}, resources: map[string]instance{}}
	for name, v := range pseudo {
		s.values[name] = v
	}
	for _, p := range t.parameters {
		s.values[p.name] = p.value(problems)
		s.names = append(s.names, p.name)
	}
	for _, r := range t.resources {
		s.resources[r.id] = instance{kind: find(types, r.typeName)}
		s.ids = append(s.ids, r.id)
	}
	return s
}

// value is a parameter's default: no stack is deployed with values of its own.
func (p parameter) value(problems *source.Problems) any {
	if p.fallback.IsNull() {
		problems.Add(p.at, "parameter %q needs a Default: stacks are deployed without values for parameters", p.name)
		return broken{}
	}
	text := p.fallback.YAML.Value
	if p.typeName != "CommaDelimitedList" && p.typeName != "List<Number>" {
		return text
	}
	list := []any{}
	for _, item := range strings.Split(text, ",") {
		list = append(list, strings.TrimSpace(item))
	}
	return list
}

func (t Template) draft(r resource, s scope, types []Type, problems *source.Problems) draft {
	d := draft{resource: r, kind: find(types, r.typeName)}
	if d.kind == nil && standingOf(r.typeName) == notSimulated {
		problems.Add(r.typeAt, "the resource type %q is not simulated%s", r.typeName, source.Suggest(r.typeName, names(types)))
	}
	res := resolver{scope: s, problems: problems}
	d.tree = res.properties(r)
	d.uses = res.uses
	for _, dep := range r.dependsOn {
		if _, ok := s.resources[dep.id]; !ok {
			problems.Add(dep.at, "DependsOn: %q is not a resource of this template%s", dep.id, source.Suggest(dep.id, s.ids))
			continue
		}
		d.uses = append(d.uses, dep.id)
	}
	if d.kind == nil {
		return d
	}
	_, faults := d.kind.decode(d.tree)
	for _, f := range faults {
		switch {
		case f.Kind == shape.Unsimulated:
			problems.Add(locate(r, f), "%s %s: %s", r.typeName, shape.PathText(f.Path), f.Message)
		case !undecided(f, at(d.tree, f.Path)):
			d.faults = append(d.faults, f)
		}
	}
	return d
}

// undecided reports whether a fault may go away when the value it is about is
// known: whatever a resource gives, it is text or a list of text.
func undecided(f shape.Fault, value any) bool {
	switch value {
	case broken{}:
		return true
	case unknown{}:
		return f.Kind == shape.NotAllowed || f.Kind == shape.WrongType && !isCompound(f.Wanted)
	case unknownList{}:
		return f.Kind == shape.WrongType && f.Wanted == reflect.Slice
	}
	return false
}

func isCompound(k reflect.Kind) bool {
	return k == reflect.Slice || k == reflect.Map || k == reflect.Struct
}

// properties evaluates a resource's properties.
func (r *resolver) properties(of resource) any {
	if of.properties.YAML == nil {
		return map[string]any{}
	}
	return r.value(of.properties)
}

func (t Template) checkOutputs(s scope, problems *source.Problems) {
	for _, o := range t.outputs {
		res := resolver{scope: s, problems: problems}
		if o.value.YAML != nil {
			res.text(o.value)
		}
	}
}

func find(types []Type, name string) *Type {
	i := slices.IndexFunc(types, func(t Type) bool { return t.Name == name })
	if i < 0 {
		return nil
	}
	return &types[i]
}

func names(types []Type) []string {
	list := make([]string, len(types))
	for i, t := range types {
		list[i] = t.Name
	}
	slices.Sort(list)
	return list
}
