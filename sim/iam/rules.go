package iam

import "claimcheck/sim/trace"

// The rules of this package.
const (
	RuleSigned         trace.RuleID = "iam.signature.present"
	RuleSignatureForm  trace.RuleID = "iam.signature.form"
	RuleSignatureScope trace.RuleID = "iam.signature.scope"
	RuleAccessKey      trace.RuleID = "iam.access-key.known"
	RuleSessionToken   trace.RuleID = "iam.session-token"
	RuleSignature      trace.RuleID = "iam.signature.match"
	RuleSignatureTime  trace.RuleID = "iam.signature.time"
	RuleExpiry         trace.RuleID = "iam.credentials.expiry"

	RuleIAMSession trace.RuleID = "iam.user-session"
	RuleMFACode    trace.RuleID = "iam.mfa-code"

	RuleExplicitDeny   trace.RuleID = "iam.explicit-deny"
	RuleResourcePolicy trace.RuleID = "iam.resource-policy"
	RuleTrustPolicy    trace.RuleID = "iam.trust-policy"
	RuleIdentityPolicy trace.RuleID = "iam.identity-policy"
	RuleBoundary       trace.RuleID = "iam.permissions-boundary"
	RuleSessionPolicy  trace.RuleID = "iam.session-policy"

	RuleServiceControl  trace.RuleID = "iam.service-control-policy"
	RuleResourceControl trace.RuleID = "iam.resource-control-policy"

	RuleStatementAction    trace.RuleID = "iam.statement.action"
	RuleStatementPrincipal trace.RuleID = "iam.statement.principal"
	RuleStatementResource  trace.RuleID = "iam.statement.resource"
	RuleStatementCondition trace.RuleID = "iam.statement.condition"

	RulePolicyDocument trace.RuleID = "iam.policy-document"
	RuleQuota          trace.RuleID = "iam.quota"
	RuleTags           trace.RuleID = "iam.tags"
	RuleDeleteUnused   trace.RuleID = "iam.delete.unused"
	RulePoolCondition  trace.RuleID = "iam.trust-policy.identity-pool"
)

// The pages that the rules are taken from.
const (
	guide         = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	signing       = guide + "create-signed-request.html"
	signingHelp   = guide + "signature-v4-troubleshooting.html"
	evaluation    = guide + "reference_policies_evaluation-logic_policy-eval-denyallow.html"
	logic         = guide + "reference_policies_evaluation-logic.html"
	organizations = "https://docs.aws.amazon.com/organizations/latest/userguide/"
)

// Rules lists the rules of this package.
func Rules() []trace.Rule {
	return append(authenticationRules(), append(decisionRules(), statementRules()...)...)
}

func authenticationRules() []trace.Rule {
	return []trace.Rule{
		rule(RuleSigned, "A request to AWS with IAM authorization carries a signature made with an access key; a token of any other kind is none.", signing, trace.Documented),
		rule(RuleSignatureForm, "The Authorization header of a signed request reads AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=….", "https://github.com/serverless/serverless/issues/3205", trace.Observed),
		rule(RuleSignatureScope, "A signature is good for one day, one Region and one service: those in its credential scope.", signingHelp, trace.Documented),
		rule(RuleAccessKey, "The access key id in a signature must be one that AWS has issued and that is active.", "https://github.com/yegor256/s3auth/issues/244", trace.Observed),
		rule(RuleSessionToken, "Temporary credentials are three parts: without the session token, or with another one, the keys are worth nothing.", signing, trace.Documented),
		rule(RuleSignature, "AWS signs the request again with the secret it knows; both signatures must be the same.", signingHelp, trace.Documented),
		rule(RuleSignatureTime, "A signature must be at most five minutes old, fifteen for S3.", "https://github.com/aws/aws-sdk-php/issues/537", trace.Observed),
		rule(RuleExpiry, "Temporary credentials end at their expiration; the access key of an IAM user never expires by itself.", guide+"id_credentials_temp.html", trace.Documented),
		rule(RuleIAMSession, "IAM's own API takes the temporary credentials of a user only when they were asked for with MFA, and those of a federated user never.", "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html", trace.Documented),
		rule(RuleMFACode, "A virtual MFA device is enabled with two consecutive codes.", "https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html", trace.Documented),
	}
}

func decisionRules() []trace.Rule {
	return []trace.Rule{
		rule(RuleExplicitDeny, "An applicable Deny in any policy wins over every Allow.", evaluation, trace.Documented),
		rule(RuleResourcePolicy, "Callers of another account, AWS services and anonymous callers need an Allow in the resource's own policy; for callers of the account an identity-based policy can do as well.", logic, trace.Documented),
		rule(RuleTrustPolicy, "A role can only be assumed by whom its own trust policy allows.", evaluation, trace.Documented),
		rule(RuleIdentityPolicy, "Nothing is allowed until a policy says so: a principal needs an Allow from its identity-based policies or from the resource's policy.", evaluation, trace.Documented),
		rule(RuleBoundary, "A permissions boundary grants nothing: it is the most that identity-based policies can give.", logic, trace.Documented),
		rule(RuleSessionPolicy, "Session policies grant nothing: a session has what both the role and they allow.", logic, trace.Documented),
		rule(RuleServiceControl, "Service control policies grant nothing: a member account's users and roles may only do what an Allow at every level, from the root to the account, leaves open.", organizations+"orgs_manage_policies_scps_evaluation.html", trace.Documented),
		rule(RuleResourceControl, "Resource control policies grant nothing: a member account's resources are open only to what every level leaves open, whoever asks.", organizations+"orgs_manage_policies_rcps.html", trace.Documented),
		rule(RulePolicyDocument, "AWS stores a policy only when it follows the grammar of the policy language.", guide+"reference_policies_grammar.html", trace.Documented),
		rule(RuleTags, "A user or role has up to 50 tags, whose keys differ in more than case; they are aws:PrincipalTag/KEY of every request it makes, unless the session brings a tag of the same key.", guide+"id_tags.html", trace.Documented),
		rule(RuleDeleteUnused, "IAM deletes nothing that something still hangs on: policies, keys, memberships, instance profiles and other versions go first.", "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html", trace.Documented),
		rule(RulePoolCondition, "IAM stores no trust in cognito-identity.amazonaws.com without a condition: any identity pool in the world could assume the role.", "https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools-security-best-practices.html", trace.Documented),
		rule(RuleQuota, "Policies may have so many characters, white space left out: a managed policy 6,144, the inline policies of a user 2,048, of a group 5,120 and of a role 10,240 together, a trust policy 2,048.", guide+"reference_iam-quotas.html", trace.Documented),
	}
}

func statementRules() []trace.Rule {
	return []trace.Rule{
		rule(RuleStatementAction, "A statement applies only to the actions that its Action or NotAction covers.", guide+"reference_policies_elements_action.html", trace.Documented),
		rule(RuleStatementPrincipal, "A statement of a resource's policy applies only to the principals that it names.", guide+"reference_policies_elements_principal.html", trace.Documented),
		rule(RuleStatementResource, "A statement applies only to resources whose ARN fits its Resource, after policy variables are filled in.", guide+"reference_policies_elements_resource.html", trace.Documented),
		rule(RuleStatementCondition, "A statement applies only when all its conditions hold.", guide+"reference_policies_elements_condition.html", trace.Documented),
	}
}

func rule(id trace.RuleID, statement, source string, confidence trace.Confidence) trace.Rule {
	return trace.Rule{ID: id, Statement: statement, Source: source, Confidence: confidence}
}
