package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
)

// maxDepth bounds procedures that call one another.
const maxDepth = 20

type doStep struct {
	at        source.Position
	procedure string
}

func (s doStep) run(r *run) error {
	p, ok := r.client.procedures[s.procedure]
	if !ok {
		return fmt.Errorf("%s: the client has no procedure %q%s", s.at, s.procedure, source.Suggest(s.procedure, r.client.Names()))
	}
	if r.depth >= maxDepth {
		return fmt.Errorf("%s: procedure %q calls itself without end", s.at, s.procedure)
	}
	r.depth++
	defer func() { r.depth-- }()
	return r.steps(p.flow)
}

// request is what API calls and HTTP requests have in common.
type request struct {
	at   source.Position
	sign value
	as   string
	by   string
}

// credentials evaluates sign, nil without one.
func (q request) credentials(env map[string]any) (*api.Credentials, error) {
	if q.sign == nil {
		return nil, nil
	}
	v, err := q.sign.evaluate(env)
	if err != nil {
		return nil, err
	}
	tree, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: sign wants credentials (AccessKeyId, SecretAccessKey or SecretKey, SessionToken), found %s", q.at, show(v))
	}
	c, ok := credentialsOf(tree)
	if !ok {
		return nil, fmt.Errorf("%s: sign wants credentials with AccessKeyId and SecretAccessKey (or SecretKey), found %s", q.at, show(v))
	}
	return &c, nil
}

// credentialsOf reads credentials as STS or an identity pool spells them; ok is
// false when there are none.
func credentialsOf(tree map[string]any) (c api.Credentials, ok bool) {
	c = api.Credentials{AccessKeyID: textOf(tree, "AccessKeyId"), SecretAccessKey: textOf(tree, "SecretAccessKey"), SessionToken: textOf(tree, "SessionToken")}
	if c.SecretAccessKey == "" {
		c.SecretAccessKey = textOf(tree, "SecretKey")
	}
	return c, c.AccessKeyID != "" && c.SecretAccessKey != ""
}

func textOf(tree map[string]any, key string) string {
	text, _ := tree[key].(string)
	return text
}

type callStep struct {
	request
	service, operation string
	input              value
	mayFail            bool
}

func (s callStep) run(r *run) error {
	input, err := s.evaluateInput(r.env)
	if err != nil {
		return err
	}
	credentials, err := s.credentials(r.env)
	if err != nil {
		return err
	}
	if s.sign == nil {
		credentials = r.caller
	}
	exchange := r.recorder.Exchanges() + 1
	output, err := r.account.Call(r.recorder.Flow(), api.Call{
		From: trace.Actor(s.by), Service: s.service, Operation: s.operation,
		Input: input, Caller: api.Caller{Credentials: credentials},
	})
	var refusal *awserr.Error
	if err != nil && !errors.As(err, &refusal) {
		return fmt.Errorf("%s: %s:%s: %w", s.at, s.service, s.operation, err)
	}
	if refusal == nil {
		output["status"] = 200
		return r.save(s.at, s.as, exchange, output)
	}
	if !s.mayFail {
		return &refuted{
			expected: s.service + ":" + s.operation + " succeeds",
			happened: refusal.Error(),
			evidence: evidence{exchange: exchange},
		}
	}
	return r.save(s.at, s.as, exchange, map[string]any{
		"status": refusal.Status, "error": map[string]any{"code": refusal.Code, "message": refusal.Message},
	})
}

func (s callStep) evaluateInput(env map[string]any) (map[string]any, error) {
	if s.input == nil {
		return map[string]any{}, nil
	}
	v, err := s.input.evaluate(env)
	if err != nil {
		return nil, err
	}
	input, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: the input is not a mapping", s.at)
	}
	return input, nil
}

type header struct {
	name  string
	value template
}

type httpStep struct {
	request
	// from is the sender's IP address.
	from    string
	method  string
	url     template
	headers []header
	body    value
}

func (s httpStep) run(r *run) error {
	request, err := s.build(r)
	if err != nil {
		return err
	}
	exchange := r.recorder.Exchanges() + 1
	response, err := r.account.Send(r.recorder.Flow(), request)
	if err != nil {
		return fmt.Errorf("%s: %s %s: %w", s.at, request.Method, request.URL, err)
	}
	return r.save(s.at, s.as, exchange, map[string]any{
		"status": response.Status, "headers": flat(response.Header), "body": parsed(response.Body), "text": response.Body,
	})
}

func (s httpStep) build(r *run) (api.HTTPRequest, error) {
	url, err := s.url.text(r.env)
	if err != nil {
		return api.HTTPRequest{}, err
	}
	request := api.HTTPRequest{From: trace.Actor(s.by), Method: s.method, URL: url, Header: api.Header{}, SourceIP: s.from}
	for _, h := range s.headers {
		text, err := h.value.text(r.env)
		if err != nil {
			return api.HTTPRequest{}, err
		}
		request.Header.Set(h.name, text)
	}
	if request.Body, err = s.evaluateBody(r.env); err != nil {
		return api.HTTPRequest{}, err
	}
	credentials, err := s.credentials(r.env)
	if err != nil || credentials == nil {
		return request, err
	}
	if err := sigv4.Sign(&request, *credentials, signingService(url), r.account.Region(), r.account.Now()); err != nil {
		return api.HTTPRequest{}, fmt.Errorf("%s: %w", s.at, err)
	}
	return request, nil
}

// signingService is the service name an SDK would sign for at a host.
func signingService(url string) string {
	switch {
	case strings.Contains(url, ".execute-api."):
		return "execute-api"
	case strings.Contains(url, ".appsync-api."):
		return "appsync"
	}
	return "s3"
}

func (s httpStep) evaluateBody(env map[string]any) (string, error) {
	if s.body == nil {
		return "", nil
	}
	v, err := s.body.evaluate(env)
	if err != nil {
		return "", err
	}
	if text, ok := v.(string); ok {
		return text, nil
	}
	encoded, err := json.Marshal(v)
	return string(encoded), err
}

func flat(h api.Header) map[string]any {
	tree := map[string]any{}
	for name, value := range h.Flat() {
		tree[name] = value
	}
	return tree
}

// parsed is a body as a tree when it is JSON, and as text when it is not.
func parsed(body string) any {
	var tree any
	if json.Unmarshal([]byte(body), &tree) == nil {
		return tree
	}
	return body
}

type waitStep struct{ length time.Duration }

func (s waitStep) run(r *run) error {
	r.account.Advance(s.length)
	r.recorder.Flow().Wait(s.length)
	return nil
}

// letStep names a value. What decided the results that the value is made of
// decides the value.
type letStep struct {
	at    source.Position
	value expression
	as    string
}

func (s letStep) run(r *run) error {
	v, err := s.value.evaluate(r.env)
	if err != nil {
		return fmt.Errorf("%s: %w", s.at, err)
	}
	return r.save(s.at, s.as, r.latest(s.value), v)
}

type expectStep struct {
	at        source.Position
	condition expression
}

func (s expectStep) run(r *run) error {
	v, err := s.condition.evaluate(r.env)
	if err != nil {
		return fmt.Errorf("%s: %w", s.at, err)
	}
	held, ok := v.(bool)
	if !ok {
		return fmt.Errorf("%s: an expectation is true or false, %q is %s", s.at, s.condition.text, show(v))
	}
	e := r.evidenceFor(s.condition)
	check := trace.Check{Rule: e.rule, Wanted: s.condition.text, Found: s.condition.observed(r.env), Held: held, Decides: !held && e.rule != ""}
	r.recorder.Flow().Expect(check)
	if held {
		return nil
	}
	e.event = r.recorder.Events()
	return &refuted{expected: s.condition.text, happened: check.Found, evidence: e}
}

// evidenceFor finds what an expectation looks at: the latest result it names,
// or the stack itself.
func (r *run) evidenceFor(e expression) evidence {
	latest := r.latest(e)
	if latest == 0 && refersTo(e, "resources") {
		return evidence{rule: RuleComposition}
	}
	return evidence{exchange: latest}
}

// latest is the last exchange among those whose results an expression names.
func (r *run) latest(e expression) int {
	latest := 0
	for _, name := range e.names {
		latest = max(latest, r.saved[name])
	}
	return latest
}

func refersTo(e expression, name string) bool {
	for _, n := range e.names {
		if n == name {
			return true
		}
	}
	return false
}
