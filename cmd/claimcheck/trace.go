package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"claimcheck/quiz"
	"claimcheck/quiz/bank"
	"claimcheck/quiz/proof"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
)

func traceCommand() *cobra.Command {
	var (
		asJSON bool
		beside string
		width  int
	)
	cmd := &cobra.Command{
		Use:   "trace QUESTION OPTION [REQUIREMENT]",
		Short: "Print the run of an option, check by check",
		Long: `Runs one option of a question and prints what happened: every request and
response, every check with what was wanted and found, the one that decided.

QUESTION is the id of a built-in question or the path of a question file, OPTION
its letter. Without a REQUIREMENT the runs of all of them are printed.

--beside prints a second run next to the first one: that of another option, of
another requirement, or OPTION/REQUIREMENT. What the runs share is printed once;
what they do not stands in two columns, or marked < and > on a page of less than
120 columns.

Exit code: 0 the run was printed, 2 bad input.`,
		Example: `  claimcheck trace cloudtasker-token-access A registered
  claimcheck trace one-token-two-apis C rest --beside http
  claimcheck trace photos-to-s3 D --json`,
		Args:              cobra.RangeArgs(2, 3),
		ValidArgsFunction: completeTrace,
		RunE: func(cmd *cobra.Command, args []string) error {
			w := cmd.OutOrStdout()
			if beside != "" {
				c, err := compare(args, beside)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(w, c)
				}
				printComparison(w, c, pageWidth(width, w))
				return nil
			}
			runs, err := traceRuns(args)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(w, runs)
			}
			printRuns(w, runs)
			return nil
		},
	}
	cmd.Flags().StringVar(&beside, "beside", "", "print a second run next to it: OPTION, REQUIREMENT or OPTION/REQUIREMENT")
	cmd.Flags().IntVar(&width, "width", 0, "columns of the page for --beside (default the terminal's, or 160)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the runs as JSON")
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("beside", completeBeside))
	return cmd
}

// runs is the JSON form of the runs of one option.
type runs struct {
	Question string      `json:"question"`
	Option   string      `json:"option"`
	Runs     []runReport `json:"runs"`
}

type runReport struct {
	Requirement string       `json:"requirement"`
	Says        string       `json:"says"`
	Holds       bool         `json:"holds"`
	Expected    string       `json:"expected,omitempty"`
	Happened    string       `json:"happened,omitempty"`
	DecidedBy   trace.RuleID `json:"decidedBy,omitempty"`
	trace.Trace
}

func traceRuns(args []string) (runs, error) {
	item, err := question(args[0])
	if err != nil {
		return runs{}, err
	}
	q := item.Question
	if q.Unproven != "" {
		return runs{}, fmt.Errorf("%s is unproven, there is nothing to run: %s", q.ID, q.Unproven)
	}
	option, ok := q.Option(strings.ToUpper(args[1]))
	if !ok {
		return runs{}, fmt.Errorf("question %s has no option %q%s", q.ID, args[1], source.Suggest(args[1], optionIDs(q)))
	}
	wanted := requirementIDs(q)
	if len(args) == 3 {
		if _, ok := q.Requirement(args[2]); !ok {
			return runs{}, fmt.Errorf("question %s has no requirement %q%s", q.ID, args[2], source.Suggest(args[2], wanted))
		}
		wanted = args[2:]
	}
	return runOption(item, option, wanted)
}

func runOption(item bank.Item, option quiz.Option, requirements []string) (runs, error) {
	r := runs{Question: item.Question.ID, Option: option.ID}
	for _, id := range requirements {
		cell, err := proof.One(option, item.Plan, id)
		if err != nil {
			return runs{}, err
		}
		requirement, _ := item.Question.Requirement(id)
		r.Runs = append(r.Runs, runReport{
			Requirement: id, Says: requirement.Says, Holds: cell.Holds, Expected: cell.Run.Expected,
			Happened: cell.Run.Happened, DecidedBy: cell.DecidedBy, Trace: cell.Run.Trace,
		})
	}
	return r, nil
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

func optionIDs(q quiz.Question) []string {
	var ids []string
	for _, o := range q.Options {
		ids = append(ids, o.ID)
	}
	return ids
}

func requirementIDs(q quiz.Question) []string {
	var ids []string
	for _, r := range q.Requirements {
		ids = append(ids, r.ID)
	}
	return ids
}

func completeTrace(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	items, err := builtIn()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var words []string
	for _, item := range items {
		switch {
		case len(args) == 0:
			words = append(words, item.Question.ID)
		case item.Question.ID != args[0]:
		case len(args) == 1:
			words = optionIDs(item.Question)
		case len(args) == 2:
			words = requirementIDs(item.Question)
		}
	}
	return words, cobra.ShellCompDirectiveDefault
}

func printRuns(w io.Writer, r runs) {
	for i, run := range r.Runs {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s, option %s, %s: %s\n\n", r.Question, r.Option, run.Requirement, run.Says)
		printTrace(w, run.Trace)
		fmt.Fprintln(w)
		for _, line := range verdictLines(run) {
			fmt.Fprintln(w, line)
		}
	}
}

func verdictLines(run runReport) []string {
	if run.Holds {
		return []string{"=> holds"}
	}
	return []string{
		fmt.Sprintf("=> fails, decided by %s", run.DecidedBy), "   wanted " + run.Expected, "   but    " + run.Happened,
	}
}
