package s3

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
)

// httpDate is the form of dates in HTTP headers.
const httpDate = "Mon, 02 Jan 2006 15:04:05 GMT"

// Site answers for BUCKET.s3.REGION.amazonaws.com, the same without the
// Region, and s3.REGION.amazonaws.com/BUCKET.
func (s *S3) Site() api.Site {
	return api.Site{
		Name: "S3",
		Hosts: func(host string) bool {
			_, ok := s.bucketOfHost(host)
			return ok
		},
		Has:   s.hasAddress,
		Serve: s.serve,
	}
}

// bucketOfHost takes the bucket out of a host name; it is "" when the path has it.
func (s *S3) bucketOfHost(host string) (string, bool) {
	for _, endpoint := range []string{s.host(), "s3.amazonaws.com"} {
		if host == endpoint {
			return "", true
		}
		if name, ok := strings.CutSuffix(host, "."+endpoint); ok {
			return name, true
		}
	}
	return "", false
}

// hasAddress knows the buckets of this account, which share their names with all
// others.
func (s *S3) hasAddress(address *url.URL) bool {
	name, _ := s.bucketOfHost(address.Host)
	if name == "" {
		name, _, _ = strings.Cut(strings.TrimPrefix(address.Path, "/"), "/")
	}
	return s.buckets[name] != nil
}

// request is an HTTP request as S3 understands it.
type request struct {
	api.HTTPRequest
	bucket, key string
	query       url.Values
	// action and resource are what policies decide about.
	action, resource string
	// listing is set for a request that lists the bucket.
	listing *listObjectsInput
	// presigned is set when the signature is in the URL, and keys are the
	// condition keys that it brings.
	presigned bool
	keys      map[string][]string
}

// serve answers one request in these phases:
//
//  1. the Authorization header, if any, is an AWS signature; one in the URL is complete and still good
//  2. the signature is valid; a request without one is anonymous
//  3. the bucket exists
//  4. policies allow the request; for an anonymous one only the bucket policy counts
//  5. the object exists, where it is read
func (s *S3) serve(span *trace.Span, in api.HTTPRequest) (api.HTTPResponse, error) {
	r, err := s.understand(in)
	if err != nil {
		return s.refuse(r, err)
	}
	// 1
	if refusal := s.checkForm(span, &r); refusal != nil {
		return *refusal, nil
	}
	// 2
	principal, err := s.authenticate(span, r)
	if err != nil {
		return s.refuse(r, err)
	}
	// 3
	b, err := s.find(span, r.bucket)
	if err != nil {
		return s.refuse(r, err)
	}
	// 4
	if err := s.authorize(span, b, r, principal); err != nil {
		return s.refuse(r, err)
	}
	// 5
	return s.act(span, b, r, principal)
}

// checkForm looks at the signature's form, wherever it stands.
func (s *S3) checkForm(span *trace.Span, r *request) *api.HTTPResponse {
	if r.presigned {
		return s.checkPresigned(span, r)
	}
	return s.checkAuthorizationType(span, *r)
}

func (s *S3) understand(in api.HTTPRequest) (request, error) {
	address, err := url.Parse(in.URL)
	if err != nil {
		return request{}, fmt.Errorf("%q is no address: %w", in.URL, err)
	}
	r := request{HTTPRequest: in, query: address.Query(), key: strings.TrimPrefix(address.Path, "/")}
	if r.bucket, _ = s.bucketOfHost(address.Host); r.bucket == "" {
		r.bucket, r.key, _ = strings.Cut(r.key, "/")
	}
	r.presigned = sigv4.IsPresigned(in)
	if r.key == "" {
		return s.understandListing(r)
	}
	if what := unsimulatedPart(r); what != "" {
		return request{}, fmt.Errorf("%s %s: S3 requests with %s are not simulated", in.Method, in.URL, what)
	}
	action, ok := map[string]string{"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}[in.Method]
	if !ok {
		return request{}, fmt.Errorf("S3 requests with method %s are not simulated", in.Method)
	}
	if r.Body, err = unchunked(in); err != nil {
		return request{}, err
	}
	r.action, r.resource = action, objectARN(r.bucket, r.key)
	return r, nil
}

// unsimulatedPart names what makes a request more than the plain reading or
// writing of an object: a subresource such as ?acl, or the source of a copy.
func unsimulatedPart(r request) string {
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		if name != "x-id" && !strings.HasPrefix(name, "X-Amz-") {
			return "the parameter " + name
		}
	}
	if r.Header.Has("x-amz-copy-source") {
		return "x-amz-copy-source"
	}
	return ""
}

// checkAuthorizationType refuses schemes that S3 does not know. The answer
// names the header and shows its value
// (https://github.com/versity/versitygw/issues/1705).
func (s *S3) checkAuthorizationType(span *trace.Span, r request) *api.HTTPResponse {
	const wanted = "an AWS signature, or no Authorization header"
	value := r.Header.Get("authorization")
	if !r.Header.Has("authorization") {
		span.Decide(RuleAuthorizationType, true, wanted, "no Authorization header")
		return nil
	}
	scheme, _, _ := strings.Cut(value, " ")
	if span.Decide(RuleAuthorizationType, scheme == "AWS4-HMAC-SHA256", wanted, abbreviate(cmp.Or(scheme, "an empty header"))) {
		return nil
	}
	body := errorBody{Code: "InvalidArgument", Message: "Unsupported Authorization Type", ArgumentName: "Authorization", ArgumentValue: value}
	response := s.failure(400, body)
	return &response
}

// authenticate finds out who asks. What S3 calls the errors of a signature is
// its own.
func (s *S3) authenticate(span *trace.Span, r request) (api.Principal, error) {
	authenticate := s.access.Authenticate
	switch {
	case r.presigned:
		authenticate = s.access.AuthenticatePresigned
	case !r.Header.Has("authorization"):
		return api.Principal{Type: api.Anonymous}, nil
	}
	principal, err := authenticate(span, r.HTTPRequest, "s3")
	if refusal := (*awserr.Error)(nil); errors.As(err, &refusal) {
		return api.Principal{}, signatureError(refusal)
	}
	return principal, err
}

// signatureError gives an error of a signature S3's own name
// (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
func signatureError(refusal *awserr.Error) *awserr.Error {
	switch refusal.Code {
	case "InvalidClientTokenId", "UnrecognizedClientException":
		return awserr.WithStatus(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
	case "ExpiredToken", "ExpiredTokenException":
		return awserr.WithStatus(400, "ExpiredToken", "The provided token has expired.")
	case "InvalidSignatureException", "SignatureDoesNotMatch":
		return awserr.WithStatus(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	case "SignatureExpired", "SignatureNotYetCurrent", "RequestExpired":
		return awserr.WithStatus(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
	}
	return awserr.WithStatus(403, refusal.Code, "%s", refusal.Message)
}

func (s *S3) authorize(span *trace.Span, b *bucket, r request, p api.Principal) error {
	anonymous := p.Type == api.Anonymous
	if anonymous {
		restricted := b.block.RestrictPublicBuckets && isPublic(b.policy)
		if !span.Decide(RuleRestrictPublic, !restricted, "no public policy with RestrictPublicBuckets", restriction(restricted)) {
			return denied("")
		}
	}
	keys := map[string][]string{"aws:SourceIp": {r.SourceIP}}
	maps.Copy(keys, r.keys)
	if r.listing != nil {
		maps.Copy(keys, s.listTarget(*r.listing).Keys)
	}
	decision := s.access.Authorize(span, api.Authorization{
		Principal: p, Action: r.action, Resource: r.resource, ResourcePolicy: b.policy, Keys: keys,
	})
	if anonymous {
		span.Decide(RuleAnonymous, decision.Allowed, "a bucket policy that allows everybody", describe(decision.Allowed))
		if !decision.Allowed {
			return denied("")
		}
	}
	if !decision.Allowed {
		return refusal(decision)
	}
	return nil
}

func restriction(restricted bool) string {
	if restricted {
		return "a public policy, restricted"
	}
	return "nothing restricted"
}

func describe(allowed bool) string {
	if allowed {
		return "allowed"
	}
	return "none that allows it"
}

func (s *S3) act(span *trace.Span, b *bucket, r request, p api.Principal) (api.HTTPResponse, error) {
	if r.listing != nil {
		return s.answerListing(span, r)
	}
	switch r.Method {
	case "PUT":
		out := s.put(b, putObjectInput{Key: r.key, Body: r.Body, ContentType: r.Header.Get("content-type"), Metadata: metadataOf(r.Header)})
		return api.HTTPResponse{Status: 200, Header: api.Header{"etag": {out.ETag}}}, nil
	case "DELETE":
		delete(b.objects, r.key)
		return api.HTTPResponse{Status: 204, Header: api.Header{}}, nil
	}
	o, err := s.object(span, b, r.key, p)
	if err != nil {
		return s.refuse(r, err)
	}
	response := api.HTTPResponse{Status: 200, Body: o.body, Header: api.Header{
		"content-type": {o.contentType}, "etag": {o.etag()}, "last-modified": {o.modified.UTC().Format(httpDate)},
	}}
	for name, value := range o.metadata {
		response.Header.Set("x-amz-meta-"+name, value)
	}
	if r.Method == "HEAD" {
		response.Header.Set("content-length", strconv.Itoa(len(o.body)))
		response.Body = ""
	}
	return response, nil
}

// metadataOf are the object's own headers.
func metadataOf(h api.Header) map[string]string {
	metadata := map[string]string{}
	for _, name := range h.Names() {
		if key, ok := strings.CutPrefix(name, "x-amz-meta-"); ok {
			metadata[key] = h.Get(name)
		}
	}
	return metadata
}

// errorBody is S3's error document.
type errorBody struct {
	XMLName       xml.Name `xml:"Error"`
	Code          string
	Message       string
	ArgumentName  string `xml:",omitempty"`
	ArgumentValue string `xml:",omitempty"`
	// Life is in seconds.
	Life       int    `xml:"X-Amz-Expires,omitempty"`
	Expires    string `xml:",omitempty"`
	ServerTime string `xml:",omitempty"`
	BucketName string `xml:",omitempty"`
	Key        string `xml:",omitempty"`
	RequestId  string
	HostId     string
}

// failure is the response that carries an error document. Its ids name no
// request that anybody could look up.
func (s *S3) failure(status int, b errorBody) api.HTTPResponse {
	b.RequestId = s.world.Token(16, api.UpperAlphanumeric)
	b.HostId = s.world.Token(56, api.Alphanumeric)
	// A structure of texts always marshals.
	text, _ := xml.Marshal(b)
	return api.HTTPResponse{
		Status: status, Header: api.Header{"content-type": {"application/xml"}},
		Body: `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + string(text),
	}
}

// refuse turns a refusal into a response; any other error stays one.
func (s *S3) refuse(r request, err error) (api.HTTPResponse, error) {
	refusal := (*awserr.Error)(nil)
	if !errors.As(err, &refusal) {
		return api.HTTPResponse{}, err
	}
	body := errorBody{Code: refusal.Code, Message: refusal.Message}
	switch refusal.Code {
	case "NoSuchBucket":
		body.BucketName = r.bucket
	case "NoSuchKey":
		body.Key = r.key
	}
	response := s.failure(refusal.Status, body)
	if r.Method == "HEAD" {
		response.Body = ""
	}
	return response, nil
}
