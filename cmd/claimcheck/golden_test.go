package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/quiz"
)

// TestTracesMatchTheirGoldenFiles compares the text of one run of each question
// with testdata/traces: the first run that fails of its first wrong option.
// UPDATE_GOLDEN=1 writes the files anew.
func TestTracesMatchTheirGoldenFiles(t *testing.T) {
	items, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		t.Run(item.Question.ID, func(t *testing.T) {
			option, requirement, ok := firstFailure(item.Question)
			if !ok {
				t.Skip("an unproven question has no runs")
			}
			r, err := runOption(item, option, []string{requirement})
			if err != nil {
				t.Fatal(err)
			}
			var text bytes.Buffer
			printRuns(&text, r)
			compareGolden(t, filepath.Join("testdata", "traces", item.Question.ID+"-"+option.ID+".txt"), text.String())
		})
	}
}

func firstFailure(q quiz.Question) (quiz.Option, string, bool) {
	for _, option := range q.Options {
		for _, r := range q.Requirements {
			if _, fails := option.Fails[r.ID]; fails {
				return option, r.ID, true
			}
		}
	}
	return quiz.Option{}, "", false
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
