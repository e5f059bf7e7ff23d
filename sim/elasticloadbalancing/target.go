package elasticloadbalancing

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// event is what a Lambda target is invoked with.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
type event struct {
	RequestContext struct {
		ELB struct {
			TargetGroupArn string `json:"targetGroupArn"`
		} `json:"elb"`
	} `json:"requestContext"`
	HTTPMethod            string            `json:"httpMethod"`
	Path                  string            `json:"path"`
	QueryStringParameters map[string]string `json:"queryStringParameters"`
	Headers               map[string]string `json:"headers"`
	Body                  string            `json:"body"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

func (c *request) event() event {
	e := event{
		HTTPMethod: c.Method, Path: c.address.Path, QueryStringParameters: map[string]string{}, Headers: c.Header.Flat(), Body: c.Body,
	}
	e.RequestContext.ELB.TargetGroupArn = c.rule.final.group.arn
	for name, values := range c.address.Query() {
		e.QueryStringParameters[name] = values[len(values)-1]
	}
	e.Headers["host"] = c.balancer.host
	e.Headers["x-forwarded-for"] = c.SourceIP
	e.Headers["x-forwarded-proto"] = c.address.Scheme
	e.Headers["x-forwarded-port"] = map[string]string{"https": "443", "http": "80"}[c.address.Scheme]
	return e
}

// forward is phase 5: it invokes the function and answers with what it returns.
// A function that may not be invoked, throws or returns something else is 502:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
func (c *request) forward() (api.HTTPResponse, error) {
	group := c.rule.final.group
	payload, err := json.Marshal(c.event())
	if err != nil {
		return api.HTTPResponse{}, err
	}
	output, err := c.doors.Call(c.span, api.Call{
		From: Actor, Service: "lambda", Operation: "Invoke",
		Input:  map[string]any{"FunctionName": group.function, "Payload": string(payload)},
		Caller: api.Caller{Service: "elasticloadbalancing.amazonaws.com", SourceARN: group.arn},
	})
	var refused *awserr.Error
	if err != nil && !errors.As(err, &refused) {
		return api.HTTPResponse{}, err
	}
	response, found := answer(output, refused)
	if !c.span.Decide(RuleTarget, response.Status != 0, "a target that answers with statusCode", found) {
		return page(502, "Bad Gateway"), nil
	}
	return response, nil
}

// answer reads what the function returned; a status of 0 means that it is no
// response, and found says why.
func answer(output map[string]any, refused *awserr.Error) (response api.HTTPResponse, found string) {
	if refused != nil {
		return response, "Lambda answers " + refused.Code
	}
	if _, threw := output["FunctionError"]; threw {
		return response, "the function failed"
	}
	var returned struct {
		StatusCode int               `json:"statusCode"`
		Headers    map[string]string `json:"headers"`
		Body       string            `json:"body"`
	}
	text, _ := output["Payload"].(string)
	if err := json.Unmarshal([]byte(text), &returned); err != nil || returned.StatusCode < 100 || returned.StatusCode > 599 {
		return response, "no such object"
	}
	response = api.HTTPResponse{Status: returned.StatusCode, Header: api.Header{}, Body: returned.Body}
	for _, name := range slices.Sorted(maps.Keys(returned.Headers)) {
		response.Header.Set(name, returned.Headers[name])
	}
	return response, fmt.Sprintf("status %d", response.Status)
}
