// Package jsonschema holds JSON values against schemas of JSON Schema draft 4,
// the draft of API Gateway's models: types, enumerations, the limits of texts,
// numbers and lists, properties, and the combinations of schemas. A keyword that
// it does not know is an error, never ignored. It refuses to fetch anything: what
// a $ref means is the caller's business.
// https://datatracker.ietf.org/doc/html/draft-fge-json-schema-validation-00
package jsonschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
)

// maxDepth bounds schemas inside schemas, and references to them.
const maxDepth = 64

// Schema is a compiled schema. Its zero value takes every value.
type Schema struct {
	types      []string
	values     []any
	isEnum     bool
	properties map[string]*Schema
	// extra holds for properties that are not named; closed refuses them.
	extra    *Schema
	closed   bool
	required []string
	item     *Schema
	pattern  *regexp.Regexp

	minimum, maximum                   *float64
	exclusiveMinimum, exclusiveMaximum bool
	lengths, items, members            bounds
	unique                             bool

	all, any, one []*Schema
	not           *Schema
}

// bounds are the least and the most that are allowed, nil for no limit.
type bounds struct{ least, most *int }

// Resolver returns the schema that a $ref names.
type Resolver func(ref string) (any, error)

// Compile reads a schema from a tree of JSON values. An error says which keyword
// is unknown or malformed, and where.
func Compile(document any, resolve Resolver) (*Schema, error) {
	c := compiler{resolve: resolve}
	return c.schema("$", document)
}

type compiler struct {
	resolve Resolver
	depth   int
}

func (c *compiler) schema(path string, document any) (*Schema, error) {
	if c.depth++; c.depth > maxDepth {
		return nil, fmt.Errorf("%s: more than %d schemas inside one another", path, maxDepth)
	}
	defer func() { c.depth-- }()
	tree, ok := document.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: a schema is an object", path)
	}
	if ref, ok := tree["$ref"].(string); ok {
		if c.resolve == nil {
			return nil, fmt.Errorf("%s: $ref %s leads nowhere", path, ref)
		}
		target, err := c.resolve(ref)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return c.schema(path, target)
	}
	s := &Schema{}
	for _, keyword := range slices.Sorted(maps.Keys(tree)) {
		if err := c.keyword(s, path+"."+keyword, keyword, tree[keyword]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// malformedError is that of a keyword whose value is of the wrong kind.
type malformedError struct{}

func (malformedError) Error() string { return "malformed" }

// keyword reads one keyword into the schema.
func (c *compiler) keyword(s *Schema, path, keyword string, value any) error {
	var err error
	switch keyword {
	case "$schema", "id", "title", "description", "default", "definitions", "format", "example":
		return nil
	case "type":
		s.types, err = typeNames(value)
	case "enum":
		s.isEnum = true
		s.values, err = list(value)
	case "required":
		s.required, err = texts(value)
	case "pattern":
		s.pattern, err = expression(value)
	case "properties":
		s.properties, err = c.named(path, value)
	case "additionalProperties":
		if allowed, ok := value.(bool); ok {
			s.closed = !allowed
			return nil
		}
		s.extra, err = c.schema(path, value)
	case "items":
		s.item, err = c.schema(path, value)
	case "not":
		s.not, err = c.schema(path, value)
	case "allOf":
		s.all, err = c.several(path, value)
	case "anyOf":
		s.any, err = c.several(path, value)
	case "oneOf":
		s.one, err = c.several(path, value)
	case "uniqueItems":
		s.unique, err = flag(value)
	default:
		if err = s.limit(keyword, value); err != nil && !errors.As(err, &malformedError{}) {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if errors.As(err, &malformedError{}) {
		return fmt.Errorf("%s: %v is not legal", path, value)
	}
	return err
}

// limit reads a keyword that bounds a number, a length or a count.
func (s *Schema) limit(keyword string, value any) error {
	var err error
	switch keyword {
	case "minimum":
		s.minimum, err = number(value)
	case "maximum":
		s.maximum, err = number(value)
	case "exclusiveMinimum":
		s.exclusiveMinimum, err = flag(value)
	case "exclusiveMaximum":
		s.exclusiveMaximum, err = flag(value)
	case "minLength":
		s.lengths.least, err = count(value)
	case "maxLength":
		s.lengths.most, err = count(value)
	case "minItems":
		s.items.least, err = count(value)
	case "maxItems":
		s.items.most, err = count(value)
	case "minProperties":
		s.members.least, err = count(value)
	case "maxProperties":
		s.members.most, err = count(value)
	default:
		return errors.New("the keyword is not known")
	}
	return err
}

func number(value any) (*float64, error) {
	n, ok := numeric(value)
	if !ok {
		return nil, malformedError{}
	}
	return &n, nil
}

func count(value any) (*int, error) {
	n, ok := numeric(value)
	if !ok || n < 0 || n != math.Trunc(n) || n > math.MaxInt32 {
		return nil, malformedError{}
	}
	whole := int(n)
	return &whole, nil
}

func (c *compiler) named(path string, value any) (map[string]*Schema, error) {
	tree, ok := value.(map[string]any)
	if !ok {
		return nil, malformedError{}
	}
	schemas := map[string]*Schema{}
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		var err error
		if schemas[name], err = c.schema(path+"."+name, tree[name]); err != nil {
			return nil, err
		}
	}
	return schemas, nil
}

func (c *compiler) several(path string, value any) ([]*Schema, error) {
	items, err := list(value)
	schemas := make([]*Schema, len(items))
	for i := 0; i < len(items) && err == nil; i++ {
		schemas[i], err = c.schema(fmt.Sprintf("%s[%d]", path, i), items[i])
	}
	return schemas, err
}

func list(value any) ([]any, error) {
	items, ok := value.([]any)
	if !ok || len(items) == 0 {
		return nil, malformedError{}
	}
	return items, nil
}

func texts(value any) ([]string, error) {
	items, err := list(value)
	all := make([]string, len(items))
	for i, item := range items {
		text, ok := item.(string)
		if !ok {
			return nil, malformedError{}
		}
		all[i] = text
	}
	return all, err
}

func typeNames(value any) ([]string, error) {
	if name, ok := value.(string); ok {
		value = []any{name}
	}
	names, err := texts(value)
	for _, name := range names {
		if !slices.Contains([]string{"array", "boolean", "integer", "null", "number", "object", "string"}, name) {
			return nil, malformedError{}
		}
	}
	return names, err
}

func expression(value any) (*regexp.Regexp, error) {
	text, ok := value.(string)
	if !ok {
		return nil, malformedError{}
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, malformedError{}
	}
	return compiled, nil
}

func flag(value any) (bool, error) {
	given, ok := value.(bool)
	if !ok {
		return false, malformedError{}
	}
	return given, nil
}

// numeric is a number of any of the kinds that trees hold.
func numeric(value any) (float64, bool) {
	switch n := value.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}
