package choice

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"claimcheck/ui/theme"
)

func TestListShowsCursorBoxesAndWhatIsStruckOut(t *testing.T) {
	options := []Option{
		{Letter: "A", Text: "an identity pool with a role", Mark: Chosen}, {Letter: "B", Text: "an IAM user", Struck: true},
		{Letter: "C", Text: "a user pool", Mark: Keeping}, {Letter: "D", Text: "a table"},
	}
	for name, c := range map[string]struct {
		many bool
		want []string
	}{
		"one":     {false, []string{"  (*) A an identity pool", "        with a role", "▸ --- B an IAM user", "  (·) C a user pool", "  ( ) D a table"}},
		"several": {true, []string{"  [x] A an identity pool", "        with a role", "▸ --- B an IAM user", "  [·] C a user pool", "  [ ] D a table"}},
	} {
		lines, first, last := List{Theme: theme.New(theme.Look{}), Options: options, Cursor: 1, Many: c.many}.Lines(26)
		for i := range lines {
			lines[i] = strings.TrimRight(ansi.Strip(lines[i]), " ")
		}
		if diff := cmp.Diff(c.want, lines); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if first != 2 || last != 2 {
			t.Errorf("%s: the cursor is on lines %d to %d, want 2 to 2", name, first, last)
		}
	}
}
