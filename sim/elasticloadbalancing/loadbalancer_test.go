package elasticloadbalancing

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	poolARN  = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Shop12345"
	client   = "3n4b5urk1ft4fl3mg5e62d9ado"
	function = "arn:aws:lambda:us-east-1:123456789012:function:shop"
	provider = "https://shop.auth.us-east-1.amazoncognito.com"
)

// template is a load balancer that signs users in below /account and answers the
// rest with a fixed text.
const template = `
Resources:
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: shop}}
  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda, Targets: [{Id: "` + function + `"}]}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Protocol: HTTPS
      Port: 443
      Certificates: [{CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/c"}]
      DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: "200", MessageBody: public}}]
  Account:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Listener
      Priority: 1
      Conditions: [{Field: path-pattern, PathPatternConfig: {Values: ["/account*"]}}]
      Actions:
        - Type: authenticate-cognito
          Order: 1
          AuthenticateCognitoConfig: {UserPoolArn: "` + poolARN + `", UserPoolClientId: ` + client + `, UserPoolDomain: shop}
        - {Type: forward, Order: 2, TargetGroupArn: !Ref Group}
`

type fakePools struct{ secret string }

func (p fakePools) ClientSecret(pool, id string) (string, bool) {
	return p.secret, pool == "us-east-1_Shop12345" && id == client
}

// fakeDoors is a provider that gives tokens for the code "good", and a function.
type fakeDoors struct {
	tokens, claims string
	payload        string
	refuse         error
	calls          []api.Call
	sent           []api.HTTPRequest
}

func (d *fakeDoors) Call(_ *trace.Span, call api.Call) (map[string]any, error) {
	d.calls = append(d.calls, call)
	return map[string]any{"Payload": d.payload}, d.refuse
}

func (d *fakeDoors) Send(_ *trace.Span, r api.HTTPRequest) (api.HTTPResponse, error) {
	d.sent = append(d.sent, r)
	switch {
	case r.URL == provider+"/oauth2/token" && strings.Contains(r.Body, "code=good"):
		return api.HTTPResponse{Status: 200, Body: d.tokens}, nil
	case r.URL == provider+"/oauth2/userInfo":
		return api.HTTPResponse{Status: 200, Body: d.claims}, nil
	}
	return api.HTTPResponse{Status: 400, Body: `{"error":"invalid_grant"}`}, nil
}

type bench struct {
	*apitest.Bench
	service *LoadBalancers
	doors   *fakeDoors
}

func newBench(t *testing.T, text string) bench {
	t.Helper()
	w := apitest.NewWorld()
	d := &fakeDoors{
		tokens: `{"id_token":"id","access_token":"access"}`, claims: `{"sub":"u1","email":"ana@example.com"}`,
		payload: `{"statusCode":200,"headers":{"Content-Type":"text/plain"},"body":"hello"}`,
	}
	l := New(w, d, fakePools{secret: "secret"})
	b := bench{apitest.NewBench(t, w, l), l, d}
	if err := b.Deploy(text); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bench) host() string {
	created, _ := b.Stack.Resource("Balancer")
	return "https://" + created.Attributes["DNSName"]
}

// get sends a request with a cookie, none for "".
func (b bench) get(address, cookie string) api.HTTPResponse {
	b.T.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.host() + address
	}
	recorder := b.World.Recorder()
	span := recorder.Flow().Open("Browser", Actor, "GET", trace.Message{})
	request := api.HTTPRequest{Method: "GET", URL: address, Header: api.Header{"authorization": {"Bearer token"}}, SourceIP: "198.51.100.7"}
	if cookie != "" {
		request.Header.Set("Cookie", "other=1; "+cookie)
	}
	response, err := b.service.Site().Serve(span, request)
	if err != nil {
		b.T.Fatal(err)
	}
	b.Record(recorder)
	return response
}

// signIn takes a browser to the provider and back, and returns the response to
// its return.
func (b bench) signIn(code string, wait time.Duration) api.HTTPResponse {
	b.T.Helper()
	away := b.get("/account?x=1", "")
	to, err := url.Parse(away.Header.Get("location"))
	if err != nil || away.Status != 302 {
		b.T.Fatalf("answered %d %v", away.Status, away.Header)
	}
	b.World.Clock = b.World.Clock.Add(wait)
	return b.get(to.Query().Get("redirect_uri")+"?code="+code+"&state="+to.Query().Get("state"), "")
}

func (b bench) cookie() string {
	b.T.Helper()
	cookie, _, _ := strings.Cut(b.signIn("good", 0).Header.Get("set-cookie"), ";")
	return cookie
}

const pageUsers = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html"

// pageUsers
func TestBrowserWithoutASessionIsSentToTheProvider(t *testing.T) {
	b := newBench(t, template)
	got := b.get("/account", "")
	to, err := url.Parse(got.Header.Get("location"))
	if err != nil || got.Status != 302 || !strings.HasPrefix(to.String(), provider+"/oauth2/authorize?") {
		t.Fatalf("answered %d %v", got.Status, got.Header)
	}
	want := url.Values{
		"client_id": {client}, "response_type": {"code"}, "scope": {"openid"}, "redirect_uri": {b.host() + "/oauth2/idpresponse"},
		"state": to.Query()["state"],
	}
	if diff := cmp.Diff(want, to.Query()); diff != "" {
		t.Error(diff)
	}
	if got := b.get("/", ""); got.Status != 200 || got.Body != "public" {
		t.Errorf("another path is answered %d %s", got.Status, got.Body)
	}
}

// pageUsers
func TestSignInEndsWithACookieAndTheWayBack(t *testing.T) {
	b := newBench(t, template)
	got := b.signIn("good", 15*time.Minute)
	if got.Status != 302 || got.Header.Get("location") != b.host()+"/account?x=1" || !strings.HasPrefix(got.Header.Get("set-cookie"), "AWSELBAuthSessionCookie-0=") {
		t.Errorf("answered %d %v", got.Status, got.Header)
	}
	if asked := b.doors.sent[0].Header.Get("authorization"); asked != "Basic "+base64.StdEncoding.EncodeToString([]byte(client+":secret")) {
		t.Errorf("the token endpoint is asked with %s", asked)
	}
}

// event is what the function was invoked with last.
func (b bench) event() map[string]any {
	b.T.Helper()
	last := b.doors.calls[len(b.doors.calls)-1]
	var event map[string]any
	if err := json.Unmarshal([]byte(last.Input["Payload"].(string)), &event); err != nil {
		b.T.Fatal(err)
	}
	return event
}

// pageUsers
func TestTargetIsToldWhoTheUserIs(t *testing.T) {
	b := newBench(t, template)
	if got := b.get("/account/orders?q=1", b.cookie()); got.Status != 200 || got.Body != "hello" || got.Header.Get("content-type") != "text/plain" {
		t.Fatalf("answered %d %s", got.Status, got.Body)
	}
	event := b.event()
	headers := event["headers"].(map[string]any)
	if headers["x-amzn-oidc-accesstoken"] != "access" || headers["x-amzn-oidc-identity"] != "u1" || event["path"] != "/account/orders" {
		t.Errorf("the event is %v", event)
	}
	for name, value := range headers {
		if value == "id" {
			t.Errorf("the ID token is in %s", name)
		}
	}
	head, claims := b.verify(headers["x-amzn-oidc-data"].(string))
	created, _ := b.Stack.Resource("Balancer")
	if head["alg"] != "ES256" || head["signer"] != created.Ref || head["client"] != client || head["iss"] != "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Shop12345" {
		t.Errorf("the header is %v", head)
	}
	if claims["sub"] != "u1" || claims["email"] != "ana@example.com" || claims["exp"] != head["exp"] {
		t.Errorf("the claims are %v", claims)
	}
	caller := b.doors.calls[0].Caller
	group, _ := b.Stack.Resource("Group")
	if caller.Service != "elasticloadbalancing.amazonaws.com" || caller.SourceARN != group.Ref {
		t.Errorf("invoked as %+v", caller)
	}
}

// verify checks x-amzn-oidc-data with the public key that AWS publishes for its
// kid, as a target must.
func (b bench) verify(data string) (head, claims map[string]any) {
	b.T.Helper()
	parts := strings.Split(data, ".")
	decoded := make([][]byte, len(parts))
	for i, part := range parts {
		var err error
		if decoded[i], err = base64.URLEncoding.DecodeString(part); err != nil {
			b.T.Fatalf("part %d is not base64url with padding: %v", i, err)
		}
	}
	if err := errors.Join(json.Unmarshal(decoded[0], &head), json.Unmarshal(decoded[1], &claims)); err != nil {
		b.T.Fatal(err)
	}
	kid, _ := head["kid"].(string)
	block, _ := pem.Decode([]byte(b.get("https://public-keys.auth.elb.us-east-1.amazonaws.com/"+kid, "").Body))
	if block == nil {
		b.T.Fatal("no public key")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		b.T.Fatal(err)
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	r, s := new(big.Int).SetBytes(decoded[2][:32]), new(big.Int).SetBytes(decoded[2][32:])
	if !ecdsa.Verify(key.(*ecdsa.PublicKey), digest[:], r, s) {
		b.T.Error("the signature does not verify")
	}
	return head, claims
}

func TestUnknownKeyIsNotFound(t *testing.T) {
	b := newBench(t, template)
	if got := b.get("https://public-keys.auth.elb.us-east-1.amazonaws.com/none", ""); got.Status != 404 {
		t.Errorf("answered %d", got.Status)
	}
}

// pageUsers
func TestSessionLastsSevenDaysUnlessItIsSet(t *testing.T) {
	for name, row := range map[string]struct {
		template string
		lasts    time.Duration
	}{
		"standard": {template, 7 * 24 * time.Hour},
		"set":      {strings.Replace(template, "UserPoolDomain: shop", "UserPoolDomain: shop, SessionTimeout: 60", 1), time.Minute},
	} {
		b := newBench(t, row.template)
		cookie := b.cookie()
		b.World.Clock = b.World.Clock.Add(row.lasts - time.Second)
		if got := b.get("/account", cookie).Status; got != 200 {
			t.Errorf("%s: before its end answered %d", name, got)
		}
		b.World.Clock = b.World.Clock.Add(time.Second)
		if got := b.get("/account", cookie).Status; got != 302 {
			t.Errorf("%s: at its end answered %d", name, got)
		}
	}
}

// pageUsers
func TestWhatHappensWithoutASession(t *testing.T) {
	for action, status := range map[string]int{"authenticate": 302, "allow": 200, "deny": 401} {
		b := newBench(t, strings.Replace(template, "UserPoolDomain: shop", "UserPoolDomain: shop, OnUnauthenticatedRequest: "+action, 1))
		if got := b.get("/account", "AWSELBAuthSessionCookie-0=forged").Status; got != status {
			t.Errorf("%s: answered %d, want %d", action, got, status)
		}
		if action == "allow" && b.event()["headers"].(map[string]any)["x-amzn-oidc-data"] != nil {
			t.Error("a request that is not authenticated has claims")
		}
	}
}

type failure struct {
	name, source string
	set          func(d *fakeDoors)
	code         string
	wait         time.Duration
	status       int
	rule         trace.RuleID
}

func failures() []failure {
	const pageCodes = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html"
	return []failure{
		{name: "a sign-in of 15 minutes and a second", source: pageUsers, code: "good", wait: 15*time.Minute + time.Second, status: 401, rule: RuleLogin},
		{name: "a code that the provider refuses", source: pageCodes, code: "bad", status: 561, rule: RuleTokens},
		{name: "no ID token", source: pageCodes, code: "good", set: func(d *fakeDoors) { d.tokens = `{"access_token":"access"}` }, status: 401, rule: RuleTokens},
		{name: "no sub", source: pageUsers, code: "good", set: func(d *fakeDoors) { d.claims = `{}` }, status: 561, rule: RuleUserInfo},
	}
}

func (f failure) run(t *testing.T, cover *tracetest.Coverage) {
	t.Helper()
	b := newBench(t, template)
	if f.set != nil {
		f.set(b.doors)
	}
	if got := b.signIn(f.code, f.wait).Status; got != f.status || tracetest.Decider(b.Last, 1) != f.rule {
		t.Errorf("answered %d by %s, want %d by %s", got, tracetest.Decider(b.Last, 1), f.status, f.rule)
	}
	if cover != nil {
		cover.Add(b.Last)
	}
}

func TestSignInsThatFail(t *testing.T) {
	for _, f := range failures() {
		t.Run(f.name, func(t *testing.T) { f.run(t, nil) })
	}
}

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
// (LambdaInvalidResponse and LambdaAccessDenied, in an example with 502)
func TestTargetsThatFailAre502(t *testing.T) {
	for name, set := range map[string]func(*fakeDoors){
		"text": func(d *fakeDoors) { d.payload = `"hello"` }, "no status": func(d *fakeDoors) { d.payload = `{"body":"x"}` },
		"no permission": func(d *fakeDoors) { d.refuse = awserr.WithStatus(403, "AccessDeniedException", "no") },
	} {
		b := newBench(t, template)
		cookie := b.cookie()
		set(b.doors)
		if got := b.get("/account", cookie); got.Status != 502 || tracetest.Decider(b.Last, 1) != RuleTarget {
			t.Errorf("%s: answered %d", name, got.Status)
		}
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	var cover tracetest.Coverage
	for _, f := range failures() {
		f.run(t, &cover)
	}
	b := newBench(t, template)
	b.signIn("good", 0)
	cover.Add(b.Last)
	cookie := b.cookie()
	b.get("/account", "")
	cover.Add(b.Last)
	b.get("/account", cookie)
	cover.Add(b.Last)
	b.doors.payload = "null"
	b.get("/account", cookie)
	cover.Add(b.Last)
	cover.Require(t, Rules())
}

// pageUsers
func TestProviderMayBeAnyOIDCOne(t *testing.T) {
	oidc := `AuthenticateOidcConfig: {Issuer: "https://login.example", AuthorizationEndpoint: "` + provider + `/oauth2/authorize", TokenEndpoint: "` +
		provider + `/oauth2/token", UserInfoEndpoint: "` + provider + `/oauth2/userInfo", ClientId: c, ClientSecret: s, Scope: openid email, SessionCookieName: mine}`
	start, end := strings.Index(template, "AuthenticateCognitoConfig"), strings.Index(template, "        - {Type: forward")
	text := strings.Replace(template[:start]+oidc+"\n"+template[end:], "authenticate-cognito", "authenticate-oidc", 1)
	b := newBench(t, text)
	if cookie := b.cookie(); !strings.HasPrefix(cookie, "mine-0=") || b.get("/account", cookie).Status != 200 {
		t.Errorf("the cookie is %q", cookie)
	}
}

func TestWhatAWSRefuses(t *testing.T) {
	replace := func(old, text string) string { return strings.Replace(template, old, text, 1) }
	for name, row := range map[string]struct {
		template, secret string
	}{
		"a client without a secret":      {template, ""},
		"no such client":                 {replace(client, "another"), "secret"},
		"no user pool":                   {replace(poolARN, function), "secret"},
		"authenticating over HTTP":       {replace("Protocol: HTTPS", "Protocol: HTTP"), "secret"},
		"HTTPS without a certificate":    {replace(`Certificates: [{CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/c"}]`, ""), "secret"},
		"a rule without an end":          {replace("        - {Type: forward, Order: 2, TargetGroupArn: !Ref Group}\n", ""), "secret"},
		"a target group that is not":     {replace("TargetGroupArn: !Ref Group", "TargetGroupArn: none"), "secret"},
		"a listener of no load balancer": {replace("LoadBalancerArn: !Ref Balancer", "LoadBalancerArn: none"), "secret"},
		"a rule of no listener":          {replace("ListenerArn: !Ref Listener", "ListenerArn: none"), "secret"},
	} {
		w := apitest.NewWorld()
		err := apitest.NewBench(t, w, New(w, &fakeDoors{}, fakePools{secret: row.secret})).Deploy(row.template)
		var refused *awserr.Error
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPathPatterns(t *testing.T) {
	for pattern, row := range map[string]map[string]bool{
		"/a*":                          {"/a": true, "/ab/c": true, "/b": false, "": false},
		"/?/b":                         {"/a/b": true, "/ab/b": false},
		"*":                            {"": true, "/x": true},
		"/a*b":                         {"/ab": true, "/axbxb": true, "/axbx": false},
		strings.Repeat("*a", 40) + "b": {strings.Repeat("a", 200): false},
	} {
		for path, want := range row {
			if got := matches(pattern, path); got != want {
				t.Errorf("%s with %s: %v", path, pattern, got)
			}
		}
	}
}
