package cognitoidp_test

import (
	"errors"
	"testing"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidp"
)

// writingPool writes its messages itself.
const writingPool = `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      AutoVerifiedAttributes: [email]
      VerificationMessageTemplate: {EmailSubject: Your code, EmailMessage: 'Enter {####}.'}
      AdminCreateUserConfig:
        InviteMessageTemplate: {EmailSubject: Welcome, EmailMessage: '{username}, sign in with {####}.', SMSMessage: '{username}: {####}'}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool}
`

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html
func messagesHaveThePoolsText(a *account) {
	a.with(writingPool)
	a.Must("SignUp", a.signUpInput("ana"))
	invitation := a.user("bob")
	invitation["UserAttributes"] = []any{attribute("email", "bob@example.com"), attribute("phone_number", "+15550100123")}
	invitation["DesiredDeliveryMediums"] = []any{"EMAIL", "SMS"}
	invitation["TemporaryPassword"] = password
	a.Must("AdminCreateUser", invitation)
	type text struct{ subject, text string }
	var got []text
	for _, user := range []string{"ana", "bob"} {
		for _, message := range a.pools.Outbox(a.Ref("Pool"), user) {
			got = append(got, text{message.Subject, message.Text})
		}
	}
	want := []text{{"Your code", "Enter " + a.code("ana") + "."}, {"", "bob: " + password}, {"Welcome", "bob, sign in with " + password + "."}}
	if len(got) != len(want) {
		a.T.Fatalf("messages: %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			a.T.Errorf("message %d: %v, want %v", i, got[i], want[i])
		}
	}
	a.has(a.describePool(a.Ref("Pool")), object{"VerificationMessageTemplate": object{
		"DefaultEmailOption": "CONFIRM_WITH_CODE", "EmailSubject": "Your code", "EmailMessage": "Enter {####}.",
	}})
}

func textRefusals() []refusal {
	const pattern = `[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`
	return []refusal{{
		"a text without the place for the code", reference + "API_VerificationMessageTemplateType.html", "",
		cognitoidp.RuleTextHasCode, "InvalidParameterException",
		"1 validation error detected: Value 'Hello' at 'verificationMessageTemplate.emailMessage' failed to satisfy constraint: Member must satisfy regular expression pattern: " + pattern, "UpdateUserPool",
		func(a *account) object {
			return a.in(object{"VerificationMessageTemplate": object{"EmailMessage": "Hello"}})
		},
	}}
}

func TestConfirmingByLinkIsNoVerdict(t *testing.T) {
	err := newAccount(t).Deploy("\nResources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {VerificationMessageTemplate: {DefaultEmailOption: CONFIRM_WITH_LINK}}}\n")
	if err == nil || errors.As(err, new(*awserr.Error)) {
		t.Errorf("deployed: %v, want an error of the simulation", err)
	}
}
