package inspect

import (
	"maps"
	"slices"

	"github.com/charmbracelet/lipgloss"

	"claimcheck/sim/trace"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/token"
)

// Checks lists the checks of the exchange that event i belongs to, and of those
// nested in it, in order; those of the whole trace when i belongs to none. At
// is the line where the check of event i itself stands, or else the deciding
// one, -1 when there is neither.
func (n Inspector) Checks(i, w int) (lines []string, at int) {
	p := page.New(n.Theme, w)
	at = -1
	if i < 0 || i >= len(n.Events) {
		return nil, at
	}
	events := n.checked(n.Events[i].Exchange)
	if len(events) == 0 {
		p.Styled(n.Theme.Dim, "No rule has been looked at in this exchange so far.")
		return p.Lines(), at
	}
	actor := trace.Actor("")
	for _, e := range events {
		if e.From != actor {
			actor = e.From
			p.Heading(string(actor))
		}
		if e.Seq == n.Events[i].Seq || (at < 0 && (e.Check.Decides || e.Seq == n.Decider)) {
			at = p.Len()
		}
		n.listed(p, e, e.Seq == n.Events[i].Seq)
	}
	return p.Lines(), at
}

// listed draws one check of a list; only the current and the deciding one are
// told in full.
func (n Inspector) listed(p *page.Page, e trace.Event, current bool) {
	c := *e.Check
	mark, style := n.mark(e)
	if current {
		mark = n.Theme.Accent.Render(theme.Pointer) + mark
	} else {
		mark = " " + mark
	}
	p.Item(mark, style, string(c.Rule)+n.verdict(e))
	if c.Held {
		p.Item("   ", n.Theme.Dim, c.Wanted+": "+c.Found)
	} else {
		p.Item("    "+n.Theme.Dim.Render("wanted"), n.Theme.Text, c.Wanted)
		p.Item("    "+n.Theme.Dim.Render("found "), style, c.Found)
	}
	if current || c.Decides || e.Seq == n.Decider {
		n.rule(p, "   ", c.Rule)
		p.Gap()
	}
}

// checked returns the check events of an exchange and of those nested in it.
func (n Inspector) checked(exchange int) []trace.Event {
	inside := map[int]bool{exchange: true}
	var checks []trace.Event
	for _, e := range n.Events {
		if e.Kind == trace.Request && inside[e.Parent] {
			inside[e.Exchange] = true
		}
		if e.Kind == trace.Checked && inside[e.Exchange] {
			checks = append(checks, e)
		}
	}
	return checks
}

func (n Inspector) rule(p *page.Page, indent string, id trace.RuleID) {
	if r, ok := n.Rule(id); ok {
		TellRule(p, n.Theme, indent, r)
	}
}

// TellRule tells a rule behind an indent: its statement, how well it is known and
// its source.
func TellRule(p *page.Page, t theme.Theme, indent string, r trace.Rule) {
	p.Item(indent, t.Text, r.Statement)
	p.Item(indent, t.Dim, known(r.Confidence))
	p.Item(indent, t.Accent, r.Source)
}

// known says how well a rule is known.
func known(c trace.Confidence) string {
	switch c {
	case trace.Documented:
		return "documented by AWS:"
	case trace.Observed:
		return "observed on AWS, as told by:"
	case trace.Inferred:
		return "inferred from what AWS documents:"
	}
	return string(c)
}

// mark is the mark of a check or expectation with its style.
func (n Inspector) mark(e trace.Event) (string, lipgloss.Style) {
	switch {
	case e.Check.Held:
		return n.Theme.Mark(true), n.Theme.Good
	case phrase.Aside(e, n.Decider):
		return n.Theme.Warn.Render(theme.Aside), n.Theme.Warn
	}
	return n.Theme.Mark(false), n.Theme.Bad
}

func (n Inspector) verdict(e trace.Event) string {
	if e.Seq == n.Decider || e.Check.Decides {
		return "  " + theme.Back + " decides"
	}
	return ""
}

// Tokens shows the tokens of event i claim by claim: those it carries or, when
// it carries none, those that its exchange issues (for a check) or those of the
// request it belongs to.
func (n Inspector) Tokens(i, w int) []string {
	if i < 0 || i >= len(n.Events) {
		return nil
	}
	p := page.New(n.Theme, w)
	e := n.Events[i]
	tokens, origin := n.tokensNear(i)
	if len(tokens) == 0 {
		p.Styled(n.Theme.Dim, "No token travels in this exchange.")
		return p.Lines()
	}
	if origin != "" {
		p.Styled(n.Theme.Dim, origin)
	}
	for _, t := range tokens {
		token.Draw(p, n.Theme, t, e.At)
	}
	return p.Lines()
}

// Carried returns the compact form of the first token that Tokens shows, "" for
// none.
func (n Inspector) Carried(i int) string {
	if tokens, _ := n.tokensNear(i); len(tokens) > 0 {
		return tokens[0].Raw
	}
	return ""
}

// issuedAround returns the tokens that the exchange of event i issues: first the
// one that a check before it is about, then those after it, then those before.
func (n Inspector) issuedAround(i int) []token.Token {
	var before, after []token.Token
	for at, e := range n.Events {
		switch {
		case e.Token == nil || e.Exchange != n.Events[i].Exchange || e.Exchange == 0:
		case at < i:
			before = append(before, token.Of(*e.Token))
		default:
			after = append(after, token.Of(*e.Token))
		}
	}
	return append(after, before...)
}

func (n Inspector) tokensNear(i int) (tokens []token.Token, origin string) {
	e := n.Events[i]
	if e.Token != nil {
		return []token.Token{token.Of(*e.Token)}, ""
	}
	known := token.Issued(n.Events)
	if e.Message != nil {
		if tokens = tokensOf(*e.Message, known); len(tokens) > 0 {
			return tokens, ""
		}
	}
	if e.Kind == trace.Checked {
		if tokens = n.issuedAround(i); len(tokens) > 0 {
			return tokens, "Issued in this exchange:"
		}
	}
	for exchange := e.Exchange; exchange != 0; {
		request, ok := n.request(exchange)
		if !ok {
			break
		}
		if tokens = tokensOf(*request.Message, known); len(tokens) > 0 {
			return tokens, "In the request " + request.Title + ":"
		}
		exchange = request.Parent
	}
	return nil, ""
}

func (n Inspector) request(exchange int) (trace.Event, bool) {
	for _, e := range n.Events {
		if e.Kind == trace.Request && e.Exchange == exchange {
			return e, true
		}
	}
	return trace.Event{}, false
}

func tokensOf(m trace.Message, known []trace.Token) []token.Token {
	text := m.Body
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		text = m.Headers[name] + "\n" + text
	}
	return token.Find(text, known)
}
