package cognitoidentity

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

func notAuthorized(format string, args ...any) error {
	return awserr.New("NotAuthorizedException", format, args...)
}

// proof is a login whose token has been verified.
type proof struct {
	login
	// token has the claims; those of a SAML assertion are its attributes, those
	// of an access token what its provider says of it.
	token jwt.Token
	// mappingKey is the key of the role mapping for this login. Unlike the key
	// in Logins a user pool's has the app client, and that of an OpenID Connect
	// provider is its ARN.
	mappingKey string
}

// tagKey is the name of the provider in attributes for access control: that of
// the role mapping but for user pools, which count with all their app clients.
func (p proof) tagKey() string {
	if isUserPool(p.provider) {
		return p.provider
	}
	return p.mappingKey
}

func logins(proofs []proof) []login {
	list := make([]login, len(proofs))
	for n, p := range proofs {
		list[n] = p.login
	}
	return list
}

// verifyLogins verifies every login, by provider name; one bad login fails the
// call.
func (s *IdentityPools) verifyLogins(span *trace.Span, p *pool, given map[string]string) ([]proof, error) {
	providers := make([]string, 0, len(given))
	for provider := range given {
		providers = append(providers, provider)
	}
	sort.Strings(providers)
	var verified []proof
	for _, provider := range providers {
		if err := p.checkProvider(span, provider); err != nil {
			return nil, err
		}
		one, err := s.verifyLogin(span, p, provider, given[provider])
		if err != nil {
			return nil, err
		}
		verified = append(verified, one)
	}
	return verified, nil
}

// verifyLogin verifies the token of one provider. A user pool counts before an
// OpenID Connect provider of the same issuer.
func (s *IdentityPools) verifyLogin(span *trace.Span, p *pool, provider, raw string) (proof, error) {
	at, app := p.oidcProvider(provider), p.settings.SupportedLoginProviders[provider]
	switch {
	case at != "" && !p.hasUserPool(provider):
		known, ok := s.access.IdentityProvider("https://" + provider)
		if !ok {
			return proof{}, fmt.Errorf("the account has no OIDC provider for %s: AWS documents no outcome", provider)
		}
		token, err := s.verifyOIDC(span, provider, known.ClientIDs, raw)
		return proof{login{provider, token.Text("sub")}, token, at}, err
	case slices.Contains(p.settings.SamlProviderARNs, provider):
		return s.verifySAML(span, provider, raw)
	case app != "":
		return s.verifySocial(span, provider, app, raw)
	case !isUserPool(provider):
		return proof{}, unsupported(span, provider, raw, isSAML(provider) || slices.Contains(publicProviders(), provider))
	}
	token, err := s.verifyToken(span, p, provider, raw)
	return proof{login{provider, token.Text("sub")}, token, provider + ":" + token.Text("aud")}, err
}

// checkProvider looks at the key of a login before its token:
//
//  1. the developer provider's name stands only in GetOpenIdTokenForDeveloperIdentity
//  2. the pool's own token opens GetCredentialsForIdentity alone
//
// Sources: https://github.com/aws-amplify/aws-sdk-ios/issues/218,
// https://github.com/aws/aws-sdk-net/issues/420 (both observed).
func (p *pool) checkProvider(span *trace.Span, provider string) error {
	const wanted = "a provider that may log in here"
	switch {
	case provider == p.settings.DeveloperProviderName: // 1
		span.Decide(RulePublicProvider, false, wanted, provider+", the developer provider")
		return awserr.New("InvalidParameterException", "Please provide a valid public provider")
	case provider == issuer: // 2
		span.Decide(RulePublicProvider, false, wanted, "the pool's own token")
		return notAuthorized("Invalid login token. Can't pass in a Cognito token.")
	case p.settings.DeveloperProviderName != "":
		span.Decide(RulePublicProvider, true, wanted, provider)
	}
	return nil
}

// verifyToken verifies the token of a user pool:
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
func (s *IdentityPools) verifyToken(span *trace.Span, p *pool, provider, raw string) (jwt.Token, error) {
	token, err := jwt.Parse(raw)
	if !span.Decide(RuleTokenJWT, err == nil, "a JWT of 3 parts", whole(err)) { // 1
		return token, notAuthorized("Invalid login token. Not a Cognito token.")
	}
	if err := checkIssuer(span, token, provider); err != nil { // 2
		return token, err
	}
	audience := token.Text("aud")
	if !span.Decide(RuleTokenAudience, audience != "", "an ID token, with claim aud", "aud: "+cmp.Or(audience, "none")+", token_use: "+token.Text("token_use")) { // 3
		return token, notAuthorized("Invalid login token. Missing a required claim: aud")
	}
	_, known := p.client(provider, audience)
	if !span.Decide(RuleTokenProvider, known, "app client "+audience+" in the identity pool", knownOrNot(known)) { // 4
		return token, unsupportedProvider()
	}
	keys, err := s.fetchKeys(span, "https://"+provider+"/.well-known/jwks.json")
	if err != nil {
		return token, err
	}
	fault := keys.Verify(token)
	if !span.Decide(RuleTokenSignature, fault == nil, "a signature by the user pool", verified(fault)) { // 5
		return token, notAuthorized("Invalid login token. Couldn't verify signed token.")
	}
	return token, s.checkExpiry(span, token, 0) // 6
}

// checkExpiry refuses a token whose exp is longer ago than the grace.
func (s *IdentityPools) checkExpiry(span *trace.Span, token jwt.Token, grace time.Duration) error {
	expires, _ := token.Time("exp")
	now := s.world.Now()
	if !span.Decide(RuleTokenExpiry, now.Before(expires.Add(grace)), "a token before its exp", "exp is "+expires.UTC().Format("2006-01-02 15:04:05")) {
		return notAuthorized("Invalid login token. Token expired: %d >= %d", now.Unix(), expires.Unix())
	}
	return nil
}

// checkWithServer asks user pools whether they still stand for the tokens, where
// ServerSideTokenCheck is on. Without it a token is good until its exp, whatever
// has happened to the user. The wording of the refusal is inferred.
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html
func (s *IdentityPools) checkWithServer(span *trace.Span, p *pool, proofs []proof) error {
	for _, l := range proofs {
		client, _ := p.client(l.provider, l.token.Text("aud"))
		if !client.ServerSideTokenCheck {
			continue
		}
		_, poolID, _ := strings.Cut(l.provider, "/")
		held, found := s.users.Vouches(poolID, l.token.Text("event_id"), l.subject)
		if !span.Decide(RuleServerSideCheck, held, "a user who exists and is signed in", found) {
			return notAuthorized("Invalid login token. Token has been revoked.")
		}
	}
	return nil
}

func isUserPool(provider string) bool { return strings.HasPrefix(provider, "cognito-idp.") }

func notSimulated(provider string) error {
	return fmt.Errorf("login provider %s: AWS takes its tokens, the simulation does not", provider)
}

func whole(err error) string {
	if err == nil {
		return "3 parts"
	}
	return err.Error()
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

// fetchKeys gets an issuer's public keys, as any verifier does. An issuer that
// publishes none has an empty set.
func (s *IdentityPools) fetchKeys(span *trace.Span, address string) (jwt.KeySet, error) {
	response, err := s.doors.Send(span, api.HTTPRequest{From: name, Method: "GET", URL: address, Header: api.Header{}})
	if err != nil {
		return jwt.KeySet{}, fmt.Errorf("keys at %s: %w", address, err)
	}
	if response.Status != 200 {
		return jwt.KeySet{}, nil
	}
	return jwt.ParseKeySet(response.Body)
}
