package ui

import (
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz/proof"
	"claimcheck/sim/scenario"
	"claimcheck/sim/trace"
	"claimcheck/ui/screen"
	"claimcheck/ui/screens/serving"
	"claimcheck/ui/screens/stepper"
	"claimcheck/ui/screens/waiting"
)

// network is the one stack that is served at a time.
type network struct {
	// subject is what was asked for last, "" when nothing is.
	subject string
	served  *serving.Served
}

// opened is a stack that is being served, as its command brings it.
type opened struct {
	subject string
	served  serving.Served
	err     error
}

// subjectOf says what a route serves.
func subjectOf(to screen.Route) string {
	if to.Option == "" {
		return to.Question
	}
	return to.Question + " with option " + to.Option
}

// makeServing shows what is served, or starts it.
func (r *root) makeServing(to screen.Route) (screen.Screen, tea.Cmd, error) {
	if r.deps.Serve == nil {
		return nil, nil, errors.New("nothing can be served here")
	}
	subject := subjectOf(to)
	if r.network.served != nil && r.network.subject == subject {
		d := serving.Deps{Theme: r.theme, Subject: subject, Served: *r.network.served, Copy: r.copies()}
		return serving.New(d), r.network.listen(), nil
	}
	s, spin := waiting.ForServer(r.theme, subject, to)
	return s, tea.Batch(spin, r.stopServing(), r.startServing(to)), nil
}

func (r *root) startServing(to screen.Route) tea.Cmd {
	subject, serve := subjectOf(to), r.deps.Serve
	r.network = network{subject: subject}
	return func() tea.Msg {
		served, err := serve(to.Question, to.Option)
		return opened{subject: subject, served: served, err: err}
	}
}

// serve takes what is being served. When nobody waits for it any more, it is
// ended at once.
func (r *root) serve(msg opened) tea.Cmd {
	if msg.err == nil && msg.subject == r.network.subject {
		r.network.served = &msg.served
	}
	told := r.broadcast(screen.Loaded[screen.Serves]{Key: msg.subject, Err: msg.err})
	if msg.err != nil || r.showsServing() && r.network.served != nil {
		return told
	}
	r.network = network{}
	return tea.Batch(told, closing(msg.served))
}

func (r *root) showsServing() bool {
	for _, s := range r.stack {
		if _, ok := s.(*serving.Model); ok {
			return true
		}
	}
	return false
}

// stopServing ends what is served, if anything is.
func (r *root) stopServing() tea.Cmd {
	served := r.network.served
	r.network = network{}
	if served == nil {
		return nil
	}
	return closing(*served)
}

// closing ends a server. That a client was cut off is nobody's news.
func closing(s serving.Served) tea.Cmd {
	return func() tea.Msg {
		_ = s.Close()
		return nil
	}
}

// listen waits for requests.
func (n network) listen() tea.Cmd {
	if n.served == nil {
		return nil
	}
	news := n.served.News
	return func() tea.Msg {
		if _, ok := <-news; !ok {
			return nil
		}
		return serving.Arrived{}
	}
}

// makeRequest steps through a request that came in.
func (r *root) makeRequest(id int) (screen.Screen, tea.Cmd, error) {
	if r.network.served == nil {
		return nil, nil, errors.New("nothing is served any more")
	}
	for _, request := range r.network.served.Requests(id - 1) {
		if request.ID == id {
			d := stepper.Deps{Theme: r.theme, Rule: r.deps.Rule, Copy: r.copies()}
			return stepper.New(d, runOf(request)), nil, nil
		}
	}
	return nil, nil, fmt.Errorf("request %d is not kept any more", id)
}

// runOf is a request in the words of the stepper. It holds unless it was
// refused.
func runOf(request serving.Request) stepper.Run {
	const refused = 400
	outcome := scenario.Outcome{Holds: request.Status < refused, Trace: request.Trace, Event: decider(request.Trace)}
	return stepper.Run{
		Title: fmt.Sprintf("Request %d", request.ID), Says: strings.TrimSpace(request.Title),
		Cell: proof.Cell{Holds: outcome.Holds, Run: outcome},
	}
}

// decider is the event of the check that refused a request, or else the last one.
func decider(t trace.Trace) int {
	for _, e := range t.Events {
		if e.Check != nil && e.Check.Decides {
			return e.Seq
		}
	}
	return len(t.Events)
}

// copies puts a text on the clipboard, nil when that cannot be done.
func (r *root) copies() func(string) tea.Cmd {
	if r.deps.Copy == nil {
		return nil
	}
	return func(text string) tea.Cmd {
		return func() tea.Msg { r.deps.Copy(text); return nil }
	}
}
