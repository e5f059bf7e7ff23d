package cloudformation

import (
	"strings"

	"claimcheck/sim/source"
)

// sub takes a text, or [text, {name: value}]. In the text ${Name} stands for
// what Ref gives, ${Name.Attribute} for what Fn::GetAtt gives, and ${!Name} for
// the text ${Name}.
func (r *resolver) sub(f function) any {
	if !isList(f.arg) {
		return r.substitute(f.arg, nil)
	}
	arguments, ok := r.pair(f)
	if !ok {
		return unknown{}
	}
	values := map[string]any{}
	for _, e := range arguments[1].Entries(r.problems) {
		values[e.Key] = r.value(e.Value)
	}
	return r.substitute(arguments[0], values)
}

func (r *resolver) substitute(n source.Node, values map[string]any) any {
	rest := n.Text(r.problems)
	var result strings.Builder
	complete := true
	for {
		before, after, found := strings.Cut(rest, "${")
		result.WriteString(before)
		if !found {
			break
		}
		name, next, closed := strings.Cut(after, "}")
		if !closed {
			r.problems.Add(n.At(), "%q has no closing brace", "${"+name)
			return unknown{}
		}
		rest = next
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			result.WriteString("${" + literal + "}")
			continue
		}
		text, known := r.asText(r.variable(name, values, n.At()), n.At())
		complete = complete && known
		result.WriteString(text)
	}
	if !complete {
		return unknown{}
	}
	return result.String()
}

func (r *resolver) variable(name string, values map[string]any, at source.Position) any {
	if v, ok := values[name]; ok {
		return v
	}
	if name == "" {
		r.problems.Add(at, "${} names nothing")
		return unknown{}
	}
	id, attribute, dotted := strings.Cut(name, ".")
	if !dotted {
		return r.named(name, at)
	}
	if _, ok := r.scope.resources[id]; !ok {
		r.problems.Add(at, "${%s}: %q is not a resource of this template%s (write ${!%s} for literal text)",
			name, id, source.Suggest(id, r.scope.ids), name)
		return unknown{}
	}
	return r.attribute(id, attribute, at)
}
