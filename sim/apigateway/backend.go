package apigateway

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// mockBackend is MOCK: the request's template names a status, and nobody is asked.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
type mockBackend struct{}

func (mockBackend) rule() trace.RuleID { return RuleMockResponse }

func (mockBackend) ask(c *call, r backendRequest) (backendAnswer, error) {
	var request struct {
		StatusCode any `json:"statusCode"`
	}
	if json.Unmarshal([]byte(r.body), &request) == nil && request.StatusCode != nil {
		return backendAnswer{selector: claimText(request.StatusCode)}, nil
	}
	c.span.Decide(RuleMockResponse, false, "a template that names a statusCode", cmp.Or(short(r.body), "an empty one"))
	return backendAnswer{}, unmapped()
}

// functionBackend is AWS with a Lambda function: its event is what the template
// made, and a function that throws answers like one that returns, unless a
// pattern matches its errorMessage.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
type functionBackend struct {
	uri, verb, credentials string
	limit                  timeLimit
}

func (functionBackend) rule() trace.RuleID { return RuleIntegrationResponse }

func (b functionBackend) ask(c *call, r backendRequest) (backendAnswer, error) {
	if err := c.checkVerb(b.verb); err != nil {
		return backendAnswer{}, err
	}
	event := cmp.Or(r.body, "{}")
	var parsed any
	err := json.Unmarshal([]byte(event), &parsed)
	if !c.span.Decide(RuleTemplateJSON, err == nil, "a request body that is JSON", short(event)) {
		return backendAnswer{}, &refusal{kind: default4XX, status: 400, exception: "InvalidRequestContentException",
			message: "Could not parse request body into json: " + err.Error()}
	}
	result, err := c.invoke(functionCall{
		uri: b.uri, source: c.methodSource(), credentials: b.credentials, payload: event,
		mode: invocationType(r.header.Get("x-amz-invocation-type")), patience: b.limit.duration(),
	})
	if err != nil {
		return backendAnswer{}, err
	}
	if err := c.checkInvoked(result, b.limit); err != nil {
		return backendAnswer{}, err
	}
	message, threw := result.Failure()
	return backendAnswer{body: result.Payload, selector: message, failed: threw}, nil
}

// invocationType is RequestResponse, or Event where the request says so.
func invocationType(header string) string {
	if header == "Event" {
		return header
	}
	return ""
}

// actionBackend is AWS with one action of a service that speaks JSON, called
// with a role: API Gateway in front of DynamoDB, with no function between.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-request-basic-setup.html
type actionBackend struct{ service, action, credentials string }

func (actionBackend) rule() trace.RuleID { return RuleIntegrationResponse }

func (b actionBackend) ask(c *call, r backendRequest) (backendAnswer, error) {
	var input map[string]any
	if err := json.Unmarshal([]byte(cmp.Or(r.body, "{}")), &input); err != nil {
		return backendAnswer{}, fmt.Errorf("the request template gives no JSON object for %s:%s: %w", b.service, b.action, err)
	}
	caller, err := c.assume(b.credentials, nil)
	if err != nil {
		return backendAnswer{}, err
	}
	output, err := c.doors.Call(c.span, api.Call{From: Actor, Service: b.service, Operation: b.action, Input: input, Caller: caller})
	var refused *awserr.Error
	if errors.As(err, &refused) {
		output, err = map[string]any{"__type": refused.Code, "message": refused.Message}, nil
	}
	if err != nil {
		return backendAnswer{}, err
	}
	body, err := json.Marshal(output)
	if err != nil {
		return backendAnswer{}, fmt.Errorf("the answer of %s:%s: %w", b.service, b.action, err)
	}
	status := 200
	if refused != nil {
		status = refused.Status
	}
	return backendAnswer{body: string(body), selector: strconv.Itoa(status)}, nil
}

// httpBackend is HTTP: a request to another host, with the parameters that are
// mapped and no others.
type httpBackend struct{ uri, verb string }

func (httpBackend) rule() trace.RuleID { return RuleIntegrationResponse }

func (b httpBackend) ask(c *call, r backendRequest) (backendAnswer, error) {
	address, err := c.endpoint(b.uri, r)
	if err != nil {
		return backendAnswer{}, err
	}
	r.header.Set("content-type", "application/json")
	response, err := c.sendOn(api.HTTPRequest{Method: b.verb, URL: address, Header: r.header, Body: r.body})
	if err != nil {
		return backendAnswer{}, err
	}
	return backendAnswer{header: response.Header, body: response.Body, selector: strconv.Itoa(response.Status)}, nil
}

// httpProxy is HTTP_PROXY: the request as it came, to another host, and the
// answer as it comes.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
type httpProxy struct {
	uri, verb string
	request   requestMapping
}

func (p httpProxy) invoke(c *call) (api.HTTPResponse, error) {
	r, err := c.mapRequest(p.request)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	header := c.request.Header.Clone()
	delete(header, "host")
	for name, values := range r.header {
		header[name] = values
	}
	query := url.Values{}
	for _, from := range []url.Values{c.query, r.query} {
		for name, values := range from {
			query[name] = values
		}
	}
	r.query = query
	address, err := c.endpoint(p.uri, r)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	verb := p.verb
	if verb == "ANY" {
		verb = c.request.Method
	}
	return c.sendOn(api.HTTPRequest{Method: verb, URL: address, Header: header, Body: r.body})
}

func newHTTPProxy(p methodProperties) (integration, error) {
	if err := checkEndpoint(p.Integration); err != nil {
		return nil, err
	}
	request, err := newRequestMapping(p.Integration, p.RequestParameters)
	return httpProxy{uri: p.Integration.Uri, verb: p.Integration.IntegrationHttpMethod, request: request}, err
}

// endpoint fills stage variables and path parameters into a URI.
func (c *call) endpoint(uri string, r backendRequest) (string, error) {
	address := c.stage.expand(uri)
	for name, value := range r.path {
		address = strings.NewReplacer("{"+name+"}", escapePath(value), "{"+name+"+}", escapePath(value)).Replace(address)
	}
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || strings.Contains(address, "{") {
		return "", fmt.Errorf("the integration of %s %s has no address: %q", c.method.verb, c.resource.path, address)
	}
	return address, nil
}

// escapePath escapes what a path parameter holds; the slashes of a greedy one stay.
func escapePath(value string) string {
	return strings.ReplaceAll(url.PathEscape(value), "%2F", "/")
}

// sendOn sends a request to a back end. A host that cannot be reached is 504.
func (c *call) sendOn(request api.HTTPRequest) (api.HTTPResponse, error) {
	request.From = Actor
	request.Header.Set("x-amzn-apigateway-api-id", c.apiID)
	response, err := c.doors.Send(c.span, request)
	var unreachable api.UnreachableError
	reached := !errors.As(err, &unreachable)
	if err != nil && reached {
		return response, err
	}
	if !c.span.Decide(RuleEndpoint, reached, "an endpoint that answers", cmp.Or(unreachable.Host, "status "+strconv.Itoa(response.Status))) {
		return response, &refusal{kind: integrationFailure, message: "Network error communicating with endpoint", exception: "InternalServerErrorException"}
	}
	return response, nil
}
