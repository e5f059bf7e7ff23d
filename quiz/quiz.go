// Package quiz owns what a learner is asked and answers: questions, answers
// with their certainty, verdicts. It holds pure values; time is an argument. It
// refuses to know how an option is run, stored or drawn.
package quiz

// Question is one question of a bank.
type Question struct {
	// ID is unique over all banks and stays the same when the text changes.
	ID string
	// Bank is the name of the bank's folder and File the question's path.
	Bank, File string
	Title      string
	// Task is the exam guide's task statement, such as "2.1".
	Task       string
	Topics     []string
	Difficulty string
	// Source is where the scenario comes from.
	Source       string
	Stem         string
	Requirements []Requirement
	Options      []Option
	Observations []Observation
	// Unproven is the reason why no run can show the question's point, or "".
	Unproven string
	// Rule is the one sentence to keep, Practice what teams do in production.
	Rule, Practice string
	References     []string
	// Errata says what the source got wrong, and the page that says so.
	Errata string
}

// Requirement is one thing the stem asks for.
type Requirement struct {
	ID string
	// Says is the requirement as a sentence.
	Says string
}

// Observation is something to see on the question's stack as it stands, before
// any option changes it.
type Observation struct {
	ID, Says string
}

// Option is one answer.
type Option struct {
	// ID is the letter.
	ID, Text string
	Correct  bool
	// Fails names, for a wrong option, the requirements that do not hold and
	// the rule that decides each.
	Fails map[string]string
	// Why explains the option beyond what its trace shows.
	Why string
	// Misconception names the belief that makes a wrong option tempting.
	Misconception string
}

// Key returns the ids of the correct options in their order.
func (q Question) Key() []string {
	var key []string
	for _, o := range q.Options {
		if o.Correct {
			key = append(key, o.ID)
		}
	}
	return key
}

// Option returns the option with the given id.
func (q Question) Option(id string) (Option, bool) {
	for _, o := range q.Options {
		if o.ID == id {
			return o, true
		}
	}
	return Option{}, false
}

// Requirement returns the requirement with the given id.
func (q Question) Requirement(id string) (Requirement, bool) {
	for _, r := range q.Requirements {
		if r.ID == id {
			return r, true
		}
	}
	return Requirement{}, false
}
