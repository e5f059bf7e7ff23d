package trace_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimcheck/sim/trace"
)

// recorded is one request to a gateway that makes checks.
func recorded(gateway trace.Actor, path string, rules ...trace.RuleID) trace.Trace {
	r := trace.NewRecorder(func() time.Time { return time.Time{} })
	span := r.Flow().Open("App", gateway, "GET "+path, trace.Message{})
	for _, rule := range rules {
		span.Decide(rule, true, "wanted", "found")
	}
	span.Close(trace.Message{Status: 200})
	return r.Trace()
}

// described is an alignment as text: the titles of both sides, - for nothing.
func described(left, right trace.Trace) []string {
	title := func(t trace.Trace, i int) string {
		if i < 0 {
			return "-"
		}
		return string(t.Events[i].Kind) + " " + t.Events[i].Title
	}
	var rows []string
	for _, p := range trace.Align(left, right) {
		rows = append(rows, title(left, p.Left)+" | "+title(right, p.Right))
	}
	return rows
}

func TestAlignPairsRulesOfTheSameNameInTwoServices(t *testing.T) {
	rest := recorded("API Gateway", "/prod/tasks", "apigateway.stage", "apigateway.cognito.identity-source", "apigateway.cognito.token-use")
	http := recorded("HTTP API", "/tasks", "apigatewayv2.route.stage", "apigatewayv2.route.match", "apigatewayv2.jwt.identity-source", "apigatewayv2.jwt.audience")
	want := []string{
		"request GET /prod/tasks | request GET /tasks",
		"check apigateway.stage | check apigatewayv2.route.stage",
		"- | check apigatewayv2.route.match",
		"check apigateway.cognito.identity-source | check apigatewayv2.jwt.identity-source",
		"check apigateway.cognito.token-use | -",
		"- | check apigatewayv2.jwt.audience",
		"response GET /prod/tasks | response GET /tasks",
	}
	if diff := cmp.Diff(want, described(rest, http)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// anyTrace is a trace of a few exchanges.
func anyTrace() *rapid.Generator[trace.Trace] {
	return rapid.Custom(func(t *rapid.T) trace.Trace {
		r := trace.NewRecorder(func() time.Time { return time.Time{} })
		for range rapid.IntRange(0, 4).Draw(t, "exchanges") {
			span := r.Flow().Open(rapid.SampledFrom([]trace.Actor{"App", "Browser"}).Draw(t, "from"), "API", rapid.SampledFrom([]string{"a", "b"}).Draw(t, "title"), trace.Message{})
			for range rapid.IntRange(0, 3).Draw(t, "checks") {
				span.Note(trace.RuleID(fmt.Sprintf("s.%d", rapid.IntRange(0, 3).Draw(t, "rule"))), true, "", "")
			}
			span.Close(trace.Message{Status: 200})
		}
		return r.Trace()
	})
}

func TestAlignHoldsEveryEventOnceAndInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left, right := anyTrace().Draw(t, "left"), anyTrace().Draw(t, "right")
		i, j := 0, 0
		for _, p := range trace.Align(left, right) {
			if p.Left < 0 && p.Right < 0 || p.Left >= 0 && p.Left != i || p.Right >= 0 && p.Right != j {
				t.Fatalf("pair %v after %d and %d", p, i, j)
			}
			if p.Left >= 0 {
				i++
			}
			if p.Right >= 0 {
				j++
			}
		}
		if i != len(left.Events) || j != len(right.Events) {
			t.Fatalf("%d of %d and %d of %d events", i, len(left.Events), j, len(right.Events))
		}
	})
}

func TestAlignPairsEveryEventOfATraceWithItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := anyTrace().Draw(t, "trace")
		for i, p := range trace.Align(one, one) {
			if p != (trace.Pair{Left: i, Right: i}) {
				t.Fatalf("pair %d is %v", i, p)
			}
		}
	})
}
