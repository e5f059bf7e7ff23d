package apigateway

import "claimcheck/sim/trace"

// The rules, in the order in which a request meets them.
const (
	RuleStage         trace.RuleID = "apigateway.route.stage"
	RuleSize          trace.RuleID = "apigateway.request.size"
	RuleMethod        trace.RuleID = "apigateway.route.method"
	RuleRouteHeader   trace.RuleID = "apigateway.route.authorization-header"
	RuleAuthorization trace.RuleID = "apigateway.method.authorization-type"

	RuleResourcePolicyDeny  trace.RuleID = "apigateway.resource-policy.explicit-deny"
	RuleResourcePolicyAllow trace.RuleID = "apigateway.resource-policy.explicit-allow"

	RuleCognitoIdentitySource trace.RuleID = "apigateway.cognito.identity-source"
	RuleCognitoJWT            trace.RuleID = "apigateway.cognito.token-is-jwt"
	RuleCognitoIssuer         trace.RuleID = "apigateway.cognito.issuer"
	RuleCognitoKeys           trace.RuleID = "apigateway.cognito.user-pool-keys"
	RuleCognitoSignature      trace.RuleID = "apigateway.cognito.signature"
	RuleCognitoExpiry         trace.RuleID = "apigateway.cognito.expiry"
	RuleCognitoTokenUse       trace.RuleID = "apigateway.cognito.token-use"
	RuleCognitoScopes         trace.RuleID = "apigateway.cognito.scopes"
	RuleCognitoAudience       trace.RuleID = "apigateway.cognito.audience"

	RuleJWTIdentitySource trace.RuleID = "apigateway.jwt.identity-source"
	RuleJWTDecode         trace.RuleID = "apigateway.jwt.token-is-jwt"
	RuleJWTIssuer         trace.RuleID = "apigateway.jwt.issuer"
	RuleJWTAlgorithm      trace.RuleID = "apigateway.jwt.algorithm"
	RuleJWTKeys           trace.RuleID = "apigateway.jwt.issuer-keys"
	RuleJWTSignature      trace.RuleID = "apigateway.jwt.signature"
	RuleJWTTimes          trace.RuleID = "apigateway.jwt.times"
	RuleJWTAudience       trace.RuleID = "apigateway.jwt.audience"
	RuleJWTScopes         trace.RuleID = "apigateway.jwt.scopes"

	RuleLambdaIdentitySource trace.RuleID = "apigateway.lambda-authorizer.identity-source"
	RuleLambdaValidation     trace.RuleID = "apigateway.lambda-authorizer.validation"
	RuleLambdaCache          trace.RuleID = "apigateway.lambda-authorizer.cache"
	RuleLambdaPermission     trace.RuleID = "apigateway.lambda-authorizer.permission"
	RuleLambdaUnauthorized   trace.RuleID = "apigateway.lambda-authorizer.unauthorized"
	RuleLambdaError          trace.RuleID = "apigateway.lambda-authorizer.error"
	RuleLambdaOutput         trace.RuleID = "apigateway.lambda-authorizer.output"
	RuleLambdaContext        trace.RuleID = "apigateway.lambda-authorizer.context"
	RuleLambdaPolicy         trace.RuleID = "apigateway.lambda-authorizer.policy"

	RuleAPIKey    trace.RuleID = "apigateway.api-key.known"
	RuleUsagePlan trace.RuleID = "apigateway.api-key.usage-plan"
	RuleThrottle  trace.RuleID = "apigateway.api-key.throttle"
	RuleQuota     trace.RuleID = "apigateway.api-key.quota"

	RuleStageThrottle trace.RuleID = "apigateway.stage.throttle"

	RuleParameters trace.RuleID = "apigateway.validation.parameters"
	RuleBody       trace.RuleID = "apigateway.validation.body"

	RuleIntegrationVerb       trace.RuleID = "apigateway.integration.http-method"
	RuleIntegrationPermission trace.RuleID = "apigateway.integration.permission"
	RuleIntegrationError      trace.RuleID = "apigateway.integration.function-error"
	RuleIntegrationOutput     trace.RuleID = "apigateway.integration.proxy-response"
	RuleIntegrationTimeout    trace.RuleID = "apigateway.integration.timeout"
	RuleCredentials           trace.RuleID = "apigateway.integration.credentials"
	RulePassthrough           trace.RuleID = "apigateway.integration.passthrough"
	RuleTemplateJSON          trace.RuleID = "apigateway.integration.request-is-json"
	RuleErrorMapped           trace.RuleID = "apigateway.integration.error-mapped"
	RuleIntegrationResponse   trace.RuleID = "apigateway.integration.response"
	RuleMockResponse          trace.RuleID = "apigateway.integration.mock-response"
	RuleEndpoint              trace.RuleID = "apigateway.integration.endpoint"
)

const guide = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"

// Rules lists every rule of API Gateway. The checks of AWS_IAM methods are IAM's.
func Rules() []trace.Rule {
	var rules []trace.Rule
	for _, list := range [][]trace.Rule{routeRules(), cognitoRules(), jwtRules(), lambdaRules(), keyRules(), validationRules(), integrationRules(), mappingRules()} {
		rules = append(rules, list...)
	}
	return rules
}

func routeRules() []trace.Rule {
	return []trace.Rule{
		{
			ID:         RuleStage,
			Statement:  `A URL whose first path segment is not a stage of the API is answered 403 {"message":"Forbidden"}.`,
			Source:     "https://github.com/OWASP/Serverless-Goat/issues/14",
			Confidence: trace.Observed,
		},
		{
			ID:         RuleSize,
			Statement:  "A body over 10 MB is 413; a path that makes the ARN of a method with authorization longer than 1,600 bytes is 414.",
			Source:     guide + "limits.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleMethod,
			Statement:  "A path or verb that the stage's deployment does not have is answered 403 Missing Authentication Token, and no authorizer runs.",
			Source:     guide + "supported-gateway-response-types.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleRouteHeader,
			Statement:  "On a path that does not exist, an Authorization header that is not SigV4 turns the 403 into a complaint about a missing equal-sign.",
			Source:     "https://github.com/amazon-archives/aws-cognito-angular-quickstart/issues/50",
			Confidence: trace.Observed,
		},
		{
			ID:         RuleAuthorization,
			Statement:  "A method with authorization type NONE is public: no policy or token is asked for unless the API has a resource policy.",
			Source:     guide + "api-gateway-control-access-using-iam-policies-to-invoke-api.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleResourcePolicyDeny,
			Statement:  "A Deny in the resource policy is looked for before a Lambda authorizer: the function is not called.",
			Source:     guide + "apigateway-authorization-flow.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleResourcePolicyAllow,
			Statement:  "With a resource policy, a method that is open or has a Cognito authorizer needs an Allow in it; silence denies.",
			Source:     guide + "apigateway-authorization-flow.html",
			Confidence: trace.Documented,
		},
	}
}

func cognitoRules() []trace.Rule {
	return []trace.Rule{
		{
			ID:         RuleCognitoIdentitySource,
			Statement:  "A Cognito authorizer reads the token from one request header; without it the answer is 401 Unauthorized.",
			Source:     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-authorizer.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleCognitoJWT,
			Statement:  "A Cognito authorizer takes a user pool's JWT, raw or after Bearer; AWS credentials, a user id or an API key in its place is 401.",
			Source:     "https://repost.aws/knowledge-center/api-gateway-cognito-401-unauthorized",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleCognitoIssuer,
			Statement:  "The token's iss must be one of the user pools in the authorizer's ProviderARNs.",
			Source:     "https://repost.aws/knowledge-center/api-gateway-cognito-401-unauthorized",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleCognitoKeys,
			Statement:  "An authorizer whose user pool cannot be reached is answered with 500, a configuration error.",
			Source:     guide + "supported-gateway-response-types.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleCognitoSignature,
			Statement:  "The token must be signed by a key that the user pool publishes in its JWKS.",
			Source:     "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html",
			Confidence: trace.Inferred,
		},
		{
			ID:         RuleCognitoExpiry,
			Statement:  `An expired token is answered 401 with the message "The incoming token has expired", not 403.`,
			Source:     "https://github.com/aws-amplify/amplify-js/issues/10147",
			Confidence: trace.Observed,
		},
		{
			ID:         RuleCognitoTokenUse,
			Statement:  "A method without scopes takes the ID token; a method with scopes takes the access token.",
			Source:     guide + "apigateway-enable-cognito-user-pool.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleCognitoScopes,
			Statement:  "One of the method's scopes in the access token is enough; none is 401.",
			Source:     guide + "apigateway-enable-cognito-user-pool.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleCognitoAudience,
			Statement:  "The validation expression of a Cognito authorizer is matched against aud, so it narrows ID tokens to app clients and refuses every access token.",
			Source:     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-authorizer.html",
			Confidence: trace.Documented,
		},
	}
}

func lambdaRules() []trace.Rule {
	const use = guide + "apigateway-use-lambda-authorizer.html"
	return []trace.Rule{
		{
			ID:         RuleLambdaIdentitySource,
			Statement:  "A Lambda authorizer without its identity source, for TOKEN one header, is 401, and the function is not invoked; REQUEST insists on it only while it caches.",
			Source:     use,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleLambdaValidation,
			Statement:  "A token that does not match the validation expression is 401, and the function is not invoked.",
			Source:     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-authorizer.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleLambdaCache,
			Statement:  "A Lambda authorizer's policy is cached by the values of its identity sources, 300 seconds unless set otherwise, and answers for every method until then.",
			Source:     use,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleLambdaPermission,
			Statement:  "API Gateway needs permission to invoke the authorizer function; without it every request is 500.",
			Source:     "https://github.com/aws/chalice/issues/670",
			Confidence: trace.Observed,
		},
		{
			ID:         RuleLambdaUnauthorized,
			Statement:  `Only the error "Unauthorized", to the letter, makes a Lambda authorizer answer 401.`,
			Source:     use,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleLambdaError,
			Statement:  "Any other error of the authorizer function, a time-out included, is 500.",
			Source:     use,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleLambdaOutput,
			Statement:  "A Lambda authorizer must return principalId and policyDocument; a response with statusCode and body is malformed and gives 500.",
			Source:     "https://github.com/serverless/examples/issues/305",
			Confidence: trace.Observed,
		},
		{
			ID:         RuleLambdaContext,
			Statement:  "The context of a Lambda authorizer holds text, numbers and booleans; an object or a list in it gives 500.",
			Source:     guide + "api-gateway-lambda-authorizer-output.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleLambdaPolicy,
			Statement:  "The returned policy must allow the method of this very request; a Deny, or a policy for another method, is 403.",
			Source:     use,
			Confidence: trace.Documented,
		},
	}
}

func keyRules() []trace.Rule {
	const plans = guide + "api-gateway-api-usage-plans.html"
	return []trace.Rule{
		{
			ID:         RuleAPIKey,
			Statement:  "A method that requires an API key wants an enabled one in x-api-key, or from the authorizer; anything else is 403 Forbidden.",
			Source:     guide + "api-gateway-api-key-source.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleUsagePlan,
			Statement:  "An API key opens only the stages of a usage plan that it belongs to.",
			Source:     plans,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleThrottle,
			Statement:  "More requests at once than the plan's burst, or a second than its rate, are 429 Too Many Requests; AWS calls both targets, not hard limits.",
			Source:     plans,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleStageThrottle,
			Statement:  "A stage's throttling limits for a method, or for all of them, count all callers together, and come after the usage plan's.",
			Source:     guide + "api-gateway-request-throttling.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleQuota,
			Statement:  "A key that has used up its plan's quota is 429 Limit Exceeded until the next period.",
			Source:     guide + "supported-gateway-response-types.html",
			Confidence: trace.Documented,
		},
	}
}

func validationRules() []trace.Rule {
	const page = guide + "api-gateway-method-request-validation.html"
	return []trace.Rule{
		{
			ID:         RuleParameters,
			Statement:  "A request validator answers 400 when a required header, query parameter or path parameter is missing or blank.",
			Source:     page,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleBody,
			Statement:  "A request validator answers 400 when the body does not fit the model for its content type; a content type without a model passes.",
			Source:     page,
			Confidence: trace.Documented,
		},
	}
}

func integrationRules() []trace.Rule {
	const proxy = guide + "set-up-lambda-proxy-integrations.html"
	return []trace.Rule{
		{
			ID:         RuleIntegrationVerb,
			Statement:  "A Lambda integration is invoked with POST, whatever the verb of the method.",
			Source:     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apitgateway-method-integration.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleIntegrationPermission,
			Statement:  "The function's resource policy must let apigateway.amazonaws.com invoke it; otherwise the answer is 500.",
			Source:     "https://repost.aws/knowledge-center/api-gateway-rest-api-lambda-integrations",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleIntegrationError,
			Statement:  "A function behind a proxy integration that throws or times out gives 502.",
			Source:     proxy,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleIntegrationOutput,
			Statement:  "A proxy integration's function must return statusCode and a body that is text; anything else gives 502.",
			Source:     proxy,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleIntegrationTimeout,
			Statement:  "An integration that does not answer within its time-out, 29 seconds unless set shorter, is 504, even if the function goes on.",
			Source:     guide + "limits.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleCredentials,
			Statement:  "A role in an integration's or authorizer's credentials must trust apigateway.amazonaws.com; otherwise the answer is 500.",
			Source:     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apitgateway-method-integration.html",
			Confidence: trace.Inferred,
		},
	}
}

func mappingRules() []trace.Rule {
	return []trace.Rule{
		{
			ID:         RulePassthrough,
			Statement:  "A body whose content type has no mapping template passes as it is, or is 415 where PassthroughBehavior says NEVER or there are other templates.",
			Source:     guide + "integration-passthrough-behaviors.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleTemplateJSON,
			Statement:  "A Lambda function takes JSON: a request template that makes none is answered 400, and the function does not run.",
			Source:     "https://github.com/serverless/serverless/issues/2270",
			Confidence: trace.Observed,
		},
		{
			ID:         RuleErrorMapped,
			Statement:  "Behind a non-proxy integration a function that throws is answered like one that returns, mostly 200, unless a SelectionPattern matches its errorMessage.",
			Source:     guide + "handle-errors-in-lambda-integration.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleIntegrationResponse,
			Statement:  "A non-proxy integration needs an integration response for each answer: one whose pattern matches, or the default; without one it is 500.",
			Source:     guide + "supported-gateway-response-types.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleMockResponse,
			Statement:  "A mock integration answers with the integration response for the status its request template names; without one it is 500.",
			Source:     guide + "how-to-mock-integration.html",
			Confidence: trace.Documented,
		},
		{
			ID:         RuleEndpoint,
			Statement:  "An HTTP integration whose endpoint cannot be reached is 504.",
			Source:     guide + "supported-gateway-response-types.html",
			Confidence: trace.Documented,
		},
	}
}
