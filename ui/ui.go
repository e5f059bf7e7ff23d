// Package ui is the trainer on a terminal: the root model that owns the stack
// of screens, the frame around them and the keys that work everywhere. It does
// no I/O: questions, proofs and the clipboard come in as values and functions.
package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/proof"
	"claimcheck/sim/trace"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/screens/serving"
	"claimcheck/ui/theme"
)

// Deps is what the trainer needs from outside.
type Deps struct {
	// Questions are those of all banks, each bank's together.
	Questions []quiz.Question
	// Prove runs a question's options. It may be slow, is called beside the
	// key path and once for each question.
	Prove func(id string) (proof.Proof, error)
	// Rule finds a rule by its id.
	Rule func(trace.RuleID) (trace.Rule, bool)
	// Look is what the terminal shows: see theme.LookOf.
	Look theme.Look
	// Start is the screen to open above the first one; the zero Route opens
	// none.
	Start screen.Route
	// Copy puts a text on the clipboard; nil when that cannot be done.
	Copy func(string)
	// Now is the time.
	Now func() time.Time
	// Keeper keeps what the learner does. Without one the trainer works, and says
	// with Unkept why nothing is kept.
	Keeper Keeper
	Unkept string
	// Notice is told at the start, "" for nothing.
	Notice string
	// Fetch gets Questions, Keeper, Unkept and Notice while the first screen is up
	// already; nil when they are here. It is called once, beside the key path.
	Fetch func() (Stock, error)
	// Serve puts the stack of a question, as an option changes it, on this
	// machine's network; option is "" for the stack as it stands. It may be slow,
	// and is nil where nothing can be served.
	Serve func(question, option string) (serving.Served, error)
	// Blueprint is what the form of a new exam starts from; the zero one is the
	// full form.
	Blueprint exam.Blueprint
}

// Stock is what takes time to get: see the members of Deps with these names.
type Stock struct {
	Questions      []quiz.Question
	Keeper         Keeper
	Unkept, Notice string
}

// root is the root model.
type root struct {
	deps   Deps
	theme  theme.Theme
	size   layout.Size
	stack  []screen.Screen
	proofs *proofs
	help   help
	// notice is told at the foot until the next key.
	notice notice

	history   *history
	queued    queued
	situation situation
	saves     saves
	network   network
	// answers are those given and kept since the start: right or wrong.
	answers []bool
	// second waits for the next beat of an exam's clock; beating is set while one
	// is awaited.
	second  func() tea.Cmd
	beating bool
	// leaving is set when only the saves have to be waited for.
	leaving bool
}

type notice struct {
	text  string
	error bool
}

// New returns the trainer, to be run by tea.NewProgram.
func New(d Deps) tea.Model {
	r := &root{deps: d, theme: theme.New(d.Look), proofs: newProofs(d.Prove), history: newHistory(), second: second}
	r.notice = notice{text: d.Notice}
	r.open(screen.Route{Name: screen.Home})
	return r
}

// Init reads what was kept and opens the screen to start with.
func (r *root) Init() tea.Cmd {
	if r.deps.Start.Name == "" || r.deps.Start.Name == screen.Home {
		return r.load()
	}
	return tea.Batch(r.load(), r.open(r.deps.Start))
}

// Update takes apart keys typed at once, and applies what a screen asks for
// before the next of them is read.
func (r *root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		r.size = layout.Size{W: msg.Width, H: msg.Height}
		return r, nil
	case tea.KeyMsg:
		var commands []tea.Cmd
		for _, key := range keys.Split(msg) {
			commands = append(commands, r.key(key))
		}
		return r, tea.Batch(commands...)
	case proved:
		return r, r.broadcast(r.proofs.store(msg))
	case records:
		return r, r.arrive(msg)
	case saved:
		return r, r.kept(msg)
	case opened:
		return r, r.serve(msg)
	case serving.Arrived:
		return r, tea.Batch(r.broadcast(msg), r.network.listen())
	case beat:
		return r, r.tick()
	}
	return r, r.ask(msg)
}

func (r *root) top() screen.Screen { return r.stack[len(r.stack)-1] }

// key gives a key to what is everywhere first, then to the top screen. A key of
// the screen that does not work now is answered with the reason.
func (r *root) key(key tea.KeyMsg) tea.Cmd {
	r.notice = notice{}
	name := key.String()
	if name == "ctrl+c" {
		return r.quit()
	}
	if r.help.open {
		r.help.key(name)
		return nil
	}
	if b, ok := keys.Find(r.top().Keys(), name); ok {
		if !b.Works() {
			r.notice = notice{text: b.Label + ": " + b.Disabled}
			return nil
		}
		return r.ask(key)
	}
	switch name {
	case "q":
		return r.quit()
	case "?":
		r.help.open = true
	case "esc", "backspace":
		return r.apply(screen.Back())
	}
	return nil
}

// ask gives a message to the top screen and applies what it asks for.
func (r *root) ask(msg tea.Msg) tea.Cmd {
	action, cmd := r.top().Update(msg)
	return tea.Batch(cmd, r.apply(action))
}

// broadcast gives a message to every open screen. Only the top one may ask for
// something: what is below stays where it is.
func (r *root) broadcast(msg tea.Msg) tea.Cmd {
	var commands []tea.Cmd
	for _, s := range r.stack[:len(r.stack)-1] {
		_, cmd := s.Update(msg)
		commands = append(commands, cmd)
	}
	return tea.Batch(append(commands, r.ask(msg))...)
}

func (r *root) apply(a screen.Action) tea.Cmd {
	switch a.Kind {
	case screen.Opens:
		return r.open(a.To)
	case screen.Replaces:
		return r.replace(a.To)
	case screen.Returns:
		return r.back()
	case screen.Fails:
		left := r.back()
		r.notice = notice{text: a.Err.Error(), error: true}
		return left
	case screen.Quits:
		return r.quit()
	}
	return nil
}

// back leaves the top screen; the first one stays. What only that screen showed
// is served no longer.
func (r *root) back() tea.Cmd {
	if len(r.stack) == 1 {
		return nil
	}
	_, served := r.top().(*serving.Model)
	r.stack = r.stack[:len(r.stack)-1]
	if served {
		return r.stopServing()
	}
	return nil
}
