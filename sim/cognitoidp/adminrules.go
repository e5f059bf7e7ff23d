package cognitoidp

import "claimcheck/sim/trace"

// The rules of creating, changing and deleting pools and what belongs to them.
const (
	RuleUpdateResets         trace.RuleID = "cognito-idp.update.left-out"
	RuleVerifiedFirst        trace.RuleID = "cognito-idp.pool.verified-first"
	RuleCustomOptional       trace.RuleID = "cognito-idp.schema.custom-optional"
	RuleAttributeName        trace.RuleID = "cognito-idp.schema.name"
	RuleAttributeValue       trace.RuleID = "cognito-idp.attributes.value"
	RuleCustomFree           trace.RuleID = "cognito-idp.schema.custom-free"
	RuleDeletionProtection   trace.RuleID = "cognito-idp.pool.deletion-protection"
	RuleDomainFirst          trace.RuleID = "cognito-idp.pool.domain-first"
	RuleClientDefaults       trace.RuleID = "cognito-idp.client.unknown-users"
	RuleSecretAtCreation     trace.RuleID = "cognito-idp.client.secret-at-creation"
	RuleResourceServerExists trace.RuleID = "cognito-idp.resource-server.exists"
	RuleDomainOwn            trace.RuleID = "cognito-idp.domain.own"
	RuleDomainDescribed      trace.RuleID = "cognito-idp.domain.described"
	RuleUserFilter           trace.RuleID = "cognito-idp.users.searchable"
	RuleTextHasCode          trace.RuleID = "cognito-idp.message.code"
	RuleStyleFree            trace.RuleID = "cognito-idp.branding.free"
	RuleStyleExists          trace.RuleID = "cognito-idp.branding.exists"
	RulePage                 trace.RuleID = "cognito-idp.list.page"
)

func adminRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleUpdateResets, Statement: "UpdateUserPool and UpdateUserPoolClient replace the whole configuration: a setting that is left out goes back to its default.", Source: guide + "cognito-user-pool-updating.html", Confidence: trace.Documented},
		{ID: RuleVerifiedFirst, Statement: "Only attributes that are verified automatically can wait for their verification before they change.", Source: "https://github.com/ekristen/aws-nuke/issues/477", Confidence: trace.Observed},
		{ID: RuleCustomOptional, Statement: "Custom attributes are never required; only standard attributes can be, and only when the pool is created.", Source: guide + "user-pool-settings-attributes.html", Confidence: trace.Documented},
		{ID: RuleAttributeName, Statement: "The name of an attribute in a pool's schema has at most 20 characters.", Source: "https://github.com/aws/aws-cdk/issues/14175", Confidence: trace.Observed},
		{ID: RuleAttributeValue, Statement: "A value has the AttributeDataType of its attribute, and the length or size that the schema allows.", Source: reference + "API_SchemaAttributeType.html", Confidence: trace.Documented},
		{ID: RuleCustomFree, Statement: "Custom attributes can be added to a pool later, each name once; none is ever renamed or removed.", Source: guide + "user-pool-settings-attributes.html", Confidence: trace.Documented},
		{ID: RuleDeletionProtection, Statement: "A pool with active deletion protection is deleted only after an update turns it off. The console turns it on for new pools, the API does not.", Source: guide + "user-pool-settings-deletion-protection.html", Confidence: trace.Documented},
		{ID: RuleDomainFirst, Statement: "A pool's domain is deleted before the pool.", Source: "https://github.com/hashicorp/terraform-provider-aws/issues/16479", Confidence: trace.Observed},
		{ID: RuleClientDefaults, Statement: "The API and templates leave PreventUserExistenceErrors at LEGACY, which tells callers that a user does not exist; the console says ENABLED.", Source: guide + "cognito-user-pool-managing-errors.html", Confidence: trace.Documented},
		{ID: RuleSecretAtCreation, Statement: "GenerateSecret counts only when an app client is created; DescribeUserPoolClient shows the secret to whoever may call it.", Source: reference + "API_CreateUserPoolClient.html", Confidence: trace.Documented},
		{ID: RuleResourceServerExists, Statement: "A resource server is found by its identifier in its own user pool.", Source: reference + "API_DescribeResourceServer.html", Confidence: trace.Documented},
		{ID: RuleDomainOwn, Statement: "A domain is changed and deleted together with the pool it belongs to.", Source: reference + "API_DeleteUserPoolDomain.html", Confidence: trace.Documented},
		{ID: RuleDomainDescribed, Statement: "DescribeUserPoolDomain describes a domain that does not exist by an empty structure; it is no error.", Source: "https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/cognitoidp/user_pool_domain.go", Confidence: trace.Observed},
		{ID: RuleUserFilter, Statement: "ListUsers searches by username, status, sub and a few standard attributes; custom attributes cannot be searched.", Source: guide + "how-to-manage-user-accounts.html", Confidence: trace.Documented},
		{ID: RuleTextHasCode, Statement: "A pool's own text for a message says where the code goes, with {####}.", Source: reference + "API_VerificationMessageTemplateType.html", Confidence: trace.Documented},
		{ID: RuleStyleFree, Statement: "An app client has one managed login style at most.", Source: reference + "API_CreateManagedLoginBranding.html", Confidence: trace.Documented},
		{ID: RuleStyleExists, Statement: "App clients made by the API have no managed login style before CreateManagedLoginBranding gives them one.", Source: reference + "API_CreateManagedLoginBranding.html", Confidence: trace.Documented},
		{ID: RulePage, Statement: "A list comes in pages of at most 60; NextToken is the one that the page before gave.", Source: reference + "API_ListUserPools.html", Confidence: trace.Documented},
	}
}
