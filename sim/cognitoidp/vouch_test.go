package cognitoidp_test

import "testing"

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html
func TestAPoolVouchesForItsTokensUntilTheUserIsSignedOut(t *testing.T) {
	for name, row := range map[string]struct {
		change     func(a *account)
		pool, user string
		held       bool
		found      string
	}{
		"a user who is signed in": {func(*account) {}, "", "", true, "the user is signed in"},
		"a user who was signed out": {func(a *account) {
			a.Must("AdminUserGlobalSignOut", a.user("ana"))
		}, "", "", false, "the user has been signed out"},
		"a user who was disabled": {func(a *account) {
			a.Must("AdminDisableUser", a.user("ana"))
		}, "", "", false, "the user is disabled"},
		"another pool":   {func(*account) {}, "us-east-1_Other", "", false, "no such sign-in"},
		"another person": {func(*account) {}, "", "eve", false, "no such sign-in"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			a.with(plainPool)
			a.addUser("ana")
			token := a.parse(a.signIn("ana")["IdToken"])
			row.change(a)
			pool, user := a.Ref("Pool"), token.Text("sub")
			if row.pool != "" {
				pool = row.pool
			}
			if row.user != "" {
				user = row.user
			}
			if held, found := a.pools.Vouches(pool, token.Text("event_id"), user); held != row.held || found != row.found {
				t.Errorf("%v, %q", held, found)
			}
		})
	}
}
