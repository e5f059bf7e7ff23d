package s3

import (
	"crypto/md5"
	"encoding/hex"
	"sort"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// maxKeys is the most keys that one page of a listing has.
const maxKeys = 1000

type putObjectInput struct {
	Bucket      string            `aws:"required"`
	Key         string            `aws:"required"`
	Body        string            `http:"payload"`
	ContentType string            `http:"header=Content-Type"`
	Metadata    map[string]string `http:"headers=x-amz-meta-"`

	_ struct{} `noeffect:"BucketKeyEnabled CacheControl ChecksumAlgorithm ChecksumCRC32 ChecksumCRC32C ChecksumCRC64NVME ChecksumMD5 ChecksumSHA1 ChecksumSHA256 ChecksumSHA512 ChecksumXXHASH128 ChecksumXXHASH3 ChecksumXXHASH64 ContentDisposition ContentEncoding ContentLanguage ContentLength ContentMD5 Expires StorageClass" unsimulated:"ACL ExpectedBucketOwner GrantFullControl GrantRead GrantReadACP GrantWriteACP IfMatch IfNoneMatch ObjectLockEventHold ObjectLockEventHoldDurationDays ObjectLockEventHoldDurationYears ObjectLockLegalHoldStatus ObjectLockMode ObjectLockRetainUntilDate RequestPayer SSECustomerAlgorithm SSECustomerKey SSECustomerKeyMD5 SSEKMSEncryptionContext SSEKMSKeyId ServerSideEncryption Tagging WebsiteRedirectLocation WriteOffsetBytes"`
}

type putObjectOutput struct {
	ETag string `http:"header=ETag"`
}

type objectInput struct {
	Bucket string `aws:"required"`
	Key    string `aws:"required"`

	_ struct{} `noeffect:"ChecksumMode" unsimulated:"BypassGovernanceRetention ExpectedBucketOwner IfMatch IfMatchLastModifiedTime IfMatchSize IfModifiedSince IfNoneMatch IfUnmodifiedSince MFA PartNumber Range RequestPayer ResponseCacheControl ResponseContentDisposition ResponseContentEncoding ResponseContentLanguage ResponseContentType ResponseExpires SSECustomerAlgorithm SSECustomerKey SSECustomerKeyMD5 VersionId"`
}

type getObjectOutput struct {
	Body          string            `http:"payload"`
	ContentLength int               `http:"header=Content-Length"`
	ContentType   string            `http:"header=Content-Type"`
	ETag          string            `http:"header=ETag"`
	LastModified  api.Timestamp     `http:"header=Last-Modified"`
	Metadata      map[string]string `json:",omitempty" http:"headers=x-amz-meta-"`
}

type deleteObjectOutput struct{}

type listObjectsInput struct {
	Bucket            string `aws:"required"`
	ContinuationToken string `http:"query=continuation-token"`
	Delimiter         string `http:"query=delimiter"`
	EncodingType      string `aws:"enum=url" http:"query=encoding-type"`
	MaxKeys           *int   `http:"query=max-keys"`
	Prefix            string `http:"query=prefix"`
	StartAfter        string `http:"query=start-after"`

	_ struct{} `unsimulated:"ExpectedBucketOwner FetchOwner OptionalObjectAttributes RequestPayer"`
}

type listedObject struct {
	Key          string
	LastModified api.Timestamp
	ETag         string
	Size         int
	StorageClass string
}

type commonPrefix struct {
	Prefix string
}

type listObjectsOutput struct {
	Name                  string
	Prefix                string
	Delimiter             string         `json:",omitempty"`
	Contents              []listedObject `json:",omitempty"`
	CommonPrefixes        []commonPrefix `json:",omitempty"`
	EncodingType          string         `json:",omitempty"`
	KeyCount, MaxKeys     int
	IsTruncated           bool
	NextContinuationToken string `json:",omitempty"`

	_ struct{} `root:"ListBucketResult"`
}

func (s *S3) putObject(c api.Context, in putObjectInput) (putObjectOutput, error) {
	b, err := s.find(c.Span, in.Bucket)
	if err != nil {
		return putObjectOutput{}, err
	}
	return s.put(b, in), nil
}

// put keeps an object. One without a content type gets S3's.
func (s *S3) put(b *bucket, in putObjectInput) putObjectOutput {
	o := object{body: in.Body, contentType: in.ContentType, metadata: in.Metadata, modified: s.world.Now()}
	if o.contentType == "" {
		o.contentType = "application/octet-stream"
	}
	b.objects[in.Key] = o
	return putObjectOutput{ETag: o.etag()}
}

func (s *S3) getObject(c api.Context, in objectInput) (getObjectOutput, error) {
	b, err := s.find(c.Span, in.Bucket)
	if err != nil {
		return getObjectOutput{}, err
	}
	o, err := s.object(c.Span, b, in.Key, c.Principal)
	if err != nil {
		return getObjectOutput{}, err
	}
	return getObjectOutput{
		Body: o.body, ContentLength: len(o.body), ContentType: o.contentType, ETag: o.etag(),
		LastModified: api.Epoch(o.modified), Metadata: o.metadata,
	}, nil
}

// object finds an object for somebody who may read it. To those who may not
// list the bucket S3 does not say whether a key exists.
func (s *S3) object(span *trace.Span, b *bucket, key string, p api.Principal) (object, error) {
	o, ok := b.objects[key]
	if ok {
		span.Decide(RuleObjectExists, true, "an object under that key", abbreviate(key))
		return o, nil
	}
	decision := s.access.Authorize(span, api.Authorization{
		Principal: p, Action: "s3:ListBucket", Resource: bucketARN(b.name), ResourcePolicy: b.policy,
	})
	if !decision.Allowed {
		span.Decide(RuleObjectExists, false, "an object, or s3:ListBucket to be told", "neither")
		return object{}, refusal(decision)
	}
	span.Decide(RuleObjectExists, false, "an object under that key", "no "+abbreviate(key))
	return object{}, awserr.WithStatus(404, "NoSuchKey", "The specified key does not exist.")
}

// deleteObject deletes; a key that does not exist is no error.
func (s *S3) deleteObject(c api.Context, in objectInput) (deleteObjectOutput, error) {
	b, err := s.find(c.Span, in.Bucket)
	if err != nil {
		return deleteObjectOutput{}, err
	}
	delete(b.objects, in.Key)
	return deleteObjectOutput{}, nil
}

// listTarget is the bucket with the condition keys of a listing. A listing
// without a prefix brings no s3:prefix
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html).
func (s *S3) listTarget(in listObjectsInput) api.Target {
	target := api.Target{Resource: bucketARN(in.Bucket), Policy: s.policyOf(in.Bucket), Keys: map[string][]string{}}
	if in.Prefix != "" {
		target.Keys["s3:prefix"] = []string{in.Prefix}
	}
	if in.Delimiter != "" {
		target.Keys["s3:delimiter"] = []string{in.Delimiter}
	}
	return target
}

func (s *S3) listObjects(c api.Context, in listObjectsInput) (listObjectsOutput, error) {
	b, err := s.find(c.Span, in.Bucket)
	if err != nil {
		return listObjectsOutput{}, err
	}
	out := listObjectsOutput{Name: b.name, Prefix: in.Prefix, Delimiter: in.Delimiter, MaxKeys: maxKeys}
	if in.MaxKeys != nil {
		if out.MaxKeys = min(*in.MaxKeys, maxKeys); out.MaxKeys < 0 {
			return listObjectsOutput{}, awserr.New("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647")
		}
	}
	b.list(in, &out)
	if in.EncodingType != "" {
		out.escapeNames()
	}
	return out, nil
}

// list fills one page. Keys with the same part up to the delimiter count as one.
func (b *bucket) list(in listObjectsInput, out *listObjectsOutput) {
	after := max(in.StartAfter, in.ContinuationToken)
	last, grouped := "", ""
	for _, key := range b.keys() {
		if key <= after || !strings.HasPrefix(key, in.Prefix) || grouped != "" && strings.HasPrefix(key, grouped) {
			continue
		}
		if out.KeyCount == out.MaxKeys {
			out.IsTruncated, out.NextContinuationToken = true, last
			return
		}
		out.KeyCount++
		last = key
		rest := key[len(in.Prefix):]
		if end := strings.Index(rest, in.Delimiter); in.Delimiter != "" && end >= 0 {
			grouped = in.Prefix + rest[:end+len(in.Delimiter)]
			last = grouped + "\U0010ffff"
			out.CommonPrefixes = append(out.CommonPrefixes, commonPrefix{Prefix: grouped})
			continue
		}
		o := b.objects[key]
		out.Contents = append(out.Contents, listedObject{
			Key: key, LastModified: api.Epoch(o.modified), ETag: o.etag(), Size: len(o.body), StorageClass: "STANDARD",
		})
	}
}

func (b *bucket) keys() []string {
	keys := make([]string, 0, len(b.objects))
	for key := range b.objects {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// etag is the object's entity tag, in quotes.
func (o object) etag() string {
	sum := md5.Sum([]byte(o.body))
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func abbreviate(text string) string {
	if r := []rune(text); len(r) > 50 {
		return string(r[:49]) + "…"
	}
	return text
}
