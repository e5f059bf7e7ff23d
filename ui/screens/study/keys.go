package study

import (
	"strings"

	"claimcheck/quiz"
	"claimcheck/ui/keys"
)

const (
	up       keys.Command = "up"
	down     keys.Command = "down"
	left     keys.Command = "left"
	right    keys.Command = "right"
	choose   keys.Command = "choose"
	guessing keys.Command = "guessing"
	leaning  keys.Command = "leaning"
	sure     keys.Command = "sure"
	pageDown keys.Command = "page down"
	pageUp   keys.Command = "page up"
	lineDown keys.Command = "line down"
	lineUp   keys.Command = "line up"
	step     keys.Command = "step"
	proofs   keys.Command = "proof"
	serve    keys.Command = "serve"
	next     keys.Command = "next"
	again    keys.Command = "again"
	// letter and an option's id choose that option.
	letter = "letter "
	// missed and a class of misses say that the answer was one.
	missed = "missed "
)

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	if m.given == nil {
		return m.askingKeys()
	}
	return m.explainingKeys()
}

func (m *Model) askingKeys() []keys.Binding {
	missing := m.notEnough()
	hint, help := "choose", "choose the option under the cursor (also Space)"
	if m.wanted() > 1 {
		hint, help = "choose or not", "choose the option under the cursor or take it back (also Space)"
	}
	return append([]keys.Binding{
		{Do: guessing, Keys: []string{"1"}, Label: "1", Hint: "guessing", Help: "answer, and say that you are guessing", Disabled: missing},
		{Do: leaning, Keys: []string{"2"}, Label: "2", Hint: "leaning", Help: "answer, and say that you lean to it", Disabled: missing},
		{Do: sure, Keys: []string{"3"}, Label: "3", Hint: "sure", Help: "answer, and say that you are sure", Disabled: missing},
		{Do: choose, Keys: []string{"enter", " "}, Label: "Enter", Hint: hint, Help: help},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "options", Help: "next option (also j)"},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "previous option (also k)"},
		{Do: pageDown, Keys: []string{"pgdown", "ctrl+d"}, Label: "PgDn", Help: "scroll down (also Ctrl-D)"},
		{Do: pageUp, Keys: []string{"pgup", "ctrl+u"}, Label: "PgUp", Help: "scroll up (also Ctrl-U)"},
	}, m.letterKeys()...)
}

// letterKeys choose an option by its letter, small or large.
func (m *Model) letterKeys() []keys.Binding {
	bindings := make([]keys.Binding, len(m.question.Options))
	for i, o := range m.question.Options {
		bindings[i] = keys.Binding{
			Do: keys.Command(letter + o.ID), Keys: []string{o.ID, strings.ToLower(o.ID)}, Label: o.ID, Help: "choose option " + o.ID,
		}
	}
	return bindings
}

func (m *Model) explainingKeys() []keys.Binding {
	noRun, noAgain := "", ""
	switch {
	case m.question.Unproven != "":
		noRun = "this question is not proven: " + m.question.Unproven
	case m.proofErr != nil:
		noRun = "the options could not be run"
	case !m.proven:
		noRun = "the options are still being run"
	}
	_, noNext := m.deps.Next()
	if m.deps.Given != nil {
		noAgain = "this is the answer of an exam"
	}
	return append(m.missKeys(), []keys.Binding{
		{Do: step, Keys: []string{"enter"}, Label: "Enter", Hint: "step through", Help: "open the run of the selected cell in the stepper", Disabled: noRun},
		{Do: next, Keys: []string{"n"}, Label: "n", Hint: "next question", Help: "go on to the next question", Disabled: noNext},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓←→", Hint: "cell", Help: "choose another cell of the proof (also k j h l)", Disabled: noRun},
		{Do: up, Keys: []string{"up", "k"}, Disabled: noRun},
		{Do: left, Keys: []string{"left", "h"}, Disabled: noRun},
		{Do: right, Keys: []string{"right", "l"}, Disabled: noRun},
		{Do: pageDown, Keys: []string{"pgdown", "ctrl+d", " "}, Label: "PgDn", Hint: "read on", Help: "scroll the explanation down (also Space)"},
		{Do: pageUp, Keys: []string{"pgup", "ctrl+u"}, Label: "PgUp", Help: "scroll the explanation up"},
		{Do: lineDown, Keys: []string{"J", "shift+down"}, Label: "J", Help: "scroll the explanation down a line"},
		{Do: lineUp, Keys: []string{"K", "shift+up"}, Label: "K", Help: "scroll the explanation up a line"},
		{Do: proofs, Keys: []string{"p"}, Label: "p", Hint: "proof", Help: "the proof on a screen of its own", Disabled: noRun},
		{Do: serve, Keys: []string{"w"}, Label: "w", Help: "put the selected option's stack on this machine's network, for your own tools", Disabled: noRun},
		{Do: again, Keys: []string{"r"}, Label: "r", Help: "answer this question again", Disabled: noAgain},
	}...)
}

// missKeys say with one key why an answer was wrong; they come before all
// others until one has been pressed.
func (m *Model) missKeys() []keys.Binding {
	if !m.unclassified() {
		return nil
	}
	var bindings []keys.Binding
	for _, miss := range quiz.Misses() {
		key := string(miss[:1])
		bindings = append(bindings, keys.Binding{Do: keys.Command(missed + string(miss)), Keys: []string{key}, Label: key, Help: "the answer was wrong because " + because(miss)})
	}
	return bindings
}

func because(miss quiz.Miss) string {
	switch miss {
	case quiz.Knowledge:
		return "you did not know it"
	case quiz.Misread:
		return "you misread the question"
	case quiz.Reasoning:
		return "you drew the wrong conclusion"
	case quiz.Slip:
		return "your finger slipped"
	}
	return string(miss)
}
