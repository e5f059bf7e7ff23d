package server

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
)

const template = `
Resources:
  Users: {Type: AWS::Cognito::UserPool, Properties: {AutoVerifiedAttributes: [email]}}
  App: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Users, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}}
  Login: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Users, Domain: staff}}
`

const domain = "staff.auth.us-east-1.amazoncognito.com"

// fixture is a served account whose real clock stands still.
type fixture struct {
	*Server
	t    testing.TB
	pool string
	app  string
}

func start(t testing.TB, arrived func(Exchange)) *fixture {
	t.Helper()
	parsed, err := cloudformation.Parse("stack.yaml", []byte(template))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	account := sim.New(now)
	stack, err := account.Deploy(nil, parsed)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Start(Config{Account: account, Hosts: []string{domain}, Now: func() time.Time { return now }, Arrived: arrived})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	pool, _ := stack.Resource("Users")
	app, _ := stack.Resource("App")
	return &fixture{Server: s, t: t, pool: pool.Ref, app: app.Ref}
}

// call makes an unsigned call to cognito-idp.
func (f *fixture) call(operation, body string) (int, string) {
	f.t.Helper()
	request, err := http.NewRequest("POST", f.Endpoint(), strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	return f.do(request)
}

func (f *fixture) do(request *http.Request) (int, string) {
	f.t.Helper()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		f.t.Error(err)
		return 0, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		f.t.Error(err)
	}
	return response.StatusCode, string(text)
}

func (f *fixture) get(address string) (int, string) {
	f.t.Helper()
	request, err := http.NewRequest("GET", address, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.do(request)
}

func (f *fixture) signUp(name string) (int, string) {
	f.t.Helper()
	return f.call("SignUp", `{"ClientId":"`+f.app+`","Username":"`+name+`","Password":"Correct-Horse-7","UserAttributes":[{"Name":"email","Value":"`+name+`@example.com"}]}`)
}

func TestOnlyTheLoopbackInterfaceAnswers(t *testing.T) {
	f := start(t, nil)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(f.Endpoint(), "http://"))
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses {
		ip, ok := address.(*net.IPNet)
		if !ok || ip.IP.IsLoopback() {
			continue
		}
		if connection, err := net.Dial("tcp", net.JoinHostPort(ip.IP.String(), port)); err == nil {
			connection.Close()
			t.Errorf("%s answers", ip.IP)
		}
	}
}

func TestRequestsForOtherHostsAreRefused(t *testing.T) {
	f := start(t, nil)
	for host, want := range map[string]int{
		"": 200, "localhost": 200, "evil.example.com": 421, "127.0.0.2": 421, "cognito-idp.us-east-1.amazonaws.com": 421,
	} {
		request, err := http.NewRequest("GET", f.Endpoint()+"/_claimcheck/clock", nil)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			request.Host = net.JoinHostPort(host, request.URL.Port())
		}
		if status, body := f.do(request); status != want {
			t.Errorf("%s: %d %s", host, status, body)
		}
	}
}

func TestMalformedRequestsAreAnswered(t *testing.T) {
	f := start(t, nil)
	address := strings.TrimPrefix(f.Endpoint(), "http://")
	for name, row := range map[string]struct{ raw, want string }{
		"no HTTP":             {"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "HTTP/1.1 400"},
		"no host":             {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400"},
		"a proxy's target":    {"GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n", "HTTP/1.1 421"},
		"an asterisk":         {"OPTIONS * HTTP/1.1\r\nHost: " + address + "\r\n\r\n", "HTTP/1.1 200"},
		"a bad length":        {"POST / HTTP/1.1\r\nHost: " + address + "\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400"},
		"half a chunk":        {"POST / HTTP/1.1\r\nHost: " + address + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400"},
		"a bad escape":        {"GET /%zz HTTP/1.1\r\nHost: " + address + "\r\n\r\n", "HTTP/1.1 400"},
		"no JSON":             {"POST / HTTP/1.1\r\nHost: " + address + "\r\nX-Amz-Target: AWSCognitoIdentityProviderService.SignUp\r\nContent-Length: 1\r\n\r\n{", "HTTP/1.1 400"},
		"no such service":     {"POST / HTTP/1.1\r\nHost: " + address + "\r\nX-Amz-Target: Nothing.SignUp\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 501"},
		"headers without end": {"GET / HTTP/1.1\r\nHost: " + address + "\r\nX: " + strings.Repeat("x", maxHeader+8192) + "\r\n\r\n", "HTTP/1.1 431"},
	} {
		t.Run(name, func(t *testing.T) {
			connection, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			if _, err := io.WriteString(connection, row.raw); err != nil {
				t.Logf("the server did not read it all: %v", err)
			}
			answer := make([]byte, len(row.want))
			if _, err := io.ReadFull(connection, answer); err != nil || string(answer) != row.want {
				t.Errorf("%q, %v", answer, err)
			}
		})
	}
	if status, body := f.signUp("ana"); status != 200 {
		t.Errorf("afterwards: %d %s", status, body)
	}
}

func TestBodiesHaveALimit(t *testing.T) {
	f := start(t, nil)
	if status, _ := f.call("SignUp", strings.Repeat(" ", maxBody)+"x"); status != http.StatusRequestEntityTooLarge {
		t.Errorf("one byte too many: %d", status)
	}
	if status, body := f.call("SignUp", `{"ClientId":"x"`+strings.Repeat(" ", smallBody)+`}`); status != 400 || !strings.Contains(body, "1 validation error detected") {
		t.Errorf("a large body: %d %s", status, body)
	}
	if got := len(f.limits.large); got != 0 {
		t.Errorf("%d bodies are still counted as large", got)
	}
}

// Connections on which nothing comes keep nobody else out.
func TestHalfOpenConnectionsKeepNobodyOut(t *testing.T) {
	f := start(t, nil)
	address := strings.TrimPrefix(f.Endpoint(), "http://")
	for i := range maxConnections - 10 {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		if i%2 == 0 {
			if _, err := io.WriteString(connection, "POST / HTTP/1.1\r\nHost: "); err != nil {
				t.Fatal(err)
			}
		}
	}
	if status, body := f.signUp("ana"); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}

func TestConnectionsAreLimited(t *testing.T) {
	l := limits{connections: make(chan struct{}, 1)}
	inner, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener := l.listen(inner)
	accepted := make(chan net.Conn)
	go func() {
		defer close(accepted)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			accepted <- connection
		}
	}()
	for range 2 {
		connection, err := net.Dial("tcp4", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
	}
	first := <-accepted
	if len(l.connections) != 1 {
		t.Errorf("%d slots are taken by the first", len(l.connections))
	}
	first.Close()
	first.Close() // gives the slot back once only
	second := <-accepted
	if len(l.connections) != 1 {
		t.Errorf("%d slots are taken by the second", len(l.connections))
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if _, open := <-accepted; open {
		t.Error("a closed listener accepts")
	}
	second.Close()
}

func TestManyClientsAreServedAtOnce(t *testing.T) {
	f := start(t, nil)
	var clients sync.WaitGroup
	for i := range 200 {
		clients.Go(func() {
			name := "user" + string(rune('a'+i/26)) + string(rune('a'+i%26))
			if status, body := f.signUp(name); status != 200 {
				t.Errorf("%s: %d %s", name, status, body)
			}
			if status, body := f.get(f.Endpoint() + "/_claimcheck/outbox/" + name); status != 200 || !strings.Contains(body, name+"@example.com") && !strings.Contains(body, "EMAIL") {
				t.Errorf("%s: %d %s", name, status, body)
			}
		})
	}
	clients.Wait()
	if kept := f.Exchanges(0); len(kept) != maxExchanges || kept[len(kept)-1].ID != 200 {
		t.Errorf("%d exchanges are kept", len(kept))
	}
}

func TestTheHistoryForgetsTheOldest(t *testing.T) {
	f := start(t, nil)
	for range maxExchanges + 5 {
		f.call("Nothing", "{}")
	}
	kept := f.Exchanges(0)
	if len(kept) != maxExchanges || kept[0].ID != 6 {
		t.Errorf("%d exchanges from number %d on", len(kept), kept[0].ID)
	}
	large := `{"ClientId":"` + strings.Repeat("x", maxKept/4) + `"}`
	for range 6 {
		f.call("SignUp", large)
	}
	if f.history.size > maxKept || len(f.Exchanges(0)) == 0 {
		t.Errorf("%d exchanges of %d bytes", len(f.Exchanges(0)), f.history.size)
	}
}

func TestEveryRequestIsToldOfInOrder(t *testing.T) {
	told := make(chan Exchange, 3)
	f := start(t, func(e Exchange) { told <- e })
	f.signUp("ana")
	f.signUp("ana")
	f.get(f.Local("https://" + domain + "/login"))
	for i, want := range []struct {
		title  string
		status int
	}{{"cognito-idp:SignUp", 200}, {"cognito-idp:SignUp", 400}, {"GET /login", 302}} {
		e := <-told
		if e.ID != i+1 || e.Title != want.title || e.Status != want.status || len(e.Events) == 0 {
			t.Errorf("%d: %+v", i, e)
		}
	}
}

func TestTheClockIsMovedForward(t *testing.T) {
	f := start(t, nil)
	for _, row := range []struct {
		body   string
		status int
		want   string
	}{
		{`{"advance": "61m"}`, 200, `"now": "2026-03-02T10:01:00Z"`},
		{`{"advance": "1s"}`, 200, `"ahead": "1h1m1s"`},
		{`{"advance": "-1s"}`, 400, "a clock goes forward only"},
		{`{"advance": "soon"}`, 400, "want {"},
		{`{`, 400, "want {"},
	} {
		response, err := http.Post(f.Endpoint()+"/_claimcheck/clock", "application/json", strings.NewReader(row.body))
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != row.status || !strings.Contains(string(text), row.want) {
			t.Errorf("%s: %d %s", row.body, response.StatusCode, text)
		}
	}
	response, err := http.Get(f.Endpoint() + "/" + f.pool + "/.well-known/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Date"); got != "Mon, 02 Mar 2026 10:01:01 GMT" {
		t.Errorf("answers are dated %s", got)
	}
}

func TestTheTraceIsReadFromANumberOn(t *testing.T) {
	f := start(t, nil)
	for range 3 {
		f.signUp("ana")
	}
	for query, want := range map[string]int{"": 3, "?since=2": 1, "?since=9": 0} {
		_, body := f.get(f.Endpoint() + "/_claimcheck/trace" + query)
		var kept struct{ Exchanges []json.RawMessage }
		if err := json.Unmarshal([]byte(body), &kept); err != nil || len(kept.Exchanges) != want {
			t.Errorf("%s: %d exchanges, %v", query, len(kept.Exchanges), err)
		}
	}
	if status, _ := f.get(f.Endpoint() + "/_claimcheck/trace?since=x"); status != 400 {
		t.Errorf("since=x: %d", status)
	}
}

func TestDiscoveryLeadsToLocalAddresses(t *testing.T) {
	f := start(t, nil)
	_, body := f.get(f.Endpoint() + "/" + f.pool + "/.well-known/openid-configuration")
	var document map[string]any
	if err := json.Unmarshal([]byte(body), &document); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"issuer":                 "https://cognito-idp.us-east-1.amazonaws.com/" + f.pool,
		"jwks_uri":               f.Endpoint() + "/" + f.pool + "/.well-known/jwks.json",
		"token_endpoint":         f.Local("https://"+domain) + "/oauth2/token",
		"authorization_endpoint": f.Local("https://"+domain) + "/oauth2/authorize",
	} {
		if document[name] != want {
			t.Errorf("%s is %v, want %s", name, document[name], want)
		}
	}
}

// A login domain that is made over the API is reached as one of the template is.
func TestAHostGetsAnAddressWhenItIsAskedFor(t *testing.T) {
	f := start(t, nil)
	const host = "later.auth.us-east-1.amazoncognito.com"
	if local := f.Local("https://" + host + "/login"); local != "https://"+host+"/login" {
		t.Errorf("before: %s", local)
	}
	var answers [2]struct{ Address string }
	for i := range answers {
		_, body := f.get(f.Endpoint() + "/_claimcheck/address/" + host)
		if err := json.Unmarshal([]byte(body), &answers[i]); err != nil {
			t.Fatal(err)
		}
	}
	if answers[0] != answers[1] || f.Local("https://"+host+"/login") != answers[0].Address+"/login" {
		t.Errorf("afterwards: %v", answers)
	}
	if status, body := f.get(answers[0].Address + "/login"); status != 404 || !strings.Contains(body, "no user pool") {
		t.Errorf("the domain answers %d %s", status, body)
	}
	for i := range maxAddresses {
		_ = f.open(strconv.Itoa(i), 0)
	}
	if status, _ := f.get(f.Endpoint() + "/_claimcheck/address/another"); status != 503 {
		t.Errorf("one too many: %d", status)
	}
}

func TestWhatUsersStoreIsNotTouched(t *testing.T) {
	f := start(t, nil)
	const page = `<a href="https://` + domain + `/login">`
	for host, want := range map[string]string{
		domain:                       `<a href="` + f.Local("https://"+domain) + `/login">`,
		"s3.us-east-1.amazonaws.com": page,
		"abc.execute-api.us-east-1.amazonaws.com": page,
	} {
		response := api.HTTPResponse{Header: api.Header{"content-type": {"text/html"}}, Body: page}
		f.localize(api.HTTPRequest{URL: "https://" + host + "/"}, &response)
		if response.Body != want {
			t.Errorf("%s: %s", host, response.Body)
		}
	}
}

func TestAPortThatIsTakenIsNamed(t *testing.T) {
	f := start(t, nil)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(f.Endpoint(), "http://"))
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Start(Config{Account: f.config.Account, Port: number, Now: f.config.Now})
	if err == nil || !strings.Contains(err.Error(), "port "+port+" cannot be had") {
		t.Errorf("the error is %v", err)
	}
}
