// Package background settles the terminal's background before Bubble Tea can
// ask for it. Bubble Tea v1 queries the terminal in a package init, in every
// program that links it, and waits five seconds on a terminal that does not
// answer. A background that is already set is not asked for.
//
// The order is what makes this work: Go initialises packages that are ready in
// the order of their import paths, so this package must import nothing but
// lipgloss, and its path must sort before github.com/charmbracelet/bubbletea.
// It does, because the module is plain "claimcheck". A command that draws
// imports it for its effect:
//
//	import _ "claimcheck/ui/background"
//
// What is set here colours nothing: the trainer draws with a renderer of its
// own (ui/theme).
package background

import "github.com/charmbracelet/lipgloss"

// The only init of the program: see the package comment.
func init() { lipgloss.SetHasDarkBackground(true) }
