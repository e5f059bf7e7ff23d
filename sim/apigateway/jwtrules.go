package apigateway

import "claimcheck/sim/trace"

func jwtRules() []trace.Rule {
	const page, create = guide + "rest-api-jwt-authorizer.html", guide + "rest-api-jwt-authorizer-create.html"
	return []trace.Rule{
		{
			ID:         RuleJWTIdentitySource,
			Statement:  "A JWT authorizer of a REST API reads the token from one request header, raw or after Bearer; without it the answer is 401.",
			Source:     page,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleJWTDecode,
			Statement:  "A JWT authorizer takes a JSON Web Token; an opaque token in its place is 401 and needs a Lambda authorizer.",
			Source:     page,
			Confidence: trace.Inferred,
		},
		{
			ID:         RuleJWTIssuer,
			Statement:  "The token's iss must be one of the authorizer's issuers to the letter, a slash at the end included.",
			Source:     create,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleJWTAlgorithm,
			Statement:  "The token's alg must be one of the algorithms that the authorizer allows.",
			Source:     page,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleJWTKeys,
			Statement:  "API Gateway finds the issuer's keys through its discovery document, which must be reachable, also for private APIs.",
			Source:     create,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleJWTSignature,
			Statement:  "The token must be signed by a key that its issuer publishes.",
			Source:     page,
			Confidence: trace.Inferred,
		},
		{
			ID:         RuleJWTTimes,
			Statement:  "The token must not have expired, and its nbf must have passed.",
			Source:     page,
			Confidence: trace.Inferred,
		},
		{
			ID:         RuleJWTAudience,
			Statement:  "Each issuer of a JWT authorizer has audiences of its own; the token's aud, or client_id where it has none, must be one of them.",
			Source:     page,
			Confidence: trace.Inferred,
		},
		{
			ID:         RuleJWTScopes,
			Statement:  "One of the method's scopes in scope or scp is enough; a good token with none is 403 here, and 401 at a Cognito authorizer.",
			Source:     guide + "rest-api-jwt-authorizer-methods.html",
			Confidence: trace.Documented,
		},
	}
}
