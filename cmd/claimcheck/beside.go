package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"claimcheck/sim/trace"
)

const (
	// twoColumns is the least width at which two runs stand next to each other;
	// below it they stand one below the other.
	twoColumns = 120
	// fileWidth is the width where nothing says how wide the reader's page is.
	fileWidth = 160
	gutter    = " │ "
)

// comparison is the JSON form of two runs beside each other.
type comparison struct {
	Left  runs  `json:"left"`
	Right runs  `json:"right"`
	Rows  []row `json:"rows"`
}

// row is what stands at one height: the seq of an event of each run, 0 where
// that run has none. The events of a row that is the same read alike.
type row struct {
	Left  int  `json:"left"`
	Right int  `json:"right"`
	Same  bool `json:"same"`

	left, right []string
}

// compare runs the option of args and the one that beside names.
func compare(args []string, beside string) (comparison, error) {
	if len(args) != 3 {
		return comparison{}, errors.New("--beside compares two runs: name the REQUIREMENT of the first one too")
	}
	other, err := besideArgs(args, beside)
	if err != nil {
		return comparison{}, err
	}
	left, err := traceRuns(args)
	if err != nil {
		return comparison{}, err
	}
	right, err := traceRuns(other)
	if err != nil {
		return comparison{}, err
	}
	return newComparison(left, right), nil
}

// newComparison aligns the first run of each side.
func newComparison(a, b runs) comparison {
	c := comparison{Left: a, Right: b}
	left, right := c.Left.Runs[0].Trace, c.Right.Runs[0].Trace
	leftBlocks, rightBlocks := blocks(left), blocks(right)
	for _, p := range trace.Align(left, right) {
		var r row
		if p.Left >= 0 {
			r.Left, r.left = left.Events[p.Left].Seq, leftBlocks[p.Left]
		}
		if p.Right >= 0 {
			r.Right, r.right = right.Events[p.Right].Seq, rightBlocks[p.Right]
		}
		r.Same = slices.Equal(r.left, r.right)
		c.Rows = append(c.Rows, r)
	}
	return c
}

// besideArgs reads OPTION, REQUIREMENT or OPTION/REQUIREMENT; what is not named
// is that of the first run.
func besideArgs(args []string, beside string) ([]string, error) {
	item, err := question(args[0])
	if err != nil {
		return nil, err
	}
	option, requirement, both := strings.Cut(beside, "/")
	if both {
		return []string{args[0], option, requirement}, nil
	}
	if _, isOption := item.Question.Option(strings.ToUpper(beside)); isOption {
		return []string{args[0], beside, args[2]}, nil
	}
	return []string{args[0], args[1], beside}, nil
}

// completeBeside offers the options and requirements of the question.
func completeBeside(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	item, err := question(args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return append(optionIDs(item.Question), requirementIDs(item.Question)...), cobra.ShellCompDirectiveNoFileComp
}

// pageWidth is the width that was asked for, or the terminal's, or a file's.
func pageWidth(asked int, w io.Writer) int {
	if asked > 0 {
		return asked
	}
	if file, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(file.Fd()); err == nil && width > 0 {
			return width
		}
	}
	return fileWidth
}

// printComparison prints what both runs share once, across the page, and what
// they do not share in two columns, or one below the other on a narrow page.
func printComparison(w io.Writer, c comparison, width int) {
	p := besidePrinter{w: w, width: width}
	p.row(row{left: []string{heading(c.Left)}, right: []string{heading(c.Right)}})
	fmt.Fprintln(w)
	for _, r := range c.Rows {
		p.row(r)
	}
	fmt.Fprintln(w)
	p.row(row{left: verdictLines(c.Left.Runs[0]), right: verdictLines(c.Right.Runs[0])})
}

func heading(r runs) string {
	return fmt.Sprintf("%s, option %s, %s: %s", r.Question, r.Option, r.Runs[0].Requirement, r.Runs[0].Says)
}

type besidePrinter struct {
	w     io.Writer
	width int
}

func (p besidePrinter) row(r row) {
	switch {
	case r.Same:
		p.lines("", r.left, p.width)
	case p.width < twoColumns:
		p.lines("< ", r.left, p.width-2)
		p.lines("> ", r.right, p.width-2)
	default:
		p.columns(r)
	}
}

func (p besidePrinter) lines(mark string, lines []string, width int) {
	for _, line := range wrapAll(lines, width) {
		fmt.Fprintln(p.w, mark+line)
	}
}

func (p besidePrinter) columns(r row) {
	width := (p.width - ansi.StringWidth(gutter)) / 2
	left, right := wrapAll(r.left, width), wrapAll(r.right, width)
	for i := range max(len(left), len(right)) {
		var l, rest string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			rest = right[i]
		}
		padded := l + strings.Repeat(" ", max(width-ansi.StringWidth(l), 0))
		fmt.Fprintln(p.w, strings.TrimRight(padded+gutter+rest, " "))
	}
}

// wrapAll breaks lines that are too wide; what follows a break is as far in as
// the line.
func wrapAll(lines []string, width int) []string {
	var wrapped []string
	for _, line := range lines {
		text := strings.TrimLeft(line, " ")
		indent := strings.Repeat(" ", min(len(line)-len(text), width/3))
		for part := range strings.SplitSeq(ansi.Wrap(text, max(width-len(indent), 1), ""), "\n") {
			wrapped = append(wrapped, indent+part)
		}
	}
	return wrapped
}
