package apigateway

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
)

// apiKey is one AWS::ApiGateway::ApiKey.
type apiKey struct {
	id, value string
	enabled   bool
}

// usagePlan says what its keys may call, how fast and how often.
type usagePlan struct {
	id     string
	stages map[planStage]bool
	keys   map[string]bool
	// limit is each key's; methods are those for single methods of a stage, also
	// each key's.
	limit   rateLimit
	methods map[planMethod]rateLimit
	quota   quota
	// spent is what each key has used, by key id.
	spent map[string]spending
}

type planStage struct{ api, stage string }

// planMethod is one method of a stage, as PATH/VERB.
type planMethod struct {
	planStage
	method string
}

// quota is how many requests a key has in a period; period "" means no quota.
type quota struct {
	limit  int
	period string
}

// spending counts a key's requests in the period that began at since.
type spending struct {
	since time.Time
	count int
}

type usagePlanProperties struct {
	ApiStages []planStageProperties
	Quota     *struct {
		Limit  int
		Period string   `aws:"enum=DAY|WEEK|MONTH"`
		_      struct{} `unsimulated:"Offset"`
	}
	Throttle *throttleProperties
	_        struct{} `noeffect:"Description Tags UsagePlanName"`
}

type planStageProperties struct {
	ApiId string
	Stage string
	// Throttle is by PATH/VERB.
	Throttle map[string]throttleProperties
}

type usagePlanKeyProperties struct {
	KeyId       string `aws:"required"`
	KeyType     string `aws:"required,enum=API_KEY"`
	UsagePlanId string `aws:"required"`
}

// createAPIKey makes a key; a key that is not enabled opens nothing.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-apikey.html
func (g *Gateway) createAPIKey(_ cloudformation.Resource, p apiKeyProperties) (cloudformation.Created, error) {
	value := p.Value
	switch {
	case value == "":
		value = g.world.Token(apiKeyLength, api.Alphanumeric)
	case len(value) < 20:
		return cloudformation.Created{}, badRequest("API Key value should be at least 20 characters")
	case len(value) > 128:
		return cloudformation.Created{}, badRequest("API Key value should be at most 128 characters")
	}
	if _, taken := g.keyOf(value); taken {
		return cloudformation.Created{}, conflict("API Key already exists")
	}
	key := apiKey{id: g.newID(idLength), value: value, enabled: p.Enabled}
	g.apiKeys[key.id] = key
	return cloudformation.Created{Ref: key.id, Attributes: map[string]string{"APIKeyId": key.id}, Extra: map[string]string{"Value": value}}, nil
}

// keyOf finds the key with a value.
func (g *Gateway) keyOf(value string) (apiKey, bool) {
	for _, key := range g.apiKeys {
		if key.value == value {
			return key, true
		}
	}
	return apiKey{}, false
}

func (g *Gateway) createUsagePlan(_ cloudformation.Resource, p usagePlanProperties) (cloudformation.Created, error) {
	plan := &usagePlan{
		id: g.newID(shortID), stages: map[planStage]bool{}, keys: map[string]bool{}, spent: map[string]spending{},
		limit: newRateLimit(throttleProperties{}), methods: map[planMethod]rateLimit{},
	}
	for _, s := range p.ApiStages {
		a, err := g.findAPI(s.ApiId)
		if err != nil {
			return cloudformation.Created{}, err
		}
		if _, ok := a.stages[s.Stage]; !ok {
			return cloudformation.Created{}, notFound("API Stage not found: %s:%s", s.ApiId, s.Stage)
		}
		stage := planStage{api: s.ApiId, stage: s.Stage}
		plan.stages[stage] = true
		for method, throttle := range s.Throttle {
			plan.methods[planMethod{planStage: stage, method: method}] = newRateLimit(throttle)
		}
	}
	if p.Quota != nil {
		if p.Quota.Limit <= 0 || p.Quota.Period == "" {
			return cloudformation.Created{}, badRequest("Usage Plan quota requires a positive limit and a period")
		}
		plan.quota = quota{limit: p.Quota.Limit, period: p.Quota.Period}
	}
	if p.Throttle != nil {
		plan.limit = newRateLimit(*p.Throttle)
	}
	g.plans[plan.id] = plan
	return cloudformation.Created{Ref: plan.id, Attributes: map[string]string{"Id": plan.id}}, nil
}

// createUsagePlanKey puts a key into a plan. A key may be in many plans, but in
// one only for each stage.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
func (g *Gateway) createUsagePlanKey(_ cloudformation.Resource, p usagePlanKeyProperties) (cloudformation.Created, error) {
	plan, ok := g.plans[p.UsagePlanId]
	if !ok {
		return cloudformation.Created{}, notFound("Invalid Usage Plan ID specified")
	}
	if _, ok := g.apiKeys[p.KeyId]; !ok {
		return cloudformation.Created{}, notFound("Invalid API Key identifier specified")
	}
	for stage := range plan.stages {
		if other, taken := g.planOf(p.KeyId, stage); taken {
			return cloudformation.Created{}, conflict("API Key %s is already associated with usage plan %s for API stage %s:%s", p.KeyId, other.id, stage.api, stage.stage)
		}
	}
	plan.keys[p.KeyId] = true
	id := p.KeyId + ":" + plan.id
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"Id": id}}, nil
}

// planOf finds the plan that has both a key and a stage.
func (g *Gateway) planOf(key string, stage planStage) (*usagePlan, bool) {
	for _, id := range slices.Sorted(maps.Keys(g.plans)) {
		if plan := g.plans[id]; plan.keys[key] && plan.stages[stage] {
			return plan, true
		}
	}
	return nil, false
}

// meter is the first half of phase 7, for a method that requires an API key:
//
//  1. the key is there, known and enabled (403)
//  2. a usage plan has the key and this stage (403)
//  3. the plan's rate and burst, or those for this method, have room (429)
//  4. the plan's quota has room (429)
//
// The key comes from the header x-api-key or, with the key source AUTHORIZER,
// from the authorizer's usageIdentifierKey.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
func (c *call) meter() error {
	if !c.method.keyRequired {
		return nil
	}
	// 1
	key, known := c.keyOf(c.keyValue())
	if !c.span.Decide(RuleAPIKey, known && key.enabled, "an enabled API key in "+c.keySource(), c.keyText(key, known)) {
		return forbiddenKey()
	}
	// 2
	plan, planned := c.planOf(key.id, planStage{api: c.apiID, stage: c.stage.name})
	if !c.span.Decide(RuleUsagePlan, planned, "a usage plan with the key and the stage", planText(plan)) {
		return forbiddenKey()
	}
	now := c.world.Now()
	// 3
	limit, ok := plan.methods[planMethod{planStage: planStage{api: c.apiID, stage: c.stage.name}, method: c.resource.path + "/" + c.method.verb}]
	if !ok {
		limit = plan.limit
	}
	if left, ok := limit.draw(key.id, now); !c.span.Decide(RuleThrottle, ok, limit.String(), left) {
		return throttledRequest()
	}
	// 4
	if count, ok := plan.spend(key.id, now); !c.span.Decide(RuleQuota, ok, plan.quota.String(), fmt.Sprintf("request %d of the period", count)) {
		return &refusal{kind: quotaExceeded, message: "Limit Exceeded", exception: "LimitExceededException"}
	}
	return nil
}

func forbiddenKey() error {
	return &refusal{kind: invalidAPIKey, message: "Forbidden", exception: "ForbiddenException"}
}

func (c *call) keyValue() string {
	if c.stage.deployment.keyFromAuthorizer {
		return c.caller.answer.usageKey
	}
	return c.request.Header.Get("x-api-key")
}

func (c *call) keySource() string {
	if c.stage.deployment.keyFromAuthorizer {
		return "usageIdentifierKey"
	}
	return "the header x-api-key"
}

func (c *call) keyText(key apiKey, known bool) string {
	switch {
	case c.keyValue() == "":
		return "none"
	case !known:
		return "an unknown key"
	case !key.enabled:
		return "key " + key.id + ", not enabled"
	}
	return "key " + key.id
}

func planText(plan *usagePlan) string {
	if plan == nil {
		return "none"
	}
	return "usage plan " + plan.id
}

// spend counts a request against the key's quota.
func (p *usagePlan) spend(key string, now time.Time) (count int, ok bool) {
	s, begun := p.spent[key], p.quota.begin(now)
	if !s.since.Equal(begun) {
		s = spending{since: begun}
	}
	s.count++
	p.spent[key] = s
	return s.count, p.quota.period == "" || s.count <= p.quota.limit
}

// begin is when the period of a time began: midnight, the Sunday before, or the
// first of the month, in UTC. AWS does not document where its periods begin.
func (q quota) begin(now time.Time) time.Time {
	day := now.UTC().Truncate(24 * time.Hour)
	switch q.period {
	case "WEEK":
		return day.AddDate(0, 0, -int(day.Weekday()))
	case "MONTH":
		return day.AddDate(0, 0, 1-day.Day())
	}
	return day
}

// String says the quota in words.
func (q quota) String() string {
	if q.period == "" {
		return "no quota"
	}
	return fmt.Sprintf("at most %d requests a %s", q.limit, q.period)
}
