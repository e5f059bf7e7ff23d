package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"claimcheck/quiz"
	"claimcheck/sim/source"
	"claimcheck/ui/screen"
)

func reviewCommand() *cobra.Command {
	var trainer launch
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Repeat what is due",
		Long: `Opens the trainer at the questions that are due: those answered wrong with
certainty first, then those that you would soon forget, then new ones.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := trainer.check(); err != nil {
				return err
			}
			return trainer.open(opening{screen: screen.Route{Name: screen.Review}})
		},
	}
	trainer.flags(cmd)
	return cmd
}

func studyCommand() *cobra.Command {
	var trainer launch
	cmd := &cobra.Command{
		Use:   "study [BANK|QUESTION]",
		Short: "Study the questions of a bank, or one question",
		Long: `Opens the trainer at the list of all questions, at that of one bank, or at one
question.`,
		Example: `  claimcheck study identity-pools
  claimcheck study photos-to-s3`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeStudy,
		RunE: func(_ *cobra.Command, args []string) error {
			items, err := trainer.items()
			if err != nil {
				return err
			}
			route, err := studyRoute(questionsOf(items), args)
			if err != nil {
				return err
			}
			return trainer.open(opening{screen: route})
		},
	}
	trainer.flags(cmd)
	return cmd
}

// studyRoute leads to the question or bank that is named, or else to all.
func studyRoute(questions []quiz.Question, args []string) (screen.Route, error) {
	if len(args) == 0 {
		return screen.Route{Name: screen.Questions}, nil
	}
	for _, q := range questions {
		switch args[0] {
		case q.ID:
			return screen.Route{Name: screen.Study, Question: q.ID}, nil
		case q.Bank:
			return screen.Route{Name: screen.Questions, Bank: q.Bank}, nil
		}
	}
	return screen.Route{}, fmt.Errorf("there is no bank and no question %q%s", args[0], source.Suggest(args[0], studyNames(questions)))
}

// studyNames lists the banks and then the questions.
func studyNames(questions []quiz.Question) []string {
	var banks, ids []string
	for _, q := range questions {
		banks = append(banks, q.Bank)
		ids = append(ids, q.ID)
	}
	slices.Sort(banks)
	slices.Sort(ids)
	return append(slices.Compact(banks), ids...)
}

func completeStudy(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	items, err := builtIn()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return studyNames(questionsOf(items)), cobra.ShellCompDirectiveNoFileComp
}
