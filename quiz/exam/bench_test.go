package exam_test

import (
	"testing"

	"claimcheck/quiz/exam"
)

// BenchmarkReplay replays a full exam of 1,000 events, as the trainer does when
// it opens one.
func BenchmarkReplay(b *testing.B) {
	p := paper(b, exam.Full(1))
	events := []exam.Event{{At: at(0), Kind: exam.Started}}
	for n := range 1000 {
		e := exam.Event{At: at(float64(n) / 10), Kind: exam.Shown, Item: n % 65}
		if n%2 == 1 {
			e.Kind, e.Options = exam.Chosen, p.Items[n%65].Key
		}
		events = append(events, e)
	}
	for b.Loop() {
		exam.Replay(p, events, at(101))
	}
}
