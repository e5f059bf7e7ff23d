package cognitoidp_test

import (
	"strings"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
)

// attributesOf are a user's attributes as an administrator sees them.
func (a *account) attributesOf(username string) map[string]any {
	a.t.Helper()
	attributes := map[string]any{}
	for _, item := range a.must("AdminGetUser", a.user(username))["UserAttributes"].([]any) {
		attributes[item.(object)["Name"].(string)] = item.(object)["Value"]
	}
	return attributes
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func changedAddressIsVerifiedAnew(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	access := a.signIn("ana")["AccessToken"]
	out := a.must("UpdateUserAttributes", object{"AccessToken": access, "UserAttributes": []any{attribute("email", "new@example.com"), attribute("name", "Ana")}})
	want := []any{object{"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "n***@e***"}}
	if diff := cmp.Diff(want, out["CodeDeliveryDetailsList"]); diff != "" {
		a.t.Error(diff)
	}
	if got := a.attributesOf("ana"); got["email"] != "new@example.com" || got["email_verified"] != "false" || got["name"] != "Ana" {
		a.t.Errorf("attributes: %v", got)
	}
	verify := object{"AccessToken": access, "AttributeName": "email", "Code": "x"}
	a.refused(cognitoidp.RuleCodeMatches, "CodeMismatchException", "Invalid verification code provided, please try again.", "VerifyUserAttribute", verify)
	a.must("GetUserAttributeVerificationCode", object{"AccessToken": access, "AttributeName": "email"})
	verify["Code"] = a.code("ana")
	a.must("VerifyUserAttribute", verify)
	if got := a.attributesOf("ana")["email_verified"]; got != "true" {
		a.t.Errorf("email_verified is %v", got)
	}
	a.refused(cognitoidp.RuleAttributeVerifiable, "InvalidParameterException", "User does not have a phone_number to verify.", "GetUserAttributeVerificationCode", object{"AccessToken": access, "AttributeName": "phone_number"})
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func addressCanWaitForItsVerification(a *account) {
	a.with(strings.Replace(plainPool, "AutoVerifiedAttributes: [email]", "AutoVerifiedAttributes: [email], UserAttributeUpdateSettings: {AttributesRequireVerificationBeforeUpdate: [email]}", 1))
	a.addUser("ana")
	access := a.signIn("ana")["AccessToken"]
	a.must("UpdateUserAttributes", object{"AccessToken": access, "UserAttributes": []any{attribute("email", "new@example.com")}})
	if got := a.attributesOf("ana"); got["email"] != "ana@example.com" || got["email_verified"] != "true" {
		a.t.Errorf("before: %v", got)
	}
	messages := a.pools.Outbox(a.ref("Pool"), "ana")
	if to := messages[len(messages)-1].To; to != "new@example.com" {
		a.t.Errorf("the code went to %s", to)
	}
	a.must("VerifyUserAttribute", object{"AccessToken": access, "AttributeName": "email", "Code": a.code("ana")})
	if got := a.attributesOf("ana"); got["email"] != "new@example.com" || got["email_verified"] != "true" {
		a.t.Errorf("after: %v", got)
	}
}

const aliasPool = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {AliasAttributes: [email], AutoVerifiedAttributes: [email]}}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH]}}
`

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
func aliasesSignInOnceTheyAreVerified(a *account) {
	a.with(aliasPool)
	a.must("SignUp", a.signUpInput("bob"))
	a.refused(cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth", a.passwordInput("bob@example.com", password))
	a.must("ConfirmSignUp", object{"ClientId": a.ref("Client"), "Username": "bob", "ConfirmationCode": a.code("bob")})
	tokens := a.result(a.must("InitiateAuth", a.passwordInput("bob@example.com", password)))
	if got := a.parse(tokens["IdToken"]).Text("cognito:username"); got != "bob" {
		a.t.Errorf("the ID token is of %q", got)
	}
	a.refused(cognitoidp.RuleUsernameForm, "InvalidParameterException", "Username cannot be of email format, since user pool is configured for email alias.", "SignUp", a.signUpInput("eve@example.com"))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
func aliasMovesByForce(a *account) {
	a.with(aliasPool)
	a.addUser("ana")
	input := a.signUpInput("bob")
	input["UserAttributes"] = []any{attribute("email", "ana@example.com")}
	a.must("SignUp", input)
	confirm := object{"ClientId": a.ref("Client"), "Username": "bob", "ConfirmationCode": a.code("bob")}
	a.refused(cognitoidp.RuleAliasFree, "AliasExistsException", "An account with the email already exists.", "ConfirmSignUp", confirm)
	confirm["ForceAliasCreation"] = true
	a.must("ConfirmSignUp", confirm)
	tokens := a.result(a.must("InitiateAuth", a.passwordInput("ana@example.com", password)))
	if got := a.parse(tokens["IdToken"]).Text("cognito:username"); got != "bob" {
		a.t.Errorf("the alias is of %q", got)
	}
	if got := a.attributesOf("ana")["email_verified"]; got != "false" {
		a.t.Errorf("ana's email_verified is %v", got)
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html
func attributesAndUsersAreDeleted(a *account) {
	a.with(plainPool)
	for _, username := range []string{"ana", "bob"} {
		a.addUser(username)
	}
	tokens := a.signIn("ana")
	access := tokens["AccessToken"]
	a.must("DeleteUserAttributes", object{"AccessToken": access, "UserAttributeNames": []any{"email"}})
	if got := a.attributesOf("ana"); got["email"] != nil || got["email_verified"] != nil {
		a.t.Errorf("attributes: %v", got)
	}
	gone := a.user("bob")
	gone["UserAttributeNames"] = []any{"email"}
	a.must("AdminDeleteUserAttributes", gone)
	a.must("AdminDeleteUser", a.user("bob"))
	a.must("DeleteUser", object{"AccessToken": access})
	a.refused(cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "GetUser", object{"AccessToken": access})
	a.refused(cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth", a.refreshInput(tokens["RefreshToken"].(string)))
	a.addUser("ana")
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html
func groupsAreLeftAndListed(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	listed := func() int { return len(a.must("AdminListGroupsForUser", a.user("ana"))["Groups"].([]any)) }
	membership := object{"UserPoolId": a.ref("Pool"), "Username": "ana", "GroupName": "editors"}
	a.refused(cognitoidp.RuleGroupExists, "ResourceNotFoundException", "Group not found.", "AdminRemoveUserFromGroup", membership)
	a.must("CreateGroup", object{"UserPoolId": a.ref("Pool"), "GroupName": "editors"})
	a.must("AdminAddUserToGroup", membership)
	if listed() != 1 {
		a.t.Error("the group is not listed")
	}
	a.must("AdminRemoveUserFromGroup", membership)
	if listed() != 0 {
		a.t.Error("the group is still listed")
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func usersAreListed(a *account) {
	a.with(plainPool)
	for _, username := range []string{"ana", "anton", "bob"} {
		a.addUser(username)
	}
	a.must("AdminDisableUser", a.user("bob"))
	for filter, want := range map[string]int{"": 3, `email = "ana@example.com"`: 1, `username ^= "an"`: 2, `status = "Disabled"`: 1, `"cognito:user_status" = "UNCONFIRMED"`: 0} {
		input := object{"UserPoolId": a.ref("Pool"), "Filter": filter}
		if got := len(a.must("ListUsers", input)["Users"].([]any)); got != want {
			a.t.Errorf("%s: %d users, want %d", filter, got, want)
		}
	}
	if _, err := a.call("ListUsers", object{"UserPoolId": a.ref("Pool"), "Filter": "email"}); err == nil {
		a.t.Error("a filter without a comparison was taken")
	}
}
