package cloudformation

import (
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/source"
)

// unknown stands for text that only a created resource can give, unknownList
// for a list of such texts, and broken for a value that has a problem already.
type (
	unknown     struct{}
	unknownList struct{}
	broken      struct{}
)

// absent stands for AWS::NoValue: the member is as if it had not been written.
type absent struct{}

// scope is what the functions of a template can refer to.
type scope struct {
	// values are those of parameters and pseudo parameters.
	values    map[string]any
	resources map[string]instance
	// names are those of parameters and ids those of resources, in the order of
	// the template, for suggestions.
	names, ids []string
}

// instance is a resource as functions see it.
type instance struct {
	// kind is nil when AWS has no such type.
	kind *Type
	// created is nil as long as the resource does not exist.
	created *Created
}

// resolver turns values as they are written into trees of maps, lists and
// scalars: functions are replaced by what they give.
type resolver struct {
	scope    scope
	problems *source.Problems
	// uses are the logical ids that were referred to.
	uses []string
}

func (r *resolver) value(n source.Node) any {
	if f, ok := asFunction(n); ok {
		return r.call(f)
	}
	switch {
	case isMapping(n):
		return r.mapping(n)
	case isList(n):
		list := []any{}
		for _, item := range n.Items(r.problems) {
			if v := r.value(item); v != (absent{}) {
				list = append(list, v)
			}
		}
		return list
	case n.IsNull():
		r.problems.Add(n.At(), "null is not allowed in a template")
		return absent{}
	}
	return n.Tree()
}

func (r *resolver) mapping(n source.Node) any {
	tree := map[string]any{}
	for _, e := range n.Entries(r.problems) {
		if strings.HasPrefix(e.Key, longPrefix) {
			r.problems.Add(e.KeyAt, "%s stands beside other keys: a function must be the only key of its mapping", e.Key)
			continue
		}
		if v := r.value(e.Value); v != (absent{}) {
			tree[e.Key] = v
		}
	}
	return tree
}

func (r *resolver) call(f function) any {
	switch f.name {
	case fnRef:
		return r.named(f.arg.Text(r.problems), f.arg.At())
	case fnGetAtt:
		return r.getAtt(f)
	case fnSub:
		return r.sub(f)
	case fnJoin:
		return r.join(f)
	case fnSelect:
		return r.selectOne(f)
	case fnSplit:
		return r.split(f)
	}
	base, _, _ := strings.Cut(strings.TrimPrefix(f.name, longPrefix), "::")
	if slices.Contains(unsimulatedFunctions(), f.name) || slices.Contains(unsimulatedFunctions(), longPrefix+base) {
		r.problems.Add(f.at, "CloudFormation has %s, the simulation does not", f.name)
		return broken{}
	}
	r.problems.Add(f.at, "CloudFormation has no function %s%s", f.name, source.Suggest(f.name, simulatedFunctions()))
	return broken{}
}

// named gives what Ref gives: the value of a parameter or the id of a resource.
func (r *resolver) named(name string, at source.Position) any {
	if v, ok := r.scope.values[name]; ok {
		return v
	}
	if i, ok := r.scope.resources[name]; ok {
		r.uses = append(r.uses, name)
		if i.created == nil {
			return unknown{}
		}
		return i.created.Ref
	}
	switch {
	case name == "":
	case strings.HasPrefix(name, "AWS::"):
		r.problems.Add(at, "%q is not a pseudo parameter that is simulated%s", name, source.Suggest(name, pseudoParameters()))
	default:
		r.problems.Add(at, "%q is neither a resource nor a parameter of this template%s", name,
			source.Suggest(name, slices.Concat(r.scope.names, r.scope.ids)))
	}
	return broken{}
}

// attribute gives what Fn::GetAtt gives.
func (r *resolver) attribute(id, name string, at source.Position) any {
	i, ok := r.scope.resources[id]
	if !ok {
		r.problems.Add(at, "%q is not a resource of this template%s", id, source.Suggest(id, r.scope.ids))
		return unknown{}
	}
	r.uses = append(r.uses, id)
	switch {
	case i.kind == nil:
		return unknown{}
	case !slices.Contains(i.kind.Attributes, name):
		r.problems.Add(at, "%s has no attribute %q%s", i.kind.Name, name, source.Suggest(name, i.kind.Attributes))
		return unknown{}
	case i.created == nil:
		return unknown{}
	}
	value, ok := i.created.Attributes[name]
	if !ok {
		r.problems.Add(at, "the simulation gives %s no value for the attribute %q", i.kind.Name, name)
		return unknown{}
	}
	return value
}

// getAtt takes "LogicalId.Attribute" or [LogicalId, Attribute].
func (r *resolver) getAtt(f function) any {
	if isList(f.arg) {
		parts, ok := r.pair(f)
		if !ok {
			return unknown{}
		}
		return r.attribute(parts[0].Text(r.problems), parts[1].Text(r.problems), f.arg.At())
	}
	text := f.arg.Text(r.problems)
	id, name, ok := strings.Cut(text, ".")
	if !ok {
		r.problems.Add(f.arg.At(), "%s takes LogicalId.Attribute, found %q", f.name, text)
		return unknown{}
	}
	return r.attribute(id, name, f.arg.At())
}

// join takes [delimiter, list].
func (r *resolver) join(f function) any {
	arguments, ok := r.pair(f)
	if !ok {
		return unknown{}
	}
	delimiter, list := r.text(arguments[0]), r.list(arguments[1])
	if delimiter == nil || list == nil {
		return unknown{}
	}
	parts := make([]string, len(list))
	for i, item := range list {
		part, known := r.asText(item, arguments[1].At())
		if !known {
			return unknown{}
		}
		parts[i] = part
	}
	return strings.Join(parts, *delimiter)
}

// selectOne takes [index, list].
func (r *resolver) selectOne(f function) any {
	arguments, ok := r.pair(f)
	if !ok {
		return unknown{}
	}
	index, list := r.text(arguments[0]), r.list(arguments[1])
	if index == nil || list == nil {
		return unknown{}
	}
	i, err := strconv.Atoi(*index)
	if err != nil || i < 0 || i >= len(list) {
		r.problems.Add(arguments[0].At(), "%s cannot take item %q of a list of %d: they count from 0", f.name, *index, len(list))
		return unknown{}
	}
	return list[i]
}

// split takes [delimiter, text].
func (r *resolver) split(f function) any {
	arguments, ok := r.pair(f)
	if !ok {
		return unknown{}
	}
	delimiter, text := r.text(arguments[0]), r.text(arguments[1])
	if delimiter == nil || text == nil {
		return unknownList{}
	}
	if *delimiter == "" {
		r.problems.Add(arguments[0].At(), "%s takes a delimiter that is not empty", f.name)
		return unknownList{}
	}
	list := []any{}
	for _, part := range strings.Split(*text, *delimiter) {
		list = append(list, part)
	}
	return list
}

// pair returns the two arguments of a function that takes a list of two.
func (r *resolver) pair(f function) ([]source.Node, bool) {
	if !isList(f.arg) {
		r.problems.Add(f.arg.At(), "%s takes a list of 2, found %s", f.name, f.arg.Shape())
		return nil, false
	}
	items := f.arg.Items(r.problems)
	if len(items) != 2 {
		r.problems.Add(f.arg.At(), "%s takes a list of 2, found %d", f.name, len(items))
		return nil, false
	}
	return items, true
}

// text evaluates a value that must be text; nil means that it is not known.
func (r *resolver) text(n source.Node) *string {
	if text, known := r.asText(r.value(n), n.At()); known {
		return &text
	}
	return nil
}

func (r *resolver) asText(v any, at source.Position) (string, bool) {
	switch v := v.(type) {
	case unknown, broken:
		return "", false
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	}
	r.problems.Add(at, "text was expected, found %s", describe(v))
	return "", false
}

// list evaluates a value that must be a list; nil means that it is not known.
func (r *resolver) list(n source.Node) []any {
	switch v := r.value(n).(type) {
	case unknownList, broken:
	case []any:
		return v
	default:
		r.problems.Add(n.At(), "a list was expected, found %s", describe(v))
	}
	return nil
}
