package apigatewayv2

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"claimcheck/sim/api"
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
	token      admitted // phase 3
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
	return map[int]string{401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error"}[r.status]
}

func (g *Gateway) serve(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	address, err := url.Parse(request.URL)
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("%q is no address", request.URL)
	}
	if request.Header == nil {
		request.Header = api.Header{}
	}
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
	header := api.Header{"content-type": {"application/json"}, "apigw-requestid": {c.id}}
	if r.challenge != "" {
		header.Set("www-authenticate", r.challenge)
	}
	return api.HTTPResponse{Status: r.status, Header: header, Body: `{"message":"` + r.Error() + `"}`}
}

// run takes the request through the phases; the numbers are those of the
// package comment.
func (c *call) run() (api.HTTPResponse, error) {
	// 1
	if !c.span.Decide(RuleStage, c.findStage(), "a stage with a deployment", c.stageText()) {
		return api.HTTPResponse{}, &refusal{status: 404}
	}
	// 2
	if !c.span.Decide(RuleRoute, c.findRoute(), "a route for "+c.request.Method+" "+c.rest, c.routeText()) {
		return api.HTTPResponse{}, &refusal{status: 404}
	}
	// 3
	if err := c.authorize(); err != nil {
		return api.HTTPResponse{}, err
	}
	// 4
	return c.integrate()
}

// findStage takes the stage of the first path segment, or $default.
func (c *call) findStage() bool {
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

// findRoute takes the most specific route: a full match, then a greedy path
// variable, then $default.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
func (c *call) findRoute() bool {
	best := -1
	for _, key := range slices.Sorted(maps.Keys(c.definition.routes)) {
		score, parameters := match(key, c.request.Method, c.rest)
		if score > best {
			best, c.route, c.parameters = score, c.definition.routes[key], parameters
		}
	}
	return best >= 0
}

func (c *call) routeText() string {
	if c.route.key == "" {
		return "none"
	}
	return c.route.key
}

// match scores how well a route key fits, -1 for not at all: literal segments
// count most, then variables, then a greedy one; the exact method before ANY.
func match(key, method, path string) (score int, parameters map[string]string) {
	if key == "$default" {
		return 0, nil
	}
	verb, pattern, _ := strings.Cut(key, " ")
	if verb != method && verb != "ANY" {
		return -1, nil
	}
	if verb == method {
		score = 1
	}
	wanted, given := segments(pattern), segments(path)
	parameters = map[string]string{}
	for i, part := range wanted {
		name, variable := strings.CutPrefix(strings.TrimSuffix(part, "}"), "{")
		switch greedy := strings.HasSuffix(name, "+"); {
		case variable && greedy && i < len(given):
			parameters[strings.TrimSuffix(name, "+")] = strings.Join(given[i:], "/")
			return score + 2, parameters
		case i >= len(given), !variable && part != given[i]:
			return -1, nil
		case variable:
			parameters[name] = given[i]
			score += 10
		default:
			score += 100
		}
	}
	if len(given) != len(wanted) {
		return -1, nil
	}
	return score + 4, parameters
}

func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}
