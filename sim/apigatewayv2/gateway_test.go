package apigatewayv2

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

const (
	pageJWT     = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html"
	pageTrouble = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html"
)

type row struct {
	name, source string
	scopes       []string
	// token makes the Authorization header.
	token  func(t *testing.T) string
	status int
	// challenge is how www-authenticate begins, "" for none.
	challenge string
	rule      trace.RuleID
}

func with(changes map[string]any) func(*testing.T) string {
	return func(t *testing.T) string { return "Bearer " + token(t, changes, poolKey()) }
}

func rows() []row {
	const invalid = `Bearer scope="" error="invalid_token" error_description="`
	later := time.Date(2026, time.March, 2, 9, 1, 0, 0, time.UTC).Unix()
	idToken := map[string]any{"client_id": nil, "scope": nil, "aud": client, "token_use": "id"}
	return []row{
		{name: "an access token", source: pageJWT, token: with(nil), status: 200},
		{name: "an ID token, token_use is not looked at", source: pageJWT, token: with(idToken), status: 200},
		{name: "a token without Bearer", source: pageJWT, token: func(t *testing.T) string { return token(t, nil, poolKey()) }, status: 200},
		{name: "no token", source: pageTrouble, token: func(*testing.T) string { return "" }, status: 401, challenge: "Bearer", rule: RuleIdentitySource},
		{name: "not a JWT", source: pageTrouble, token: func(*testing.T) string { return "Bearer not-a-token" }, status: 401,
			challenge: invalid + `token contains an invalid number of segments"`, rule: RuleDecode},
		{name: "audience of another client", source: pageTrouble, token: with(map[string]any{"client_id": "other"}), status: 401,
			challenge: invalid + `the token does not have a valid audience"`, rule: RuleAudience},
		{name: "aud counts where both are there", source: pageJWT, token: with(map[string]any{"aud": "other"}), status: 401, challenge: invalid, rule: RuleAudience},
		{name: "neither aud nor client_id", source: pageJWT, token: with(map[string]any{"client_id": nil}), status: 401, challenge: invalid, rule: RuleAudience},
		{name: "another issuer", source: pageTrouble, token: with(map[string]any{"iss": issuer + "/"}), status: 401, challenge: invalid, rule: RuleIssuer},
		{name: "expired", source: pageJWT, token: with(map[string]any{"exp": later - 60}), status: 401, challenge: invalid, rule: RuleExpiry},
		{name: "without exp", source: pageJWT, token: with(map[string]any{"exp": nil}), status: 401, challenge: invalid, rule: RuleExpiry},
		{name: "issued later", source: pageJWT, token: with(map[string]any{"iat": later}), status: 401, challenge: invalid, rule: RuleNotBefore},
		{name: "valid later", source: pageJWT, token: with(map[string]any{"nbf": later}), status: 401, challenge: invalid, rule: RuleNotBefore},
		{name: "another key", source: pageJWT, token: func(t *testing.T) string { return token(t, nil, strangeKey()) }, status: 401, challenge: invalid, rule: RuleSignature},
		{name: "an unknown kid", source: pageJWT, token: func(t *testing.T) string { return token(t, nil, jwt.DevelopmentKey(0, "unknown", jwt.RS256)) },
			status: 401, challenge: invalid, rule: RuleSignature},
		{name: "no algorithm", source: pageJWT, token: unsigned, status: 401, challenge: invalid, rule: RuleAlgorithm},
		{name: "one of the route's scopes", source: pageJWT, scopes: []string{"tasks/write", "tasks/read"}, token: with(nil), status: 200},
		{name: "a scope in scp", source: pageJWT, scopes: []string{"tasks/write"}, token: with(map[string]any{"scp": []any{"tasks/write"}}), status: 200},
		{name: "none of the route's scopes", source: pageJWT, scopes: []string{"tasks/write"}, token: with(nil), status: 403,
			challenge: `Bearer scope="tasks/write" error="insufficient_scope"`, rule: RuleScopes},
		{name: "an ID token where scopes are asked for", source: pageJWT, scopes: []string{"tasks/read"}, token: with(idToken), status: 403,
			challenge: `Bearer scope="tasks/read" error="insufficient_scope"`, rule: RuleScopes},
	}
}

// unsigned is a token with alg none and an empty signature.
func unsigned(t *testing.T) string {
	parts := strings.Split(token(t, nil, poolKey()), ".")
	return "eyJhbGciOiJub25lIn0." + parts[1] + "."
}

// TestJWTAuthorizerOutcomes is the outcome table of JWT authorizers.
func TestJWTAuthorizerOutcomes(t *testing.T) {
	for _, r := range rows() {
		t.Run(r.name, func(t *testing.T) {
			got := open(t, r.scopes...).get("/tasks", r.token(t))
			challenge := got.Header.Get("www-authenticate")
			if got.Status != r.status || got.decider() != r.rule || !strings.HasPrefix(challenge, r.challenge) || (r.challenge == "") != (challenge == "") {
				t.Errorf("%s: status %d by %q, www-authenticate %s", r.source, got.Status, got.decider(), challenge)
			}
			if body := map[int]string{200: "[]", 401: `{"message":"Unauthorized"}`, 403: `{"message":"Forbidden"}`}[r.status]; got.Body != body {
				t.Errorf("the body is %s, want %s", got.Body, body)
			}
		})
	}
}

func TestKeysAreKeptForTwoHours(t *testing.T) {
	a := open(t)
	long := map[string]any{"exp": a.world.Clock.Add(24 * time.Hour).Unix()}
	for _, step := range []struct {
		wait time.Duration
		sent int
	}{{0, 2}, {119 * time.Minute, 2}, {time.Minute, 4}} {
		a.world.Clock = a.world.Clock.Add(step.wait)
		if got := a.get("/tasks", token(t, long, poolKey())); got.Status != 200 || a.sent != step.sent {
			t.Errorf("after %s: status %d, %d look-ups, want %d", step.wait, got.Status, a.sent, step.sent)
		}
	}
}

func TestAnIssuerWithoutKeysRefusesEveryToken(t *testing.T) {
	good := open(t).keys
	for name, keys := range map[string]string{"no key set": "nothing", "a key set of more than 150,000 bytes": good + strings.Repeat(" ", 150_000)} {
		a := open(t)
		a.keys = keys
		if got := a.get("/tasks", token(t, nil, poolKey())); got.Status != 401 || got.decider() != RuleKeys {
			t.Errorf("%s: status %d by %q", name, got.Status, got.decider())
		}
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
func TestTheMostSpecificRouteWins(t *testing.T) {
	keys := []string{"$default", "ANY /{proxy+}", "GET /pets/{proxy+}", "GET /pets/{id}", "GET /pets/dog/1", "ANY /pets/{id}"}
	tests := map[string]struct{ method, path, want string }{
		"in full":                {"GET", "/pets/dog/1", "GET /pets/dog/1"},
		"a variable":             {"GET", "/pets/7", "GET /pets/{id}"},
		"any method":             {"POST", "/pets/7", "ANY /pets/{id}"},
		"greedy":                 {"GET", "/pets/dog/2", "GET /pets/{proxy+}"},
		"greedy at the root":     {"POST", "/pets/dog/2", "ANY /{proxy+}"},
		"nothing else":           {"GET", "/", "$default"},
		"a slash at the end":     {"GET", "/pets/7/", "GET /pets/{id}"},
		"greedy needs a segment": {"GET", "/pets", "ANY /{proxy+}"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			best, chosen := -1, ""
			for _, key := range keys {
				if score, _ := match(key, test.method, test.path); score > best {
					best, chosen = score, key
				}
			}
			if chosen != test.want {
				t.Errorf("%s %s takes %q, want %q", test.method, test.path, chosen, test.want)
			}
		})
	}
}

func TestWhatNoRouteTakesIsNotFound(t *testing.T) {
	if got := open(t).get("/nowhere", ""); got.Status != 404 || got.Body != `{"message":"Not Found"}` || got.decider() != RuleRoute {
		t.Errorf("status %d, %s, by %q", got.Status, got.Body, got.decider())
	}
}

func TestAStageServesItsDeployment(t *testing.T) {
	a := open(t)
	a.done(a.gateway.createStage(cloudformation.Resource{}, stageProperties{ApiId: a.api, StageName: "test"}))
	if got := a.get("/test/public", ""); got.Status != 404 || got.decider() != RuleStage {
		t.Errorf("without a deployment: status %d by %q", got.Status, got.decider())
	}
	a.done(a.gateway.createDeployment(cloudformation.Resource{}, deploymentProperties{ApiId: a.api, StageName: "test"}))
	if got := a.get("/test/public", ""); got.Status != 200 {
		t.Errorf("with a deployment: status %d by %q", got.Status, got.decider())
	}
	integration := slices.Sorted(maps.Keys(a.gateway.apis[a.api].draft.integrations))[0]
	a.route(routeProperties{RouteKey: "GET /new", Target: "integrations/" + integration})
	if got := a.get("/test/new", ""); got.Status != 404 {
		t.Errorf("a later route without a deployment: status %d", got.Status)
	}
	if got := a.get("/new", ""); got.Status != 200 {
		t.Errorf("a later route on a stage with AutoDeploy: status %d", got.Status)
	}
}

// https://github.com/DefinitelyTyped/DefinitelyTyped/pull/75458
func TestClaimsReachTheFunctionAsText(t *testing.T) {
	for name, test := range map[string]struct {
		scopes []string
		want   any
	}{"a route without scopes": {nil, nil}, "a route with scopes": {[]string{"tasks/read"}, []any{"tasks/read"}}} {
		a := open(t, test.scopes...)
		a.get("/tasks?a=1&a=2", "Bearer "+token(t, map[string]any{
			"cognito:groups": []any{"admin", "poweruser"}, "verified": true, "nothing": nil, "address": map[string]any{"country": "PT"},
		}, poolKey()))
		context, _ := a.events[function]["requestContext"].(map[string]any)
		authorizer, _ := context["authorizer"].(map[string]any)
		got, _ := authorizer["jwt"].(map[string]any)
		claims, _ := got["claims"].(map[string]any)
		if claims["cognito:groups"] != "[admin poweruser]" || claims["verified"] != "true" || claims["exp"] != "1772445600" || claims["address"] != `{"country":"PT"}` {
			t.Errorf("%s: claims are %v", name, claims)
		}
		if value, ok := claims["nothing"]; ok {
			t.Errorf("%s: a claim without a value is %v", name, value)
		}
		if diff := cmp.Diff(test.want, got["scopes"]); diff != "" {
			t.Errorf("%s: scopes (-want +got):\n%s", name, diff)
		}
		if a.events[function]["version"] != "2.0" || a.events[function]["routeKey"] != "GET /tasks" || a.events[function]["rawPath"] != "/tasks" {
			t.Errorf("%s: the event is %v", name, a.events[function])
		}
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func TestWhatAFunctionReturnsBecomesTheResponse(t *testing.T) {
	tests := map[string]struct {
		result any
		failed bool
		status int
		body   string
	}{
		"a response":         {map[string]any{"statusCode": 201, "body": "made"}, false, 201, "made"},
		"anything else":      {map[string]any{"tasks": []any{}}, false, 200, `{"tasks":[]}`},
		"text":               {"hello", false, 200, `"hello"`},
		"an error":           {map[string]any{"errorMessage": "no"}, true, 500, `{"message":"Internal Server Error"}`},
		"statusCode as text": {map[string]any{"statusCode": "201"}, false, 200, `{"statusCode":"201"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := open(t)
			a.functions[function] = func(map[string]any) (any, bool) { return test.result, test.failed }
			if got := a.get("/public", ""); got.Status != test.status || got.Body != test.body {
				t.Errorf("status %d, body %s", got.Status, got.Body)
			}
		})
	}
}

func TestWhatAWSRefusesAtCreationIsARefusal(t *testing.T) {
	a := open(t)
	g, none := a.gateway, cloudformation.Resource{}
	for name, err := range map[string]error{
		"an unknown API":              second(g.createRoute(none, routeProperties{ApiId: "nothing", RouteKey: "GET /a"})),
		"a malformed route key":       second(g.createRoute(none, routeProperties{ApiId: a.api, RouteKey: "/a"})),
		"a route twice":               second(g.createRoute(none, routeProperties{ApiId: a.api, RouteKey: "GET /tasks"})),
		"JWT without an authorizer":   second(g.createRoute(none, routeProperties{ApiId: a.api, RouteKey: "GET /a", AuthorizationType: "JWT"})),
		"scopes without JWT":          second(g.createRoute(none, routeProperties{ApiId: a.api, RouteKey: "GET /a", AuthorizationScopes: []string{"x"}})),
		"a target that is not there":  second(g.createRoute(none, routeProperties{ApiId: a.api, RouteKey: "GET /a", Target: "integrations/none"})),
		"an authorizer without JWT":   second(g.createAuthorizer(none, authorizerProperties{ApiId: a.api, AuthorizerType: "JWT"})),
		"an API without a protocol":   second(g.createAPI(none, apiProperties{Name: "x"})),
		"a deployment to no stage":    second(g.createDeployment(none, deploymentProperties{ApiId: a.api, StageName: "none"})),
		"a stage of an unknown API":   second(g.createStage(none, stageProperties{ApiId: "nothing"})),
		"an integration for nothing":  second(g.createIntegration(none, integrationProperties{ApiId: "nothing"})),
		"an authorizer of no API":     second(g.createAuthorizer(none, authorizerProperties{ApiId: "nothing"})),
		"a deployment of unknown API": second(g.createDeployment(none, deploymentProperties{ApiId: "nothing"})),
	} {
		var refusal *awserr.Error
		if !errors.As(err, &refusal) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
func TestAnAPIHasOnlySoMuchOfEverything(t *testing.T) {
	a := newAccount(t)
	if err := a.deploy("\n  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: tasks, ProtocolType: HTTP}}\n"); err != nil {
		t.Fatal(err)
	}
	id := slices.Collect(maps.Keys(a.gateway.apis))[0]
	many := func(count int) []string { return slices.Repeat([]string{"x"}, count) }
	trusting := func(audiences int) (string, error) {
		made, err := a.gateway.createAuthorizer(cloudformation.Resource{}, authorizerProperties{
			ApiId: id, Name: "x", AuthorizerType: "JWT", IdentitySource: []string{"$request.header.Authorization"},
			JwtConfiguration: &jwtProperties{Issuer: issuer, Audience: many(audiences)},
		})
		return made.Ref, err
	}
	authorizer, err := trusting(50)
	if err != nil {
		t.Fatalf("50 audiences: %v", err)
	}
	scoped := func(count int) error {
		return a.gateway.apis[id].draft.checkRoute(route{key: "GET /x", authorization: "JWT", authorizer: authorizer, scopes: many(count)})
	}
	if err := scoped(10); err != nil {
		t.Errorf("10 scopes: %v", err)
	}
	_, tooMany := trusting(51)
	for range 9 {
		if _, err := trusting(1); err != nil {
			t.Fatalf("ten authorizers: %v", err)
		}
	}
	_, eleventh := trusting(1)
	for name, err := range map[string]error{"11 scopes": scoped(11), "51 audiences": tooMany, "an eleventh authorizer": eleventh} {
		var refusal *awserr.Error
		if !errors.As(err, &refusal) || refusal.Code != "BadRequestException" {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestWhatIsNotSimulatedIsNoRefusal(t *testing.T) {
	a := open(t)
	g, none := a.gateway, cloudformation.Resource{}
	for name, err := range map[string]error{
		"WebSocket":                  second(g.createAPI(none, apiProperties{Name: "x", ProtocolType: "WEBSOCKET"})),
		"an unknown identity source": second(g.createAuthorizer(none, authorizerProperties{ApiId: a.api, AuthorizerType: "REQUEST", IdentitySource: []string{"$request.body"}})),
		"an unknown mapped value":    second(g.createIntegration(none, integrationProperties{ApiId: a.api, IntegrationType: "HTTP_PROXY", IntegrationMethod: "GET", IntegrationUri: "https://backend.example.com", RequestParameters: map[string]string{"append:header.x": "$request.body"}})),
	} {
		var refusal *awserr.Error
		if err == nil || errors.As(err, &refusal) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func second(_ cloudformation.Created, err error) error { return err }
