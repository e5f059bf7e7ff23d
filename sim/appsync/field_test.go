package appsync

import "testing"

// memo is a schema whose Query.memo returns a type of its own; type, field and
// hello are the directives on them.
func memo(modes, typeDirectives, fieldDirectives string) string {
	return withSchema(modes, "type Query { hello: String memo: Memo "+fieldDirectives+" }\ntype Memo "+typeDirectives+" { text: String }") +
		resolverOf("Memo", "Query", "memo", `
          export const request = () => ({ payload: { text: 'buy ink' } });
          export const response = (ctx) => ctx.result;
`)
}

const (
	memoQuery  = "{ memo { text } }"
	memoAnswer = `{"data":{"memo":{"text":"buy ink"}}}`
	memoHidden = `{"data":{"memo":{"text":null}},"errors":[{"path":["memo","text"],"data":null,"errorType":"Unauthorized","errorInfo":null,` +
		`"locations":[{"line":1,"column":10,"sourceName":null}],"message":"Not Authorized to access text on type Memo"}]}`
)

func asUser(changes map[string]any, query string) func(*account) reply {
	return func(a *account) reply { return a.ask(idToken(a.T, changes), query) }
}

func hi(modes, directives string) string {
	return withSchema(modes, "type Query { hello: String "+directives+" }")
}

// fieldOutcomes are those of directives.
func fieldOutcomes() []outcome {
	const query = "{ hello }"
	no := denied("Query", "hello")
	writers := map[string]any{"cognito:groups": []any{"writers", "readers"}}
	nobody := map[string]any{"cognito:groups": nil}
	return []outcome{
		{"no directive, the default mode", pageAuth, hi(poolMode+alsoKey, ""), asUser(nil, query), 200, hello, ""},
		{"no directive, another mode", pageAuth, hi(poolMode+alsoKey, ""), withKey(query), 200, no, RuleDefaultMode},
		{"a directive for the other mode only, the default mode", pageAuth, hi(poolMode+alsoKey, "@aws_api_key"), asUser(nil, query), 200, no, RuleFieldMode},
		{"a directive for the other mode", pageAuth, hi(poolMode+alsoKey, "@aws_api_key"), withKey(query), 200, hello, ""},
		{"directives for both, the default mode", pageAuth, hi(poolMode+alsoKey, "@aws_api_key @aws_cognito_user_pools"), asUser(nil, query), 200, hello, ""},
		{"directives for both, the other mode", pageAuth, hi(poolMode+alsoKey, "@aws_api_key @aws_cognito_user_pools"), withKey(query), 200, hello, ""},
		{"the field is open, its type is not", pageAuth, memo(poolMode+alsoKey, "", "@aws_api_key"), withKey(memoQuery), 200, memoHidden, RuleDefaultMode},
		{"the field and its type are open", pageAuth, memo(poolMode+alsoKey, "@aws_api_key", "@aws_api_key"), withKey(memoQuery), 200, memoAnswer, ""},
		{"a type for the other mode only, the default mode", pageAuth, memo(poolMode+alsoKey, "@aws_api_key", ""), asUser(nil, memoQuery), 200, memoHidden, RuleFieldMode},
		{"the field's directive overrides the type's", pageAuth,
			withSchema(poolMode+alsoKey, "type Query @aws_api_key { hello: String @aws_cognito_user_pools }"), asUser(nil, query), 200, hello, ""},
		{"a group of the user", pageAuth, hi(poolMode, `@aws_cognito_user_pools(cognito_groups: ["admins", "editors"])`), asUser(nil, query), 200, hello, ""},
		{"one of several groups of the user", pageAuth, hi(poolMode, `@aws_cognito_user_pools(cognito_groups: ["readers"])`), asUser(writers, query), 200, hello, ""},
		{"no group of the user", pageAuth, hi(poolMode, `@aws_cognito_user_pools(cognito_groups: ["admins"])`), asUser(nil, query), 200, no, RuleGroups},
		{"a user without groups", pageAuth, hi(poolMode, `@aws_cognito_user_pools(cognito_groups: ["admins"])`), asUser(nobody, query), 200, no, RuleGroups},
		{"groups on a nested type", "https://github.com/aws/aws-appsync-community/issues/275",
			memo(poolMode, `@aws_cognito_user_pools(cognito_groups: ["admins"])`, ""), asUser(nil, memoQuery), 200, memoHidden, RuleGroups},
		{"@aws_auth with a group of the user", pageAuth, hi(poolMode, `@aws_auth(cognito_groups: ["editors"])`), asUser(nil, query), 200, hello, ""},
		{"@aws_auth with another group", pageAuth, hi(poolMode, `@aws_auth(cognito_groups: ["admins"])`), asUser(nil, query), 200, no, RuleGroups},
		{"@aws_auth beside another mode is ignored", "https://github.com/aws/aws-appsync-community/issues/275",
			hi(poolMode+alsoKey, `@aws_auth(cognito_groups: ["admins"])`), asUser(nil, query), 200, hello, ""},
		{"@aws_auth on a nested field is ignored", "https://github.com/aws/aws-appsync-community/issues/275",
			withSchema(poolMode, "type Query { hello: String memo: Memo }\ntype Memo { text: String @aws_auth(cognito_groups: [\"admins\"]) }") + resolverOf("Memo", "Query", "memo", `
          export const request = () => ({ payload: { text: 'buy ink' } });
          export const response = (ctx) => ctx.result;
`), asUser(nil, memoQuery), 200, memoAnswer, ""},
		{"DefaultAction DENY without a directive", pageAuth, hi(denyMode, ""), asUser(nil, query), 200, no, RuleDefaultAction},
		{"DefaultAction DENY with a directive", pageAuth, hi(denyMode, "@aws_cognito_user_pools"), asUser(nil, query), 200, hello, ""},
		{"DefaultAction DENY and a type without a directive", pageAuth, memo(denyMode, "", "@aws_cognito_user_pools"), asUser(nil, memoQuery), 200, memoHidden, RuleDefaultAction},
	}
}

// https://spec.graphql.org/October2021/#sec-Handling-Field-Errors
func TestADeniedFieldThatMustNotBeNullTakesItsParentAlong(t *testing.T) {
	for _, row := range []struct{ definition, want string }{
		{"type Query { hello: String! @aws_iam }", `{"data":null,`},
		{"type Query { hello: String memo: Memo } type Memo { text: String! @aws_iam note: String }", `{"data":{"memo":null},`},
	} {
		template := withSchema(keyMode+`, AdditionalAuthenticationProviders: [{AuthenticationType: AWS_IAM}]`, row.definition)
		query := "{ hello }"
		if row.want != `{"data":null,` {
			query = memoQuery
			template += resolverOf("Memo", "Query", "memo", `
          export const request = () => ({ payload: { text: 'buy ink', note: 'now' } });
          export const response = (ctx) => ctx.result;
`)
		}
		got := open(t, template).askKey(query)
		if got.status != 200 || len(got.body) < len(row.want) || got.body[:len(row.want)] != row.want {
			t.Errorf("%s: %d %s", row.definition, got.status, got.body)
		}
	}
}

func (a *account) askKey(query string) reply {
	a.T.Helper()
	return a.askWithKey(a.key(), query)
}
