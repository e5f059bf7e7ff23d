package cloudformation

import (
	"slices"

	"claimcheck/sim/shape"
	"claimcheck/sim/source"
)

// Merge returns the template with a change applied. The change has the form of
// a template and holds only what differs:
//
//  1. null removes what stands under the key; nothing there is a problem.
//  2. A mapping is merged into a mapping, key by key.
//  3. Everything else replaces what was there: scalars, lists and functions, and
//     a resource whose Type differs, as a whole.
//
// Every value keeps its position, in the template's file or in the change's.
// Errors are source.Problems.
func (t Template) Merge(change source.Node) (Template, error) {
	m := merger{}
	if t.root.IsNull() {
		m.noRemovals(nil, change)
		if err := m.problems.Err(); err != nil {
			return Template{}, err
		}
		return FromNode(change)
	}
	change.Entries(&m.problems)
	merged := m.merge(nil, t.root, change)
	if err := m.problems.Err(); err != nil {
		return Template{}, err
	}
	return FromNode(merged)
}

type merger struct {
	problems source.Problems
}

// merge applies the change to a mapping.
func (m *merger) merge(path []string, base, change source.Node) source.Node {
	entries := base.Entries(&m.problems)
	var ignored source.Problems
	for _, c := range change.Entries(&ignored) {
		entries = m.apply(path, entries, c)
	}
	return base.With(entries)
}

func (m *merger) apply(path []string, entries []source.Entry, change source.Entry) []source.Entry {
	at := append(slices.Clip(path), change.Key)
	i := slices.IndexFunc(entries, func(e source.Entry) bool { return e.Key == change.Key })
	switch {
	case change.Value.IsNull() && i < 0: // 1
		m.nothing(at, entries, change)
	case change.Value.IsNull(): // 1
		return slices.Delete(entries, i, i+1)
	case i < 0: // 3
		m.noRemovals(at, change.Value)
		return append(entries, change)
	case replaces(at, entries[i].Value, change.Value): // 3
		m.noRemovals(at, change.Value)
		entries[i] = change
	default: // 2
		entries[i].Value = m.merge(at, entries[i].Value, change.Value)
	}
	return entries
}

// replaces reports whether a change takes the place of what was there.
func replaces(path []string, base, change source.Node) bool {
	if !mergeable(base) || !mergeable(change) {
		return true
	}
	if len(path) < 2 || path[len(path)-2] != "Resources" {
		return false
	}
	was, is := entry(base, "Type"), entry(change, "Type")
	return !is.IsNull() && !was.IsNull() && was.YAML.Value != is.YAML.Value
}

// mergeable reports whether a value is a mapping that is not a function.
func mergeable(n source.Node) bool {
	_, isFunction := asFunction(n)
	return isMapping(n) && !isFunction
}

func (m *merger) nothing(path []string, entries []source.Entry, change source.Entry) {
	var names []string
	for _, e := range entries {
		names = append(names, e.Key)
	}
	m.problems.Add(change.KeyAt, "null removes nothing: there is no %s%s", shape.PathText(path), source.Suggest(change.Key, names))
}

// noRemovals reports nulls inside a value that is new.
func (m *merger) noRemovals(path []string, n source.Node) {
	if !isMapping(n) {
		return
	}
	for _, e := range n.Entries(&m.problems) {
		at := append(slices.Clip(path), e.Key)
		if e.Value.IsNull() {
			m.nothing(at, nil, e)
			continue
		}
		m.noRemovals(at, e.Value)
	}
}
