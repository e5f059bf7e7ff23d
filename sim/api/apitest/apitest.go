// Package apitest gives tests of services a world to run in. It is imported by
// tests only.
package apitest

import (
	"fmt"
	"time"

	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// World is an account 123456789012 in us-east-1 with a clock that the test moves.
type World struct {
	Clock time.Time
	next  int
}

// NewWorld returns a world whose clock stands at tracetest.Start.
func NewWorld() *World { return &World{Clock: tracetest.Start()} }

// Account is always 123456789012.
func (w *World) Account() string { return "123456789012" }

// Region is always us-east-1.
func (w *World) Region() string { return "us-east-1" }

// Now is Clock.
func (w *World) Now() time.Time { return w.Clock }

// Token counts: each call gives another text of n characters from the alphabet.
func (w *World) Token(n int, alphabet string) string {
	w.next++
	text := make([]byte, n)
	rest := w.next
	for i := n - 1; i >= 0; i-- {
		text[i] = alphabet[rest%len(alphabet)]
		rest /= len(alphabet)
	}
	return string(text)
}

// Reserve is always true: there is no other account.
func (w *World) Reserve(string, string) bool { return true }

// UUID counts up in UUID form.
func (w *World) UUID() string {
	w.next++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", w.next)
}

// Recorder returns a recorder on the world's clock.
func (w *World) Recorder() *trace.Recorder { return trace.NewRecorder(w.Now) }
