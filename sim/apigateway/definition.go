package apigateway

import (
	"maps"
	"regexp"
	"strings"
	"time"

	"claimcheck/sim/jsonschema"
)

// restAPI is one REST API. What its author edits is the draft; callers reach
// only deployments, through stages.
type restAPI struct {
	id, rootID  string
	draft       definition
	deployments map[string]*deployment
	stages      map[string]*stage
}

// definition is what a deployment freezes. Its values are never changed once
// they are in a map, so a copy of the maps is a snapshot.
type definition struct {
	// policy is the resource policy, nil without one.
	policy any
	// closed is DisableExecuteApiEndpoint.
	closed bool
	// keyFromAuthorizer is ApiKeySourceType AUTHORIZER.
	keyFromAuthorizer bool
	resources         map[string]resource
	methods           map[methodKey]method
	authorizers       map[string]authorizer
	responses         map[responseType]gatewayResponse
	validators        map[string]validator
	// models are by name; Empty and Error are there from the beginning.
	models map[string]model
}

func newDefinition() definition {
	return definition{
		resources: map[string]resource{}, methods: map[methodKey]method{},
		authorizers: map[string]authorizer{}, responses: map[responseType]gatewayResponse{},
		validators: map[string]validator{}, models: map[string]model{"Empty": {schema: &jsonschema.Schema{}}, "Error": {schema: &jsonschema.Schema{}}},
	}
}

func (d definition) clone() definition {
	return definition{
		policy: d.policy, closed: d.closed, keyFromAuthorizer: d.keyFromAuthorizer,
		resources: maps.Clone(d.resources), methods: maps.Clone(d.methods), authorizers: maps.Clone(d.authorizers),
		responses: maps.Clone(d.responses), validators: maps.Clone(d.validators), models: maps.Clone(d.models),
	}
}

// deployment is an immutable snapshot of a definition.
type deployment struct {
	id string
	definition
	root *node
}

func newDeployment(id, rootID string, d definition) *deployment {
	snapshot := d.clone()
	return &deployment{id: id, definition: snapshot, root: tree(snapshot, rootID)}
}

// stage is a named reference to a deployment, with its variables.
type stage struct {
	name       string
	deployment *deployment
	variables  map[string]string
	// limits are those of MethodSettings by path and verb.
	limits map[string]rateLimit
	// canary takes a share of the requests, nil without one.
	canary *canary
}

// canary is a second deployment under trial on a stage.
type canary struct {
	stage *stage
	// percent is PercentTraffic and served how many requests the stage has had.
	percent float64
	served  int
}

// next is the stage that the next request meets. AWS chooses at random; here
// the canary takes its share evenly.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
func (s *stage) next() *stage {
	if s.canary == nil {
		return s
	}
	before := int(float64(s.canary.served) * s.canary.percent / 100)
	s.canary.served++
	if int(float64(s.canary.served)*s.canary.percent/100) > before {
		return s.canary.stage
	}
	return s
}

// expand fills ${stageVariables.NAME} into text; an unknown name gives "".
func (s *stage) expand(text string) string {
	const open = "${stageVariables."
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, open)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString(open + rest)
			return b.String()
		}
		b.WriteString(s.variables[name])
		text = after
	}
}

// resource is one node of the path tree; the root has no parent and no part.
type resource struct {
	id, parent, part string
	// path is the whole path with its parameters: "/tasks/{id}".
	path string
}

type methodKey struct {
	resource string
	// verb is in capitals; ANY stands for every verb.
	verb string
}

// method is one verb of one resource.
type method struct {
	verb string
	// authorization is AuthorizationType.
	authorization string
	authorizer    string
	scopes        []string
	// keyRequired is ApiKeyRequired.
	keyRequired bool
	// validator is RequestValidatorId, "" without one, required RequestParameters
	// and models RequestModels.
	validator   string
	required    map[string]bool
	models      map[string]string
	integration integration
}

// authorizer is one AWS::ApiGateway::Authorizer.
type authorizer struct {
	id, name string
	// kind is Type: TOKEN, REQUEST, COGNITO_USER_POOLS or JWT.
	kind string
	// header is the lower-case name of the identity source, all but REQUEST.
	header string
	// sources are the identity sources of REQUEST.
	sources []identitySource
	// validation is IdentityValidationExpression, nil without one; it matches
	// the whole text.
	validation *regexp.Regexp
	// uri is AuthorizerUri and ttl the time that an answer is cached, TOKEN and
	// REQUEST only.
	uri string
	ttl time.Duration
	// credentials is the role that asks the function, "" for API Gateway itself.
	credentials string
	// pools are ProviderARNs, COGNITO_USER_POOLS only.
	pools []string
	// trust is JwtConfiguration, JWT only.
	trust trust
}
