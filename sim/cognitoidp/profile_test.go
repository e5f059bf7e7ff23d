package cognitoidp_test

import (
	"strings"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
)

// attributesOf are a user's attributes as an administrator sees them.
func (a *account) attributesOf(username string) map[string]any {
	a.T.Helper()
	attributes := map[string]any{}
	for _, item := range a.Must("AdminGetUser", a.user(username))["UserAttributes"].([]any) {
		attributes[item.(object)["Name"].(string)] = item.(object)["Value"]
	}
	return attributes
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func changedAddressIsVerifiedAnew(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	access := a.signIn("ana")["AccessToken"]
	out := a.Must("UpdateUserAttributes", object{"AccessToken": access, "UserAttributes": []any{attribute("email", "new@example.com"), attribute("name", "Ana")}})
	want := []any{object{"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "n***@e***"}}
	if diff := cmp.Diff(want, out["CodeDeliveryDetailsList"]); diff != "" {
		a.T.Error(diff)
	}
	if got := a.attributesOf("ana"); got["email"] != "new@example.com" || got["email_verified"] != "false" || got["name"] != "Ana" {
		a.T.Errorf("attributes: %v", got)
	}
	verify := object{"AccessToken": access, "AttributeName": "email", "Code": "x"}
	a.Refused(cognitoidp.RuleCodeMatches, "CodeMismatchException", "Invalid verification code provided, please try again.", "VerifyUserAttribute", verify)
	a.Must("GetUserAttributeVerificationCode", object{"AccessToken": access, "AttributeName": "email"})
	verify["Code"] = a.code("ana")
	a.Must("VerifyUserAttribute", verify)
	if got := a.attributesOf("ana")["email_verified"]; got != "true" {
		a.T.Errorf("email_verified is %v", got)
	}
	a.Refused(cognitoidp.RuleAttributeVerifiable, "InvalidParameterException", "User does not have a phone_number to verify.", "GetUserAttributeVerificationCode", object{"AccessToken": access, "AttributeName": "phone_number"})
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func addressCanWaitForItsVerification(a *account) {
	a.with(strings.Replace(plainPool, "AutoVerifiedAttributes: [email]", "AutoVerifiedAttributes: [email], UserAttributeUpdateSettings: {AttributesRequireVerificationBeforeUpdate: [email]}", 1))
	a.addUser("ana")
	access := a.signIn("ana")["AccessToken"]
	a.Must("UpdateUserAttributes", object{"AccessToken": access, "UserAttributes": []any{attribute("email", "new@example.com")}})
	if got := a.attributesOf("ana"); got["email"] != "ana@example.com" || got["email_verified"] != "true" {
		a.T.Errorf("before: %v", got)
	}
	messages := a.pools.Outbox(a.Ref("Pool"), "ana")
	if to := messages[len(messages)-1].To; to != "new@example.com" {
		a.T.Errorf("the code went to %s", to)
	}
	a.Must("VerifyUserAttribute", object{"AccessToken": access, "AttributeName": "email", "Code": a.code("ana")})
	if got := a.attributesOf("ana"); got["email"] != "new@example.com" || got["email_verified"] != "true" {
		a.T.Errorf("after: %v", got)
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
	a.Must("SignUp", a.signUpInput("bob"))
	a.Refused(cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth", a.passwordInput("bob@example.com", password))
	a.Must("ConfirmSignUp", object{"ClientId": a.Ref("Client"), "Username": "bob", "ConfirmationCode": a.code("bob")})
	tokens := a.result(a.Must("InitiateAuth", a.passwordInput("bob@example.com", password)))
	if got := a.parse(tokens["IdToken"]).Text("cognito:username"); got != "bob" {
		a.T.Errorf("the ID token is of %q", got)
	}
	a.Refused(cognitoidp.RuleUsernameForm, "InvalidParameterException", "Username cannot be of email format, since user pool is configured for email alias.", "SignUp", a.signUpInput("eve@example.com"))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
func aliasMovesByForce(a *account) {
	a.with(aliasPool)
	a.addUser("ana")
	input := a.signUpInput("bob")
	input["UserAttributes"] = []any{attribute("email", "ana@example.com")}
	a.Must("SignUp", input)
	confirm := object{"ClientId": a.Ref("Client"), "Username": "bob", "ConfirmationCode": a.code("bob")}
	a.Refused(cognitoidp.RuleAliasFree, "AliasExistsException", "An account with the email already exists.", "ConfirmSignUp", confirm)
	confirm["ForceAliasCreation"] = true
	a.Must("ConfirmSignUp", confirm)
	tokens := a.result(a.Must("InitiateAuth", a.passwordInput("ana@example.com", password)))
	if got := a.parse(tokens["IdToken"]).Text("cognito:username"); got != "bob" {
		a.T.Errorf("the alias is of %q", got)
	}
	if got := a.attributesOf("ana")["email_verified"]; got != "false" {
		a.T.Errorf("ana's email_verified is %v", got)
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
	a.Must("DeleteUserAttributes", object{"AccessToken": access, "UserAttributeNames": []any{"email"}})
	if got := a.attributesOf("ana"); got["email"] != nil || got["email_verified"] != nil {
		a.T.Errorf("attributes: %v", got)
	}
	gone := a.user("bob")
	gone["UserAttributeNames"] = []any{"email"}
	a.Must("AdminDeleteUserAttributes", gone)
	a.Must("AdminDeleteUser", a.user("bob"))
	a.Must("DeleteUser", object{"AccessToken": access})
	a.Refused(cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "GetUser", object{"AccessToken": access})
	a.Refused(cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth", a.refreshInput(tokens["RefreshToken"].(string)))
	a.addUser("ana")
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html
func groupsAreLeftAndListed(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	listed := func() int { return len(a.Must("AdminListGroupsForUser", a.user("ana"))["Groups"].([]any)) }
	membership := object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "GroupName": "editors"}
	a.Refused(cognitoidp.RuleGroupExists, "ResourceNotFoundException", "Group not found.", "AdminRemoveUserFromGroup", membership)
	a.Must("CreateGroup", object{"UserPoolId": a.Ref("Pool"), "GroupName": "editors"})
	a.Must("AdminAddUserToGroup", membership)
	if listed() != 1 {
		a.T.Error("the group is not listed")
	}
	a.Must("AdminRemoveUserFromGroup", membership)
	if listed() != 0 {
		a.T.Error("the group is still listed")
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func usersAreListed(a *account) {
	a.with(plainPool)
	for _, username := range []string{"ana", "anton", "bob"} {
		a.addUser(username)
	}
	a.Must("AdminDisableUser", a.user("bob"))
	for filter, want := range map[string]int{"": 3, `email = "ana@example.com"`: 1, `username ^= "an"`: 2, `status = "Disabled"`: 1, `"cognito:user_status" = "UNCONFIRMED"`: 0} {
		input := object{"UserPoolId": a.Ref("Pool"), "Filter": filter}
		if got := len(a.Must("ListUsers", input)["Users"].([]any)); got != want {
			a.T.Errorf("%s: %d users, want %d", filter, got, want)
		}
	}
	if _, err := a.Run("ListUsers", object{"UserPoolId": a.Ref("Pool"), "Filter": "email"}); err == nil {
		a.T.Error("a filter without a comparison was taken")
	}
}
