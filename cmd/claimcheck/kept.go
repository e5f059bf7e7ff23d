package main

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"

	"claimcheck/quiz/progress"
)

func dataFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "data", "", "the file that keeps your progress (default: claimcheck/progress.db in your data folder, see XDG_DATA_HOME)")
}

// openStore opens the progress file: the named one, or that in the user's data
// folder.
func openStore(file string) (*progress.Store, error) {
	if file == "" {
		file = filepath.Join(xdg.DataHome, "claimcheck", "progress.db")
	}
	return progress.Open(file, time.Now())
}

// damageNotice tells what happened to damaged files, "" when there are none.
func damageNotice(damage []progress.Damage) string {
	var told []string
	for _, d := range damage {
		told = append(told, d.String())
	}
	return strings.Join(told, "; ")
}
