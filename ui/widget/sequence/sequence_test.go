package sequence

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/trace"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
)

// recorded is an app asking an API that asks a function, is refused a minute
// later, and a flow that looks.
func recorded() []trace.Event {
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	r := trace.NewRecorder(func() time.Time { return now })
	s := r.Flow().Open("App", "API Gateway", "GET /tasks", trace.Message{})
	s.Decide("a.first", true, "", "")
	s.Note("a.second", false, "", "")
	l := s.Open("API Gateway", "Lambda", "lambda:Invoke", trace.Message{})
	l.Log("hello")
	l.Close(trace.Message{Status: 200})
	s.Close(trace.Message{Status: 200})
	r.Flow().Wait(61 * time.Minute)
	s = r.Flow().Open("App", "API Gateway", "GET /tasks", trace.Message{})
	s.Decide("a.first", true, "", "")
	s.Decide("a.third", false, "", "")
	s.Close(trace.Message{Status: 401})
	r.Flow().Expect(trace.Check{Wanted: "reply.status == 200", Found: "401"})
	return r.Trace().Events
}

func draw(d Diagram, w, h int) []string {
	lines := d.Draw(layout.Size{W: w, H: h})
	for i, line := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(line), " ")
	}
	return lines
}

func TestDiagramHasALaneForEachActorAndARowForEachStep(t *testing.T) {
	events := recorded()
	d := Diagram{Theme: theme.New(theme.Look{}), Events: events, Steps: Fold(events, 11), Cursor: 3, Shown: 99, Decider: 11}
	want := []string{
		"          App      API Gateway    Lambda",
		"  1        ├───────────▸│            │       GET /tasks",
		"  2        │            ✓            │       1 check holds, 1 note",
		"  3        │            ├───────────▸│       lambda:Invoke",
		"▸ 4        │            │            ·       hello",
		"  5        │            │◂╌╌╌╌╌╌╌╌╌╌╌┤       200 OK",
		"  6        │◂╌╌╌╌╌╌╌╌╌╌╌┤            │       200 OK",
		"  7  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ 61 min later",
		"  8        ├───────────▸│            │       GET /tasks",
		"  9        │            ✓            │       a.first",
		" 10        │            ✗            │       a.third ◂ decides",
		" 11        │◂╌╌╌╌╌╌╌╌╌╌╌┤            │       401 Unauthorized",
		" 12        ✗            │            │       expected reply.status == 200",
	}
	if diff := cmp.Diff(want, draw(d, 81, len(want))); diff != "" {
		t.Error(diff)
	}
}

func TestNarrowDiagramNumbersItsLanes(t *testing.T) {
	events := recorded()
	d := Diagram{Theme: theme.New(theme.Look{}), Events: events, Steps: Fold(events, 0), Shown: 99}
	got := draw(d, 46, 16)
	if want := " 1 App  2 API Gateway  3 Lambda"; got[0] != want {
		t.Errorf("the legend is %q, want %q", got[0], want)
	}
	if strings.Join(strings.Fields(got[1]), "") != "123" {
		t.Errorf("the numbers are %q", got[1])
	}
}

func TestLowDiagramNamesTheActorsOfTheStepOnly(t *testing.T) {
	events := recorded()
	d := Diagram{Theme: theme.New(theme.Look{}), Events: events, Steps: Steps(events), Cursor: 3, Shown: 99}
	if got := draw(d, 24, 6)[0]; got != " 2 API Gateway ▸ 3 Lamb…" {
		t.Errorf("the head is %q", got)
	}
}

func TestWhatMayNotBeSeenIsCountedOnly(t *testing.T) {
	events := recorded()
	d := Diagram{Theme: theme.New(theme.Look{}), Events: events, Steps: Steps(events), Shown: 2}
	got := strings.Join(draw(d, 80, 20), "\n")
	if strings.Contains(got, "lambda:Invoke") || !strings.Contains(got, "more after this") {
		t.Error(got)
	}
}

func TestTheCursorIsAlwaysInSight(t *testing.T) {
	events := recorded()
	for h := 3; h < 20; h++ {
		for i := range events {
			d := Diagram{Theme: theme.New(theme.Look{}), Events: events, Steps: Steps(events), Cursor: i, Shown: 99}
			if got := strings.Join(draw(d, 80, h), "\n"); !strings.Contains(got, theme.Pointer+" ") && !strings.Contains(got, theme.Pointer+"1") {
				t.Fatalf("height %d, step %d: no cursor in\n%s", h, i+1, got)
			}
		}
	}
}

func TestFoldKeepsRefusalsDecidersAndExchangesApart(t *testing.T) {
	events := recorded()
	fold := func(decider int) []Step { return Fold(events, decider) }
	if diff := cmp.Diff(Step{First: 1, Last: 2}, fold(0)[1]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Step{First: 1, Last: 1}, fold(2)[1]); diff != "" {
		t.Errorf("a deciding check is folded: %s", diff)
	}
	total := 0
	for _, s := range fold(0) {
		total += s.Last - s.First + 1
	}
	if total != len(events) {
		t.Errorf("the steps stand for %d events, want %d", total, len(events))
	}
	for i := range events {
		if s := fold(0)[At(fold(0), i)]; i < s.First || i > s.Last {
			t.Errorf("event %d is in step %+v", i, s)
		}
	}
}
