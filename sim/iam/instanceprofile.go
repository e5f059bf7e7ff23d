package iam

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

const profilePrefix = "AIPA"

// instanceProfile hands a role to EC2 instances.
type instanceProfile struct {
	name, arn, id string
	role          *role
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
	name := i.name(r, p.InstanceProfileName)
	if _, taken := i.profiles[name]; taken {
		return cloudformation.Created{}, awserr.WithStatus(409, "EntityAlreadyExists", "Instance Profile %s already exists.", name)
	}
	if len(p.Roles) != 1 {
		return cloudformation.Created{}, awserr.WithStatus(409, "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
	}
	member, err := find("Role", i.roles, p.Roles[0])
	if err != nil {
		return cloudformation.Created{}, err
	}
	path := p.Path
	if path == "" {
		path = "/"
	}
	created := &instanceProfile{
		name: name, role: member,
		arn: arn.New("iam", "", i.world.Account(), "instance-profile"+path+name),
		id:  profilePrefix + i.world.Token(idLength, api.UpperAlphanumeric),
	}
	i.profiles[name] = created
	return cloudformation.Created{Ref: name, Attributes: map[string]string{"Arn": created.arn}}, nil
}

// InstanceProfile finds an instance profile by its name, which is not the name
// of its role.
func (i *IAM) InstanceProfile(name string) (api.InstanceProfile, bool) {
	p, ok := i.profiles[name]
	if !ok {
		return api.InstanceProfile{}, false
	}
	return api.InstanceProfile{ARN: p.arn, ID: p.id, RoleARN: p.role.arn, RoleName: p.role.name}, true
}
