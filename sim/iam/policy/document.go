// Package policy is the IAM policy language: reading documents, deciding
// requests by them, and explaining the decision. It owns grammar, matching,
// condition operators, policy variables and the order in which kinds of policy
// decide. It is pure: time, principals and condition keys are arguments, and it
// refuses to know where policies are stored, who the caller is beyond what the
// request says, and what any action means.
//
// A decision and its explanation are two results: Evaluate is quick and says
// what was decided, by which kind of policy and by which statement; Explain
// evaluates the same and adds why each statement did or did not apply.
package policy

// Kind says which grammar a document follows.
type Kind string

// The kinds of document.
const (
	// IdentityPolicy is an inline policy of a user, group or role, a session
	// policy, or the answer of a Lambda authorizer.
	IdentityPolicy Kind = "identity-based policy"
	// ManagedPolicy is an identity-based policy or boundary with an ARN of its
	// own; it must have Version 2012-10-17.
	ManagedPolicy Kind = "managed policy"
	// ResourcePolicy is attached to a resource and names principals.
	ResourcePolicy Kind = "resource-based policy"
	// TrustPolicy is the resource-based policy of a role: STS actions only and
	// no Resource.
	TrustPolicy Kind = "role trust policy"
	// KeyPolicy is the resource-based policy of a KMS key, which must allow by
	// itself: with naming the account it lets identity-based policies allow.
	KeyPolicy Kind = "key policy"
	// ServiceControlPolicy limits the principals of an organization's accounts.
	ServiceControlPolicy Kind = "service control policy"
	// ResourceControlPolicy limits who reaches the resources of an organization's
	// accounts; its only principal is everyone.
	ResourceControlPolicy Kind = "resource control policy"
)

// Effect is what a statement does when it applies.
type Effect string

// The effects, spelt as they must be.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// The versions of the language. Policy variables exist only in the newer.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const (
	version2008 = "2008-10-17"
	version2012 = "2012-10-17"
)

// Document is a policy that has been read and compiled. It does not change.
type Document struct {
	kind       Kind
	statements []statement
	size       int
}

// Principals lists the values that Principal and NotPrincipal elements name
// under a key such as "AWS", in the order of the document.
func (d *Document) Principals(key string) []string {
	var values []string
	for i := range d.statements {
		for _, p := range d.statements[i].principals {
			if p.key == key {
				values = append(values, p.value)
			}
		}
	}
	return values
}

// statement is one compiled statement. An element that the kind does not have
// is nil and holds for every request.
type statement struct {
	index  int
	place  Place
	sid    string
	effect Effect

	principals   []principalPattern
	notPrincipal bool
	actions      []template
	notAction    bool
	resources    []template
	notResource  bool
	conditions   []condition
}
