package dynamodb

import "claimcheck/sim/trace"

// The rules of DynamoDB.
const (
	RuleTableExists trace.RuleID = "dynamodb.table-exists"
	RuleValue       trace.RuleID = "dynamodb.attribute-value"
	RuleKey         trace.RuleID = "dynamodb.key"
	RuleExpression  trace.RuleID = "dynamodb.expression"
	RuleCondition   trace.RuleID = "dynamodb.condition"
)

// Rules lists the rules of this package.
func Rules() []trace.Rule {
	return []trace.Rule{{
		ID:         RuleTableExists,
		Statement:  "An operation on items names a table that exists in the account and Region.",
		Source:     "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleValue,
		Statement:  "An attribute value names exactly one data type, and its number, set or text fits that type.",
		Source:     "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleKey,
		Statement:  "A request names the whole primary key of the table and nothing else as its key, with the types of the key schema.",
		Source:     "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleExpression,
		Statement:  "An expression follows the grammar, uses no reserved word as a name, and uses every placeholder that is given.",
		Source:     "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleCondition,
		Statement:  "A write with a ConditionExpression happens only if the condition holds for the item as it stands.",
		Source:     "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html",
		Confidence: trace.Documented,
	}}
}
