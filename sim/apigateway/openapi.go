package apigateway

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

// openAPIDocument is an API definition in OpenAPI 3.0 or 2.0 with API Gateway's
// extensions. What describes and decides nothing is passed over.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
type openAPIDocument struct {
	Info struct {
		Title string `json:"title"`
	} `json:"info"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas         map[string]any            `json:"schemas"`
		SecuritySchemes map[string]securityScheme `json:"securitySchemes"`
	} `json:"components"`
	// Definitions and SecurityDefinitions are OpenAPI 2.0's.
	Definitions         map[string]any            `json:"definitions"`
	SecurityDefinitions map[string]securityScheme `json:"securityDefinitions"`
	Security            []map[string][]string     `json:"security"`

	Validators map[string]struct {
		Body       bool `json:"validateRequestBody"`
		Parameters bool `json:"validateRequestParameters"`
	} `json:"x-amazon-apigateway-request-validators"`
	Validator string `json:"x-amazon-apigateway-request-validator"`
	Responses map[string]struct {
		StatusCode any               `json:"statusCode"`
		Parameters map[string]string `json:"responseParameters"`
		Templates  map[string]string `json:"responseTemplates"`
	} `json:"x-amazon-apigateway-gateway-responses"`
	Policy    any    `json:"x-amazon-apigateway-policy"`
	KeySource string `json:"x-amazon-apigateway-api-key-source"`
}

// securityScheme is an API key or, with AuthType, an authorizer.
type securityScheme struct {
	Type       string             `json:"type"`
	Name       string             `json:"name"`
	In         string             `json:"in"`
	AuthType   string             `json:"x-amazon-apigateway-authtype"`
	Authorizer *openAPIAuthorizer `json:"x-amazon-apigateway-authorizer"`
}

type openAPIAuthorizer struct {
	Type           string   `json:"type"`
	ProviderARNs   []string `json:"providerARNs"`
	URI            string   `json:"authorizerUri"`
	Credentials    string   `json:"authorizerCredentials"`
	IdentitySource string   `json:"identitySource"`
	Validation     string   `json:"identityValidationExpression"`
	TTL            *int     `json:"authorizerResultTtlInSeconds"`
}

type operation struct {
	Parameters []struct {
		Name     string         `json:"name"`
		In       string         `json:"in"`
		Required bool           `json:"required"`
		Schema   map[string]any `json:"schema"`
	} `json:"parameters"`
	RequestBody struct {
		Content map[string]struct {
			Schema map[string]any `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Headers map[string]any `json:"headers"`
	} `json:"responses"`
	Security    []map[string][]string `json:"security"`
	Integration json.RawMessage       `json:"x-amazon-apigateway-integration"`
	Validator   string                `json:"x-amazon-apigateway-request-validator"`
	Auth        struct {
		Type string `json:"type"`
	} `json:"x-amazon-apigateway-auth"`
}

// openAPIIntegration has every key that it may have, so that another is found.
type openAPIIntegration struct {
	Type              string            `json:"type"`
	HTTPMethod        string            `json:"httpMethod"`
	URI               string            `json:"uri"`
	Credentials       string            `json:"credentials"`
	Passthrough       string            `json:"passthroughBehavior"`
	Timeout           int               `json:"timeoutInMillis"`
	RequestTemplates  map[string]string `json:"requestTemplates"`
	RequestParameters map[string]string `json:"requestParameters"`
	Responses         map[string]struct {
		StatusCode any               `json:"statusCode"`
		Templates  map[string]string `json:"responseTemplates"`
		Parameters map[string]string `json:"responseParameters"`
	} `json:"responses"`
}

// readOpenAPI reads the Body of an API.
func readOpenAPI(body any) (openAPIDocument, error) {
	var d openAPIDocument
	if text, ok := body.(string); ok {
		return d, notSimulated("a Body that is text: write it as an object, found %s", quoteShort(text))
	}
	text, err := json.Marshal(body)
	if err != nil {
		return d, notSimulated("the Body: %s", err)
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return d, badRequest("Invalid OpenAPI input: %s", err)
	}
	return d, nil
}

// load puts a definition into the draft of an API, in this order: models,
// validators, authorizers, gateway responses, and then path by path the
// resources and their methods.
func (g *Gateway) load(a *restAPI, d openAPIDocument) error {
	if err := g.loadModels(a, d); err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(d.Responses)) {
		r := d.Responses[kind]
		response, err := newGatewayResponse(gatewayResponseProperties{
			StatusCode: statusText(r.StatusCode), ResponseParameters: r.Parameters, ResponseTemplates: r.Templates,
		})
		if err != nil {
			return err
		}
		a.draft.responses[responseType(kind)] = response
	}
	validators := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(d.Validators)) {
		validators[name] = g.newID(shortID)
		a.draft.validators[validators[name]] = validator{body: d.Validators[name].Body, parameters: d.Validators[name].Parameters}
	}
	schemes, err := g.loadSchemes(a, d)
	if err != nil {
		return err
	}
	loader := loader{Gateway: g, api: a, document: d, schemes: schemes, validators: validators}
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		if err := loader.path(path); err != nil {
			return err
		}
	}
	return nil
}

// loadModels takes the schemas; those of OpenAPI refer to one another by
// #/components/schemas/NAME or #/definitions/NAME.
func (g *Gateway) loadModels(a *restAPI, d openAPIDocument) error {
	for _, schemas := range []map[string]any{d.Components.Schemas, d.Definitions} {
		for name, schema := range schemas {
			a.draft.models[name] = model{document: schema}
		}
	}
	for _, schemas := range []map[string]any{d.Components.Schemas, d.Definitions} {
		for _, name := range slices.Sorted(maps.Keys(schemas)) {
			compiled, err := a.draft.compile(name, schemas[name])
			if err != nil {
				return err
			}
			a.draft.models[name] = model{document: schemas[name], schema: compiled}
		}
	}
	return nil
}

// loadSchemes makes the authorizers and returns the ids of them by the name of
// their security scheme.
func (g *Gateway) loadSchemes(a *restAPI, d openAPIDocument) (map[string]string, error) {
	ids := map[string]string{}
	for _, schemes := range []map[string]securityScheme{d.Components.SecuritySchemes, d.SecurityDefinitions} {
		for _, name := range slices.Sorted(maps.Keys(schemes)) {
			s := schemes[name]
			if s.Authorizer == nil {
				continue
			}
			source := s.Authorizer.IdentitySource
			if source == "" && s.In == "header" && s.Authorizer.Type != "request" {
				source = "method.request.header." + s.Name
			}
			made, err := newAuthorizer(authorizerProperties{
				Name: name, Type: strings.ToUpper(s.Authorizer.Type), ProviderARNs: s.Authorizer.ProviderARNs, AuthorizerUri: s.Authorizer.URI,
				AuthorizerCredentials: s.Authorizer.Credentials, IdentitySource: source,
				IdentityValidationExpression: s.Authorizer.Validation, AuthorizerResultTtlInSeconds: s.Authorizer.TTL,
			})
			if err != nil {
				return nil, err
			}
			made.id = g.newID(shortID)
			a.draft.authorizers[made.id] = made
			ids[name] = made.id
		}
	}
	return ids, nil
}

// loader makes the resources and methods of a document.
type loader struct {
	*Gateway
	api      *restAPI
	document openAPIDocument
	// schemes are authorizers' ids and validators those of validators, by name.
	schemes, validators map[string]string
}

func (l loader) path(path string) error {
	parent := l.api.rootID
	for _, part := range segments(path) {
		id := ""
		for _, r := range l.api.draft.resources {
			if r.parent == parent && r.part == part {
				id = r.id
			}
		}
		if id == "" {
			created, err := l.createResource(cloudformation.Resource{}, resourceProperties{RestApiId: l.api.id, ParentId: parent, PathPart: part})
			if err != nil {
				return err
			}
			id = created.Ref
		}
		parent = id
	}
	for _, verb := range slices.Sorted(maps.Keys(l.document.Paths[path])) {
		if verb == "parameters" || verb == "summary" || verb == "description" || verb == "servers" {
			continue
		}
		if err := l.method(parent, path, verb, l.document.Paths[path][verb]); err != nil {
			return err
		}
	}
	return nil
}

func (l loader) method(resource, path, verb string, raw json.RawMessage) error {
	var o operation
	if err := json.Unmarshal(raw, &o); err != nil {
		return badRequest("Invalid OpenAPI input: %s %s: %s", verb, path, err)
	}
	p := methodProperties{RestApiId: l.api.id, ResourceId: resource, HttpMethod: strings.ToUpper(verb), AuthorizationType: "NONE"}
	if verb == "x-amazon-apigateway-any-method" {
		p.HttpMethod = "ANY"
	}
	if validator, ok := l.validators[cmp.Or(o.Validator, l.document.Validator)]; ok {
		p.RequestValidatorId = validator
	}
	l.authorize(&p, o)
	o.declare(&p)
	err := o.integrate(&p)
	if err == nil {
		_, err = l.createMethod(cloudformation.Resource{}, p)
	}
	var refused *awserr.Error
	if errors.As(err, &refused) {
		return badRequest("Errors found during import:\n\tUnable to put method '%s' on resource at path '%s': %s", p.HttpMethod, path, refused.Message)
	}
	return err
}

// authorize reads the security of a method: an authorizer with its scopes, SigV4
// or an API key.
func (l loader) authorize(p *methodProperties, o operation) {
	if strings.EqualFold(o.Auth.Type, "AWS_IAM") {
		p.AuthorizationType = "AWS_IAM"
	}
	security := o.Security
	if security == nil {
		security = l.document.Security
	}
	for _, requirement := range security {
		for name, scopes := range requirement {
			l.require(p, name, scopes)
		}
	}
}

func (l loader) require(p *methodProperties, name string, scopes []string) {
	scheme, ok := l.document.Components.SecuritySchemes[name]
	if !ok {
		scheme = l.document.SecurityDefinitions[name]
	}
	id, isAuthorizer := l.schemes[name]
	switch {
	case isAuthorizer && l.api.draft.authorizers[id].kind == "COGNITO_USER_POOLS":
		p.AuthorizationType, p.AuthorizerId, p.AuthorizationScopes = "COGNITO_USER_POOLS", id, scopes
	case isAuthorizer:
		p.AuthorizationType, p.AuthorizerId = "CUSTOM", id
	case strings.EqualFold(scheme.AuthType, "awsSigv4"):
		p.AuthorizationType = "AWS_IAM"
	case scheme.Type == "apiKey" && strings.EqualFold(scheme.Name, "x-api-key"):
		p.ApiKeyRequired = true
	}
}

// declare reads the parameters, models and responses of a method.
func (o operation) declare(p *methodProperties) {
	p.RequestParameters, p.RequestModels = map[string]bool{}, map[string]string{}
	for _, parameter := range o.Parameters {
		place := map[string]string{"query": "querystring", "header": "header", "path": "path"}[parameter.In]
		if place != "" {
			p.RequestParameters["method.request."+place+"."+parameter.Name] = parameter.Required
		}
		if name := modelName(parameter.Schema); parameter.In == "body" && name != "" {
			p.RequestModels["application/json"] = name
		}
	}
	for kind, content := range o.RequestBody.Content {
		if name := modelName(content.Schema); name != "" {
			p.RequestModels[kind] = name
		}
	}
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		r := methodResponse{StatusCode: status, ResponseParameters: map[string]bool{}}
		for name := range o.Responses[status].Headers {
			r.ResponseParameters["method.response.header."+name] = false
		}
		p.MethodResponses = append(p.MethodResponses, r)
	}
}

// modelName is the model that a schema refers to, "" for one written in place.
func modelName(schema map[string]any) string {
	ref, _ := schema["$ref"].(string)
	return ref[strings.LastIndex(ref, "/")+1:]
}

// integrate reads x-amazon-apigateway-integration; a method may go without.
func (o operation) integrate(p *methodProperties) error {
	if len(o.Integration) == 0 {
		return nil
	}
	var i openAPIIntegration
	decoder := json.NewDecoder(bytes.NewReader(o.Integration))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&i); err != nil {
		return notSimulated("x-amazon-apigateway-integration: %s", err)
	}
	p.Integration = &integrationProperties{
		Type: strings.ToUpper(i.Type), IntegrationHttpMethod: strings.ToUpper(i.HTTPMethod), Uri: i.URI, Credentials: i.Credentials,
		PassthroughBehavior: strings.ToUpper(i.Passthrough), TimeoutInMillis: i.Timeout,
		RequestTemplates: i.RequestTemplates, RequestParameters: i.RequestParameters,
	}
	for _, pattern := range slices.Sorted(maps.Keys(i.Responses)) {
		r := i.Responses[pattern]
		if pattern == "default" {
			pattern = ""
		}
		p.Integration.IntegrationResponses = append(p.Integration.IntegrationResponses, integrationResponse{
			StatusCode: statusText(r.StatusCode), SelectionPattern: pattern, ResponseTemplates: r.Templates, ResponseParameters: r.Parameters,
		})
	}
	return nil
}

// statusText is a status that is written as text or as a number.
func statusText(status any) string {
	if number, ok := status.(float64); ok {
		return strconv.Itoa(int(number))
	}
	text, _ := status.(string)
	return text
}
