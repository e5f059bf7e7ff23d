package api

import (
	"net/url"
	"sort"
	"strings"
	"time"

	"claimcheck/sim/trace"
)

// Header holds HTTP headers by lower-case name.
type Header map[string][]string

// Get returns the first value under name, whatever its case, or "".
func (h Header) Get(name string) string {
	values := h[strings.ToLower(name)]
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// Has reports whether a header of that name is there, even an empty one.
func (h Header) Has(name string) bool {
	_, ok := h[strings.ToLower(name)]
	return ok
}

// Set replaces the values under name.
func (h Header) Set(name, value string) { h[strings.ToLower(name)] = []string{value} }

// Names returns the header names in order.
func (h Header) Names() []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Flat joins multiple values with commas, for display and for single-value maps.
func (h Header) Flat() map[string]string {
	flat := make(map[string]string, len(h))
	for name, values := range h {
		flat[name] = strings.Join(values, ",")
	}
	return flat
}

// Clone is a copy that can be changed alone.
func (h Header) Clone() Header {
	c := make(Header, len(h))
	for name, values := range h {
		c[name] = append([]string(nil), values...)
	}
	return c
}

// HTTPRequest is one request at the HTTP door.
type HTTPRequest struct {
	// From is the actor that sends.
	From   trace.Actor
	Method string
	// URL is absolute: https://host/path?query.
	URL    string
	Header Header
	Body   string
	// SourceIP is the address of the sender as the service sees it.
	SourceIP string
	// Behind is how far the sender's clock is behind the account's, because
	// somebody has moved the latter.
	Behind time.Duration
	// Origin is the machine of AWS that the request leaves.
	Origin Origin
}

// Origin is where a program runs, for the link-local addresses that only it can
// reach. The zero Origin is a computer outside AWS.
type Origin struct {
	// Instance is the id of an EC2 instance, "" for none.
	Instance string
	// Task is the ARN of the ECS task definition whose container it is, "" for none.
	Task string
	// Container says that the program has a network of its own on the machine,
	// one hop further from its metadata service.
	Container bool
}

// Place is what a platform gives to a program that it starts: variables of its
// environment, and where its requests leave.
type Place struct {
	Environment map[string]string
	Origin      Origin
}

// HTTPResponse is the answer to an HTTPRequest.
type HTTPResponse struct {
	Status int
	Header Header
	Body   string
}

// Site is a service's part of the HTTP door.
type Site struct {
	// Name is the actor that answers for a host, such as "API Gateway".
	Name trace.Actor
	// Hosts reports whether the site answers for a host name.
	Hosts func(host string) bool
	// Has reports whether what an address names, at a host that the site answers
	// for, is in this account. It finds the account that is meant where several
	// answer for one host; nil means that no address names anything.
	Has func(address *url.URL) bool
	// Serve answers a request whose host it has. The span is the open exchange.
	Serve func(span *trace.Span, request HTTPRequest) (HTTPResponse, error)
}
