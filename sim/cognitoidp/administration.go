package cognitoidp

import "claimcheck/sim/api"

// administration are the operations on pools and what is set up in them. Those
// that name no pool are authorized against no resource.
func (s *UserPools) administration() []api.Operation {
	return []api.Operation{
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
	}
}
