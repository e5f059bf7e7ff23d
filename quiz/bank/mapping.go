package bank

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"claimcheck/sim/source"
)

// mapping is a YAML mapping with a fixed set of keys. Its methods return the
// zero value for an absent key, which newMapping has reported when it must be
// there.
type mapping struct {
	at     source.Position
	fields map[string]source.Node
	// keys are the places of the keys, nil when the value is no mapping.
	keys     map[string]source.Position
	problems *source.Problems
}

func newMapping(n source.Node, problems *source.Problems, required, optional []string) mapping {
	m := mapping{at: n.At(), problems: problems, fields: n.Fields(problems, required, optional)}
	if n.YAML.Kind != yaml.MappingNode {
		return m
	}
	m.keys = map[string]source.Position{}
	for _, e := range n.Entries(problems) {
		m.keys[e.Key] = e.KeyAt
	}
	return m
}

func (m mapping) has(key string) bool {
	_, ok := m.fields[key]
	return ok
}

// require reports a key that is missing for a reason the set of keys alone does
// not give.
func (m mapping) require(key, because string) {
	if m.keys != nil && !m.has(key) {
		m.problems.Add(m.at, "key %q is missing: %s", key, because)
	}
}

// forbid reports a key that other values of the mapping rule out.
func (m mapping) forbid(key, because string) {
	if m.has(key) {
		m.problems.Add(m.keys[key], "key %q cannot stand here: %s", key, because)
	}
}

// text returns a text of one or more lines, at most limit characters long; a
// limit of 0 is none.
func (m mapping) text(key string, limit int) string {
	n, ok := m.fields[key]
	if !ok {
		return ""
	}
	text, ok := plainText(n, m.problems)
	if count := utf8.RuneCountInString(text); ok && limit > 0 && count > limit {
		m.problems.Add(n.At(), "%s has %d characters: at most %d were expected, shorten it", key, count, limit)
	}
	return text
}

// line returns a text of one line, limited like text.
func (m mapping) line(key string, limit int) string {
	text := m.text(key, limit)
	if strings.Contains(text, "\n") {
		m.problems.Add(m.fields[key].At(), "%s has several lines: one was expected, join them", key)
	}
	return text
}

// name returns an identifier in kebab-case.
func (m mapping) name(key string) string {
	n, ok := m.fields[key]
	if !ok {
		return ""
	}
	return nameIn(n, m.problems)
}

// oneOf returns one of the given words.
func (m mapping) oneOf(key string, words []string) string {
	n, ok := m.fields[key]
	if !ok {
		return ""
	}
	word, ok := plainText(n, m.problems)
	if ok && !slices.Contains(words, word) {
		m.problems.Add(n.At(), "%s %q is not one of %s", key, word, strings.Join(words, ", "))
	}
	return word
}

// mapping returns a value that is a mapping itself, and the zero Node for any
// other.
func (m mapping) mapping(key string) source.Node {
	n, ok := m.fields[key]
	if !ok {
		return source.Node{}
	}
	if n.YAML.Kind != yaml.MappingNode {
		m.problems.Add(n.At(), "a mapping was expected, found %s", n.Shape())
		return source.Node{}
	}
	return n
}

// list returns what read makes of each element of a list, which has at least
// one and none twice.
func (m mapping) list(key string, read func(source.Node, *source.Problems) string) []string {
	n, ok := m.fields[key]
	if !ok {
		return nil
	}
	before := len(*m.problems)
	var values []string
	for _, item := range n.Items(m.problems) {
		value := read(item, m.problems)
		if value != "" && slices.Contains(values, value) {
			m.problems.Add(item.At(), "%q stands twice in %s: drop one", value, key)
		}
		values = append(values, value)
	}
	if len(values) == 0 && len(*m.problems) == before {
		m.problems.Add(n.At(), "%s is empty: at least one element was expected", key)
	}
	return values
}

// plainText returns a text without the space around it, and whether it is one
// that can be shown: not empty, and only characters that a terminal prints.
func plainText(n source.Node, problems *source.Problems) (string, bool) {
	before := len(*problems)
	text := strings.TrimSpace(n.Text(problems))
	if len(*problems) > before {
		return "", false
	}
	unprintable := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) })
	switch tag := n.YAML.Tag; {
	case tag == "!!int" || tag == "!!float" || tag == "!!bool":
		problems.Add(n.At(), "text was expected, found %s: put it in quotes", n.Shape())
	case tag != "!!str" && tag != "!!timestamp":
		problems.Add(n.At(), "text was expected, found the tag %s: remove it", tag)
	case text == "":
		problems.Add(n.At(), "text was expected, found an empty one")
	case unprintable >= 0:
		r, _ := utf8.DecodeRuneInString(text[unprintable:])
		problems.Add(n.At(), "the text holds %U, which cannot be shown: remove it, or write spaces for tabs", r)
	}
	return text, len(*problems) == before
}

// nameIn returns an identifier in kebab-case.
func nameIn(n source.Node, problems *source.Problems) string {
	text, ok := plainText(n, problems)
	if !ok {
		return ""
	}
	checkName(text, n.At(), problems)
	return text
}

func checkName(text string, at source.Position, problems *source.Problems) {
	if !isName(text) {
		problems.Add(at, "a name in kebab-case was expected, such as refresh-token, found %q", text)
	}
}

// isName reports whether a text is lower-case letters and digits in parts
// joined by single hyphens.
func isName(text string) bool {
	for part := range strings.SplitSeq(text, "-") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// isRuleID reports whether a text has the shape of a rule id: names joined by
// dots, the service first.
func isRuleID(text string) bool {
	parts := strings.Split(text, ".")
	return len(parts) >= 2 && !slices.ContainsFunc(parts, func(part string) bool { return !isName(part) })
}

// link returns an https URL.
func link(n source.Node, problems *source.Problems) string {
	text, ok := plainText(n, problems)
	if !ok {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.ContainsAny(text, " \n") {
		problems.Add(n.At(), "an https:// URL was expected, found %q", text)
	}
	return text
}
