package saml

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// canonical writes an element in Exclusive XML Canonicalization 1.0 without
// comments, and without the child that is left out. A signature is over these
// bytes: whatever means the same XML has the same.
//
// Source: https://www.w3.org/TR/xml-exc-c14n/
func canonical(e, without *element) []byte {
	var b strings.Builder
	writeCanonical(&b, e, without, map[string]string{"": ""})
	return []byte(b.String())
}

// writeCanonical writes an element:
//
//  1. its name
//  2. the namespaces that it or its attributes use and that the elements around
//     it have not yet declared, by prefix
//  3. its attributes, by namespace and name
//  4. what is in it
func writeCanonical(b *strings.Builder, e, without *element, declared map[string]string) {
	// 1
	name := qualified(e.prefix, e.local)
	b.WriteString("<" + name)
	// 2
	declared = maps.Clone(declared)
	for _, prefix := range e.used() {
		if uri := e.space(prefix); declared[prefix] != uri {
			b.WriteString(" " + strings.TrimSuffix("xmlns:"+prefix, ":") + `="` + attributeText().Replace(uri) + `"`)
			declared[prefix] = uri
		}
	}
	// 3
	for _, a := range e.sorted() {
		b.WriteString(" " + qualified(a.prefix, a.local) + `="` + attributeText().Replace(a.value) + `"`)
	}
	b.WriteString(">")
	// 4
	for _, c := range e.content {
		switch c := c.(type) {
		case string:
			b.WriteString(contentText().Replace(c))
		case *element:
			if c != without {
				writeCanonical(b, c, without, declared)
			}
		}
	}
	b.WriteString("</" + name + ">")
}

// used are the prefixes of the element and its attributes, sorted. An attribute
// without one is in no namespace, and xml: needs no declaration.
func (e *element) used() []string {
	prefixes := []string{e.prefix}
	for _, a := range e.attributes {
		if a.prefix != "" && a.prefix != "xml" {
			prefixes = append(prefixes, a.prefix)
		}
	}
	slices.Sort(prefixes)
	return slices.Compact(prefixes)
}

func (e *element) sorted() []attribute {
	attributes := slices.Clone(e.attributes)
	slices.SortFunc(attributes, func(a, b attribute) int {
		return cmp.Or(cmp.Compare(e.spaceOf(a), e.spaceOf(b)), cmp.Compare(a.local, b.local))
	})
	return attributes
}

func (e *element) spaceOf(a attribute) string {
	if a.prefix == "" {
		return ""
	}
	return e.space(a.prefix)
}

func qualified(prefix, local string) string {
	if prefix == "" {
		return local
	}
	return prefix + ":" + local
}

func contentText() *strings.Replacer {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
}

func attributeText() *strings.Replacer {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
}
