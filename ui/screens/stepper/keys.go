package stepper

import "claimcheck/ui/keys"

const (
	forward         keys.Command = "forward"
	back            keys.Command = "back"
	first           keys.Command = "first"
	last            keys.Command = "last"
	decider         keys.Command = "decider"
	nextRequest     keys.Command = "next request"
	previousRequest keys.Command = "previous request"
	nextTab         keys.Command = "next tab"
	previousTab     keys.Command = "previous tab"
	pageDown        keys.Command = "page down"
	pageUp          keys.Command = "page up"
	lineDown        keys.Command = "line down"
	lineUp          keys.Command = "line up"
	enlarge         keys.Command = "enlarge"
	predictions     keys.Command = "predictions"
	nextChange      keys.Command = "next change"
	detail          keys.Command = "detail"
	skip            keys.Command = "skip"
	copyToken       keys.Command = "copy token"
)

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	if m.guess.asking {
		return append(m.answerKeys(), m.moveKeys()...)
	}
	return append(m.moveKeys(), m.inspectorKeys()...)
}

func (m *Model) moveKeys() []keys.Binding {
	atEnd, atStart := "", ""
	if m.cursor >= len(m.steps)-1 {
		atEnd = "this is the last step"
	}
	if m.cursor == 0 {
		atStart = "this is the first step"
	}
	nothing := ""
	if m.deciderAt() < 0 {
		nothing = "this run holds: nothing was decided against it"
	}
	return []keys.Binding{
		{Do: forward, Keys: []string{"right", "down", "l", "j", " "}, Label: "→", Hint: "step", Help: "one step forward (also ↓ l j Space)", Disabled: atEnd},
		{Do: back, Keys: []string{"left", "up", "h", "k"}, Label: "←", Hint: "back", Help: "one step back (also ↑ h k)", Disabled: atStart},
		{Do: decider, Keys: []string{"d"}, Label: "d", Hint: "deciding check", Help: "jump to the check that decides this run", Disabled: nothing},
		{Do: nextTab, Keys: []string{"tab"}, Label: "Tab", Hint: "inspector", Help: "next view of the inspector: Event, Token, Checks, Stack, Client"},
		{Do: previousTab, Keys: []string{"shift+tab"}, Label: "Shift-Tab", Help: "previous view of the inspector"},
		{Do: nextRequest, Keys: []string{"]", "n"}, Label: "]", Help: "next request of the app (also n)", Disabled: atEnd},
		{Do: previousRequest, Keys: []string{"[", "N"}, Label: "[", Help: "previous request of the app (also N)", Disabled: atStart},
		{Do: first, Keys: []string{"g", "home"}, Label: "g", Help: "first step (also Home)", Disabled: atStart},
		{Do: last, Keys: []string{"G", "end"}, Label: "G", Help: "last step (also End)", Disabled: atEnd},
	}
}

func (m *Model) inspectorKeys() []keys.Binding {
	size, label, open := "enlarge", "Enter", []string{"enter"}
	if m.enlarged {
		size, label, open = "shrink", "Esc", []string{"enter", "esc"}
	}
	asking := "ask me what happens next, before it is shown"
	if m.guess.on {
		asking = "stop asking me what happens next"
	}
	checks := "show each check as a step of its own"
	if m.detailed {
		checks = "fold checks that refuse nothing into one step"
	}
	return []keys.Binding{
		{Do: enlarge, Keys: open, Label: label, Hint: size, Help: "give the inspector the whole screen, and back"},
		{Do: pageDown, Keys: []string{"pgdown", "ctrl+d", "ctrl+f"}, Label: "PgDn", Hint: "scroll", Help: "scroll the inspector down a page (also Ctrl-D)"},
		{Do: pageUp, Keys: []string{"pgup", "ctrl+u", "ctrl+b"}, Label: "PgUp", Help: "scroll the inspector up a page (also Ctrl-U)"},
		{Do: lineDown, Keys: []string{"J", "shift+down"}, Label: "J", Help: "scroll the inspector down a line"},
		{Do: lineUp, Keys: []string{"K", "shift+up"}, Label: "K", Help: "scroll the inspector up a line"},
		{Do: detail, Keys: []string{"c"}, Label: "c", Hint: "fold or unfold checks", Help: checks},
		{Do: predictions, Keys: []string{"p"}, Label: "p", Help: asking},
		m.changeKey(),
		m.copyKey(),
	}
}

func (m *Model) changeKey() keys.Binding {
	b := keys.Binding{Do: nextChange, Keys: []string{"x"}, Label: "x", Hint: "next change", Help: "scroll to the next change that the option makes"}
	switch {
	case m.tab != stackTab && m.tab != clientTab:
		b.Disabled = "changes are in the tabs Stack and Client"
	case len(m.changed) == 0:
		b.Disabled = "the option changes nothing here"
	}
	return b
}

func (m *Model) copyKey() keys.Binding {
	b := keys.Binding{Do: copyToken, Keys: []string{"y"}, Label: "y", Help: "copy the token that the inspector shows"}
	switch {
	case m.deps.Copy == nil:
		b.Disabled = "copying is not available here"
	case len(m.events) == 0 || m.inspector().Carried(m.step().First) == "":
		b.Disabled = "no token travels in this exchange"
	}
	return b
}

// answerKeys are those of an open question; the choices have keys of their own.
func (m *Model) answerKeys() []keys.Binding {
	return []keys.Binding{
		{Keys: m.guess.digits(), Label: m.guess.label(), Hint: "answer", Help: "say what happens now"},
		{Do: skip, Keys: []string{"s"}, Label: "s", Hint: "stop asking", Help: "stop asking what happens next (p asks again)"},
	}
}
