package appsync

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

const (
	// maxAnswerTTL is the longest that an answer may be kept, in seconds.
	maxAnswerTTL = 3600
	// authorizerPatience is how long AppSync waits for the function.
	authorizerPatience = 10 * time.Second
)

// authorizerEvent is the input of a Lambda authorizer.
type authorizerEvent struct {
	AuthorizationToken string            `json:"authorizationToken"`
	RequestContext     authorizerContext `json:"requestContext"`
	RequestHeaders     map[string]string `json:"requestHeaders"`
}

type authorizerContext struct {
	APIID         string         `json:"apiId"`
	AccountID     string         `json:"accountId"`
	RequestID     string         `json:"requestId"`
	QueryString   string         `json:"queryString"`
	OperationName string         `json:"operationName,omitempty"`
	Variables     map[string]any `json:"variables"`
}

// authorizerAnswer is what a Lambda authorizer returns.
type authorizerAnswer struct {
	IsAuthorized    bool           `json:"isAuthorized"`
	ResolverContext map[string]any `json:"resolverContext"`
	DeniedFields    []string       `json:"deniedFields"`
	TTLOverride     *int           `json:"ttlOverride"`
}

type cachedAnswer struct {
	answer authorizerAnswer
	since  time.Time
	ttl    time.Duration
}

// askAuthorizer is phase 3 for AWS_LAMBDA:
//
//  1. the token matches the validation expression, or the function is not asked
//  2. an answer for the token is in the cache; if so 3 and 4 are left out
//  3. AppSync may invoke the function, and it returns within ten seconds
//  4. what it returns is an object with isAuthorized
//  5. isAuthorized is true
//
// https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
func (c *call) askAuthorizer() error {
	token := c.credential.authorization
	// 1
	if v := c.mode.validation; v != nil && !c.span.Decide(RuleAuthorizerValidation, v.MatchString(token), "a token that matches the expression", abbreviate(token)) {
		return unauthorized(messageUnauthorized)
	}
	// 2
	answer, cached := c.recall(token)
	if !cached {
		var err error
		if answer, err = c.invokeAuthorizer(token); err != nil { // 3 and 4
			return err
		}
		c.remember(token, answer)
	}
	// 5
	if !c.span.Decide(RuleAuthorized, answer.IsAuthorized, "isAuthorized: true", fmt.Sprint(answer.IsAuthorized)) {
		return unauthorized(messageUnauthorized)
	}
	c.answer = answer
	return nil
}

// recall makes check 2.
func (c *call) recall(token string) (authorizerAnswer, bool) {
	kept, ok := c.api.answers[token]
	age := c.world.Now().Sub(kept.since)
	found := "none"
	switch {
	case ok:
		found = fmt.Sprintf("an answer %s old, TTL %s", age, kept.ttl)
	case c.mode.ttl == 0:
		found = "none, and no TTL on the API"
	}
	held := c.span.Note(RuleAuthorizerCache, ok && age < kept.ttl, "a cached answer for this token", found)
	return kept.answer, held
}

// remember keeps an answer for the API's TTL, or for its own.
func (c *call) remember(token string, answer authorizerAnswer) {
	ttl := c.mode.ttl
	if answer.TTLOverride != nil {
		ttl = time.Duration(*answer.TTLOverride) * time.Second
	}
	if ttl > 0 {
		c.api.answers[token] = cachedAnswer{answer: answer, since: c.world.Now(), ttl: ttl}
	}
}

// invokeAuthorizer makes checks 3 and 4.
func (c *call) invokeAuthorizer(token string) (authorizerAnswer, error) {
	body, _ := readBody(c.request.Body)
	event := authorizerEvent{AuthorizationToken: token, RequestHeaders: c.headers(), RequestContext: authorizerContext{
		APIID: c.api.id, AccountID: c.world.Account(), RequestID: c.id,
		QueryString: body.Query, OperationName: body.OperationName, Variables: body.Variables,
	}}
	payload, err := json.Marshal(event)
	if err != nil {
		return authorizerAnswer{}, fmt.Errorf("the event cannot be written as JSON: %w", err)
	}
	output, err := c.doors.Call(c.span, api.Call{
		From: Actor, Service: "lambda", Operation: "Invoke", Patience: authorizerPatience,
		Input:  map[string]any{"FunctionName": c.mode.function, "Payload": string(payload)},
		Caller: api.Caller{Service: principal, SourceARN: c.arnOf(c.api, "")},
	})
	// 3
	found, err := invoked(output, err)
	if err != nil {
		return authorizerAnswer{}, err
	}
	if !c.span.Decide(RuleAuthorizerError, found == "", "the function returns within 10 seconds", cmp.Or(found, "it returned")) {
		return authorizerAnswer{}, unauthorized(messageUnauthorized)
	}
	return c.readAnswer(textOf(output["Payload"]))
}

// invoked says why a function gave no answer, "" when it did. Its error is one of
// the simulation.
func invoked(output map[string]any, err error) (string, error) {
	var refused *awserr.Error
	switch {
	case errors.As(err, new(api.TimeoutError)):
		return "no answer in time", nil
	case errors.As(err, &refused):
		return "Lambda answers " + refused.Code, nil
	case err != nil:
		return "", err
	}
	if _, failed := output["FunctionError"]; failed {
		return "an error: " + abbreviate(errorMessage(textOf(output["Payload"]))), nil
	}
	return "", nil
}

// readAnswer makes check 4. A nested resolverContext is an error of the
// simulation: what AppSync does with one is not documented.
func (c *call) readAnswer(payload string) (authorizerAnswer, error) {
	var answer authorizerAnswer
	var members map[string]any
	err := errors.Join(json.Unmarshal([]byte(payload), &members), json.Unmarshal([]byte(payload), &answer))
	_, has := members["isAuthorized"].(bool)
	if !c.span.Decide(RuleAuthorizerAnswer, err == nil && has, "an object with isAuthorized", abbreviate(payload)) {
		return authorizerAnswer{}, unauthorized(messageUnauthorized)
	}
	for _, key := range slices.Sorted(maps.Keys(answer.ResolverContext)) {
		switch answer.ResolverContext[key].(type) {
		case map[string]any, []any:
			return authorizerAnswer{}, fmt.Errorf("resolverContext.%s is nested: resolverContext holds keys with plain values only", key)
		}
	}
	return answer, nil
}

// denies reports whether the authorizer's answer denies a field, by Type.field or
// by its ARN.
func (c *call) denies(typeName, fieldName string) bool {
	return slices.ContainsFunc(c.answer.DeniedFields, func(denied string) bool {
		return denied == typeName+"."+fieldName || denied == c.arnOf(c.api, "/types/"+typeName+"/fields/"+fieldName)
	})
}

// errorMessage is errorMessage of a failed function's payload.
func errorMessage(payload string) string {
	var thrown struct{ ErrorMessage string }
	if err := json.Unmarshal([]byte(payload), &thrown); err != nil {
		return payload
	}
	return thrown.ErrorMessage
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

// abbreviate makes a short phrase of a text.
func abbreviate(s string) string {
	s = strings.ReplaceAll(s, "\n", " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}
