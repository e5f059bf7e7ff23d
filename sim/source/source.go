// Package source reads YAML that people write: positions for every value,
// exact text (no dates or octal numbers made of it), duplicate and unknown keys
// found, and all problems of a file reported at once. It refuses to know what
// the keys mean.
package source

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Position is a place in a file; Line and Column count from 1.
type Position struct {
	File         string
	Line, Column int
}

// String is file:line:column, the form editors jump to.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one thing wrong at one place.
type Problem struct {
	At Position
	// Message says what was expected and what was found, with the offending
	// text quoted and, where there is one, the next step.
	Message string
}

// String is "file:line:column: message".
func (p Problem) String() string { return p.At.String() + ": " + p.Message }

// Problems is every problem of the input, in file order. It is an error when
// it is not empty; return it through Err.
type Problems []Problem

// Add appends a formatted problem.
func (ps *Problems) Add(at Position, format string, args ...any) {
	*ps = append(*ps, Problem{At: at, Message: fmt.Sprintf(format, args...)})
}

// Err returns nil when there are no problems, and the sorted problems otherwise.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	sorted := append(Problems(nil), ps...)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := sorted[i].At, sorted[j].At
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	return sorted
}

// Error is one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Collect adds the problems inside err, or err itself at the given place.
func (ps *Problems) Collect(at Position, err error) {
	if err == nil {
		return
	}
	var inner Problems
	if errors.As(err, &inner) {
		*ps = append(*ps, inner...)
		return
	}
	ps.Add(at, "%s", err)
}
