package dynamodb

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// token is one word or sign of an expression.
type token string

// isName reports whether the token may name an attribute: a word, or a
// placeholder that begins with "#".
func (t token) isName() bool {
	return regexp.MustCompile(`^[#A-Za-z_][A-Za-z0-9_]*$`).MatchString(string(t))
}

// is compares words without regard to case.
func (t token) is(word string) bool { return strings.EqualFold(string(t), word) }

// tokenize splits an expression; ok is false when a character belongs nowhere.
func tokenize(expression string) (tokens []token, bad token, ok bool) {
	pattern := regexp.MustCompile(`^(\s+|[#:]?[A-Za-z0-9_]+|<>|<=|>=|[=<>(),.+\-\[\]])`)
	for rest := expression; rest != ""; {
		match := pattern.FindString(rest)
		if match == "" {
			return nil, token(rest[:1]), false
		}
		if strings.TrimSpace(match) != "" {
			tokens = append(tokens, token(match))
		}
		rest = rest[len(match):]
	}
	return tokens, "", true
}

// placeholders are the names and values that expressions may refer to.
type placeholders struct {
	names  map[string]string
	values map[string]value
	// used are those that an expression has referred to.
	used map[string]bool
}

// parsePlaceholders reads ExpressionAttributeNames and -Values.
func parsePlaceholders(names map[string]string, values map[string]any) (*placeholders, error) {
	p := &placeholders{names: names, values: map[string]value{}, used: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v, err := parseValue(values[name])
		if err != nil {
			return nil, err
		}
		p.values[name] = v
	}
	return p, nil
}

// unused refuses placeholders that no expression refers to.
func (p *placeholders) unused() error {
	for _, name := range slices.Sorted(maps.Keys(p.names)) {
		if !p.used[name] {
			return validation("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		if !p.used[name] {
			return validation("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", name)
		}
	}
	return nil
}

// parser reads one expression. Its first fault sticks, and every method then
// does nothing: the fault is looked at once, at the end.
type parser struct {
	// member is the input member that holds the expression, for messages.
	member string
	tokens []token
	at     int
	given  *placeholders
	err    error
}

func newParser(member, expression string, given *placeholders) *parser {
	p := &parser{member: member, given: given}
	if strings.TrimSpace(expression) == "" {
		p.fail("The expression can not be empty;")
		return p
	}
	tokens, bad, ok := tokenize(expression)
	if !ok {
		p.fail(`Syntax error; token: "` + string(bad) + `", near: "` + string(bad) + `"`)
	}
	p.tokens = tokens
	return p
}

func (p *parser) fail(reason string) {
	if p.err == nil {
		p.err = validation("Invalid %s: %s", p.member, reason)
	}
}

// unexpected is the fault of a token that cannot stand where it does.
func (p *parser) unexpected() {
	near := p.tokens[max(0, min(p.at-1, len(p.tokens))):min(len(p.tokens), p.at+2)]
	words := make([]string, len(near))
	for i, t := range near {
		words[i] = string(t)
	}
	found := p.peek()
	if found == "" {
		found = "<EOF>"
	}
	p.fail(`Syntax error; token: "` + string(found) + `", near: "` + strings.Join(words, " ") + `"`)
}

// peek is the next token, "" at the end and after a fault.
func (p *parser) peek() token {
	if p.err != nil || p.at >= len(p.tokens) {
		return ""
	}
	return p.tokens[p.at]
}

func (p *parser) next() token {
	t := p.peek()
	if t != "" {
		p.at++
	}
	return t
}

// accept takes the next token when it is the given word.
func (p *parser) accept(word string) bool {
	if p.peek() != "" && p.peek().is(word) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(word string) {
	if !p.accept(word) {
		p.unexpected()
	}
}

// end returns the fault, which may be that something is left over.
func (p *parser) end() error {
	if p.peek() != "" {
		p.unexpected()
	}
	return p.err
}

// step is one part of a document path: a name, or an index when name is "".
type step struct {
	name  string
	index int
}

// path leads to an attribute or into it.
type path []step

// path reads NAME, NAME.NAME and NAME[0], with placeholders.
func (p *parser) path() path {
	steps := path{{name: p.name()}}
	for p.err == nil {
		switch {
		case p.accept("."):
			steps = append(steps, step{name: p.name()})
		case p.accept("["):
			steps = append(steps, step{index: p.index()})
			p.expect("]")
		default:
			return steps
		}
	}
	return steps
}

func (p *parser) name() string {
	t := p.peek()
	switch {
	case !t.isName():
		p.unexpected()
	case strings.HasPrefix(string(t), "#"):
		name, ok := p.given.names[string(t)]
		if !ok {
			p.fail("An expression attribute name used in the document path is not defined; attribute name: " + string(t))
		}
		p.given.used[string(t)] = true
		p.next()
		return name
	case isReserved(string(t)):
		p.fail("Attribute name is a reserved keyword; reserved keyword: " + string(t))
	}
	return string(p.next())
}

func (p *parser) index() int {
	t := p.next()
	n := 0
	for _, digit := range t {
		if digit < '0' || digit > '9' || n > 1<<20 {
			p.unexpected()
			return 0
		}
		n = n*10 + int(digit-'0')
	}
	if t == "" {
		p.unexpected()
	}
	return n
}

// placeholder reads ":name" and gives its value.
func (p *parser) placeholder() value {
	t := p.next()
	v, ok := p.given.values[string(t)]
	if !ok {
		p.fail("An expression attribute value used in expression is not defined; attribute value: " + string(t))
	}
	p.given.used[string(t)] = true
	return v
}

func (p *parser) atPlaceholder() bool { return strings.HasPrefix(string(p.peek()), ":") }

// in finds what the path leads to.
func (s path) in(it item) (value, bool) {
	v, ok := it[s[0].name]
	for _, next := range s[1:] {
		switch {
		case !ok:
			return value{}, false
		case next.name != "":
			if v.kind != document {
				return value{}, false
			}
			v, ok = v.fields[next.name]
		default:
			if v.kind != list || next.index >= len(v.items) {
				return value{}, false
			}
			v = v.items[next.index]
		}
	}
	return v, ok
}
