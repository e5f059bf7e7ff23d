package appsync

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// described is a part of the schema as an introspection query sees it. Its
// members are made when they are asked for: types lead back to themselves.
// https://spec.graphql.org/October2021/#sec-Schema-Introspection
type described interface {
	// member is what a field of __Schema, __Type and the like holds.
	member(name string) any
}

// introspect answers __schema and __type.
func (c *call) introspect(f *field) (any, error) {
	types := c.api.schema.types
	if f.name == "__schema" {
		return schemaView{types}, nil
	}
	arguments, err := c.argumentsOf(f)
	if err != nil {
		return nil, err
	}
	return viewOf(types, types.Types[textOf(arguments["name"])]), nil
}

type schemaView struct{ types *ast.Schema }

func (s schemaView) member(name string) any {
	switch name {
	case "types":
		var list []any
		for _, name := range slices.Sorted(maps.Keys(s.types.Types)) {
			list = append(list, typeView{s.types, s.types.Types[name]})
		}
		return list
	case "queryType":
		return viewOf(s.types, s.types.Query)
	case "mutationType":
		return viewOf(s.types, s.types.Mutation)
	case "subscriptionType":
		return viewOf(s.types, s.types.Subscription)
	case "directives":
		list := []any{}
		for _, name := range slices.Sorted(maps.Keys(s.types.Directives)) {
			list = append(list, directiveView{s.types, s.types.Directives[name]})
		}
		return list
	}
	return nil
}

// viewOf is a named type, nil for none.
func viewOf(types *ast.Schema, d *ast.Definition) any {
	if d == nil {
		return nil
	}
	return typeView{types, d}
}

// typeView is a type with a name.
type typeView struct {
	types *ast.Schema
	of    *ast.Definition
}

func (t typeView) member(name string) any {
	switch name {
	case "kind":
		return string(t.of.Kind)
	case "name":
		return t.of.Name
	case "description":
		return orNil(t.of.Description)
	case "fields":
		return t.fields(t.of.Kind == ast.Object || t.of.Kind == ast.Interface, func(f *ast.FieldDefinition) any { return fieldView{t.types, f} })
	case "inputFields":
		return t.fields(t.of.Kind == ast.InputObject, func(f *ast.FieldDefinition) any { return inputView{t.types, f.Name, f.Type, f.DefaultValue} })
	case "interfaces":
		return t.interfaces()
	case "possibleTypes":
		return t.possibleTypes()
	case "enumValues":
		return t.enumValues()
	}
	return nil
}

// fields lists the fields that are no part of introspection itself, nil for a
// type of another kind.
func (t typeView) fields(has bool, view func(*ast.FieldDefinition) any) any {
	if !has {
		return nil
	}
	list := []any{}
	for _, f := range t.of.Fields {
		if f.Name != "__schema" && f.Name != "__type" {
			list = append(list, view(f))
		}
	}
	return list
}

func (t typeView) interfaces() any {
	if t.of.Kind != ast.Object && t.of.Kind != ast.Interface {
		return nil
	}
	list := []any{}
	for _, name := range t.of.Interfaces {
		list = append(list, viewOf(t.types, t.types.Types[name]))
	}
	return list
}

func (t typeView) possibleTypes() any {
	if !t.of.IsAbstractType() {
		return nil
	}
	list := []any{}
	for _, d := range t.types.GetPossibleTypes(t.of) {
		list = append(list, typeView{t.types, d})
	}
	return list
}

func (t typeView) enumValues() any {
	if t.of.Kind != ast.Enum {
		return nil
	}
	list := []any{}
	for _, v := range t.of.EnumValues {
		list = append(list, map[string]any{"name": v.Name, "description": orNil(v.Description), "isDeprecated": false, "deprecationReason": nil})
	}
	return list
}

// wrapperView is a list of a type or a type that is not null.
type wrapperView struct {
	types *ast.Schema
	kind  string
	of    ast.Type
}

func (w wrapperView) member(name string) any {
	switch name {
	case "kind":
		return w.kind
	case "ofType":
		return reference(w.types, w.of)
	}
	return nil
}

// reference is a type as a field names it.
func reference(types *ast.Schema, t ast.Type) any {
	switch {
	case t.NonNull:
		t.NonNull = false
		return wrapperView{types, "NON_NULL", t}
	case t.Elem != nil:
		return wrapperView{types, "LIST", *t.Elem}
	}
	return viewOf(types, types.Types[t.NamedType])
}

type fieldView struct {
	types *ast.Schema
	of    *ast.FieldDefinition
}

func (f fieldView) member(name string) any {
	switch name {
	case "name":
		return f.of.Name
	case "description":
		return orNil(f.of.Description)
	case "args":
		return inputs(f.types, f.of.Arguments)
	case "type":
		return reference(f.types, *f.of.Type)
	case "isDeprecated":
		return f.of.Directives.ForName("deprecated") != nil
	}
	return nil
}

func inputs(types *ast.Schema, arguments ast.ArgumentDefinitionList) []any {
	list := []any{}
	for _, a := range arguments {
		list = append(list, inputView{types, a.Name, a.Type, a.DefaultValue})
	}
	return list
}

// inputView is an argument or a field of an input object.
type inputView struct {
	types    *ast.Schema
	name     string
	of       *ast.Type
	standard *ast.Value
}

func (i inputView) member(name string) any {
	switch {
	case name == "name":
		return i.name
	case name == "type":
		return reference(i.types, *i.of)
	case name == "defaultValue" && i.standard != nil:
		return i.standard.String()
	case name == "isDeprecated":
		return false
	}
	return nil
}

type directiveView struct {
	types *ast.Schema
	of    *ast.DirectiveDefinition
}

func (d directiveView) member(name string) any {
	switch name {
	case "name":
		return d.of.Name
	case "description":
		return orNil(d.of.Description)
	case "locations":
		list := []any{}
		for _, l := range d.of.Locations {
			list = append(list, string(l))
		}
		return list
	case "args":
		return inputs(d.types, d.of.Arguments)
	case "isRepeatable":
		return d.of.IsRepeatable
	}
	return nil
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
