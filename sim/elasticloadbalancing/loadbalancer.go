// Package elasticloadbalancing is the Application Load Balancer with listener
// rules that sign users in: a browser without a session is sent to an OpenID
// Connect provider, its code is exchanged for tokens, and each request that
// follows reaches a Lambda target with headers that say who the user is.
//
// The package owns listeners, rules, sessions and what it signs. It refuses to
// know who issues codes and tokens and what a target does (api.Doors).
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
package elasticloadbalancing

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// Actor is the load balancer's lane in a trace.
const Actor trace.Actor = "Load balancer"

// UserPools answers what a listener must know of an app client.
type UserPools interface {
	// ClientSecret returns the secret of an app client, "" when it has none, and
	// whether the pool has the client.
	ClientSecret(poolID, clientID string) (secret string, found bool)
}

// LoadBalancers holds the load balancers of one account.
type LoadBalancers struct {
	world api.World
	doors api.Doors
	pools UserPools

	balancers map[string]*balancer
	groups    map[string]*targetGroup
	listeners map[string]*listener
}

// New returns the service without load balancers.
func New(w api.World, doors api.Doors, pools UserPools) *LoadBalancers {
	return &LoadBalancers{
		world: w, doors: doors, pools: pools,
		balancers: map[string]*balancer{}, groups: map[string]*targetGroup{}, listeners: map[string]*listener{},
	}
}

// Service is the control plane. Its operations are not simulated: load balancers
// are defined by templates.
func (l *LoadBalancers) Service() api.Service {
	return api.Service{
		Prefix: "elasticloadbalancing", Name: Actor, Host: "elasticloadbalancing." + l.world.Region() + ".amazonaws.com",
		Unsimulated: unsimulatedOperations(), Rules: Rules(),
	}
}

// Site answers for the DNS names of load balancers and for the host with the
// public keys that they sign with.
func (l *LoadBalancers) Site() api.Site {
	return api.Site{
		Name: Actor,
		Hosts: func(host string) bool {
			name, _, _ := strings.Cut(strings.ToLower(host), ":")
			return name == l.keysHost() || strings.HasSuffix(name, l.domain())
		},
		Has:   func(address *url.URL) bool { return l.balancers[strings.ToLower(address.Hostname())] != nil },
		Serve: l.serve,
	}
}

func (l *LoadBalancers) domain() string { return "." + l.world.Region() + ".elb.amazonaws.com" }

func (l *LoadBalancers) keysHost() string {
	return "public-keys.auth.elb." + l.world.Region() + ".amazonaws.com"
}

// Types are the resource types of load balancers.
func (l *LoadBalancers) Types() []cloudformation.Type {
	const prefix = "AWS::ElasticLoadBalancingV2::"
	return []cloudformation.Type{
		cloudformation.Define(prefix+"LoadBalancer", []string{"DNSName", "LoadBalancerArn", "LoadBalancerFullName", "LoadBalancerName"}, l.createBalancer),
		cloudformation.Define(prefix+"TargetGroup", []string{"TargetGroupArn", "TargetGroupFullName", "TargetGroupName"}, l.createTargetGroup),
		cloudformation.Define(prefix+"Listener", []string{"ListenerArn"}, l.createListener),
		cloudformation.Define(prefix+"ListenerRule", []string{"RuleArn"}, l.createRule),
	}
}

// balancer is one Application Load Balancer; listeners are by scheme.
type balancer struct {
	arn, host string
	listeners map[string]*listener
}

// listener has rules by priority; the last one is its default.
type listener struct {
	arn      string
	secure   bool
	balancer *balancer
	rules    []*rule
}

type rule struct {
	// priority is 0 for the default rule.
	priority int
	// paths are patterns of the path; none means every path.
	paths  []string
	signIn *signIn
	final  final
}

// final is the action that ends a rule: a target or a fixed response.
type final struct {
	group *targetGroup
	fixed *api.HTTPResponse
}

// targetGroup is one Lambda function.
type targetGroup struct{ arn, function string }

// request is one request on its way.
type request struct {
	*LoadBalancers
	api.HTTPRequest
	span     *trace.Span
	address  *url.URL
	balancer *balancer
	rule     *rule
}

// serve takes a request through these phases:
//
//  1. a listener for the scheme
//  2. the rule: lowest priority first, whose path matches
//  3. the way back from the provider, /oauth2/idpresponse
//  4. the session
//  5. the target, or a fixed response
func (l *LoadBalancers) serve(span *trace.Span, r api.HTTPRequest) (api.HTTPResponse, error) {
	address, err := url.Parse(r.URL)
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("%q is not a URL: %w", r.URL, err)
	}
	if address.Hostname() == l.keysHost() {
		return publicKey(strings.TrimPrefix(address.Path, "/")), nil
	}
	b, ok := l.balancers[strings.ToLower(address.Hostname())]
	if !ok {
		return api.HTTPResponse{}, fmt.Errorf("no load balancer is called %q", address.Host)
	}
	if r.Header == nil {
		r.Header = api.Header{}
	}
	c := &request{LoadBalancers: l, HTTPRequest: r, span: span, address: address, balancer: b}
	// 1
	found, ok := b.listeners[address.Scheme]
	if !ok {
		return api.HTTPResponse{}, fmt.Errorf("%s has no listener for %s: the connection is refused", b.host, address.Scheme)
	}
	// 2
	c.rule = found.match(address.Path)
	// 3
	if address.Path == callbackPath {
		return c.comeBack(found)
	}
	// 4
	response, admitted, err := c.admit()
	if err != nil || !admitted {
		return response, err
	}
	// 5
	if c.rule.final.fixed != nil {
		return *c.rule.final.fixed, nil
	}
	return c.forward()
}

func (l *listener) match(path string) *rule {
	for _, r := range l.rules {
		if len(r.paths) == 0 {
			return r
		}
		for _, pattern := range r.paths {
			if matches(pattern, path) {
				return r
			}
		}
	}
	return l.rules[len(l.rules)-1]
}

// matches holds a path against a pattern with * and ?. It goes back only to the
// last star, so that no pattern takes long.
func matches(pattern, path string) bool {
	p, star, resume := 0, -1, 0
	for i := 0; i < len(path); {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == path[i]):
			p++
			i++
		case star >= 0:
			resume++
			p, i = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// page is a response that the load balancer gives itself.
func page(status int, title string) api.HTTPResponse {
	text := fmt.Sprintf("%d %s", status, title)
	return api.HTTPResponse{
		Status: status, Header: api.Header{"content-type": {"text/html"}, "server": {"awselb/2.0"}},
		Body: "<html>\r\n<head><title>" + text + "</title></head>\r\n<body>\r\n<center><h1>" + text + "</h1></center>\r\n</body>\r\n</html>\r\n",
	}
}

func redirect(to string) api.HTTPResponse {
	response := page(302, "Found")
	response.Header.Set("location", to)
	return response
}

// defaultSession is how long a session lasts unless it is set: seven days.
const defaultSession = 7 * 24 * time.Hour
