// Package trace is the record of what happened in one run: exchanges between
// actors and, inside each, the checks that were made, in the order they were
// made. It owns the vocabulary of evidence (rule, check, exchange, trace) and
// the recorder. It refuses to know what any rule means: services name their
// rules, and a recorder never changes what a service decides.
package trace

import (
	"slices"
	"time"
)

// Actor is one lane of a trace: whoever sends or answers, named as a learner
// would, for example "App", "API Gateway" or "Cognito user pool".
type Actor string

// Kind says what an event is.
type Kind string

// The kinds of event, in the words the JSON form uses.
const (
	Request     Kind = "request"     // opens an exchange
	Response    Kind = "response"    // closes an exchange
	Checked     Kind = "check"       // a rule was looked at inside an exchange
	Minted      Kind = "token"       // a token was issued inside an exchange
	Logged      Kind = "log"         // handler code wrote a line
	Waited      Kind = "wait"        // the virtual clock moved
	Expectation Kind = "expectation" // the flow looked at a result
)

// Event is one step of a run. Which of Message, Check and Token is set follows
// from Kind.
type Event struct {
	// Seq numbers events from 1 in the order they happened.
	Seq int `json:"seq"`
	// At is the virtual time of the event.
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	// Exchange numbers exchanges from 1; 0 is the flow itself.
	Exchange int `json:"exchange"`
	// Parent is the exchange that was open when this one was opened.
	Parent int   `json:"parent"`
	From   Actor `json:"from,omitempty"`
	To     Actor `json:"to,omitempty"`
	// Title is a short line for lists, such as "cognito-idp:InitiateAuth".
	Title   string   `json:"title,omitempty"`
	Message *Message `json:"message,omitempty"`
	Check   *Check   `json:"check,omitempty"`
	Token   *Token   `json:"token,omitempty"`
}

// Message is one side of an exchange as it would be seen on the wire.
type Message struct {
	// Method and URL are a request's: "POST" and the whole address.
	Method string `json:"method,omitempty"`
	URL    string `json:"url,omitempty"`
	// Status is the HTTP status of a response and 0 for a request.
	Status int `json:"status,omitempty"`
	// Headers are those worth seeing, by lower-case name.
	Headers map[string]string `json:"headers,omitempty"`
	// Body is text, usually JSON.
	Body string `json:"body,omitempty"`
	// Error is AWS's error code when the response is one.
	Error string `json:"error,omitempty"`
}

// Check is one rule applied to one thing.
type Check struct {
	Rule RuleID `json:"rule"`
	// Wanted and Found are short phrases: what the rule asks for and what there was.
	Wanted string `json:"wanted"`
	Found  string `json:"found"`
	Held   bool   `json:"held"`
	// Decides marks the check that made the response of its exchange a refusal.
	Decides bool `json:"decides,omitempty"`
}

// Token is a token as its issuer put it together.
type Token struct {
	// Name is the response member that carries it, such as "IdToken".
	Name string `json:"name"`
	// Raw is the compact form that travels.
	Raw    string  `json:"raw"`
	Claims []Claim `json:"claims"`
}

// Claim is one claim of an issued token with the hand that wrote it.
type Claim struct {
	Name string `json:"name"`
	// Value is JSON text.
	Value string `json:"value"`
	// From says who wrote it, for example "user attribute" or "group membership".
	From string `json:"from"`
}

// Trace is the whole record of one run.
type Trace struct {
	Events []Event `json:"events"`
}

// CheckEvents returns the events of the checks made in an exchange and in those
// nested in it, in order. Exchange 0 stands for the whole trace.
func (t Trace) CheckEvents(exchange int) []Event {
	inside := map[int]bool{exchange: true}
	var checks []Event
	for _, e := range t.Events {
		if e.Kind == Request && inside[e.Parent] {
			inside[e.Exchange] = true
		}
		if e.Kind == Checked && inside[e.Exchange] {
			checks = append(checks, e)
		}
	}
	return checks
}

// Checks is CheckEvents without the events around the checks.
func (t Trace) Checks(exchange int) []Check {
	events := t.CheckEvents(exchange)
	checks := make([]Check, len(events))
	for i, e := range events {
		checks[i] = *e.Check
	}
	return checks
}

// Decider returns the check that refused an exchange: its own, or else the
// latest refusal among the exchanges nested in it. Whether the exchange was
// refused at all is what Response says: a nested refusal may have been handled.
func (t Trace) Decider(exchange int) (Check, bool) {
	events := t.CheckEvents(exchange)
	for _, e := range events {
		if e.Exchange == exchange && e.Check.Decides {
			return *e.Check, true
		}
	}
	for _, e := range slices.Backward(events) {
		if e.Check.Decides {
			return *e.Check, true
		}
	}
	return Check{}, false
}

// Response returns the message that ended an exchange, false while it is open.
func (t Trace) Response(exchange int) (Message, bool) {
	for _, e := range t.Events {
		if e.Kind == Response && e.Exchange == exchange {
			return *e.Message, true
		}
	}
	return Message{}, false
}
