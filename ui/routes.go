package ui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/quiz/proof"
	"claimcheck/ui/screen"
	"claimcheck/ui/screens/beside"
	"claimcheck/ui/screens/home"
	proofscreen "claimcheck/ui/screens/proof"
	"claimcheck/ui/screens/questions"
	"claimcheck/ui/screens/stepper"
	"claimcheck/ui/screens/study"
	"claimcheck/ui/screens/waiting"
	"claimcheck/ui/widget/evidence"
)

// open puts the screen of a route on top. What cannot be opened is told as a
// notice.
func (r *root) open(to screen.Route) tea.Cmd {
	s, cmd, err := r.make(to)
	if err != nil {
		r.notice = notice{text: err.Error(), error: true}
		return nil
	}
	r.stack = append(r.stack, s)
	return cmd
}

// replace puts the screen of a route in place of the top one, which is left even
// when the route cannot be opened.
func (r *root) replace(to screen.Route) tea.Cmd {
	s, cmd, err := r.make(to)
	if err != nil {
		left := r.back()
		r.notice = notice{text: err.Error(), error: true}
		return left
	}
	r.stack[len(r.stack)-1] = s
	return cmd
}

// make is the list of routes. Home alone needs no questions.
func (r *root) make(to screen.Route) (screen.Screen, tea.Cmd, error) {
	if to.Name == screen.Home {
		return home.New(home.Deps{Theme: r.theme, Summary: r.summary}), nil, nil
	}
	if r.deps.Fetch != nil {
		s, spin := waiting.ForHistory(r.theme, to)
		return s, spin, nil
	}
	switch to.Name {
	case screen.Serving:
		return r.makeServing(to)
	case screen.Request:
		return r.makeRequest(to.Item)
	case screen.Questions:
		return r.makeQuestions(to.Bank)
	case screen.Study, screen.Recall, screen.Proof, screen.Stepper, screen.Beside:
		return r.makeOfQuestion(to)
	}
	if !r.history.loaded {
		s, spin := waiting.ForHistory(r.theme, to)
		return s, spin, nil
	}
	switch to.Name {
	case screen.Exam:
		return r.makeExam()
	case screen.Result:
		return r.makeResult(to)
	case screen.Debrief:
		return r.makeDebrief(to)
	case screen.Review:
		return r.makeReview(), nil, nil
	case screen.Progress:
		return r.makeProgress(), nil, nil
	}
	return nil, nil, fmt.Errorf("there is no screen %q", to.Name)
}

// makeOfQuestion opens the screens of one question.
func (r *root) makeOfQuestion(to screen.Route) (screen.Screen, tea.Cmd, error) {
	q, ok := r.question(to.Question)
	if !ok {
		return nil, nil, fmt.Errorf("there is no question %q", to.Question)
	}
	switch to.Name {
	case screen.Study:
		s, cmd := r.makeStudy(q, study.Deps{Source: quiz.FromStudy, Next: r.nextOf(q)})
		return s, cmd, nil
	case screen.Recall:
		s, cmd := r.makeStudy(q, study.Deps{Source: quiz.FromReview, Next: r.nextDue})
		return s, cmd, nil
	}
	p, ready, cmd := r.proofs.get(q.ID)
	switch {
	case !ready:
		s, spin := waiting.ForProof(r.theme, q.ID, to)
		return s, tea.Batch(cmd, spin), nil
	case p.err != nil:
		return nil, nil, p.err
	case to.Name == screen.Proof:
		return proofscreen.New(proofscreen.Deps{Theme: r.theme, Rule: r.deps.Rule}, q, p.grid, to.Option), nil, nil
	}
	if to.Name == screen.Beside {
		s, err := r.makeBeside(p.proof, to)
		return s, nil, err
	}
	s, err := r.makeStepper(p.proof, to)
	return s, nil, err
}

func (r *root) makeBeside(p proof.Proof, to screen.Route) (screen.Screen, error) {
	var runs [2]beside.Run
	for i, cell := range []screen.Cell{{Option: to.Option, Requirement: to.Requirement}, to.With} {
		run, ok := findRun(p, cell.Option, cell.Requirement)
		if !ok {
			return nil, noRun(p, cell)
		}
		runs[i] = beside.Run{Name: strings.TrimSpace(cell.Option + " " + run.Cell.Requirement), Says: run.Says, Holds: run.Cell.Holds, Events: run.Cell.Run.Trace.Events}
		if !run.Cell.Holds {
			runs[i].Decider = run.Cell.Run.Event
		}
	}
	return beside.New(beside.Deps{Theme: r.theme, Rule: r.deps.Rule}, runs[0], runs[1]), nil
}

func noRun(p proof.Proof, cell screen.Cell) error {
	return fmt.Errorf("question %s has no run of option %q against %q", p.Question.ID, cell.Option, cell.Requirement)
}

func (r *root) makeQuestions(bank string) (screen.Screen, tea.Cmd, error) {
	d := questions.Deps{Theme: r.theme, Bank: bank, State: r.state}
	for _, q := range r.deps.Questions {
		if bank == "" || q.Bank == bank {
			d.Questions = append(d.Questions, q)
		}
	}
	if bank != "" && len(d.Questions) == 0 {
		return nil, nil, fmt.Errorf("there is no bank %q", bank)
	}
	return questions.New(d), nil, nil
}

// makeStudy completes what the screen of one question needs.
func (r *root) makeStudy(q quiz.Question, d study.Deps) (*study.Model, tea.Cmd) {
	d.Theme, d.Rule, d.Now, d.Answered, d.Classified = r.theme, r.deps.Rule, r.deps.Now, r.answered, r.classified
	s := study.New(d, q)
	p, ready, cmd := r.proofs.get(q.ID)
	if ready {
		s.Update(screen.Loaded[evidence.Grid]{Key: q.ID, Value: p.grid, Err: p.err})
	}
	return s, cmd
}

func (r *root) makeStepper(p proof.Proof, to screen.Route) (screen.Screen, error) {
	run, ok := findRun(p, to.Option, to.Requirement)
	if !ok {
		return nil, noRun(p, screen.Cell{Option: to.Option, Requirement: to.Requirement})
	}
	d := stepper.Deps{Theme: r.theme, Rule: r.deps.Rule, Copy: r.copies()}
	return stepper.New(d, run), nil
}

// findRun finds a cell of the matrix, or an observation when option is "".
// Without a requirement it is the first run that does not hold, or else the
// first.
func findRun(p proof.Proof, option, requirement string) (stepper.Run, bool) {
	if option == "" {
		for i, c := range p.Observations {
			if c.Requirement == requirement && i < len(p.Question.Observations) {
				return stepper.Run{Cell: c, Says: observationSays(p.Question, c.Requirement)}, true
			}
		}
		return stepper.Run{}, false
	}
	for _, o := range p.Options {
		if o.ID != option || len(o.Cells) == 0 {
			continue
		}
		c, ok := findCell(o, requirement)
		said, _ := p.Question.Requirement(c.Requirement)
		return stepper.Run{Option: o, Cell: c, Says: said.Says}, ok
	}
	return stepper.Run{}, false
}

func findCell(o proof.Option, requirement string) (proof.Cell, bool) {
	for _, c := range o.Cells {
		if c.Requirement == requirement || (requirement == "" && !c.Holds) {
			return c, true
		}
	}
	return o.Cells[0], requirement == ""
}

func observationSays(q quiz.Question, id string) string {
	for _, o := range q.Observations {
		if o.ID == id {
			return o.Says
		}
	}
	return id
}

func (r *root) question(id string) (quiz.Question, bool) {
	for _, q := range r.deps.Questions {
		if q.ID == id {
			return q, true
		}
	}
	return quiz.Question{}, false
}

// lastQuestion is the reason why there is no next one.
const lastQuestion = "this is the last question"

// nextOf leads to the question after the given one.
func (r *root) nextOf(q quiz.Question) func() (screen.Route, string) {
	return func() (screen.Route, string) {
		for i, other := range r.deps.Questions {
			if other.ID == q.ID && i+1 < len(r.deps.Questions) {
				return screen.Route{Name: screen.Study, Question: r.deps.Questions[i+1].ID}, ""
			}
		}
		return screen.Route{}, lastQuestion
	}
}

// state is how a question was answered last.
func (r *root) state(id string) questions.State {
	last, ok := r.history.last(id)
	switch {
	case !ok:
		return questions.Open
	case last.Right:
		return questions.Right
	}
	return questions.Wrong
}
