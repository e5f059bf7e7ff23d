// Package cognitoidp is the Amazon Cognito user pool: a directory of users that
// signs them in and hands out tokens. It owns pools, app clients, users, groups
// and the record of every sign-in. It refuses to know what a token opens:
// whoever is shown one decides that alone, with the pool's public keys.
package cognitoidp

import (
	"slices"
	"time"

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
	world api.World
	doors api.Doors
	pools map[string]*pool
	// made counts the pools so far, deleted ones included.
	made    int
	clients map[string]*client
	// refreshTokens and signIns find a sign-in by its refresh token and by the
	// event_id of its tokens.
	refreshTokens map[string]*signIn
	signIns       map[string]*signIn
	sessions      map[string]*session
	// replaced are refresh tokens that rotation has replaced, with the end of
	// their grace period.
	replaced map[string]time.Time
	web      web
	// imports are the import jobs, oldest first.
	imports []*importJob
}

// New returns an account's user pools: none yet. They reach the functions of
// their triggers through the doors.
func New(w api.World, doors api.Doors) *UserPools {
	return &UserPools{
		world:         w,
		doors:         doors,
		pools:         map[string]*pool{},
		clients:       map[string]*client{},
		refreshTokens: map[string]*signIn{},
		signIns:       map[string]*signIn{},
		sessions:      map[string]*session{},
		replaced:      map[string]time.Time{},
		web:           newWeb(),
	}
}

// Service describes the API cognito-idp.
func (s *UserPools) Service() api.Service {
	return api.Service{
		Prefix:   prefix,
		Name:     name,
		Host:     s.host(),
		Protocol: api.JSONProtocol("1.1", "AWSCognitoIdentityProviderService"),
		Operations: slices.Concat(s.administration(), s.deviceOperations(), s.passkeyOperations(), s.importOperations(), s.threatOperations(), []api.Operation{
			api.Operate("SignUp", api.Unsigned, s.signUp),
			api.Operate("ConfirmSignUp", api.Unsigned, s.confirmSignUp),
			api.Operate("InitiateAuth", api.Unsigned, s.initiateAuth),
			api.Operate("RespondToAuthChallenge", api.Unsigned, s.respondToAuthChallenge),
			api.Operate("ResendConfirmationCode", api.Unsigned, s.resendConfirmationCode),
			api.Operate("ForgotPassword", api.Unsigned, s.forgotPassword),
			api.Operate("ConfirmForgotPassword", api.Unsigned, s.confirmForgotPassword),
			api.Operate("GetTokensFromRefreshToken", api.Unsigned, s.getTokensFromRefreshToken),
			api.Operate("AssociateSoftwareToken", api.Unsigned, s.associateSoftwareToken),
			api.Operate("VerifySoftwareToken", api.Unsigned, s.verifySoftwareToken),
			api.Operate("RevokeToken", api.Unsigned, s.revokeToken),
			api.Operate("GetUser", api.AccessToken, s.getUser),
			api.Operate("GlobalSignOut", api.AccessToken, s.globalSignOut),
			api.Operate("ChangePassword", api.AccessToken, s.changePassword),
			api.Operate("UpdateUserAttributes", api.AccessToken, s.updateUserAttributes),
			api.Operate("DeleteUserAttributes", api.AccessToken, s.deleteUserAttributes),
			api.Operate("GetUserAttributeVerificationCode", api.AccessToken, s.getUserAttributeVerificationCode),
			api.Operate("VerifyUserAttribute", api.AccessToken, s.verifyUserAttribute),
			api.Operate("DeleteUser", api.AccessToken, s.deleteUser),
			api.Operate("SetUserMFAPreference", api.AccessToken, s.setUserMFAPreference),
			onPool(s, "AdminResetUserPassword", s.adminResetUserPassword),
			onPool(s, "AdminUpdateUserAttributes", s.adminUpdateUserAttributes),
			onPool(s, "AdminDeleteUserAttributes", s.adminDeleteUserAttributes),
			onPool(s, "AdminDeleteUser", s.adminDeleteUser),
			onPool(s, "AdminRemoveUserFromGroup", s.adminRemoveUserFromGroup),
			onPool(s, "AdminListGroupsForUser", s.adminListGroupsForUser),
			onPool(s, "ListUsers", s.listUsers),
			onPool(s, "AdminInitiateAuth", s.adminInitiateAuth),
			onPool(s, "AdminRespondToAuthChallenge", s.adminRespondToAuthChallenge),
			onPool(s, "AdminSetUserMFAPreference", s.adminSetUserMFAPreference),
			onPool(s, "SetUserPoolMfaConfig", s.setUserPoolMfaConfig),
			onPool(s, "GetUserPoolMfaConfig", s.getUserPoolMfaConfig),
			onPool(s, "AdminCreateUser", s.adminCreateUser),
			onPool(s, "AdminSetUserPassword", s.adminSetUserPassword),
			onPool(s, "AdminConfirmSignUp", s.adminConfirmSignUp),
			onPool(s, "AdminGetUser", s.adminGetUser),
			onPool(s, "AdminLinkProviderForUser", s.adminLinkProviderForUser),
			onPool(s, "AdminDisableProviderForUser", s.adminDisableProviderForUser),
			onPool(s, "AdminDisableUser", s.adminDisableUser),
			onPool(s, "AdminEnableUser", s.adminEnableUser),
			onPool(s, "AdminUserGlobalSignOut", s.adminUserGlobalSignOut),
			onPool(s, "CreateGroup", s.createGroup),
			onPool(s, "AdminAddUserToGroup", s.adminAddUserToGroup),
		}),
		Unsimulated: unsimulatedOperations(),
		Rules:       Rules(),
		Has:         s.has,

		InvalidInput: "InvalidParameterException",
	}
}

// Types are the AWS::Cognito resource types of user pools.
func (s *UserPools) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::Cognito::UserPool", []string{"Arn", "ProviderName", "ProviderURL", "UserPoolId"}, s.createPool),
		cloudformation.Define("AWS::Cognito::UserPoolRiskConfigurationAttachment", nil, s.attachRiskConfiguration),
		cloudformation.Define("AWS::Cognito::UserPoolClient", []string{"ClientId", "ClientSecret", "Name"}, s.createClient),
		cloudformation.Define("AWS::Cognito::UserPoolDomain", []string{"CloudFrontDistribution"}, s.createDomain),
		cloudformation.Define("AWS::Cognito::ManagedLoginBranding", []string{"ManagedLoginBrandingId"}, s.createBranding),
		cloudformation.Define("AWS::Cognito::UserPoolResourceServer", nil, s.createResourceServer),
		cloudformation.Define("AWS::Cognito::UserPoolIdentityProvider", nil, s.createProvider),
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
		"AddUserPoolClientSecret", "AdminDeleteSoftwareToken", "AdminListUserAuthEvents", "AdminSetUserSettings",
		"AdminUpdateAuthEventFeedback", "CreateTerms", "CreateUserPoolReplica", "DeleteTerms",
		"DeleteUserPoolClientSecret", "DeleteUserPoolReplica", "DescribeTerms", "DescribeTermsByClient",
		"GetClientToken", "GetLogDeliveryConfiguration", "GetProvisionedLimit", "GetSigningCertificate",
		"GetUICustomization", "ListTerms", "ListUserPoolClientSecrets", "ListUserPoolReplicas",
		"SetLogDeliveryConfiguration", "SetUICustomization", "SetUserSettings", "UpdateAuthEventFeedback",
		"UpdateProvisionedLimit", "UpdateTerms", "UpdateUserPoolReplica",
	}
}
