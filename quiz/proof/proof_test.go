package proof_test

import (
	"fmt"
	"strings"
	"testing"

	"claimcheck/quiz"
	"claimcheck/quiz/bank"
	"claimcheck/quiz/proof"
	"claimcheck/sim/trace"
)

// question asks for a pool that lets an app sign in with a password: A does, B
// does not, and says why.
const question = `id: password-flow
title: Signing in with a password
task: "2.1"
topics: [user-pools]
difficulty: easy
source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html
stem: An app signs its users in with a password.
stack:
  Metadata:
    Claimcheck:
      Setup:
        - call: cognito-idp:AdminCreateUser
          with: {UserPoolId: "${Users}", Username: ana, MessageAction: SUPPRESS}
        - call: cognito-idp:AdminSetUserPassword
          with: {UserPoolId: "${Users}", Username: ana, Password: Correct-Horse-7, Permanent: true}
  Resources:
    Users: {Type: AWS::Cognito::UserPool}
    App:
      Type: AWS::Cognito::UserPoolClient
      Properties: {UserPoolId: !Ref Users, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
client:
  sign-in:
    - attempt: cognito-idp:InitiateAuth
      with: {AuthFlow: USER_PASSWORD_AUTH, ClientId: "${App}", AuthParameters: {USERNAME: ana, PASSWORD: Correct-Horse-7}}
      as: session
requirements:
  signs-in:
    says: Ana signs in
    flow: [{do: sign-in}, {expect: session.status == 200}]
  one-pool:
    says: There is one user pool
    flow: [{expect: 'resources("AWS::Cognito::UserPool") == ["Users"]'}]
observations:
  as-it-is:
    says: As it is, the flow is not enabled
    flow: [{do: sign-in}, {expect: session.error.code == "InvalidParameterException"}]
options:
  A:
    text: Allow USER_PASSWORD_AUTH
    correct: true
    why: The client names its flows.
    stack:
      Resources:
        App: {Properties: {ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}}
  B:
    text: Leave the client as it is
    why: The flow is off.
    misconception: all-flows-are-on
    fails: {signs-in: cognito-idp.flow.enabled}
rule: The client names its flows.
references: [https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html]
`

func prove(t *testing.T, old, replacement string) (proof.Proof, error) {
	t.Helper()
	text := strings.Replace(question, old, replacement, 1)
	if old != "" && text == question {
		t.Fatalf("%q is not in the question", old)
	}
	item, err := bank.ReadFile("user-pools/password-flow.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return proof.Prove(item.Question, item.Plan)
}

func TestAProofAgreesWithATrueKey(t *testing.T) {
	p, err := prove(t, "", "")
	if err != nil || !p.Agrees() {
		t.Fatalf("agrees %v, error %v", p.Agrees(), err)
	}
	b := p.Options[1]
	if b.Holds || b.Cells[0].DecidedBy != "cognito-idp.flow.enabled" || !b.Cells[1].Holds {
		t.Errorf("option B is %+v", b)
	}
	if e := b.Cells[0].Run.Trace.Events[b.Cells[0].Run.Event-1]; e.Check == nil || e.Check.Rule != "cognito-idp.flow.enabled" {
		t.Errorf("the run points at event %+v", e)
	}
	changed := 0
	for _, l := range p.Options[0].Stack {
		if l.Change != "" {
			changed++
		}
	}
	if changed == 0 {
		t.Error("no line of option A's stack is marked as changed")
	}
}

func TestADifferenceBetweenKeyAndRunIsADisagreement(t *testing.T) {
	tests := map[string]struct {
		old, replacement    string
		option, requirement string
		expected, decided   trace.RuleID
	}{
		"the correct option fails":          {"[ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}}", "[ALLOW_CUSTOM_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}}", "A", "signs-in", "", "cognito-idp.flow.enabled"},
		"a wrong option fails for another":  {"signs-in: cognito-idp.flow.enabled", "signs-in: cognito-idp.password.matches", "B", "signs-in", "cognito-idp.password.matches", "cognito-idp.flow.enabled"},
		"a wrong option holds where it not": {"fails: {signs-in: cognito-idp.flow.enabled}", "fails: {one-pool: stack.composition}", "B", "one-pool", "stack.composition", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := prove(t, test.old, test.replacement)
			if err != nil {
				t.Fatal(err)
			}
			if p.Agrees() {
				t.Fatal("the proof agrees")
			}
			cell, ok := find(p, test.option, test.requirement)
			if !ok || cell.Agrees || cell.ExpectedBy != test.expected || cell.DecidedBy != test.decided {
				t.Errorf("the cell is expected by %q, decided by %q, agrees %v", cell.ExpectedBy, cell.DecidedBy, cell.Agrees)
			}
		})
	}
}

func find(p proof.Proof, option, requirement string) (proof.Cell, bool) {
	for _, o := range p.Options {
		for _, c := range o.Cells {
			if o.ID == option && c.Requirement == requirement {
				return c, true
			}
		}
	}
	return proof.Cell{}, false
}

func TestAnObservationThatDoesNotHoldIsADisagreement(t *testing.T) {
	p, err := prove(t, `"InvalidParameterException"`, `"NotAuthorizedException"`)
	if err != nil {
		t.Fatal(err)
	}
	if p.Agrees() || p.Observations[0].Agrees {
		t.Error("the proof agrees")
	}
}

func TestAnUnprovenQuestionRunsNothing(t *testing.T) {
	p, err := proof.Prove(unproven(t), bank.Item{}.Plan)
	if err != nil || len(p.Options) != 0 || !p.Agrees() {
		t.Errorf("options %v, agrees %v, error %v", p.Options, p.Agrees(), err)
	}
}

func TestWhatCannotRunSaysWhere(t *testing.T) {
	_, err := prove(t, "{do: sign-in}, {expect: session.status == 200}", "{do: sing-in}")
	problem := `user-pools/password-flow.yaml:29:17: the client has no procedure "sing-in": did you mean "sign-in"? [requirement signs-in] [question password-flow, option %s]`
	want := fmt.Sprintf(problem, "A") + "\n" + fmt.Sprintf(problem, "B")
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v", err)
	}
}

func unproven(t *testing.T) quiz.Question {
	t.Helper()
	item, err := bank.ReadFile("opinions/opinion.yaml", []byte(`id: opinion
title: An opinion
task: "2.1"
topics: [user-pools]
difficulty: easy
source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html
stem: Which is nicer?
options:
  A: {text: This, correct: true, why: It is.}
  B: {text: That, why: It is not., misconception: that-is-nicer}
rule: This.
references: [https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html]
unproven: No run shows what is nicer.
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	return item.Question
}
