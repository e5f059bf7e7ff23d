package sts

import (
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

type webIdentityInput struct {
	DurationSeconds  *int
	Policy           string
	PolicyArns       []policyDescriptor
	RoleArn          string   `aws:"required"`
	RoleSessionName  string   `aws:"required"`
	WebIdentityToken string   `aws:"required"`
	_                struct{} `unsimulated:"ProviderId"`
}

type webIdentityOutput struct {
	Credentials                 credentials
	SubjectFromWebIdentityToken string
	AssumedRoleUser             assumedRoleUser
	Provider, Audience          string
}

// The issuer of identity pools' tokens, and the claim that carries principal
// tags in a token.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
const (
	scheme             = "https://"
	identityPools      = "cognito-identity.amazonaws.com"
	identityPoolKeys   = scheme + identityPools + "/.well-known/jwks_uri"
	tagsClaim          = "https://aws.amazon.com/tags"
	messageNotJWT      = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
	messageNoKey       = "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"
	codeInvalidToken   = "InvalidIdentityToken"
	messageNotTrusting = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
)

// assumeRoleWithWebIdentity serves anybody who holds a token:
//
//  1. the name and the duration have legal values
//  2. the token is a JWT
//  3. its issuer is an identity provider that the account knows
//  4. its signature is that of a key the issuer publishes
//  5. it has not expired
//  6. the role's trust policy accepts the provider and the token's claims
//  7. the role's sessions may last that long
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func (s *STS) assumeRoleWithWebIdentity(c api.Context, in webIdentityInput) (webIdentityOutput, error) {
	// 1
	duration, err := checkParameters(c.Span, in.RoleSessionName, in.DurationSeconds)
	if err != nil {
		return webIdentityOutput{}, err
	}
	// 2 to 5
	token, err := s.verifiedToken(c.Span, in.WebIdentityToken)
	if err != nil {
		return webIdentityOutput{}, err
	}
	// 6
	keys := tokenKeys(token)
	if d := s.directory.TrustsWebIdentity(c.Span, in.RoleArn, identityPools, keys); !d.Allowed {
		return webIdentityOutput{}, accessDenied(messageNotTrusting)
	}
	// 7
	role, _ := s.directory.Role(in.RoleArn)
	if err := checkDuration(c.Span, duration, role.MaxSession, false); err != nil {
		return webIdentityOutput{}, err
	}
	keys["aws:FederatedProvider"] = []string{identityPools}
	session, err := s.directory.IssueSession(api.SessionRequest{
		RoleARN: role.ARN, Name: in.RoleSessionName, Duration: duration, Keys: keys, Policy: in.Policy, PolicyARNs: arns(in.PolicyArns),
	})
	if err != nil {
		return webIdentityOutput{}, err
	}
	out := webIdentityOutput{SubjectFromWebIdentityToken: token.Text("sub"), Provider: identityPools, Audience: token.Text("aud")}
	out.Credentials, out.AssumedRoleUser = describe(session)
	return out, nil
}

// verifiedToken makes checks 2 to 5.
func (s *STS) verifiedToken(span *trace.Span, raw string) (jwt.Token, error) {
	// 2
	token, err := jwt.Parse(raw)
	if err != nil {
		span.Decide(RuleTokenIsJWT, false, "a JWT", err.Error())
		return token, awserr.New(codeInvalidToken, messageNotJWT)
	}
	span.Decide(RuleTokenIsJWT, true, "a JWT", "signed with "+token.Algorithm)
	// 3
	issuer := token.Text("iss")
	if !span.Decide(RuleTokenProvider, issuer == scheme+identityPools, "an issuer that the account knows", issuer) {
		return token, awserr.New(codeInvalidToken, "No OpenIDConnect provider found in your account for %s", issuer)
	}
	// 4
	if err := s.verifySignature(span, token); err != nil {
		return token, err
	}
	// 5
	now := s.world.Now()
	expiry, ok := token.Time("exp")
	found := "no exp"
	if ok {
		found = expiry.UTC().Format(time.TimeOnly)
	}
	if !span.Decide(RuleTokenExpiry, ok && now.Before(expiry), "exp after "+now.UTC().Format(time.TimeOnly), found) {
		return token, awserr.New("ExpiredTokenException", "Token expired: current date/time %d must be before the expiration date/time %d", now.Unix(), expiry.Unix())
	}
	if _, tagged := token.Claims[tagsClaim]; tagged {
		return token, fmt.Errorf("session tags in a web identity token (%s) are not simulated", tagsClaim)
	}
	return token, nil
}

func (s *STS) verifySignature(span *trace.Span, token jwt.Token) error {
	reply, err := s.doors.Send(span, api.HTTPRequest{From: span.Actor(), Method: "GET", URL: identityPoolKeys, Header: api.Header{}})
	if err != nil {
		return err
	}
	keys, err := jwt.ParseKeySet(reply.Body)
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

// tokenKeys are the condition keys that a token of an identity pool brings.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func tokenKeys(token jwt.Token) map[string][]string {
	keys := map[string][]string{}
	for _, claim := range []string{"aud", "amr", "sub"} {
		if values := token.Texts(claim); len(values) > 0 {
			keys[strings.Join([]string{identityPools, claim}, ":")] = values
		}
	}
	return keys
}
