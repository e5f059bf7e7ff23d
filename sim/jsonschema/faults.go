package jsonschema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Faults holds JSON text against the schema and returns what is wrong with it,
// nothing for a value that fits. Text that is no JSON is one fault.
func (s *Schema) Faults(text string) []string {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil || d.More() {
		return []string{"the text is no JSON"}
	}
	return s.faults(value)
}

// faults are worded as by the validator whose words API Gateway passes on:
// https://github.com/java-json-tools/json-schema-validator
func (s *Schema) faults(value any) []string {
	kind := typeOf(value)
	if !s.hasType(kind) {
		return []string{fmt.Sprintf("instance type (%s) does not match any allowed primitive type (allowed: %s)", kind, quoted(s.types))}
	}
	var faults []string
	if s.isEnum && !slices.ContainsFunc(s.values, func(v any) bool { return same(v, value) }) {
		faults = append(faults, fmt.Sprintf("instance value (%s) not found in enum (possible values: %s)", write(value), write(s.values)))
	}
	switch v := value.(type) {
	case string:
		faults = append(faults, s.textFaults(v)...)
	case json.Number:
		faults = append(faults, s.numberFaults(v)...)
	case []any:
		faults = append(faults, s.listFaults(v)...)
	case map[string]any:
		faults = append(faults, s.objectFaults(v)...)
	}
	return append(faults, s.combinedFaults(value)...)
}

// typeOf names the JSON type of a value; a number without a fraction is an integer.
func typeOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "number"
		}
		return "integer"
	}
	return "object"
}

func (s *Schema) hasType(kind string) bool {
	return len(s.types) == 0 || slices.Contains(s.types, kind) || kind == "integer" && slices.Contains(s.types, "number")
}

func (b bounds) tooFew(n int) bool  { return b.least != nil && n < *b.least }
func (b bounds) tooMany(n int) bool { return b.most != nil && n > *b.most }

func (s *Schema) textFaults(text string) []string {
	var faults []string
	length := utf8.RuneCountInString(text)
	if s.lengths.tooFew(length) {
		faults = append(faults, fmt.Sprintf("string %q is too short (length: %d, required minimum: %d)", text, length, *s.lengths.least))
	}
	if s.lengths.tooMany(length) {
		faults = append(faults, fmt.Sprintf("string %q is too long (length: %d, maximum allowed: %d)", text, length, *s.lengths.most))
	}
	if s.pattern != nil && !s.pattern.MatchString(text) {
		faults = append(faults, fmt.Sprintf("ECMA 262 regex %q does not match input string %q", s.pattern, text))
	}
	return faults
}

func (s *Schema) numberFaults(n json.Number) []string {
	value, _ := numeric(n)
	switch {
	case s.minimum != nil && (value < *s.minimum || s.exclusiveMinimum && value == *s.minimum):
		return []string{fmt.Sprintf("numeric instance is lower than the required minimum (minimum: %g, found: %s)", *s.minimum, n)}
	case s.maximum != nil && (value > *s.maximum || s.exclusiveMaximum && value == *s.maximum):
		return []string{fmt.Sprintf("numeric instance is greater than the required maximum (maximum: %g, found: %s)", *s.maximum, n)}
	}
	return nil
}

func (s *Schema) listFaults(items []any) []string {
	var faults []string
	if s.items.tooFew(len(items)) {
		faults = append(faults, fmt.Sprintf("array is too short: must have at least %d elements but instance has %d elements", *s.items.least, len(items)))
	}
	if s.items.tooMany(len(items)) {
		faults = append(faults, fmt.Sprintf("array is too long: must have at most %d elements but instance has %d elements", *s.items.most, len(items)))
	}
	for i, item := range items {
		if s.unique && slices.ContainsFunc(items[:i], func(other any) bool { return same(other, item) }) {
			faults = append(faults, "array must not contain duplicate elements")
			break
		}
	}
	for _, item := range items {
		if s.item != nil {
			faults = append(faults, s.item.faults(item)...)
		}
	}
	return faults
}

func (s *Schema) objectFaults(members map[string]any) []string {
	var faults, missing, unwanted []string
	for _, name := range s.required {
		if _, ok := members[name]; !ok {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		faults = append(faults, "object has missing required properties ("+quoted(missing)+")")
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		schema, named := s.properties[name]
		switch {
		case !named && s.closed:
			unwanted = append(unwanted, name)
			continue
		case !named:
			schema = s.extra
		}
		if schema != nil {
			faults = append(faults, schema.faults(members[name])...)
		}
	}
	if len(unwanted) > 0 {
		faults = append(faults, "object instance has properties which are not allowed by the schema: "+quoted(unwanted))
	}
	if s.members.tooFew(len(members)) {
		faults = append(faults, fmt.Sprintf("object has too few properties (found %d but schema requires at least %d)", len(members), *s.members.least))
	}
	if s.members.tooMany(len(members)) {
		faults = append(faults, fmt.Sprintf("object has too many properties (found %d but schema requires at most %d)", len(members), *s.members.most))
	}
	return faults
}

func (s *Schema) combinedFaults(value any) []string {
	var faults []string
	for _, each := range s.all {
		faults = append(faults, each.faults(value)...)
	}
	if n := fitting(s.any, value); len(s.any) > 0 && n == 0 {
		faults = append(faults, "instance failed to match at least one required schema among "+fmt.Sprint(len(s.any)))
	}
	if n := fitting(s.one, value); len(s.one) > 0 && n != 1 {
		faults = append(faults, fmt.Sprintf("instance failed to match exactly one schema (matched %d out of %d)", n, len(s.one)))
	}
	if s.not != nil && len(s.not.faults(value)) == 0 {
		faults = append(faults, "instance matched a schema which it should not have")
	}
	return faults
}

func fitting(schemas []*Schema, value any) int {
	n := 0
	for _, s := range schemas {
		if len(s.faults(value)) == 0 {
			n++
		}
	}
	return n
}

// same compares values of a template and of a request, whose numbers are of
// different kinds.
func same(a, b any) bool {
	x, okX := numeric(a)
	y, okY := numeric(b)
	if okX || okY {
		return okX && okY && x == y
	}
	return write(a) == write(b)
}

func write(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return "?"
	}
	return string(text)
}

func quoted(names []string) string {
	sorted := slices.Sorted(slices.Values(names))
	return write(sorted)
}
