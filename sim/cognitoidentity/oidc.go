package cognitoidentity

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

// grace is how long after its exp the token of an OpenID Connect provider is
// still taken: https://docs.aws.amazon.com/cognito/latest/developerguide/open-id.html
const grace = 5 * time.Minute

// oidcProvider is the ARN of the pool's IAM OIDC provider for an issuer, which is
// written without https://, "" when the pool has none.
func (p *pool) oidcProvider(issuer string) string {
	for _, text := range p.settings.OpenIdConnectProviderARNs {
		a, err := arn.Parse(text)
		if err == nil && a.Service == "iam" && a.Resource == "oidc-provider/"+issuer {
			return text
		}
	}
	return ""
}

// verifyOIDC verifies the ID token of an OpenID Connect provider for one of the
// given clients:
//
//  1. it is a JWT
//  2. its issuer is the provider
//  3. its azp, or else its aud, is one of the clients: those of the account's IAM
//     OIDC provider, or the app at a social provider
//  4. the issuer signed it
//  5. it has not expired, or less than five minutes ago
//
// Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/open-id.html,
// https://github.com/aws-amplify/amplify-js/issues/6287,
// https://github.com/jonsaw/amazon-cognito-identity-dart/issues/85 (both observed)
func (s *IdentityPools) verifyOIDC(span *trace.Span, provider string, clients []string, raw string) (jwt.Token, error) {
	token, err := jwt.Parse(raw)
	if !span.Decide(RuleTokenJWT, err == nil, "a JWT of 3 parts", whole(err)) { // 1
		return token, notAuthorized("Invalid login token. Not a valid OpenId Connect identity token.")
	}
	if err := checkIssuer(span, token, provider); err != nil { // 2
		return token, err
	}
	audience := token.Texts("azp")
	if len(audience) == 0 {
		audience = token.Texts("aud")
	}
	held := slices.ContainsFunc(audience, func(id string) bool { return slices.Contains(clients, id) })
	if !span.Decide(RuleOIDCAudience, held, "azp, or else aud, among "+strings.Join(clients, ", "), cmp.Or(strings.Join(audience, ", "), "none")) { // 3
		return token, notAuthorized("Invalid login token. Incorrect token audience.")
	}
	keys, err := s.discoverKeys(span, provider)
	if err != nil {
		return token, err
	}
	fault := keys.Verify(token)
	if !span.Decide(RuleTokenSignature, fault == nil, "a signature by the issuer", verified(fault)) { // 4
		return token, notAuthorized("Invalid login token. Couldn't verify signed token.")
	}
	return token, s.checkExpiry(span, token, grace) // 5
}

func checkIssuer(span *trace.Span, token jwt.Token, provider string) error {
	issued := strings.TrimPrefix(token.Text("iss"), "https://")
	if !span.Decide(RuleTokenIssuer, issued == provider, "iss "+provider, cmp.Or(issued, "none")) {
		return notAuthorized("Invalid login token. Issuer doesn't match providerName")
	}
	return nil
}

// discoverKeys gets an issuer's public keys from where its discovery document
// says they are.
func (s *IdentityPools) discoverKeys(span *trace.Span, provider string) (jwt.KeySet, error) {
	response, err := s.doors.Send(span, api.HTTPRequest{
		From: name, Method: "GET", URL: "https://" + provider + "/.well-known/openid-configuration", Header: api.Header{},
	})
	if err != nil {
		return jwt.KeySet{}, fmt.Errorf("OpenID configuration of %s: %w", provider, err)
	}
	var document struct {
		JWKSURI string `json:"jwks_uri"`
	}
	if response.Status != 200 || json.Unmarshal([]byte(response.Body), &document) != nil || document.JWKSURI == "" {
		return jwt.KeySet{}, nil
	}
	return s.fetchKeys(span, document.JWKSURI)
}
