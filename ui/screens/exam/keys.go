package exam

import (
	"strings"

	"claimcheck/ui/keys"
)

const (
	up         keys.Command = "up"
	down       keys.Command = "down"
	left       keys.Command = "left"
	right      keys.Command = "right"
	pageDown   keys.Command = "page down"
	pageUp     keys.Command = "page up"
	choose     keys.Command = "choose"
	strike     keys.Command = "strike"
	flag       keys.Command = "flag"
	next       keys.Command = "next"
	previous   keys.Command = "previous"
	navigator  keys.Command = "navigator"
	reviewList keys.Command = "review list"
	clock      keys.Command = "clock"
	counter    keys.Command = "counter"
	finish     keys.Command = "finish"
	confirm    keys.Command = "confirm"
	open       keys.Command = "open"
	back       keys.Command = "back"
	leave      keys.Command = "leave"
	// lettered and a letter choose the option shown under it.
	lettered = "option "
)

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	switch m.part {
	case navigating:
		return append(m.navigatingKeys(), m.commonKeys()...)
	case listing:
		return append(m.listingKeys(), m.commonKeys()...)
	case ending:
		return []keys.Binding{
			{Do: confirm, Keys: []string{"y"}, Label: "y", Hint: "end the exam", Help: "end the exam and see the result"},
			{Do: back, Keys: []string{"n", "esc", "backspace"}, Label: "n", Hint: "go on with it", Help: "go on with the exam (also Esc)"},
			m.noQuit(),
		}
	}
	return append(m.askingKeys(), m.commonKeys()...)
}

func (m *Model) askingKeys() []keys.Binding {
	first := ""
	if m.state.Item == 0 {
		first = "this is the first question"
	}
	hint := "choose"
	if m.shown().Choose() > 1 {
		hint = "choose or not"
	}
	bindings := []keys.Binding{
		{Do: next, Keys: []string{"right", "n", "l"}, Label: "→", Hint: "next", Help: "next question, after the last the review list (also n)"},
		{Do: previous, Keys: []string{"left", "p", "h"}, Label: "←", Hint: "previous", Help: "previous question (also p)", Disabled: first},
		{Do: choose, Keys: []string{"enter", " "}, Label: "Enter", Hint: hint, Help: "choose the option under the cursor (also Space, or its letter)"},
		{Do: flag, Keys: []string{"m"}, Label: "m", Hint: "flag", Help: "flag this question for a second look, or take the flag off"},
		{Do: strike, Keys: []string{"x"}, Label: "x", Hint: "strike out", Help: "cross out the option under the cursor, or restore it"},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Help: "next option (also j)"},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "previous option (also k)"},
		{Do: pageDown, Keys: []string{"pgdown", "ctrl+d"}, Label: "PgDn", Help: "scroll down (also Ctrl-D)"},
		{Do: pageUp, Keys: []string{"pgup", "ctrl+u"}, Label: "PgUp", Help: "scroll up (also Ctrl-U)"},
		{Do: leave, Keys: []string{"esc", "backspace"}, Label: "Esc", Help: "leave the exam for now: its clock runs on"},
	}
	for i := range m.shown().Options {
		letter := string(rune('A' + i))
		bindings = append(bindings, keys.Binding{Do: keys.Command(lettered + letter), Keys: []string{letter, strings.ToLower(letter)}, Label: letter, Help: "choose option " + letter})
	}
	return bindings
}

func (m *Model) navigatingKeys() []keys.Binding {
	return []keys.Binding{
		{Do: open, Keys: []string{"enter"}, Label: "Enter", Hint: "go there", Help: "go to the question under the cursor"},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓←→", Hint: "move", Help: "move over the questions (also k j h l)"},
		{Do: up, Keys: []string{"up", "k"}},
		{Do: left, Keys: []string{"left", "h"}},
		{Do: right, Keys: []string{"right", "l"}},
		{Do: flag, Keys: []string{"m"}, Label: "m", Hint: "flag", Help: "flag the question under the cursor, or take the flag off"},
		{Do: back, Keys: []string{"esc", "backspace", "g"}, Label: "Esc", Hint: "back", Help: "back to the question"},
		{Do: finish, Keys: []string{"e"}, Label: "e", Hint: "end exam", Help: "end the exam, after one more question"},
	}
}

func (m *Model) listingKeys() []keys.Binding {
	none := ""
	if len(m.unsettled()) == 0 {
		none = "nothing is flagged or unanswered"
	}
	return []keys.Binding{
		{Do: open, Keys: []string{"enter"}, Label: "Enter", Hint: "go there", Help: "go to the question under the cursor", Disabled: none},
		{Do: finish, Keys: []string{"e"}, Label: "e", Hint: "end exam", Help: "end the exam, after one more question"},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "move", Help: "next question (also j)", Disabled: none},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "previous question (also k)", Disabled: none},
		{Do: pageDown, Keys: []string{"pgdown", " "}, Label: "PgDn", Help: "ten further down", Disabled: none},
		{Do: pageUp, Keys: []string{"pgup"}, Label: "PgUp", Help: "ten further up", Disabled: none},
		{Do: flag, Keys: []string{"m"}, Label: "m", Hint: "flag", Help: "flag the question under the cursor, or take the flag off", Disabled: none},
		{Do: back, Keys: []string{"esc", "backspace", "r"}, Label: "Esc", Hint: "back", Help: "back to the question"},
	}
}

// commonKeys work in every part. Letters up to F are left to the options.
func (m *Model) commonKeys() []keys.Binding {
	soon := ""
	if m.state.Forced() {
		soon = "in the last 5 minutes clock and counter stay in sight"
	}
	return []keys.Binding{
		{Do: reviewList, Keys: []string{"r"}, Label: "r", Hint: "review list", Help: "what is flagged or not answered, and the end of the exam"},
		{Do: navigator, Keys: []string{"g"}, Label: "g", Hint: "go to", Help: "all questions at a glance, to go to any"},
		{Do: clock, Keys: []string{"t"}, Label: "t", Hint: "clock", Help: "hide or show the clock; it comes back for the last 5 minutes", Disabled: soon},
		{Do: counter, Keys: []string{"T"}, Label: "T", Help: "hide or show the count of questions", Disabled: soon},
		m.noQuit(),
	}
}

// noQuit keeps a slip from ending the program in the middle of an exam.
func (m *Model) noQuit() keys.Binding {
	return keys.Binding{Keys: []string{"q"}, Label: "q", Help: "leave the trainer", Disabled: "an exam is under way: Ctrl-C leaves, and its clock runs on"}
}
