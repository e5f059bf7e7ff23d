package appsync

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

const (
	functionARN = "arn:aws:lambda:us-east-1:123456789012:function:gate"
	lambdaAlone = `AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: "` + functionARN + `"}`
	lambdaKept  = `AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: "` + functionARN + `", AuthorizerResultTtlInSeconds: 300}`
	lambdaForm  = `AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: "` + functionARN + `", IdentityValidationExpression: "desk-[0-9]+"}`
)

// answering is a Lambda function with a payload.
func answering(payload string) func(api.Call) (map[string]any, error) {
	return func(api.Call) (map[string]any, error) {
		return map[string]any{"StatusCode": 200.0, "Payload": payload}, nil
	}
}

// let asks with a token while the authorizer answers the payload.
func let(payload string) func(*account) reply {
	return func(a *account) reply {
		a.answer = answering(payload)
		return a.ask("desk-7", "{ hello }")
	}
}

// twice asks two times with a pause and returns the second reply, which names how
// often the function ran.
func twice(payload string, pause time.Duration, second string) func(*account) reply {
	return func(a *account) reply {
		let(payload)(a)
		a.World.Clock = a.World.Clock.Add(pause)
		a.answer = answering(second)
		return a.ask("desk-7", "{ hello }")
	}
}

// authorizerOutcomes are those of Lambda authorizers.
func authorizerOutcomes() []outcome {
	const (
		yes = `{"isAuthorized": true}`
		no  = `{"isAuthorized": false}`
	)
	refusal := refused("UnauthorizedException", "You are not authorized to make this call.")
	return []outcome{
		{"the authorizer says yes", pageAuth, simple(lambdaAlone), let(yes), 200, hello, ""},
		{"the authorizer says no", pageAuth, simple(lambdaAlone), let(no), 401, refusal, RuleAuthorized},
		{"the authorizer says nothing", pageAuth, simple(lambdaAlone), let(`{}`), 401, refusal, RuleAuthorizerAnswer},
		{"the authorizer's answer is no object", pageAuth, simple(lambdaAlone), let(`"yes"`), 401, refusal, RuleAuthorizerAnswer},
		{"isAuthorized is text", pageAuth, simple(lambdaAlone), let(`{"isAuthorized": "true"}`), 401, refusal, RuleAuthorizerAnswer},
		{"the authorizer throws", pageAuth, simple(lambdaAlone), func(a *account) reply {
			a.answer = func(api.Call) (map[string]any, error) {
				return map[string]any{"FunctionError": "Unhandled", "Payload": `{"errorMessage": "boom"}`}, nil
			}
			return a.ask("desk-7", "{ hello }")
		}, 401, refusal, RuleAuthorizerError},
		{"the authorizer takes longer than ten seconds", pageAuth, simple(lambdaAlone), func(a *account) reply {
			a.answer = func(call api.Call) (map[string]any, error) { return nil, api.TimeoutError{After: call.Patience} }
			return a.ask("desk-7", "{ hello }")
		}, 401, refusal, RuleAuthorizerError},
		{"AppSync may not invoke the authorizer", pageAuth, simple(lambdaAlone), func(a *account) reply {
			a.answer = func(api.Call) (map[string]any, error) {
				return nil, awserr.WithStatus(403, "AccessDeniedException", "no")
			}
			return a.ask("desk-7", "{ hello }")
		}, 401, refusal, RuleAuthorizerError},
		{"a token that fails the expression", pageAuth, simple(lambdaForm), func(a *account) reply { return a.ask("chair-7", "{ hello }") }, 401, refusal, RuleAuthorizerValidation},
		{"a token that matches the expression", pageAuth, simple(lambdaForm), let(yes), 200, hello, ""},
		{"answers are not kept unless asked for", pageAuth, simple(lambdaAlone), twice(yes, 0, no), 401, refusal, RuleAuthorized},
		{"an answer is kept", pageAuth, simple(lambdaKept), twice(yes, 299*time.Second, no), 200, hello, ""},
		{"an answer is kept for its TTL only", pageAuth, simple(lambdaKept), twice(yes, 300*time.Second, no), 401, refusal, RuleAuthorized},
		{"a refusal is kept", pageAuth, simple(lambdaKept), twice(no, time.Second, yes), 401, refusal, RuleAuthorized},
		{"an answer's own TTL", pageAuth, simple(lambdaAlone), twice(`{"isAuthorized": true, "ttlOverride": 60}`, 59*time.Second, no), 200, hello, ""},
		{"an answer that is not to be kept", pageAuth, simple(lambdaKept), twice(`{"isAuthorized": true, "ttlOverride": 0}`, 0, no), 401, refusal, RuleAuthorized},
		{"a denied field", pageAuth, simple(lambdaAlone), let(`{"isAuthorized": true, "deniedFields": ["Query.hello"]}`), 200, denied("Query", "hello"), RuleDeniedFields},
		{"another denied field", pageAuth, simple(lambdaAlone), let(`{"isAuthorized": true, "deniedFields": ["Query.other"]}`), 200, hello, ""},
		{"a token that is no JWT, beside a user pool", pageAuth,
			withSchema(poolMode+`, AdditionalAuthenticationProviders: [{AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: "`+functionARN+`"}}]`,
				"type Query { hello: String @aws_lambda }"), let(yes), 200, hello, ""},
		{"a JWT of a stranger is no token for the authorizer, beside a user pool", pageAuth,
			withSchema(poolMode+`, AdditionalAuthenticationProviders: [{AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: "`+functionARN+`"}}]`,
				"type Query { hello: String @aws_lambda }"), func(a *account) reply {
				a.answer = answering(yes)
				return a.ask(token(a.T, map[string]any{"iss": oidcIssuer}, nil, issuerKey()), "{ hello }")
			}, 401, refusal, RuleIssuer},
		{"a signature where there is no AWS_IAM", pageAuth, simple(lambdaAlone), func(a *account) reply {
			a.answer = answering(yes)
			return a.ask(signature, "{ hello }")
		}, 200, hello, ""},
	}
}

// https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
func TestAuthorizerEvent(t *testing.T) {
	a := open(t, simple(lambdaAlone))
	a.answer = answering(`{"isAuthorized": true}`)
	a.send(map[string]string{"authorization": "desk-7"}, `{"query": "query Q { hello }", "operationName": "Q", "variables": {"n": 1}}`)
	call := a.calls[0]
	if call.Caller.Service != "appsync.amazonaws.com" || call.Patience != 10*time.Second || call.Input["FunctionName"] != functionARN {
		t.Errorf("the call is %+v", call)
	}
	var event map[string]any
	if err := json.Unmarshal([]byte(call.Input["Payload"].(string)), &event); err != nil {
		t.Fatal(err)
	}
	context := event["requestContext"].(map[string]any)
	delete(context, "requestId")
	created, _ := a.Stack.Resource("Api")
	want := map[string]any{
		"apiId": created.Attributes["ApiId"], "accountId": "123456789012", "queryString": "query Q { hello }",
		"operationName": "Q", "variables": map[string]any{"n": 1.0},
	}
	if diff := cmp.Diff(want, context); diff != "" {
		t.Errorf("requestContext (-want +got):\n%s", diff)
	}
	if event["authorizationToken"] != "desk-7" || event["requestHeaders"].(map[string]any)["authorization"] != "desk-7" {
		t.Errorf("the event is %v", event)
	}
}

func TestADeniedFieldCanBeNamedByItsARN(t *testing.T) {
	a := open(t, simple(lambdaAlone))
	created, _ := a.Stack.Resource("Api")
	got := let(`{"isAuthorized": true, "deniedFields": ["` + created.Attributes["Arn"] + `/types/Query/fields/hello"]}`)(a)
	a.want(got, 200, denied("Query", "hello"), RuleDeniedFields)
}
