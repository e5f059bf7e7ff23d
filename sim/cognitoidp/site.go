package cognitoidp

import (
	"net/url"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// Site serves the pools' public documents on the host of their issuer:
// /POOL/.well-known/jwks.json and /POOL/.well-known/openid-configuration.
func (s *UserPools) Site() api.Site {
	return api.Site{
		Name:  name,
		Hosts: func(host string) bool { return host == s.host() },
		Has:   s.hasAddress,
		Serve: s.serve,
	}
}

func (s *UserPools) serve(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	address, err := url.Parse(request.URL)
	if err != nil {
		return refusal(400, "The server did not understand the operation that was requested."), nil
	}
	id, document, _ := strings.Cut(strings.TrimPrefix(address.Path, "/"), "/")
	write := documents()[document]
	if request.Method != "GET" || write == nil {
		return refusal(400, "The server did not understand the operation that was requested."), nil
	}
	p, ok := s.pools[id]
	if !span.Decide(RulePoolExists, ok, "user pool "+id, existence(ok)) {
		return refusal(404, "User pool "+id+" does not exist."), nil
	}
	body, err := write(p)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	return response(200, body), nil
}

// documents are the paths under a pool and what they hold.
func documents() map[string]func(*pool) (string, error) {
	return map[string]func(*pool) (string, error){
		".well-known/jwks.json":            (*pool).keySet,
		".well-known/openid-configuration": (*pool).discovery,
	}
}

// discovery is the pool's OpenID configuration. Its endpoints stand on the
// pool's domain, and a pool without one lists none:
// https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
func (p *pool) discovery() (string, error) {
	document := map[string]any{
		"issuer":                                p.issuer,
		"jwks_uri":                              p.issuer + "/.well-known/jwks.json",
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"response_types_supported":              []string{"code", "token"},
		"scopes_supported":                      []string{"openid", "email", "phone", "profile"},
		"subject_types_supported":               []string{"public"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
	}
	if address := p.endpoint(); address != "" {
		for name, path := range map[string]string{
			"authorization_endpoint": "/oauth2/authorize", "token_endpoint": "/oauth2/token", "userinfo_endpoint": "/oauth2/userInfo",
			"revocation_endpoint": "/oauth2/revoke", "end_session_endpoint": "/logout",
		} {
			document[name] = address + path
		}
	}
	return jsonText(document), nil
}

func refusal(status int, message string) api.HTTPResponse {
	return response(status, jsonText(map[string]string{"message": message}))
}

func response(status int, body string) api.HTTPResponse {
	return api.HTTPResponse{Status: status, Header: api.Header{"content-type": {"application/json"}}, Body: body}
}
