package scenario

import "testing"

// mighty is the stack of trusting with a role that may do everything and whose
// sessions may last twelve hours, and with a second identity pool.
func mighty() string {
	return loggingIn("CognitoIdentityProviders: [{ClientId: !Ref App, ProviderName: !GetAtt Users.ProviderName}]") + `
  All:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: all
      Roles: [!Ref Role]
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}
  Others:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: false
      CognitoIdentityProviders: [{ClientId: !Ref App, ProviderName: !GetAtt Users.ProviderName}]
  Long:
    Type: AWS::IAM::Role
    Properties:
      MaxSessionDuration: 43200
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref Identities}}
`
}

// asGuest gets credentials without a login, in either flow.
const asGuest = flows + `
guest:
  - call: cognito-identity:GetId
    with: {IdentityPoolId: "${Identities}"}
    as: identity
guest-enhanced:
  - do: guest
  - attempt: cognito-identity:GetCredentialsForIdentity
    with: {IdentityId: "${identity.IdentityId}"}
    as: issued
guest-basic:
  - do: guest
  - call: cognito-identity:GetOpenIdToken
    with: {IdentityId: "${identity.IdentityId}"}
    as: token
  - attempt: sts:AssumeRoleWithWebIdentity
    with: {RoleArn: "${Role.Arn}", RoleSessionName: guest, WebIdentityToken: "${token.Token}"}
    as: issued
list:
  - attempt: iam:ListUsers
    sign: "${issued.Credentials}"
    as: listed
`

func TestSessionsOfIdentityPools(t *testing.T) {
	const guide = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
	for name, row := range map[string]struct{ source, flow string }{
		"a guest's role is narrowed in the enhanced flow": {guide + "iam-roles.html",
			`[{do: guest-enhanced}, {do: list}, {expect: 'listed.error.message endsWith "because no session policy allows the iam:ListUsers action"'}]`},
		"but not in the basic flow": {guide + "iam-roles.html",
			`[{do: guest-basic}, {do: list}, {expect: listed.status == 200}]`},
		"and not for a user": {guide + "iam-roles.html",
			`[{do: enhanced}, {do: list}, {expect: listed.status == 200}]`},
		"credentials outlive a sign-out": {"https://github.com/amazon-archives/amazon-cognito-identity-js/issues/21",
			`[{do: enhanced}, {call: "cognito-idp:GlobalSignOut", with: {AccessToken: "${session.AuthenticationResult.AccessToken}"}}, {do: list}, {expect: listed.status == 200}]`},
		"and the user": {"https://github.com/amazon-archives/amazon-cognito-identity-js/issues/21",
			`[{do: enhanced}, {call: "cognito-idp:DeleteUser", with: {AccessToken: "${session.AuthenticationResult.AccessToken}"}}, {do: list}, {expect: listed.status == 200}]`},
		"they end after an hour": {"https://repost.aws/questions/QUl8Ul9iDrRt2qXkCeRV75Hg",
			`[{do: enhanced}, {wait: 61m}, {do: list}, {expect: 'listed.error.code startsWith "ExpiredToken"'}]`},
		"in the basic flow when the app says so": {"https://repost.aws/questions/QUl8Ul9iDrRt2qXkCeRV75Hg",
			`[{do: basic}, {attempt: "sts:AssumeRoleWithWebIdentity", with: {RoleArn: "${Long.Arn}", RoleSessionName: ana, DurationSeconds: 43200, WebIdentityToken: "${token.Token}"}, as: long},
				{wait: 11h}, {attempt: "sts:GetCallerIdentity", sign: "${long.Credentials}", as: me}, {expect: me.status == 200}]`},
		"every user has the same session name": {"https://github.com/aws-amplify/amplify-js/issues/1643",
			`[{do: enhanced}, {call: "sts:GetCallerIdentity", sign: "${issued.Credentials}", as: me}, {expect: 'me.Arn endsWith "/CognitoIdentityCredentials"'}]`},
		"the identity is not the user's sub": {guide + "identity-pools.html",
			`[{do: sign-in}, {expect: not (identity.IdentityId contains claims(session.AuthenticationResult.IdToken).sub)}]`},
		"and another one in each pool": {guide + "identity-pools.html",
			`[{do: sign-in}, {call: "cognito-identity:GetId", with: {IdentityPoolId: "${Others}", Logins: "${logins}"}, as: other}, {expect: other.IdentityId != identity.IdentityId}]`},
		"a token for STS lives ten minutes": {"https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html",
			`[{do: sign-in}, {call: "cognito-identity:GetOpenIdToken", with: {IdentityId: "${identity.IdentityId}", Logins: "${logins}"}, as: token}, {wait: 10m},
				{attempt: "sts:AssumeRoleWithWebIdentity", with: {RoleArn: "${Role.Arn}", RoleSessionName: ana, WebIdentityToken: "${token.Token}"}, as: issued}, {expect: issued.error.code == "ExpiredTokenException"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			if o := runFlow(t, program(t, mighty(), asGuest), row.flow); !o.Holds {
				t.Errorf("wanted %s, but %s\n%s", o.Expected, o.Happened, row.source)
			}
		})
	}
}

// swappable is an identity pool for people of Google and of a company's SAML
// server.
const swappable = `
Metadata:
  Claimcheck:
    IdentityProviders:
      Google: {Users: [{sub: "104", email: ana@example.com}]}
      corp: {Issuer: https://login.corp.example, Protocol: SAML, Users: [{NameID: ana}]}
Resources:
  Corp:
    Type: AWS::IAM::SAMLProvider
    Properties: {Name: corp, SamlMetadataDocument: METADATA}
  People:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: false
      SupportedLoginProviders: {accounts.google.com: shop.apps.googleusercontent.com}
      SamlProviderARNs: [!Ref Corp]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref People}
              ForAnyValue:StringLike: {"cognito-identity.amazonaws.com:amr": "AMR"}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref People, Roles: {authenticated: !GetAtt Role.Arn}}
`

// https://docs.aws.amazon.com/cognito/latest/developerguide/external-identity-providers.html,
// https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html for a
// condition on one provider
func TestPeopleOfOtherProvidersGetCredentials(t *testing.T) {
	logins := map[string]string{
		"accounts.google.com": `
- http: POST https://www.googleapis.com/oauth2/v4/token
  headers: {Content-Type: application/x-www-form-urlencoded}
  body: grant_type=password&username=ana@example.com&client_id=shop.apps.googleusercontent.com
  as: page
- let: '{"accounts.google.com": page.body.id_token}'
  as: logins`,
		"*saml-provider/corp": `
- http: POST https://login.corp.example/sso?loginToRp=urn:amazon:webservices
  headers: {Content-Type: application/x-www-form-urlencoded}
  body: account=ana
  as: page
- let: '{(Corp.Ref): field(page.text, "SAMLResponse")}'
  as: logins`,
	}
	for provider, login := range logins {
		for _, trusted := range []string{"authenticated", provider, "graph.facebook.com"} {
			p := program(t, replace(swappable, "METADATA", published(t), "AMR", trusted), "{}")
			o := runFlow(t, p, login+`
- call: cognito-identity:GetId
  with: {IdentityPoolId: "${People}", Logins: "${logins}"}
  as: identity
- attempt: cognito-identity:GetCredentialsForIdentity
  with: {IdentityId: "${identity.IdentityId}", Logins: "${logins}"}
  as: issued
- expect: issued.status == 200
`)
			if o.Holds != (trusted != "graph.facebook.com") {
				t.Errorf("%s, the role trusts %s: holds %v, %s", provider, trusted, o.Holds, o.Happened)
			}
		}
	}
}
