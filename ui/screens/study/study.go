// Package study is the screen of one question: it is asked, answered with a
// certainty, and then explained, option by option and run by run.
package study

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/sim/trace"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/evidence"
	"claimcheck/ui/widget/scroll"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	// Rule finds a rule by its id.
	Rule func(trace.RuleID) (trace.Rule, bool)
	// Now is the time of answers, Source where they are given.
	Now    func() time.Time
	Source quiz.Source
	// Answered is told of each answer, Classified of why one went wrong.
	Answered   func(quiz.Attempt) tea.Cmd
	Classified func(attempt string, miss quiz.Miss) tea.Cmd
	// Next is what comes after this question, or the reason why nothing does.
	Next func() (to screen.Route, none string)
	// Given is the answer that was given before, whose explanation is shown at
	// once; nil to ask the question. Shown tells under which letters its options
	// were shown then, "" when under their own.
	Given *quiz.Attempt
	Shown string
}

// Model is the screen.
type Model struct {
	deps     Deps
	question quiz.Question
	// cursor is the index of an option while the question is open.
	cursor int
	chosen map[string]bool
	text   scroll.View
	// follow asks the next drawing to bring the cursor's option into sight.
	follow bool
	// opened is when the question was put.
	opened time.Time
	// given is nil while the question is open.
	given *given

	proven   bool
	proofErr error
	evidence evidence.Model
	// observed are the runs on the stack as it stands; the proof screen opens
	// them.
	observed []evidence.Cell
}

// given is an answer with its verdict.
type given struct {
	attempt quiz.Attempt
	verdict quiz.Verdict
}

// New asks a question. Its evidence comes later, as a
// screen.Loaded[evidence.Grid] with the question's id.
func New(d Deps, q quiz.Question) *Model {
	m := &Model{deps: d, question: q, chosen: map[string]bool{}, opened: d.Now()}
	if d.Given == nil {
		return m
	}
	for _, id := range d.Given.Chosen {
		m.chosen[id] = true
	}
	m.give(*d.Given)
	return m
}

// Title is the question's title.
func (m *Model) Title() string { return m.question.Title }

// Update chooses and answers, and afterwards moves through the evidence.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	if loaded, ok := msg.(screen.Loaded[evidence.Grid]); ok {
		m.load(loaded)
		return screen.None(), nil
	}
	do := keys.Pressed(m.Keys(), msg)
	if m.given == nil {
		return screen.None(), m.asking(do)
	}
	if miss, ok := strings.CutPrefix(string(do), missed); ok {
		return screen.None(), m.classify(quiz.Miss(miss))
	}
	return m.explaining(do), nil
}

func (m *Model) load(l screen.Loaded[evidence.Grid]) {
	if l.Key != m.question.ID {
		return
	}
	m.proven, m.proofErr = l.Err == nil, l.Err
	options := l.Value
	m.observed, options.Observations = options.Observations, nil
	m.evidence = evidence.New(options)
	m.focus()
}

// focus puts the evidence on what the learner chose wrongly, or else on the
// key.
func (m *Model) focus() {
	if m.given == nil || !m.proven {
		return
	}
	options := append(append([]string{}, m.given.verdict.Wrong...), m.question.Key()...)
	m.evidence = evidence.New(m.evidence.Grid, options...)
	m.evidence.Chosen = m.chosen
}

func (m *Model) asking(do keys.Command) tea.Cmd {
	switch do {
	case up, down:
		m.point(m.cursor + map[keys.Command]int{up: -1, down: 1}[do])
	case choose:
		m.choose(m.cursor)
	case guessing, leaning, sure:
		return m.answer(map[keys.Command]quiz.Certainty{guessing: quiz.Guessing, leaning: quiz.Leaning, sure: quiz.Sure}[do])
	case pageDown:
		m.text.Page(1)
	case pageUp:
		m.text.Page(-1)
	default:
		if id, ok := strings.CutPrefix(string(do), letter); ok {
			m.chooseLetter(id)
		}
	}
	return nil
}

func (m *Model) point(to int) {
	m.cursor = layout.Clamp(to, 0, len(m.question.Options)-1)
	m.follow = true
}

func (m *Model) chooseLetter(id string) {
	for i, o := range m.question.Options {
		if o.ID == id {
			m.choose(i)
		}
	}
}

// choose marks option i, instead of another one when only one is right; with
// several right ones it also takes the mark off again.
func (m *Model) choose(i int) {
	m.point(i)
	id := m.question.Options[i].ID
	if m.wanted() == 1 {
		m.chosen = map[string]bool{id: true}
		return
	}
	if m.chosen[id] {
		delete(m.chosen, id)
		return
	}
	m.chosen[id] = true
}

// wanted is how many options are to be chosen.
func (m *Model) wanted() int { return max(len(m.question.Key()), 1) }

// answer judges what is chosen.
func (m *Model) answer(c quiz.Certainty) tea.Cmd {
	now := m.deps.Now()
	a := quiz.Attempt{
		ID: m.question.ID + "@" + strconv.FormatInt(now.UnixNano(), 10), QuestionID: m.question.ID, At: now, Took: now.Sub(m.opened),
		Certainty: c, Source: m.deps.Source,
	}
	for _, o := range m.question.Options {
		if m.chosen[o.ID] {
			a.Chosen = append(a.Chosen, o.ID)
		}
	}
	v := quiz.Judge(m.question, quiz.Answer{QuestionID: a.QuestionID, Chosen: a.Chosen, Certainty: c})
	a.Right, a.Misconceptions = v.Right, v.Misconceptions
	m.give(a)
	return m.deps.Answered(a)
}

// give goes on to the explanation of an answer.
func (m *Model) give(a quiz.Attempt) {
	m.given = &given{attempt: a, verdict: quiz.Judge(m.question, quiz.Answer{QuestionID: a.QuestionID, Chosen: a.Chosen, Certainty: a.Certainty})}
	m.text.Reset()
	m.focus()
}

// classify says why the answer was wrong.
func (m *Model) classify(miss quiz.Miss) tea.Cmd {
	m.given.attempt.Miss = miss
	return m.deps.Classified(m.given.attempt.ID, miss)
}

// unclassified reports whether there is an answer that was wrong, and nobody has
// said why.
func (m *Model) unclassified() bool {
	return m.given != nil && m.given.attempt.ID != "" && !m.given.verdict.Right && m.given.attempt.Miss == ""
}

func (m *Model) explaining(do keys.Command) screen.Action {
	switch do {
	case step:
		if option, cell, ok := m.evidence.Selected(); ok {
			return screen.Open(screen.Route{Name: screen.Stepper, Question: m.question.ID, Option: option, Requirement: cell.Requirement})
		}
	case next:
		to, _ := m.deps.Next()
		return screen.Replace(to)
	case proofs:
		option, _, _ := m.evidence.Selected()
		return screen.Open(screen.Route{Name: screen.Proof, Question: m.question.ID, Option: option})
	case serve:
		option, _, _ := m.evidence.Selected()
		return screen.Open(screen.Route{Name: screen.Serving, Question: m.question.ID, Option: option})
	case again:
		m.given, m.chosen, m.cursor, m.opened = nil, map[string]bool{}, 0, m.deps.Now()
		m.text.Reset()
	case up, down:
		m.evidence.Move(map[keys.Command]int{up: -1, down: 1}[do], 0)
		m.follow = true
	case left, right:
		m.evidence.Move(0, map[keys.Command]int{left: -1, right: 1}[do])
	case pageDown:
		m.text.Page(1)
	case pageUp:
		m.text.Page(-1)
	case lineDown:
		m.text.By(1)
	case lineUp:
		m.text.By(-1)
	}
	return screen.None()
}

// notEnough is why the question cannot be answered yet, "" when it can.
func (m *Model) notEnough() string {
	switch n := m.wanted(); {
	case len(m.chosen) == n:
		return ""
	case n == 1:
		return "choose an option first"
	default:
		return fmt.Sprintf("choose %d options first, %d chosen so far", n, len(m.chosen))
	}
}
