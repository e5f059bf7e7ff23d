package scenario

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/source"
)

// Flow is a list of steps.
type Flow []Step

// Step is one step of a flow: an API call, an HTTP request, a wait on the
// virtual clock, a procedure of the client or an expectation.
type Step interface {
	run(r *run) error
}

// stepKinds are the keys that say what a step is.
func stepKinds() []string {
	return []string{"do", "call", "attempt", "http", "program", "let", "wait", "expect"}
}

// stepModifiers are the other keys, by the kinds that take them.
func stepModifiers() map[string][]string {
	call := []string{"with", "sign", "as", "by"}
	return map[string][]string{
		"do": nil, "wait": nil, "expect": nil, "let": {"as"},
		"call": call, "attempt": call,
		"http":    {"headers", "body", "from", "sign", "as", "by"},
		"program": {"on", "environment", "files", "properties", "profile", "sign", "as", "by"},
	}
}

// ParseFlow reads a list of steps. A step is a mapping with exactly one of
//
//	do: PROCEDURE              run a procedure of the client
//	call: service:Operation    an API call that must succeed
//	attempt: service:Operation an API call that AWS may refuse; NAME.error says so
//	http: METHOD URL           an HTTP request; NAME.status says how it went
//	program: SDK               start a program whose SDK finds credentials, to sign with
//	let: EXPRESSION            give a value a name (as)
//	wait: 61m                  move the virtual clock (units s, m, h, d)
//	expect: EXPRESSION         fail the flow unless it is true
//
// Calls take with (input); http takes headers, body and from (the sender's IP
// address, 203.0.113.10 by default); both take sign (credentials), as (a name for
// the result) and by (the actor, "App" by default). A program runs on machines (on:
// an instance, a task definition, one within an instance, or a function), with
// environment, files and Java properties of its own; its code may name a profile
// or give credentials (sign).
func ParseFlow(n source.Node, problems *source.Problems) Flow {
	var flow Flow
	for _, item := range n.Items(problems) {
		if step := parseStep(item, problems); step != nil {
			flow = append(flow, step)
		}
	}
	return flow
}

func parseStep(n source.Node, problems *source.Problems) Step {
	before := len(*problems)
	entries := n.Entries(problems)
	if len(*problems) > before {
		return nil
	}
	kind, count := "", 0
	for _, e := range entries {
		if _, ok := stepModifiers()[e.Key]; ok {
			kind, count = e.Key, count+1
		}
	}
	if count != 1 {
		problems.Add(n.At(), "a step has exactly one of the keys %s, this one has %d of them", strings.Join(stepKinds(), ", "), count)
		return nil
	}
	fields := n.Fields(problems, []string{kind}, stepModifiers()[kind])
	text := strings.TrimSpace(fields[kind].Text(problems))
	if len(*problems) > before {
		return nil
	}
	at := fields[kind].At()
	switch kind {
	case "do":
		return doStep{at: at, procedure: text}
	case "call", "attempt":
		return parseCall(kind, text, fields, problems)
	case "http":
		return parseHTTP(text, fields, problems)
	case "program":
		return parseProgram(text, fields, problems)
	case "let":
		return parseLet(text, at, fields, problems)
	case "wait":
		return parseWait(text, at, problems)
	default:
		return parseExpect(text, at, problems)
	}
}

func parseCall(kind, text string, fields map[string]source.Node, problems *source.Problems) Step {
	at := fields[kind].At()
	service, operation, ok := strings.Cut(text, ":")
	if !ok || service == "" || operation == "" {
		problems.Add(at, "service:Operation was expected, such as cognito-idp:InitiateAuth, found %q", text)
		return nil
	}
	step := callStep{request: parseRequest(at, fields, problems), service: service, operation: operation, mayFail: kind == "attempt"}
	if with, ok := fields["with"]; ok {
		if with.Shape() != "a mapping" {
			problems.Add(with.At(), "a mapping with the operation's input was expected, found %s", with.Shape())
		}
		step.input = parseValue(with, problems)
	}
	return step
}

func parseHTTP(text string, fields map[string]source.Node, problems *source.Problems) Step {
	at := fields["http"].At()
	method, url, ok := strings.Cut(text, " ")
	if !ok || method != strings.ToUpper(method) {
		problems.Add(at, "METHOD URL was expected, such as GET ${Api.Url}/tasks, found %q", text)
		return nil
	}
	step := httpStep{request: parseRequest(at, fields, problems), from: defaultAddress, method: method, url: parseTemplate(strings.TrimSpace(url), at, problems)}
	if headers, ok := fields["headers"]; ok {
		for _, e := range headers.Entries(problems) {
			step.headers = append(step.headers, header{name: e.Key, value: parseTemplate(e.Value.Text(problems), e.Value.At(), problems)})
		}
	}
	if from, ok := fields["from"]; ok {
		step.from = parseAddress(from, problems)
	}
	if body, ok := fields["body"]; ok {
		step.body = parseValue(body, problems)
	}
	return step
}

// defaultAddress is where requests come from that do not say otherwise, of the
// range that RFC 5737 keeps for documentation.
const defaultAddress = "203.0.113.10"

func parseAddress(n source.Node, problems *source.Problems) string {
	text := n.Text(problems)
	if _, err := netip.ParseAddr(text); err != nil {
		problems.Add(n.At(), "an IP address such as 198.51.100.7 was expected, found %q", text)
	}
	return text
}

func parseRequest(at source.Position, fields map[string]source.Node, problems *source.Problems) request {
	r := request{at: at, by: "App"}
	if sign, ok := fields["sign"]; ok {
		r.sign = parseValue(sign, problems)
	}
	if as, ok := fields["as"]; ok {
		r.as = as.Text(problems)
	}
	if by, ok := fields["by"]; ok {
		r.by = by.Text(problems)
	}
	return r
}

func parseWait(text string, at source.Position, problems *source.Problems) Step {
	d, ok := duration(text)
	if !ok || d <= 0 {
		problems.Add(at, "a time span such as 61m, 2h or 31d was expected, found %q", text)
		return nil
	}
	return waitStep{length: d}
}

func duration(text string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n <= 36500
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

func parseLet(text string, at source.Position, fields map[string]source.Node, problems *source.Problems) Step {
	e, err := compile(text)
	if err != nil {
		problems.Add(at, "%s", err)
		return nil
	}
	as, ok := fields["as"]
	if !ok {
		problems.Add(at, "let gives a value a name: key \"as\" is missing")
		return nil
	}
	return letStep{at: at, value: e, as: as.Text(problems)}
}

func parseExpect(text string, at source.Position, problems *source.Problems) Step {
	e, err := compile(text)
	if err != nil {
		problems.Add(at, "%s", err)
		return nil
	}
	return expectStep{at: at, condition: e}
}
