package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"claimcheck/sim/source"
)

func rootCommand() *cobra.Command {
	var trainer launch
	root := &cobra.Command{
		Use:   "claimcheck",
		Short: "Train for the Cognito and API-authorization scenarios of AWS DVA-C02",
		Long: `Claimcheck trains you for the Cognito and API-authorization scenarios of the
AWS Certified Developer – Associate exam (DVA-C02). Every answer option is a
configuration that a simulation of AWS runs, so that you can step through the
very run that makes an option pass or fail.

Without a command it opens the trainer.`,
		Example: `  claimcheck                                        open the trainer
  claimcheck exam                                   take a practice exam
  claimcheck review                                 repeat what is due
  claimcheck prove                                  prove every answer key
  claimcheck trace cloudtasker-token-access A       read the runs of one option`,
		Args:          onlyCommands,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(*cobra.Command, []string) error {
			if err := trainer.check(); err != nil {
				return err
			}
			return trainer.open(opening{})
		},
	}
	trainer.flags(root)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(examCommand(), reviewCommand(), studyCommand(), progressCommand())
	root.AddCommand(proveCommand(), traceCommand(), decideCommand(), supportCommand(), serveCommand())
	return root
}

// onlyCommands refuses what is no command, and says which one is near.
func onlyCommands(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, command := range root.Commands() {
		names = append(names, command.Name())
	}
	return fmt.Errorf("unknown command %q%s", args[0], source.Suggest(args[0], names))
}
