package apigateway

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// handler is a Lambda function in Go: what it returns, or the message of the
// error it throws.
type handler func(event map[string]any) (result any, thrown string)

func answerOK(map[string]any) (any, string) {
	return map[string]any{"statusCode": 200, "body": "[]"}, ""
}

// fakeDoors runs handlers as functions and serves key sets by issuer.
type fakeDoors struct {
	functions map[string]handler
	// refused are the functions that Lambda does not invoke, with the error code.
	refused map[string]string
	keySets map[string]string
	// late are the functions that take longer than anybody waits.
	late map[string]bool
	// untrusting are the roles that API Gateway may not assume.
	untrusting map[string]bool
	// actions answer for other services, by SERVICE:OPERATION, and hosts for
	// other hosts, by URL without the query.
	actions map[string]func(input map[string]any) (map[string]any, error)
	hosts   map[string]func(api.HTTPRequest) api.HTTPResponse
	// calls and sent count what passed.
	calls []api.Call
	sent  int
}

func (d *fakeDoors) Call(_ *trace.Span, call api.Call) (map[string]any, error) {
	d.calls = append(d.calls, call)
	if act, ok := d.actions[call.Service+":"+call.Operation]; ok {
		return act(call.Input)
	}
	if call.Operation == "AssumeRole" {
		return d.assume(call.Input["RoleArn"])
	}
	name, _ := call.Input["FunctionName"].(string)
	if code := d.refused[name]; code != "" {
		return nil, awserr.WithStatus(403, code, "refused")
	}
	if d.late[name] {
		return nil, api.TimeoutError{After: call.Patience}
	}
	run, ok := d.functions[name]
	if call.Service != "lambda" || call.Operation != "Invoke" || !ok {
		return nil, fmt.Errorf("no such function: %s:%s %v", call.Service, call.Operation, call.Input)
	}
	var event map[string]any
	text, _ := call.Input["Payload"].(string)
	if err := json.Unmarshal([]byte(text), &event); err != nil {
		return nil, err
	}
	result, thrown := run(event)
	output := map[string]any{"StatusCode": 200}
	if thrown != "" {
		output["FunctionError"] = "Unhandled"
		result = map[string]any{"errorType": "Error", "errorMessage": thrown}
	}
	payload, err := json.Marshal(result)
	if err != nil {
		return nil, err
	}
	output["Payload"] = string(payload)
	return output, nil
}

func (d *fakeDoors) assume(role any) (map[string]any, error) {
	if name, _ := role.(string); d.untrusting[name] {
		return nil, awserr.WithStatus(403, "AccessDenied", "not authorized to perform: sts:AssumeRole")
	}
	return map[string]any{"Credentials": map[string]any{"AccessKeyId": "ASIAGATEWAY", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": float64(1)}}, nil
}

func (d *fakeDoors) Send(_ *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	d.sent++
	if strings.Contains(request.URL, ".invalid/") {
		return api.HTTPResponse{}, api.UnreachableError{Host: "orders.invalid"}
	}
	address, _, _ := strings.Cut(request.URL, "?")
	if answer, ok := d.hosts[address]; ok {
		return answer(request), nil
	}
	issuer, ok := strings.CutSuffix(request.URL, "/.well-known/jwks.json")
	document, known := d.keySets[issuer]
	if !ok || !known {
		return api.HTTPResponse{Status: 404, Body: "{}"}, nil
	}
	return api.HTTPResponse{Status: 200, Body: document}, nil
}

// fakeAccess knows signatures of the form "AWS4-HMAC-SHA256 user=NAME" and
// policies without conditions.
type fakeAccess struct {
	principals map[string]api.Principal
	// identity are identity policies by principal ARN.
	identity map[string]any
	// failing is the error of every signature, nil for none.
	failing *awserr.Error
}

func (a *fakeAccess) Authenticate(_ *trace.Span, request api.HTTPRequest, service string) (api.Principal, error) {
	header := request.Header.Get("authorization")
	user, signed := strings.CutPrefix(header, "AWS4-HMAC-SHA256 user=")
	switch {
	case service != "execute-api":
		return api.Principal{}, fmt.Errorf("signed for %s", service)
	case header == "":
		return api.Principal{}, awserr.WithStatus(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
	case !signed:
		return api.Principal{}, awserr.New("IncompleteSignature", "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'aGFzaA=='.")
	case a.failing != nil:
		return api.Principal{}, a.failing
	}
	return a.principals[user], nil
}

func (a *fakeAccess) Authorize(_ *trace.Span, q api.Authorization) api.Decision {
	attached := effect(q.ResourcePolicy, q.Action, q.Resource)
	if q.Principal.Type == api.Anonymous {
		return decision(attached)
	}
	own := effect(a.identity[q.Principal.ARN], q.Action, q.Resource)
	message := "User: " + q.Principal.ARN + " is not authorized to perform: " + q.Action + " on resource: " + q.Resource
	switch {
	case own < 0 || attached < 0:
		return api.Decision{Explicit: true, Message: message + " with an explicit deny"}
	case own+attached == 2, own+attached == 1 && q.Principal.Account == "123456789012":
		return api.Decision{Allowed: true}
	}
	return api.Decision{Message: message + " because no identity-based policy allows the " + q.Action + " action"}
}

func (a *fakeAccess) EvaluateDocument(_ *trace.Span, document any, action, resource string, _ map[string][]string) (api.Decision, error) {
	m, ok := document.(map[string]any)
	if !ok || m["Statement"] == nil {
		return api.Decision{}, fmt.Errorf("Statement is missing")
	}
	return decision(effect(document, action, resource)), nil
}

func decision(effect int) api.Decision {
	return api.Decision{Allowed: effect > 0, Explicit: effect < 0}
}

// effect is 1 for an Allow, -1 for a Deny and 0 for silence.
func effect(document any, action, resource string) int {
	m, _ := document.(map[string]any)
	statements, _ := m["Statement"].([]any)
	result := 0
	for _, item := range statements {
		s, _ := item.(map[string]any)
		if !covers(s["Action"], action) || !covers(s["Resource"], resource) {
			continue
		}
		if s["Effect"] == "Deny" {
			return -1
		}
		result = 1
	}
	return result
}

func covers(pattern any, text string) bool {
	p, _ := pattern.(string)
	expression := "^" + strings.ReplaceAll(regexp.QuoteMeta(p), `\*`, ".*") + "$"
	ok, err := regexp.MatchString(expression, text)
	return err == nil && ok
}

// policy is a document with one statement, or with none when effect is "".
func policy(effect, resource string) map[string]any {
	statements := []any{}
	if effect != "" {
		statements = append(statements, map[string]any{"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": resource})
	}
	return map[string]any{"Version": "2012-10-17", "Statement": statements}
}

// fakeWall blocks the stages that it is told to.
type fakeWall struct {
	blocked string
	custom  *api.HTTPResponse
}

func (w *fakeWall) Inspect(_ *trace.Span, resource string, _ api.HTTPRequest) (bool, *api.HTTPResponse) {
	return resource != w.blocked, w.custom
}
