package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"claimcheck/sim/arn"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/source"
)

// inquiry is one line: a request and the policies that apply to it. A policy
// goes by its place in the line.
type inquiry struct {
	id       json.RawMessage // as it stands in the line, nil without one
	request  policy.Request
	policies policy.Policies
}

// inquiryReader reads one line and collects what is wrong with it.
type inquiryReader struct{ faults []string }

// readInquiry reads a line. With faults the inquiry is of no use.
func readInquiry(line []byte) (inquiry, []string) {
	r := &inquiryReader{}
	if !json.Valid(line) {
		return inquiry{}, []string{"each line is one JSON object: " + syntaxFault(line)}
	}
	fields := r.object("", line, "id", "request", "identityPolicies", "resourcePolicy", "boundary", "sessionPolicies",
		"serviceControlPolicies", "resourceControlPolicies")
	q := inquiry{id: fields["id"]}
	if fields == nil {
		return q, r.faults
	}
	q.request = r.request(fields["request"])
	resourceKind := kindOfResourcePolicy(q.request)
	q.policies = policy.Policies{
		Identity: r.list("identityPolicies", fields["identityPolicies"], policy.IdentityPolicy),
		Resource: r.policy("resourcePolicy", fields["resourcePolicy"], resourceKind),
		Boundary: r.policy("boundary", fields["boundary"], policy.IdentityPolicy),
		Session:  r.list("sessionPolicies", fields["sessionPolicies"], policy.IdentityPolicy),
		SCPs:     r.levels("serviceControlPolicies", fields["serviceControlPolicies"], policy.ServiceControlPolicy),
		RCPs:     r.levels("resourceControlPolicies", fields["resourceControlPolicies"], policy.ResourceControlPolicy),
	}
	if resourceKind == policy.TrustPolicy && absent(fields["resourcePolicy"]) {
		q.policies.Resource = r.policy("resourcePolicy", json.RawMessage(`{"Statement":[]}`), resourceKind)
	}
	return q, r.faults
}

func (r *inquiryReader) fault(path, format string, args ...any) {
	r.faults = append(r.faults, path+": "+fmt.Sprintf(format, args...))
}

func syntaxFault(line []byte) string {
	var tree any
	err := json.Unmarshal(line, &tree)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("column %d: %v", syntax.Offset, err)
	}
	return "it is not valid JSON"
}

// object reads an object that has only the given keys; nil after a fault.
func (r *inquiryReader) object(path string, raw json.RawMessage, known ...string) map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		if path == "" {
			path = "the line"
		}
		r.fault(path, "an object is wanted, found %s", raw)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(known, name) {
			r.fault(joinPath(path, name), "unknown key%s", source.Suggest(name, known))
		}
	}
	return fields
}

// request reads who asks for what.
func (r *inquiryReader) request(raw json.RawMessage) policy.Request {
	if absent(raw) {
		r.fault("request", "it is missing")
		return policy.Request{}
	}
	fields := r.object("request", raw, "action", "resource", "resourceAccount", "principal", "principalType", "context")
	if fields == nil {
		return policy.Request{}
	}
	context := r.context(fields["context"])
	request := policy.Request{
		Action: r.text("request.action", fields["action"], true), Resource: r.text("request.resource", fields["resource"], true),
		ResourceAccount: r.text("request.resourceAccount", fields["resourceAccount"], false), Context: policy.NewContext(context),
	}
	if service, name, ok := strings.Cut(request.Action, ":"); request.Action != "" && (!ok || service == "" || name == "" || strings.ContainsAny(request.Action, "*? ")) {
		r.fault("request.action", "one action is wanted, such as s3:GetObject, found %q", request.Action)
	}
	if _, err := arn.Parse(request.Resource); err != nil && request.Resource != "" && request.Resource != "*" {
		r.fault("request.resource", `an ARN or "*" is wanted, found %q`, request.Resource)
	}
	name, kind := r.text("request.principal", fields["principal"], true), r.text("request.principalType", fields["principalType"], false)
	if name == "" {
		return request
	}
	principal, err := principalOf(name, kind)
	if err != nil {
		r.fault("request.principal", "%v", err)
	}
	request.Principal = originOf(principal, context)
	return request
}

// text reads text; it is "" when there is none.
func (r *inquiryReader) text(path string, raw json.RawMessage, required bool) string {
	var text string
	switch {
	case absent(raw) && required:
		r.fault(path, "it is missing")
	case absent(raw):
	case json.Unmarshal(raw, &text) != nil:
		r.fault(path, "text is wanted, found %s", raw)
	case text == "":
		r.fault(path, "it is empty")
	}
	return text
}

// context reads the condition keys. A value that is null, or an empty list, is
// a key that is not there.
func (r *inquiryReader) context(raw json.RawMessage) map[string][]string {
	keys := map[string][]string{}
	if absent(raw) {
		return keys
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		r.fault("request.context", "an object of condition keys is wanted, found %s", raw)
		return keys
	}
	spelt := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if other, twice := spelt[strings.ToLower(name)]; twice {
			r.fault("request.context."+name, "it is the same condition key as %s", other)
		}
		spelt[strings.ToLower(name)] = name
		keys[name] = r.values("request.context."+name, fields[name])
	}
	return keys
}

func (r *inquiryReader) values(path string, raw json.RawMessage) []string {
	items := []any{nil}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		r.fault(path, "%v", err)
		return nil
	}
	items[0] = tree
	if list, ok := tree.([]any); ok {
		items = list
	}
	var values []string
	for _, item := range items {
		switch item := item.(type) {
		case string:
			values = append(values, item)
		case json.Number, bool:
			values = append(values, fmt.Sprint(item))
		case nil:
		default:
			r.fault(path, "a value is text, a number, true or false, or a list of these, found %s", raw)
		}
	}
	return values
}

// list reads policies in order; it is nil when there are none.
func (r *inquiryReader) list(path string, raw json.RawMessage, kind policy.Kind) []policy.Policy {
	var policies []policy.Policy
	for i, item := range r.items(path, raw, "policies") {
		policies = append(policies, r.policy(fmt.Sprintf("%s[%d]", path, i), item, kind))
	}
	return policies
}

// levels reads a list of policies for each level of an organization.
func (r *inquiryReader) levels(path string, raw json.RawMessage, kind policy.Kind) []policy.Level {
	var levels []policy.Level
	for i, item := range r.items(path, raw, "levels, each a list of policies") {
		name := fmt.Sprintf("%s[%d]", path, i)
		levels = append(levels, policy.Level{Name: name, Policies: r.list(name, item, kind)})
	}
	return levels
}

func (r *inquiryReader) items(path string, raw json.RawMessage, of string) []json.RawMessage {
	if absent(raw) {
		return nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		r.fault(path, "a list of %s is wanted, found %s", of, raw)
		return nil
	}
	return items
}

// policy reads a policy that is an object or its JSON text.
func (r *inquiryReader) policy(path string, raw json.RawMessage, kind policy.Kind) policy.Policy {
	if absent(raw) {
		return policy.Policy{}
	}
	text := []byte(raw)
	var inner string
	if json.Unmarshal(raw, &inner) == nil {
		text = []byte(inner)
	}
	document, err := policy.ParseJSON(text, kind)
	var faults policy.Faults
	if errors.As(err, &faults) {
		for _, fault := range faults {
			r.fault(joinPath(path, fault.Path), "%s", fault.Message)
		}
	}
	return policy.Policy{Name: path, Document: document}
}

func absent(raw json.RawMessage) bool { return raw == nil || string(raw) == "null" }

func joinPath(path, name string) string {
	if path == "" || name == "" {
		return path + name
	}
	return path + "." + name
}
