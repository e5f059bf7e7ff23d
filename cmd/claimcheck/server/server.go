// Package server puts a simulated account on the network, for real clients: AWS
// SDKs, the AWS CLI, curl, browsers. It owns the local addresses, the limits
// that keep a bad client from hurting, the clock that follows real time, and the
// record of what came in. It refuses to know what any request means: each goes
// through the account's HTTP door as it came.
//
// One address stands for the endpoints of all services. Each API and each login
// domain has an address of its own, so that paths, links and cookies are AWS's.
// All of them are on the loopback interface; no other machine can reach them.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"claimcheck/sim"
)

// Config says what to serve.
type Config struct {
	Account *sim.Account
	// Hosts are the hosts of AWS, and of identity providers outside, that get an
	// address of their own.
	Hosts []string
	// Port is that of the endpoint; the hosts have those that follow. 0 takes
	// whatever is free.
	Port int
	// Now is real time.
	Now func() time.Time
	// Arrived is told of every request as it is answered, in their order; nil
	// tells nobody. The server waits for it to return, so it must not call back.
	Arrived func(Exchange)
}

// Server serves one account until it is closed.
type Server struct {
	config Config
	limits *limits

	// doors guards the two below: an address can be added while others serve.
	doors sync.RWMutex
	// local are the local addresses by host; the endpoint's is under "".
	local   map[string]string
	servers []*http.Server

	mu sync.Mutex
	// ahead is how far the account's clock is ahead of real time.
	ahead   time.Duration
	history history
}

const loopback = "127.0.0.1"

// Start listens and serves. The error says which port cannot be had.
func Start(c Config) (*Server, error) {
	s := &Server{config: c, local: map[string]string{}, limits: newLimits(), ahead: c.Account.Now().Sub(c.Now())}
	for i, host := range append([]string{""}, c.Hosts...) {
		port := 0
		if c.Port != 0 {
			port = c.Port + i
		}
		if err := s.open(host, port); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// open gives a host an address of its own, if it has none; port 0 takes one that
// is free.
func (s *Server) open(host string, port int) error {
	s.doors.Lock()
	defer s.doors.Unlock()
	if _, ok := s.local[host]; ok {
		return nil
	}
	if len(s.local) >= maxAddresses {
		return fmt.Errorf("there are %d addresses already: no other is opened", maxAddresses)
	}
	listener, err := net.Listen("tcp4", net.JoinHostPort(loopback, strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("port %d cannot be had: %w", port, err)
	}
	s.local[host] = "http://" + listener.Addr().String()
	s.serve(listener, host)
	return nil
}

// serve answers for one host at a listener.
func (s *Server) serve(listener net.Listener, host string) {
	handler := http.Handler(s.host(host))
	if host == "" {
		handler = s.endpoint()
	}
	server := &http.Server{
		Handler:           s.guard(listener.Addr().String(), handler),
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       log.New(io.Discard, "", 0), // what it says of bad clients
	}
	s.servers = append(s.servers, server)
	go func() {
		// It ends when the server is closed, and not before.
		_ = server.Serve(s.limits.listen(listener))
	}()
}

// Endpoint is the address that stands for the endpoints of all services.
func (s *Server) Endpoint() string {
	s.doors.RLock()
	defer s.doors.RUnlock()
	return s.local[""]
}

// Local is the local address for one of AWS's. An address of a host without a
// local one stays as it is.
func (s *Server) Local(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" || parsed.Host == "" {
		return address
	}
	s.doors.RLock()
	defer s.doors.RUnlock()
	local, ok := s.local[parsed.Host]
	if !ok {
		return address
	}
	return local + strings.TrimPrefix(address, "https://"+parsed.Host)
}

// Close answers what is under way, for a short while, and stops.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	s.doors.RLock()
	servers := slices.Clone(s.servers)
	s.doors.RUnlock()
	var failures []error
	for _, server := range servers {
		if err := server.Shutdown(ctx); err != nil {
			failures = append(failures, server.Close())
		}
	}
	return errors.Join(failures...)
}
