package apigatewayv2

import (
	"maps"
	"strings"
	"time"
)

// defaultStage is the stage whose URL has no stage in its path.
const defaultStage = "$default"

// httpAPI is one HTTP API. What its author edits is the draft.
type httpAPI struct {
	id, name string
	// cors is nil without a CORS configuration. It belongs to the API and needs
	// no deployment.
	cors        *corsConfiguration
	draft       definition
	deployments map[string]definition
	stages      map[string]*stage
}

// definition is what a deployment freezes.
type definition struct {
	// closed is DisableExecuteApiEndpoint.
	closed       bool
	routes       map[string]route
	integrations map[string]integration
	authorizers  map[string]authorizer
}

func newDefinition() definition {
	return definition{routes: map[string]route{}, integrations: map[string]integration{}, authorizers: map[string]authorizer{}}
}

func (d definition) clone() definition {
	return definition{
		closed: d.closed, routes: maps.Clone(d.routes), integrations: maps.Clone(d.integrations), authorizers: maps.Clone(d.authorizers),
	}
}

// stage serves the draft when it deploys by itself, and else a deployment.
type stage struct {
	name       string
	autoDeploy bool
	deployment string
	variables  map[string]string
	// limits are the throttling settings by route key, "" for the default ones.
	limits map[string]limit
	// buckets are what is left of a limit, by route key.
	buckets map[string]bucket
}

// serves is what callers of the stage reach; false while nothing is deployed.
func (a *httpAPI) serves(s *stage) (definition, bool) {
	if s.autoDeploy {
		return a.draft, true
	}
	d, ok := a.deployments[s.deployment]
	return d, ok
}

// expand replaces ${stageVariables.NAME} by the variable's value.
func (s *stage) expand(text string) string {
	pairs := make([]string, 0, 2*len(s.variables))
	for name, value := range s.variables {
		pairs = append(pairs, "${stageVariables."+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// route is one AWS::ApiGatewayV2::Route.
type route struct {
	// key is RouteKey: "GET /tasks" or "$default".
	key string
	// authorization is a name of guards.
	authorization string
	authorizer    string
	scopes        []string
	integration   string
}

// path is the path of the route's key, "" for $default.
func (r route) path() string {
	_, path, _ := strings.Cut(r.key, " ")
	return path
}

// authorizer is one AWS::ApiGatewayV2::Authorizer.
type authorizer struct {
	id, name string
	// kind is JWT or REQUEST.
	kind    string
	sources []identitySource
	// issuer and audience belong to JWT.
	issuer   string
	audience []string
	// The rest belongs to REQUEST: role is AuthorizerCredentialsArn, payload is 1.0
	// or 2.0, simple is EnableSimpleResponses, and ttl is 0 without caching.
	uri     string
	role    string
	payload string
	simple  bool
	ttl     time.Duration
}

// integration is one AWS::ApiGatewayV2::Integration.
type integration struct {
	// kind is AWS_PROXY or HTTP_PROXY.
	kind string
	uri  string
	// role is CredentialsArn, "" for none.
	role string
	// payload is the format of a function's event and result, 1.0 or 2.0.
	payload string
	// method is what HTTP_PROXY sends; ANY sends the request's own.
	method   string
	patience time.Duration
	// request and response are the parameter mappings, response by the status
	// that the integration answers.
	request  []mapping
	response map[int][]mapping
}
