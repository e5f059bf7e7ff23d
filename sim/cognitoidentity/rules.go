package cognitoidentity

import "claimcheck/sim/trace"

// The rules of identity pools.
const (
	RulePoolExists     trace.RuleID = "cognito-identity.pool.exists"
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
)

const guide = "https://docs.aws.amazon.com/cognito/latest/developerguide/"

// Rules are all rules that an identity pool can be seen to apply.
func Rules() []trace.Rule {
	return []trace.Rule{
		{ID: RulePoolExists, Statement: "An identity pool lives in one Region and is named REGION:GUID.", Source: "https://github.com/aws-amplify/amplify-js/issues/14117", Confidence: trace.Observed},
		{ID: RuleGuests, Statement: "Without a login an identity pool gives credentials only when AllowUnauthenticatedIdentities is on.", Source: "https://github.com/aws/aws-sdk-js-v3/issues/3113", Confidence: trace.Observed},
		{ID: RuleTokenJWT, Statement: "A login at a user pool is its ID token, a JWT.", Source: "https://github.com/aws-amplify/aws-sdk-android/issues/1431", Confidence: trace.Observed},
		{ID: RuleTokenIssuer, Statement: "The key in Logins is the token's issuer without https://.", Source: "https://github.com/aws/aws-sdk-js/issues/3947", Confidence: trace.Observed},
		{ID: RuleTokenAudience, Statement: "An identity pool takes the ID token; the access token has no aud and is refused.", Source: "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/7", Confidence: trace.Observed},
		{ID: RuleTokenProvider, Statement: "The user pool and the app client that issued a token must be configured in the identity pool.", Source: guide + "authentication-flow.html", Confidence: trace.Documented},
		{ID: RuleTokenSignature, Statement: "An identity pool verifies a token with the public keys of its issuer.", Source: guide + "authentication-flow.html", Confidence: trace.Documented},
		{ID: RuleTokenExpiry, Statement: "An identity pool refuses an expired token.", Source: "https://github.com/aws-amplify/amplify-js/issues/14348", Confidence: trace.Observed},
		{ID: RuleIdentityExists, Statement: "GetId makes an identity, and credentials are for an identity that exists.", Source: "https://github.com/aws-amplify/amplify-js/issues/2301", Confidence: trace.Observed},
		{ID: RuleIdentityLogin, Statement: "Credentials of an identity that has logins need one of these logins.", Source: "https://github.com/aws-amplify/amplify-js/issues/2443", Confidence: trace.Observed},
		{ID: RuleRoleConfigured, Statement: "An identity pool has one role for authenticated users and one for guests, and needs the one it is asked for.", Source: guide + "iam-roles.html", Confidence: trace.Documented},
		{ID: RuleRoleAssumable, Statement: "The role's trust policy must let cognito-identity.amazonaws.com assume it for this identity pool.", Source: guide + "role-trust-and-permissions.html", Confidence: trace.Documented},
		{ID: RuleClassicFlow, Statement: "GetOpenIdToken belongs to the basic (classic) flow, which AllowClassicFlow: false turns off.", Source: "https://github.com/aws/aws-cli/issues/7652", Confidence: trace.Observed},
	}
}
