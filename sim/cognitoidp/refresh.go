package cognitoidp

import (
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// refreshedName is the real username, never the alias that was typed:
// https://github.com/boto/boto3/issues/2736
func refreshedName(s *UserPools, a *attempt) string {
	if in, ok := s.refreshTokens[a.parameters["REFRESH_TOKEN"]]; ok {
		return in.user.username
	}
	return ""
}

// beginByRefreshToken goes on with an earlier sign-in.
func beginByRefreshToken(s *UserPools, a *attempt) (*question, error) {
	in, err := s.refreshable(a.span, a.client, a.parameters["REFRESH_TOKEN"], a.parameters["DEVICE_KEY"])
	if err != nil {
		return nil, err
	}
	a.user, a.resumed = in.user, in
	return nil, nil
}

// refreshable finds the sign-in that a refresh token goes on with:
//
//  1. this app client was given the token
//  2. the token is not revoked
//  3. rotation has not replaced the token
//  4. the token has not expired
//  5. it comes from the device that signed in, where devices are remembered
//  6. the user was not deleted
//  7. the user is enabled
func (s *UserPools) refreshable(span *trace.Span, c *client, token, deviceKey string) (*signIn, error) {
	in, ok := s.refreshTokens[token]
	known := ok && in.client == c
	if !span.Decide(RuleRefreshKnown, known, "a refresh token of this app client", refreshFound(ok, known)) { // 1
		return nil, awserr.New("NotAuthorizedException", "Invalid Refresh Token")
	}
	if !span.Decide(RuleRefreshAlive, !in.revoked, "a refresh token that lives", revokedOrNot(in)) { // 2
		return nil, awserr.New("NotAuthorizedException", "Refresh Token has been revoked")
	}
	if err := s.checkRotated(span, c, token); err != nil { // 3
		return nil, err
	}
	valid := s.world.Now().Before(in.refreshExpires)
	if !span.Decide(RuleRefreshExpiry, valid, "a refresh token in its lifetime", "until "+at(in.refreshExpires)) { // 4
		return nil, awserr.New("NotAuthorizedException", "Refresh Token has expired")
	}
	if err := in.checkRefreshingDevice(span, deviceKey); err != nil { // 5
		return nil, err
	}
	if err := c.pool.checkPresent(span, in.user); err != nil { // 6
		return nil, err
	}
	return in, checkEnabledUser(span, in.user) // 7
}

func refreshFound(issued, known bool) string {
	switch {
	case known:
		return "it was issued here"
	case issued:
		return "it belongs to another app client"
	default:
		return "no token of this pool"
	}
}

func revokedOrNot(in *signIn) string {
	if in.revoked {
		return "revoked"
	}
	return "not revoked"
}
