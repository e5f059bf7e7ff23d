package appsync

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// coded is an API whose Query.memo is answered by code at the data source Nothing.
func coded(code string) string {
	return withSchema(poolMode, "type Query { hello: String memo(id: ID, size: Int = 3): Memo }\ntype Memo { id: ID text: String tags: [String!] }") + resolverOf("Memo", "Query", "memo", code)
}

// sourced is an API whose Query.memo is answered by code at a data source Store.
func sourced(store, code string) string {
	template := withSchema(poolMode, "type Query { hello: String memo(id: ID): Memo memos: [Memo] }\ntype Memo { id: ID text: String count: Int }") + `
  Store:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: Store, ` + store + `}
`
	if code == "" {
		return template + `
  Memo:
    Type: AWS::AppSync::Resolver
    DependsOn: Schema
    Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: memo, DataSourceName: !GetAtt Store.Name}
`
	}
	return template + resolverAt("Store", "Memo", "Query", "memo", code)
}

const (
	lambdaStore = `Type: AWS_LAMBDA, ServiceRoleArn: "arn:aws:iam::123456789012:role/desk", LambdaConfig: {LambdaFunctionArn: "` + functionARN + `"}`
	tableStore  = `Type: AMAZON_DYNAMODB, ServiceRoleArn: "arn:aws:iam::123456789012:role/desk", DynamoDBConfig: {TableName: memos, AwsRegion: us-east-1}`
	strangers   = `Type: AWS_LAMBDA, ServiceRoleArn: "arn:aws:iam::123456789012:role/stranger", LambdaConfig: {LambdaFunctionArn: "` + functionARN + `"}`
)

// failed is the response to a document whose one field, at column 3, failed.
func failed(errorType, message, data, info string) string {
	return `{"data":{"memo":null},"errors":[{"path":["memo"],"data":` + data + `,"errorType":` + errorType + `,"errorInfo":` + info +
		`,"locations":[{"line":1,"column":3,"sourceName":null}],"message":"` + message + `"}]}`
}

// resolverOutcomes are those of resolvers and data sources.
func resolverOutcomes() []outcome {
	const (
		pageUtil   = "https://docs.aws.amazon.com/appsync/latest/devguide/resolver-util-reference-js.html"
		pageLambda = "https://github.com/aws/aws-appsync-community/issues/209"
		query      = "{ memo { text } }"
		pass       = "\n          export const response = (ctx) => ctx.result;\n"
	)
	user := asUser(nil, query)
	throws := func(api.Call) (map[string]any, error) {
		return map[string]any{"FunctionError": "Unhandled", "Payload": `{"errorType": "Error", "errorMessage": "out of ink"}`}, nil
	}
	return []outcome{
		{"util.unauthorized()", pageContext, coded("\n          import { util } from '@aws-appsync/utils';\n          export const request = () => util.unauthorized();" + pass), user, 200, denied("Query", "memo"), RuleResolverUnauthorized},
		{"util.error in the request", pageUtil, coded("\n          import { util } from '@aws-appsync/utils';\n          export const request = () => util.error('no ink', 'Ink', { left: 0 }, 'refill');" + pass), user, 200,
			failed(`"Ink"`, "no ink", `{"left":0}`, `"refill"`), RuleResolverError},
		{"util.error without a type", pageUtil, coded("\n          import { util } from '@aws-appsync/utils';\n          export const request = () => util.error('no ink');" + pass), user, 200,
			failed("null", "no ink", "null", "null"), RuleResolverError},
		{"util.appendError", pageUtil, coded("\n          import { util } from '@aws-appsync/utils';\n          export const request = () => ({ payload: { text: 'ok' } });\n          export const response = (ctx) => { util.appendError('low', 'Ink'); return ctx.result; };\n"), user, 200,
			`{"data":{"memo":{"text":"ok"}},"errors":[{"path":["memo"],"data":null,"errorType":"Ink","errorInfo":null,"locations":[{"line":1,"column":3,"sourceName":null}],"message":"low"}]}`, ""},
		{"an exception in the code", pageUtil, coded("\n          export const request = (ctx) => ({ payload: ctx.source.text });" + pass), user, 200,
			failed(`"Code"`, "Runtime Error", "null", "null"), RuleResolverError},
		{"an early return", pageUtil, coded("\n          import { runtime } from '@aws-appsync/utils';\n          export const request = () => runtime.earlyReturn({ text: 'early' });" + pass), user, 200,
			`{"data":{"memo":{"text":"early"}}}`, ""},
		{"a function that throws, without code", pageLambda, sourced(lambdaStore, ""), func(a *account) reply {
			a.answer = throws
			return user(a)
		}, 200, failed(`"Lambda:Unhandled"`, "out of ink", "null", "null"), RuleResolverError},
		{"a function that throws, and code that looks away", pageUtil, sourced(lambdaStore, "\n          export const request = (ctx) => ({ operation: 'Invoke', payload: ctx.args });"+pass), func(a *account) reply {
			a.answer = throws
			return user(a)
		}, 200, `{"data":{"memo":null}}`, ""},
		{"a function that throws, and code that hands it on", pageUtil, sourced(lambdaStore, "\n          import { util } from '@aws-appsync/utils';\n          export const request = (ctx) => ({ operation: 'Invoke', payload: ctx.args });\n          export const response = (ctx) => util.error(ctx.error.message, ctx.error.type);\n"), func(a *account) reply {
			a.answer = throws
			return user(a)
		}, 200, failed(`"Lambda:Unhandled"`, "out of ink", "null", "null"), RuleResolverError},
		{"a function answers", pageLambda, sourced(lambdaStore, ""), func(a *account) reply {
			a.answer = answering(`{"text": "buy ink"}`)
			return user(a)
		}, 200, `{"data":{"memo":{"text":"buy ink"}}}`, ""},
		{"a service role that AppSync cannot assume", "https://github.com/serverless/serverless-graphql/issues/351", sourced(strangers, ""), user, 200,
			failed(`"Unauthorized"`, "Unable to assume role arn:aws:iam::123456789012:role/stranger", "null", "null"), RuleServiceRole},
		{"a service role without permission", pageUtil, sourced(lambdaStore, ""), func(a *account) reply {
			a.answer = func(api.Call) (map[string]any, error) {
				return nil, awserr.WithStatus(403, "AccessDeniedException", "not allowed")
			}
			return user(a)
		}, 200, failed(`"Lambda:AccessDeniedException"`, "not allowed", "null", "null"), RuleResolverError},
		{"an item of a table", pageUtil, sourced(tableStore, "\n          import { util } from '@aws-appsync/utils';\n          export const request = (ctx) => ({ operation: 'GetItem', key: util.dynamodb.toMapValues({ id: 'm1' }) });"+pass), func(a *account) reply {
			a.answer = func(api.Call) (map[string]any, error) {
				return map[string]any{"Item": map[string]any{"id": map[string]any{"S": "m1"}, "text": map[string]any{"S": "buy ink"}, "count": map[string]any{"N": "2"}}}, nil
			}
			return asUser(nil, "{ memo { text count } }")(a)
		}, 200, `{"data":{"memo":{"text":"buy ink","count":2}}}`, ""},
	}
}

// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html
func TestAFunctionWithoutCodeGetsTheContext(t *testing.T) {
	a := open(t, sourced(lambdaStore, ""))
	asUser(nil, `query Q { m: memo(id: "m1") { text } }`)(a)
	call := a.calls[len(a.calls)-1]
	if call.Input["FunctionName"] != functionARN || call.Caller.Credentials.AccessKeyID != "ASIAROLE" {
		t.Errorf("the call is %+v", call)
	}
	var event map[string]any
	if err := json.Unmarshal([]byte(call.Input["Payload"].(string)), &event); err != nil {
		t.Fatal(err)
	}
	identity := event["identity"].(map[string]any)
	claims := identity["claims"].(map[string]any)
	delete(identity, "claims")
	want := map[string]any{
		"sub": "5f0c", "issuer": poolIssuer, "username": "ana", "groups": []any{"editors"}, "sourceIp": []any{"203.0.113.9"}, "defaultAuthStrategy": "ALLOW",
	}
	if diff := cmp.Diff(want, identity); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	if claims["token_use"] != "id" || claims["cognito:groups"].([]any)[0] != "editors" {
		t.Errorf("claims are %v", claims)
	}
	info := map[string]any{
		"fieldName": "memo", "parentTypeName": "Query", "variables": map[string]any{}, "selectionSetList": []any{"text"}, "selectionSetGraphQL": "{\n  text\n}",
	}
	if diff := cmp.Diff(info, event["info"]); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"id": "m1"}, event["arguments"]); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
}

func TestIdentityOfTheOtherModes(t *testing.T) {
	const code = `
          export const request = (ctx) => ({ payload: JSON.stringify(ctx.identity) });
          export const response = (ctx) => ctx.result;
`
	who := func(modes string) string {
		return withSchema(modes, "type Query { hello: String who: String }") + resolverOf("Who", "Query", "who", code)
	}
	for name, row := range map[string]struct {
		template string
		request  func(*account) reply
		want     string
	}{
		"an API key": {who(keyMode), withKey("{ who }"), `null`},
		"AWS_IAM": {who(iamMode), signed("{ who }", "Query.who"),
			`{"accountId":"123456789012","cognitoIdentityAuthProvider":null,"cognitoIdentityAuthType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,` +
				`"sourceIp":["203.0.113.9"],"userArn":"arn:aws:sts::123456789012:assumed-role/desk/desk","username":"AROA:desk"}`},
		"AWS_IAM through an identity pool": {who(iamMode), func(a *account) reply {
			request := signed("{ who }", "Query.who")
			request(a)
			a.signer.Keys = map[string][]string{
				"cognito-identity.amazonaws.com:aud": {"us-east-1:pool"}, "cognito-identity.amazonaws.com:sub": {"us-east-1:id"},
				"cognito-identity.amazonaws.com:amr": {"authenticated", "graph.facebook.com"},
			}
			return a.ask(signature, "{ who }")
		}, `{"accountId":"123456789012","cognitoIdentityAuthProvider":"\"graph.facebook.com\"","cognitoIdentityAuthType":"authenticated","cognitoIdentityId":"us-east-1:id",` +
			`"cognitoIdentityPoolId":"us-east-1:pool","sourceIp":["203.0.113.9"],"userArn":"arn:aws:sts::123456789012:assumed-role/desk/desk","username":"AROA:desk"}`},
		"AWS_LAMBDA": {who(lambdaAlone), func(a *account) reply {
			a.answer = answering(`{"isAuthorized": true, "resolverContext": {"team": "desk"}}`)
			return a.ask("desk-7", "{ who }")
		}, `{"resolverContext":{"team":"desk"}}`},
		"OPENID_CONNECT": {who(`AuthenticationType: OPENID_CONNECT, OpenIDConnectConfig: {Issuer: "https://login.example.com"}`), func(a *account) reply {
			return a.ask(token(a.T, map[string]any{"iss": oidcIssuer, "sub": "u-1"}, map[string]any{"iat": nil, "exp": 1772445600}, issuerKey()), "{ who }")
		}, `{"claims":{"exp":1772445600,"iss":"https://login.example.com","sub":"u-1"},"issuer":"https://login.example.com","sub":"u-1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := row.request(open(t, row.template))
			var answer struct{ Data struct{ Who string } }
			if err := json.Unmarshal([]byte(got.body), &answer); err != nil || answer.Data.Who != row.want {
				t.Errorf("%s\nwant %s", got.body, row.want)
			}
		})
	}
}
