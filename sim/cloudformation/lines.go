package cloudformation

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"

	"claimcheck/sim/source"
)

// Lines returns the template as YAML text, line by line, for somebody who
// compares templates: every key on its own line, functions and lists in the form
// they were written in, no comments and no Metadata.
func (t Template) Lines() []string {
	var ignored source.Problems
	var sections []source.Entry
	for _, e := range t.root.Entries(&ignored) {
		if e.Key != "Metadata" {
			sections = append(sections, e)
		}
	}
	if len(sections) == 0 {
		return nil
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(tidy(t.root.With(sections).YAML)); err != nil {
		return []string{"# this template cannot be written as YAML: " + err.Error()}
	}
	return strings.Split(strings.TrimRight(text.String(), "\n"), "\n")
}

// tidy copies a value without what only concerns its layout.
func tidy(y *yaml.Node) *yaml.Node {
	plain := &yaml.Node{Kind: y.Kind, Tag: y.Tag, Value: y.Value}
	if y.Kind == yaml.SequenceNode && y.Style&yaml.FlowStyle != 0 && fitsOneLine(y) {
		plain.Style = yaml.FlowStyle
	}
	for _, c := range y.Content {
		plain.Content = append(plain.Content, tidy(c))
	}
	return plain
}

// fitsOneLine reports whether a list may stay in flow style: lists and one-line
// scalars all the way down.
func fitsOneLine(y *yaml.Node) bool {
	if y.Kind == yaml.MappingNode || strings.Contains(y.Value, "\n") {
		return false
	}
	for _, c := range y.Content {
		if !fitsOneLine(c) {
			return false
		}
	}
	return true
}
