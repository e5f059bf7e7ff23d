package cognitoidp

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

// signIn is what all tokens of one sign-in share.
type signIn struct {
	client *client
	user   *user
	// eventID and originJTI stay the same when tokens are refreshed.
	eventID, originJTI string
	authTime           time.Time
	refreshExpires     time.Time
	revoked            bool
	// deviceKey names the device of a sign-in by API, "" where the pool remembers
	// none. confirmable is set while ConfirmDevice may register it.
	deviceKey   string
	confirmable bool
	// grant is nil for a sign-in by API.
	grant *grant
	// changes are what the pre token generation trigger makes of the tokens
	// that are being issued.
	changes *tokenChanges
}

// scopes are those that the access token has without a trigger.
func (in *signIn) scopes() []string {
	if in.grant == nil {
		return []string{signInScope}
	}
	return in.grant.scopes
}

// signInScope is the one scope of tokens that the API issues, whatever scopes
// the app client has:
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
const signInScope = "aws.cognito.signin.user.admin"

// refreshTokenHeader is {"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}: a
// refresh token is encrypted, in five parts.
const refreshTokenHeader = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ"

// complete issues the tokens of an attempt that passed. A refresh keeps its
// refresh token and so returns none, unless the app client rotates them.
func (s *UserPools) complete(a *attempt) (authOutput, error) {
	in, refreshToken := a.resumed, ""
	var newDevice *newDeviceMetadata
	switch {
	case in == nil:
		in, refreshToken = s.begin(a)
		newDevice = s.nameDevice(a, in)
	case in.client.rotates():
		refreshToken = s.rotate(in, a.parameters["REFRESH_TOKEN"])
	}
	if !in.grant.refreshes() {
		refreshToken = ""
	}
	var err error
	if in.changes, err = s.beforeTokens(a, in); err != nil {
		return authOutput{}, err
	}
	result := &authenticationResult{
		ExpiresIn: int64(in.client.accessValidity / time.Second), TokenType: "Bearer", RefreshToken: refreshToken,
		NewDeviceMetadata: newDevice,
	}
	if result.IdToken, result.AccessToken, err = s.mintTokens(a.span, in); err != nil {
		return authOutput{}, err
	}
	if refreshToken != "" {
		a.span.Mint(trace.Token{Name: "RefreshToken", Raw: refreshToken, Claims: []trace.Claim{}})
		a.span.Note(RuleRefreshOpaque, false, "claims that the app can read", "encrypted: only the user pool can read it")
	}
	return authOutput{AuthenticationResult: result, ChallengeParameters: map[string]string{}}, nil
}

// mintTokens makes the ID and the access token. At the OAuth endpoints the ID
// token has the hash of the access token, which is therefore made first, and
// there is none without the scope openid.
func (s *UserPools) mintTokens(span *trace.Span, in *signIn) (id, access string, err error) {
	if in.grant == nil {
		if id, err = s.mintIDToken(span, in, ""); err != nil {
			return "", "", err
		}
	}
	if access, err = s.mintAccessToken(span, in); err != nil {
		return "", "", err
	}
	if in.grant != nil && in.grant.opensID() {
		id, err = s.mintIDToken(span, in, access)
	}
	return id, access, err
}

// begin records a new sign-in and returns it with its refresh token.
func (s *UserPools) begin(a *attempt) (*signIn, string) {
	now := s.world.Now()
	in := &signIn{
		client: a.client, user: a.user,
		eventID: s.world.UUID(), originJTI: s.world.UUID(),
		authTime: a.grant.began(now), refreshExpires: now.Add(a.client.refreshValidity), grant: a.grant,
	}
	s.signIns[in.eventID] = in
	a.user.failures = failures{}
	return in, s.newRefreshToken(in)
}

// Who wrote a claim.
const (
	fromCognito   = "Cognito"
	fromAttribute = "user attribute"
	fromGroups    = "group membership"
	fromClient    = "app client settings"
	fromSignIn    = "this sign-in"
	fromRequest   = "the app's request"
	fromProvider  = "identity provider"
)

// claim is one claim with the hand that wrote it; claims stand in the order in
// which a learner reads them.
type claim struct {
	from, name string
	value      any
}

// mintIDToken makes the ID token that goes with an access token.
func (s *UserPools) mintIDToken(span *trace.Span, in *signIn, accessToken string) (string, error) {
	claims := []claim{{fromCognito, "token_use", "id"}, {fromAttribute, "sub", in.user.attributes["sub"]}, {fromAttribute, "cognito:username", in.user.username}}
	var names []string
	for _, a := range attributesOf(in.user.attributes, in.shows) {
		if a.Name != "sub" && a.Value != "" {
			names = append(names, a.Name)
			claims = append(claims, claim{fromAttribute, a.Name, claimValue(a)})
		}
	}
	span.Note(RuleTokenAttributes, len(names) > 0, "user attributes in the ID token", phrase(names, "no user attributes"))
	claims = append(claims, groupClaims(span, in.user, "ID token")...)
	claims = append(claims, roleClaims(span, in.user)...)
	claims = append(claims, identityClaims(span, in.user)...)
	claims = append(claims, in.grant.requestClaims(accessToken)...)
	claims = append(claims, claim{fromClient, "aud", in.client.id})
	claims = append(claims, s.commonClaims(in, in.client.idValidity)...)
	return mint(span, "IdToken", in.changes.toID(span, claims), in.client.pool.idKey)
}

// claimValue is an attribute's value as a claim: text, also of numbers and
// booleans, but for the two verified flags.
func claimValue(a attribute) any {
	if a.Name == "email_verified" || a.Name == "phone_number_verified" {
		return a.Value == "true"
	}
	return a.Value
}

func (s *UserPools) mintAccessToken(span *trace.Span, in *signIn) (string, error) {
	claims := []claim{{fromCognito, "token_use", "access"}, {fromAttribute, "sub", in.user.attributes["sub"]}, {fromAttribute, "username", in.user.username}}
	if in.deviceKey != "" {
		claims = append(claims, claim{fromSignIn, "device_key", in.deviceKey})
	}
	span.Note(RuleTokenAttributes, false, "user attributes in the access token", "no user attributes")
	claims = append(claims, groupClaims(span, in.user, "access token")...)
	claims = append(claims, in.grant.scopeClaims()...)
	claims = append(claims, claim{fromClient, "client_id", in.client.id})
	claims = append(claims, in.grant.audienceClaim(span)...)
	claims = append(claims, s.commonClaims(in, in.client.accessValidity)...)
	return mint(span, "AccessToken", in.changes.toAccess(span, claims, in.client.id), in.client.pool.accessKey)
}

// commonClaims are those at the end of both tokens. jti and origin_jti are
// there only when the app client has token revocation:
// https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
func (s *UserPools) commonClaims(in *signIn, validity time.Duration) []claim {
	now := s.world.Now()
	claims := []claim{
		{fromCognito, "iss", in.client.pool.issuer},
		{fromSignIn, "auth_time", in.authTime.Unix()},
		{fromSignIn, "iat", now.Unix()},
		{fromClient, "exp", now.Add(validity).Unix()},
		{fromSignIn, "event_id", in.eventID},
	}
	if in.client.revokes() {
		claims = append(claims, claim{fromSignIn, "origin_jti", in.originJTI}, claim{fromSignIn, "jti", s.world.UUID()})
	}
	return claims
}

// groupClaims is cognito:groups, absent when the user is in no group. AWS
// documents no order of the names; they stand sorted.
func groupClaims(span *trace.Span, u *user, token string) []claim {
	var names []string
	for _, g := range u.memberOf() {
		names = append(names, g.name)
	}
	if !span.Note(RuleTokenGroups, len(names) > 0, "cognito:groups in the "+token, phrase(names, "the user is in no group")) {
		return nil
	}
	return []claim{{fromGroups, "cognito:groups", names}}
}

// roleClaims are cognito:roles and cognito:preferred_role, in ID tokens of users
// whose groups have roles.
func roleClaims(span *trace.Span, u *user) []claim {
	var roles []string
	for _, g := range u.memberOf() {
		if g.role != "" && !slices.Contains(roles, g.role) {
			roles = append(roles, g.role)
		}
	}
	if len(roles) == 0 {
		return nil
	}
	claims := []claim{{fromGroups, "cognito:roles", roles}}
	preferred := preferredRole(u.memberOf())
	if span.Note(RuleTokenRole, len(preferred) == 1, "one role of lowest Precedence", tied(len(preferred))) {
		claims = append(claims, claim{fromGroups, "cognito:preferred_role", preferred[0]})
	}
	return claims
}

func tied(roles int) string {
	if roles == 1 {
		return "one role"
	}
	return fmt.Sprintf("%d roles tie", roles)
}

// preferredRole returns the different roles of the groups that share the best
// precedence among those with a role: one, or several when they tie.
func preferredRole(groups []*group) []string {
	best := int64(math.MaxInt64)
	roles := map[string]bool{}
	for _, g := range groups {
		if g.role == "" {
			continue
		}
		precedence := int64(math.MaxInt64)
		if g.precedence != nil {
			precedence = *g.precedence
		}
		if precedence < best {
			best, roles = precedence, map[string]bool{}
		}
		if precedence == best {
			roles[g.role] = true
		}
	}
	return slices.Sorted(maps.Keys(roles))
}

// mint signs the claims and records the token.
func mint(span *trace.Span, name string, claims []claim, key jwt.Key) (string, error) {
	tree := make(map[string]any, len(claims))
	record := make([]trace.Claim, len(claims))
	for i, c := range claims {
		tree[c.name] = c.value
		record[i] = trace.Claim{Name: c.name, Value: jsonText(c.value), From: c.from}
	}
	raw, err := jwt.Sign(tree, key)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	span.Mint(trace.Token{Name: name, Raw: raw, Claims: record})
	span.Note(RuleRefreshOpaque, true, "claims that the app can read", "signed, not encrypted: anyone can read it")
	return raw, nil
}
