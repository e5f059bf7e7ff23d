package sts

import (
	"encoding/json"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

type webIdentityInput struct {
	DurationSeconds *int
	Policy          string
	PolicyArns      []policyDescriptor
	// ProviderId names who issued an access token; an ID token says so itself.
	ProviderId       string
	RoleArn          string `aws:"required"`
	RoleSessionName  string `aws:"required"`
	WebIdentityToken string `aws:"required"`
}

type webIdentityOutput struct {
	Credentials                 credentials
	SubjectFromWebIdentityToken string
	AssumedRoleUser             assumedRoleUser
	Provider, Audience          string
	PackedPolicySize            int    `json:",omitempty"`
	SourceIdentity              string `json:",omitempty"`
}

// The issuer of identity pools' tokens, and the claim that carries principal
// tags in a token.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
const (
	scheme            = "https://"
	identityPools     = "cognito-identity.amazonaws.com"
	identityPoolKeys  = scheme + identityPools + "/.well-known/jwks_uri"
	poolClaim         = scheme + identityPools + "/identity-pool-arn"
	tagsClaim         = "https://aws.amazon.com/tags"
	sourceClaim       = "https://aws.amazon.com/source_identity"
	messageNotJWT     = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
	messageNoKey      = "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"
	messageAudience   = "Incorrect token audience"
	tagAction         = "sts:TagSession"
	sourceAction      = "sts:SetSourceIdentity"
	webIdentityAction = "sts:AssumeRoleWithWebIdentity"
	codeInvalidToken  = "InvalidIdentityToken"
)

// issuer is an identity provider as STS trusts it.
type issuer struct {
	// principal is how trust policies name the provider.
	principal string
	// prefix begins the condition keys of its tokens.
	prefix string
	// reported is the Provider of the answer.
	reported string
	// clientIDs are the audiences it may have; nil leaves that to trust policies.
	clientIDs []string
	// claims are those that become condition keys.
	claims []string
}

// assumeRoleWithWebIdentity serves anybody who holds a token:
//
//  1. the name, the duration and the session policies have legal values
//  2. the token is a JWT
//  3. its issuer is an identity provider that the account knows
//  4. the account's OIDC provider has its audience among the client ids
//  5. its signature is that of a key the issuer publishes
//  6. it has not expired, and is not too old
//  7. the role's trust policy accepts the provider and the token's claims, an
//     identity pool of another account by both aud and amr
//  8. and lets it tag the session and set its source identity, where the token
//     does so
//  9. the role's sessions may last that long
//
// In place of 2 to 6 the provider is asked about an access token, which comes
// with ProviderId.
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func (s *STS) assumeRoleWithWebIdentity(c api.Context, in webIdentityInput) (webIdentityOutput, error) {
	// 1
	duration, err := checkParameters(c.Span, in.RoleSessionName, in.DurationSeconds)
	if err != nil {
		return webIdentityOutput{}, err
	}
	if err := checkSessionPolicies(c.Span, in.Policy, in.PolicyArns); err != nil {
		return webIdentityOutput{}, err
	}
	// 2 to 6
	token, from, err := s.verifiedIdentity(c.Span, in)
	if err != nil {
		return webIdentityOutput{}, err
	}
	// 7
	keys, written := from.keys(token), tokenLabels(token.Claims)
	trust := func(action string) bool {
		return s.directory.TrustsWebIdentity(c.Span, action, in.RoleArn, from.principal, with(keys, written.keys())).Allowed
	}
	if !trust(webIdentityAction) || !s.trustsPool(c.Span, token, in.RoleArn) {
		return webIdentityOutput{}, accessDenied(notAuthorized(webIdentityAction))
	}
	// 8
	if err := mayLabel(c.Span, written, trust); err != nil {
		return webIdentityOutput{}, err
	}
	// 9
	role, _ := s.directory.Role(in.RoleArn)
	if err := checkDuration(c.Span, duration, role.MaxSession, false); err != nil {
		return webIdentityOutput{}, err
	}
	keys["aws:FederatedProvider"] = []string{from.principal}
	request := api.SessionRequest{RoleARN: role.ARN, Name: in.RoleSessionName, Duration: duration, Keys: keys, Policy: in.Policy, PolicyARNs: arns(in.PolicyArns)}
	written.mark(&request, api.Principal{})
	given, err := s.issue(c.Span, request)
	if err != nil {
		return webIdentityOutput{}, err
	}
	return webIdentityOutput{
		Credentials: given.Credentials, AssumedRoleUser: given.AssumedRoleUser, PackedPolicySize: given.PackedPolicySize,
		SourceIdentity: given.SourceIdentity, SubjectFromWebIdentityToken: token.Text("sub"), Provider: from.reported, Audience: token.Text("aud"),
	}, nil
}

// trustsPool looks closer at roles that an identity pool of another account may
// assume: their trust policy must look at the pool and at how the user signed in.
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func (s *STS) trustsPool(span *trace.Span, token jwt.Token, roleARN string) bool {
	pool, err := arn.Parse(token.Text(poolClaim))
	if err != nil || pool.Account == s.world.Account() {
		return true
	}
	held := s.directory.TrustLooksAt(roleARN, identityPools+":aud", identityPools+":amr")
	return span.Decide(RuleForeignPool, held, "conditions on aud and amr", "a pool of account "+pool.Account)
}

// verifiedToken makes checks 2 to 6.
func (s *STS) verifiedToken(span *trace.Span, raw string) (jwt.Token, issuer, error) {
	// 2
	token, err := jwt.Parse(raw)
	if err != nil {
		span.Decide(RuleTokenIsJWT, false, "a JWT", err.Error())
		return token, issuer{}, awserr.New(codeInvalidToken, messageNotJWT)
	}
	span.Decide(RuleTokenIsJWT, true, "a JWT", "signed with "+token.Algorithm)
	// 3
	iss := token.Text("iss")
	from, known := s.issuer(iss)
	if !span.Decide(RuleTokenProvider, known, "an issuer that the account knows", iss) {
		return token, from, awserr.New(codeInvalidToken, "No OpenIDConnect provider found in your account for %s", iss)
	}
	// 4
	if err := from.checkAudience(span, token); err != nil {
		return token, from, err
	}
	// 5
	if err := s.verifySignature(span, iss, token); err != nil {
		return token, from, err
	}
	// 6
	now := s.world.Now()
	expiry, ok := token.Time("exp")
	found := "no exp"
	if ok {
		found = expiry.UTC().Format(time.TimeOnly)
	}
	if !span.Decide(RuleTokenExpiry, ok && now.Before(expiry), "exp after "+now.UTC().Format(time.TimeOnly), found) {
		return token, from, awserr.New("ExpiredTokenException", "Token expired: current date/time %d must be before the expiration date/time %d", now.Unix(), expiry.Unix())
	}
	if age := now.Sub(issuedAt(token, now)); age > oldestToken {
		span.Decide(RuleTokenExpiry, false, "iat at most "+oldestToken.String()+" ago", age.String())
		return token, from, awserr.New("ExpiredTokenException", "Token too old: %d", int(age.Seconds()))
	}
	return token, from, nil
}

// oldestToken is how long ago a token may have been issued, whatever its exp.
// That there is a limit was seen, how long it is was not.
// Source: https://github.com/mozilla-iam/mozilla-aws-cli/issues/146 (observed)
const oldestToken = 24 * time.Hour

// issuedAt is a token's iat, or now when it has none.
func issuedAt(token jwt.Token, now time.Time) time.Time {
	if at, ok := token.Time("iat"); ok {
		return at
	}
	return now
}

// issuer finds who issued a token: the identity pools and Google, which every
// account trusts, or an OIDC provider of the account.
func (s *STS) issuer(iss string) (issuer, bool) {
	claims := []string{"aud", "amr", "sub"}
	for _, everyones := range []string{identityPools, google} {
		if iss == scheme+everyones {
			return issuer{principal: everyones, prefix: everyones, reported: everyones, claims: claims}, true
		}
	}
	p, ok := s.directory.IdentityProvider(iss)
	if !ok || !strings.HasPrefix(iss, scheme) {
		return issuer{}, false
	}
	return issuer{principal: p.ARN, prefix: strings.TrimPrefix(iss, scheme), reported: iss, clientIDs: append([]string{}, p.ClientIDs...), claims: claims}, true
}

// checkAudience makes check 4.
func (from issuer) checkAudience(span *trace.Span, token jwt.Token) error {
	if from.clientIDs == nil {
		return nil
	}
	wanted := "aud one of " + strings.Join(from.clientIDs, ", ")
	for _, aud := range token.Texts("aud") {
		for _, id := range from.clientIDs {
			if aud == id {
				span.Decide(RuleTokenAudience, true, wanted, aud)
				return nil
			}
		}
	}
	span.Decide(RuleTokenAudience, false, wanted, strings.Join(token.Texts("aud"), ", "))
	return awserr.New(codeInvalidToken, messageAudience)
}

// verifySignature makes check 5.
func (s *STS) verifySignature(span *trace.Span, iss string, token jwt.Token) error {
	url, err := s.keysURL(span, iss)
	if err != nil {
		return err
	}
	body, err := s.fetch(span, url)
	if err != nil {
		return err
	}
	keys, err := jwt.ParseKeySet(body)
	if err == nil {
		err = keys.Verify(token)
	}
	const wanted = "a signature by a key of the issuer"
	if err != nil {
		span.Decide(RuleTokenSignature, false, wanted, err.Error())
		return awserr.New(codeInvalidToken, messageNoKey)
	}
	span.Decide(RuleTokenSignature, true, wanted, "key "+token.KeyID)
	return nil
}

// keysURL is where an issuer publishes its keys, as its discovery document says.
// It is "" when there is no such document.
func (s *STS) keysURL(span *trace.Span, iss string) (string, error) {
	if iss == scheme+identityPools {
		return identityPoolKeys, nil
	}
	body, err := s.fetch(span, iss+"/.well-known/openid-configuration")
	if err != nil {
		return "", err
	}
	var document struct {
		JWKSURI string `json:"jwks_uri"`
	}
	if json.Unmarshal([]byte(body), &document) != nil {
		return "", nil
	}
	return document.JWKSURI, nil
}

// fetch gets what a URL answers; nothing from "". The words of its refusal are
// inferred.
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func (s *STS) fetch(span *trace.Span, url string) (string, error) {
	if url == "" {
		return "", nil
	}
	reply, err := s.doors.Send(span, api.HTTPRequest{From: span.Actor(), Method: "GET", URL: url, Header: api.Header{}})
	if err == nil && reply.Status >= 500 {
		return "", awserr.New("IDPCommunicationError", "The identity provider at %s could not be reached.", url)
	}
	return reply.Body, err
}

// keys are the condition keys that a token brings.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func (from issuer) keys(token jwt.Token) map[string][]string {
	keys := map[string][]string{}
	for _, claim := range from.claims {
		if values := token.Texts(claim); len(values) > 0 {
			keys[from.prefix+":"+claim] = values
		}
	}
	if from.principal == google {
		return googles(keys, token)
	}
	return keys
}

// with is a map with the entries of both.
func with(keys, more map[string][]string) map[string][]string {
	all := make(map[string][]string, len(keys)+len(more))
	for _, m := range []map[string][]string{keys, more} {
		for name, values := range m {
			all[name] = values
		}
	}
	return all
}
