package saml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// element is one element of a document as it is written: with prefixes, so that
// it can be written again byte by byte. The methods take a nil element for one
// that is not there.
type element struct {
	parent        *element
	prefix, local string
	// spaces are the namespaces that are declared here, by prefix; "" is the
	// default.
	spaces     map[string]string
	attributes []attribute
	content    []any // *element or string
}

type attribute struct{ prefix, local, value string }

// deepest is how far elements may be nested.
const deepest = 64

// parse reads a document. What no SAML response has is refused: a document type
// and processing instructions. Comments are left out, as canonical XML does.
func parse(document []byte) (*element, error) {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	var root, at *element
	for depth := 0; ; {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if at == nil && root != nil || depth == deepest {
				return nil, errors.New("more than one root, or too deep")
			}
			at = at.enter(t)
			depth++
			if root == nil {
				root = at
			}
		case xml.EndElement:
			if at == nil || t.Name != (xml.Name{Space: at.prefix, Local: at.local}) {
				return nil, fmt.Errorf("</%s> ends nothing", t.Name.Local)
			}
			at = at.parent
			depth--
		case xml.CharData:
			if at != nil {
				at.content = append(at.content, string(t))
			}
		case xml.ProcInst:
			if t.Target != "xml" {
				return nil, errors.New("there is a processing instruction")
			}
		case xml.Directive:
			return nil, errors.New("there is a document type")
		}
	}
	if root == nil || at != nil {
		return nil, errors.New("it does not end")
	}
	return root, nil
}

// enter adds the element that begins, and returns it.
func (e *element) enter(t xml.StartElement) *element {
	child := &element{parent: e, prefix: t.Name.Space, local: t.Name.Local, spaces: map[string]string{}}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			child.spaces[""] = a.Value
		case a.Name.Space == "xmlns":
			child.spaces[a.Name.Local] = a.Value
		default:
			child.attributes = append(child.attributes, attribute{a.Name.Space, a.Name.Local, a.Value})
		}
	}
	if e != nil {
		e.content = append(e.content, child)
	}
	return child
}

// space is the namespace that a prefix means here, "" for none.
func (e *element) space(prefix string) string {
	for ; e != nil; e = e.parent {
		if uri, ok := e.spaces[prefix]; ok {
			return uri
		}
	}
	return ""
}

func (e *element) is(space, local string) bool {
	return e != nil && e.local == local && e.space(e.prefix) == space
}

// children are those of a name.
func (e *element) children(space, local string) []*element {
	var found []*element
	if e == nil {
		return nil
	}
	for _, c := range e.content {
		if child, ok := c.(*element); ok && child.is(space, local) {
			found = append(found, child)
		}
	}
	return found
}

// child is the first of a name, nil without one.
func (e *element) child(space, local string) *element {
	if found := e.children(space, local); len(found) > 0 {
		return found[0]
	}
	return nil
}

// all are the elements of a name at any depth.
func (e *element) all(space, local string) []*element {
	var found []*element
	if e.is(space, local) {
		found = append(found, e)
	}
	for _, c := range e.content {
		if child, ok := c.(*element); ok {
			found = append(found, child.all(space, local)...)
		}
	}
	return found
}

func (e *element) attribute(local string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.attributes {
		if a.prefix == "" && a.local == local {
			return a.value
		}
	}
	return ""
}

// text is the element's own text, without the space around it.
func (e *element) text() string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	for _, c := range e.content {
		if text, ok := c.(string); ok {
			b.WriteString(text)
		}
	}
	return strings.TrimSpace(b.String())
}
