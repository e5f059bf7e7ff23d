package cognitoidentity

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

func notAuthorized(format string, args ...any) error {
	return awserr.New("NotAuthorizedException", format, args...)
}

// verifyLogins verifies every login, by provider name; one bad login fails the
// call.
func (s *IdentityPools) verifyLogins(span *trace.Span, p *pool, logins map[string]string) ([]login, error) {
	providers := make([]string, 0, len(logins))
	for provider := range logins {
		providers = append(providers, provider)
	}
	sort.Strings(providers)
	var verified []login
	for _, provider := range providers {
		subject, err := s.verifyToken(span, p, provider, logins[provider])
		if err != nil {
			return nil, err
		}
		verified = append(verified, login{provider, subject})
	}
	return verified, nil
}

// verifyToken verifies the token of a user pool and returns its sub:
//
//  1. it is a JWT
//  2. its issuer is the provider
//  3. it has an audience, so it is no access token
//  4. the pool knows the user pool and the app client
//  5. the user pool signed it
//  6. it has not expired
//
// The checks are documented, their order is not:
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
func (s *IdentityPools) verifyToken(span *trace.Span, p *pool, provider, raw string) (string, error) {
	token, err := jwt.Parse(raw)
	if err != nil && !isUserPool(provider) {
		return "", notSimulated(provider)
	}
	if !span.Decide(RuleTokenJWT, err == nil, "a JWT of 3 parts", whole(err)) { // 1
		return "", notAuthorized("Invalid login token. Not a Cognito token.")
	}
	issued := strings.TrimPrefix(token.Text("iss"), "https://")
	if !span.Decide(RuleTokenIssuer, issued == provider, "iss "+provider, orNone(issued)) { // 2
		return "", notAuthorized("Invalid login token. Issuer doesn't match providerName")
	}
	if !isUserPool(provider) {
		return "", notSimulated(provider)
	}
	audience := token.Text("aud")
	if !span.Decide(RuleTokenAudience, audience != "", "an ID token, with claim aud", "aud: "+orNone(audience)+", token_use: "+token.Text("token_use")) { // 3
		return "", notAuthorized("Invalid login token. Missing a required claim: aud")
	}
	known := p.knows(provider, audience)
	if !span.Decide(RuleTokenProvider, known, "app client "+audience+" in the identity pool", knownOrNot(known)) { // 4
		return "", notAuthorized("Token is not from a supported provider of this identity pool.")
	}
	keys, err := s.fetchKeys(span, provider)
	if err != nil {
		return "", err
	}
	fault := keys.Verify(token)
	if !span.Decide(RuleTokenSignature, fault == nil, "a signature by the user pool", verified(fault)) { // 5
		return "", notAuthorized("Invalid login token. Couldn't verify signed token.")
	}
	expires, _ := token.Time("exp")
	now := s.world.Now()
	if !span.Decide(RuleTokenExpiry, now.Before(expires), "a token before its exp", "exp is "+expires.UTC().Format("2006-01-02 15:04:05")) { // 6
		return "", notAuthorized("Invalid login token. Token expired: %d >= %d", now.Unix(), expires.Unix())
	}
	return token.Text("sub"), nil
}

func isUserPool(provider string) bool { return strings.HasPrefix(provider, "cognito-idp.") }

func notSimulated(provider string) error {
	return fmt.Errorf("login provider %s: AWS has others than user pools, the simulation does not", provider)
}

func whole(err error) string {
	if err == nil {
		return "3 parts"
	}
	return err.Error()
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

func knownOrNot(known bool) string {
	if known {
		return "configured"
	}
	return "not configured"
}

func verified(fault error) string {
	switch {
	case fault == nil:
		return "it is valid"
	case errors.Is(fault, jwt.ErrUnknownKey):
		return "no key has its kid"
	default:
		return "it is not valid"
	}
}

// fetchKeys gets a user pool's public keys, as any verifier does. A pool that
// publishes none has an empty set.
func (s *IdentityPools) fetchKeys(span *trace.Span, provider string) (jwt.KeySet, error) {
	response, err := s.doors.Send(span, api.HTTPRequest{
		From: name, Method: "GET", URL: "https://" + provider + "/.well-known/jwks.json", Header: api.Header{},
	})
	if err != nil {
		return jwt.KeySet{}, fmt.Errorf("keys of %s: %w", provider, err)
	}
	if response.Status != 200 {
		return jwt.KeySet{}, nil
	}
	return jwt.ParseKeySet(response.Body)
}
