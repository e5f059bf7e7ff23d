package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is far deeper than the grammar goes.
const maxDepth = 16

// ParseJSON reads a document from JSON text. Its error is of type Faults, each
// with line and column; a key that stands twice in one object is a fault too.
func ParseJSON(text []byte, kind Kind) (*Document, error) {
	r := reader{text: text, decoder: json.NewDecoder(bytes.NewReader(text)), at: map[string]int{}, objects: map[string]extent{}}
	r.decoder.UseNumber()
	tree, err := r.value("", 0)
	if err == nil {
		err = r.end()
	}
	if err != nil {
		r.fault("", int(r.decoder.InputOffset()), "%v", err)
		return nil, r.faults
	}
	d, err := Parse(tree, kind)
	var faults Faults
	if errors.As(err, &faults) {
		for i := range faults {
			faults[i].Line, faults[i].Column = position(text, r.offset(faults[i].Path))
		}
		r.faults = append(r.faults, faults...)
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	d.size = size(text)
	for i := range d.statements {
		d.statements[i].place = r.place(i)
	}
	return d, nil
}

// reader builds a tree and remembers where each path begins, and from where to
// where each object stands.
type reader struct {
	text    []byte
	decoder *json.Decoder
	at      map[string]int
	objects map[string]extent
	faults  Faults
}

// extent is a part of the text.
type extent struct{ start, end int }

func (r *reader) fault(path string, offset int, format string, args ...any) {
	f := Fault{Path: path, AWS: syntaxError, Message: fmt.Sprintf(format, args...)}
	f.Line, f.Column = position(r.text, offset)
	r.faults = append(r.faults, f)
}

func (r *reader) value(path string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("the document is nested too deeply")
	}
	start := r.next()
	if _, known := r.at[path]; !known {
		r.at[path] = start
	}
	token, err := r.decoder.Token()
	if err != nil {
		return nil, readable(err)
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			object, err := r.object(path, depth)
			r.objects[path] = extent{start, int(r.decoder.InputOffset())}
			return object, err
		}
		return r.array(path, depth)
	case json.Number:
		return number64(token), nil
	}
	return token, nil
}

// number64 keeps a number that float64 cannot hold exactly as text.
func number64(n json.Number) any {
	f, err := n.Float64()
	if err != nil || strconv.FormatFloat(f, 'f', -1, 64) != n.String() {
		return n.String()
	}
	return f
}

func (r *reader) object(path string, depth int) (any, error) {
	object := map[string]any{}
	for r.decoder.More() {
		start := r.next()
		token, err := r.decoder.Token()
		if err != nil {
			return nil, readable(err)
		}
		key, _ := token.(string) // the decoder lets nothing else pass
		at := join(path, key)
		if _, twice := object[key]; twice {
			r.fault(at, start, "the key %q stands twice", key)
		}
		r.at[at] = start
		if object[key], err = r.value(at, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := r.decoder.Token()
	return object, readable(err)
}

func (r *reader) array(path string, depth int) (any, error) {
	list := []any{}
	for r.decoder.More() {
		item, err := r.value(fmt.Sprintf("%s[%d]", path, len(list)), depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	_, err := r.decoder.Token()
	return list, readable(err)
}

func (r *reader) end() error {
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the document")
	}
	return nil
}

// next is the offset of the token to come.
func (r *reader) next() int {
	offset := int(r.decoder.InputOffset())
	for offset < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[offset]) >= 0 {
		offset++
	}
	return offset
}

// offset is where a path begins, or where the nearest element around it does. A
// statement that stands alone has the path of the first in a list.
func (r *reader) offset(path string) int {
	if _, isList := r.at["Statement[0]"]; !isList {
		if rest, ok := strings.CutPrefix(path, "Statement[0]"); ok {
			path = "Statement" + rest
		}
	}
	for {
		if offset, ok := r.at[path]; ok {
			return offset
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return r.at[""]
		}
		path = path[:cut]
	}
}

// position counts lines and characters from 1.
func position(text []byte, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	line = 1 + bytes.Count(before, []byte("\n"))
	return line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}

func readable(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("the text ends before the document does")
	}
	return err
}
