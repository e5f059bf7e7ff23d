package iam

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
)

// Service is IAM behind the API door. Of its operations there are those that
// make an IAM user with credentials and permissions.
func (i *IAM) Service() api.Service {
	return api.Service{
		Prefix: "iam", Name: "IAM", Host: "iam.amazonaws.com",
		Protocol: api.QueryProtocol("2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/"),
		Operations: append(i.administration(), []api.Operation{
			onUser(i, api.Operate("CreateAccessKey", api.Signed, i.createKey), func(in userInput) string { return in.UserName }),
			api.On(api.Operate("CreateVirtualMFADevice", api.Signed, i.createMFA), func(in createMFAInput) api.Target {
				return api.Target{Resource: i.serial(in.Path, in.VirtualMFADeviceName)}
			}),
			onUser(i, api.Operate("EnableMFADevice", api.Signed, i.enableMFA), func(in enableMFAInput) string { return in.UserName }),
			api.On(api.Operate("CreateUser", api.Signed, i.newUser), func(in createUserInput) api.Target {
				return api.Target{Resource: i.arnOf("user", in.Path, in.UserName), Keys: requested(in.Tags)}
			}),
			onUser(i, api.Operate("GetUser", api.Signed, i.getUser), func(in userInput) string { return in.UserName }),
			api.Operate("GetContextKeysForCustomPolicy", api.Signed, i.contextKeysOfCustom),
			api.On(api.Operate("GetContextKeysForPrincipalPolicy", api.Signed, i.contextKeysOfPrincipal), func(in principalKeysInput) api.Target {
				return api.Target{Resource: in.PolicySourceArn}
			}),
			api.Operate("SimulateCustomPolicy", api.Signed, i.simulateCustom),
			api.On(api.Operate("SimulatePrincipalPolicy", api.Signed, i.simulatePrincipal), func(in simulatePrincipalInput) api.Target {
				return api.Target{Resource: in.PolicySourceArn}
			}),
		}...),
		Unsimulated: unsimulated(),
		Rules:       Rules(),
		Denial: func(message string) error {
			return awserr.WithStatus(403, "AccessDenied", "%s", message)
		},
	}
}

// onUser authorizes an operation against the user that it names.
func onUser[In any](i *IAM, op api.Operation, name func(In) string) api.Operation {
	return api.On(op, func(in In) api.Target {
		path := name(in)
		if u, ok := i.users[path]; ok {
			return api.Target{Resource: u.arn}
		}
		return api.Target{Resource: arn.New("iam", "", i.world.Account(), "user/"+path)}
	})
}

// userOutput is the structure User.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html
type userOutput struct {
	Path, UserName, UserId, Arn string
	CreateDate                  api.Timestamp
	Tags                        []tag `json:",omitempty"`
}

func describeUser(u *user) userOutput {
	return userOutput{Path: u.path, UserName: u.name, UserId: u.id, Arn: u.arn, CreateDate: api.Epoch(u.created), Tags: u.listed()}
}

type createUserInput struct {
	Path                string
	UserName            string `aws:"required"`
	PermissionsBoundary string
	Tags                []tag
}

type createUserOutput struct{ User userOutput }

func (i *IAM) newUser(c api.Context, in createUserInput) (createUserOutput, error) {
	boundary, err := i.boundaryPolicy(in.PermissionsBoundary)
	if err != nil {
		return createUserOutput{}, err
	}
	u, err := i.addUser(c.Span, in.UserName, in.Path, in.Tags)
	if err != nil {
		return createUserOutput{}, err
	}
	u.boundary = boundary
	return createUserOutput{User: describeUser(u)}, nil
}

type userInput struct{ UserName string }

// caller is the user an operation names, or the one that calls when it names
// none.
func (i *IAM) caller(c api.Context, name string) (*user, error) {
	if k, ok := i.keys[c.Principal.AccessKeyID]; ok && name == "" {
		return k.owner, nil
	}
	return find("user", i.users, name)
}

func (i *IAM) getUser(c api.Context, in userInput) (createUserOutput, error) {
	u, err := i.caller(c, in.UserName)
	if err != nil {
		return createUserOutput{}, err
	}
	return createUserOutput{User: describeUser(u)}, nil
}

// createKeyOutput is the only answer that ever shows the secret.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
type createKeyOutput struct{ AccessKey keyOutput }

type keyOutput struct {
	UserName, AccessKeyId, Status, SecretAccessKey string
	CreateDate                                     api.Timestamp
}

func (i *IAM) createKey(c api.Context, in userInput) (createKeyOutput, error) {
	u, err := i.caller(c, in.UserName)
	if err != nil {
		return createKeyOutput{}, err
	}
	k, err := i.addKey(c.Span, u)
	if err != nil {
		return createKeyOutput{}, err
	}
	return createKeyOutput{AccessKey: keyOutput{
		UserName: u.name, AccessKeyId: k.id, Status: "Active", SecretAccessKey: k.secret, CreateDate: api.Epoch(i.world.Now()),
	}}, nil
}
