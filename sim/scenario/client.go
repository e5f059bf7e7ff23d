package scenario

import (
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"claimcheck/sim/source"
)

// Client is the app: named procedures that flows call with do.
type Client struct {
	procedures map[string]procedure
}

type procedure struct {
	at   source.Position
	flow Flow
	node source.Node
}

// ParseClient reads a mapping from procedure names to lists of steps.
func ParseClient(n source.Node, problems *source.Problems) Client {
	client := Client{procedures: map[string]procedure{}}
	for _, entry := range n.Entries(problems) {
		client.procedures[entry.Key] = procedure{at: entry.KeyAt, flow: ParseFlow(entry.Value, problems), node: entry.Value}
	}
	return client
}

// Names returns the procedures' names in order.
func (c Client) Names() []string {
	names := make([]string, 0, len(c.procedures))
	for name := range c.procedures {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Replace returns the client with the other's procedures in the place of its
// own of the same name.
func (c Client) Replace(other Client) Client {
	merged := Client{procedures: map[string]procedure{}}
	for name, p := range c.procedures {
		merged.procedures[name] = p
	}
	for name, p := range other.procedures {
		merged.procedures[name] = p
	}
	return merged
}

// Lines is the client as YAML text.
func (c Client) Lines() []string {
	var lines []string
	for _, name := range c.Names() {
		lines = append(lines, name+":")
		text, err := yaml.Marshal(c.procedures[name].node.YAML)
		if err != nil {
			continue
		}
		for _, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}
