package cognitoidp

// Vouches reports whether a pool still stands for an ID token, which it finds
// by the token's event_id and sub: the user exists and is enabled, and the
// sign-in has not been revoked. found says in a few words what there was.
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html
func (s *UserPools) Vouches(poolID, eventID, sub string) (held bool, found string) {
	in, ok := s.signIns[eventID]
	switch {
	case !ok || in.client.pool.id != poolID || in.user.attributes["sub"] != sub:
		return false, "no such sign-in"
	case in.client.pool.find(in.user.username) != in.user:
		return false, "the user is deleted"
	case in.user.disabled:
		return false, "the user is disabled"
	case in.revoked:
		return false, "the user has been signed out"
	}
	return true, "the user is signed in"
}
