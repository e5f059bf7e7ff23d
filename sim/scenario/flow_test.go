package scenario

import (
	"strings"
	"testing"

	"claimcheck/sim/source"
)

func parse(t *testing.T, text string) (Flow, source.Problems) {
	t.Helper()
	n, err := source.Parse("flow.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var problems source.Problems
	return ParseFlow(n, &problems), problems
}

func TestStepsThatCannotBeReadAreReportedWithTheirPlace(t *testing.T) {
	tests := map[string]struct{ flow, want string }{
		"no kind":              {"- as: x", "flow.yaml:1:3: a step has exactly one of the keys do, call, attempt, http, program, let, wait, expect, this one has 0 of them"},
		"two kinds":            {"- {do: x, wait: 1m}", "flow.yaml:1:3: a step has exactly one of the keys do, call, attempt, http, program, let, wait, expect, this one has 2 of them"},
		"unknown key":          {"- {do: x, retries: 3}", `flow.yaml:1:11: unknown key "retries"`},
		"key of another kind":  {"- {wait: 1m, as: x}", `flow.yaml:1:14: unknown key "as"`},
		"no operation":         {"- call: cognito-idp", "flow.yaml:1:9: service:Operation was expected"},
		"input that is text":   {"- {call: a:B, with: x}", "flow.yaml:1:21: a mapping with the operation's input was expected, found the text \"x\""},
		"no address":           {"- {http: GET https://a/b, from: home}", `flow.yaml:1:33: an IP address such as 198.51.100.7 was expected, found "home"`},
		"no method":            {"- http: https://a/b", "flow.yaml:1:9: METHOD URL was expected"},
		"span without unit":    {"- wait: 61", "flow.yaml:1:9: a time span such as 61m, 2h or 31d was expected, found \"61\""},
		"span backwards":       {"- wait: -1m", "flow.yaml:1:9: a time span such as"},
		"broken expression":    {"- expect: reply.status ==", "flow.yaml:1:11: expression \"reply.status ==\""},
		"reference left open":  {"- http: GET ${Api.Url/tasks", "has a ${ without its }"},
		"value without a name": {"- let: 1 + 1", `flow.yaml:1:8: let gives a value a name: key "as" is missing`},
		"not a list":           {"do: x", "flow.yaml:1:1: a list was expected, found a mapping"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, problems := parse(t, test.flow)
			if !strings.Contains(problems.Error(), test.want) {
				t.Errorf("problems are\n%s\nwant\n%s", problems.Error(), test.want)
			}
		})
	}
}

func TestWaitTakesDays(t *testing.T) {
	flow, problems := parse(t, "- wait: 31d")
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	if got := flow[0].(waitStep).length.Hours(); got != 31*24 {
		t.Errorf("31d is %v hours, want 744", got)
	}
}

func TestTextWithReferences(t *testing.T) {
	env := map[string]any{
		"Api":   map[string]any{"Ref": "abc123", "Url": "https://abc123/prod"},
		"reply": map[string]any{"status": 200, "list": []any{"a", "b"}},
	}
	tests := map[string]struct {
		yaml string
		want string
	}{
		"plain text":                      {"hello", "hello"},
		"a resource stands for its Ref":   {"${Api}", "abc123"},
		"a member":                        {"${Api.Url}/tasks", "https://abc123/prod/tasks"},
		"a number keeps its type":         {"${reply.status}", "200"},
		"a list inside text becomes JSON": {"got ${reply.list}", `got ["a","b"]`},
		"braces inside an expression":     {`"${ {\"a\": 1}.a }"`, "1"},
		"an escaped reference":            {"$${aws:username}", "${aws:username}"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			n, err := source.Parse("value.yaml", []byte("v: "+test.yaml))
			if err != nil {
				t.Fatal(err)
			}
			var problems source.Problems
			fields := n.Fields(&problems, []string{"v"}, nil)
			got, err := parseValue(fields["v"], &problems).evaluate(env)
			if err != nil || problems.Err() != nil {
				t.Fatal(err, problems.Err())
			}
			if show(got) != test.want {
				t.Errorf("got %s, want %s", show(got), test.want)
			}
		})
	}
}

func TestAReferenceToNothingIsAnErrorWithItsPlace(t *testing.T) {
	tests := map[string]string{
		"${Apo.Url}":    `value.yaml:1:4: expression "Apo.Url": nothing is called "Apo": did you mean "Api"?`,
		"${Api.Stages}": "value.yaml:1:4: ${Api.Stages} has no value",
	}
	for text, want := range tests {
		n, err := source.Parse("value.yaml", []byte("v: "+text))
		if err != nil {
			t.Fatal(err)
		}
		var problems source.Problems
		value := parseValue(n.Fields(&problems, []string{"v"}, nil)["v"], &problems)
		_, err = value.evaluate(map[string]any{"Api": map[string]any{"Ref": "abc123"}})
		if err == nil || err.Error() != want {
			t.Errorf("%s gives %v, want %s", text, err, want)
		}
	}
}

func TestAFalseExpressionShowsWhatItCompared(t *testing.T) {
	tests := map[string]string{
		`reply.status == 401`:                     "reply.status is 200",
		`reply.status in [401, 403]`:              "reply.status is 200",
		`"admins" in reply.groups`:                `reply.groups is ["editors"]`,
		`reply.status == 401 && reply.body == ""`: `reply.status is 200, reply.body is ok`,
	}
	env := map[string]any{"reply": map[string]any{"status": 200, "groups": []any{"editors"}, "body": "ok"}}
	for text, want := range tests {
		e, err := compile(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.observed(env); got != want {
			t.Errorf("%s shows %q, want %q", text, got, want)
		}
	}
}

func TestChangesMarkAddedAndRemovedLines(t *testing.T) {
	lines := Changes([]string{"a", "b", "c"}, []string{"a", "x", "c", "d"})
	var got []string
	for _, l := range lines {
		got = append(got, string(l.Change)+l.Text)
	}
	if want := "a -b +x c +d"; strings.Join(got, " ") != want {
		t.Errorf("changes are %q, want %q", strings.Join(got, " "), want)
	}
	if same := Changes([]string{"a"}, []string{"a"}); len(same) != 1 || same[0].Change != Same {
		t.Errorf("unchanged text is %v", same)
	}
}
