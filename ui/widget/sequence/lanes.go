package sequence

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/phrase"
)

// tone is the colour of a cell, by what it stands for.
type tone int

const (
	resting tone = iota // a lane where nothing happens
	moving
	passing
	failing
	minting
	waiting
	noting
	fading
)

type cell struct {
	r    rune
	tone tone
}

// lanes are the actors with their places. With too little room for names the
// lanes are numbered and a legend names them.
type lanes struct {
	actors   []trace.Actor
	pitch    int
	gutter   int
	numbered bool
}

const (
	minPitch      = 2
	namedPitch    = 14 // the widest for lanes with names
	numberedPitch = 6  // and for those with numbers
	namedCaption  = 36 // what captions need beside lanes with names
	widestCaption = 42 // what they get beside lanes with numbers
	headLines     = 3
	cutWord       = 8 // what must be left of a word in a lane's name
)

// arrange gives the captions what they need, and the lanes the rest: with their
// names where they can be read, numbered where not.
func arrange(events []trace.Event, w, gutter int) lanes {
	l := lanes{actors: Actors(events), gutter: gutter}
	n := max(len(l.actors), 1)
	room := w - gutter - 1
	l.pitch = min((room-namedCaption)/n, namedPitch)
	if l.pitch > min(longestWord(l.actors), cutWord) {
		return l
	}
	l.numbered = true
	l.pitch = layout.Clamp((room-min(widestCaption, room*3/5))/n, minPitch, numberedPitch)
	return l
}

func longestWord(actors []trace.Actor) int {
	longest := 0
	for _, a := range actors {
		for _, word := range strings.Fields(string(a)) {
			longest = max(longest, ansi.StringWidth(word))
		}
	}
	return longest
}

// Actors lists the actors of a trace in the order they first appear.
func Actors(events []trace.Event) []trace.Actor {
	var actors []trace.Actor
	seen := map[trace.Actor]bool{"": true}
	for _, e := range events {
		for _, a := range []trace.Actor{e.From, e.To} {
			if !seen[a] {
				seen[a] = true
				actors = append(actors, a)
			}
		}
	}
	return actors
}

func (l lanes) width() int     { return l.pitch * len(l.actors) }
func (l lanes) captionAt() int { return l.gutter + l.width() + 1 }
func (l lanes) x(i int) int    { return i*l.pitch + (l.pitch-1)/2 }
func (l lanes) lane(a trace.Actor) int {
	for i, actor := range l.actors {
		if actor == a {
			return i
		}
	}
	return 0
}

// head is the line or lines above the lanes.
func (l lanes) head(t theme.Theme, w int) []string {
	indent := strings.Repeat(" ", l.gutter)
	if !l.numbered {
		lines := l.names()
		for i, line := range lines {
			lines[i] = indent + t.Strong.Render(line)
		}
		return lines
	}
	var legend []string
	var numbers strings.Builder
	for i, a := range l.actors {
		legend = append(legend, l.number(a))
		numbers.WriteString(layout.Line(strings.Repeat(" ", (l.pitch-1)/2)+strconv.Itoa(i+1), l.pitch))
	}
	lines := theme.Lines(t.Dim, layout.Wrap(nonBreaking(legend), w-1))
	for i, line := range lines {
		lines[i] = " " + strings.ReplaceAll(line, "\u00a0", " ")
	}
	return append(lines, indent+t.Strong.Render(numbers.String()))
}

// between names the actors of one event with their numbers.
func (l lanes) between(e trace.Event) string {
	text := l.number(e.From)
	if e.To != "" && e.To != e.From {
		text += " " + theme.Pointer + " " + l.number(e.To)
	}
	return text
}

func (l lanes) number(a trace.Actor) string {
	if a == "" {
		return ""
	}
	return strconv.Itoa(l.lane(a)+1) + " " + string(a)
}

// nonBreaking joins phrases so that lines break only between them.
func nonBreaking(phrases []string) string {
	for i, p := range phrases {
		phrases[i] = strings.ReplaceAll(p, " ", "\u00a0")
	}
	return strings.Join(phrases, "  ")
}

// names writes each actor's name centred above its lane, the last word lowest.
func (l lanes) names() []string {
	columns := make([][]string, len(l.actors))
	height := 0
	for i, a := range l.actors {
		columns[i] = fold(string(a), l.pitch-1)
		height = max(height, len(columns[i]))
	}
	lines := make([]string, height)
	for i, column := range columns {
		for j := range lines {
			word := ""
			if k := j - (height - len(column)); k >= 0 {
				word = column[k]
			}
			left := max(((l.pitch-1)-ansi.StringWidth(word)+1)/2, 0)
			lines[j] = layout.Line(lines[j], i*l.pitch) + layout.Line(strings.Repeat(" ", left)+word, l.pitch)
		}
	}
	return lines
}

// fold wraps a name into at most headLines lines of w cells, words cut to fit.
func fold(name string, w int) []string {
	words := strings.Fields(name)
	for i, word := range words {
		words[i] = layout.Cut(word, w)
	}
	lines := layout.Wrap(strings.Join(words, " "), w)
	if len(lines) > headLines {
		lines = lines[:headLines]
		lines[headLines-1] = layout.Cut(lines[headLines-1]+"…", w)
	}
	return lines
}

// empty is a row of lanes where nothing happens.
func (l lanes) empty() []cell {
	cells := make([]cell, l.width())
	for i := range cells {
		cells[i] = cell{r: ' '}
	}
	for i := range l.actors {
		cells[l.x(i)] = cell{r: '│'}
	}
	return cells
}

// cells is the row of one event; the mark is for those inside a lane.
func (l lanes) cells(e trace.Event, mark rune, t tone) []cell {
	cells := l.empty()
	if len(l.actors) == 0 {
		return cells
	}
	switch e.Kind {
	case trace.Request:
		l.arrow(cells, e, '─', t)
	case trace.Response:
		l.arrow(cells, e, '╌', t)
	case trace.Waited:
		for i := range cells {
			cells[i] = cell{r: '┄', tone: waiting}
		}
	default:
		cells[l.x(l.lane(e.From))] = cell{r: mark, tone: t}
	}
	return cells
}

// mark is what an event inside a lane is drawn as.
func mark(e trace.Event, decider int) rune {
	switch {
	case e.Check != nil && e.Check.Held:
		return []rune(theme.Yes)[0]
	case phrase.Aside(e, decider):
		return []rune(theme.Aside)[0]
	case e.Check != nil:
		return []rune(theme.No)[0]
	case e.Kind == trace.Minted:
		return []rune(theme.Minted)[0]
	}
	return '·'
}

// arrow draws from one lane to another: the tail on the sender's lane, the head
// right beside the receiver's.
func (l lanes) arrow(cells []cell, e trace.Event, line rune, t tone) {
	from, to := l.x(l.lane(e.From)), l.x(l.lane(e.To))
	if from == to {
		cells[from] = cell{r: '●', tone: t}
		return
	}
	step, tail, head := 1, '├', []rune(theme.Pointer)[0]
	if to < from {
		step, tail, head = -1, '┤', []rune(theme.Back)[0]
	}
	cells[from] = cell{r: tail, tone: t}
	for x := from + step; x != to; x += step {
		r := line
		if cells[x].r == '│' {
			r = '┼'
		}
		cells[x] = cell{r: r, tone: t}
	}
	cells[to-step] = cell{r: head, tone: t}
}
