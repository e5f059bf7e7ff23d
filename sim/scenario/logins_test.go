package scenario

import (
	"strings"
	"testing"
)

// loggingIn is the stack of trusting, whose identity pool takes the user pool's
// users by the given property.
func loggingIn(property string) string {
	stack := strings.Replace(trusting, "CognitoIdentityProviders: [{ClientId: !Ref App, ProviderName: !GetAtt Users.ProviderName}]", property, 1)
	for _, part := range []string{"Allow", "{Federated: cognito-identity.amazonaws.com}", "sts:AssumeRoleWithWebIdentity", `{StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref Identities}}`} {
		stack = strings.Replace(stack, "%s", part, 1)
	}
	return stack
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html
func TestServerSideTokenCheckAsksTheUserPool(t *testing.T) {
	const signOut = `[{do: sign-in}, {call: "cognito-idp:GlobalSignOut", with: {AccessToken: "${session.AuthenticationResult.AccessToken}"}},
		{attempt: "cognito-identity:GetCredentialsForIdentity", with: {IdentityId: "${identity.IdentityId}", Logins: "${logins}"}, as: issued}, {expect: issued.status == 200}]`
	for checked, decider := range map[string]string{"true": "cognito-identity.login.server-side-check", "false": ""} {
		p := program(t, loggingIn("CognitoIdentityProviders: [{ClientId: !Ref App, ProviderName: !GetAtt Users.ProviderName, ServerSideTokenCheck: "+checked+"}]"), flows)
		if o := runFlow(t, p, "[{do: enhanced}, {expect: issued.status == 200}]"); !o.Holds {
			t.Errorf("checked %s: a user who is signed in: %s", checked, o.Happened)
		}
		o := runFlow(t, p, signOut)
		if o.Holds != (decider == "") || (decider != "" && string(o.DecidedBy("")) != decider) {
			t.Errorf("checked %s: after the sign-out: holds %v, decided by %v", checked, o.Holds, o.Decided)
		}
	}
}

// A user pool is an OpenID Connect issuer as any other:
// https://docs.aws.amazon.com/cognito/latest/developerguide/open-id.html
func TestUserPoolLogsInAsAnOpenIDConnectProvider(t *testing.T) {
	for client, decider := range map[string]string{"!Ref App": "", "other": "cognito-identity.login.client-id"} {
		stack := loggingIn("OpenIdConnectProviderARNs: [!Ref Issuer]") + `
  Issuer:
    Type: AWS::IAM::OIDCProvider
    Properties: {Url: !GetAtt Users.ProviderURL, ClientIdList: [` + client + `]}
`
		o := runFlow(t, program(t, stack, strings.Replace(flows, "  - call: cognito-identity:GetId", "  - attempt: cognito-identity:GetId", 1)), "[{do: sign-in}, {expect: identity.status == 200}]")
		if o.Holds != (decider == "") || (decider != "" && string(o.DecidedBy("")) != decider) {
			t.Errorf("client %s: holds %v, decided by %v, %s", client, o.Holds, o.Decided, o.Happened)
		}
		if decider != "" {
			continue
		}
		if o := runFlow(t, program(t, stack, flows), "[{do: enhanced}, {expect: issued.status == 200}]"); !o.Holds {
			t.Errorf("credentials: %s", o.Happened)
		}
	}
}
