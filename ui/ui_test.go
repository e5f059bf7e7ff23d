package ui

import (
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/quiz/proof"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/uitest"
)

func TestFirstStartSaysWhatToPress(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	requireSeen(t, r, "Exam scenarios", "1 Study (s)", "2 Review (r)", "3 Exam (e)", "next: Tokens that expire and renew themselves", "Enter open", "? all keys")
}

func TestSmallTerminalIsToldWhatIsNeeded(t *testing.T) {
	r := sized(start(theme.Look{}), 30, 8)
	requireSeen(t, r, "40x12 needed, 30x8 here")
}

func TestRightAnswerIsSaidInWords(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	press(r, "s", "enter", "c", "3")
	requireSeen(t, r, "✓ Right: C.", "1 of 1 right")
}

func TestSureAndWrongIsPointedOut(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	press(r, "s", "enter", "a", "3")
	requireSeen(t, r, "✗ Wrong: you chose A, right is C.", "Sure and wrong", "A fails: A registered user reaches the API",
		"A Cognito authorizer takes a JSON web token")
}

func TestCertaintyBeforeAChoiceIsAnsweredWithTheReason(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	press(r, "s", "enter", "3")
	requireSeen(t, r, "3: choose an option first")
	press(r, "b")
	requireUnseen(t, r, "choose an option first")
	requireSeen(t, r, "How sure are you?")
}

func TestTwoRightOptionsNeedTwoChoices(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	press(r, "s", "down", "enter", "a")
	requireSeen(t, r, "Choose 2", "(1 so far)")
	press(r, "c", "c", "b", "2")
	requireSeen(t, r, "✓ Right: A and B.")
}

func TestKeysTypedAtOnceReachTheScreenTheyOpen(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	run(r, r.open(screen.Route{Name: screen.Study, Question: "cloudtasker-token-access"}))
	send(r, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a3pj")})
	if got := r.top().Title(); got != "Proof" {
		t.Fatalf("the top screen is %q, want Proof", got)
	}
	requireSeen(t, r, "Option B")
}

func TestPastedTextPressesNothing(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	if cmd := r.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("x")}); cmd != nil {
		t.Error("an unbound key has a command")
	}
	send(r, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("?q"), Paste: true})
	if r.help.open {
		t.Error("pasted text opened the help")
	}
}

func TestHelpListsDisabledKeysWithTheirReason(t *testing.T) {
	r := sized(start(theme.Look{}), 100, 40)
	press(r, "s", "enter", "?")
	requireSeen(t, r, "not now: choose an option first", "leave the trainer")
	press(r, "?")
	requireUnseen(t, r, "leave the trainer")
}

func TestQuitWorksEverywhere(t *testing.T) {
	for name, open := range situations() {
		r := sized(start(theme.Look{}), 80, 24)
		open(r)
		_, cmd := r.Update(tea.KeyMsg{Type: tea.KeyCtrlC})
		if !quits(cmd) {
			t.Errorf("%s: Ctrl-C does not quit", name)
		}
	}
}

func TestEscapeLeadsBackToTheFirstScreen(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	press(r, "s", "enter", "a", "3", "p", "enter")
	for _, want := range []string{"Proof", "Tokens that expire and renew themselves", "Questions", "Home", "Home"} {
		press(r, "esc")
		if got := r.top().Title(); got != want {
			t.Fatalf("the top screen is %q, want %q", got, want)
		}
	}
	requireSeen(t, r, "1 of 3 answered")
	press(r, "s")
	requireSeen(t, r, "✗ Tokens that expire", "1 of 1 answered")
}

func TestNextQuestionTakesThePlaceOfThisOne(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	press(r, "s", "enter", "c", "1", "n")
	requireSeen(t, r, "A mobile app stores photos")
	press(r, "esc")
	if got := r.top().Title(); got != "Questions" {
		t.Errorf("the top screen is %q, want Questions", got)
	}
}

func TestStartRouteIsOpenedAboveHome(t *testing.T) {
	d := deps(theme.Look{})
	d.Start = screen.Route{Name: screen.Stepper, Question: "cloudtasker-token-access", Option: "A"}
	r := sized(startWith(d), 80, 24)
	requireSeen(t, r, "A: A registered user reaches the API")
	press(r, "esc")
	requireSeen(t, r, "Exam scenarios")
}

func TestUnknownStartIsToldAtTheFoot(t *testing.T) {
	d := deps(theme.Look{})
	d.Questions, d.Start = nil, screen.Route{Name: screen.Study, Question: "nope"}
	r := sized(startWith(d), 80, 24)
	requireSeen(t, r, `there is no question "nope"`, "0 of 0 answered")
	press(r, "s")
	requireSeen(t, r, "There are no questions here yet")
}

func TestTwoRunsOfAProofAreShownBesideEachOther(t *testing.T) {
	r := sized(start(theme.Look{}), 100, 30)
	run(r, r.open(screen.Route{Name: screen.Proof, Question: "cloudtasker-token-access", Option: "A"}))
	press(r, "b")
	requireSeen(t, r, "marked: A registered")
	press(r, "b")
	requireUnseen(t, r, "marked:")
	press(r, "b", "down", "down", "b")
	if got := r.top().Title(); got != "A registered and C registered" {
		t.Fatalf("the top screen is %q", got)
	}
	press(r, "esc")
	requireUnseen(t, r, "marked:")
}

func TestARunThatIsNotThereCannotStandBeside(t *testing.T) {
	r := sized(start(theme.Look{}), 100, 30)
	route := screen.Route{Name: screen.Beside, Question: "cloudtasker-token-access", Option: "A", Requirement: "registered", With: screen.Cell{Option: "Z"}}
	run(r, r.open(screen.Route{Name: screen.Proof, Question: "cloudtasker-token-access"}))
	run(r, r.open(route))
	requireSeen(t, r, `has no run of option "Z" against ""`)
}

func TestProofThatCannotBeRunIsTold(t *testing.T) {
	d := deps(theme.Look{})
	d.Prove = func(string) (proof.Proof, error) { return proof.Proof{}, errors.New("the stack does not parse") }
	r := sized(startWith(d), 80, 24)
	press(r, "s", "p")
	requireSeen(t, r, "the stack does not parse", "API authorizers")
	press(r, "enter", "c", "3")
	requireSeen(t, r, "The options could not be run: the stack does not parse")
}

func TestExplanationTellsEverythingThatTheQuestionHas(t *testing.T) {
	r := sized(start(theme.Look{}), 100, 80)
	press(r, "s", "enter", "a", "1")
	requireSeen(t, r, "A your answer", "C right", "The belief behind it: identity pool authenticates", "The rule to keep", "In practice",
		"What the source got wrong", "References", "Seen on the stack as it stands", "✓ The refresh token itself opens nothing")
}

func TestMovingToAnOptionBringsItsExplanationIntoSight(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	press(r, "s", "enter", "a", "1")
	requireUnseen(t, r, "Access keys of an IAM user do not expire")
	press(r, "down", "down", "down")
	requireSeen(t, r, "Access keys of an IAM user do not expire")
}

func TestARunThatDisagreesWithTheKeyIsPointedOut(t *testing.T) {
	r := sized(start(theme.Look{}), 100, 40)
	run(r, r.open(screen.Route{Name: screen.Proof, Question: "two-of-five", Option: "E"}))
	requireSeen(t, r, "✗!", "! The key says that this holds.")
}

func TestARouteToARunThatIsNotThereIsTold(t *testing.T) {
	r := sized(start(theme.Look{}), 120, 24)
	run(r, r.open(screen.Route{Name: screen.Stepper, Question: "cloudtasker-token-access", Option: "Z"}))
	requireSeen(t, r, `has no run of option "Z"`, "Exam scenarios")
}

func TestUnprovenQuestionSaysWhy(t *testing.T) {
	r := sized(start(theme.Look{}), 80, 24)
	press(r, "s", "G", "p")
	requireSeen(t, r, "this question is not proven: keeping records is not simulated")
	press(r, "s", "enter", "a", "2")
	requireSeen(t, r, "Not proven: keeping records is not simulated")
}

func TestEachQuestionIsProvenOnce(t *testing.T) {
	proven := map[string]int{}
	d := deps(theme.Look{})
	d.Prove = func(id string) (proof.Proof, error) {
		proven[id]++
		return uitest.Prove(id)
	}
	r := sized(startWith(d), 80, 24)
	press(r, "s", "enter", "a", "1", "p", "enter", "esc", "esc", "esc", "p")
	if got := proven["cloudtasker-token-access"]; got != 1 {
		t.Errorf("proven %d times, want once", got)
	}
}

// sized gives the root a terminal.
func sized(r *root, w, h int) *root {
	r.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return r
}

// press sends keys by name, and the messages of their commands.
func press(r *root, names ...string) {
	for _, name := range names {
		send(r, keyNamed(name))
	}
}

func keyNamed(name string) tea.KeyMsg {
	types := map[string]tea.KeyType{
		"enter": tea.KeyEnter, "esc": tea.KeyEsc, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
		"tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp,
	}
	if typ, ok := types[name]; ok {
		return tea.KeyMsg{Type: typ}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

func send(r *root, msg tea.Msg) {
	_, cmd := r.Update(msg)
	run(r, cmd)
}

// run carries out a command and what follows from it, except ticks and quitting.
func run(r *root, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			run(r, c)
		}
	case proved, records, saved, opened:
		send(r, msg)
	}
}

func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	switch msg := cmd().(type) {
	case tea.QuitMsg:
		return true
	case tea.BatchMsg:
		for _, c := range msg {
			if quits(c) {
				return true
			}
		}
	}
	return false
}

func requireSeen(t *testing.T, r *root, texts ...string) {
	t.Helper()
	view := ansi.Strip(r.View())
	for _, text := range texts {
		if !strings.Contains(view, text) {
			t.Errorf("%q is not on the screen:\n%s", text, view)
		}
	}
}

func requireUnseen(t *testing.T, r *root, texts ...string) {
	t.Helper()
	view := ansi.Strip(r.View())
	for _, text := range texts {
		if strings.Contains(view, text) {
			t.Errorf("%q is on the screen:\n%s", text, view)
		}
	}
}

func TestTheFirstScreenIsUpBeforeTheQuestionsAreRead(t *testing.T) {
	d := deps(theme.Look{})
	questions := d.Questions
	d.Questions, d.Fetch = nil, func() (Stock, error) { return Stock{Questions: questions, Notice: "a file was damaged"}, nil }
	r := New(d).(*root)
	reading := r.Init()
	r.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	requireSeen(t, r, "Study", "…")
	press(r, "s")
	requireSeen(t, r, "Reading")
	run(r, reading)
	requireSeen(t, r, questions[0].Title, "a file was damaged")
}

func TestQuestionsThatCannotBeReadAreToldOf(t *testing.T) {
	d := deps(theme.Look{})
	d.Questions, d.Fetch = nil, func() (Stock, error) { return Stock{}, errors.New("tokens.yaml:3:1: unknown key") }
	r := startWith(d)
	r.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	requireSeen(t, r, "tokens.yaml:3:1: unknown key")
}

func TestTheOldestProofIsRunAgain(t *testing.T) {
	ran := map[string]int{}
	p := newProofs(func(id string) (proof.Proof, error) { ran[id]++; return proof.Proof{}, nil })
	open := func(id string) {
		if _, ready, cmd := p.get(id); !ready {
			p.store(cmd().(proved))
		}
	}
	open("first")
	open("first")
	for i := range keptProofs {
		open(string(rune('a' + i)))
	}
	open("first")
	if ran["first"] != 2 || ran["b"] != 1 || len(p.done) != keptProofs {
		t.Errorf("%v, %d kept", ran, len(p.done))
	}
}
