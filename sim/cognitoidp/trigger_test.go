package cognitoidp_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace"
)

const (
	guidePage   = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
	workingPage = guidePage + "cognito-user-pools-working-with-lambda-triggers.html"
	messagePage = guidePage + "user-pool-lambda-custom-message.html"
)

// allTriggers are those that a pool waits for.
func allTriggers() []string {
	return []string{
		"PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "PreTokenGeneration", "UserMigration",
		"CustomMessage", "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse",
	}
}

// sequence is an operation with the triggers that it runs, in order.
type sequence struct {
	name, source string
	before       func(a *account)
	operation    func(a *account) (string, object)
	want         []string
}

func sequences() []sequence {
	signedUp := func(a *account) { a.Must("SignUp", a.signUpInput("ana")) }
	confirmed := func(a *account) {
		signedUp(a)
		a.Must("AdminConfirmSignUp", a.user("ana"))
	}
	verified := func(a *account) { a.addUser("ana") }
	signIn := func(a *account) (string, object) { return "InitiateAuth", a.passwordInput("ana", password) }
	return []sequence{
		{"sign-up", guidePage + "user-pool-lambda-pre-sign-up.html", nil,
			func(a *account) (string, object) { return "SignUp", a.signUpInput("ana") },
			[]string{"PreSignUp_SignUp", "CustomMessage_SignUp"}},
		{"sign-up that pre sign-up confirms", "https://github.com/floci-io/floci/issues/859",
			func(a *account) { a.answers("PreSignUp", object{"autoConfirmUser": true}) },
			func(a *account) (string, object) { return "SignUp", a.signUpInput("ana") },
			[]string{"PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"}},
		{"confirmation", guidePage + "user-pool-lambda-post-confirmation.html", signedUp,
			func(a *account) (string, object) {
				return "ConfirmSignUp", object{"ClientId": a.Ref("Client"), "Username": "ana", "ConfirmationCode": a.code("ana")}
			}, []string{"PostConfirmation_ConfirmSignUp"}},
		{"confirmation by an administrator", workingPage, signedUp,
			func(a *account) (string, object) { return "AdminConfirmSignUp", a.user("ana") },
			[]string{"PostConfirmation_ConfirmSignUp"}},
		{"user of an administrator", "https://github.com/aws-amplify/amplify-cli/issues/13127", nil,
			func(a *account) (string, object) {
				return "AdminCreateUser", object{
					"UserPoolId": a.Ref("Pool"), "Username": "ben", "DesiredDeliveryMediums": []any{"EMAIL"},
					"UserAttributes": []any{attribute("email", "ben@example.com")},
				}
			}, []string{"PreSignUp_AdminCreateUser", "CustomMessage_AdminCreateUser"}},
		{"code sent again", messagePage, signedUp,
			func(a *account) (string, object) {
				return "ResendConfirmationCode", object{"ClientId": a.Ref("Client"), "Username": "ana"}
			}, []string{"CustomMessage_ResendCode"}},
		{"forgotten password", messagePage, verified,
			func(a *account) (string, object) {
				return "ForgotPassword", object{"ClientId": a.Ref("Client"), "Username": "ana"}
			}, []string{"CustomMessage_ForgotPassword"}},
		{"forgotten password replaced", "https://github.com/aws-amplify/amplify-js/issues/3498",
			func(a *account) {
				verified(a)
				a.Must("ForgotPassword", object{"ClientId": a.Ref("Client"), "Username": "ana"})
			},
			func(a *account) (string, object) {
				return "ConfirmForgotPassword", object{"ClientId": a.Ref("Client"), "Username": "ana", "Password": "N3w-Password!", "ConfirmationCode": a.code("ana")}
			}, []string{"PostConfirmation_ConfirmForgotPassword"}},
		{"new e-mail address", messagePage, verified,
			func(a *account) (string, object) {
				return "UpdateUserAttributes", object{"AccessToken": a.signIn("ana")["AccessToken"], "UserAttributes": []any{attribute("email", "new@example.com")}}
			}, []string{"CustomMessage_UpdateUserAttribute"}},
		{"address to verify", messagePage, verified,
			func(a *account) (string, object) {
				return "GetUserAttributeVerificationCode", object{"AccessToken": a.signIn("ana")["AccessToken"], "AttributeName": "email"}
			}, []string{"CustomMessage_VerifyUserAttribute"}},
		{"sign-in", guidePage + "user-pool-lambda-post-authentication.html", confirmed, signIn,
			[]string{"PreAuthentication_Authentication", "PostAuthentication_Authentication", "TokenGeneration_Authentication"}},
		{"sign-in of a user of another directory", guidePage + "user-pool-lambda-migrate-user.html",
			func(a *account) {
				a.answers("UserMigration", object{"userAttributes": object{"email": "ana@example.com"}, "finalUserStatus": "CONFIRMED"})
			}, signIn,
			[]string{"UserMigration_Authentication", "PostAuthentication_Authentication", "TokenGeneration_Authentication"}},
		{"refresh", workingPage,
			confirmed, func(a *account) (string, object) {
				return "InitiateAuth", a.refreshInput(a.signIn("ana")["RefreshToken"].(string))
			}, []string{"TokenGeneration_RefreshTokens"}},
		{"new password", workingPage, nil, newPasswordOf("ben"),
			[]string{"PostAuthentication_Authentication", "TokenGeneration_NewPasswordChallenge"}},
	}
}

// newPasswordOf answers the challenge of a user whom an administrator made.
func newPasswordOf(username string) func(a *account) (string, object) {
	return func(a *account) (string, object) {
		a.Must("AdminCreateUser", object{"UserPoolId": a.Ref("Pool"), "Username": username, "TemporaryPassword": password, "MessageAction": "SUPPRESS"})
		session := a.Must("InitiateAuth", a.passwordInput(username, password))["Session"]
		return "RespondToAuthChallenge", a.newPassword(session, username, "N3w-Password!")
	}
}

func runSequence(a *account, s sequence) {
	a.T.Helper()
	if err := a.Deploy(triggerPool("AutoVerifiedAttributes: [email]", allTriggers()...)); err != nil {
		a.T.Fatal(err)
	}
	if s.before != nil {
		s.before(a)
	}
	a.Must(s.operation(a))
	var got []string
	for _, event := range a.asked() {
		got = append(got, event["triggerSource"].(string))
	}
	if diff := cmp.Diff(s.want, got); diff != "" {
		a.T.Errorf("triggers (-want +got):\n%s\nsource: %s", diff, s.source)
	}
}

func TestTriggersRunInTheDocumentedOrder(t *testing.T) {
	for _, s := range sequences() {
		t.Run(s.name, func(t *testing.T) { runSequence(newAccount(t), s) })
	}
}

// failure is a way in which a trigger goes wrong, and what the app gets.
type failure struct {
	name, source  string
	set           func(a *account)
	rule          trace.RuleID
	code, message string
}

func failures() []failure {
	unrecognizable := func(name string, returned any) failure {
		return failure{
			"returns " + name, "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/633",
			func(a *account) { a.on("PreSignUp", func(object) (any, error) { return returned, nil }) },
			cognitoidp.RuleTriggerAnswer, "InvalidLambdaResponseException", "Unrecognizable lambda output",
		}
	}
	return []failure{
		{"throws", "https://github.com/aws-amplify/amplify-flutter/issues/1051",
			func(a *account) { a.throws("PreSignUp", "callback is not a function") },
			cognitoidp.RuleTriggerThrows, "UserLambdaValidationException", "PreSignUp failed with error callback is not a function."},
		{"may not be invoked", "https://repost.aws/knowledge-center/cognito-lambda-trigger-errors",
			func(a *account) { a.functions.denied["PreSignUp"] = true },
			cognitoidp.RuleTriggerPermission, "UnexpectedLambdaException", "PreSignUp invocation failed due to error AccessDeniedException."},
		{"is late three times", "https://github.com/anomalyco/sst/issues/1815",
			func(a *account) { a.functions.late["PreSignUp"] = 3 },
			cognitoidp.RuleTriggerTime, "UnexpectedLambdaException", "PreSignUp invocation failed due to error Socket timeout while invoking Lambda function."},
		unrecognizable("nothing", nil),
		unrecognizable("text", "welcome"),
		unrecognizable("an event without response", object{}),
		unrecognizable("a response of the wrong type", object{"response": object{"autoConfirmUser": "yes"}}),
	}
}

func runFailure(a *account, f failure) {
	a.T.Helper()
	if err := a.Deploy(triggerPool("", "PreSignUp")); err != nil {
		a.T.Fatal(err)
	}
	f.set(a)
	a.Refused(f.rule, f.code, f.message, "SignUp", a.signUpInput("ana"))
	if _, err := a.Run("AdminGetUser", a.user("ana")); err == nil {
		a.T.Error("the user was stored")
	}
}

func TestWhatTheAppGetsWhenATriggerGoesWrong(t *testing.T) {
	for _, f := range failures() {
		t.Run(f.name, func(t *testing.T) { runFailure(newAccount(t), f) })
	}
}

// https://github.com/aws-amplify/amplify-js/issues/4805
func TestATriggerThatIsLateOnceIsCalledAgain(t *testing.T) {
	a := deployed(t, triggerPool("", "PreSignUp"))
	a.functions.late["PreSignUp"] = 1
	a.Must("SignUp", a.signUpInput("ana"))
	if calls := len(a.asked()); calls != 2 {
		t.Errorf("%d calls", calls)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func TestEventsHaveTheCommonParts(t *testing.T) {
	a := deployed(t, triggerPool("", "PreSignUp"))
	input := a.signUpInput("ana")
	input["ClientMetadata"] = object{"campaign": "spring"}
	input["ValidationData"] = []any{attribute("invitation", "7")}
	a.Must("SignUp", input)
	want := object{
		"version": "1", "triggerSource": "PreSignUp_SignUp", "region": "us-east-1", "userPoolId": a.Ref("Pool"), "userName": "ana",
		"callerContext": object{"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": a.Ref("Client")},
		"request": object{
			"userAttributes": object{"email": "ana@example.com"},
			"validationData": object{"invitation": "7"}, "clientMetadata": object{"campaign": "spring"},
		},
		"response": object{"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false},
	}
	if diff := cmp.Diff([]object{want}, a.asked()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func TestClientMetadataReachesTheTriggersOfItsStep(t *testing.T) {
	a := deployed(t, triggerPool("", "PreAuthentication", "PostAuthentication", "PreTokenGeneration"))
	a.addUser("ana")
	start := a.passwordInput("ana", password)
	start["ClientMetadata"] = object{"step": "start"}
	a.Must("InitiateAuth", start)
	for source, member := range map[string]string{
		"PreAuthentication_Authentication": "validationData", "PostAuthentication_Authentication": "clientMetadata", "TokenGeneration_Authentication": "clientMetadata",
	} {
		want := object{}
		if member == "validationData" {
			want = object{"step": "start"}
		}
		if diff := cmp.Diff(want, a.askedOf(source)[member]); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", member, source, diff)
		}
	}
	name, answer := newPasswordOf("ben")(a)
	answer["ClientMetadata"] = object{"step": "answer"}
	a.Must(name, answer)
	for _, source := range []string{"PostAuthentication_Authentication", "TokenGeneration_NewPasswordChallenge"} {
		if diff := cmp.Diff(object{"step": "answer"}, a.askedOf(source)["clientMetadata"]); diff != "" {
			t.Errorf("clientMetadata of %s (-want +got):\n%s", source, diff)
		}
	}
}

// triggerStories make every rule of triggers, plans and threat protection hold
// and fail.
func triggerStories() []func(*account) {
	var stories []func(*account)
	for _, s := range sequences() {
		stories = append(stories, func(a *account) { runSequence(a, s) })
	}
	for _, f := range failures() {
		stories = append(stories, func(a *account) { runFailure(a, f) })
	}
	return append(stories, append(tokenStories(), protectionStories()...)...)
}
