package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace"
)

// ask brings the clock up to date and takes a request through the account's
// HTTP door. It returns the answer and when it was given, by the account's clock.
func (s *Server) ask(in api.HTTPRequest) (api.HTTPResponse, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	in.Behind = s.ahead
	recorder := trace.NewRecorder(s.config.Account.Now)
	response := s.config.Account.Receive(recorder.Flow(), in)
	exchange := s.history.add(recorder.Trace(), in.Method, response.Status)
	if s.config.Arrived != nil {
		s.config.Arrived(exchange)
	}
	return response, s.config.Account.Now()
}

// tick lets the account's clock catch up with real time. Its grain is the
// millisecond.
func (s *Server) tick() {
	now := s.config.Now().Add(s.ahead).Truncate(time.Millisecond)
	if gone := now.Sub(s.config.Account.Now()); gone > 0 {
		s.config.Account.Advance(gone)
	}
}

// clock is the account's clock as /_claimcheck/clock shows it.
type clock struct {
	Now time.Time `json:"now"`
	// Ahead is how far it has been moved.
	Ahead string `json:"ahead"`
}

func (s *Server) showClock(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, s.move(0))
}

// moveClock takes {"advance": "61m"}.
func (s *Server) moveClock(w http.ResponseWriter, r *http.Request) {
	body, err := s.limits.read(r.Body)
	var asked struct {
		Advance string `json:"advance"`
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &asked)
	}
	by, parseErr := time.ParseDuration(asked.Advance)
	if err != nil || parseErr != nil || by < 0 {
		fail(w, http.StatusBadRequest, fmt.Sprintf(`want {"advance": "61m"}, found %.60q: a clock goes forward only`, body))
		return
	}
	reply(w, http.StatusOK, s.move(by))
}

func (s *Server) move(by time.Duration) clock {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += by
	s.tick()
	return clock{Now: s.config.Account.Now(), Ahead: s.ahead.Round(time.Second).String()}
}

// letter is what a user pool has sent to a user.
type letter struct {
	At     time.Time `json:"at"`
	Medium string    `json:"medium"`
	To     string    `json:"to"`
	// Code is a confirmation code, or the temporary password of an invitation.
	Code    string `json:"code,omitempty"`
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text,omitempty"`
}

func (s *Server) showOutbox(w http.ResponseWriter, r *http.Request) {
	letters := []letter{}
	for _, m := range s.config.Account.Sent(r.PathValue("username")) {
		letters = append(letters, letterOf(m))
	}
	reply(w, http.StatusOK, letters)
}

func letterOf(m cognitoidp.Message) letter {
	return letter{At: m.At, Medium: m.Medium, To: m.To, Code: m.Code, Subject: m.Subject, Text: m.Text}
}

// showTrace answers with the requests after the one whose number is in the
// parameter since; without it, with all that are kept.
func (s *Server) showTrace(w http.ResponseWriter, r *http.Request) {
	since := 0
	if text := r.URL.Query().Get("since"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			fail(w, http.StatusBadRequest, fmt.Sprintf("since=%.60q is no number of a request", text))
			return
		}
		since = n
	}
	reply(w, http.StatusOK, map[string][]Exchange{"exchanges": s.Exchanges(since)})
}

// showAddress answers with the local address of a host of AWS, which it gets now
// if it has none: one of a domain, say, that was made over the API.
func (s *Server) showAddress(w http.ResponseWriter, r *http.Request) {
	host := r.PathValue("host")
	if err := s.open(host, 0); err != nil {
		fail(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	reply(w, http.StatusOK, map[string]string{"address": s.Local("https://" + host)})
}
