package policy

import (
	"fmt"
	"strings"
)

// Explanation is a decision with what led to it.
type Explanation struct {
	Decision Decision
	// Layers are the kinds of policy that took part, in the order of AWS's
	// decision.
	Layers []LayerFinding
}

// LayerFinding is what the policies of one layer say together.
type LayerFinding struct {
	Layer Layer
	// Allows is the statement whose Allow counted and Denies the one that
	// denied, nil when there was none.
	Allows, Denies *Statement
	// Delegates is true when the Allow names only the account that principal and
	// resource have in common, so that identity-based policies must still allow.
	Delegates bool
	// Level is the first level of the organization at which nothing allows.
	Level string
	// Reasons say of each statement why it applies or not.
	Reasons []Reason
}

// Reason says why a statement applies to the request or not.
type Reason struct {
	Statement Statement
	Effect    Effect
	Applies   bool
	// Missed is the first element that does not hold, "" when all do.
	Missed Element
	// Elements are the elements looked at, up to and with the missed one.
	Elements []Comparison
}

// Comparison is one element of a statement against the request.
type Comparison struct {
	Element Element
	Held    bool
	// Wanted is the statement's side, with policy variables filled in, and
	// Found is the request's.
	Wanted, Found string
}

// Explain decides as Evaluate does, and says why.
func Explain(r Request, p Policies) Explanation {
	e := newEvaluation(&r, &p)
	x := Explanation{Decision: e.decide()}
	for _, part := range []struct {
		finding  *finding
		policies []Policy
	}{
		{&e.rcp, flatten(p.RCPs)}, {&e.scp, flatten(p.SCPs)},
		{&e.resource, []Policy{p.Resource}}, {&e.identity, p.Identity}, {&e.boundary, []Policy{p.Boundary}}, {&e.session, p.Session},
	} {
		if part.finding.present {
			x.Layers = append(x.Layers, e.explain(part.finding, part.policies))
		}
	}
	return x
}

func (e *evaluation) explain(f *finding, policies []Policy) LayerFinding {
	l := LayerFinding{Layer: f.layer, Level: f.gap}
	if f.denied {
		l.Denies = &f.denier
	}
	if f.allow {
		l.Allows = &f.allower
		l.Delegates = f.naming == byAccount && e.sameAccount()
	}
	for _, p := range policies {
		if p.Document == nil {
			continue
		}
		for i := range p.Document.statements {
			s := &p.Document.statements[i]
			l.Reasons = append(l.Reasons, e.reason(e.refer(f.layer, p.Name, s), s))
		}
	}
	return l
}

func (e *evaluation) reason(ref Statement, s *statement) Reason {
	missed, _ := e.check(s)
	r := Reason{Statement: ref, Effect: s.effect, Applies: missed.element == none, Missed: missed.element}
	add := func(element Element, wanted, found string) bool {
		held := missed.element != element
		r.Elements = append(r.Elements, Comparison{Element: element, Held: held, Wanted: wanted, Found: found})
		return held
	}
	if !add(ElementAction, e.wantedActions(s), e.request.Action) {
		return r
	}
	if s.principals != nil && !add(ElementPrincipal, wantedPrincipals(s), e.request.Principal.String()) {
		return r
	}
	if s.resources != nil && !add(ElementResource, e.wantedResources(s), e.request.Resource) {
		return r
	}
	for i := range s.conditions {
		wanted, found := e.compareCondition(&s.conditions[i])
		held := missed.element != ElementCondition || i < missed.condition
		r.Elements = append(r.Elements, Comparison{Element: ElementCondition, Held: held, Wanted: wanted, Found: found})
		if !held {
			return r
		}
	}
	return r
}

func (e *evaluation) wantedActions(s *statement) string {
	return e.list(element("Action", s.notAction), s.actions)
}

func (e *evaluation) wantedResources(s *statement) string {
	return e.list(element("Resource", s.notResource), s.resources)
}

func wantedPrincipals(s *statement) string {
	texts := make([]string, len(s.principals))
	for i, p := range s.principals {
		texts[i] = p.key + " " + p.value
	}
	return element("Principal", s.notPrincipal) + " " + strings.Join(texts, ", ")
}

func element(name string, not bool) string {
	if not {
		return "Not" + name
	}
	return name
}

// list writes patterns with their variables filled in.
func (e *evaluation) list(name string, patterns []template) string {
	texts := make([]string, len(patterns))
	var unresolved string
	for i := range patterns {
		text, missing := patterns[i].show(&e.request.Context)
		if texts[i] = text; missing != "" {
			unresolved = missing
		}
	}
	all := name + " " + strings.Join(texts, ", ")
	if unresolved != "" {
		all += fmt.Sprintf(" (the request has no %s)", unresolved)
	}
	return all
}

func (e *evaluation) compareCondition(c *condition) (wanted, found string) {
	wanted = e.list(c.name+" "+c.written, c.sources)
	values := e.request.Context.get(c.key)
	if len(values) == 0 {
		return wanted, "no such key in the request"
	}
	return wanted, strings.Join(values, ", ")
}
