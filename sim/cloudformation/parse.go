package cloudformation

import (
	"slices"
	"strings"

	"claimcheck/sim/cloudformation/sam"
	"claimcheck/sim/source"
)

// formatVersion is the only version that templates have.
const formatVersion = "2010-09-09"

// Parse reads a template in YAML, of which JSON is a part. Its errors are
// source.Problems, all at once: syntax and the sections' format. References and
// properties are looked at by Check and Deploy, because a template may be
// complete only after a change has been merged into it.
func Parse(file string, text []byte) (Template, error) {
	root, err := source.Parse(file, text)
	if err != nil {
		return Template{}, err
	}
	return FromNode(root)
}

// FromNode is Parse for a value that has been read already, such as a template
// inside another file.
func FromNode(n source.Node) (Template, error) {
	r := reader{}
	t := r.template(n)
	if err := r.problems.Err(); err != nil {
		return Template{}, err
	}
	return t, nil
}

// reader reads the sections of a template and collects what is wrong with them.
type reader struct {
	problems source.Problems
}

// section is the keys that one kind of mapping may have. The use of an
// unsimulated key is a problem, but not the one of an unknown key.
type section struct {
	required, optional, unsimulated []string
}

func (r *reader) fields(n source.Node, s section) map[string]source.Node {
	fields := n.Fields(&r.problems, s.required, slices.Concat(s.optional, s.unsimulated))
	for _, key := range s.unsimulated {
		if value, used := fields[key]; used {
			r.problems.Add(value.At(), "CloudFormation has %s, the simulation does not", key)
		}
	}
	return fields
}

// entries returns the entries of an optional section.
func (r *reader) entries(fields map[string]source.Node, name string) []source.Entry {
	n, present := fields[name]
	if !present {
		return nil
	}
	return n.Entries(&r.problems)
}

// oneOf reports a scalar that is not one of the values that AWS takes.
func (r *reader) oneOf(n source.Node, allowed ...string) {
	text := n.Text(&r.problems)
	if text != "" && !slices.Contains(allowed, text) {
		r.problems.Add(n.At(), "%q is not one of %s", text, strings.Join(allowed, ", "))
	}
}

func (r *reader) template(n source.Node) Template {
	written, faults := n, []sam.Fault(nil)
	if transform := entry(n, "Transform"); sam.Named(transform) {
		n, faults = sam.Expand(n, &r.problems)
	}
	fields := r.fields(n, section{
		required:    []string{"Resources"},
		optional:    []string{"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Outputs"},
		unsimulated: []string{"Mappings", "Conditions", "Rules", "Transform", "Hooks"},
	})
	if version, ok := fields["AWSTemplateFormatVersion"]; ok {
		r.oneOf(version, formatVersion)
	}
	if description, ok := fields["Description"]; ok {
		description.Text(&r.problems)
	}
	if metadata, ok := fields["Metadata"]; ok {
		metadata.Entries(&r.problems)
	}
	t := Template{root: written, transformed: n.YAML != written.YAML, faults: faults}
	for _, e := range r.entries(fields, "Parameters") {
		t.parameters = append(t.parameters, r.parameter(e))
	}
	for _, e := range r.entries(fields, "Resources") {
		t.resources = append(t.resources, r.resource(e))
	}
	for _, e := range r.entries(fields, "Outputs") {
		t.outputs = append(t.outputs, r.output(e))
	}
	r.distinct(t)
	return t
}

// distinct reports names that a parameter and a resource share.
func (r *reader) distinct(t Template) {
	for _, p := range t.parameters {
		if other, taken := t.resource(p.name); taken {
			r.problems.Add(p.at, "%q is also the resource on line %d: names must differ", p.name, other.at.Line)
		}
	}
}

// name reports a logical name that CloudFormation does not take.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
func (r *reader) name(e source.Entry) {
	if e.Key == "" || strings.ContainsFunc(e.Key, func(c rune) bool { return !alphanumeric(c) }) {
		r.problems.Add(e.KeyAt, "the name %q is not alphanumeric: only A-Z, a-z and 0-9 are allowed", e.Key)
	}
}

func alphanumeric(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func (r *reader) resource(e source.Entry) resource {
	r.name(e)
	fields := r.fields(e.Value, section{
		required:    []string{"Type"},
		optional:    []string{"Properties", "DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"},
		unsimulated: []string{"Condition", "CreationPolicy", "UpdatePolicy"},
	})
	result := resource{id: e.Key, at: e.KeyAt}
	if n, ok := fields["Type"]; ok {
		result.typeName, result.typeAt = n.Text(&r.problems), n.At()
	}
	if n, ok := fields["Properties"]; ok {
		n.Entries(&r.problems)
		result.properties = n
	}
	if n, ok := fields["DependsOn"]; ok {
		result.dependsOn = r.references(n)
	}
	if n, ok := fields["DeletionPolicy"]; ok {
		r.oneOf(n, "Delete", "Retain", "RetainExceptOnCreate", "Snapshot")
	}
	if n, ok := fields["UpdateReplacePolicy"]; ok {
		r.oneOf(n, "Delete", "Retain", "Snapshot")
	}
	return result
}

// references reads DependsOn: one logical id or a list of them.
func (r *reader) references(n source.Node) []reference {
	nodes := []source.Node{n}
	if isList(n) {
		nodes = n.Items(&r.problems)
	}
	var ids []reference
	for _, node := range nodes {
		ids = append(ids, reference{id: node.Text(&r.problems), at: node.At()})
	}
	return ids
}

func (r *reader) parameter(e source.Entry) parameter {
	r.name(e)
	fields := r.fields(e.Value, section{
		required: []string{"Type"},
		optional: []string{"Default", "Description", "NoEcho", "AllowedPattern", "AllowedValues", "ConstraintDescription",
			"MaxLength", "MaxValue", "MinLength", "MinValue"},
	})
	result := parameter{name: e.Key, at: e.KeyAt, fallback: fields["Default"]}
	if n, ok := fields["Type"]; ok {
		result.typeName = n.Text(&r.problems)
		switch result.typeName {
		case "", "String", "Number", "CommaDelimitedList", "List<Number>":
		default:
			r.problems.Add(n.At(), "parameters of type %q are not simulated: use String, Number, CommaDelimitedList or List<Number>",
				result.typeName)
		}
	}
	if n, ok := fields["Default"]; ok {
		n.Text(&r.problems)
	}
	return result
}

func (r *reader) output(e source.Entry) output {
	r.name(e)
	fields := r.fields(e.Value, section{
		required:    []string{"Value"},
		optional:    []string{"Description", "Export"},
		unsimulated: []string{"Condition"},
	})
	return output{value: fields["Value"]}
}
