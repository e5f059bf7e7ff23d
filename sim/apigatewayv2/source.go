package apigatewayv2

import (
	"slices"
	"strings"
)

// The places of an identity source and of a mapped value.
const (
	placeHeader  = "$request.header."
	placeQuery   = "$request.querystring."
	placeContext = "$context."
	placeStage   = "$stageVariables."
)

// identitySource is one place where an authorizer finds the identity.
type identitySource struct {
	// place is the selection expression up to the name.
	place, name string
}

// contextSources are the context variables that are simulated as identity
// sources. routeKey keeps the cached answers of routes apart.
func contextSources() []string { return []string{"routeKey", "httpMethod", "path", "stage"} }

// parseSources reads IdentitySource; unknown is the first expression that is
// not simulated.
func parseSources(list []string) (sources []identitySource, unknown string) {
	for _, text := range list {
		source, ok := parseSource(text)
		if !ok {
			return nil, text
		}
		sources = append(sources, source)
	}
	return sources, ""
}

func parseSource(text string) (identitySource, bool) {
	for _, place := range []string{placeHeader, placeQuery, placeContext, placeStage} {
		name, ok := strings.CutPrefix(text, place)
		if !ok || name == "" {
			continue
		}
		return identitySource{place: place, name: name}, place != placeContext || slices.Contains(contextSources(), name)
	}
	return identitySource{}, false
}

// String names the source as a learner would.
func (s identitySource) String() string {
	switch s.place {
	case placeHeader:
		return "the header " + s.name
	case placeQuery:
		return "the query parameter " + s.name
	case placeStage:
		return "the stage variable " + s.name
	}
	return s.place + s.name
}

// read returns what the request has at the source, "" for nothing. Header names
// have no case, names of query parameters do.
func (s identitySource) read(c *call) string {
	switch s.place {
	case placeHeader:
		return c.request.Header.Get(s.name)
	case placeQuery:
		return c.query.Get(s.name)
	case placeStage:
		return c.stage.variables[s.name]
	}
	return map[string]string{
		"routeKey": c.route.key, "httpMethod": c.request.Method, "path": c.path, "stage": c.stage.name,
	}[s.name]
}

// bearer is a token without "Bearer " in front.
func bearer(value string) string {
	if scheme, token, ok := strings.Cut(value, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return token
	}
	return value
}
