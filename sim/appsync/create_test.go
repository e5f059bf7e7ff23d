package appsync

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
)

// also adds resources to the simple API.
func also(resources string) string { return simple(keyMode) + resources }

// TestTemplatesThatAWSRefuses names what AppSync answers to CreateGraphqlApi and
// its like.
func TestTemplatesThatAWSRefuses(t *testing.T) {
	const (
		reference  = "https://docs.aws.amazon.com/appsync/latest/APIReference/"
		badRequest = "BadRequestException"
		notFound   = "NotFoundException"
	)
	twice := `, AdditionalAuthenticationProviders: [{AuthenticationType: API_KEY}]`
	for name, row := range map[string]struct{ source, template, code, message string }{
		"a user pool without configuration": {pageAuth, simple(`AuthenticationType: AMAZON_COGNITO_USER_POOLS`), badRequest, "UserPoolConfig"},
		"a user pool without DefaultAction": {pageAuth, simple(`AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: us-east-1_Desk12345}`), badRequest, "DefaultAction"},
		"a provider without configuration":  {pageAuth, simple(`AuthenticationType: OPENID_CONNECT`), badRequest, "Issuer"},
		"an authorizer without a function":  {pageAuth, simple(`AuthenticationType: AWS_LAMBDA`), badRequest, "AuthorizerUri"},
		"a TTL of more than an hour": {pageAuth, simple(`AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: "` + functionARN + `", AuthorizerResultTtlInSeconds: 3601}`),
			badRequest, "not between 0 and 3600"},
		"an authorizer of another account": {pageAuth, simple(`AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: "arn:aws:lambda:us-east-1:999999999999:function:gate"}`),
			badRequest, "in another account"},
		"API keys twice": {pageAuth, simple(keyMode + twice), badRequest, "more than once"},
		"two Lambda authorizers": {pageAuth, simple(lambdaAlone + `, AdditionalAuthenticationProviders: [{AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: "` + functionARN + `2"}}]`),
			badRequest, "more than once"},
		"AWS_IAM twice":                     {pageAuth, simple(`AuthenticationType: AWS_IAM, AdditionalAuthenticationProviders: [{AuthenticationType: AWS_IAM}]`), badRequest, "more than once"},
		"the same user pool twice":          {pageAuth, simple(poolMode + `, AdditionalAuthenticationProviders: [{AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: us-east-1_Desk12345}}]`), badRequest, "more than once"},
		"an expression that is none":        {pageAuth, simple(`AuthenticationType: OPENID_CONNECT, OpenIDConnectConfig: {Issuer: "https://login.example.com", ClientId: "("}`), badRequest, "no regular expression"},
		"a schema that is none":             {reference + "API_StartSchemaCreation.html", withSchema(keyMode, "type Query {"), badRequest, "Schema Creation Status is FAILED"},
		"a schema with an unknown type":     {reference + "API_StartSchemaCreation.html", withSchema(keyMode, "type Query { hello: Memo }"), badRequest, "Schema Creation Status is FAILED"},
		"a key of an API that is not there": {reference + "API_CreateApiKey.html", also("\n  Other: {Type: AWS::AppSync::ApiKey, Properties: {ApiId: nowhere}}\n"), notFound, "GraphQL API nowhere not found."},
		"a key for half a day": {reference + "API_CreateApiKey.html", also("\n  Other: {Type: AWS::AppSync::ApiKey, Properties: {ApiId: !GetAtt Api.ApiId, Expires: 1772485200}}\n"),
			"ApiKeyValidityOutOfBoundsException", "API key must be valid for a minimum of 1 days."},
		"a key for two years": {reference + "API_CreateApiKey.html", also("\n  Other: {Type: AWS::AppSync::ApiKey, Properties: {ApiId: !GetAtt Api.ApiId, Expires: 1835517600}}\n"),
			"ApiKeyValidityOutOfBoundsException", "API key must be valid for a maximum of 365 days."},
		"a resolver for a field that is not there": {reference + "API_CreateResolver.html", also(resolverOf("Other", "Query", "bye", "\n          export const request = () => ({});\n")), notFound, "No field named bye found on type Query"},
		"a second resolver for a field":            {reference + "API_CreateResolver.html", also(resolverOf("Other", "Query", "hello", "\n          export const request = () => ({});\n")), badRequest, "Only one resolver"},
		"code with try": {"https://docs.aws.amazon.com/appsync/latest/devguide/supported-features.html", withSchema(keyMode, "type Query { hello: String bye: String }") +
			resolverOf("Other", "Query", "bye", "\n          export const request = () => { try { return {}; } catch (e) { return null; } };\n"), badRequest, "The code contains one or more errors. (line 1: try)"},
		"a source without a role": {reference + "API_CreateDataSource.html", also("\n  Store: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: Store, Type: AMAZON_DYNAMODB, DynamoDBConfig: {TableName: memos, AwsRegion: us-east-1}}}\n"), badRequest, "service role"},
		"a source with a hyphen":  {reference + "API_CreateDataSource.html", also("\n  Store: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: my-store, Type: NONE}}\n"), badRequest, "regular expression pattern"},
	} {
		t.Run(name, func(t *testing.T) {
			err := empty(t).Deploy(row.template)
			var refusal *awserr.Error
			if !errors.As(err, &refusal) || refusal.Code != row.code || !strings.Contains(refusal.Message, row.message) {
				t.Errorf("%s: %v, want %s with %q", row.source, err, row.code, row.message)
			}
		})
	}
}

func TestWhatIsNotSimulatedIsNoVerdict(t *testing.T) {
	for name, template := range map[string]string{
		"a merged API":                    simple(keyMode + ", ApiType: MERGED"),
		"a private API":                   simple(keyMode + ", Visibility: PRIVATE"),
		"DENY beside another mode":        simple(denyMode + alsoKey),
		"an HTTP source":                  also("\n  Store: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: Store, Type: HTTP}}\n"),
		"a directive of another spelling": withSchema(poolMode, `type Query { hello: String @aws_cognito_user_pools(groups: ["a"]) }`),
		"a resolver without code": withSchema(keyMode, "type Query { hello: String bye: String }") +
			"\n  Other: {Type: AWS::AppSync::Resolver, DependsOn: Schema, Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: bye, DataSourceName: !GetAtt Nothing.Name}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			err := empty(t).Deploy(template)
			if refusal := (*awserr.Error)(nil); err == nil || errors.As(err, &refusal) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestAnAPIHasAnAddressThatIsNotItsID(t *testing.T) {
	a := open(t, simple(keyMode))
	created, _ := a.Stack.Resource("Api")
	id, host := created.Attributes["ApiId"], created.Attributes["GraphQLDns"]
	want := map[string]string{
		"ApiId": id, "Arn": "arn:aws:appsync:us-east-1:123456789012:apis/" + id, "GraphQLDns": host, "GraphQLUrl": "https://" + host + "/graphql",
		"GraphQLEndpointArn": "arn:aws:appsync:us-east-1:123456789012:endpoints/graphql-api/" + strings.TrimSuffix(host, ".appsync-api.us-east-1.amazonaws.com"),
		"RealtimeDns":        strings.Replace(host, "appsync-api", "appsync-realtime-api", 1),
		"RealtimeUrl":        "wss://" + strings.Replace(host, "appsync-api", "appsync-realtime-api", 1) + "/graphql",
	}
	if diff := cmp.Diff(want, created.Attributes); diff != "" || strings.HasPrefix(host, id) || created.Ref != want["Arn"] {
		t.Errorf("Ref %s, attributes (-want +got):\n%s", created.Ref, diff)
	}
}

// https://docs.aws.amazon.com/appsync/latest/APIReference/API_UpdateApiKey.html
func TestAnExpiredKeyIsRevivedWithinSixtyDays(t *testing.T) {
	a := open(t, simple(keyMode))
	created, _ := a.Stack.Resource("Api")
	id := created.Attributes["ApiId"]
	day := 24 * time.Hour
	a.World.Clock = a.World.Clock.Add(8 * day)
	if got := a.askKey("{ hello }"); got.decider != RuleKeyExpiry {
		t.Errorf("an expired key is answered %d by %q", got.status, got.decider)
	}
	end := a.World.Clock.Add(30*day + 20*time.Minute)
	out := a.Must("UpdateApiKey", map[string]any{"apiId": id, "id": a.key(), "expires": float64(end.Unix())})
	if got := out["apiKey"].(map[string]any)["expires"]; got != float64(end.Add(-20*time.Minute).Unix()) {
		t.Errorf("the key expires at %v, not rounded down to the hour", got)
	}
	if got := a.askKey("{ hello }"); got.status != 200 {
		t.Errorf("a revived key is answered %d", got.status)
	}
	a.World.Clock = end.Add(60 * day)
	a.keyRefused("UpdateApiKey", map[string]any{"apiId": id, "id": a.key(), "expires": float64(a.World.Clock.Add(2 * day).Unix())})
}

// keyRefused expects that a key is not found.
func (a *account) keyRefused(operation string, input map[string]any) {
	a.T.Helper()
	_, err := a.Run(operation, input)
	var refusal *awserr.Error
	if !errors.As(err, &refusal) || refusal.Code != "NotFoundException" || refusal.Status != 404 {
		a.T.Errorf("%s: %v", operation, err)
	}
}

func TestKeysAreMadeListedAndDeleted(t *testing.T) {
	a := open(t, simple(keyMode))
	created, _ := a.Stack.Resource("Api")
	id := created.Attributes["ApiId"]
	made := a.Must("CreateApiKey", map[string]any{"apiId": id, "description": "kiosk"})["apiKey"].(map[string]any)
	if !strings.HasPrefix(made["id"].(string), "da2-") || made["deletes"].(float64)-made["expires"].(float64) != 60*24*3600 {
		t.Errorf("the key is %v", made)
	}
	if got := a.askWithKey(made["id"].(string), "{ hello }"); got.status != 200 {
		t.Errorf("a new key is answered %d", got.status)
	}
	if listed := a.Must("ListApiKeys", map[string]any{"apiId": id})["apiKeys"].([]any); len(listed) != 2 {
		t.Errorf("the keys are %v", listed)
	}
	a.Must("DeleteApiKey", map[string]any{"apiId": id, "id": made["id"]})
	if got := a.askWithKey(made["id"].(string), "{ hello }"); got.decider != RuleKey {
		t.Errorf("a deleted key is answered %d", got.status)
	}
	a.keyRefused("DeleteApiKey", map[string]any{"apiId": id, "id": made["id"]})
}
