package policy

import (
	"maps"
	"slices"
	"strings"
)

// quantifier is the set operator of a condition.
type quantifier int

const (
	single quantifier = iota
	forAllValues
	forAnyValue
)

// condition is one key under one operator.
type condition struct {
	operator   operator
	name       string // the operator as it is written
	quantifier quantifier
	ifExists   bool
	key        string // lower-case
	written    string // the key as it is written
	values     []operand
	sources    []template
}

// operand is a compiled value of a condition.
type operand func(found string, c *Context) bool

// conditions reads a Condition element: operators, and under each keys with
// their values. All must hold.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
func (p *parser) conditions(path string, tree any) []condition {
	operators, ok := tree.(map[string]any)
	if !ok {
		p.fault(path, syntaxError, "conditions are an object by operator, found %s", describe(tree))
		return nil
	}
	var list []condition
	for _, name := range slices.Sorted(maps.Keys(operators)) {
		at := join(path, name)
		model, ok := p.operatorNamed(at, name)
		if !ok {
			continue
		}
		keys, isMap := operators[name].(map[string]any)
		if !isMap {
			p.fault(at, syntaxError, "an operator has an object of keys, found %s", describe(operators[name]))
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			c := model
			c.key, c.written = strings.ToLower(key), key
			p.values(join(at, key), &c, keys[key])
			list = append(list, c)
		}
	}
	return list
}

// operatorNamed takes a name such as ForAllValues:StringLikeIfExists apart.
func (p *parser) operatorNamed(path, name string) (condition, bool) {
	c := condition{name: name}
	base := name
	if rest, ok := strings.CutPrefix(base, "ForAllValues:"); ok {
		base, c.quantifier = rest, forAllValues
	} else if rest, ok := strings.CutPrefix(base, "ForAnyValue:"); ok {
		base, c.quantifier = rest, forAnyValue
	}
	if rest, ok := strings.CutSuffix(base, "IfExists"); ok && rest != null {
		base, c.ifExists = rest, true
	}
	operator, ok := p.operators[base]
	if !ok {
		p.fault(path, syntaxError, "there is no condition operator %s", name)
		return condition{}, false
	}
	c.operator = operator
	return c, true
}

func (p *parser) values(path string, c *condition, tree any) {
	items, isList := tree.([]any)
	if !isList {
		items = []any{tree}
	}
	for _, item := range items {
		text, ok := scalarText(item)
		if !ok {
			p.fault(path, syntaxError, "a value is text, a number or a boolean, found %s", describe(item))
			continue
		}
		m := c.operator.mode
		if !p.variables {
			m &^= variables
		}
		value := compile(text, m)
		operand, err := c.operator.compile(value)
		if err != nil {
			p.fault(path, legacyParsing, "%v", err)
			continue
		}
		c.values, c.sources = append(c.values, operand), append(c.sources, value)
	}
}

// holds decides a condition:
//
//  1. Null looks only at whether the key is there.
//  2. A key that is not there: ForAllValues and IfExists hold, ForAnyValue does
//     not, a negated operator holds, any other does not.
//  3. ForAllValues: every value of the request satisfies the operator.
//  4. ForAnyValue: at least one does.
//  5. No set operator: a positive operator wants one, a negated one wants all.
//
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (c *condition) holds(context *Context) bool {
	found := context.get(c.key)
	// 1
	if c.operator.null {
		return c.satisfied(presence(found), context)
	}
	// 2
	if len(found) == 0 {
		return c.quantifier == forAllValues || c.ifExists || (c.quantifier == single && c.operator.negated)
	}
	// 3, 5
	if c.quantifier == forAllValues || (c.quantifier == single && c.operator.negated) {
		for _, value := range found {
			if !c.satisfied(value, context) {
				return false
			}
		}
		return true
	}
	// 4, 5
	for _, value := range found {
		if c.satisfied(value, context) {
			return true
		}
	}
	return false
}

// satisfied looks at one value of the request: it must equal one of the
// policy's values, or none of them when the operator is negated.
func (c *condition) satisfied(found string, context *Context) bool {
	for _, value := range c.values {
		if value(found, context) {
			return !c.operator.negated
		}
	}
	return c.operator.negated
}

// presence is what Null compares with: "true" when the key is absent.
func presence(values []string) string {
	if len(values) == 0 {
		return "true"
	}
	return "false"
}
