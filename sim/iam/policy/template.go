package policy

import (
	"strings"
	"unicode/utf8"
)

// mode says how the text of a pattern is read.
type mode uint8

const (
	wildcards mode = 1 << iota // * and ? are wildcards
	segments                   // * and ? do not cross the first five colons
	openEnds                   // … except a * that ends a segment
	variables                  // ${key} is a policy variable
	foldCase                   // letters match whatever their case
)

// A compiled pattern is text in which these bytes, which no UTF-8 text has,
// stand for wildcards.
const (
	anyText    = 0xFF // any characters
	anyChar    = 0xFE // any one character
	inSegment  = 0xFD // any characters but a colon
	charNoStop = 0xFC // any one character but a colon
)

// template is a compiled pattern. Variables make it several parts.
type template struct {
	source string
	mode   mode
	parts  []part
}

// part is literal pattern text or a reference to a condition key.
type part struct {
	text      string // compiled
	reference bool
	key       string // lower-case
	written   string // the key as it is written
	fallback  string
	hasElse   bool
}

// compileResource compiles a Resource pattern. Its variables may only stand
// after the fifth colon. A * that ends a segment matches beyond colons.
//
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func compileResource(source string, withVariables bool) template {
	m := wildcards | segments | openEnds
	if withVariables {
		m |= variables
	}
	return compile(source, m)
}

// compile reads a pattern from left to right.
func compile(source string, m mode) template {
	t := template{source: source, mode: m}
	text := strings.ToValidUTF8(source, "\uFFFD")
	if m&foldCase != 0 {
		text = strings.ToLower(text)
	}
	var literal []byte
	colons := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '$' && m&variables != 0 && (m&openEnds == 0 || colons >= 5) {
			if body, ok := placeholder(text[i:]); ok {
				literal = t.add(literal, body)
				i += len(body) + len("${}") - 1
				continue
			}
		}
		if c == ':' {
			colons++
		}
		atEnd := i+1 == len(text) || text[i+1] == ':'
		literal = append(literal, m.wildcard(c, colons, atEnd))
	}
	if len(literal) > 0 || len(t.parts) == 0 {
		t.parts = append(t.parts, part{text: string(literal)})
	}
	return t
}

// wildcard is the compiled form of one byte of a pattern.
func (m mode) wildcard(c byte, colons int, atEnd bool) byte {
	closed := m&segments != 0 && colons < 5
	switch {
	case m&wildcards == 0 || (c != '*' && c != '?'):
		return c
	case c == '?' && closed:
		return charNoStop
	case c == '?':
		return anyChar
	case closed && (m&openEnds == 0 || !atEnd):
		return inSegment
	}
	return anyText
}

// placeholder returns what stands between "${" and "}" at the start of text.
func placeholder(text string) (string, bool) {
	if !strings.HasPrefix(text, "${") {
		return "", false
	}
	end := strings.IndexByte(text, '}')
	if end <= len("${") {
		return "", false
	}
	return text[len("${"):end], true
}

// add appends what a placeholder stands for: one of the literals ${*}, ${?}
// and ${$}, or a reference, which ends the literal text before it.
func (t *template) add(literal []byte, body string) []byte {
	if body == "*" || body == "?" || body == "$" {
		return append(literal, body...)
	}
	if len(literal) > 0 {
		t.parts = append(t.parts, part{text: string(literal)})
	}
	key, fallback, hasElse := strings.Cut(body, ",")
	key = strings.TrimSpace(key)
	t.parts = append(t.parts, part{
		reference: true, key: strings.ToLower(key), written: key,
		fallback: strings.Trim(strings.TrimSpace(fallback), "'"), hasElse: hasElse,
	})
	return nil
}

// matches reports whether text fits the pattern with its variables filled in
// from the context. A pattern with a variable that has no single value matches
// nothing. Text is lower-case already when the pattern folds case.
func (t *template) matches(text string, c *Context) bool {
	if len(t.parts) == 1 && !t.parts[0].reference {
		return match(t.parts[0].text, text)
	}
	var buffer [256]byte
	pattern, missing := t.fill(buffer[:0], c)
	return missing == "" && match(string(pattern), text)
}

// fill appends the compiled pattern with its variables filled in, and returns
// the first key that has no single value, "" when all have one.
func (t *template) fill(pattern []byte, c *Context) (filled []byte, missing string) {
	for i := range t.parts {
		p := &t.parts[i]
		if !p.reference {
			pattern = append(pattern, p.text...)
			continue
		}
		value, ok := c.single(p.key)
		if !ok {
			value = p.fallback
		}
		if !ok && !p.hasElse && missing == "" {
			missing = p.written
			value = "${" + p.written + "}"
		}
		if t.mode&foldCase != 0 {
			value = strings.ToLower(value)
		}
		pattern = append(pattern, value...)
	}
	return pattern, missing
}

// show is the pattern as a reader knows it, with variables filled in.
func (t *template) show(c *Context) (text, missing string) {
	if len(t.parts) == 1 && !t.parts[0].reference {
		return t.source, ""
	}
	pattern, missing := t.fill(nil, c)
	for i, b := range pattern {
		switch b {
		case anyText, inSegment:
			pattern[i] = '*'
		case anyChar, charNoStop:
			pattern[i] = '?'
		}
	}
	return string(pattern), missing
}

// match reports whether text fits a compiled pattern. It takes the shortest
// text for each star and comes back when the rest does not fit: to the last
// star, or, when that one may not cross a colon, to the last that may.
func match(pattern, text string) bool {
	p, s := 0, 0
	last, wide := star{at: -1}, star{at: -1}
	for s < len(text) {
		if p < len(pattern) {
			switch c := pattern[p]; {
			case c == anyText || c == inSegment:
				last = star{at: p, from: s}
				if c == anyText {
					wide = last
				}
				p++
				continue
			case c == anyChar || (c == charNoStop && text[s] != ':'):
				_, size := utf8.DecodeRuneInString(text[s:])
				p, s = p+1, s+size
				continue
			case c == text[s]:
				p, s = p+1, s+1
				continue
			}
		}
		if last.at < 0 {
			return false
		}
		if pattern[last.at] == inSegment && text[last.from] == ':' {
			if wide.at < 0 {
				return false
			}
			last = wide
		}
		last.from++
		if pattern[last.at] == anyText {
			wide = last
		}
		p, s = last.at+1, last.from
	}
	for p < len(pattern) && (pattern[p] == anyText || pattern[p] == inSegment) {
		p++
	}
	return p == len(pattern)
}

// star is a star of a pattern and where in the text what follows it is tried.
type star struct{ at, from int }
