package apigatewayv2

import (
	"net/url"
	"strings"

	"claimcheck/sim/api"
)

// identitySource is where a JWT authorizer finds the token: exactly one place.
type identitySource struct {
	// place is "header" or "querystring".
	place, name string
}

func parseSource(list []string) (identitySource, bool) {
	if len(list) != 1 {
		return identitySource{}, false
	}
	for _, place := range []string{"header", "querystring"} {
		if name, ok := strings.CutPrefix(list[0], "$request."+place+"."); ok && name != "" {
			return identitySource{place: place, name: name}, true
		}
	}
	return identitySource{}, false
}

func (s identitySource) String() string {
	if s.place == "header" {
		return "the header " + s.name
	}
	return "the query parameter " + s.name
}

// read returns the token, with or without "Bearer " in front, "" for nothing.
func (s identitySource) read(header api.Header, query url.Values) string {
	value := query.Get(s.name)
	if s.place == "header" {
		value = header.Get(s.name)
	}
	if scheme, token, ok := strings.Cut(value, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return token
	}
	return value
}
