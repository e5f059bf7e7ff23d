package cognitoidp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace"
)

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AuthenticationResultType.html
func TestPasswordSignInReturnsThreeTokens(t *testing.T) {
	a := deployed(t, plainPool)
	a.addUser("ana")
	out := a.Must("InitiateAuth", a.passwordInput("ana", password))
	if diff := cmp.Diff(object{}, out["ChallengeParameters"]); diff != "" {
		t.Errorf("ChallengeParameters:\n%s", diff)
	}
	result := a.result(out)
	if result["TokenType"] != "Bearer" || result["ExpiresIn"] != 3600.0 {
		t.Errorf("TokenType %v, ExpiresIn %v", result["TokenType"], result["ExpiresIn"])
	}
	id, access := a.parse(result["IdToken"]), a.parse(result["AccessToken"])
	if id.KeyID == access.KeyID {
		t.Error("both tokens have one kid")
	}
	const header = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ"
	parts := strings.Split(result["RefreshToken"].(string), ".")
	if len(parts) != 5 || parts[0] != header {
		t.Errorf("the refresh token has %d parts and begins %s", len(parts), parts[0])
	}
	var minted []string
	for _, e := range a.Last.Events {
		if e.Kind == trace.Minted {
			minted = append(minted, e.Token.Name)
		}
	}
	if diff := cmp.Diff([]string{"IdToken", "AccessToken", "RefreshToken"}, minted); diff != "" {
		t.Error(diff)
	}
}

func TestSameCallsGiveTheSameTokens(t *testing.T) {
	run := func() object {
		a := deployed(t, plainPool)
		a.addUser("ana")
		return a.signIn("ana")
	}
	if diff := cmp.Diff(run(), run()); diff != "" {
		t.Error(diff)
	}
}

func TestSignInIsTheSameWithoutARecorder(t *testing.T) {
	a, b := deployed(t, plainPool), deployed(t, plainPool)
	a.addUser("ana")
	b.addUser("ana")
	out, err := b.unrecorded("InitiateAuth", b.passwordInput("ana", password))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a.signIn("ana"), b.result(out)); diff != "" {
		t.Error(diff)
	}
}

// What AWS does with the flow of apps here is not documented.
func TestServersDoNotUseTheFlowOfApps(t *testing.T) {
	a := deployed(t, plainPool)
	input := a.passwordInput("ana", password)
	input["UserPoolId"] = a.Ref("Pool")
	_, err := a.Run("AdminInitiateAuth", input)
	var refusal *awserr.Error
	if err == nil || errors.As(err, &refusal) {
		t.Errorf("got %v", err)
	}
}

// Older values of ExplicitAuthFlows:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
func TestLegacyFlowValuesAlsoAllowRefresh(t *testing.T) {
	a := deployed(t, strings.Replace(plainPool, "[ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]", "[USER_PASSWORD_AUTH]", 1))
	a.addUser("ana")
	result := a.signIn("ana")
	a.Must("InitiateAuth", a.refreshInput(result["RefreshToken"].(string)))
}

func TestMixedFlowValuesAreNoVerdict(t *testing.T) {
	a := newAccount(t)
	err := a.Deploy(strings.Replace(plainPool, "ALLOW_REFRESH_TOKEN_AUTH", "USER_PASSWORD_AUTH", 1))
	var refusal *awserr.Error
	if err == nil || errors.As(err, &refusal) {
		t.Errorf("deployed: %v", err)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
func TestClientWithSecretNeedsSecretHash(t *testing.T) {
	a := deployed(t, strings.Replace(plainPool, "UserPoolId: !Ref Pool,", "UserPoolId: !Ref Pool, GenerateSecret: true,", 1))
	a.addUser("ana")
	client := a.Ref("Client")
	created, _ := a.Stack.Resource("Client")
	secret := created.Attributes["ClientSecret"]
	input := a.passwordInput("ana", password)
	parameters := input["AuthParameters"].(object)
	a.Refused(cognitoidp.RuleSecretHash, "NotAuthorizedException", "Client "+client+" is configured with secret but SECRET_HASH was not received", "InitiateAuth", input)
	parameters["SECRET_HASH"] = secretHash(secret, "ana", "other client")
	a.Refused(cognitoidp.RuleSecretHash, "NotAuthorizedException", "Unable to verify secret hash for client "+client, "InitiateAuth", input)
	parameters["SECRET_HASH"] = secretHash(secret, "ana", client)
	result := a.result(a.Must("InitiateAuth", input))

	refresh := a.refreshInput(result["RefreshToken"].(string))
	refresh["AuthParameters"].(object)["SECRET_HASH"] = secretHash(secret, "ana", client)
	a.Must("InitiateAuth", refresh)
}

// A refreshing client hashes the real username, which is the sub where an email
// address is the username: https://github.com/boto/boto3/issues/2736
func TestRefreshHashesTheRealUsername(t *testing.T) {
	a := deployed(t, emailPool)
	a.addUserByEmail("ana@example.com")
	client := a.Ref("Client")
	created, _ := a.Stack.Resource("Client")
	secret := created.Attributes["ClientSecret"]
	input := a.passwordInput("ana@example.com", password)
	input["AuthParameters"].(object)["SECRET_HASH"] = secretHash(secret, "ana@example.com", client)
	result := a.result(a.Must("InitiateAuth", input))
	sub := a.parse(result["IdToken"]).Text("sub")

	refresh := a.refreshInput(result["RefreshToken"].(string))
	parameters := refresh["AuthParameters"].(object)
	parameters["SECRET_HASH"] = secretHash(secret, "ana@example.com", client)
	a.Refused(cognitoidp.RuleSecretHash, "NotAuthorizedException", "Unable to verify secret hash for client "+client, "InitiateAuth", refresh)
	parameters["SECRET_HASH"] = secretHash(secret, sub, client)
	a.Must("InitiateAuth", refresh)
	parameters["REFRESH_TOKEN"] = "unknown"
	a.Refused(cognitoidp.RuleRefreshKnown, "NotAuthorizedException", "Invalid Refresh Token", "InitiateAuth", refresh)
}

func TestTemporaryPasswordIsChallengedAndReplaced(t *testing.T) {
	a := deployed(t, requiredNamePool)
	a.Must("AdminCreateUser", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "TemporaryPassword": "Temp0rary!", "UserAttributes": []any{attribute("name", "Ana")}})
	out := a.Must("InitiateAuth", a.passwordInput("ana", "Temp0rary!"))
	if out["ChallengeName"] != "NEW_PASSWORD_REQUIRED" || out["AuthenticationResult"] != nil {
		t.Fatalf("got %v", out)
	}
	parameters := out["ChallengeParameters"].(object)
	if diff := cmp.Diff(object{"USER_ID_FOR_SRP": "ana", "requiredAttributes": "[]", "userAttributes": `{"name":"Ana"}`}, parameters); diff != "" {
		t.Error(diff)
	}
	if checks := a.check(cognitoidp.RulePasswordPermanent); len(checks) != 1 || checks[0].Held || checks[0].Decides {
		t.Errorf("checks: %+v", checks)
	}
	answer := a.newPassword(out["Session"], "ana", "short")
	a.Refused(cognitoidp.RulePasswordPolicy, "InvalidPasswordException", "Password did not conform with policy: Password not long enough", "RespondToAuthChallenge", answer)
	answer = a.newPassword(out["Session"], "ana", password)
	answer["ChallengeResponses"].(object)["userAttributes.name"] = "Eve"
	answer["ChallengeResponses"].(object)["userAttributes.email"] = "ana@example.com"
	result := a.result(a.Must("RespondToAuthChallenge", answer))
	id := a.parse(result["IdToken"])
	if id.Text("email") != "ana@example.com" || id.Text("name") != "Ana" {
		t.Errorf("email %q, name %q: want the new one and the old one", id.Text("email"), id.Text("name"))
	}
	a.Refused(cognitoidp.RuleSessionValid, "NotAuthorizedException", "Invalid session for the user.", "RespondToAuthChallenge", answer)
	a.signIn("ana")
}

func TestOtherChallengesAreNoVerdict(t *testing.T) {
	a := deployed(t, plainPool)
	_, err := a.Run("RespondToAuthChallenge", object{"ClientId": a.Ref("Client"), "ChallengeName": "ADMIN_NO_SRP_AUTH"})
	var refusal *awserr.Error
	if err == nil || errors.As(err, &refusal) {
		t.Errorf("got %v", err)
	}
}

// A required attribute may come from the user, when the administrator left it
// out: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
func TestNewPasswordRequiredAsksForMissingAttributes(t *testing.T) {
	a := deployed(t, requiredNamePool)
	a.Must("AdminCreateUser", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "TemporaryPassword": "Temp0rary!"})
	out := a.Must("InitiateAuth", a.passwordInput("ana", "Temp0rary!"))
	if got := out["ChallengeParameters"].(object)["requiredAttributes"]; got != `["userAttributes.name"]` {
		t.Errorf("requiredAttributes is %v", got)
	}
	answer := a.newPassword(out["Session"], "ana", password)
	a.Refused(cognitoidp.RuleAttributeSchema, "InvalidParameterException", "Attributes did not conform to the schema: name: The attribute is required\n", "RespondToAuthChallenge", answer)
	answer["ChallengeResponses"].(object)["userAttributes.name"] = "Ana"
	a.Must("RespondToAuthChallenge", answer)
}
