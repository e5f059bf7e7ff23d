package apigatewayv2

import "claimcheck/sim/trace"

// The package's rules.
const (
	RuleStage             trace.RuleID = "apigatewayv2.route.stage"
	RuleRoute             trace.RuleID = "apigatewayv2.route.match"
	RuleAuthorizationType trace.RuleID = "apigatewayv2.route.authorization-type"
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
	RulePermission        trace.RuleID = "apigatewayv2.integration.permission"
	RuleFunctionError     trace.RuleID = "apigatewayv2.integration.function-error"
)

// Rules lists the package's rules.
func Rules() []trace.Rule {
	const (
		guide     = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
		jwtPage   = guide + "http-api-jwt-authorizer.html"
		routePage = guide + "http-api-develop-routes.html"
	)
	rule := func(id trace.RuleID, source string, confidence trace.Confidence, statement string) trace.Rule {
		return trace.Rule{ID: id, Statement: statement, Source: source, Confidence: confidence}
	}
	return []trace.Rule{
		rule(RuleStage, guide+"http-api-stages.html", trace.Documented, "A stage serves its deployment, or every change at once with AutoDeploy; $default has no segment in the URL."),
		rule(RuleRoute, routePage, trace.Documented, "A request takes the route that matches in full, else a greedy one, else $default; with none of them it is 404 Not Found."),
		rule(RuleAuthorizationType, guide+"http-api-access-control.html", trace.Documented, "A route without an authorization type is open to everybody."),
		rule(RuleIdentitySource, guide+"http-api-troubleshooting-jwt.html", trace.Documented, "A JWT authorizer without a token in its identity source is 401 with www-authenticate: Bearer."),
		rule(RuleDecode, guide+"http-api-troubleshooting-jwt.html", trace.Observed, "What cannot be decoded as a JWT is 401 invalid_token."),
		rule(RuleAlgorithm, jwtPage, trace.Documented, "A JWT authorizer takes RSA signatures only."),
		rule(RuleKeys, jwtPage, trace.Documented, "The keys come from jwks_uri of the issuer's discovery document and may be kept for two hours."),
		rule(RuleSignature, jwtPage, trace.Documented, "A key that the issuer publishes must have signed the token."),
		rule(RuleIssuer, guide+"http-api-troubleshooting-jwt.html", trace.Documented, "iss must equal the configured issuer to the letter, without a slash at its end."),
		rule(RuleAudience, jwtPage, trace.Documented, "aud must be one of the audiences; client_id is looked at only where there is no aud, as in a user pool's access token."),
		rule(RuleExpiry, jwtPage, trace.Documented, "exp must be in the future."),
		rule(RuleNotBefore, jwtPage, trace.Documented, "nbf and iat must be in the past."),
		rule(RuleScopes, jwtPage, trace.Inferred, "One of the route's scopes in scope or scp is enough; a good token with none of them is 403 insufficient_scope."),
		rule(RulePermission, guide+"http-api-develop-integrations-lambda.html", trace.Documented, "API Gateway needs permission to invoke the function; without it the caller sees 500."),
		rule(RuleFunctionError, guide+"http-api-develop-integrations-lambda.html", trace.Documented, "A function that fails is 500 Internal Server Error for the caller."),
	}
}
