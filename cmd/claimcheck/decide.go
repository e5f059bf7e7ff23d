package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"claimcheck/sim/source"
)

const decideHelp = `Decides requests by IAM policies, without an account and without a network, and
says why.

Each line of FILE, or of the standard input, is one request as a JSON object:

  {"id": "1",
   "request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::photos/cat.jpg",
               "resourceAccount": "123456789012",
               "principal": "arn:aws:iam::123456789012:user/ana",
               "principalType": "user",
               "context": {"aws:username": "ana", "aws:TagKeys": ["a", "b"]}},
   "identityPolicies": [{"Version": "2012-10-17", "Statement": []}],
   "resourcePolicy": null, "boundary": null, "sessionPolicies": [],
   "serviceControlPolicies": [], "resourceControlPolicies": []}

Only the action, the resource and the principal must be there. Each policy is an
object, or its JSON text. The organization's policies are a list for each level,
from the root to the account; without a level the account is in no organization.

principalType is user, assumedRole, federated or service. An ARN says it by
itself; a service (lambda.amazonaws.com) and an identity provider
(cognito-identity.amazonaws.com) need it. The principal "*" is nobody. A role's
ARN stands for a session without a name. resourceAccount is the account in the
resource's ARN, or the principal's, unless it is given.

Nothing is invented: a condition key that is not in the context is missing, also
aws:username, aws:PrincipalArn and aws:CurrentTime.

Each answer is one line:

  {"id": "1", "decision": "allowed", "layer": "identity-based policy",
   "statement": "identityPolicies[0].Statement[0]", "reason": "…"}

decision is allowed, explicitDeny or implicitDeny; layer is the kind of policy
that decided; statement is the one that allowed or denied, "" for none.

With flags in place of FILE one request is decided, and the explanation printed
as text. A policy is then the name of a file, or JSON text.

Exit code: 0 every request was decided, whatever the decision; 2 bad input: what
is wrong is printed with its line, the other lines are decided.`

func decideCommand() *cobra.Command {
	var flags decideFlags
	cmd := &cobra.Command{
		Use:   "decide [FILE|-]",
		Short: "Decide requests by IAM policies, with reasons",
		Long:  decideHelp,
		Example: `  claimcheck decide requests.jsonl
  claimcheck decide - < requests.jsonl | jq -r .decision
  claimcheck decide --action s3:GetObject --resource arn:aws:s3:::photos/ana/cat.jpg \
      --principal arn:aws:iam::123456789012:user/ana --context aws:username=ana \
      --identity-policy policy.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch given := cmd.Flags().NFlag() > 0; {
			case given && len(args) > 0:
				return errors.New("decide takes a file or flags, not both")
			case given:
				return decideOne(cmd.OutOrStdout(), flags)
			case len(args) == 0 || args[0] == "-":
				return decideLines(cmd.OutOrStdout(), "standard input", cmd.InOrStdin())
			}
			file, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("%s: cannot be read: %w", args[0], errors.Unwrap(err))
			}
			defer func() { _ = file.Close() }()
			return decideLines(cmd.OutOrStdout(), args[0], file)
		},
	}
	flags.register(cmd.Flags())
	return cmd
}

// decideLines answers each line that is a request, in order and at once. The
// error has what is wrong with the others.
func decideLines(w io.Writer, name string, r io.Reader) error {
	var problems source.Problems
	lines := bufio.NewReader(r)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if text := bytes.TrimSpace(line); len(text) > 0 {
			q, faults := readInquiry(text)
			for _, fault := range faults {
				problems.Add(source.Position{File: fmt.Sprintf("%s:%d", name, number)}, "%s", fault)
			}
			if len(faults) == 0 {
				if err := printAnswer(w, q.answer()); err != nil {
					return err
				}
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: cannot be read: %w", name, err)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func printAnswer(w io.Writer, a answer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(a)
}

// decideOne decides the request of the flags and prints the explanation.
func decideOne(w io.Writer, flags decideFlags) error {
	text, err := flags.line()
	if err != nil {
		return err
	}
	q, faults := readInquiry(text)
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "\n"))
	}
	printExplanation(w, q)
	return nil
}
