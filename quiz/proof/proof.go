// Package proof runs a question's options on the simulation and compares what
// happens with what the question's key claims, requirement by requirement and
// for the stated rule. It refuses to know how a proof is shown.
package proof

import (
	"errors"
	"fmt"

	"claimcheck/quiz"
	"claimcheck/sim/scenario"
	"claimcheck/sim/trace"
)

// Prove runs every option against every requirement. An option agrees with the
// key when it is marked correct and every requirement holds, or is not and
// exactly the requirements that it names fail, each decided by the rule that it
// names. An unproven question has no runs. An error holds, one a line, what cannot
// be run as it is written: the first thing of each option and observation.
func Prove(q quiz.Question, plan scenario.Plan) (Proof, error) {
	p := Proof{Question: q}
	if q.Unproven != "" {
		return p, nil
	}
	var failures []error
	for _, o := range q.Options {
		proven, err := proveOption(o, plan)
		if err != nil {
			failures = append(failures, within(err, "question %s, option %s", q.ID, o.ID))
		}
		p.Options = append(p.Options, proven)
	}
	for _, trial := range plan.Observations {
		outcome, err := scenario.Run(plan.Base(), trial.Flow)
		if err != nil {
			failures = append(failures, within(err, "question %s, observation %s", q.ID, trial.ID))
		}
		p.Observations = append(p.Observations, judge(trial.ID, "", outcome))
	}
	if err := errors.Join(failures...); err != nil {
		return Proof{}, err
	}
	return p, nil
}

// One runs a single option against a single requirement.
func One(o quiz.Option, plan scenario.Plan, requirement string) (Cell, error) {
	program, err := optionProgram(o, plan)
	if err != nil {
		return Cell{}, err
	}
	trial, ok := plan.Requirement(requirement)
	if !ok {
		return Cell{}, fmt.Errorf("there is no requirement %q", requirement)
	}
	return run(o, program, trial)
}

func proveOption(o quiz.Option, plan scenario.Plan) (Option, error) {
	program, err := optionProgram(o, plan)
	if err != nil {
		return Option{}, err
	}
	proven := Option{ID: o.ID, Correct: o.Correct, Holds: true, Agrees: true}
	for _, trial := range plan.Requirements {
		cell, err := run(o, program, trial)
		if err != nil {
			return Option{}, err
		}
		proven.Cells = append(proven.Cells, cell)
		proven.Holds = proven.Holds && cell.Holds
		proven.Agrees = proven.Agrees && cell.Agrees
	}
	proven.Agrees = proven.Agrees && proven.Correct == proven.Holds
	proven.Stack = scenario.Changes(scenario.StackLines(plan.Stack), scenario.StackLines(program.Stack))
	proven.Client = scenario.Changes(plan.Client.Lines(), program.Client.Lines())
	return proven, nil
}

func optionProgram(o quiz.Option, plan scenario.Plan) (scenario.Program, error) {
	variant, ok := plan.Option(o.ID)
	if !ok {
		return plan.Base(), nil
	}
	return plan.With(variant)
}

func run(o quiz.Option, program scenario.Program, trial scenario.Trial) (Cell, error) {
	outcome, err := scenario.Run(program, trial.Flow)
	if err != nil {
		return Cell{}, within(err, "requirement %s", trial.ID)
	}
	return judge(trial.ID, trace.RuleID(o.Fails[trial.ID]), outcome), nil
}

// within says behind an error where it came up: its own position, which editors
// jump to, stays in front.
func within(err error, format string, args ...any) error {
	return fmt.Errorf("%w [%s]", err, fmt.Sprintf(format, args...))
}

// judge compares one outcome with what is expected of it: to hold, or to be
// decided by the expected rule.
func judge(id string, expected trace.RuleID, outcome scenario.Outcome) Cell {
	cell := Cell{Requirement: id, Holds: outcome.Holds, ExpectedBy: expected, Run: outcome}
	if outcome.Holds {
		cell.Agrees = expected == ""
		return cell
	}
	cell.DecidedBy = outcome.DecidedBy(expected)
	cell.Agrees = expected != "" && cell.DecidedBy == expected
	cell.Run = outcome.Focus(cell.DecidedBy)
	return cell
}
