package bank

import (
	"claimcheck/quiz"
	"claimcheck/sim/scenario"
	"claimcheck/sim/source"
)

// letters are the ids of options, in order; no exam question has more.
const letters = "ABCDEFGH"

// options reads the options with what each changes.
func (r *reader) options(m mapping, requirements []quiz.Requirement) ([]quiz.Option, []scenario.Variant) {
	n, ok := m.fields["options"]
	if !ok {
		return nil, nil
	}
	before := len(r.problems)
	entries := n.Entries(&r.problems)
	if len(r.problems) > before {
		return nil, nil
	}
	r.checkLetters(n, entries)
	p := optionReader{problems: &r.problems, requirements: requirements, proven: !m.has("unproven"), outline: r.outline}
	var options []quiz.Option
	var variants []scenario.Variant
	for _, e := range entries {
		o, v := p.option(e)
		options = append(options, o)
		variants = append(variants, v)
	}
	if len(options) >= 2 && p.correct == 0 {
		r.problems.Add(n.At(), "no option is correct: at least one must say correct: true")
	}
	return options, variants
}

// checkLetters wants two options or more, lettered from A in order. Only the
// first letter out of order is reported, the others follow from it.
func (r *reader) checkLetters(n source.Node, entries []source.Entry) {
	if len(entries) < 2 {
		r.problems.Add(n.At(), "at least two options were expected, found %d", len(entries))
	}
	for i, e := range entries {
		if i >= len(letters) {
			r.problems.Add(e.KeyAt, "option %q is one too many: at most %d options were expected", e.Key, len(letters))
			return
		}
		if wanted := letters[i : i+1]; e.Key != wanted {
			r.problems.Add(e.KeyAt, "option %q stands where %q was expected: options are lettered A, B, C and so on without gaps", e.Key, wanted)
			return
		}
	}
}

// optionReader reads the options of one question.
type optionReader struct {
	problems     *source.Problems
	requirements []quiz.Requirement
	// proven is false for a question whose options nothing runs.
	proven bool
	// outline leaves out what the options change.
	outline bool
	// correct counts the options that are correct or meant to be.
	correct int
}

func (p *optionReader) option(e source.Entry) (quiz.Option, scenario.Variant) {
	m := newMapping(e.Value, p.problems, []string{"text", "why"}, []string{"correct", "fails", "misconception", "stack", "client"})
	correct, legible := p.readCorrect(m)
	if legible {
		p.checkKey(m, correct)
	}
	if correct || !legible {
		p.correct++
	}
	o := quiz.Option{
		ID:            e.Key,
		Text:          m.text("text", maxOption),
		Correct:       correct,
		Fails:         p.fails(m),
		Why:           m.text("why", maxWhy),
		Misconception: m.name("misconception"),
	}
	v := scenario.Variant{ID: e.Key, At: e.KeyAt}
	if p.outline {
		return o, v
	}
	v.Stack = m.mapping("stack")
	if n, ok := m.fields["client"]; ok {
		v.Client = scenario.ParseClient(n, p.problems)
	}
	return o, v
}

// readCorrect reads whether the option is correct; legible is false when it
// says so in a way that is a problem of its own.
func (p *optionReader) readCorrect(m mapping) (correct, legible bool) {
	n, ok := m.fields["correct"]
	if !ok {
		return false, true
	}
	before := len(*p.problems)
	correct = n.Bool(p.problems)
	return correct, len(*p.problems) == before
}

// checkKey finds the keys that the option being correct or wrong requires and
// rules out.
func (p *optionReader) checkKey(m mapping, correct bool) {
	if correct {
		m.forbid("misconception", `a correct option rests on none; drop the key, or drop "correct"`)
	} else {
		m.require("misconception", "a wrong option names the belief that makes it tempting, in kebab-case")
	}
	switch {
	case !p.proven:
		for _, key := range []string{"fails", "stack", "client"} {
			m.forbid(key, `no run tests an option of an unproven question; drop the key, or drop "unproven"`)
		}
	case correct:
		m.forbid("fails", `a correct option fails nothing; drop the key, or drop "correct"`)
	default:
		m.require("fails", "a wrong option names each requirement that does not hold and the rule that decides it")
	}
}

// fails reads the requirements that do not hold, each with its rule.
func (p *optionReader) fails(m mapping) map[string]string {
	n, ok := m.fields["fails"]
	if !ok {
		return nil
	}
	before := len(*p.problems)
	fails := map[string]string{}
	for _, e := range n.Entries(p.problems) {
		p.checkRequirement(e)
		rule, ok := plainText(e.Value, p.problems)
		if ok && !isRuleID(rule) {
			p.problems.Add(e.Value.At(), "a rule id was expected, such as apigateway.cognito.token-use, found %q", rule)
		}
		fails[e.Key] = rule
	}
	if len(fails) == 0 && len(*p.problems) == before {
		p.problems.Add(n.At(), "fails is empty: at least one requirement was expected")
	}
	return fails
}

// checkRequirement wants a requirement of the question; where the question has
// none to name, that is the problem and has been reported.
func (p *optionReader) checkRequirement(e source.Entry) {
	var known []string
	for _, requirement := range p.requirements {
		if requirement.ID == e.Key {
			return
		}
		known = append(known, requirement.ID)
	}
	if len(known) > 0 {
		p.problems.Add(e.KeyAt, "there is no requirement %q%s", e.Key, source.Suggest(e.Key, known))
	}
}
