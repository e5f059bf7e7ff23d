package cognitoidp

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/trace"
)

// grant is what a user allowed an app at the OAuth endpoints. A sign-in by API
// has none.
type grant struct {
	scopes []string
	nonce  string
	// resource is the audience that the app bound the access token to, "" for none.
	resource string
	// authTime is when the user signed in, which may be before the app asked
	// for tokens.
	authTime time.Time
	// implicit grants give no refresh token.
	implicit bool
}

// opensID reports whether the app gets an ID token.
func (g *grant) opensID() bool { return slices.Contains(g.scopes, "openid") }

// began is when the user signed in.
func (g *grant) began(now time.Time) time.Time {
	if g == nil {
		return now
	}
	return g.authTime
}

// refreshes reports whether the sign-in yields a refresh token.
func (g *grant) refreshes() bool { return g == nil || !g.implicit }

// scopeClaims are scope and, in tokens of the OAuth endpoints, version:
// https://github.com/awslabs/aws-amplify-identity-broker/issues/376
func (g *grant) scopeClaims() []claim {
	if g == nil {
		return []claim{{fromCognito, "scope", signInScope}}
	}
	return []claim{{fromRequest, "scope", strings.Join(g.scopes, " ")}, {fromCognito, "version", 2}}
}

// audienceClaim is the access token's aud, absent unless the app asked for one.
// A sign-in by API cannot.
func (g *grant) audienceClaim(span *trace.Span) []claim {
	if g == nil {
		return nil
	}
	bound := g.resource != ""
	if !span.Note(RuleAudience, bound, "aud in the access token", audienceFound(g, bound)) {
		return nil
	}
	return []claim{{fromRequest, "aud", g.resource}}
}

func audienceFound(g *grant, bound bool) string {
	if bound {
		return g.resource
	}
	return "none: the client is in client_id"
}

// requestClaims are the ID token's claims of the OAuth endpoints: at_hash ties
// it to the access token and nonce to the app's request.
// https://github.com/pmill/aws-cognito/pull/34
func (g *grant) requestClaims(accessToken string) []claim {
	if g == nil {
		return nil
	}
	claims := []claim{{fromCognito, "at_hash", accessTokenHash(accessToken)}}
	if g.nonce != "" {
		claims = append(claims, claim{fromRequest, "nonce", g.nonce})
	}
	return claims
}

// accessTokenHash is the left half of the token's SHA-256:
// https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
func accessTokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:sha256.Size/2])
}

// shows reports whether the grant's scopes let an app see an attribute. openid
// alone and profile show everything that the client may read:
// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
func (g *grant) shows(attribute string) bool {
	if g == nil || slices.Contains(g.scopes, "profile") {
		return true
	}
	email, phone := slices.Contains(g.scopes, "email"), slices.Contains(g.scopes, "phone")
	if !email && !phone {
		return true
	}
	switch attribute {
	case "email", "email_verified":
		return email
	case "phone_number", "phone_number_verified":
		return phone
	}
	return attribute == "sub"
}

// shows reports whether the app sees an attribute of the signed-in user: the
// app client may read it and the scopes cover it.
func (in *signIn) shows(attribute string) bool {
	return in.client.reads(attribute) && in.grant.shows(attribute)
}

// mintMachineToken is the access token of client_credentials. It has no user.
// AWS documents what is absent; the claims that are there are those of
// https://github.com/Lokicoule/nestjs-cognito/issues/1400
func (s *UserPools) mintMachineToken(span *trace.Span, c *client, scopes []string) (string, error) {
	changes, err := s.beforeMachineToken(span, c, scopes)
	if err != nil {
		return "", err
	}
	now := s.world.Now()
	claims := []claim{
		{fromCognito, "token_use", "access"}, {fromClient, "sub", c.id},
		{fromRequest, "scope", strings.Join(scopes, " ")}, {fromCognito, "version", 2},
		{fromClient, "client_id", c.id}, {fromCognito, "iss", c.pool.issuer},
		{fromCognito, "auth_time", now.Unix()}, {fromCognito, "iat", now.Unix()},
		{fromClient, "exp", now.Add(c.accessValidity).Unix()}, {fromCognito, "jti", s.world.UUID()},
	}
	claims = append(claims, (&grant{}).audienceClaim(span)...)
	return mint(span, "access_token", changes.toAccess(span, claims, c.id), c.pool.accessKey)
}
