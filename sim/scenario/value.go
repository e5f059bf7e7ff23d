package scenario

import (
	"encoding/json"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"claimcheck/sim/source"
)

// value is a tree of a flow whose text may hold ${expressions}.
type value interface {
	evaluate(env map[string]any) (any, error)
}

type literal struct{ tree any }

func (l literal) evaluate(map[string]any) (any, error) { return l.tree, nil }

// entry is one member of a mapping; its key may hold ${expressions} too.
type entry struct {
	key   template
	value value
}

type mapping []entry

func (m mapping) evaluate(env map[string]any) (any, error) {
	tree := make(map[string]any, len(m))
	for _, e := range m {
		v, err := e.value.evaluate(env)
		if err != nil {
			return nil, err
		}
		key, err := e.key.text(env)
		if err != nil {
			return nil, err
		}
		tree[key] = v
	}
	return tree, nil
}

type list []value

func (l list) evaluate(env map[string]any) (any, error) {
	tree := make([]any, len(l))
	for i, item := range l {
		v, err := item.evaluate(env)
		if err != nil {
			return nil, err
		}
		tree[i] = v
	}
	return tree, nil
}

// template is text with ${expressions} in it; $${ stands for ${ itself.
type template struct {
	at    source.Position
	parts []part
}

type part struct {
	text       string
	expression *expression
}

func parseValue(n source.Node, problems *source.Problems) value {
	switch n.YAML.Kind {
	case yaml.MappingNode:
		var m mapping
		for _, e := range n.Entries(problems) {
			m = append(m, entry{key: parseTemplate(e.Key, e.KeyAt, problems), value: parseValue(e.Value, problems)})
		}
		return m
	case yaml.SequenceNode:
		var l list
		for _, item := range n.Items(problems) {
			l = append(l, parseValue(item, problems))
		}
		return l
	}
	if text, ok := n.Tree().(string); ok && strings.Contains(text, "${") {
		return parseTemplate(text, n.At(), problems)
	}
	return literal{n.Tree()}
}

func parseTemplate(text string, at source.Position, problems *source.Problems) template {
	t := template{at: at}
	for text != "" {
		open := strings.Index(text, "${")
		if open < 0 {
			t.parts = append(t.parts, part{text: text})
			break
		}
		if open > 0 && text[open-1] == '$' {
			t.parts = append(t.parts, part{text: text[:open-1] + "${"})
			text = text[open+2:]
			continue
		}
		length := closing(text[open+2:])
		if length < 0 {
			problems.Add(at, "%q has a ${ without its }", text)
			return t
		}
		if open > 0 {
			t.parts = append(t.parts, part{text: text[:open]})
		}
		e, err := compile(text[open+2 : open+2+length])
		if err != nil {
			problems.Add(at, "%s", err)
			return t
		}
		t.parts = append(t.parts, part{expression: &e})
		text = text[open+2+length+1:]
	}
	return t
}

// closing returns the index of the brace that closes an expression, -1 without one.
func closing(text string) int {
	depth := 0
	for i, r := range text {
		switch r {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

func (t template) evaluate(env map[string]any) (any, error) {
	if len(t.parts) == 1 && t.parts[0].expression != nil {
		return t.reference(t.parts[0].expression, env)
	}
	text, err := t.text(env)
	return text, err
}

// text is the template as text, every expression filled in.
func (t template) text(env map[string]any) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.expression == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := t.reference(p.expression, env)
		if err != nil {
			return "", err
		}
		if text, ok := v.(string); ok {
			b.WriteString(text)
			continue
		}
		b.WriteString(show(v))
	}
	return b.String(), nil
}

// reference evaluates an expression that must have a value. A resource stands
// for its Ref.
func (t template) reference(e *expression, env map[string]any) (any, error) {
	v, err := e.evaluate(env)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.at, err)
	}
	if v == nil {
		return nil, fmt.Errorf("%s: ${%s} has no value", t.at, e.text)
	}
	if resource, ok := v.(map[string]any); ok {
		if ref, ok := resource["Ref"].(string); ok {
			return ref, nil
		}
	}
	return v, nil
}

// show writes a value for people: JSON, text without quotes, long text cut.
func show(v any) string {
	if v == nil {
		return "nothing"
	}
	text, isText := v.(string)
	if !isText {
		encoded, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		text = string(encoded)
	}
	if runes := []rune(text); len(runes) > 80 {
		return string(runes[:79]) + "…"
	}
	return text
}
