package apigateway

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
	"claimcheck/sim/vtl"
)

// custom is an integration that is no proxy: AWS, HTTP and MOCK. It maps the
// request, asks a back end and maps the answer:
//
//  1. the request is mapped (415)
//  2. the back end answers
//  3. an integration response has a pattern for the answer, or is the default (500)
//  4. its template and parameters make the response
type custom struct {
	request requestMapping
	backend backend
	// answers are the integration responses in the template's order.
	answers []answerMapping
}

// backend is what a custom integration asks. A *refusal is the gateway's own
// answer in its place.
type backend interface {
	ask(c *call, r backendRequest) (backendAnswer, error)
	// rule is that of finding an integration response.
	rule() trace.RuleID
}

// backendAnswer is what a back end answered.
type backendAnswer struct {
	header api.Header
	body   string
	// selector is the text that patterns are held against: the error message of
	// a function, "" for none, or a status.
	selector string
	// failed is true for a function that threw.
	failed bool
}

// answerMapping is one integration response.
type answerMapping struct {
	status int
	// pattern is SelectionPattern, nil for the default.
	pattern *regexp.Regexp
	// headers are the mapped ones.
	headers []parameterMapping
	// kind is the content type of the template, nil without one.
	kind     string
	template *vtl.Template
}

func (i custom) invoke(c *call) (api.HTTPResponse, error) {
	// 1
	request, err := c.mapRequest(i.request)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	// 2
	answer, err := i.backend.ask(c, request)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	// 3
	chosen, ok := i.choose(answer.selector)
	if answer.failed {
		c.span.Note(RuleErrorMapped, ok && chosen.pattern != nil, "a pattern for the function's error", quoteShort(answer.selector))
	}
	if !c.span.Decide(i.backend.rule(), ok, "an integration response for the answer", found(answer.selector, chosen, ok)) {
		return api.HTTPResponse{}, unmapped()
	}
	// 4
	return c.mapAnswer(chosen, answer)
}

func found(selector string, chosen answerMapping, ok bool) string {
	text := cmp.Or(selector, "no error")
	if !ok {
		return short(text) + ": none"
	}
	return short(text) + ": " + strconv.Itoa(chosen.status)
}

// choose takes the first integration response whose pattern matches, or else
// the default.
func (i custom) choose(selector string) (answerMapping, bool) {
	for _, a := range i.answers {
		if a.pattern != nil && selector != "" && a.pattern.MatchString(selector) {
			return a, true
		}
	}
	for _, a := range i.answers {
		if a.pattern == nil {
			return a, true
		}
	}
	return answerMapping{}, false
}

func (c *call) mapAnswer(a answerMapping, answer backendAnswer) (api.HTTPResponse, error) {
	response := api.HTTPResponse{Status: a.status, Header: api.Header{}, Body: answer.body}
	response.Header.Set("content-type", cmp.Or(a.kind, cmp.Or(answer.header.Get("content-type"), "application/json")))
	var err error
	if a.template != nil {
		if response.Body, err = c.fillTemplate(a.template, answer.body); err != nil {
			return response, err
		}
	}
	for _, h := range a.headers {
		value, err := c.responseSource(h.source, answer)
		if err != nil {
			return response, err
		}
		response.Header.Set(h.name, value)
	}
	return c.override(response)
}

// override applies $context.responseOverride, which a template may have set. A
// template that sets the same parameter twice gets a 5XX from AWS; here the last
// value stands.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
func (c *call) override(response api.HTTPResponse) (api.HTTPResponse, error) {
	if c.context == nil {
		return response, nil
	}
	overrides, _ := c.context.Get("responseOverride").(*vtl.Map)
	if status := overrides.Get("status"); status != nil {
		code, err := strconv.Atoi(vtl.Text(status))
		if err != nil {
			return response, fmt.Errorf("responseOverride.status is %q, want a number", vtl.Text(status))
		}
		response.Status = code
	}
	headers, _ := overrides.Get("header").(*vtl.Map)
	for _, name := range headers.Keys() {
		response.Header.Set(name, vtl.Text(headers.Get(name)))
	}
	return response, nil
}

// responseSource reads a mapping expression of an integration's answer.
func (c *call) responseSource(expression string, answer backendAnswer) (string, error) {
	if name, ok := strings.CutPrefix(expression, "integration.response.header."); ok {
		return answer.header.Get(name), nil
	}
	if path, ok := strings.CutPrefix(expression, "integration.response.body"); ok {
		return bodySource(answer.body, strings.TrimPrefix(path, "."))
	}
	return c.plainSource(expression)
}

// newCustom reads an integration that is no proxy.
func newCustom(p methodProperties, b backend) (integration, error) {
	request, err := newRequestMapping(p.Integration, p.RequestParameters)
	if err != nil {
		return nil, err
	}
	i := custom{request: request, backend: b}
	for _, r := range p.Integration.IntegrationResponses {
		declared := slices.IndexFunc(p.MethodResponses, func(m methodResponse) bool { return m.StatusCode == r.StatusCode })
		if declared < 0 {
			return nil, notFound("Invalid Method Response identifier specified")
		}
		a, err := newAnswerMapping(r, p.MethodResponses[declared].ResponseParameters)
		if err != nil {
			return nil, err
		}
		i.answers = append(i.answers, a)
	}
	return i, nil
}

func newAnswerMapping(r integrationResponse, declared map[string]bool) (answerMapping, error) {
	status, err := strconv.Atoi(r.StatusCode)
	if err != nil {
		return answerMapping{}, badRequest("Invalid status code: %s", r.StatusCode)
	}
	a := answerMapping{status: status}
	if len(r.ResponseTemplates) > 1 {
		return a, notSimulated("ResponseTemplates for more than one content type")
	}
	for kind, text := range r.ResponseTemplates {
		a.kind = kind
		if a.template, err = parseTemplate("ResponseTemplates "+kind, text); err != nil {
			return a, err
		}
	}
	for _, target := range slices.Sorted(maps.Keys(r.ResponseParameters)) {
		mapped, ok := parseTarget(target, "method.response.", "header")
		if _, known := declared[target]; !ok || !known {
			return a, invalidMapping(target)
		}
		mapped.source = r.ResponseParameters[target]
		a.headers = append(a.headers, mapped)
	}
	if r.SelectionPattern == "" {
		return a, nil
	}
	a.pattern, err = wholeText(r.SelectionPattern)
	return a, err
}
