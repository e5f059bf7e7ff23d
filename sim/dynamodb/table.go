package dynamodb

import (
	"fmt"
	"maps"
	"slices"
	"sort"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// keyAttribute is one attribute of a primary key.
type keyAttribute struct {
	name string
	kind kind
}

// table is a table with its items by primary key.
type table struct {
	name string
	hash keyAttribute
	// sort is the sort key; its name is "" in a table without one.
	sort  keyAttribute
	items map[string]item
	// policy is the table's resource-based policy as a tree, nil without one.
	policy any
}

type tableProperties struct {
	AttributeDefinitions []struct {
		AttributeName string `aws:"required"`
		AttributeType string `aws:"required,enum=S|N|B"`
	}
	KeySchema []struct {
		AttributeName string `aws:"required"`
		KeyType       string `aws:"required,enum=HASH|RANGE"`
	} `aws:"required"`
	TableName string
	// BillingMode changes nothing here but must be one that AWS has.
	BillingMode    string `aws:"enum=PROVISIONED|PAY_PER_REQUEST"`
	ResourcePolicy *struct {
		PolicyDocument map[string]any `aws:"required"`
	}

	_ struct{} `noeffect:"ContributorInsightsSpecification DeletionProtectionEnabled OnDemandThroughput PointInTimeRecoverySpecification ProvisionedThroughput SSESpecification TableClass Tags TimeToLiveSpecification WarmThroughput" unsimulated:"GlobalSecondaryIndexes ImportSourceSpecification KinesisStreamSpecification LocalSecondaryIndexes StreamSpecification"`
}

// createTable creates a table, checking in this order:
//
//  1. the key schema is a partition key, or a partition key and a sort key
//  2. exactly the key attributes are defined
//  3. the name is free
func (d *DynamoDB) createTable(r cloudformation.Resource, p tableProperties) (cloudformation.Created, error) {
	t := &table{name: p.TableName, items: map[string]item{}}
	// 1
	for i, k := range p.KeySchema {
		switch {
		case i == 0 && k.KeyType == "HASH":
			t.hash.name = k.AttributeName
		case i == 1 && k.KeyType == "RANGE":
			t.sort.name = k.AttributeName
		default:
			return cloudformation.Created{}, validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
		}
	}
	if t.hash.name == "" {
		return cloudformation.Created{}, validation("1 validation error detected: Value '[]' at 'keySchema' failed to satisfy constraint: " +
			"Member must have length greater than or equal to 1")
	}
	// 2
	if err := t.define(p); err != nil {
		return cloudformation.Created{}, err
	}
	// 3
	if t.name == "" {
		t.name = r.Stack + "-" + r.LogicalID + "-" + d.world.Token(12, api.Alphanumeric)
	}
	if _, taken := d.tables[t.name]; taken {
		return cloudformation.Created{}, awserr.New("ResourceInUseException", "Table already exists: %s", t.name)
	}
	if p.ResourcePolicy != nil {
		t.policy = p.ResourcePolicy.PolicyDocument
	}
	d.tables[t.name] = t
	return cloudformation.Created{Ref: t.name, Attributes: map[string]string{"Arn": d.arnOf(t.name)}}, nil
}

// define gives the key attributes their types.
func (t *table) define(p tableProperties) error {
	const mismatch = "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
	for _, a := range p.AttributeDefinitions {
		if a.AttributeType == "B" {
			return fmt.Errorf("binary key attributes (%s) are not simulated", a.AttributeName)
		}
		switch a.AttributeName {
		case t.hash.name:
			t.hash.kind = kind(a.AttributeType)
		case t.sort.name:
			t.sort.kind = kind(a.AttributeType)
		}
	}
	if t.hash.kind == "" || (t.sort.name != "" && t.sort.kind == "") {
		return validation("One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions")
	}
	if len(p.AttributeDefinitions) != len(t.keys()) {
		return validation("%s", mismatch)
	}
	return nil
}

// keys are the attributes of the primary key.
func (t *table) keys() []keyAttribute {
	if t.sort.name == "" {
		return []keyAttribute{t.hash}
	}
	return []keyAttribute{t.hash, t.sort}
}

// id is the text under which an item with this key is kept.
func (t *table) id(key item) string {
	id := ""
	for _, k := range t.keys() {
		id += fmt.Sprintf("%q", key[k.name].text)
	}
	return id
}

// keyOf is the primary key of an item.
func (t *table) keyOf(it item) item {
	key := item{}
	for _, k := range t.keys() {
		key[k.name] = it[k.name]
	}
	return key
}

// checkItemKey looks for the primary key in an item that is to be put.
func (t *table) checkItemKey(span *trace.Span, it item) error {
	for _, k := range t.keys() {
		v, ok := it[k.name]
		switch {
		case !ok:
			span.Decide(RuleKey, false, "the key attribute "+k.name, "none")
			return validation("One or more parameter values were invalid: Missing the key %s in the item", k.name)
		case v.kind != k.kind:
			span.Decide(RuleKey, false, fmt.Sprintf("%s of type %s", k.name, k.kind), string(v.kind))
			return validation("One or more parameter values were invalid: Type mismatch for key %s expected: %s actual: %s", k.name, k.kind, v.kind)
		}
		if err := checkNotEmpty(span, k, v); err != nil {
			return err
		}
	}
	span.Decide(RuleKey, true, "the whole primary key", t.keyNames())
	return nil
}

// checkKey looks whether a key is exactly the table's primary key.
func (t *table) checkKey(span *trace.Span, key item) error {
	held := len(key) == len(t.keys())
	for _, k := range t.keys() {
		held = held && key[k.name].kind == k.kind
	}
	if !span.Decide(RuleKey, held, "exactly "+t.keyNames(), describeKey(key)) {
		return validation("The provided key element does not match the schema")
	}
	for _, k := range t.keys() {
		if err := checkNotEmpty(span, k, key[k.name]); err != nil {
			return err
		}
	}
	return nil
}

func checkNotEmpty(span *trace.Span, k keyAttribute, v value) error {
	if v.text != "" {
		return nil
	}
	span.Decide(RuleKey, false, "a key value that is not empty", k.name+" is empty")
	return validation("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", k.name)
}

func (t *table) keyNames() string {
	if t.sort.name == "" {
		return t.hash.name
	}
	return t.hash.name + " and " + t.sort.name
}

func describeKey(key item) string {
	if len(key) == 0 {
		return "no attributes"
	}
	found := ""
	for i, name := range slices.Sorted(maps.Keys(key)) {
		if i > 0 {
			found += ", "
		}
		found += fmt.Sprintf("%s (%s)", name, key[name].kind)
	}
	return found
}

// sorted lists the items by partition key and sort key.
func (t *table) sorted() []item {
	items := make([]item, 0, len(t.items))
	for _, id := range slices.Sorted(maps.Keys(t.items)) {
		items = append(items, t.items[id])
	}
	sort.SliceStable(items, func(i, j int) bool { return t.compare(items[i], items[j]) < 0 })
	return items
}

// compare orders items by their keys.
func (t *table) compare(a, b item) int {
	for _, k := range t.keys() {
		if order, ok := compare(a[k.name], b[k.name]); ok && order != 0 {
			return order
		}
	}
	return 0
}
