package dynamodb

import (
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

type queryInput struct {
	TableName                 string `aws:"required"`
	KeyConditionExpression    string
	FilterExpression          string
	ProjectionExpression      string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]any
	ExclusiveStartKey         map[string]any
	Limit                     *int
	ScanIndexForward          *bool

	_ struct{} `noeffect:"ConsistentRead ReturnConsumedCapacity" unsimulated:"AttributesToGet ConditionalOperator IndexName KeyConditions QueryFilter Select"`
}

type scanInput struct {
	TableName                 string `aws:"required"`
	FilterExpression          string
	ProjectionExpression      string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]any
	ExclusiveStartKey         map[string]any
	Limit                     *int

	_ struct{} `noeffect:"ConsistentRead ReturnConsumedCapacity" unsimulated:"AttributesToGet ConditionalOperator IndexName ScanFilter Segment Select TotalSegments"`
}

type itemsOutput struct {
	Items            []map[string]any
	Count            int
	ScannedCount     int
	LastEvaluatedKey map[string]any `json:",omitempty"`
}

// page is how a query or scan goes through the items.
type page struct {
	filter condition
	pick   func(item) item
	start  item
	limit  int
}

// query checks in the order of the operations on one item; the key condition
// takes the place of the key.
func (d *DynamoDB) query(c api.Context, in queryInput) (itemsOutput, error) {
	// 1
	t, err := d.find(c.Span, in.TableName)
	if err != nil {
		return itemsOutput{}, err
	}
	if in.KeyConditionExpression == "" {
		return itemsOutput{}, expressionFault(c.Span, "",
			validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."))
	}
	// 2
	given, err := parsePlaceholders(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if err := valueFault(c.Span, err); err != nil {
		return itemsOutput{}, err
	}
	// 3 and 4
	key, err := t.parseKeyCondition(in.KeyConditionExpression, given)
	if err := expressionFault(c.Span, in.KeyConditionExpression, err); err != nil {
		return itemsOutput{}, err
	}
	p, err := readPage(c.Span, in.FilterExpression, in.ProjectionExpression, in.ExclusiveStartKey, in.Limit, given)
	if err != nil {
		return itemsOutput{}, err
	}
	var matching []item
	for _, it := range t.sorted() {
		if key.matches(it) {
			matching = append(matching, it)
		}
	}
	if in.ScanIndexForward != nil && !*in.ScanIndexForward {
		for i, j := 0, len(matching)-1; i < j; i, j = i+1, j-1 {
			matching[i], matching[j] = matching[j], matching[i]
		}
	}
	return t.turn(p, matching), nil
}

// scan goes through the whole table.
func (d *DynamoDB) scan(c api.Context, in scanInput) (itemsOutput, error) {
	t, err := d.find(c.Span, in.TableName)
	if err != nil {
		return itemsOutput{}, err
	}
	given, err := parsePlaceholders(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if err := valueFault(c.Span, err); err != nil {
		return itemsOutput{}, err
	}
	p, err := readPage(c.Span, in.FilterExpression, in.ProjectionExpression, in.ExclusiveStartKey, in.Limit, given)
	if err != nil {
		return itemsOutput{}, err
	}
	return t.turn(p, t.sorted()), nil
}

func readPage(span *trace.Span, filter, projection string, start map[string]any, limit *int, given *placeholders) (page, error) {
	p := page{filter: func(item) bool { return true }}
	var err error
	if p.start, err = parseItem(start); err != nil {
		return page{}, valueFault(span, err)
	}
	if filter != "" {
		p.filter, err = parseCondition("FilterExpression", filter, given)
		if err := expressionFault(span, filter, err); err != nil {
			return page{}, err
		}
	}
	if p.pick, err = readProjection(span, projection, given); err != nil {
		return page{}, err
	}
	if err := given.unused(); err != nil {
		return page{}, expressionFault(span, filter, err)
	}
	if limit != nil {
		if p.limit = *limit; p.limit < 1 {
			return page{}, validation("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: "+
				"Member must have value greater than or equal to 1", p.limit)
		}
	}
	return p, nil
}

// turn gives one page of the items that match. The limit counts items before
// the filter, as in AWS.
func (t *table) turn(p page, matching []item) itemsOutput {
	out := itemsOutput{Items: []map[string]any{}}
	begun := len(p.start) == 0
	for _, it := range matching {
		if !begun {
			begun = t.id(it) == t.id(p.start)
			continue
		}
		out.ScannedCount++
		if p.filter(it) {
			out.Items = append(out.Items, p.pick(it).tree())
		}
		if out.ScannedCount == p.limit {
			out.LastEvaluatedKey = t.keyOf(it).tree()
			break
		}
	}
	out.Count = len(out.Items)
	return out
}

// queryTarget is the table with the partition key that the query asks for.
func (d *DynamoDB) queryTarget(in queryInput) api.Target {
	target := d.target(in.TableName, nil)
	t, ok := d.tables[tableName(in.TableName)]
	if !ok {
		return target
	}
	given, err := parsePlaceholders(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if err != nil {
		return target
	}
	if key, err := t.parseKeyCondition(in.KeyConditionExpression, given); err == nil {
		target.Keys = leadingKeys(key.hash)
	}
	return target
}

// keyCondition is a KeyConditionExpression.
type keyCondition struct {
	table *table
	hash  value
	rest  condition
}

func (k keyCondition) matches(it item) bool {
	return equal(it[k.table.hash.name], k.hash) && k.rest(it)
}

// parseKeyCondition reads "HASH = :v", alone or AND one condition on the sort
// key, in either order
// (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).
func (t *table) parseKeyCondition(expression string, given *placeholders) (keyCondition, error) {
	k := keyCondition{table: t, rest: func(item) bool { return true }}
	p := newParser("KeyConditionExpression", expression, given)
	seen := map[string]bool{}
	for again := true; again && p.err == nil; again = p.accept("AND") {
		name, equals, c := p.keyTerm()
		switch {
		case p.err != nil:
		case seen[name]:
			p.fail("KeyConditionExpressions must only contain one condition per key")
		case name == t.hash.name && equals == nil:
			p.err = validation("Query key condition not supported")
		case name == t.hash.name:
			k.hash = *equals
		case t.sort.name != "" && name == t.sort.name:
			k.rest = c
		default:
			p.err = validation("Query condition missed key schema element: %s", t.hash.name)
		}
		seen[name] = true
	}
	if err := p.end(); err != nil {
		return keyCondition{}, err
	}
	if !seen[t.hash.name] {
		return keyCondition{}, validation("Query condition missed key schema element: %s", t.hash.name)
	}
	if k.hash.kind != t.hash.kind {
		return keyCondition{}, validation("One or more parameter values were invalid: Condition parameter type does not match schema type")
	}
	return k, nil
}

// keyTerm reads one condition on a key attribute: its name, the value when the
// condition is "=", and the condition.
func (p *parser) keyTerm() (name string, equals *value, c condition) {
	if p.accept("(") {
		name, equals, c = p.keyTerm()
		p.expect(")")
		return name, equals, c
	}
	if p.isCall() {
		return p.keyPrefix()
	}
	began := p.at
	at := p.path()
	if p.peek() == "=" {
		p.next()
		v := p.placeholder()
		return at[0].name, &v, func(it item) bool { return equal(it[at[0].name], v) }
	}
	p.at = began
	if c = p.comparison(); p.err != nil {
		return "", nil, nil
	}
	return at[0].name, nil, c
}

func (p *parser) keyPrefix() (name string, equals *value, c condition) {
	if function := p.peek(); !function.is("begins_with") {
		p.fail("Invalid operator used in KeyConditionExpression: " + strings.ToLower(string(function)))
		return "", nil, nil
	}
	p.next()
	p.expect("(")
	at := p.path()
	p.expect(",")
	prefix := p.placeholder()
	p.expect(")")
	return at[0].name, nil, func(it item) bool {
		v := it[at[0].name]
		return v.kind == text && prefix.kind == text && strings.HasPrefix(v.text, prefix.text)
	}
}
