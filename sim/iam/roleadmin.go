package iam

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
)

// roleAdministration are the operations on roles themselves.
func (i *IAM) roleAdministration() []api.Operation {
	return []api.Operation{
		api.On(api.Operate("CreateRole", api.Signed, i.newRole), func(in createRoleInput) api.Target {
			return api.Target{Resource: i.arnOf("role", in.Path, in.RoleName), Keys: requested(in.Tags)}
		}),
		onHolder(i, "GetRole", i.getRole),
		onHolder(i, "UpdateRole", i.updateRole),
		onHolder(i, "UpdateAssumeRolePolicy", i.updateTrust),
		onHolder(i, "PutRolePermissionsBoundary", i.putRoleBoundary),
		onHolder(i, "DeleteRolePermissionsBoundary", i.deleteRoleBoundary),
		onHolder(i, "DeleteRole", i.deleteRole),
		api.Operate("ListRoles", api.Signed, i.listRoles),
	}
}

// arnOf is the ARN that something in a path will have.
func (i *IAM) arnOf(kind, path, name string) string {
	if path == "" {
		path = "/"
	}
	return arn.New("iam", "", i.world.Account(), kind+path+name)
}

// roleOutput is the structure Role. The wire carries the trust policy as
// URL-encoded JSON; here it is the document, as SDKs' users read it.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
type roleOutput struct {
	Path, RoleName, RoleId, Arn string
	CreateDate                  api.Timestamp
	AssumeRolePolicyDocument    any
	Description                 string `json:",omitempty"`
	MaxSessionDuration          int
	PermissionsBoundary         *boundaryOutput `json:",omitempty"`
	Tags                        []tag           `json:",omitempty"`
}

type boundaryOutput struct{ PermissionsBoundaryType, PermissionsBoundaryArn string }

type getRoleOutput struct{ Role roleOutput }

func (r *role) describe() roleOutput {
	out := roleOutput{
		Path: r.path, RoleName: r.name, RoleId: r.id, Arn: r.arn, CreateDate: api.Epoch(r.created),
		AssumeRolePolicyDocument: r.trust, Description: r.description, MaxSessionDuration: int(r.maxSession.Seconds()), Tags: r.listed(),
	}
	if r.boundary != nil {
		out.PermissionsBoundary = &boundaryOutput{"Policy", r.boundary.arn}
	}
	return out
}

type createRoleInput struct {
	Path                     string
	RoleName                 string `aws:"required"`
	AssumeRolePolicyDocument string `aws:"required"`
	Description              string
	MaxSessionDuration       int
	PermissionsBoundary      string
	Tags                     []tag
}

// newRole makes a role by the checks of a template's (see addRole).
func (i *IAM) newRole(c api.Context, in createRoleInput) (getRoleOutput, error) {
	r, err := i.addRole(c.Span, newRole{
		name: in.RoleName, path: in.Path, trust: in.AssumeRolePolicyDocument, maxSession: in.MaxSessionDuration, boundary: in.PermissionsBoundary, tags: in.Tags,
	})
	if err != nil {
		return getRoleOutput{}, err
	}
	r.description = in.Description
	return getRoleOutput{r.describe()}, nil
}

func (i *IAM) getRole(_ api.Context, in roleName) (getRoleOutput, error) {
	r, err := find("role", i.roles, in.RoleName)
	if err != nil {
		return getRoleOutput{}, err
	}
	return getRoleOutput{r.describe()}, nil
}

type updateRoleInput struct {
	roleName
	Description        *string
	MaxSessionDuration int
}

// updateRole changes what the caller names.
func (i *IAM) updateRole(_ api.Context, in updateRoleInput) (struct{}, error) {
	r, err := find("role", i.roles, in.RoleName)
	if err != nil {
		return struct{}{}, err
	}
	if in.MaxSessionDuration != 0 {
		longest, err := maxSession(in.MaxSessionDuration)
		if err != nil {
			return struct{}{}, err
		}
		r.maxSession = longest
	}
	if in.Description != nil {
		r.description = *in.Description
	}
	return struct{}{}, nil
}

type updateTrustInput struct {
	roleName
	policyText
}

// updateTrust replaces a role's trust policy.
func (i *IAM) updateTrust(c api.Context, in updateTrustInput) (struct{}, error) {
	r, err := find("role", i.roles, in.RoleName)
	if err != nil {
		return struct{}{}, err
	}
	if err := i.checkTrust(c.Span, in.PolicyDocument); err != nil {
		return struct{}{}, err
	}
	r.trust, err = documentTree(in.PolicyDocument)
	return struct{}{}, err
}

type roleBoundaryInput struct {
	roleName
	PermissionsBoundary string `aws:"required"`
}

func (i *IAM) putRoleBoundary(_ api.Context, in roleBoundaryInput) (struct{}, error) {
	r, err := find("role", i.roles, in.RoleName)
	if err != nil {
		return struct{}{}, err
	}
	boundary, err := i.managedPolicy(in.PermissionsBoundary)
	if err != nil {
		return struct{}{}, err
	}
	r.boundary = boundary
	return struct{}{}, nil
}

func (i *IAM) deleteRoleBoundary(_ api.Context, in roleName) (struct{}, error) {
	r, err := find("role", i.roles, in.RoleName)
	if err != nil {
		return struct{}{}, err
	}
	r.boundary = nil
	return struct{}{}, nil
}

// deleteRole deletes a role that nothing hangs on. Its sessions have no policies
// any more:
//
//  1. the role exists
//  2. no instance profile has it, in the words of
//     https://github.com/99designs/iamy/pull/68
//  3. it has no policies (see checkUnused)
func (i *IAM) deleteRole(c api.Context, in roleName) (struct{}, error) {
	r, err := find("role", i.roles, in.RoleName) // 1
	if err != nil {
		return struct{}{}, err
	}
	for _, p := range i.profiles { // 2
		if p.role == r {
			return struct{}{}, checkFree(c.Span, false, "no instance profile", "must remove roles from instance profile first")
		}
	}
	if err := r.checkUnused(c.Span); err != nil { // 3
		return struct{}{}, err
	}
	delete(i.roles, r.name)
	return struct{}{}, nil
}

type listRolesInput struct {
	listing
	PathPrefix string
}

type listRolesOutput struct {
	Roles []roleOutput
	truncation
}

func (i *IAM) listRoles(_ api.Context, in listRolesInput) (listRolesOutput, error) {
	roles, rest, err := pageOf(byPath(i.roles, in.PathPrefix, func(r *role) *holder { return &r.holder }), in.listing)
	if err != nil {
		return listRolesOutput{}, err
	}
	out := listRolesOutput{Roles: []roleOutput{}, truncation: rest}
	for _, r := range roles {
		out.Roles = append(out.Roles, r.describe())
	}
	return out, nil
}
