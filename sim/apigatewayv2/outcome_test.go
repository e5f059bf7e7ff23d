package apigatewayv2

import (
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
)

// outcome is one row of an outcome table: an API, what is arranged around it,
// and what the last of its requests is answered.
type outcome struct {
	name, source string
	// api is the template's resources, properties of the parts of base by their
	// placeholder.
	api map[string]string
	// arrange changes the account; nil leaves it.
	arrange func(a *account)
	// requests are method, path and headers; none is GET /tasks with a token.
	requests []request
	status   int
	body     string
	rule     trace.RuleID
	// invoked is how often the authorizer's function ran.
	invoked int
}

type request struct {
	method, path string
	headers      map[string]string
	// by signs the request with the access key of a user, "" leaves it unsigned.
	by string
	// wait passes before the request.
	wait time.Duration
}

const (
	unauthorized = `{"message":"Unauthorized"}`
	forbidden    = `{"message":"Forbidden"}`
	serverError  = `{"message":"Internal Server Error"}`
)

// base is an API with GET and POST /tasks. A placeholder is replaced by
// properties, or by nothing.
const base = `
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: tasks, ProtocolType: HTTP, <api>}}
  Backend:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Api, <integration>}
  Checker:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      {ApiId: !Ref Api, Name: checker, AuthorizerType: REQUEST, AuthorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/` + checker + `/invocations", <authorizer>}
  Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /tasks, Target: !Sub "integrations/${Backend}", <route>}}
  Post: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: POST /tasks, Target: !Sub "integrations/${Backend}", <route>}}
  Live: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: $default, AutoDeploy: true, <stage>}}
  Ana:
    Type: AWS::IAM::User
    Properties:
      UserName: ana
      Policies:
        - PolicyName: tasks
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: execute-api:Invoke, Resource: !Sub "arn:aws:execute-api:us-east-1:123456789012:${Api}/$default/GET/tasks"}]}
  AnaKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Ana}}
  Ben: {Type: AWS::IAM::User, Properties: {UserName: ben}}
  BenKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Ben}}
`

// template fills in the placeholders of base.
func template(parts map[string]string) string {
	text := base
	for _, name := range []string{"api", "integration", "authorizer", "route", "stage"} {
		properties, given := parts[name]
		if !given {
			properties = map[string]string{
				"integration": `IntegrationType: AWS_PROXY, IntegrationUri: "` + function + `", PayloadFormatVersion: "2.0"`,
				"authorizer":  `AuthorizerPayloadFormatVersion: "2.0"`,
			}[name]
		}
		text = strings.ReplaceAll(text, "<"+name+">", properties)
	}
	return text
}

// play deploys the API and sends the requests; it returns the last reply.
func (o outcome) play(t testing.TB) (*account, reply) {
	t.Helper()
	a := deployed(t, template(o.api))
	if o.arrange != nil {
		o.arrange(a)
	}
	requests := o.requests
	if len(requests) == 0 {
		requests = []request{{method: "GET", path: "/tasks", headers: map[string]string{"Authorization": "let-me-in"}}}
	}
	var last reply
	for _, r := range requests {
		a.world.Clock = a.world.Clock.Add(r.wait)
		sent := a.request(r.method, r.path, r.headers)
		if r.by != "" {
			a.sign(&sent, r.by)
		}
		last = a.serve(sent)
	}
	return a, last
}

func (a *account) sign(r *api.HTTPRequest, user string) {
	a.t.Helper()
	key, ok := a.stack.Resource(user + "Key")
	if !ok {
		a.t.Fatalf("no access key of %s", user)
	}
	credentials := api.Credentials{AccessKeyID: key.Ref, SecretAccessKey: key.Attributes["SecretAccessKey"]}
	if err := sigv4.Sign(r, credentials, "execute-api", "us-east-1", a.world.Clock); err != nil {
		a.t.Fatal(err)
	}
}

// TestOutcomes plays every outcome table.
func TestOutcomes(t *testing.T) {
	for _, table := range [][]outcome{lambdaOutcomes(), signedOutcomes(), corsOutcomes(), routeOutcomes(), integrationOutcomes()} {
		for _, o := range table {
			t.Run(o.name, func(t *testing.T) {
				a, got := o.play(t)
				if got.Status != o.status || got.Body != o.body || got.decider() != o.rule {
					t.Errorf("%s: status %d by %q, body %s\nwant %d by %q, %s", o.source, got.Status, got.decider(), got.Body, o.status, o.rule, o.body)
				}
				if a.invoked[checker] != o.invoked {
					t.Errorf("the authorizer was invoked %d times, want %d", a.invoked[checker], o.invoked)
				}
			})
		}
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	first := open(t)
	cover := first.cover
	run := func(a *account, path, authorization string) {
		a.cover = cover
		a.get(path, authorization)
	}
	for _, r := range rows() {
		run(open(t, r.scopes...), "/tasks", r.token(t))
	}
	for _, table := range [][]outcome{lambdaOutcomes(), signedOutcomes(), corsOutcomes(), routeOutcomes(), integrationOutcomes()} {
		for _, o := range table {
			arrange := o.arrange
			o.arrange = func(a *account) {
				a.cover = cover
				if arrange != nil {
					arrange(a)
				}
			}
			o.play(t)
		}
	}
	keyless := open(t)
	keyless.keys = ""
	run(keyless, "/tasks", token(t, nil, poolKey()))
	cover.Require(t, Rules())
}

// TestOutcomesAreTheSameWithoutARecorder sends the last request of every row
// once more to an account of its own, unrecorded.
func TestOutcomesAreTheSameWithoutARecorder(t *testing.T) {
	for _, o := range lambdaOutcomes() {
		a := deployed(t, template(o.api))
		if o.arrange != nil {
			o.arrange(a)
		}
		if len(o.requests) > 0 {
			continue
		}
		response, err := a.gateway.serve(nil, a.request("GET", "/tasks", map[string]string{"Authorization": "let-me-in"}))
		if err != nil || response.Status != o.status || response.Body != o.body {
			t.Errorf("%s: status %d, body %s, %v", o.name, response.Status, response.Body, err)
		}
	}
}
