package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
)

// Smallest is the smallest terminal that the trainer can be used on.
func Smallest() layout.Size { return layout.Size{W: 40, H: 12} }

// View draws the path at the top, the top screen, and at the foot the keys that
// work now or what there is to tell.
func (r *root) View() string {
	if r.size.W <= 0 || r.size.H <= 0 {
		return ""
	}
	if !r.size.Holds(Smallest()) {
		text := fmt.Sprintf("%dx%d needed, %dx%d here", Smallest().W, Smallest().H, r.size.W, r.size.H)
		return layout.Text([]string{text}, r.size)
	}
	body := layout.Size{W: r.size.W, H: r.size.H - 2}
	var drawn string
	if r.help.open {
		drawn = r.help.view(r.theme, r.bindings(), r.top().Title(), body)
	} else {
		drawn = r.top().View(body)
	}
	lines := append([]string{r.header()}, layout.Block(strings.Split(drawn, "\n"), body)...)
	return layout.Text(append(lines, r.footer()), r.size)
}

// header is the path of open screens, the latest always in sight.
func (r *root) header() string {
	path := []string{"Claimcheck"}
	for _, s := range r.stack[1:] {
		path = append(path, s.Title())
	}
	right := r.corner()
	room := r.size.W - ansi.StringWidth(right) - 4
	text := strings.Join(path, " › ")
	for len(path) > 2 && ansi.StringWidth(text) > room {
		path = append(path[:1], path[2:]...)
		text = strings.Join(append([]string{path[0], "…"}, path[1:]...), " › ")
	}
	return r.theme.Bar.Render(layout.Spread(" "+text, right, r.size.W))
}

// corner is what the top screen has to tell at the right, or else how the
// answers of this session did.
func (r *root) corner() string {
	if c, ok := r.top().(screen.Cornered); ok && !r.help.open {
		return layout.Cut(c.Corner(r.size.W-20), r.size.W-20) + " "
	}
	if len(r.answers) == 0 {
		return ""
	}
	right := 0
	for _, ok := range r.answers {
		if ok {
			right++
		}
	}
	return fmt.Sprintf("%d of %d right ", right, len(r.answers))
}

// footer tells the notice, or the keys that work now, as many as fit.
func (r *root) footer() string {
	t := r.theme
	if r.notice.text != "" {
		style := t.Warn
		if r.notice.error {
			style = t.Bad
		}
		return layout.Line(" "+style.Render(r.notice.text), r.size.W)
	}
	end := r.hint(keys.Binding{Label: "?", Hint: "all keys"}) + " "
	room := r.size.W - ansi.StringWidth(end) - 2
	line := ""
	for _, b := range r.bindings() {
		if !b.Works() || b.Hint == "" || b.Label == "?" {
			continue
		}
		hint := " " + r.hint(b) + " "
		if ansi.StringWidth(line)+ansi.StringWidth(hint) <= room {
			line += hint
		}
	}
	return layout.Spread(line, end, r.size.W)
}

func (r *root) hint(b keys.Binding) string {
	return r.theme.Accent.Bold(true).Render(b.Label) + " " + r.theme.Dim.Render(b.Hint)
}

// bindings are those of the top screen, and then those that work everywhere and
// that the screen does not use itself.
func (r *root) bindings() []keys.Binding {
	first := ""
	if len(r.stack) == 1 {
		first = "this is the first screen"
	}
	own := r.top().Keys()
	bindings := append([]keys.Binding{}, own...)
	for _, b := range []keys.Binding{
		{Keys: []string{"esc", "backspace"}, Label: "Esc", Hint: "back", Help: "back to the screen before", Disabled: first},
		{Keys: []string{"q", "ctrl+c"}, Label: "q", Hint: "quit", Help: "leave the trainer (also Ctrl-C)"},
		{Keys: []string{"?"}, Label: "?", Hint: "all keys", Help: "show or close this list"},
	} {
		if _, taken := keys.Find(own, b.Keys[0]); !taken {
			bindings = append(bindings, b)
		}
	}
	return bindings
}
