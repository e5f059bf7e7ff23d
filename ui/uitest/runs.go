package uitest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/scenario"
	"claimcheck/sim/trace"
)

// The actors of the runs.
const (
	app      trace.Actor = "App"
	userPool trace.Actor = "Cognito user pool"
	identity trace.Actor = "Cognito identity pool"
	sts      trace.Actor = "STS"
	gateway  trace.Actor = "API Gateway"
	function trace.Actor = "Lambda function ListTasks"
)

// run is a flow being written down, with its clock.
type run struct {
	*trace.Recorder
	now time.Time
}

func start() *run {
	r := &run{now: time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)}
	r.Recorder = trace.NewRecorder(func() time.Time { return r.now })
	return r
}

func (r *run) wait(d time.Duration) {
	r.now = r.now.Add(d)
	r.Flow().Wait(d)
}

// expect ends the run with the flow's look at a status.
func (r *run) expect(wanted string, found int, held bool, decided ...trace.RuleID) scenario.Outcome {
	r.Flow().Expect(trace.Check{Wanted: wanted, Found: fmt.Sprint(found), Held: held})
	o := scenario.Outcome{Holds: held, Trace: r.Trace()}
	if held {
		return o
	}
	o.Expected, o.Happened, o.Decided = wanted, fmt.Sprintf("reply.status is %d", found), decided
	for _, e := range o.Trace.Events {
		o.Event = e.Seq
		if e.Check != nil && len(decided) > 0 && e.Check.Rule == decided[0] {
			break
		}
	}
	return o
}

// signIn signs Ana in with her password or a refresh token, and returns her ID
// token.
func (r *run) signIn(flow string) string {
	s := r.Flow().Open(app, userPool, "cognito-idp:InitiateAuth", trace.Message{Body: fmt.Sprintf(`{"AuthFlow":%q,"ClientId":"3n4b5urk1ft4fl3mg5e62d9ado","AuthParameters":{"USERNAME":"ana","PASSWORD":"Correct-Horse-9"}}`, flow)})
	s.Decide("cognito-idp.client.auth-flow", true, "ALLOW_"+flow, "ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH")
	s.Decide("cognito-idp.user.password", true, "the password of ana", "the same")
	id := mint("IdToken", "id", r.now)
	access := mint("AccessToken", "access", r.now)
	s.Mint(id)
	s.Mint(access)
	s.Close(trace.Message{Status: 200, Headers: map[string]string{"content-type": "application/x-amz-json-1.1"},
		Body: fmt.Sprintf(`{"AuthenticationResult":{"AccessToken":%q,"ExpiresIn":3600,"IdToken":%q,"RefreshToken":"eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIn0.opaque","TokenType":"Bearer"},"ChallengeParameters":{}}`, access.Raw, id.Raw)})
	return id.Raw
}

func mint(name, use string, now time.Time) trace.Token {
	claims := []trace.Claim{
		{Name: "sub", Value: `"a3f0c9e2-5d1b-4c55-9a01-7c5d2f6e8b10"`, From: "Cognito"},
		{Name: "iss", Value: `"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Tasks0001"`, From: "Cognito"},
		{Name: "token_use", Value: fmt.Sprintf("%q", use), From: "Cognito"},
		{Name: "auth_time", Value: fmt.Sprint(now.Unix()), From: "this sign-in"},
		{Name: "iat", Value: fmt.Sprint(now.Unix()), From: "Cognito"},
		{Name: "exp", Value: fmt.Sprint(now.Add(time.Hour).Unix()), From: "app client settings"},
		{Name: "cognito:groups", Value: `["admins","writers"]`, From: "group membership"},
	}
	if use == "id" {
		claims = append(claims, trace.Claim{Name: "aud", Value: `"3n4b5urk1ft4fl3mg5e62d9ado"`, From: "app client settings"}, trace.Claim{Name: "email", Value: `"ana@example.com"`, From: "user attribute"})
	}
	members := make([]string, len(claims))
	for i, c := range claims {
		members[i] = fmt.Sprintf("%q:%s", c.Name, c.Value)
	}
	enc := base64.RawURLEncoding
	raw := enc.EncodeToString([]byte(`{"kid":"Zm9yIHRlc3RzIG9ubHk=","alg":"RS256"}`)) + "." + enc.EncodeToString([]byte("{"+strings.Join(members, ",")+"}")) + "." + enc.EncodeToString([]byte(strings.Repeat("signature", 20)))
	return trace.Token{Name: name, Raw: raw, Claims: claims}
}

// call asks the API with a token; expired says which way it goes.
func (r *run) call(token string, expired bool) int {
	s := r.Flow().Open(app, gateway, "GET /tasks", trace.Message{Headers: map[string]string{"host": "tasks00001.execute-api.us-east-1.amazonaws.com", "authorization": token}})
	s.Decide("apigateway.cognito.identity-source", true, "header Authorization, not empty", "header Authorization")
	if !s.Decide("apigateway.cognito.token-is-jwt", strings.Count(token, ".") == 2, "three parts, base64url JSON", "FwoGZXIvYXdzEBYaD… is no JWT") {
		s.Close(unauthorized("Unauthorized"))
		return 401
	}
	if !s.Decide("apigateway.cognito.expiry", !expired, "exp after "+r.now.Format(time.TimeOnly), "exp 10:00:00") {
		s.Close(unauthorized("The incoming token has expired"))
		return 401
	}
	s.Decide("apigateway.cognito.token-use", true, "token_use is id", "id")
	l := s.Open(gateway, function, "lambda:Invoke ListTasks", trace.Message{Body: `{"resource":"/tasks","path":"/tasks","httpMethod":"GET","requestContext":{"authorizer":{"claims":{"sub":"a3f0c9e2-5d1b-4c55-9a01-7c5d2f6e8b10","email":"ana@example.com","cognito:groups":"admins,writers"}}}}`})
	l.Log("INFO listing tasks of a3f0c9e2-5d1b-4c55-9a01-7c5d2f6e8b10")
	l.Close(trace.Message{Status: 200, Body: `{"statusCode":200,"body":"[]"}`})
	s.Close(trace.Message{Status: 200, Headers: map[string]string{"content-type": "application/json", "x-amzn-requestid": "0b8e6f0a-1c2d-4e5f-8a9b-000000000001"}, Body: `[]`})
	return 200
}

func unauthorized(message string) trace.Message {
	return trace.Message{Status: 401, Headers: map[string]string{"content-type": "application/json", "x-amzn-errortype": "UnauthorizedException"}, Body: fmt.Sprintf(`{"message":%q}`, message)}
}

// sessionTokenRun sends an identity pool's session token to the authorizer.
func sessionTokenRun() scenario.Outcome {
	r := start()
	id := r.signIn("USER_PASSWORD_AUTH")
	s := r.Flow().Open(app, identity, "cognito-identity:GetCredentialsForIdentity", trace.Message{Body: fmt.Sprintf(`{"IdentityId":"us-east-1:5c1de7f2-0000-4000-8000-000000000001","Logins":{"cognito-idp.us-east-1.amazonaws.com/us-east-1_Tasks0001":%q}}`, id)})
	s.Decide("cognito-identity.login-provider", true, "a listed provider", "us-east-1_Tasks0001")
	a := s.Open(identity, sts, "sts:AssumeRoleWithWebIdentity", trace.Message{Body: `{"RoleArn":"arn:aws:iam::123456789012:role/Authenticated"}`})
	a.Decide("sts.trust-policy", true, "Federated cognito-identity.amazonaws.com", "the same")
	a.Close(trace.Message{Status: 200})
	s.Close(trace.Message{Status: 200, Body: `{"Credentials":{"AccessKeyId":"ASIAEXAMPLE000000001","SecretKey":"…","SessionToken":"FwoGZXIvYXdzEBYaDEXAMPLE"}}`})
	status := r.call("FwoGZXIvYXdzEBYaDEXAMPLE", false)
	return r.expect("reply.status == 200", status, status == 200, "apigateway.cognito.token-is-jwt")
}

// renewRun waits for the token to expire, is refused and renews it.
func renewRun() scenario.Outcome {
	r := start()
	id := r.signIn("USER_PASSWORD_AUTH")
	r.call(id, false)
	r.wait(61 * time.Minute)
	r.call(id, true)
	status := r.call(r.signIn("REFRESH_TOKEN_AUTH"), false)
	return r.expect("reply.status == 200", status, true)
}

func noExpiryRun() scenario.Outcome {
	r := start()
	id := r.signIn("USER_PASSWORD_AUTH")
	r.wait(61 * time.Minute)
	status := r.call(id, false)
	return r.expect("reply.status == 401", status, false, "apigateway.cognito.token-use")
}

func customCodeRun() scenario.Outcome {
	r := start()
	r.Flow().Expect(trace.Check{Rule: "stack.custom-code", Wanted: "stack.customCodeLines == 0", Found: "34"})
	return scenario.Outcome{Expected: "stack.customCodeLines == 0", Happened: "stack.customCodeLines is 34", Decided: []trace.RuleID{"stack.custom-code"}, Event: 1, Trace: r.Trace()}
}

func stack(option string) []scenario.Line {
	lines := []scenario.Line{{Text: "Resources:"}, {Text: "  TasksApi:"}, {Text: "    Type: AWS::ApiGateway::RestApi"}, {Text: "    Properties: {Name: tasks}"}, {Text: "  Users:"}, {Text: "    Type: AWS::Cognito::UserPool"}}
	if option == "A" {
		lines = append(lines, scenario.Line{Text: "  Identities:", Change: scenario.Added}, scenario.Line{Text: "    Type: AWS::Cognito::IdentityPool", Change: scenario.Added})
	}
	if option == "B" {
		lines = append(lines, scenario.Line{Text: "  Authorizer:", Change: scenario.Same}, scenario.Line{Text: "    Type: COGNITO_USER_POOLS", Change: scenario.Removed}, scenario.Line{Text: "    Type: TOKEN", Change: scenario.Added})
	}
	return append(lines, scenario.Line{Text: "  ListTasks:"}, scenario.Line{Text: "    Type: AWS::Lambda::Function"})
}

func client(option string) []scenario.Line {
	lines := []scenario.Line{{Text: "sign-in:"}, {Text: "  - call: cognito-idp:InitiateAuth"}, {Text: "call-api:"}, {Text: "  - http: GET ${TasksApi.Url}/tasks"}}
	if option == "A" {
		return append(lines, scenario.Line{Text: `    headers: {Authorization: "${session.AuthenticationResult.IdToken}"}`, Change: scenario.Removed}, scenario.Line{Text: `    headers: {Authorization: "${credentials.SessionToken}"}`, Change: scenario.Added})
	}
	return append(lines, scenario.Line{Text: `    headers: {Authorization: "${session.AuthenticationResult.IdToken}"}`})
}
