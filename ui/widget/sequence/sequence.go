// Package sequence draws a trace as a sequence diagram: one lane for each
// actor, one row for each event, a caption beside it. What lies after the
// cursor is faint, what is not to be seen yet is left out. It refuses to know
// what the events mean to a learner: the inspector tells that.
package sequence

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/phrase"
)

// Diagram is a trace with a cursor in it.
type Diagram struct {
	Theme  theme.Theme
	Events []trace.Event
	// Steps are the rows: see Fold.
	Steps []Step
	// Cursor is the index of the current step.
	Cursor int
	// Shown is how many steps may be seen; those after it are left out.
	Shown int
	// Decider is the Seq of the event that decides the run, 0 for none.
	Decider int
}

// Draw returns exactly size.H lines of size.W cells.
func (d Diagram) Draw(size layout.Size) []string {
	if size.W < 12 || size.H < 1 {
		return layout.Block(nil, size)
	}
	l := arrange(d.Events, size.W, gutter(len(d.Steps)))
	head := d.head(l, size)
	h := size.H - len(head)
	rows := min(d.Shown, len(d.Steps))
	hidden := len(d.Steps) - rows
	total := rows
	if hidden > 0 {
		total++
	}
	top := layout.Clamp(d.Cursor-h/2, 0, total-h)
	lines := head
	for i := top; i < min(top+h, total); i++ {
		if i == rows {
			lines = append(lines, d.curtain(l, hidden))
			continue
		}
		lines = append(lines, d.row(l, i, size.W))
	}
	return layout.Block(lines, size)
}

// head is the line or lines above the lanes. Where a legend would take too much
// of the height, only the actors of the current event are named.
func (d Diagram) head(l lanes, size layout.Size) []string {
	head := l.head(d.Theme, size.W)
	if len(head) <= max(size.H/3, 2) {
		return head
	}
	if l.numbered && d.Cursor < len(d.Steps) {
		actors := l.between(d.Events[d.Steps[d.Cursor].First])
		return []string{" " + d.Theme.Dim.Render(layout.Cut(actors, size.W-1)), head[len(head)-1]}
	}
	return head[max(len(head)-size.H/3, 0):]
}

// gutter is the width of pointer, number and air before the lanes.
func gutter(steps int) int { return len(strconv.Itoa(steps)) + 3 }

func (d Diagram) row(l lanes, i, w int) string {
	step := d.Steps[i]
	e := d.Events[step.First]
	past := i <= d.Cursor
	number := d.Theme.Faint.Render(fmt.Sprintf("%*d", l.gutter-3, i+1))
	pointer := " "
	if i == d.Cursor {
		pointer = d.Theme.Accent.Render(theme.Pointer)
	}
	text, style := d.caption(e)
	m, tone := mark(e, d.Decider), d.tone(e)
	if step.Last > step.First {
		var held bool
		text, held = folded(d.Events[step.First : step.Last+1])
		style, m, tone = d.Theme.Dim, []rune(theme.Aside)[0], noting
		if held {
			m, tone = []rune(theme.Yes)[0], passing
		}
	}
	cells := l.cells(e, m, tone)
	decides := d.Theme.Warn
	if !past {
		style, decides = d.Theme.Faint, d.Theme.Faint
		for j := range cells {
			cells[j].tone = fading
		}
	}
	line := pointer + number + "  " + d.draw(cells) + " "
	tail := ""
	if e.Seq == d.Decider {
		tail = " " + theme.Back + " decides"
	}
	room := w - l.captionAt() - len([]rune(tail))
	line += style.Render(layout.Cut(text, room))
	if tail != "" {
		line += decides.Render(tail)
	}
	if i == d.Cursor {
		return d.Theme.Select(layout.Line(line, w))
	}
	return line
}

func (d Diagram) curtain(l lanes, hidden int) string {
	text := fmt.Sprintf("%d more after this", hidden)
	return strings.Repeat(" ", l.gutter) + d.draw(l.empty()) + " " + d.Theme.Faint.Render(text)
}

// tone is the colour of an event's own cells.
func (d Diagram) tone(e trace.Event) tone {
	switch {
	case e.Check != nil && e.Check.Held:
		return passing
	case phrase.Aside(e, d.Decider):
		return noting
	case e.Check != nil:
		return failing
	case e.Kind == trace.Minted:
		return minting
	case e.Kind == trace.Response && refused(e):
		return failing
	case e.Kind == trace.Response:
		return passing
	}
	return moving
}

func refused(e trace.Event) bool {
	return e.Message != nil && (e.Message.Status >= 400 || e.Message.Error != "")
}

// caption is the text beside an event's row.
func (d Diagram) caption(e trace.Event) (string, lipgloss.Style) {
	t := d.Theme
	switch e.Kind {
	case trace.Request:
		return e.Title, t.Strong
	case trace.Response:
		text := phrase.Status(*e.Message)
		if refused(e) {
			return text, t.Bad
		}
		return text, t.Good
	case trace.Checked:
		if e.Check.Held || phrase.Aside(e, d.Decider) {
			return string(e.Check.Rule), t.Dim
		}
		return string(e.Check.Rule), t.Bad
	case trace.Minted:
		return e.Title + " issued", t.Token
	case trace.Logged:
		return e.Title, t.Dim
	case trace.Waited:
		return phrase.Span(e.Title) + " later", t.Warn
	}
	if e.Check != nil && !e.Check.Held {
		return "expected " + e.Check.Wanted, t.Bad
	}
	return "as expected: " + e.Title, t.Good
}

func (d Diagram) draw(cells []cell) string {
	var b strings.Builder
	for i := 0; i < len(cells); {
		j := i
		var run strings.Builder
		for j < len(cells) && cells[j].tone == cells[i].tone {
			run.WriteRune(cells[j].r)
			j++
		}
		b.WriteString(d.style(cells[i].tone).Render(run.String()))
		i = j
	}
	return b.String()
}

func (d Diagram) style(t tone) lipgloss.Style {
	switch t {
	case moving:
		return d.Theme.Accent
	case passing:
		return d.Theme.Good
	case failing:
		return d.Theme.Bad
	case minting:
		return d.Theme.Token
	case waiting, noting:
		return d.Theme.Warn
	case fading:
		return d.Theme.Faint
	}
	return d.Theme.Border
}
