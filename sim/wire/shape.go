package wire

import (
	"reflect"
	"strconv"
	"strings"

	"claimcheck/sim/api"
)

// member is a field of a structure that travels, under AWS's name for it.
type member struct {
	name string
	of   reflect.Type
	// place is where a REST protocol puts it, "" for the body or the path, and
	// key the name it has there.
	place, key string
}

// members are those of a struct type in the order of its fields, with those of
// embedded structs. A type that is no structure has none.
func members(t reflect.Type) []member {
	if t = solid(t); t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	var list []member
	for _, field := range reflect.VisibleFields(t) {
		if !field.IsExported() || field.Anonymous {
			continue
		}
		m := member{name: nameOf(field), of: field.Type}
		m.place, m.key, _ = strings.Cut(field.Tag.Get("http"), "=")
		list = append(list, m)
	}
	return list
}

// nameOf is AWS's name of a field: inputs give one that Go cannot spell in the
// aws tag, outputs in the json tag.
func nameOf(field reflect.StructField) string {
	for _, rule := range strings.Split(field.Tag.Get("aws"), ",") {
		if name, ok := strings.CutPrefix(rule, "name="); ok {
			return name
		}
	}
	if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
		return name
	}
	return field.Name
}

// solid is a type without the pointers around it, nil for none.
func solid(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func kind(t reflect.Type) reflect.Kind {
	if t = solid(t); t == nil {
		return reflect.Invalid
	}
	return t.Kind()
}

func isTimestamp(t reflect.Type) bool { return solid(t) == reflect.TypeFor[api.Timestamp]() }

// fromText is a scalar as its type wants it in a tree. Text that is no such
// scalar stays text, for the operation's decoder to refuse.
func fromText(text string, t reflect.Type) any {
	switch kind(t) {
	case reflect.Bool:
		if text == "true" || text == "false" {
			return text == "true"
		}
	case reflect.Int, reflect.Int64, reflect.Float64:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	}
	return text
}

// toText writes a scalar of a tree; layout is how timestamps are written. What
// is no scalar has no text.
func toText(value any, t reflect.Type, layout string) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return toText(float64(v), t, layout)
	case float64:
		if isTimestamp(t) {
			return api.Timestamp(v).Time().Format(layout), true
		}
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

// The ways to write a timestamp.
const (
	isoSeconds = "2006-01-02T15:04:05Z"
	isoMillis  = "2006-01-02T15:04:05.000Z"
	httpDate   = "Mon, 02 Jan 2006 15:04:05 GMT"
)
