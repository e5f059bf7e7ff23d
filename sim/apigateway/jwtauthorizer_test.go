package apigateway

import (
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace/tracetest"
)

const (
	pageJWT       = "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer.html"
	pageJWTCreate = "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-create.html"
	pageJWTMethod = "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-methods.html"
	provider      = "https://login.example.com/"
)

// jwtAPI is GET /tasks behind a JWT authorizer that trusts the provider for the
// audience tasks, and the pool for its client.
func jwtAPI(t *testing.T, scopes []string) *fixture {
	t.Helper()
	f := newFixture(t)
	f.define(nil)
	var trusted jwtConfiguration
	trusted.DefaultAlgorithms = []string{"RS256"}
	for issuer, audience := range map[string]string{provider: "tasks", poolIssuer(poolARN): clientID} {
		trusted.Issuers = append(trusted.Issuers, jwtIssuer{Issuer: issuer, Audiences: []string{audience}})
	}
	id := f.authorizer(authorizerProperties{Type: "JWT", JwtConfiguration: &trusted})
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks"), AuthorizationType: "JWT", AuthorizerId: id, AuthorizationScopes: scopes})
	f.deploy()
	discovery := func(keys string) func(api.HTTPRequest) api.HTTPResponse {
		return func(api.HTTPRequest) api.HTTPResponse {
			return api.HTTPResponse{Status: 200, Body: `{"jwks_uri":"` + keys + `"}`}
		}
	}
	f.doors.hosts = map[string]func(api.HTTPRequest) api.HTTPResponse{
		provider + ".well-known/openid-configuration":             discovery("https://login.example.com/keys"),
		poolIssuer(poolARN) + "/.well-known/openid-configuration": discovery(poolIssuer(poolARN) + "/.well-known/jwks.json"),
		"https://login.example.com/keys": func(api.HTTPRequest) api.HTTPResponse {
			return api.HTTPResponse{Status: 200, Body: keySetOf(t, strangeKey())}
		},
	}
	return f
}

// provided is a token of the provider.
func provided(changes map[string]any) func(*fixture) string {
	return func(f *fixture) string {
		return f.sign(map[string]any{
			"iss": provider, "aud": "tasks", "sub": "u1", "scp": []string{"tasks/read"}, "exp": f.world.Now().Unix() + 60,
		}, changes, strangeKey())
	}
}

type jwtRow struct {
	name, source string
	scopes       []string
	token        func(*fixture) string
	set          func(*fixture)
	want         outcome
}

func jwtRows() []jwtRow {
	scopes := []string{"tasks/write", "tasks/read"}
	forbidden := outcome{status: 403, body: `{"Message":"Forbidden"}`, errorType: "ForbiddenException", rule: RuleJWTScopes}
	return []jwtRow{
		{name: "a token of the provider", source: pageJWT, token: provided(nil), want: passed()},
		{name: "after Bearer", source: pageJWT, token: func(f *fixture) string { return "Bearer " + provided(nil)(f) }, want: passed()},
		{name: "an ID token of the second issuer", source: pageJWT, token: id(nil), want: passed()},
		{name: "an access token has no aud, its client_id counts", source: pageJWT, token: access(nil), want: passed()},
		{name: "no header", source: pageJWT, token: fixed(""), want: unauthorizedOutcome(RuleJWTIdentitySource)},
		{name: "no JWT", source: pageJWT, token: fixed("opaque"), want: unauthorizedOutcome(RuleJWTDecode)},
		{name: "another issuer", source: pageJWT, token: provided(map[string]any{"iss": "https://evil.example"}), want: unauthorizedOutcome(RuleJWTIssuer)},
		{name: "the issuer without its slash", source: pageJWTCreate, token: provided(map[string]any{"iss": "https://login.example.com"}), want: unauthorizedOutcome(RuleJWTIssuer)},
		{name: "alg none", source: pageJWT, want: unauthorizedOutcome(RuleJWTAlgorithm),
			// {"alg":"none"} and {"iss":"https://login.example.com/"}
			token: fixed("eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUuY29tLyJ9.")},
		{name: "another key", source: pageJWT, want: unauthorizedOutcome(RuleJWTSignature),
			token: func(f *fixture) string {
				return f.sign(map[string]any{"iss": provider}, nil, jwt.DevelopmentKey(2, "strange-key", "RS256"))
			}},
		{name: "no discovery document", source: pageJWTCreate, token: provided(nil), set: func(f *fixture) { f.doors.hosts = nil },
			want: outcome{status: 500, body: `{"message":null}`, errorType: "AuthorizerConfigurationException", rule: RuleJWTKeys}},
		{name: "expired", source: pageJWT, token: provided(map[string]any{"exp": tracetest.Start().Unix()}), want: unauthorizedOutcome(RuleJWTTimes)},
		{name: "not yet", source: pageJWT, token: provided(map[string]any{"nbf": tracetest.Start().Unix() + 1}), want: unauthorizedOutcome(RuleJWTTimes)},
		{name: "an audience of the other issuer", source: pageJWT, token: provided(map[string]any{"aud": clientID}), want: unauthorizedOutcome(RuleJWTAudience)},
		{name: "no audience", source: pageJWT, token: provided(map[string]any{"aud": nil}), want: unauthorizedOutcome(RuleJWTAudience)},
		{name: "one of two scopes in scp", source: pageJWTMethod, scopes: scopes, token: provided(nil), want: passed()},
		{name: "one of two scopes in scope", source: pageJWTMethod, scopes: scopes, token: access(nil), want: passed()},
		{name: "none of the scopes", source: pageJWTMethod, scopes: scopes, token: provided(map[string]any{"scp": nil}), want: forbidden},
	}
}

func (row jwtRow) send(t *testing.T, cover *tracetest.Coverage) {
	t.Helper()
	f := jwtAPI(t, row.scopes)
	f.cover = cover
	if row.set != nil {
		row.set(f)
	}
	f.expect(f.get(row.token(f)), row.want)
}

func TestJWTAuthorizerOutcomes(t *testing.T) {
	for _, row := range jwtRows() {
		t.Run(row.name, func(t *testing.T) { row.send(t, nil) })
	}
}

func TestIssuersThatAWSRefuses(t *testing.T) {
	for name, p := range map[string]*jwtConfiguration{
		"no configuration": nil, "no issuers": {DefaultAlgorithms: []string{"RS256"}},
		"http": issuedBy("http://a.example"), "a query": issuedBy("https://a.example?x"), "a path": issuedBy("/a"),
	} {
		if _, err := newTrust(p); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func issuedBy(issuer string) *jwtConfiguration {
	return &jwtConfiguration{DefaultAlgorithms: []string{"RS256"}, Issuers: []jwtIssuer{{Issuer: issuer}}}
}
