package cognitoidentity

import (
	"encoding/json"
	"fmt"
	"net/url"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

// Site serves the public documents of the identity pools' issuer, which is one
// for all pools: /.well-known/jwks_uri and /.well-known/openid-configuration.
func (s *IdentityPools) Site() api.Site {
	return api.Site{
		Name:  name,
		Hosts: func(host string) bool { return host == issuer },
		Serve: s.serve,
	}
}

func (s *IdentityPools) serve(_ *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	address, err := url.Parse(request.URL)
	if err != nil || request.Method != "GET" {
		return response(400, `{"message":"Bad request"}`), nil
	}
	switch address.Path {
	case "/.well-known/jwks_uri":
		document, err := jwt.MarshalKeySet(s.key)
		if err != nil {
			return api.HTTPResponse{}, err
		}
		return response(200, document), nil
	case "/.well-known/openid-configuration":
		document, err := discovery()
		if err != nil {
			return api.HTTPResponse{}, err
		}
		return response(200, document), nil
	}
	return response(404, `{"message":"Not found"}`), nil
}

func discovery() (string, error) {
	text, err := json.Marshal(map[string]any{
		"issuer":                                "https://" + issuer,
		"jwks_uri":                              "https://" + issuer + "/.well-known/jwks_uri",
		"id_token_signing_alg_values_supported": []string{"RS512"},
		"response_types_supported":              []string{"token"},
		"subject_types_supported":               []string{"public"},
	})
	if err != nil {
		return "", fmt.Errorf("OpenID configuration: %w", err)
	}
	return string(text), nil
}

func response(status int, body string) api.HTTPResponse {
	return api.HTTPResponse{Status: status, Header: api.Header{"content-type": {"application/json"}}, Body: body}
}
