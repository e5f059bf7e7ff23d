package sigv4_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/sigv4"
)

func presigned(t *testing.T, c api.Credentials) api.HTTPRequest {
	t.Helper()
	at := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	url, err := sigv4.Presign("PUT", "https://photos.s3.us-east-1.amazonaws.com/ana/a%20day/beach.jpg?x-id=PutObject", c, "s3", "us-east-1", at, 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return api.HTTPRequest{Method: "PUT", URL: url, Body: "anything", Header: api.Header{}}
}

func TestPresignedURLIsReadAsItWasSigned(t *testing.T) {
	request := presigned(t, api.Credentials{AccessKeyID: "ASIA1", SecretAccessKey: "secret", SessionToken: "token+/="})
	if !sigv4.IsPresigned(request) || sigv4.IsPresigned(api.HTTPRequest{URL: "https://photos.s3.us-east-1.amazonaws.com/x"}) {
		t.Error("a presigned URL is not told from another")
	}
	p, err := sigv4.ParsePresigned(request)
	if err != nil {
		t.Fatal(err)
	}
	if p.AccessKeyID != "ASIA1" || p.SessionToken != "token+/=" || p.Service != "s3" || p.Region != "us-east-1" || p.Life != 5*time.Minute || p.At.Hour() != 9 {
		t.Errorf("read %+v", p)
	}
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
func TestPresignedURLHoldsForOneMethodKeyAndLife(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*api.HTTPRequest)
		secret string
		same   bool
	}{
		"as it was signed": {func(*api.HTTPRequest) {}, "secret", true},
		"another body":     {func(r *api.HTTPRequest) { r.Body = "" }, "secret", true},
		"a header more":    {func(r *api.HTTPRequest) { r.Header.Set("content-type", "image/png") }, "secret", true},
		"another secret":   {func(*api.HTTPRequest) {}, "guess", false},
		"another method":   {func(r *api.HTTPRequest) { r.Method = "GET" }, "secret", false},
		"another key":      {func(r *api.HTTPRequest) { r.URL = strings.Replace(r.URL, "ana", "bob", 1) }, "secret", false},
		"a longer life":    {func(r *api.HTTPRequest) { r.URL = strings.Replace(r.URL, "Expires=300", "Expires=3000", 1) }, "secret", false},
		"a parameter more": {func(r *api.HTTPRequest) { r.URL += "&acl=" }, "secret", false},
		"another host":     {func(r *api.HTTPRequest) { r.URL = strings.Replace(r.URL, "photos.", "videos.", 1) }, "secret", false},
		"no session token": {func(r *api.HTTPRequest) {
			r.URL = strings.Replace(r.URL, "X-Amz-Security-Token=token", "X-Amz-Security-Token=", 1)
		}, "secret", false},
	} {
		t.Run(name, func(t *testing.T) {
			request := presigned(t, api.Credentials{AccessKeyID: "ASIA1", SecretAccessKey: "secret", SessionToken: "token"})
			row.change(&request)
			p, err := sigv4.ParsePresigned(request)
			if err != nil {
				t.Fatal(err)
			}
			if same, err := sigv4.VerifyPresigned(request, p, row.secret); err != nil || same != row.same {
				t.Errorf("same: %v, %v", same, err)
			}
		})
	}
}

func TestPresignedURLWithAFaultyScopeOrDateIsIncomplete(t *testing.T) {
	request := presigned(t, api.Credentials{AccessKeyID: "AKIA1", SecretAccessKey: "secret"})
	for _, change := range [][2]string{{"%2Faws4_request", ""}, {"aws4_request", "aws5"}, {"T090000Z", ""}} {
		faulty := request
		faulty.URL = strings.Replace(request.URL, change[0], change[1], 1)
		var incomplete sigv4.IncompleteError
		if _, err := sigv4.ParsePresigned(faulty); !errors.As(err, &incomplete) {
			t.Errorf("%s: %v", faulty.URL, err)
		}
	}
}

func TestWhatIsNoURLCannotBePresigned(t *testing.T) {
	for _, url := range []string{"/path", "https://%"} {
		if _, err := sigv4.Presign("GET", url, api.Credentials{}, "s3", "us-east-1", time.Time{}, time.Minute); err == nil {
			t.Errorf("%q is presigned", url)
		}
	}
	if sigv4.IsPresigned(api.HTTPRequest{URL: "https://%"}) {
		t.Error("an unreadable URL is presigned")
	}
}
