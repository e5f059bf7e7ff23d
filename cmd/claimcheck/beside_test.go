package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/trace"
)

// twoAPIs are runs of one token at two gateways: the first answers, the other
// refuses.
func twoAPIs() comparison {
	gateway := func(name trace.Actor, path string, check trace.Check, status int) trace.Trace {
		r := trace.NewRecorder(func() time.Time { return time.Time{} })
		flow := r.Flow()
		signIn := flow.Open("App", "User pool", "InitiateAuth", trace.Message{})
		signIn.Mint(trace.Token{Name: "IdToken", Raw: "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", Claims: []trace.Claim{{Name: "token_use", Value: `"id"`, From: "Cognito"}}})
		signIn.Close(trace.Message{Status: 200, Body: "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"})
		call := flow.Open("App", name, "GET "+path, trace.Message{Headers: map[string]string{"authorization": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"}})
		call.Decide(check.Rule, check.Held, check.Wanted, check.Found)
		call.Close(trace.Message{Status: status})
		return r.Trace()
	}
	rest := gateway("REST API", "/prod/notes", trace.Check{Rule: "rest.scopes", Held: true, Wanted: "no scopes on the method", Found: "none"}, 200)
	http := gateway("HTTP API", "/notes", trace.Check{Rule: "http.scopes", Wanted: "a scope of the route: notes/read", Found: "no scope"}, 403)
	side := func(requirement string, t trace.Trace, holds bool) runs {
		return runs{Question: "notes", Option: "A", Runs: []runReport{{Requirement: requirement, Says: "It answers", Holds: holds,
			Expected: "reply.status == 200", Happened: "reply.status is 403", DecidedBy: "http.scopes", Trace: t}}}
	}
	return newComparison(side("rest", rest, true), side("http", http, false))
}

func TestAWidePageHasTwoColumnsWhereTheRunsDiffer(t *testing.T) {
	want := `notes, option A, rest: It answers                          │ notes, option A, http: It answers

App -> User pool  InitiateAuth
    issued IdToken
      token_use: "id"  (Cognito)
App <- User pool  200
    <IdToken>
App -> REST API  GET /prod/notes                           │ App -> HTTP API  GET /notes
    authorization: <IdToken>                               │     authorization: <IdToken>
    ok  rest.scopes: wanted no scopes on the method, found │     NO  http.scopes: wanted a scope of the route:
    none                                                   │     notes/read, found no scope  <- decides
App <- REST API  200                                       │ App <- HTTP API  403

=> holds                                                   │ => fails, decided by http.scopes
                                                           │    wanted reply.status == 200
                                                           │    but    reply.status is 403
`
	requireComparison(t, 120, want)
}

func TestANarrowPageHasOneRunBelowTheOther(t *testing.T) {
	want := `< notes, option A, rest: It answers
> notes, option A, http: It answers

App -> User pool  InitiateAuth
    issued IdToken
      token_use: "id"  (Cognito)
App <- User pool  200
    <IdToken>
< App -> REST API  GET /prod/notes
<     authorization: <IdToken>
> App -> HTTP API  GET /notes
>     authorization: <IdToken>
<     ok  rest.scopes: wanted no scopes on the method, found none
>     NO  http.scopes: wanted a scope of the route: notes/read, found no scope
>     <- decides
< App <- REST API  200
> App <- HTTP API  403

< => holds
> => fails, decided by http.scopes
>    wanted reply.status == 200
>    but    reply.status is 403
`
	requireComparison(t, 80, want)
}

func requireComparison(t *testing.T, width int, want string) {
	t.Helper()
	var text bytes.Buffer
	printComparison(&text, twoAPIs(), width)
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("%d columns (-want +got):\n%s", width, diff)
	}
}

// The question that the comparison was made for.
func TestOneTokenAtTwoAPIs(t *testing.T) {
	c, err := compare([]string{"one-token-two-apis", "C", "rest"}, "http")
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	printComparison(&text, c, 160)
	for _, want := range []string{
		"authorization: Bearer <AccessToken> +│     authorization: Bearer <AccessToken>\n",
		"apigateway.cognito.token-is-jwt: .* │ .*apigatewayv2.jwt.token-is-jwt",
		"NO  apigateway.cognito.token-use: ", "App <- API Gateway  401 +│ App <- HTTP API  200",
	} {
		if !regexp.MustCompile(want).MatchString(text.String()) {
			t.Errorf("%s is not in\n%s", want, text.String())
		}
	}
}

func TestNoLineOfAComparisonIsWiderThanThePage(t *testing.T) {
	c, err := compare([]string{"cached-policy-other-method", "C", "editors"}, "B/spared")
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{24, 40, 80, 119, 120, 121, 160, 250} {
		var text bytes.Buffer
		printComparison(&text, c, width)
		for line := range strings.SplitSeq(text.String(), "\n") {
			if ansi.StringWidth(line) > width {
				t.Errorf("on a page of %d: %d columns: %s", width, ansi.StringWidth(line), line)
			}
		}
	}
}

func TestWhatStandsBesideIsAnOptionARequirementOrBoth(t *testing.T) {
	for beside, want := range map[string]string{
		"identity": "B identity", "A": "A access", "a": "a access", "A/identity": "A identity", "nonsense": "B nonsense",
	} {
		got, err := besideArgs([]string{"id-token-at-http-api", "B", "access"}, beside)
		if err != nil || strings.Join(got[1:], " ") != want {
			t.Errorf("%s: %v, %v", beside, got, err)
		}
	}
}
