package apigateway

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

const (
	idLength     = 10
	shortID      = 6
	apiKeyLength = 40
	// longestPolicy is the most that a resource policy may have, in characters.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
	longestPolicy = 8192
)

func badRequest(format string, args ...any) *awserr.Error {
	return awserr.New("BadRequestException", format, args...)
}

func notFound(format string, args ...any) *awserr.Error {
	return awserr.WithStatus(404, "NotFoundException", format, args...)
}

func conflict(format string, args ...any) *awserr.Error {
	return awserr.WithStatus(409, "ConflictException", format, args...)
}

// notSimulated is the error for what AWS has and the simulation does not.
func notSimulated(format string, args ...any) error {
	return fmt.Errorf("AWS has it, the simulation does not: "+format, args...)
}

func (g *Gateway) findAPI(id string) (*restAPI, error) {
	a, ok := g.apis[id]
	if !ok {
		return nil, notFound("Invalid API identifier specified %s:%s", g.world.Account(), id)
	}
	return a, nil
}

func (g *Gateway) newID(length int) string { return g.world.Token(length, api.LowerAlphanumeric) }

// createRestAPI makes an API. What its Body says of the API itself wins over the
// properties.
func (g *Gateway) createRestAPI(_ cloudformation.Resource, p restAPIProperties) (cloudformation.Created, error) {
	document, err := readOpenAPI(p.Body)
	if err != nil {
		return cloudformation.Created{}, err
	}
	p.Name, p.ApiKeySourceType = cmp.Or(document.Info.Title, p.Name), cmp.Or(document.KeySource, p.ApiKeySourceType)
	if document.Policy != nil {
		p.Policy = document.Policy
	}
	if p.Name == "" {
		return cloudformation.Created{}, badRequest("Name cannot be empty.")
	}
	for _, kind := range p.EndpointConfiguration.Types {
		if kind == "PRIVATE" {
			return cloudformation.Created{}, notSimulated("a PRIVATE endpoint")
		}
	}
	a := &restAPI{
		id: g.newID(idLength), rootID: g.newID(idLength),
		draft: newDefinition(), deployments: map[string]*deployment{}, stages: map[string]*stage{},
	}
	policy, err := g.readPolicy(p.Policy, a.id)
	if err != nil {
		return cloudformation.Created{}, err
	}
	a.draft.policy, a.draft.closed = policy, p.DisableExecuteApiEndpoint
	a.draft.keyFromAuthorizer = p.ApiKeySourceType == "AUTHORIZER"
	a.draft.resources[a.rootID] = resource{id: a.rootID, path: "/"}
	g.apis[a.id] = a
	if err := g.load(a, document); err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: a.id, Attributes: map[string]string{"RestApiId": a.id, "RootResourceId": a.rootID}}, nil
}

// readPolicy takes a resource policy as a document or as JSON text and writes
// out its resources, which may be short: execute-api:/STAGE/VERB/PATH. Its length
// is that of the JSON text without white space.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
func (g *Gateway) readPolicy(policy any, apiID string) (any, error) {
	if text, ok := policy.(string); ok {
		policy = nil
		if err := json.Unmarshal([]byte(text), &policy); err != nil {
			return nil, badRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.")
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // which would make six characters of one
	if err := encoder.Encode(policy); err != nil {
		return nil, fmt.Errorf("the policy cannot be written as JSON: %w", err)
	}
	// The limit is documented, the error's code and wording are not.
	if length := utf8.RuneCount(bytes.TrimSpace(text.Bytes())); length > longestPolicy {
		return nil, badRequest("Invalid policy document. It has %d characters, and the limit is %d.", length, longestPolicy)
	}
	return writeOut(policy, "arn:aws:execute-api:"+g.world.Region()+":"+g.world.Account()+":"+apiID+"/"), nil
}

// writeOut copies a policy with short resources made long.
func writeOut(policy any, prefix string) any {
	switch v := policy.(type) {
	case map[string]any:
		long := make(map[string]any, len(v))
		for key, value := range v {
			long[key] = writeOut(value, prefix)
		}
		return long
	case []any:
		long := make([]any, len(v))
		for i, value := range v {
			long[i] = writeOut(value, prefix)
		}
		return long
	case string:
		if path, ok := strings.CutPrefix(v, "execute-api:/"); ok {
			return prefix + path
		}
	}
	return policy
}

func (g *Gateway) createResource(_ cloudformation.Resource, p resourceProperties) (cloudformation.Created, error) {
	a, err := g.findAPI(p.RestApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	parent, ok := a.draft.resources[p.ParentId]
	if !ok {
		return cloudformation.Created{}, notFound("Invalid Resource identifier specified")
	}
	if err := a.draft.admits(parent, p.PathPart); err != nil {
		return cloudformation.Created{}, err
	}
	r := resource{id: g.newID(shortID), parent: parent.id, part: p.PathPart, path: strings.TrimSuffix(parent.path, "/") + "/" + p.PathPart}
	a.draft.resources[r.id] = r
	return cloudformation.Created{Ref: r.id, Attributes: map[string]string{"ResourceId": r.id}}, nil
}

// admits says why a path part cannot be added below a resource, nil if it can.
func (d definition) admits(parent resource, part string) error {
	legal, err := regexp.MatchString(`^([a-zA-Z0-9._\-:]+|\{[a-zA-Z0-9._\-:]+\+?\})$`, part)
	if err != nil || !legal {
		return badRequest("Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.")
	}
	if _, greedy := variable(parent.part); greedy {
		return badRequest("Cannot create a child of a resource with a greedy path variable: %s", parent.part)
	}
	name, greedy := variable(part)
	for _, id := range slices.Sorted(maps.Keys(d.resources)) {
		sibling := d.resources[id]
		if sibling.parent != parent.id {
			continue
		}
		if sibling.part == part {
			return conflict("Another resource with the same parent already has this name: %s", part)
		}
		if other, otherGreedy := variable(sibling.part); name != "" && other != "" && greedy == otherGreedy {
			return badRequest("A sibling (%s) of this resource already has a variable path part -- only one is allowed", sibling.part)
		}
	}
	return nil
}

func (g *Gateway) createMethod(r cloudformation.Resource, p methodProperties) (cloudformation.Created, error) {
	a, err := g.findAPI(p.RestApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if _, ok := a.draft.resources[p.ResourceId]; !ok {
		return cloudformation.Created{}, notFound("Invalid Resource identifier specified")
	}
	key := methodKey{resource: p.ResourceId, verb: p.HttpMethod}
	if _, ok := a.draft.methods[key]; ok {
		return cloudformation.Created{}, conflict("Method already exists for this resource")
	}
	if err := a.draft.checkAuthorization(p); err != nil {
		return cloudformation.Created{}, err
	}
	if err := a.draft.checkRequest(p); err != nil {
		return cloudformation.Created{}, err
	}
	done, err := newIntegration(p)
	if err != nil {
		return cloudformation.Created{}, err
	}
	a.draft.methods[key] = method{
		verb: p.HttpMethod, authorization: p.AuthorizationType, authorizer: p.AuthorizerId,
		scopes: p.AuthorizationScopes, integration: done, keyRequired: p.ApiKeyRequired,
		validator: p.RequestValidatorId, required: p.RequestParameters, models: p.RequestModels,
	}
	return cloudformation.Created{Ref: r.Stack + "-" + r.LogicalID + "-" + g.newID(idLength)}, nil
}

// checkAuthorization says what is wrong with a method's authorization.
func (d definition) checkAuthorization(p methodProperties) error {
	var kinds []string
	switch p.AuthorizationType {
	case "":
		return badRequest("Enumeration value for authorizationType must be non-empty")
	case "JWT":
		kinds = []string{"JWT"}
	case "CUSTOM":
		kinds = []string{"TOKEN", "REQUEST"}
	case "COGNITO_USER_POOLS":
		kinds = []string{"COGNITO_USER_POOLS"}
	default:
		return nil
	}
	// https://github.com/serverless/serverless/issues/1056
	if authorizer, ok := d.authorizers[p.AuthorizerId]; !ok || !slices.Contains(kinds, authorizer.kind) {
		return badRequest("Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.")
	}
	return nil
}

func (g *Gateway) createDeployment(_ cloudformation.Resource, p deploymentProperties) (cloudformation.Created, error) {
	a, err := g.findAPI(p.RestApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	// https://github.com/getmoto/moto/issues/9466
	if len(a.draft.methods) == 0 {
		return cloudformation.Created{}, badRequest("The REST API doesn't contain any methods")
	}
	for _, m := range a.draft.methods {
		if m.integration == nil {
			return cloudformation.Created{}, notFound("No integration defined for method")
		}
	}
	d := newDeployment(g.newID(shortID), a.rootID, a.draft)
	a.deployments[d.id] = d
	created := cloudformation.Created{Ref: d.id, Attributes: map[string]string{"DeploymentId": d.id}}
	if p.StageName != "" {
		a.point(p.StageName, d)
		created.Extra = map[string]string{"Url": g.stageURL(a.id, p.StageName)}
	}
	return created, nil
}

// point makes a stage serve a deployment; a stage that is there keeps its
// variables.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
func (a *restAPI) point(name string, d *deployment) {
	if s, ok := a.stages[name]; ok {
		s.deployment = d
		return
	}
	a.stages[name] = &stage{name: name, deployment: d}
}

func (g *Gateway) createStage(_ cloudformation.Resource, p stageProperties) (cloudformation.Created, error) {
	a, err := g.findAPI(p.RestApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	d, ok := a.deployments[p.DeploymentId]
	if !ok {
		return cloudformation.Created{}, badRequest("Invalid deployment identifier specified")
	}
	if legal, err := regexp.MatchString(`^[a-zA-Z0-9_-]+$`, p.StageName); err != nil || !legal {
		return cloudformation.Created{}, badRequest("Stage name only allows a-zA-Z0-9_-")
	}
	if _, ok := a.stages[p.StageName]; ok {
		return cloudformation.Created{}, conflict("Stage already exists")
	}
	s, err := a.newStage(p, d)
	if err != nil {
		return cloudformation.Created{}, err
	}
	a.stages[p.StageName] = s
	return cloudformation.Created{Ref: p.StageName, Extra: map[string]string{"Url": g.stageURL(a.id, p.StageName)}}, nil
}

func (a *restAPI) newStage(p stageProperties, d *deployment) (*stage, error) {
	legal := regexp.MustCompile(`^[A-Za-z0-9-._~:/?#&=,]+$`)
	for _, name := range slices.Sorted(maps.Keys(p.Variables)) {
		if value := p.Variables[name]; !legal.MatchString(value) {
			return nil, badRequest("Stage variable value %s is not legal: it can only contain alphanumeric characters and -._~:/?#&=,", value)
		}
	}
	s := &stage{name: p.StageName, deployment: d, variables: p.Variables, limits: map[string]rateLimit{}}
	for _, m := range p.MethodSettings {
		s.limits[settingFor(m)] = newRateLimit(throttleProperties{BurstLimit: m.ThrottlingBurstLimit, RateLimit: m.ThrottlingRateLimit})
	}
	if p.CanarySetting == nil {
		return s, nil
	}
	trial, ok := a.deployments[p.CanarySetting.DeploymentId]
	if !ok || p.CanarySetting.PercentTraffic < 0 || p.CanarySetting.PercentTraffic > 100 {
		return nil, badRequest("Invalid canary setting: it needs a deployment, and a percentage between 0.0 and 100.0")
	}
	variables := maps.Clone(p.Variables)
	if variables == nil {
		variables = map[string]string{}
	}
	maps.Copy(variables, p.CanarySetting.StageVariableOverrides)
	s.canary = &canary{percent: p.CanarySetting.PercentTraffic, stage: &stage{name: p.StageName, deployment: trial, variables: variables, limits: s.limits}}
	return s, nil
}

func (g *Gateway) createGatewayResponse(_ cloudformation.Resource, p gatewayResponseProperties) (cloudformation.Created, error) {
	a, err := g.findAPI(p.RestApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	response, err := newGatewayResponse(p)
	if err != nil {
		return cloudformation.Created{}, err
	}
	a.draft.responses[responseType(p.ResponseType)] = response
	id := g.newID(idLength)
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"Id": id}}, nil
}
