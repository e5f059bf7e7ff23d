package cognitoidp

import (
	"maps"
	"slices"
	"strings"
)

// attribute is one attribute of a user, as the API lists it.
type attribute struct {
	Name  string `aws:"required"`
	Value string
}

// values turns a list of attributes into a map. Of a name that stands twice the
// last counts.
func values(list []attribute) map[string]string {
	m := make(map[string]string, len(list))
	for _, a := range list {
		m[a.Name] = a.Value
	}
	return m
}

// attributesOf lists attributes as the API does, sub first.
func attributesOf(m map[string]string, include func(name string) bool) []attribute {
	list := []attribute{{Name: "sub", Value: m["sub"]}}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name != "sub" && include(name) {
			list = append(list, attribute{Name: name, Value: m[name]})
		}
	}
	return list
}

func presence(value string) string {
	if value == "" {
		return "missing"
	}
	return "present"
}

// phrase lists names for a trace: the first few, and how many more.
func phrase(names []string, none string) string {
	const most = 3
	switch {
	case len(names) == 0:
		return none
	case len(names) <= most:
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + ", …"
}
