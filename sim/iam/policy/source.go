package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Position is a place in the text of a document. Lines and columns count from 1.
type Position struct{ Line, Column int }

// Place is where a statement stands: from its brace to the character after the
// brace that ends it.
type Place struct{ Start, End Position }

// Place is where the statement of that number from 0 stands in the text that
// ParseJSON read. It is zero for a document that was a tree.
func (d *Document) Place(index int) Place {
	if index < 0 || index >= len(d.statements) {
		return Place{}
	}
	return d.statements[index].place
}

// Size is how many characters the text has that ParseJSON read, as IAM counts
// them: without white space. It is 0 for a document that was a tree.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func (d *Document) Size() int { return d.size }

// Unconditional reports whether a statement allows a principal, such as
// Federated cognito-identity.amazonaws.com, without any condition.
func (d *Document) Unconditional(key, value string) bool {
	return slices.ContainsFunc(d.statements, func(s statement) bool {
		return s.effect == Allow && len(s.conditions) == 0 && slices.Contains(s.principals, principalPattern{key: key, value: value})
	})
}

// Keys are the condition keys that the document's statements look at, in their
// conditions and in policy variables: sorted, spelt as the document first does.
func (d *Document) Keys() []string {
	seen := map[string]bool{}
	var keys []string
	add := func(key string) {
		if lower := strings.ToLower(key); !seen[lower] {
			seen[lower] = true
			keys = append(keys, key)
		}
	}
	for i := range d.statements {
		d.statements[i].eachKey(add)
	}
	slices.Sort(keys)
	return keys
}

// eachKey reports every key that the statement looks at.
func (s *statement) eachKey(report func(key string)) {
	templates := slices.Clone(s.resources)
	for i := range s.conditions {
		report(s.conditions[i].written)
		templates = append(templates, s.conditions[i].sources...)
	}
	for i := range templates {
		for _, p := range templates[i].parts {
			if p.reference {
				report(p.written)
			}
		}
	}
}

// place is where a statement stands in the text. One that stands alone is no
// item of a list.
func (r *reader) place(index int) Place {
	e, isItem := r.objects[fmt.Sprintf("Statement[%d]", index)]
	if !isItem {
		e = r.objects["Statement"]
	}
	var p Place
	p.Start.Line, p.Start.Column = position(r.text, e.start)
	p.End.Line, p.End.Column = position(r.text, e.end)
	return p
}

// size counts the characters of JSON text but for the white space between them.
func size(text []byte) int {
	count, inside, escaped := 0, false, false
	for len(text) > 0 {
		r, width := utf8.DecodeRune(text)
		text = text[width:]
		switch {
		case escaped:
			escaped = false
		case inside && r == '\\':
			escaped = true
		case r == '"':
			inside = !inside
		}
		if inside || !strings.ContainsRune(" \t\r\n", r) {
			count++
		}
	}
	return count
}
