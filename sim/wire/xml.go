package wire

import (
	"encoding/json"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// document is an XML document on its way, indented as AWS indents its own.
type document struct {
	written strings.Builder
	opened  []string
	// layout is how timestamps are written.
	layout string
	// flat lists repeat their own name; the items of others are called member.
	flat bool
}

// String is the document as far as it is written.
func (d *document) String() string { return strings.TrimSuffix(d.written.String(), "\n") }

func (d *document) indent() { d.written.WriteString(strings.Repeat("  ", len(d.opened))) }

func (d *document) open(name, namespace string) {
	d.indent()
	d.written.WriteString("<" + name)
	if namespace != "" {
		d.written.WriteString(` xmlns="` + namespace + `"`)
	}
	d.written.WriteString(">\n")
	d.opened = append(d.opened, name)
}

func (d *document) close() {
	name := d.opened[len(d.opened)-1]
	d.opened = d.opened[:len(d.opened)-1]
	d.indent()
	d.written.WriteString("</" + name + ">\n")
}

func (d *document) text(name, value string) {
	d.indent()
	d.written.WriteString("<" + name + ">" + escapeXML(value) + "</" + name + ">\n")
}

// escapeXML writes text for an element. What XML has no place for becomes the
// replacement character.
func escapeXML(text string) string {
	legal := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF' {
			return utf8.RuneError
		}
		return r
	}, text)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;").Replace(legal)
}

// members writes those that the tree has, in the order of the type.
func (d *document) members(tree map[string]any, list []member) {
	for _, m := range list {
		if value, ok := tree[m.name]; ok && value != nil {
			d.value(m.name, value, m.of)
		}
	}
}

func (d *document) value(name string, value any, t reflect.Type) {
	if kind(t) == reflect.Interface {
		d.text(name, documentText(value))
		return
	}
	switch v := value.(type) {
	case map[string]any:
		d.open(name, "")
		if kind(t) == reflect.Map {
			d.entries(v, solid(t).Elem())
		} else {
			d.members(v, members(t))
		}
		d.close()
	case []any:
		d.list(name, v, t)
	default:
		if text, ok := toText(v, t, d.layout); ok {
			d.text(name, text)
		}
	}
}

func (d *document) list(name string, items []any, t reflect.Type) {
	var of reflect.Type
	if kind(t) == reflect.Slice {
		of = solid(t).Elem()
	}
	if d.flat {
		for _, item := range items {
			d.value(name, item, of)
		}
		return
	}
	d.open(name, "")
	for _, item := range items {
		d.value("member", item, of)
	}
	d.close()
}

func (d *document) entries(tree map[string]any, t reflect.Type) {
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		d.open("entry", "")
		d.text("key", key)
		d.value("value", tree[key], t)
		d.close()
	}
}

// documentText is a JSON document inside XML: IAM escapes policies as in a URL.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
func documentText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(url.QueryEscape(string(text)), "+", "%20")
}
