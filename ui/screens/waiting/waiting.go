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
	theme       theme.Theme
	title, says string
	to          screen.Route
	// here reports whether a message brings what is waited for, or the error why
	// it will not come.
	here    func(tea.Msg) (bool, error)
	spinner spinner.Model
}

// ForProof waits for the evidence with the given key, and then asks for the
// route to take its place. The command turns the spinner.
func ForProof(t theme.Theme, key string, to screen.Route) (*Model, tea.Cmd) {
	return wait(t, to, "Proving", "Running every option on the simulated account …", func(msg tea.Msg) (bool, error) {
		loaded, ok := msg.(screen.Loaded[evidence.Grid])
		if !ok || loaded.Key != key {
			return false, nil
		}
		return true, loaded.Err
	})
}

// ForHistory waits until what was kept of the learner has been read.
func ForHistory(t theme.Theme, to screen.Route) (*Model, tea.Cmd) {
	return wait(t, to, "Reading", "Reading your progress …", func(msg tea.Msg) (bool, error) {
		_, ok := msg.(screen.Arrived)
		return ok, nil
	})
}

// ForServer waits until the subject of a route is served.
func ForServer(t theme.Theme, subject string, to screen.Route) (*Model, tea.Cmd) {
	return wait(t, to, "Serving", "Deploying "+subject+" …", func(msg tea.Msg) (bool, error) {
		loaded, ok := msg.(screen.Loaded[screen.Serves])
		if !ok || loaded.Key != subject {
			return false, nil
		}
		return true, loaded.Err
	})
}

func wait(t theme.Theme, to screen.Route, title, says string, here func(tea.Msg) (bool, error)) (*Model, tea.Cmd) {
	turning := spinner.New(spinner.WithSpinner(spinner.Line), spinner.WithStyle(t.Accent))
	m := &Model{theme: t, title: title, says: says, to: to, here: here, spinner: turning}
	return m, m.spinner.Tick
}

// Title is the screen's name.
func (m *Model) Title() string { return m.title }

// Keys are none of its own.
func (m *Model) Keys() []keys.Binding { return nil }

// Update waits.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	here, err := m.here(msg)
	switch {
	case err != nil:
		return screen.Fail(err), nil
	case here:
		return screen.Replace(m.to), nil
	}
	tick, ok := msg.(spinner.TickMsg)
	if !ok {
		return screen.None(), nil
	}
	var cmd tea.Cmd
	m.spinner, cmd = m.spinner.Update(tick)
	return screen.None(), cmd
}

// View says what is going on.
func (m *Model) View(size layout.Size) string {
	return layout.Text([]string{"", " " + m.spinner.View() + " " + m.theme.Dim.Render(m.says)}, size)
}
