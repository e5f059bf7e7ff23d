// Command claimcheck is a terminal trainer for the Cognito and API-authorization
// scenarios of the AWS Certified Developer – Associate exam. Its commands are
// thin: they find files, ask the real clock, and print what other packages know.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	_ "claimcheck/ui/background" // before any package that asks the terminal for its colours
)

// Exit codes, as the commands' help states them.
const (
	exitOK       = 0
	exitDisagree = 1
	exitInput    = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		return exitOK
	}
	var disagreement *disagreement
	if errors.As(err, &disagreement) {
		return exitDisagree
	}
	fmt.Fprintln(stderr, err)
	return exitInput
}

// disagreement says that a proof and a key differ; it has been printed already.
type disagreement struct{ count int }

// Error counts the options.
func (d *disagreement) Error() string { return fmt.Sprintf("%d options disagree", d.count) }
