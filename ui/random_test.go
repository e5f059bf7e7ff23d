package ui

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"claimcheck/quiz/exam"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/uitest"
)

// Whatever is pressed, whenever the trainer is closed and opened again: every
// screen keeps its place, and the exam on the screen is the one that is kept.
func TestAnyKeysInAnyOrderKeepScreensAndAnswersWhole(t *testing.T) {
	keys := []string{
		"enter", "enter", "esc", "up", "down", "down", "left", "right", "tab", "pgdown", "pgup", " ", "?",
		"a", "b", "c", "d", "e", "f", "g", "G", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "T", "w", "x", "y", "1", "2", "3", "0",
	}
	sizes := []layout.Size{{W: 40, H: 12}, {W: 80, H: 24}, {W: 130, H: 36}, {W: 200, H: 60}}
	rapid.Check(t, func(rt *rapid.T) {
		clock, questions := uitest.NewClock(), append(uitest.Questions(), uitest.Library(10)...)
		k := &uitest.Keeper{Kept: uitest.SixWeeks(questions, clock.Now())}
		d := deps(theme.Look{})
		d.Questions, d.Keeper, d.Now = questions, k, clock.Now
		d.Blueprint = exam.Short(6, 1)
		r := sized(startWith(d), 80, 24)
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			switch rapid.IntRange(0, 19).Draw(rt, "step") {
			case 0:
				r = sized(startWith(d), 80, 24)
			case 1:
				clock.Move(time.Duration(rapid.IntRange(1, 400).Draw(rt, "seconds")) * time.Second)
				send(r, beat{})
			default:
				press(r, rapid.SampledFrom(keys).Draw(rt, "key"))
			}
			size := rapid.SampledFrom(sizes).Draw(rt, "size")
			r.Update(tea.WindowSizeMsg{Width: size.W, Height: size.H})
			requireFilled(t, "root", r.View(), size)
		}
		if diff := cmp.Diff(k.Kept.Exams, r.history.sessions, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("what is kept is not what is known (-kept +known):\n%s", diff)
		}
	})
}
