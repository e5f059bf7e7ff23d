// Package inspect explains one event of a trace in full: what was sent and
// answered, which rule was looked at and what it wants, and all the checks made
// in the same exchange.
package inspect

import (
	"bytes"
	"encoding/json"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/token"
)

// Inspector looks at the events of one trace.
type Inspector struct {
	Theme theme.Theme
	// Events are those that may be seen.
	Events []trace.Event
	// Rule finds a rule by its id.
	Rule func(trace.RuleID) (trace.Rule, bool)
	// Decider is the Seq of the event that decides the run, 0 for none.
	Decider int
}

const (
	stamp  = "2006-01-02 15:04:05 UTC"
	labelW = 10
)

// Step explains the events from index first to last in at most w cells: one
// event in full, several checks as a list.
func (n Inspector) Step(first, last, w int) []string {
	if first < 0 || last >= len(n.Events) {
		return nil
	}
	p := page.New(n.Theme, w)
	if last == first {
		n.event(p, n.Events[first])
		return p.Lines()
	}
	p.Styled(n.Theme.Strong, string(n.Events[first].From)+" checks")
	p.Gap()
	for _, e := range n.Events[first : last+1] {
		n.listed(p, e, false)
	}
	return p.Lines()
}

func (n Inspector) event(p *page.Page, e trace.Event) {
	switch e.Kind {
	case trace.Request, trace.Response:
		n.message(p, e)
	case trace.Checked:
		n.check(p, e)
	case trace.Expectation:
		n.expectation(p, e)
	case trace.Minted:
		p.Styled(n.Theme.Token.Bold(true), string(e.From)+" issues "+token.Brief(token.Of(*e.Token)))
		p.Styled(n.Theme.Dim, "The Token tab shows it claim by claim.")
		p.Gap()
		p.Styled(n.Theme.Faint, e.Token.Raw)
	case trace.Logged:
		p.Styled(n.Theme.Strong, string(e.From)+" writes a log line")
		p.Gap()
		p.Styled(n.Theme.Text, e.Title)
	case trace.Waited:
		p.Styled(n.Theme.Warn, phrase.Span(e.Title)+" pass")
		p.Styled(n.Theme.Text, "It is now "+e.At.UTC().Format(stamp)+".")
	}
}

func (n Inspector) message(p *page.Page, e trace.Event) {
	t := n.Theme
	p.Styled(t.Strong, string(e.From)+" "+theme.Pointer+" "+string(e.To))
	if e.Kind == trace.Request {
		p.Styled(t.Accent, e.Title)
	} else {
		n.status(p, e)
	}
	p.Styled(t.Dim, e.At.UTC().Format(stamp))
	known := token.Issued(n.Events)
	if e.Message.Method != "" {
		p.Styled(t.Dim, e.Message.Method+" "+token.Shorten(e.Message.URL, known))
	}
	n.headers(p, e.Message.Headers, known)
	if form, err := url.ParseQuery(e.Message.Body); err == nil && isForm(*e.Message) {
		n.form(p, form, known)
		return
	}
	n.body(p, e.Message.Body, known)
}

// isForm reports whether a body is a list of parameters, such as a call of the
// Query protocol.
func isForm(m trace.Message) bool {
	return strings.HasPrefix(m.Headers["content-type"], "application/x-www-form-urlencoded")
}

// form lists parameters as they read, not as they travel.
func (n Inspector) form(p *page.Page, form url.Values, known []trace.Token) {
	p.Gap()
	for _, name := range slices.Sorted(maps.Keys(form)) {
		p.Field(name, min(longest(maps.Keys(form)), p.Width()/3), n.Theme.Text, token.Shorten(strings.Join(form[name], ", "), known))
	}
}

// longest is the width of the widest text.
func longest(texts iter.Seq[string]) int {
	width := 0
	for text := range texts {
		width = max(width, ansi.StringWidth(text))
	}
	return width
}

func (n Inspector) status(p *page.Page, e trace.Event) {
	style := n.Theme.Good
	if e.Message.Status >= 400 || e.Message.Error != "" {
		style = n.Theme.Bad
	}
	p.Styled(style, phrase.Status(*e.Message)+" to "+e.Title)
	if c, ok := (trace.Trace{Events: n.Events}).Decider(e.Exchange); ok {
		p.Item(n.Theme.Mark(false), n.Theme.Dim, "because of "+string(c.Rule))
	}
}

func (n Inspector) headers(p *page.Page, headers map[string]string, known []trace.Token) {
	if len(headers) == 0 {
		return
	}
	p.Gap()
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		p.Field(name, min(longest(maps.Keys(headers)), p.Width()/3), n.Theme.Text, token.Shorten(headers[name], known))
	}
}

func (n Inspector) body(p *page.Page, body string, known []trace.Token) {
	if body == "" {
		return
	}
	p.Gap()
	body = token.Shorten(body, known)
	var pretty bytes.Buffer
	if json.Indent(&pretty, []byte(body), "", "  ") != nil {
		p.Styled(n.Theme.Text, body)
		return
	}
	for _, line := range strings.Split(pretty.String(), "\n") {
		p.Raw(n.json(line, p.Width())...)
	}
}

// json draws one line of indented JSON, its key in colour; a long value goes on
// below, indented.
func (n Inspector) json(line string, w int) []string {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	lead := line[:min(indent, w/2)]
	parts := layout.Wrap(line[indent:], max(w-len(lead)-2, 4))
	for i, part := range parts {
		switch key, value, ok := strings.Cut(part, `": `); {
		case i > 0:
			parts[i] = lead + "  " + n.Theme.Text.Render(part)
		case ok && strings.HasPrefix(key, `"`):
			parts[i] = lead + n.Theme.Accent.Render(key+`":`) + " " + n.Theme.Text.Render(value)
		default:
			parts[i] = lead + n.Theme.Text.Render(part)
		}
	}
	return parts
}

func (n Inspector) check(p *page.Page, e trace.Event) {
	c := *e.Check
	p.Styled(n.Theme.Strong, string(e.From)+" checks")
	mark, style := n.mark(e)
	p.Item(mark, style, string(c.Rule)+n.verdict(e))
	p.Field("  wanted", labelW, n.Theme.Text, c.Wanted)
	p.Field("  found", labelW, style, c.Found)
	if c.Held && e.Seq == n.Decider {
		p.Item(" ", n.Theme.Warn, "It holds, so the request goes on: not what the requirement wants.")
	}
	p.Gap()
	n.rule(p, " ", c.Rule)
}

func (n Inspector) expectation(p *page.Page, e trace.Event) {
	c := *e.Check
	p.Styled(n.Theme.Strong, "The requirement expects")
	mark, style := n.mark(e)
	p.Item(mark, style, c.Wanted+n.verdict(e))
	p.Field("  found", labelW, n.Theme.Text, c.Found)
	if c.Rule != "" {
		n.rule(p, " ", c.Rule)
	}
}
