package cognitoidp_test

import (
	"errors"
	"testing"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace/tracetest"
)

func unlink(provider, attribute, value string) func(*account) object {
	return func(a *account) object {
		return object{"UserPoolId": a.Ref("Pool"), "User": object{
			"ProviderName": provider, "ProviderAttributeName": attribute, "ProviderAttributeValue": value,
		}}
	}
}

// .../API_AdminDisableProviderForUser.html: the identity's next sign-in makes a
// profile of its own.
func TestARemovedLinkNoLongerSignsInTheUser(t *testing.T) { removeLink(googleAccount(t, nil)) }

func removeLink(a *account) {
	a.T.Helper()
	a.addUser("ana")
	a.Must("AdminLinkProviderForUser", link("ana", "Google", "Cognito_Subject", "1045")(a))
	a.federatedTokens(a.toProvider("Google"), googleUser{claims: anaAtGoogle})
	a.Must("AdminDisableProviderForUser", unlink("Google", "Cognito_Subject", "1045")(a))
	id := a.claims(a.federatedTokens(a.toProvider("Google"), googleUser{claims: anaAtGoogle})["id_token"])
	if got := id.Text("cognito:username"); got != "google_1045" {
		a.T.Errorf("the sign-in is %s", got)
	}
}

// .../API_AdminDisableProviderForUser.html: before its first sign-in a link is
// known by what it was linked with.
func TestALinkThatWasNeverUsedIsRemovedAsItWasMade(t *testing.T) {
	a := googleAccount(t, nil)
	a.addUser("ana")
	a.Must("AdminLinkProviderForUser", link("ana", "corp", "email", "ana@corp.example")(a))
	a.Must("AdminDisableProviderForUser", unlink("corp", "email", "ana@corp.example")(a))
	id := a.claims(a.federatedTokens(a.toProvider("corp"), googleUser{claims: `{"sub":"e-7","email":"ana@corp.example"}`})["id_token"])
	if got := id.Text("cognito:username"); got != "corp_e-7" {
		t.Errorf("the sign-in is %s", got)
	}
}

// .../API_AdminDisableProviderForUser.html
func TestAUserOfThePoolLosesThePassword(t *testing.T) {
	a := newAccount(t)
	a.with(plainPool)
	a.addUser("ana")
	a.Must("AdminDisableProviderForUser", unlink("Cognito", "Cognito_Subject", "ana")(a))
	a.Refused(cognitoidp.RulePassword, "NotAuthorizedException", "Incorrect username or password.", "InitiateAuth", a.passwordInput("ana", password))
}

func unlinkRefusals() []refusal {
	const page = reference + "API_AdminDisableProviderForUser.html"
	used := func(a *account) {
		a.Must("AdminLinkProviderForUser", link("ana", "corp", "email", "ana@corp.example")(a))
		a.federatedTokens(a.toProvider("corp"), googleUser{claims: `{"sub":"e-7","email":"ana@corp.example"}`})
	}
	return []refusal{
		{"unlink who was not linked", page, googlePool, cognitoidp.RuleUnlink, "UserNotFoundException", "User does not exist.", "AdminDisableProviderForUser", unlink("Google", "Cognito_Subject", "1")},
		{"unlink a used link as it was made", page, googlePool, cognitoidp.RuleUnlink, "UserNotFoundException", "User does not exist.", "AdminDisableProviderForUser", func(a *account) object {
			used(a)
			return unlink("corp", "email", "ana@corp.example")(a)
		}},
	}
}

func TestLinksThatAreNotRemoved(t *testing.T) {
	for _, r := range unlinkRefusals() {
		t.Run(r.name, func(t *testing.T) { runRefusal(t, r, &tracetest.Coverage{}) })
	}
}

func TestTheProvidersOwnProfileIsNoLink(t *testing.T) {
	a := googleAccount(t, nil)
	a.federatedTokens(a.toProvider("Google"), googleUser{claims: anaAtGoogle})
	_, err := a.Run("AdminDisableProviderForUser", unlink("Google", "Cognito_Subject", "1045")(a))
	var refusal *awserr.Error
	if err == nil || errors.As(err, &refusal) {
		t.Errorf("the error is %v", err)
	}
}
