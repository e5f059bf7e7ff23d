package cognitoidp

import (
	"slices"

	"claimcheck/sim/trace"
)

// The rules of user pools.
const (
	RulePoolExists         trace.RuleID = "cognito-idp.pool.exists"
	RuleSettingRange       trace.RuleID = "cognito-idp.setting.range"
	RuleClientExists       trace.RuleID = "cognito-idp.client.exists"
	RuleClientValidity     trace.RuleID = "cognito-idp.client.token-validity"
	RuleClientAttributes   trace.RuleID = "cognito-idp.client.attributes"
	RuleSecretHash         trace.RuleID = "cognito-idp.client.secret-hash"
	RuleFlowPublic         trace.RuleID = "cognito-idp.flow.public"
	RuleFlowEnabled        trace.RuleID = "cognito-idp.flow.enabled"
	RuleFlowParameters     trace.RuleID = "cognito-idp.flow.parameters"
	RuleUserExists         trace.RuleID = "cognito-idp.user.exists"
	RuleUserEnabled        trace.RuleID = "cognito-idp.user.enabled"
	RuleUserConfirmed      trace.RuleID = "cognito-idp.user.confirmed"
	RulePassword           trace.RuleID = "cognito-idp.password.matches"
	RulePasswordTemporary  trace.RuleID = "cognito-idp.password.temporary-validity"
	RulePasswordPermanent  trace.RuleID = "cognito-idp.password.permanent"
	RulePasswordPolicy     trace.RuleID = "cognito-idp.password.policy"
	RuleSessionValid       trace.RuleID = "cognito-idp.challenge.session"
	RuleRefreshKnown       trace.RuleID = "cognito-idp.refresh-token.known"
	RuleRefreshAlive       trace.RuleID = "cognito-idp.refresh-token.not-revoked"
	RuleRefreshExpiry      trace.RuleID = "cognito-idp.refresh-token.expiry"
	RuleRefreshOpaque      trace.RuleID = "cognito-idp.refresh-token.opaque"
	RuleTokenAttributes    trace.RuleID = "cognito-idp.token.attributes"
	RuleTokenGroups        trace.RuleID = "cognito-idp.token.groups"
	RuleTokenRole          trace.RuleID = "cognito-idp.token.preferred-role"
	RuleAccessTokenValid   trace.RuleID = "cognito-idp.access-token.valid"
	RuleAccessTokenUse     trace.RuleID = "cognito-idp.access-token.token-use"
	RuleAccessTokenExpiry  trace.RuleID = "cognito-idp.access-token.expiry"
	RuleAccessTokenAlive   trace.RuleID = "cognito-idp.access-token.not-revoked"
	RuleAccessTokenScope   trace.RuleID = "cognito-idp.access-token.scope"
	RuleGetUserGroups      trace.RuleID = "cognito-idp.get-user.groups"
	RuleRevocationEnabled  trace.RuleID = "cognito-idp.revocation.enabled"
	RuleRevocationToken    trace.RuleID = "cognito-idp.revocation.refresh-token"
	RuleRevocationClient   trace.RuleID = "cognito-idp.revocation.client"
	RuleSignUpAllowed      trace.RuleID = "cognito-idp.sign-up.allowed"
	RuleSignUpUnconfirmed  trace.RuleID = "cognito-idp.sign-up.unconfirmed"
	RuleUsernameForm       trace.RuleID = "cognito-idp.username.form"
	RuleUsernameFree       trace.RuleID = "cognito-idp.username.free"
	RuleAttributeSchema    trace.RuleID = "cognito-idp.attributes.schema"
	RuleAttributesWritable trace.RuleID = "cognito-idp.attributes.writable"
	RuleCodeOutstanding    trace.RuleID = "cognito-idp.code.outstanding"
	RuleCodeMatches        trace.RuleID = "cognito-idp.code.matches"
	RuleGroupExists        trace.RuleID = "cognito-idp.group.exists"
	RuleGroupFree          trace.RuleID = "cognito-idp.group.free"
)

// Pages that many rules come from.
const (
	guide     = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
	reference = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/"
)

// Rules are all rules that a user pool can be seen to apply.
func Rules() []trace.Rule {
	return slices.Concat(adminRules(), clientRules(), signInRules(), tokenRules(), directoryRules(), proofRules(), accountRules(), mfaRules(), triggerRules(), planRules(), threatRules(), oauthRules(), federationRules(), deviceRules(), signUpSessionRules(), passkeyRules(), importRules())
}

func clientRules() []trace.Rule {
	return []trace.Rule{
		{ID: RulePoolExists, Statement: "A user pool lives in one Region and is named by its id, such as us-east-1_AbCdEfGhI.", Source: reference + "API_UserPoolType.html", Confidence: trace.Documented},
		{ID: RuleSettingRange, Statement: "Settings have ranges: MinimumLength 6 to 99, TemporaryPasswordValidityDays up to 365, AuthSessionValidity 3 to 15 minutes.", Source: reference + "API_PasswordPolicyType.html", Confidence: trace.Documented},
		{ID: RuleClientExists, Statement: "An app client id names one app client of one user pool, so public operations need no pool id.", Source: reference + "API_InitiateAuth.html", Confidence: trace.Documented},
		{ID: RuleClientValidity, Statement: "ID and access tokens live 5 minutes to 1 day, refresh tokens 60 minutes to 10 years.", Source: reference + "API_CreateUserPoolClient.html", Confidence: trace.Documented},
		{ID: RuleClientAttributes, Statement: "An app client reads and writes only attributes that the pool's schema has.", Source: guide + "user-pool-settings-attributes.html", Confidence: trace.Documented},
		{ID: RuleSecretHash, Statement: "An app client with a secret must send SECRET_HASH = Base64(HMAC-SHA256(secret, username + client id)).", Source: guide + "signing-up-users-in-your-app.html", Confidence: trace.Documented},
	}
}

func signInRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleFlowPublic, Statement: "ADMIN_ flows are for servers with AWS credentials: AdminInitiateAuth takes them and InitiateAuth does not.", Source: "https://github.com/getmoto/moto/pull/4836", Confidence: trace.Observed},
		{ID: RuleFlowEnabled, Statement: "An app client signs in only through the flows that its ExplicitAuthFlows allow.", Source: reference + "API_CreateUserPoolClient.html", Confidence: trace.Documented},
		{ID: RuleFlowParameters, Statement: "Each sign-in flow and challenge has parameters that must be sent, in upper case.", Source: "https://github.com/aws/aws-sdk-php/issues/1057", Confidence: trace.Observed},
		{ID: RuleUserExists, Statement: "An unknown user gets UserNotFoundException, or the answer to a wrong password when PreventUserExistenceErrors is ENABLED.", Source: guide + "cognito-user-pool-managing-errors.html", Confidence: trace.Documented},
		{ID: RuleUserEnabled, Statement: "A disabled user cannot sign in, and the tokens issued before are revoked.", Source: reference + "API_AdminDisableUser.html", Confidence: trace.Documented},
		{ID: RuleUserConfirmed, Statement: "A user who signed up must be confirmed before the first sign-in.", Source: "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/288", Confidence: trace.Observed},
		{ID: RulePassword, Statement: "A wrong password is answered with Incorrect username or password.", Source: guide + "cognito-user-pool-managing-errors.html", Confidence: trace.Documented},
		{ID: RulePasswordTemporary, Statement: "A temporary password expires after TemporaryPasswordValidityDays, 7 by default.", Source: reference + "API_PasswordPolicyType.html", Confidence: trace.Documented},
		{ID: RulePasswordPermanent, Statement: "A user with a temporary password gets the challenge NEW_PASSWORD_REQUIRED instead of tokens.", Source: reference + "API_RespondToAuthChallenge.html", Confidence: trace.Documented},
		{ID: RulePasswordPolicy, Statement: "A password must satisfy the pool's PasswordPolicy: 8 characters of all four kinds unless it says otherwise.", Source: reference + "API_PasswordPolicyType.html", Confidence: trace.Documented},
		{ID: RuleSessionValid, Statement: "A challenge is answered once, with its Session, within AuthSessionValidity: 3 minutes by default.", Source: reference + "API_CreateUserPoolClient.html", Confidence: trace.Documented},
	}
}

func tokenRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleRefreshKnown, Statement: "A refresh token is good only at the user pool and app client that issued it.", Source: "https://github.com/aws/aws-sdk-js-v3/issues/7162", Confidence: trace.Observed},
		{ID: RuleRefreshAlive, Statement: "Revocation and global sign-out end refresh tokens at once.", Source: guide + "token-revocation.html", Confidence: trace.Documented},
		{ID: RuleRefreshExpiry, Statement: "A refresh token lives for RefreshTokenValidity, 30 days by default, and refreshing does not prolong it.", Source: guide + "amazon-cognito-user-pools-using-the-refresh-token.html", Confidence: trace.Documented},
		{ID: RuleRefreshOpaque, Statement: "ID and access tokens are signed JWTs that anyone can read; the refresh token is encrypted and only its user pool can read it.", Source: guide + "amazon-cognito-user-pools-using-tokens-with-identity-providers.html", Confidence: trace.Documented},
		{ID: RuleTokenAttributes, Statement: "Only the ID token carries user attributes such as email.", Source: guide + "amazon-cognito-user-pools-using-the-id-token.html", Confidence: trace.Documented},
		{ID: RuleTokenGroups, Statement: "ID and access token both carry cognito:groups when the user is in a group.", Source: guide + "cognito-user-pools-user-groups.html", Confidence: trace.Documented},
		{ID: RuleTokenRole, Statement: "cognito:preferred_role is the role of the group with the lowest Precedence, and is absent when two roles tie.", Source: guide + "cognito-user-pools-user-groups.html", Confidence: trace.Documented},
		{ID: RuleAccessTokenValid, Statement: "Operations for signed-in users take an access token that one of the account's user pools signed.", Source: reference + "API_GetUser.html", Confidence: trace.Documented},
		{ID: RuleAccessTokenUse, Statement: "Operations for signed-in users take the access token, not the ID token.", Source: reference + "API_GetUser.html", Confidence: trace.Documented},
		{ID: RuleAccessTokenExpiry, Statement: "An access token is refused once its exp has passed.", Source: reference + "API_GetUser.html", Confidence: trace.Documented},
		{ID: RuleAccessTokenAlive, Statement: "Cognito refuses revoked access tokens; whoever only verifies the signature accepts them until exp.", Source: reference + "API_GlobalSignOut.html", Confidence: trace.Documented},
		{ID: RuleAccessTokenScope, Statement: "Operations for signed-in users want the scope aws.cognito.signin.user.admin, which tokens of the sign-in API have and tokens of the pool's domain only when it was asked for.", Source: guide + "cognito-user-pools-define-resource-servers.html", Confidence: trace.Documented},
		{ID: RuleGetUserGroups, Statement: "GetUser returns the user's attributes and never the groups.", Source: reference + "API_GetUser.html", Confidence: trace.Documented},
		{ID: RuleRevocationEnabled, Statement: "RevokeToken works only for app clients with EnableTokenRevocation, which is on by default.", Source: guide + "token-revocation.html", Confidence: trace.Documented},
		{ID: RuleRevocationToken, Statement: "RevokeToken takes a refresh token; the access tokens that came from it die with it.", Source: reference + "API_RevokeToken.html", Confidence: trace.Documented},
		{ID: RuleRevocationClient, Statement: "Only the app client that got a refresh token may revoke it.", Source: reference + "API_RevokeToken.html", Confidence: trace.Documented},
	}
}

func directoryRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleSignUpAllowed, Statement: "With AllowAdminCreateUserOnly users cannot sign themselves up.", Source: reference + "API_AdminCreateUserConfigType.html", Confidence: trace.Documented},
		{ID: RuleSignUpUnconfirmed, Statement: "A user is confirmed once.", Source: "https://github.com/furaiev/amazon-cognito-identity-dart-2/issues/80", Confidence: trace.Observed},
		{ID: RuleUsernameForm, Statement: "In a pool with UsernameAttributes the username is an email address or phone number.", Source: guide + "user-pool-settings-attributes.html", Confidence: trace.Documented},
		{ID: RuleUsernameFree, Statement: "A username exists once in a user pool.", Source: guide + "cognito-user-pool-managing-errors.html", Confidence: trace.Documented},
		{ID: RuleAttributeSchema, Statement: "A user has every required attribute and none that the pool's schema lacks.", Source: guide + "user-pool-settings-attributes.html", Confidence: trace.Documented},
		{ID: RuleAttributesWritable, Statement: "Users set only the attributes that their app client may write.", Source: guide + "user-pool-settings-attributes.html", Confidence: trace.Documented},
		{ID: RuleCodeOutstanding, Statement: "A sign-up code lives for 24 hours.", Source: guide + "quotas.html", Confidence: trace.Documented},
		{ID: RuleCodeMatches, Statement: "A sign-up is confirmed with the code that was sent.", Source: reference + "API_ConfirmSignUp.html", Confidence: trace.Documented},
		{ID: RuleGroupExists, Statement: "A user joins a group that exists in the user's own pool.", Source: "https://github.com/aws-amplify/amplify-cli/issues/2214", Confidence: trace.Observed},
		{ID: RuleGroupFree, Statement: "A group name exists once in a user pool.", Source: reference + "API_CreateGroup.html", Confidence: trace.Documented},
	}
}
