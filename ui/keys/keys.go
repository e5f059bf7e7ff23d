// Package keys owns key bindings as data: which keys, what they do, and why
// they do nothing just now. Footer, help overlay and dispatch all read the same
// list, so what is shown is what works. It refuses to know any screen.
package keys

import tea "github.com/charmbracelet/bubbletea"

// Command names what a binding does, within one screen.
type Command string

// Binding ties keys to a command.
type Binding struct {
	Do Command
	// Keys are as tea.KeyMsg.String writes them: "enter", "ctrl+d", "j", " ".
	Keys []string
	// Label is how the keys are shown, such as "Enter" or "←→".
	Label string
	// Hint is one or two words for the footer; without it the binding is shown
	// in the help overlay only.
	Hint string
	// Help is the sentence of the help overlay.
	Help string
	// Disabled is the reason why the binding does nothing now, "" when it works.
	Disabled string
}

// Works reports whether the binding does something now.
func (b Binding) Works() bool { return b.Disabled == "" }

// Find returns the first binding of a key that works, or else the first that is
// disabled, so that its reason can be told.
func Find(bindings []Binding, key string) (Binding, bool) {
	var disabled Binding
	found := false
	for _, b := range bindings {
		if !b.has(key) {
			continue
		}
		if b.Works() {
			return b, true
		}
		if !found {
			disabled, found = b, true
		}
	}
	return disabled, found
}

// Pressed returns the command of a key press, "" for other messages, for keys
// that are not bound and for those disabled.
func Pressed(bindings []Binding, msg tea.Msg) Command {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return ""
	}
	b, ok := Find(bindings, key.String())
	if !ok || !b.Works() {
		return ""
	}
	return b.Do
}

func (b Binding) has(key string) bool {
	for _, k := range b.Keys {
		if k == key {
			return true
		}
	}
	return false
}

// Split takes apart a message that carries several keys typed at once, which
// is how a terminal delivers fast typing. Pasted text is no key press and gives
// nothing.
func Split(msg tea.KeyMsg) []tea.KeyMsg {
	if msg.Paste {
		return nil
	}
	if msg.Type != tea.KeyRunes || len(msg.Runes) < 2 {
		return []tea.KeyMsg{msg}
	}
	split := make([]tea.KeyMsg, len(msg.Runes))
	for i, r := range msg.Runes {
		split[i] = tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}
	}
	return split
}
