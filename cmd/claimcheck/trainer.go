package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/aymanbagabas/go-osc52/v2"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"claimcheck/quiz"
	"claimcheck/quiz/bank"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
	"claimcheck/quiz/proof"
	"claimcheck/sim/trace"
	"claimcheck/ui"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
)

// framesPerSecond halves the time to the first frame against Bubble Tea's 60.
const framesPerSecond = 120

// launch is how the trainer is opened: what the flags say.
type launch struct {
	background string
	data       string
	// banks are the files and folders whose questions take the place of the
	// built-in ones.
	banks []string
	// items reads the questions to train with, once, in outline: the plans are
	// read when the first proof is asked for.
	items func() ([]bank.Item, error)
}

func (l *launch) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&l.background, "background", "", "the terminal's background, light or dark (default: what COLORFGBG says, or dark)")
	cmd.Flags().StringArrayVar(&l.banks, "bank", nil, "take the questions of this file or folder in place of the built-in ones (may be repeated)")
	dataFlag(cmd, &l.data)
	l.items = sync.OnceValues(func() ([]bank.Item, error) { return read(l.banks, true) })
}

// check reads the questions of one's own, which may have problems. The built-in
// ones have none, and are read when the first screen is up.
func (l *launch) check() error {
	if len(l.banks) == 0 {
		return nil
	}
	_, err := l.items()
	return err
}

// opening is what the trainer shows first.
type opening struct {
	screen screen.Route
	// exam fills in the form of a new exam; the zero one is the full form.
	exam exam.Blueprint
}

// open runs the trainer on the terminal until the learner quits.
func (l *launch) open(first opening) error {
	if !isatty.IsTerminal(os.Stdin.Fd()) || !isatty.IsTerminal(os.Stdout.Fd()) {
		return errors.New("the trainer needs a terminal; prove, trace, support and progress do without (see --help)")
	}
	shown, err := look(l.background)
	if err != nil {
		return err
	}
	whole := sync.OnceValues(func() ([]bank.Item, error) { return library(l.banks) })
	store := sync.OnceValues(func() (*progress.Store, error) { return openStore(l.data) })
	err = show(ui.Deps{
		Fetch:     func() (ui.Stock, error) { return l.stock(store) },
		Prove:     prover(whole),
		Rule:      ruleFinder(),
		Serve:     serveHere(whole),
		Look:      shown,
		Start:     first.screen,
		Blueprint: first.exam,
		Now:       time.Now,
		Copy:      func(text string) { fmt.Fprint(os.Stderr, osc52.New(text)) },
	})
	return errors.Join(err, finish(store()))
}

// stock reads the questions and opens the store, which the trainer can do
// without.
func (l *launch) stock(open func() (*progress.Store, error)) (ui.Stock, error) {
	items, err := l.items()
	stock := ui.Stock{Questions: questionsOf(items)}
	store, unkept := open()
	if unkept != nil {
		stock.Unkept = unkept.Error()
		return stock, err
	}
	stock.Keeper, stock.Notice = store, damageNotice(store.Damage())
	return stock, err
}

// finish closes the store, if there is one, and leaves word of damage: the
// screen's notice goes with the next key.
func finish(store *progress.Store, unkept error) error {
	if unkept != nil {
		return nil
	}
	for _, d := range store.Damage() {
		fmt.Fprintln(os.Stderr, d)
	}
	return store.Close()
}

// show runs the screens.
func show(deps ui.Deps) error {
	if _, err := tea.NewProgram(ui.New(deps), tea.WithAltScreen(), tea.WithFPS(framesPerSecond)).Run(); err != nil {
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

// prover finds and runs a question of a library.
func prover(items func() ([]bank.Item, error)) func(id string) (proof.Proof, error) {
	return func(id string) (proof.Proof, error) {
		item, err := itemOf(items, id)
		if err != nil {
			return proof.Proof{}, err
		}
		return proof.Prove(item.Question, item.Plan)
	}
}

// itemOf finds a question of a library.
func itemOf(items func() ([]bank.Item, error), id string) (bank.Item, error) {
	all, err := items()
	if err != nil {
		return bank.Item{}, err
	}
	at := slices.IndexFunc(all, func(item bank.Item) bool { return item.Question.ID == id })
	if at < 0 {
		return bank.Item{}, fmt.Errorf("there is no question %q", id)
	}
	return all[at], nil
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
