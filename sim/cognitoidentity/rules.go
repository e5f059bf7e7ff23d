package cognitoidentity

import (
	"slices"

	"claimcheck/sim/trace"
)

// The rules of identity pools.
const (
	RulePoolExists     trace.RuleID = "cognito-identity.pool.exists"
	RulePoolName       trace.RuleID = "cognito-identity.pool.names"
	RuleDeveloperKept  trace.RuleID = "cognito-identity.pool.developer-provider-kept"
	RuleUpdateResets   trace.RuleID = "cognito-identity.update.left-out"
	RulePage           trace.RuleID = "cognito-identity.list.page"
	RuleGuests         trace.RuleID = "cognito-identity.guests.allowed"
	RuleTokenJWT       trace.RuleID = "cognito-identity.login.token-is-jwt"
	RuleTokenIssuer    trace.RuleID = "cognito-identity.login.issuer"
	RuleTokenAudience  trace.RuleID = "cognito-identity.login.audience"
	RuleTokenProvider  trace.RuleID = "cognito-identity.login.provider"
	RuleTokenSignature trace.RuleID = "cognito-identity.login.signature"
	RuleTokenExpiry    trace.RuleID = "cognito-identity.login.expiry"
	RuleIdentityExists trace.RuleID = "cognito-identity.identity.exists"
	RuleIdentityLogin  trace.RuleID = "cognito-identity.identity.login"
	RuleRoleConfigured trace.RuleID = "cognito-identity.role.configured"
	RuleRoleAssumable  trace.RuleID = "cognito-identity.role.assumable"
	RuleClassicFlow    trace.RuleID = "cognito-identity.classic-flow.enabled"

	RuleOIDCAudience      trace.RuleID = "cognito-identity.login.client-id"
	RuleServerSideCheck   trace.RuleID = "cognito-identity.login.server-side-check"
	RulePublicProvider    trace.RuleID = "cognito-identity.login.public-provider"
	RuleIdentityMerged    trace.RuleID = "cognito-identity.identity.merged"
	RuleOneLogin          trace.RuleID = "cognito-identity.identity.one-login-per-provider"
	RuleDeletions         trace.RuleID = "cognito-identity.identities.deletions"
	RuleDeveloperProvider trace.RuleID = "cognito-identity.developer.provider"
	RuleDeveloperUser     trace.RuleID = "cognito-identity.developer.user"
	RuleDuration          trace.RuleID = "cognito-identity.developer.token-duration"
	RuleOwnToken          trace.RuleID = "cognito-identity.developer.token"

	RuleAccessToken trace.RuleID = "cognito-identity.login.access-token"
	RuleAssertion   trace.RuleID = "cognito-identity.login.assertion"

	RuleMapping         trace.RuleID = "cognito-identity.role.mapping"
	RuleTokenRole       trace.RuleID = "cognito-identity.role.preferred"
	RuleMappingRule     trace.RuleID = "cognito-identity.role.rule"
	RuleCustomRole      trace.RuleID = "cognito-identity.role.custom"
	RuleAmbiguousRole   trace.RuleID = "cognito-identity.role.ambiguous"
	RulePassRole        trace.RuleID = "cognito-identity.roles.pass-role"
	RuleMappingProvider trace.RuleID = "cognito-identity.role-mapping.provider"
	RuleMappingComplete trace.RuleID = "cognito-identity.role-mapping.complete"
	RuleOneAttachment   trace.RuleID = "cognito-identity.role-attachment.one"

	RuleTagMap trace.RuleID = "cognito-identity.principal-tags.names"
	RuleTag    trace.RuleID = "cognito-identity.principal-tag.claim"
)

const (
	guide     = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
	reference = "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/"
	rolePage  = guide + "role-based-access-control.html"
)

// Rules are all rules that an identity pool can be seen to apply.
func Rules() []trace.Rule {
	return slices.Concat(poolRules(), loginRules(), identityRules(), roleRules())
}

func poolRules() []trace.Rule {
	return []trace.Rule{
		{ID: RulePoolExists, Statement: "An identity pool lives in one Region and is named REGION:GUID.", Source: "https://github.com/aws-amplify/amplify-js/issues/14117", Confidence: trace.Observed},
		{ID: RulePoolName, Statement: "An identity pool's name has letters, digits, spaces and + = , . @ - _, a developer provider's name letters, digits and . _ -.", Source: reference + "API_CreateIdentityPool.html", Confidence: trace.Documented},
		{ID: RuleDeveloperKept, Statement: "The name of the developer provider can be set later, and never changed once it is set.", Source: reference + "API_CreateIdentityPool.html", Confidence: trace.Documented},
		{ID: RuleUpdateResets, Statement: "UpdateIdentityPool replaces the whole configuration but the roles: a setting that is left out goes back to its default.", Source: reference + "API_UpdateIdentityPool.html", Confidence: trace.Documented},
		{ID: RulePage, Statement: "A list comes in pages of at most 60; NextToken is the one that the page before gave.", Source: reference + "API_ListIdentityPools.html", Confidence: trace.Documented},
	}
}

func loginRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleGuests, Statement: "Without a login an identity pool gives credentials only when AllowUnauthenticatedIdentities is on.", Source: "https://github.com/aws/aws-sdk-js-v3/issues/3113", Confidence: trace.Observed},
		{ID: RuleTokenJWT, Statement: "A login at a user pool or an OpenID Connect provider is its ID token, a JWT.", Source: "https://github.com/aws-amplify/aws-sdk-android/issues/1431", Confidence: trace.Observed},
		{ID: RuleTokenIssuer, Statement: "The key in Logins is the token's issuer without https://.", Source: "https://github.com/aws/aws-sdk-js/issues/3947", Confidence: trace.Observed},
		{ID: RuleTokenAudience, Statement: "An identity pool takes the ID token; the access token has no aud and is refused.", Source: "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/7", Confidence: trace.Observed},
		{ID: RuleTokenProvider, Statement: "The provider and the app or app client that a token is for must be configured in the identity pool.", Source: guide + "authentication-flow.html", Confidence: trace.Documented},
		{ID: RuleTokenSignature, Statement: "An identity pool verifies a token with the public keys of its issuer.", Source: guide + "authentication-flow.html", Confidence: trace.Documented},
		{ID: RuleTokenExpiry, Statement: "An identity pool refuses an expired token.", Source: "https://github.com/aws-amplify/amplify-js/issues/14348", Confidence: trace.Observed},
		{ID: RuleOIDCAudience, Statement: "The azp of an OpenID Connect token, or else its aud, is a client id of the IAM OIDC provider, or the app of a social provider in SupportedLoginProviders.", Source: guide + "open-id.html", Confidence: trace.Documented},
		{ID: RuleAccessToken, Statement: "Facebook and Login with Amazon give apps access tokens, about which the identity pool asks the provider.", Source: guide + "external-identity-providers.html", Confidence: trace.Documented},
		{ID: RuleAssertion, Statement: "A login at a SAML provider is its whole response in base64, made for AWS, under the provider's ARN.", Source: guide + "saml-identity-provider.html", Confidence: trace.Documented},
		{ID: RuleServerSideCheck, Statement: "With ServerSideTokenCheck the user pool is asked whether the user still exists and has not been signed out; without it an ID token is good until its exp.", Source: reference + "API_CognitoIdentityProvider.html", Confidence: trace.Documented},
		{ID: RulePublicProvider, Statement: "Logins names public providers: the developer provider's name belongs in GetOpenIdTokenForDeveloperIdentity, and the token from there in GetCredentialsForIdentity.", Source: guide + "authentication-flow.html", Confidence: trace.Documented},
		{ID: RuleDeveloperProvider, Statement: "A back end names its user under the identity pool's own DeveloperProviderName.", Source: "https://github.com/danilop/LambdAuth/issues/32", Confidence: trace.Observed},
		{ID: RuleDeveloperUser, Statement: "A developer's user belongs to one identity of the pool.", Source: reference + "API_GetOpenIdTokenForDeveloperIdentity.html", Confidence: trace.Documented},
		{ID: RuleDuration, Statement: "A token for a developer's user lasts 15 minutes, or as long as is asked for: 1 second to 24 hours.", Source: reference + "API_GetOpenIdTokenForDeveloperIdentity.html", Confidence: trace.Documented},
		{ID: RuleOwnToken, Statement: "A token for a developer's user opens the identity that it was issued for, and no other.", Source: reference + "API_GetCredentialsForIdentity.html", Confidence: trace.Inferred},
	}
}

func identityRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleIdentityExists, Statement: "GetId makes an identity, and credentials are for an identity that exists.", Source: "https://github.com/aws-amplify/amplify-js/issues/2301", Confidence: trace.Observed},
		{ID: RuleIdentityLogin, Statement: "Credentials of an identity that has logins need one of these logins; an identity that was merged or lost its logins gives none.", Source: "https://github.com/aws-amplify/amplify-js/issues/2443", Confidence: trace.Observed},
		{ID: RuleIdentityMerged, Statement: "A caller whose logins belong to two identities merges them: one stays, the other is disabled.", Source: guide + "authentication-flow.html", Confidence: trace.Documented},
		{ID: RuleOneLogin, Statement: "An identity has one login at each public provider.", Source: guide + "authentication-flow.html", Confidence: trace.Documented},
		{ID: RuleDeletions, Statement: "DeleteIdentities takes 1 to 60 identities.", Source: reference + "API_DeleteIdentities.html", Confidence: trace.Documented},
		{ID: RuleTagMap, Statement: "A principal tag has a key of at most 128 characters and comes from a claim whose name has at most 256.", Source: guide + "using-afac-with-cognito-identity-pools.html", Confidence: trace.Documented},
		{ID: RuleTag, Statement: "A claim that the identity pool maps becomes a principal tag of the session; a claim that is missing gives no tag.", Source: guide + "attributes-for-access-control.html", Confidence: trace.Documented},
	}
}

func roleRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleRoleConfigured, Statement: "An identity pool has one role for authenticated users and one for guests, and needs the one it is asked for.", Source: guide + "iam-roles.html", Confidence: trace.Documented},
		{ID: RuleRoleAssumable, Statement: "The role's trust policy must let cognito-identity.amazonaws.com assume it for this identity pool.", Source: guide + "role-trust-and-permissions.html", Confidence: trace.Documented},
		{ID: RuleMapping, Statement: "A group's role, or a rule, counts only when the identity pool has a role mapping for the user pool and the app client; without one everybody signed in gets the authenticated role.", Source: rolePage, Confidence: trace.Documented},
		{ID: RuleTokenRole, Statement: "A mapping of type Token takes cognito:preferred_role; a tie of two groups' roles leaves it out.", Source: rolePage, Confidence: trace.Documented},
		{ID: RuleMappingRule, Statement: "A mapping of type Rules takes the role of the first rule that matches; a claim that is missing matches none, not even NotEqual.", Source: rolePage, Confidence: trace.Documented},
		{ID: RuleCustomRole, Statement: "CustomRoleArn must be one of the token's cognito:roles, or the role of a rule that matches.", Source: rolePage, Confidence: trace.Documented},
		{ID: RuleAmbiguousRole, Statement: "When a mapping finds no single role, AmbiguousRoleResolution gives the authenticated role or denies.", Source: reference + "API_RoleMapping.html", Confidence: trace.Documented},
		{ID: RulePassRole, Statement: "Who sets the roles of an identity pool needs iam:PassRole for each, named by its whole ARN.", Source: rolePage, Confidence: trace.Documented},
		{ID: RuleMappingProvider, Statement: "A role mapping is for a provider of the identity pool; a user pool's key has the app client: cognito-idp.REGION.amazonaws.com/POOL:CLIENT.", Source: "https://github.com/aws/aws-cdk/issues/22951", Confidence: trace.Observed},
		{ID: RuleMappingComplete, Statement: "A role mapping says what happens when it finds no single role; one of type Rules has 1 to 25 rules.", Source: reference + "API_RoleMapping.html", Confidence: trace.Documented},
		{ID: RuleOneAttachment, Statement: "An identity pool has one IdentityPoolRoleAttachment.", Source: "https://github.com/aws/aws-cdk/issues/27411", Confidence: trace.Observed},
		{ID: RuleClassicFlow, Statement: "GetOpenIdToken belongs to the basic (classic) flow, which AllowClassicFlow: false and RoleMappings turn off.", Source: "https://github.com/aws/aws-cli/issues/7652", Confidence: trace.Observed},
	}
}
