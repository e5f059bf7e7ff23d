package bank

import (
	"claimcheck/quiz"
	"claimcheck/sim/scenario"
	"claimcheck/sim/source"
)

// The longest texts, in characters: what fits a terminal of 80 columns with
// little scrolling.
const (
	maxTitle  = 60
	maxStem   = 900
	maxOption = 220
	maxWhy    = 600
)

func requiredKeys() []string {
	return []string{"id", "title", "task", "topics", "difficulty", "source", "stem", "options", "rule", "references"}
}

func optionalKeys() []string {
	return []string{"stack", "client", "requirements", "observations", "practice", "errata", "unproven"}
}

func difficulties() []string { return []string{"easy", "medium", "hard"} }

// question reads a file's mapping. What other keys must agree with is read
// first: requirements before the options that name them in fails, stack and
// client before the options that change them.
func (r *reader) question(root source.Node) Item {
	m := newMapping(root, &r.problems, requiredKeys(), optionalKeys())
	q := quiz.Question{
		ID: r.id(m), Bank: bankOf(r.path), File: r.file,
		Title:      m.line("title", maxTitle),
		Task:       m.oneOf("task", taskStatements()),
		Topics:     m.list("topics", nameIn),
		Difficulty: m.oneOf("difficulty", difficulties()),
		Source:     m.line("source", 0),
		Stem:       m.text("stem", maxStem),
		Unproven:   m.text("unproven", 0),
		Rule:       m.text("rule", 0),
		Practice:   m.text("practice", 0),
		References: m.list("references", link),
		Errata:     m.text("errata", 0),
	}
	checkRuns(m)
	plan, sound := r.program(m)
	requirements := r.trials(m, "requirements", nil)
	for _, t := range requirements {
		q.Requirements = append(q.Requirements, quiz.Requirement{ID: t.ID, Says: t.says})
		plan.Requirements = append(plan.Requirements, t.Trial)
	}
	for _, t := range r.trials(m, "observations", requirements) {
		q.Observations = append(q.Observations, quiz.Observation{ID: t.ID, Says: t.says})
		plan.Observations = append(plan.Observations, t.Trial)
	}
	q.Options, plan.Options = r.options(m, q.Requirements)
	if sound {
		r.checkChanges(plan)
	}
	return Item{Question: q, Plan: plan}
}

// id reads the id. It is not tied to the file's name, so that a copy of a
// question can be tried out under another name.
func (r *reader) id(m mapping) string {
	id := m.name("id")
	if id != "" {
		r.idAt = m.fields["id"].At()
	}
	return id
}

// checkRuns finds the keys that say what runs and those that forbid it. Only a
// question that is proven, or has something to observe, has a stack.
func checkRuns(m mapping) {
	if !m.has("unproven") {
		m.require("stack", "give the name of a file in stacks, or the template itself")
		m.require("requirements", `each says what the stem asks for and has the flow that tests it; or give the reason in "unproven"`)
		return
	}
	m.forbid("requirements", `no run tests an unproven question; drop the key, or drop "unproven"`)
	if m.has("observations") {
		m.require("stack", "the observations run on it")
		return
	}
	m.forbid("stack", "an unproven question without observations runs nothing; drop the key")
	m.forbid("client", "an unproven question without observations runs nothing; drop the key")
}

// program reads what every option starts from, and reports whether the stack
// is sound, so that changes to it can be tried.
func (r *reader) program(m mapping) (scenario.Plan, bool) {
	var plan scenario.Plan
	sound := false
	if r.outline {
		return plan, sound
	}
	if n, ok := m.fields["stack"]; ok {
		plan.Stack, sound = r.stack(n)
	}
	if n, ok := m.fields["client"]; ok {
		plan.Client = scenario.ParseClient(n, &r.problems)
	}
	return plan, sound
}

// checkChanges tries each option's change of the stack.
func (r *reader) checkChanges(plan scenario.Plan) {
	for _, v := range plan.Options {
		_, err := plan.With(v)
		r.problems.Collect(v.At, err)
	}
}

// namedTrial is a requirement or an observation with its sentence.
type namedTrial struct {
	scenario.Trial
	says string
}

// trials reads requirements or observations; none may bear the name of another.
func (r *reader) trials(m mapping, key string, others []namedTrial) []namedTrial {
	n, ok := m.fields[key]
	if !ok {
		return nil
	}
	before := len(r.problems)
	var trials []namedTrial
	for _, e := range n.Entries(&r.problems) {
		checkName(e.Key, e.KeyAt, &r.problems)
		for _, other := range others {
			if other.ID == e.Key {
				r.problems.Add(e.KeyAt, "%q is already a requirement, at %s: choose another name", e.Key, other.At)
			}
		}
		trials = append(trials, r.trial(e))
	}
	if len(trials) == 0 && len(r.problems) == before {
		r.problems.Add(n.At(), "%s is empty: at least one entry was expected", key)
	}
	return trials
}

func (r *reader) trial(e source.Entry) namedTrial {
	m := newMapping(e.Value, &r.problems, []string{"says", "flow"}, nil)
	t := namedTrial{Trial: scenario.Trial{ID: e.Key, At: e.KeyAt}, says: m.text("says", 0)}
	n, ok := m.fields["flow"]
	if !ok || r.outline {
		return t
	}
	before := len(r.problems)
	t.Flow = scenario.ParseFlow(n, &r.problems)
	if len(t.Flow) == 0 && len(r.problems) == before {
		r.problems.Add(n.At(), "flow is empty: at least one step was expected")
	}
	return t
}
