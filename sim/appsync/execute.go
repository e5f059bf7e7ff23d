package appsync

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// execute is phases 6 and 7. It returns the response's data, nil when a null went
// all the way up.
func (c *call) execute() (*object, error) {
	types := c.api.schema.types
	root := types.Query
	if c.document.operation.Operation == ast.Mutation {
		root = types.Mutation
	}
	fields := c.collect(root, c.document.operation.SelectionSet)
	if err := c.authorizeSigned(fields); err != nil {
		return nil, err
	}
	data, ok, err := c.object(fields, nil, nil)
	if err != nil || !ok {
		return nil, err
	}
	return data, nil
}

// object answers the fields of an object one after the other. ok is false when a
// field that must not be null is: then the object is null.
func (c *call) object(fields []*field, source any, path []any) (o *object, ok bool, err error) {
	o = &object{}
	for _, f := range fields {
		at := slices.Concat(path, []any{f.response})
		value, ok, err := c.field(f, source, at)
		if err != nil || !ok {
			return nil, ok, err
		}
		o.set(f.response, value)
	}
	return o, true, nil
}

// field answers one field: it is admitted, resolved and fitted to its type. ok is
// false when it is null and must not be.
func (c *call) field(f *field, source any, path []any) (value any, ok bool, err error) {
	if f.name == "__typename" {
		return f.parent.Name, true, nil
	}
	if strings.HasPrefix(f.name, "__") {
		if value, err = c.introspect(f); err != nil {
			return nil, false, err
		}
		return c.complete(f, f.definition.Type, value, path)
	}
	if !c.admitted(f) {
		c.fail(f, path, fieldError{errorType: "Unauthorized", message: "Not Authorized to access " + f.name + " on type " + f.parent.Name})
		return nil, !f.definition.Type.NonNull, nil
	}
	before := len(c.entries)
	value, err = c.resolve(f, source, path)
	if err != nil {
		return nil, false, err
	}
	if value == nil && len(c.entries) > before {
		return nil, !f.definition.Type.NonNull, nil
	}
	return c.complete(f, f.definition.Type, value, path)
}

// admitted is admit, asked and recorded once for each field of a type. Whoever is
// let in may read the schema, where it may be read at all.
func (c *call) admitted(f *field) bool {
	if strings.HasPrefix(f.parent.Name, "__") {
		return true
	}
	key := f.parent.Name + "." + f.name
	if verdict, known := c.verdicts[key]; known {
		return verdict
	}
	if c.verdicts == nil {
		c.verdicts = map[string]bool{}
	}
	c.verdicts[key] = c.admit(f)
	return c.verdicts[key]
}

// fieldError is what went wrong with a field. errorType is "" for util.error
// without one.
type fieldError struct {
	errorType, message string
	data, info         any
}

// Error is the message.
func (e fieldError) Error() string { return e.message }

// fail adds an entry to the response's errors.
func (c *call) fail(f *field, path []any, e fieldError) {
	c.entries = append(c.entries, entry{path: path, at: f.at, message: e.message, failed: &e})
}

// misfit adds an entry for a value that does not fit its type: AppSync gives it
// no type and no place.
func (c *call) misfit(path []any, format string, args ...any) {
	c.entries = append(c.entries, entry{path: path, message: fmt.Sprintf(format, args...)})
}

// pathText is a path as AppSync's messages write it: /orders/0/id as
// /orders[0]/id.
func pathText(path []any) string {
	var b strings.Builder
	for _, step := range path {
		if name, ok := step.(string); ok {
			b.WriteString("/" + name)
			continue
		}
		fmt.Fprintf(&b, "[%v]", step)
	}
	return b.String()
}
