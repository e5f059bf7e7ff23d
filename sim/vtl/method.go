package vtl

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// method runs a Java method of a text, a list, a map or a number. One that the
// package does not know is an error and not nothing, because Java might have it.
func (c call) method(value any, arguments []any) (any, error) {
	result, known := any(nil), false
	switch v := value.(type) {
	case string:
		if grows(v, arguments) {
			return nil, c.wrong("%s: a text could grow larger than %d bytes", c.name, maxOutput)
		}
		result, known = stringMethod(v, c.name, arguments)
		if !known {
			return c.pattern(v, arguments)
		}
	case *List:
		result, known = v.method(c.name, arguments)
	case *Map:
		result, known = v.method(c.name, arguments)
	}
	if known {
		return result, nil
	}
	switch {
	case c.name == "toString" && len(arguments) == 0:
		return Text(value), nil
	case c.name == "equals" && len(arguments) == 1:
		return same(value, arguments[0]), nil
	}
	return nil, c.unsimulated("the method %s with %d arguments", c.name, len(arguments))
}

// grows reports whether a method could make more of a text than a run may hold.
func grows(s string, arguments []any) bool {
	longest := 0
	for _, argument := range arguments {
		if t, ok := argument.(string); ok {
			longest = max(longest, len(t))
		}
	}
	return len(s)+1 > maxOutput/(longest+1)
}

// texts returns the arguments if they are all texts.
func texts(arguments []any, n int) ([]string, bool) {
	if len(arguments) != n {
		return nil, false
	}
	all := make([]string, n)
	for i, argument := range arguments {
		s, ok := argument.(string)
		if !ok {
			return nil, false
		}
		all[i] = s
	}
	return all, true
}

// stringMethod is java.lang.String, as far as it needs no regular expression.
// Positions count characters, Java's count UTF-16 units.
func stringMethod(s, name string, arguments []any) (any, bool) {
	switch name {
	case "length", "isEmpty", "trim", "toUpperCase", "toLowerCase", "toString":
		if len(arguments) > 0 {
			return nil, false
		}
	}
	switch name {
	case "length":
		return int64(utf8.RuneCountInString(s)), true
	case "isEmpty":
		return s == "", true
	case "trim":
		return strings.TrimSpace(s), true
	case "toUpperCase":
		return strings.ToUpper(s), true
	case "toLowerCase":
		return strings.ToLower(s), true
	case "toString":
		return s, true
	case "substring", "charAt":
		return cut(s, name, arguments)
	case "replace":
		if t, ok := texts(arguments, 2); ok {
			return strings.ReplaceAll(s, t[0], t[1]), true
		}
		return nil, false
	}
	t, ok := texts(arguments, 1)
	if !ok {
		return nil, false
	}
	return compared(s, name, t[0])
}

// compared is a method of a text that takes another text.
func compared(s, name, other string) (any, bool) {
	switch name {
	case "contains":
		return strings.Contains(s, other), true
	case "startsWith":
		return strings.HasPrefix(s, other), true
	case "endsWith":
		return strings.HasSuffix(s, other), true
	case "equals":
		return s == other, true
	case "equalsIgnoreCase":
		return strings.EqualFold(s, other), true
	case "indexOf":
		return characters(s, strings.Index(s, other)), true
	case "lastIndexOf":
		return characters(s, strings.LastIndex(s, other)), true
	case "concat":
		return s + other, true
	}
	return nil, false
}

// characters counts those before an offset; -1 stays.
func characters(s string, offset int) int64 {
	if offset < 0 {
		return -1
	}
	return int64(utf8.RuneCountInString(s[:offset]))
}

// cut is substring(from), substring(from, to) and charAt(i). A position outside
// the text, an exception in Java, gives nothing.
func cut(s, name string, arguments []any) (any, bool) {
	all := []rune(s)
	bounds := []int64{0, int64(len(all))}
	if len(arguments) == 0 || len(arguments) > 2 {
		return nil, false
	}
	for i, argument := range arguments {
		n, ok := argument.(int64)
		if !ok {
			return nil, false
		}
		bounds[i] = n
	}
	if name == "charAt" {
		bounds[1] = bounds[0] + 1
	}
	if bounds[0] < 0 || bounds[1] < bounds[0] || bounds[1] > int64(len(all)) {
		return nil, true
	}
	return string(all[bounds[0]:bounds[1]]), true
}

// pattern is matches, replaceAll, replaceFirst and split, whose first argument
// is a regular expression.
func (c call) pattern(s string, arguments []any) (any, error) {
	wanted := map[string]int{"matches": 1, "split": 1, "replaceAll": 2, "replaceFirst": 2}[c.name]
	t, ok := texts(arguments, wanted)
	if wanted == 0 || !ok {
		return nil, c.unsimulated("the method %s of a text with these %d arguments", c.name, len(arguments))
	}
	expression, err := regexp.Compile(t[0])
	if err != nil {
		return nil, c.unsimulated("the regular expression %q", t[0])
	}
	switch c.name {
	case "matches":
		whole := expression.FindStringIndex(s)
		return whole != nil && whole[0] == 0 && whole[1] == len(s), nil
	case "split":
		return split(expression, s), nil
	case "replaceFirst":
		first := expression.FindStringSubmatchIndex(s)
		if first == nil {
			return s, nil
		}
		return s[:first[0]] + string(expression.ExpandString(nil, goReplacement(t[1]), s, first)) + s[first[1]:], nil
	}
	return expression.ReplaceAllString(s, goReplacement(t[1])), nil
}

// goReplacement writes a replacement of Java's, where $1 is a group and a
// backslash makes the next character plain, as Go's.
func goReplacement(java string) string {
	var b strings.Builder
	for i := 0; i < len(java); i++ {
		switch c := java[i]; {
		case c == '\\' && i+1 < len(java):
			i++
			if java[i] == '$' {
				b.WriteByte('$')
			}
			b.WriteByte(java[i])
		case c == '$' && i+1 < len(java) && java[i+1] >= '0' && java[i+1] <= '9':
			b.WriteString("${" + java[i+1:i+2] + "}")
			i++
		case c == '$':
			b.WriteString("$$")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// split leaves out empty texts at the end, as Java does.
func split(expression *regexp.Regexp, s string) *List {
	list := &List{}
	for _, part := range expression.Split(s, -1) {
		list.Items = append(list.Items, part)
	}
	for len(list.Items) > 1 && list.Items[len(list.Items)-1] == "" {
		list.Items = list.Items[:len(list.Items)-1]
	}
	return list
}

// method is java.util.List.
func (l *List) method(name string, arguments []any) (any, bool) {
	switch {
	case name == "size" && len(arguments) == 0:
		return int64(len(l.Items)), true
	case name == "isEmpty" && len(arguments) == 0:
		return len(l.Items) == 0, true
	case len(arguments) != 1:
		return nil, false
	}
	argument := arguments[0]
	switch name {
	case "get":
		if i, ok := position(argument, len(l.Items)); ok {
			return l.Items[i], true
		}
		return nil, true
	case "add":
		l.Items = append(l.Items, argument)
		return true, true
	case "addAll":
		added := itemsOf(argument)
		l.Items = append(l.Items, added...)
		return len(added) > 0, true
	case "contains", "indexOf":
		for i, item := range l.Items {
			if same(item, argument) {
				return map[bool]any{true: true, false: int64(i)}[name == "contains"], true
			}
		}
		return map[bool]any{true: false, false: int64(-1)}[name == "contains"], true
	}
	return nil, false
}

// method is java.util.Map.
func (m *Map) method(name string, arguments []any) (any, bool) {
	switch len(arguments) {
	case 0:
		return m.plainMethod(name)
	case 2:
		if name != "put" {
			return nil, false
		}
		before := m.Get(Text(arguments[0]))
		m.Put(Text(arguments[0]), arguments[1])
		return before, true
	case 1:
		return m.keyMethod(name, arguments[0])
	}
	return nil, false
}

func (m *Map) plainMethod(name string) (any, bool) {
	list := &List{}
	switch name {
	case "size":
		return int64(len(m.keys)), true
	case "isEmpty":
		return len(m.keys) == 0, true
	case "keySet":
		for _, key := range m.keys {
			list.Items = append(list.Items, key)
		}
		return list, true
	case "values":
		list.Items = m.values()
		return list, true
	case "entrySet":
		for _, key := range m.keys {
			list.Items = append(list.Items, entry{key: key, value: m.of[key]})
		}
		return list, true
	}
	return nil, false
}

func (m *Map) keyMethod(name string, argument any) (any, bool) {
	key := Text(argument)
	switch name {
	case "get":
		return m.Get(key), true
	case "containsKey":
		_, ok := m.of[key]
		return ok, true
	case "remove":
		return m.remove(key), true
	case "putAll":
		if other, ok := argument.(*Map); ok {
			for _, k := range other.Keys() {
				m.Put(k, other.of[k])
			}
			return nil, true
		}
	}
	return nil, false
}

// entry is an entry of a map: $entry.key, $entry.getValue().
type entry struct {
	key   string
	value any
}

// Get returns the key or the value.
func (e entry) Get(name string) any {
	switch name {
	case "key":
		return e.key
	case "value":
		return e.value
	}
	return nil
}

// Call is getKey and getValue.
func (e entry) Call(method string, _ []any) (any, error) {
	switch method {
	case "getKey":
		return e.key, nil
	case "getValue":
		return e.value, nil
	}
	return nil, fmt.Errorf("an entry of a map has no such method")
}
