package api

// Membership is an account's place in an organization, and what binds it there.
type Membership struct {
	// OrganizationID is aws:PrincipalOrgID, o-….
	OrganizationID string
	// Path is aws:PrincipalOrgPaths: the ids from the organization over root and
	// organizational units, each with a slash behind it.
	Path string
	// ServiceControls and ResourceControls are the policies by level, from the root
	// to the account. Both are empty for the management account, which no policy
	// binds.
	ServiceControls, ResourceControls []ControlLevel
}

// ControlLevel is a root, an organizational unit or an account with the policies
// attached to it.
type ControlLevel struct {
	// Name is how a reader knows the level, such as "OU workloads".
	Name     string
	Policies []ControlPolicy
}

// ControlPolicy is a policy of an organization.
type ControlPolicy struct {
	Name string
	// Content is the document as a tree or as JSON text.
	Content any
}

// ControlKind is the type of a ControlPolicy.
type ControlKind string

// The types that decide about requests, in the words of AWS Organizations.
const (
	ServiceControl  ControlKind = "SERVICE_CONTROL_POLICY"
	ResourceControl ControlKind = "RESOURCE_CONTROL_POLICY"
)
