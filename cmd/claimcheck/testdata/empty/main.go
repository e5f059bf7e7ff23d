// Command empty is the least that Bubble Tea can show: what the trainer's first
// frame is measured against.
package main

import (
	"os"

	tea "github.com/charmbracelet/bubbletea"

	_ "claimcheck/ui/background"
)

type model struct{}

func (model) Init() tea.Cmd                         { return nil }
func (m model) Update(tea.Msg) (tea.Model, tea.Cmd) { return m, nil }
func (model) View() string                          { return "all keys" }

func main() {
	if _, err := tea.NewProgram(model{}, tea.WithAltScreen(), tea.WithFPS(120)).Run(); err != nil {
		os.Exit(1)
	}
}
