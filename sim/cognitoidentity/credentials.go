package cognitoidentity

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
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
//  3. the pool has no role mappings, which the basic flow would go around
//  4. nobody logs in with SAML, which only the enhanced flow has; the words are
//     inferred
//
// Sources of the last two: https://github.com/aws-observability/aws-rum-web/issues/172,
// https://docs.aws.amazon.com/cognito/latest/developerguide/saml-identity-provider.html
func (s *IdentityPools) getOpenIDToken(c api.Context, in getOpenIDTokenInput) (getOpenIDTokenOutput, error) {
	caller, err := s.admit(c.Span, in.IdentityId, in.Logins) // 1
	if err != nil {
		return getOpenIDTokenOutput{}, err
	}
	i := caller.identity
	classic := i.pool.settings.AllowClassicFlow
	if !c.Span.Decide(RuleClassicFlow, classic == nil || *classic, "AllowClassicFlow not false", setting(classic)) { // 2
		return getOpenIDTokenOutput{}, awserr.New("InvalidParameterException", "Basic (classic) flow is not enabled, please use enhanced flow.")
	}
	if n := len(i.pool.mappings); n > 0 { // 3
		c.Span.Decide(RuleClassicFlow, false, "no RoleMappings", fmt.Sprintf("%d of them", n))
		return getOpenIDTokenOutput{}, awserr.New("InvalidParameterException", "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.")
	}
	if at := slices.IndexFunc(caller.proofs, func(p proof) bool { return isSAML(p.provider) }); at >= 0 { // 4
		c.Span.Decide(RuleClassicFlow, false, "no login at a SAML provider", caller.proofs[at].provider)
		return getOpenIDTokenOutput{}, awserr.New("InvalidParameterException", "Basic (classic) flow is not supported with SAML, please use enhanced flow.")
	}
	tags, err := i.pool.tagsOf(c.Span, caller.proofs)
	if err != nil {
		return getOpenIDTokenOutput{}, err
	}
	token, err := s.mint(c.Span, i, tokenLife, tags)
	return getOpenIDTokenOutput{IdentityId: i.id, Token: token}, err
}

func setting(b *bool) string {
	if b == nil {
		return "not set"
	}
	return fmt.Sprint(*b)
}

type getCredentialsInput struct {
	IdentityId    string `aws:"required"`
	Logins        map[string]string
	CustomRoleArn string
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
	Expiration api.Timestamp
}

// getCredentialsForIdentity is the second step of the enhanced flow:
//
//  1. the caller may act as the identity
//  2. the pool chooses a role for the identity
//  3. STS lets the pool assume the role, with a token of the pool's own about the identity
func (s *IdentityPools) getCredentialsForIdentity(c api.Context, in getCredentialsInput) (getCredentialsOutput, error) {
	caller, err := s.admitWithAny(c.Span, in) // 1
	if err != nil {
		return getCredentialsOutput{}, err
	}
	role, err := chooseRole(c.Span, caller, in.CustomRoleArn) // 2
	if err != nil {
		return getCredentialsOutput{}, err
	}
	token, err := s.tokenFor(c.Span, caller)
	if err != nil {
		return getCredentialsOutput{}, err
	}
	issued, err := s.assume(c.Span, caller.identity, role, token) // 3
	if err != nil {
		return getCredentialsOutput{}, err
	}
	return getCredentialsOutput{IdentityId: caller.identity.id, Credentials: issued}, nil
}

// admitWithAny admits by logins at providers or by a token of the pool's own.
func (s *IdentityPools) admitWithAny(span *trace.Span, in getCredentialsInput) (admission, error) {
	own, ok := in.Logins[issuer]
	switch {
	case ok && len(in.Logins) == 1:
		return s.admitOwn(span, in.IdentityId, own)
	case ok:
		return admission{}, fmt.Errorf("a token of %s beside other logins: AWS documents no outcome", issuer)
	}
	return s.admit(span, in.IdentityId, in.Logins)
}

// tokenFor is the token that STS gets: the caller's own when it is one of this
// pool, which is passed through, and a new one otherwise.
func (s *IdentityPools) tokenFor(span *trace.Span, caller admission) (string, error) {
	if caller.token != "" {
		return caller.token, nil
	}
	tags, err := caller.identity.pool.tagsOf(span, caller.proofs)
	if err != nil {
		return "", err
	}
	return s.mint(span, caller.identity, tokenLife, tags)
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
			Expiration                                 api.Timestamp
		}
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return credentials{}, fmt.Errorf("answer of STS: %w", err)
	}
	c := answer.Credentials
	return credentials{AccessKeyId: c.AccessKeyId, SecretKey: c.SecretAccessKey, SessionToken: c.SessionToken, Expiration: c.Expiration}, nil
}
