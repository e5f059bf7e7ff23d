package dynamodb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/dynamodb"
)

// object and list are trees of JSON values.
type (
	object = map[string]any
	list   = []any
)

const notes = `
Resources:
  Notes:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: notes
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: owner, AttributeType: S}, {AttributeName: at, AttributeType: N}]
      KeySchema: [{AttributeName: owner, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]
`

// account is DynamoDB with what has been deployed and recorded.
type account struct{ *apitest.Bench }

func newAccount(t *testing.T) *account {
	t.Helper()
	w := apitest.NewWorld()
	return &account{apitest.NewBench(t, w, dynamodb.New(w))}
}

func deployed(t *testing.T) *account {
	t.Helper()
	a := newAccount(t)
	if err := a.Deploy(notes); err != nil {
		t.Fatal(err)
	}
	return a
}

// onNotes fills in the table.
func onNotes(input object) object {
	if input["TableName"] == nil {
		input["TableName"] = "notes"
	}
	return input
}

func (a *account) call(name string, input object) (object, error) {
	a.T.Helper()
	return a.Run(name, onNotes(input))
}

func (a *account) must(name string, input object) object {
	a.T.Helper()
	return a.Must(name, onNotes(input))
}

func s(text string) object   { return object{"S": text} }
func n(number string) object { return object{"N": number} }

func note(owner, at, text string) object {
	return object{"owner": s(owner), "at": n(at), "text": s(text)}
}

func key(owner, at string) object { return object{"owner": s(owner), "at": n(at)} }

func filled(t *testing.T) *account {
	t.Helper()
	a := deployed(t)
	for _, item := range []object{note("ana", "10", "ten"), note("bob", "1", "other"), note("ana", "9", "nine")} {
		a.must("PutItem", object{"Item": item})
	}
	return a
}

func want(t *testing.T, err error, code, message string) {
	t.Helper()
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("error is %v, want %s", err, code)
	}
	if diff := cmp.Diff(&awserr.Error{Code: code, Message: message, Status: 400}, refusal); diff != "" {
		t.Errorf("refusal (-want +got):\n%s", diff)
	}
}

func TestItemComesBackAsItWasPut(t *testing.T) {
	a := deployed(t)
	item := object{
		"owner": s("ana"), "at": n("1"), "done": object{"BOOL": false}, "none": object{"NULL": true}, "empty": s(""),
		"tags": object{"SS": list{"a", "b"}}, "sizes": object{"NS": list{"1", "2.5"}},
		"list": object{"L": list{s("x"), n("-3")}}, "map": object{"M": object{"inner": object{"L": list{}}}},
	}
	a.must("PutItem", object{"Item": item})
	got := a.must("GetItem", object{"Key": key("ana", "1.0")})
	if diff := cmp.Diff(object{"Item": item}, got); diff != "" {
		t.Errorf("item (-want +got):\n%s", diff)
	}
	a.must("DeleteItem", object{"Key": key("ana", "1")})
	if got := a.must("GetItem", object{"Key": key("ana", "1")}); len(got) != 0 {
		t.Errorf("a deleted item is read as %v", got)
	}
}

// Sources: https://github.com/baopham/laravel-dynamodb/issues/44, https://github.com/aws/aws-sdk-js/issues/4057 (observed),
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
func TestKeyThatIsNotTheTablesIsRefused(t *testing.T) {
	const mismatch = "The provided key element does not match the schema"
	for name, tc := range map[string]struct {
		operation string
		input     object
		message   string
	}{
		"half a key":      {"GetItem", object{"Key": object{"owner": s("ana")}}, mismatch},
		"more than a key": {"DeleteItem", object{"Key": note("ana", "1", "x")}, mismatch},
		"wrong type":      {"GetItem", object{"Key": object{"owner": s("ana"), "at": s("1")}}, mismatch},
		"item without":    {"PutItem", object{"Item": object{"owner": s("ana")}}, "One or more parameter values were invalid: Missing the key at in the item"},
		"item wrong type": {"PutItem", object{"Item": object{"owner": n("1"), "at": n("1")}}, "One or more parameter values were invalid: Type mismatch for key owner expected: S actual: N"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := deployed(t).call(tc.operation, tc.input)
			want(t, err, "ValidationException", tc.message)
		})
	}
}

// Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
func TestValueThatIsNotTypedIsRefused(t *testing.T) {
	for name, value := range map[string]any{
		"plain text": "ana", "nothing": object{}, "two types": object{"S": "a", "N": "1"}, "unknown type": object{"X": "a"},
		"number as number": object{"N": 1.0}, "no number": n("one"), "39 digits": n(strings.Repeat("1", 39)), "empty set": object{"SS": list{}},
		"twice in a set": object{"NS": list{"1", "1.0"}}, "NULL false": object{"NULL": false}, "inside a list": object{"L": list{"x"}},
	} {
		t.Run(name, func(t *testing.T) {
			item := note("ana", "1", "x")
			item["value"] = value
			_, err := deployed(t).call("PutItem", object{"Item": item})
			var refusal *awserr.Error
			if !errors.As(err, &refusal) || (refusal.Code != "ValidationException" && refusal.Code != "SerializationException") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// Source: https://github.com/hashicorp-education/learn-terraform-aft-account-request/issues/4 (observed)
func TestTableThatDoesNotExistIsRefused(t *testing.T) {
	_, err := deployed(t).call("GetItem", object{"TableName": "other", "Key": key("ana", "1")})
	want(t, err, "ResourceNotFoundException", "Requested resource not found")
}

// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
func TestConditionGuardsAWrite(t *testing.T) {
	a := deployed(t)
	put := func(condition string) error {
		_, err := a.call("PutItem", object{"Item": note("ana", "1", "x"), "ConditionExpression": condition})
		return err
	}
	want(t, put("attribute_exists(#missing)"), "ValidationException",
		"Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #missing")
	want(t, put("attribute_exists(at)"), "ValidationException",
		"Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: at")
	if err := put("attribute_not_exists(details)"); err != nil {
		t.Errorf("the first put: %v", err)
	}
	names := object{"#o": "owner"}
	_, err := a.call("PutItem", object{"Item": note("ana", "1", "y"), "ConditionExpression": "attribute_not_exists(#o)", "ExpressionAttributeNames": names})
	want(t, err, "ConditionalCheckFailedException", "The conditional request failed")
	got := a.must("GetItem", object{"Key": key("ana", "1")})
	if diff := cmp.Diff(note("ana", "1", "x"), got["Item"]); diff != "" {
		t.Errorf("a refused write changed the item (-want +got):\n%s", diff)
	}
}

// Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
func TestQueryReadsOnePartitionInTheOrderOfItsNumbers(t *testing.T) {
	a := filled(t)
	input := object{
		"KeyConditionExpression":    "#o = :o",
		"ExpressionAttributeNames":  object{"#o": "owner"},
		"ExpressionAttributeValues": object{":o": s("ana")},
	}
	got := a.must("Query", input)
	wanted := object{"Items": list{note("ana", "9", "nine"), note("ana", "10", "ten")}, "Count": 2.0, "ScannedCount": 2.0}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	input["KeyConditionExpression"] = "#o = :o AND #at = :at"
	input["ExpressionAttributeNames"] = object{"#o": "owner", "#at": "at"}
	input["ExpressionAttributeValues"] = object{":o": s("ana"), ":at": n("10")}
	if got := a.must("Query", input); got["Count"] != 1.0 {
		t.Errorf("with a sort key: %v", got)
	}
	if got := a.must("Scan", object{}); got["Count"] != 3.0 {
		t.Errorf("scan: %v", got)
	}
}

func TestQueryWithoutThePartitionKeyIsRefused(t *testing.T) {
	_, err := filled(t).call("Query", object{
		"KeyConditionExpression": "#at = :at", "ExpressionAttributeNames": object{"#at": "at"}, "ExpressionAttributeValues": object{":at": n("1")},
	})
	want(t, err, "ValidationException", "Query condition missed key schema element: owner")
}

// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func TestOperationsAreAuthorizedAgainstTheTableAndItsLeadingKey(t *testing.T) {
	a := deployed(t)
	const table = "arn:aws:dynamodb:us-east-1:123456789012:table/notes"
	ana := map[string][]string{"dynamodb:LeadingKeys": {"ana"}}
	for name, tc := range map[string]struct {
		input object
		keys  map[string][]string
	}{
		"PutItem":    {object{"Item": note("ana", "1", "x")}, ana},
		"GetItem":    {object{"Key": key("ana", "1")}, ana},
		"DeleteItem": {object{"Key": key("ana", "1")}, ana},
		"Query":      {object{"KeyConditionExpression": "#o = :o", "ExpressionAttributeNames": object{"#o": "owner"}, "ExpressionAttributeValues": object{":o": s("ana")}}, ana},
		"Scan":       {object{}, nil},
	} {
		for _, table := range []string{"notes", table} {
			tc.input["TableName"] = table
			op := a.Operation(name)
			in, faults := op.Decode(tc.input)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if diff := cmp.Diff(api.Target{Resource: "arn:aws:dynamodb:us-east-1:123456789012:table/notes", Keys: tc.keys}, op.Target(in)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// Source: https://github.com/aws-amplify/aws-sdk-android/issues/784 (observed)
func TestDenialHasStatus400(t *testing.T) {
	want(t, dynamodb.New(apitest.NewWorld()).Service().Denial("User: …"), "AccessDeniedException", "User: …")
}

func TestTableWithoutANameGetsOne(t *testing.T) {
	a := newAccount(t)
	if err := a.Deploy(strings.Replace(notes, "      TableName: notes\n", "", 1)); err != nil {
		t.Fatal(err)
	}
	created, _ := a.Stack.Resource("Notes")
	if !strings.HasPrefix(created.Ref, "claimcheck-Notes-") || !strings.HasSuffix(created.Attributes["Arn"], ":table/"+created.Ref) {
		t.Errorf("created %+v", created)
	}
}

func TestExpressionsNeverPanic(t *testing.T) {
	a := filled(t)
	for _, e := range []string{"", "(", ")", "=", "AND", "#", ":", ":v", "#o", "#o =", "#o = :o AND", "begins_with", "begins_with(", "begins_with(:o, #o)", "size(", "a.", "a[", "a[9999999999999999999]", "NOT", "#o IN (", "#o BETWEEN :o", "\xff"} {
		values := object{":o": s("ana")}
		for name, input := range map[string]object{
			"Query":      {"KeyConditionExpression": e, "ExpressionAttributeNames": object{"#o": "owner"}, "ExpressionAttributeValues": values},
			"Scan":       {"FilterExpression": e, "ExpressionAttributeNames": object{"#o": "owner"}, "ExpressionAttributeValues": values},
			"PutItem":    {"Item": note("ana", "1", "x"), "ConditionExpression": e, "ExpressionAttributeNames": object{"#o": "owner"}, "ExpressionAttributeValues": values},
			"UpdateItem": {"Key": key("ana", "1"), "UpdateExpression": e, "ExpressionAttributeNames": object{"#o": "owner"}, "ExpressionAttributeValues": values},
			"GetItem":    {"Key": key("ana", "1"), "ProjectionExpression": e, "ExpressionAttributeNames": object{"#o": "owner"}},
		} {
			if _, err := a.call(name, input); err != nil && !errors.As(err, new(*awserr.Error)) {
				t.Errorf("%s %q: %v", name, e, err)
			}
		}
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	a := filled(t)
	for _, input := range []object{
		{"TableName": "other", "Item": note("ana", "1", "x")},
		{"Item": object{"owner": "ana"}},
		{"Item": object{"owner": s("ana")}},
		{"Item": note("ana", "1", "x"), "ConditionExpression": "("},
		{"Item": note("ana", "1", "x"), "ConditionExpression": "attribute_exists(details)"},
	} {
		if _, err := a.call("PutItem", input); err == nil {
			t.Errorf("%v is put", input)
		}
	}
	a.must("PutItem", object{"Item": note("ana", "1", "x"), "ConditionExpression": "attribute_not_exists(details)"})
	a.Cover.Require(t, dynamodb.Rules())
}

// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
func TestUpdateChangesWhatItsExpressionNames(t *testing.T) {
	for expression, wanted := range map[string]object{
		"SET n = n + :one":                    {"n": n("2"), "l": object{"L": list{s("a")}}},
		"SET n = n - :one":                    {"n": n("0"), "l": object{"L": list{s("a")}}},
		"SET n = if_not_exists(n, :one)":      {"n": n("1"), "l": object{"L": list{s("a")}}},
		"SET k = if_not_exists(k, :one)":      {"n": n("1"), "k": n("1"), "l": object{"L": list{s("a")}}},
		"SET l[0] = :one REMOVE n":            {"l": object{"L": list{n("1")}}},
		"SET l = list_append(l, l), k = :one": {"n": n("1"), "k": n("1"), "l": object{"L": list{s("a"), s("a")}}},
		"REMOVE l[0], nothing ADD n :one":     {"n": n("2"), "l": object{"L": list{}}},
	} {
		t.Run(expression, func(t *testing.T) {
			a := deployed(t)
			item := key("ana", "1")
			item["n"], item["l"] = n("1"), object{"L": list{s("a")}}
			a.must("PutItem", object{"Item": item})
			input := object{"Key": key("ana", "1"), "UpdateExpression": expression, "ReturnValues": "ALL_NEW"}
			if strings.Contains(expression, ":one") {
				input["ExpressionAttributeValues"] = object{":one": n("1")}
			}
			got := a.must("UpdateItem", input)
			for name, value := range key("ana", "1") {
				wanted[name] = value
			}
			if diff := cmp.Diff(object{"Attributes": wanted}, got); diff != "" {
				t.Errorf("item (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdateThatIsRefusedChangesNothing(t *testing.T) {
	for expression, message := range map[string]string{
		"SET wanted = nothing":         "The provided expression refers to an attribute that does not exist in the item",
		"SET text = details + details": "The provided expression refers to an attribute that does not exist in the item",
		"SET details.part = text":      "The document path provided in the update expression is invalid for update",
	} {
		t.Run(expression, func(t *testing.T) {
			a := filled(t)
			input := object{"Key": key("ana", "9"), "UpdateExpression": strings.ReplaceAll(expression, "text", "#text"), "ExpressionAttributeNames": object{"#text": "text"}}
			if !strings.Contains(expression, "text") {
				delete(input, "ExpressionAttributeNames")
			}
			_, err := a.call("UpdateItem", input)
			want(t, err, "ValidationException", message)
			if diff := cmp.Diff(object{"Item": note("ana", "9", "nine")}, a.must("GetItem", object{"Key": key("ana", "9")})); diff != "" {
				t.Errorf("item (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdateOfTheKeyIsRefused(t *testing.T) {
	_, err := filled(t).call("UpdateItem", object{
		"Key": key("ana", "9"), "UpdateExpression": "SET #o = :b",
		"ExpressionAttributeNames": object{"#o": "owner"}, "ExpressionAttributeValues": object{":b": s("bob")},
	})
	want(t, err, "ValidationException", "One or more parameter values were invalid: Cannot update attribute owner. This attribute is part of the key")
}

// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
func TestPlaceholderThatNoExpressionUsesIsRefused(t *testing.T) {
	unused := object{"#unused": "x"}
	for name, input := range map[string]object{
		"GetItem": {"Key": key("ana", "9"), "ExpressionAttributeNames": unused},
		"Scan":    {"FilterExpression": "attribute_exists(details)", "ExpressionAttributeNames": unused},
		"PutItem": {"Item": note("ana", "1", "x"), "ConditionExpression": "attribute_exists(details)", "ExpressionAttributeNames": unused},
	} {
		if _, err := filled(t).call(name, input); !errors.As(err, new(*awserr.Error)) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestQueryTakesAPrefixOfATextSortKey(t *testing.T) {
	a := newAccount(t)
	if err := a.Deploy(strings.Replace(notes, "AttributeType: N", "AttributeType: S", 1)); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"2026-01", "2026-02", "2025-12"} {
		a.must("PutItem", object{"Item": object{"owner": s("ana"), "at": s(at)}})
	}
	got := a.must("Query", object{
		"KeyConditionExpression":    "#o = :o AND begins_with(#at, :y)",
		"ExpressionAttributeNames":  object{"#o": "owner", "#at": "at"},
		"ExpressionAttributeValues": object{":o": s("ana"), ":y": s("2026")},
		"ScanIndexForward":          false, "Limit": 1.0,
	})
	if got["Count"] != 1.0 || !cmp.Equal(got["LastEvaluatedKey"], any(object{"owner": s("ana"), "at": s("2026-02")})) {
		t.Errorf("query: %v", got)
	}
}

func TestBillingModeThatAWSDoesNotHaveIsRefused(t *testing.T) {
	err := newAccount(t).Deploy(strings.Replace(notes, "PAY_PER_REQUEST", "ON_DEMAND", 1))
	if !errors.As(err, new(*awserr.Error)) {
		t.Errorf("error is %v", err)
	}
}
