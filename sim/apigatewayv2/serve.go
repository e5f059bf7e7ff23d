package apigatewayv2

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/trace"
)

// call is one request on its way through the phases.
type call struct {
	*Gateway
	span    *trace.Span
	request api.HTTPRequest
	id      string
	query   url.Values
	// path is as sent, with the stage where there is one.
	path string

	api        *httpAPI
	stage      *stage     // phase 1
	definition definition // phase 1
	route      route      // phase 2
	// rest is the path after the stage, parameters those of the route's path.
	rest       string
	parameters map[string]string
	caller     caller // phase 4
	// mappedPath replaces the path of an HTTP_PROXY integration, "" leaves it.
	mappedPath string // phase 6
}

// caller is what is known of the sender, each part under one authorization type.
type caller struct {
	// token was let in by a JWT authorizer.
	token admitted
	// answer is a Lambda authorizer's.
	answer answer
	// principal has signed the request (AWS_IAM).
	principal api.Principal
}

// refusal ends a request with one of the fixed answers of HTTP APIs.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
type refusal struct {
	status int
	// challenge is the www-authenticate header, "" for none.
	challenge string
}

// Error is the message of the body.
func (r *refusal) Error() string {
	return map[int]string{
		401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests",
		500: "Internal Server Error", 503: "Service Unavailable",
	}[r.status]
}

func (g *Gateway) serve(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	address, err := url.Parse(request.URL)
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("%q is no address", request.URL)
	}
	request.Header = request.Header.Clone()
	c := &call{
		Gateway: g, span: span, request: request, id: g.world.Token(15, api.Alphanumeric) + "=",
		query: address.Query(), path: address.EscapedPath(), api: g.apis[g.apiID(address.Host)],
	}
	if c.api == nil {
		return api.HTTPResponse{}, fmt.Errorf("%q is not a host of an HTTP API", address.Host)
	}
	response, err := c.run()
	var refused *refusal
	if errors.As(err, &refused) {
		return c.refuse(refused), nil
	}
	return response, err
}

func (c *call) refuse(r *refusal) api.HTTPResponse {
	header := c.responseHeader()
	if r.challenge != "" {
		header.Set("www-authenticate", r.challenge)
	}
	return api.HTTPResponse{Status: r.status, Header: header, Body: `{"message":"` + r.Error() + `"}`}
}

func (c *call) responseHeader() api.Header {
	return api.Header{"content-type": {"application/json"}, "apigw-requestid": {c.id}}
}

// run takes the request through the phases; the numbers are those of the
// package comment.
func (c *call) run() (api.HTTPResponse, error) {
	// 1
	if err := c.findStage(); err != nil {
		return api.HTTPResponse{}, err
	}
	// 2
	found := c.findRoute()
	if !found && c.isPreflight() {
		return c.preflight(), nil
	}
	if !c.span.Decide(RuleRoute, found, "a route for "+c.request.Method+" "+c.rest, c.routeText()) {
		return api.HTTPResponse{}, &refusal{status: 404}
	}
	// 3
	if err := c.throttle(); err != nil {
		return api.HTTPResponse{}, err
	}
	// 4
	c.span.Note(RuleAuthorizationType, c.route.authorization != "NONE", "an authorization type other than NONE", c.route.authorization)
	if err := guards()[c.route.authorization].admit(c); err != nil {
		return api.HTTPResponse{}, err
	}
	// 5
	if c.isPreflight() {
		return c.preflight(), nil
	}
	// 6
	response, err := c.integrate()
	if err != nil {
		return api.HTTPResponse{}, err
	}
	// 7
	c.replaceCORS(response.Header)
	return response, nil
}

// findStage is phase 1: the stage of the first path segment, or $default. An API
// whose execute-api endpoint is disabled has none there.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html
func (c *call) findStage() error {
	if !c.span.Decide(RuleStage, c.chooseStage(), "a stage with a deployment", c.stageText()) {
		return &refusal{status: 404}
	}
	found := "open"
	if c.definition.closed {
		found = "disabled"
	}
	if !c.span.Decide(RuleEndpoint, !c.definition.closed, "an open execute-api endpoint", found) {
		return &refusal{status: 404}
	}
	return nil
}

func (c *call) chooseStage() bool {
	first, rest, _ := strings.Cut(strings.TrimPrefix(c.path, "/"), "/")
	s, ok := c.api.stages[first]
	c.rest = "/" + rest
	if !ok || first == defaultStage {
		s, ok = c.api.stages[defaultStage]
		c.rest = c.path
	}
	if !ok {
		return false
	}
	c.stage = s
	if c.rest == "" {
		c.rest = "/"
	}
	c.definition, ok = c.api.serves(s)
	return ok
}

func (c *call) stageText() string {
	switch {
	case c.stage == nil:
		return "no such stage"
	case c.stage.autoDeploy:
		return c.stage.name + ", deployed automatically"
	case c.stage.deployment == "":
		return c.stage.name + " without a deployment"
	}
	return c.stage.name + ", deployment " + c.stage.deployment
}

// arn is what a policy has to allow: API-ID/STAGE/VERB/PATH.
func (c *call) arn() string {
	return c.executeARN(c.stage.name + "/" + c.request.Method + c.rest)
}

func (c *call) executeARN(rest string) string {
	return arn.New("execute-api", c.world.Region(), c.world.Account(), c.api.id+"/"+rest)
}

// conditionKeys are what the request brings to a policy.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigateway.html
func (c *call) conditionKeys() map[string][]string {
	keys := map[string][]string{}
	if c.request.SourceIP != "" {
		keys["aws:SourceIp"] = []string{c.request.SourceIP}
	}
	for header, key := range map[string]string{"user-agent": "aws:UserAgent", "referer": "aws:Referer"} {
		if c.request.Header.Has(header) {
			keys[key] = []string{c.request.Header.Get(header)}
		}
	}
	return keys
}
