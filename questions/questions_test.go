package questions_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"claimcheck/questions"
)

func TestFilesAreReadableAndHoldBanksAndStacks(t *testing.T) {
	files := questions.Files()
	for _, pattern := range []string{"stacks/*.yaml", "*/*.yaml", "schema.json"} {
		matches, err := fs.Glob(files, pattern)
		if err != nil || len(matches) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(matches), err)
		}
		if err := fstest.TestFS(files, matches...); err != nil {
			t.Error(err)
		}
	}
}
