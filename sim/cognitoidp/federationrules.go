package cognitoidp

import "claimcheck/sim/trace"

// The rules of identity providers and of users who come from one.
const (
	RuleProviderName        trace.RuleID = "cognito-idp.provider.name"
	RuleProviderDetails     trace.RuleID = "cognito-idp.provider.details"
	RuleAttributeMapping    trace.RuleID = "cognito-idp.provider.attribute-mapping"
	RuleProviderExists      trace.RuleID = "cognito-idp.provider.exists"
	RuleProviderOffered     trace.RuleID = "cognito-idp.provider.offered"
	RuleFederationState     trace.RuleID = "cognito-idp.federation.state"
	RuleFederationAnswer    trace.RuleID = "cognito-idp.federation.answer"
	RuleAssertion           trace.RuleID = "cognito-idp.federation.assertion"
	RuleIDPInit             trace.RuleID = "cognito-idp.federation.idp-initiated"
	RuleIDPInitClient       trace.RuleID = "cognito-idp.federation.idp-initiated-client"
	RuleSingleLogout        trace.RuleID = "cognito-idp.logout.saml"
	RuleFederatedAttributes trace.RuleID = "cognito-idp.federation.required-attributes"
	RuleFederatedProfile    trace.RuleID = "cognito-idp.federation.profile"
	RuleLinkSource          trace.RuleID = "cognito-idp.link.source"
	RuleLinkFresh           trace.RuleID = "cognito-idp.link.not-signed-in"
	RuleLinkTooLate         trace.RuleID = "cognito-idp.link.during-sign-in"
	RuleUnlink              trace.RuleID = "cognito-idp.link.removal"
	RuleLinks               trace.RuleID = "cognito-idp.link.number"
)

func federationRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleProviderName, Statement: "A provider's name exists once in a user pool; a social provider has the name of its type, such as Google.", Source: reference + "API_CreateIdentityProvider.html", Confidence: trace.Documented},
		{ID: RuleProviderDetails, Statement: "ProviderDetails hold what the type needs: a client id and scopes, for OIDC the issuer, for SAML the metadata.", Source: reference + "API_CreateIdentityProvider.html", Confidence: trace.Documented},
		{ID: RuleAttributeMapping, Statement: "AttributeMapping writes a provider's claims into attributes of the pool's schema.", Source: guide + "cognito-user-pools-specifying-attribute-mapping.html", Confidence: trace.Documented},
		{ID: RuleProviderExists, Statement: "App clients and links name identity providers that the user pool has.", Source: reference + "API_CreateUserPoolClient.html", Confidence: trace.Documented},
		{ID: RuleProviderOffered, Statement: "identity_provider and idp_identifier name a provider among the app client's SupportedIdentityProviders.", Source: guide + "authorization-endpoint.html", Confidence: trace.Documented},
		{ID: RuleFederationState, Statement: "A provider's answer belongs to a sign-in that began at the pool's domain within five minutes.", Source: guide + "cognito-user-pools-managed-login.html", Confidence: trace.Documented},
		{ID: RuleFederationAnswer, Statement: "The pool exchanges the provider's code, with its client id and secret, and asks the provider who the user is.", Source: guide + "cognito-user-pools-oidc-flow.html", Confidence: trace.Documented},
		{ID: RuleAssertion, Statement: "A SAML assertion is signed by the provider, is for the pool (urn:amazon:cognito:sp:POOL) and is used once within five minutes.", Source: guide + "cognito-user-pools-saml-idp-things-to-know.html", Confidence: trace.Documented},
		{ID: RuleIDPInit, Statement: "A SAML provider begins a sign-in only with IDPInit true; RelayState then has the request that the app would have sent.", Source: guide + "cognito-user-pools-SAML-session-initiation.html", Confidence: trace.Documented},
		{ID: RuleIDPInitClient, Statement: "An app client for sign-ins that a provider begins offers SAML providers and nothing else.", Source: guide + "cognito-user-pools-SAML-session-initiation.html", Confidence: trace.Documented},
		{ID: RuleSingleLogout, Statement: "/logout ends the session at a SAML provider with IDPSignout true too, and at no other provider.", Source: guide + "cognito-user-pools-saml-idp-sign-out.html", Confidence: trace.Documented},
		{ID: RuleFederatedAttributes, Statement: "A provider must send every attribute that the user pool requires.", Source: guide + "cognito-user-pools-specifying-attribute-mapping.html", Confidence: trace.Documented},
		{ID: RuleFederatedProfile, Statement: "Somebody new from a provider gets a profile PROVIDER_SUBJECT of their own, even when a user has the same email; a linked identity signs in that user.", Source: guide + "cognito-user-pools-identity-federation-consolidate-users.html", Confidence: trace.Documented},
		{ID: RuleLinkSource, Statement: "A social identity is linked by its subject (Cognito_Subject), one of SAML or OIDC also by another claim.", Source: reference + "API_AdminLinkProviderForUser.html", Confidence: trace.Documented},
		{ID: RuleLinkFresh, Statement: "Only an identity that has not signed in yet can be linked; otherwise its profile is deleted first.", Source: reference + "API_AdminLinkProviderForUser.html", Confidence: trace.Documented},
		{ID: RuleLinkTooLate, Statement: "When the pre sign-up trigger links an identity, the sign-in under way fails; the next one signs in the linked user.", Source: "https://github.com/aws-amplify/amplify-js/issues/11565", Confidence: trace.Observed},
		{ID: RuleUnlink, Statement: "A link is removed by the subject of its identity once that has signed in, and before that by the attribute it was linked with.", Source: reference + "API_AdminDisableProviderForUser.html", Confidence: trace.Documented},
		{ID: RuleLinks, Statement: "A user has at most five linked identities.", Source: guide + "quotas.html", Confidence: trace.Documented},
	}
}
