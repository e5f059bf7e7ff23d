package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTracesMatchTheirGoldenFiles compares the text of one run of each option
// with testdata/traces: the first requirement that fails, or the first of all.
// UPDATE_GOLDEN=1 writes the files anew.
func TestTracesMatchTheirGoldenFiles(t *testing.T) {
	items, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		for _, option := range item.Question.Options {
			name := item.Question.ID + "-" + option.ID
			t.Run(name, func(t *testing.T) {
				requirement := item.Question.Requirements[0].ID
				for _, r := range item.Question.Requirements {
					if _, fails := option.Fails[r.ID]; fails {
						requirement = r.ID
						break
					}
				}
				r, err := runOption(item, option, []string{requirement})
				if err != nil {
					t.Fatal(err)
				}
				var text bytes.Buffer
				printRuns(&text, r)
				compareGolden(t, filepath.Join("testdata", "traces", name+".txt"), text.String())
			})
		}
	}
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: make golden writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
