package cloudformation

import (
	"strings"

	"gopkg.in/yaml.v3"

	"claimcheck/sim/source"
)

// The intrinsic functions that are simulated, by their long names.
const (
	fnRef    = "Ref"
	fnGetAtt = "Fn::GetAtt"
	fnSub    = "Fn::Sub"
	fnJoin   = "Fn::Join"
	fnSelect = "Fn::Select"
	fnSplit  = "Fn::Split"
)

// longPrefix begins the long name of every function but Ref.
const longPrefix = "Fn::"

func simulatedFunctions() []string {
	return []string{fnRef, fnGetAtt, fnSub, fnJoin, fnSelect, fnSplit}
}

// unsimulatedFunctions are the others that CloudFormation has.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func unsimulatedFunctions() []string {
	return []string{
		"Condition", "Fn::And", "Fn::Base64", "Fn::Cidr", "Fn::Equals", "Fn::FindInMap", "Fn::ForEach", "Fn::GetAZs",
		"Fn::GetStackOutput", "Fn::If", "Fn::ImportValue", "Fn::Length", "Fn::Not", "Fn::Or", "Fn::ToJsonString", "Fn::Transform",
	}
}

// function is an intrinsic function as it is written.
type function struct {
	// name is the long name, even of the short form.
	name string
	arg  source.Node
	at   source.Position
}

// asFunction reads a value that is a function: one with a tag (!Ref X), or a
// mapping whose only key is a function's name ({Ref: X}).
func asFunction(n source.Node) (function, bool) {
	if n.YAML == nil {
		return function{}, false
	}
	if isCustom(n.YAML.Tag) {
		return function{name: longName(n.YAML.Tag), arg: untagged(n), at: n.At()}, true
	}
	if n.YAML.Kind != yaml.MappingNode || len(n.YAML.Content) != 2 {
		return function{}, false
	}
	var ignored source.Problems
	only := n.Entries(&ignored)[0]
	if only.Key != fnRef && !strings.HasPrefix(only.Key, longPrefix) {
		return function{}, false
	}
	return function{name: only.Key, arg: only.Value, at: only.KeyAt}, true
}

// isCustom reports whether a tag is one of CloudFormation's rather than YAML's own.
func isCustom(tag string) bool {
	return strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!")
}

func longName(tag string) string {
	name := strings.TrimPrefix(tag, "!")
	if name == fnRef || name == "Condition" {
		return name
	}
	return longPrefix + name
}

// untagged is the value without the tag that made it a function.
func untagged(n source.Node) source.Node {
	plain := *n.YAML
	switch plain.Kind {
	case yaml.MappingNode:
		plain.Tag = "!!map"
	case yaml.SequenceNode:
		plain.Tag = "!!seq"
	default:
		plain.Tag = "!!str"
	}
	n.YAML = &plain
	return n
}

func isMapping(n source.Node) bool {
	return n.YAML != nil && n.YAML.Kind == yaml.MappingNode
}

func isList(n source.Node) bool {
	return n.YAML != nil && n.YAML.Kind == yaml.SequenceNode
}
