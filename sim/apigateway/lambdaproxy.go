package apigateway

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
)

// lambdaProxy is AWS_PROXY with a Lambda function.
type lambdaProxy struct {
	uri string
	// verb is IntegrationHttpMethod.
	verb string
	// credentials is the role that invokes the function, "" for none.
	credentials string
	limit       timeLimit
}

// invoke makes these checks:
//
//  1. the function is invoked with POST (500)
//  2. API Gateway may invoke the function (500)
//  3. the function answers in time (504)
//  4. the function returns without an error (502)
//  5. what it returns has the proxy format (502)
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func (l lambdaProxy) invoke(c *call) (api.HTTPResponse, error) {
	// 1
	if err := c.checkVerb(l.verb); err != nil {
		return api.HTTPResponse{}, err
	}
	result, err := c.invokeWith(functionCall{
		uri: l.uri, source: c.methodSource(), credentials: l.credentials, patience: l.limit.duration(),
	}, c.proxyEvent())
	if err != nil {
		return api.HTTPResponse{}, err
	}
	// 2 and 3
	if err := c.checkInvoked(result, l.limit); err != nil {
		return api.HTTPResponse{}, err
	}
	// 4
	message, errored := result.Failure()
	found := "it returned"
	if errored {
		found = "error " + quoteShort(message)
	}
	if !c.span.Decide(RuleIntegrationError, !errored, "the function returns without an error", found) {
		return api.HTTPResponse{}, failed(502)
	}
	// 5
	response, err := proxyResponse(result.Payload)
	found = "status " + strconv.Itoa(response.Status)
	if err != nil {
		found = err.Error()
	}
	if !c.span.Decide(RuleIntegrationOutput, err == nil, "an object with statusCode, body as text", found) {
		return api.HTTPResponse{}, failed(502)
	}
	return response, nil
}

// proxyResponse reads what a function returned.
func proxyResponse(payload string) (api.HTTPResponse, error) {
	var output struct {
		StatusCode        any            `json:"statusCode"`
		Headers           map[string]any `json:"headers"`
		MultiValueHeaders map[string]any `json:"multiValueHeaders"`
		Body              any            `json:"body"`
	}
	if err := json.Unmarshal([]byte(payload), &output); err != nil {
		return api.HTTPResponse{}, fmt.Errorf("not such an object")
	}
	status, err := strconv.Atoi(claimText(output.StatusCode))
	if err != nil || status < 100 || status > 599 {
		return api.HTTPResponse{}, fmt.Errorf("statusCode is %s", claimText(output.StatusCode))
	}
	body, isText := output.Body.(string)
	if !isText && output.Body != nil {
		return api.HTTPResponse{}, fmt.Errorf("body is not text: JSON.stringify is missing")
	}
	header := api.Header{"content-type": {"application/json"}}
	for _, name := range slices.Sorted(maps.Keys(output.Headers)) {
		header.Set(name, claimText(output.Headers[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(output.MultiValueHeaders)) {
		values, ok := output.MultiValueHeaders[name].([]any)
		if !ok {
			return api.HTTPResponse{}, fmt.Errorf("multiValueHeaders %s is not a list", name)
		}
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = claimText(value)
		}
		header[strings.ToLower(name)] = texts
	}
	return api.HTTPResponse{Status: status, Header: header, Body: body}, nil
}

func newLambdaProxy(i *integrationProperties, limit timeLimit) (integration, error) {
	if err := checkServiceURI(i); err != nil {
		return nil, err
	}
	if _, ok := functionARN(i.Uri); !ok {
		return nil, badRequest("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.")
	}
	if len(i.RequestParameters) > 0 {
		return nil, notSimulated("RequestParameters of an AWS_PROXY integration")
	}
	return lambdaProxy{uri: i.Uri, verb: i.IntegrationHttpMethod, credentials: i.Credentials, limit: limit}, nil
}
