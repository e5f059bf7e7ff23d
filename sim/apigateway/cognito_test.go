package apigateway

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	pageSupported = "https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html"
	page401       = "https://repost.aws/knowledge-center/api-gateway-cognito-401-unauthorized"
	pageEnable    = "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html"
	pageFlow      = "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html"
	pageProperty  = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-authorizer.html"
	page403       = "https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden"
)

// cognitoAPI is GET /tasks behind a Cognito authorizer.
func cognitoAPI(t testing.TB, p authorizerProperties, scopes []string, policy any) *fixture {
	t.Helper()
	f := newFixture(t)
	f.define(policy)
	p.Type = "COGNITO_USER_POOLS"
	if p.ProviderARNs == nil {
		p.ProviderARNs = []string{poolARN}
	}
	id := f.authorizer(p)
	f.method(methodProperties{
		ResourceId: f.resource(f.root, "tasks"), AuthorizationType: "COGNITO_USER_POOLS", AuthorizerId: id, AuthorizationScopes: scopes,
	})
	f.deploy()
	return f
}

func unauthorizedOutcome(rule trace.RuleID) outcome {
	return outcome{status: 401, body: `{"message":"Unauthorized"}`, errorType: "UnauthorizedException", rule: rule}
}

type cognitoRow struct {
	name, source string
	authorizer   authorizerProperties
	scopes       []string
	policy       any
	token        func(f *fixture) string
	want         outcome
}

func fixed(token string) func(*fixture) string { return func(*fixture) string { return token } }

func id(changes map[string]any) func(*fixture) string {
	return func(f *fixture) string { return f.idToken(changes) }
}

func access(changes map[string]any) func(*fixture) string {
	return func(f *fixture) string { return f.accessToken(changes) }
}

func cognitoRows() []cognitoRow {
	aud := authorizerProperties{IdentityValidationExpression: clientID}
	scopes := []string{"tasks/write", "tasks/read"}
	return []cognitoRow{
		{name: "ID token, no scopes", source: pageEnable, token: id(nil), want: passed()},
		{name: "ID token after Bearer", source: "https://github.com/awslabs/nx-plugin-for-aws/pull/828",
			token: func(f *fixture) string { return "Bearer " + f.idToken(nil) }, want: passed()},
		{name: "no header", source: pageSupported, token: fixed(""), want: unauthorizedOutcome(RuleCognitoIdentitySource)},
		{name: "another app client of the pool", source: pageEnable, token: id(map[string]any{"aud": "another"}), want: passed()},
		{name: "a token without the groups of anybody", source: pageEnable, token: id(map[string]any{"cognito:groups": nil}), want: passed()},
		{name: "a pool of another account and Region", source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-cross-account-cognito-authorizer.html",
			authorizer: authorizerProperties{ProviderARNs: []string{farPool}},
			token: func(f *fixture) string {
				f.doors.keySets[poolIssuer(farPool)] = keySetOf(f.t, strangeKey())
				return f.sign(map[string]any{"iss": poolIssuer(farPool), "token_use": "id", "exp": f.world.Now().Unix() + 60}, nil, strangeKey())
			}, want: passed()},
		{name: "a user id", source: page401, token: fixed("user-4711"), want: unauthorizedOutcome(RuleCognitoJWT)},
		{name: "an API key", source: page401, token: fixed("x2Vb91kQw7Lr5TzN8mPd3Ys6"), want: unauthorizedOutcome(RuleCognitoJWT)},
		{name: "a SigV4 signature", source: page401, token: fixed("AWS4-HMAC-SHA256 user=ana"), want: unauthorizedOutcome(RuleCognitoJWT)},
		{name: "stray spaces", source: page401,
			token: func(f *fixture) string { return "Bearer  " + f.idToken(nil) }, want: unauthorizedOutcome(RuleCognitoJWT)},
		{name: "tampered", source: page401,
			token: func(f *fixture) string {
				// The payload of another user's token under this one's signature.
				mine, other := strings.Split(f.idToken(nil), "."), strings.Split(f.idToken(map[string]any{"sub": "root"}), ".")
				return mine[0] + "." + other[1] + "." + mine[2]
			}, want: unauthorizedOutcome(RuleCognitoSignature)},
		{name: "unknown kid", source: page401,
			token: func(f *fixture) string {
				return f.sign(map[string]any{"iss": poolIssuer(poolARN), "token_use": "id"}, nil, jwt.DevelopmentKey(0, "old-key", "RS256"))
			}, want: unauthorizedOutcome(RuleCognitoSignature)},
		{name: "signed by another key under the pool's kid", source: page401,
			token: func(f *fixture) string {
				return f.sign(map[string]any{"iss": poolIssuer(poolARN), "token_use": "id"}, nil, jwt.DevelopmentKey(2, "pool-key", "RS256"))
			}, want: unauthorizedOutcome(RuleCognitoSignature)},
		{name: "alg none", source: page401,
			token: func(f *fixture) string {
				// {"alg":"none","kid":"pool-key"} and the claims of a good token.
				return "eyJhbGciOiJub25lIiwia2lkIjoicG9vbC1rZXkifQ." + strings.Split(f.idToken(nil), ".")[1] + "."
			}, want: unauthorizedOutcome(RuleCognitoSignature)},
		{name: "another pool", source: page401,
			token: func(f *fixture) string {
				return f.sign(map[string]any{"iss": poolIssuer(otherPool), "token_use": "id"}, nil, strangeKey())
			}, want: unauthorizedOutcome(RuleCognitoIssuer)},
		{name: "no issuer", source: page401, token: id(map[string]any{"iss": nil}), want: unauthorizedOutcome(RuleCognitoIssuer)},
		{name: "the second of two pools", source: pageEnable, authorizer: authorizerProperties{ProviderARNs: []string{poolARN, otherPool}},
			token: func(f *fixture) string {
				return f.sign(map[string]any{"iss": poolIssuer(otherPool), "token_use": "id", "exp": f.world.Now().Unix() + 60}, nil, strangeKey())
			}, want: passed()},
		{name: "expired", source: "https://github.com/aws-amplify/amplify-js/issues/10147", token: id(map[string]any{"exp": tracetest.Start().Unix()}),
			want: outcome{status: 401, body: `{"message":"The incoming token has expired"}`, errorType: "UnauthorizedException", rule: RuleCognitoExpiry}},
		{name: "access token, no scopes", source: "https://github.com/open-constructs/cdk-serverless/issues/374",
			token: access(nil), want: unauthorizedOutcome(RuleCognitoTokenUse)},
		{name: "ID token, scopes", source: pageEnable, scopes: scopes, token: id(nil), want: unauthorizedOutcome(RuleCognitoTokenUse)},
		{name: "access token with one of two scopes", source: pageEnable, scopes: scopes, token: access(nil), want: passed()},
		{name: "access token without the scopes", source: pageEnable, scopes: scopes,
			token: access(map[string]any{"scope": "aws.cognito.signin.user.admin"}), want: unauthorizedOutcome(RuleCognitoScopes)},
		{name: "aud matches", source: pageProperty, authorizer: aud, token: id(nil), want: passed()},
		{name: "aud does not match", source: pageProperty, authorizer: aud, token: id(map[string]any{"aud": clientID + "x"}),
			want: unauthorizedOutcome(RuleCognitoAudience)},
		{name: "access token has no aud", source: pageProperty, authorizer: aud, scopes: scopes, token: access(nil),
			want: unauthorizedOutcome(RuleCognitoAudience)},
		{name: "pool out of reach", source: pageSupported, authorizer: authorizerProperties{ProviderARNs: []string{poolARN + "x"}},
			token: id(map[string]any{"iss": poolIssuer(poolARN + "x")}),
			want:  outcome{status: 500, body: `{"message":null}`, errorType: "AuthorizerConfigurationException", rule: RuleCognitoKeys}},
		{name: "resource policy allows", source: pageFlow, policy: policy("Allow", "execute-api:/*"), token: id(nil), want: passed()},
		{name: "resource policy silent", source: pageFlow, policy: policy("", ""), token: id(nil), want: outcome{
			status: 403, errorType: "AccessDeniedException", rule: RuleResourcePolicyAllow,
			body: `{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:API/prod/GET/tasks because no resource-based policy allows the execute-api:Invoke action"}`,
		}},
		{name: "resource policy denies", source: page403, policy: policy("Deny", "execute-api:/prod/GET/*"), token: id(nil), want: outcome{
			status: 403, errorType: "AccessDeniedException", rule: RuleResourcePolicyAllow,
			body: `{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:API/prod/GET/tasks with an explicit deny"}`,
		}},
	}
}

func (row cognitoRow) run(t *testing.T, cover *tracetest.Coverage) {
	f := cognitoAPI(t, row.authorizer, row.scopes, row.policy)
	f.cover = cover
	got := f.get(row.token(f))
	f.expect(got, row.want.in(f))
}

// TestCognitoAuthorizerOutcomes is the outcome table of COGNITO_USER_POOLS.
func TestCognitoAuthorizerOutcomes(t *testing.T) {
	for _, row := range cognitoRows() {
		t.Run(row.name, func(t *testing.T) { row.run(t, nil) })
	}
}

func TestKeySetOfAPoolIsFetchedOnce(t *testing.T) {
	f := cognitoAPI(t, authorizerProperties{}, nil, nil)
	f.expect(f.get(f.idToken(nil)), passed())
	f.expect(f.get(f.idToken(nil)), passed())
	if f.doors.sent != 1 {
		t.Errorf("%d requests for the key set, want 1", f.doors.sent)
	}
}

// https://github.com/amazon-archives/amazon-cognito-identity-js/issues/92
func TestClaimsReachTheFunctionAsText(t *testing.T) {
	f := cognitoAPI(t, authorizerProperties{}, nil, nil)
	var seen any
	f.doors.functions[function] = func(event map[string]any) (any, string) {
		context, _ := event["requestContext"].(map[string]any)
		seen = context["authorizer"]
		return answerOK(event)
	}
	f.expect(f.get(f.idToken(map[string]any{"identities": []any{map[string]any{"userId": "1"}}, "custom:none": nil})), passed())
	want := map[string]any{"claims": map[string]any{
		"iss": "https://cognito-idp.us-east-1.amazonaws.com/" + poolID, "sub": "7c9e6679", "aud": clientID, "token_use": "id",
		"auth_time": "1772442000", "iat": "Mon Mar 02 09:00:00 UTC 2026", "exp": "Mon Mar 02 10:00:00 UTC 2026",
		"email": "ana@example.com", "email_verified": "true", "cognito:username": "ana", "cognito:groups": "admins,writers",
		"identities": `{"userId":"1"}`,
	}}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
func TestUserPoolMayComeFromAStageVariable(t *testing.T) {
	f := cognitoAPI(t, authorizerProperties{ProviderARNs: []string{
		"arn:aws:cognito-idp:us-east-1:123456789012:userpool/${stageVariables.Pool}",
	}}, nil, nil)
	f.gateway.apis[f.api].stages["prod"].variables = map[string]string{"Pool": poolID}
	f.expect(f.get(f.idToken(nil)), passed())
}

func TestDecisionIsTheSameWithoutARecorder(t *testing.T) {
	for _, row := range cognitoRows() {
		t.Run(row.name, func(t *testing.T) {
			recorded, bare := cognitoAPI(t, row.authorizer, row.scopes, row.policy), cognitoAPI(t, row.authorizer, row.scopes, row.policy)
			with := recorded.get(row.token(recorded))
			request := getRequest(row.token(bare))
			request.URL = "https://" + bare.api + ".execute-api.us-east-1.amazonaws.com" + request.URL
			without, err := bare.gateway.Site().Serve(nil, request)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(with.HTTPResponse, without); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTokenIsReadFromTheIdentitySource(t *testing.T) {
	f := cognitoAPI(t, authorizerProperties{IdentitySource: "method.request.header.X-Token"}, nil, nil)
	f.expect(f.get(f.idToken(nil)), unauthorizedOutcome(RuleCognitoIdentitySource))
	request := getRequest("")
	request.Header = api.Header{"x-token": {f.idToken(nil)}}
	f.expect(f.send(request), passed())
}
