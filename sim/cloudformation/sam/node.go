package sam

import (
	"strings"

	"claimcheck/sim/source"
)

// maker makes values that stand where their cause stands.
type maker struct{ at source.Position }

func (m maker) text(text string) source.Node { return source.New(m.at).WithText(text) }

func (m maker) on() source.Node { return source.New(m.at).WithBool(true) }

func (m maker) list(items ...source.Node) source.Node { return source.New(m.at).WithItems(items) }

func (m maker) object(entries ...source.Entry) source.Node { return source.New(m.at).With(entries) }

func (m maker) entry(key string, value source.Node) source.Entry {
	return source.Entry{Key: key, KeyAt: m.at, Value: value}
}

func (m maker) textEntry(key, value string) source.Entry { return m.entry(key, m.text(value)) }

func (m maker) ref(id string) source.Node { return m.object(m.textEntry("Ref", id)) }

func (m maker) getAtt(id, attribute string) source.Node {
	return m.object(m.entry("Fn::GetAtt", m.list(m.text(id), m.text(attribute))))
}

func (m maker) sub(text string) source.Node { return m.object(m.textEntry("Fn::Sub", text)) }

// subWith is Fn::Sub with one variable of its own.
func (m maker) subWith(text, name string, value source.Node) source.Node {
	return m.object(m.entry("Fn::Sub", m.list(m.text(text), m.object(m.entry(name, value)))))
}

// resource is one entry of Resources.
func (m maker) resource(id, kind string, properties ...source.Entry) source.Entry {
	return m.entry(id, m.object(m.textEntry("Type", kind), m.entry("Properties", m.object(properties...))))
}

// dependent is a resource with DependsOn.
func (m maker) dependent(id, kind string, dependsOn []source.Node, properties ...source.Entry) source.Entry {
	return m.entry(id, m.object(m.textEntry("Type", kind), m.entry("DependsOn", m.list(dependsOn...)), m.entry("Properties", m.object(properties...))))
}

// given are the entries of those of the properties that an author has set.
func given(properties map[string]source.Node, keys ...string) []source.Entry {
	var entries []source.Entry
	for _, key := range keys {
		if n, ok := properties[key]; ok {
			entries = append(entries, source.Entry{Key: key, KeyAt: n.At(), Value: n})
		}
	}
	return entries
}

// entriesOf are the entries of a mapping, none of anything else.
func entriesOf(n source.Node) []source.Entry {
	var ignored source.Problems
	return n.Entries(&ignored)
}

// fieldsOf are the values of a mapping by key.
func fieldsOf(n source.Node) map[string]source.Node {
	fields := map[string]source.Node{}
	for _, e := range entriesOf(n) {
		fields[e.Key] = e.Value
	}
	return fields
}

// textOf is the text of a scalar, "" of anything else, such as a function in its
// long form.
func textOf(n source.Node) string {
	var ignored source.Problems
	return n.Text(&ignored)
}

// isTrue reports whether a value is true; a value that is absent is fallback.
func isTrue(n source.Node, fallback bool) bool {
	if n.IsNull() {
		return fallback
	}
	return strings.EqualFold(textOf(n), "true")
}

// itemsOf are the items of a list, and a value that is no list is one.
func itemsOf(n source.Node) []source.Node {
	var problems source.Problems
	if n.IsNull() {
		return nil
	}
	if items := n.Items(&problems); len(problems) == 0 {
		return items
	}
	return []source.Node{n}
}

// referred is the logical id in {Ref: ID} or !Ref ID, and the text of a scalar.
func referred(n source.Node) string {
	if id, ok := fieldsOf(n)["Ref"]; ok {
		return textOf(id)
	}
	return textOf(n)
}

// merge puts the properties of a resource over those of Globals: mappings key by
// key, lists one after the other, and of anything else the resource's counts.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func merge(global, local source.Node) source.Node {
	switch {
	case global.IsNull():
		return local
	case local.IsNull():
		return global
	}
	var notList source.Problems
	first, second := global.Items(&notList), local.Items(&notList)
	if len(notList) == 0 {
		return local.WithItems(append(first, second...))
	}
	before, after := entriesOf(global), entriesOf(local)
	if len(before) == 0 || len(after) == 0 {
		return local
	}
	own := fieldsOf(local)
	var merged []source.Entry
	for _, e := range before {
		if value, overridden := own[e.Key]; overridden {
			e.Value = merge(e.Value, value)
		}
		merged = append(merged, e)
	}
	common := fieldsOf(global)
	for _, e := range after {
		if _, done := common[e.Key]; !done {
			merged = append(merged, e)
		}
	}
	return local.With(merged)
}

// camel is a path as a part of a logical id: /tasks/{id} is TasksId.
func camel(path string) string {
	var b strings.Builder
	upper := true
	for _, c := range path {
		switch {
		case 'a' <= c && c <= 'z' && upper:
			b.WriteString(strings.ToUpper(string(c)))
			upper = false
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			b.WriteRune(c)
			upper = false
		default:
			upper = true
		}
	}
	return b.String()
}
