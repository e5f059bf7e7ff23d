// Package serving is the screen of a stack on this machine's network: where
// clients reach it, what to type into another terminal, and the requests that
// come in, as they arrive. It refuses to know how anything is served.
package serving

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/sim/trace"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/phrase"
	"claimcheck/ui/widget/scroll"
)

// Served is a stack that is being served.
type Served struct {
	// Addresses are where clients reach it, the endpoint of all AWS services
	// first.
	Addresses []Address
	// Commands are lines for another terminal; the first ones point its clients
	// here.
	Commands []string
	// Requests are those after the one of a number, as far as they are still
	// kept, oldest first.
	Requests func(since int) []Request
	// News receives when requests have arrived, once for several; it is closed
	// when nothing is served any more.
	News <-chan struct{}
	// Close ends it.
	Close func() error
}

// Address is one address under a name, such as that of an API.
type Address struct{ Name, URL string }

// Request is one request with all that happened because of it.
type Request struct {
	// ID counts requests from 1.
	ID     int
	At     time.Time
	Title  string
	Status int
	Trace  trace.Trace
}

// Arrived says that there may be new requests.
type Arrived struct{}

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	// Subject says what is served, such as "photos-to-s3 with option D".
	Subject string
	Served  Served
	// Copy puts a text on the clipboard; nil when that cannot be done.
	Copy func(string) tea.Cmd
}

// Model is the screen.
type Model struct {
	deps     Deps
	requests []Request
	// cursor is the index of a request; held keeps it where the learner put it
	// when others arrive.
	cursor int
	held   bool
	list   scroll.View
	follow bool
}

// New shows what has arrived so far.
func New(d Deps) *Model {
	m := &Model{deps: d}
	m.read()
	return m
}

const (
	up       keys.Command = "up"
	down     keys.Command = "down"
	step     keys.Command = "step"
	copyKeys keys.Command = "copy"
	newest   keys.Command = "newest"
)

// Title is the screen's name.
func (m *Model) Title() string { return "Serving" }

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	none, noCopy := "", ""
	if len(m.requests) == 0 {
		none = "no request has come in yet"
	}
	if m.deps.Copy == nil {
		noCopy = "this terminal takes nothing to its clipboard"
	}
	return []keys.Binding{
		{Do: step, Keys: []string{"enter", "right", "l"}, Label: "Enter", Hint: "step through", Help: "open the selected request in the stepper", Disabled: none},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "choose", Help: "next request (also j)", Disabled: none},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "previous request (also k)", Disabled: none},
		{Do: newest, Keys: []string{"G", "end"}, Label: "G", Hint: "newest", Help: "go to the newest request and follow what arrives (also End)", Disabled: none},
		{Do: copyKeys, Keys: []string{"y"}, Label: "y", Hint: "copy the lines", Help: "copy the lines for the other terminal", Disabled: noCopy},
	}
}

// Update takes what has arrived, and moves the cursor.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	if _, ok := msg.(Arrived); ok {
		m.read()
		return screen.None(), nil
	}
	switch keys.Pressed(m.Keys(), msg) {
	case step:
		return screen.Open(screen.Route{Name: screen.Request, Item: m.requests[m.cursor].ID}), nil
	case down:
		m.move(m.cursor + 1)
	case up:
		m.move(m.cursor - 1)
	case newest:
		m.move(len(m.requests) - 1)
	case copyKeys:
		return screen.None(), m.deps.Copy(m.commands())
	}
	return screen.None(), nil
}

// read adds the requests that are new. The cursor goes with them unless the
// learner has put it elsewhere.
func (m *Model) read() {
	last := 0
	if n := len(m.requests); n > 0 {
		last = m.requests[n-1].ID
	}
	m.requests = append(m.requests, m.deps.Served.Requests(last)...)
	if !m.held {
		m.cursor, m.follow = max(len(m.requests)-1, 0), true
	}
}

func (m *Model) move(to int) {
	m.cursor, m.follow = layout.Clamp(to, 0, len(m.requests)-1), true
	m.held = m.cursor < len(m.requests)-1
}

func (m *Model) commands() string {
	text := ""
	for _, line := range m.deps.Served.Commands {
		text += line + "\n"
	}
	return text
}

// View draws the addresses above the requests; where there is little room the
// lines to type are left out, and then the addresses.
func (m *Model) View(size layout.Size) string {
	const leastList = 5
	head := m.head(size.W-2, true)
	if len(head)+leastList > size.H {
		head = m.head(size.W-2, false)
	}
	if len(head)+leastList > size.H {
		head = head[:max(size.H-leastList, 0)]
	}
	for i, line := range head {
		head[i] = " " + line
	}
	return layout.Text(append(head, m.drawList(layout.Size{W: size.W, H: size.H - len(head)})...), size)
}

func (m *Model) head(w int, commands bool) []string {
	t := m.deps.Theme
	p := page.New(t, w)
	p.Styled(t.Strong, m.deps.Subject+", on this machine only")
	p.Gap()
	const labelW = 12
	for _, a := range m.deps.Served.Addresses {
		p.Field(a.Name, labelW, t.Accent, a.URL)
	}
	p.Gap()
	if commands {
		p.Styled(t.Dim, "In another terminal (y copies the lines):")
		for _, line := range m.deps.Served.Commands {
			p.Raw(t.Text.Render(layout.Cut(line, w)))
		}
		p.Gap()
	}
	return p.Lines()
}

func (m *Model) drawList(size layout.Size) []string {
	t := m.deps.Theme
	inner := panel.Inner(size)
	lines := make([]string, 0, len(m.requests))
	for i, r := range m.requests {
		lines = append(lines, m.row(r, i == m.cursor, scroll.Width(inner.W)))
	}
	if len(lines) == 0 {
		p := page.New(t, scroll.Width(inner.W))
		p.Styled(t.Dim, "Nothing yet. Requests show here as they arrive; Enter steps through one. Leaving this screen ends the serving.")
		lines = p.Lines()
	}
	if m.follow {
		m.list.Show(m.cursor, m.cursor, len(lines), inner.H)
		m.follow = false
	}
	frame := panel.Panel{Theme: t, Title: t.Title.Render("Requests"), Note: t.Dim.Render(phrase.Count(len(m.requests), "request"))}
	return frame.Draw(m.list.Draw(t, lines, inner), size)
}

func (m *Model) row(r Request, selected bool, w int) string {
	t := m.deps.Theme
	pointer := " "
	if selected {
		pointer = t.Accent.Render(theme.Pointer)
	}
	status := fmt.Sprint(r.Status)
	style := t.Good
	if r.Status >= 400 {
		style = t.Bad
	}
	line := layout.Spread(fmt.Sprintf("%s %3d  %s  %s", pointer, r.ID, t.Dim.Render(r.At.Format("15:04:05")), t.Text.Render(r.Title)), style.Render(status), w)
	if selected {
		return t.Select(line)
	}
	return line
}
