// Package waiting is the screen that stands in for another one while what that
// one shows is being worked out.
package waiting

import (
	"github.com/charmbracelet/bubbles/spinner"
	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/evidence"
)

// Model is the screen.
type Model struct {
	theme   theme.Theme
	key     string
	to      screen.Route
	spinner spinner.Model
}

// New waits for the evidence with the given key, and then asks for the route to
// take its place. The command turns the spinner.
func New(t theme.Theme, key string, to screen.Route) (*Model, tea.Cmd) {
	m := &Model{theme: t, key: key, to: to, spinner: spinner.New(spinner.WithSpinner(spinner.Line), spinner.WithStyle(t.Accent))}
	return m, m.spinner.Tick
}

// Title is the screen's name.
func (m *Model) Title() string { return "Proving" }

// Keys are none of its own.
func (m *Model) Keys() []keys.Binding { return nil }

// Update waits.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.Loaded[evidence.Grid]:
		switch {
		case msg.Key != m.key:
			return screen.None(), nil
		case msg.Err != nil:
			return screen.Fail(msg.Err), nil
		}
		return screen.Replace(m.to), nil
	case spinner.TickMsg:
		var cmd tea.Cmd
		m.spinner, cmd = m.spinner.Update(msg)
		return screen.None(), cmd
	}
	return screen.None(), nil
}

// View says what is going on.
func (m *Model) View(size layout.Size) string {
	text := m.spinner.View() + " " + m.theme.Dim.Render("Running every option on the simulated account …")
	return layout.Text([]string{"", " " + text}, size)
}
