package cognitoidp_test

import (
	"testing"

	"claimcheck/sim/api"
)

// FuzzEndpoints sends anything at all as query, form and headers: every request
// gets an HTTP answer, and none a token or a code.
func FuzzEndpoints(f *testing.F) {
	a := shopAccount(f, nil)
	f.Add("POST", "/oauth2/token", "", a.exchange("Client", "guess").Encode(), "Basic YTpi", "")
	f.Add("POST", "/oauth2/token", "", "grant_type=client_credentials&client_id="+a.Ref("Machine"), "", "")
	f.Add("GET", "/oauth2/authorize", a.authorization("Client").Encode(), "", "", "cognito=x; cognito")
	f.Add("POST", "/login", a.authorization("Client").Encode(), "challenge=SMS_MFA&session=x", "", "")
	f.Add("POST", "/oauth2/revoke", "", "token=a.b.c&client_id="+a.Ref("Client"), "", "")
	f.Add("GET", "/oauth2/userInfo", "", "", "Bearer e30.e30.", "")
	f.Add("GET", "/logout", "client_id=%zz", "", "", "")
	f.Fuzz(func(t *testing.T, method, path, query, body, authorization, cookie string) {
		request := api.HTTPRequest{Method: method, URL: shop + path + "?" + query, Body: body, Header: api.Header{
			"content-type": {"application/x-www-form-urlencoded"}, "authorization": {authorization}, "cookie": {cookie},
		}}
		response, err := a.pools.DomainSite().Serve(nil, request)
		if err != nil {
			return // AWS has it, the simulation does not
		}
		if response.Status < 200 || response.Status > 499 {
			t.Errorf("status %d", response.Status)
		}
		if response.Status == 200 && path == "/oauth2/token" || readReply(t, response).parameters.Get("code") != "" && path == "/oauth2/authorize" {
			t.Errorf("%s is let in: %v", request.URL, response)
		}
	})
}
