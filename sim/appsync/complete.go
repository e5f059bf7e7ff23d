package appsync

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// complete fits a resolved value to a type. ok is false when it is null and must
// not be; then the object around it is null.
// https://spec.graphql.org/October2021/#CompleteValue()
func (c *call) complete(f *field, t *ast.Type, value any, path []any) (completed any, ok bool, err error) {
	before := len(c.entries)
	completed, ok, err = c.completeNullable(f, t, value, path)
	if err != nil || !t.NonNull {
		return completed, true, err
	}
	if ok && completed == nil && len(c.entries) == before {
		c.misfit(path, "Cannot return null for non-nullable type: '%s' within parent '%s' (%s)", t.Name(), f.parent.Name, pathText(path))
	}
	return completed, ok && completed != nil, nil
}

// completeNullable is complete without a look at NonNull; ok is false when the
// value became null because of something inside it.
func (c *call) completeNullable(f *field, t *ast.Type, value any, path []any) (any, bool, error) {
	if value == nil {
		return nil, true, nil
	}
	if t.Elem != nil {
		return c.completeList(f, t, value, path)
	}
	definition := c.api.schema.types.Types[t.NamedType]
	switch {
	case definition.IsLeafType():
		leaf, fits := serialize(definition, value)
		if !fits {
			c.misfit(path, "Can't serialize value (%s) : Expected type '%s' but was '%s'.", pathText(path), definition.Name, javaType(value))
			return nil, false, nil
		}
		return leaf, true, nil
	case definition.IsAbstractType():
		concrete, err := c.concrete(definition, value)
		if err != nil {
			return nil, false, err
		}
		definition = concrete
	}
	_, isMap := value.(map[string]any)
	if _, isSchema := value.(described); !isMap && !isSchema {
		c.misfit(path, "Can't resolve value (%s) : type mismatch error, expected type OBJECT", pathText(path))
		return nil, false, nil
	}
	o, ok, err := c.object(c.collect(definition, f.selections), value, path)
	if err != nil || !ok {
		return nil, false, err
	}
	return o, true, nil
}

func (c *call) completeList(f *field, t *ast.Type, value any, path []any) (any, bool, error) {
	items, isList := value.([]any)
	if !isList {
		c.misfit(path, "Can't resolve value (%s) : type mismatch error, expected type LIST", pathText(path))
		return nil, false, nil
	}
	completed := make([]any, len(items))
	for i, item := range items {
		one, ok, err := c.complete(f, t.Elem, item, slices.Concat(path, []any{i}))
		if err != nil || !ok {
			return nil, ok, err
		}
		completed[i] = one
	}
	return completed, true, nil
}

// concrete is the object type behind an interface or union: the resolver says so
// in __typename.
func (c *call) concrete(definition *ast.Definition, value any) (*ast.Definition, error) {
	members, _ := value.(map[string]any)
	name, _ := members["__typename"].(string)
	for _, possible := range c.api.schema.types.GetPossibleTypes(definition) {
		if possible.Name == name {
			return possible, nil
		}
	}
	return nil, fmt.Errorf("a value of %s has no __typename of one of its types (found %q): the resolver has to give one", definition.Name, name)
}

// serialize writes a leaf as its scalar asks; fits is false for a value of
// another type.
func serialize(definition *ast.Definition, value any) (leaf any, fits bool) {
	switch definition.Name {
	case "Int", "AWSTimestamp":
		n, ok := value.(float64)
		return n, ok && n == math.Trunc(n)
	case "Float":
		n, ok := value.(float64)
		return n, ok
	case "Boolean":
		b, ok := value.(bool)
		return b, ok
	case "AWSJSON":
		text, err := json.Marshal(value)
		if s, isText := value.(string); isText {
			return s, true
		}
		return string(text), err == nil
	}
	switch v := value.(type) {
	case string:
		return v, definition.Kind != ast.Enum || definition.EnumValues.ForName(v) != nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), definition.Kind != ast.Enum
	case bool:
		return strconv.FormatBool(v), definition.Kind != ast.Enum
	}
	return nil, false
}

// javaType names a value's type as AppSync's messages do.
func javaType(value any) string {
	switch value.(type) {
	case string:
		return "String"
	case bool:
		return "Boolean"
	case float64:
		return "Double"
	case []any:
		return "ArrayList"
	}
	return "LinkedHashMap"
}
