package apigatewayv2

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
)

// The time an integration has to answer.
const (
	defaultPatience = 30 * time.Second
	// mostForwarded is how often one request may be forwarded before it is taken
	// to go in a circle.
	mostForwarded = 8
)

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-integration.html
func (g *Gateway) createIntegration(_ cloudformation.Resource, p integrationProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	made, err := newIntegration(p)
	if err != nil {
		return cloudformation.Created{}, err
	}
	id := g.newID()
	a.draft.integrations[id] = made
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"IntegrationId": id}}, nil
}

func newIntegration(p integrationProperties) (integration, error) {
	i := integration{kind: p.IntegrationType, uri: p.IntegrationUri, role: p.CredentialsArn, payload: p.PayloadFormatVersion, method: p.IntegrationMethod, patience: defaultPatience}
	switch {
	case i.kind != "AWS_PROXY" && i.kind != "HTTP_PROXY":
		return i, badRequest("Integration type %s is not supported for HTTP protocol Apis", i.kind)
	case i.payload == "" && i.kind == "AWS_PROXY":
		return i, badRequest("PayloadFormatVersion is a required parameter for an integration of an HTTP API")
	case i.payload == "2.0" && i.kind == "HTTP_PROXY":
		return i, badRequest("PayloadFormatVersion 2.0 is not supported for integration type HTTP_PROXY")
	case i.kind == "HTTP_PROXY" && !strings.HasPrefix(i.uri, "http://") && !strings.HasPrefix(i.uri, "https://"):
		return i, badRequest("Invalid HTTP endpoint specified for URI: %s", i.uri)
	case i.kind == "HTTP_PROXY" && i.method == "":
		return i, badRequest("IntegrationMethod is a required parameter for integration type HTTP_PROXY")
	}
	if i.role != "" && !isRole(i.role) {
		return i, notSimulated("CredentialsArn %s: want the ARN of a role", i.role)
	}
	if p.TimeoutInMillis != nil {
		i.patience = time.Duration(*p.TimeoutInMillis) * time.Millisecond
	}
	if i.patience < 50*time.Millisecond || i.patience > defaultPatience {
		return i, badRequest("Timeout should be between 50 ms and 30000 ms")
	}
	var err error
	if i.request, err = newRequestMappings(p.RequestParameters); err != nil {
		return i, err
	}
	i.response, err = newResponseMappings(p.ResponseParameters)
	return i, err
}

// integrate is phase 6.
func (c *call) integrate() (api.HTTPResponse, error) {
	i := c.definition.integrations[c.route.integration]
	c.mapRequest(i.request)
	backend := c.callLambda
	if i.kind == "HTTP_PROXY" {
		backend = c.forward
	}
	response, err := backend(i)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	return c.mapResponse(i.response, response), nil
}

// callLambda makes these checks:
//
//  1. API Gateway may invoke the function (500)
//  2. the function answers in time (503)
//  3. the function returns without an error (500)
//  4. with payload format 1.0, what it returns has the proxy format (500)
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func (c *call) callLambda(i integration) (api.HTTPResponse, error) {
	var event any = c.event2()
	if i.payload == "1.0" {
		event = c.event1()
	}
	source := c.executeARN(c.stage.name + "/" + defaultStage)
	if path := c.route.path(); path != "" {
		source = c.executeARN(c.stage.name + "/" + c.request.Method + path)
	}
	result, err := c.invoke(functionCall{uri: i.uri, source: source, role: i.role, event: event, patience: i.patience})
	if err != nil {
		return api.HTTPResponse{}, err
	}
	// 1
	if !c.span.Decide(RulePermission, result.Refused == "", "API Gateway may invoke the function", result.Permission()) {
		return api.HTTPResponse{}, &refusal{status: 500}
	}
	// 2
	if !c.span.Decide(RuleTimeout, !result.Late, "an answer within "+i.patience.String(), ended(result)) {
		return api.HTTPResponse{}, &refusal{status: 503}
	}
	// 3
	if !c.span.Decide(RuleFunctionError, !result.Errored, "the function returns without an error", ended(result)) {
		return api.HTTPResponse{}, &refusal{status: 500}
	}
	// 4
	response, whole := c.readResult(result.Payload)
	if i.payload == "2.0" {
		return response, nil
	}
	found := "no statusCode"
	if whole {
		found = "statusCode " + strconv.Itoa(response.Status)
	}
	if !c.span.Decide(RuleResult, whole, "an object with statusCode", found) {
		return api.HTTPResponse{}, &refusal{status: 500}
	}
	return response, nil
}

// readResult turns what a function returned into a response. Without a
// statusCode, and then whole is false, the result itself is the body of a 200.
func (c *call) readResult(payload string) (response api.HTTPResponse, whole bool) {
	header := c.responseHeader()
	var result struct {
		StatusCode        int                 `json:"statusCode"`
		Headers           map[string]string   `json:"headers"`
		MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
		Cookies           []string            `json:"cookies"`
		Body              string              `json:"body"`
	}
	if json.Unmarshal([]byte(payload), &result) != nil || result.StatusCode == 0 {
		return api.HTTPResponse{Status: 200, Header: header, Body: payload}, false
	}
	header.Set("content-type", "text/plain;charset=UTF-8")
	for name, value := range result.Headers {
		header.Set(name, value)
	}
	for name, values := range result.MultiValueHeaders {
		header[strings.ToLower(name)] = values
	}
	if len(result.Cookies) > 0 {
		header["set-cookie"] = result.Cookies
	}
	return api.HTTPResponse{Status: result.StatusCode, Header: header, Body: result.Body}, true
}

// forward is HTTP_PROXY: the request goes on to another endpoint as it is, and
// what that answers comes back. {name} in the URI is a parameter of the route's
// path.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
func (c *call) forward(i integration) (api.HTTPResponse, error) {
	address, err := url.Parse(c.target(i.uri))
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("the integration URI %q is no address", i.uri)
	}
	if c.forwarding >= mostForwarded {
		return api.HTTPResponse{}, errors.New("HTTP_PROXY integrations go in a circle: " + i.uri)
	}
	if c.mappedPath != "" {
		address.Path = c.mappedPath
	}
	query := address.Query()
	for name, values := range c.query {
		query[name] = values
	}
	address.RawQuery = query.Encode()
	method := i.method
	if method == "ANY" {
		method = c.request.Method
	}
	header := c.request.Header.Clone()
	delete(header, "host")
	c.forwarding++
	defer func() { c.forwarding-- }()
	response, err := c.doors.Send(c.span, api.HTTPRequest{
		From: Actor, Method: method, URL: address.String(), Header: header, Body: c.request.Body, SourceIP: c.request.SourceIP,
	})
	if err != nil {
		return api.HTTPResponse{}, err
	}
	response.Header = response.Header.Clone()
	response.Header.Set("apigw-requestid", c.id)
	return response, nil
}

// target is the URI with the path's parameters and stage variables filled in.
func (c *call) target(uri string) string {
	uri = c.stage.expand(uri)
	for name, value := range c.parameters {
		uri = strings.NewReplacer("{"+name+"}", value, "{"+name+"+}", value).Replace(uri)
	}
	return uri
}

// mapResponse applies the mappings for the status that the integration answered.
func (c *call) mapResponse(mappings map[int][]mapping, response api.HTTPResponse) api.HTTPResponse {
	answered := response.Header.Clone()
	for _, m := range mappings[response.Status] {
		value := m.value.read(c, answered)
		if m.place == "header" {
			m.apply(response.Header, value)
			continue
		}
		if status, err := strconv.Atoi(value); err == nil {
			response.Status = status
		}
	}
	return response
}
