package scenario

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// pool is a stack with a user pool and one user, ana.
const pool = `
Metadata:
  Claimcheck:
    Values: {password: Correct-Horse-7}
    Setup:
      - call: cognito-idp:AdminCreateUser
        with: {UserPoolId: "${Users}", Username: ana, MessageAction: SUPPRESS}
      - call: cognito-idp:AdminSetUserPassword
        with: {UserPoolId: "${Users}", Username: ana, Password: "${password}", Permanent: true}
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  App:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Users, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
`

const client = `
sign-in:
  - call: cognito-idp:InitiateAuth
    with: {AuthFlow: USER_PASSWORD_AUTH, ClientId: "${App}", AuthParameters: {USERNAME: ana, PASSWORD: "${password}"}}
    as: session
renew:
  - attempt: cognito-idp:InitiateAuth
    with: {AuthFlow: REFRESH_TOKEN_AUTH, ClientId: "${App}", AuthParameters: {REFRESH_TOKEN: "${session.AuthenticationResult.RefreshToken}"}}
    as: renewed
round: [{do: round}]
`

func node(t *testing.T, text string) source.Node {
	t.Helper()
	n, err := source.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func program(t *testing.T, stack, procedures string) Program {
	t.Helper()
	template, err := cloudformation.Parse("stack.yaml", []byte(stack))
	if err != nil {
		t.Fatal(err)
	}
	var problems source.Problems
	c := ParseClient(node(t, procedures), &problems)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return Program{Stack: template, Client: c}
}

func flowOf(t *testing.T, text string) Flow {
	t.Helper()
	flow, problems := parse(t, text)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return flow
}

func runFlow(t *testing.T, p Program, flow string) Outcome {
	t.Helper()
	outcome, err := Run(p, flowOf(t, flow))
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

func TestAFlowHoldsWhenEveryStepDoes(t *testing.T) {
	o := runFlow(t, program(t, pool, client), `
- do: sign-in
- expect: claims(session.AuthenticationResult.IdToken).token_use == "id"
- wait: 29d
- do: renew
- expect: renewed.status == 200
- wait: 2d
- do: renew
- expect: renewed.error.code == "NotAuthorizedException"
`)
	if !o.Holds {
		t.Errorf("it does not hold: wanted %s, but %s", o.Expected, o.Happened)
	}
}

func TestAFalseExpectationIsDecidedByWhatRefusedTheRequest(t *testing.T) {
	o := runFlow(t, program(t, pool, client), `
- attempt: cognito-idp:InitiateAuth
  with: {AuthFlow: USER_PASSWORD_AUTH, ClientId: "${App}", AuthParameters: {USERNAME: ana, PASSWORD: wrong}}
  as: session
- expect: session.status == 200
`)
	if o.Holds || !o.Refused || o.DecidedBy("") != "cognito-idp.password.matches" || len(o.Decided) != 1 {
		t.Errorf("holds %v, decided by %v", o.Holds, o.Decided)
	}
	if o.Happened != "session.status is 400" {
		t.Errorf("what happened is %q", o.Happened)
	}
	if e := o.Trace.Events[o.Event-1]; e.Check == nil || !e.Check.Decides {
		t.Errorf("event %d does not decide: %v", o.Event, e)
	}
}

func TestAFalseExpectationOfAnAnsweredRequestIsDecidedByItsChecks(t *testing.T) {
	o := runFlow(t, program(t, pool, client), `
- do: sign-in
- let: claims(session.AuthenticationResult.AccessToken)
  as: facts
- expect: facts.email == "ana@example.com"
`)
	if o.Holds || o.Refused {
		t.Fatalf("holds %v, refused %v", o.Holds, o.Refused)
	}
	if got := o.DecidedBy("cognito-idp.token.attributes"); got != "cognito-idp.token.attributes" {
		t.Errorf("decided by %v", o.Decided)
	}
	if got := o.DecidedBy("iam.identity-policy"); got == "iam.identity-policy" {
		t.Error("decided by a rule that was never looked at")
	}
	if o.Happened != "facts.email is nothing" {
		t.Errorf("what happened is %q", o.Happened)
	}
}

func TestACallThatMustSucceedEndsTheFlow(t *testing.T) {
	o := runFlow(t, program(t, pool, client), `
- call: cognito-idp:GetUser
  with: {AccessToken: not-a-token}
- expect: "false"
`)
	if o.Expected != "cognito-idp:GetUser succeeds" || !strings.HasPrefix(o.Happened, "NotAuthorizedException") {
		t.Errorf("wanted %q, but %q", o.Expected, o.Happened)
	}
}

func TestAnExpectationOfTheStackHasARuleOfItsOwn(t *testing.T) {
	p := program(t, pool, client)
	var seen tracetest.Coverage
	holding := runFlow(t, p, `- expect: resources("AWS::Cognito::UserPool") == ["Users"]`)
	seen.Add(holding.Trace)
	if !holding.Holds {
		t.Errorf("it does not hold: %s", holding.Happened)
	}
	o := runFlow(t, p, `- expect: resources("AWS::Cognito::UserPool") == []`)
	if !slices.Equal(o.Decided, []trace.RuleID{RuleComposition}) || o.Event != 1 {
		t.Errorf("decided by %v at event %d", o.Decided, o.Event)
	}
	seen.Add(o.Trace)
	seen.Require(t, Rules())
}

func TestARefusedStackFailsEveryFlow(t *testing.T) {
	o := runFlow(t, program(t, `
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties: {PoolNam: staff}
`, client), "- wait: 1m")
	if o.Holds || o.DecidedBy("") != "cloudformation.no-such-property" {
		t.Errorf("holds %v, decided by %v", o.Holds, o.Decided)
	}
}

func TestWhatCannotBeRunIsAnErrorWithItsPlace(t *testing.T) {
	tests := map[string]struct{ stack, flow, want string }{
		"unknown procedure":   {pool, "- do: sing-in", `flow.yaml:1:7: the client has no procedure "sing-in": did you mean "sign-in"?`},
		"endless procedure":   {pool, "- do: round", `calls itself without end`},
		"unknown service":     {pool, "- call: ses:SendEmail", `the service "ses" is not simulated`},
		"unsimulated call":    {pool, "- {call: 'cognito-idp:CreateUserPoolReplica', sign: '${administrator}'}", "AWS has cognito-idp:CreateUserPoolReplica, the simulation does not"},
		"unknown host":        {pool, "- http: GET https://example.com/", `no host of the simulated account is called "example.com"`},
		"not credentials":     {pool, "- {http: GET https://example.com/, sign: '${Users}'}", "sign wants credentials"},
		"name of a resource":  {pool, "- {let: 1 + 1, as: Users}", `"Users" is a resource of the stack`},
		"no true or false":    {pool, "- expect: 1 + 1", "an expectation is true or false"},
		"unknown name":        {pool, "- expect: sesion.status == 200", `nothing is called "sesion"`},
		"set-up that fails":   {strings.Replace(pool, "Password: \"${password}\"", "Password: tooshort", 1), "- wait: 1m", "set-up of the stack: cognito-idp:AdminSetUserPassword succeeds: InvalidPasswordException"},
		"unknown metadata":    {strings.Replace(pool, "Values:", "Value:", 1), "- wait: 1m", `unknown key "Value"`},
		"unsimulated in use":  {strings.Replace(pool, "Users: {Type: AWS::Cognito::UserPool}", "Users: {Type: AWS::Cognito::UserPool, Properties: {IssuerConfiguration: {Type: UPDATED}}}", 1), "- wait: 1m", "AWS has IssuerConfiguration"},
		"value of a function": {strings.Replace(pool, "{password: Correct-Horse-7}", "{claims: x}", 1), "- wait: 1m", `the value "claims" has the name of something else`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Run(program(t, test.stack, client), flowOf(t, test.flow))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}

func TestTwoRunsAreTheSameToTheByte(t *testing.T) {
	p := program(t, pool, client)
	flow := flowOf(t, "[{do: sign-in}, {wait: 61m}, {do: renew}, {expect: renewed.status == 200}]")
	var texts [2]string
	for i := range texts {
		o, err := Run(p, flow)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(o.Trace)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(text)
	}
	if texts[0] != texts[1] {
		t.Error("two traces of one flow differ")
	}
}
