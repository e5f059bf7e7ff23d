package cognitoidp

import "claimcheck/sim/api"

// administration are the operations on pools and what is set up in them. Those
// that name no pool are authorized against no resource.
func (s *UserPools) administration() []api.Operation {
	operations := []api.Operation{
		api.Operate("CreateUserPool", api.Signed, s.createUserPool),
		api.Operate("ListUserPools", api.Signed, s.listUserPools),
		onPool(s, "DescribeUserPool", s.describeUserPool),
		onPool(s, "UpdateUserPool", s.updateUserPool),
		onPool(s, "DeleteUserPool", s.deleteUserPool),
		onPool(s, "CreateUserPoolClient", s.createUserPoolClient),
		onPool(s, "DescribeUserPoolClient", s.describeUserPoolClient),
		onPool(s, "UpdateUserPoolClient", s.updateUserPoolClient),
		onPool(s, "ListUserPoolClients", s.listUserPoolClients),
		onPool(s, "DeleteUserPoolClient", s.deleteUserPoolClient),
		onPool(s, "AddCustomAttributes", s.addCustomAttributes),
		onPool(s, "GetGroup", s.getGroup),
		onPool(s, "UpdateGroup", s.updateGroup),
		onPool(s, "DeleteGroup", s.deleteGroup),
		onPool(s, "ListGroups", s.listGroups),
		onPool(s, "ListUsersInGroup", s.listUsersInGroup),
		onPool(s, "CreateResourceServer", s.createResourceServerByAPI),
		onPool(s, "DescribeResourceServer", s.describeResourceServer),
		onPool(s, "UpdateResourceServer", s.updateResourceServer),
		onPool(s, "DeleteResourceServer", s.deleteResourceServer),
		onPool(s, "ListResourceServers", s.listResourceServers),
		onPool(s, "CreateUserPoolDomain", s.createUserPoolDomain),
		api.Operate("DescribeUserPoolDomain", api.Signed, s.describeUserPoolDomain),
		onPool(s, "UpdateUserPoolDomain", s.updateUserPoolDomain),
		onPool(s, "DeleteUserPoolDomain", s.deleteUserPoolDomain),
		onPool(s, "CreateManagedLoginBranding", s.createStyle),
		onPool(s, "DescribeManagedLoginBranding", s.describeStyle),
		onPool(s, "DescribeManagedLoginBrandingByClient", s.describeStyleOfClient),
		onPool(s, "UpdateManagedLoginBranding", s.updateStyle),
		onPool(s, "DeleteManagedLoginBranding", s.deleteStyle),
		onPool(s, "CreateIdentityProvider", s.createIdentityProvider),
		onPool(s, "DescribeIdentityProvider", s.describeIdentityProvider),
		onPool(s, "GetIdentityProviderByIdentifier", s.getIdentityProviderByIdentifier),
		onPool(s, "UpdateIdentityProvider", s.updateIdentityProvider),
		onPool(s, "DeleteIdentityProvider", s.deleteIdentityProvider),
		onPool(s, "ListIdentityProviders", s.listIdentityProviders),
	}
	return append(operations, api.Tagging(s.tagsOf)...)
}
