// Package s3 is Amazon S3: buckets, the objects in them, and the two ways to
// reach them, with an SDK and over HTTP. It owns bucket policies, Block Public
// Access and S3's own reading of the Authorization header. It refuses to know
// whose key signed a request and what a policy decides: it asks through Access.
package s3

import (
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// prefix is the service's IAM prefix and name its lane in traces.
const (
	prefix = "s3"
	name   = "S3"
)

// Access is what S3 asks of IAM for requests over HTTP, and for its answer to
// whoever asks for an object that is not there.
type Access interface {
	// Authenticate says whose signature a request to a service carries. A
	// refusal is an *awserr.Error with one of IAM's general codes, such as
	// "SignatureDoesNotMatch"; S3 answers with codes of its own.
	Authenticate(span *trace.Span, request api.HTTPRequest, service string) (api.Principal, error)
	// AuthenticatePresigned does the same for a signature in the URL; whether
	// the URL is still good S3 has looked at before.
	AuthenticatePresigned(span *trace.Span, request api.HTTPRequest, service string) (api.Principal, error)
	// Authorize decides by identity-based policies and the given bucket policy.
	Authorize(span *trace.Span, a api.Authorization) api.Decision
}

// S3 holds the buckets of one account. It is not safe for concurrent use.
type S3 struct {
	world   api.World
	access  Access
	buckets map[string]*bucket
}

// New returns an S3 without buckets.
func New(w api.World, access Access) *S3 {
	return &S3{world: w, access: access, buckets: map[string]*bucket{}}
}

// Service is S3 behind the API door. There, unlike over HTTP, the caller is
// authorized before anybody looks whether the bucket exists.
func (s *S3) Service() api.Service {
	list := api.Routed("GET /{Bucket}?list-type=2", api.Operate(listOperation, api.Signed, s.listObjects))
	// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
	list.Action = "s3:ListBucket"
	return api.Service{
		Prefix: prefix, Name: name, Host: s.host(),
		Protocol: api.Protocol{Encoding: api.RESTXML, Namespace: "http://s3.amazonaws.com/doc/2006-03-01/", HostMember: "Bucket"},
		Operations: []api.Operation{
			api.On(api.Routed("PUT "+objectPath, api.Operate("PutObject", api.Signed, s.putObject)), func(in putObjectInput) api.Target {
				return s.objectTarget(in.Bucket, in.Key)
			}),
			api.On(api.Routed("GET "+objectPath, api.Operate("GetObject", api.Signed, s.getObject)), func(in objectInput) api.Target {
				return s.objectTarget(in.Bucket, in.Key)
			}),
			api.On(api.Routed("DELETE "+objectPath, api.Operate("DeleteObject", api.Signed, s.deleteObject)), func(in objectInput) api.Target {
				return s.objectTarget(in.Bucket, in.Key)
			}),
			api.On(list, s.listTarget),
		},
		Unsimulated:    unsimulatedOperations(),
		Rules:          Rules(),
		Denial:         denied,
		Reticent:       true,
		SignatureError: signatureError,
		Has: func(input map[string]any) bool {
			bucket, _ := input["Bucket"].(string)
			return s.buckets[bucket] != nil
		},
	}
}

// objectPath is where an object stands.
const objectPath = "/{Bucket}/{Key+}"

// Types are the resource types AWS::S3::Bucket and AWS::S3::BucketPolicy.
func (s *S3) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::S3::Bucket",
			[]string{"Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"}, s.createBucket),
		cloudformation.Define("AWS::S3::BucketPolicy", nil, s.createPolicy),
	}
}

func (s *S3) host() string { return prefix + "." + s.world.Region() + ".amazonaws.com" }

func bucketARN(bucket string) string { return arn.New(prefix, "", "", bucket) }

func objectARN(bucket, key string) string { return arn.New(prefix, "", "", bucket+"/"+key) }

func (s *S3) objectTarget(bucket, key string) api.Target {
	return api.Target{Resource: objectARN(bucket, key), Policy: s.policyOf(bucket)}
}

// policyOf is a bucket's policy as a tree, nil without one or without a bucket.
func (s *S3) policyOf(name string) any {
	b, ok := s.buckets[name]
	if !ok {
		return nil
	}
	return b.policy
}

func (s *S3) find(span *trace.Span, name string) (*bucket, error) {
	b, ok := s.buckets[name]
	if !span.Decide(RuleBucketExists, ok, "bucket "+name, existence(ok)) {
		return nil, awserr.WithStatus(404, "NoSuchBucket", "The specified bucket does not exist")
	}
	return b, nil
}

// existence is what a check for a thing found.
func existence(ok bool) string {
	if ok {
		return "it exists"
	}
	return "there is none"
}

// denied is S3's refusal: to callers of the account in IAM's words with the
// resource in quotes, and without words of IAM's a bare one.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
func denied(message string) error {
	if message == "" {
		return awserr.WithStatus(403, codeAccessDenied, "Access Denied")
	}
	const before = " on resource: "
	head, rest, found := strings.Cut(message, before)
	end := max(strings.LastIndex(rest, " because no "), strings.LastIndex(rest, " with an explicit deny in "))
	if !found || end < 0 {
		return awserr.WithStatus(403, codeAccessDenied, "%s", message)
	}
	return awserr.WithStatus(403, codeAccessDenied, "%s", head+before+`"`+rest[:end]+`"`+rest[end:])
}

// refusal tells a caller from outside the account and its organization no reason.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
func refusal(d api.Decision) error {
	if d.Outside {
		return denied("")
	}
	return denied(d.Message)
}

const codeAccessDenied = "AccessDenied"
