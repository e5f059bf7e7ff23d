package iam

import (
	"maps"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// profileAdministration are the operations on instance profiles.
func (i *IAM) profileAdministration() []api.Operation {
	return []api.Operation{
		api.On(api.Operate("CreateInstanceProfile", api.Signed, i.newProfile), func(in createProfileInput) api.Target {
			return api.Target{Resource: i.arnOf("instance-profile", in.Path, in.InstanceProfileName)}
		}),
		onProfile(i, "GetInstanceProfile", i.getProfile),
		onProfile(i, "DeleteInstanceProfile", i.deleteProfile),
		onProfile(i, "AddRoleToInstanceProfile", i.addRoleToProfile),
		onProfile(i, "RemoveRoleFromInstanceProfile", i.removeRoleFromProfile),
		api.Operate("ListInstanceProfiles", api.Signed, i.listProfiles),
		onHolder(i, "ListInstanceProfilesForRole", i.listProfilesOfRole),
	}
}

// profileName is the member that names an instance profile.
type profileName struct {
	InstanceProfileName string `aws:"required"`
}

func (n profileName) profile() string { return n.InstanceProfileName }

// onProfile describes an operation that is authorized against the instance
// profile that it names.
func onProfile[In interface{ profile() string }, Out any](i *IAM, name string, run func(api.Context, In) (Out, error)) api.Operation {
	return api.On(api.Operate(name, api.Signed, run), func(in In) api.Target {
		if p, ok := i.profiles[in.profile()]; ok {
			return api.Target{Resource: p.arn}
		}
		return api.Target{Resource: i.arnOf("instance-profile", "/", in.profile())}
	})
}

// profileOf finds an instance profile. AWS documents the error without its
// wording.
func (i *IAM) profileOf(name string) (*instanceProfile, error) {
	p, ok := i.profiles[name]
	if !ok {
		return nil, awserr.WithStatus(404, "NoSuchEntity", "Instance Profile %s cannot be found.", name)
	}
	return p, nil
}

// profileOutput is the structure InstanceProfile.
type profileOutput struct {
	Path, InstanceProfileName, InstanceProfileId, Arn string
	CreateDate                                        api.Timestamp
	Roles                                             []roleOutput
}

type getProfileOutput struct{ InstanceProfile profileOutput }

func (p *instanceProfile) describe() profileOutput {
	out := profileOutput{
		Path: p.path, InstanceProfileName: p.name, InstanceProfileId: p.id, Arn: p.arn, CreateDate: api.Epoch(p.created), Roles: []roleOutput{},
	}
	if p.role != nil {
		out.Roles = append(out.Roles, p.role.describe())
	}
	return out
}

type createProfileInput struct {
	profileName
	Path string

	_ struct{} `unsimulated:"Tags"`
}

// newProfile makes a profile without a role.
func (i *IAM) newProfile(_ api.Context, in createProfileInput) (getProfileOutput, error) {
	p, err := i.addProfile(in.InstanceProfileName, in.Path)
	if err != nil {
		return getProfileOutput{}, err
	}
	return getProfileOutput{p.describe()}, nil
}

func (i *IAM) getProfile(_ api.Context, in profileName) (getProfileOutput, error) {
	p, err := i.profileOf(in.InstanceProfileName)
	if err != nil {
		return getProfileOutput{}, err
	}
	return getProfileOutput{p.describe()}, nil
}

// deleteProfile deletes a profile without a role, in the words of
// https://github.com/cloud-custodian/cloud-custodian/issues/6044
func (i *IAM) deleteProfile(c api.Context, in profileName) (struct{}, error) {
	p, err := i.profileOf(in.InstanceProfileName)
	if err != nil {
		return struct{}{}, err
	}
	if err := checkFree(c.Span, p.role == nil, "no role", "must remove roles from instance profile first"); err != nil {
		return struct{}{}, err
	}
	delete(i.profiles, p.name)
	return struct{}{}, nil
}

type profileRoleInput struct {
	profileName
	RoleName string `aws:"required"`
}

// addRoleToProfile gives a profile its one role. Who may pass the role is not
// looked at.
func (i *IAM) addRoleToProfile(_ api.Context, in profileRoleInput) (struct{}, error) {
	p, err := i.profileOf(in.InstanceProfileName)
	if err != nil {
		return struct{}{}, err
	}
	r, err := find("role", i.roles, in.RoleName)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, p.take(r)
}

func (i *IAM) removeRoleFromProfile(_ api.Context, in profileRoleInput) (struct{}, error) {
	p, err := i.profileOf(in.InstanceProfileName)
	if err != nil {
		return struct{}{}, err
	}
	if p.role == nil || p.role.name != in.RoleName {
		return struct{}{}, missing("Role", in.RoleName)
	}
	p.role = nil
	return struct{}{}, nil
}

type listProfilesInput struct {
	listing
	PathPrefix string
}

type listProfilesOutput struct {
	InstanceProfiles []profileOutput
	truncation
}

func (i *IAM) listProfiles(_ api.Context, in listProfilesInput) (listProfilesOutput, error) {
	return i.describeProfiles(func(p *instanceProfile) bool { return strings.HasPrefix(p.path, in.PathPrefix) }, in.listing)
}

func (i *IAM) listProfilesOfRole(_ api.Context, in roleListInput) (listProfilesOutput, error) {
	r, err := find("role", i.roles, in.RoleName)
	if err != nil {
		return listProfilesOutput{}, err
	}
	return i.describeProfiles(func(p *instanceProfile) bool { return p.role == r }, in.listing)
}

func (i *IAM) describeProfiles(chosen func(*instanceProfile) bool, in listing) (listProfilesOutput, error) {
	list := []profileOutput{}
	for _, name := range slices.Sorted(maps.Keys(i.profiles)) {
		if p := i.profiles[name]; chosen(p) {
			list = append(list, p.describe())
		}
	}
	shown, rest, err := pageOf(list, in)
	return listProfilesOutput{shown, rest}, err
}
