package ui

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/uitest"
)

// BenchmarkKeyToFrame is one key and the frame after it on a large terminal, in
// the stepper, which draws most. The bar is 16 ms.
func BenchmarkKeyToFrame(b *testing.B) {
	r := start(theme.Look{Depth: theme.True})
	r.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
	run(r, r.open(screen.Route{Name: screen.Stepper, Question: "cloudtasker-token-access", Option: "C", Requirement: "renews"}))
	press(r, "p", "tab")
	for b.Loop() {
		press(r, "right")
		if len(r.View()) == 0 {
			b.Fatal("nothing is drawn")
		}
		if !r.top().Keys()[0].Works() {
			press(r, "g")
		}
	}
}

// BenchmarkExamKeyToFrame is one answer and the frame after it in a full exam of
// which much is answered, with a history of six weeks.
func BenchmarkExamKeyToFrame(b *testing.B) {
	clock, questions := uitest.NewClock(), uitest.Library(400)
	r := learner(&uitest.Keeper{Kept: uitest.SixWeeks(questions, clock.Now())}, clock, questions)
	sized(r, 200, 60)
	press(r, "e", "enter")
	for range 64 {
		press(r, "b", "m", "right")
	}
	for b.Loop() {
		clock.Move(time.Millisecond)
		press(r, "a", "b")
		if len(r.View()) == 0 {
			b.Fatal("nothing is drawn")
		}
	}
}

// BenchmarkHomeKeyToFrame is one key and the frame after it on the first screen,
// with a history of six weeks and an exam under way.
func BenchmarkHomeKeyToFrame(b *testing.B) {
	clock, questions := uitest.NewClock(), uitest.Library(400)
	r := learner(&uitest.Keeper{Kept: uitest.SixWeeks(questions, clock.Now())}, clock, questions)
	sized(r, 200, 60)
	press(r, "e", "enter")
	for range 64 {
		press(r, "b", "m", "right")
	}
	press(r, "esc")
	for b.Loop() {
		press(r, "down", "up")
		if len(r.View()) == 0 {
			b.Fatal("nothing is drawn")
		}
	}
}
