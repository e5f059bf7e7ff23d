package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/uitest"
)

func TestEveryScreenFillsExactlyItsPlace(t *testing.T) {
	for name, open := range situations() {
		requireAlwaysFilled(t, name, many(), func(look theme.Look) *root {
			r := start(look)
			open(r)
			return r
		})
	}
}

func TestEveryScreenOfALearnerFillsExactlyItsPlace(t *testing.T) {
	for name, keys := range learnerSituations() {
		requireAlwaysFilled(t, name, turning(), func(look theme.Look) *root {
			clock, questions := uitest.NewClock(), append(uitest.Questions(), uitest.Library(70)...)
			k := &uitest.Keeper{Kept: uitest.SixWeeks(questions, clock.Now())}
			if strings.HasPrefix(name, "first") {
				k = &uitest.Keeper{}
			}
			d := deps(look)
			d.Questions, d.Keeper, d.Now = questions, k, clock.Now
			r := sized(startWith(d), 80, 24)
			press(r, keys...)
			return r
		})
	}
}

// requireAlwaysFilled draws what start leads to in every look, and in the first
// at all the sizes.
func requireAlwaysFilled(t *testing.T, name string, all []layout.Size, start func(theme.Look) *root) {
	t.Helper()
	for i, look := range looks() {
		sizes := few()
		if i == 0 {
			sizes = all
		}
		t.Run(fmt.Sprintf("%s/light=%t/depth=%d", name, look.Light, look.Depth), func(t *testing.T) {
			r := start(look)
			for _, size := range sizes {
				requireFilled(t, "screen", r.top().View(size), size)
				r.Update(tea.WindowSizeMsg{Width: size.W, Height: size.H})
				requireFilled(t, "root", r.View(), size)
			}
		})
	}
}

// learnerSituations are the screens of somebody who has learnt for six weeks or,
// where the name says so, begins, by the keys that lead to them.
func learnerSituations() map[string][]string {
	exam := []string{"e", "f", "enter"}
	past := []string{"e", "down", "down", "down", "down", "down", "down", "enter"}
	then := func(first []string, keys ...string) []string { return append(append([]string{}, first...), keys...) }
	return map[string][]string{
		"first home":        nil,
		"first review":      {"r"},
		"first progress":    {"p"},
		"first scores":      {"p", "4"},
		"first form":        {"e"},
		"home":              nil,
		"home, examining":   then(exam, "esc"),
		"questions":         {"s", "down", "down"},
		"review":            {"r", "down"},
		"review, a day":     {"r", "d"},
		"recall":            {"r", "enter"},
		"progress":          {"p"},
		"certainty":         {"p", "2"},
		"days":              {"p", "3"},
		"scores":            {"p", "4"},
		"form":              {"e", "down", "down"},
		"form, topics":      {"e", "down", "down", "down", "down", "enter", "down", "enter"},
		"exam":              exam,
		"exam, chosen":      then(exam, "b", "m", "down", "x"),
		"exam, navigator":   then(exam, "b", "right", "m", "g", "down"),
		"exam, review list": then(exam, "m", "r", "down"),
		"exam, end":         then(exam, "b", "m", "right", "r", "e"),
		"result":            then(exam, "b", "r", "e", "y"),
		"past result":       past,
		"past questions":    then(past, "tab", "down"),
		"past, wrong only":  then(past, "tab", "w"),
		"debrief":           then(past, "tab", "enter"),
		"debrief, wrong":    then(past, "tab", "w", "enter"),
	}
}

func looks() []theme.Look {
	return []theme.Look{
		{Depth: theme.True}, {Depth: theme.None}, {Depth: theme.Sixteen}, {Depth: theme.Indexed},
		{Light: true, Depth: theme.Sixteen}, {Light: true, Depth: theme.True},
	}
}

// few are the sizes that a theme is tried at: colours do not move anything.
func few() []layout.Size {
	return []layout.Size{{W: 1, H: 1}, {W: 40, H: 12}, {W: 80, H: 24}, {W: 160, H: 48}, {W: 200, H: 60}}
}

func many() []layout.Size {
	return grid([]int{1, 2, 5, 11, 20, 39, 40, 41, 59, 60, 79, 80, 81, 119, 120, 131, 160, 200}, []int{1, 2, 3, 8, 11, 12, 15, 16, 17, 22, 24, 25, 40, 60})
}

// turning are the sizes around which the screens of a learner change their shape.
func turning() []layout.Size {
	return grid([]int{1, 9, 40, 41, 63, 80, 123, 124, 130, 160, 200}, []int{1, 2, 5, 10, 13, 17, 20, 24, 35, 36, 60})
}

func grid(widths, heights []int) []layout.Size {
	var sizes []layout.Size
	for _, w := range widths {
		for _, h := range heights {
			sizes = append(sizes, layout.Size{W: w, H: h})
		}
	}
	return sizes
}

// situations are all screens, in every state that draws in its own way.
func situations() map[string]func(*root) {
	const q = "cloudtasker-token-access"
	route := func(name screen.Name, option, requirement string) func(*root) {
		return func(r *root) {
			run(r, r.open(screen.Route{Name: name, Question: q, Option: option, Requirement: requirement}))
		}
	}
	then := func(open func(*root), keys ...string) func(*root) {
		return func(r *root) { open(r); press(r, keys...) }
	}
	study := route(screen.Study, "", "")
	failing := route(screen.Stepper, "A", "registered")
	return map[string]func(*root){
		"home":                 func(*root) {},
		"home, answered":       then(study, "c", "3", "esc"),
		"help":                 then(func(*root) {}, "?"),
		"study":                study,
		"study, chosen":        then(study, "down", "down", "enter"),
		"study, wrong":         then(study, "a", "3"),
		"study, right":         then(study, "c", "1", "down", "pgdown"),
		"study, not proven":    then(func(r *root) { run(r, r.open(screen.Route{Name: screen.Study, Question: "unproven"})) }, "b", "3"),
		"study, proving":       func(r *root) { r.open(screen.Route{Name: screen.Study, Question: q}); press(r, "c", "3") },
		"waiting":              func(r *root) { r.open(screen.Route{Name: screen.Proof, Question: q}) },
		"proof":                route(screen.Proof, "", ""),
		"proof, an odd run":    func(r *root) { run(r, r.open(screen.Route{Name: screen.Proof, Question: "two-of-five", Option: "E"})) },
		"proof, marked":        then(route(screen.Proof, "", ""), "b"),
		"beside":               then(route(screen.Proof, "A", ""), "b", "down", "down", "b"),
		"beside, alike":        then(route(screen.Proof, "A", ""), "b", "down", "down", "b", "g"),
		"beside, observation":  then(route(screen.Proof, "C", ""), "b", "down", "down", "b", "n", "pgdown"),
		"stepper":              failing,
		"stepper, decider":     then(failing, "d"),
		"stepper, token":       then(failing, "tab"),
		"stepper, checks":      then(failing, "d", "tab", "tab"),
		"stepper, stack":       then(failing, "tab", "tab", "tab"),
		"stepper, client":      then(failing, "shift+tab"),
		"stepper, enlarged":    then(failing, "enter"),
		"stepper, asked":       then(route(screen.Stepper, "C", "renews"), "]", "]", "right"),
		"stepper, answered":    then(route(screen.Stepper, "C", "renews"), "]", "]", "right", "1"),
		"stepper, observation": route(screen.Stepper, "", "refresh-at-gateway"),
		"stepper, one event":   route(screen.Stepper, "B", "managed"),
	}
}

// deps are those of a trainer with a few questions, a clock that stands still and
// nobody to keep anything.
func deps(look theme.Look) Deps {
	return Deps{Questions: uitest.Questions(), Prove: uitest.Prove, Rule: uitest.Rule, Look: look, Now: uitest.NewClock().Now}
}

func start(look theme.Look) *root { return startWith(deps(look)) }

// startWith starts a trainer whose clock is only moved by the test.
func startWith(d Deps) *root {
	r := New(d).(*root)
	r.second = func() tea.Cmd { return nil }
	run(r, r.Init())
	return r
}

func requireFilled(t testing.TB, what, view string, size layout.Size) {
	t.Helper()
	lines := strings.Split(view, "\n")
	if len(lines) != size.H {
		t.Errorf("%s at %dx%d: got %d lines", what, size.W, size.H, len(lines))
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > size.W {
			t.Errorf("%s at %dx%d: line %d is %d cells wide: %q", what, size.W, size.H, i+1, w, ansi.Strip(line))
		}
	}
}
