package apigatewayv2

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
)

// mapping is one parameter mapping of an integration: it appends to, overwrites
// or removes a part of the request or the response.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
type mapping struct {
	// action is append, overwrite or remove.
	action string
	// place is header, querystring, path or statuscode.
	place, name string
	value       mappedValue
}

// mappedValue is a selection expression, or text that is taken as it is.
type mappedValue struct {
	// place is an identity source's or one of the places below, "" for text.
	place, name string
}

// The places of mapped values beside those of identity sources.
const (
	placePath           = "$request.path."
	placeWholePath      = "$request.path"
	placeResponseHeader = "$response.header."
	placeClaim          = "$context.authorizer.claims."
	placeAuthorizer     = "$context.authorizer."
)

// mappableContext are the variables of $context, beside the authorizer's, that
// a mapping may use.
func mappableContext() []string {
	return []string{"httpMethod", "path", "requestId", "routeKey", "stage", "identity.sourceIp"}
}

// parseValue reads the right side of a mapping; ok is false for an expression
// that is not simulated.
func parseValue(text string) (v mappedValue, ok bool) {
	if text == placeWholePath {
		return mappedValue{place: placeWholePath}, true
	}
	for _, place := range []string{placePath, placeHeader, placeQuery, placeStage, placeResponseHeader, placeClaim, placeAuthorizer} {
		if name, found := strings.CutPrefix(text, place); found && name != "" {
			return mappedValue{place: place, name: name}, true
		}
	}
	if name, found := strings.CutPrefix(text, placeContext); found {
		return mappedValue{place: placeContext, name: name}, slices.Contains(mappableContext(), name)
	}
	return mappedValue{name: text}, !strings.Contains(text, "$")
}

// read returns the value; response is nil while there is none.
func (v mappedValue) read(c *call, response api.Header) string {
	switch v.place {
	case "":
		return v.name
	case placePath:
		return c.parameters[v.name]
	case placeWholePath:
		return c.rest
	case placeHeader, placeQuery, placeStage:
		return identitySource(v).read(c)
	case placeResponseHeader:
		return response.Get(v.name)
	case placeClaim:
		return claimTexts(c.caller.token.claims)[v.name]
	case placeAuthorizer:
		return c.authorizerValue(v.name)
	}
	return map[string]string{
		"httpMethod": c.request.Method, "path": c.path, "requestId": c.id, "routeKey": c.route.key,
		"stage": c.stage.name, "identity.sourceIp": c.request.SourceIP,
	}[v.name]
}

// authorizerValue is $context.authorizer.NAME, from a Lambda authorizer.
func (c *call) authorizerValue(name string) string {
	if name == "principalId" {
		return c.caller.answer.principalID
	}
	value, ok := c.caller.answer.context[name]
	if !ok {
		return ""
	}
	return claimText(value)
}

// newRequestMappings reads RequestParameters, in the order of their keys.
func newRequestMappings(parameters map[string]string) ([]mapping, error) {
	var mappings []mapping
	for _, target := range slices.Sorted(maps.Keys(parameters)) {
		m, err := newMapping(target, parameters[target], []string{"header", "querystring", "path"})
		if err != nil {
			return nil, err
		}
		mappings = append(mappings, m)
	}
	return mappings, nil
}

// newResponseMappings reads ResponseParameters, by status.
func newResponseMappings(byStatus map[string]responseParameters) (map[int][]mapping, error) {
	mappings := map[int][]mapping{}
	for _, text := range slices.Sorted(maps.Keys(byStatus)) {
		status, err := strconv.Atoi(text)
		if err != nil {
			return nil, badRequest("Invalid status code: %s", text)
		}
		for _, p := range byStatus[text].ResponseParameters {
			m, err := newMapping(p.Destination, p.Source, []string{"header", "statuscode"})
			if err != nil {
				return nil, err
			}
			mappings[status] = append(mappings[status], m)
		}
	}
	return mappings, nil
}

func newMapping(target, text string, places []string) (mapping, error) {
	action, destination, _ := strings.Cut(target, ":")
	place, name, _ := strings.Cut(destination, ".")
	named := place == "header" || place == "querystring"
	if !slices.Contains([]string{"append", "overwrite", "remove"}, action) || !slices.Contains(places, place) || named == (name == "") ||
		!named && action != "overwrite" {
		return mapping{}, badRequest("Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: %s]", target)
	}
	if place == "header" && isReserved(name) {
		return mapping{}, badRequest("Operations on header %s are restricted", strings.ToLower(name))
	}
	value, ok := parseValue(text)
	if !ok {
		return mapping{}, notSimulated("the mapping of %s from %q", target, text)
	}
	return mapping{action: action, place: place, name: name, value: value}, nil
}

// isReserved reports whether parameter mapping must leave a header alone.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
func isReserved(header string) bool {
	header = strings.ToLower(header)
	for _, prefix := range []string{"access-control-", "apigw-", "x-amz-", "x-amzn-"} {
		if strings.HasPrefix(header, prefix) {
			return true
		}
	}
	return slices.Contains([]string{
		"authorization", "connection", "content-encoding", "content-length", "content-location", "forwarded", "keep-alive",
		"origin", "proxy-authenticate", "proxy-authorization", "te", "trailers", "transfer-encoding", "upgrade",
		"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via",
	}, header)
}

// mapRequest applies request mappings; every value is read from the request as
// it came.
func (c *call) mapRequest(mappings []mapping) {
	values := make([]string, len(mappings))
	for i, m := range mappings {
		values[i] = m.value.read(c, nil)
	}
	for i, m := range mappings {
		switch m.place {
		case "header":
			m.apply(c.request.Header, values[i])
		case "querystring":
			m.apply(api.Header(c.query), values[i])
		default:
			c.mappedPath = values[i]
		}
	}
}

// apply changes one header or query parameter.
func (m mapping) apply(values map[string][]string, value string) {
	name := m.name
	if m.place == "header" {
		name = strings.ToLower(name)
	}
	switch m.action {
	case "remove":
		delete(values, name)
	case "overwrite":
		values[name] = []string{value}
	default:
		values[name] = append(values[name], value)
	}
}
