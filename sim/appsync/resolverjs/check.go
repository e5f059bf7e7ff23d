package resolverjs

import "fmt"

// Fault is a part of JavaScript that APPSYNC_JS does not have.
type Fault struct {
	// Line counts from 1.
	Line int
	// What is the offending text, such as "throw" or "for (;;)".
	What string
}

// String is "line 3: throw".
func (f Fault) String() string { return fmt.Sprintf("line %d: %s", f.Line, f.What) }

// Check lists what the code uses that the runtime does not have: try, catch,
// finally and throw; while, do and for (;;); continue; the operators ++, --, ~ and
// in; async functions and await.
// Source: https://docs.aws.amazon.com/appsync/latest/devguide/supported-features.html
func Check(source string) []Fault {
	tokens := scan(source)
	var faults []Fault
	for i, t := range tokens {
		if what := absent(tokens, i); what != "" {
			faults = append(faults, Fault{Line: t.line, What: what})
		}
	}
	return faults
}

// absent says what the token begins that the runtime does not have, "" for
// nothing.
func absent(tokens []token, i int) string {
	switch t := tokens[i]; t.text {
	case "++", "--", "~":
		return t.text
	case "try", "catch", "finally", "throw", "while", "do", "continue", "async", "await":
		if !isName(tokens, i) {
			return t.text
		}
	case "in":
		if !isName(tokens, i) && !inForHead(tokens, i) {
			return t.text
		}
	case "for":
		if !isName(tokens, i) && countsUp(tokens, i) {
			return "for (;;)"
		}
	}
	return ""
}

// isName reports whether a word is the name of a property: after a dot or before
// a colon.
func isName(tokens []token, i int) bool {
	after := i+1 < len(tokens) && tokens[i+1].text == ":"
	return after || i > 0 && (tokens[i-1].text == "." || tokens[i-1].text == "?.")
}

// inForHead reports whether the word in is that of for (… in …).
func inForHead(tokens []token, i int) bool {
	depth := 0
	for j := i - 1; j >= 0; j-- {
		switch tokens[j].text {
		case ")", "]", "}":
			depth++
		case "(", "[", "{":
			depth--
		}
		if depth < 0 {
			return tokens[j].text == "(" && j > 0 && tokens[j-1].text == "for"
		}
	}
	return false
}

// countsUp reports whether a for statement has semicolons in its head.
func countsUp(tokens []token, i int) bool {
	depth := 0
	for _, t := range tokens[i+1:] {
		switch t.text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ";":
			return depth == 1
		}
		if depth == 0 {
			return false
		}
	}
	return false
}

// token is a word or a mark of a source; what stands in strings, comments and
// regular expressions is none.
type token struct {
	text string
	line int
}

// scanner goes through a source once.
type scanner struct {
	source string
	at     int
	line   int
	tokens []token
	// templates holds the depth of braces at which each open ${ ends.
	templates []int
	depth     int
}

func scan(source string) []token {
	s := &scanner{source: source, line: 1}
	for s.at < len(s.source) {
		s.step()
	}
	return s.tokens
}

func (s *scanner) step() {
	c, next := s.source[s.at], s.peek(1)
	switch {
	case c == '\n' || c == ' ' || c == '\t' || c == '\r':
		s.skip(1)
	case c == '/' && next == '/':
		s.skipUntil("\n")
	case c == '/' && next == '*':
		s.skip(2)
		s.skipUntil("*/")
	case c == '"' || c == '\'':
		s.quoted(c)
	case c == '`':
		s.skip(1)
		s.template()
	case c == '/' && s.beginsExpression():
		s.quoted('/')
		s.add("/…/")
	case isWord(c):
		s.word()
	default:
		s.mark()
	}
}

func (s *scanner) peek(n int) byte {
	if s.at+n < len(s.source) {
		return s.source[s.at+n]
	}
	return 0
}

func (s *scanner) add(text string) { s.tokens = append(s.tokens, token{text, s.line}) }

func (s *scanner) skip(n int) {
	for range n {
		if s.at < len(s.source) {
			if s.source[s.at] == '\n' {
				s.line++
			}
			s.at++
		}
	}
}

func (s *scanner) skipUntil(end string) {
	for s.at < len(s.source) {
		if s.at+len(end) <= len(s.source) && s.source[s.at:s.at+len(end)] == end {
			s.skip(len(end))
			return
		}
		s.skip(1)
	}
}

// quoted skips a string or a regular expression, which ends with its line.
func (s *scanner) quoted(end byte) {
	s.skip(1)
	inClass := false
	for s.at < len(s.source) && s.source[s.at] != '\n' {
		c := s.source[s.at]
		switch {
		case c == '\\':
			s.skip(1)
		case end == '/' && c == '[':
			inClass = true
		case end == '/' && c == ']':
			inClass = false
		case c == end && !inClass:
			s.skip(1)
			return
		}
		s.skip(1)
	}
}

// template skips the text of a template up to its end or to a ${.
func (s *scanner) template() {
	for s.at < len(s.source) {
		switch c := s.source[s.at]; {
		case c == '\\':
			s.skip(2)
		case c == '`':
			s.skip(1)
			s.add("`…`")
			return
		case c == '$' && s.peek(1) == '{':
			s.skip(2)
			s.templates = append(s.templates, s.depth)
			s.depth++
			return
		default:
			s.skip(1)
		}
	}
}

func (s *scanner) word() {
	begin := s.at
	for s.at < len(s.source) && isWord(s.source[s.at]) {
		s.at++
	}
	s.add(s.source[begin:s.at])
}

// mark takes an operator or a bracket. A brace may end a ${ of a template.
func (s *scanner) mark() {
	c := s.source[s.at]
	if next := s.peek(1); next == c && (c == '+' || c == '-') || c == '?' && next == '.' {
		s.add(s.source[s.at : s.at+2])
		s.skip(2)
		return
	}
	s.skip(1)
	switch c {
	case '{':
		s.depth++
	case '}':
		s.depth--
		if n := len(s.templates); n > 0 && s.templates[n-1] == s.depth {
			s.templates = s.templates[:n-1]
			s.template()
			return
		}
	}
	s.add(string(c))
}

// beginsExpression reports whether a slash begins a regular expression: where a
// value may stand.
func (s *scanner) beginsExpression() bool {
	if len(s.tokens) == 0 {
		return true
	}
	last := s.tokens[len(s.tokens)-1].text
	switch last {
	case ")", "]", "}", "`…`", "/…/":
		return false
	case "return", "typeof", "case", "in", "of":
		return true
	}
	return !isWord(last[0])
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
