package apigateway

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	pageUse    = "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html"
	pageOutput = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html"
)

// lambdaAPI is GET and POST /tasks behind a Lambda authorizer, TOKEN unless the
// properties say otherwise.
func lambdaAPI(t testing.TB, p authorizerProperties, policy any, check handler) *fixture {
	t.Helper()
	f := newFixture(t)
	f.define(policy)
	f.doors.functions[checker] = check
	if p.Type == "" {
		p.Type = "TOKEN"
	}
	p.AuthorizerUri = functionURI(checker)
	authorizer, tasks := f.authorizer(p), f.resource(f.root, "tasks")
	for _, verb := range []string{"GET", "POST"} {
		f.method(methodProperties{ResourceId: tasks, HttpMethod: verb, AuthorizationType: "CUSTOM", AuthorizerId: authorizer})
	}
	f.deploy()
	return f
}

// answering returns an authorizer that answers with a policy of one statement
// for the method it was asked about.
func answering(effect string) handler {
	return func(event map[string]any) (any, string) {
		resource, _ := event["methodArn"].(string)
		return map[string]any{"principalId": "ana", "policyDocument": policy(effect, resource)}, ""
	}
}

// answeringFor allows every method of every API, and one more Resource of so
// many characters.
func answeringFor(length int) handler {
	const start = "arn:aws:execute-api:us-east-1:123456789012:"
	document := policy("Allow", "*")
	statements, _ := document["Statement"].([]any)
	document["Statement"] = append(statements, map[string]any{
		"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": []any{"*", start + strings.Repeat("x", length-len(start))},
	})
	return returning(map[string]any{"principalId": "ana", "policyDocument": document})
}

func returning(result any) handler {
	return func(map[string]any) (any, string) { return result, "" }
}

func throwing(message string) handler {
	return func(map[string]any) (any, string) { return nil, message }
}

type lambdaRow struct {
	name, source string
	authorizer   authorizerProperties
	check        handler
	refused      string
	token        string
	want         outcome
}

func lambdaRows() []lambdaRow {
	broken := outcome{status: 500, body: `{"message":null}`, errorType: "AuthorizerConfigurationException"}
	because := func(o outcome, f func(*outcome)) outcome { f(&o); return o }
	return []lambdaRow{
		{name: "Allow", source: pageUse, check: answering("Allow"), token: "secret", want: passed()},
		{name: "no token", source: pageUse, check: answering("Allow"), want: unauthorizedOutcome(RuleLambdaIdentitySource)},
		{name: "validation expression misses", source: pageProperty, check: answering("Allow"), token: "secret",
			authorizer: authorizerProperties{IdentityValidationExpression: "Bearer .*"}, want: unauthorizedOutcome(RuleLambdaValidation)},
		{name: "validation expression matches", source: pageProperty, check: answering("Allow"), token: "Bearer secret",
			authorizer: authorizerProperties{IdentityValidationExpression: "Bearer .*"}, want: passed()},
		{name: "throws Unauthorized", source: pageUse, check: throwing("Unauthorized"), token: "x", want: unauthorizedOutcome(RuleLambdaUnauthorized)},
		{name: "throws another error", source: pageUse, check: throwing("Error: Invalid token"), token: "x",
			want: because(broken, func(o *outcome) { o.rule = RuleLambdaError })},
		{name: "times out", source: pageUse, check: throwing("RequestId: 1 Error: Task timed out after 3.00 seconds"), token: "x",
			want: outcome{status: 500, body: `{"message":null}`, errorType: "AuthorizerConfigurationException", rule: RuleLambdaError}},
		{name: "returns null", source: "https://github.com/aws/chalice/issues/670", check: returning(nil), token: "x",
			want: because(broken, func(o *outcome) { o.rule = RuleLambdaOutput })},
		{name: "returns a proxy response", source: "https://github.com/serverless/examples/issues/305", token: "x",
			check: returning(map[string]any{"statusCode": 401, "body": "no"}),
			want:  because(broken, func(o *outcome) { o.rule = RuleLambdaOutput })},
		{name: "returns text", source: "https://github.com/aws/chalice/issues/670", check: returning("allow"), token: "x",
			want: because(broken, func(o *outcome) { o.rule = RuleLambdaOutput })},
		{name: "returns no policy", source: pageUse, check: returning(map[string]any{"principalId": "ana"}), token: "x",
			want: because(broken, func(o *outcome) { o.rule = RuleLambdaOutput })},
		{name: "returns a policy without statements", source: pageUse, token: "x",
			check: returning(map[string]any{"principalId": "ana", "policyDocument": map[string]any{"Version": "2012-10-17"}}),
			want:  because(broken, func(o *outcome) { o.rule = RuleLambdaOutput })},
		{name: "a Resource of 512 characters", source: pageOutput, token: "x", check: answeringFor(512), want: passed()},
		{name: "a Resource of 513 characters", source: pageOutput, token: "x", check: answeringFor(513),
			want: because(broken, func(o *outcome) { o.rule = RuleLambdaOutput })},
		{name: "context holds a list", source: pageOutput, token: "x",
			check: returning(map[string]any{"principalId": "ana", "policyDocument": policy("Allow", "*"), "context": map[string]any{"groups": []any{"a"}}}),
			want:  because(broken, func(o *outcome) { o.rule = RuleLambdaContext })},
		{name: "no permission to invoke", source: "https://github.com/aws/chalice/issues/670", check: answering("Allow"), token: "x",
			refused: "AccessDeniedException", want: because(broken, func(o *outcome) { o.rule = RuleLambdaPermission })},
		{name: "explicit deny", source: page403, check: answering("Deny"), token: "x", want: outcome{
			status: 403, errorType: "AccessDeniedException", rule: RuleLambdaPolicy,
			body: `{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}`,
		}},
		{name: "no statement matches", source: page403, check: answering(""), token: "x", want: outcome{
			status: 403, errorType: "AccessDeniedException", rule: RuleLambdaPolicy,
			body: `{"Message":"User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"}`,
		}},
	}
}

func (row lambdaRow) run(t *testing.T, cover *tracetest.Coverage) {
	f := lambdaAPI(t, row.authorizer, nil, row.check)
	f.cover = cover
	if row.refused != "" {
		f.doors.refused[checker] = row.refused
	}
	f.expect(f.get(row.token), row.want)
}

// TestLambdaAuthorizerOutcomes is the outcome table of TOKEN authorizers.
func TestLambdaAuthorizerOutcomes(t *testing.T) {
	for _, row := range lambdaRows() {
		t.Run(row.name, func(t *testing.T) { row.run(t, nil) })
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
func TestAuthorizerIsAskedOnBehalfOfTheAuthorizer(t *testing.T) {
	f := lambdaAPI(t, authorizerProperties{}, nil, nil)
	var event map[string]any
	f.doors.functions[checker] = func(e map[string]any) (any, string) {
		event = e
		return answering("Allow")(e)
	}
	f.expect(f.get("Bearer secret"), passed())
	want := map[string]any{
		"type": "TOKEN", "authorizationToken": "Bearer secret",
		"methodArn": "arn:aws:execute-api:us-east-1:123456789012:" + f.api + "/prod/GET/tasks",
	}
	if diff := cmp.Diff(want, event); diff != "" {
		t.Error(diff)
	}
	var authorizer string
	for id := range f.gateway.apis[f.api].draft.authorizers {
		authorizer = id
	}
	caller := api.Caller{Service: "apigateway.amazonaws.com", SourceARN: "arn:aws:execute-api:us-east-1:123456789012:" + f.api + "/authorizers/" + authorizer}
	if diff := cmp.Diff(caller, f.doors.calls[0].Caller); diff != "" {
		t.Error(diff)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
func TestContextReachesTheFunctionAsText(t *testing.T) {
	f := lambdaAPI(t, authorizerProperties{}, nil, returning(map[string]any{
		"principalId": "ana", "policyDocument": policy("Allow", "*"), "context": map[string]any{"plan": "gold", "seats": 3, "trial": false, "none": nil},
	}))
	var seen any
	f.doors.functions[function] = func(event map[string]any) (any, string) {
		context, _ := event["requestContext"].(map[string]any)
		seen = context["authorizer"]
		return answerOK(event)
	}
	f.expect(f.get("x"), passed())
	want := map[string]any{"principalId": "ana", "plan": "gold", "seats": "3", "trial": "false"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
}

func (d *fakeDoors) asked(function string) int {
	n := 0
	for _, call := range d.calls {
		if call.Input["FunctionName"] == function {
			n++
		}
	}
	return n
}

func TestAnswerIsCachedByTokenUntilItsTTLPasses(t *testing.T) {
	f := lambdaAPI(t, authorizerProperties{}, nil, answering("Allow"))
	steps := []struct {
		wait  time.Duration
		token string
		asked int
	}{
		{token: "a", asked: 1},
		{wait: 299 * time.Second, token: "a", asked: 1},
		{token: "b", asked: 2},
		{wait: time.Second, token: "a", asked: 3},
		{wait: 299 * time.Second, token: "a", asked: 3},
	}
	for _, step := range steps {
		f.world.Clock = f.world.Clock.Add(step.wait)
		f.expect(f.get(step.token), passed())
		if got := f.doors.asked(checker); got != step.asked {
			t.Fatalf("after %s with token %s the function was asked %d times, want %d", step.wait, step.token, got, step.asked)
		}
	}
}

// The wrong-method surprise: https://github.com/aws-amplify/aws-sdk-android/issues/684
func TestCachedPolicyForOneMethodRefusesAnother(t *testing.T) {
	f := lambdaAPI(t, authorizerProperties{}, nil, answering("Allow"))
	f.expect(f.get("a"), passed())
	post := getRequest("a")
	post.Method = "POST"
	f.world.Clock = f.world.Clock.Add(time.Minute)
	got := f.send(post)
	f.expect(got, outcome{
		status: 403, errorType: "AccessDeniedException", rule: RuleLambdaPolicy,
		body: `{"Message":"User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"}`,
	})
	seen := map[trace.RuleID]string{}
	for _, e := range got.trace.Events {
		if e.Check != nil {
			seen[e.Check.Rule] = e.Check.Wanted + ": " + e.Check.Found
		}
	}
	want := map[trace.RuleID]string{
		RuleLambdaCache:  `a cached answer for "a": one for GET /tasks, 1m0s old, TTL 5m0s`,
		RuleLambdaPolicy: "the policy allows POST /tasks: no statement allows it (implicit deny); cached for GET /tasks",
	}
	for rule, text := range want {
		if seen[rule] != text {
			t.Errorf("%s says %q, want %q", rule, seen[rule], text)
		}
	}
	f.world.Clock = f.world.Clock.Add(5 * time.Minute)
	f.expect(f.send(post), passed())
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-authorizer.html
func TestRoleAsksTheAuthorizerInAPIGatewaysPlace(t *testing.T) {
	f := lambdaAPI(t, authorizerProperties{AuthorizerCredentials: invokerRole}, nil, answering("Allow"))
	f.expect(f.get("a"), passed())
	assumed, asked := f.doors.calls[0], f.doors.calls[1]
	if assumed.Operation != "AssumeRole" || assumed.Input["RoleArn"] != invokerRole || asked.Caller.Credentials == nil {
		t.Errorf("calls %+v", f.doors.calls[:2])
	}
	f.doors.untrusting = map[string]bool{invokerRole: true}
	f.expect(f.get("b"), outcome{status: 500, body: `{"message":null}`, errorType: "AuthorizerConfigurationException", rule: RuleCredentials})
}

// https://github.com/aws/serverless-application-model/issues/3325
func TestScopesOfAMethodMeanNothingToALambdaAuthorizer(t *testing.T) {
	f := newFixture(t)
	f.define(nil)
	f.doors.functions[checker] = answering("Allow")
	id := f.authorizer(authorizerProperties{Type: "TOKEN", AuthorizerUri: functionURI(checker)})
	f.method(methodProperties{
		ResourceId: f.resource(f.root, "tasks"), AuthorizationType: "CUSTOM", AuthorizerId: id, AuthorizationScopes: []string{"tasks/read"},
	})
	f.deploy()
	f.expect(f.get("no scopes in here"), passed())
}

func TestErrorsAreNotCached(t *testing.T) {
	f := lambdaAPI(t, authorizerProperties{}, nil, throwing("Unauthorized"))
	f.expect(f.get("a"), unauthorizedOutcome(RuleLambdaUnauthorized))
	f.doors.functions[checker] = answering("Allow")
	f.expect(f.get("a"), passed())
}

func TestTTLOfZeroTurnsTheCacheOff(t *testing.T) {
	f := lambdaAPI(t, authorizerProperties{AuthorizerResultTtlInSeconds: new(int)}, nil, answering("Allow"))
	f.expect(f.get("a"), passed())
	f.expect(f.get("a"), passed())
	if got := f.doors.asked(checker); got != 2 {
		t.Errorf("the function was asked %d times, want 2", got)
	}
}

// TestResourcePolicyWithLambdaAuthorizer is Table A of
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func TestResourcePolicyWithLambdaAuthorizer(t *testing.T) {
	for _, row := range tableA() {
		t.Run(row.identity+"/"+row.attached, func(t *testing.T) {
			f := lambdaAPI(t, authorizerProperties{}, policy(row.attached, "execute-api:/*"), answering(row.identity))
			got := f.get("x")
			if allowed := got.Status == 200; allowed != row.allowed {
				t.Errorf("answered %d %s, decided by %s", got.Status, got.Body, got.decider())
			}
			if asked := f.doors.asked(checker); (asked == 0) != (row.attached == "Deny") {
				t.Errorf("the function was asked %d times", asked)
			}
		})
	}
}

type policyRow struct {
	// identity is the effect of the caller's or authorizer's policy and attached
	// that of the resource policy, "" for silence.
	identity, attached string
	allowed            bool
}

func tableA() []policyRow {
	return []policyRow{
		{"Allow", "Allow", true}, {"Allow", "", true}, {"Allow", "Deny", false},
		{"", "Allow", true}, {"", "", false}, {"", "Deny", false},
		{"Deny", "Allow", false}, {"Deny", "", false}, {"Deny", "Deny", false},
	}
}

func tableB() []policyRow {
	return []policyRow{
		{"Allow", "Allow", true}, {"Allow", "", false}, {"Allow", "Deny", false},
		{"", "Allow", false}, {"", "", false}, {"", "Deny", false},
		{"Deny", "Allow", false}, {"Deny", "", false}, {"Deny", "Deny", false},
	}
}
