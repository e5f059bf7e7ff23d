// Package wafv2 is AWS WAF in front of the stages of REST APIs: web ACLs with
// rules about addresses, about what a request says and about how often somebody
// sends one. It refuses to know what a request is for and who sends it: it
// looks before anybody is authenticated.
package wafv2

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// actor is the lane of the control plane.
const actor trace.Actor = "AWS WAF"

// Firewall holds the web ACLs of one account and what they protect.
type Firewall struct {
	world api.World
	sets  map[string]ipSet
	acls  map[string]*webACL
	// protected are the web ACLs by the ARN of what they stand before.
	protected map[string]*webACL
}

// New returns a firewall without web ACLs.
func New(w api.World) *Firewall {
	return &Firewall{world: w, sets: map[string]ipSet{}, acls: map[string]*webACL{}, protected: map[string]*webACL{}}
}

// Service is the control plane. Its operations are not simulated: web ACLs are
// defined by templates.
func (f *Firewall) Service() api.Service {
	return api.Service{
		Prefix: "wafv2", Name: actor, Host: "wafv2." + f.world.Region() + ".amazonaws.com",
		Unsimulated: unsimulatedOperations(), Rules: Rules(),
	}
}

// Types are the resource types of web ACLs, their IP sets and associations.
func (f *Firewall) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::WAFv2::IPSet", []string{"Arn", "Id"}, f.createIPSet),
		cloudformation.Define("AWS::WAFv2::WebACL", []string{"Arn", "Capacity", "Id", "LabelNamespace"}, f.createWebACL),
		cloudformation.Define("AWS::WAFv2::WebACLAssociation", nil, f.createAssociation),
	}
}

// Inspect decides by the web ACL of a resource whether a request may come in,
// and says true where there is none. The response is a custom one, nil for that
// of the resource. It makes these checks:
//
//  1. each rule, the lowest priority first, until one that matches allows or
//     blocks; a rule that counts only goes on
//  2. the action of that rule, or else the default action, lets the request in
//
// https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-rule-actions.html
func (f *Firewall) Inspect(span *trace.Span, resource string, request api.HTTPRequest) (allowed bool, custom *api.HTTPResponse) {
	acl, ok := f.protected[resource]
	if !ok {
		return true, nil
	}
	// 1
	chosen, by := acl.standard, "default action"
	for _, r := range acl.rules {
		matched, found := f.match(r, request)
		if !matched {
			continue
		}
		span.Note(r.statement.rule(), r.action.kind == allow, "no reason in rule "+r.name+" to "+string(r.action.kind), found)
		if r.action.kind != count {
			chosen, by = r.action, "rule "+r.name
			break
		}
	}
	// 2
	if span.Decide(RuleAction, chosen.kind == allow, "web ACL "+acl.name+" lets the request in", by+": "+string(chosen.kind)) {
		return true, nil
	}
	return false, chosen.response
}

// webACL is one AWS::WAFv2::WebACL; its rules are sorted by priority.
type webACL struct {
	name     string
	standard action
	rules    []*rule
}

type rule struct {
	name      string
	priority  int
	action    action
	statement statement
}

type action struct {
	kind actionKind
	// response is a custom one to a blocked request, nil for none.
	response *api.HTTPResponse
}

type actionKind string

const (
	allow actionKind = "Allow"
	block actionKind = "Block"
	count actionKind = "Count"
)

// statement is what a rule asks of a request.
type statement interface {
	rule() trace.RuleID
	// match reports a match and says what was found.
	match(f *Firewall, request api.HTTPRequest) (bool, string)
}

func (f *Firewall) match(r *rule, request api.HTTPRequest) (bool, string) {
	return r.statement.match(f, request)
}

// ipSet is a list of address ranges.
type ipSet []netip.Prefix

func (s ipSet) contains(address string) bool {
	ip, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(s, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// inSet is IPSetReferenceStatement: the address that the request comes from.
type inSet struct{ set ipSet }

func (inSet) rule() trace.RuleID { return RuleIPSet }

func (s inSet) match(_ *Firewall, request api.HTTPRequest) (bool, string) {
	return s.set.contains(request.SourceIP), "the address " + request.SourceIP
}

// tooMany is RateBasedStatement, counted by address.
type tooMany struct {
	limit  int
	window time.Duration
	// seen are the times of each address's requests within the window.
	seen map[string][]time.Time
}

func (*tooMany) rule() trace.RuleID { return RuleRate }

// match counts the request. AWS estimates, and notices with a delay; here the
// count is exact.
func (s *tooMany) match(f *Firewall, request api.HTTPRequest) (bool, string) {
	now := f.world.Now()
	recent := slices.DeleteFunc(s.seen[request.SourceIP], func(t time.Time) bool { return now.Sub(t) >= s.window })
	s.seen[request.SourceIP] = append(recent, now)
	n := len(s.seen[request.SourceIP])
	return n > s.limit, fmt.Sprintf("request %d in %s, limit %d", n, s.window, s.limit)
}

// says is ByteMatchStatement: a text in one part of the request.
type says struct {
	search     string
	constraint string
	field      string
	// header is the name of the header, when the field is one.
	header    string
	lowercase bool
}

func (says) rule() trace.RuleID { return RuleByteMatch }

func (s says) match(_ *Firewall, request api.HTTPRequest) (bool, string) {
	text := s.part(request)
	if s.lowercase {
		text = strings.ToLower(text)
	}
	matched := map[string]func(string, string) bool{
		"EXACTLY": func(a, b string) bool { return a == b }, "STARTS_WITH": strings.HasPrefix,
		"ENDS_WITH": strings.HasSuffix, "CONTAINS": strings.Contains,
	}[s.constraint]
	return matched(text, s.search), s.field + " " + fmt.Sprintf("%.40q", text)
}

func (s says) part(request api.HTTPRequest) string {
	path, query, _ := strings.Cut(afterHost(request.URL), "?")
	switch s.field {
	case "header":
		return request.Header.Get(s.header)
	case "method":
		return request.Method
	case "query string":
		return query
	case "body":
		return request.Body
	}
	return path
}

// afterHost is a URL without its scheme and host.
func afterHost(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	slash := strings.IndexByte(rest, '/')
	if slash < 0 {
		return "/"
	}
	return rest[slash:]
}
