// Package apigateway is Amazon API Gateway: REST APIs as their author defines
// them, the deployments and stages that callers reach, and the decision who
// gets in. A request passes numbered phases in the documented order:
//
//  1. the host and the first path segment name a stage, and its web ACL lets
//     the request pass; the request is not too large
//  2. path and verb match a method of the stage's deployment
//  3. authenticate: the SigV4 signature, AWS_IAM only
//  4. resource policy: an explicit Deny before a Lambda authorizer runs
//  5. authorizer: the token of a user pool or another issuer, or the Lambda
//     function
//  6. authorize: policies of the caller, the authorizer and the API
//  7. the API key, and the limits of its usage plan and of the stage
//  8. request validation
//  9. the integration
//  10. the response
//
// Phases 3 to 6 belong to the method's authorization type, a guard with its own
// numbered checks in its own file.
//
// The package refuses to know how a policy or a signature is judged (Access),
// what a web ACL blocks (Firewall), who issued a token, and what a function
// does (api.Doors).
package apigateway

import (
	"net/url"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

// Actor is the gateway's lane in a trace.
const Actor trace.Actor = "API Gateway"

// Access answers what API Gateway asks of IAM.
type Access interface {
	// Authenticate checks the SigV4 signature of a request for the service of
	// the credential scope. Its error is an *awserr.Error whose code says which
	// check failed.
	Authenticate(span *trace.Span, request api.HTTPRequest, service string) (api.Principal, error)
	// Authorize evaluates the policies of the principal and of the resource.
	Authorize(span *trace.Span, a api.Authorization) api.Decision
	// EvaluateDocument evaluates one policy alone and records no check that
	// decides. Its error says that the document is not a policy.
	EvaluateDocument(span *trace.Span, document any, action, resource string, keys map[string][]string) (api.Decision, error)
}

// Firewall answers what API Gateway asks of AWS WAF.
type Firewall interface {
	// Inspect decides by the web ACL of a resource, if it has one, whether a
	// request may come in. The response is the web ACL's own, nil for API
	// Gateway's.
	Inspect(span *trace.Span, resource string, request api.HTTPRequest) (allowed bool, custom *api.HTTPResponse)
}

// Gateway holds the APIs of one account and serves their stages.
type Gateway struct {
	world  api.World
	doors  api.Doors
	access Access
	wall   Firewall

	apis    map[string]*restAPI
	apiKeys map[string]apiKey
	plans   map[string]*usagePlan
	// keySets are the key sets of user pools by issuer, fetched once.
	keySets map[string]jwt.KeySet
	// answers are the cached answers of Lambda authorizers.
	answers map[answerKey]cachedAnswer
}

// New returns a gateway without APIs. It reaches Lambda functions and the key
// sets of user pools through doors.
func New(w api.World, doors api.Doors, access Access, wall Firewall) *Gateway {
	return &Gateway{
		world: w, doors: doors, access: access, wall: wall,
		apis: map[string]*restAPI{}, apiKeys: map[string]apiKey{}, plans: map[string]*usagePlan{},
		keySets: map[string]jwt.KeySet{}, answers: map[answerKey]cachedAnswer{},
	}
}

// Service is the control plane: flushing the answers of authorizers. APIs are
// defined by templates.
func (g *Gateway) Service() api.Service {
	return api.Service{
		Prefix: "apigateway", Name: Actor,
		Host:         "apigateway." + g.world.Region() + ".amazonaws.com",
		Protocol:     api.Protocol{Encoding: api.RESTJSON},
		Operations:   g.operations(),
		Unsimulated:  unsimulatedOperations(),
		Rules:        Rules(),
		InvalidInput: "BadRequestException",
		Denial:       denial,
	}
}

// Site answers for API-ID.execute-api.REGION.amazonaws.com, whether or not
// there is such an API.
func (g *Gateway) Site() api.Site {
	return api.Site{
		Name: Actor,
		Hosts: func(host string) bool {
			_, ok := g.apiID(host)
			return ok
		},
		Has: func(address *url.URL) bool {
			id, _ := g.apiID(address.Host)
			return g.apis[id] != nil
		},
		Serve: g.serve,
	}
}

// Types are the resource types of REST APIs, their API keys and usage plans.
func (g *Gateway) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::ApiGateway::RestApi", []string{"RestApiId", "RootResourceId"}, g.createRestAPI),
		cloudformation.Define("AWS::ApiGateway::Resource", []string{"ResourceId"}, g.createResource),
		cloudformation.Define("AWS::ApiGateway::Method", nil, g.createMethod),
		cloudformation.Define("AWS::ApiGateway::Authorizer", []string{"AuthorizerId"}, g.createAuthorizer),
		cloudformation.Define("AWS::ApiGateway::RequestValidator", []string{"RequestValidatorId"}, g.createValidator),
		cloudformation.Define("AWS::ApiGateway::Model", nil, g.createModel),
		cloudformation.Define("AWS::ApiGateway::Deployment", []string{"DeploymentId"}, g.createDeployment),
		cloudformation.Define("AWS::ApiGateway::Stage", nil, g.createStage),
		cloudformation.Define("AWS::ApiGateway::GatewayResponse", []string{"Id"}, g.createGatewayResponse),
		cloudformation.Define("AWS::ApiGateway::ApiKey", []string{"APIKeyId"}, g.createAPIKey),
		cloudformation.Define("AWS::ApiGateway::UsagePlan", []string{"Id"}, g.createUsagePlan),
		cloudformation.Define("AWS::ApiGateway::UsagePlanKey", []string{"Id"}, g.createUsagePlanKey),
	}
}

// URL is the invoke URL of an API that has exactly one stage, without a slash
// at the end.
func (g *Gateway) URL(apiID string) (string, bool) {
	a, ok := g.apis[apiID]
	if !ok || len(a.stages) != 1 {
		return "", false
	}
	for name := range a.stages {
		return g.stageURL(apiID, name), true
	}
	return "", false
}

func (g *Gateway) stageURL(apiID, stage string) string {
	return "https://" + apiID + g.domain() + "/" + stage
}

// domain is what follows the API id in a host name.
func (g *Gateway) domain() string {
	return ".execute-api." + g.world.Region() + ".amazonaws.com"
}

// apiID returns the API id in a host name, with or without a port.
func (g *Gateway) apiID(host string) (string, bool) {
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	id, ok := strings.CutSuffix(host, g.domain())
	return id, ok && id != "" && !strings.Contains(id, ".")
}
