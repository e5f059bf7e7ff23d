// Package setup is the form of a new exam and the list of past ones.
package setup

import (
	"errors"
	"slices"
	"sort"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/scroll"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Theme theme.Theme
	// Questions are those that an exam is put together from.
	Questions []quiz.Question
	// Past are the exams taken, oldest first.
	Past []exam.Past
	// Blueprint is what the form starts from.
	Blueprint exam.Blueprint
	// Begin starts the exam; screen.Kept says when it has begun.
	Begin func(exam.Paper) tea.Cmd
	// Unkept says why nothing is kept, "" when it is.
	Unkept string
}

// Model is the screen.
type Model struct {
	deps   Deps
	wanted exam.Blueprint
	// paper is what can be started: as wanted or, with a shortage, as offered.
	paper    exam.Paper
	shortage *exam.Shortage
	problem  error
	topics   []string
	// unfolded shows the topics to choose from.
	unfolded bool
	cursor   int
	// typed are the digits typed into the field under the cursor.
	typed string
	// starting is set until the exam is kept.
	starting bool
	text     scroll.View
	follow   bool
}

// New opens the form with the cursor on the start.
func New(d Deps) *Model {
	m := &Model{deps: d, wanted: d.Blueprint, topics: topicsOf(d.Questions)}
	m.build()
	return m
}

func topicsOf(questions []quiz.Question) []string {
	seen := map[string]bool{}
	var topics []string
	for _, q := range questions {
		for _, topic := range q.Topics {
			if !seen[topic] {
				seen[topic] = true
				topics = append(topics, topic)
			}
		}
	}
	sort.Strings(topics)
	return topics
}

// build puts the paper together, or what is offered in its place.
func (m *Model) build() {
	m.shortage, m.problem = nil, nil
	m.paper, m.problem = exam.Build(m.wanted, m.deps.Questions)
	if !errors.As(m.problem, &m.shortage) || m.shortage.Have == 0 {
		return
	}
	m.paper, m.problem = exam.Build(m.shortage.Offer, m.deps.Questions)
}

// field is a kind of row.
type field int

const (
	start field = iota
	questions
	minutes
	accommodation
	topics
	topic // index is that of the topic
	seed
	past // index counts from the latest exam
)

type row struct {
	field field
	index int
}

func (m *Model) rows() []row {
	rows := []row{{field: start}, {field: questions}, {field: minutes}, {field: accommodation}, {field: topics}}
	if m.unfolded {
		for i := range m.topics {
			rows = append(rows, row{field: topic, index: i})
		}
	}
	rows = append(rows, row{field: seed})
	for i := range m.deps.Past {
		rows = append(rows, row{field: past, index: i})
	}
	return rows
}

func (m *Model) at() row { return m.rows()[layout.Clamp(m.cursor, 0, len(m.rows())-1)] }

// latest is a past exam, counted from the latest.
func (m *Model) latest(i int) exam.Past { return m.deps.Past[len(m.deps.Past)-1-i] }

const (
	up   keys.Command = "up"
	down keys.Command = "down"
	more keys.Command = "more"
	less keys.Command = "less"
	open keys.Command = "open"
	full keys.Command = "full"
	// digit and a figure type into a field.
	digit = "digit "
)

// Title is the screen's name.
func (m *Model) Title() string { return "Exam" }

// Keys are the bindings as they work now.
func (m *Model) Keys() []keys.Binding {
	hint, blocked, fixed := m.hint()
	bindings := []keys.Binding{
		{Do: open, Keys: []string{"enter", " "}, Label: "Enter", Hint: hint, Help: "do what the line under the cursor says (also Space)", Disabled: blocked},
		{Do: down, Keys: []string{"down", "j"}, Label: "↑↓", Hint: "choose a line", Help: "next line (also j)"},
		{Do: up, Keys: []string{"up", "k"}, Label: "↑", Help: "previous line (also k)"},
		{Do: more, Keys: []string{"right", "l"}, Label: "←→", Hint: "change", Help: "change the value, or type a number", Disabled: fixed},
		{Do: less, Keys: []string{"left", "h"}, Label: "←", Help: "change the value downwards", Disabled: fixed},
		{Do: full, Keys: []string{"f"}, Label: "f", Hint: "full form", Help: "back to the form of the real exam"},
	}
	if m.takesDigits() {
		for _, d := range "0123456789" {
			bindings = append(bindings, keys.Binding{Do: keys.Command(digit + string(d)), Keys: []string{string(d)}})
		}
	}
	return bindings
}

// hint is what Enter does on the line under the cursor, the reason why it does
// nothing, and the reason why there is nothing to change.
func (m *Model) hint() (hint, blocked, fixed string) {
	fixed = "this line has no value to change"
	switch m.at().field {
	case start:
		switch {
		case m.starting:
			blocked = "the exam is about to begin"
		case m.problem != nil:
			blocked = m.problem.Error()
		}
		return "start the exam", blocked, fixed
	case topics:
		return "choose topics", "", fixed
	case past:
		return "open this result", "", fixed
	case topic:
		return "with it or without", "", ""
	case accommodation:
		return "with it or without", "", ""
	}
	return "more", "", ""
}

func (m *Model) takesDigits() bool {
	f := m.at().field
	return f == questions || f == minutes || f == seed
}

// Update changes the form, starts the exam and opens past ones.
func (m *Model) Update(msg tea.Msg) (screen.Action, tea.Cmd) {
	if kept, ok := msg.(screen.Kept); ok && m.starting {
		m.starting = false
		if kept.Err != nil {
			return screen.None(), nil
		}
		return screen.Replace(screen.Route{Name: screen.Exam}), nil
	}
	do := keys.Pressed(m.Keys(), msg)
	if do == open {
		return m.open()
	}
	switch do {
	case up, down:
		m.cursor = layout.Clamp(m.cursor+map[keys.Command]int{up: -1, down: 1}[do], 0, len(m.rows())-1)
		m.typed, m.follow = "", true
	case more:
		m.change(1)
	case less:
		m.change(-1)
	case full:
		m.wanted = exam.Full(m.wanted.Seed)
		m.build()
	default:
		if d, ok := cut(do); ok {
			m.typeDigit(d)
		}
	}
	return screen.None(), nil
}

func cut(do keys.Command) (string, bool) {
	if len(do) != len(digit)+1 || do[:len(digit)] != digit {
		return "", false
	}
	return string(do[len(digit):]), true
}

// open does what Enter does on the line under the cursor.
func (m *Model) open() (screen.Action, tea.Cmd) {
	switch r := m.at(); r.field {
	case start:
		m.starting = true
		return screen.None(), m.deps.Begin(m.paper)
	case topics:
		m.unfolded = !m.unfolded
		m.follow = true
	case past:
		return screen.Open(screen.Route{Name: screen.Result, Exam: m.latest(r.index).SessionID}), nil
	default:
		m.change(1)
	}
	return screen.None(), nil
}

// change moves a value by a step.
func (m *Model) change(by int) {
	const step = 5
	m.typed = ""
	switch r := m.at(); r.field {
	case questions:
		m.setQuestions(stepTo(m.wanted.Questions, by*step))
	case minutes:
		m.wanted.Minutes = stepTo(m.wanted.Minutes, by*step)
	case accommodation:
		m.wanted.Accommodation = !m.wanted.Accommodation
	case topic:
		m.toggle(m.topics[r.index])
	case seed:
		m.wanted.Seed += uint64(by)
	}
	m.build()
}

// stepTo moves n to the next multiple of a step, at least to 1.
func stepTo(n, by int) int {
	size := max(by, -by)
	next := n + by
	if rest := n % size; rest != 0 {
		next = n - rest
		if by > 0 {
			next += size
		}
	}
	return max(next, 1)
}

// setQuestions takes over a number of questions, and the length that goes with it
// at the pace of the real exam.
func (m *Model) setQuestions(n int) {
	const most = 999
	before := m.wanted
	if m.wanted = exam.Short(layout.Clamp(n, 1, most), before.Seed); m.wanted.Questions == exam.FullQuestions {
		m.wanted = exam.Full(before.Seed)
	}
	m.wanted.Accommodation, m.wanted.Topics = before.Accommodation, before.Topics
}

func (m *Model) toggle(topic string) {
	if i := slices.Index(m.wanted.Topics, topic); i >= 0 {
		m.wanted.Topics = slices.Delete(slices.Clone(m.wanted.Topics), i, i+1)
		return
	}
	m.wanted.Topics = append(slices.Clone(m.wanted.Topics), topic)
	sort.Strings(m.wanted.Topics)
}

func (m *Model) typeDigit(d string) {
	const longest = 15
	if len(m.typed) < longest {
		m.typed += d
	}
	n, err := strconv.Atoi(m.typed)
	if err != nil {
		return
	}
	switch m.at().field {
	case questions:
		m.setQuestions(n)
	case minutes:
		m.wanted.Minutes = layout.Clamp(n, 1, 999)
	case seed:
		m.wanted.Seed = uint64(n)
	}
	m.build()
}
