package bank_test

import (
	"os"
	"testing"

	"claimcheck/quiz/bank"
)

// BenchmarkReadBuiltIn reads all built-in questions, as the trainer does before
// its first frame.
func BenchmarkReadBuiltIn(b *testing.B) {
	files := os.DirFS(builtIn)
	for b.Loop() {
		if _, err := bank.Read(files, bank.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
