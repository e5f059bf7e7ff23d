package apigateway

import (
	"errors"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

const keyText = "Kx3mPq7vT9wZ2bN5cR8dF4gH"

// metered is GET /tasks, open but for an API key, with one enabled key.
func metered(t *testing.T) (f *fixture, key string) {
	t.Helper()
	f = newFixture(t)
	f.define(nil)
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks"), ApiKeyRequired: true})
	f.deploy()
	return f, done(t)(f.gateway.createAPIKey(cloudformation.Resource{}, apiKeyProperties{Enabled: true, Value: keyText})).Ref
}

type planChange func(*usagePlanProperties)

func (f *fixture) plan(key string, changes ...planChange) string {
	f.t.Helper()
	p := usagePlanProperties{}
	p.ApiStages = []planStageProperties{{ApiId: f.api, Stage: "prod"}}
	for _, change := range changes {
		change(&p)
	}
	plan := done(f.t)(f.gateway.createUsagePlan(cloudformation.Resource{}, p)).Ref
	done(f.t)(f.gateway.createUsagePlanKey(cloudformation.Resource{}, usagePlanKeyProperties{KeyId: key, KeyType: "API_KEY", UsagePlanId: plan}))
	return plan
}

func withQuota(limit int, period string) planChange {
	return func(p *usagePlanProperties) {
		p.Quota = &struct {
			Limit  int
			Period string   `aws:"enum=DAY|WEEK|MONTH"`
			_      struct{} `unsimulated:"Offset"`
		}{Limit: limit, Period: period}
	}
}

func withThrottle(burst int, rate float64) planChange {
	return func(p *usagePlanProperties) {
		p.Throttle = &throttleProperties{BurstLimit: burst, RateLimit: rate}
	}
}

func (f *fixture) getWithKey(value string) reply {
	request := api.HTTPRequest{From: sender, Method: "GET", URL: "/prod/tasks", Header: api.Header{}, SourceIP: "203.0.113.9"}
	if value != "" {
		request.Header.Set("X-API-Key", value)
	}
	return f.send(request)
}

func keyRefused(rule trace.RuleID) outcome {
	return outcome{status: 403, body: `{"message":"Forbidden"}`, errorType: "ForbiddenException", rule: rule}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
func TestAMethodThatRequiresAKeyWantsAnEnabledOneInAPlanOfTheStage(t *testing.T) {
	f, key := metered(t)
	f.expect(f.getWithKey(""), keyRefused(RuleAPIKey))
	f.expect(f.getWithKey("unknown"), keyRefused(RuleAPIKey))
	f.expect(f.getWithKey(keyText), keyRefused(RuleUsagePlan))
	f.plan(key)
	f.expect(f.getWithKey(keyText), passed())
	disabled := done(t)(f.gateway.createAPIKey(cloudformation.Resource{}, apiKeyProperties{})).Extra["Value"]
	f.expect(f.getWithKey(disabled), keyRefused(RuleAPIKey))
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
func TestAKeyIsIgnoredWhereNoneIsRequired(t *testing.T) {
	f := newFixture(t)
	f.define(nil)
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks")})
	f.deploy()
	f.expect(f.getWithKey("unknown"), passed())
}

// A bad token and a bad key together are 401: the authorizer comes first.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
func TestTheAuthorizerComesBeforeTheKey(t *testing.T) {
	f := newFixture(t)
	f.define(nil)
	f.doors.functions[checker] = throwing("Unauthorized")
	id := f.authorizer(authorizerProperties{Type: "TOKEN", AuthorizerUri: functionURI(checker)})
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks"), AuthorizationType: "CUSTOM", AuthorizerId: id, ApiKeyRequired: true})
	f.deploy()
	f.expect(f.get("x"), unauthorizedOutcome(RuleLambdaUnauthorized))
	f.doors.functions[checker] = answering("Allow")
	f.expect(f.get("x"), keyRefused(RuleAPIKey))
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
func TestTheAuthorizerMayBringTheKey(t *testing.T) {
	f := newFixture(t)
	created := done(t)(f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Name: "tasks", ApiKeySourceType: "AUTHORIZER"}))
	f.api, f.root = created.Ref, created.Attributes["RootResourceId"]
	f.doors.functions[checker] = func(event map[string]any) (any, string) {
		return map[string]any{"principalId": "ana", "usageIdentifierKey": event["authorizationToken"], "policyDocument": policy("Allow", "*")}, ""
	}
	id := f.authorizer(authorizerProperties{Type: "TOKEN", AuthorizerUri: functionURI(checker)})
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks"), AuthorizationType: "CUSTOM", AuthorizerId: id, ApiKeyRequired: true})
	f.deploy()
	f.plan(done(t)(f.gateway.createAPIKey(cloudformation.Resource{}, apiKeyProperties{Enabled: true, Value: keyText})).Ref)
	f.expect(f.get(keyText), passed())
	f.expect(f.get("another key altogether"), keyRefused(RuleAPIKey))
	f.expect(f.getWithKey(keyText), unauthorizedOutcome(RuleLambdaIdentitySource))
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
func TestABurstIsUsedUpAndComesBackAtTheRate(t *testing.T) {
	f, key := metered(t)
	f.plan(key, withThrottle(2, 0.5))
	slow := outcome{status: 429, body: `{"message":"Too Many Requests"}`, errorType: "TooManyRequestsException", rule: RuleThrottle}
	for _, step := range []struct {
		wait time.Duration
		want outcome
	}{{0, passed()}, {0, passed()}, {0, slow}, {time.Second, slow}, {time.Second, passed()}, {time.Hour, passed()}, {0, passed()}, {0, slow}} {
		f.world.Clock = f.world.Clock.Add(step.wait)
		f.expect(f.getWithKey(keyText), step.want)
	}
}

func TestAQuotaIsSpentUntilThePeriodEnds(t *testing.T) {
	spent := outcome{status: 429, body: `{"message":"Limit Exceeded"}`, errorType: "LimitExceededException", rule: RuleQuota}
	// Tests begin on Monday, 2 March 2026, at nine.
	for period, next := range map[string]time.Duration{"DAY": 15 * time.Hour, "WEEK": 5*24*time.Hour + 15*time.Hour, "MONTH": 29*24*time.Hour + 15*time.Hour} {
		f, key := metered(t)
		f.plan(key, withQuota(2, period))
		f.expect(f.getWithKey(keyText), passed())
		f.expect(f.getWithKey(keyText), passed())
		f.expect(f.getWithKey(keyText), spent)
		f.world.Clock = f.world.Clock.Add(next - time.Second)
		f.expect(f.getWithKey(keyText), spent)
		f.world.Clock = f.world.Clock.Add(time.Second)
		f.expect(f.getWithKey(keyText), passed())
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
func TestAKeyOpensEveryStageOfItsPlanForOneQuota(t *testing.T) {
	f, key := metered(t)
	first := f.api
	f.define(nil)
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks"), ApiKeyRequired: true})
	f.deploy()
	f.plan(key, withQuota(2, "DAY"), func(p *usagePlanProperties) {
		p.ApiStages = append(p.ApiStages, planStageProperties{ApiId: first, Stage: "prod"})
	})
	f.expect(f.getWithKey(keyText), passed())
	second := f.api
	f.api = first
	f.expect(f.getWithKey(keyText), passed())
	f.api = second
	f.expect(f.getWithKey(keyText), outcome{status: 429, body: `{"message":"Limit Exceeded"}`, errorType: "LimitExceededException", rule: RuleQuota})
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
func TestWhatIsWrongWithAPlanIsARefusal(t *testing.T) {
	f, key := metered(t)
	plan := f.plan(key)
	g, none := f.gateway, cloudformation.Resource{}
	create := func(change planChange) error {
		p := usagePlanProperties{}
		change(&p)
		_, err := g.createUsagePlan(none, p)
		return err
	}
	_, unknownPlan := g.createUsagePlanKey(none, usagePlanKeyProperties{KeyId: key, UsagePlanId: "none"})
	_, unknownKey := g.createUsagePlanKey(none, usagePlanKeyProperties{KeyId: "none", UsagePlanId: plan})
	_, secondPlan := g.createUsagePlanKey(none, usagePlanKeyProperties{KeyId: key, UsagePlanId: plan})
	for name, err := range map[string]error{
		"a quota of nothing":       create(withQuota(0, "DAY")),
		"a quota without a period": create(withQuota(5, "")),
		"an unknown plan":          unknownPlan,
		"an unknown key":           unknownKey,
		"two plans for one stage":  secondPlan,
	} {
		var refusal *awserr.Error
		if !errors.As(err, &refusal) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
func TestALimitForAMethodComesBeforeThePlans(t *testing.T) {
	f, key := metered(t)
	f.plan(key, withThrottle(5, 1), func(p *usagePlanProperties) {
		p.ApiStages[0].Throttle = map[string]throttleProperties{"/tasks/GET": {BurstLimit: 1, RateLimit: 1}}
	})
	f.expect(f.getWithKey(keyText), passed())
	f.expect(f.getWithKey(keyText), tooMany(RuleThrottle))
}

func tooMany(rule trace.RuleID) outcome {
	return outcome{status: 429, body: `{"message":"Too Many Requests"}`, errorType: "TooManyRequestsException", rule: rule}
}

// staged is openAPI with a stage of its own, test.
func staged(t *testing.T, change func(*stageProperties)) *fixture {
	t.Helper()
	f := openAPI(t, nil)
	done(t)(newStage(func(_ *fixture, p *stageProperties) {
		p.StageName = "test"
		change(p)
	})(f))
	return f
}

func (f *fixture) getFrom(path string) reply {
	request := getRequest("")
	request.URL = path
	return f.send(request)
}

func throttledStage(t *testing.T) *fixture {
	return staged(t, func(p *stageProperties) {
		p.MethodSettings = []methodSetting{
			{HttpMethod: "*", ResourcePath: "/*", ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1},
			{HttpMethod: "GET", ResourcePath: "/~1tasks", ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1},
		}
	})
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigateway-stage-methodsetting.html
func TestAStageLimitsItsMethodsForAllCallersTogether(t *testing.T) {
	f := throttledStage(t)
	f.expect(f.getFrom("/test/tasks"), passed())
	f.expect(f.getFrom("/test/tasks"), tooMany(RuleStageThrottle))
	f.expect(f.getFrom("/test/tasks/7"), passed())
	f.expect(f.getFrom("/test/tasks/7"), passed())
	f.expect(f.getFrom("/test/tasks/8"), tooMany(RuleStageThrottle))
	f.expect(f.getFrom("/prod/tasks"), passed())
	f.world.Clock = f.world.Clock.Add(time.Second)
	f.expect(f.getFrom("/test/tasks"), passed())
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
func TestACanaryTakesItsShareWithVariablesOfItsOwn(t *testing.T) {
	f := openAPI(t, nil)
	f.method(methodProperties{ResourceId: f.resource(f.root, "late")})
	trial := done(t)(f.gateway.createDeployment(cloudformation.Resource{}, deploymentProperties{RestApiId: f.api})).Ref
	done(t)(newStage(func(_ *fixture, p *stageProperties) {
		p.StageName, p.Variables = "test", map[string]string{"env": "old", "kept": "yes"}
		p.CanarySetting = &canarySetting{DeploymentId: trial, PercentTraffic: 25, StageVariableOverrides: map[string]string{"env": "new"}}
	})(f))
	var seen []any
	f.doors.functions[function] = func(event map[string]any) (any, string) {
		seen = append(seen, event["stageVariables"])
		return answerOK(event)
	}
	for i := range 8 {
		if got, canary := f.getFrom("/test/late").Status, i%4 == 3; (got == 200) != canary {
			t.Errorf("request %d is answered %d", i+1, got)
		}
	}
	if len(seen) != 2 || seen[0].(map[string]any)["env"] != "new" || seen[0].(map[string]any)["kept"] != "yes" {
		t.Errorf("the canary has %v", seen)
	}
}
