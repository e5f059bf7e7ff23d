package s3

import (
	"fmt"
	"strconv"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
)

// checkPresigned looks at the signature in a URL as far as S3 does that by
// itself:
//
//  1. there is no Authorization header beside it
//  2. it is complete and for at most seven days
//  3. its time has come and has not run out
//
// It returns the refusal, or else notes the condition keys that the signature
// brings.
//
// Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html,
// https://github.com/aws/aws-sdk-php/issues/1333, https://github.com/dmjio/s3-signer/issues/16 (both observed),
// https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
func (s *S3) checkPresigned(span *trace.Span, r *request) *api.HTTPResponse {
	const wanted = "a complete signature in the URL, for at most seven days"
	if r.Header.Has("authorization") { // 1
		span.Decide(RulePresignedForm, false, wanted, "an Authorization header as well")
		refusal := s.failure(400, errorBody{
			Code:    "InvalidArgument",
			Message: "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
		})
		return &refusal
	}
	p, err := sigv4.ParsePresigned(r.HTTPRequest) // 2
	if err != nil {
		span.Decide(RulePresignedForm, false, wanted, "another")
		refusal := s.failure(400, errorBody{Code: "AuthorizationQueryParametersError", Message: err.Error()})
		return &refusal
	}
	span.Decide(RulePresignedForm, true, wanted, fmt.Sprintf("for %s", p.Life))
	if refusal := s.checkLife(span, p); refusal != nil { // 3
		return refusal
	}
	age := s.world.Now().Sub(p.At).Milliseconds()
	r.keys = map[string][]string{"s3:authType": {"REST-QUERY-STRING"}, "s3:signatureAge": {strconv.FormatInt(age, 10)}}
	return nil
}

func (s *S3) checkLife(span *trace.Span, p sigv4.Presignature) *api.HTTPResponse {
	const layout = "2006-01-02T15:04:05Z"
	now, end := s.world.Now().UTC(), p.At.Add(p.Life)
	message := ""
	switch {
	case !now.Before(end):
		message = "Request has expired"
	case now.Before(p.At.Add(-skew)):
		message = "Request is not yet valid"
	}
	found := "good until " + end.UTC().Format(time.TimeOnly)
	if span.Decide(RulePresignedExpiry, message == "", "a URL that is good at "+now.Format(time.TimeOnly), found) {
		return nil
	}
	refusal := s.failure(403, errorBody{
		Code: codeAccessDenied, Message: message, Life: int(p.Life / time.Second),
		Expires: end.UTC().Format(layout), ServerTime: now.Format(layout),
	})
	return &refusal
}

// skew is how far clocks may differ: https://github.com/aws/aws-sdk-php/issues/612
const skew = 15 * time.Minute
