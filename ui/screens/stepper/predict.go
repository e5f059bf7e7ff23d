package stepper

import (
	"sort"
	"strconv"
	"strings"

	"claimcheck/sim/trace"
	"claimcheck/ui/widget/phrase"
)

// prediction asks "what happens now?" at gates: requests of the flow that are
// refused, or whose answer the flow looks at.
type prediction struct {
	on     bool
	gates  []gate
	passed map[int]bool // by index of the request
	asking bool
	// current is the gate that is asked about or was answered last, said what
	// the learner answered; -1 and "" when there is none.
	current int
	said    string
}

// gate is one such request.
type gate struct {
	// request is the index of its event.
	request int
	// truth is the choice that comes true.
	truth   string
	choices []choice
}

// choice is one possible answer: a key and a sentence.
type choice struct{ outcome, says string }

func newPrediction(events []trace.Event) prediction {
	return prediction{on: true, gates: gatesOf(events), passed: map[int]bool{}, current: -1}
}

func gatesOf(events []trace.Event) []gate {
	t := trace.Trace{Events: events}
	var gates []gate
	for i, e := range events {
		if e.Kind != trace.Request || e.Parent != 0 {
			continue
		}
		answer := closing(events, i)
		if answer < 0 || len(t.Checks(e.Exchange)) == 0 {
			continue
		}
		_, refused := t.Decider(e.Exchange)
		looked := answer+1 < len(events) && events[answer+1].Kind == trace.Expectation
		if refused || looked {
			gates = append(gates, newGate(i, e.Title, *events[answer].Message))
		}
	}
	return gates
}

// closing is the index of the response that ends the exchange opened at i, -1
// when there is none.
func closing(events []trace.Event, i int) int {
	for j := i + 1; j < len(events); j++ {
		if events[j].Kind == trace.Response && events[j].Exchange == events[i].Exchange {
			return j
		}
	}
	return -1
}

// newGate offers outcomes as the caller would see them: an HTTP request ("GET
// /tasks") is answered with a status, an API call ("sts:AssumeRole") succeeds
// or is refused.
func newGate(request int, title string, answer trace.Message) gate {
	if !strings.Contains(title, " ") {
		return apiGate(request, answer)
	}
	statuses := map[int]bool{200: true, 401: true, 403: true, answer.Status: true}
	var sorted []int
	for s := range statuses {
		sorted = append(sorted, s)
	}
	sort.Ints(sorted)
	g := gate{request: request, truth: strconv.Itoa(answer.Status)}
	for _, s := range sorted {
		g.choices = append(g.choices, choice{outcome: strconv.Itoa(s), says: strconv.Itoa(s) + " " + phrase.Reason(s) + meaning(s)})
	}
	return g
}

func apiGate(request int, answer trace.Message) gate {
	g := gate{request: request, truth: "answered", choices: []choice{
		{outcome: "answered", says: "The call succeeds"},
		{outcome: "refused", says: "The call is refused"},
	}}
	if answer.Error != "" || answer.Status >= 400 {
		g.truth = "refused"
	}
	return g
}

// meaning is the rough sense of a status for whoever has to choose one.
func meaning(status int) string {
	switch {
	case status < 300:
		return ": the request goes through"
	case status == 400:
		return ": the request itself is not acceptable"
	case status == 401:
		return ": the caller is not recognised"
	case status == 403:
		return ": the caller may not do this"
	case status >= 500:
		return ": something behind the gate fails"
	}
	return ""
}

func (p *prediction) gateAt(cursor int) (gate, bool) {
	for _, g := range p.gates {
		if g.request == cursor {
			return g, true
		}
	}
	return gate{}, false
}

// asksAt reports whether a step forward from the cursor is asked about.
func (p *prediction) asksAt(cursor int) bool {
	_, ok := p.gateAt(cursor)
	return p.on && ok && !p.passed[cursor]
}

func (p *prediction) ask(cursor int) { p.asking, p.current, p.said = true, cursor, "" }

// choice finds the outcome that a digit stands for.
func (p *prediction) choice(key string) (string, bool) {
	g, _ := p.gateAt(p.current)
	n, err := strconv.Atoi(key)
	if err != nil || n < 1 || n > len(g.choices) {
		return "", false
	}
	return g.choices[n-1].outcome, true
}

// answer closes the question; what happened may be seen from now on.
func (p *prediction) answer(outcome string) {
	p.asking, p.said = false, outcome
	p.passed[p.current] = true
}

// leave closes any question as the cursor goes from one event to another, and
// passes the gates on the way forward.
func (p *prediction) leave(from, to int) {
	p.asking, p.current, p.said = false, -1, ""
	for _, g := range p.gates {
		if g.request < to && to > from {
			p.passed[g.request] = true
		}
	}
}

func (p *prediction) toggle() { p.on, p.asking, p.current = !p.on, false, -1 }

func (p *prediction) off() { p.on, p.asking, p.current = false, false, -1 }

// horizon is how many of n events may be seen.
func (p *prediction) horizon(n int) int {
	if !p.on {
		return n
	}
	for _, g := range p.gates {
		if !p.passed[g.request] {
			return g.request + 1
		}
	}
	return n
}

func (p *prediction) digits() []string {
	g, _ := p.gateAt(p.current)
	keys := make([]string, len(g.choices))
	for i := range keys {
		keys[i] = strconv.Itoa(i + 1)
	}
	return keys
}

// label shows the digits as one: "1-3".
func (p *prediction) label() string {
	return "1-" + strconv.Itoa(len(p.digits()))
}
