package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"claimcheck/quiz/bank"
	"claimcheck/quiz/exam"
	"claimcheck/sim/source"
	"claimcheck/ui/screen"
)

func examCommand() *cobra.Command {
	var trainer launch
	var wanted exam.Blueprint
	cmd := &cobra.Command{
		Use:   "exam",
		Short: "Take a practice exam",
		Long: fmt.Sprintf(`Opens the trainer at the form of a practice exam, filled in as the flags say, or
at the exam under way. Without flags it is as long as the real one: %d questions
in %d minutes, of which %d do not count. With fewer questions all of them count,
and the time is in proportion unless --minutes says otherwise. The same seed over
the same questions gives the same exam.`, exam.FullQuestions, exam.FullMinutes, exam.FullUnscored),
		Example: `  claimcheck exam
  claimcheck exam --questions 10 --topics user-pools,refresh-token
  claimcheck exam --accommodation`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			items, err := trainer.items()
			if err != nil {
				return err
			}
			blueprint, err := complete(wanted, cmd.Flags().Changed("minutes"))
			if err != nil {
				return err
			}
			if err := checkTopics(blueprint.Topics, items); err != nil {
				return err
			}
			return trainer.open(opening{screen: screen.Route{Name: screen.Exam}, exam: blueprint})
		},
	}
	trainer.flags(cmd)
	flags := cmd.Flags()
	flags.IntVar(&wanted.Questions, "questions", exam.FullQuestions, "how many questions to ask")
	flags.IntVar(&wanted.Minutes, "minutes", exam.FullMinutes, "how long it lasts, before the accommodation")
	flags.StringSliceVar(&wanted.Topics, "topics", nil, "ask only about these topics, separated by commas")
	flags.Uint64Var(&wanted.Seed, "seed", 0, "the number that the choice and the order follow from (default: from the clock)")
	flags.BoolVar(&wanted.Accommodation, "accommodation", false, fmt.Sprintf("lengthen it as %d minutes become %d, for those whose first language is not English", exam.FullMinutes, exam.AccommodatedMinutes))
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("topics", completeTopics))
	return cmd
}

// complete fills in what follows from the number of questions and the clock.
func complete(wanted exam.Blueprint, minutesGiven bool) (exam.Blueprint, error) {
	if wanted.Seed == 0 {
		const short = 100_000 // to be told to somebody
		wanted.Seed = uint64(time.Now().UnixMilli())%short + 1
	}
	form := exam.Short(wanted.Questions, wanted.Seed)
	if wanted.Questions == exam.FullQuestions {
		form = exam.Full(wanted.Seed)
	}
	form.Topics, form.Accommodation = wanted.Topics, wanted.Accommodation
	if minutesGiven {
		form.Minutes = wanted.Minutes
	}
	return form, form.Check()
}

func checkTopics(topics []string, items []bank.Item) error {
	known := topicsOf(items)
	for _, topic := range topics {
		if !slices.Contains(known, topic) {
			return fmt.Errorf("no question has the topic %q%s", topic, source.Suggest(topic, known))
		}
	}
	return nil
}

// topicsOf lists the topics of all questions, sorted.
func topicsOf(items []bank.Item) []string {
	var topics []string
	for _, q := range questionsOf(items) {
		topics = append(topics, q.Topics...)
	}
	slices.Sort(topics)
	return slices.Compact(topics)
}

func completeTopics(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	items, err := builtIn()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return topicsOf(items), cobra.ShellCompDirectiveNoFileComp
}
