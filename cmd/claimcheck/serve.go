package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"claimcheck/cmd/claimcheck/server"
	"claimcheck/questions"
	"claimcheck/quiz/bank"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/scenario"
	"claimcheck/sim/source"
)

// usualPort is where clients look for a stand-in for AWS.
const usualPort = 4566

func serveCommand() *cobra.Command {
	var asJSON bool
	var port int
	cmd := &cobra.Command{
		Use:   "serve STACK|QUESTION [OPTION]",
		Short: "Put a simulated account on this machine's network, for your own tools",
		Long: `Deploys a stack and listens on 127.0.0.1, for the AWS CLI, SDKs, curl and browsers.
One address stands for the endpoints of all AWS services; each API and each login
domain has its own. No other machine can reach them, and nothing leaves this one.

STACK is the name of a built-in stack or the path of a template. A QUESTION, its
id or path, is served with its stack, as the OPTION changes it.

At the endpoint's /_claimcheck/ are clock (POST {"advance": "61m"} moves it),
outbox/USERNAME (the codes that a user was sent) and trace (what happened).

Ctrl-C ends it. Exit code: 0 it was ended, 2 bad input.`,
		Example: `  claimcheck serve tasks-api
  claimcheck serve photos-to-s3 D
  claimcheck serve template.yaml --port 8000 --json`,
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: completeServe,
		RunE: func(cmd *cobra.Command, args []string) error {
			program, err := servedProgram(args)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return serve(ctx, program, ports(cmd.Flags().Changed("port"), port), func(d scenario.Deployment, s *server.Server) error {
				if asJSON {
					return json.NewEncoder(cmd.OutOrStdout()).Encode(served(d, s))
				}
				printServed(cmd.OutOrStdout(), served(d, s))
				return nil
			})
		},
	}
	cmd.Flags().IntVar(&port, "port", usualPort, "port of the endpoint; 0 takes a free one")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the addresses as one JSON object on one line")
	return cmd
}

// ports are those to try, in turn: what was asked for, or else the usual one and
// then any.
func ports(asked bool, port int) []int {
	if asked {
		return []int{port}
	}
	return usualPorts()
}

// serve deploys a program and serves it until the context ends.
func serve(ctx context.Context, program scenario.Program, ports []int, started func(scenario.Deployment, *server.Server) error) error {
	d, s, err := deployAndServe(program, ports, nil)
	if err != nil {
		return err
	}
	if err := started(d, s); err != nil {
		return errors.Join(err, s.Close())
	}
	<-ctx.Done()
	return s.Close()
}

// usualPorts are the usual one and then any.
func usualPorts() []int { return []int{usualPort, 0} }

// deployAndServe deploys a program now and starts to serve it: see startServer.
func deployAndServe(program scenario.Program, ports []int, arrived func(server.Exchange)) (scenario.Deployment, *server.Server, error) {
	d, err := scenario.Deploy(program, time.Now().UTC().Truncate(time.Millisecond))
	var refusal *awserr.Error
	if errors.As(err, &refusal) {
		return d, nil, fmt.Errorf("AWS refuses the stack: %w", refusal)
	}
	if err != nil {
		return d, nil, err
	}
	s, err := startServer(d, ports, arrived)
	return d, s, err
}

// startServer serves at the first port that can be had, and tells arrived, if
// there is somebody, of each request.
func startServer(d scenario.Deployment, ports []int, arrived func(server.Exchange)) (*server.Server, error) {
	var failure error
	for _, port := range ports {
		s, err := server.Start(server.Config{Account: d.Account, Hosts: servedHosts(d), Port: port, Now: time.Now, Arrived: arrived})
		if err == nil {
			return s, nil
		}
		failure = errors.Join(failure, err)
	}
	return nil, failure
}

// servedProgram is what the arguments name: a template file, a question, or a
// built-in stack.
func servedProgram(args []string) (scenario.Program, error) {
	name := args[0]
	if strings.ContainsAny(name, `/\.`) {
		if text, err := os.ReadFile(name); err == nil && !isQuestion(text) {
			return templateProgram(args, name, text)
		}
		return questionProgram(args)
	}
	file, text, err := builtInStacks()(name)
	if err == nil {
		return templateProgram(args, file, text)
	}
	program, questionErr := questionProgram(args)
	if questionErr != nil && errors.Is(err, fs.ErrNotExist) && !slices.Contains(questionNames(), name) {
		return program, fmt.Errorf("there is no stack and no question %q%s", name, source.Suggest(name, append(stackNames(), questionNames()...)))
	}
	return program, questionErr
}

// isQuestion tells a question's file from a template: only the former has a
// stem.
func isQuestion(text []byte) bool {
	return slices.ContainsFunc(strings.Split(string(text), "\n"), func(line string) bool { return strings.HasPrefix(line, "stem:") })
}

func templateProgram(args []string, file string, text []byte) (scenario.Program, error) {
	if len(args) > 1 {
		return scenario.Program{}, fmt.Errorf("%s is a stack: it has no option %q", args[0], args[1])
	}
	template, err := cloudformation.Parse(file, text)
	return scenario.Program{Stack: template}, err
}

func questionProgram(args []string) (scenario.Program, error) {
	item, err := question(args[0])
	if err != nil {
		return scenario.Program{}, err
	}
	if len(args) == 1 {
		return item.Plan.Base(), nil
	}
	option, ok := item.Question.Option(strings.ToUpper(args[1]))
	if !ok {
		return scenario.Program{}, fmt.Errorf("question %s has no option %q%s", item.Question.ID, args[1], source.Suggest(args[1], optionIDs(item.Question)))
	}
	return optionProgram(item, option.ID)
}

// optionProgram is a question's program as an option changes it; an option that
// changes nothing, and "", leave it as it stands.
func optionProgram(item bank.Item, option string) (scenario.Program, error) {
	variant, ok := item.Plan.Option(option)
	if !ok {
		return item.Plan.Base(), nil
	}
	return item.Plan.With(variant)
}

func builtInStacks() bank.Stacks {
	return bank.StacksIn(questions.Files(), func(path string) string { return "questions/" + path }, "stacks")
}

// stackNames are the built-in stacks.
func stackNames() []string {
	entries, err := fs.ReadDir(questions.Files(), "stacks")
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		names = append(names, strings.TrimSuffix(entry.Name(), ".yaml"))
	}
	return names
}

// questionNames are the ids of the built-in questions.
func questionNames() []string {
	items, err := read(nil, true)
	if err != nil {
		return nil
	}
	var names []string
	for _, item := range items {
		names = append(names, item.Question.ID)
	}
	return names
}

func completeServe(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	switch len(args) {
	case 0:
		return append(stackNames(), questionNames()...), cobra.ShellCompDirectiveDefault
	case 1:
		return completeTrace(cmd, args, word)
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}
