package nodejs

import (
	"container/heap"
	"time"
)

// event is something that happens to the handler at a virtual time: a timer
// fires or an AWS call is answered.
type event struct {
	at time.Duration
	// order breaks ties: first scheduled, first delivered.
	order int
	// function is the runtime's JavaScript function that takes the event.
	function string
	args     []string
	// timer is the timer's number, 0 for a call.
	timer int
}

// loop is the virtual clock of one invocation with the events that lie ahead.
type loop struct {
	now, deadline time.Duration
	scheduled     int
	ahead         events
}

// schedule puts an event on the clock, after the given delay.
func (l *loop) schedule(after time.Duration, e event) {
	l.scheduled++
	e.at, e.order = l.now+after, l.scheduled
	heap.Push(&l.ahead, e)
}

// cancel forgets a timer. One that is gone already is no error.
func (l *loop) cancel(timer int) {
	for i, e := range l.ahead {
		if e.timer == timer {
			heap.Remove(&l.ahead, i)
			return
		}
	}
}

// next moves the clock to the next event. There is none when the handler waits
// for nothing, and late is true when the deadline comes first.
func (l *loop) next() (e event, some, late bool) {
	if len(l.ahead) == 0 {
		return event{}, false, false
	}
	e = heap.Pop(&l.ahead).(event)
	if e.at > l.deadline {
		l.now = l.deadline
		return event{}, true, true
	}
	l.now = e.at
	return e, true, false
}

// events is a heap by time.
type events []event

func (h events) Len() int { return len(h) }
func (h events) Less(i, j int) bool {
	if h[i].at != h[j].at {
		return h[i].at < h[j].at
	}
	return h[i].order < h[j].order
}
func (h events) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *events) Push(x any)   { *h = append(*h, x.(event)) }
func (h *events) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	*h = (*h)[:last]
	return e
}
