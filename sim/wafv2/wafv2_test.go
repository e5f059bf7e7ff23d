package wafv2

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	stage   = "arn:aws:apigateway:us-east-1::/restapis/a1b2c3/stages/prod"
	metrics = "VisibilityConfig: {CloudWatchMetricsEnabled: false, MetricName: m, SampledRequestsEnabled: false}"
	office  = `
  Office:
    Type: AWS::WAFv2::IPSet
    Properties: {Addresses: [203.0.113.0/24], IPAddressVersion: IPV4, Scope: REGIONAL}`
	fromOffice = "{IPSetReferenceStatement: {Arn: !GetAtt Office.Arn}}"
	tooOften   = "{RateBasedStatement: {Limit: 10, AggregateKeyType: IP}}"
)

// aclWith is a template with a web ACL before the stage; a rule is written as
// PRIORITY ACTION STATEMENT.
func aclWith(standard string, rules ...string) string {
	items := make([]string, len(rules))
	for i, r := range rules {
		parts := strings.SplitN(r, " ", 3)
		items[i] = fmt.Sprintf("{Name: r%d, Priority: %s, Action: {%s: {}}, Statement: %s, %s}", i, parts[0], parts[1], parts[2], metrics)
	}
	return "Resources:" + office + `
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Name: wall
      Scope: REGIONAL
      DefaultAction: ` + standard + `
      ` + metrics + `
      CustomResponseBodies: {later: {Content: later, ContentType: TEXT_PLAIN}}
      Rules: [` + strings.Join(items, ", ") + `]
  Before:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {WebACLArn: !GetAtt Acl.Arn, ResourceArn: "` + stage + `"}
`
}

type bench struct {
	*apitest.Bench
	wall *Firewall
}

func newBench(t *testing.T, template string) bench {
	t.Helper()
	w := apitest.NewWorld()
	wall := New(w)
	b := bench{apitest.NewBench(t, w, wall), wall}
	if err := b.Deploy(template); err != nil {
		t.Fatal(err)
	}
	return b
}

// inspect shows the wall a request for /prod/tasks.
func (b bench) inspect(change func(*api.HTTPRequest)) (bool, *api.HTTPResponse) {
	request := api.HTTPRequest{Method: "GET", URL: "https://a1b2c3.execute-api.us-east-1.amazonaws.com/prod/tasks?q=1", Header: api.Header{}, SourceIP: "198.51.100.7"}
	if change != nil {
		change(&request)
	}
	recorder := b.World.Recorder()
	span := recorder.Flow().Open("App", "API Gateway", "GET /prod/tasks", trace.Message{})
	allowed, custom := b.wall.Inspect(span, stage, request)
	b.Record(recorder)
	return allowed, custom
}

func from(address string) func(*api.HTTPRequest) {
	return func(r *api.HTTPRequest) { r.SourceIP = address }
}

func header(name, value string) func(*api.HTTPRequest) {
	return func(r *api.HTTPRequest) { r.Header.Set(name, value) }
}

func matching(field, constraint, text string) string {
	return fmt.Sprintf("{ByteMatchStatement: {SearchString: %q, PositionalConstraint: %s, FieldToMatch: %s, TextTransformations: [{Priority: 0, Type: LOWERCASE}]}}",
		text, constraint, field)
}

type row struct {
	name, source string
	standard     string
	rules        []string
	request      func(*api.HTTPRequest)
	allowed      bool
}

func rows() []row {
	const order, set, text = guide + "web-acl-rule-actions.html", guide + "waf-rule-statement-type-ipset-match.html", guide + "waf-rule-statement-type-string-match.html"
	agent := matching("{SingleHeader: {Name: User-Agent}}", "CONTAINS", "bot")
	return []row{
		{"default action Allow", order, "{Allow: {}}", nil, nil, true},
		{"default action Block", order, "{Block: {}}", nil, nil, false},
		{"only the office, from there", set, "{Block: {}}", []string{"0 Allow " + fromOffice}, from("203.0.113.9"), true},
		{"only the office, from elsewhere", set, "{Block: {}}", []string{"0 Allow " + fromOffice}, nil, false},
		{"not the office", set, "{Allow: {}}", []string{"0 Block " + fromOffice}, from("203.0.113.9"), false},
		{"an address that is none", set, "{Allow: {}}", []string{"0 Block " + fromOffice}, from("nowhere"), true},
		{"a rule that counts goes on", order, "{Allow: {}}", []string{"0 Count " + fromOffice}, from("203.0.113.9"), true},
		{"the lower priority decides", order, "{Allow: {}}", []string{"5 Block " + fromOffice, "1 Allow " + fromOffice}, from("203.0.113.9"), true},
		{"a header", text, "{Allow: {}}", []string{"0 Block " + agent}, header("user-agent", "EvilBot/1"), false},
		{"another header", text, "{Allow: {}}", []string{"0 Block " + agent}, header("x", "bot"), true},
		{"a secret header", text, "{Block: {}}", []string{"0 Allow " + matching("{SingleHeader: {Name: x-origin}}", "EXACTLY", "secret")}, header("x-origin", "secret"), true},
		{"the path", text, "{Allow: {}}", []string{"0 Block " + matching("{UriPath: {}}", "STARTS_WITH", "/prod/")}, nil, false},
		{"the query string", text, "{Allow: {}}", []string{"0 Block " + matching("{QueryString: {}}", "ENDS_WITH", "=1")}, nil, false},
		{"the verb", text, "{Allow: {}}", []string{"0 Block " + matching("{Method: {}}", "EXACTLY", "get")}, nil, false},
		{"the body", text, "{Allow: {}}", []string{"0 Block " + matching("{Body: {}}", "CONTAINS", "drop")}, func(r *api.HTTPRequest) { r.Body = "DROP TABLE" }, false},
	}
}

func (r row) run(t *testing.T) bench {
	t.Helper()
	b := newBench(t, aclWith(r.standard, r.rules...))
	allowed, _ := b.inspect(r.request)
	if allowed != r.allowed {
		t.Errorf("%s: allowed is %v", r.name, allowed)
	}
	if decider := tracetest.Decider(b.Last, 1); !r.allowed && decider != RuleAction {
		t.Errorf("%s: decided by %q", r.name, decider)
	}
	return b
}

func TestWebACLOutcomes(t *testing.T) {
	for _, r := range rows() {
		t.Run(r.name, func(t *testing.T) { r.run(t) })
	}
}

// https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
func TestRateIsCountedByAddressWithinTheWindow(t *testing.T) {
	b := newBench(t, aclWith("{Allow: {}}", "0 Block "+tooOften))
	for i := range 10 {
		if allowed, _ := b.inspect(nil); !allowed {
			t.Fatalf("request %d is blocked", i+1)
		}
	}
	if allowed, _ := b.inspect(nil); allowed {
		t.Error("request 11 is let in")
	}
	if allowed, _ := b.inspect(from("192.0.2.1")); !allowed {
		t.Error("another address is blocked")
	}
	b.World.Clock = b.World.Clock.Add(5 * time.Minute)
	if allowed, _ := b.inspect(nil); !allowed {
		t.Error("the address is blocked after the window")
	}
}

// https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html
func TestBlockMayHaveAResponseOfItsOwn(t *testing.T) {
	const own = "{Block: {CustomResponse: {ResponseCode: 429, CustomResponseBodyKey: later, ResponseHeaders: [{Name: Retry-After, Value: '60'}]}}}"
	b := newBench(t, aclWith(own))
	_, custom := b.inspect(nil)
	if custom == nil || custom.Status != 429 || custom.Body != "later" || custom.Header.Get("retry-after") != "60" || custom.Header.Get("content-type") != "text/plain" {
		t.Errorf("the response is %+v", custom)
	}
}

func TestResourceWithoutAWebACLIsOpen(t *testing.T) {
	if allowed, _ := New(apitest.NewWorld()).Inspect(nil, stage, api.HTTPRequest{}); !allowed {
		t.Error("it is blocked")
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	var cover tracetest.Coverage
	for _, r := range rows() {
		cover.Add(r.run(t).Last)
	}
	for _, does := range []string{"Allow", "Block"} {
		b := newBench(t, aclWith("{Allow: {}}", "0 "+does+" "+tooOften))
		for range 11 {
			b.inspect(nil)
		}
		cover.Add(b.Last)
	}
	cover.Require(t, Rules())
}

func TestWhatAWSRefuses(t *testing.T) {
	for name, template := range map[string]string{
		"an address without a range":    strings.Replace(aclWith("{Allow: {}}"), "203.0.113.0/24", "203.0.113.9", 1),
		"an address of another version": strings.Replace(aclWith("{Allow: {}}"), "IPV4", "IPV6", 1),
		"two default actions":           aclWith("{Allow: {}, Block: {}}"),
		"counting by default":           aclWith("{Count: {}}"),
		"a priority twice":              aclWith("{Allow: {}}", "1 Block "+fromOffice, "1 Allow "+fromOffice),
		"a rule without a statement":    aclWith("{Allow: {}}", "1 Block {}"),
		"an IP set that is not there":   aclWith("{Allow: {}}", `1 Block {IPSetReferenceStatement: {Arn: "arn:x"}}`),
		"a limit of five":               aclWith("{Allow: {}}", "1 Block "+strings.Replace(tooOften, "10", "5", 1)),
		"two fields":                    aclWith("{Allow: {}}", "1 Block "+matching("{UriPath: {}, Method: {}}", "EXACTLY", "x")),
		"a body that is not there":      aclWith("{Block: {CustomResponse: {ResponseCode: 429, CustomResponseBodyKey: none}}}"),
		"a response code of 900":        aclWith("{Block: {CustomResponse: {ResponseCode: 900}}}"),
		"a stage of an HTTP API":        strings.Replace(aclWith("{Allow: {}}"), "/restapis/", "/apis/", 1),
		"a web ACL that is not there":   strings.Replace(aclWith("{Allow: {}}"), "!GetAtt Acl.Arn", "arn:x", 1),
	} {
		w := apitest.NewWorld()
		err := apitest.NewBench(t, w, New(w)).Deploy(template)
		var refused *awserr.Error
		if !errors.As(err, &refused) || !strings.HasPrefix(refused.Code, "WAF") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsNotSimulatedIsNoVerdict(t *testing.T) {
	for name, template := range map[string]string{
		"CloudFront":         strings.Replace(aclWith("{Allow: {}}"), "Scope: REGIONAL\n      Default", "Scope: CLOUDFRONT\n      Default", 1),
		"a user pool":        strings.Replace(aclWith("{Allow: {}}"), stage, "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a", 1),
		"a transformation":   aclWith("{Allow: {}}", "1 Block "+strings.Replace(matching("{UriPath: {}}", "EXACTLY", "x"), "LOWERCASE", "URL_DECODE", 1)),
		"a word":             aclWith("{Allow: {}}", "1 Block "+matching("{UriPath: {}}", "CONTAINS_WORD", "x")),
		"keys of one's own":  aclWith("{Allow: {}}", "1 Block "+strings.Replace(tooOften, "IP}", "CUSTOM_KEYS}", 1)),
		"a CloudFront range": strings.Replace(aclWith("{Allow: {}}"), "IPV4, Scope: REGIONAL", "IPV4, Scope: CLOUDFRONT", 1),
	} {
		w := apitest.NewWorld()
		err := apitest.NewBench(t, w, New(w)).Deploy(template)
		var refused *awserr.Error
		if err == nil || errors.As(err, &refused) {
			t.Errorf("%s: %v, want an error that is no refusal", name, err)
		}
	}
}
