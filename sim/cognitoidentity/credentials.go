package cognitoidentity

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

type getOpenIDTokenInput struct {
	IdentityId string `aws:"required"`
	Logins     map[string]string
}

type getOpenIDTokenOutput struct {
	IdentityId, Token string
}

// getOpenIDToken is the second step of the basic flow, in which the app itself
// calls STS:
//
//  1. the caller may act as the identity
//  2. the pool has not turned the basic flow off
func (s *IdentityPools) getOpenIDToken(c api.Context, in getOpenIDTokenInput) (getOpenIDTokenOutput, error) {
	i, err := s.admit(c.Span, in.IdentityId, in.Logins) // 1
	if err != nil {
		return getOpenIDTokenOutput{}, err
	}
	classic := i.pool.settings.AllowClassicFlow
	if !c.Span.Decide(RuleClassicFlow, classic == nil || *classic, "AllowClassicFlow not false", setting(classic)) { // 2
		return getOpenIDTokenOutput{}, awserr.New("InvalidParameterException", "Basic (classic) flow is not enabled, please use enhanced flow.")
	}
	token, err := s.mint(c.Span, i)
	return getOpenIDTokenOutput{IdentityId: i.id, Token: token}, err
}

func setting(b *bool) string {
	if b == nil {
		return "not set"
	}
	return fmt.Sprint(*b)
}

type getCredentialsInput struct {
	IdentityId string `aws:"required"`
	Logins     map[string]string

	_ struct{} `unsimulated:"CustomRoleArn"`
}

type getCredentialsOutput struct {
	IdentityId  string
	Credentials credentials
}

type credentials struct {
	AccessKeyId  string
	SecretKey    string
	SessionToken string
	// Expiration counts seconds since 1970.
	Expiration int64
}

// getCredentialsForIdentity is the second step of the enhanced flow:
//
//  1. the caller may act as the identity
//  2. the pool has a role for this kind of identity
//  3. STS lets the pool assume the role, with a token of its own about the identity
func (s *IdentityPools) getCredentialsForIdentity(c api.Context, in getCredentialsInput) (getCredentialsOutput, error) {
	i, err := s.admit(c.Span, in.IdentityId, in.Logins) // 1
	if err != nil {
		return getCredentialsOutput{}, err
	}
	kind, role := i.role()
	if !c.Span.Decide(RuleRoleConfigured, role != "", "a role for the kind "+kind, orNone(role)) { // 2
		return getCredentialsOutput{}, badConfiguration()
	}
	token, err := s.mint(c.Span, i)
	if err != nil {
		return getCredentialsOutput{}, err
	}
	issued, err := s.assume(c.Span, i, role, token) // 3
	if err != nil {
		return getCredentialsOutput{}, err
	}
	return getCredentialsOutput{IdentityId: i.id, Credentials: issued}, nil
}

// role is the kind of an identity, as Roles names it, and the pool's role for it.
func (i *identity) role() (kind, role string) {
	if len(i.logins) == 0 {
		return "unauthenticated", i.pool.roles.Unauthenticated
	}
	return "authenticated", i.pool.roles.Authenticated
}

// badConfiguration hides what was wrong with the role:
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
func badConfiguration() error {
	return awserr.New("InvalidIdentityPoolConfigurationException", "Invalid identity pool configuration. Check assigned IAM roles for this pool.")
}

// sessionName is the same for every user:
// https://github.com/aws-amplify/amplify-js/issues/1643
const sessionName = "CognitoIdentityCredentials"

// assume asks STS for credentials of the role. Guests get them narrowed by
// session policies.
func (s *IdentityPools) assume(span *trace.Span, i *identity, role, token string) (credentials, error) {
	input := map[string]any{"RoleArn": role, "RoleSessionName": sessionName, "WebIdentityToken": token}
	if len(i.logins) == 0 {
		inline, err := guestPolicy()
		if err != nil {
			return credentials{}, err
		}
		input["Policy"] = inline
		input["PolicyArns"] = []any{map[string]any{"arn": guestManagedPolicy}}
	}
	out, err := s.doors.Call(span, api.Call{From: name, Service: "sts", Operation: "AssumeRoleWithWebIdentity", Input: input})
	var refusal *awserr.Error
	if err != nil && !errors.As(err, &refusal) {
		return credentials{}, err
	}
	if !span.Decide(RuleRoleAssumable, refusal == nil, "STS lets the pool assume the role", answerOf(refusal)) {
		return credentials{}, badConfiguration()
	}
	return readCredentials(out)
}

func answerOf(refusal *awserr.Error) string {
	if refusal == nil {
		return "credentials"
	}
	return "STS: " + refusal.Code
}

// readCredentials takes the credentials from STS's answer, where the secret has
// another name.
func readCredentials(out map[string]any) (credentials, error) {
	text, err := json.Marshal(out)
	if err != nil {
		return credentials{}, fmt.Errorf("answer of STS: %w", err)
	}
	var answer struct {
		Credentials struct {
			AccessKeyId, SecretAccessKey, SessionToken string
			Expiration                                 int64
		}
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return credentials{}, fmt.Errorf("answer of STS: %w", err)
	}
	c := answer.Credentials
	return credentials{AccessKeyId: c.AccessKeyId, SecretKey: c.SecretAccessKey, SessionToken: c.SessionToken, Expiration: c.Expiration}, nil
}

// tokenLife is how long a pool's own token lasts:
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html
const tokenLife = 10 * time.Minute

// mint issues the pool's own token about an identity. The claims are those of a
// decoded one: https://speakerdeck.com/player/fcca686ecc42459fa57423156ce7561f
func (s *IdentityPools) mint(span *trace.Span, i *identity) (string, error) {
	now := s.world.Now()
	const fromPool, fromIdentity = "Identity pool", "this identity"
	claims := []struct {
		name  string
		value any
		from  string
	}{
		{"iss", "https://" + issuer, fromPool},
		{"aud", i.pool.id, fromPool},
		{"sub", i.id, fromIdentity},
		{"amr", i.methods(), "login"},
		{"https://cognito-identity.amazonaws.com/identity-pool-arn", arn.New(prefix, s.world.Region(), s.world.Account(), "identitypool/"+i.pool.id), fromPool},
		{"iat", now.Unix(), fromPool},
		{"exp", now.Add(tokenLife).Unix(), fromPool},
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

// methods is amr: how the identity was authenticated. For each user pool it has
// the provider and the user: https://github.com/anomalyco/guide/pull/706
func (i *identity) methods() []string {
	if len(i.logins) == 0 {
		return []string{"unauthenticated"}
	}
	methods := []string{"authenticated"}
	for _, l := range i.logins {
		methods = append(methods, l.provider, l.provider+":CognitoSignIn:"+l.subject)
	}
	return methods
}
