package ui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
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
