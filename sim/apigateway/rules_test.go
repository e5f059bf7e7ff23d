package apigateway

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	var cover tracetest.Coverage
	for _, row := range routeRows() {
		f := openAPI(t, nil)
		f.cover = &cover
		f.send(row.request())
	}
	for _, row := range cognitoRows() {
		row.run(t, &cover)
	}
	for _, row := range lambdaRows() {
		row.run(t, &cover)
	}
	for _, row := range tableA() {
		f := lambdaAPI(t, authorizerProperties{}, policy(row.attached, "execute-api:/*"), answering(row.identity))
		f.cover = &cover
		f.get("x")
		f.get("x")
	}
	for _, row := range proxyRows() {
		row.send(t, &cover)
	}
	for _, row := range mockRows() {
		row.send(t, &cover)
	}
	for _, row := range customRows() {
		row.send(t, &cover)
	}
	sendHTTP(t, ordersURL, &cover)
	sendHTTP(t, "https://orders.invalid/", &cover)
	for _, row := range validationRows() {
		row.send(t, &cover)
	}
	for _, row := range jwtRows() {
		row.send(t, &cover)
	}
	coverKeys(t, &cover)
	cover.Require(t, Rules())
}

// coverKeys sees each rule of API keys hold and fail.
func coverKeys(t *testing.T, cover *tracetest.Coverage) {
	t.Helper()
	f, key := metered(t)
	f.cover = cover
	f.getWithKey("")
	f.getWithKey(keyText)
	limited := throttledStage(t)
	limited.cover = cover
	limited.getFrom("/test/tasks")
	limited.getFrom("/test/tasks")
	for _, row := range sizeRows() {
		row.send(t, cover)
	}
	f.plan(key, withThrottle(2, 1), withQuota(1, "DAY"))
	for range 3 {
		f.getWithKey(keyText)
	}
}

func TestRulesAreListedOnceWithTheirSources(t *testing.T) {
	seen := map[trace.RuleID]bool{}
	for _, rule := range Rules() {
		if seen[rule.ID] || rule.Statement == "" || rule.Source == "" || rule.Confidence == "" {
			t.Errorf("rule %+v is listed twice or not whole", rule)
		}
		seen[rule.ID] = true
	}
}

func TestSameRequestsGiveTheSameTrace(t *testing.T) {
	run := func() trace.Trace {
		f := lambdaAPI(t, authorizerProperties{}, policy("Allow", "execute-api:/*"), answering("Allow"))
		f.get("a")
		return f.get("a").trace
	}
	if diff := cmp.Diff(run(), run()); diff != "" {
		t.Error(diff)
	}
}
