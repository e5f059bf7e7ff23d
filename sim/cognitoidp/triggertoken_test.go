package cognitoidp_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace"
)

const preTokenPage = guidePage + "user-pool-lambda-pre-token-generation.html"

// tokenPool is a pool whose pre token generation trigger gets events of the
// given version, with ana in a group that has a role.
func tokenPool(a *account, version string) {
	a.T.Helper()
	config := "LambdaConfig: {PreTokenGenerationConfig: {LambdaVersion: " + version + ", LambdaArn: '" + functionPrefix + "Tokens'}}"
	err := a.Deploy(`
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {` + config + `}}
  Editors:
    Type: AWS::Cognito::UserPoolGroup
    Properties: {UserPoolId: !Ref Pool, GroupName: editors, RoleArn: 'arn:aws:iam::123456789012:role/editors'}
` + allFlows)
	if err != nil {
		a.T.Fatal(err)
	}
	a.addUser("ana")
	a.Must("AdminAddUserToGroup", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "GroupName": "editors"})
}

// change is an answer of the trigger with the claims that come of it: nil for a
// claim that must be absent.
type change struct {
	name, version, source string
	response              object
	id, access            object
}

func first(details object) object { return object{"claimsOverrideDetails": details} }
func later(details object) object { return object{"claimsAndScopeOverrideDetails": details} }

func changes() []change {
	const role = "arn:aws:iam::123456789012:role/editors"
	adding := func(claims object) object { return object{"claimsToAddOrOverride": claims} }
	return []change{
		{"V1_0 changes the ID token alone", "V1_0", preTokenPage,
			first(object{"claimsToAddOrOverride": object{"tenant": "acme", "email": "new@example.com"}, "claimsToSuppress": []any{"email_verified"}}),
			object{"tenant": "acme", "email": "new@example.com", "email_verified": nil}, object{"tenant": nil}},
		{"V1_0 overrides the groups of both tokens", "V1_0", preTokenPage,
			first(object{"groupOverrideDetails": object{"groupsToOverride": []any{"auditors"}, "iamRolesToOverride": []any{"arn:a"}, "preferredRole": "arn:a"}}),
			object{"cognito:groups": []any{"auditors"}, "cognito:roles": []any{"arn:a"}, "cognito:preferred_role": "arn:a"}, object{"cognito:groups": []any{"auditors"}}},
		{"an empty override removes the groups", "V1_0", preTokenPage,
			first(object{"groupOverrideDetails": object{}}),
			object{"cognito:groups": nil, "cognito:roles": nil, "cognito:preferred_role": nil}, object{"cognito:groups": nil}},
		{"a null override removes the groups", "V2_0", preTokenPage,
			later(object{"groupOverrideDetails": nil}), object{"cognito:groups": nil}, object{"cognito:groups": nil}},
		{"no override keeps the groups", "V2_0", preTokenPage, later(object{"idTokenGeneration": adding(object{"tenant": "acme"})}),
			object{"cognito:groups": []any{"editors"}, "cognito:roles": []any{role}, "tenant": "acme"}, object{"cognito:groups": []any{"editors"}, "tenant": nil}},
		{"V2_0 changes the access token with values of any kind", "V2_0", preTokenPage,
			later(object{"accessTokenGeneration": adding(object{"tenant": "acme", "limits": object{"tasks": 7.0}, "tags": []any{"a", true}})}),
			object{"tenant": nil}, object{"tenant": "acme", "limits": object{"tasks": 7.0}, "tags": []any{"a", true}}},
		{"V2_0 changes the scopes", "V2_0", preTokenPage,
			later(object{"accessTokenGeneration": object{"scopesToAdd": []any{"tasks/read", "tasks/write"}, "scopesToSuppress": []any{"aws.cognito.signin.user.admin", "tasks/write"}}}),
			object{"scope": nil}, object{"scope": "tasks/read"}},
		{"a claim in both lists is suppressed", "V2_0", preTokenPage,
			later(object{"idTokenGeneration": object{"claimsToAddOrOverride": object{"tenant": "acme"}, "claimsToSuppress": []any{"tenant"}}}),
			object{"tenant": nil}, object{}},
		{"reserved claims stay", "V3_0", preTokenPage,
			later(object{
				"idTokenGeneration":     object{"claimsToAddOrOverride": object{"token_use": "access", "cognito:username": "eve", "aud": "x", "dev:custom:a": "b"}, "claimsToSuppress": []any{"iss"}},
				"accessTokenGeneration": adding(object{"client_id": "x", "aud": "x"}),
			}),
			object{"token_use": "id", "cognito:username": "ana", "dev:custom:a": nil}, object{"token_use": "access", "aud": nil}},
		{"the V2_0 answer to a V1_0 event does nothing", "V1_0", preTokenPage,
			later(object{"accessTokenGeneration": adding(object{"tenant": "acme"})}), object{"tenant": nil}, object{"tenant": nil}},
	}
}

func runChange(a *account, c change) {
	a.T.Helper()
	tokenPool(a, c.version)
	a.answers("Tokens", c.response)
	result := a.signIn("ana")
	for member, want := range map[string]object{"IdToken": c.id, "AccessToken": c.access} {
		token := a.parse(result[member])
		for name, value := range want {
			if diff := cmp.Diff(value, token.Claims[name]); diff != "" {
				a.T.Errorf("%s of %s (-want +got):\n%s\nsource: %s", name, member, diff, c.source)
			}
		}
	}
}

func TestPreTokenGenerationChangesTokens(t *testing.T) {
	for _, c := range changes() {
		t.Run(c.name, func(t *testing.T) { runChange(newAccount(t), c) })
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func TestAnAccessTokenMayGetTheClientAsAudience(t *testing.T) {
	a := newAccount(t)
	tokenPool(a, "V2_0")
	a.answers("Tokens", later(object{"accessTokenGeneration": object{"claimsToAddOrOverride": object{"aud": a.Ref("Client")}}}))
	if got := a.parse(a.signIn("ana")["AccessToken"]).Claims["aud"]; got != a.Ref("Client") {
		t.Errorf("aud is %v", got)
	}
}

func TestTheTraceSaysWhichClaimsTheTriggerWrote(t *testing.T) {
	a := newAccount(t)
	tokenPool(a, "V2_0")
	a.answers("Tokens", later(object{"idTokenGeneration": object{"claimsToAddOrOverride": object{"tenant": "acme", "email": "new@example.com"}}}))
	a.signIn("ana")
	got := map[string]string{}
	for _, e := range a.Last.Events {
		if e.Kind == trace.Minted && e.Token.Name == "IdToken" {
			for _, c := range e.Token.Claims {
				got[c.Name] = c.From
			}
		}
	}
	for name, want := range map[string]string{"tenant": "pre token generation trigger", "email": "pre token generation trigger", "sub": "user attribute"} {
		if got[name] != want {
			t.Errorf("%s is from %q, want %q", name, got[name], want)
		}
	}
}

// The two forms of the event: version, groups, and with V2_0 the scopes.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func TestThePreTokenGenerationEvent(t *testing.T) {
	const role = "arn:aws:iam::123456789012:role/editors"
	for version, want := range map[string]object{
		"V1_0": {"version": "1", "response": object{"claimsOverrideDetails": nil}},
		"V2_0": {"version": "2", "response": object{"claimsAndScopeOverrideDetails": nil}, "scopes": []any{"aws.cognito.signin.user.admin"}},
	} {
		a := newAccount(t)
		tokenPool(a, version)
		a.signIn("ana")
		event := a.asked()[0]
		request := event["request"].(object)
		got := object{"version": event["version"], "response": event["response"]}
		if scopes, ok := request["scopes"]; ok {
			got["scopes"] = scopes
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", version, diff)
		}
		groups := object{"groupsToOverride": []any{"editors"}, "iamRolesToOverride": []any{role}, "preferredRole": role}
		if diff := cmp.Diff(groups, request["groupConfiguration"]); diff != "" {
			t.Errorf("groupConfiguration (-want +got):\n%s", diff)
		}
		if status := request["userAttributes"].(object)["cognito:user_status"]; status != "CONFIRMED" {
			t.Errorf("cognito:user_status is %v", status)
		}
	}
}

// badChange is an answer that AWS does not take.
type badChange struct {
	name     string
	response object
	rule     trace.RuleID
	message  string
}

func badChanges() []badChange {
	many := object{}
	for i := range 5001 {
		many[fmt.Sprint("claim", i)] = "value"
	}
	return []badChange{
		{"claims that are no map", first(object{"claimsToAddOrOverride": "tenant"}), cognitoidp.RuleTriggerAnswer, "Unrecognizable lambda output"},
		// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
		{"too many claims", first(object{"claimsToAddOrOverride": many}), cognitoidp.RuleTokenChangeCount, "Too many claims and scopes in the response."},
	}
}

func runBadChange(a *account, b badChange) {
	a.T.Helper()
	tokenPool(a, "V1_0")
	a.answers("Tokens", b.response)
	a.Refused(b.rule, "InvalidLambdaResponseException", b.message, "InitiateAuth", a.passwordInput("ana", password))
}

func TestAnswersThatAreNoChangesOfTokens(t *testing.T) {
	for _, b := range badChanges() {
		t.Run(b.name, func(t *testing.T) { runBadChange(newAccount(t), b) })
	}
}

func tokenStories() []func(*account) {
	var stories []func(*account)
	for _, c := range changes() {
		stories = append(stories, func(a *account) { runChange(a, c) })
	}
	for _, b := range badChanges() {
		stories = append(stories, func(a *account) { runBadChange(a, b) })
	}
	return stories
}
