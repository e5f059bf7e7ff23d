package cognitoidp_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/cognitoidp"
)

// stories are runs in which all goes well.
func stories() []func(*account) {
	return append(behaviourStories(), signUpStory, memberStory, confidentialStory, emailStory, addressesByRange)
}

func (a *account) with(template string) {
	a.T.Helper()
	if err := a.Deploy(template); err != nil {
		a.T.Fatal(err)
	}
}

func signUpStory(a *account) {
	a.with(plainPool)
	a.Must("SignUp", a.signUpInput("bob"))
	a.Must("ConfirmSignUp", object{"ClientId": a.Ref("Client"), "Username": "bob", "ConfirmationCode": a.code("bob")})
	result := a.signIn("bob")
	a.Must("InitiateAuth", a.refreshInput(result["RefreshToken"].(string)))
	a.Must("GetUser", object{"AccessToken": result["AccessToken"]})
	a.Must("RevokeToken", object{"ClientId": a.Ref("Client"), "Token": result["RefreshToken"]})
}

func memberStory(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	for group, role := range map[string]string{"editors": "arn:aws:iam::123456789012:role/editors", "readers": "arn:aws:iam::123456789012:role/readers"} {
		a.Must("CreateGroup", object{"UserPoolId": a.Ref("Pool"), "GroupName": group, "RoleArn": role, "Precedence": 1})
	}
	for _, group := range []string{"editors", "readers"} {
		a.Must("AdminAddUserToGroup", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "GroupName": group})
		a.Must("GetUser", object{"AccessToken": a.signIn("ana")["AccessToken"]})
	}
	a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": password})
	out := a.Must("InitiateAuth", a.passwordInput("ana", password))
	a.Must("RespondToAuthChallenge", a.newPassword(out["Session"], "ana", password))
}

func confidentialStory(a *account) {
	a.with(strings.Replace(clientsPool, "UserPoolId: !Ref Pool, GenerateSecret: true", "UserPoolId: !Ref Pool, GenerateSecret: true, AccessTokenValidity: 2, AuthSessionValidity: 5, ReadAttributes: [email]", 1))
	created, _ := a.Stack.Resource("Confidential")
	a.Must("SignUp", object{
		"ClientId": created.Ref, "Username": "bob", "Password": password,
		"SecretHash": secretHash(created.Attributes["ClientSecret"], "bob", created.Ref),
	})
}

func emailStory(a *account) {
	a.with(emailPool)
	a.addUserByEmail("ana@example.com")
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
func TestSignUpSendsACodeThatConfirms(t *testing.T) {
	a := deployed(t, plainPool)
	out := a.Must("SignUp", a.signUpInput("bob"))
	sub := out["UserSub"]
	want := object{"UserConfirmed": false, "UserSub": sub, "CodeDeliveryDetails": object{"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "b***@e***"}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	sent := a.pools.Outbox(a.Ref("Pool"), "bob")
	if len(sent) != 1 || sent[0].To != "bob@example.com" || sent[0].Medium != "EMAIL" || len(sent[0].Code) != 6 {
		t.Fatalf("sent: %+v", sent)
	}
	if status := a.Must("AdminGetUser", a.user("bob"))["UserStatus"]; status != "UNCONFIRMED" {
		t.Errorf("status is %v", status)
	}
	a.Must("ConfirmSignUp", object{"ClientId": a.Ref("Client"), "Username": "bob", "ConfirmationCode": sent[0].Code})
	profile := a.Must("AdminGetUser", a.user("bob"))
	if profile["UserStatus"] != "CONFIRMED" {
		t.Errorf("status is %v", profile["UserStatus"])
	}
	wantAttributes := []any{attribute("sub", sub.(string)), attribute("email", "bob@example.com"), attribute("email_verified", "true")}
	if diff := cmp.Diff(wantAttributes, profile["UserAttributes"]); diff != "" {
		t.Error(diff)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func TestCodeGoesToThePhoneWhenBothAreVerified(t *testing.T) {
	a := deployed(t, strings.Replace(plainPool, "[email]", "[email, phone_number]", 1))
	input := a.signUpInput("bob")
	input["UserAttributes"] = []any{attribute("email", "bob@example.com"), attribute("phone_number", "+15550100123")}
	details := a.Must("SignUp", input)["CodeDeliveryDetails"]
	want := object{"AttributeName": "phone_number", "DeliveryMedium": "SMS", "Destination": "+*******0123"}
	if diff := cmp.Diff(want, details); diff != "" {
		t.Error(diff)
	}
}

func TestSignUpSendsNothingWithoutAnAddressToVerify(t *testing.T) {
	a := deployed(t, plainPool)
	out := a.Must("SignUp", object{"ClientId": a.Ref("Client"), "Username": "bob", "Password": password})
	if out["CodeDeliveryDetails"] != nil || len(a.pools.Outbox(a.Ref("Pool"), "bob")) != 0 {
		t.Errorf("got %v", out)
	}
	a.Must("AdminConfirmSignUp", a.user("bob"))
	a.signIn("bob")
}

func TestOutboxOfStrangersIsEmpty(t *testing.T) {
	a := deployed(t, plainPool)
	a.Must("SignUp", a.signUpInput("bob"))
	if got := a.pools.Outbox("us-east-1_None", "bob"); got != nil {
		t.Errorf("another pool: %v", got)
	}
	if got := a.pools.Outbox(a.Ref("Pool"), "eve"); got != nil {
		t.Errorf("another user: %v", got)
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
func TestInvitationCarriesTheTemporaryPassword(t *testing.T) {
	a := deployed(t, plainPool)
	input := a.user("ana")
	input["UserAttributes"] = []any{attribute("email", "ana@example.com"), attribute("phone_number", "+15550100")}
	input["DesiredDeliveryMediums"] = []any{"EMAIL"}
	created := a.Must("AdminCreateUser", input)["User"].(object)
	if created["UserStatus"] != "FORCE_CHANGE_PASSWORD" || created["Enabled"] != true {
		t.Errorf("created: %v", created)
	}
	sent := a.pools.Outbox(a.Ref("Pool"), "ana")
	if len(sent) != 1 || sent[0].Medium != "EMAIL" {
		t.Fatalf("sent: %+v", sent)
	}
	out := a.Must("InitiateAuth", a.passwordInput("ana", sent[0].Code))
	if out["ChallengeName"] != "NEW_PASSWORD_REQUIRED" {
		t.Errorf("got %v", out)
	}
}

func TestInvitationGoesBySMSUnlessSaidOtherwise(t *testing.T) {
	a := deployed(t, plainPool)
	input := a.user("ana")
	input["UserAttributes"] = []any{attribute("email", "ana@example.com"), attribute("phone_number", "+15550100")}
	a.Must("AdminCreateUser", input)
	if sent := a.pools.Outbox(a.Ref("Pool"), "ana"); len(sent) != 1 || sent[0].Medium != "SMS" {
		t.Errorf("sent: %+v", sent)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
func TestEmailAsUsernameMakesTheSubTheUsername(t *testing.T) {
	a := deployed(t, emailPool)
	a.addUserByEmail("ana@example.com")
	profile := a.Must("AdminGetUser", a.user("ANA@example.com"))
	attributes := profile["UserAttributes"].([]any)
	if profile["Username"] != attributes[0].(object)["Value"] {
		t.Errorf("username %v, attributes %v", profile["Username"], attributes)
	}
	if diff := cmp.Diff(attribute("email", "ana@example.com"), attributes[1]); diff != "" {
		t.Error(diff)
	}
}

func TestPasswordPolicyThatIsGivenAsksOnlyWhatItSays(t *testing.T) {
	a := deployed(t, strings.Replace(plainPool, "AutoVerifiedAttributes: [email]", "Policies: {PasswordPolicy: {MinimumLength: 6}}", 1))
	a.Must("SignUp", object{"ClientId": a.Ref("Client"), "Username": "bob", "Password": "simple"})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpool.html
func TestPoolAndClientAttributes(t *testing.T) {
	a := deployed(t, plainPool)
	pool, _ := a.Stack.Resource("Pool")
	id := pool.Ref
	want := map[string]string{
		"Arn":          "arn:aws:cognito-idp:us-east-1:123456789012:userpool/" + id,
		"ProviderName": "cognito-idp.us-east-1.amazonaws.com/" + id,
		"ProviderURL":  "https://cognito-idp.us-east-1.amazonaws.com/" + id,
		"UserPoolId":   id,
	}
	if diff := cmp.Diff(want, pool.Attributes); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(id, "us-east-1_") || len(id) != len("us-east-1_AbCdEfGhI") {
		t.Errorf("pool id %q", id)
	}
	client, _ := a.Stack.Resource("Client")
	if client.Attributes["ClientId"] != client.Ref || len(client.Ref) != 26 {
		t.Errorf("client: %+v", client)
	}
}

func TestUsersAndGroupsOfATemplate(t *testing.T) {
	a := deployed(t, plainPool+`
  Ana:
    Type: AWS::Cognito::UserPoolUser
    Properties: {UserPoolId: !Ref Pool, Username: ana, UserAttributes: [{Name: email, Value: ana@example.com}], DesiredDeliveryMediums: [EMAIL]}
  Someone: {Type: AWS::Cognito::UserPoolUser, Properties: {UserPoolId: !Ref Pool}}
  Editors: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Ref Pool, GroupName: editors, Precedence: "0"}}
  Others: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Ref Pool}}
  Member: {Type: AWS::Cognito::UserPoolUserToGroupAttachment, Properties: {UserPoolId: !Ref Pool, Username: !Ref Ana, GroupName: !Ref Editors}}
`)
	if a.Ref("Ana") != "ana" || a.Ref("Editors") != "editors" || a.Ref("Someone") == "" || a.Ref("Others") == "" {
		t.Error("Ref is not the name")
	}
	a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": password, "Permanent": true})
	if diff := cmp.Diff([]string{"editors"}, a.parse(a.signIn("ana")["AccessToken"]).Texts("cognito:groups")); diff != "" {
		t.Error(diff)
	}
}

// Signed operations are authorized against the pool; those that name none have
// no resource:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
func TestSignedOperationsTargetThePool(t *testing.T) {
	a := newAccount(t)
	for _, op := range a.pools.Service().Operations {
		in := reflect.New(op.Input).Elem()
		poolID := in.FieldByName("UserPoolId")
		if op.Access != api.Signed || !poolID.IsValid() {
			continue
		}
		poolID.SetString("us-east-1_AbCdEfGhI")
		if got, want := op.Target(in.Interface()).Resource, "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI"; got != want {
			t.Errorf("%s targets %q", op.Name, got)
		}
	}
}

func TestNoOperationIsBothSimulatedAndNot(t *testing.T) {
	service := newAccount(t).pools.Service()
	seen := map[string]bool{}
	for _, op := range service.Operations {
		seen[op.Name] = true
	}
	for _, name := range service.Unsimulated {
		if seen[name] {
			t.Errorf("%s stands twice", name)
		}
		seen[name] = true
	}
	if len(service.Rules) != len(cognitoidp.Rules()) {
		t.Error("the service has other rules than the package")
	}
}
