package s3_test

import (
	"strings"
	"testing"
	"time"

	"claimcheck/sim/s3"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const queryPage = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"

// presigned is the URL of an object with a signature of 9 o'clock; the changed
// parameter takes the place of its own, and one without a value is left out.
func presigned(change string) string {
	name, _, _ := strings.Cut(change, "=")
	url := "/ana/beach.jpg?"
	for _, parameter := range []string{
		"X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Credential=AKIA/20260302/us-east-1/s3/aws4_request", "X-Amz-Date=20260302T090000Z",
		"X-Amz-Expires=300", "X-Amz-SignedHeaders=host", "X-Amz-Signature=00",
	} {
		if strings.HasPrefix(parameter, name+"=") {
			parameter = change
		}
		if !strings.HasSuffix(parameter, "=") {
			url += parameter + "&"
		}
	}
	return strings.TrimSuffix(url, "&")
}

func TestPresignedURLIsGoodForItsLife(t *testing.T) {
	for name, row := range map[string]struct {
		source, change, authorization string
		after                         time.Duration
		status                        int
		code, message                 string
		rule                          trace.RuleID
	}{
		"in time":           {queryPage, "X-Amz-Expires=300", "", 299 * time.Second, 200, "", "", ""},
		"for seven days":    {queryPage, "X-Amz-Expires=604800", "", 6 * 24 * time.Hour, 200, "", "", ""},
		"at its end":        {"https://github.com/aws/aws-sdk-php/issues/1333", "X-Amz-Expires=300", "", 300 * time.Second, 403, "AccessDenied", "Request has expired", s3.RulePresignedExpiry},
		"before its time":   {"https://github.com/dmjio/s3-signer/issues/16", "X-Amz-Date=20260302T100000Z", "", 0, 403, "AccessDenied", "Request is not yet valid", s3.RulePresignedExpiry},
		"for eight days":    {queryPage, "X-Amz-Expires=691200", "", 0, 400, "AuthorizationQueryParametersError", "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds", s3.RulePresignedForm},
		"less than no time": {queryPage, "X-Amz-Expires=-1", "", 0, 400, "AuthorizationQueryParametersError", "X-Amz-Expires must be non-negative", s3.RulePresignedForm},
		"for a while":       {queryPage, "X-Amz-Expires=soon", "", 0, 400, "AuthorizationQueryParametersError", "X-Amz-Expires should be a number", s3.RulePresignedForm},
		"without a date": {
			queryPage, "X-Amz-Date=", "", 0, 400, "AuthorizationQueryParametersError",
			"Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.", s3.RulePresignedForm,
		},
		"with a header as well": {
			queryPage, "X-Amz-Expires=300", signature, 0, 400, "InvalidArgument",
			"Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified", s3.RulePresignedForm,
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := deployedInto(t, photos, &tracetest.Coverage{})
			a.access.allowed["s3:PutObject arn:aws:s3:::holiday-photos/ana/beach.jpg"] = true
			a.World.Clock = a.World.Clock.Add(row.after)
			response := a.send("PUT", presigned(row.change), row.authorization, "a photo")
			if response.Status != row.status {
				t.Fatalf("%d %s", response.Status, response.Body)
			}
			if row.status == 200 {
				return
			}
			if d := errorOf(t, response); d.Code != row.code || d.Message != row.message {
				t.Errorf("%s: %s", d.Code, d.Message)
			}
			if got := tracetest.Decider(a.Last, 1); got != row.rule {
				t.Errorf("decided by %q", got)
			}
		})
	}
}

// https://github.com/versity/versitygw/issues/2116
func TestExpiredURLSaysWhenItExpired(t *testing.T) {
	a := deployedInto(t, photos, &tracetest.Coverage{})
	a.World.Clock = a.World.Clock.Add(time.Hour)
	body := a.send("GET", presigned("X-Amz-Expires=300"), "", "").Body
	const want = "<X-Amz-Expires>300</X-Amz-Expires><Expires>2026-03-02T09:05:00Z</Expires><ServerTime>2026-03-02T10:00:00Z</ServerTime>"
	if !strings.Contains(body, want) {
		t.Errorf("the answer is %s", body)
	}
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
func TestPresignedURLBringsConditionKeys(t *testing.T) {
	a := deployedInto(t, photos, &tracetest.Coverage{})
	a.World.Clock = a.World.Clock.Add(2 * time.Second)
	a.send("PUT", presigned("X-Amz-Expires=300"), "", "a photo")
	keys := a.access.asked[0].Keys
	if keys["s3:authType"][0] != "REST-QUERY-STRING" || keys["s3:signatureAge"][0] != "2000" {
		t.Errorf("keys are %v", keys)
	}
}
