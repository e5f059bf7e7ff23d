package organizations

import (
	"strings"

	"claimcheck/sim/trace"
)

// The rules of this package.
const (
	RuleOneOrganization trace.RuleID = "organizations.one-organization"
	RuleManagement      trace.RuleID = "organizations.management-account"
	RuleFeatures        trace.RuleID = "organizations.feature-set"
	RuleExists          trace.RuleID = "organizations.exists"
	RuleContent         trace.RuleID = "organizations.policy-content"
	RuleAttachment      trace.RuleID = "organizations.policy-attachment"
	RuleMinimum         trace.RuleID = "organizations.policy-minimum"
)

// Rules lists the rules of this package.
func Rules() []trace.Rule {
	const guide = "https://docs.aws.amazon.com/organizations/latest/userguide/"
	const reference = "https://docs.aws.amazon.com/organizations/latest/APIReference/"
	return []trace.Rule{{
		ID:         RuleOneOrganization,
		Statement:  "An account belongs to one organization at a time, and the one that creates it is its management account.",
		Source:     reference + "API_CreateOrganization.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleManagement,
		Statement:  "The policies and units of an organization are the business of its management account.",
		Source:     reference + "API_AttachPolicy.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleFeatures,
		Statement:  "Control policies need an organization with all features; consolidated billing alone has none.",
		Source:     guide + "orgs_getting-started_concepts.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleExists,
		Statement:  "A policy is attached to a root, a unit or an account of the organization.",
		Source:     reference + "API_AttachPolicy.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleContent,
		Statement:  "A service control policy names no principal; a resource control policy names everybody and only denies.",
		Source:     guide + "orgs_manage_policies_rcps_syntax.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleAttachment,
		Statement:  "A policy is attached to a target once, and taken off where it is attached.",
		Source:     reference + "API_DetachPolicy.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleMinimum,
		Statement:  "Root, units and accounts keep at least one service control policy each, and RCPFullAWSAccess always: take FullAWSAccess off only where another policy allows.",
		Source:     reference + "API_DetachPolicy.html",
		Confidence: trace.Documented,
	}}
}

// unsimulated are the operations that AWS has and the simulation does not.
// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html
func unsimulated() []string {
	return strings.Fields(`
		AcceptHandshake CancelHandshake CloseAccount CreateAccount CreateGovCloudAccount CreateOrganization
		CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization DeleteOrganizationalUnit DeletePolicy
		DeleteResourcePolicy DeregisterDelegatedAdministrator DescribeAccount DescribeCreateAccountStatus
		DescribeEffectivePolicy DescribeHandshake DescribeOrganization DescribeOrganizationalUnit DescribePolicy
		DescribeResourcePolicy DisableAWSServiceAccess DisablePolicyType EnableAWSServiceAccess EnableAllFeatures
		EnablePolicyType InviteAccountToOrganization LeaveOrganization ListAWSServiceAccessForOrganization ListAccounts
		ListAccountsForParent ListChildren ListCreateAccountStatus ListDelegatedAdministrators
		ListDelegatedServicesForAccount ListHandshakesForAccount ListHandshakesForOrganization
		ListOrganizationalUnitsForParent ListParents ListPolicies ListPoliciesForTarget ListRoots ListTagsForResource
		ListTargetsForPolicy MoveAccount PutResourcePolicy RegisterDelegatedAdministrator RemoveAccountFromOrganization
		TagResource UntagResource UpdateOrganizationalUnit UpdatePolicy`)
}
