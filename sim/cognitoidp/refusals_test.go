package cognitoidp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	guide     = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
	reference = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/"
)

// clientsPool is plainPool with clients of other settings.
const clientsPool = plainPool + `
  Default: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool}}
  Hiding:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH], PreventUserExistenceErrors: ENABLED}
  Narrow:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, WriteAttributes: [name]}
  Irrevocable:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH], EnableTokenRevocation: false}
  Confidential:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, GenerateSecret: true}
`

// refusal is a call that AWS refuses, and why.
type refusal struct {
	name string
	// source is where the refusal or its wording is from.
	source string
	// template is clientsPool when it is empty. The pool has the user ana.
	template      string
	rule          trace.RuleID
	code, message string
	operation     string
	input         func(a *account) object
}

func refusals() []refusal {
	return slices.Concat(
		signInRefusals(),
		tokenRefusals(),
		directoryRefusals(),
		proofRefusals(),
		accountRefusals(),
		adminRefusals(),
		deviceRefusals(),
		choiceRefusals(),
		passkeyRefusals(),
		importRefusals(),
	)
}

func signInRefusals() []refusal {
	// signIn changes the input of a sign-in that works.
	signIn := func(change func(a *account, input, parameters object)) func(*account) object {
		return func(a *account) object {
			input := a.passwordInput("ana", password)
			change(a, input, input["AuthParameters"].(object))
			return input
		}
	}
	// answer changes the answer to a challenge.
	answer := func(change func(a *account, input, responses object)) func(*account) object {
		return func(a *account) object {
			a.Must("AdminCreateUser", object{"UserPoolId": a.Ref("Pool"), "Username": "new", "TemporaryPassword": "Temp0rary!"})
			out := a.Must("InitiateAuth", a.passwordInput("new", "Temp0rary!"))
			input := a.newPassword(out["Session"], "new", password)
			change(a, input, input["ChallengeResponses"].(object))
			return input
		}
	}
	return []refusal{
		{
			"sign-in at an unknown client", reference + "API_InitiateAuth.html", "",
			cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client nobody does not exist.", "InitiateAuth",
			signIn(func(_ *account, input, _ object) { input["ClientId"] = "nobody" }),
		}, {
			"a server's flow", "https://github.com/getmoto/moto/pull/4836", "",
			cognitoidp.RuleFlowPublic, "InvalidParameterException", "Initiate Auth method not supported", "InitiateAuth",
			signIn(func(_ *account, input, _ object) { input["AuthFlow"] = "ADMIN_USER_PASSWORD_AUTH" }),
		}, {
			"a flow that the client does not allow", "https://github.com/floci-io/floci/pull/3974", "",
			cognitoidp.RuleFlowEnabled, "InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client", "InitiateAuth",
			signIn(func(a *account, input, _ object) { input["ClientId"] = a.Ref("Default") }),
		}, {
			"parameters in lower case", "https://github.com/aws/aws-sdk-php/issues/1057", "",
			cognitoidp.RuleFlowParameters, "InvalidParameterException", "Missing required parameter USERNAME", "InitiateAuth",
			signIn(func(_ *account, input, _ object) { input["AuthParameters"] = object{"username": "ana"} }),
		}, {
			"an unknown user, LEGACY", guide + "cognito-user-pool-managing-errors.html", "",
			cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth",
			signIn(func(_ *account, _, parameters object) { parameters["USERNAME"] = "eve" }),
		}, {
			"an unknown user, ENABLED", guide + "cognito-user-pool-managing-errors.html", "",
			cognitoidp.RuleUserExists, "NotAuthorizedException", "Incorrect username or password.", "InitiateAuth",
			signIn(func(a *account, input, parameters object) {
				input["ClientId"], parameters["USERNAME"] = a.Ref("Hiding"), "eve"
			}),
		}, {
			"a name in other case", reference + "API_UsernameConfigurationType.html", "",
			cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "InitiateAuth",
			signIn(func(_ *account, _, parameters object) { parameters["USERNAME"] = "Ana" }),
		}, {
			"a wrong password", guide + "cognito-user-pool-managing-errors.html", "",
			cognitoidp.RulePassword, "NotAuthorizedException", "Incorrect username or password.", "InitiateAuth",
			signIn(func(_ *account, _, parameters object) { parameters["PASSWORD"] = "Passw0rd?" }),
		}, {
			"a disabled user", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/373", "",
			cognitoidp.RuleUserEnabled, "NotAuthorizedException", "User is disabled.", "InitiateAuth",
			signIn(func(a *account, _, _ object) { a.Must("AdminDisableUser", a.user("ana")) }),
		}, {
			"an unconfirmed user, even with a wrong password", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/288", "",
			cognitoidp.RuleUserConfirmed, "UserNotConfirmedException", "User is not confirmed.", "InitiateAuth",
			signIn(func(a *account, _, parameters object) {
				a.Must("SignUp", a.signUpInput("bob"))
				parameters["USERNAME"], parameters["PASSWORD"] = "bob", "wrong"
			}),
		}, {
			"a temporary password after seven days", reference + "API_PasswordPolicyType.html", "",
			cognitoidp.RulePasswordTemporary, "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.", "InitiateAuth",
			signIn(func(a *account, _, _ object) {
				a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": password})
				a.wait(7 * 24 * time.Hour)
			}),
		}, {
			"a challenge answered at an unknown client", reference + "API_RespondToAuthChallenge.html", "",
			cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client nobody does not exist.", "RespondToAuthChallenge",
			answer(func(_ *account, input, _ object) { input["ClientId"] = "nobody" }),
		}, {
			"an answer without username", reference + "API_RespondToAuthChallenge.html", "",
			cognitoidp.RuleFlowParameters, "InvalidParameterException", "Missing required parameter USERNAME", "RespondToAuthChallenge",
			answer(func(_ *account, _, responses object) { delete(responses, "USERNAME") }),
		}, {
			"an answer without new password", reference + "API_RespondToAuthChallenge.html", "",
			cognitoidp.RuleFlowParameters, "InvalidParameterException", "Missing required parameter NEW_PASSWORD", "RespondToAuthChallenge",
			answer(func(_ *account, _, responses object) { delete(responses, "NEW_PASSWORD") }),
		}, {
			"a new password that is too weak", reference + "API_RespondToAuthChallenge.html", "",
			cognitoidp.RulePasswordPolicy, "InvalidPasswordException", "Password did not conform with policy: Password must have symbol characters", "RespondToAuthChallenge",
			answer(func(_ *account, _, responses object) { responses["NEW_PASSWORD"] = "Passw0rd" }),
		}, {
			"another user's session", "https://github.com/aws-amplify/amplify-js/issues/10959", "",
			cognitoidp.RuleSessionValid, "NotAuthorizedException", "Invalid session for the user.", "RespondToAuthChallenge",
			answer(func(_ *account, _, responses object) { responses["USERNAME"] = "ana" }),
		}, {
			"an answer after three minutes", "https://github.com/aws-amplify/amplify-js/issues/10959", "",
			cognitoidp.RuleSessionValid, "NotAuthorizedException", "Invalid session for the user, session is expired.", "RespondToAuthChallenge",
			answer(func(a *account, _, _ object) { a.wait(3 * time.Minute) }),
		}, {
			"an answer with an unknown attribute", "https://github.com/aws-amplify/amplify-cli/issues/1761", "",
			cognitoidp.RuleAttributeSchema, "InvalidParameterException", "Attributes did not conform to the schema: custom:plan: Attribute does not exist in the schema.\n", "RespondToAuthChallenge",
			answer(func(_ *account, _, responses object) { responses["userAttributes.custom:plan"] = "gold" }),
		},
	}
}

func tokenRefusals() []refusal {
	// token is an input made of the tokens of a sign-in.
	token := func(make func(a *account, result object) object) func(*account) object {
		return func(a *account) object { return make(a, a.signIn("ana")) }
	}
	return []refusal{
		{
			"a malformed refresh token", "https://github.com/aws/aws-sdk-js-v3/issues/7162", "",
			cognitoidp.RuleRefreshKnown, "NotAuthorizedException", "Invalid Refresh Token", "InitiateAuth",
			func(a *account) object { return a.refreshInput("no token") },
		}, {
			"an access token instead of the refresh token", "https://github.com/aws/aws-sdk-js-v3/issues/7162", "",
			cognitoidp.RuleRefreshKnown, "NotAuthorizedException", "Invalid Refresh Token", "InitiateAuth",
			token(func(a *account, result object) object { return a.refreshInput(result["AccessToken"].(string)) }),
		}, {
			"a refresh token of another client", "https://github.com/aws/aws-sdk-js-v3/issues/7162", "",
			cognitoidp.RuleRefreshKnown, "NotAuthorizedException", "Invalid Refresh Token", "InitiateAuth",
			token(func(a *account, result object) object {
				input := a.refreshInput(result["RefreshToken"].(string))
				input["ClientId"] = a.Ref("Hiding")
				return input
			}),
		}, {
			"a refresh token after global sign-out", "https://github.com/aws-amplify/amplify-swift/issues/3344", "",
			cognitoidp.RuleRefreshAlive, "NotAuthorizedException", "Refresh Token has been revoked", "InitiateAuth",
			token(func(a *account, result object) object {
				a.Must("GlobalSignOut", object{"AccessToken": result["AccessToken"]})
				return a.refreshInput(result["RefreshToken"].(string))
			}),
		}, {
			"a refresh token after 30 days", "https://github.com/aws/aws-sdk-java-v2/issues/1687", "",
			cognitoidp.RuleRefreshExpiry, "NotAuthorizedException", "Refresh Token has expired", "InitiateAuth",
			token(func(a *account, result object) object {
				a.wait(30 * 24 * time.Hour)
				return a.refreshInput(result["RefreshToken"].(string))
			}),
		}, {
			"text that is no token", reference + "API_GetUser.html", "",
			cognitoidp.RuleAccessTokenValid, "NotAuthorizedException", "Invalid Access Token", "GetUser",
			func(*account) object { return object{"AccessToken": "user-42"} },
		}, {
			"a token of another issuer", reference + "API_GetUser.html", "",
			cognitoidp.RuleAccessTokenValid, "NotAuthorizedException", "Invalid Access Token", "GetUser",
			func(*account) object { return object{"AccessToken": "e30.e30."} },
		}, {
			"a forged access token", reference + "API_GetUser.html", "",
			cognitoidp.RuleAccessTokenValid, "NotAuthorizedException", "Invalid Access Token", "GetUser",
			token(func(_ *account, result object) object {
				id, access := strings.Split(result["IdToken"].(string), "."), strings.Split(result["AccessToken"].(string), ".")
				return object{"AccessToken": access[0] + "." + access[1] + "." + id[2]}
			}),
		}, {
			"the ID token", reference + "API_GetUser.html", "",
			cognitoidp.RuleAccessTokenUse, "NotAuthorizedException", "Invalid Access Token", "GetUser",
			token(func(_ *account, result object) object { return object{"AccessToken": result["IdToken"]} }),
		}, {
			"an access token after an hour", reference + "API_GetUser.html", "",
			cognitoidp.RuleAccessTokenExpiry, "NotAuthorizedException", "Access Token has expired", "GetUser",
			token(func(a *account, result object) object {
				a.wait(time.Hour)
				return object{"AccessToken": result["AccessToken"]}
			}),
		}, {
			"an access token after global sign-out", reference + "API_GlobalSignOut.html", "",
			cognitoidp.RuleAccessTokenAlive, "NotAuthorizedException", "Access Token has been revoked", "GlobalSignOut",
			token(func(a *account, result object) object {
				a.Must("AdminUserGlobalSignOut", a.user("ana"))
				return object{"AccessToken": result["AccessToken"]}
			}),
		}, {
			"revocation at an unknown client", reference + "API_RevokeToken.html", "",
			cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client nobody does not exist.", "RevokeToken",
			func(*account) object { return object{"Token": "t", "ClientId": "nobody"} },
		}, {
			"revocation without the client's secret", reference + "API_RevokeToken.html", "",
			cognitoidp.RuleSecretHash, "UnauthorizedException", "Invalid client secret.", "RevokeToken",
			func(a *account) object { return object{"Token": "t", "ClientId": a.Ref("Confidential")} },
		}, {
			"revocation that is turned off", reference + "API_RevokeToken.html", "",
			cognitoidp.RuleRevocationEnabled, "UnsupportedOperationException", "Token revocation is not enabled for this client.", "RevokeToken",
			func(a *account) object { return object{"Token": "t", "ClientId": a.Ref("Irrevocable")} },
		}, {
			"revocation of an access token", reference + "API_RevokeToken.html", "",
			cognitoidp.RuleRevocationToken, "UnsupportedTokenTypeException", "Unsupported token type.", "RevokeToken",
			token(func(a *account, result object) object {
				return object{"Token": result["AccessToken"], "ClientId": a.Ref("Client")}
			}),
		}, {
			"revocation by another client", reference + "API_RevokeToken.html", "",
			cognitoidp.RuleRevocationClient, "UnauthorizedException", "The token was not issued to this client.", "RevokeToken",
			token(func(a *account, result object) object {
				return object{"Token": result["RefreshToken"], "ClientId": a.Ref("Hiding")}
			}),
		},
	}
}

func directoryRefusals() []refusal {
	signUp := func(change func(a *account, input object)) func(*account) object {
		return func(a *account) object {
			input := a.signUpInput("bob")
			change(a, input)
			return input
		}
	}
	// confirm changes the confirmation of a sign-up that was sent a code.
	confirm := func(change func(a *account, input object)) func(*account) object {
		return func(a *account) object {
			a.Must("SignUp", a.signUpInput("bob"))
			input := object{"ClientId": a.Ref("Client"), "Username": "bob", "ConfirmationCode": a.code("bob")}
			change(a, input)
			return input
		}
	}
	create := func(change func(input object)) func(*account) object {
		return func(a *account) object {
			input := a.user("bob")
			change(input)
			return input
		}
	}
	closedPool := strings.Replace(clientsPool, "AutoVerifiedAttributes: [email]", "AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}", 1)
	return []refusal{
		{
			"sign-up where only administrators create users", reference + "API_SignUp.html", closedPool,
			cognitoidp.RuleSignUpAllowed, "NotAuthorizedException", "SignUp is not permitted for this user pool", "SignUp",
			signUp(func(*account, object) {}),
		}, {
			"sign-up at an unknown client", reference + "API_SignUp.html", "",
			cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client nobody does not exist.", "SignUp",
			signUp(func(_ *account, input object) { input["ClientId"] = "nobody" }),
		}, {
			"a short password", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/311", "",
			cognitoidp.RulePasswordPolicy, "InvalidPasswordException", "Password did not conform with policy: Password not long enough", "SignUp",
			signUp(func(_ *account, input object) { input["Password"] = "Pa55w0!" }),
		}, {
			"a password of five characters", "https://github.com/aws-amplify/amplify-hosting/issues/1336", "",
			cognitoidp.RulePasswordShape, "InvalidParameterException", "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6", "SignUp",
			signUp(func(_ *account, input object) { input["Password"] = "Pa55!" }),
		}, {
			"a password of 257 characters", reference + "API_SignUp.html", "",
			cognitoidp.RulePasswordShape, "InvalidParameterException", "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256", "SignUp",
			signUp(func(_ *account, input object) { input["Password"] = password + strings.Repeat("x", 257-len(password)) }),
		}, {
			"a password without uppercase", "https://github.com/data-dot-all/dataall/issues/690", "",
			cognitoidp.RulePasswordPolicy, "InvalidPasswordException", "Password did not conform with policy: Password must have uppercase characters", "SignUp",
			signUp(func(_ *account, input object) { input["Password"] = "passw0rd!" }),
		}, {
			"a password without lowercase", "https://github.com/data-dot-all/dataall/issues/690", "",
			cognitoidp.RulePasswordPolicy, "InvalidPasswordException", "Password did not conform with policy: Password must have lowercase characters", "SignUp",
			signUp(func(_ *account, input object) { input["Password"] = "PASSW0RD!" }),
		}, {
			"a password without digits, for an administrator", "https://github.com/data-dot-all/dataall/issues/690", "",
			cognitoidp.RulePasswordPolicy, "InvalidPasswordException", "Password did not conform with password policy: Password must have numeric characters", "AdminCreateUser",
			create(func(input object) { input["TemporaryPassword"] = "Password!" }),
		}, {
			"a weak password set by an administrator", "https://github.com/data-dot-all/dataall/issues/690", "",
			cognitoidp.RulePasswordPolicy, "InvalidPasswordException", "Password did not conform with password policy: Password not long enough", "AdminSetUserPassword",
			func(a *account) object {
				return object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": "weakest", "Permanent": true}
			},
		}, {
			"an attribute that the client may not write", guide + "user-pool-settings-attributes.html", "",
			cognitoidp.RuleAttributesWritable, "NotAuthorizedException", "A client attempted to write unauthorized attribute", "SignUp",
			signUp(func(a *account, input object) { input["ClientId"] = a.Ref("Narrow") }),
		}, {
			"a user who calls an address verified", guide + "user-pool-settings-attributes.html", "",
			cognitoidp.RuleAttributesWritable, "NotAuthorizedException", "A client attempted to write unauthorized attribute", "SignUp",
			signUp(func(_ *account, input object) { input["UserAttributes"] = []any{attribute("email_verified", "true")} }),
		}, {
			"an attribute that the schema lacks", "https://github.com/aws-amplify/amplify-cli/issues/1761", "",
			cognitoidp.RuleAttributeSchema, "InvalidParameterException", "Attributes did not conform to the schema: custom:plan: Attribute does not exist in the schema.\n", "AdminCreateUser",
			create(func(input object) { input["UserAttributes"] = []any{attribute("custom:plan", "gold")} }),
		}, {
			"sign-up without a required attribute", "https://github.com/aws-amplify/amplify-flutter/issues/509", requiredNamePool,
			cognitoidp.RuleAttributeSchema, "InvalidParameterException", "Attributes did not conform to the schema: name: The attribute is required\n", "SignUp",
			signUp(func(*account, object) {}),
		}, {
			"sign-up with an attribute that the schema lacks", "https://github.com/aws-amplify/amplify-cli/issues/1761", "",
			cognitoidp.RuleAttributeSchema, "InvalidParameterException", "Attributes did not conform to the schema: custom:plan: Attribute does not exist in the schema.\n", "SignUp",
			signUp(func(_ *account, input object) { input["UserAttributes"] = []any{attribute("custom:plan", "gold")} }),
		}, {
			"a username that is taken", guide + "cognito-user-pool-managing-errors.html", "",
			cognitoidp.RuleUsernameFree, "UsernameExistsException", "User already exists", "SignUp",
			signUp(func(_ *account, input object) { input["Username"] = "ana" }),
		}, {
			"a username that is taken, for an administrator", "https://github.com/localstack/localstack/issues/4465", "",
			cognitoidp.RuleUsernameFree, "UsernameExistsException", "User account already exists", "AdminCreateUser",
			create(func(input object) { input["Username"] = "ana" }),
		}, {
			"a pool that does not exist", reference + "API_AdminCreateUser.html", "",
			cognitoidp.RulePoolExists, "ResourceNotFoundException", "User pool us-east-1_None does not exist.", "AdminCreateUser",
			create(func(input object) { input["UserPoolId"] = "us-east-1_None" }),
		}, {
			"a user that does not exist, for an administrator", guide + "cognito-user-pool-managing-errors.html", "",
			cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "AdminGetUser",
			create(func(object) {}),
		}, {
			"confirmation of an unknown user, LEGACY", guide + "cognito-user-pool-managing-errors.html", "",
			cognitoidp.RuleUserExists, "UserNotFoundException", "Username/client id combination not found.", "ConfirmSignUp",
			confirm(func(_ *account, input object) { input["Username"] = "eve" }),
		}, {
			"confirmation of an unknown user, ENABLED", "https://github.com/aws-amplify/amplify-flutter/issues/1128", "",
			cognitoidp.RuleUserExists, "ExpiredCodeException", "Invalid code provided, please request a code again.", "ConfirmSignUp",
			confirm(func(a *account, input object) { input["Username"], input["ClientId"] = "eve", a.Ref("Hiding") }),
		}, {
			"confirmation at an unknown client", reference + "API_ConfirmSignUp.html", "",
			cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client nobody does not exist.", "ConfirmSignUp",
			confirm(func(_ *account, input object) { input["ClientId"] = "nobody" }),
		}, {
			"a second confirmation", "https://github.com/furaiev/amazon-cognito-identity-dart-2/issues/80", "",
			cognitoidp.RuleSignUpUnconfirmed, "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED", "ConfirmSignUp",
			confirm(func(a *account, input object) { a.Must("ConfirmSignUp", input) }),
		}, {
			"a second confirmation by an administrator", "https://github.com/furaiev/amazon-cognito-identity-dart-2/issues/80", "",
			cognitoidp.RuleSignUpUnconfirmed, "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED", "AdminConfirmSignUp",
			func(a *account) object { return a.user("ana") },
		}, {
			"a code after a day", "https://github.com/aws-amplify/amplify-flutter/issues/1128", "",
			cognitoidp.RuleCodeOutstanding, "ExpiredCodeException", "Invalid code provided, please request a code again.", "ConfirmSignUp",
			confirm(func(a *account, _ object) { a.wait(24 * time.Hour) }),
		}, {
			"a wrong code", "https://github.com/aws-amplify/amplify-flutter/issues/1128", "",
			cognitoidp.RuleCodeMatches, "CodeMismatchException", "Invalid verification code provided, please try again.", "ConfirmSignUp",
			confirm(func(_ *account, input object) { input["ConfirmationCode"] = "x" }),
		}, {
			"a group name that is taken", reference + "API_CreateGroup.html", "",
			cognitoidp.RuleGroupFree, "GroupExistsException", "A group with the name already exists.", "CreateGroup",
			func(a *account) object {
				input := object{"UserPoolId": a.Ref("Pool"), "GroupName": "editors"}
				a.Must("CreateGroup", input)
				return input
			},
		}, {
			"a group of a pool that does not exist", reference + "API_CreateGroup.html", "",
			cognitoidp.RulePoolExists, "ResourceNotFoundException", "User pool us-east-1_None does not exist.", "CreateGroup",
			func(*account) object { return object{"UserPoolId": "us-east-1_None", "GroupName": "editors"} },
		}, {
			"a negative precedence", reference + "API_CreateGroup.html", "",
			cognitoidp.RuleSettingRange, "InvalidParameterException", "1 validation error detected: Value '-1' at 'precedence' failed to satisfy constraint: Member must have value greater than or equal to 0", "CreateGroup",
			func(a *account) object {
				return object{"UserPoolId": a.Ref("Pool"), "GroupName": "editors", "Precedence": -1}
			},
		}, {
			"a group that does not exist", "https://github.com/aws-amplify/amplify-cli/issues/2214", "",
			cognitoidp.RuleGroupExists, "ResourceNotFoundException", "Group not found.", "AdminAddUserToGroup",
			func(a *account) object {
				return object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "GroupName": "editors"}
			},
		}, {
			"a member who does not exist", guide + "cognito-user-pool-managing-errors.html", "",
			cognitoidp.RuleUserExists, "UserNotFoundException", "User does not exist.", "AdminAddUserToGroup",
			func(a *account) object {
				return object{"UserPoolId": a.Ref("Pool"), "Username": "eve", "GroupName": "editors"}
			},
		}, {
			"a plain username in a pool of email addresses", guide + "user-pool-settings-attributes.html", emailPool,
			cognitoidp.RuleUsernameForm, "InvalidParameterException", "Username should be an email.", "AdminCreateUser",
			create(func(object) {}),
		}, {
			"a plain username in a pool of phone numbers", guide + "user-pool-settings-attributes.html", strings.Replace(emailPool, "[email]", "[phone_number]", 1),
			cognitoidp.RuleUsernameForm, "InvalidParameterException", "Username should be a phone number.", "AdminCreateUser",
			create(func(object) {}),
		}, {
			"a plain username in a pool of both", guide + "user-pool-settings-attributes.html", strings.Replace(emailPool, "[email]", "[email, phone_number]", 1),
			cognitoidp.RuleUsernameForm, "InvalidParameterException", "Username should be either an email or a phone number.", "AdminCreateUser",
			create(func(object) {}),
		},
	}
}

// runRefusal runs one refusal in an account of its own.
func runRefusal(t *testing.T, r refusal, cover *tracetest.Coverage) {
	a := newAccount(t)
	a.Cover = cover
	template := r.template
	if template == "" {
		template = clientsPool
	}
	if err := a.Deploy(template); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(template, "UsernameAttributes") {
		a.addUser("ana")
	}
	a.Refused(r.rule, r.code, r.message, r.operation, r.input(a))
}

func TestRefusals(t *testing.T) {
	for _, r := range refusals() {
		t.Run(r.name, func(t *testing.T) { runRefusal(t, r, &tracetest.Coverage{}) })
	}
}

// badTemplate is a template that AWS refuses, and why.
type badTemplate struct {
	name, source  string
	rule          trace.RuleID
	code, message string
	template      string
}

func badTemplates() []badTemplate {
	poolWith := func(properties string) string {
		return "\nResources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {" + properties + "}}\n"
	}
	clientWith := func(properties string) string {
		return poolWith("") + "  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, " + properties + "}}\n"
	}
	const code, message = "InvalidParameterException", "Invalid range for token validity."
	return []badTemplate{
		{"an access token for 60 hours", "https://github.com/hashicorp/terraform-provider-aws/issues/32504", cognitoidp.RuleClientValidity, code, message, clientWith("AccessTokenValidity: 60")},
		{"an ID token for 4 minutes", reference + "API_CreateUserPoolClient.html", cognitoidp.RuleClientValidity, code, message, clientWith("IdTokenValidity: 4, TokenValidityUnits: {IdToken: minutes}")},
		{"a refresh token for 59 minutes", reference + "API_CreateUserPoolClient.html", cognitoidp.RuleClientValidity, code, message, clientWith("RefreshTokenValidity: 59, TokenValidityUnits: {RefreshToken: minutes}")},
		{"a refresh token for 36500 days", "https://github.com/awsdocs/aws-cloudformation-user-guide/pull/828", cognitoidp.RuleClientValidity, code, message, clientWith("RefreshTokenValidity: 36500")},
		{"a negative validity", reference + "API_CreateUserPoolClient.html", cognitoidp.RuleClientValidity, code, message, clientWith("AccessTokenValidity: -9223372036854775")},
		{"a session for 20 minutes", reference + "API_CreateUserPoolClient.html", cognitoidp.RuleSettingRange, "InvalidParameterException", "Value '20' at 'authSessionValidity'", clientWith("AuthSessionValidity: 20")},
		{"a password of 5 characters", reference + "API_PasswordPolicyType.html", cognitoidp.RuleSettingRange, "InvalidParameterException", "greater than or equal to 6", poolWith("Policies: {PasswordPolicy: {MinimumLength: 5}}")},
		{"a temporary password for 366 days", reference + "API_PasswordPolicyType.html", cognitoidp.RuleSettingRange, "InvalidParameterException", "less than or equal to 365", poolWith("Policies: {PasswordPolicy: {TemporaryPasswordValidityDays: 366}}")},
		{"an attribute to read that does not exist", guide + "user-pool-settings-attributes.html", cognitoidp.RuleClientAttributes, "InvalidParameterException", "Invalid read attributes specified while creating a client", clientWith("ReadAttributes: ['custom:plan']")},
		{"an attribute to write that does not exist", guide + "user-pool-settings-attributes.html", cognitoidp.RuleClientAttributes, "InvalidParameterException", "Invalid write attributes specified while creating a client", clientWith("WriteAttributes: [mail]")},
		{"a client of no pool", reference + "API_CreateUserPoolClient.html", cognitoidp.RulePoolExists, "ResourceNotFoundException", "User pool us-east-1_None does not exist.", "\nResources:\n  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: us-east-1_None}}\n"},
		{"a group of no pool", reference + "API_CreateGroup.html", cognitoidp.RulePoolExists, "ResourceNotFoundException", "User pool us-east-1_None does not exist.", "\nResources:\n  Group: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: us-east-1_None}}\n"},
		{"a user of no pool", reference + "API_AdminCreateUser.html", cognitoidp.RulePoolExists, "ResourceNotFoundException", "User pool us-east-1_None does not exist.", "\nResources:\n  User: {Type: AWS::Cognito::UserPoolUser, Properties: {UserPoolId: us-east-1_None}}\n"},
		{"a required custom attribute", "https://github.com/hashicorp/terraform-provider-aws/issues/18430", cognitoidp.RuleCustomOptional, "InvalidParameterException", "Required custom attributes are not supported currently.", poolWith("Schema: [{Name: plan, Required: true}]")},
		{"a membership of no group", "https://github.com/aws-amplify/amplify-cli/issues/2214", cognitoidp.RuleGroupExists, "ResourceNotFoundException", "Group not found.", poolWith("") + `
  Ana: {Type: AWS::Cognito::UserPoolUser, Properties: {UserPoolId: !Ref Pool, Username: ana}}
  Member: {Type: AWS::Cognito::UserPoolUserToGroupAttachment, Properties: {UserPoolId: !Ref Pool, Username: !Ref Ana, GroupName: editors}}
`},
	}
}

func TestBadTemplates(t *testing.T) {
	for _, b := range append(badTemplates(), proofTemplates()...) {
		t.Run(b.name, func(t *testing.T) { newAccount(t).notDeployed(b.rule, b.code, b.message, b.template) })
	}
}

// Every rule must be seen to hold and to fail by the tables above and one run
// in which all goes well.
func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	cover := &tracetest.Coverage{}
	for _, r := range refusals() {
		runRefusal(t, r, cover)
	}
	for _, b := range append(badTemplates(), proofTemplates()...) {
		a := newAccount(t)
		a.Cover = cover
		a.notDeployed(b.rule, b.code, b.message, b.template)
	}
	for _, story := range slices.Concat(stories(), triggerStories(), importStories()) {
		a := newAccount(t)
		a.Cover = cover
		story(a)
	}
	exerciseWeb(t, cover)
	cover.Require(t, cognitoidp.Rules())
}
