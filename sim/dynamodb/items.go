package dynamodb

import (
	"errors"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type putItemInput struct {
	TableName                 string         `aws:"required"`
	Item                      map[string]any `aws:"required"`
	ConditionExpression       string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]any
	ReturnValues              string `aws:"enum=NONE|ALL_OLD"`

	_ struct{} `noeffect:"ReturnConsumedCapacity ReturnItemCollectionMetrics" unsimulated:"ConditionalOperator Expected ReturnValuesOnConditionCheckFailure"`
}

type attributesOutput struct {
	Attributes map[string]any `json:",omitempty"`
}

type getItemInput struct {
	TableName                string         `aws:"required"`
	Key                      map[string]any `aws:"required"`
	ExpressionAttributeNames map[string]string
	ProjectionExpression     string

	_ struct{} `noeffect:"ConsistentRead ReturnConsumedCapacity" unsimulated:"AttributesToGet"`
}

type getItemOutput struct {
	Item map[string]any `json:",omitempty"`
}

type deleteItemInput struct {
	TableName                 string         `aws:"required"`
	Key                       map[string]any `aws:"required"`
	ConditionExpression       string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]any
	ReturnValues              string `aws:"enum=NONE|ALL_OLD"`

	_ struct{} `noeffect:"ReturnConsumedCapacity ReturnItemCollectionMetrics" unsimulated:"ConditionalOperator Expected ReturnValuesOnConditionCheckFailure"`
}

// The operations on one item check in this order:
//
//  1. the table exists
//  2. the attribute values are well formed
//  3. the expressions are well formed and use every placeholder
//  4. the key is the table's
//  5. the condition holds for the item as it stands

func (d *DynamoDB) putItem(c api.Context, in putItemInput) (attributesOutput, error) {
	// 1
	t, err := d.find(c.Span, in.TableName)
	if err != nil {
		return attributesOutput{}, err
	}
	// 2
	it, err := parsed(c.Span, in.Item)
	if err != nil {
		return attributesOutput{}, err
	}
	// 3
	holds, err := readCondition(c.Span, in.ConditionExpression, in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if err != nil {
		return attributesOutput{}, err
	}
	// 4
	if err := t.checkItemKey(c.Span, it); err != nil {
		return attributesOutput{}, err
	}
	// 5
	id := t.id(it)
	old := t.items[id]
	if err := checkCondition(c.Span, in.ConditionExpression, holds, old); err != nil {
		return attributesOutput{}, err
	}
	t.items[id] = it
	return returned(in.ReturnValues, old), nil
}

func (d *DynamoDB) getItem(c api.Context, in getItemInput) (getItemOutput, error) {
	// 1
	t, err := d.find(c.Span, in.TableName)
	if err != nil {
		return getItemOutput{}, err
	}
	// 2
	key, err := parsed(c.Span, in.Key)
	if err != nil {
		return getItemOutput{}, err
	}
	// 3
	given, err := parsePlaceholders(in.ExpressionAttributeNames, nil)
	if err != nil {
		return getItemOutput{}, err
	}
	pick, err := readProjection(c.Span, in.ProjectionExpression, given)
	if err != nil {
		return getItemOutput{}, err
	}
	if err := given.unused(); err != nil {
		return getItemOutput{}, expressionFault(c.Span, in.ProjectionExpression, err)
	}
	// 4
	if err := t.checkKey(c.Span, key); err != nil {
		return getItemOutput{}, err
	}
	return getItemOutput{Item: pick(t.items[t.id(key)]).tree()}, nil
}

func (d *DynamoDB) deleteItem(c api.Context, in deleteItemInput) (attributesOutput, error) {
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
	holds, err := readCondition(c.Span, in.ConditionExpression, in.ExpressionAttributeNames, in.ExpressionAttributeValues)
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
	if err := checkCondition(c.Span, in.ConditionExpression, holds, old); err != nil {
		return attributesOutput{}, err
	}
	delete(t.items, id)
	return returned(in.ReturnValues, old), nil
}

func returned(which string, old item) attributesOutput {
	if which != "ALL_OLD" {
		return attributesOutput{}
	}
	return attributesOutput{Attributes: old.tree()}
}

// parsed reads attributes and records whether they are well formed.
func parsed(span *trace.Span, tree map[string]any) (item, error) {
	it, err := parseItem(tree)
	return it, valueFault(span, err)
}

func valueFault(span *trace.Span, err error) error {
	found := "well formed"
	if err != nil {
		found = "a value that is not"
	}
	if refused(err) {
		span.Decide(RuleValue, err == nil, "typed attribute values", found)
	}
	return err
}

// refused is true for nil and for refusals of AWS: what the simulation lacks is
// no check.
func refused(err error) bool {
	if err == nil {
		return true
	}
	return errors.As(err, new(*awserr.Error))
}

// readCondition reads a ConditionExpression with its placeholders.
func readCondition(span *trace.Span, expression string, names map[string]string, values map[string]any) (condition, error) {
	given, err := parsePlaceholders(names, values)
	if err != nil {
		return nil, valueFault(span, err)
	}
	if expression == "" {
		return func(item) bool { return true }, withoutExpression(span, names, values)
	}
	holds, err := parseCondition("ConditionExpression", expression, given)
	if err == nil {
		err = given.unused()
	}
	return holds, expressionFault(span, expression, err)
}

// withoutExpression refuses placeholders where there is no expression.
func withoutExpression(span *trace.Span, names map[string]string, values map[string]any) error {
	switch {
	case len(names) > 0:
		return expressionFault(span, "", validation("ExpressionAttributeNames can only be specified when using expressions"))
	case len(values) > 0:
		return expressionFault(span, "", validation("ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"))
	}
	return nil
}

func expressionFault(span *trace.Span, expression string, err error) error {
	found := expression
	if err != nil {
		found = "a fault in it"
	}
	if refused(err) {
		span.Decide(RuleExpression, err == nil, "a well-formed expression", found)
	}
	return err
}

func checkCondition(span *trace.Span, expression string, holds condition, old item) error {
	if expression == "" {
		return nil
	}
	found := "an item that does not match"
	if old == nil {
		found = "no such item"
	}
	held := holds(old)
	if held {
		found = "holds"
	}
	if !span.Decide(RuleCondition, held, expression, found) {
		return awserr.New("ConditionalCheckFailedException", "The conditional request failed")
	}
	return nil
}
