package matrix

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"claimcheck/ui/theme"
)

func table() Table {
	return Table{
		Theme: theme.New(theme.Look{}), Columns: []string{"registered", "expires"}, Row: 1, Column: 0,
		Rows: []Row{
			{Label: "A", Cells: []Cell{{Holds: true}, {}}},
			{Label: "B", Note: "right", Cells: []Cell{{Holds: true}, {Holds: true, Odd: true}}},
		},
	}
}

func drawn(m Table, w int) []string {
	lines := m.Lines(w)
	for i, line := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(line), " ")
	}
	return lines
}

func TestMatrixMarksCellsCursorAndOddRuns(t *testing.T) {
	want := []string{
		"     registered  expires",
		"  A      ✓          ✗",
		"▸ B     [✓]         ✓!    right",
	}
	if diff := cmp.Diff(want, drawn(table(), 60)); diff != "" {
		t.Error(diff)
	}
}

func TestNarrowMatrixNumbersItsColumns(t *testing.T) {
	want := []string{"      1    2", "  A   ✓    ✗", "▸ B  [✓]   ✓!  right"}
	if diff := cmp.Diff(want, drawn(table(), 24)); diff != "" {
		t.Error(diff)
	}
}
