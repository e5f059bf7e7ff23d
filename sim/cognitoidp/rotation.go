package cognitoidp

import (
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// refreshTokenRotation is a client's RefreshTokenRotation:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html
type refreshTokenRotation struct {
	Feature                 string `aws:"required,enum=ENABLED|DISABLED"`
	RetryGracePeriodSeconds int64  `json:",omitempty"`
}

func (c *client) rotates() bool { return c.settings.RefreshTokenRotation.Feature == "ENABLED" }

// checkRotation refuses a client with a grace period out of range, or with both
// rotation and the flow that it excludes. AWS documents the exclusion without
// the wording of its error.
func (c *client) checkRotation(span *trace.Span) error {
	grace := c.settings.RefreshTokenRotation.RetryGracePeriodSeconds
	if err := checkRange(span, "refreshTokenRotation.retryGracePeriodSeconds", grace, 0, 60); err != nil {
		return err
	}
	if !c.rotates() {
		return nil
	}
	excluded := !c.allows("ALLOW_REFRESH_TOKEN_AUTH")
	if !span.Decide(RuleRotationFlow, excluded, "rotation without ALLOW_REFRESH_TOKEN_AUTH", phrase(c.flows, "no flow")) {
		return awserr.New("InvalidParameterException", "ALLOW_REFRESH_TOKEN_AUTH cannot be used with refresh token rotation.")
	}
	return nil
}

// checkRotated refuses a refresh token that rotation has replaced, after its
// grace period. AWS documents the error without its wording.
func (s *UserPools) checkRotated(span *trace.Span, c *client, token string) error {
	if !c.rotates() {
		return nil
	}
	until, replaced := s.replaced[token]
	found := "the latest"
	if replaced {
		found = "replaced, good until " + at(until)
	}
	if !span.Decide(RuleRotationReuse, !replaced || s.world.Now().Before(until), "a refresh token that was not used before", found) {
		return awserr.New("RefreshTokenReuseException", "Refresh token has already been used.")
	}
	return nil
}

// rotate replaces a refresh token by one that lives for what is left of the
// original's life.
func (s *UserPools) rotate(in *signIn, token string) string {
	if _, ok := s.replaced[token]; !ok {
		grace := time.Duration(in.client.settings.RefreshTokenRotation.RetryGracePeriodSeconds) * time.Second
		s.replaced[token] = s.world.Now().Add(grace)
	}
	return s.newRefreshToken(in)
}

// newRefreshToken is one more refresh token of a sign-in.
func (s *UserPools) newRefreshToken(in *signIn) string {
	parts := []string{refreshTokenHeader}
	for _, length := range []int{342, 16, 320, 22} { // key, initialization vector, text, tag
		parts = append(parts, s.world.Token(length, api.Alphanumeric))
	}
	token := strings.Join(parts, ".")
	s.refreshTokens[token] = in
	return token
}

type getTokensFromRefreshTokenInput struct {
	RefreshToken string `aws:"required"`
	ClientId     string `aws:"required"`
	ClientSecret string
	DeviceKey    string

	ClientMetadata map[string]string
}

// getTokensFromRefreshToken refreshes with and without rotation. What a wrong
// secret gets is inferred from other operations:
//
//  1. the app client exists, and proves its secret, sent as it is
//  2. the refresh token is good
//
// Then tokens are issued, with rotation among them a new refresh token.
func (s *UserPools) getTokensFromRefreshToken(c api.Context, in getTokensFromRefreshTokenInput) (authOutput, error) {
	client, err := s.findClient(c.Span, in.ClientId) // 1
	if err != nil {
		return authOutput{}, err
	}
	if client.secret != "" {
		same := in.ClientSecret == client.secret
		if !c.Span.Decide(RuleSecretHash, same, "the app client's secret", sameOrNot(same)) {
			return authOutput{}, awserr.New("NotAuthorizedException", "Invalid client secret.")
		}
	}
	resumed, err := s.refreshable(c.Span, client, in.RefreshToken, in.DeviceKey) // 2
	if err != nil {
		return authOutput{}, err
	}
	a := newAttempt(c.Span, client, map[string]string{"REFRESH_TOKEN": in.RefreshToken})
	a.user, a.resumed, a.sent.answer = resumed.user, resumed, in.ClientMetadata
	return s.complete(a)
}
