package sim

import (
	"slices"
	"sort"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation/sam"
	"claimcheck/sim/shape"
	"claimcheck/sim/trace"
)

// Support is what an author can use: everything the simulation knows, generated
// from the code that runs it.
type Support struct {
	Types      []TypeSupport      `json:"types"`
	Operations []OperationSupport `json:"operations"`
	Rules      []trace.Rule       `json:"rules"`
}

// TypeSupport is one CloudFormation resource type.
type TypeSupport struct {
	Name       string         `json:"name"`
	Attributes []string       `json:"attributes"`
	Properties []shape.Member `json:"properties"`
}

// OperationSupport is one API operation; Simulated is false for those that AWS
// has and the simulation does not.
type OperationSupport struct {
	Name      string         `json:"name"`
	Simulated bool           `json:"simulated"`
	Access    api.Access     `json:"access,omitempty"`
	Members   []shape.Member `json:"members,omitempty"`
}

// Supported lists the types, operations and rules, each by name.
func Supported() Support {
	a := New(time.Time{})
	s := Support{Rules: Rules()}
	for _, t := range a.types {
		attributes := append([]string{}, t.Attributes...)
		s.Types = append(s.Types, TypeSupport{Name: t.Name, Attributes: attributes, Properties: shape.Describe(t.Properties)})
	}
	for _, t := range sam.Types() {
		s.Types = append(s.Types, samSupport(t))
	}
	for prefix, service := range a.services {
		for _, op := range service.Operations {
			s.Operations = append(s.Operations, OperationSupport{
				Name: prefix + ":" + op.Name, Simulated: true, Access: op.Access, Members: shape.Describe(op.Input),
			})
		}
		for _, name := range service.Unsimulated {
			s.Operations = append(s.Operations, OperationSupport{Name: prefix + ":" + name})
		}
	}
	sort.Slice(s.Types, func(i, j int) bool { return s.Types[i].Name < s.Types[j].Name })
	sort.Slice(s.Operations, func(i, j int) bool { return s.Operations[i].Name < s.Operations[j].Name })
	return s
}

// samSupport lists a type of SAM's. Its properties are looked at before functions
// such as Ref have values, so they have no types.
func samSupport(t sam.Type) TypeSupport {
	support := TypeSupport{Name: t.Name, Attributes: []string{}}
	for _, group := range []struct {
		names  []string
		effect shape.Effect
	}{{t.Properties, shape.InEffect}, {t.NoEffect, shape.NoEffect}, {t.Unsimulated, shape.NotSimulated}} {
		for _, name := range group.names {
			support.Properties = append(support.Properties, shape.Member{
				Name: name, Type: "any", Effect: group.effect, Required: slices.Contains(t.Required, name),
			})
		}
	}
	return support
}
