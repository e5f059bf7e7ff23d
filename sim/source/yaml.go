package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Node is one YAML value with the file it stands in.
type Node struct {
	File string
	YAML *yaml.Node

	// elsewhere names the files of values below that came from other files.
	elsewhere *origins
}

// origins are the files of values that do not stand in their parent's file.
type origins map[*yaml.Node]string

// Parse reads one YAML document. Its errors are Problems: syntax, an empty
// document, more than one document, a key that is not text, a duplicate key, an
// alias.
func Parse(file string, text []byte) (Node, error) {
	documents := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	if err := documents.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return Node{}, syntaxProblem(file, text, err)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return Node{}, Problems{{At: Position{File: file, Line: 1, Column: 1}, Message: "the file is empty: a mapping was expected"}}
	}
	root := Node{File: file, YAML: doc.Content[0]}
	var problems Problems
	checkTree(root, &problems)
	checkEnd(root, text, documents, &problems)
	return root, problems.Err()
}

// checkEnd reports whatever follows the first document.
func checkEnd(root Node, text []byte, documents *yaml.Decoder, problems *Problems) {
	var next yaml.Node
	err := documents.Decode(&next)
	switch {
	case errors.Is(err, io.EOF):
	case err != nil:
		*problems = append(*problems, syntaxProblem(root.File, text, err)...)
	default:
		problems.Add(Node{File: root.File, YAML: &next}.At(), "a second document begins here: one document in a file was expected")
	}
}

func syntaxProblem(file string, text []byte, err error) Problems {
	at := Position{File: file, Line: 1, Column: 1}
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, found := strings.CutPrefix(message, "line "); found {
		number, what, _ := strings.Cut(rest, ": ")
		if line, convErr := strconv.Atoi(number); convErr == nil {
			at.Line, message = line, what
		}
		if countsFromZero(message) {
			at.Line++
		}
		at.Line = min(at.Line, 1+bytes.Count(bytes.TrimRight(text, "\n"), []byte("\n")))
	}
	return Problems{{At: at, Message: "not YAML: " + message}}
}

// countsFromZero reports whether a message of yaml.v3 comes from its parser,
// whose lines count from 0, rather than from its scanner.
func countsFromZero(message string) bool {
	switch strings.TrimPrefix(message, "did not find expected ") {
	case "<document start>", "node content", "'-' indicator", "key", "',' or ']'", "',' or '}'":
		return true
	}
	return false
}

func checkTree(n Node, problems *Problems) {
	switch n.YAML.Kind {
	case yaml.AliasNode:
		problems.Add(n.At(), "alias *%s: write the value out, aliases are not supported", n.YAML.Value)
		return
	case yaml.MappingNode:
		checkDuplicates(n, problems)
	}
	for _, child := range n.YAML.Content {
		checkTree(n.child(child), problems)
	}
}

func checkDuplicates(n Node, problems *Problems) {
	first := map[string]int{}
	for i := 0; i+1 < len(n.YAML.Content); i += 2 {
		key := n.YAML.Content[i]
		if key.Kind != yaml.ScalarNode {
			problems.Add(n.child(key).At(), "a key must be text, found %s", n.child(key).Shape())
			continue
		}
		if line, ok := first[key.Value]; ok {
			problems.Add(n.child(key).At(), "key %q stands twice in one mapping: first on line %d", key.Value, line)
			continue
		}
		first[key.Value] = key.Line
	}
}

// At is where the value begins; of an absent value only the file is known.
func (n Node) At() Position {
	if n.YAML == nil {
		return Position{File: n.File}
	}
	return Position{File: n.File, Line: n.YAML.Line, Column: n.YAML.Column}
}

// child is a value below n, in n's file unless it came from another.
func (n Node) child(y *yaml.Node) Node {
	c := Node{File: n.File, YAML: y, elsewhere: n.elsewhere}
	if n.elsewhere != nil {
		if file, ok := (*n.elsewhere)[y]; ok {
			c.File = file
		}
	}
	return c
}

// With returns a mapping that stands where n stands and holds the given entries
// instead of its own. Every entry keeps its position, even in another file.
func (n Node) With(entries []Entry) Node {
	files := origins{}
	files.addAll(n.elsewhere)
	mapping := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	if n.YAML != nil {
		mapping.Tag, mapping.Style, mapping.Line, mapping.Column = n.YAML.Tag, n.YAML.Style, n.YAML.Line, n.YAML.Column
	}
	for _, e := range entries {
		key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: e.Key, Line: e.KeyAt.Line, Column: e.KeyAt.Column}
		mapping.Content = append(mapping.Content, key, e.Value.YAML)
		files.addAll(e.Value.elsewhere)
		files.add(key, e.KeyAt.File, n.File)
		files.add(e.Value.YAML, e.Value.File, n.File)
	}
	return Node{File: n.File, YAML: mapping, elsewhere: &files}
}

// add notes the file of a value whose parent stands in another.
func (o origins) add(y *yaml.Node, file, parent string) {
	if file != parent {
		o[y] = file
	}
}

func (o origins) addAll(others *origins) {
	if others == nil {
		return
	}
	for y, file := range *others {
		o[y] = file
	}
}

// IsNull reports whether the value is absent or written as null.
func (n Node) IsNull() bool {
	return n.YAML == nil || (n.YAML.Kind == yaml.ScalarNode && n.YAML.Tag == "!!null")
}

// Shape names what the value is: "a mapping", "a list", or the kind of scalar.
func (n Node) Shape() string {
	if n.YAML == nil {
		return "nothing"
	}
	switch n.YAML.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.YAML.Tag {
	case "!!int", "!!float":
		return "the number " + n.YAML.Value
	case "!!bool":
		return "the boolean " + n.YAML.Value
	case "!!null":
		return "nothing"
	}
	return fmt.Sprintf("the text %q", abbreviate(n.YAML.Value))
}

func abbreviate(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

// Entry is one key of a mapping with its value.
type Entry struct {
	Key   string
	KeyAt Position
	Value Node
}

// Entries returns a mapping's entries in order, or a problem when the value is
// not a mapping.
func (n Node) Entries(problems *Problems) []Entry {
	if n.YAML == nil || n.YAML.Kind != yaml.MappingNode {
		problems.Add(n.At(), "a mapping was expected, found %s", n.Shape())
		return nil
	}
	var entries []Entry
	for i := 0; i+1 < len(n.YAML.Content); i += 2 {
		key := n.YAML.Content[i]
		entries = append(entries, Entry{Key: key.Value, KeyAt: n.child(key).At(), Value: n.child(n.YAML.Content[i+1])})
	}
	return entries
}

// Fields returns a mapping's values by key. Keys outside known and missing
// required ones are problems; a key of required is also known.
func (n Node) Fields(problems *Problems, required, optional []string) map[string]Node {
	fields := map[string]Node{}
	known := append(append([]string(nil), required...), optional...)
	for _, e := range n.Entries(problems) {
		if !slices.Contains(known, e.Key) {
			problems.Add(e.KeyAt, "unknown key %q%s", e.Key, Suggest(e.Key, known))
			continue
		}
		fields[e.Key] = e.Value
	}
	if n.YAML == nil || n.YAML.Kind != yaml.MappingNode {
		return fields
	}
	for _, key := range required {
		if _, ok := fields[key]; !ok {
			problems.Add(n.At(), "key %q is missing", key)
		}
	}
	return fields
}

// Items returns a list's values in order, or a problem when the value is not a list.
func (n Node) Items(problems *Problems) []Node {
	if n.YAML == nil || n.YAML.Kind != yaml.SequenceNode {
		problems.Add(n.At(), "a list was expected, found %s", n.Shape())
		return nil
	}
	items := make([]Node, len(n.YAML.Content))
	for i, c := range n.YAML.Content {
		items[i] = n.child(c)
	}
	return items
}

// Text returns a scalar's exact text, or a problem when the value is a mapping,
// a list or empty.
func (n Node) Text(problems *Problems) string {
	if n.YAML == nil || n.YAML.Kind != yaml.ScalarNode || n.YAML.Tag == "!!null" {
		problems.Add(n.At(), "text was expected, found %s", n.Shape())
		return ""
	}
	return n.YAML.Value
}

// Bool returns a boolean, or a problem.
func (n Node) Bool(problems *Problems) bool {
	if n.YAML == nil || n.YAML.Kind != yaml.ScalarNode || n.YAML.Tag != "!!bool" {
		problems.Add(n.At(), "true or false was expected, found %s", n.Shape())
		return false
	}
	return isTrue(n.YAML)
}

// isTrue reads a boolean in one of the spellings that YAML has: true, True, TRUE.
func isTrue(y *yaml.Node) bool { return strings.EqualFold(y.Value, "true") }

// Tree turns the value into maps, lists, strings, bools, nil and float64, so
// that no text is reinterpreted: 2012-10-17 stays text, and a number whose
// digits would change, such as 0123 or 1.50, stays the text that was written.
func (n Node) Tree() any {
	if n.YAML == nil {
		return nil
	}
	switch n.YAML.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.YAML.Content)/2)
		for i := 0; i+1 < len(n.YAML.Content); i += 2 {
			m[n.YAML.Content[i].Value] = n.child(n.YAML.Content[i+1]).Tree()
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.YAML.Content))
		for i, c := range n.YAML.Content {
			list[i] = n.child(c).Tree()
		}
		return list
	}
	return scalar(n.YAML)
}

func scalar(y *yaml.Node) any {
	switch y.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return isTrue(y)
	case "!!int", "!!float":
		f, err := strconv.ParseFloat(y.Value, 64)
		if err == nil && strconv.FormatFloat(f, 'f', -1, 64) == y.Value {
			return f
		}
	}
	return y.Value
}

// Suggest returns ": did you mean …?" when one of the known words is close to
// the given one, and the known words otherwise when they are few.
func Suggest(word string, known []string) string {
	best, bestDistance := "", min(3, len(word))
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	if best != "" {
		return fmt.Sprintf(": did you mean %q?", best)
	}
	if len(known) > 0 && len(known) <= 12 {
		return ": known are " + strings.Join(known, ", ")
	}
	return ""
}

func distance(a, b string) int {
	previous := make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current := make([]int, len(b)+1)
		current[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
		}
		previous = current
	}
	return previous[len(b)]
}
