package apigatewayv2

import (
	"slices"

	"claimcheck/sim/trace"
)

// The package's rules.
const (
	RuleEndpoint          trace.RuleID = "apigatewayv2.route.endpoint"
	RuleStage             trace.RuleID = "apigatewayv2.route.stage"
	RuleRoute             trace.RuleID = "apigatewayv2.route.match"
	RuleAuthorizationType trace.RuleID = "apigatewayv2.route.authorization-type"
	RuleThrottle          trace.RuleID = "apigatewayv2.route.throttle"
	RulePreflight         trace.RuleID = "apigatewayv2.cors.preflight"
	RuleOrigin            trace.RuleID = "apigatewayv2.cors.origin"
	RuleIdentitySource    trace.RuleID = "apigatewayv2.jwt.identity-source"
	RuleDecode            trace.RuleID = "apigatewayv2.jwt.token-is-jwt"
	RuleAlgorithm         trace.RuleID = "apigatewayv2.jwt.algorithm"
	RuleKeys              trace.RuleID = "apigatewayv2.jwt.issuer-keys"
	RuleSignature         trace.RuleID = "apigatewayv2.jwt.signature"
	RuleIssuer            trace.RuleID = "apigatewayv2.jwt.issuer"
	RuleAudience          trace.RuleID = "apigatewayv2.jwt.audience"
	RuleExpiry            trace.RuleID = "apigatewayv2.jwt.expiry"
	RuleNotBefore         trace.RuleID = "apigatewayv2.jwt.not-before"
	RuleScopes            trace.RuleID = "apigatewayv2.jwt.scopes"

	RuleLambdaIdentitySource trace.RuleID = "apigatewayv2.lambda-authorizer.identity-source"
	RuleLambdaCache          trace.RuleID = "apigatewayv2.lambda-authorizer.cache"
	RuleLambdaPermission     trace.RuleID = "apigatewayv2.lambda-authorizer.permission"
	RuleLambdaUnauthorized   trace.RuleID = "apigatewayv2.lambda-authorizer.unauthorized"
	RuleLambdaError          trace.RuleID = "apigatewayv2.lambda-authorizer.error"
	RuleLambdaOutput         trace.RuleID = "apigatewayv2.lambda-authorizer.output"
	RuleLambdaAnswer         trace.RuleID = "apigatewayv2.lambda-authorizer.answer"

	RuleCredentials   trace.RuleID = "apigatewayv2.credentials.assume-role"
	RulePermission    trace.RuleID = "apigatewayv2.integration.permission"
	RuleTimeout       trace.RuleID = "apigatewayv2.integration.timeout"
	RuleFunctionError trace.RuleID = "apigatewayv2.integration.function-error"
	RuleResult        trace.RuleID = "apigatewayv2.integration.result"
)

// Rules lists the package's rules.
func Rules() []trace.Rule {
	return slices.Concat(routeRules(), jwtRules(), lambdaAuthorizerRules(), integrationRules())
}

const guide = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"

func rule(id trace.RuleID, page string, confidence trace.Confidence, statement string) trace.Rule {
	return trace.Rule{ID: id, Statement: statement, Source: guide + page, Confidence: confidence}
}

func routeRules() []trace.Rule {
	const cors = "http-api-cors.html"
	return []trace.Rule{
		rule(RuleEndpoint, "http-api-disable-default-endpoint.html", trace.Inferred, "DisableExecuteApiEndpoint leaves the API's custom domain alone: its execute-api address is 404 for every path."),
		rule(RuleStage, "http-api-stages.html", trace.Documented, "A stage serves its deployment, or every change at once with AutoDeploy; $default has no segment in the URL."),
		rule(RuleRoute, "http-api-develop-routes.html", trace.Documented, "A request takes the route that matches in full, else a greedy one, else $default; with none of them it is 404 Not Found."),
		rule(RuleThrottle, "http-api-throttling.html", trace.Documented, "A request above the route's rate and burst is 429 Too Many Requests; HTTP APIs have no API keys or usage plans to tell clients apart."),
		rule(RuleAuthorizationType, "http-api-access-control.html", trace.Documented, "A route without an authorization type is open to everybody."),
		rule(RulePreflight, cors, trace.Documented, "With a CORS configuration the gateway answers preflight requests itself; a route that takes OPTIONS, as ANY and $default do, has its authorizer asked first."),
		rule(RuleOrigin, cors, trace.Documented, "CORS headers are returned to an origin of AllowOrigins only, and those of the back end are replaced."),
	}
}

func jwtRules() []trace.Rule {
	const (
		page    = "http-api-jwt-authorizer.html"
		trouble = "http-api-troubleshooting-jwt.html"
	)
	return []trace.Rule{
		rule(RuleIdentitySource, trouble, trace.Documented, "A JWT authorizer without a token in its identity source is 401 with www-authenticate: Bearer."),
		rule(RuleDecode, trouble, trace.Observed, "What cannot be decoded as a JWT is 401 invalid_token."),
		rule(RuleAlgorithm, page, trace.Documented, "A JWT authorizer takes RSA signatures only."),
		rule(RuleKeys, page, trace.Documented, "The keys come from jwks_uri of the issuer's discovery document and may be kept for two hours."),
		rule(RuleSignature, page, trace.Documented, "A key that the issuer publishes must have signed the token."),
		rule(RuleIssuer, trouble, trace.Documented, "iss must equal the configured issuer to the letter, without a slash at its end."),
		rule(RuleAudience, page, trace.Documented, "aud must be one of the audiences; client_id is looked at only where there is no aud, as in a user pool's access token."),
		rule(RuleExpiry, page, trace.Documented, "exp must be in the future."),
		rule(RuleNotBefore, page, trace.Documented, "nbf and iat must be in the past."),
		rule(RuleScopes, page, trace.Inferred, "One of the route's scopes in scope or scp is enough; a good token with none of them is 403 insufficient_scope."),
	}
}

func lambdaAuthorizerRules() []trace.Rule {
	const page = "http-api-lambda-authorizer.html"
	return []trace.Rule{
		rule(RuleLambdaIdentitySource, page, trace.Documented, "A Lambda authorizer whose identity source is missing or empty is 401, and its function is not invoked."),
		rule(RuleLambdaCache, page, trace.Documented, "An answer is kept for the TTL under the values of all identity sources; the route counts only when $context.routeKey is one of them."),
		rule(RuleLambdaPermission, page, trace.Documented, "API Gateway needs permission to invoke the authorizer's function; without it every request is 500."),
		rule(RuleLambdaUnauthorized, page, trace.Documented, `The error "Unauthorized" of an authorizer is 401; no other text is.`),
		rule(RuleLambdaError, page, trace.Documented, "An authorizer that fails, or takes longer than 10 seconds, is 500 Internal Server Error."),
		rule(RuleLambdaOutput, page, trace.Documented, "EnableSimpleResponses, payload format 2.0 only, wants isAuthorized; without it the authorizer returns principalId and an IAM policy. The other form is 500."),
		rule(RuleLambdaAnswer, page, trace.Inferred, "isAuthorized: false, a Deny and a policy that is silent about the route are all 403 Forbidden."),
	}
}

func integrationRules() []trace.Rule {
	const page = "http-api-develop-integrations-lambda.html"
	return []trace.Rule{
		rule(RuleCredentials, "http-api-lambda-authorizer.html", trace.Inferred, "With a role in CredentialsArn API Gateway assumes it, which takes a trust policy for apigateway.amazonaws.com, and invokes the function with it."),
		rule(RulePermission, page, trace.Documented, "API Gateway needs permission to invoke the function; without it the caller sees 500."),
		rule(RuleTimeout, "limits.html", trace.Inferred, "An integration has 30 seconds at most; one that takes longer is 503 Service Unavailable."),
		rule(RuleFunctionError, page, trace.Documented, "A function that fails is 500 Internal Server Error for the caller."),
		rule(RuleResult, page, trace.Documented, "Payload format 1.0 wants an object with statusCode from the function; format 2.0 takes any JSON as the body of a 200."),
	}
}
