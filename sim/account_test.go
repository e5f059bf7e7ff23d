package sim_test

import (
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const staff = `
Resources:
  Staff: {Type: AWS::Cognito::UserPool}
  App:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Staff, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
`

func deploy(t testing.TB, template string) (*sim.Account, cloudformation.Stack) {
	t.Helper()
	parsed, err := cloudformation.Parse("stack.yaml", []byte(template))
	if err != nil {
		t.Fatal(err)
	}
	a := sim.New(tracetest.Start())
	stack, err := a.Deploy(nil, parsed)
	if err != nil {
		t.Fatal(err)
	}
	return a, stack
}

func ref(t testing.TB, stack cloudformation.Stack, id string) string {
	t.Helper()
	created, ok := stack.Resource(id)
	if !ok {
		t.Fatalf("the stack has no %s", id)
	}
	return created.Ref
}

// createUser makes a user with a permanent password, as the administrator.
func createUser(t testing.TB, a *sim.Account, pool, name string) {
	t.Helper()
	administrator := a.Administrator()
	for _, call := range []api.Call{
		{Operation: "AdminCreateUser", Input: map[string]any{"UserPoolId": pool, "Username": name, "MessageAction": "SUPPRESS"}},
		{Operation: "AdminSetUserPassword", Input: map[string]any{"UserPoolId": pool, "Username": name, "Password": "Correct-Horse-7", "Permanent": true}},
	} {
		call.Service, call.Caller = "cognito-idp", api.Caller{Credentials: &administrator}
		if _, err := a.Call(nil, call); err != nil {
			t.Fatal(err)
		}
	}
}

func signIn(a *sim.Account, span *trace.Span, client, name string) (map[string]any, error) {
	return a.Call(span, api.Call{From: "App", Service: "cognito-idp", Operation: "InitiateAuth", Input: map[string]any{
		"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
		"AuthParameters": map[string]any{"USERNAME": name, "PASSWORD": "Correct-Horse-7"},
	}})
}

func TestTheApiDoorChecksInOrder(t *testing.T) {
	a, stack := deploy(t, staff)
	pool := ref(t, stack, "Staff")
	administrator := a.Administrator()
	wrongSecret := administrator
	wrongSecret.SecretAccessKey = "not-the-secret"
	unsigned, signed := api.Caller{}, api.Caller{Credentials: &administrator}
	getUser := map[string]any{"UserPoolId": pool, "Username": "ana"}
	tests := map[string]struct {
		operation string
		input     map[string]any
		caller    api.Caller
		rule      trace.RuleID
		code      string
	}{
		"1 an operation that does not exist": {"SignInUser", nil, unsigned, sim.RuleOperation, "InvalidAction"},
		"2 a member that does not exist":     {"AdminGetUser", map[string]any{"PoolId": pool}, unsigned, sim.RuleInput, "ParamValidationError"},
		"2 a member of the wrong type":       {"AdminGetUser", map[string]any{"UserPoolId": 7.0, "Username": "ana"}, unsigned, sim.RuleInput, "ParamValidationError"},
		"3 no signature":                     {"AdminGetUser", getUser, unsigned, "iam.signature.present", "MissingAuthenticationTokenException"},
		"3 a wrong secret":                   {"AdminGetUser", getUser, api.Caller{Credentials: &wrongSecret}, "iam.signature.match", "InvalidSignatureException"},
		"4 a caller without permission":      {"AdminGetUser", getUser, api.Caller{Service: "lambda.amazonaws.com"}, "iam.resource-policy", "AccessDeniedException"},
		"5 the service refuses":              {"AdminGetUser", getUser, signed, "cognito-idp.user.exists", "UserNotFoundException"},
	}
	var seen tracetest.Coverage
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			recorder := trace.NewRecorder(a.Now)
			defer func() { seen.Add(recorder.Trace()) }()
			_, err := a.Call(recorder.Flow(), api.Call{From: "App", Service: "cognito-idp", Operation: test.operation, Input: test.input, Caller: test.caller})
			var refusal *awserr.Error
			if !errors.As(err, &refusal) || refusal.Code != test.code {
				t.Errorf("the error is %v, want %s", err, test.code)
			}
			run := recorder.Trace()
			if got := tracetest.Decider(run, 1); got != test.rule {
				t.Errorf("decided by %q, want %q", got, test.rule)
			}
			if response, ok := run.Response(1); !ok || response.Error != test.code || response.Status == 0 {
				t.Errorf("the response is %+v", response)
			}
		})
	}
	seen.RequireSeen(t, []trace.Rule{{ID: sim.RuleOperation}, {ID: sim.RuleInput}})
}

func TestAServiceNamesErrorsOfASignatureInItsOwnWay(t *testing.T) {
	a, _ := deploy(t, "Resources: {Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: holiday-photos}}}")
	stranger := api.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
	for service, want := range map[string]string{"s3": "InvalidAccessKeyId", "dynamodb": "UnrecognizedClientException", "iam": "InvalidClientTokenId"} {
		call := map[string]api.Call{
			"s3":       {Operation: "GetObject", Input: map[string]any{"Bucket": "holiday-photos", "Key": "beach.jpg"}},
			"dynamodb": {Operation: "GetItem", Input: map[string]any{"TableName": "notes", "Key": map[string]any{"id": map[string]any{"S": "1"}}}},
			"iam":      {Operation: "GetUser"},
		}[service]
		call.Service, call.Caller = service, api.Caller{Credentials: &stranger}
		_, err := a.Call(nil, call)
		var refusal *awserr.Error
		if !errors.As(err, &refusal) || refusal.Code != want {
			t.Errorf("%s says %v, want %s", service, err, want)
		}
	}
}

func TestWhatOnlyTheSimulationLacksIsNoRefusalByAWS(t *testing.T) {
	a, stack := deploy(t, staff)
	pool := ref(t, stack, "Staff")
	for name, call := range map[string]api.Call{
		"service":   {Service: "ses", Operation: "SendEmail"},
		"operation": {Service: "cognito-idp", Operation: "UpdateUserPoolReplica", Input: map[string]any{"UserPoolId": pool}},
	} {
		_, err := a.Call(nil, call)
		var refusal *awserr.Error
		if err == nil || errors.As(err, &refusal) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	for _, address := range []string{"https://example.com/", "no address", "https://"} {
		if _, err := a.Send(nil, api.HTTPRequest{Method: "GET", URL: address}); err == nil {
			t.Errorf("GET %s is answered", address)
		}
	}
}

func TestTheResultIsTheSameWithAndWithoutARecorder(t *testing.T) {
	var outputs [2]string
	for i, recorded := range []bool{true, false} {
		a, stack := deploy(t, staff)
		createUser(t, a, ref(t, stack, "Staff"), "ana")
		var span *trace.Span
		if recorded {
			span = trace.NewRecorder(a.Now).Flow()
		}
		output, err := signIn(a, span, ref(t, stack, "App"), "ana")
		if err != nil {
			t.Fatal(err)
		}
		outputs[i] = output["AuthenticationResult"].(map[string]any)["IdToken"].(string)
	}
	if outputs[0] != outputs[1] {
		t.Error("the tokens differ")
	}
}

func TestManyMaySignInAtOnce(t *testing.T) {
	a, stack := deploy(t, staff)
	pool, client := ref(t, stack, "Staff"), ref(t, stack, "App")
	createUser(t, a, pool, "ana")
	var wait sync.WaitGroup
	failures := make(chan error, 8)
	for range cap(failures) {
		wait.Go(func() {
			recorder := trace.NewRecorder(a.Now)
			if _, err := signIn(a, recorder.Flow(), client, "ana"); err != nil {
				failures <- err
			}
		})
	}
	wait.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
}

func TestRulesAreAClosedListWithSources(t *testing.T) {
	seen := map[trace.RuleID]bool{}
	for _, rule := range sim.Rules() {
		if seen[rule.ID] {
			t.Errorf("rule %s is listed twice", rule.ID)
		}
		seen[rule.ID] = true
		if source, err := url.Parse(rule.Source); err != nil || source.Scheme != "https" || source.Host == "" {
			t.Errorf("rule %s has the source %q", rule.ID, rule.Source)
		}
		if !strings.HasSuffix(rule.Statement, ".") || strings.Contains(rule.Statement, "\n") {
			t.Errorf("rule %s has no one-line statement: %q", rule.ID, rule.Statement)
		}
		switch rule.Confidence {
		case trace.Documented, trace.Observed, trace.Inferred:
		default:
			t.Errorf("rule %s has the confidence %q", rule.ID, rule.Confidence)
		}
	}
	if len(seen) < 100 {
		t.Errorf("there are only %d rules", len(seen))
	}
}

func TestSupportListsWhatTheCodeHas(t *testing.T) {
	s := sim.Supported()
	types := map[string]int{}
	for _, typ := range s.Types {
		types[typ.Name] = len(typ.Properties)
	}
	if types["AWS::Cognito::UserPool"] < 20 || types["AWS::ApiGateway::Method"] < 5 {
		t.Errorf("the types are %v", types)
	}
	simulated := 0
	for i, op := range s.Operations {
		if i > 0 && s.Operations[i-1].Name >= op.Name {
			t.Errorf("%s is listed twice or out of order", op.Name)
		}
		if op.Simulated {
			simulated++
		}
	}
	if simulated < 30 || simulated == len(s.Operations) {
		t.Errorf("%d of %d operations are simulated", simulated, len(s.Operations))
	}
}

// https://www.rfc-editor.org/rfc/rfc6761.html#section-6.4
func TestANameBelowInvalidIsOutOfReach(t *testing.T) {
	account := sim.New(tracetest.Start())
	_, err := account.Send(nil, api.HTTPRequest{Method: "GET", URL: "https://orders.invalid/"})
	if want := (api.UnreachableError{Host: "orders.invalid"}); !errors.Is(err, want) {
		t.Errorf("the error is %v", err)
	}
	if _, err := account.Send(nil, api.HTTPRequest{Method: "GET", URL: "https://orders.example/"}); err == nil || errors.As(err, &api.UnreachableError{}) {
		t.Errorf("a host that is not simulated: %v", err)
	}
}
