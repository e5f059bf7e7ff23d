package apigatewayv2

import (
	"maps"
	"slices"
	"strings"
)

// findRoute takes the most specific route: a full match, then a greedy path
// variable, then $default.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
func (c *call) findRoute() bool {
	best := -1
	for _, key := range slices.Sorted(maps.Keys(c.definition.routes)) {
		score, parameters := match(key, c.request.Method, c.rest)
		if score > best {
			best, c.route, c.parameters = score, c.definition.routes[key], parameters
		}
	}
	return best >= 0
}

func (c *call) routeText() string {
	if c.route.key != "" {
		return c.route.key
	}
	for _, key := range slices.Sorted(maps.Keys(c.api.draft.routes)) {
		if score, _ := match(key, c.request.Method, c.rest); score >= 0 {
			return key + ", but it is not deployed"
		}
	}
	return "none"
}

// match scores how well a route key fits, -1 for not at all: literal segments
// count most, then variables, then a greedy one; the exact method before ANY.
func match(key, method, path string) (score int, parameters map[string]string) {
	if key == "$default" {
		return 0, nil
	}
	verb, pattern, _ := strings.Cut(key, " ")
	if verb != method && verb != "ANY" {
		return -1, nil
	}
	if verb == method {
		score = 1
	}
	wanted, given := segments(pattern), segments(path)
	parameters = map[string]string{}
	for i, part := range wanted {
		name, variable := strings.CutPrefix(strings.TrimSuffix(part, "}"), "{")
		switch greedy := strings.HasSuffix(name, "+"); {
		case variable && greedy && i < len(given):
			parameters[strings.TrimSuffix(name, "+")] = strings.Join(given[i:], "/")
			return score + 2, parameters
		case i >= len(given), !variable && part != given[i]:
			return -1, nil
		case variable:
			parameters[name] = given[i]
			score += 10
		default:
			score += 100
		}
	}
	if len(given) != len(wanted) {
		return -1, nil
	}
	return score + 4, parameters
}

func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}
