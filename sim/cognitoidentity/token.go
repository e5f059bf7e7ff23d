package cognitoidentity

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

// tokenLife is how long a pool's own token lasts:
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html
const tokenLife = 10 * time.Minute

// tagsClaim carries principal tags in a token for STS:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
const tagsClaim = "https://aws.amazon.com/tags"

// claim is one claim with the hand that wrote it.
type claim struct {
	name  string
	value any
	from  string
}

// mint issues the pool's own token about an identity. The claims are those of a
// decoded one: https://speakerdeck.com/player/fcca686ecc42459fa57423156ce7561f
func (s *IdentityPools) mint(span *trace.Span, i *identity, life time.Duration, tags map[string]string) (string, error) {
	now := s.world.Now()
	const fromPool, fromIdentity = "Identity pool", "this identity"
	claims := []claim{
		{"iss", "https://" + issuer, fromPool},
		{"aud", i.pool.id, fromPool},
		{"sub", i.id, fromIdentity},
		{"amr", i.methods(), "login"},
		{"https://cognito-identity.amazonaws.com/identity-pool-arn", s.arn(i.pool.id), fromPool},
		{"iat", now.Unix(), fromPool},
		{"exp", now.Add(life).Unix(), fromPool},
	}
	if len(tags) > 0 {
		claims = append(claims, claim{tagsClaim, map[string]any{"principal_tags": lists(tags)}, "attributes for access control"})
	}
	tree := make(map[string]any, len(claims))
	record := make([]trace.Claim, len(claims))
	for n, c := range claims {
		text, err := json.Marshal(c.value)
		if err != nil {
			return "", fmt.Errorf("claim %s: %w", c.name, err)
		}
		tree[c.name] = c.value
		record[n] = trace.Claim{Name: c.name, Value: string(text), From: c.from}
	}
	raw, err := jwt.Sign(tree, s.key)
	if err != nil {
		return "", fmt.Errorf("token of the identity pool: %w", err)
	}
	span.Mint(trace.Token{Name: "Token", Raw: raw, Claims: record})
	return raw, nil
}

// lists gives each tag its value in a list, as the claim wants it.
func lists(tags map[string]string) map[string][]string {
	listed := make(map[string][]string, len(tags))
	for tag, value := range tags {
		listed[tag] = []string{value}
	}
	return listed
}

// methods is amr: how the identity was authenticated. For each user pool it has
// the provider and the user (https://github.com/anomalyco/guide/pull/706), for a
// user of a developer provider the provider, the pool and the user
// (https://speakerdeck.com/player/fcca686ecc42459fa57423156ce7561f).
func (i *identity) methods() []string {
	if len(i.logins) == 0 {
		return []string{"unauthenticated"}
	}
	methods := []string{"authenticated"}
	for _, l := range i.logins {
		methods = append(methods, l.provider)
		switch {
		case l.provider == i.pool.settings.DeveloperProviderName:
			methods = append(methods, l.provider+":"+i.pool.id+":"+l.subject)
		case i.pool.hasUserPool(l.provider):
			methods = append(methods, l.provider+":CognitoSignIn:"+l.subject)
		}
	}
	return methods
}

// verifyOwnToken verifies a token that the pool has issued for a user of the
// developer provider:
//
//  1. it is a JWT
//  2. its issuer is Amazon Cognito
//  3. it is about this identity of this pool
//  4. it is signed with the issuer's key
//  5. it has not expired
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
func (s *IdentityPools) verifyOwnToken(span *trace.Span, i *identity, raw string) error {
	token, err := jwt.Parse(raw)
	if !span.Decide(RuleTokenJWT, err == nil, "a JWT of 3 parts", whole(err)) { // 1
		return notAuthorized("Invalid login token. Not a Cognito token.")
	}
	if !span.Decide(RuleTokenIssuer, token.Text("iss") == "https://"+issuer, "iss https://"+issuer, cmp.Or(token.Text("iss"), "none")) { // 2
		return notAuthorized("Invalid login token. Issuer doesn't match providerName")
	}
	if !span.Decide(RuleOwnToken, token.Text("aud") == i.pool.id && token.Text("sub") == i.id, "a token about "+i.id, "one about "+cmp.Or(token.Text("sub"), "none")) { // 3
		return doNotMatch()
	}
	document, err := jwt.MarshalKeySet(s.key)
	if err != nil {
		return err
	}
	keys, err := jwt.ParseKeySet(document)
	if err != nil {
		return err
	}
	fault := keys.Verify(token)
	if !span.Decide(RuleTokenSignature, fault == nil, "a signature by Amazon Cognito", verified(fault)) { // 4
		return notAuthorized("Invalid login token. Couldn't verify signed token.")
	}
	return s.checkExpiry(span, token, 0) // 5
}
