package apigateway

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
)

// integration is phase 9: what a method does with a request that got in. It
// ends the request with a *refusal when the back end fails it.
type integration interface {
	invoke(c *call) (api.HTTPResponse, error)
}

// lambdaProxy is AWS_PROXY with a Lambda function.
type lambdaProxy struct {
	uri string
	// verb is IntegrationHttpMethod.
	verb string
}

// invoke makes these checks:
//
//  1. the function is invoked with POST (500)
//  2. API Gateway may invoke the function (500)
//  3. the function returns without an error (502)
//  4. what it returns has the proxy format (502)
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func (l lambdaProxy) invoke(c *call) (api.HTTPResponse, error) {
	// 1
	if !c.span.Decide(RuleIntegrationVerb, l.verb == "POST", "IntegrationHttpMethod is POST", l.verb) {
		return api.HTTPResponse{}, failed(500)
	}
	source := arn.New("execute-api", c.world.Region(), c.world.Account(),
		c.apiID+"/"+c.stage.name+"/"+c.request.Method+strings.TrimSuffix(c.path, "/"))
	result, err := c.invoke(l.uri, source, c.proxyEvent())
	if err != nil {
		return api.HTTPResponse{}, err
	}
	// 2
	if !c.span.Decide(RuleIntegrationPermission, result.refused == "", "API Gateway may invoke the function", result.permission()) {
		return api.HTTPResponse{}, failed(500)
	}
	// 3
	message, errored := result.failure()
	found := "it returned"
	if errored {
		found = "error " + quoteShort(message)
	}
	if !c.span.Decide(RuleIntegrationError, !errored, "the function returns without an error", found) {
		return api.HTTPResponse{}, failed(502)
	}
	// 4
	response, err := proxyResponse(result.payload)
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

// mock is MOCK: the request template names a status, and the integration
// response whose pattern matches it is the answer. Its templates are text
// without variables.
type mock struct {
	// status is what the request template says, "" when it says none.
	status string
	// answers are the integration responses in the template's order.
	answers []mockAnswer
}

type mockAnswer struct {
	status int
	// pattern is SelectionPattern, nil for the default answer.
	pattern *regexp.Regexp
	// headers are literals by lower-case name.
	headers map[string]string
	body    string
}

// invoke ends with 500 when the template gives no status or no answer fits it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
func (m mock) invoke(c *call) (api.HTTPResponse, error) {
	chosen, ok := m.choose()
	if !c.span.Decide(RuleMockResponse, ok, "an integration response for the mock's status", "statusCode "+orElse(m.status, "missing")) {
		return api.HTTPResponse{}, failed(500)
	}
	header := api.Header{"content-type": {"application/json"}}
	for _, name := range slices.Sorted(maps.Keys(chosen.headers)) {
		header.Set(name, chosen.headers[name])
	}
	return api.HTTPResponse{Status: chosen.status, Header: header, Body: chosen.body}, nil
}

func (m mock) choose() (mockAnswer, bool) {
	if m.status == "" {
		return mockAnswer{}, false
	}
	for _, a := range m.answers {
		if a.pattern != nil && a.pattern.MatchString(m.status) {
			return a, true
		}
	}
	for _, a := range m.answers {
		if a.pattern == nil {
			return a, true
		}
	}
	return mockAnswer{}, false
}

// newIntegration reads the Integration property. A method without one cannot
// be deployed; its integration is nil.
func newIntegration(p *integrationProperties, responses []methodResponse) (integration, error) {
	if p == nil {
		return nil, nil
	}
	switch p.Type {
	case "MOCK":
		return newMock(p, responses)
	case "AWS_PROXY":
		return newLambdaProxy(p)
	case "":
		return nil, badRequest("Enumeration value for type must be non-empty")
	}
	return nil, notSimulated("Integration Type %s", p.Type)
}

func newLambdaProxy(p *integrationProperties) (integration, error) {
	if p.IntegrationHttpMethod == "" {
		return nil, badRequest("Enumeration value for HttpMethod must be non-empty")
	}
	if !strings.HasPrefix(p.Uri, "arn:aws:apigateway:") {
		return nil, badRequest("Invalid ARN specified in the request")
	}
	if _, ok := functionARN(p.Uri); !ok {
		if !strings.Contains(p.Uri, ":lambda:path/") {
			return nil, badRequest("AWS ARN for integration must contain path or action")
		}
		return nil, badRequest("Invalid function ARN or invalid uri")
	}
	return lambdaProxy{uri: p.Uri, verb: p.IntegrationHttpMethod}, nil
}

func newMock(p *integrationProperties, responses []methodResponse) (integration, error) {
	template := p.RequestTemplates["application/json"]
	if isTemplate(template) {
		return nil, notSimulated("a RequestTemplates text with VTL in it")
	}
	m := mock{}
	var request struct {
		StatusCode any `json:"statusCode"`
	}
	if json.Unmarshal([]byte(template), &request) == nil && request.StatusCode != nil {
		m.status = claimText(request.StatusCode)
	}
	declared := map[string]bool{}
	for _, r := range responses {
		declared[r.StatusCode] = true
	}
	for _, r := range p.IntegrationResponses {
		if !declared[r.StatusCode] {
			return nil, notFound("Invalid Method Response identifier specified")
		}
		a, err := newMockAnswer(r)
		if err != nil {
			return nil, err
		}
		m.answers = append(m.answers, a)
	}
	return m, nil
}

func newMockAnswer(r integrationResponse) (mockAnswer, error) {
	status, err := strconv.Atoi(r.StatusCode)
	if err != nil {
		return mockAnswer{}, badRequest("Invalid status code: %s", r.StatusCode)
	}
	a := mockAnswer{status: status, headers: map[string]string{}, body: r.ResponseTemplates["application/json"]}
	if isTemplate(a.body) || len(r.ResponseTemplates) > 1 {
		return mockAnswer{}, notSimulated("ResponseTemplates other than one text for application/json without VTL")
	}
	for _, target := range slices.Sorted(maps.Keys(r.ResponseParameters)) {
		name, ok := strings.CutPrefix(target, "method.response.header.")
		text, isLiteral := literal(r.ResponseParameters[target])
		if !ok || !isLiteral {
			return mockAnswer{}, notSimulated("ResponseParameters %s: only headers with a literal in single quotes", target)
		}
		a.headers[strings.ToLower(name)] = text
	}
	if r.SelectionPattern == "" {
		return a, nil
	}
	a.pattern, err = wholeText(r.SelectionPattern)
	return a, err
}

// isTemplate reports whether text needs the mapping-template language.
func isTemplate(text string) bool { return strings.ContainsAny(text, "$#") }
