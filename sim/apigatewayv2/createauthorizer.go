package apigatewayv2

import (
	"time"

	"claimcheck/sim/cloudformation"
)

const (
	// maximumTTL is the longest that a Lambda authorizer's answer is kept, in
	// seconds.
	maximumTTL = 3600

	// The most that a definition may have. AWS documents the numbers, not the
	// errors.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
	mostAuthorizers = 10
	mostAudiences   = 50
	mostScopes      = 10
)

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-authorizer.html
func (g *Gateway) createAuthorizer(_ cloudformation.Resource, p authorizerProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if len(a.draft.authorizers) >= mostAuthorizers {
		return cloudformation.Created{}, badRequest("An API can have at most %d authorizers", mostAuthorizers)
	}
	sources, unknown := parseSources(p.IdentitySource)
	if unknown != "" {
		return cloudformation.Created{}, notSimulated("the IdentitySource %q", unknown)
	}
	made := authorizer{id: g.newID(), name: p.Name, kind: p.AuthorizerType, sources: sources}
	if p.AuthorizerType == "JWT" {
		err = made.readJWT(p)
	} else {
		err = made.readLambda(p)
	}
	if err != nil {
		return cloudformation.Created{}, err
	}
	a.draft.authorizers[made.id] = made
	return cloudformation.Created{Ref: made.id, Attributes: map[string]string{"AuthorizerId": made.id}}, nil
}

func (a *authorizer) readJWT(p authorizerProperties) error {
	if p.JwtConfiguration == nil || p.JwtConfiguration.Issuer == "" || len(p.JwtConfiguration.Audience) == 0 {
		return badRequest("JwtConfiguration with Issuer and Audience is required for a JWT authorizer")
	}
	if len(p.JwtConfiguration.Audience) > mostAudiences {
		return badRequest("A JWT authorizer can have at most %d audiences, this one has %d", mostAudiences, len(p.JwtConfiguration.Audience))
	}
	if len(a.sources) != 1 || a.sources[0].place != placeHeader && a.sources[0].place != placeQuery {
		return notSimulated("IdentitySource %v for a JWT authorizer: want one of $request.header.NAME and $request.querystring.NAME", p.IdentitySource)
	}
	a.issuer, a.audience = p.JwtConfiguration.Issuer, p.JwtConfiguration.Audience
	return nil
}

// readLambda reads a REQUEST authorizer. AWS names no default for the TTL:
// without one nothing is cached.
func (a *authorizer) readLambda(p authorizerProperties) error {
	switch {
	case p.AuthorizerUri == "":
		return badRequest("AuthorizerUri is required for a REQUEST authorizer")
	case p.AuthorizerPayloadFormatVersion == "":
		return badRequest("AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer")
	case p.EnableSimpleResponses && p.AuthorizerPayloadFormatVersion != "2.0":
		return badRequest("EnableSimpleResponses is only supported with AuthorizerPayloadFormatVersion 2.0")
	case p.AuthorizerResultTtlInSeconds < 0 || p.AuthorizerResultTtlInSeconds > maximumTTL:
		return badRequest("AuthorizerResultTtlInSeconds must be between 0 and 3600")
	case p.AuthorizerResultTtlInSeconds > 0 && len(a.sources) == 0:
		return badRequest("IdentitySource is required when caching is enabled")
	}
	if _, ok := functionARN(p.AuthorizerUri); !ok {
		return badRequest("Invalid Authorizer URI: %s. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.", p.AuthorizerUri)
	}
	if p.AuthorizerCredentialsArn != "" && !isRole(p.AuthorizerCredentialsArn) {
		return notSimulated("AuthorizerCredentialsArn %s: want the ARN of a role", p.AuthorizerCredentialsArn)
	}
	a.role = p.AuthorizerCredentialsArn
	a.uri, a.payload, a.simple = p.AuthorizerUri, p.AuthorizerPayloadFormatVersion, p.EnableSimpleResponses
	a.ttl = time.Duration(p.AuthorizerResultTtlInSeconds) * time.Second
	return nil
}
