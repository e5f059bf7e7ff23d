package s3

import "claimcheck/sim/trace"

// The rules of S3.
const (
	RuleAuthorizationType trace.RuleID = "s3.authorization-type"
	RuleBucketExists      trace.RuleID = "s3.bucket-exists"
	RuleBucketName        trace.RuleID = "s3.bucket-name"
	RuleBucketPolicy      trace.RuleID = "s3.bucket-policy"
	RuleBlockPublicPolicy trace.RuleID = "s3.block-public-policy"
	RuleRestrictPublic    trace.RuleID = "s3.restrict-public-buckets"
	RuleAnonymous         trace.RuleID = "s3.anonymous"
	RuleObjectExists      trace.RuleID = "s3.no-such-key"
	RulePresignedForm     trace.RuleID = "s3.presigned-url.form"
	RulePresignedExpiry   trace.RuleID = "s3.presigned-url.expiry"
)

const guide = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"

// Rules lists the rules of this package.
func Rules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleAuthorizationType, Statement: "S3 reads one kind of Authorization header, a SigV4 signature; a bearer token means nothing to it.", Source: "https://github.com/Einstore/Einstore/issues/152", Confidence: trace.Observed},
		{ID: RuleBucketExists, Statement: "A request over HTTP for a bucket that does not exist gets 404 NoSuchBucket, whoever asks.", Source: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html", Confidence: trace.Documented},
		{ID: RuleBucketName, Statement: "A bucket's name is 3 to 63 lower-case letters, digits, hyphens and periods, and nobody else has it.", Source: guide + "bucketnamingrules.html", Confidence: trace.Documented},
		{ID: RuleBucketPolicy, Statement: "Every statement of a bucket policy names a principal and resources of that bucket.", Source: guide + "example-bucket-policies.html", Confidence: trace.Documented},
		{ID: RuleBlockPublicPolicy, Statement: "Block Public Access is on for new buckets: a policy that opens the bucket to everybody is not accepted.", Source: guide + "access-control-block-public-access.html", Confidence: trace.Documented},
		{ID: RuleRestrictPublic, Statement: "RestrictPublicBuckets keeps everybody but the account and AWS services out of a bucket whose policy is public.", Source: guide + "access-control-block-public-access.html", Confidence: trace.Documented},
		{ID: RuleAnonymous, Statement: "A request without a signature is anonymous: only a bucket policy that allows everybody lets it in.", Source: guide + "access-management.html", Confidence: trace.Documented},
		{ID: RuleObjectExists, Statement: "Only who may s3:ListBucket learns with 404 that an object is not there; everybody else gets 403.", Source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html", Confidence: trace.Documented},
		{ID: RulePresignedForm, Statement: "A presigned URL has six parameters X-Amz-…, is good for at most seven days, and has no Authorization header beside it.", Source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html", Confidence: trace.Documented},
		{ID: RulePresignedExpiry, Statement: "A presigned URL is good until X-Amz-Expires seconds after it was signed, and never longer than the credentials that signed it.", Source: guide + "using-presigned-url.html", Confidence: trace.Documented},
	}
}
