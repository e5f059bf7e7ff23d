package policy

import (
	"sort"
	"strings"
)

// Context holds the condition keys of a request. Key names are the same
// whatever their case; a key without values is a key that is not there.
type Context struct {
	values map[string][]string
}

// NewContext returns a context of the given keys. When two names differ only
// in case, the first in byte order counts.
func NewContext(keys map[string][]string) Context {
	names := make([]string, 0, len(keys))
	for name := range keys {
		names = append(names, name)
	}
	sort.Strings(names)
	c := Context{values: make(map[string][]string, len(keys))}
	for _, name := range names {
		lower := strings.ToLower(name)
		if _, twice := c.values[lower]; !twice {
			c.values[lower] = valid(keys[name])
		}
	}
	return c
}

// valid keeps the bytes that stand for wildcards out of values.
func valid(values []string) []string {
	clean := make([]string, len(values))
	for i, value := range values {
		clean[i] = strings.ToValidUTF8(value, "\uFFFD")
	}
	return clean
}

func (c *Context) get(lower string) []string { return c.values[lower] }

// single returns a key's value when it has exactly one: only such keys may be
// policy variables.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (c *Context) single(lower string) (string, bool) {
	values := c.values[lower]
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}
