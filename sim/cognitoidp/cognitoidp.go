// Package cognitoidp is the Amazon Cognito user pool: a directory of users that
// signs them in and hands out tokens. It owns pools, app clients, users, groups
// and the record of every sign-in. It refuses to know what a token opens:
// whoever is shown one decides that alone, with the pool's public keys.
package cognitoidp

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// prefix is the service's IAM prefix and name its lane in traces.
const (
	prefix = "cognito-idp"
	name   = "Cognito user pool"
)

// UserPools are the user pools of one account and Region.
type UserPools struct {
	world   api.World
	pools   map[string]*pool
	clients map[string]*client
	// refreshTokens and signIns find a sign-in by its refresh token and by the
	// event_id of its tokens.
	refreshTokens map[string]*signIn
	signIns       map[string]*signIn
	sessions      map[string]*session
}

// New returns an account's user pools: none yet.
func New(w api.World) *UserPools {
	return &UserPools{
		world:         w,
		pools:         map[string]*pool{},
		clients:       map[string]*client{},
		refreshTokens: map[string]*signIn{},
		signIns:       map[string]*signIn{},
		sessions:      map[string]*session{},
	}
}

// Service describes the API cognito-idp.
func (s *UserPools) Service() api.Service {
	return api.Service{
		Prefix: prefix,
		Name:   name,
		Host:   s.host(),
		Operations: []api.Operation{
			api.Operate("SignUp", api.Unsigned, s.signUp),
			api.Operate("ConfirmSignUp", api.Unsigned, s.confirmSignUp),
			api.Operate("InitiateAuth", api.Unsigned, s.initiateAuth),
			api.Operate("RespondToAuthChallenge", api.Unsigned, s.respondToAuthChallenge),
			api.Operate("RevokeToken", api.Unsigned, s.revokeToken),
			api.Operate("GetUser", api.AccessToken, s.getUser),
			api.Operate("GlobalSignOut", api.AccessToken, s.globalSignOut),
			onPool(s, "AdminCreateUser", s.adminCreateUser),
			onPool(s, "AdminSetUserPassword", s.adminSetUserPassword),
			onPool(s, "AdminConfirmSignUp", s.adminConfirmSignUp),
			onPool(s, "AdminGetUser", s.adminGetUser),
			onPool(s, "AdminDisableUser", s.adminDisableUser),
			onPool(s, "AdminEnableUser", s.adminEnableUser),
			onPool(s, "AdminUserGlobalSignOut", s.adminUserGlobalSignOut),
			onPool(s, "CreateGroup", s.createGroup),
			onPool(s, "AdminAddUserToGroup", s.adminAddUserToGroup),
		},
		Unsimulated: unsimulatedOperations(),
		Rules:       Rules(),
	}
}

// Types are the AWS::Cognito resource types of user pools.
func (s *UserPools) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::Cognito::UserPool", []string{"Arn", "ProviderName", "ProviderURL", "UserPoolId"}, s.createPool),
		cloudformation.Define("AWS::Cognito::UserPoolClient", []string{"ClientId", "ClientSecret", "Name"}, s.createClient),
		cloudformation.Define("AWS::Cognito::UserPoolGroup", nil, s.createGroupResource),
		cloudformation.Define("AWS::Cognito::UserPoolUser", nil, s.createUserResource),
		cloudformation.Define("AWS::Cognito::UserPoolUserToGroupAttachment", nil, s.attachUserToGroup),
	}
}

// inPool is the input of an operation that names a user pool.
type inPool interface{ pool() string }

// onPool describes a signed operation, authorized against the pool it names:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
func onPool[In inPool, Out any](s *UserPools, name string, run func(api.Context, In) (Out, error)) api.Operation {
	return api.On(api.Operate(name, api.Signed, run), func(in In) api.Target {
		return api.Target{Resource: s.arn(in.pool())}
	})
}

func (s *UserPools) arn(poolID string) string {
	return arn.New(prefix, s.world.Region(), s.world.Account(), "userpool/"+poolID)
}

func (s *UserPools) host() string { return prefix + "." + s.world.Region() + ".amazonaws.com" }

func (s *UserPools) findPool(span *trace.Span, id string) (*pool, error) {
	p, ok := s.pools[id]
	if !span.Decide(RulePoolExists, ok, "user pool "+id, existence(ok)) {
		return nil, awserr.New("ResourceNotFoundException", "User pool %s does not exist.", id)
	}
	return p, nil
}

func (s *UserPools) findClient(span *trace.Span, id string) (*client, error) {
	c, ok := s.clients[id]
	if !span.Decide(RuleClientExists, ok, "app client "+id, existence(ok)) {
		return nil, awserr.New("ResourceNotFoundException", "User pool client %s does not exist.", id)
	}
	return c, nil
}

// existence is what a check for a thing found.
func existence(ok bool) string {
	if ok {
		return "it exists"
	}
	return "there is none"
}

// unsimulatedOperations are the API's other operations, from the service model
// of November 2026.
func unsimulatedOperations() []string {
	return []string{
		"AddCustomAttributes", "AddUserPoolClientSecret", "AdminDeleteSoftwareToken", "AdminDeleteUser",
		"AdminDeleteUserAttributes", "AdminDisableProviderForUser", "AdminForgetDevice", "AdminGetDevice",
		"AdminGetUserAuthFactors", "AdminInitiateAuth", "AdminLinkProviderForUser", "AdminListDevices",
		"AdminListGroupsForUser", "AdminListUserAuthEvents", "AdminRemoveUserFromGroup", "AdminResetUserPassword",
		"AdminRespondToAuthChallenge", "AdminSetUserMFAPreference", "AdminSetUserSettings",
		"AdminUpdateAuthEventFeedback", "AdminUpdateDeviceStatus", "AdminUpdateUserAttributes",
		"AssociateSoftwareToken", "ChangePassword", "CompleteWebAuthnRegistration", "ConfirmDevice",
		"ConfirmForgotPassword", "CreateIdentityProvider", "CreateManagedLoginBranding", "CreateResourceServer",
		"CreateTerms", "CreateUserImportJob", "CreateUserPool", "CreateUserPoolClient", "CreateUserPoolDomain",
		"CreateUserPoolReplica", "DeleteGroup", "DeleteIdentityProvider", "DeleteManagedLoginBranding",
		"DeleteResourceServer", "DeleteTerms", "DeleteUser", "DeleteUserAttributes", "DeleteUserPool",
		"DeleteUserPoolClient", "DeleteUserPoolClientSecret", "DeleteUserPoolDomain", "DeleteUserPoolReplica",
		"DeleteWebAuthnCredential", "DescribeIdentityProvider", "DescribeManagedLoginBranding",
		"DescribeManagedLoginBrandingByClient", "DescribeResourceServer", "DescribeRiskConfiguration",
		"DescribeTerms", "DescribeTermsByClient", "DescribeUserImportJob", "DescribeUserPool",
		"DescribeUserPoolClient", "DescribeUserPoolDomain", "ForgetDevice", "ForgotPassword", "GetCSVHeader",
		"GetClientToken", "GetDevice", "GetGroup", "GetIdentityProviderByIdentifier", "GetLogDeliveryConfiguration",
		"GetProvisionedLimit", "GetSigningCertificate", "GetTokensFromRefreshToken", "GetUICustomization",
		"GetUserAttributeVerificationCode", "GetUserAuthFactors", "GetUserPoolMfaConfig", "ListDevices",
		"ListGroups", "ListIdentityProviders", "ListResourceServers", "ListTagsForResource", "ListTerms",
		"ListUserImportJobs", "ListUserPoolClientSecrets", "ListUserPoolClients", "ListUserPoolReplicas",
		"ListUserPools", "ListUsers", "ListUsersInGroup", "ListWebAuthnCredentials", "ResendConfirmationCode",
		"SetLogDeliveryConfiguration", "SetRiskConfiguration", "SetUICustomization", "SetUserMFAPreference",
		"SetUserPoolMfaConfig", "SetUserSettings", "StartUserImportJob", "StartWebAuthnRegistration",
		"StopUserImportJob", "TagResource", "UntagResource", "UpdateAuthEventFeedback", "UpdateDeviceStatus",
		"UpdateGroup", "UpdateIdentityProvider", "UpdateManagedLoginBranding", "UpdateProvisionedLimit",
		"UpdateResourceServer", "UpdateTerms", "UpdateUserAttributes", "UpdateUserPool", "UpdateUserPoolClient",
		"UpdateUserPoolDomain", "UpdateUserPoolReplica", "VerifySoftwareToken", "VerifyUserAttribute",
	}
}
