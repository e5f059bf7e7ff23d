package sim_test

import (
	"testing"

	"claimcheck/sim/api"
)

// Whatever a client sends is answered.
func FuzzReceive(f *testing.F) {
	f.Add("POST", "/", "AWSCognitoIdentityProviderService.SignUp", "application/x-amz-json-1.1", `{"ClientId":"x","Username":"y","Password":"z"}`)
	f.Add("POST", "/?Action=AssumeRole&Version=2011-06-15", "", "application/x-www-form-urlencoded", "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=a&RoleSessionName=b&WebIdentityToken=c")
	f.Add("GET", "/photos/a%20b?list-type=2&X-Amz-Credential=a%2Fb%2Fc%2Fs3%2Fd&X-Amz-Signature=0", "", "", "")
	f.Add("GET", "/.well-known/jwks_uri", "", "", "")
	f.Add("PUT", "/2015-03-31/functions/f/invocations", "", "AWS4-HMAC-SHA256 Credential=a/b/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0", "{}")
	a, _ := deploy(f, staff)
	f.Fuzz(func(t *testing.T, method, target, header, authorization, body string) {
		request := api.HTTPRequest{Method: method, Body: body, Header: api.Header{
			"x-amz-target": {header}, "authorization": {authorization}, "content-type": {authorization}, "x-amz-date": {"20260302T090000Z"},
		}}
		request.URL = "https://localhost" + target
		request.URL = "https://" + a.Endpoint(request) + target
		if response, _ := receive(a, request); response.Status < 200 || response.Status > 599 {
			t.Errorf("%s %s: status %d", method, target, response.Status)
		}
	})
}
