package cognitoidp_test

import (
	"errors"
	"testing"

	"claimcheck/sim/awserr"
)

// Whatever a trigger answers, the app gets tokens or an error of AWS's.
func FuzzTriggerAnswers(f *testing.F) {
	for _, answer := range []string{
		`{"response":{"autoConfirmUser":true,"autoVerifyEmail":true}}`,
		`{"response":{"claimsOverrideDetails":{"claimsToAddOrOverride":{"a":"b"},"claimsToSuppress":["email"],"groupOverrideDetails":null}}}`,
		`{"response":{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"aud":1,"scope":[1],"":{}},"scopesToAdd":["x"]}}}}`,
		`{"response":{"userAttributes":{"email":"a@b.c"},"finalUserStatus":"CONFIRMED","enableSMSMFA":true}}`,
		`{"response":{"challengeName":"CUSTOM_CHALLENGE","publicChallengeParameters":{"a":"b"},"answerCorrect":true}}`,
		`{"response":{"smsMessage":"{####}","emailMessage":"{####}{username}","emailSubject":"x"}}`,
		`null`, `[]`, `{"response":[]}`, `{`,
	} {
		f.Add(answer, true)
		f.Add(answer, false)
	}
	f.Fuzz(func(t *testing.T, answer string, later bool) {
		a := newAccount(t)
		version := "V1_0"
		if later {
			version = "V2_0"
		}
		tokenPool(a, version)
		raw := func(object) (any, error) { return payloadText(answer), nil }
		a.on("Tokens", raw)
		onlyRefusals(a, "InitiateAuth", a.passwordInput("ana", password))
		if err := a.Deploy(triggerPool("AutoVerifiedAttributes: [email]", allTriggers()...)); err != nil {
			t.Fatal(err)
		}
		for _, name := range allTriggers() {
			a.on(name, raw)
		}
		onlyRefusals(a, "SignUp", a.signUpInput("ana"))
		onlyRefusals(a, "InitiateAuth", a.passwordInput("ben", password))
		// A challenge that the simulation does not have is no refusal.
		_, _ = a.Run("InitiateAuth", customInput(a))
	})
}

func onlyRefusals(a *account, operation string, input object) {
	a.T.Helper()
	refusal := (*awserr.Error)(nil)
	if _, err := a.Run(operation, input); err != nil && !errors.As(err, &refusal) {
		a.T.Errorf("%s: %v", operation, err)
	}
}
