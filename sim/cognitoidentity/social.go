package cognitoidentity

import (
	"cmp"
	"errors"

	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/social"
	"claimcheck/sim/trace"
)

// The names of the social providers in Logins, exactly as they must be written:
// https://docs.aws.amazon.com/cognito/latest/developerguide/external-identity-providers.html
const (
	google   = "accounts.google.com"
	apple    = "appleid.apple.com"
	facebook = social.Facebook
	amazon   = social.Amazon
	twitter  = "api.twitter.com"
)

func publicProviders() []string { return []string{google, twitter, apple, facebook, amazon} }

// verifySocial verifies what a social provider gives an app: an ID token of
// Google and Apple, an access token of Facebook and Login with Amazon. The app
// is the one that SupportedLoginProviders names.
//
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/external-identity-providers.html
func (s *IdentityPools) verifySocial(span *trace.Span, provider, app, raw string) (proof, error) {
	switch provider {
	case google, apple:
		token, err := s.verifyOIDC(span, provider, []string{app}, raw)
		return proof{login{provider, token.Text("sub")}, token, provider}, err
	case facebook, amazon:
		return s.verifyAccessToken(span, provider, app, raw)
	}
	return proof{}, notSimulated(provider)
}

// verifyAccessToken asks a provider what an access token is, which an app cannot
// read:
//
//  1. the provider answers
//  2. the token is valid
//  3. it was issued for the pool's app
//
// AWS's words of the first two are not known.
//
// Sources: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html,
// https://github.com/amazon-archives/cognito-sample-nodejs/issues/1, https://github.com/aws-amplify/aws-sdk-android/issues/1131 (observed)
func (s *IdentityPools) verifyAccessToken(span *trace.Span, provider, app, raw string) (proof, error) {
	checked, err := social.Ask(span, s.doors, name, provider, raw)
	if errors.Is(err, social.ErrNoAnswer) { // 1
		return proof{}, awserr.New("ExternalServiceException", "%s does not answer", provider)
	}
	if err != nil {
		return proof{}, err
	}
	found := "one for app " + cmp.Or(checked.App, "none")
	if !checked.Valid {
		found = "the provider does not know it"
	}
	if !span.Decide(RuleAccessToken, checked.Valid, "an access token that is valid", found) { // 2
		return proof{}, notAuthorized("Invalid login token.")
	}
	if !span.Decide(RuleTokenProvider, checked.App == app, "a token for app "+app, found) { // 3
		return proof{}, unsupportedProvider()
	}
	user := "sub"
	if provider == amazon {
		user = "user_id"
	}
	claims := map[string]any{"aud": checked.App, user: checked.User}
	return proof{login{provider, checked.User}, jwt.Token{Claims: claims}, provider}, nil
}

// unsupported is the answer to a login at a provider that the pool does not
// have. A key that is no provider's is taken for an OpenID Connect issuer.
//
// Sources: https://github.com/scientifichackers/flutter_cognito_plugin/issues/13,
// https://github.com/aws/aws-sdk-js/issues/3947 (observed)
func unsupported(span *trace.Span, provider, raw string, named bool) error {
	token, err := jwt.Parse(raw)
	if err != nil && !named {
		span.Decide(RuleTokenJWT, false, "an ID token, or the name of another provider", provider)
		return notAuthorized("Invalid login token. Not a valid OpenId Connect identity token.")
	}
	if err == nil {
		if err := checkIssuer(span, token, provider); err != nil {
			return err
		}
	}
	span.Decide(RuleTokenProvider, false, provider+" in the identity pool", knownOrNot(false))
	return unsupportedProvider()
}

func unsupportedProvider() error {
	return notAuthorized("Token is not from a supported provider of this identity pool.")
}
