package apigatewayv2

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
)

// corsConfiguration is the CorsConfiguration of an API.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
type corsConfiguration struct {
	origins, methods, headers, exposed []string
	// maxAge is in seconds, "" when it is not set.
	maxAge      string
	credentials bool
}

// newCORS returns nil without a configuration.
func newCORS(p *corsProperties) (*corsConfiguration, error) {
	if p == nil {
		return nil, nil
	}
	if p.AllowCredentials && slices.Contains(p.AllowOrigins, "*") {
		return nil, badRequest("allowCredentials cannot be true when allowOrigins is *")
	}
	c := &corsConfiguration{
		origins: p.AllowOrigins, methods: p.AllowMethods, headers: p.AllowHeaders, exposed: p.ExposeHeaders,
		credentials: p.AllowCredentials,
	}
	if p.MaxAge != nil {
		c.maxAge = strconv.Itoa(*p.MaxAge)
	}
	return c, nil
}

// allows returns what Access-Control-Allow-Origin says to an origin, "" for an
// origin that is not allowed.
func (c *corsConfiguration) allows(origin string) string {
	switch {
	case slices.Contains(c.origins, "*"):
		return "*"
	case slices.Contains(c.origins, origin):
		return origin
	case strings.HasPrefix(origin, "https://") && slices.Contains(c.origins, "https://*"):
		return origin
	case strings.HasPrefix(origin, "http://") && slices.Contains(c.origins, "http://*"):
		return origin
	}
	return ""
}

// isPreflight reports whether the gateway answers the request from its CORS
// configuration.
func (c *call) isPreflight() bool {
	h := c.request.Header
	return c.api.cors != nil && c.request.Method == "OPTIONS" && h.Has("origin") && h.Has("access-control-request-method")
}

// preflight is phase 5. The browser compares what it is told with what the page
// wants to send: an origin that is not allowed is told nothing.
func (c *call) preflight() api.HTTPResponse {
	c.span.Note(RulePreflight, c.route.key == "", "no route takes OPTIONS: no authorizer is asked", cmp.Or(c.route.key, "none"))
	header := api.Header{"apigw-requestid": {c.id}}
	if c.allowOrigin(header) {
		c.setList(header, "access-control-allow-methods", c.api.cors.methods)
		c.setList(header, "access-control-allow-headers", c.api.cors.headers)
		if c.api.cors.maxAge != "" {
			header.Set("access-control-max-age", c.api.cors.maxAge)
		}
	}
	return api.HTTPResponse{Status: 204, Header: header}
}

// replaceCORS is phase 7: what the back end said about CORS does not count.
func (c *call) replaceCORS(header api.Header) {
	if c.api.cors == nil {
		return
	}
	for name := range header {
		if strings.HasPrefix(name, "access-control-") {
			delete(header, name)
		}
	}
	if c.request.Header.Has("origin") && c.allowOrigin(header) {
		c.setList(header, "access-control-expose-headers", c.api.cors.exposed)
	}
}

// allowOrigin sets the headers that name the request's origin, when it is
// allowed.
func (c *call) allowOrigin(header api.Header) bool {
	origin := c.request.Header.Get("origin")
	allowed := c.api.cors.allows(origin)
	if !c.span.Note(RuleOrigin, allowed != "", "an origin of AllowOrigins: "+strings.Join(c.api.cors.origins, ", "), origin) {
		return false
	}
	header.Set("access-control-allow-origin", allowed)
	if c.api.cors.credentials {
		header.Set("access-control-allow-credentials", "true")
	}
	return true
}

func (c *call) setList(header api.Header, name string, values []string) {
	if len(values) > 0 {
		header.Set(name, strings.Join(values, ","))
	}
}
