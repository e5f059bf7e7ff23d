package dynamodb

import (
	"math/big"
	"slices"
	"sort"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

type updateItemInput struct {
	TableName                 string         `aws:"required"`
	Key                       map[string]any `aws:"required"`
	UpdateExpression          string
	ConditionExpression       string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]any
	ReturnValues              string `aws:"enum=NONE|ALL_OLD|UPDATED_OLD|ALL_NEW|UPDATED_NEW"`

	_ struct{} `noeffect:"ReturnConsumedCapacity ReturnItemCollectionMetrics" unsimulated:"AttributeUpdates ConditionalOperator Expected ReturnValuesOnConditionCheckFailure"`
}

// updateItem changes an item or creates it. It checks in the order of the
// operations on one item.
func (d *DynamoDB) updateItem(c api.Context, in updateItemInput) (attributesOutput, error) {
	// 1
	t, err := d.find(c.Span, in.TableName)
	if err != nil {
		return attributesOutput{}, err
	}
	// 2
	key, err := parsed(c.Span, in.Key)
	if err != nil {
		return attributesOutput{}, err
	}
	// 3
	u, err := t.readUpdate(c.Span, in)
	if err != nil {
		return attributesOutput{}, err
	}
	// 4
	if err := t.checkKey(c.Span, key); err != nil {
		return attributesOutput{}, err
	}
	// 5
	id := t.id(key)
	old := t.items[id]
	if err := checkCondition(c.Span, in.ConditionExpression, u.holds, old); err != nil {
		return attributesOutput{}, err
	}
	changed := old.clone()
	for name, v := range key {
		changed[name] = v
	}
	for _, act := range u.actions {
		if err := act.apply(old, changed); err != nil {
			return attributesOutput{}, expressionFault(c.Span, in.UpdateExpression, err)
		}
	}
	t.items[id] = changed
	return u.returned(in.ReturnValues, old, changed), nil
}

// update is an UpdateExpression with the request's condition.
type update struct {
	actions []action
	holds   condition
}

// action is one change. It reads the item as it was and writes into the new one.
type action struct {
	at    path
	apply func(old, changed item) error
}

func (t *table) readUpdate(span *trace.Span, in updateItemInput) (update, error) {
	given, err := parsePlaceholders(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if err := valueFault(span, err); err != nil {
		return update{}, err
	}
	u := update{holds: func(item) bool { return true }}
	if in.UpdateExpression != "" {
		if u.actions, err = parseUpdate(in.UpdateExpression, given); err == nil {
			err = t.keepsKey(u.actions)
		}
	}
	if err == nil && in.ConditionExpression != "" {
		u.holds, err = parseCondition("ConditionExpression", in.ConditionExpression, given)
	}
	if err == nil {
		err = given.unused()
	}
	return u, expressionFault(span, in.UpdateExpression, err)
}

// keepsKey refuses changes of the primary key.
func (t *table) keepsKey(actions []action) error {
	for _, act := range actions {
		for _, k := range t.keys() {
			if act.at[0].name == k.name {
				return validation("One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key", k.name)
			}
		}
	}
	return nil
}

// returned picks the attributes that the request wants back.
func (u update) returned(which string, old, changed item) attributesOutput {
	source := changed
	if which == "ALL_OLD" || which == "UPDATED_OLD" {
		source = old
	}
	switch which {
	case "ALL_OLD", "ALL_NEW":
		return attributesOutput{Attributes: source.tree()}
	case "UPDATED_OLD", "UPDATED_NEW":
		paths := make([]path, len(u.actions))
		for i, act := range u.actions {
			paths[i] = act.at[:1]
		}
		return attributesOutput{Attributes: project(source, paths).tree()}
	}
	return attributesOutput{}
}

// parseUpdate reads the clauses of an UpdateExpression, each at most once:
//
//	SET p = v, p = v + v, p = if_not_exists(p, v), p = list_append(v, v)
//	REMOVE p
//	ADD p :v      a number to a number, members to a set
//	DELETE p :v   members from a set
//
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html).
func parseUpdate(expression string, given *placeholders) ([]action, error) {
	p := newParser("UpdateExpression", expression, given)
	clauses := []struct {
		word string
		read func() action
	}{{"SET", p.setAction}, {"REMOVE", p.removeAction}, {"ADD", p.addAction}, {"DELETE", p.deleteAction}}
	var actions []action
	seen := map[string]bool{}
	for p.peek() != "" {
		found := false
		for _, clause := range clauses {
			if !p.accept(clause.word) {
				continue
			}
			found = true
			if seen[clause.word] {
				p.fail("The \"" + clause.word + "\" section can only be used once in an update expression;")
			}
			seen[clause.word] = true
			for again := true; again && p.err == nil; again = p.accept(",") {
				actions = append(actions, clause.read())
			}
			break
		}
		if !found {
			p.unexpected()
		}
	}
	return actions, p.end()
}

func (p *parser) setAction() action {
	at := p.path()
	p.expect("=")
	v := p.sum()
	return action{at: at, apply: func(old, changed item) error {
		result, err := v(old)
		if err != nil {
			return err
		}
		return at.set(changed, result)
	}}
}

// computed gives a value for the item as it was.
type computed func(old item) (value, error)

// sum reads an operand, or two with a sign between them.
func (p *parser) sum() computed {
	left := p.term()
	sign := p.peek()
	if sign != "+" && sign != "-" {
		return left
	}
	p.next()
	right := p.term()
	return func(old item) (value, error) {
		a, err := left(old)
		if err != nil {
			return value{}, err
		}
		b, err := right(old)
		if err != nil {
			return value{}, err
		}
		return add(a, b, sign == "-")
	}
}

func (p *parser) term() computed {
	switch {
	case p.atPlaceholder():
		v := p.placeholder()
		return func(item) (value, error) { return v.clone(), nil }
	case p.isCall() && p.peek() == "if_not_exists":
		return p.ifNotExists()
	case p.isCall() && p.peek() == "list_append":
		return p.listAppend()
	case p.isCall():
		p.fail("Invalid function name; function: " + string(p.peek()))
	}
	at := p.path()
	return func(old item) (value, error) {
		if v, ok := at.in(old); ok {
			return v.clone(), nil
		}
		return value{}, validation("The provided expression refers to an attribute that does not exist in the item")
	}
}

func (p *parser) ifNotExists() computed {
	p.next()
	p.expect("(")
	at := p.path()
	p.expect(",")
	otherwise := p.term()
	p.expect(")")
	return func(old item) (value, error) {
		if v, ok := at.in(old); ok {
			return v.clone(), nil
		}
		return otherwise(old)
	}
}

func (p *parser) listAppend() computed {
	p.next()
	p.expect("(")
	first := p.term()
	p.expect(",")
	second := p.term()
	p.expect(")")
	return func(old item) (value, error) {
		a, err := first(old)
		if err != nil {
			return value{}, err
		}
		b, err := second(old)
		if err != nil {
			return value{}, err
		}
		if a.kind != list || b.kind != list {
			return value{}, wrongOperand()
		}
		return value{kind: list, items: append(a.items, b.items...)}, nil
	}
}

func wrongOperand() error {
	return validation("An operand in the update expression has an incorrect data type")
}

func (p *parser) removeAction() action {
	at := p.path()
	return action{at: at, apply: func(_, changed item) error { return at.remove(changed) }}
}

func (p *parser) addAction() action {
	at := p.path()
	v := p.placeholder()
	return action{at: at, apply: func(old, changed item) error {
		before, ok := at.in(old)
		switch {
		case v.kind != number && v.kind != textSet && v.kind != numberSet:
			return wrongOperand()
		case !ok:
			return at.set(changed, v.clone())
		case before.kind != v.kind:
			return wrongOperand()
		case v.kind == number:
			sum, err := add(before, v, false)
			if err != nil {
				return err
			}
			return at.set(changed, sum)
		}
		return at.set(changed, union(before, v))
	}}
}

func (p *parser) deleteAction() action {
	at := p.path()
	v := p.placeholder()
	return action{at: at, apply: func(old, changed item) error {
		before, ok := at.in(old)
		if v.kind != textSet && v.kind != numberSet || ok && before.kind != v.kind {
			return wrongOperand()
		}
		if !ok {
			return nil
		}
		left := value{kind: before.kind}
		for _, member := range before.set {
			if !slices.Contains(v.set, member) {
				left.set = append(left.set, member)
			}
		}
		if len(left.set) == 0 {
			return at.remove(changed)
		}
		return at.set(changed, left)
	}}
}

func add(a, b value, negative bool) (value, error) {
	if a.kind != number || b.kind != number {
		return value{}, wrongOperand()
	}
	result := new(big.Rat).Add(rational(a.text), rational(b.text))
	if negative {
		result.Sub(rational(a.text), rational(b.text))
	}
	sum, err := decimal(result)
	return value{kind: number, text: sum}, err
}

func union(a, b value) value {
	all := value{kind: a.kind, set: append([]string(nil), a.set...)}
	for _, member := range b.set {
		if !slices.Contains(all.set, member) {
			all.set = append(all.set, member)
		}
	}
	sort.Strings(all.set)
	return all
}
