package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/trace"
	"claimcheck/ui/screens/serving"
	"claimcheck/ui/theme"
	"claimcheck/ui/uitest"
)

// server stands for one that serves: requests come in when the test says so.
type server struct {
	requests []serving.Request
	closed   int
	refuses  error
	asked    []string
}

func (s *server) serve(question, option string) (serving.Served, error) {
	s.asked = append(s.asked, strings.TrimSpace(question+" "+option))
	news := make(chan struct{})
	close(news) // so that listening ends at once
	return serving.Served{
		Addresses: []serving.Address{{Name: "AWS", URL: "http://127.0.0.1:4566"}, {Name: "TasksApi", URL: "http://127.0.0.1:4567/prod"}},
		Commands:  []string{"export AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_REGION=us-east-1", "aws sts get-caller-identity"},
		News:      news,
		Requests: func(since int) []serving.Request {
			var after []serving.Request
			for _, r := range s.requests {
				if r.ID > since {
					after = append(after, r)
				}
			}
			return after
		},
		Close: func() error { s.closed++; return nil },
	}, s.refuses
}

// arrive lets n requests come in; every third is refused.
func (s *server) arrive(r *root, n int) {
	for range n {
		id := len(s.requests) + 1
		status, held := 200, true
		if id%3 == 0 {
			status, held = 403, false
		}
		recorder := trace.NewRecorder(uitest.NewClock().Now)
		exchange := recorder.Flow().Open("Client", "Cognito user pool", fmt.Sprintf("cognito-idp:Operation%d", id), trace.Message{})
		exchange.Decide("cognito-idp.client.exists", held, "an app client", "there is one")
		exchange.Close(trace.Message{Status: status})
		s.requests = append(s.requests, serving.Request{
			ID: id, At: time.Date(2026, 3, 2, 9, 0, id, 0, time.UTC), Title: fmt.Sprintf("cognito-idp:Operation%d", id), Status: status, Trace: recorder.Trace(),
		})
	}
	send(r, serving.Arrived{})
}

// networked is a trainer with a server, at the list of questions.
func networked(s *server) *root {
	d := deps(theme.Look{})
	d.Serve = s.serve
	r := startWith(d)
	sized(r, 100, 30)
	press(r, "s")
	return r
}

func TestAQuestionsStackIsServedFromItsScreens(t *testing.T) {
	for name, test := range map[string]struct {
		keys []string
		want string
	}{
		"the list":     {[]string{"w"}, "cloudtasker-token-access"},
		"the proof":    {[]string{"p", "down", "w"}, "cloudtasker-token-access B"},
		"an answer":    {[]string{"enter", "c", "3", "w"}, "cloudtasker-token-access C"},
		"twice in row": {[]string{"w", "esc", "w"}, "cloudtasker-token-access"},
	} {
		s := &server{}
		r := networked(s)
		press(r, test.keys...)
		requireSeen(t, r, "Serving", "on this machine only", "http://127.0.0.1:4567/prod", "Nothing yet.")
		if got := s.asked[len(s.asked)-1]; got != test.want {
			t.Errorf("%s: %q is served, want %q", name, got, test.want)
		}
	}
}

func TestRequestsShowAsTheyArrive(t *testing.T) {
	s := &server{}
	r := networked(s)
	press(r, "w")
	s.arrive(r, 2)
	requireSeen(t, r, "cognito-idp:Operation1", "cognito-idp:Operation2", "2 requests")
	press(r, "up")
	s.arrive(r, 1)
	press(r, "enter")
	requireSeen(t, r, "Request 1", "✓ Request 1: cognito-idp:Operation1")
	press(r, "esc", "G", "enter")
	requireSeen(t, r, "✗ Request 3: cognito-idp:Operation3")
	s.arrive(r, 1)
	press(r, "esc")
	requireSeen(t, r, "cognito-idp:Operation4")
	if s.closed != 0 {
		t.Error("stepping through a request ends the serving")
	}
}

func TestLeavingTheScreenEndsTheServing(t *testing.T) {
	s := &server{}
	r := networked(s)
	press(r, "w", "esc")
	if s.closed != 1 {
		t.Errorf("it is ended %d times", s.closed)
	}
}

func TestAServerThatNobodyWaitsForIsEnded(t *testing.T) {
	s := &server{}
	r := networked(s)
	_, starting := r.Update(keyNamed("w"))
	press(r, "esc")
	run(r, starting)
	if s.closed != 1 || r.network.served != nil {
		t.Errorf("it is ended %d times", s.closed)
	}
	requireUnseen(t, r, "on this machine only")
}

func TestAStackThatCannotBeServedIsToldOf(t *testing.T) {
	s := &server{refuses: errors.New("AWS refuses the stack: InvalidParameterException")}
	r := networked(s)
	press(r, "w")
	requireSeen(t, r, "AWS refuses the stack")
	if s.closed != 0 {
		t.Error("what was never served is ended")
	}
}

func TestWithoutANetworkNothingIsServed(t *testing.T) {
	r := sized(start(theme.Look{}), 100, 30)
	press(r, "s", "w")
	requireSeen(t, r, "nothing can be served here")
}

func TestTheServingScreenKeepsToEverySize(t *testing.T) {
	for _, n := range []int{0, 40} {
		s := &server{}
		r := networked(s)
		press(r, "w")
		s.arrive(r, n)
		for _, size := range many() {
			sized(r, size.W, size.H)
			requireFilled(t, fmt.Sprintf("serving, %d requests", n), r.View(), size)
		}
	}
}
