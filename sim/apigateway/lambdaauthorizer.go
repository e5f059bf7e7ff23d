package apigateway

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
)

// lambdaAuthorizer is the authorization type CUSTOM, with an authorizer of type
// TOKEN or REQUEST. Its phase 5 makes these checks; what fails one of them never
// gets as far as a policy:
//
//  1. the identity sources, for TOKEN one header, are there and not empty (401)
//  2. the token matches the validation expression, TOKEN only (401)
//  3. an answer for the identity is in the cache; if so 4 to 6 are left out
//  4. API Gateway may invoke the function (500)
//  5. the function returns; the error "Unauthorized" is 401, any other 500
//  6. what it returns is a principalId, a policy and a flat context (500)
//
// Only answers are cached, errors are not. The policy in a cached answer is
// evaluated anew in phase 6, against the method of the request at hand.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
type lambdaAuthorizer struct{ open }

// precheck is phase 4: a Deny in the resource policy spares the function.
func (lambdaAuthorizer) precheck(c *call) error {
	if c.stage.deployment.policy == nil {
		return nil
	}
	decision := c.judgeAnonymous(c.authorizeSilently)
	denied := !decision.Allowed && decision.Explicit
	if c.span.Decide(RuleResourcePolicyDeny, !denied, "no Deny in the resource policy", verdict(decision)) {
		return nil
	}
	return c.refuseAnonymous(decision)
}

// authorizeSilently asks IAM and records nothing: the answer is one part of a
// decision, which is recorded whole.
func (c *call) authorizeSilently(a api.Authorization) api.Decision { return c.access.Authorize(nil, a) }

func (lambdaAuthorizer) authorizer(c *call) error {
	a := c.stage.deployment.authorizers[c.method.authorizer]
	identity, event, err := c.identify(a)
	if err != nil {
		return err
	}
	key := answerKey{api: c.apiID, stage: c.stage.name, authorizer: a.id, identity: identity}
	// 3
	if cached, ok := c.recall(key, a); ok {
		c.caller.answer = cached
		return nil
	}
	// 4 and 5
	payload, err := c.ask(a, event)
	if err != nil {
		return err
	}
	// 6
	c.caller.answer, err = c.readAnswer(payload)
	if err == nil && a.ttl > 0 {
		c.answers[key] = cachedAnswer{answer: c.caller.answer, since: c.world.Now(), method: c.request.Method + " " + c.path}
	}
	return err
}

// identify makes checks 1 and 2. It returns what the answer is cached by and the
// event that the function is asked with.
func (c *call) identify(a authorizer) (identity string, event any, err error) {
	if a.kind == "REQUEST" {
		identity, err = c.sources(a)
		return identity, c.requestEvent(), err
	}
	identity, err = c.token(a)
	return identity, tokenEvent{Type: "TOKEN", AuthorizationToken: identity, MethodArn: c.arn()}, err
}

// token makes checks 1 and 2 for a TOKEN authorizer and returns the token as it
// was sent.
func (c *call) token(a authorizer) (string, error) {
	// 1
	token := c.request.Header.Get(a.header)
	found := quoteShort(token)
	if !c.request.Header.Has(a.header) {
		found = "no such header"
	}
	if !c.span.Decide(RuleLambdaIdentitySource, token != "", "a token in the header "+canonical(a.header), found) {
		return "", unauthorizedToken()
	}
	// 2
	if a.validation == nil {
		return token, nil
	}
	if !c.span.Decide(RuleLambdaValidation, a.validation.MatchString(token), "a token that matches the expression", found) {
		return "", unauthorizedToken()
	}
	return token, nil
}

// answerKey is what a cached answer belongs to: the identity, not the method.
type answerKey struct{ api, stage, authorizer, identity string }

// cachedAnswer is an answer with when, and for which method, it was given.
type cachedAnswer struct {
	answer answer
	since  time.Time
	method string
}

// recall makes check 3.
func (c *call) recall(key answerKey, a authorizer) (answer, bool) {
	if a.ttl == 0 {
		c.span.Note(RuleLambdaCache, false, "a cached answer for this identity", "caching is off")
		return answer{}, false
	}
	wanted := "a cached answer for " + strings.ReplaceAll(quoteShort(key.identity), `\x00`, " ")
	cached, ok := c.answers[key]
	if !ok {
		return answer{}, c.span.Note(RuleLambdaCache, false, wanted, "none yet; TTL "+a.ttl.String())
	}
	age := c.world.Now().Sub(cached.since)
	found := fmt.Sprintf("one for %s, %s old, TTL %s", cached.method, age, a.ttl)
	fresh := c.span.Note(RuleLambdaCache, age < a.ttl, wanted, found)
	if fresh {
		c.caller.cachedFor = cached.method
	}
	return cached.answer, fresh
}

// tokenEvent is the input of a TOKEN authorizer.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
type tokenEvent struct {
	Type               string `json:"type"`
	MethodArn          string `json:"methodArn"`
	AuthorizationToken string `json:"authorizationToken"`
}

// ask makes checks 4 and 5 and returns what the function returned.
func (c *call) ask(a authorizer, event any) (string, error) {
	source := arn.New("execute-api", c.world.Region(), c.world.Account(), c.apiID+"/authorizers/"+a.id)
	result, err := c.invokeWith(functionCall{uri: a.uri, source: source, credentials: a.credentials, unassumable: misconfigured()}, event)
	if err != nil {
		return "", err
	}
	// 4
	if !c.span.Decide(RuleLambdaPermission, result.Refused == "", "API Gateway may invoke the authorizer", result.Permission()) {
		return "", misconfigured()
	}
	// 5
	message, failed := result.Failure()
	found := "the function returned"
	if failed {
		found = "error " + quoteShort(message)
	}
	if !c.span.Decide(RuleLambdaUnauthorized, !failed || message != "Unauthorized", `the error is not "Unauthorized"`, found) {
		return "", unauthorizedToken()
	}
	if !c.span.Decide(RuleLambdaError, !failed, "the function returns without an error", found) {
		return "", misconfigured()
	}
	return result.Payload, nil
}

// answer is what a Lambda authorizer returned.
type answer struct {
	principalID string
	policy      any
	// context holds the values as they are passed on, all text.
	context map[string]string
	// usageKey is usageIdentifierKey, the value of an API key.
	usageKey string
}

// readAnswer makes check 6.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
func (c *call) readAnswer(payload string) (answer, error) {
	var output struct {
		PrincipalID    string         `json:"principalId"`
		PolicyDocument map[string]any `json:"policyDocument"`
		Context        map[string]any `json:"context"`
		UsageKey       string         `json:"usageIdentifierKey"`
	}
	found := c.faultOf(json.Unmarshal([]byte(payload), &output), output.PrincipalID, output.PolicyDocument)
	if !c.span.Decide(RuleLambdaOutput, found == "", "principalId and policyDocument", cmp.Or(found, "both, the policy well formed")) {
		return answer{}, misconfigured()
	}
	texts := map[string]string{}
	nested := ""
	for _, key := range slices.Sorted(maps.Keys(output.Context)) {
		switch value := output.Context[key].(type) {
		case string, bool, float64:
			texts[key] = claimText(value)
		case nil:
		default:
			nested = cmp.Or(nested, key)
		}
	}
	if !c.span.Decide(RuleLambdaContext, nested == "", "context holds only text, numbers, booleans", cmp.Or(nested, "it does")) {
		return answer{}, misconfigured()
	}
	return answer{principalID: output.PrincipalID, policy: output.PolicyDocument, context: texts, usageKey: output.UsageKey}, nil
}

// longestResource is the most that a Resource in a returned policy may have, in
// characters. The limit is documented; that a longer one makes the output
// malformed is inferred.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
const longestResource = 512

// faultOf says what is wrong with the output of an authorizer, "" for nothing.
func (c *call) faultOf(err error, principal string, policy map[string]any) string {
	switch {
	case err != nil:
		return "not such an object"
	case principal == "":
		return "no principalId"
	case policy == nil:
		return "no policyDocument"
	}
	if _, err := c.access.EvaluateDocument(nil, policy, actionInvoke, c.arn(), c.conditionKeys()); err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n")
		return "not a policy: " + reason
	}
	if length := longestOf(policy["Statement"]); length > longestResource {
		return fmt.Sprintf("a Resource of %d characters, more than %d", length, longestResource)
	}
	return ""
}

// longestOf is the length of the longest Resource of a policy's statements, one
// or a list of them.
func longestOf(statements any) int {
	longest := 0
	for _, statement := range asList(statements) {
		members, _ := statement.(map[string]any)
		for _, resource := range asList(members["Resource"]) {
			text, _ := resource.(string)
			longest = max(longest, utf8.RuneCountInString(text))
		}
	}
	return longest
}

// asList is a list as it is, and anything else as a list of one.
func asList(value any) []any {
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
}

// authorize is phase 6: the answer's policy for the method of this request and,
// where there is a resource policy, both as one:
//
//	| answer | resource policy: Allow | silent | Deny |
//	| Allow  | allow                  | allow  | deny |
//	| silent | allow                  | deny   | deny |
//	| Deny   | deny                   | deny   | deny |
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func (lambdaAuthorizer) authorize(c *call) error {
	if c.stage.deployment.policy != nil {
		return c.authorizeTogether()
	}
	decision, err := c.access.EvaluateDocument(c.span, c.caller.answer.policy, actionInvoke, c.arn(), c.conditionKeys())
	if err != nil {
		return err
	}
	return c.admit(decision, verdict(decision))
}

func (c *call) authorizeTogether() error {
	answered, err := c.access.EvaluateDocument(c.span, c.caller.answer.policy, actionInvoke, c.arn(), c.conditionKeys())
	if err != nil {
		return err
	}
	attached := c.judgeAnonymous(c.authorizeSilently)
	together := api.Decision{Explicit: answered.Explicit || attached.Explicit}
	together.Allowed = !together.Explicit && (answered.Allowed || attached.Allowed)
	return c.admit(together, "authorizer: "+verdict(answered)+"; resource policy: "+verdict(attached))
}

// admit ends the request unless the decision allows it.
// https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
func (c *call) admit(decision api.Decision, found string) error {
	if c.caller.cachedFor != "" {
		found += "; cached for " + c.caller.cachedFor
	}
	if c.span.Decide(RuleLambdaPolicy, decision.Allowed, "the policy allows "+c.request.Method+" "+c.path, found) {
		return nil
	}
	reason := " because no identity-based policy allows the " + actionInvoke + " action"
	if decision.Explicit {
		reason = " with an explicit deny in an identity-based policy"
	}
	return deniedWith("User is not authorized to access this resource" + reason)
}
