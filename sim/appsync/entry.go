package appsync

import (
	"bytes"
	"encoding/json"

	"github.com/vektah/gqlparser/v2/ast"
)

// entry is one entry of a response's errors.
type entry struct {
	// path leads to the field: response names and list indexes. It is nil for
	// errors of the document.
	path []any
	// at is where the document names the field.
	at      *ast.Position
	message string
	// failed is what a field's answer failed with, nil where AppSync gives only a
	// message.
	failed *fieldError
}

// tree is the entry in AppSync's shape.
// https://repost.aws/knowledge-center/aws-appsync-graphql-request-unauth-error
func (e entry) tree() *object {
	o := &object{}
	o.set("path", nil)
	if e.path != nil {
		o.set("path", e.path)
	}
	if e.failed != nil {
		o.set("data", e.failed.data)
		o.set("errorType", nil)
		if e.failed.errorType != "" {
			o.set("errorType", e.failed.errorType)
		}
		o.set("errorInfo", e.failed.info)
	}
	o.set("locations", nil)
	if e.at != nil {
		at := &object{}
		at.set("line", e.at.Line)
		at.set("column", e.at.Column)
		at.set("sourceName", nil)
		o.set("locations", []any{at})
	}
	o.set("message", e.message)
	return o
}

// object is a JSON object that keeps the order of its members: a response's is
// that of the query.
type object struct {
	names  []string
	values map[string]any
}

func (o *object) set(name string, value any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, has := o.values[name]; !has {
		o.names = append(o.names, name)
	}
	o.values[name] = value
}

// MarshalJSON writes the members in their order.
func (o *object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(o.values[name])
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
