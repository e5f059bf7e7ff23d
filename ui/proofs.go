package ui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz/proof"
	"claimcheck/ui/screen"
	"claimcheck/ui/widget/evidence"
)

// proofs keeps the proofs that were run last, and runs one that is not there. All
// of a library's would be more than a trainer may hold; to run one again takes a
// moment.
type proofs struct {
	prove   func(id string) (proof.Proof, error)
	done    map[string]proved
	running map[string]bool
	// order has the ids of those done, oldest first.
	order []string
}

// keptProofs is how many proofs are kept.
const keptProofs = 12

// proved is a proof as it comes back from its command.
type proved struct {
	id    string
	proof proof.Proof
	grid  evidence.Grid
	err   error
}

func newProofs(prove func(id string) (proof.Proof, error)) *proofs {
	return &proofs{prove: prove, done: map[string]proved{}, running: map[string]bool{}}
}

// get returns a proof that is there, or else the command that runs it, nil when
// it is running already.
func (p *proofs) get(id string) (proved, bool, tea.Cmd) {
	if found, ok := p.done[id]; ok {
		return found, true, nil
	}
	if p.running[id] {
		return proved{}, false, nil
	}
	p.running[id] = true
	prove := p.prove
	return proved{}, false, func() tea.Msg {
		result, err := prove(id)
		return proved{id: id, proof: result, grid: gridOf(result), err: err}
	}
}

// store keeps a proof and returns the message that tells the screens.
func (p *proofs) store(found proved) tea.Msg {
	delete(p.running, found.id)
	p.done[found.id], p.order = found, append(p.order, found.id)
	if len(p.order) > keptProofs {
		delete(p.done, p.order[0])
		p.order = p.order[1:]
	}
	return screen.Loaded[evidence.Grid]{Key: found.id, Value: found.grid, Err: found.err}
}

// gridOf puts a proof into the words of the screens.
func gridOf(p proof.Proof) evidence.Grid {
	var g evidence.Grid
	says := map[string]string{}
	for _, r := range p.Question.Requirements {
		g.Requirements = append(g.Requirements, evidence.Requirement{ID: r.ID, Says: r.Says})
		says[r.ID] = r.Says
	}
	for _, o := range p.Options {
		row := evidence.Option{ID: o.ID, Correct: o.Correct}
		for _, c := range o.Cells {
			row.Cells = append(row.Cells, cellOf(c, says[c.Requirement]))
		}
		g.Options = append(g.Options, row)
	}
	for _, c := range p.Observations {
		g.Observations = append(g.Observations, cellOf(c, observationSays(p.Question, c.Requirement)))
	}
	return g
}

func cellOf(c proof.Cell, says string) evidence.Cell {
	cell := evidence.Cell{Requirement: c.Requirement, Says: says, Holds: c.Holds, Expected: c.Run.Expected, Happened: c.Run.Happened, Rule: c.DecidedBy}
	if c.Agrees {
		return cell
	}
	switch {
	case c.Holds:
		cell.Odd = fmt.Sprintf("The key says that this fails by %s.", c.ExpectedBy)
	case c.ExpectedBy == "":
		cell.Odd = "The key says that this holds."
	default:
		cell.Odd = fmt.Sprintf("The key says that %s decides.", c.ExpectedBy)
	}
	return cell
}
