// Package apigatewayv2 is Amazon API Gateway's HTTP APIs: routes, stages and the
// JWT authorizer. A request passes numbered phases:
//
//  1. the host and the path name a stage
//  2. method and path select a route
//  3. the route's authorizer decides; errors are 401, or 403 for scopes
//  4. the integration, a Lambda function with payload format 2.0
//
// HTTP APIs answer refusals with fixed texts. Why a token was refused stands in
// the www-authenticate header alone. The package refuses to know REST APIs, who
// issued a token, and what a function does (api.Doors).
package apigatewayv2

import (
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// Actor is the gateway's lane in a trace.
const Actor trace.Actor = "HTTP API"

// defaultStage is the stage whose URL has no stage in its path.
const defaultStage = "$default"

// Gateway holds the HTTP APIs of one account and serves their stages.
type Gateway struct {
	world api.World
	doors api.Doors
	apis  map[string]*httpAPI
	// keySets are what issuers publish, kept for keyAge.
	keySets map[string]cachedKeys
}

// New returns a gateway without APIs. It reaches Lambda functions and the keys
// of issuers through doors.
func New(w api.World, doors api.Doors) *Gateway {
	return &Gateway{world: w, doors: doors, apis: map[string]*httpAPI{}, keySets: map[string]cachedKeys{}}
}

// Site is API Gateway at the hosts of this account's HTTP APIs.
func (g *Gateway) Site() api.Site {
	return api.Site{
		Name:  Actor,
		Hosts: func(host string) bool { _, ok := g.apis[g.apiID(host)]; return ok },
		Serve: g.serve,
	}
}

func (g *Gateway) apiID(host string) string {
	return strings.TrimSuffix(host, g.domain())
}

func (g *Gateway) domain() string { return ".execute-api." + g.world.Region() + ".amazonaws.com" }

// Types are the resource types of HTTP APIs.
func (g *Gateway) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::ApiGatewayV2::Api", []string{"ApiEndpoint", "ApiId"}, g.createAPI),
		cloudformation.Define("AWS::ApiGatewayV2::Authorizer", []string{"AuthorizerId"}, g.createAuthorizer),
		cloudformation.Define("AWS::ApiGatewayV2::Deployment", []string{"DeploymentId"}, g.createDeployment),
		cloudformation.Define("AWS::ApiGatewayV2::Integration", []string{"IntegrationId"}, g.createIntegration),
		cloudformation.Define("AWS::ApiGatewayV2::Route", []string{"RouteId"}, g.createRoute),
		cloudformation.Define("AWS::ApiGatewayV2::Stage", nil, g.createStage),
	}
}

// httpAPI is one HTTP API. What its author edits is the draft.
type httpAPI struct {
	id, name    string
	draft       definition
	deployments map[string]definition
	stages      map[string]*stage
}

// definition is what a deployment freezes.
type definition struct {
	routes       map[string]route
	integrations map[string]string // function ARN by integration id
	authorizers  map[string]authorizer
}

func (d definition) clone() definition {
	c := definition{routes: map[string]route{}, integrations: map[string]string{}, authorizers: map[string]authorizer{}}
	for key, value := range d.routes {
		c.routes[key] = value
	}
	for key, value := range d.integrations {
		c.integrations[key] = value
	}
	for key, value := range d.authorizers {
		c.authorizers[key] = value
	}
	return c
}

// stage serves the draft when it deploys by itself, and else a deployment.
type stage struct {
	name       string
	autoDeploy bool
	deployment string
	variables  map[string]string
}

// serves is what callers of the stage reach; false while nothing is deployed.
func (a *httpAPI) serves(s *stage) (definition, bool) {
	if s.autoDeploy {
		return a.draft, true
	}
	d, ok := a.deployments[s.deployment]
	return d, ok
}

// route is one AWS::ApiGatewayV2::Route.
type route struct {
	// key is RouteKey: "GET /tasks" or "$default".
	key string
	// authorization is NONE or JWT.
	authorization string
	authorizer    string
	scopes        []string
	integration   string
}

// authorizer is one JWT authorizer.
type authorizer struct {
	id, name string
	source   identitySource
	issuer   string
	audience []string
}
