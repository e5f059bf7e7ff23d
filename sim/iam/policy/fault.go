package policy

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with a document.
type Fault struct {
	// Path leads to the element, such as "Statement[0].Effect"; "" is the
	// document.
	Path string
	// Line and Column count from 1; both are 0 when the document was a tree.
	Line, Column int
	// Message is one sentence without the path.
	Message string
	// AWS is the wording of IAM's MalformedPolicyDocument for the fault.
	AWS string
}

// String is "line:column: Path: message", without what is not known.
func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", f.Line, f.Column)
	}
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	return b.String() + f.Message
}

// Faults are all the faults of a document, in its order. The error of Parse
// and ParseJSON is of this type.
type Faults []Fault

// Error has one line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// AWS is the one message IAM answers with. It looks at syntax before anything
// else, so a syntax error goes before faults that stand earlier.
func (f Faults) AWS() string {
	for _, fault := range f {
		if fault.AWS == syntaxError {
			return syntaxError
		}
	}
	if len(f) == 0 {
		return ""
	}
	return f[0].AWS
}

// The wordings of MalformedPolicyDocument.
// Sources: https://github.com/getmoto/moto/blob/master/moto/iam/policy_validation.py (observed),
// https://github.com/hashicorp/terraform/issues/13449 (observed),
// https://github.com/localstack/localstack/issues/6644 (observed),
// https://github.com/aws/aws-cdk/pull/5746 (observed),
// https://github.com/aws-actions/configure-aws-credentials/issues/332 (observed)
const (
	syntaxError       = "Syntax errors in policy."
	legacyParsing     = "The policy failed legacy parsing"
	oldVersion        = "Policy document must be version 2012-10-17 or greater."
	noActions         = "Policy statement must contain actions."
	noResources       = "Policy statement must contain resources."
	sidTwice          = "Statement IDs (SID) in a single policy must be unique."
	needsVendor       = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	oneColon          = "Actions/Condition can contain only one colon."
	resourceForm      = `Resource %s must be in ARN format or "*".`
	principalNotHere  = "Policy document should not specify a principal."
	principalMissing  = "Missing required field Principal"
	resourceForbidden = "Has prohibited field Resource."
	onlySTSActions    = "AssumeRole policy may only specify STS AssumeRole actions."
	invalidPrincipal  = "Invalid principal in policy: \"%s\":\"%s\""
	// otherPolicyType is how AWS Organizations refuses what its kind of policy
	// does not have.
	// Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
	otherPolicyType = "The provided policy document does not meet the requirements of the specified policy type."
	// invalidTrustPrincipal is how a bare "*" is refused in a trust policy.
	invalidTrustPrincipal = "AssumeRolepolicy contained an invalid principal: \"%s\":\"%s\"."
)
