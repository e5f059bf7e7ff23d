package trace

import "time"

// Recorder collects the events of one run. It is not safe for concurrent use:
// each run has its own.
type Recorder struct {
	now       func() time.Time
	events    []Event
	exchanges int
}

// NewRecorder returns a recorder that stamps events with the given clock.
func NewRecorder(now func() time.Time) *Recorder {
	return &Recorder{now: now}
}

// Trace returns what has been recorded so far.
func (r *Recorder) Trace() Trace {
	return Trace{Events: append([]Event(nil), r.events...)}
}

// Flow returns the span of the flow itself, exchange 0.
func (r *Recorder) Flow() *Span {
	if r == nil {
		return nil
	}
	return &Span{recorder: r}
}

func (r *Recorder) add(e Event) {
	e.Seq = len(r.events) + 1
	e.At = r.now()
	r.events = append(r.events, e)
}

// Span is an exchange that is open. All methods work on a nil span, which
// records nothing: a service runs the same with and without a recorder.
type Span struct {
	recorder *Recorder
	exchange int
	parent   int
	from, to Actor
	title    string
}

// Open records a request from one actor to another and returns its exchange.
func (s *Span) Open(from, to Actor, title string, request Message) *Span {
	if s == nil {
		return nil
	}
	r := s.recorder
	r.exchanges++
	child := &Span{recorder: r, exchange: r.exchanges, parent: s.exchange, from: from, to: to, title: title}
	r.add(Event{Kind: Request, Exchange: child.exchange, Parent: s.exchange, From: from, To: to, Title: title, Message: &request})
	return child
}

// Close records the response that ends the exchange.
func (s *Span) Close(response Message) {
	if s == nil {
		return
	}
	s.recorder.add(Event{Kind: Response, Exchange: s.exchange, Parent: s.parent, From: s.to, To: s.from, Title: s.title, Message: &response})
}

// Actor is who answers this exchange: the lane that nested requests start from.
func (s *Span) Actor() Actor {
	if s == nil {
		return ""
	}
	return s.to
}

// Exchange is the number of the exchange, 0 for the flow and for a nil span.
func (s *Span) Exchange() int {
	if s == nil {
		return 0
	}
	return s.exchange
}

// Decide records a check that refuses the request when it does not hold, and
// returns held, so that a gate reads: if !span.Decide(…) { return refusal }.
func (s *Span) Decide(rule RuleID, held bool, wanted, found string) bool {
	s.check(Check{Rule: rule, Wanted: wanted, Found: found, Held: held, Decides: !held})
	return held
}

// Decided reports whether a check inside this exchange has refused already.
func (s *Span) Decided() bool {
	if s == nil {
		return false
	}
	_, refused := s.recorder.Trace().Decider(s.exchange)
	return refused
}

// Note records a check that teaches but never refuses, and returns held.
func (s *Span) Note(rule RuleID, held bool, wanted, found string) bool {
	s.check(Check{Rule: rule, Wanted: wanted, Found: found, Held: held})
	return held
}

func (s *Span) check(c Check) {
	if s == nil {
		return
	}
	s.recorder.add(Event{Kind: Checked, Exchange: s.exchange, Parent: s.parent, From: s.to, Title: string(c.Rule), Check: &c})
}

// Mint records a token issued while answering this exchange.
func (s *Span) Mint(token Token) {
	if s == nil {
		return
	}
	s.recorder.add(Event{Kind: Minted, Exchange: s.exchange, Parent: s.parent, From: s.to, Title: token.Name, Token: &token})
}

// Log records a line written by handler code.
func (s *Span) Log(line string) {
	if s == nil {
		return
	}
	s.recorder.add(Event{Kind: Logged, Exchange: s.exchange, Parent: s.parent, From: s.to, Title: line})
}

// Wait records that the virtual clock moved by d and now stands at the event's time.
func (s *Span) Wait(d time.Duration) {
	if s == nil {
		return
	}
	s.recorder.add(Event{Kind: Waited, Exchange: s.exchange, Title: d.String()})
}

// Expect records what the flow looked at and whether it was as expected.
func (s *Span) Expect(c Check) {
	if s == nil {
		return
	}
	s.recorder.add(Event{Kind: Expectation, Exchange: s.exchange, Title: c.Wanted, Check: &c})
}

// Exchanges is the number of exchanges opened so far: the next one has this
// number plus one.
func (r *Recorder) Exchanges() int {
	if r == nil {
		return 0
	}
	return r.exchanges
}

// Events is the number of events recorded so far: the Seq of the latest.
func (r *Recorder) Events() int {
	if r == nil {
		return 0
	}
	return len(r.events)
}
