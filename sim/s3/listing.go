package s3

import (
	"fmt"
	"net/url"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/shape"
	"claimcheck/sim/trace"
	"claimcheck/sim/wire"
)

const listOperation = "ListObjectsV2"

// understandListing reads a request for a bucket: a listing, or what is not
// simulated.
func (s *S3) understandListing(r request) (request, error) {
	call, err := wire.Parse(s.Service(), r.HTTPRequest)
	if err != nil || call.Operation != listOperation {
		return request{}, fmt.Errorf("%s %s: of the requests for buckets only %s is simulated", r.Method, r.URL, listOperation)
	}
	for _, op := range s.Service().Operations {
		if op.Name != listOperation {
			continue
		}
		in, faults := op.Decode(call.Input)
		for _, fault := range faults {
			if fault.Kind != shape.Unsimulated {
				return request{}, awserr.New("InvalidArgument", "%s", fault)
			}
			return request{}, fmt.Errorf("%s: %s", listOperation, fault)
		}
		listing := in.(listObjectsInput)
		r.listing = &listing
	}
	r.action, r.resource = "s3:ListBucket", bucketARN(r.bucket)
	return r, nil
}

func (s *S3) answerListing(span *trace.Span, r request) (api.HTTPResponse, error) {
	out, err := s.listObjects(api.Context{Span: span}, *r.listing)
	if err != nil {
		return s.refuse(r, err)
	}
	tree, err := api.Tree(out)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	return wire.Response(s.Service(), listOperation, tree, s.world.Token(16, api.UpperAlphanumeric))
}

// escapeNames writes the names of a page as in URLs, so that XML can hold them
// all.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
func (out *listObjectsOutput) escapeNames() {
	out.EncodingType = "url"
	out.Prefix, out.Delimiter = escapeName(out.Prefix), escapeName(out.Delimiter)
	for i := range out.Contents {
		out.Contents[i].Key = escapeName(out.Contents[i].Key)
	}
	for i := range out.CommonPrefixes {
		out.CommonPrefixes[i].Prefix = escapeName(out.CommonPrefixes[i].Prefix)
	}
}

func escapeName(name string) string { return strings.ReplaceAll(url.QueryEscape(name), "%2F", "/") }

// unchunked is the body of a request without the frame that SDKs put around a
// stream whose checksum follows it.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
func unchunked(in api.HTTPRequest) (string, error) {
	switch in.Header.Get("x-amz-content-sha256") {
	case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
	case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
		return "", fmt.Errorf("%s %s: chunks with signatures of their own are not simulated", in.Method, in.URL)
	default:
		return in.Body, nil
	}
	var body strings.Builder
	for rest := in.Body; ; {
		size, after, ok := strings.Cut(rest, "\r\n")
		var n int
		if _, err := fmt.Sscanf(size, "%x", &n); err != nil || !ok || n < 0 || n > len(after) {
			return "", awserr.New("IncompleteBody", "The request body terminated unexpectedly")
		}
		if n == 0 {
			return body.String(), nil
		}
		body.WriteString(after[:n])
		rest = strings.TrimPrefix(after[n:], "\r\n")
	}
}
