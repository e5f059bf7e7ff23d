package sts

import (
	"slices"

	"claimcheck/sim/trace"
)

// The rules of this package.
const (
	RuleParameters      trace.RuleID = "sts.parameters"
	RuleSessionDuration trace.RuleID = "sts.session-duration"
	RuleCaller          trace.RuleID = "sts.caller"
	RuleMFA             trace.RuleID = "sts.mfa"
	RuleTags            trace.RuleID = "sts.session-tags"
	RuleSourceIdentity  trace.RuleID = "sts.source-identity"
	RuleSessionPolicies trace.RuleID = "sts.session-policies"
	RulePackedSize      trace.RuleID = "sts.packed-size"
	RuleTokenIsJWT      trace.RuleID = "sts.web-identity.jwt"
	RuleTokenProvider   trace.RuleID = "sts.web-identity.provider"
	RuleTokenSignature  trace.RuleID = "sts.web-identity.signature"
	RuleTokenAudience   trace.RuleID = "sts.web-identity.audience"
	RuleTokenExpiry     trace.RuleID = "sts.web-identity.expiry"
	RuleAccessToken     trace.RuleID = "sts.web-identity.access-token"
	RuleForeignPool     trace.RuleID = "sts.web-identity.foreign-pool"

	RuleSAMLResponse  trace.RuleID = "sts.saml.response"
	RuleSAMLProvider  trace.RuleID = "sts.saml.provider"
	RuleSAMLSignature trace.RuleID = "sts.saml.signature"
	RuleSAMLAudience  trace.RuleID = "sts.saml.audience"
	RuleSAMLExpiry    trace.RuleID = "sts.saml.expiry"
	RuleSAMLRole      trace.RuleID = "sts.saml.role"
	RuleSAMLName      trace.RuleID = "sts.saml.session-name"
)

// Rules lists the rules of this package.
func Rules() []trace.Rule {
	return slices.Concat(sessionRules(), webIdentityRules(), samlRules())
}

func sessionRules() []trace.Rule {
	return []trace.Rule{{
		ID:         RuleParameters,
		Statement:  "A role session has a name of 2 to 64 characters and lasts at least 900 seconds.",
		Source:     "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleSessionDuration,
		Statement:  "A role session lasts at most the role's MaxSessionDuration, and at most one hour when a role session asks for it.",
		Source:     "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleCaller,
		Statement:  "GetSessionToken and GetFederationToken are for the long-term keys of an IAM user; a federated user assumes no role.",
		Source:     "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleMFA,
		Statement:  "MFA is proven by the serial number of a device of the calling user and the code that it shows.",
		Source:     "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleTags,
		Statement:  "A session has at most 50 tags with distinct keys, whatever their case; tags that a session inherits from the one that asks for it cannot be set anew.",
		Source:     "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleSourceIdentity,
		Statement:  "A source identity, once it is set, stays the same in every session that is assumed from there.",
		Source:     "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleSessionPolicies,
		Statement:  "A session has one inline policy of at most 2,048 characters and ten managed ones.",
		Source:     "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
		Confidence: trace.Documented,
	}, {
		ID:         RulePackedSize,
		Statement:  "All tags of a session, inherited ones too, are packed into a space that is full long before fifty tags.",
		Source:     "https://github.com/aws-actions/configure-aws-credentials/issues/1803",
		Confidence: trace.Observed,
	}}
}

func webIdentityRules() []trace.Rule {
	return []trace.Rule{{
		ID:         RuleTokenIsJWT,
		Statement:  "A web identity token is a JWT; an opaque access token is none.",
		Source:     "https://github.com/aws-amplify/amplify-js/issues/9704",
		Confidence: trace.Observed,
	}, {
		ID:         RuleTokenProvider,
		Statement:  "A web identity token must come from an identity provider that the account knows; identity pools and Google are known to every account.",
		Source:     "https://github.com/aws-actions/configure-aws-credentials/issues/280",
		Confidence: trace.Observed,
	}, {
		ID:         RuleTokenSignature,
		Statement:  "STS verifies a web identity token with the public keys that its issuer publishes.",
		Source:     "https://github.com/aws/aws-sdk-js-v3/issues/3052",
		Confidence: trace.Observed,
	}, {
		ID:         RuleTokenAudience,
		Statement:  "The aud of a web identity token is one of the client ids of the account's OIDC provider.",
		Source:     "https://github.com/awslabs/amazon-eks-irsa-cfn/pull/18",
		Confidence: trace.Observed,
	}, {
		ID:         RuleTokenExpiry,
		Statement:  "A web identity token is worth nothing after its exp.",
		Source:     "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleAccessToken,
		Statement:  "With ProviderId the token is an access token of Facebook or Login with Amazon, about which STS asks the provider.",
		Source:     "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleForeignPool,
		Statement:  "The trust policy of a role that an identity pool of another account may assume has conditions on both aud and amr.",
		Source:     "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
		Confidence: trace.Documented,
	}}
}

func samlRules() []trace.Rule {
	const help = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html"
	const claims = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html"
	return []trace.Rule{{
		ID:         RuleSAMLResponse,
		Statement:  "SAMLAssertion is the provider's whole response in base64, as the browser posts it.",
		Source:     "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleSAMLProvider,
		Statement:  "A SAML assertion is issued by the entity that the metadata of the account's SAML provider name.",
		Source:     help,
		Confidence: trace.Documented,
	}, {
		ID:         RuleSAMLSignature,
		Statement:  "STS verifies a SAML assertion with the certificates in the SAML provider's metadata; a provider with a new key needs new metadata.",
		Source:     help,
		Confidence: trace.Documented,
	}, {
		ID:         RuleSAMLAudience,
		Statement:  "A SAML assertion for AWS has AWS as its audience and https://signin.aws.amazon.com/saml as its recipient.",
		Source:     claims,
		Confidence: trace.Documented,
	}, {
		ID:         RuleSAMLExpiry,
		Statement:  "A SAML assertion is redeemed within five minutes of its issuance.",
		Source:     "https://github.com/Nike-Inc/gimme-aws-creds/issues/251",
		Confidence: trace.Observed,
	}, {
		ID:         RuleSAMLRole,
		Statement:  "The attribute Role of a SAML assertion lists the roles a user may assume, each with the ARN of the SAML provider.",
		Source:     claims,
		Confidence: trace.Documented,
	}, {
		ID:         RuleSAMLName,
		Statement:  "The name of the session comes from the attribute RoleSessionName of the SAML assertion.",
		Source:     help,
		Confidence: trace.Documented,
	}}
}
