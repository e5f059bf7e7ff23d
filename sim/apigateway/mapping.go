package apigateway

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/vtl"
)

// requestMapping makes the request to a back end out of the request to a method:
// parameters, and a body by the template for its content type.
type requestMapping struct {
	templates map[string]*vtl.Template
	// passthrough is PassthroughBehavior.
	passthrough string
	parameters  []parameterMapping
}

// parameterMapping is one entry of RequestParameters or ResponseParameters.
type parameterMapping struct {
	// place is header, querystring or path, and name the parameter there.
	place, name string
	// source is a mapping expression.
	source string
}

// backendRequest is what a back end is sent.
type backendRequest struct {
	body   string
	header api.Header
	query  url.Values
	path   map[string]string
}

// mapRequest makes the request to the back end, in these steps:
//
//  1. there is a template for the content type, or the body may pass (415)
//  2. the template is filled in
//  3. the parameters are set, and then what the template overrides
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
func (c *call) mapRequest(m requestMapping) (backendRequest, error) {
	b := backendRequest{body: c.request.Body, header: api.Header{}, query: url.Values{}, path: map[string]string{}}
	// 1
	kind := contentType(c.request.Header)
	template, mapped := m.templates[kind]
	passes := mapped || m.passthrough == "WHEN_NO_MATCH" || m.passthrough == "WHEN_NO_TEMPLATES" && len(m.templates) == 0
	if !c.span.Decide(RulePassthrough, passes, "a template for "+kind+", or a body that may pass", m.found(mapped)) {
		return b, &refusal{kind: unsupportedMediaType, message: "Unsupported Media Type", exception: "BadRequestException"}
	}
	// 2
	if mapped {
		var err error
		if b.body, err = c.fillTemplate(template, c.request.Body); err != nil {
			return b, err
		}
	}
	// 3
	for _, p := range m.parameters {
		value, err := c.requestSource(p.source)
		if err != nil {
			return b, err
		}
		b.set(p.place, p.name, value)
	}
	if c.context == nil {
		return b, nil
	}
	overrides, _ := c.context.Get("requestOverride").(*vtl.Map)
	for _, place := range []string{"header", "querystring", "path"} {
		values, _ := overrides.Get(place).(*vtl.Map)
		for _, name := range values.Keys() {
			b.set(place, name, vtl.Text(values.Get(name)))
		}
	}
	return b, nil
}

func (m requestMapping) found(mapped bool) string {
	switch {
	case mapped:
		return "a template"
	case len(m.templates) == 0:
		return "no templates, " + m.passthrough
	}
	return "templates for " + strings.Join(slices.Sorted(maps.Keys(m.templates)), ", ") + ", " + m.passthrough
}

func (b backendRequest) set(place, name, value string) {
	switch place {
	case "header":
		b.header.Set(name, value)
	case "querystring":
		b.query.Set(name, value)
	case "path":
		b.path[name] = value
	}
}

// contentType is the media type of a body; without a header it is JSON.
func contentType(header api.Header) string {
	kind, _, _ := strings.Cut(header.Get("content-type"), ";")
	return cmp.Or(strings.ToLower(strings.TrimSpace(kind)), "application/json")
}

// requestSource reads a mapping expression of the request.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
func (c *call) requestSource(expression string) (string, error) {
	if rest, ok := strings.CutPrefix(expression, "method.request."); ok {
		place, name, _ := strings.Cut(rest, ".")
		switch place {
		case "header":
			return c.request.Header.Get(name), nil
		case "querystring":
			return c.query.Get(name), nil
		case "path":
			return c.parameters[name], nil
		case "body":
			return bodySource(c.request.Body, name)
		}
	}
	return c.plainSource(expression)
}

// plainSource reads a mapping expression that requests and responses share: a
// literal, a stage variable, a member of the context.
func (c *call) plainSource(expression string) (string, error) {
	if text, ok := literal(expression); ok {
		return text, nil
	}
	if name, ok := strings.CutPrefix(expression, "stageVariables."); ok {
		return c.stage.variables[name], nil
	}
	if path, ok := strings.CutPrefix(expression, "context."); ok {
		context, err := c.contextVariable()
		if err != nil {
			return "", err
		}
		var value any = context
		for _, name := range strings.Split(path, ".") {
			switch v := value.(type) {
			case *vtl.Map:
				value = v.Get(name)
			case vtl.Object:
				value = v.Get(name)
			default:
				value = nil
			}
		}
		return vtl.Text(value), nil
	}
	return "", notSimulated("the mapping expression %s", expression)
}

// bodySource is the body itself, or what a JSONPath without $ finds in it.
func bodySource(body, path string) (string, error) {
	if path == "" {
		return body, nil
	}
	found, err := inputVariable{body: body}.path("$." + path)
	return vtl.Text(found), err
}

// newRequestMapping reads the request side of an integration. The method must
// declare the parameters that are mapped from its request.
func newRequestMapping(p *integrationProperties, declared map[string]bool) (requestMapping, error) {
	m := requestMapping{templates: map[string]*vtl.Template{}, passthrough: cmp.Or(p.PassthroughBehavior, "WHEN_NO_MATCH")}
	for _, kind := range slices.Sorted(maps.Keys(p.RequestTemplates)) {
		template, err := parseTemplate("RequestTemplates "+kind, p.RequestTemplates[kind])
		if err != nil {
			return m, err
		}
		m.templates[strings.ToLower(kind)] = template
	}
	for _, target := range slices.Sorted(maps.Keys(p.RequestParameters)) {
		mapped, ok := parseTarget(target, "integration.request.", "header", "querystring", "path")
		mapped.source = p.RequestParameters[target]
		if !ok {
			return m, invalidMapping(target)
		}
		if _, known := declared[mapped.source]; !known && needsDeclaring(mapped.source) {
			return m, invalidMapping(mapped.source)
		}
		m.parameters = append(m.parameters, mapped)
	}
	return m, nil
}

// needsDeclaring reports a parameter of the request that a method declares in
// its RequestParameters; the body needs no declaring.
func needsDeclaring(source string) bool {
	return strings.HasPrefix(source, "method.request.") && !strings.HasPrefix(source, "method.request.body")
}

// invalidMapping is AWS's answer to a mapping that does not fit the method:
// https://github.com/hashicorp/terraform-provider-aws/issues/4448
func invalidMapping(expression string) error {
	return badRequest("Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: %s]", expression)
}

// parseTarget reads PREFIXplace.name where the place is one of the given.
func parseTarget(target, prefix string, places ...string) (parameterMapping, bool) {
	rest, ok := strings.CutPrefix(target, prefix)
	place, name, dotted := strings.Cut(rest, ".")
	return parameterMapping{place: place, name: name}, ok && dotted && name != "" && slices.Contains(places, place)
}

// parseTemplate reads a mapping template; AWS takes any text and fails when it
// is used.
func parseTemplate(where, text string) (*vtl.Template, error) {
	template, err := vtl.Parse(text)
	if err != nil {
		return nil, notSimulated("%s: %s", where, err)
	}
	return template, nil
}

// short cuts a body to what fits a table.
func short(text string) string { return quoteShort(strings.Join(strings.Fields(text), " ")) }
