package inspect

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/sim/trace"
	"claimcheck/ui/theme"
)

func inspector(decider int) Inspector {
	r := trace.NewRecorder(func() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) })
	s := r.Flow().Open("App", "API Gateway", "GET /tasks", trace.Message{Headers: map[string]string{"b": "2", "a": "1"}, Body: `{"z":{"y":1},"a":[]}`})
	s.Decide("api.first", true, "a header", "one")
	s.Note("api.note", false, "a group", "none")
	s.Decide("api.second", false, "a token", "a signature")
	s.Close(trace.Message{Status: 401, Body: "no JSON"})
	r.Flow().Expect(trace.Check{Wanted: "reply.status == 200", Found: "reply.status is 401"})
	rule := func(id trace.RuleID) (trace.Rule, bool) {
		return trace.Rule{ID: id, Statement: "Statement of " + string(id) + ".", Source: "https://docs.aws.amazon.com/" + string(id), Confidence: trace.Inferred}, true
	}
	return Inspector{Theme: theme.New(theme.Look{}), Events: r.Trace().Events, Rule: rule, Decider: decider}
}

func requireText(t *testing.T, lines []string, texts ...string) {
	t.Helper()
	got := ansi.Strip(strings.Join(lines, "\n"))
	for _, text := range texts {
		if !strings.Contains(got, text) {
			t.Errorf("%q is not in\n%s", text, got)
		}
	}
}

func TestRequestShowsHeadersInOrderAndItsBodyAsItWasWritten(t *testing.T) {
	requireText(t, inspector(0).Step(0, 0, 60), "App ▸ API Gateway\nGET /tasks\n2026-03-02 09:00:00 UTC\n\na 1\nb 2\n\n{\n  \"z\": {\n    \"y\": 1\n  },\n  \"a\": []\n}")
}

func TestRefusalNamesTheCheckThatCausedIt(t *testing.T) {
	requireText(t, inspector(4).Step(4, 4, 60), "401 Unauthorized to GET /tasks", "✗ because of api.second", "no JSON")
}

func TestDecidingCheckIsToldInFull(t *testing.T) {
	requireText(t, inspector(4).Step(3, 3, 60), "✗ api.second  ◂ decides", "wanted   a token", "found    a signature",
		"Statement of api.second.", "inferred from what AWS documents:", "https://docs.aws.amazon.com/api.second")
}

func TestFoldedChecksAreListed(t *testing.T) {
	requireText(t, inspector(4).Step(1, 2, 60), "API Gateway checks", "✓ api.first\n    a header: one", "- api.note", "wanted a group", "found  none")
}

func TestChecksTabStandsOnTheCurrentCheck(t *testing.T) {
	lines, at := inspector(4).Checks(3, 60)
	if at < 0 || !strings.Contains(ansi.Strip(lines[at]), "▸✗ api.second") {
		t.Errorf("line %d of\n%s", at, ansi.Strip(strings.Join(lines, "\n")))
	}
}

func TestAChecksNoteThatDecidesTheRunIsNoAside(t *testing.T) {
	requireText(t, inspector(3).Step(2, 2, 60), "✗ api.note  ◂ decides")
}

func TestExpectationShowsWhatWasFound(t *testing.T) {
	requireText(t, inspector(4).Step(5, 5, 60), "✗ reply.status == 200", "found    reply.status is 401")
}

func TestAChecksTokenIsTheNextOneThatItsExchangeIssues(t *testing.T) {
	r := trace.NewRecorder(func() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) })
	s := r.Flow().Open("App", "Cognito user pool", "cognito-idp:InitiateAuth", trace.Message{})
	mint := func(name string) {
		s.Mint(trace.Token{Name: name, Raw: name + ".y.z", Claims: []trace.Claim{{Name: "sub", Value: `"ana"`, From: "user attribute"}}})
	}
	mint("IdToken")
	s.Note("pool.attributes", false, "", "")
	mint("AccessToken")
	n := Inspector{Theme: theme.New(theme.Look{}), Events: r.Trace().Events}
	requireText(t, n.Tokens(0, 60), "No token travels in this exchange.")
	requireText(t, n.Tokens(2, 60), "Issued in this exchange:", "sub", "user attribute")
	if got := n.Carried(2); got != "AccessToken.y.z" {
		t.Errorf("the first token is %s", got)
	}
}

func TestNothingIsReadBeyondTheEvents(t *testing.T) {
	n := inspector(0)
	for _, i := range []int{-1, len(n.Events)} {
		if n.Step(i, i, 60) != nil || n.Tokens(i, 60) != nil {
			t.Errorf("event %d is shown", i)
		}
		if lines, _ := n.Checks(i, 60); lines != nil {
			t.Errorf("checks of event %d are shown", i)
		}
	}
}
