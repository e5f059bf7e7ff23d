package vtl

import (
	"strings"
)

// node is a piece of a template.
type node interface {
	// render writes the node's output and says how to go on.
	render(r *run) (flow, error)
}

type (
	// text is printed as it is.
	text string
	// printed is a reference in the text; escaped ones print their source.
	printed struct {
		reference
		// slashes are the backslashes before the dollar sign.
		slashes int
		source  string
	}
	assignment struct {
		place
		target reference
		value  expression
	}
	// branches are #if, its #elseifs and #else, whose condition is nil.
	branches []branch
	branch   struct {
		condition expression
		body      []node
	}
	loop struct {
		place
		variable string
		list     expression
		body     []node
	}
	// jump is #break or #stop.
	jump flow
)

// parser reads a template from left to right.
type parser struct {
	text  string
	pos   int
	depth int
}

// directive is the one that ended a block, with no name at the end of the text.
type directive struct {
	place
	name string
}

// at is the place of an offset.
func (p *parser) at(offset int) place {
	before := p.text[:min(offset, len(p.text))]
	return place{line: 1 + strings.Count(before, "\n"), column: len(before) - strings.LastIndex(before, "\n")}
}

func (p *parser) rest() string { return p.text[p.pos:] }

func (p *parser) accept(token string) bool {
	if !strings.HasPrefix(p.rest(), token) {
		return false
	}
	p.pos += len(token)
	return true
}

// expect accepts a token after white space.
func (p *parser) expect(token string) error {
	p.space()
	if p.accept(token) {
		return nil
	}
	return p.at(p.pos).wrong("wanted %q, found %s", token, p.found())
}

// found names what stands at the position.
func (p *parser) found() string {
	rest := p.rest()
	if rest == "" {
		return "the end"
	}
	line, _, _ := strings.Cut(rest, "\n")
	if len(line) > 12 {
		line = strings.ToValidUTF8(line[:12], "") + "…"
	}
	return `"` + line + `"`
}

func (p *parser) space() {
	p.pos = len(p.text) - len(strings.TrimLeft(p.rest(), " \t\r\n"))
}

// block reads nodes until #end, #else, #elseif or the end of the text.
func (p *parser) block() ([]node, directive, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, directive{}, p.at(p.pos).wrong("more than %d levels of nesting", maxDepth)
	}
	defer func() { p.depth-- }()
	var nodes []node
	for p.pos < len(p.text) {
		next := strings.IndexAny(p.rest(), `$#\`)
		if next < 0 {
			return append(nodes, text(p.take(len(p.rest())))), directive{}, nil
		}
		if next > 0 {
			nodes = append(nodes, text(p.take(next)))
		}
		start := p.pos
		n, end, err := p.special()
		if isDirective(n) || end.name != "" {
			nodes = p.unindented(nodes, start)
		}
		if err != nil || end.name != "" {
			return nodes, end, err
		}
		if n != nil {
			nodes = append(nodes, n)
		}
	}
	return nodes, directive{}, nil
}

func isDirective(n node) bool {
	switch n.(type) {
	case assignment, branches, loop, jump:
		return true
	}
	return false
}

// unindented cuts the blanks between the begin of the line and the directive at
// start, if nothing else is there.
func (p *parser) unindented(nodes []node, start int) []node {
	line := p.text[strings.LastIndex(p.text[:start], "\n")+1 : start]
	if line == "" || len(nodes) == 0 || strings.Trim(line, " \t") != "" {
		return nodes
	}
	last := len(nodes) - 1
	if blanks, ok := nodes[last].(text); ok {
		nodes[last] = text(strings.TrimRight(string(blanks), " \t"))
	}
	return nodes
}

func (p *parser) take(n int) string {
	taken := p.rest()[:n]
	p.pos += n
	return taken
}

// special reads what begins with a dollar sign, a hash or a backslash.
func (p *parser) special() (node, directive, error) {
	switch p.text[p.pos] {
	case '$', '\\':
		n, err := p.printed()
		return n, directive{}, err
	}
	start := p.pos
	switch {
	case p.accept("##"):
		p.takeLine()
		return nil, directive{}, nil
	case p.accept("#*"):
		_, err := p.until("*#", start)
		return nil, directive{}, err
	case p.accept("#[["):
		inner, err := p.until("]]#", start)
		return text(inner), directive{}, err
	}
	return p.directive()
}

// takeLine passes the rest of the line and its end.
func (p *parser) takeLine() {
	line, _, more := strings.Cut(p.rest(), "\n")
	p.pos += len(line)
	if more {
		p.pos++
	}
}

func (p *parser) until(end string, start int) (string, error) {
	inner, _, ok := strings.Cut(p.rest(), end)
	if !ok {
		return "", p.at(start).wrong("%q is not ended by %q", p.text[start:start+2], end)
	}
	p.pos += len(inner) + len(end)
	return inner, nil
}

// printed reads a reference in the text, or the text that only looks like one.
func (p *parser) printed() (node, error) {
	start := p.pos
	slashes := len(p.rest()) - len(strings.TrimLeft(p.rest(), `\`))
	p.pos += slashes
	if !p.referenceAhead() {
		if slashes == 0 {
			p.pos++
		}
		return text(p.text[start:p.pos]), nil
	}
	from := p.pos
	ref, err := p.reference()
	if err != nil {
		return nil, err
	}
	return printed{reference: ref, slashes: slashes, source: p.text[from:p.pos]}, nil
}

// directive reads what begins with a hash; a word that is no directive is text.
func (p *parser) directive() (node, directive, error) {
	start := p.pos
	p.pos++
	braced := p.accept("{")
	name := p.take(len(word(p.rest())))
	if braced && (name == "" || !p.accept("}")) {
		name = ""
	}
	here := directive{place: p.at(start), name: name}
	switch name {
	case "set":
		n, err := p.assignment(here.place)
		return n, directive{}, err
	case "if":
		n, err := p.branches(here.place)
		return n, directive{}, err
	case "foreach":
		n, err := p.loop(here.place)
		return n, directive{}, err
	case "break", "stop":
		p.lineEnd()
		if name == "break" {
			return jump(leave), directive{}, nil
		}
		return jump(stop), directive{}, nil
	case "else", "end":
		p.lineEnd()
		return nil, here, nil
	case "elseif":
		return nil, here, nil
	case "macro", "define", "evaluate", "parse", "include", "return":
		return nil, directive{}, here.unsimulated("#%s", name)
	}
	return text(p.text[start:p.pos]), directive{}, nil
}

// lineEnd passes the blanks and the line break that follow a directive.
func (p *parser) lineEnd() {
	rest := strings.TrimLeft(p.rest(), " \t")
	after, broken := strings.CutPrefix(rest, "\r")
	after, more := strings.CutPrefix(after, "\n")
	if broken || more {
		p.pos = len(p.text) - len(after)
	}
}

func (p *parser) assignment(at place) (node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	p.space()
	if !p.referenceAhead() {
		return nil, p.at(p.pos).wrong("wanted a reference to set, found %s", p.found())
	}
	target, err := p.reference()
	if err != nil {
		return nil, err
	}
	if err := target.settable(); err != nil {
		return nil, err
	}
	if err := p.expect("="); err != nil {
		return nil, err
	}
	value, err := p.expression()
	if err != nil {
		return nil, err
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	p.lineEnd()
	return assignment{place: at, target: target, value: value}, nil
}

func (p *parser) branches(at place) (node, error) {
	var all branches
	end := directive{name: "if"}
	for end.name != "end" {
		b := branch{}
		var err error
		if end.name != "else" {
			b.condition, err = p.condition()
		}
		if err != nil {
			return nil, err
		}
		previous := end.name
		if b.body, end, err = p.block(); err != nil {
			return nil, err
		}
		all = append(all, b)
		if end.name == "" {
			return nil, at.wrong("#if is not ended by #end")
		}
		if previous == "else" && end.name != "end" {
			return nil, end.wrong("#%s after #else", end.name)
		}
	}
	return all, nil
}

func (p *parser) condition() (expression, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	e, err := p.expression()
	if err != nil {
		return nil, err
	}
	err = p.expect(")")
	p.lineEnd()
	return e, err
}

func (p *parser) loop(at place) (node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	if err := p.expect("$"); err != nil {
		return nil, err
	}
	l := loop{place: at, variable: word(p.rest())}
	if l.variable == "" {
		return nil, p.at(p.pos).wrong("wanted the name of a variable, found %s", p.found())
	}
	p.pos += len(l.variable)
	if err := p.expect("in"); err != nil {
		return nil, err
	}
	var err error
	if l.list, err = p.expression(); err != nil {
		return nil, err
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	p.lineEnd()
	body, end, err := p.block()
	l.body = body
	if err == nil && end.name != "end" {
		err = at.wrong("#foreach is not ended by #end")
	}
	return l, err
}

// word is the identifier that text begins with, "" for none.
func word(text string) string {
	for i := range len(text) {
		c := text[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return text[:i]
		}
	}
	return text
}
