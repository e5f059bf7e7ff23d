package apigatewayv2

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"claimcheck/sim/api"
)

// authorizerPatience is how long API Gateway waits for an authorizer.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
const authorizerPatience = 10 * time.Second

// lambdaAuthorizer is the authorization type CUSTOM. It makes these checks:
//
//  1. every identity source is there and not empty (401)
//  2. an answer for the identity is in the cache; if so 3 to 5 are left out
//  3. API Gateway may invoke the function (500)
//  4. the function returns in time; the error "Unauthorized" is 401, any other 500
//  5. what it returns has the form that the authorizer is set to (500)
//  6. the answer lets the request in (403): isAuthorized is true, or the policy
//     allows execute-api:Invoke on this route
//
// A cached policy is evaluated anew for each route; a cached isAuthorized is the
// same for all of them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
type lambdaAuthorizer struct{}

func (lambdaAuthorizer) admit(c *call) error {
	a := c.definition.authorizers[c.route.authorizer]
	// 1
	identities, err := c.identities(a)
	if err != nil {
		return err
	}
	key := answerKey{api: c.api.id, stage: c.stage.name, authorizer: a.id, identity: strings.Join(identities, "\x00")}
	// 2
	cached, ok := c.recall(key, a)
	if !ok {
		// 3 and 4
		payload, err := c.ask(a, identities)
		if err != nil {
			return err
		}
		// 5
		if cached, err = c.readAnswer(a, payload); err != nil {
			return err
		}
		if a.ttl > 0 {
			c.answers[key] = cachedAnswer{answer: cached, since: c.world.Now()}
		}
	}
	c.caller.answer = cached
	// 6
	return c.follow(cached)
}

// identities makes check 1 and returns the values of the identity sources.
func (c *call) identities(a authorizer) ([]string, error) {
	values := make([]string, len(a.sources))
	for i, source := range a.sources {
		values[i] = source.read(c)
		found := quoteShort(values[i])
		if values[i] == "" {
			found = "nothing"
		}
		if !c.span.Decide(RuleLambdaIdentitySource, values[i] != "", "a value in "+source.String(), found) {
			return nil, &refusal{status: 401}
		}
	}
	return values, nil
}

// answerKey is what a cached answer belongs to: the identity, not the route.
type answerKey struct{ api, stage, authorizer, identity string }

type cachedAnswer struct {
	answer answer
	since  time.Time
}

// recall makes check 2.
func (c *call) recall(key answerKey, a authorizer) (answer, bool) {
	if a.ttl == 0 {
		c.span.Note(RuleLambdaCache, false, "a cached answer for this identity", "caching is off")
		return answer{}, false
	}
	cached, ok := c.answers[key]
	age := c.world.Now().Sub(cached.since)
	found := "none"
	if ok {
		found = fmt.Sprintf("an answer %s old, TTL %s", age, a.ttl)
	}
	return cached.answer, c.span.Note(RuleLambdaCache, ok && age < a.ttl, "a cached answer for this identity", found)
}

// ask makes checks 3 and 4 and returns what the function returned.
func (c *call) ask(a authorizer, identities []string) (string, error) {
	var event any = c.authorizerEvent2(identities)
	if a.payload == "1.0" {
		event = c.authorizerEvent1(identities)
	}
	result, err := c.invoke(functionCall{uri: a.uri, source: c.executeARN("authorizers/" + a.id), role: a.role, event: event, patience: authorizerPatience})
	if err != nil {
		return "", err
	}
	// 3
	if !c.span.Decide(RuleLambdaPermission, result.Refused == "", "API Gateway may invoke the authorizer", result.Permission()) {
		return "", &refusal{status: 500}
	}
	// 4
	if !c.span.Decide(RuleLambdaUnauthorized, result.Message() != "Unauthorized", `the error is not "Unauthorized"`, ended(result)) {
		return "", &refusal{status: 401}
	}
	if !c.span.Decide(RuleLambdaError, !result.Errored && !result.Late, "the function returns within 10 seconds", ended(result)) {
		return "", &refusal{status: 500}
	}
	return result.Payload, nil
}

// answer is what a Lambda authorizer returned.
type answer struct {
	principalID string
	// policy is nil in a simple response.
	policy any
	// allowed is isAuthorized.
	allowed bool
	context map[string]any
}

// readAnswer makes check 5.
func (c *call) readAnswer(a authorizer, payload string) (answer, error) {
	var output struct {
		IsAuthorized   *bool          `json:"isAuthorized"`
		PrincipalID    string         `json:"principalId"`
		PolicyDocument map[string]any `json:"policyDocument"`
		Context        map[string]any `json:"context"`
	}
	wanted, fault := "principalId and policyDocument", ""
	if a.simple {
		wanted = "isAuthorized, as EnableSimpleResponses is on"
	}
	switch err := json.Unmarshal([]byte(payload), &output); {
	case err != nil:
		fault = "not such an object"
	case a.simple && output.IsAuthorized == nil:
		fault = "no isAuthorized"
	case !a.simple && output.PolicyDocument == nil:
		fault = policyMissing(output.IsAuthorized != nil)
	case !a.simple && output.PrincipalID == "":
		fault = "no principalId"
	case a.payload == "1.0" && output.Context["claims"] != nil:
		fault = "the reserved key claims in context"
	case !a.simple:
		fault = c.policyFault(output.PolicyDocument)
	}
	if !c.span.Decide(RuleLambdaOutput, fault == "", wanted, cmp.Or(fault, "just that")) {
		return answer{}, &refusal{status: 500}
	}
	if a.simple {
		return answer{allowed: *output.IsAuthorized, context: output.Context}, nil
	}
	return answer{principalID: output.PrincipalID, policy: output.PolicyDocument, context: output.Context}, nil
}

func policyMissing(simple bool) string {
	if simple {
		return "isAuthorized, but EnableSimpleResponses is off"
	}
	return "no policyDocument"
}

// policyFault says why a document is not a policy, "" when it is one.
func (c *call) policyFault(document map[string]any) string {
	if _, err := c.access.EvaluateDocument(nil, document, actionInvoke, c.arn(), c.conditionKeys()); err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n")
		return "not a policy: " + reason
	}
	return ""
}

// follow makes check 6.
func (c *call) follow(a answer) error {
	wanted, found, allowed := "isAuthorized is true", strconv.FormatBool(a.allowed), a.allowed
	if a.policy != nil {
		decision, err := c.access.EvaluateDocument(c.span, a.policy, actionInvoke, c.arn(), c.conditionKeys())
		if err != nil {
			return err
		}
		wanted, found, allowed = "the policy allows "+c.request.Method+" "+c.rest, verdict(decision), decision.Allowed
	}
	if !c.span.Decide(RuleLambdaAnswer, allowed, wanted, found) {
		return &refusal{status: 403}
	}
	return nil
}

// verdict names a decision as a learner meets it.
func verdict(d api.Decision) string {
	switch {
	case d.Allowed:
		return "allow"
	case d.Explicit:
		return "explicit deny"
	}
	return "no statement allows it (implicit deny)"
}

// quoteShort quotes what was sent, cut to fit a table.
func quoteShort(text string) string {
	const most = 32
	if len(text) <= most {
		return strconv.Quote(text)
	}
	end := most
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return strconv.Quote(text[:end]) + "…"
}
