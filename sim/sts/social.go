package sts

import (
	"errors"
	"slices"

	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/social"
	"claimcheck/sim/trace"
)

// google is an issuer that every account trusts, like the identity pools.
const google = "accounts.google.com"

// verifiedIdentity makes checks 2 to 6 of a token that says itself who it is
// about, or asks the provider of an access token, which says nothing.
func (s *STS) verifiedIdentity(span *trace.Span, in webIdentityInput) (jwt.Token, issuer, error) {
	if in.ProviderId == "" {
		return s.verifiedToken(span, in.WebIdentityToken)
	}
	return s.accessToken(span, in.ProviderId, in.WebIdentityToken)
}

// accessToken asks a social provider about an access token:
//
//  1. the provider is one of the two that give apps access tokens
//  2. it answers
//  3. it knows the token
//
// The words of the refusals are inferred.
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func (s *STS) accessToken(span *trace.Span, provider, raw string) (jwt.Token, issuer, error) {
	// 1
	subjects := map[string]string{social.Facebook: "id", social.Amazon: "user_id"}
	subject, known := subjects[provider]
	if !span.Decide(RuleTokenProvider, known, social.Facebook+" or "+social.Amazon, provider) {
		return jwt.Token{}, issuer{}, awserr.New(codeInvalidToken, "No OpenIDConnect provider found in your account for %s", provider)
	}
	// 2
	answer, err := social.Ask(span, s.doors, span.Actor(), provider, raw)
	if errors.Is(err, social.ErrNoAnswer) {
		return jwt.Token{}, issuer{}, awserr.New("IDPCommunicationError", "The identity provider at %s could not be reached.", provider)
	}
	if err != nil {
		return jwt.Token{}, issuer{}, err
	}
	// 3
	if !span.Decide(RuleAccessToken, answer.Valid, "an access token that "+provider+" knows", orNothing(answer.App)) {
		return jwt.Token{}, issuer{}, awserr.WithStatus(403, "IDPRejectedClaim", "The identity provider %s has rejected the token.", provider)
	}
	claims := map[string]any{"app_id": answer.App, subject: answer.User, "aud": answer.App, "sub": answer.User}
	return jwt.Token{Claims: claims}, issuer{principal: provider, prefix: provider, reported: provider, claims: []string{"app_id", subject}}, nil
}

// googles are the keys of a Google token: aud is the app that asked for it, azp
// when there is one, and oaud is whom it is for.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func googles(keys map[string][]string, token jwt.Token) map[string][]string {
	if asked := token.Texts("azp"); len(asked) > 0 {
		keys[google+":oaud"] = slices.Clone(keys[google+":aud"])
		keys[google+":aud"] = asked
	}
	return keys
}
