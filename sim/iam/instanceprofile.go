package iam

import (
	"cmp"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

const profilePrefix = "AIPA"

// instanceProfile hands a role to EC2 instances.
type instanceProfile struct {
	name, path, arn, id string
	created             time.Time
	role                *role // nil for none yet
}

type instanceProfileProperties struct {
	InstanceProfileName string
	Path                string
	Roles               []string `aws:"required"`
}

// createInstanceProfile makes a profile with its role: AWS takes a list and
// allows one.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-instanceprofile.html
func (i *IAM) createInstanceProfile(r cloudformation.Resource, p instanceProfileProperties) (cloudformation.Created, error) {
	created, err := i.addProfile(i.name(r, p.InstanceProfileName), p.Path)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if len(p.Roles) != 1 {
		return cloudformation.Created{}, tooManyRoles()
	}
	member, err := find("Role", i.roles, p.Roles[0])
	if err != nil {
		return cloudformation.Created{}, err
	}
	if err := created.take(member); err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: created.name, Attributes: map[string]string{"Arn": created.arn}}, nil
}

// addProfile makes a profile without a role.
func (i *IAM) addProfile(name, path string) (*instanceProfile, error) {
	if _, taken := i.profiles[name]; taken {
		return nil, awserr.WithStatus(409, "EntityAlreadyExists", "Instance Profile %s already exists.", name)
	}
	created := &instanceProfile{
		name: name, path: cmp.Or(path, "/"), arn: i.arnOf("instance-profile", path, name), created: i.world.Now(),
		id: profilePrefix + i.world.Token(idLength, api.UpperAlphanumeric),
	}
	i.profiles[name] = created
	return created, nil
}

// take gives a profile the one role that it can have.
func (p *instanceProfile) take(r *role) error {
	if p.role != nil {
		return tooManyRoles()
	}
	p.role = r
	return nil
}

// tooManyRoles has the words of https://github.com/hashicorp/terraform/issues/3851
// (observed).
func tooManyRoles() error {
	return awserr.WithStatus(409, "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
}

// InstanceProfile finds an instance profile by its name, which is not the name
// of its role. One without a role names none.
func (i *IAM) InstanceProfile(name string) (api.InstanceProfile, bool) {
	p, ok := i.profiles[name]
	if !ok {
		return api.InstanceProfile{}, false
	}
	found := api.InstanceProfile{ARN: p.arn, ID: p.id}
	if p.role != nil {
		found.RoleARN, found.RoleName = p.role.arn, p.role.name
	}
	return found, true
}
