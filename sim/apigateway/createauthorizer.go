package apigateway

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/cloudformation"
)

const (
	defaultTTL = 300 * time.Second
	maximumTTL = 3600 * time.Second
	// mostPools is the most user pools of one authorizer. AWS documents the
	// number, not the error.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
	mostPools = 1000
)

func (g *Gateway) createAuthorizer(_ cloudformation.Resource, p authorizerProperties) (cloudformation.Created, error) {
	a, err := g.findAPI(p.RestApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	for _, id := range slices.Sorted(maps.Keys(a.draft.authorizers)) {
		if a.draft.authorizers[id].name == p.Name {
			return cloudformation.Created{}, badRequest("Authorizer name must be unique. Authorizer %s already exists in this RestApi.", p.Name)
		}
	}
	made, err := newAuthorizer(p)
	if err != nil {
		return cloudformation.Created{}, err
	}
	made.id = g.newID(shortID)
	a.draft.authorizers[made.id] = made
	return cloudformation.Created{Ref: made.id, Attributes: map[string]string{"AuthorizerId": made.id}}, nil
}

// newAuthorizer reads the properties of an authorizer of a kind that is
// simulated.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-authorizer.html
func newAuthorizer(p authorizerProperties) (authorizer, error) {
	a := authorizer{name: p.Name, kind: p.Type, uri: p.AuthorizerUri, credentials: p.AuthorizerCredentials, pools: p.ProviderARNs}
	if !isRole(p.AuthorizerCredentials) {
		return a, badRequest("Invalid ARN specified in the request: %s", p.AuthorizerCredentials)
	}
	switch p.Type {
	case "TOKEN", "REQUEST":
		if _, ok := functionARN(p.AuthorizerUri); !ok {
			return a, badRequest("Invalid Authorizer URI: %s. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.", p.AuthorizerUri)
		}
	case "COGNITO_USER_POOLS":
		if len(p.ProviderARNs) == 0 {
			return a, badRequest("Invalid Provider ARNs: ProviderARNs must not be empty for a COGNITO_USER_POOLS authorizer")
		}
		if len(p.ProviderARNs) > mostPools {
			return a, badRequest("Invalid Provider ARNs: %d user pools, and the limit is %d", len(p.ProviderARNs), mostPools)
		}
		for _, pool := range p.ProviderARNs {
			if poolIssuer(pool) == "" {
				return a, badRequest("Invalid Cognito user pool ARN: %s", pool)
			}
		}
	case "JWT":
		var err error
		if a.trust, err = newTrust(p.JwtConfiguration); err != nil {
			return a, err
		}
	}
	return a.identifiedBy(p)
}

// identifiedBy fills in where the identity is read and how it is checked.
func (a authorizer) identifiedBy(p authorizerProperties) (authorizer, error) {
	a.ttl = defaultTTL
	if p.AuthorizerResultTtlInSeconds != nil {
		a.ttl = time.Duration(*p.AuthorizerResultTtlInSeconds) * time.Second
	}
	if a.ttl < 0 || a.ttl > maximumTTL {
		return a, badRequest("Authorizer result TTL must be between 0 and 3600 seconds")
	}
	if p.Type == "REQUEST" {
		return a.identifiedBySources(p.IdentitySource)
	}
	name, ok := strings.CutPrefix(p.IdentitySource, "method.request.header.")
	if !ok || name == "" || strings.Contains(name, ",") {
		return a, notSimulated("IdentitySource %q for Type %s: want method.request.header.NAME", p.IdentitySource, p.Type)
	}
	a.header = strings.ToLower(name)
	if p.IdentityValidationExpression == "" {
		return a, nil
	}
	var err error
	a.validation, err = wholeText(p.IdentityValidationExpression)
	return a, err
}

// identifiedBySources reads the identity sources of a REQUEST authorizer, which
// caching cannot do without.
func (a authorizer) identifiedBySources(list string) (authorizer, error) {
	sources, ok := parseSources(list)
	if !ok {
		return a, notSimulated("IdentitySource %q for Type REQUEST: want a list of method.request.header.NAME, method.request.querystring.NAME, stageVariables.NAME, context.%s",
			list, strings.Join(contextSources(), "|"))
	}
	if len(sources) == 0 && a.ttl > 0 {
		return a, notSimulated("a REQUEST authorizer that caches without an IdentitySource: name one, or set AuthorizerResultTtlInSeconds to 0")
	}
	a.sources = sources
	return a, nil
}

// wholeText compiles a regular expression that must match all of a text.
func wholeText(expression string) (*regexp.Regexp, error) {
	compiled, err := regexp.Compile("^(?:" + expression + ")$")
	if err != nil {
		return nil, notSimulated("the regular expression %q: %s", expression, err)
	}
	return compiled, nil
}
