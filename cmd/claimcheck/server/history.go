package server

import (
	"time"

	"claimcheck/sim/trace"
)

// Exchange is one request with all that happened because of it.
type Exchange struct {
	// ID counts requests from 1.
	ID int       `json:"id"`
	At time.Time `json:"at"`
	// Title is a short line for lists, such as "cognito-idp:InitiateAuth".
	Title  string `json:"title"`
	Status int    `json:"status"`
	trace.Trace
}

// What is kept of the past: the latest requests, fewer when they are large.
const (
	maxExchanges = 200
	maxKept      = 32 << 20
)

// history keeps the latest exchanges.
type history struct {
	exchanges []Exchange
	sizes     []int
	size      int
	last      int
}

func (h *history) add(t trace.Trace, method string, status int) Exchange {
	h.last++
	e := Exchange{ID: h.last, Title: method, Status: status, Trace: t}
	if len(t.Events) > 0 {
		e.At, e.Title = t.Events[0].At, t.Events[0].Title
	}
	size := weight(t)
	h.exchanges, h.sizes, h.size = append(h.exchanges, e), append(h.sizes, size), h.size+size
	for len(h.exchanges) > maxExchanges || h.size > maxKept && len(h.exchanges) > 0 {
		h.size -= h.sizes[0]
		h.exchanges[0] = Exchange{}
		h.exchanges, h.sizes = h.exchanges[1:], h.sizes[1:]
	}
	return e
}

// weight is about how many bytes a trace takes.
func weight(t trace.Trace) int {
	size := 0
	for _, e := range t.Events {
		size += 256 + len(e.Title)
		if e.Message != nil {
			size += len(e.Message.Body) + len(e.Message.URL)
			for name, value := range e.Message.Headers {
				size += len(name) + len(value)
			}
		}
		if e.Token != nil {
			size += 3 * len(e.Token.Raw)
		}
	}
	return size
}

// Exchanges are the requests after the one of a number that are still kept.
func (s *Server) Exchanges(since int) []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := []Exchange{}
	for _, e := range s.history.exchanges {
		if e.ID > since {
			kept = append(kept, e)
		}
	}
	return kept
}
