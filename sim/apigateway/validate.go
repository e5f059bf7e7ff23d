package apigateway

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"claimcheck/sim/cloudformation"
	"claimcheck/sim/jsonschema"
)

// validator is one AWS::ApiGateway::RequestValidator.
type validator struct{ body, parameters bool }

// model is one AWS::ApiGateway::Model.
type model struct {
	document any
	schema   *jsonschema.Schema
}

type validatorProperties struct {
	RestApiId                 string `aws:"required"`
	Name                      string
	ValidateRequestBody       bool
	ValidateRequestParameters bool
}

type modelProperties struct {
	RestApiId   string `aws:"required"`
	Name        string
	ContentType string
	Schema      any
	_           struct{} `noeffect:"Description"`
}

func (g *Gateway) createValidator(_ cloudformation.Resource, p validatorProperties) (cloudformation.Created, error) {
	a, err := g.findAPI(p.RestApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	id := g.newID(shortID)
	a.draft.validators[id] = validator{body: p.ValidateRequestBody, parameters: p.ValidateRequestParameters}
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"RequestValidatorId": id}}, nil
}

// createModel takes a schema of JSON Schema draft 4.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
func (g *Gateway) createModel(r cloudformation.Resource, p modelProperties) (cloudformation.Created, error) {
	a, err := g.findAPI(p.RestApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	name := p.Name
	if name == "" {
		name = regexp.MustCompile("[^a-zA-Z0-9]").ReplaceAllString(r.LogicalID, "") + g.newID(idLength)
	}
	if !regexp.MustCompile("^[a-zA-Z0-9]+$").MatchString(name) {
		return cloudformation.Created{}, badRequest("Model name must be alphanumeric: %s", name)
	}
	if _, taken := a.draft.models[name]; taken {
		return cloudformation.Created{}, conflict("Model name already exists for this REST API")
	}
	if p.Schema == nil {
		p.Schema = map[string]any{}
	}
	schema, err := a.draft.compile(name, p.Schema)
	if err != nil {
		return cloudformation.Created{}, err
	}
	a.draft.models[name] = model{document: p.Schema, schema: schema}
	return cloudformation.Created{Ref: name}, nil
}

// compile reads the schema of a model, which may refer to other models.
func (d definition) compile(name string, document any) (*jsonschema.Schema, error) {
	schema, err := jsonschema.Compile(document, d.referred)
	if err != nil {
		return nil, notSimulated("the schema of model %s: %s", name, err)
	}
	return schema, nil
}

// referred finds the model in a $ref, which names it by
// https://apigateway.amazonaws.com/restapis/API/models/NAME, or as OpenAPI does.
func (d definition) referred(ref string) (any, error) {
	name := ref[strings.LastIndex(ref, "/")+1:]
	m, ok := d.models[name]
	named := strings.Contains(ref, "/models/") || strings.HasPrefix(ref, "#/")
	if !ok || !named {
		return nil, fmt.Errorf("$ref %s: no such model", ref)
	}
	return m.document, nil
}

// checkRequest says what is wrong with a method's declarations of its request.
func (d definition) checkRequest(p methodProperties) error {
	for _, name := range slices.Sorted(maps.Keys(p.RequestParameters)) {
		if _, ok := parseTarget(name, "method.request.", "header", "querystring", "path", "multivaluequerystring", "multivalueheader"); !ok {
			return badRequest("Invalid mapping expression specified: %s", name)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(p.RequestModels)) {
		if _, ok := d.models[p.RequestModels[kind]]; !ok {
			return notFound("Invalid model identifier specified: %s", p.RequestModels[kind])
		}
	}
	if _, ok := d.validators[p.RequestValidatorId]; !ok && p.RequestValidatorId != "" {
		return badRequest("Invalid Request Validator identifier specified")
	}
	return nil
}

// validate is phase 8, for a method with a validator:
//
//  1. the required parameters are there and not blank (400)
//  2. the body fits the model for its content type, or $default; a content type
//     without a model is not looked at (400)
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
func (c *call) validate() error {
	v, ok := c.stage.deployment.validators[c.method.validator]
	if !ok {
		return nil
	}
	// 1
	if v.parameters {
		missing := c.missingParameters()
		found := cmp.Or(strings.Join(missing, ", "), "nothing")
		if !c.span.Decide(RuleParameters, len(missing) == 0, "no required parameter missing", found) {
			return &refusal{kind: badRequestParameters, exception: "BadRequestException",
				message: "Missing required request parameters: [" + strings.Join(missing, ", ") + "]"}
		}
	}
	// 2
	name, ok := c.method.models[contentType(c.request.Header)]
	if !ok {
		name, ok = c.method.models["$default"]
	}
	if !v.body || !ok {
		return nil
	}
	faults := c.stage.deployment.models[name].schema.Faults(c.request.Body)
	if !c.span.Decide(RuleBody, len(faults) == 0, "a body that fits the model "+name, cmp.Or(short(strings.Join(faults, "; ")), "it does")) {
		return &refusal{kind: badRequestBody, message: "Invalid request body", exception: "BadRequestException", faults: faults}
	}
	return nil
}

// missingParameters are the names of the required parameters that the request
// has not, or has blank.
func (c *call) missingParameters() []string {
	var missing []string
	for _, source := range slices.Sorted(maps.Keys(c.method.required)) {
		place, name, _ := strings.Cut(strings.TrimPrefix(source, "method.request."), ".")
		value := ""
		switch strings.TrimPrefix(place, "multivalue") {
		case "header":
			value = c.request.Header.Get(name)
		case "querystring":
			value = c.query.Get(name)
		case "path":
			value = c.parameters[name]
		}
		if c.method.required[source] && strings.TrimSpace(value) == "" {
			missing = append(missing, name)
		}
	}
	return missing
}
