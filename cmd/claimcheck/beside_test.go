package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// TestComparisonsMatchTheirGoldenFiles compares two runs beside each other, on a
// wide page and on a narrow one, with testdata/beside.
func TestComparisonsMatchTheirGoldenFiles(t *testing.T) {
	c, err := compare([]string{"one-token-two-apis", "C", "rest"}, "http")
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{80, 160} {
		var text bytes.Buffer
		printComparison(&text, c, width)
		compareGolden(t, filepath.Join("testdata", "beside", fmt.Sprintf("one-token-two-apis-%d.txt", width)), text.String())
	}
}

func TestNoLineOfAComparisonIsWiderThanThePage(t *testing.T) {
	c, err := compare([]string{"cached-policy-other-method", "C", "editors"}, "B/spared")
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{24, 40, 80, 119, 120, 121, 160, 250} {
		var text bytes.Buffer
		printComparison(&text, c, width)
		for line := range strings.SplitSeq(text.String(), "\n") {
			if ansi.StringWidth(line) > width {
				t.Errorf("on a page of %d: %d columns: %s", width, ansi.StringWidth(line), line)
			}
		}
	}
}

func TestWhatStandsBesideIsAnOptionARequirementOrBoth(t *testing.T) {
	for beside, want := range map[string]string{
		"identity": "B identity", "A": "A access", "a": "a access", "A/identity": "A identity", "nonsense": "B nonsense",
	} {
		got, err := besideArgs([]string{"id-token-at-http-api", "B", "access"}, beside)
		if err != nil || strings.Join(got[1:], " ") != want {
			t.Errorf("%s: %v, %v", beside, got, err)
		}
	}
}
