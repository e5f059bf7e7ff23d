// Package sts is the Security Token Service: it trades an identity for
// temporary credentials of a role, and says who a caller is. It owns the checks
// of the request, of web identity tokens and of how long a session may last. It
// refuses to know how policies are evaluated and where roles and sessions are
// kept: that is the Directory's business.
package sts

import (
	"fmt"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// Directory is what STS needs of IAM.
type Directory interface {
	// Role finds a role by its whole ARN.
	Role(arn string) (api.Role, bool)
	// Authorize decides whether a principal may do an action with a role.
	Authorize(span *trace.Span, a api.Authorization) api.Decision
	// IdentityProvider finds the OIDC provider of an issuer, such as
	// https://token.actions.githubusercontent.com.
	IdentityProvider(issuer string) (api.IdentityProvider, bool)
	// SAMLProvider finds a SAML provider of the account by its ARN.
	SAMLProvider(arn string) (api.SAMLProvider, bool)
	// TrustsWebIdentity decides by the role's trust policy.
	TrustsWebIdentity(span *trace.Span, action, roleARN, provider string, keys map[string][]string) api.Decision
	// TrustLooksAt reports whether a role's trust policy has conditions on all of
	// the keys.
	TrustLooksAt(roleARN string, keys ...string) bool
	// AccountOfKey is the account that has issued an access key id.
	AccountOfKey(accessKeyID string) (account string, known bool)
	// MFA says whether a caller has the MFA device of that serial number, and
	// whether it shows the code now.
	MFA(caller api.Principal, serial, code string) (has, right bool)
	// IssueUserSession makes credentials that act for an IAM user.
	IssueUserSession(r api.UserSessionRequest) (api.Session, error)
	// IssueSession makes credentials that last as long as is asked for.
	IssueSession(r api.SessionRequest) (api.Session, error)
}

// STS is the service in one account.
type STS struct {
	world     api.World
	doors     api.Doors
	directory Directory
}

// New returns the service.
func New(w api.World, doors api.Doors, directory Directory) *STS {
	return &STS{world: w, doors: doors, directory: directory}
}

// Service is STS behind the API door.
func (s *STS) Service() api.Service {
	return api.Service{
		Prefix: "sts", Name: "STS", Host: "sts." + s.world.Region() + ".amazonaws.com",
		Protocol: api.QueryProtocol("2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"),
		Operations: []api.Operation{
			api.On(api.Operate("AssumeRole", api.Signed, s.assumeRole), s.assumeRoleTarget),
			api.Operate("AssumeRoleWithSAML", api.Unsigned, s.assumeRoleWithSAML),
			api.Operate("AssumeRoleWithWebIdentity", api.Unsigned, s.assumeRoleWithWebIdentity),
			api.Operate("GetCallerIdentity", api.Signed, getCallerIdentity),
			api.Operate("DecodeAuthorizationMessage", api.Signed, decodeAuthorizationMessage),
			api.Operate("GetAccessKeyInfo", api.Signed, s.getAccessKeyInfo),
			api.On(api.Operate("GetFederationToken", api.Signed, s.getFederationToken), s.federationTarget),
			api.Operate("GetSessionToken", api.Signed, s.getSessionToken),
		},
		// Source: https://github.com/aws/aws-sdk-go-v2/tree/main/service/sts
		Unsimulated: []string{
			"AssumeRoot", "GetDelegatedAccessToken", "GetWebIdentityToken",
		},
		Rules:  Rules(),
		Denial: accessDenied,
		Has:    s.has,
	}
}

// has knows the roles of this account, for callers without an account of their
// own.
func (s *STS) has(input map[string]any) bool {
	text, _ := input["RoleArn"].(string)
	role, err := arn.Parse(text)
	return err == nil && role.Account == s.world.Account()
}

// accessDenied is how STS refuses: query services answer 403.
func accessDenied(message string) error {
	return awserr.WithStatus(403, "AccessDenied", "%s", message)
}

// credentials is the structure Credentials.
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html
type credentials struct {
	AccessKeyId, SecretAccessKey, SessionToken string
	Expiration                                 api.Timestamp
}

type assumedRoleUser struct{ AssumedRoleId, Arn string }

func describe(s api.Session) (credentials, assumedRoleUser) {
	return credentials{
		AccessKeyId: s.Credentials.AccessKeyID, SecretAccessKey: s.Credentials.SecretAccessKey,
		SessionToken: s.Credentials.SessionToken, Expiration: api.Epoch(s.Expires),
	}, assumedRoleUser{AssumedRoleId: s.Principal.UserID, Arn: s.Principal.ARN}
}

type callerIdentity struct{ UserId, Account, Arn string }

// getCallerIdentity needs no permission.
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func getCallerIdentity(c api.Context, _ struct{}) (callerIdentity, error) {
	return callerIdentity{UserId: c.Principal.UserID, Account: c.Principal.Account, Arn: c.Principal.ARN}, nil
}

type keyInfoInput struct {
	AccessKeyId string `aws:"required"`
}

type keyInfoOutput struct{ Account string }

// getAccessKeyInfo says whose a key is, active or not and of whichever account.
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
func (s *STS) getAccessKeyInfo(_ api.Context, in keyInfoInput) (keyInfoOutput, error) {
	account, known := s.directory.AccountOfKey(in.AccessKeyId)
	if !known {
		return keyInfoOutput{}, fmt.Errorf("access key %s: AWS reads the account in it, the simulation knows only keys that it has issued", in.AccessKeyId)
	}
	return keyInfoOutput{Account: account}, nil
}

type decodeInput struct {
	EncodedMessage string `aws:"required"`
}

type decodeOutput struct{ DecodedMessage string }

// decodeAuthorizationMessage refuses every text: encoded messages come from a few
// operations, classically EC2's, and none of these is simulated. The words are
// inferred.
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
func decodeAuthorizationMessage(api.Context, decodeInput) (decodeOutput, error) {
	return decodeOutput{}, awserr.New("InvalidAuthorizationMessageException", "Message is not valid")
}

// Limits of role sessions.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
const (
	shortestSession = 900 * time.Second
	longestAsked    = 43200 * time.Second
	defaultSession  = 3600 * time.Second
	chainedSession  = 3600 * time.Second
)
