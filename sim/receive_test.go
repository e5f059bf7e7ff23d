package sim_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
	"claimcheck/sim/wire"
)

// sent is a call as a client outside the simulation sends it; a nil key leaves
// it unsigned.
func sent(t testing.TB, a *sim.Account, key *api.Credentials, service, operation string, input map[string]any) api.HTTPRequest {
	t.Helper()
	request, err := wire.Request(a.Services()[service], wire.Call{Operation: operation, Input: input})
	if err != nil {
		t.Fatal(err)
	}
	if key != nil {
		if err := sigv4.Sign(&request, *key, service, a.Region(), a.Now()); err != nil {
			t.Fatal(err)
		}
	}
	return request
}

// receive is what a client gets, with the trace of it.
func receive(a *sim.Account, request api.HTTPRequest) (api.HTTPResponse, trace.Trace) {
	recorder := trace.NewRecorder(a.Now)
	response := a.Receive(recorder.Flow(), request)
	return response, recorder.Trace()
}

func TestARequestGoesThroughThePhasesOfACall(t *testing.T) {
	a, stack := deploy(t, staff)
	pool := ref(t, stack, "Staff")
	createUser(t, a, pool, "ana")
	administrator := a.Administrator()
	response, recorded := receive(a, sent(t, a, &administrator, "cognito-idp", "AdminGetUser", map[string]any{"UserPoolId": pool, "Username": "ana"}))
	var user struct{ Username, UserStatus string }
	if err := json.Unmarshal([]byte(response.Body), &user); err != nil || response.Status != 200 || user.Username != "ana" || user.UserStatus != "CONFIRMED" {
		t.Errorf("%d %s", response.Status, response.Body)
	}
	recorder := trace.NewRecorder(a.Now)
	_, err := a.Call(recorder.Flow(), api.Call{
		Service: "cognito-idp", Operation: "AdminGetUser", Caller: api.Caller{Credentials: &administrator},
		Input: map[string]any{"UserPoolId": pool, "Username": "ana"},
	})
	if err != nil {
		t.Fatal(err)
	}
	called := rules(recorder.Trace())
	called[1] = sim.RuleRequest // in place of the SDK's own check
	if diff := cmp.Diff(called, rules(recorded)); diff != "" {
		t.Errorf("checks (-called +received):\n%s", diff)
	}
	if title := recorded.Events[0].Title; title != "cognito-idp:AdminGetUser" {
		t.Errorf("the title is %q", title)
	}
}

func rules(t trace.Trace) []trace.RuleID {
	var ids []trace.RuleID
	for _, check := range t.Checks(0) {
		ids = append(ids, check.Rule)
	}
	return ids
}

func TestARequestIsRefusedAsItsServiceDoes(t *testing.T) {
	a, stack := deploy(t, staff)
	app := ref(t, stack, "App")
	administrator := a.Administrator()
	forged := administrator
	forged.SecretAccessKey = "wrong"
	var seen tracetest.Coverage
	for name, row := range map[string]struct {
		source  string
		request api.HTTPRequest
		status  int
		answer  string
		rule    trace.RuleID
	}{
		"an operation that AWS does not have": {
			"https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html",
			sent(t, a, nil, "cognito-idp", "SignInUser", nil), 400, `"__type":"UnknownOperationException"`, sim.RuleOperation,
		},
		"an operation that STS does not have": {
			"https://github.com/aws/aws-cli/issues/37",
			sent(t, a, nil, "sts", "AssumeUser", nil), 400, "<Message>Could not find operation AssumeUser for version 2011-06-15</Message>", sim.RuleOperation,
		},
		"a mistyped member": {
			"https://github.com/aws-amplify/amplify-js/issues/5165",
			sent(t, a, nil, "cognito-idp", "SignUp", map[string]any{"ClientId": app, "Username": map[string]any{}, "Password": "p"}),
			400, `{"__type":"SerializationException","message":"Start of structure or map found where not expected."}`, sim.RuleRequest,
		},
		"a list that is none": {
			"https://github.com/floci-io/floci/pull/2869",
			sent(t, a, nil, "cognito-idp", "SignUp", map[string]any{"ClientId": app, "Username": "u", "Password": "p", "UserAttributes": "nope"}),
			400, `{"__type":"SerializationException","message":"Unexpected field type"}`, sim.RuleRequest,
		},
		"missing members": {
			"https://github.com/amazon-archives/amazon-cognito-auth-js/issues/65",
			sent(t, a, nil, "cognito-idp", "SignUp", map[string]any{"Username": "ana", "UserAttributes": []any{map[string]any{"Value": "x"}}}),
			400, `"__type":"InvalidParameterException","message":"2 validation errors detected: Value null at 'clientId' failed to satisfy constraint: Member must not be null; Value null at 'userAttributes.1.member.name'`, sim.RuleRequest,
		},
		"a missing member at STS": {
			"https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html",
			sent(t, a, &administrator, "sts", "AssumeRole", map[string]any{"RoleArn": "arn:aws:iam::123456789012:role/r"}),
			400, "<Message>1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null</Message>", sim.RuleRequest,
		},
		"a value that the enumeration does not have": {
			"https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html",
			sent(t, a, nil, "cognito-idp", "InitiateAuth", map[string]any{"ClientId": app, "AuthFlow": "MAGIC"}),
			400, "Value 'MAGIC' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: [", sim.RuleRequest,
		},
		"a forged signature": {
			"https://docs.aws.amazon.com/general/latest/gr/CommonErrors.html",
			sent(t, a, &forged, "sts", "GetCallerIdentity", nil), 403, "<Code>SignatureDoesNotMatch</Code>", "iam.signature.match",
		},
	} {
		t.Run(name, func(t *testing.T) {
			response, recorded := receive(a, row.request)
			if response.Status != row.status || !strings.Contains(response.Body, row.answer) {
				t.Errorf("%s: %d %s", row.source, response.Status, response.Body)
			}
			if got := tracetest.Decider(recorded, 1); got != row.rule {
				t.Errorf("decided by %q, want %q", got, row.rule)
			}
			seen.Add(recorded)
		})
	}
	_, recorded := receive(a, sent(t, a, &administrator, "sts", "GetCallerIdentity", map[string]any{"Unknown": "x"}))
	seen.Add(recorded)
	seen.RequireSeen(t, []trace.Rule{{ID: sim.RuleOperation}, {ID: sim.RuleRequest}})
}

func TestWhatIsNotSimulatedIsAnsweredWith501(t *testing.T) {
	a, _ := deploy(t, staff)
	for name, row := range map[string]struct {
		request api.HTTPRequest
		answer  string
	}{
		"an operation":       {sent(t, a, nil, "dynamodb", "CreateGlobalTable", nil), `{"__type":"NotSimulated","message":"AWS has dynamodb:CreateGlobalTable, the simulation does not"}`},
		"an operation of S3": {api.HTTPRequest{Method: "PUT", URL: "https://photos.s3.us-east-1.amazonaws.com/"}, "<Code>NotSimulated</Code>"},
		"a host":             {api.HTTPRequest{Method: "GET", URL: "https://sqs.us-east-1.amazonaws.com/"}, "no host of the simulated account"},
	} {
		if response, _ := receive(a, row.request); response.Status != 501 || !strings.Contains(response.Body, row.answer) {
			t.Errorf("%s: %d %s", name, response.Status, response.Body)
		}
	}
}

func TestTheEndpointOfARequestIsFoundByWhatItSays(t *testing.T) {
	a, _ := deploy(t, staff)
	administrator := a.Administrator()
	for name, row := range map[string]struct {
		request api.HTTPRequest
		want    string
	}{
		"a target":                 {sent(t, a, nil, "cognito-idp", "InitiateAuth", nil), "cognito-idp.us-east-1.amazonaws.com"},
		"another target":           {sent(t, a, &administrator, "dynamodb", "GetItem", nil), "dynamodb.us-east-1.amazonaws.com"},
		"a signature":              {sent(t, a, &administrator, "lambda", "Invoke", map[string]any{"FunctionName": "f"}), "lambda.us-east-1.amazonaws.com"},
		"a version":                {sent(t, a, nil, "sts", "AssumeRoleWithWebIdentity", nil), "sts.us-east-1.amazonaws.com"},
		"a version in the query":   {api.HTTPRequest{Method: "GET", URL: "https://h/?Action=GetUser&Version=2010-05-08"}, "iam.amazonaws.com"},
		"a signature in the URL":   {api.HTTPRequest{Method: "GET", URL: "https://h/photos/a?X-Amz-Credential=AKIA%2F20260302%2Fus-east-1%2Fs3%2Faws4_request"}, "s3.us-east-1.amazonaws.com"},
		"a user pool's document":   {api.HTTPRequest{Method: "GET", URL: "https://h/us-east-1_a/.well-known/jwks.json"}, "cognito-idp.us-east-1.amazonaws.com"},
		"identity pools' one":      {api.HTTPRequest{Method: "GET", URL: "https://h/.well-known/jwks_uri"}, "cognito-identity.amazonaws.com"},
		"an object":                {api.HTTPRequest{Method: "GET", URL: "https://h/photos/ana/.well-known/beach.jpg"}, "s3.us-east-1.amazonaws.com"},
		"what cannot be an object": {api.HTTPRequest{Method: "GET", URL: "https://h/"}, "s3.us-east-1.amazonaws.com"},
	} {
		if got := a.Endpoint(row.request); got != row.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A clock that somebody has moved does not make a client's signature old.
func TestASignatureIsAsOldAsItsSenderSays(t *testing.T) {
	a, _ := deploy(t, staff)
	administrator := a.Administrator()
	request := sent(t, a, &administrator, "sts", "GetCallerIdentity", nil)
	a.Advance(time.Hour)
	if response, _ := receive(a, request); response.Status != 403 {
		t.Errorf("an hour late: %d", response.Status)
	}
	request.Behind = time.Hour
	if response, _ := receive(a, request); response.Status != 200 {
		t.Errorf("from a clock that is an hour behind: %d %s", response.Status, response.Body)
	}
}
