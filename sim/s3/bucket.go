package s3

import (
	"net/netip"
	"regexp"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// bucket is a bucket with its objects by key.
type bucket struct {
	name string
	// policy is the bucket policy as a tree, nil without one.
	policy  any
	block   publicAccessBlock
	objects map[string]object
}

// bucketProperties are those of AWS::S3::Bucket:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
type bucketProperties struct {
	BucketName                     string
	PublicAccessBlockConfiguration *publicAccessBlock

	_ struct{} `noeffect:"AccelerateConfiguration AnalyticsConfigurations BucketEncryption CorsConfiguration IntelligentTieringConfigurations InventoryConfigurations LoggingConfiguration MetadataConfiguration MetadataTableConfiguration MetricsConfigurations OwnershipControls Tags" unsimulated:"AbacStatus AccessControl BucketNamePrefix BucketNamespace LifecycleConfiguration NotificationConfiguration ObjectLockConfiguration ObjectLockEnabled ReplicationConfiguration VersioningConfiguration WebsiteConfiguration"`
}

// publicAccessBlock is a bucket's Block Public Access. Its two settings for
// ACLs change nothing: buckets are made without ACLs.
type publicAccessBlock struct {
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool

	_ struct{} `noeffect:"BlockPublicAcls IgnorePublicAcls"`
}

// object is one object as it was last put.
type object struct {
	body        string
	contentType string
	metadata    map[string]string
	modified    time.Time
}

const maxBucketName = 63

func (s *S3) createBucket(r cloudformation.Resource, in bucketProperties) (cloudformation.Created, error) {
	if in.BucketName == "" {
		in.BucketName = s.generatedName(r)
	}
	if err := s.checkName(r.Span, in.BucketName); err != nil {
		return cloudformation.Created{}, err
	}
	b := &bucket{
		name: in.BucketName, objects: map[string]object{},
		block: publicAccessBlock{BlockPublicPolicy: true, RestrictPublicBuckets: true},
	}
	if in.PublicAccessBlockConfiguration != nil {
		b.block = *in.PublicAccessBlockConfiguration
	}
	s.buckets[b.name] = b
	region := s.world.Region()
	return cloudformation.Created{Ref: b.name, Attributes: map[string]string{
		"Arn":                 bucketARN(b.name),
		"DomainName":          b.name + ".s3.amazonaws.com",
		"DualStackDomainName": b.name + ".s3.dualstack." + region + ".amazonaws.com",
		"RegionalDomainName":  b.name + "." + s.host(),
		"WebsiteURL":          "http://" + b.name + ".s3-website-" + region + ".amazonaws.com",
	}, Extra: map[string]string{"Url": "https://" + b.name + "." + s.host()}}, nil
}

// generatedName is CloudFormation's name for a bucket without one.
func (s *S3) generatedName(r cloudformation.Resource) string {
	suffix := "-" + s.world.Token(12, api.LowerAlphanumeric)
	stem := strings.ToLower(r.Stack + "-" + r.LogicalID)
	return strings.TrimLeft(stem[:min(len(stem), maxBucketName-len(suffix))], "-") + suffix
}

// checkName refuses a name that no bucket can have, then one that is taken.
//
// Sources of the words: https://github.com/apex/up/issues/498,
// https://github.com/Hubs-Foundation/hubs-cloud/issues/13 (both observed),
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
func (s *S3) checkName(span *trace.Span, name string) error {
	const wanted = "a name that follows the rules and is free"
	if !legalName(name) {
		span.Decide(RuleBucketName, false, wanted, name)
		if strings.ToLower(name) != name {
			return awserr.New("InvalidBucketName", "Bucket name should not contain uppercase characters")
		}
		return awserr.New("InvalidBucketName", "The specified bucket is not valid.")
	}
	if _, taken := s.buckets[name]; taken {
		span.Decide(RuleBucketName, false, wanted, name+" is taken")
		return awserr.WithStatus(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
	}
	if !s.world.Reserve("bucket", name) {
		span.Decide(RuleBucketName, false, wanted, name+" is another account's")
		return awserr.WithStatus(409, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.")
	}
	span.Decide(RuleBucketName, true, wanted, name)
	return nil
}

// legalName knows the rules for names of general purpose buckets.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
func legalName(name string) bool {
	if len(name) < 3 || len(name) > maxBucketName || strings.Contains(name, "..") {
		return false
	}
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*[a-z0-9]$`).MatchString(name) {
		return false
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return false
	}
	for _, reserved := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, reserved) {
			return false
		}
	}
	for _, reserved := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, reserved) {
			return false
		}
	}
	return true
}
