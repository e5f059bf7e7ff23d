// Package shape decodes trees of maps, lists and scalars into Go structs as
// strictly as AWS's own models would: unknown members, missing required ones,
// wrong types and values outside an enumeration are all found, each with its
// path. It serves API inputs and CloudFormation properties alike, and refuses
// to know what any member means.
//
// A struct describes a shape. Exported fields are members under their AWS
// name. The aws tag adds rules, separated by commas:
//
//	UserPoolId string   `aws:"required"`
//	Type       string   `aws:"required,enum=TOKEN|REQUEST"`
//
// Members that AWS has and the simulation does not model are named in tags of
// blank fields: those that change nothing a run could show are "noeffect"; the
// use of the others is an error of whoever wrote the input, never a verdict.
//
//	_ struct{} `noeffect:"UserPoolTags" unsimulated:"LambdaConfig SmsConfiguration"`
//
// Shapes that have members in common embed a struct of these.
package shape

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Kind says what is wrong with a member.
type Kind string

// The kinds of fault.
const (
	NoSuchMember Kind = "no such member"  // AWS has no member of this name
	Missing      Kind = "missing"         // a required member is absent
	WrongType    Kind = "wrong type"      // a list where text is wanted, …
	NotAllowed   Kind = "value not legal" // outside the enumeration
	Unsimulated  Kind = "not simulated"   // AWS has it, the simulation does not
)

// Fault is one thing wrong with the input.
type Fault struct {
	// Path leads from the top to the member: keys and list indexes as text.
	Path []string
	Kind Kind
	// Message is one sentence without the path.
	Message string
	// Member is what a Missing fault misses in the structure at Path.
	Member string
	// Wanted is what a WrongType fault asks for: String, Bool, Int, Float64,
	// Slice, Map or Struct.
	Wanted reflect.Kind
	// Allowed are the values that a NotAllowed fault asks for, and Found is the
	// one that it found.
	Allowed []string
	Found   string
}

// String is "Path.to[0].member: message".
func (f Fault) String() string {
	if len(f.Path) == 0 {
		return f.Message
	}
	return PathText(f.Path) + ": " + f.Message
}

// PathText writes a path the way AWS does: "Statement[0].Effect".
func PathText(path []string) string {
	var b strings.Builder
	for _, p := range path {
		switch {
		case p != "" && strings.Trim(p, "0123456789") == "":
			b.WriteString("[" + p + "]")
		case b.Len() > 0:
			b.WriteString("." + p)
		default:
			b.WriteString(p)
		}
	}
	return b.String()
}

// Mode says how exact scalars must be.
type Mode int

const (
	// Exact wants JSON's own types: what an SDK would send.
	Exact Mode = iota
	// Lenient takes "true" for true, "300" for 300 and 300 for "300", as
	// CloudFormation does.
	Lenient
)

// Decode fills the struct that into points to from a tree and returns every
// fault. What has no fault is filled in even when other members have.
func Decode(tree any, into any, mode Mode) []Fault {
	d := decoder{mode: mode}
	d.value(nil, tree, reflect.ValueOf(into).Elem())
	return d.faults
}

type decoder struct {
	mode   Mode
	faults []Fault
}

func (d *decoder) fault(f Fault, format string, args ...any) {
	f.Path = append([]string(nil), f.Path...)
	f.Message = fmt.Sprintf(format, args...)
	d.faults = append(d.faults, f)
}

func (d *decoder) wrongType(path []string, wanted reflect.Kind, words string, found any) {
	d.fault(Fault{Path: path, Kind: WrongType, Wanted: wanted}, "%s was expected, found %s", words, describe(found))
}

func (d *decoder) value(path []string, tree any, into reflect.Value) {
	switch into.Kind() {
	case reflect.Interface:
		if tree != nil {
			into.Set(reflect.ValueOf(tree))
		}
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		d.value(path, tree, into.Elem())
	case reflect.Struct:
		d.structure(path, tree, into)
	case reflect.Slice:
		d.list(path, tree, into)
	case reflect.Map:
		d.mapping(path, tree, into)
	default:
		d.scalar(path, tree, into)
	}
}

func (d *decoder) structure(path []string, tree any, into reflect.Value) {
	m, ok := tree.(map[string]any)
	if !ok {
		d.wrongType(path, reflect.Struct, "a structure", tree)
		return
	}
	members := Members(into.Type())
	known := map[string]Member{}
	for _, member := range members {
		known[member.Name] = member
		if member.Required && m[member.Name] == nil {
			d.fault(Fault{Path: path, Kind: Missing, Member: member.Name}, "required member %s is missing", member.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		member, ok := known[name]
		at := under(path, name)
		switch {
		case !ok:
			d.fault(Fault{Path: at, Kind: NoSuchMember}, "there is no %s here%s", name, listNames(members))
		case member.Effect == NotSimulated:
			d.fault(Fault{Path: at, Kind: Unsimulated}, "AWS has %s, the simulation does not", name)
		case member.Effect == InEffect && m[name] != nil:
			before := len(d.faults)
			d.value(at, m[name], into.FieldByIndex(member.index))
			if len(d.faults) == before {
				d.legal(at, member, m[name])
			}
		}
	}
}

// under is a path one step further in, with memory of its own.
func under(path []string, step string) []string {
	return append(slices.Clone(path), step)
}

func (d *decoder) legal(path []string, member Member, tree any) {
	if len(member.Enum) == 0 {
		return
	}
	if items, isList := tree.([]any); isList {
		for i, item := range items {
			d.legal(under(path, strconv.Itoa(i)), member, item)
		}
		return
	}
	if text, _ := scalarText(tree); !slices.Contains(member.Enum, text) {
		d.fault(Fault{Path: path, Kind: NotAllowed, Allowed: member.Enum, Found: text}, "%q is not one of %s", text, strings.Join(member.Enum, ", "))
	}
}

func (d *decoder) list(path []string, tree any, into reflect.Value) {
	items, ok := tree.([]any)
	if !ok {
		d.wrongType(path, reflect.Slice, "a list", tree)
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
	for i, item := range items {
		d.value(under(path, fmt.Sprint(i)), item, into.Index(i))
	}
}

func (d *decoder) mapping(path []string, tree any, into reflect.Value) {
	m, ok := tree.(map[string]any)
	if !ok {
		d.wrongType(path, reflect.Map, "a map", tree)
		return
	}
	into.Set(reflect.MakeMapWithSize(into.Type(), len(m)))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		value := reflect.New(into.Type().Elem()).Elem()
		d.value(under(path, key), m[key], value)
		into.SetMapIndex(reflect.ValueOf(key).Convert(into.Type().Key()), value)
	}
}

func (d *decoder) scalar(path []string, tree any, into reflect.Value) {
	switch into.Kind() {
	case reflect.String:
		if s, ok := d.text(tree); ok {
			into.SetString(s)
			return
		}
		d.wrongType(path, reflect.String, "text", tree)
	case reflect.Bool:
		if b, ok := d.boolean(tree); ok {
			into.SetBool(b)
			return
		}
		d.wrongType(path, reflect.Bool, "true or false", tree)
	case reflect.Int, reflect.Int64:
		if f, ok := d.number(tree); ok && f == float64(int64(f)) {
			into.SetInt(int64(f))
			return
		}
		d.wrongType(path, reflect.Int, "a whole number", tree)
	case reflect.Float64:
		if f, ok := d.number(tree); ok {
			into.SetFloat(f)
			return
		}
		d.wrongType(path, reflect.Float64, "a number", tree)
	default:
		panic("shape: a field of kind " + into.Kind().String() + " cannot be described")
	}
}

func describe(tree any) string {
	switch v := tree.(type) {
	case nil:
		return "nothing"
	case map[string]any:
		return "a structure"
	case []any:
		return "a list"
	case string:
		return fmt.Sprintf("the text %q", v)
	case bool:
		return fmt.Sprintf("the boolean %v", v)
	default:
		return fmt.Sprintf("the number %v", v)
	}
}

func listNames(members []Member) string {
	if len(members) == 0 || len(members) > 12 {
		return ""
	}
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.Name
	}
	return ": there are " + strings.Join(names, ", ")
}
