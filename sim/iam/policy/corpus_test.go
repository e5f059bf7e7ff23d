package policy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"claimcheck/sim/iam/policy"
)

// A case of the corpus is one request with the decision that AWS documents. The
// files are by topic, a case a line.
//
// A policy is a whole document, or only its statement or statements, which then
// have version 2012-10-17. What is not given is that ana reads an object of her
// own account, without any policy.
type corpusCase struct {
	Name, Source     string
	Principal        *policy.Principal
	Action, Resource string
	// Account owns the resource.
	Account   string
	Context   map[string][]string
	Identity  []json.RawMessage
	Boundary  json.RawMessage
	Session   []json.RawMessage
	Resources json.RawMessage `json:"resource_policy"`
	Trust     json.RawMessage
	Key       json.RawMessage
	SCP, RCP  [][]json.RawMessage
	// Expect is the decision, the layer and the statement, such as
	// "identity[0].1"; "" is none.
	Expect [3]string
}

// minCorpus is how many cases the corpus has at least.
const minCorpus = 900

func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/corpus/*.json")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, file := range files {
		topic := strings.TrimSuffix(filepath.Base(file), ".json")
		cases := readCorpus(t, file)
		count += len(cases)
		t.Run(topic, func(t *testing.T) {
			for _, c := range cases {
				c.run(t)
			}
		})
	}
	if count < minCorpus {
		t.Errorf("the corpus has %d cases, want %d", count, minCorpus)
	}
}

func readCorpus(t testing.TB, file string) []corpusCase {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	var cases []corpusCase
	if err := decoder.Decode(&cases); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return cases
}

func (c corpusCase) run(t *testing.T) {
	t.Helper()
	if !strings.HasPrefix(c.Source, "https://") {
		t.Errorf("%s: no source", c.Name)
	}
	request, policies := c.request(), c.policies(t)
	d := policy.Evaluate(request, policies)
	statement := ""
	if d.Statement != (policy.Statement{}) {
		statement = fmt.Sprintf("%s.%d", d.Statement.Policy, d.Statement.Index)
	}
	got := [3]string{string(d.Outcome), string(d.Layer), statement}
	if got != c.Expect {
		t.Errorf("%s: decided %q, want %q (source: %s)", c.Name, got, c.Expect, c.Source)
	}
	checkExplanation(t, c.Name, d, policy.Explain(request, policies))
}

// checkExplanation compares an explanation with the decision it explains.
func checkExplanation(t testing.TB, name string, d policy.Decision, x policy.Explanation) {
	t.Helper()
	if x.Decision != d {
		t.Errorf("%s: Explain decides %+v, Evaluate %+v", name, x.Decision, d)
	}
	for _, layer := range x.Layers {
		for _, r := range layer.Reasons {
			if r.Applies != (r.Missed == "") || (r.Applies && !r.Elements[len(r.Elements)-1].Held) {
				t.Errorf("%s: the reason contradicts itself: %+v", name, r)
			}
		}
		if layer.Allows != nil && layer.Level != "" {
			t.Errorf("%s: the %s allows and does not at %s", name, layer.Layer, layer.Level)
		}
	}
}

func (c corpusCase) request() policy.Request {
	r := policy.Request{Principal: ana(), Action: c.Action, Resource: c.Resource, ResourceAccount: c.Account, Context: policy.NewContext(c.Context)}
	if c.Principal != nil {
		r.Principal = *c.Principal
	}
	if r.Action == "" {
		r.Action = "s3:GetObject"
	}
	if r.Resource == "" {
		r.Resource = "arn:aws:s3:::photos/ana/cat.jpg"
	}
	return r
}

func (c corpusCase) policies(t testing.TB) policy.Policies {
	t.Helper()
	p := policy.Policies{
		Identity: corpusList(t, "identity", c.Identity, policy.IdentityPolicy), Session: corpusList(t, "session", c.Session, policy.IdentityPolicy),
		Boundary: corpusPolicy(t, "boundary", c.Boundary, policy.ManagedPolicy),
		SCPs:     corpusLevels(t, "scp", c.SCP, policy.ServiceControlPolicy), RCPs: corpusLevels(t, "rcp", c.RCP, policy.ResourceControlPolicy),
	}
	switch {
	case c.Trust != nil:
		p.Resource = corpusPolicy(t, "trust", c.Trust, policy.TrustPolicy)
	case c.Key != nil:
		p.Resource = corpusPolicy(t, "key", c.Key, policy.KeyPolicy)
	default:
		p.Resource = corpusPolicy(t, "resource", c.Resources, policy.ResourcePolicy)
	}
	return p
}

func corpusLevels(t testing.TB, name string, raw [][]json.RawMessage, kind policy.Kind) []policy.Level {
	t.Helper()
	var levels []policy.Level
	for i, list := range raw {
		at := fmt.Sprintf("%s[%d]", name, i)
		levels = append(levels, policy.Level{Name: at, Policies: corpusList(t, at, list, kind)})
	}
	return levels
}

func corpusList(t testing.TB, name string, raw []json.RawMessage, kind policy.Kind) []policy.Policy {
	t.Helper()
	var list []policy.Policy
	for i, text := range raw {
		list = append(list, corpusPolicy(t, fmt.Sprintf("%s[%d]", name, i), text, kind))
	}
	return list
}

func corpusPolicy(t testing.TB, name string, raw json.RawMessage, kind policy.Kind) policy.Policy {
	t.Helper()
	if raw == nil {
		return policy.Policy{}
	}
	text := string(raw)
	var whole struct{ Statement json.RawMessage }
	if json.Unmarshal(raw, &whole) != nil || whole.Statement == nil {
		text = `{"Version":"2012-10-17","Statement":` + text + `}`
	}
	d, err := policy.ParseJSON([]byte(text), kind)
	if err != nil {
		t.Fatalf("%s: %s\n%v", name, text, err)
	}
	return policy.Policy{Name: name, Document: d}
}
