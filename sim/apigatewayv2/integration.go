package apigatewayv2

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
)

// event is the input of a Lambda function, payload format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        eventContext      `json:"requestContext"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	StageVariables        map[string]string `json:"stageVariables,omitempty"`
	Body                  string            `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

type eventContext struct {
	AccountID    string           `json:"accountId"`
	APIID        string           `json:"apiId"`
	Authorizer   *eventAuthorizer `json:"authorizer,omitempty"`
	DomainName   string           `json:"domainName"`
	DomainPrefix string           `json:"domainPrefix"`
	HTTP         eventHTTP        `json:"http"`
	RequestID    string           `json:"requestId"`
	RouteKey     string           `json:"routeKey"`
	Stage        string           `json:"stage"`
	Time         string           `json:"time"`
	TimeEpoch    int64            `json:"timeEpoch"`
}

type eventHTTP struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

type eventAuthorizer struct {
	JWT eventJWT `json:"jwt"`
}

// eventJWT holds every claim as text; scopes is null where the route asks for none.
type eventJWT struct {
	Claims map[string]string `json:"claims"`
	Scopes []string          `json:"scopes"`
}

func (c *call) event() event {
	now := c.world.Now().UTC()
	e := event{
		Version: "2.0", RouteKey: c.route.key, RawPath: c.path, RawQueryString: c.query.Encode(), Headers: c.headers(),
		PathParameters: c.parameters, StageVariables: c.stage.variables, Body: c.request.Body,
		RequestContext: eventContext{
			AccountID: c.world.Account(), APIID: c.api.id, DomainName: c.api.id + c.domain(), DomainPrefix: c.api.id,
			HTTP:      eventHTTP{Method: c.request.Method, Path: c.path, Protocol: "HTTP/1.1", SourceIP: c.request.SourceIP, UserAgent: c.request.Header.Get("user-agent")},
			RequestID: c.id, RouteKey: c.route.key, Stage: c.stage.name, Time: now.Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
		},
	}
	if len(c.query) > 0 {
		e.QueryStringParameters = map[string]string{}
		for name, values := range c.query {
			e.QueryStringParameters[name] = strings.Join(values, ",")
		}
	}
	if c.token.claims != nil {
		e.RequestContext.Authorizer = &eventAuthorizer{JWT: eventJWT{Claims: claimTexts(c.token.claims), Scopes: c.token.scopes}}
	}
	return e
}

func (c *call) headers() map[string]string {
	headers := c.request.Header.Flat()
	headers["host"] = c.api.id + c.domain()
	headers["x-forwarded-for"] = c.request.SourceIP
	headers["x-forwarded-port"] = "443"
	headers["x-forwarded-proto"] = "https"
	return headers
}

// claimTexts writes claims as an HTTP API passes them on: numbers and booleans
// as text, lists in brackets separated by spaces, nested values as JSON, null
// left out. https://github.com/DefinitelyTyped/DefinitelyTyped/pull/75458
func claimTexts(claims map[string]any) map[string]string {
	texts := map[string]string{}
	for name, value := range claims {
		if value != nil {
			texts[name] = claimText(value)
		}
	}
	return texts
}

func claimText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = claimText(item)
		}
		return "[" + strings.Join(items, " ") + "]"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// integrate is phase 4.
func (c *call) integrate() (api.HTTPResponse, error) {
	payload, err := json.Marshal(c.event())
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("the event cannot be written as JSON: %w", err)
	}
	source := arn.New("execute-api", c.world.Region(), c.world.Account(), c.api.id+"/"+c.stage.name+"/"+c.request.Method+c.rest)
	output, err := c.doors.Call(c.span, api.Call{
		From: Actor, Service: "lambda", Operation: "Invoke",
		Input:  map[string]any{"FunctionName": c.definition.integrations[c.route.integration], "Payload": string(payload)},
		Caller: api.Caller{Service: "apigateway.amazonaws.com", SourceARN: source},
	})
	var refused *awserr.Error
	if err != nil && !errors.As(err, &refused) {
		return api.HTTPResponse{}, err
	}
	found := "the function was invoked"
	if refused != nil {
		found = "Lambda answers " + refused.Code
	}
	if !c.span.Decide(RulePermission, refused == nil, "API Gateway may invoke the function", found) {
		return api.HTTPResponse{}, &refusal{status: 500}
	}
	_, failed := output["FunctionError"]
	if !c.span.Decide(RuleFunctionError, !failed, "the function returns without an error", map[bool]string{true: "it failed", false: "it returned"}[failed]) {
		return api.HTTPResponse{}, &refusal{status: 500}
	}
	text, _ := output["Payload"].(string)
	return c.answer(text), nil
}

// answer turns what the function returned into a response. Without a statusCode
// the whole result is the body of a 200.
func (c *call) answer(payload string) api.HTTPResponse {
	header := api.Header{"content-type": {"application/json"}, "apigw-requestid": {c.id}}
	var result struct {
		StatusCode int               `json:"statusCode"`
		Headers    map[string]string `json:"headers"`
		Body       string            `json:"body"`
	}
	if json.Unmarshal([]byte(payload), &result) != nil || result.StatusCode == 0 {
		return api.HTTPResponse{Status: 200, Header: header, Body: payload}
	}
	header.Set("content-type", "text/plain;charset=UTF-8")
	for name, value := range result.Headers {
		header.Set(name, value)
	}
	return api.HTTPResponse{Status: result.StatusCode, Header: header, Body: result.Body}
}
