package appsync

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// tableCall runs code against the table and returns the DynamoDB call.
func tableCall(t *testing.T, request string, output map[string]any) (api.Call, reply) {
	t.Helper()
	a := open(t, sourced(tableStore, `
          import { util } from '@aws-appsync/utils';
          export const request = (ctx) => (`+request+`);
          export const response = (ctx) => ({ id: 'x', text: JSON.stringify(ctx.result) });
`))
	a.answer = func(api.Call) (map[string]any, error) { return output, nil }
	got := asUser(nil, `{ memo(id: "m1") { text } }`)(a)
	return a.calls[len(a.calls)-1], got
}

// https://docs.aws.amazon.com/appsync/latest/devguide/js-resolver-reference-dynamodb.html
func TestRequestsToATable(t *testing.T) {
	id := map[string]any{"id": map[string]any{"S": "m1"}}
	for name, row := range map[string]struct {
		request   string
		operation string
		input     map[string]any
	}{
		"GetItem": {`{ operation: 'GetItem', key: util.dynamodb.toMapValues({ id: ctx.args.id }), consistentRead: true, projection: { expression: '#t', expressionNames: { '#t': 'text' } } }`, "GetItem",
			map[string]any{"Key": id, "ConsistentRead": true, "ProjectionExpression": "#t", "ExpressionAttributeNames": map[string]any{"#t": "text"}}},
		"PutItem": {`{ operation: 'PutItem', key: { id: util.dynamodb.toDynamoDB(ctx.args.id) }, attributeValues: util.dynamodb.toMapValues({ n: 2, gone: null, tags: ['a'] }), condition: { expression: 'attribute_not_exists(id)' } }`, "PutItem",
			map[string]any{"Item": map[string]any{"id": id["id"], "n": map[string]any{"N": "2"}, "gone": map[string]any{"NULL": true}, "tags": map[string]any{"L": []any{map[string]any{"S": "a"}}}},
				"ConditionExpression": "attribute_not_exists(id)"}},
		"UpdateItem": {`{ operation: 'UpdateItem', key: util.dynamodb.toMapValues({ id: 'm1' }), update: { expression: 'SET #n = :n', expressionNames: { '#n': 'n' }, expressionValues: { ':n': { N: 3 } } }, condition: { expression: '#o = :me', expressionNames: { '#o': 'owner' }, expressionValues: { ':me': util.dynamodb.toDynamoDB(ctx.identity.sub) } } }`, "UpdateItem",
			map[string]any{"Key": id, "ReturnValues": "ALL_NEW", "UpdateExpression": "SET #n = :n", "ConditionExpression": "#o = :me",
				"ExpressionAttributeNames": map[string]any{"#n": "n", "#o": "owner"}, "ExpressionAttributeValues": map[string]any{":n": map[string]any{"N": "3"}, ":me": map[string]any{"S": "5f0c"}}}},
		"DeleteItem": {`{ operation: 'DeleteItem', key: util.dynamodb.toMapValues({ id: 'm1' }) }`, "DeleteItem", map[string]any{"Key": id, "ReturnValues": "ALL_OLD"}},
		"Query": {`{ operation: 'Query', query: { expression: 'id = :id', expressionValues: util.dynamodb.toMapValues({ ':id': 'm1' }) }, limit: 5, scanIndexForward: false, nextToken: 'eyJpZCI6eyJTIjoibTAifX0=' }`, "Query",
			map[string]any{"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": map[string]any{":id": map[string]any{"S": "m1"}}, "Limit": 5.0, "ScanIndexForward": false,
				"ExclusiveStartKey": map[string]any{"id": map[string]any{"S": "m0"}}}},
		"Scan": {`{ operation: 'Scan', filter: { expression: 'n > :n', expressionValues: { ':n': { N: 1 } } } }`, "Scan",
			map[string]any{"FilterExpression": "n > :n", "ExpressionAttributeValues": map[string]any{":n": map[string]any{"N": "1"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			call, _ := tableCall(t, row.request, map[string]any{})
			row.input["TableName"] = "memos"
			if diff := cmp.Diff(row.input, call.Input); diff != "" || call.Operation != row.operation || call.Service != "dynamodb" {
				t.Errorf("%s:%s (-want +got):\n%s", call.Service, call.Operation, diff)
			}
		})
	}
}

func TestResultsOfATableArePlain(t *testing.T) {
	item := map[string]any{
		"id": map[string]any{"S": "m1"}, "n": map[string]any{"N": "2.5"}, "on": map[string]any{"BOOL": true}, "none": map[string]any{"NULL": true},
		"tags": map[string]any{"SS": []any{"a", "b"}}, "counts": map[string]any{"NS": []any{"1", "2"}},
		"deep": map[string]any{"M": map[string]any{"list": map[string]any{"L": []any{map[string]any{"S": "x"}}}}},
	}
	const plainText = `{\"counts\":[1,2],\"deep\":{\"list\":[\"x\"]},\"id\":\"m1\",\"n\":2.5,\"none\":null,\"on\":true,\"tags\":[\"a\",\"b\"]}`
	for name, row := range map[string]struct {
		request string
		output  map[string]any
		want    string
	}{
		"an item":        {`{ operation: 'GetItem', key: {} }`, map[string]any{"Item": item}, plainText},
		"no item":        {`{ operation: 'GetItem', key: {} }`, map[string]any{}, `null`},
		"a deleted item": {`{ operation: 'DeleteItem', key: {} }`, map[string]any{"Attributes": item}, plainText},
		"a written item": {`{ operation: 'PutItem', key: util.dynamodb.toMapValues({ id: 'm1' }), attributeValues: util.dynamodb.toMapValues({ n: 2 }) }`, map[string]any{}, `{\"id\":\"m1\",\"n\":2}`},
		"a page": {`{ operation: 'Scan' }`, map[string]any{"Items": []any{map[string]any{"id": map[string]any{"S": "m1"}}}, "ScannedCount": 1.0, "LastEvaluatedKey": map[string]any{"id": map[string]any{"S": "m1"}}},
			`{\"items\":[{\"id\":\"m1\"}],\"nextToken\":\"eyJpZCI6eyJTIjoibTEifX0=\",\"scannedCount\":1}`},
		"the last page": {`{ operation: 'Query', query: { expression: 'id = :id' } }`, map[string]any{"Items": []any{}, "ScannedCount": 0.0}, `{\"items\":[],\"nextToken\":null,\"scannedCount\":0}`},
	} {
		t.Run(name, func(t *testing.T) {
			_, got := tableCall(t, row.request, row.output)
			if want := `{"data":{"memo":{"text":"` + row.want + `"}}}`; got.body != want {
				t.Errorf("%s\nwant %s", got.body, want)
			}
		})
	}
}

// https://docs.aws.amazon.com/appsync/latest/devguide/pipeline-resolvers-js.html
func TestAPipelineHandsResultsOn(t *testing.T) {
	template := withSchema(poolMode, "type Query { hello: String memo: String }") + `
  First:
    Type: AWS::AppSync::FunctionConfiguration
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: First
      DataSourceName: !GetAtt Nothing.Name
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      Code: |
        export const request = (ctx) => { ctx.stash.trail.push('first'); return { payload: ctx.prev.result + 1 }; };
        export const response = (ctx) => ctx.result;
  Second:
    Type: AWS::AppSync::FunctionConfiguration
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: Second
      DataSourceName: !GetAtt Nothing.Name
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      Code: |
        import { util } from '@aws-appsync/utils';
        export const request = (ctx) => ({ payload: ctx.prev.result * 10 });
        export const response = (ctx) => {
          if (ctx.identity.username === 'eve') util.unauthorized();
          return ctx.result;
        };
  Memo:
    Type: AWS::AppSync::Resolver
    DependsOn: Schema
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Query
      FieldName: memo
      Kind: PIPELINE
      PipelineConfig: {Functions: [!GetAtt First.FunctionId, !GetAtt Second.FunctionId]}
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      Code: |
        export const request = (ctx) => { ctx.stash.trail = ['before']; return 4; };
        export const response = (ctx) => JSON.stringify([ctx.result, ctx.prev.result, ctx.stash.trail]);
`
	a := open(t, template)
	a.want(asUser(nil, "{ memo }")(a), 200, `{"data":{"memo":"[50,50,[\"before\",\"first\"]]"}}`, "")
	a.want(asUser(map[string]any{"cognito:username": "eve"}, "{ memo }")(a), 200, denied("Query", "memo"), RuleResolverUnauthorized)
}

func TestAConditionThatFailsIsTheCodesBusiness(t *testing.T) {
	a := open(t, sourced(tableStore, `
          import { util } from '@aws-appsync/utils';
          export const request = () => ({ operation: 'DeleteItem', key: util.dynamodb.toMapValues({ id: 'm1' }) });
          export function response(ctx) {
            if (ctx.error) util.error(ctx.error.message, ctx.error.type);
            return ctx.result;
          }
`))
	a.answer = func(api.Call) (map[string]any, error) {
		return nil, awserr.New("ConditionalCheckFailedException", "The conditional request failed")
	}
	a.want(asUser(nil, "{ memo { text } }")(a), 200, failed(`"DynamoDB:ConditionalCheckFailedException"`, "The conditional request failed", "null", "null"), RuleResolverError)
}

// A role's session is kept while it is valid.
func TestAServiceRoleIsAssumedOnce(t *testing.T) {
	a := open(t, sourced(lambdaStore, ""))
	for range 2 {
		asUser(nil, "{ a: memo { text } b: memo { text } }")(a)
	}
	assumed := 0
	for _, call := range a.calls {
		if call.Service == "sts" {
			assumed++
			if call.Caller.Service != "appsync.amazonaws.com" || call.Input["RoleSessionName"] != "APPSYNC_ASSUME_ROLE" {
				t.Errorf("the call is %+v", call)
			}
		}
	}
	if assumed != 1 {
		t.Errorf("the role was assumed %d times", assumed)
	}
}
