package appsync

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
)

// mapped is an API whose Query.memo is answered through mapping templates.
func mapped(store, request, response string) string {
	return withSchema(poolMode, "type Query { hello: String memo(id: ID): Memo }\ntype Memo { id: ID text: String }") + `
  Store:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: Store, ` + store + `}
  Memo:
    Type: AWS::AppSync::Resolver
    DependsOn: Schema
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Query
      FieldName: memo
      DataSourceName: !GetAtt Store.Name
      RequestMappingTemplate: |
` + indented(request) + `
      ResponseMappingTemplate: |
` + indented(response)
}

const (
	getMemo = `{ "version": "2018-05-29", "operation": "GetItem", "key": { "id": $util.dynamodb.toDynamoDBJson($ctx.args.id) } }`
	allMemo = `$util.toJson($ctx.result)`
)

// askMemo asks for memo m1 while the table holds an item of the owner.
func askMemo(owner string) func(*account) reply {
	return func(a *account) reply {
		a.answer = func(api.Call) (map[string]any, error) {
			return map[string]any{"Item": map[string]any{"id": map[string]any{"S": "m1"}, "text": map[string]any{"S": "buy ink"}, "owner": map[string]any{"S": owner}}}, nil
		}
		return asUser(nil, `{ memo(id: "m1") { text } }`)(a)
	}
}

// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference.html
func TestMappingTemplates(t *testing.T) {
	const (
		found   = `{"data":{"memo":{"text":"buy ink"}}}`
		byOwner = `#if($ctx.result.owner != $ctx.identity.sub) $util.unauthorized() #end` + "\n" + allMemo
	)
	for name, row := range map[string]struct {
		request, response string
		ask               func(*account) reply
		want              string
	}{
		"an item":                {getMemo, allMemo, askMemo("anybody"), found},
		"the owner":              {getMemo, byOwner, askMemo("5f0c"), found},
		"somebody else":          {getMemo, byOwner, askMemo("9a11"), denied("Query", "memo")},
		"$util.error":            {getMemo, `$util.error("no ink", "Ink", {"left": 0}, "refill")`, askMemo("5f0c"), failed(`"Ink"`, "no ink", `{"left":0}`, `"refill"`)},
		"$util.validate holds":   {getMemo, `$util.validate($ctx.result.owner == "5f0c", "no", "Owner")` + allMemo, askMemo("5f0c"), found},
		"$util.validate fails":   {getMemo, `$util.validate($ctx.result.owner == "5f0c", "no", "Owner")` + allMemo, askMemo("9a11"), failed(`"Owner"`, "no", "null", "null")},
		"what is no JSON":        {getMemo, `{ "text": }`, askMemo("5f0c"), failed(`"MappingTemplate"`, `Unable to parse the JSON document: '{ \"text\": }'`, "null", "null")},
		"$util.isNull":           {getMemo, `#if($util.isNull($ctx.result.nothing)) { "text": "$util.defaultIfNullOrBlank($ctx.result.none, 'none')" } #end`, askMemo("5f0c"), `{"data":{"memo":{"text":"none"}}}`},
		"the stash of a request": {`$util.qr($ctx.stash.put("who", $ctx.identity.username))` + getMemo, `{ "text": "$ctx.stash.who" }`, askMemo("5f0c"), `{"data":{"memo":{"text":"ana"}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := row.ask(open(t, mapped(tableStore, row.request, row.response))); got.body != row.want || got.status != 200 {
				t.Errorf("%d %s\nwant %s", got.status, got.body, row.want)
			}
		})
	}
}

func TestATemplateMakesTheRequest(t *testing.T) {
	a := open(t, mapped(tableStore, `{ "operation": "PutItem", "key": { "id": $util.dynamodb.toStringJson($ctx.args.id) },
  "attributeValues": $util.dynamodb.toMapValuesJson({"n": 2, "on": true, "at": $util.time.nowEpochSeconds(), "tags": ["a"]}) }`, allMemo))
	askMemo("5f0c")(a)
	want := map[string]any{"TableName": "memos", "Item": map[string]any{
		"id": map[string]any{"S": "m1"}, "n": map[string]any{"N": "2"}, "on": map[string]any{"BOOL": true}, "at": map[string]any{"N": "1772442000"},
		"tags": map[string]any{"L": []any{map[string]any{"S": "a"}}},
	}}
	if diff := cmp.Diff(want, a.calls[len(a.calls)-1].Input); diff != "" {
		t.Errorf("input (-want +got):\n%s", diff)
	}
}

// https://github.com/aws/aws-appsync-community/issues/82
func TestTheVersionOfATemplateSaysWhoseBusinessAnErrorIs(t *testing.T) {
	throws := func(api.Call) (map[string]any, error) {
		return map[string]any{"FunctionError": "Unhandled", "Payload": `{"errorMessage": "out of ink"}`}, nil
	}
	for version, want := range map[string]string{
		"2017-02-28": failed(`"Lambda:Unhandled"`, "out of ink", "null", "null"),
		"2018-05-29": `{"data":{"memo":{"text":"Lambda:Unhandled"}}}`,
	} {
		a := open(t, mapped(lambdaStore, `{ "version": "`+version+`", "operation": "Invoke", "payload": $util.toJson($ctx.args) }`, `{ "text": "$ctx.error.type" }`))
		a.answer = throws
		if got := asUser(nil, "{ memo { text } }")(a); got.body != want {
			t.Errorf("%s: %s\nwant %s", version, got.body, want)
		}
	}
}

func TestTemplatesThatCannotRun(t *testing.T) {
	for request, want := range map[string]string{
		`#if($ctx.args.id) {}`: "RequestMappingTemplate is not a valid template",
		`#return({})`:          "not simulated",
		`$util.transform.toDynamoDBFilterExpression({})`: "",
	} {
		err := empty(t).Deploy(mapped(tableStore, request, allMemo))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", request, err, want)
		}
	}
	a := open(t, mapped(tableStore, `{ "a": "$util.urlEncode($ctx.args.id)" }`, allMemo))
	created, _ := a.Stack.Resource("Api")
	_, err := a.appsync.Site().Serve(nil, api.HTTPRequest{
		Method: "POST", URL: created.Attributes["GraphQLUrl"], Header: api.Header{"authorization": {idToken(t, nil)}}, Body: `{"query":"{ memo { text } }"}`,
	})
	if err == nil || !strings.Contains(err.Error(), "$util.urlEncode") {
		t.Errorf("error %v", err)
	}
}
