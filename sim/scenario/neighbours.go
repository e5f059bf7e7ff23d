package scenario

import (
	"fmt"

	"claimcheck/sim"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
)

// neighbour is an account beside the one of the stack, with what is deployed
// there.
type neighbour struct {
	name, id string
	at       source.Position
	template cloudformation.Template
	setup    Flow

	account *sim.Account
	stack   cloudformation.Stack
}

// parseNeighbours reads the other accounts of a stack, each a template with two
// keys more:
//
//	Partner:
//	  Id: "444455556666"     the account id
//	  Resources: …           as in every template; flows write ${Partner.LogicalId}
//	  Setup: …               steps that this account's administrator makes
//
// An account with an AWS::Organizations::Organization is its management account.
// There an AWS::Organizations::Account stands for the account that AccountName
// names, Main being that of the stack itself. No policy of an organization binds
// the administrators who make the set-up calls.
func parseNeighbours(n source.Node, problems *source.Problems) []neighbour {
	var neighbours []neighbour
	for _, e := range n.Entries(problems) {
		fields := e.Value.Fields(problems, []string{"Id", "Resources"}, []string{"Parameters", "Setup"})
		one := neighbour{name: e.Key, at: e.KeyAt}
		if node, ok := fields["Id"]; ok {
			one.id = node.Text(problems)
		}
		if node, ok := fields["Setup"]; ok {
			one.setup = ParseFlow(node, problems)
		}
		if _, ok := fields["Resources"]; ok {
			template, err := cloudformation.FromNode(deployable(e.Value))
			problems.Collect(e.KeyAt, err)
			one.template = template
		}
		neighbours = append(neighbours, one)
	}
	return neighbours
}

// deployable is an account's part of the stack as a template of its own.
func deployable(n source.Node) source.Node {
	var ignored source.Problems
	var sections []source.Entry
	for _, e := range n.Entries(&ignored) {
		if e.Key != "Id" && e.Key != "Setup" {
			sections = append(sections, e)
		}
	}
	return n.With(sections)
}

// settle opens the other accounts, and when all are there deploys to each what is
// its own. The error is an *awserr.Error, perhaps wrapped, when AWS refuses a
// template.
func settle(span *trace.Span, home *sim.Account, neighbours []neighbour) error {
	var err error
	for i := range neighbours {
		n := &neighbours[i]
		if n.account, err = home.Neighbour(n.name, n.id); err != nil {
			return fmt.Errorf("%s: %w", n.at, err)
		}
	}
	for i := range neighbours {
		n := &neighbours[i]
		if n.stack, err = n.account.Deploy(span, n.template); err != nil {
			return err
		}
	}
	return nil
}

// introduce lets flows refer to the other accounts: to the resources of each by
// their logical ids, and to its Id.
func (r *run) introduce(neighbours []neighbour) error {
	for _, n := range neighbours {
		if _, taken := r.env[n.name]; taken {
			return fmt.Errorf("%s: the account %q has the name of something else: give it another", n.at, n.name)
		}
		members := map[string]any{"Id": n.id}
		for _, id := range n.stack.LogicalIDs() {
			if id == "Id" {
				return fmt.Errorf("%s: Id is the account's own: give the resource another name", n.at)
			}
			created, _ := n.stack.Resource(id)
			members[id] = attributes(n.account, n.stack.Type(id), created)
		}
		r.env[n.name] = members
		r.neighbours[n.name] = true
	}
	return nil
}

// StackLines is a template as YAML text, line by line, with the templates of
// the accounts beside it.
func StackLines(t cloudformation.Template) []string {
	lines := t.Lines()
	metadata := t.Metadata()
	if metadata.IsNull() {
		return lines
	}
	parsed, err := parseMetadata(metadata)
	if err != nil {
		return lines
	}
	for _, n := range parsed.neighbours {
		lines = append(lines, fmt.Sprintf("# Account %s, %s:", n.name, n.id))
		lines = append(lines, n.template.Lines()...)
	}
	return lines
}
