package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"claimcheck/quiz/progress"
)

func progressCommand() *cobra.Command {
	var data string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "progress",
		Short: "Print what you know, what is due and how your exams went",
		Long: `Prints how well you know each topic and task statement, what is due for review,
how often you were right when you were sure, why you missed what you missed, and
your exams. Mastery is the part of the questions that you would answer rightly
now; one you have not seen counts as unknown.

Exit code: 0 it was printed, 2 bad input.`,
		Example: `  claimcheck progress --json
  claimcheck progress export backup.json`,
		Args: onlyCommands,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, data, func(store *progress.Store) error {
				return printProgress(cmd.OutOrStdout(), store, asJSON)
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	cmd.AddCommand(exportCommand(), importCommand())
	return cmd
}

func exportCommand() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write your progress as JSON",
		Long: `Writes all answers and exams as JSON, to FILE or, without one, to the standard
output. A FILE that is there already is left alone.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd, data, func(store *progress.Store) error {
				if len(args) == 0 {
					return store.Export(cmd.OutOrStdout())
				}
				return exportTo(store, args[0])
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

// exportTo writes a new file, or none at all.
func exportTo(store *progress.Store, path string) error {
	const onlyTheLearner = 0o600
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, onlyTheLearner)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s: there is such a file: choose another name", path)
	}
	if err != nil {
		return err
	}
	err = store.Export(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func importCommand() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Add what an export holds to your progress",
		Long: `Adds the answers and exams of an export that are not here yet, all or none.
Importing the same file again adds nothing. FILE - is the standard input.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd, data, func(store *progress.Store) error {
				added, err := importFrom(store, cmd.InOrStdin(), args[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%d records added\n", added)
				return nil
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

func importFrom(store *progress.Store, stdin io.Reader, path string) (added int, err error) {
	from := stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return 0, err
		}
		defer func() { _ = file.Close() }()
		from = file
	}
	added, err = store.Import(from)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return added, nil
}

// withStore opens the progress file for do, and tells of damage.
func withStore(cmd *cobra.Command, data string, do func(*progress.Store) error) error {
	store, err := openStore(data)
	if err != nil {
		return err
	}
	err = do(store)
	for _, d := range store.Damage() {
		fmt.Fprintln(cmd.ErrOrStderr(), d)
	}
	return errors.Join(err, store.Close())
}

func printProgress(w io.Writer, store *progress.Store, asJSON bool) error {
	items, err := builtIn()
	if err != nil {
		return err
	}
	kept, err := store.Records()
	if err != nil {
		return err
	}
	r := progressReportOf(kept, questionsOf(items), time.Now())
	r.File = store.Path()
	if !asJSON {
		return printProgressText(w, r)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
