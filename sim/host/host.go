// Package host is the computer that a program runs on, as far as an AWS SDK looks
// at it for credentials: environment variables, the shared config and credentials
// files, and what the platform around it offers. It owns the order in which each
// SDK asks, which is the SDKs' and not a service's. It refuses to know what the
// credentials may do and how a platform gets them.
package host

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// sdk is the lane of the chain.
const sdk trace.Actor = "AWS SDK"

// Platform starts programs: EC2 on an instance, ECS in a task's container, Lambda
// in a function's execution environment.
type Platform interface {
	// Start begins a program on the machine of that id; ok is false when the id
	// is none of the platform's. The error is an *awserr.Error when the
	// platform cannot start it.
	Start(span *trace.Span, id string) (place api.Place, ok bool, err error)
}

// Hosts are the computers of one run.
type Hosts struct {
	world     api.World
	doors     api.Doors
	platforms []Platform
}

// New returns hosts that reach AWS through the doors.
func New(w api.World, doors api.Doors, platforms ...Platform) *Hosts {
	return &Hosts{world: w, doors: doors, platforms: platforms}
}

// Program is what its author and whoever runs it have set.
type Program struct {
	// SDK is a name of SDKs.
	SDK string
	// On are the machines it runs on, outermost first: the id of an EC2
	// instance, the ARN of an ECS task definition, or both; or the name of a
	// Lambda function. None is a computer outside AWS.
	On []string
	// Environment are variables beside those that the platform sets.
	Environment map[string]string
	// Files are texts by path. The SDK reads ~/.aws/credentials, ~/.aws/config
	// and what variables or profiles name.
	Files map[string]string
	// Properties are Java system properties.
	Properties map[string]string
	// Profile is the one that the code names, "" when it names none.
	Profile string
	// Credentials are those that the code gives to the client, nil for none.
	Credentials *api.Credentials
	// By is the program's lane.
	By trace.Actor
}

// Found are credentials and where they come from.
type Found struct {
	Credentials api.Credentials
	// Provider is the link of the chain that had them, such as "environment".
	Provider string
	// Expires is zero for what does not say when it ends.
	Expires time.Time
}

// machine is a program on its place, while the chain looks around.
type machine struct {
	*Hosts
	program Program
	chain   chain
	span    *trace.Span
	api.Place
	profiles profiles
}

// Find starts the program and asks the providers of its SDK for credentials, in
// order, until one has some. An error is an *awserr.Error when AWS refuses what a
// provider asks for, or when the chain ends without credentials: then its code
// and message are those of the SDK's exception. A damaged file is an error with
// its line.
func (h *Hosts) Find(span *trace.Span, p Program) (Found, error) {
	chain, ok := chainOf(p.SDK)
	if !ok {
		return Found{}, fmt.Errorf("there is no SDK %q: want one of %s", p.SDK, strings.Join(SDKs(), ", "))
	}
	exchange := span.Open(p.By, sdk, "credentials for "+chain.name, trace.Message{})
	found, err := h.find(exchange, p, chain)
	var refusal *awserr.Error
	switch {
	case err == nil:
		exchange.Close(trace.Message{Status: 200, Body: found.String()})
	case errors.As(err, &refusal):
		exchange.Close(trace.Message{Error: refusal.Code, Body: refusal.Message})
	default:
		exchange.Close(trace.Message{Error: "NotSimulated", Body: err.Error()})
	}
	return found, err
}

func (h *Hosts) find(span *trace.Span, p Program, c chain) (Found, error) {
	m, err := h.start(span, p, c)
	if err != nil {
		return Found{}, err
	}
	if err := m.named(); err != nil {
		return Found{}, err
	}
	for _, link := range c.links {
		found, err := link(m)
		if err != nil {
			return Found{}, err
		}
		if found != nil {
			span.Decide(RuleChain, true, "a provider that has credentials", found.Provider)
			return *found, nil
		}
	}
	span.Decide(RuleChain, false, "a provider that has credentials", "none")
	return Found{}, awserr.New(c.exception, "%s", c.message)
}

// start puts the program on its machines.
func (h *Hosts) start(span *trace.Span, p Program, c chain) (*machine, error) {
	m := &machine{Hosts: h, program: p, chain: c, span: span, Place: api.Place{Environment: map[string]string{}}}
	for _, id := range p.On {
		place, err := h.place(span, id)
		if err != nil {
			return nil, err
		}
		maps.Copy(m.Environment, place.Environment)
		m.Origin = within(m.Origin, place.Origin)
	}
	maps.Copy(m.Environment, p.Environment)
	var err error
	m.profiles, err = readProfiles(p.Files)
	return m, err
}

func (h *Hosts) place(span *trace.Span, id string) (api.Place, error) {
	for _, platform := range h.platforms {
		if place, ok, err := platform.Start(span, id); ok || err != nil {
			return place, err
		}
	}
	return api.Place{}, fmt.Errorf("no program can be started on %q: want the Ref of an AWS::EC2::Instance, an AWS::ECS::TaskDefinition or an AWS::Lambda::Function", id)
}

// within is the origin of a program on a machine that itself runs on another.
func within(outer, inner api.Origin) api.Origin {
	if inner.Instance == "" {
		inner.Instance = outer.Instance
	}
	return inner
}

// String shows the credentials without their secrets.
func (f Found) String() string {
	text := "AccessKeyId " + f.Credentials.AccessKeyID + " from " + f.Provider
	if f.Expires.IsZero() {
		return text
	}
	return text + ", until " + f.Expires.UTC().Format(time.RFC3339)
}

// SDKs are the names of the SDKs whose chains are known, in order.
func SDKs() []string {
	return slices.Sorted(maps.Keys(chains()))
}
