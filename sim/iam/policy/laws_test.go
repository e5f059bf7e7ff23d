package policy_test

import (
	"testing"

	"pgregory.net/rapid"

	"claimcheck/sim/iam/policy"
)

// deck is a request's policies as statements, layer by layer, so that a law can
// add to them, shuffle them and build them anew. A layer that is nil is absent.
type deck struct {
	identity, boundary, session, resource []string
	scps, rcps                            [][]string
}

func (d deck) policies(t testing.TB) policy.Policies {
	t.Helper()
	one := func(kind policy.Kind, statements []string) policy.Policy {
		if statements == nil {
			return policy.Policy{}
		}
		return policy.Policy{Name: string(kind), Document: document(t, kind, statements...)}
	}
	p := policy.Policies{
		Identity: []policy.Policy{one(policy.IdentityPolicy, d.identity)}, Boundary: one(policy.ManagedPolicy, d.boundary),
		Resource: one(policy.ResourcePolicy, d.resource),
	}
	if d.session != nil {
		p.Session = []policy.Policy{one(policy.IdentityPolicy, d.session)}
	}
	for _, level := range d.scps {
		p.SCPs = append(p.SCPs, policy.Level{Policies: []policy.Policy{one(policy.ServiceControlPolicy, level)}})
	}
	for _, level := range d.rcps {
		p.RCPs = append(p.RCPs, policy.Level{Policies: []policy.Policy{one(policy.ResourceControlPolicy, level)}})
	}
	return p
}

// layers are the layers that are there, each to be changed in place.
func (d *deck) layers() []*[]string {
	list := []*[]string{&d.identity}
	for _, layer := range []*[]string{&d.boundary, &d.session, &d.resource} {
		if *layer != nil {
			list = append(list, layer)
		}
	}
	for i := range d.scps {
		list = append(list, &d.scps[i])
	}
	for i := range d.rcps {
		list = append(list, &d.rcps[i])
	}
	return list
}

// clone copies the layers, so that a change of one deck is not one of the other.
func (d deck) clone() deck {
	c := d
	c.scps, c.rcps = append([][]string(nil), d.scps...), append([][]string(nil), d.rcps...)
	return c
}

const (
	allowAll = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	denyAll  = `{"Effect":"Deny","Action":"*","Resource":"*"}`
)

// forAll names everyone in a statement that has no principal.
func forAll(statement string) string { return `{"Principal":"*",` + statement[1:] }

func drawDeck(rt *rapid.T) deck {
	plain := statements()
	forEveryone := make([]string, 0, 3*len(plain))
	for _, s := range plain {
		for _, who := range []string{`"*"`, `{"AWS":"123456789012"}`, `{"AWS":["arn:aws:iam::123456789012:role/Reader","arn:aws:iam::123456789012:user/ana"]}`} {
			forEveryone = append(forEveryone, `{"Principal":`+who+`,`+s[1:])
		}
	}
	some := func(name string, from []string) []string {
		return rapid.SliceOfN(rapid.SampledFrom(from), 1, 3).Draw(rt, name)
	}
	maybe := func(name string, from []string) []string {
		if !rapid.Bool().Draw(rt, "has "+name) {
			return nil
		}
		return some(name, from)
	}
	d := deck{identity: some("identity", plain), boundary: maybe("boundary", plain), session: maybe("session", plain), resource: maybe("resource", forEveryone)}
	everyone := make([]string, 0, len(plain))
	for _, s := range plain {
		everyone = append(everyone, forAll(s))
	}
	for range rapid.IntRange(0, 2).Draw(rt, "levels") {
		d.scps = append(d.scps, append(some("scp", plain), allowAll))
		d.rcps = append(d.rcps, append(some("rcp", everyone), forAll(allowAll)))
	}
	return d
}

func drawRequest(rt *rapid.T) policy.Request {
	r := get(rapid.SampledFrom([]string{bucket, object, "*"}).Draw(rt, "resource"))
	r.Principal = rapid.SampledFrom([]policy.Principal{ana(), session(), {Kind: policy.Anonymous}, {Kind: policy.Root, ARN: "arn:aws:iam::123456789012:root", Account: account}}).Draw(rt, "principal")
	r.ResourceAccount = rapid.SampledFrom([]string{account, other}).Draw(rt, "owner")
	r.Context = context(map[string][]string{"k": rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 2).Draw(rt, "k")})
	return r
}

// plus is the deck with one more statement in a layer.
func (d deck) plus(layer int, statement string) deck {
	c := d.clone()
	at := c.layers()[layer]
	if c.isForPrincipals(layer) {
		statement = forAll(statement)
	}
	*at = append(append([]string(nil), *at...), statement)
	return c
}

// isForPrincipals reports whether the statements of a layer name principals.
func (d *deck) isForPrincipals(layer int) bool {
	at := d.layers()[layer]
	if at == &d.resource {
		return true
	}
	for i := range d.rcps {
		if at == &d.rcps[i] {
			return true
		}
	}
	return false
}

// binds reports whether a layer speaks to the principal of a request.
func (d *deck) binds(layer int, r policy.Request) bool {
	return r.Principal.Kind != policy.Anonymous || d.isForPrincipals(layer)
}

// The laws that hold whatever the policies say.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
func TestLawsOfAllLayers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, r := drawDeck(rt), drawRequest(rt)
		before := policy.Evaluate(r, d.policies(t))
		decide := func(d deck) policy.Outcome { return policy.Evaluate(r, d.policies(t)).Outcome }
		checkExplanation(t, "drawn", before, policy.Explain(r, d.policies(t)))
		for layer := range d.layers() {
			if got := decide(d.plus(layer, denyAll)); d.binds(layer, r) && got != policy.ExplicitDeny {
				rt.Errorf("a Deny in layer %d gives %s", layer, got)
			}
			if got := decide(d.plus(layer, allowAll)); before.Outcome == policy.Allowed && got != policy.Allowed {
				rt.Errorf("one more Allow in layer %d turns allowed into %s", layer, got)
			}
			if got := decide(d.plus(layer, allowAll)); (before.Outcome == policy.ExplicitDeny) != (got == policy.ExplicitDeny) {
				rt.Errorf("one more Allow in layer %d turns %s into %s", layer, before.Outcome, got)
			}
		}
		if got := policy.Evaluate(r, d.reversed().policies(t)); got.Outcome != before.Outcome || got.Layer != before.Layer {
			rt.Errorf("order matters: %+v, reversed %+v", before, got)
		}
		lawsOfLimits(rt, d, before.Outcome, decide)
	})
}

// lawsOfLimits: what limits grants nothing, and what lets everything pass
// changes nothing.
func lawsOfLimits(rt *rapid.T, d deck, before policy.Outcome, decide func(deck) policy.Outcome) {
	for name, limit := range map[string]func(*deck, string){
		"boundary": func(d *deck, s string) { d.boundary = []string{s} },
		"session":  func(d *deck, s string) { d.session = []string{s} },
		"scp":      func(d *deck, s string) { d.scps = append(d.scps, []string{s}) },
		"rcp":      func(d *deck, s string) { d.rcps = append(d.rcps, []string{forAll(s)}) },
	} {
		limited, open := d.clone(), d.clone()
		limit(&limited, `{"Effect":"Allow","Action":"none:Such","Resource":"*"}`)
		limit(&open, allowAll)
		isNew := (name == "boundary" && d.boundary == nil) || (name == "session" && d.session == nil) || name == "scp" || name == "rcp"
		if got := decide(limited); isNew && before != policy.Allowed && got == policy.Allowed {
			rt.Errorf("a new %s turns %s into allowed", name, before)
		}
		if got := decide(open); isNew && got != before {
			rt.Errorf("a %s that allows everything turns %s into %s", name, before, got)
		}
	}
}

// reversed has the statements of each layer, and the levels, in reverse.
func (d deck) reversed() deck {
	c := d.clone()
	for _, layer := range c.layers() {
		turned := make([]string, 0, len(*layer))
		for i := len(*layer) - 1; i >= 0; i-- {
			turned = append(turned, (*layer)[i])
		}
		*layer = turned
	}
	for i, j := 0, len(c.scps)-1; i < j; i, j = i+1, j-1 {
		c.scps[i], c.scps[j] = c.scps[j], c.scps[i]
		c.rcps[i], c.rcps[j] = c.rcps[j], c.rcps[i]
	}
	return c
}
