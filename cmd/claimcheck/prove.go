package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"claimcheck/quiz/bank"
	"claimcheck/quiz/proof"
)

func proveCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "prove [PATH...]",
		Short: "Run every option of every question and compare with the answer key",
		Long: `Runs every option of every question against every requirement and compares what
happens with the answer key: a correct option has to meet all requirements, a
wrong one has to fail those it names, each for the rule it names.

Without a path the built-in questions are proven, otherwise the question files
given and those below the folders given.

Exit code: 0 all agree, 1 some disagree, 2 bad input.`,
		Example: `  claimcheck prove
  claimcheck prove my-questions/ --json`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			items, err := library(paths)
			if err != nil {
				return err
			}
			proofs, err := proveAll(items)
			if err != nil {
				return err
			}
			return printProofs(cmd.OutOrStdout(), proofs, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return cmd
}

// proveAll proves every question; the error holds what is wrong with any of them.
func proveAll(items []bank.Item) ([]proof.Proof, error) {
	var proofs []proof.Proof
	var failures []error
	for _, item := range items {
		p, err := proof.Prove(item.Question, item.Plan)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		proofs = append(proofs, p)
	}
	return proofs, errors.Join(failures...)
}

func printProofs(w io.Writer, proofs []proof.Proof, asJSON bool) error {
	report := reportOf(proofs)
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(report); err != nil {
			return err
		}
	} else {
		printReport(w, proofs, report.Summary)
	}
	for _, p := range proofs {
		if !p.Agrees() {
			return &disagreement{count: report.Summary.Disagree}
		}
	}
	return nil
}

func printReport(w io.Writer, proofs []proof.Proof, s summary) {
	for _, p := range proofs {
		fmt.Fprintln(w, headline(p))
		for _, o := range p.Options {
			printDisagreements(w, "option "+o.ID, o.Cells)
		}
		printDisagreements(w, "observation", p.Observations)
	}
	fmt.Fprintf(w, "%d questions, %d options: %d agree, %d disagree; %d questions unproven\n",
		s.Questions, s.Options, s.Agree, s.Disagree, s.Unproven)
}

func headline(p proof.Proof) string {
	name := p.Question.Bank + "/" + p.Question.ID
	if p.Question.Unproven != "" {
		return fmt.Sprintf("unproven  %s: %s", name, p.Question.Unproven)
	}
	runs := len(p.Observations)
	for _, o := range p.Options {
		runs += len(o.Cells)
	}
	mark := "agrees   "
	if !p.Agrees() {
		mark = "DISAGREES"
	}
	return fmt.Sprintf("%s %s: %d options, %d runs", mark, name, len(p.Options), runs)
}

func printDisagreements(w io.Writer, of string, cells []proof.Cell) {
	for _, c := range cells {
		if c.Agrees {
			continue
		}
		fmt.Fprintf(w, "  %s, %s: expected to %s\n", of, c.Requirement, expectation(c))
		fmt.Fprintf(w, "    %s\n", happened(c))
	}
}

func expectation(c proof.Cell) string {
	if c.ExpectedBy == "" {
		return "hold"
	}
	return "fail by " + string(c.ExpectedBy)
}

func happened(c proof.Cell) string {
	if c.Holds {
		return "it holds"
	}
	what := fmt.Sprintf("wanted %s, but %s", c.Run.Expected, strings.Join(strings.Fields(c.Run.Happened), " "))
	if !c.Run.Refused {
		return "it fails, and nothing refused it: " + what
	}
	return fmt.Sprintf("it fails by %s: %s", c.DecidedBy, what)
}
