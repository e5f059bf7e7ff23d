package source

import (
	"strconv"

	"gopkg.in/yaml.v3"
)

// New returns an empty mapping that stands at a place: the beginning of a value
// that nobody wrote but somebody caused.
func New(at Position) Node {
	return Node{File: at.File, YAML: &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: at.Line, Column: at.Column}}
}

// WithText returns text that stands where n stands.
func (n Node) WithText(text string) Node { return n.scalar("!!str", text) }

// WithBool returns a boolean that stands where n stands.
func (n Node) WithBool(value bool) Node { return n.scalar("!!bool", strconv.FormatBool(value)) }

func (n Node) scalar(tag, text string) Node {
	at := n.At()
	return Node{File: n.File, YAML: &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text, Line: at.Line, Column: at.Column}}
}

// WithItems returns a list that stands where n stands and holds the given
// values. Every value keeps its position, even in another file.
func (n Node) WithItems(items []Node) Node {
	at := n.At()
	files := origins{}
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: at.Line, Column: at.Column}
	for _, item := range items {
		list.Content = append(list.Content, item.YAML)
		files.addAll(item.elsewhere)
		files.add(item.YAML, item.File, n.File)
	}
	return Node{File: n.File, YAML: list, elsewhere: &files}
}
