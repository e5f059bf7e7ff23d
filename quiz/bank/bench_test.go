package bank_test

import (
	"os"
	"testing"

	"claimcheck/quiz/bank"
)

// BenchmarkReadBuiltIn reads all built-in questions, whole and, as the trainer
// does before its first frame, in outline.
func BenchmarkReadBuiltIn(b *testing.B) {
	for name, options := range map[string]bank.Options{"whole": {}, "outline": {Outline: true}} {
		b.Run(name, func(b *testing.B) {
			files := os.DirFS(builtIn)
			for b.Loop() {
				if _, err := bank.Read(files, options); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
