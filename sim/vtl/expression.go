package vtl

import (
	"strconv"
	"strings"
)

// expression is what can stand in a directive or an argument.
type expression interface {
	value(r *run) (any, error)
}

type (
	literal struct{ of any }
	// interpolated is a text in double quotes.
	interpolated struct{ body []node }
	listing      struct{ items []expression }
	span         struct {
		place
		from, to expression
	}
	mapping struct{ keys, values []expression }
	unary   struct {
		place
		operator string
		of       expression
	}
	binary struct {
		place
		operator    string
		left, right expression
	}
	// reference is $name with the steps that follow it.
	reference struct {
		place
		name  string
		steps []step
	}
	step any
	// property is .name, call .name(…) and index […].
	property struct{ name string }
	call     struct {
		place
		name      string
		arguments []expression
	}
	index struct{ of expression }
)

// settable says why #set cannot have the reference as its target.
func (r reference) settable() error {
	if len(r.steps) == 0 {
		return nil
	}
	if c, ok := r.steps[len(r.steps)-1].(call); ok {
		return c.wrong("a method call cannot be set")
	}
	return nil
}

// levels are the binary operators from the loosest to the tightest, each with
// the words that mean the same.
func levels() [][]string {
	return [][]string{
		{"||", "or"}, {"&&", "and"}, {"==", "!=", "eq", "ne"},
		{"<=", ">=", "<", ">", "le", "ge", "lt", "gt"}, {"+", "-"}, {"*", "/", "%"},
	}
}

// spelled is the sign of an operator that is spelled as a word.
func spelled(operator string) string {
	switch operator {
	case "or":
		return "||"
	case "and":
		return "&&"
	case "eq":
		return "=="
	case "ne":
		return "!="
	case "le":
		return "<="
	case "ge":
		return ">="
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "not":
		return "!"
	}
	return operator
}

func (p *parser) expression() (expression, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.at(p.pos).wrong("more than %d levels of nesting", maxDepth)
	}
	defer func() { p.depth-- }()
	return p.level(levels())
}

// level reads operands of the tighter levels joined by the first one's operators.
func (p *parser) level(operators [][]string) (expression, error) {
	if len(operators) == 0 {
		return p.operand()
	}
	left, err := p.level(operators[1:])
	for err == nil {
		p.space()
		at := p.at(p.pos)
		operator := p.operator(operators[0])
		if operator == "" {
			return left, nil
		}
		var right expression
		right, err = p.level(operators[1:])
		left = binary{place: at, operator: spelled(operator), left: left, right: right}
	}
	return nil, err
}

func (p *parser) operator(operators []string) string {
	for _, operator := range operators {
		if first := word(p.rest()); word(operator) != "" && first != operator {
			continue
		}
		if p.accept(operator) {
			return operator
		}
	}
	return ""
}

func (p *parser) operand() (expression, error) {
	p.space()
	at := p.at(p.pos)
	if operator := p.operator([]string{"!", "not"}); operator != "" || p.negative() {
		if operator == "" {
			p.pos++
			operator = "-"
		}
		if p.depth++; p.depth > maxDepth {
			return nil, at.wrong("more than %d levels of nesting", maxDepth)
		}
		defer func() { p.depth-- }()
		of, err := p.operand()
		return unary{place: at, operator: spelled(operator), of: of}, err
	}
	switch rest := p.rest(); {
	case rest == "":
	case p.referenceAhead():
		return p.reference()
	case rest[0] == '"', rest[0] == '\'':
		return p.quoted()
	case rest[0] >= '0' && rest[0] <= '9', rest[0] == '-':
		return p.number()
	case p.accept("("):
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")")
	case p.accept("["):
		return p.listing(at)
	case p.accept("{"):
		return p.mapping()
	}
	return p.keyword(at)
}

// negative reports a minus sign before something that is no number.
func (p *parser) negative() bool {
	rest := p.rest()
	return len(rest) > 1 && rest[0] == '-' && (rest[1] < '0' || rest[1] > '9')
}

func (p *parser) keyword(at place) (expression, error) {
	switch name := word(p.rest()); name {
	case "true", "false":
		p.pos += len(name)
		return literal{of: name == "true"}, nil
	case "null":
		p.pos += len(name)
		return literal{}, nil
	}
	return nil, at.wrong("wanted a value, found %s", p.found())
}

func (p *parser) number() (expression, error) {
	start := p.pos
	p.accept("-")
	p.digits()
	if rest := p.rest(); len(rest) > 1 && rest[0] == '.' && rest[1] >= '0' && rest[1] <= '9' {
		p.pos++
		p.digits()
	}
	digits := p.text[start:p.pos]
	if whole, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return literal{of: whole}, nil
	}
	decimal, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return nil, p.at(start).wrong("%s is no number", digits)
	}
	return literal{of: decimal}, nil
}

func (p *parser) digits() {
	p.pos = len(p.text) - len(strings.TrimLeft(p.rest(), "0123456789"))
}

// quoted reads a text. A quote in it is doubled; a backslash is a backslash.
// What stands in double quotes is a template itself.
func (p *parser) quoted() (expression, error) {
	start := p.pos
	quote := p.take(1)
	var b strings.Builder
	for {
		part, _, ok := strings.Cut(p.rest(), quote)
		if !ok {
			return nil, p.at(start).wrong("the text is not ended by %s", quote)
		}
		b.WriteString(part)
		p.pos += len(part) + 1
		if !p.accept(quote) {
			break
		}
		b.WriteString(quote)
	}
	if quote == `'` || !strings.ContainsAny(b.String(), "$#") {
		return literal{of: b.String()}, nil
	}
	inner := &parser{text: b.String(), depth: p.depth}
	body, end, err := inner.block()
	if err == nil && end.name == "" {
		return interpolated{body: body}, nil
	}
	if err == nil {
		return nil, p.at(start).wrong("#%s without #if or #foreach", end.name)
	}
	// The place inside the text is counted from the text's begin.
	return nil, p.at(start).wrong("in the text, %s", err)
}

func (p *parser) listing(at place) (expression, error) {
	items, err := p.items("]")
	if err != nil || len(items) != 1 {
		return listing{items: items}, err
	}
	if p.text[p.pos-1] == ']' {
		return listing{items: items}, nil
	}
	// items stopped before "..".
	to, err := p.expression()
	if err != nil {
		return nil, err
	}
	return span{place: at, from: items[0], to: to}, p.expect("]")
}

// items reads expressions between commas up to the closing sign, or, after the
// first, up to the two dots of a range.
func (p *parser) items(closing string) ([]expression, error) {
	var items []expression
	p.space()
	if p.accept(closing) {
		return nil, nil
	}
	for {
		item, err := p.expression()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		p.space()
		switch {
		case p.accept(closing):
			return items, nil
		case len(items) == 1 && closing == "]" && p.accept(".."):
			return items, nil
		}
		if err := p.expect(","); err != nil {
			return nil, err
		}
	}
}

func (p *parser) mapping() (expression, error) {
	var m mapping
	p.space()
	if p.accept("}") {
		return m, nil
	}
	for {
		key, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.expect(":"); err != nil {
			return nil, err
		}
		value, err := p.expression()
		if err != nil {
			return nil, err
		}
		m.keys, m.values = append(m.keys, key), append(m.values, value)
		p.space()
		if p.accept("}") {
			return m, nil
		}
		if err := p.expect(","); err != nil {
			return nil, err
		}
	}
}

// referenceAhead reports whether a reference begins at the position.
func (p *parser) referenceAhead() bool {
	rest, ok := strings.CutPrefix(p.rest(), "$")
	rest = strings.TrimPrefix(rest, "!")
	return ok && word(strings.TrimPrefix(rest, "{")) != ""
}

// reference reads $name, $!name or ${name} with its steps.
func (p *parser) reference() (reference, error) {
	ref := reference{place: p.at(p.pos)}
	p.pos++
	p.accept("!")
	braced := p.accept("{")
	ref.name = p.take(len(word(p.rest())))
	for {
		next, err := p.step()
		if err != nil {
			return ref, err
		}
		if next == nil {
			break
		}
		ref.steps = append(ref.steps, next)
	}
	if braced && !p.accept("}") {
		return ref, p.at(p.pos).wrong(`wanted "}", found %s`, p.found())
	}
	return ref, nil
}

// step reads one step of a reference, nil when there is none.
func (p *parser) step() (step, error) {
	if p.accept("[") {
		of, err := p.expression()
		if err != nil {
			return nil, err
		}
		return index{of: of}, p.expect("]")
	}
	at := p.at(p.pos)
	rest, ok := strings.CutPrefix(p.rest(), ".")
	name := word(rest)
	if !ok || name == "" {
		return nil, nil
	}
	p.pos += 1 + len(name)
	if !p.accept("(") {
		return property{name: name}, nil
	}
	arguments, err := p.items(")")
	return call{place: at, name: name, arguments: arguments}, err
}
