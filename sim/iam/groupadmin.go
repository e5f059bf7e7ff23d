package iam

import (
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// groupAdministration are the operations on groups themselves.
func (i *IAM) groupAdministration() []api.Operation {
	return []api.Operation{
		api.On(api.Operate("CreateGroup", api.Signed, i.newGroup), func(in createGroupInput) api.Target {
			return api.Target{Resource: i.arnOf("group", in.Path, in.GroupName)}
		}),
		onHolder(i, "GetGroup", i.getGroup),
		onHolder(i, "DeleteGroup", i.deleteGroup),
		onHolder(i, "AddUserToGroup", i.addUserToGroup),
		onHolder(i, "RemoveUserFromGroup", i.removeUserFromGroup),
		onHolder(i, "ListGroupsForUser", i.listGroupsForUser),
		api.Operate("ListGroups", api.Signed, i.listGroups),
	}
}

// groupOutput is the structure Group.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Group.html
type groupOutput struct {
	Path, GroupName, GroupId, Arn string
	CreateDate                    api.Timestamp
}

func (g *group) describe() groupOutput {
	return groupOutput{Path: g.path, GroupName: g.name, GroupId: g.id, Arn: g.arn, CreateDate: api.Epoch(g.created)}
}

type createGroupInput struct {
	Path      string
	GroupName string `aws:"required"`
}

type createGroupOutput struct{ Group groupOutput }

func (i *IAM) newGroup(_ api.Context, in createGroupInput) (createGroupOutput, error) {
	g, err := i.addGroup(in.GroupName, in.Path)
	if err != nil {
		return createGroupOutput{}, err
	}
	return createGroupOutput{g.describe()}, nil
}

type getGroupOutput struct {
	Group groupOutput
	Users []userOutput
	truncation
}

// getGroup shows a group with its members by name.
func (i *IAM) getGroup(_ api.Context, in groupListInput) (getGroupOutput, error) {
	g, err := find("group", i.groups, in.GroupName)
	if err != nil {
		return getGroupOutput{}, err
	}
	list := []userOutput{}
	for _, u := range i.members(g) {
		list = append(list, describeUser(u))
	}
	shown, rest, err := pageOf(list, in.listing)
	return getGroupOutput{g.describe(), shown, rest}, err
}

// members are a group's users by name.
func (i *IAM) members(g *group) []*user {
	list := byPath(i.users, "", func(u *user) *holder { return &u.holder })
	return slices.DeleteFunc(list, func(u *user) bool { return !slices.Contains(u.groups, g) })
}

// deleteGroup deletes a group that nothing hangs on. AWS documents the error of
// 2 without its wording:
//
//  1. the group exists
//  2. nobody is in it
//  3. it has no policies (see checkUnused)
func (i *IAM) deleteGroup(c api.Context, in groupName) (struct{}, error) {
	g, err := find("group", i.groups, in.GroupName) // 1
	if err != nil {
		return struct{}{}, err
	}
	if err := checkFree(c.Span, len(i.members(g)) == 0, "no member", "must remove users from group first"); err != nil { // 2
		return struct{}{}, err
	}
	if err := g.checkUnused(c.Span); err != nil { // 3
		return struct{}{}, err
	}
	delete(i.groups, g.name)
	return struct{}{}, nil
}

type membershipInput struct {
	groupName
	UserName string `aws:"required"`
}

// membership finds the two that an operation names: the group, then the user.
func (i *IAM) membership(in membershipInput) (*group, *user, error) {
	g, err := find("group", i.groups, in.GroupName)
	if err != nil {
		return nil, nil, err
	}
	u, err := find("user", i.users, in.UserName)
	return g, u, err
}

func (i *IAM) addUserToGroup(c api.Context, in membershipInput) (struct{}, error) {
	g, u, err := i.membership(in)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, u.join(c.Span, g)
}

// join puts a user into a group, once.
func (u *user) join(span *trace.Span, g *group) error {
	if slices.Contains(u.groups, g) {
		return nil
	}
	if err := checkQuota(span, "GroupsPerUser", len(u.groups)+1, maxGroups); err != nil {
		return err
	}
	u.groups = append(u.groups, g)
	return nil
}

// removeUserFromGroup takes a user out of a group; one who is not in it stays
// outside (inferred).
func (i *IAM) removeUserFromGroup(_ api.Context, in membershipInput) (struct{}, error) {
	g, u, err := i.membership(in)
	if err != nil {
		return struct{}{}, err
	}
	u.groups = slices.DeleteFunc(u.groups, func(other *group) bool { return other == g })
	return struct{}{}, nil
}

type listGroupsInput struct {
	listing
	PathPrefix string
}

type listGroupsOutput struct {
	Groups []groupOutput
	truncation
}

func (i *IAM) listGroups(_ api.Context, in listGroupsInput) (listGroupsOutput, error) {
	return describeGroups(byPath(i.groups, in.PathPrefix, func(g *group) *holder { return &g.holder }), in.listing)
}

func (i *IAM) listGroupsForUser(_ api.Context, in userListInput) (listGroupsOutput, error) {
	u, err := find("user", i.users, in.UserName)
	if err != nil {
		return listGroupsOutput{}, err
	}
	groups := slices.SortedFunc(slices.Values(u.groups), func(a, b *group) int { return strings.Compare(a.name, b.name) })
	return describeGroups(groups, in.listing)
}

func describeGroups(groups []*group, in listing) (listGroupsOutput, error) {
	list := []groupOutput{}
	for _, g := range groups {
		list = append(list, g.describe())
	}
	shown, rest, err := pageOf(list, in)
	return listGroupsOutput{shown, rest}, err
}
