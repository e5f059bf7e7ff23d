package appsync

import "claimcheck/sim/trace"

// The package's rules.
const (
	RuleCredential trace.RuleID = "appsync.mode.credential"
	RuleMode       trace.RuleID = "appsync.mode.configured"
	RuleTokenForm  trace.RuleID = "appsync.mode.token-is-jwt"
	RuleIssuer     trace.RuleID = "appsync.mode.issuer"

	RuleKey       trace.RuleID = "appsync.key.exists"
	RuleKeyExpiry trace.RuleID = "appsync.key.expiry"

	RuleIAMPolicy trace.RuleID = "appsync.iam.policy"

	RuleIssuerKeys     trace.RuleID = "appsync.token.issuer-keys"
	RuleTokenSignature trace.RuleID = "appsync.token.signature"
	RuleTokenExpiry    trace.RuleID = "appsync.token.expiry"
	RuleTokenAge       trace.RuleID = "appsync.token.age"
	RuleClient         trace.RuleID = "appsync.token.client"

	RuleAuthorizerValidation trace.RuleID = "appsync.authorizer.validation"
	RuleAuthorizerCache      trace.RuleID = "appsync.authorizer.cache"
	RuleAuthorizerError      trace.RuleID = "appsync.authorizer.error"
	RuleAuthorizerAnswer     trace.RuleID = "appsync.authorizer.answer"
	RuleAuthorized           trace.RuleID = "appsync.authorizer.is-authorized"

	RuleRequest       trace.RuleID = "appsync.request.body"
	RuleParse         trace.RuleID = "appsync.request.syntax"
	RuleValidation    trace.RuleID = "appsync.request.schema"
	RuleIntrospection trace.RuleID = "appsync.request.introspection"
	RuleOperation     trace.RuleID = "appsync.request.operation"
	RuleVariables     trace.RuleID = "appsync.request.variables"

	RuleDeniedFields  trace.RuleID = "appsync.field.denied-fields"
	RuleAwsAuth       trace.RuleID = "appsync.field.aws-auth"
	RuleDefaultMode   trace.RuleID = "appsync.field.default-mode"
	RuleDefaultAction trace.RuleID = "appsync.field.default-action"
	RuleFieldMode     trace.RuleID = "appsync.field.mode"
	RuleGroups        trace.RuleID = "appsync.field.groups"

	RuleServiceRole          trace.RuleID = "appsync.resolver.service-role"
	RuleResolverUnauthorized trace.RuleID = "appsync.resolver.unauthorized"
	RuleResolverError        trace.RuleID = "appsync.resolver.error"
)

const (
	guide    = "https://docs.aws.amazon.com/appsync/latest/devguide/"
	authPage = guide + "security-authz.html"
	// troublePage explains refusals, wirePage is AppSync's team about its HTTP.
	troublePage = "https://repost.aws/knowledge-center/aws-appsync-graphql-request-unauth-error"
	wirePage    = "https://github.com/graphql/graphql-over-http/issues/81"
)

// Rules lists the package's rules.
func Rules() []trace.Rule {
	var rules []trace.Rule
	for _, list := range [][]trace.Rule{modeRules(), requestRules(), fieldRules()} {
		rules = append(rules, list...)
	}
	return rules
}

func rule(id trace.RuleID, source string, confidence trace.Confidence, statement string) trace.Rule {
	return trace.Rule{ID: id, Source: source, Confidence: confidence, Statement: statement}
}

func modeRules() []trace.Rule {
	return []trace.Rule{
		rule(RuleCredential, troublePage, trace.Observed, "A request without x-api-key and Authorization is 401, before any field is looked at."),
		rule(RuleMode, authPage, trace.Documented, "The credential says which mode a request takes; the API must have that mode, as its default or as an additional one."),
		rule(RuleTokenForm, "https://github.com/aws/aws-appsync-community/issues/198", trace.Observed, "Where a user pool or OIDC provider is to decide, Authorization holds the JWT itself; anything else is 401."),
		rule(RuleIssuer, authPage, trace.Inferred, "A JWT goes to the user pool or provider of the API that its iss names; one of another issuer is 401."),
		rule(RuleKey, troublePage, trace.Observed, "x-api-key must be a key of this very API; another one is 401."),
		rule(RuleKeyExpiry, "https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateApiKey.html", trace.Documented, "An API key lives 7 days unless it is created with another end, 365 days at most; then it is 401."),
		rule(RuleIAMPolicy, "https://github.com/aws-amplify/amplify-category-api/issues/2457", trace.Observed, "A signed request needs appsync:GraphQL on every field of the operation's root; without it the whole request is 401."),
		rule(RuleIssuerKeys, authPage, trace.Documented, "AppSync checks tokens with the keys that the user pool or provider publishes."),
		rule(RuleTokenSignature, authPage, trace.Inferred, "A key that the issuer publishes must have signed the token."),
		rule(RuleTokenExpiry, troublePage, trace.Observed, "A token whose exp has passed is 401; whether it has been revoked is not asked."),
		rule(RuleTokenAge, authPage, trace.Documented, "IatTTL and AuthTTL of an OIDC provider end a token's use so long after iat and auth_time, whatever exp says."),
		rule(RuleClient, authPage, trace.Documented, "AppIdClientRegex, or an OIDC provider's ClientId, says which app clients are welcome; without it every client of the issuer is."),
		rule(RuleAuthorizerValidation, authPage, trace.Documented, "A token that fails IdentityValidationExpression is 401 and the Lambda authorizer is not asked."),
		rule(RuleAuthorizerCache, authPage, trace.Documented, "A Lambda authorizer's answer is kept by token, if a TTL is set on the API or in the answer."),
		rule(RuleAuthorizerError, authPage, trace.Documented, "A Lambda authorizer that throws, takes longer than 10 seconds or cannot be invoked lets nobody in."),
		rule(RuleAuthorizerAnswer, authPage, trace.Documented, "A Lambda authorizer answers an object with isAuthorized; anything else lets nobody in."),
		rule(RuleAuthorized, authPage, trace.Documented, "isAuthorized: false is 401 for the whole request."),
	}
}

func requestRules() []trace.Rule {
	return []trace.Rule{
		rule(RuleRequest, wirePage, trace.Observed, "The body of a GraphQL request is a JSON object with a query; anything else is 400."),
		rule(RuleParse, wirePage, trace.Observed, "A query that is not GraphQL is 400."),
		rule(RuleValidation, wirePage, trace.Observed, "A query that does not fit the schema is 200 with data null and an entry in errors for every fault."),
		rule(RuleIntrospection, guide+"configuration-limits.html", trace.Documented, "An API whose introspection is disabled tells nobody its schema; it is enabled unless the API says otherwise."),
		rule(RuleOperation, wirePage, trace.Inferred, "A document with several operations needs operationName, the name of one of them."),
		rule(RuleVariables, wirePage, trace.Observed, "Variables must have the types that the operation declares; else the answer is 200 with data null and errors."),
	}
}

func fieldRules() []trace.Rule {
	return []trace.Rule{
		rule(RuleDeniedFields, authPage, trace.Documented, "What a Lambda authorizer lists in deniedFields is null, whatever the directives say."),
		rule(RuleAwsAuth, authPage, trace.Documented, "@aws_auth works only where a user pool is the API's one mode; beside further modes it is ignored without an error."),
		rule(RuleDefaultMode, authPage, trace.Documented, "A field without a directive, on a type without one, is open to the API's default mode alone."),
		rule(RuleDefaultAction, "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-appsync-graphqlapi-userpoolconfig.html", trace.Documented, "DefaultAction says whether users may have the fields that carry no directive."),
		rule(RuleFieldMode, authPage, trace.Documented, "Directives on a field, or else on its type, list the modes that may have it; a mode that is not listed gets null and Unauthorized. A type that a field returns is asked again, for itself."),
		rule(RuleGroups, authPage, trace.Documented, "cognito_groups lets in users who are in one of the groups, by the cognito:groups claim of their token."),
		rule(RuleServiceRole, "https://github.com/serverless/serverless-graphql/issues/351", trace.Observed, "A data source acts with its service role, whose trust policy must let appsync.amazonaws.com assume it."),
		rule(RuleResolverUnauthorized, guide+"resolver-context-reference-js.html", trace.Inferred, "util.unauthorized() in a resolver makes the field null with an Unauthorized error, though the status is 200."),
		rule(RuleResolverError, guide+"resolver-util-reference-js.html", trace.Documented, "A resolver that calls util.error, or whose Lambda function throws, makes its field null and adds an entry to errors; other fields are answered."),
	}
}
