package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// client is the lane of whoever sends a request.
const client trace.Actor = "Client"

// guard lets only requests through that name the address they came to: a page
// in a browser that made a name of its own resolve to this machine does not.
func (s *Server) guard(address string, next http.Handler) http.Handler {
	_, port, _ := net.SplitHostPort(address)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != net.JoinHostPort(loopback, port) && r.Host != net.JoinHostPort("localhost", port) {
			fail(w, http.StatusMisdirectedRequest, fmt.Sprintf("the host %q is not served here: use %s", r.Host, address))
			return
		}
		if !strings.HasPrefix(r.RequestURI, "/") {
			fail(w, http.StatusBadRequest, "the request target is not a path")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// endpoint answers for the endpoints of all services, and at /_claimcheck/ for
// the server itself.
func (s *Server) endpoint() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_claimcheck/clock", s.showClock)
	mux.HandleFunc("POST /_claimcheck/clock", s.moveClock)
	mux.HandleFunc("GET /_claimcheck/outbox/{username}", s.showOutbox)
	mux.HandleFunc("GET /_claimcheck/trace", s.showTrace)
	mux.HandleFunc("GET /_claimcheck/address/{host}", s.showAddress)
	own := http.Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_claimcheck/") {
			own.ServeHTTP(w, r)
			return
		}
		s.forward(w, r, func(in api.HTTPRequest) string { return s.config.Account.Endpoint(in) })
	})
}

// host answers for one host of AWS.
func (s *Server) host(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.forward(w, r, func(api.HTTPRequest) string { return name })
	}
}

// forward takes a request to the account and its answer back.
func (s *Server) forward(w http.ResponseWriter, r *http.Request, host func(api.HTTPRequest) string) {
	body, err := s.limits.read(r.Body)
	switch {
	case errors.Is(err, errTooLarge):
		fail(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("the body has more than %d bytes", maxBody))
		return
	case err != nil:
		fail(w, http.StatusBadRequest, "the body cannot be read")
		return
	}
	in := incoming(r, body)
	in.URL = "https://" + r.Host + r.RequestURI
	in.URL = "https://" + host(in) + r.RequestURI
	response, at := s.ask(in)
	s.localize(in, &response)
	header := w.Header()
	for name, values := range response.Header {
		if name == "content-length" && r.Method != http.MethodHead {
			continue
		}
		header[http.CanonicalHeaderKey(name)] = values
	}
	header.Set("Date", at.UTC().Format(http.TimeFormat))
	w.WriteHeader(sendable(response.Status))
	s.limits.write(w, response.Body)
}

// sendable is a status that can end an exchange: functions make up others.
func sendable(status int) int {
	if status < 200 || status > 599 {
		return http.StatusBadGateway
	}
	return status
}

// incoming is a request as it came, but for its address. The host header stays
// the client's, which has signed it.
func incoming(r *http.Request, body string) api.HTTPRequest {
	header := api.Header{"host": {r.Host}}
	for name, values := range r.Header {
		header[strings.ToLower(name)] = values
	}
	return api.HTTPRequest{From: client, Method: r.Method, Header: header, Body: body, SourceIP: loopback}
}

// fail answers a request that the account never sees.
func fail(w http.ResponseWriter, status int, message string) {
	reply(w, status, map[string]string{"message": message})
}

func reply(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	// Who has gone away misses nothing.
	_ = encoder.Encode(value)
}
