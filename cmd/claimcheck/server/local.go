package server

import (
	"encoding/json"
	"net/url"
	"strings"

	"claimcheck/sim/api"
)

// localize puts local addresses in the place of AWS's where a client is to go
// there: in redirects, in discovery documents, in the links of pages. What names
// somebody, such as an issuer, stays AWS's.
func (s *Server) localize(in api.HTTPRequest, response *api.HTTPResponse) {
	address, err := url.Parse(in.URL)
	if err != nil || authored(address.Host) {
		return
	}
	header := response.Header.Clone()
	for i, location := range header["location"] {
		header["location"][i] = s.Local(location)
	}
	for i, cookie := range header["set-cookie"] {
		// A browser keeps a Secure cookie to itself where there is no TLS.
		header["set-cookie"][i] = strings.ReplaceAll(cookie, "; Secure", "")
	}
	response.Header = header
	switch {
	case strings.HasSuffix(address.Path, "/.well-known/openid-configuration"):
		response.Body = s.localDiscovery(address.Host, response.Body)
	case strings.HasPrefix(header.Get("content-type"), "text/html"):
		response.Body = s.localPage(response.Body)
	}
}

// authored reports whether what a host answers is the work of its users, which
// is not to be touched: APIs and objects.
func authored(host string) bool {
	return strings.Contains(host, ".execute-api.") || strings.Contains(host, ".appsync-api.") || strings.HasPrefix(host, "s3.")
}

// localPage is a page whose links are local.
func (s *Server) localPage(body string) string {
	s.doors.RLock()
	defer s.doors.RUnlock()
	for host, local := range s.local {
		if host != "" {
			body = strings.ReplaceAll(body, "https://"+host, local)
		}
	}
	return body
}

// lead returns an address after it has seen to it that a client can go there: a
// login domain that was made over the API gets a local address when a document
// first names it.
func (s *Server) lead(address string) string {
	if parsed, err := url.Parse(address); err == nil && strings.HasSuffix(parsed.Host, ".amazoncognito.com") {
		// Without one it stays AWS's.
		_ = s.open(parsed.Host, 0)
	}
	return address
}

// localDiscovery is an OpenID configuration with local addresses. A body that is
// none stays as it is.
func (s *Server) localDiscovery(host, body string) string {
	var document map[string]any
	if json.Unmarshal([]byte(body), &document) != nil {
		return body
	}
	for name, value := range document {
		text, ok := value.(string)
		if !ok || name == "issuer" {
			continue
		}
		local := s.Local(s.lead(text))
		if path, here := strings.CutPrefix(text, "https://"+host); here && local == text {
			local = s.Endpoint() + path
		}
		document[name] = local
	}
	// What was JSON is JSON again.
	text, _ := json.Marshal(document)
	return string(text)
}
