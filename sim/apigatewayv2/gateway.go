// Package apigatewayv2 is Amazon API Gateway's HTTP APIs: routes and stages, and
// the decision who gets in. A request passes numbered phases:
//
//  1. the host and the path name a stage
//  2. method and path select a route
//  3. the stage's throttling lets it pass (429)
//  4. the route's authorization type, a guard with its own numbered checks in
//     its own file, lets it in (401, 403)
//  5. a preflight request is answered from the CORS configuration
//  6. the integration, a Lambda function or another HTTP endpoint, answers
//  7. the CORS configuration replaces the response's CORS headers
//
// A preflight request that no route takes skips phases 3 and 4.
//
// HTTP APIs answer refusals with fixed texts. Why a token was refused stands in
// the www-authenticate header alone. There are no resource policies, API keys,
// usage plans, request validators or gateway responses, and AWS WAF does not
// stand in front of them.
//
// The package refuses to know REST APIs, how a policy or a signature is judged
// (Access), who issued a token, and what a function does (api.Doors).
package apigatewayv2

import (
	"net/url"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// Actor is the gateway's lane in a trace.
const Actor trace.Actor = "HTTP API"

// Access answers what API Gateway asks of IAM.
type Access interface {
	// Authenticate checks the SigV4 signature of a request for the service of
	// the credential scope. Its error is an *awserr.Error.
	Authenticate(span *trace.Span, request api.HTTPRequest, service string) (api.Principal, error)
	// Authorize evaluates the policies of the principal.
	Authorize(span *trace.Span, a api.Authorization) api.Decision
	// EvaluateDocument evaluates one policy alone and records no check that
	// decides. Its error says that the document is not a policy.
	EvaluateDocument(span *trace.Span, document any, action, resource string, keys map[string][]string) (api.Decision, error)
}

// Gateway holds the HTTP APIs of one account and serves their stages.
type Gateway struct {
	world  api.World
	doors  api.Doors
	access Access
	apis   map[string]*httpAPI
	// keySets are what issuers publish, kept for keyAge.
	keySets map[string]cachedKeys
	// answers are the cached answers of Lambda authorizers.
	answers map[answerKey]cachedAnswer
	// forwarding counts the HTTP_PROXY requests that are on their way.
	forwarding int
}

// New returns a gateway without APIs. It reaches Lambda functions, the keys of
// issuers and the endpoints of HTTP integrations through doors.
func New(w api.World, doors api.Doors, access Access) *Gateway {
	return &Gateway{
		world: w, doors: doors, access: access, apis: map[string]*httpAPI{},
		keySets: map[string]cachedKeys{}, answers: map[answerKey]cachedAnswer{},
	}
}

// Site is API Gateway at the hosts of this account's HTTP APIs.
func (g *Gateway) Site() api.Site {
	return api.Site{
		Name:  Actor,
		Hosts: func(host string) bool { _, ok := g.apis[g.apiID(host)]; return ok },
		Has:   func(address *url.URL) bool { return g.apis[g.apiID(address.Host)] != nil },
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
