package cognitoidp_test

import (
	"errors"
	"testing"

	"claimcheck/sim/awserr"
)

// Whatever an app answers to PASSWORD_VERIFIER without the password, AWS
// refuses, and nothing else happens.
func FuzzPasswordVerifier(f *testing.F) {
	a := deployed(f, srpPool)
	a.addUser("ana")
	challenge := a.Must("InitiateAuth", a.srpInput("ana"))["ChallengeParameters"].(object)
	f.Add("ana", challenge["SECRET_BLOCK"].(string), "c2lnbmF0dXJl", "Mon Mar 2 09:00:00 UTC 2026")
	f.Add("", "", "", "")
	f.Add("eve", "AAAA", "\xff", "Mon Mar 02 09:00:00 IST 2026")
	f.Fuzz(func(t *testing.T, username, block, signature, timestamp string) {
		a.T = t
		_, err := a.Run("RespondToAuthChallenge", object{
			"ClientId": a.Ref("Client"), "ChallengeName": "PASSWORD_VERIFIER",
			"ChallengeResponses": object{
				"USERNAME": username, "PASSWORD_CLAIM_SECRET_BLOCK": block,
				"PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": timestamp,
			},
		})
		var refusal *awserr.Error
		if !errors.As(err, &refusal) {
			t.Errorf("got %v", err)
		}
	})
}
