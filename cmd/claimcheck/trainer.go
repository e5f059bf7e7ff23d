package main

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/aymanbagabas/go-osc52/v2"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/mattn/go-isatty"

	"claimcheck/quiz"
	"claimcheck/quiz/bank"
	"claimcheck/quiz/proof"
	"claimcheck/sim/trace"
	"claimcheck/ui"
	"claimcheck/ui/theme"
)

// framesPerSecond halves the time to the first frame against Bubble Tea's 60.
const framesPerSecond = 120

// openTrainer runs the trainer on the terminal until the learner quits.
func openTrainer(background string) error {
	if !isatty.IsTerminal(os.Stdin.Fd()) || !isatty.IsTerminal(os.Stdout.Fd()) {
		return errors.New("the trainer needs a terminal; prove, trace and support do without (see --help)")
	}
	shown, err := look(background)
	if err != nil {
		return err
	}
	items, err := builtIn()
	if err != nil {
		return err
	}
	model := ui.New(ui.Deps{
		Questions: questionsOf(items),
		Prove:     prover(items),
		Rule:      ruleFinder(),
		Look:      shown,
		Copy:      func(text string) { fmt.Fprint(os.Stderr, osc52.New(text)) },
	})
	_, err = tea.NewProgram(model, tea.WithAltScreen(), tea.WithFPS(framesPerSecond)).Run()
	if err != nil {
		return fmt.Errorf("the terminal: %w", err)
	}
	return nil
}

func questionsOf(items []bank.Item) []quiz.Question {
	var questions []quiz.Question
	for _, item := range items {
		questions = append(questions, item.Question)
	}
	return questions
}

// prover finds and runs a question.
func prover(items []bank.Item) func(id string) (proof.Proof, error) {
	return func(id string) (proof.Proof, error) {
		for _, item := range items {
			if item.Question.ID == id {
				return proof.Prove(item.Question, item.Plan)
			}
		}
		return proof.Proof{}, fmt.Errorf("there is no question %q", id)
	}
}

// ruleFinder looks rules up; they are listed when the first is asked for.
func ruleFinder() func(trace.RuleID) (trace.Rule, bool) {
	rules := sync.OnceValue(func() map[trace.RuleID]trace.Rule {
		byID := map[trace.RuleID]trace.Rule{}
		for _, rule := range supported().Rules {
			byID[rule.ID] = rule
		}
		return byID
	})
	return func(id trace.RuleID) (trace.Rule, bool) {
		rule, ok := rules()[id]
		return rule, ok
	}
}

// look is what the terminal shows by its environment, and by the flag where
// that says something else.
func look(background string) (theme.Look, error) {
	l := theme.LookOf(os.Getenv)
	switch background {
	case "":
	case "light", "dark":
		l.Light = background == "light"
	default:
		return theme.Look{}, fmt.Errorf("--background is light or dark, not %q", background)
	}
	return l, nil
}
