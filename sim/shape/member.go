package shape

import (
	"reflect"
	"slices"
	"sort"
	"strings"
)

// Effect says what the simulation does with a member that AWS has.
type Effect string

// The kinds of member.
const (
	InEffect     Effect = "in effect"
	NoEffect     Effect = "without effect"
	NotSimulated Effect = "not simulated"
)

// Member is one member of a shape.
type Member struct {
	Name     string   `json:"name"`
	Type     string   `json:"type,omitempty"`
	Effect   Effect   `json:"effect"`
	Required bool     `json:"required,omitempty"`
	Enum     []string `json:"enum,omitempty"`
	// Members are those of a nested structure or of a list's structures.
	Members []Member `json:"members,omitempty"`

	index []int
}

// Members lists the members of a struct type: those in effect in the order of
// the fields, then the others by name. The members of an embedded struct are
// members of the struct around it. A type that is not a struct has none.
func Members(t reflect.Type) []Member {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var members, rest []Member
	for _, m := range fields(t, nil) {
		if m.Effect == InEffect {
			members = append(members, m)
		} else {
			rest = append(rest, m)
		}
	}
	sort.Slice(rest, func(i, j int) bool { return rest[i].Name < rest[j].Name })
	return append(members, rest...)
}

// fields are the members of a struct in the order of its fields. The index
// leads to the struct from the outermost one.
func fields(t reflect.Type, index []int) []Member {
	var members []Member
	for i := range t.NumField() {
		field := t.Field(i)
		field.Index = append(slices.Clone(index), i)
		switch {
		case field.Name == "_":
			members = append(members, named(field.Tag.Get("noeffect"), NoEffect)...)
			members = append(members, named(field.Tag.Get("unsimulated"), NotSimulated)...)
		case field.Anonymous && field.Type.Kind() == reflect.Struct:
			members = append(members, fields(field.Type, field.Index)...)
		case field.IsExported():
			members = append(members, member(field))
		}
	}
	return members
}

func member(field reflect.StructField) Member {
	m := Member{Name: field.Name, Type: typeName(field.Type), Effect: InEffect, index: field.Index}
	for _, rule := range strings.Split(field.Tag.Get("aws"), ",") {
		name, value, _ := strings.Cut(rule, "=")
		switch name {
		case "required":
			m.Required = true
		case "enum":
			m.Enum = strings.Split(value, "|")
		case "name":
			m.Name = value
		}
	}
	return m
}

// Describe is Members with the members of nested structures filled in. A
// structure inside itself is not described a second time.
func Describe(t reflect.Type) []Member { return describeInside(t, nil) }

func describeInside(t reflect.Type, around []reflect.Type) []Member {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if slices.Contains(around, t) {
		return nil
	}
	around = append(slices.Clip(around), t)
	members := Members(t)
	for i := range members {
		if members[i].Effect == InEffect {
			members[i].Members = describeInside(t.FieldByIndex(members[i].index).Type, around)
		}
	}
	return members
}

func named(tag string, effect Effect) []Member {
	var members []Member
	for _, name := range strings.Fields(tag) {
		members = append(members, Member{Name: name, Effect: effect})
	}
	return members
}

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem())
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	case reflect.Map:
		return "map of " + typeName(t.Elem())
	case reflect.Struct:
		return "structure"
	case reflect.Interface:
		return "document"
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "boolean"
	default:
		return "number"
	}
}
