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
	for i, look := range looks() {
		sizes := few()
		if i == 0 {
			sizes = many()
		}
		for name, open := range situations() {
			t.Run(fmt.Sprintf("%s/light=%t/depth=%d", name, look.Light, look.Depth), func(t *testing.T) {
				r := start(look)
				open(r)
				for _, size := range sizes {
					requireFilled(t, "screen", r.top().View(size), size)
					r.Update(tea.WindowSizeMsg{Width: size.W, Height: size.H})
					requireFilled(t, "root", r.View(), size)
				}
			})
		}
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
	return []layout.Size{{W: 1, H: 1}, {W: 40, H: 12}, {W: 80, H: 24}, {W: 160, H: 48}}
}

func many() []layout.Size {
	var sizes []layout.Size
	for _, w := range []int{1, 2, 5, 11, 20, 39, 40, 41, 59, 60, 79, 80, 81, 119, 120, 131, 160, 200} {
		for _, h := range []int{1, 2, 3, 8, 11, 12, 15, 16, 17, 22, 24, 25, 40, 60} {
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

func start(look theme.Look) *root {
	return New(Deps{Questions: uitest.Questions(), Prove: uitest.Prove, Rule: uitest.Rule, Look: look}).(*root)
}

func requireFilled(t *testing.T, what, view string, size layout.Size) {
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
