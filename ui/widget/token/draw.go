package token

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/phrase"
)

// Draw writes a token on the page as it stands at a moment of the trace.
func Draw(p *page.Page, t theme.Theme, token Token, at time.Time) {
	name := token.Name
	if name == "" {
		name = "A token that nothing in this run issued"
	}
	p.Gap()
	p.Styled(t.Token.Bold(true), name+summary(token, at))
	if len(token.Claims) == 0 {
		p.Styled(t.Dim, "Opaque: only its issuer can read it.")
		p.Styled(t.Faint, layout.Cut(token.Raw, p.Width()))
		return
	}
	columns(p, t, token.Claims, at, token.Claims)
	if len(token.Header) > 0 {
		p.Gap()
		p.Styled(t.Dim, "Header")
		columns(p, t, token.Header, at, nil)
	}
}

// summary says in the heading whether the token is still good at a moment.
func summary(token Token, at time.Time) string {
	exp, ok := moment(token.Claims, "exp")
	switch {
	case !ok:
		return ""
	case !at.Before(exp):
		return " · expired " + phrase.Length(at.Sub(exp)) + " ago"
	}
	return " · good for another " + phrase.Length(exp.Sub(at))
}

// uuid is the length of the values that should not be broken.
const uuid = 36

// columns sets claims as a table: name, value, who wrote it.
func columns(p *page.Page, t theme.Theme, claims []trace.Claim, at time.Time, all []trace.Claim) {
	nameW, fromW := 0, 0
	for _, c := range claims {
		nameW = max(nameW, ansi.StringWidth(c.Name))
		fromW = max(fromW, ansi.StringWidth(c.From))
	}
	nameW = min(nameW, max(p.Width()/3, 8))
	valueW := p.Width() - nameW - 2
	beside := fromW > 0 && valueW-fromW-2 >= uuid
	if beside {
		valueW -= fromW + 2
	}
	for _, c := range claims {
		value := theme.Lines(t.Text, layout.Wrap(valueText(c, all, at), valueW))
		if beside {
			value[0] = layout.Line(value[0], valueW) + "  " + t.Dim.Render(c.From)
		} else {
			value = signed(t, value, c.From, valueW)
		}
		name := []string{t.Accent.Render(layout.Cut(c.Name, nameW))}
		p.Raw(layout.Beside(name, nameW, "  ", value)...)
	}
}

// signed puts the writer behind the last line of a value, or below it where
// there is no room.
func signed(t theme.Theme, value []string, from string, w int) []string {
	if from == "" {
		return value
	}
	last := len(value) - 1
	from = t.Dim.Render("(" + from + ")")
	if ansi.StringWidth(value[last])+ansi.StringWidth(from)+2 <= w {
		value[last] += "  " + from
		return value
	}
	return append(value, layout.Cut(from, w))
}

// valueText is a claim's value, a time with the moment it stands for.
func valueText(c trace.Claim, all []trace.Claim, at time.Time) string {
	when, ok := moment([]trace.Claim{c}, c.Name)
	if !ok {
		return plain(c.Value)
	}
	return c.Value + " = " + when.UTC().Format("2006-01-02 15:04:05 UTC") + relation(c.Name, when, all, at)
}

// relation says how a time claim stands to the issue and to the present step.
func relation(name string, when time.Time, all []trace.Claim, at time.Time) string {
	if name != "exp" {
		if when.Equal(at) {
			return ", now"
		}
		return ", " + phrase.Length(at.Sub(when)) + " before this step"
	}
	text := ""
	if issued, ok := moment(all, "iat"); ok {
		text = ", " + phrase.Length(when.Sub(issued)) + " after issue"
	}
	if !at.Before(when) {
		return text + "; expired " + phrase.Length(at.Sub(when)) + " before this step"
	}
	return text + "; " + phrase.Length(when.Sub(at)) + " left at this step"
}

// moment reads a NumericDate claim (seconds since 1970, RFC 7519 §2).
func moment(claims []trace.Claim, name string) (time.Time, bool) {
	switch name {
	case "exp", "iat", "nbf", "auth_time":
	default:
		return time.Time{}, false
	}
	for _, c := range claims {
		if c.Name != name {
			continue
		}
		seconds, err := strconv.ParseInt(strings.TrimSpace(c.Value), 10, 64)
		return time.Unix(seconds, 0).UTC(), err == nil
	}
	return time.Time{}, false
}

// plain takes the quotes off a JSON string; other values stay JSON.
func plain(value string) string {
	if text, err := strconv.Unquote(value); err == nil {
		return text
	}
	return value
}

// Brief is one line about a token, for lists.
func Brief(token Token) string {
	if len(token.Claims) == 0 {
		return fmt.Sprintf("%s, opaque", token.Name)
	}
	return fmt.Sprintf("%s, %d claims", token.Name, len(token.Claims))
}
