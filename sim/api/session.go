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
	// Tags are the session's tags, and TransitiveTags the keys of those that
	// sessions of other roles inherit.
	Tags           map[string]string
	TransitiveTags []string
	// MFA is true when the caller gave a code of an MFA device for the session,
	// and HasMFA when it is known whether it did.
	MFA, HasMFA bool
}

// UserSessionRequest asks IAM for temporary credentials that act for an IAM
// user. Whether the user may have them is decided already.
type UserSessionRequest struct {
	// Caller is the user, by its access key.
	Caller Principal
	// Name is the federated user's; "" asks for a session of the user itself.
	Name     string
	Duration time.Duration
	// MFA is true when the user gave a code of its MFA device.
	MFA bool
	// Policy, PolicyARNs and Tags are those of SessionRequest.
	Policy     string
	PolicyARNs []string
	Tags       map[string]string
}

// IdentityProvider is an OIDC provider that an account trusts.
type IdentityProvider struct {
	ARN string
	// ClientIDs are the audiences its tokens may have.
	ClientIDs []string
}

// InstanceProfile is what EC2 needs to know of the container that hands a role to
// an instance.
type InstanceProfile struct {
	ARN, ID string
	// RoleARN and RoleName are those of its one role, "" while it has none.
	RoleARN, RoleName string
}

// SAMLProvider is a SAML provider that an account trusts.
type SAMLProvider struct {
	ARN string
	// Issuer is its entity ID.
	Issuer string
	// Certificates are those of the keys that sign its assertions, in DER.
	Certificates [][]byte
}

// Session is temporary credentials and whom they stand for.
type Session struct {
	Credentials Credentials
	Principal   Principal
	Expires     time.Time
}
