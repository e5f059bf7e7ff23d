package cognitoidp

import (
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

type accessTokenInput struct {
	AccessToken string `aws:"required"`
}

type getUserOutput struct {
	Username            string
	UserAttributes      []attribute
	PreferredMfaSetting string   `json:",omitempty"`
	UserMFASettingList  []string `json:",omitempty"`
}

// getUser returns what the app client may read of the user's profile. It has no
// member for groups.
func (s *UserPools) getUser(c api.Context, in accessTokenInput) (getUserOutput, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return getUserOutput{}, err
	}
	var groups []string
	for _, g := range signedIn.user.memberOf() {
		groups = append(groups, g.name)
	}
	c.Span.Note(RuleGetUserGroups, len(groups) == 0, "all of the user's groups: "+phrase(groups, "none"), "attributes only")
	return getUserOutput{
		Username: signedIn.user.username, UserAttributes: attributesOf(signedIn.user.attributes, signedIn.client.reads),
		PreferredMfaSetting: signedIn.user.factors.preferred, UserMFASettingList: signedIn.user.factors.chosen,
	}, nil
}

// globalSignOut revokes every token of the user, at Cognito. Who verifies only
// the signature of a token goes on accepting it.
func (s *UserPools) globalSignOut(c api.Context, in accessTokenInput) (empty, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return empty{}, err
	}
	s.revokeAll(signedIn.user)
	return empty{}, nil
}

func (s *UserPools) revokeAll(u *user) {
	for _, in := range s.signIns {
		if in.user == u {
			in.revoked = true
		}
	}
}

// holder finds the sign-in behind an access token:
//
//  1. it is a JWT that a user pool signed
//  2. it is an access token
//  3. it has not expired
//  4. it has not been revoked
//  5. the user was not deleted
//  6. the user is enabled
func (s *UserPools) holder(span *trace.Span, raw string) (*signIn, error) {
	token, fault := s.verify(raw)
	in := s.signIns[token.Text("event_id")]
	if !span.Decide(RuleAccessTokenValid, fault == "" && in != nil, "a token that a user pool signed", whole(fault)) { // 1
		return nil, awserr.New("NotAuthorizedException", "Invalid Access Token")
	}
	use := token.Text("token_use")
	if !span.Decide(RuleAccessTokenUse, use == "access", "token_use is access", use) { // 2
		return nil, awserr.New("NotAuthorizedException", "Invalid Access Token")
	}
	expires, _ := token.Time("exp")
	if !span.Decide(RuleAccessTokenExpiry, s.world.Now().Before(expires), "a token before its exp", "exp is "+at(expires)) { // 3
		return nil, awserr.New("NotAuthorizedException", "Access Token has expired")
	}
	if !span.Decide(RuleAccessTokenAlive, !in.revoked, "a token that is not revoked", revokedOrNot(in)) { // 4
		return nil, awserr.New("NotAuthorizedException", "Access Token has been revoked")
	}
	if err := in.client.pool.checkPresent(span, in.user); err != nil { // 5
		return nil, err
	}
	return in, checkEnabledUser(span, in.user) // 6
}

// bearer finds the sign-in behind the access token of an operation for signed-in
// users: that of its holder, when the token has the scope for these operations.
// Tokens of the pool's domain have it only when the app has asked for it.
func (s *UserPools) bearer(span *trace.Span, raw string) (*signIn, error) {
	in, err := s.holder(span, raw)
	if err != nil {
		return nil, err
	}
	scopes := scopesOf(raw)
	if !span.Decide(RuleAccessTokenScope, slices.Contains(scopes, signInScope), "the scope "+signInScope, phrase(scopes, "none")) {
		return nil, awserr.New("NotAuthorizedException", "Access Token does not have required scopes")
	}
	return in, nil
}

func whole(fault string) string {
	if fault == "" {
		return "a token of this account's pools"
	}
	return fault
}

// verify reads a token and checks its signature with the keys of the pool that
// it names as issuer. The fault is "" when there is none.
func (s *UserPools) verify(raw string) (token jwt.Token, fault string) {
	token, err := jwt.Parse(raw)
	if err != nil {
		return jwt.Token{}, err.Error()
	}
	for _, p := range s.pools {
		if p.issuer != token.Text("iss") {
			continue
		}
		if err := p.vouches(token); err != nil {
			return jwt.Token{}, err.Error()
		}
		return token, ""
	}
	return jwt.Token{}, "a token of another issuer"
}

func (p *pool) vouches(token jwt.Token) error {
	document, err := p.keySet()
	if err != nil {
		return err
	}
	keys, err := jwt.ParseKeySet(document)
	if err != nil {
		return err
	}
	return keys.Verify(token)
}

// keySet is the pool's JWKS document.
func (p *pool) keySet() (string, error) { return jwt.MarshalKeySet(p.idKey, p.accessKey) }

type revokeTokenInput struct {
	Token        string `aws:"required"`
	ClientId     string `aws:"required"`
	ClientSecret string
}

// revokeToken ends one sign-in: its refresh token and every token that came
// from it. AWS documents the errors of 3 to 5 without their wording.
//
//  1. the app client exists
//  2. the app client's secret is the one sent, when it has one
//  3. the app client has token revocation
//  4. the token is a refresh token
//  5. the token was issued to this app client
func (s *UserPools) revokeToken(c api.Context, in revokeTokenInput) (empty, error) {
	client, err := s.findClient(c.Span, in.ClientId) // 1
	if err != nil {
		return empty{}, err
	}
	if client.secret != "" { // 2
		same := in.ClientSecret == client.secret
		if !c.Span.Decide(RuleSecretHash, same, "the app client's secret", sameOrNot(same)) {
			return empty{}, awserr.New("UnauthorizedException", "Invalid client secret.")
		}
	}
	if !c.Span.Decide(RuleRevocationEnabled, client.revokes(), "EnableTokenRevocation", access(client.revokes())) { // 3
		return empty{}, awserr.New("UnsupportedOperationException", "Token revocation is not enabled for this client.")
	}
	issued, ok := s.refreshTokens[in.Token]
	if !c.Span.Decide(RuleRevocationToken, ok, "a refresh token", kindOf(in.Token, ok)) { // 4
		return empty{}, awserr.New("UnsupportedTokenTypeException", "Unsupported token type.")
	}
	mine := issued.client == client
	if !c.Span.Decide(RuleRevocationClient, mine, "a token of this app client", sameOrNot(mine)) { // 5
		return empty{}, awserr.New("UnauthorizedException", "The token was not issued to this client.")
	}
	issued.revoked = true
	return empty{}, nil
}

// kindOf says what a token is.
func kindOf(raw string, isRefresh bool) string {
	if isRefresh {
		return "a refresh token"
	}
	token, err := jwt.Parse(raw)
	if err != nil {
		return "no token of this pool"
	}
	return "token_use is " + token.Text("token_use")
}
