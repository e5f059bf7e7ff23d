package appsync

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// field is one field of an answer: what the document says of it in one place or
// in several.
type field struct {
	// name is the schema's and response the document's name for it.
	name, response string
	parent         *ast.Definition
	// definition is nil for __typename.
	definition *ast.FieldDefinition
	at         *ast.Position
	arguments  ast.ArgumentList
	selections ast.SelectionSet
}

// collect lists the fields that a selection asks of an object type, in order:
// fragments whose type it is are opened, what @skip and @include leave out is
// left out, and places that ask for the same field are one.
// https://spec.graphql.org/October2021/#CollectFields()
func (c *call) collect(parent *ast.Definition, set ast.SelectionSet) []*field {
	var fields []*field
	known := map[string]*field{}
	c.collectInto(parent, set, func(node *ast.Field) {
		if f, ok := known[node.Alias]; ok {
			f.selections = slices.Concat(f.selections, node.SelectionSet)
			return
		}
		f := &field{
			name: node.Name, response: node.Alias, parent: parent, definition: parent.Fields.ForName(node.Name),
			at: node.Position, arguments: node.Arguments, selections: node.SelectionSet,
		}
		if f.definition == nil {
			// __schema and __type are on no type's own list.
			f.definition = node.Definition
		}
		known[node.Alias], fields = f, append(fields, f)
	})
	return fields
}

func (c *call) collectInto(parent *ast.Definition, set ast.SelectionSet, add func(*ast.Field)) {
	for _, selection := range set {
		switch node := selection.(type) {
		case *ast.Field:
			if c.included(node.Directives) {
				add(node)
			}
		case *ast.InlineFragment:
			if c.included(node.Directives) && c.applies(parent, node.TypeCondition) {
				c.collectInto(parent, node.SelectionSet, add)
			}
		case *ast.FragmentSpread:
			if c.included(node.Directives) && node.Definition != nil && c.applies(parent, node.Definition.TypeCondition) {
				c.collectInto(parent, node.Definition.SelectionSet, add)
			}
		}
	}
}

// included is what @skip and @include say.
func (c *call) included(directives ast.DirectiveList) bool {
	return !c.condition(directives.ForName("skip"), false) && c.condition(directives.ForName("include"), true)
}

func (c *call) condition(directive *ast.Directive, otherwise bool) bool {
	if directive == nil {
		return otherwise
	}
	argument := directive.Arguments.ForName("if")
	if argument == nil {
		return otherwise
	}
	value, err := argument.Value.Value(c.document.variables)
	if err != nil {
		return otherwise
	}
	held, _ := value.(bool)
	return held
}

// applies reports whether a fragment on a type is about an object type.
func (c *call) applies(parent *ast.Definition, condition string) bool {
	if condition == "" || condition == parent.Name {
		return true
	}
	definition := c.api.schema.types.Types[condition]
	if definition == nil {
		return false
	}
	for _, possible := range c.api.schema.types.GetPossibleTypes(definition) {
		if possible.Name == parent.Name {
			return true
		}
	}
	return false
}

// argumentsOf are the values of a field's arguments, defaults included; an
// argument without a value is not there.
func (c *call) argumentsOf(f *field) (map[string]any, error) {
	values := map[string]any{}
	for _, definition := range f.definition.Arguments {
		given := f.arguments.ForName(definition.Name)
		if given != nil && given.Value.Kind == ast.Variable {
			if value, ok := c.document.variables[given.Value.Raw]; ok {
				values[definition.Name] = c.completed(definition.Type, value)
				continue
			}
			given = nil
		}
		source := definition.DefaultValue
		if given != nil {
			source = given.Value
		}
		if source == nil {
			continue
		}
		value, err := source.Value(c.document.variables)
		if err != nil {
			return nil, err
		}
		values[definition.Name] = c.completed(definition.Type, value)
	}
	return values, nil
}

// completed gives an input object the defaults of the fields that it leaves out.
func (c *call) completed(t *ast.Type, value any) any {
	if items, ok := value.([]any); ok && t.Elem != nil {
		list := make([]any, len(items))
		for i, item := range items {
			list[i] = c.completed(t.Elem, item)
		}
		return list
	}
	members, ok := value.(map[string]any)
	definition := c.api.schema.types.Types[t.Name()]
	if !ok || definition == nil || definition.Kind != ast.InputObject {
		return value
	}
	whole := map[string]any{}
	for _, f := range definition.Fields {
		member, given := members[f.Name]
		if !given && f.DefaultValue != nil {
			// A default of the schema has been checked with it.
			member, _ = f.DefaultValue.Value(nil)
			given = true
		}
		if given {
			whole[f.Name] = c.completed(f.Type, member)
		}
	}
	return whole
}
