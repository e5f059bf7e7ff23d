package api

import "time"

// Role is what STS needs to know of an IAM role.
type Role struct {
	ARN, Name string
	// ID is the unique id, AROA….
	ID string
	// TrustPolicy is the role's AssumeRolePolicyDocument as a tree.
	TrustPolicy any
	// MaxSession is the longest that a session of the role may last.
	MaxSession time.Duration
}

// SessionRequest asks IAM for temporary credentials of a role. Whether the
// caller may have them is decided already.
type SessionRequest struct {
	RoleARN string
	// Name is the RoleSessionName.
	Name     string
	Duration time.Duration
	// Keys are the condition keys that the session brings to every request,
	// such as cognito-identity.amazonaws.com:sub.
	Keys map[string][]string
	// Policy is an inline session policy as JSON text and PolicyARNs are
	// managed session policies; "" and none mean that the session has none.
	Policy     string
	PolicyARNs []string
}

// Session is temporary credentials and whom they stand for.
type Session struct {
	Credentials Credentials
	Principal   Principal
	Expires     time.Time
}
