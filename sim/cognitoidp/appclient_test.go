package cognitoidp_test

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
)

func clientBehaviours() []behaviour {
	return []behaviour{
		{"an app client is created and described", appClientIsCreatedAndDescribed},
		{"an update of an app client resets what it leaves out", clientUpdateResetsWhatItLeavesOut},
		{"an update of an app client that repeats its settings loses none", clientUpdateLosesNothing},
		{"app clients are listed without secrets", appClientsAreListedWithoutSecrets},
		{"a deleted app client refreshes no more", deletedAppClientRefreshesNoMore},
	}
}

func (a *account) client() object {
	return object{"UserPoolId": a.Ref("Pool"), "ClientId": a.Ref("Client")}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
func appClientIsCreatedAndDescribed(a *account) {
	a.with(plainPool)
	input := a.pool()
	input["ClientName"], input["GenerateSecret"], input["PreventUserExistenceErrors"] = "web", true, "ENABLED"
	created := a.Must("CreateUserPoolClient", input)["UserPoolClient"].(object)
	if checks := a.check(cognitoidp.RuleClientDefaults); len(checks) != 1 || !checks[0].Held {
		a.T.Errorf("with a word on unknown users: %v", checks)
	}
	described := a.Must("DescribeUserPoolClient", object{"UserPoolId": a.Ref("Pool"), "ClientId": created["ClientId"]})["UserPoolClient"].(object)
	if diff := cmp.Diff(created, described); diff != "" {
		a.T.Errorf("created and described (-created +described):\n%s", diff)
	}
	a.has(described, object{
		"ClientName": "web", "RefreshTokenValidity": 30.0, "AuthSessionValidity": 3.0, "EnableTokenRevocation": true,
		"PreventUserExistenceErrors": "ENABLED", "ExplicitAuthFlows": nil,
	})
	if secret, _ := described["ClientSecret"].(string); len(secret) != 51 {
		a.T.Errorf("the secret is %q", secret)
	}
	delete(input, "PreventUserExistenceErrors")
	a.Must("CreateUserPoolClient", input)
	if checks := a.check(cognitoidp.RuleClientDefaults); len(checks) != 1 || checks[0].Held {
		a.T.Errorf("without a word on unknown users: %v", checks)
	}
}

// longPool signs in for eight hours, at a client that hides unknown users.
const longPool = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      ClientName: staff
      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]
      IdTokenValidity: 8
      PreventUserExistenceErrors: ENABLED
`

// The tokens of a sign-in before the update live as long as they say; those of
// the next one live for the default hour.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-updating.html
func clientUpdateResetsWhatItLeavesOut(a *account) {
	a.with(longPool)
	a.addUser("ana")
	before := a.signIn("ana")
	update := a.client()
	update["ExplicitAuthFlows"] = []any{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
	out := a.Must("UpdateUserPoolClient", update)["UserPoolClient"].(object)
	a.has(out, object{"ClientName": "staff", "IdTokenValidity": nil, "PreventUserExistenceErrors": nil})
	var lost []string
	for _, check := range a.check(cognitoidp.RuleUpdateResets) {
		lost = append(lost, check.Wanted+": "+check.Found)
	}
	want := []string{
		"IdTokenValidity sent again to keep it: left out: 8 becomes the default",
		"PreventUserExistenceErrors sent again to keep it: left out: ENABLED becomes the default",
	}
	if diff := cmp.Diff(want, lost); diff != "" {
		a.T.Errorf("lost (-want +got):\n%s", diff)
	}
	for name, life := range map[string]struct {
		tokens object
		want   time.Duration
	}{"before": {before, 8 * time.Hour}, "after": {a.signIn("ana"), time.Hour}} {
		token := a.parse(life.tokens["IdToken"])
		issued, _ := token.Time("iat")
		expires, _ := token.Time("exp")
		if got := expires.Sub(issued); got != life.want {
			a.T.Errorf("the ID token of %s the update lives for %v, want %v", name, got, life.want)
		}
	}
}

func clientUpdateLosesNothing(a *account) {
	a.with(longPool)
	before := a.Must("DescribeUserPoolClient", a.client())["UserPoolClient"].(object)
	again := object{}
	for name, value := range before {
		if name != "CreationDate" && name != "LastModifiedDate" && name != "ClientSecret" {
			again[name] = value
		}
	}
	again["ClientName"] = "renamed"
	after := a.Must("UpdateUserPoolClient", again)["UserPoolClient"].(object)
	if checks := a.check(cognitoidp.RuleUpdateResets); len(checks) != 1 || !checks[0].Held {
		a.T.Errorf("checks: %v", checks)
	}
	before["ClientName"] = "renamed"
	if diff := cmp.Diff(before, after); diff != "" {
		a.T.Errorf("before and after (-want +got):\n%s", diff)
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
func appClientsAreListedWithoutSecrets(a *account) {
	a.with(emailPool)
	described := a.Must("DescribeUserPoolClient", a.client())["UserPoolClient"].(object)
	if described["ClientSecret"] == nil {
		a.T.Error("DescribeUserPoolClient shows no secret")
	}
	want := []any{object{"ClientId": a.Ref("Client"), "ClientName": described["ClientName"], "UserPoolId": a.Ref("Pool")}}
	if diff := cmp.Diff(want, a.Must("ListUserPoolClients", a.pool())["UserPoolClients"]); diff != "" {
		a.T.Errorf("clients (-want +got):\n%s", diff)
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html
func deletedAppClientRefreshesNoMore(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	tokens := a.signIn("ana")
	a.Must("DeleteUserPoolClient", a.client())
	a.Refused(cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client "+a.Ref("Client")+" does not exist.", "InitiateAuth", a.refreshInput(tokens["RefreshToken"].(string)))
	if left := a.Must("ListUserPoolClients", a.pool())["UserPoolClients"].([]any); len(left) != 0 {
		a.T.Errorf("left: %v", left)
	}
}

func clientRefusals() []refusal {
	client := func(change object) func(*account) object {
		return func(a *account) object {
			input := a.client()
			for name, value := range change {
				input[name] = value
			}
			return input
		}
	}
	const invalid = "InvalidParameterException"
	return []refusal{
		{
			"creating an app client with an attribute that does not exist", guide + "user-pool-settings-attributes.html", "",
			cognitoidp.RuleClientAttributes, invalid, "Invalid write attributes specified while creating a client", "CreateUserPoolClient",
			func(a *account) object {
				return object{"UserPoolId": a.Ref("Pool"), "ClientName": "web", "WriteAttributes": []any{"custom:plan"}}
			},
		}, {
			"updating an app client to an attribute that does not exist", "https://github.com/aws/aws-sdk-java/issues/1395", "",
			cognitoidp.RuleClientAttributes, invalid, "Invalid write attributes specified while updating a client", "UpdateUserPoolClient",
			client(object{"WriteAttributes": []any{"custom:plan"}}),
		}, {
			"updating an app client without a secret to client_credentials", "https://jobairkhan.com/2019/02/10/aws-cognito-user-pools-client-credentials", "",
			cognitoidp.RuleMachineFlow, "InvalidOAuthFlowException", "client_credentials flow can not be selected if client does not have a client secret.", "UpdateUserPoolClient",
			client(object{"AllowedOAuthFlows": []any{"client_credentials"}, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthScopes": []any{"shop/read"}}),
		}, {
			"updating an app client's token to two days", "https://github.com/hashicorp/terraform-provider-aws/issues/32504", "",
			cognitoidp.RuleClientValidity, invalid, "Invalid range for token validity.", "UpdateUserPoolClient",
			client(object{"AccessTokenValidity": 48.0}),
		}, {
			"describing no app client", reference + "API_DescribeUserPoolClient.html", "",
			cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client nobody does not exist.", "DescribeUserPoolClient",
			client(object{"ClientId": "nobody"}),
		}, {
			"deleting no app client", reference + "API_DeleteUserPoolClient.html", "",
			cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client nobody does not exist.", "DeleteUserPoolClient",
			client(object{"ClientId": "nobody"}),
		},
	}
}
