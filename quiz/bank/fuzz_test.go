package bank_test

import (
	"errors"
	"strings"
	"testing"

	"claimcheck/quiz/bank"
	"claimcheck/sim/source"
)

// FuzzReadFile wants a question that keeps its promises or problems that have
// places, whatever the text.
func FuzzReadFile(f *testing.F) {
	for _, text := range fuzzSeeds(f) {
		f.Add(text)
	}
	stacks := func(name string) (string, []byte, error) {
		return "stacks/" + name + ".yaml", []byte("Resources: {Users: {Type: AWS::Cognito::UserPool}}"), nil
	}
	f.Fuzz(func(t *testing.T, text string) {
		item, err := bank.ReadFile("tokens/expiry.yaml", []byte(text), stacks)
		if err != nil {
			checkProblems(t, err)
			return
		}
		checkItem(t, item)
	})
}

func fuzzSeeds(f *testing.F) []string {
	f.Helper()
	files := goodFiles(f)
	good := string(files["tokens/expiry.yaml"].Data)
	seeds := []string{"", "null", "[]", "? [a]\n: b", "id: &a [*a]", "<<: {id: expiry}", "id: expiry\n---\nid: expiry"}
	for _, file := range files {
		seeds = append(seeds, string(file.Data))
	}
	for _, e := range provenEdits() {
		seeds = append(seeds, strings.Replace(good, e.old, e.new, 1))
	}
	return seeds
}

func checkProblems(t *testing.T, err error) {
	t.Helper()
	var problems source.Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		t.Fatalf("error is %T: %v", err, err)
	}
	for _, p := range problems {
		if p.At.File == "" || p.Message == "" || p.At.Line > 0 && p.At.Column == 0 {
			t.Errorf("problem %+v has no place or no message", p)
		}
	}
}

func checkItem(t *testing.T, item bank.Item) {
	t.Helper()
	q, plan := item.Question, item.Plan
	if q.ID == "" || len(q.Options) < 2 || len(q.Key()) == 0 {
		t.Errorf("question %q has %d options, key %v", q.ID, len(q.Options), q.Key())
	}
	if len(plan.Options) != len(q.Options) || len(plan.Requirements) != len(q.Requirements) || len(plan.Observations) != len(q.Observations) {
		t.Errorf("the plan does not match the question: %+v", q)
	}
	for _, o := range q.Options {
		if wrong := q.Unproven == "" && !o.Correct; wrong != (len(o.Fails) > 0) {
			t.Errorf("option %+v of a question with unproven %q", o, q.Unproven)
		}
		for requirement := range o.Fails {
			if _, ok := q.Requirement(requirement); !ok {
				t.Errorf("option %s fails the unknown requirement %q", o.ID, requirement)
			}
		}
	}
}
