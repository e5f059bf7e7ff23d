package trace_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// record makes a trace of a gateway that asks a function, which is refused a
// table: exchanges 1, 2 and 3.
func record(outer func(gateway *trace.Span)) trace.Trace {
	clock := tracetest.Start()
	r := trace.NewRecorder(func() time.Time { return clock })
	gateway := r.Flow().Open("App", "API Gateway", "GET /tasks", trace.Message{})
	gateway.Decide("gateway.token", true, "a token", "one")
	function := gateway.Open(gateway.Actor(), "Lambda", "lambda:Invoke", trace.Message{})
	table := function.Open(function.Actor(), "DynamoDB", "dynamodb:GetItem", trace.Message{})
	table.Decide("iam.identity-policy", false, "an allow", "none")
	table.Close(trace.Message{Status: 400, Error: "AccessDeniedException"})
	clock = clock.Add(time.Second)
	function.Close(trace.Message{Status: 200})
	outer(gateway)
	return r.Trace()
}

func TestEventsAreNumberedStampedAndNested(t *testing.T) {
	got := record(func(g *trace.Span) { g.Close(trace.Message{Status: 200}) })
	type row struct {
		kind             trace.Kind
		exchange, parent int
		from, to         trace.Actor
	}
	var rows []row
	for i, e := range got.Events {
		if e.Seq != i+1 {
			t.Errorf("event %d has number %d", i+1, e.Seq)
		}
		rows = append(rows, row{e.Kind, e.Exchange, e.Parent, e.From, e.To})
	}
	want := []row{
		{trace.Request, 1, 0, "App", "API Gateway"},
		{trace.Checked, 1, 0, "API Gateway", ""},
		{trace.Request, 2, 1, "API Gateway", "Lambda"},
		{trace.Request, 3, 2, "Lambda", "DynamoDB"},
		{trace.Checked, 3, 2, "DynamoDB", ""},
		{trace.Response, 3, 2, "DynamoDB", "Lambda"},
		{trace.Response, 2, 1, "Lambda", "API Gateway"},
		{trace.Response, 1, 0, "API Gateway", "App"},
	}
	if diff := cmp.Diff(want, rows, cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if last := got.Events[7].At; !last.Equal(tracetest.Start().Add(time.Second)) {
		t.Errorf("the last event is at %v", last)
	}
}

func TestTheDeciderIsTheExchangesOwnRefusalBeforeANestedOne(t *testing.T) {
	own := record(func(g *trace.Span) {
		g.Decide("gateway.authorizer", false, "an answer", "an error")
		g.Close(trace.Message{Status: 500})
	})
	if c, ok := own.Decider(1); !ok || c.Rule != "gateway.authorizer" {
		t.Errorf("the decider is %v", c)
	}
	nested := record(func(g *trace.Span) { g.Close(trace.Message{Status: 500}) })
	if c, ok := nested.Decider(1); !ok || c.Rule != "iam.identity-policy" {
		t.Errorf("the decider is %v", c)
	}
}

func TestANoteNeverDecides(t *testing.T) {
	r := trace.NewRecorder(tracetest.Start)
	span := r.Flow().Open("App", "Cognito user pool", "cognito-idp:InitiateAuth", trace.Message{})
	if span.Note("token.attributes", false, "attributes", "none") {
		t.Error("the note says it held")
	}
	if c, ok := r.Trace().Decider(1); ok {
		t.Errorf("the decider is %v", c)
	}
	if span.Decided() {
		t.Error("the span says that it is decided")
	}
}

func TestChecksIncludeThoseOfNestedExchanges(t *testing.T) {
	got := record(func(g *trace.Span) { g.Close(trace.Message{Status: 200}) })
	for exchange, want := range map[int]int{0: 2, 1: 2, 2: 1, 3: 1, 4: 0} {
		if n := len(got.Checks(exchange)); n != want {
			t.Errorf("exchange %d has %d checks, want %d", exchange, n, want)
		}
	}
}

func TestANilSpanRecordsNothingAndDecidesTheSame(t *testing.T) {
	var recorder *trace.Recorder
	span := recorder.Flow().Open("App", "S3", "s3:PutObject", trace.Message{})
	if span != nil {
		t.Fatal("a span opened on nothing")
	}
	if !span.Decide("a.b", true, "", "") || span.Decide("a.b", false, "", "") {
		t.Error("Decide does not return held")
	}
	span.Note("a.b", false, "", "")
	span.Mint(trace.Token{})
	span.Log("line")
	span.Wait(time.Minute)
	span.Expect(trace.Check{})
	span.Close(trace.Message{})
	if span.Actor() != "" || span.Exchange() != 0 || span.Decided() || recorder.Exchanges() != 0 || recorder.Events() != 0 {
		t.Error("a nil span knows something")
	}
}
