package stepper

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/quiz/proof"
	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/uitest"
)

func TestOpensAtTheFirstEventWithTheDecidingCheckOneKeyAway(t *testing.T) {
	m := open(t, "A", "registered")
	if m.cursor != 0 {
		t.Errorf("the cursor is on step %d, want the first", m.cursor+1)
	}
	press(m, "d")
	requireSeen(t, m, "apigateway.cognito.token-is-jwt", "◂ decides", "wanted", "three parts, base64url JSON",
		"FwoGZXIvYXdzEBYaD… is no JWT", "A Cognito authorizer takes a JSON web token")
}

func TestOneCursorGoesForwardAndBack(t *testing.T) {
	m := open(t, "A", "registered")
	press(m, "right", "j", "l", " ", "h", "k")
	if m.cursor != 2 {
		t.Errorf("the cursor is on step %d, want 3", m.cursor+1)
	}
	press(m, "G")
	if m.cursor != len(m.steps)-1 {
		t.Errorf("the cursor is on step %d, want the last", m.cursor+1)
	}
	press(m, "g")
	if m.cursor != 0 {
		t.Errorf("the cursor is on step %d, want the first", m.cursor+1)
	}
}

func TestJumpsBetweenRequestsOfTheApp(t *testing.T) {
	m := open(t, "A", "registered")
	press(m, "]")
	requireCurrent(t, m, "cognito-identity:GetCredentialsForIdentity")
	press(m, "]")
	requireCurrent(t, m, "GET /tasks")
	press(m, "]", "[")
	requireCurrent(t, m, "cognito-identity:GetCredentialsForIdentity")
}

func TestAGateAsksBeforeItShowsWhatHappens(t *testing.T) {
	m := atGate(t)
	requireUnseen(t, m, "401 Unauthorized", "decides")
	press(m, "right")
	requireSeen(t, m, "What happens now?", "App sends GET /tasks to API Gateway.", "3 403 Forbidden")
}

func TestAWrongGuessIsCorrectedAndRevealsTheRest(t *testing.T) {
	m := atGate(t)
	press(m, "right", "1")
	requireSeen(t, m, "Not this time", "✓ 2 401 Unauthorized")
	press(m, "right")
	requireCurrent(t, m, "apigateway.cognito.identity-source")
	requireUnseen(t, m, "What happens now?")
}

func TestARightGuessIsSaid(t *testing.T) {
	m := atGate(t)
	press(m, "right", "2")
	requireSeen(t, m, "✓ Right.")
}

func TestSteppingOnPassesTheQuestion(t *testing.T) {
	m := atGate(t)
	press(m, "right", "right")
	requireCurrent(t, m, "apigateway.cognito.identity-source")
	press(m, "left", "right")
	requireCurrent(t, m, "apigateway.cognito.identity-source")
}

func TestQuestionsCanBeTurnedOff(t *testing.T) {
	for _, keys := range [][]string{{"right", "s", "right"}, {"p", "right"}} {
		m := atGate(t)
		press(m, keys...)
		requireCurrent(t, m, "apigateway.cognito.identity-source")
	}
}

func TestWhatLiesBehindAGateIsNotToldByTheChecksTab(t *testing.T) {
	m := atGate(t)
	press(m, "tab", "tab")
	requireUnseen(t, m, "token-is-jwt")
	requireSeen(t, m, "No rule has been looked at in this exchange so far.")
}

func TestTokenIsTakenApartWithItsTimesAtThisStep(t *testing.T) {
	m := open(t, "C", "renews")
	for m.events[m.step().First].Title != "GET /tasks" || m.events[m.step().First].At.Hour() != 10 {
		m.goTo(m.cursor + 1)
	}
	press(m, "tab", "enter")
	requireSeen(t, m, "IdToken · expired 60 s ago", "2026-03-02 10:00:00 UTC, 60 min after issue; expired",
		"email", "ana@example.com", "user attribute")
}

func TestAnAPICallSucceedsOrIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		answer trace.Message
		truth  string
	}{
		"answered": {trace.Message{Status: 200}, "answered"},
		"refused":  {trace.Message{Status: 400, Error: "NotAuthorizedException"}, "refused"},
	} {
		if g := newGate(0, "cognito-identity:GetId", c.answer); g.truth != c.truth || len(g.choices) != 2 {
			t.Errorf("%s: got %+v", name, g)
		}
	}
}

func TestAStatusOutsideTheUsualOnesIsAChoiceToo(t *testing.T) {
	if g := newGate(0, "GET /tasks", trace.Message{Status: 502}); g.truth != "502" || len(g.choices) != 4 {
		t.Errorf("got %+v", g)
	}
}

func TestEscapeShrinksTheInspectorFirst(t *testing.T) {
	m := open(t, "A", "registered")
	press(m, "enter", "esc")
	if m.enlarged {
		t.Error("the inspector is still enlarged")
	}
}

func TestChecksThatRefuseNothingAreOneStepUntilUnfolded(t *testing.T) {
	m := open(t, "A", "registered")
	press(m, "right")
	requireSeen(t, m, "2 checks hold", "cognito-idp.client.auth-flow", "cognito-idp.user.password")
	folded := len(m.steps)
	press(m, "c")
	requireCurrent(t, m, "cognito-idp.client.auth-flow")
	if len(m.steps) != len(m.events) || folded >= len(m.steps) {
		t.Errorf("%d steps folded, %d unfolded, %d events", folded, len(m.steps), len(m.events))
	}
	press(m, "right", "c")
	requireCurrent(t, m, "cognito-idp.client.auth-flow")
}

func TestTheDecidingCheckIsNeverFolded(t *testing.T) {
	m := open(t, "A", "registered")
	press(m, "d")
	if s := m.step(); s.First != s.Last {
		t.Errorf("the deciding check is folded with %d others", s.Last-s.First)
	}
}

func TestStackShowsTheChangeOfTheOption(t *testing.T) {
	m := open(t, "A", "registered")
	press(m, "tab", "tab", "tab", "enter")
	requireSeen(t, m, "2 lines added by this option", "+   Identities:")
	press(m, "tab")
	requireSeen(t, m, "1 line added, 1 removed by this option", "${credentials.SessionToken}")
}

func TestTokenUnderTheCursorIsCopied(t *testing.T) {
	m := open(t, "C", "registered")
	copied := ""
	m.deps.Copy = func(text string) tea.Cmd { copied = text; return nil }
	press(m, "]", "y")
	if !strings.HasPrefix(copied, "eyJ") {
		t.Errorf("copied %q, want the token of the request", copied)
	}
}

func TestARunThatHoldsHasNoDecidingCheck(t *testing.T) {
	m := open(t, "C", "registered")
	for _, b := range m.Keys() {
		if b.Do == decider && b.Works() {
			t.Error("d works on a run that holds")
		}
	}
}

// open opens a cell of the first question.
func open(t *testing.T, option, requirement string) *Model {
	t.Helper()
	p, err := uitest.Prove("cloudtasker-token-access")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range p.Options {
		for _, c := range o.Cells {
			if o.ID == option && c.Requirement == requirement {
				return newModel(p, o, c)
			}
		}
	}
	t.Fatalf("there is no cell %s %s", option, requirement)
	return nil
}

func newModel(p proof.Proof, o proof.Option, c proof.Cell) *Model {
	r, _ := p.Question.Requirement(c.Requirement)
	return New(Deps{Theme: theme.New(theme.Look{}), Rule: uitest.Rule}, Run{Option: o, Cell: c, Says: r.Says})
}

// atGate stands on the request that will be refused.
func atGate(t *testing.T) *Model {
	t.Helper()
	m := open(t, "A", "registered")
	press(m, "]", "]")
	requireCurrent(t, m, "GET /tasks")
	return m
}

func press(m *Model, names ...string) {
	types := map[string]tea.KeyType{"right": tea.KeyRight, "left": tea.KeyLeft, "tab": tea.KeyTab, "enter": tea.KeyEnter, "esc": tea.KeyEsc}
	for _, name := range names {
		msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
		if typ, ok := types[name]; ok {
			msg = tea.KeyMsg{Type: typ}
		}
		m.Update(msg)
	}
}

func requireCurrent(t *testing.T, m *Model, title string) {
	t.Helper()
	if got := m.events[m.step().First].Title; got != title {
		t.Fatalf("the cursor is on %q, want %q", got, title)
	}
}

func seen(m *Model) string { return ansi.Strip(m.View(layout.Size{W: 110, H: 40})) }

func requireSeen(t *testing.T, m *Model, texts ...string) {
	t.Helper()
	view := seen(m)
	for _, text := range texts {
		if !strings.Contains(view, text) {
			t.Errorf("%q is not on the screen:\n%s", text, view)
		}
	}
}

func requireUnseen(t *testing.T, m *Model, texts ...string) {
	t.Helper()
	view := seen(m)
	for _, text := range texts {
		if strings.Contains(view, text) {
			t.Errorf("%q is on the screen:\n%s", text, view)
		}
	}
}
