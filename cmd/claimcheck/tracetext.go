package main

import (
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"

	"claimcheck/sim/trace"
)

// printTrace prints a trace as indented text: what is nested in an exchange
// stands below it, further in. A token that was issued in the trace is printed
// by its name wherever it travels.
func printTrace(w io.Writer, t trace.Trace) {
	for _, block := range blocks(t) {
		for _, line := range block {
			fmt.Fprintln(w, line)
		}
	}
}

// blocks are the lines of each event.
func blocks(t trace.Trace) [][]string {
	depth := map[int]int{0: 0}
	names := tokenNames(t)
	all := make([][]string, len(t.Events))
	for i, e := range t.Events {
		if e.Kind == trace.Request {
			depth[e.Exchange] = depth[e.Parent] + 1
		}
		indent := strings.Repeat("  ", max(depth[e.Exchange]-1, 0))
		for _, line := range eventLines(e) {
			all[i] = append(all[i], indent+names.Replace(line))
		}
	}
	return all
}

// tokenNames replaces the tokens of a trace by "<IdToken>", and by "<IdToken 2>"
// from the second of a name on.
func tokenNames(t trace.Trace) *strings.Replacer {
	var pairs []string
	count := map[string]int{}
	for _, e := range t.Events {
		if e.Kind != trace.Minted {
			continue
		}
		count[e.Token.Name]++
		name := e.Token.Name
		if n := count[name]; n > 1 {
			name = fmt.Sprintf("%s %d", name, n)
		}
		pairs = append(pairs, e.Token.Raw, "<"+name+">")
	}
	return strings.NewReplacer(pairs...)
}

func eventLines(e trace.Event) []string {
	switch e.Kind {
	case trace.Request:
		return append([]string{fmt.Sprintf("%s -> %s  %s", e.From, e.To, e.Title)}, messageLines(*e.Message)...)
	case trace.Response:
		return append([]string{fmt.Sprintf("%s <- %s  %s", e.To, e.From, status(*e.Message))}, messageLines(*e.Message)...)
	case trace.Checked:
		return []string{checkLine(*e.Check)}
	case trace.Minted:
		return tokenLines(*e.Token)
	case trace.Logged:
		return []string{"    log: " + e.Title}
	case trace.Waited:
		return []string{fmt.Sprintf("... %s later, it is %s", e.Title, e.At.Format("2006-01-02 15:04:05 MST"))}
	default:
		return []string{expectationLine(*e.Check)}
	}
}

func status(m trace.Message) string {
	if m.Error == "" {
		return fmt.Sprint(m.Status)
	}
	return fmt.Sprintf("%d %s", m.Status, m.Error)
}

func messageLines(m trace.Message) []string {
	var lines []string
	if m.Method != "" {
		lines = append(lines, "    "+m.Method+" "+m.URL)
	}
	names := make([]string, 0, len(m.Headers))
	for name := range m.Headers {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		lines = append(lines, "    "+name+": "+m.Headers[name])
	}
	if m.Body != "" && m.Body != "{}" {
		for _, line := range strings.Split(m.Body, "\n") {
			lines = append(lines, "    "+line)
		}
	}
	return lines
}

func checkLine(c trace.Check) string {
	mark, end := "ok  ", ""
	switch {
	case c.Decides:
		mark, end = "NO  ", "  <- decides"
	case !c.Held:
		mark = "no  " // worth knowing, but it refuses nothing
	}
	return fmt.Sprintf("    %s%s: wanted %s, found %s%s", mark, c.Rule, c.Wanted, c.Found, end)
}

func tokenLines(t trace.Token) []string {
	lines := []string{"    issued " + t.Name}
	for _, c := range t.Claims {
		lines = append(lines, fmt.Sprintf("      %s: %s  (%s)", c.Name, compact(c.Value), c.From))
	}
	return lines
}

// compact is JSON text on one line.
func compact(value string) string {
	var tree any
	if json.Unmarshal([]byte(value), &tree) != nil {
		return value
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return value
	}
	return string(text)
}

func expectationLine(c trace.Check) string {
	if c.Held {
		return "expected " + c.Wanted + ": yes"
	}
	return "expected " + c.Wanted + ": no, " + c.Found
}
