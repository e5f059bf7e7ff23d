package main

import (
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"claimcheck/sim"
	"claimcheck/sim/scenario"
	"claimcheck/sim/shape"
)

func supportCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "support",
		Short: "List what a question can use: template types, API operations, functions, rules",
		Long: `Lists the CloudFormation types with their properties, the API operations with
their members, the functions of a flow's expressions, and the rules with their
sources, as the simulation knows them.
A name in (round brackets) is accepted without effect; one in [square brackets]
exists at AWS and is not simulated.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s := supported()
			if asJSON {
				encoder := json.NewEncoder(cmd.OutOrStdout())
				encoder.SetIndent("", "  ")
				return encoder.Encode(s)
			}
			printSupport(cmd.OutOrStdout(), s)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the lists as JSON")
	return cmd
}

// support is what an author can use in a template, a call and a flow.
type support struct {
	sim.Support
	Functions []scenario.Function `json:"functions"`
}

// supported is what the simulation knows, with the functions and rules of flows.
func supported() support {
	s := support{Support: sim.Supported(), Functions: scenario.Functions()}
	s.Rules = append(s.Rules, scenario.Rules()...)
	sort.Slice(s.Rules, func(i, j int) bool { return s.Rules[i].ID < s.Rules[j].ID })
	return s
}

func printSupport(w io.Writer, s support) {
	fmt.Fprintln(w, "TEMPLATE TYPES")
	for _, t := range s.Types {
		fmt.Fprintf(w, "\n%s\n", t.Name)
		if len(t.Attributes) > 0 {
			fmt.Fprintf(w, "  Fn::GetAtt: %s\n", strings.Join(t.Attributes, ", "))
		}
		printMembers(w, t.Properties, "  ")
	}
	fmt.Fprintln(w, "\nAPI OPERATIONS")
	printOperations(w, s.Operations)
	fmt.Fprintln(w, "\nFUNCTIONS OF A FLOW")
	for _, f := range s.Functions {
		fmt.Fprintf(w, "\n%s\n  %s\n", f.Usage, f.Meaning)
	}
	fmt.Fprintln(w, "\nRULES")
	for _, r := range s.Rules {
		fmt.Fprintf(w, "\n%s (%s)\n  %s\n  %s\n", r.ID, r.Confidence, r.Statement, r.Source)
	}
}

func printOperations(w io.Writer, operations []sim.OperationSupport) {
	var missing []string
	for _, op := range operations {
		if !op.Simulated {
			missing = append(missing, op.Name)
			continue
		}
		fmt.Fprintf(w, "\n%s (%s)\n", op.Name, op.Access)
		printMembers(w, op.Members, "  ")
	}
	fmt.Fprintf(w, "\nNot simulated: %s\n", strings.Join(missing, ", "))
}

func printMembers(w io.Writer, members []shape.Member, indent string) {
	var noEffect, missing []string
	for _, m := range members {
		switch m.Effect {
		case shape.NoEffect:
			noEffect = append(noEffect, m.Name)
			continue
		case shape.NotSimulated:
			missing = append(missing, m.Name)
			continue
		}
		fmt.Fprintf(w, "%s%s: %s\n", indent, m.Name, describeMember(m))
		printMembers(w, m.Members, indent+"  ")
	}
	if len(noEffect) > 0 {
		fmt.Fprintf(w, "%s(%s)\n", indent, strings.Join(noEffect, ", "))
	}
	if len(missing) > 0 {
		fmt.Fprintf(w, "%s[%s]\n", indent, strings.Join(missing, ", "))
	}
}

func describeMember(m shape.Member) string {
	text := m.Type
	if m.Required {
		text += ", required"
	}
	if len(m.Enum) > 0 {
		text += ", one of " + strings.Join(m.Enum, " | ")
	}
	return text
}
