package iam

import (
	"slices"

	"claimcheck/sim/api"
)

// administration are the operations that make, change and delete what the
// directory has.
func (i *IAM) administration() []api.Operation {
	return slices.Concat(
		i.roleAdministration(), i.userAdministration(), i.groupAdministration(), i.policyAdministration(), i.providerAdministration(),
		i.samlAdministration(), i.deviceAdministration(), i.profileAdministration(),
		inlinePolicies[putUserPolicyInput, userPolicyInput, userListInput](i, "User"),
		inlinePolicies[putGroupPolicyInput, groupPolicyInput, groupListInput](i, "Group"),
		inlinePolicies[putRolePolicyInput, rolePolicyInput, roleListInput](i, "Role"),
		tagging[tagUserInput, untagUserInput, userListInput](i, "User"),
		tagging[tagRoleInput, untagRoleInput, roleListInput](i, "Role"),
		attachedPolicies[attachUserPolicyInput, attachedUserListInput](i, "User"),
		attachedPolicies[attachGroupPolicyInput, attachedGroupListInput](i, "Group"),
		attachedPolicies[attachRolePolicyInput, attachedRoleListInput](i, "Role"),
	)
}
