package scenario

import (
	"fmt"
	"strings"
	"testing"
)

// trusting is a stack with a user, an identity pool with guests, and one role
// for users whose trust policy has the given principal, action and condition.
const trusting = `
Metadata:
  Claimcheck:
    Values: {password: Correct-Horse-7}
    Setup:
      - call: cognito-idp:AdminCreateUser
        with: {UserPoolId: "${Users}", Username: ana, MessageAction: SUPPRESS}
      - call: cognito-idp:AdminSetUserPassword
        with: {UserPoolId: "${Users}", Username: ana, Password: "${password}", Permanent: true}
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  App:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Users, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH]}
  Identities:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: true
      CognitoIdentityProviders: [{ClientId: !Ref App, ProviderName: !GetAtt Users.ProviderName}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: %s
            Principal: %s
            Action: %s
            Condition: %s
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Identities, Roles: {authenticated: !GetAtt Role.Arn, unauthenticated: !GetAtt Role.Arn}}
`

// flows get credentials in the enhanced flow and in the basic flow, as a user.
const flows = `
sign-in:
  - call: cognito-idp:InitiateAuth
    with: {AuthFlow: USER_PASSWORD_AUTH, ClientId: "${App}", AuthParameters: {USERNAME: ana, PASSWORD: "${password}"}}
    as: session
  - let: '{(Users.ProviderName): session.AuthenticationResult.IdToken}'
    as: logins
  - call: cognito-identity:GetId
    with: {IdentityPoolId: "${Identities}", Logins: "${logins}"}
    as: identity
enhanced:
  - do: sign-in
  - attempt: cognito-identity:GetCredentialsForIdentity
    with: {IdentityId: "${identity.IdentityId}", Logins: "${logins}"}
    as: issued
basic:
  - do: sign-in
  - call: cognito-identity:GetOpenIdToken
    with: {IdentityId: "${identity.IdentityId}", Logins: "${logins}"}
    as: token
  - attempt: sts:AssumeRoleWithWebIdentity
    with: {RoleArn: "${Role.Arn}", RoleSessionName: ana-phone, WebIdentityToken: "${token.Token}"}
    as: issued
`

const (
	enhancedRefusal = "InvalidIdentityPoolConfigurationException: Invalid identity pool configuration. Check assigned IAM roles for this pool."
	basicRefusal    = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
)

// What a trust policy must say: https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html.
// The enhanced flow hides what STS says: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html.
func TestTrustPoliciesInBothFlows(t *testing.T) {
	const (
		cognito = "{Federated: cognito-identity.amazonaws.com}"
		assume  = "sts:AssumeRoleWithWebIdentity"
		aud     = `StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref Identities}`
		amr     = `"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": %s}`
	)
	users := "{" + aud + ", " + fmt.Sprintf(amr, "authenticated") + "}"
	for name, row := range map[string]struct {
		effect, principal, action, condition string
		trusts                               bool
	}{
		"the pool and its signed-in users": {"Allow", cognito, assume, users, true},
		"one user pool":                    {"Allow", cognito, assume, "{" + aud + ", " + fmt.Sprintf(amr, "cognito-idp.us-east-1.amazonaws.com/*") + "}", true},
		"guests":                           {"Allow", cognito, assume, "{" + aud + ", " + fmt.Sprintf(amr, "unauthenticated") + "}", false},
		"another pool":                     {"Allow", cognito, assume, `{StringEquals: {"cognito-identity.amazonaws.com:aud": "us-east-1:11111111-2222-3333-4444-555555555555"}}`, false},
		"two pools, one of them this":      {"Allow", cognito, assume, `{StringEquals: {"cognito-identity.amazonaws.com:aud": ["us-east-1:1", !Ref Identities]}}`, true},
		"a key with a typing error":        {"Allow", cognito, assume, `{StringEquals: {"cognito-identity.amazon.com:aud": !Ref Identities}}`, false},
		"the action for IAM principals":    {"Allow", cognito, "sts:AssumeRole", users, false},
		"a service instead of a provider":  {"Allow", "{Service: cognito-identity.amazonaws.com}", assume, users, false},
		"the user pool as the provider":    {"Allow", "{Federated: cognito-idp.amazonaws.com}", assume, users, false},
		"another provider":                 {"Allow", "{Federated: accounts.google.com}", assume, users, false},
		"a denial":                         {"Deny", cognito, assume, users, false},
		"one identity, of somebody else":   {"Allow", cognito, assume, `{StringEquals: {"cognito-identity.amazonaws.com:sub": "us-east-1:11111111-2222-3333-4444-555555555555"}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := program(t, fmt.Sprintf(trusting, row.effect, row.principal, row.action, row.condition), flows)
			for flow, refusal := range map[string]string{"enhanced": enhancedRefusal, "basic": basicRefusal} {
				o := runFlow(t, p, "[{do: "+flow+"}, {expect: issued.status == 200}]")
				if o.Holds != row.trusts {
					t.Errorf("%s flow: holds %v, %s", flow, o.Holds, o.Happened)
				}
				if row.trusts {
					continue
				}
				o = runFlow(t, p, "[{do: "+flow+"}, {expect: 'issued.error.code + \": \" + issued.error.message == \""+refusal+"\"'}]")
				if !o.Holds {
					t.Errorf("%s flow: %s", flow, o.Happened)
				}
				if o = runFlow(t, p, "[{do: "+flow+"}, {expect: issued.status == 200}]"); !strings.HasPrefix(string(o.DecidedBy("")), decider(flow)) {
					t.Errorf("%s flow: decided by %v", flow, o.Decided)
				}
			}
		})
	}
}

// decider is the rule that a learner is shown: the pool's own in the enhanced
// flow, the trust policy or an explicit deny in the basic one.
func decider(flow string) string {
	if flow == "enhanced" {
		return "cognito-identity.role.assumable"
	}
	return "iam."
}
