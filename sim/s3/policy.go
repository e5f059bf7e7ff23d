package s3

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// policyProperties are those of AWS::S3::BucketPolicy:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html
type policyProperties struct {
	Bucket         string         `aws:"required"`
	PolicyDocument map[string]any `aws:"required"`
}

// createPolicy gives a bucket its policy, checking in this order:
//
//  1. the bucket exists and has no policy yet
//  2. the document is a policy for this bucket: 2.1 no statement lacks a
//     field, 2.2 resources are the bucket's, 2.3 it follows the grammar
//  3. Block Public Access lets it pass
func (s *S3) createPolicy(r cloudformation.Resource, in policyProperties) (cloudformation.Created, error) {
	// 1
	b, err := s.find(r.Span, in.Bucket)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if b.policy != nil {
		return cloudformation.Created{}, awserr.WithStatus(409, "AlreadyExists", "The bucket policy already exists on bucket %s.", b.name)
	}
	// 2
	if err := s.checkDocument(r.Span, b, in.PolicyDocument); err != nil {
		return cloudformation.Created{}, err
	}
	// 3
	public := isPublic(in.PolicyDocument)
	found := "a policy that is not public"
	if public {
		found = "a policy that lets everybody in"
	}
	if !r.Span.Decide(RuleBlockPublicPolicy, !public || !b.block.BlockPublicPolicy, b.block.wanted(), found) {
		return cloudformation.Created{}, denied("")
	}
	b.policy = in.PolicyDocument
	return cloudformation.Created{Ref: b.name}, nil
}

func (p publicAccessBlock) wanted() string {
	if p.BlockPublicPolicy {
		return "no public policy: BlockPublicPolicy is on"
	}
	return "any policy: BlockPublicPolicy is off"
}

// checkDocument makes check 2 of createPolicy.
func (s *S3) checkDocument(span *trace.Span, b *bucket, document map[string]any) error {
	// 2.1 and 2.2
	fault := documentFault(document, b.name)
	if !span.Decide(RuleBucketPolicy, fault == "", "a policy for "+b.name, cmp.Or(fault, "one")) {
		return malformed(fault)
	}
	// 2.3
	question := api.Authorization{
		Principal: api.Principal{Type: api.Anonymous}, Action: "s3:GetObject", Resource: objectARN(b.name, "x"), ResourcePolicy: document,
	}
	if s.access.Authorize(nil, question).Rule == rulePolicyDocument {
		s.access.Authorize(span, question)                    // again, so that the trace shows the fault
		return malformed("This policy contains invalid Json") // inferred: IAM does not hand its own words over
	}
	return nil
}

// documentFault is S3's complaint about a bucket policy, "" without one. The
// grammar of policies is IAM's business.
// Source: https://github.com/spantaleev/matrix-docker-ansible-deploy/issues/1869 (observed)
func documentFault(document map[string]any, bucket string) string {
	list := statements(document)
	if len(list) == 0 {
		return "Missing required field Statement"
	}
	for _, statement := range list {
		for _, field := range []string{"Principal", "Action", "Resource"} {
			if statement[field] == nil && statement["Not"+field] == nil {
				return "Missing required field " + field
			}
		}
		for _, resource := range append(texts(statement["Resource"]), texts(statement["NotResource"])...) {
			if !belongs(resource, bucket) {
				return "Policy has invalid resource"
			}
		}
	}
	return ""
}

// rulePolicyDocument is the rule by which IAM says that a document is no policy.
const rulePolicyDocument trace.RuleID = "iam.policy-document"

func malformed(message string) error { return awserr.New("MalformedPolicy", "%s", message) }

// belongs reports whether a policy's resource can be the bucket or lie in it.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
func belongs(resource, bucket string) bool {
	rest, ok := strings.CutPrefix(resource, bucketARN(""))
	if !ok {
		return false
	}
	name, _, _ := strings.Cut(rest, "/")
	pattern := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(name))
	matched, err := regexp.MatchString("^"+pattern+"$", bucket)
	return err == nil && matched
}

// isPublic reports whether a policy that follows the grammar opens the bucket
// to everybody: a statement that allows any principal without a condition that
// fixes who or from where.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func isPublic(policy any) bool {
	document, _ := policy.(map[string]any)
	return slices.ContainsFunc(statements(document), func(statement map[string]any) bool {
		return statement["Effect"] == "Allow" && namesEverybody(statement) && !isFixed(statement["Condition"])
	})
}

func namesEverybody(statement map[string]any) bool {
	if statement["NotPrincipal"] != nil {
		return true
	}
	if kinds, ok := statement["Principal"].(map[string]any); ok {
		return slices.Contains(texts(kinds["AWS"]), "*")
	}
	return statement["Principal"] == "*"
}

// isFixed reports whether conditions bind one of the keys that S3 counts to
// values without wildcards.
func isFixed(conditions any) bool {
	operators, _ := conditions.(map[string]any)
	for _, operator := range slices.Sorted(maps.Keys(operators)) {
		keys, _ := operators[operator].(map[string]any)
		if !restricts(operator) {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			if values := texts(keys[key]); isRestrictingKey(key) && len(values) > 0 && !slices.ContainsFunc(values, hasWildcard) {
				return true
			}
		}
	}
	return false
}

// restricts leaves out the operators that a request without the key, or with
// any other value, passes.
func restricts(operator string) bool {
	return !strings.Contains(operator, "Not") && !strings.HasSuffix(operator, "IfExists") && operator != "Null" &&
		!strings.HasPrefix(operator, "ForAllValues:")
}

func hasWildcard(value string) bool {
	return strings.ContainsAny(value, "*?") || strings.Contains(value, "${") || value == "0.0.0.0/0" || value == "::/0"
}

func isRestrictingKey(key string) bool {
	switch strings.ToLower(key) {
	case "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourceip",
		"aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourceowner", "aws:sourceaccount",
		"aws:userid", "s3:dataaccesspointarn", "s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id":
		return true
	}
	return false
}

// statements are a document's statements, one or a list.
func statements(document map[string]any) []map[string]any {
	list, isList := document["Statement"].([]any)
	if !isList {
		list = []any{document["Statement"]}
	}
	var all []map[string]any
	for _, item := range list {
		if statement, ok := item.(map[string]any); ok {
			all = append(all, statement)
		}
	}
	return all
}

// texts are the texts of an element that is one text or a list of them.
func texts(element any) []string {
	list, isList := element.([]any)
	if !isList {
		list = []any{element}
	}
	var all []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			all = append(all, text)
		}
	}
	return all
}
