package appsync

import (
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace/tracetest"
)

// presenting asks for hello with the pool's ID token with things changed.
func presenting(changes map[string]any) func(*account) reply {
	return func(a *account) reply { return a.ask(idToken(a.T, changes), "{ hello }") }
}

// fromProvider asks with a token of the OIDC provider with things changed, after
// Bearer.
func fromProvider(changes map[string]any) func(*account) reply {
	return func(a *account) reply {
		claims := map[string]any{"iss": oidcIssuer, "aud": "desk", "sub": "u-1", "auth_time": tracetest.Start().Unix()}
		return a.ask("Bearer "+token(a.T, claims, changes, issuerKey()), "{ hello }")
	}
}

// tokenOutcomes are those of user pools and OIDC providers.
func tokenOutcomes() []outcome {
	const clients = `AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: us-east-1_Desk12345, DefaultAction: ALLOW, AppIdClientRegex: "3n4b.*"}`
	notAuthorized := refused("UnauthorizedException", "You are not authorized to make this call.")
	noJWT := refused("UnauthorizedException", "Unable to parse JWT token.")
	accessToken := map[string]any{"aud": nil, "client_id": client, "token_use": "access", "username": "ana", "cognito:username": nil}
	now := tracetest.Start()
	rows := []outcome{
		{"an ID token", pageAuth, simple(poolMode), presenting(nil), 200, hello, ""},
		{"an access token", pageAuth, simple(poolMode), presenting(accessToken), 200, hello, ""},
		{"an ID token of a client that matches", pageAuth, simple(clients), presenting(nil), 200, hello, ""},
		{"an access token of a client that matches", pageAuth, simple(clients), presenting(accessToken), 200, hello, ""},
		{"another client", pageAuth, simple(clients), presenting(map[string]any{"aud": "4kq"}), 401, notAuthorized, RuleClient},
		{"a token without a client", pageAuth, simple(clients), presenting(map[string]any{"aud": nil}), 401, notAuthorized, RuleClient},
		{"no JWT", "https://github.com/aws/aws-appsync-community/issues/198", simple(poolMode), asking("not-a-token"), 401, noJWT, RuleTokenForm},
		{"another issuer", pageAuth, simple(poolMode), presenting(map[string]any{"iss": "https://other.example.com"}), 401, notAuthorized, RuleIssuer},
		{"no issuer", pageAuth, simple(poolMode), presenting(map[string]any{"iss": nil}), 401, notAuthorized, RuleIssuer},
		{"another key", pageAuth, simple(poolMode), func(a *account) reply {
			return a.ask(token(a.T, map[string]any{"iss": poolIssuer, "aud": client}, nil, strangeKey()), "{ hello }")
		}, 401, notAuthorized, RuleTokenSignature},
		{"an unknown kid", pageAuth, simple(poolMode), func(a *account) reply {
			return a.ask(token(a.T, map[string]any{"iss": poolIssuer}, nil, jwt.DevelopmentKey(0, "unknown", jwt.RS256)), "{ hello }")
		}, 401, notAuthorized, RuleTokenSignature},
		{"an issuer without keys", pageAuth, simple(poolMode), func(a *account) reply {
			a.keySet = "nothing"
			return presenting(nil)(a)
		}, 401, notAuthorized, RuleIssuerKeys},
		{"an expired token", pageTrouble, simple(poolMode), func(a *account) reply {
			text := idToken(a.T, nil)
			a.World.Clock = a.World.Clock.Add(time.Hour)
			return a.ask(text, "{ hello }")
		}, 401, refused("UnauthorizedException", "Token has expired."), RuleTokenExpiry},
		{"a token of the provider", pageAuth, simple(oidcDefault), fromProvider(nil), 200, hello, ""},
		{"an authorized party", pageAuth, simple(oidcDefault), fromProvider(map[string]any{"aud": "somebody", "azp": "back-office"}), 200, hello, ""},
		{"another audience", pageAuth, simple(oidcDefault), fromProvider(map[string]any{"aud": "desks"}), 401, notAuthorized, RuleClient},
		{"the provider as the only mode, another issuer", pageAuth, simple(oidcDefault), fromProvider(map[string]any{"iss": "https://other.example.com"}), 200, hello, ""},
		{"the provider beside another mode, another issuer", pageAuth, simple(oidcDefault + alsoKey), fromProvider(map[string]any{"iss": "https://other.example.com"}), 401, notAuthorized, RuleIssuer},
		{"issued too long ago", pageAuth, simple(oidcDefault), fromProvider(map[string]any{"iat": now.Add(-31 * time.Minute).Unix()}), 401, notAuthorized, RuleTokenAge},
		{"signed in too long ago", pageAuth, simple(oidcDefault), fromProvider(map[string]any{"auth_time": now.Add(-61 * time.Minute).Unix()}), 401, notAuthorized, RuleTokenAge},
		{"no time of the sign-in", pageAuth, simple(oidcDefault), fromProvider(map[string]any{"auth_time": nil}), 401, notAuthorized, RuleTokenAge},
	}
	return rows
}

func TestOtherAlgorithmsOfAProviderAreNoVerdict(t *testing.T) {
	a := open(t, simple(oidcDefault))
	created, _ := a.Stack.Resource("Api")
	const hs256 = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUuY29tIn0.AA"
	_, err := a.appsync.Site().Serve(nil, api.HTTPRequest{
		Method: "POST", URL: created.Attributes["GraphQLUrl"], Header: api.Header{"authorization": {hs256}}, Body: `{"query":"{ hello }"}`,
	})
	if err == nil || !strings.Contains(err.Error(), "signed with HS256") {
		t.Errorf("error %v", err)
	}
}

func TestAProviderWithoutADiscoveryDocumentLetsNobodyIn(t *testing.T) {
	a := open(t, simple(`AuthenticationType: OPENID_CONNECT, OpenIDConnectConfig: {Issuer: "https://gone.example.com"}`))
	got := fromProvider(map[string]any{"iss": "https://gone.example.com"})(a)
	a.want(got, 401, refused("UnauthorizedException", "You are not authorized to make this call."), RuleIssuerKeys)
}
