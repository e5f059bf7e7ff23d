package scenario

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/url"
	"strings"
)

// param is a parameter of an address, of its query or, after that, of its
// fragment. It is "" when there is none.
func param(address, name string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if query := parsed.Query(); query.Has(name) {
		return query.Get(name)
	}
	fragment, err := url.ParseQuery(parsed.Fragment)
	if err != nil {
		return ""
	}
	return fragment.Get(name)
}

// s256 is the PKCE code challenge of a code verifier.
func s256(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// escape writes text so that it can stand in a query or a form.
func escape(text string) string { return url.QueryEscape(text) }

// field is the value that an input of an HTML page has, "" without such an input.
func field(page, name string) string {
	_, rest, found := strings.Cut(page, `name="`+html.EscapeString(name)+`" value="`)
	if !found {
		return ""
	}
	value, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(value)
}

// cookie is what a browser sends back after an answer set a cookie: name=value.
func cookie(reply map[string]any) string {
	headers, _ := reply["headers"].(map[string]any)
	pair, _, _ := strings.Cut(textOf(headers, "set-cookie"), ";")
	return pair
}
