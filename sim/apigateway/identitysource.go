package apigateway

import (
	"slices"
	"strings"
)

// identitySource is one place where a Lambda authorizer finds the identity.
type identitySource struct {
	// place is "header", "querystring", "stageVariables" or "context".
	place string
	// name is in lower case for a header.
	name string
}

// sourcePrefixes are the spellings of IdentitySource by the place they mean.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-authorizer.html
func sourcePrefixes() map[string]string {
	return map[string]string{
		"method.request.header.":      "header",
		"method.request.querystring.": "querystring",
		"stageVariables.":             "stageVariables",
		"context.":                    "context",
	}
}

// contextSources are the request context's variables that are simulated as
// identity sources.
func contextSources() []string { return []string{"httpMethod", "path", "resourcePath", "stage"} }

// parseSources reads the comma-separated list of IdentitySource.
func parseSources(list string) ([]identitySource, bool) {
	var sources []identitySource
	if list == "" {
		return nil, true
	}
	for _, text := range strings.Split(list, ",") {
		source, ok := parseSource(strings.TrimSpace(text))
		if !ok {
			return nil, false
		}
		sources = append(sources, source)
	}
	return sources, true
}

func parseSource(text string) (identitySource, bool) {
	for prefix, place := range sourcePrefixes() {
		name, ok := strings.CutPrefix(text, prefix)
		if !ok || name == "" {
			continue
		}
		if place == "header" {
			name = strings.ToLower(name)
		}
		if place == "context" && !slices.Contains(contextSources(), name) {
			return identitySource{}, false
		}
		return identitySource{place: place, name: name}, true
	}
	return identitySource{}, false
}

// String names the source as a learner would.
func (s identitySource) String() string {
	switch s.place {
	case "header":
		return "header " + canonical(s.name)
	case "querystring":
		return "query parameter " + s.name
	case "stageVariables":
		return "stage variable " + s.name
	}
	return "context." + s.name
}

// read returns what the request has at the source, "" for nothing.
func (s identitySource) read(c *call) string {
	switch s.place {
	case "header":
		return c.request.Header.Get(s.name)
	case "querystring":
		return c.query.Get(s.name)
	case "stageVariables":
		return c.stage.variables[s.name]
	}
	return map[string]string{
		"httpMethod": c.request.Method, "path": "/" + c.stage.name + c.path,
		"resourcePath": c.resource.path, "stage": c.stage.name,
	}[s.name]
}
