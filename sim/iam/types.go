package iam

import (
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
)

// suffixLength is that of the random end of the names CloudFormation makes up.
const suffixLength = 12

// Types are the CloudFormation resource types of IAM.
func (i *IAM) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::IAM::AccessKey", []string{"SecretAccessKey"}, i.createAccessKey),
		cloudformation.Define("AWS::IAM::Group", []string{"Arn"}, i.createGroup),
		cloudformation.Define("AWS::IAM::InstanceProfile", []string{"Arn"}, i.createInstanceProfile),
		cloudformation.Define("AWS::IAM::ManagedPolicy", []string{"PolicyArn", "PolicyId"}, i.createManagedPolicy),
		cloudformation.Define("AWS::IAM::OIDCProvider", []string{"Arn"}, i.createIdentityProvider),
		cloudformation.Define("AWS::IAM::Policy", nil, i.createPolicy),
		cloudformation.Define("AWS::IAM::Role", []string{"Arn", "RoleId"}, i.createRole),
		cloudformation.Define("AWS::IAM::SAMLProvider", []string{"Arn"}, i.createSAMLProvider),
		cloudformation.Define("AWS::IAM::User", []string{"Arn"}, i.createUser),
	}
}

// inlinePolicy is the Policy property type of users, groups and roles.
type inlinePolicy struct {
	PolicyName     string `aws:"required"`
	PolicyDocument any    `aws:"required"`
}

type roleProperties struct {
	AssumeRolePolicyDocument any `aws:"required"`
	ManagedPolicyArns        []string
	MaxSessionDuration       int
	Path                     string
	PermissionsBoundary      string
	Policies                 []inlinePolicy
	RoleName                 string
	Tags                     []tag
	_                        struct{} `noeffect:"Description"`
}

func (i *IAM) createRole(r cloudformation.Resource, p roleProperties) (cloudformation.Created, error) {
	created, err := i.addRole(r.Span, newRole{
		name: i.name(r, p.RoleName), path: p.Path, trust: p.AssumeRolePolicyDocument, maxSession: p.MaxSessionDuration, boundary: p.PermissionsBoundary, tags: p.Tags,
	})
	if err != nil {
		return cloudformation.Created{}, err
	}
	if err := i.furnish(r, &created.holder, p.Policies, p.ManagedPolicyArns); err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: created.name, Attributes: map[string]string{"Arn": created.arn, "RoleId": created.id}}, nil
}

// maxSession is MaxSessionDuration, one hour when it is not given.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-role.html
func maxSession(seconds int) (time.Duration, error) {
	d := time.Duration(seconds) * time.Second
	switch {
	case seconds == 0:
		return defaultSession, nil
	case d < defaultSession:
		return 0, outOfRange("maxSessionDuration", seconds, "greater than or equal to 3600")
	case d > longestSession:
		return 0, outOfRange("maxSessionDuration", seconds, "less than or equal to 43200")
	}
	return d, nil
}

type userProperties struct {
	Groups              []string
	ManagedPolicyArns   []string
	Path                string
	PermissionsBoundary string
	Policies            []inlinePolicy
	UserName            string
	Tags                []tag
	_                   struct{} `noeffect:"LoginProfile"`
}

func (i *IAM) createUser(r cloudformation.Resource, p userProperties) (cloudformation.Created, error) {
	created, err := i.addUser(r.Span, i.name(r, p.UserName), p.Path, p.Tags)
	if err != nil {
		return cloudformation.Created{}, err
	}
	for _, name := range p.Groups {
		g, err := find("Group", i.groups, name)
		if err != nil {
			return cloudformation.Created{}, err
		}
		if err := created.join(r.Span, g); err != nil {
			return cloudformation.Created{}, err
		}
	}
	if created.boundary, err = i.boundaryPolicy(p.PermissionsBoundary); err != nil {
		return cloudformation.Created{}, err
	}
	if err := i.furnish(r, &created.holder, p.Policies, p.ManagedPolicyArns); err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: created.name, Attributes: map[string]string{"Arn": created.arn}}, nil
}

type groupProperties struct {
	GroupName         string
	ManagedPolicyArns []string
	Path              string
	Policies          []inlinePolicy
}

func (i *IAM) createGroup(r cloudformation.Resource, p groupProperties) (cloudformation.Created, error) {
	created, err := i.addGroup(i.name(r, p.GroupName), p.Path)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if err := i.furnish(r, &created.holder, p.Policies, p.ManagedPolicyArns); err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: created.name, Attributes: map[string]string{"Arn": created.arn}}, nil
}

type policyProperties struct {
	Groups         []string
	PolicyDocument any    `aws:"required"`
	PolicyName     string `aws:"required"`
	Roles          []string
	Users          []string
}

// createPolicy puts one inline policy into each of its holders.
func (i *IAM) createPolicy(r cloudformation.Resource, p policyProperties) (cloudformation.Created, error) {
	holders, err := i.holders(p.Users, p.Groups, p.Roles)
	if err != nil {
		return cloudformation.Created{}, err
	}
	for _, h := range holders {
		if err := i.furnish(r, h, []inlinePolicy{{PolicyName: p.PolicyName, PolicyDocument: p.PolicyDocument}}, nil); err != nil {
			return cloudformation.Created{}, err
		}
	}
	return cloudformation.Created{Ref: i.name(r, "")}, nil
}

type managedPolicyProperties struct {
	Groups            []string
	ManagedPolicyName string
	Path              string
	PolicyDocument    any `aws:"required"`
	Roles             []string
	Users             []string
	_                 struct{} `noeffect:"Description Tags"`
}

func (i *IAM) createManagedPolicy(r cloudformation.Resource, p managedPolicyProperties) (cloudformation.Created, error) {
	holders, err := i.holders(p.Users, p.Groups, p.Roles)
	if err != nil {
		return cloudformation.Created{}, err
	}
	created, err := i.addManaged(r.Span, i.name(r, p.ManagedPolicyName), p.Path, p.PolicyDocument)
	if err != nil {
		return cloudformation.Created{}, err
	}
	for _, h := range holders {
		if err := h.attach(r.Span, created); err != nil {
			return cloudformation.Created{}, err
		}
	}
	return cloudformation.Created{Ref: created.arn, Attributes: map[string]string{"PolicyArn": created.arn, "PolicyId": created.id}}, nil
}

type accessKeyProperties struct {
	Status   string   `aws:"enum=Active|Inactive"`
	UserName string   `aws:"required"`
	_        struct{} `noeffect:"Serial"`
}

func (i *IAM) createAccessKey(r cloudformation.Resource, p accessKeyProperties) (cloudformation.Created, error) {
	owner, err := find("User", i.users, p.UserName)
	if err != nil {
		return cloudformation.Created{}, err
	}
	created, err := i.addKey(r.Span, owner)
	if err != nil {
		return cloudformation.Created{}, err
	}
	created.active = p.Status != "Inactive"
	return cloudformation.Created{Ref: created.id, Attributes: map[string]string{"SecretAccessKey": created.secret}}, nil
}

// name is the given physical name, or one that CloudFormation makes up.
func (i *IAM) name(r cloudformation.Resource, given string) string {
	if given != "" {
		return given
	}
	return r.Stack + "-" + r.LogicalID + "-" + i.world.Token(suffixLength, api.LowerAlphanumeric)
}

// holders finds users, groups and roles by name.
func (i *IAM) holders(users, groups, roles []string) ([]*holder, error) {
	var list []*holder
	for _, name := range users {
		u, err := find("User", i.users, name)
		if err != nil {
			return nil, err
		}
		list = append(list, &u.holder)
	}
	for _, name := range groups {
		g, err := find("Group", i.groups, name)
		if err != nil {
			return nil, err
		}
		list = append(list, &g.holder)
	}
	for _, name := range roles {
		r, err := find("Role", i.roles, name)
		if err != nil {
			return nil, err
		}
		list = append(list, &r.holder)
	}
	return list, nil
}

// furnish gives a holder its inline and managed policies.
func (i *IAM) furnish(r cloudformation.Resource, h *holder, inline []inlinePolicy, managedARNs []string) error {
	for _, p := range inline {
		if err := h.putInline(r.Span, p.PolicyName, p.PolicyDocument); err != nil {
			return err
		}
	}
	for _, at := range managedARNs {
		m, err := i.managedPolicy(at)
		if err != nil {
			return err
		}
		if err := h.attach(r.Span, m); err != nil {
			return err
		}
	}
	return nil
}

func (i *IAM) boundaryPolicy(at string) (*managedPolicy, error) {
	if at == "" {
		return nil, nil
	}
	return i.managedPolicy(at)
}
