package sigv4_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace/tracetest"
)

const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

func credentials() api.Credentials {
	return api.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: secret}
}

func request() api.HTTPRequest {
	return api.HTTPRequest{Method: "POST", URL: "https://api.example.com/tasks/a%20b?b=2&a=1", Header: api.Header{"content-type": {"application/json"}}, Body: `{"x":1}`}
}

func signed(t *testing.T, r api.HTTPRequest, c api.Credentials, service string) (api.HTTPRequest, sigv4.Claimed) {
	t.Helper()
	r.Header = r.Header.Clone()
	if err := sigv4.Sign(&r, c, service, "us-east-1", tracetest.Start()); err != nil {
		t.Fatal(err)
	}
	claimed, err := sigv4.Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	return r, claimed
}

// The published example of the signature for a GET of iam:ListUsers.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func TestSignatureEqualsThePublishedExample(t *testing.T) {
	r := api.HTTPRequest{Method: "GET", URL: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
		Header: api.Header{"content-type": {"application/x-www-form-urlencoded; charset=utf-8"}}}
	c := api.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
	if err := sigv4.Sign(&r, c, "iam", "us-east-1", time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	want := "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, " +
		"Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
	if got := r.Header.Get("authorization"); got != want {
		t.Errorf("authorization is\n%s, want\n%s", got, want)
	}
}

func TestSignedRequestVerifies(t *testing.T) {
	session := credentials()
	session.SessionToken = "token"
	unsigned := request()
	unsigned.Header.Set("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
	chunked := request()
	chunked.Header.Set("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
	for name, tt := range map[string]struct {
		request     api.HTTPRequest
		credentials api.Credentials
		service     string
	}{
		"long-term key":    {request(), credentials(), "execute-api"},
		"session":          {request(), session, "execute-api"},
		"S3":               {request(), session, "s3"},
		"unsigned payload": {unsigned, session, "s3"},
		"chunks":           {chunked, session, "s3"},
		"no headers":       {api.HTTPRequest{Method: "GET", URL: "https://api.example.com"}, credentials(), "execute-api"},
	} {
		t.Run(name, func(t *testing.T) {
			r, claimed := signed(t, tt.request, tt.credentials, tt.service)
			if claimed.SessionToken != tt.credentials.SessionToken || claimed.AccessKeyID != tt.credentials.AccessKeyID {
				t.Errorf("claimed %+v", claimed)
			}
			if ok, err := sigv4.Verify(r, claimed, secret); err != nil || !ok {
				t.Errorf("Verify = %v, %v", ok, err)
			}
		})
	}
}

func TestAnyChangeBreaksTheSignature(t *testing.T) {
	for name, change := range map[string]func(*api.HTTPRequest, *sigv4.Claimed){
		"body":           func(r *api.HTTPRequest, _ *sigv4.Claimed) { r.Body = `{"x":2}` },
		"method":         func(r *api.HTTPRequest, _ *sigv4.Claimed) { r.Method = "PUT" },
		"path":           func(r *api.HTTPRequest, _ *sigv4.Claimed) { r.URL = strings.Replace(r.URL, "tasks", "users", 1) },
		"query":          func(r *api.HTTPRequest, _ *sigv4.Claimed) { r.URL = strings.Replace(r.URL, "a=1", "a=2", 1) },
		"host":           func(r *api.HTTPRequest, _ *sigv4.Claimed) { r.URL = strings.Replace(r.URL, "api.", "apj.", 1) },
		"signed header":  func(r *api.HTTPRequest, _ *sigv4.Claimed) { r.Header.Set("content-type", "text/plain") },
		"session token":  func(_ *api.HTTPRequest, c *sigv4.Claimed) { c.SessionToken = "other" },
		"scope":          func(_ *api.HTTPRequest, c *sigv4.Claimed) { c.Region = "eu-west-1" },
		"time":           func(_ *api.HTTPRequest, c *sigv4.Claimed) { c.At = c.At.Add(time.Second) },
		"signature":      func(_ *api.HTTPRequest, c *sigv4.Claimed) { c.Signature = strings.Repeat("0", 64) },
		"signed headers": func(_ *api.HTTPRequest, c *sigv4.Claimed) { c.SignedHeaders = []string{"host"} },
	} {
		t.Run(name, func(t *testing.T) {
			c := credentials()
			c.SessionToken = "token"
			r, claimed := signed(t, request(), c, "execute-api")
			change(&r, &claimed)
			if ok, err := sigv4.Verify(r, claimed, secret); err != nil || ok {
				t.Errorf("Verify = %v, %v", ok, err)
			}
		})
	}
}

func TestAnotherSecretDoesNotVerify(t *testing.T) {
	r, claimed := signed(t, request(), credentials(), "execute-api")
	if ok, _ := sigv4.Verify(r, claimed, "another"); ok {
		t.Error("a signature verifies with another secret")
	}
}

func TestUnsignedHeaderMayChange(t *testing.T) {
	r, claimed := signed(t, request(), credentials(), "execute-api")
	r.Header.Set("x-forwarded-for", "198.51.100.7")
	if ok, err := sigv4.Verify(r, claimed, secret); !ok {
		t.Errorf("Verify = %v, %v", ok, err)
	}
}

func TestRequestWithoutAuthorizationIsMissing(t *testing.T) {
	_, err := sigv4.Parse(request())
	if !errors.As(err, new(sigv4.MissingError)) {
		t.Errorf("error is %v", err)
	}
}

func TestPresignedURLIsNotSimulated(t *testing.T) {
	r := request()
	r.URL += "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
	_, err := sigv4.Parse(r)
	if err == nil || errors.As(err, new(sigv4.MissingError)) || errors.As(err, new(sigv4.IncompleteError)) {
		t.Errorf("error is %v", err)
	}
}

// Sources: https://github.com/serverless/serverless/issues/3205,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
func TestHeaderThatIsNotSigV4IsIncomplete(t *testing.T) {
	const whole = "AWS4-HMAC-SHA256 Credential=A/20260302/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00"
	for name, tt := range map[string]struct{ header, date, want string }{
		"bearer":     {"Bearer abc", "", "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'w1Xc6WwWEogNEZQP/dkBTThsJT4MNlKmzQanIm970rY='."},
		"bare JWT":   {"a.b.c", "", "Invalid key=value pair (missing equal-sign)"},
		"empty":      {"", "", "Invalid key=value pair (missing equal-sign)"},
		"digest":     {"Digest username=ana", "", "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."},
		"no scope":   {strings.Replace(whole, "/20260302/us-east-1/s3/aws4_request", "", 1), "20260302T090000Z", "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'A'"},
		"terminator": {strings.Replace(whole, "aws4_request", "aws5", 1), "20260302T090000Z", "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'."},
		"date":       {whole, "2026-03-02", "Date must be in ISO-8601 'basic format'. Got '2026-03-02'."},
	} {
		t.Run(name, func(t *testing.T) {
			r := request()
			r.Header.Set("Authorization", tt.header)
			if tt.date != "" {
				r.Header.Set("X-Amz-Date", tt.date)
			}
			_, err := sigv4.Parse(r)
			var incomplete sigv4.IncompleteError
			if !errors.As(err, &incomplete) || !strings.HasPrefix(incomplete.Message, tt.want) {
				t.Errorf("error is %q, want %q", err, tt.want)
			}
		})
	}
}

func TestURLThatCannotBeSentIsAnError(t *testing.T) {
	for _, url := range []string{"/tasks", "https://a b/", ":"} {
		r := api.HTTPRequest{Method: "GET", URL: url}
		if err := sigv4.Sign(&r, credentials(), "s3", "us-east-1", tracetest.Start()); err == nil {
			t.Errorf("%q is signed", url)
		}
		if _, err := sigv4.Verify(r, sigv4.Claimed{}, secret); err == nil {
			t.Errorf("%q is verified", url)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=A/20260302/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00", "20260302T090000Z")
	f.Add("Bearer abc", "")
	f.Fuzz(func(t *testing.T, header, date string) {
		r := request()
		r.Header.Set("Authorization", header)
		r.Header.Set("X-Amz-Date", date)
		claimed, err := sigv4.Parse(r)
		if err != nil {
			return
		}
		if ok, err := sigv4.Verify(r, claimed, secret); ok && err == nil {
			t.Errorf("the fuzzer forged a signature: %q", header)
		}
	})
}
