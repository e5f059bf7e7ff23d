package sequence

import (
	"fmt"

	"claimcheck/sim/trace"
	"claimcheck/ui/widget/phrase"
)

// Step is one row of the diagram: the events from index First to Last, which are
// the same but for a run of checks that was folded.
type Step struct{ First, Last int }

// Steps makes every event a step of its own.
func Steps(events []trace.Event) []Step {
	steps := make([]Step, len(events))
	for i := range events {
		steps[i] = Step{First: i, Last: i}
	}
	return steps
}

// Fold makes one step of consecutive checks of an exchange, as long as none of
// them refuses anything and none is the event with the Seq decider.
func Fold(events []trace.Event, decider int) []Step {
	var steps []Step
	for i := 0; i < len(events); {
		last := i
		for foldable(events[i], decider) && last+1 < len(events) &&
			foldable(events[last+1], decider) && events[last+1].Exchange == events[i].Exchange {
			last++
		}
		steps = append(steps, Step{First: i, Last: last})
		i = last + 1
	}
	return steps
}

func foldable(e trace.Event, decider int) bool {
	return e.Kind == trace.Checked && !e.Check.Decides && e.Seq != decider
}

// At is the index of the step that event i belongs to.
func At(steps []Step, i int) int {
	for n, s := range steps {
		if i <= s.Last {
			return n
		}
	}
	return max(len(steps)-1, 0)
}

// folded says how many checks a step stands for and how they went.
func folded(events []trace.Event) (text string, allHeld bool) {
	held, asides := 0, 0
	for _, e := range events {
		if phrase.Aside(e, 0) {
			asides++
			continue
		}
		held++
	}
	switch {
	case asides == 0:
		return fmt.Sprintf("%d checks hold", held), true
	case held == 0:
		return fmt.Sprintf("%d notes", asides), false
	case asides == 1:
		return fmt.Sprintf("%s, 1 note", holding(held)), true
	}
	return fmt.Sprintf("%s, %d notes", holding(held), asides), true
}

func holding(n int) string {
	if n == 1 {
		return "1 check holds"
	}
	return fmt.Sprintf("%d checks hold", n)
}
