package iam

import (
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// userAdministration are the operations on users, but for those that make them.
func (i *IAM) userAdministration() []api.Operation {
	return []api.Operation{
		onHolder(i, "DeleteUser", i.deleteUser),
		onHolder(i, "PutUserPermissionsBoundary", i.putUserBoundary),
		onHolder(i, "DeleteUserPermissionsBoundary", i.deleteUserBoundary),
		api.Operate("ListUsers", api.Signed, i.listUsers),
		onUser(i, api.Operate("ListAccessKeys", api.Signed, i.listKeys), func(in listKeysInput) string { return in.UserName }),
		onUser(i, api.Operate("UpdateAccessKey", api.Signed, i.updateKey), func(in updateKeyInput) string { return in.UserName }),
		onUser(i, api.Operate("DeleteAccessKey", api.Signed, i.deleteKey), func(in keyInput) string { return in.UserName }),
	}
}

// deleteUser deletes a user whom nothing hangs on. AWS documents the order of
// the deletions, and the errors of 2 to 4 without their wordings:
//
//  1. the user exists
//  2. the access keys are deleted
//  3. the MFA devices are deactivated
//  4. the user has left every group
//  5. the user has no policies (see checkUnused)
//
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
func (i *IAM) deleteUser(c api.Context, in userName) (struct{}, error) {
	u, err := find("user", i.users, in.UserName) // 1
	if err != nil {
		return struct{}{}, err
	}
	if err := checkFree(c.Span, len(u.keys) == 0, "no access key", "must delete access keys first"); err != nil { // 2
		return struct{}{}, err
	}
	if err := checkFree(c.Span, !i.hasDevice(u), "no MFA device", "must delete MFA device first"); err != nil { // 3
		return struct{}{}, err
	}
	if err := checkFree(c.Span, len(u.groups) == 0, "no group", "must remove users from group first"); err != nil { // 4
		return struct{}{}, err
	}
	if err := u.checkUnused(c.Span); err != nil { // 5
		return struct{}{}, err
	}
	delete(i.users, u.name)
	return struct{}{}, nil
}

func (i *IAM) hasDevice(u *user) bool {
	for _, d := range i.devices {
		if d.owner == u {
			return true
		}
	}
	return false
}

type userBoundaryInput struct {
	userName
	PermissionsBoundary string `aws:"required"`
}

func (i *IAM) putUserBoundary(_ api.Context, in userBoundaryInput) (struct{}, error) {
	u, err := find("user", i.users, in.UserName)
	if err != nil {
		return struct{}{}, err
	}
	boundary, err := i.managedPolicy(in.PermissionsBoundary)
	if err != nil {
		return struct{}{}, err
	}
	u.boundary = boundary
	return struct{}{}, nil
}

func (i *IAM) deleteUserBoundary(_ api.Context, in userName) (struct{}, error) {
	u, err := find("user", i.users, in.UserName)
	if err != nil {
		return struct{}{}, err
	}
	u.boundary = nil
	return struct{}{}, nil
}

type listUsersInput struct {
	listing
	PathPrefix string
}

type listUsersOutput struct {
	Users []userOutput
	truncation
}

func (i *IAM) listUsers(_ api.Context, in listUsersInput) (listUsersOutput, error) {
	users, rest, err := pageOf(byPath(i.users, in.PathPrefix, func(u *user) *holder { return &u.holder }), in.listing)
	if err != nil {
		return listUsersOutput{}, err
	}
	out := listUsersOutput{Users: []userOutput{}, truncation: rest}
	for _, u := range users {
		out.Users = append(out.Users, describeUser(u))
	}
	return out, nil
}

type listKeysInput struct {
	UserName string
	listing
}

// keySummary is the structure AccessKeyMetadata: an access key without its
// secret, which is shown once.
type keySummary struct {
	UserName, AccessKeyId, Status string
	CreateDate                    api.Timestamp
}

type listKeysOutput struct {
	AccessKeyMetadata []keySummary
	truncation
}

func (i *IAM) listKeys(c api.Context, in listKeysInput) (listKeysOutput, error) {
	u, err := i.caller(c, in.UserName)
	if err != nil {
		return listKeysOutput{}, err
	}
	list := []keySummary{}
	for _, k := range u.keys {
		list = append(list, keySummary{u.name, k.id, k.status(), api.Epoch(k.created)})
	}
	shown, rest, err := pageOf(list, in.listing)
	return listKeysOutput{shown, rest}, err
}

func (k *accessKey) status() string {
	if k.active {
		return "Active"
	}
	return "Inactive"
}

type keyInput struct {
	UserName    string
	AccessKeyId string `aws:"required"`
}

type updateKeyInput struct {
	keyInput
	Status string `aws:"required,enum=Active|Inactive"`
}

// keyOf finds an access key of the user named, or of the one who calls, in the
// words of https://getwilds.org/sixtyfour/reference/aws_user_access_key_delete.html
// (observed).
func (i *IAM) keyOf(c api.Context, in keyInput) (*accessKey, error) {
	u, err := i.caller(c, in.UserName)
	if err != nil {
		return nil, err
	}
	k, ok := i.keys[in.AccessKeyId]
	if !ok || k.owner != u {
		return nil, awserr.WithStatus(404, "NoSuchEntity", "The Access Key with id %s cannot be found.", in.AccessKeyId)
	}
	return k, nil
}

// updateKey turns an access key off, or on again.
func (i *IAM) updateKey(c api.Context, in updateKeyInput) (struct{}, error) {
	k, err := i.keyOf(c, in.keyInput)
	if err != nil {
		return struct{}{}, err
	}
	k.active = in.Status == "Active"
	return struct{}{}, nil
}

func (i *IAM) deleteKey(c api.Context, in keyInput) (struct{}, error) {
	k, err := i.keyOf(c, in)
	if err != nil {
		return struct{}{}, err
	}
	delete(i.keys, k.id)
	k.owner.keys = slices.DeleteFunc(k.owner.keys, func(other *accessKey) bool { return other == k })
	return struct{}{}, nil
}
