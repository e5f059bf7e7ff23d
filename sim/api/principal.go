package api

import "claimcheck/sim/trace"

// PrincipalType is the kind of a principal.
type PrincipalType string

// The kinds of principal.
const (
	Anonymous     PrincipalType = "anonymous"
	User          PrincipalType = "user"
	AssumedRole   PrincipalType = "assumedRole"
	FederatedUser PrincipalType = "federated"
	ServiceCaller PrincipalType = "service"
)

// Principal is an authenticated caller.
type Principal struct {
	Type PrincipalType
	// ARN is the caller's ARN as denial messages print it: a user's, or a
	// session's (arn:aws:sts::ACCT:assumed-role/ROLE/SESSION).
	ARN string
	// Account is the caller's account id.
	Account string
	// UserID is aws:userid.
	UserID      string
	AccessKeyID string
	// RoleARN is the role behind a session.
	RoleARN string
	// Service is the service principal of a ServiceCaller.
	Service string
	// Keys are the condition keys the principal brings to every request, such
	// as cognito-identity.amazonaws.com:sub.
	Keys map[string][]string
	// TransitiveTags are the keys of the session tags that go on to sessions of
	// other roles.
	TransitiveTags []string
}

// Authorization is a question to IAM.
type Authorization struct {
	Principal Principal
	Action    string
	Resource  string
	// ResourcePolicy is a policy document as a tree, nil without one.
	ResourcePolicy any
	// Keys are the request's own condition keys.
	Keys map[string][]string
}

// Decision is IAM's answer.
type Decision struct {
	Allowed bool
	// Explicit is true when a statement denied, false when none allowed.
	Explicit bool
	// Rule is the rule that decided.
	Rule trace.RuleID
	// Message is AWS's wording of a denial, "" when allowed.
	Message string
	// Outside is true for a denied caller of another account that is in no
	// organization with the resource's. Some services tell it no reason.
	Outside bool
}
