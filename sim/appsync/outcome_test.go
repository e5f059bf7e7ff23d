package appsync

import (
	"testing"

	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	pageAuth    = "https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html"
	pageTrouble = "https://repost.aws/knowledge-center/aws-appsync-graphql-request-unauth-error"
	pageWire    = "https://github.com/graphql/graphql-over-http/issues/81"
	pageContext = "https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html"
)

// outcome is one row of what AppSync answers.
type outcome struct {
	name, source string
	// template makes the API.
	template string
	request  func(*account) reply
	status   int
	body     string
	rule     trace.RuleID
}

func outcomes() []outcome {
	var all []outcome
	for _, list := range [][]outcome{modeOutcomes(), tokenOutcomes(), authorizerOutcomes(), requestOutcomes(), fieldOutcomes(), resolverOutcomes()} {
		all = append(all, list...)
	}
	return all
}

func TestOutcomes(t *testing.T) {
	for _, o := range outcomes() {
		t.Run(o.name, func(t *testing.T) {
			a := open(t, o.template)
			got := o.request(a)
			if got.status != o.status || got.body != o.body || got.decider != o.rule {
				t.Errorf("%s:\n%d %s\nby %q\nwant %d %s\nby %q", o.source, got.status, got.body, got.decider, o.status, o.body, o.rule)
			}
		})
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	var cover tracetest.Coverage
	for _, o := range outcomes() {
		a := open(t, o.template)
		a.Cover = &cover
		o.request(a)
	}
	cover.Require(t, Rules())
}

func TestRulesAreListedOnceWithTheirSources(t *testing.T) {
	seen := map[trace.RuleID]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || r.Statement == "" || r.Source == "" || r.Confidence == "" {
			t.Errorf("rule %+v is listed twice or not whole", r)
		}
		seen[r.ID] = true
	}
}

// simple is an API with Query.hello, answered by its resolver, in the modes that
// the properties say.
func simple(modes string) string {
	return withSchema(modes, "type Query { hello: String }")
}

// withSchema is an API with a schema whose Query.hello says hi.
func withSchema(modes, definition string) string {
	return `
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: desk, ` + modes + `}
  Key: {Type: AWS::AppSync::ApiKey, Properties: {ApiId: !GetAtt Api.ApiId}}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: |
` + indented(definition) + `
  Nothing:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: Nothing, Type: NONE}
` + resolverOf("Hello", "Query", "hello", `
          export const request = () => ({ payload: 'hi' });
          export const response = (ctx) => ctx.result;
`)
}

// resolverOf is a UNIT resolver of the data source Nothing.
func resolverOf(id, typeName, fieldName, code string) string {
	return resolverAt("Nothing", id, typeName, fieldName, code)
}

func resolverAt(source, id, typeName, fieldName, code string) string {
	return `
  ` + id + `:
    Type: AWS::AppSync::Resolver
    DependsOn: Schema
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: ` + typeName + `
      FieldName: ` + fieldName + `
      DataSourceName: !GetAtt ` + source + `.Name
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      Code: |` + code
}

const hello = `{"data":{"hello":"hi"}}`

// denied is the response to a document that asks for one field, on line 1, and is
// denied it.
func denied(typeName, field string) string {
	return `{"data":{"` + field + `":null},"errors":[{"path":["` + field + `"],"data":null,"errorType":"Unauthorized","errorInfo":null,` +
		`"locations":[{"line":1,"column":3,"sourceName":null}],"message":"Not Authorized to access ` + field + ` on type ` + typeName + `"}]}`
}
