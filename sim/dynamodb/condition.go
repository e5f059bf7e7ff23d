package dynamodb

import (
	"slices"
	"strings"
)

// condition decides about an item, which is empty when there is none.
type condition func(item) bool

// operand gives a value for an item; ok is false when the item has none.
type operand func(item) (v value, ok bool)

// parseCondition reads a ConditionExpression or FilterExpression:
//
//	OR, AND, NOT, parentheses
//	a = b  a <> b  a < b  a <= b  a > b  a >= b  a BETWEEN b AND c  a IN (b, c)
//	attribute_exists(p)  attribute_not_exists(p)  attribute_type(p, t)
//	begins_with(p, s)  contains(p, s)  size(p)
//
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html).
func parseCondition(member, expression string, given *placeholders) (condition, error) {
	p := newParser(member, expression, given)
	c := p.either()
	return c, p.end()
}

func (p *parser) either() condition {
	left := p.both()
	for p.accept("OR") {
		a, b := left, p.both()
		left = func(it item) bool { return a(it) || b(it) }
	}
	return left
}

func (p *parser) both() condition {
	left := p.negated()
	for p.accept("AND") {
		a, b := left, p.negated()
		left = func(it item) bool { return a(it) && b(it) }
	}
	return left
}

func (p *parser) negated() condition {
	if p.accept("NOT") {
		c := p.negated()
		return func(it item) bool { return !c(it) }
	}
	if p.accept("(") {
		c := p.either()
		p.expect(")")
		return c
	}
	return p.predicate()
}

// isCall reports whether a function call comes next.
func (p *parser) isCall() bool {
	return p.peek() != "" && p.at+1 < len(p.tokens) && p.tokens[p.at+1] == "("
}

func (p *parser) predicate() condition {
	if !p.isCall() || p.peek().is("size") {
		return p.comparison()
	}
	name := strings.ToLower(string(p.next()))
	p.expect("(")
	var c condition
	switch name {
	case "attribute_exists", "attribute_not_exists":
		at, wanted := p.path(), name == "attribute_exists"
		c = func(it item) bool {
			_, found := at.in(it)
			return found == wanted
		}
	case "attribute_type", "begins_with", "contains":
		c = p.binary(name)
	default:
		p.fail("Invalid function name; function: " + name)
	}
	p.expect(")")
	return c
}

func (p *parser) binary(name string) condition {
	subject := p.operand()
	p.expect(",")
	argument := p.operand()
	test := map[string]func(a, b value) bool{
		"attribute_type": func(a, b value) bool { return string(a.kind) == b.text },
		"begins_with":    func(a, b value) bool { return a.kind == text && b.kind == text && strings.HasPrefix(a.text, b.text) },
		"contains":       holds,
	}[name]
	return func(it item) bool {
		a, okA := subject(it)
		b, okB := argument(it)
		return okA && okB && test(a, b)
	}
}

// holds is contains(a, b): a part of a text, a member of a set or a list.
func holds(a, b value) bool {
	switch {
	case a.kind == text && b.kind == text:
		return strings.Contains(a.text, b.text)
	case (a.kind == textSet && b.kind == text) || (a.kind == numberSet && b.kind == number):
		return slices.Contains(a.set, b.text)
	}
	for _, v := range a.items {
		if equal(v, b) {
			return true
		}
	}
	return false
}

func (p *parser) comparison() condition {
	left := p.operand()
	switch sign := p.peek(); {
	case sign.is("BETWEEN"):
		p.next()
		low := p.operand()
		p.expect("AND")
		high := p.operand()
		return func(it item) bool { return ordered(it, low, left, "<=") && ordered(it, left, high, "<=") }
	case sign.is("IN"):
		return p.membership(left)
	case sign == "=" || sign == "<>" || sign == "<" || sign == "<=" || sign == ">" || sign == ">=":
		p.next()
		right := p.operand()
		return func(it item) bool { return ordered(it, left, right, string(sign)) }
	}
	p.unexpected()
	return nil
}

func (p *parser) membership(left operand) condition {
	p.next()
	p.expect("(")
	candidates := []operand{p.operand()}
	for p.accept(",") {
		candidates = append(candidates, p.operand())
	}
	p.expect(")")
	return func(it item) bool {
		for _, candidate := range candidates {
			if ordered(it, left, candidate, "=") {
				return true
			}
		}
		return false
	}
}

func (p *parser) operand() operand {
	switch {
	case p.atPlaceholder():
		v := p.placeholder()
		return func(item) (value, bool) { return v, true }
	case p.isCall() && p.peek().is("size"):
		p.next()
		p.expect("(")
		at := p.path()
		p.expect(")")
		return func(it item) (value, bool) { return size(at.in(it)) }
	}
	at := p.path()
	return at.in
}

// ordered compares two operands; an absent one makes every comparison false
// except "<>".
func ordered(it item, left, right operand, sign string) bool {
	a, okA := left(it)
	b, okB := right(it)
	if !okA || !okB {
		return sign == "<>" && okA != okB
	}
	switch sign {
	case "=":
		return equal(a, b)
	case "<>":
		return !equal(a, b)
	}
	order, ok := compare(a, b)
	if !ok {
		return false
	}
	switch sign {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default:
		return order >= 0
	}
}
