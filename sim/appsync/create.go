package appsync

import (
	"regexp"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/cloudformation"
)

// createAPI creates an API, checking in this order:
//
//  1. what the simulation can run
//  2. each mode has its configuration
//  3. API_KEY, AWS_IAM and AWS_LAMBDA appear once, a pool or issuer once
//  4. DefaultAction, which an API with several modes cannot have as DENY
//
// Source: https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
func (s *AppSync) createAPI(_ cloudformation.Resource, p apiProperties) (cloudformation.Created, error) {
	// 1
	if p.ApiType == "MERGED" {
		return cloudformation.Created{}, notSimulated("ApiType MERGED")
	}
	if p.Visibility == "PRIVATE" {
		return cloudformation.Created{}, notSimulated("Visibility PRIVATE")
	}
	// 2
	modes, err := s.modesOf(p)
	if err != nil {
		return cloudformation.Created{}, err
	}
	// 3
	if err := checkRepeated(modes); err != nil {
		return cloudformation.Created{}, err
	}
	// 4
	if modes[0].deny && len(modes) > 1 {
		return cloudformation.Created{}, notSimulated("DefaultAction DENY beside additional modes (CloudFormation says that it must be ALLOW)")
	}
	a := &graphQLAPI{
		id: s.world.Token(26, api.LowerAlphanumeric), endpoint: s.world.Token(26, api.LowerAlphanumeric), name: p.Name,
		modes: modes, introspection: p.IntrospectionConfig != "DISABLED", keys: map[string]*apiKey{}, sources: map[string]*dataSource{},
		functions: map[string]*function{}, resolvers: map[string]*resolver{}, answers: map[string]cachedAnswer{},
	}
	s.apis[a.id], s.endpoints[a.endpoint] = a, a.id
	return s.created(a), nil
}

func (s *AppSync) created(a *graphQLAPI) cloudformation.Created {
	host := a.endpoint + s.domain()
	realtime := a.endpoint + ".appsync-realtime-api." + s.world.Region() + ".amazonaws.com"
	return cloudformation.Created{Ref: s.arnOf(a, ""), Attributes: map[string]string{
		"ApiId": a.id, "Arn": s.arnOf(a, ""), "GraphQLDns": host, "GraphQLUrl": "https://" + host + "/graphql",
		"GraphQLEndpointArn": s.endpointARN(a), "RealtimeDns": realtime, "RealtimeUrl": "wss://" + realtime + "/graphql",
	}}
}

func (s *AppSync) endpointARN(a *graphQLAPI) string {
	return "arn:aws:appsync:" + s.world.Region() + ":" + s.world.Account() + ":endpoints/graphql-api/" + a.endpoint
}

// modesOf reads the default mode and the additional ones.
func (s *AppSync) modesOf(p apiProperties) ([]mode, error) {
	first := providerProperties{AuthenticationType: p.AuthenticationType, OpenIDConnectConfig: p.OpenIDConnectConfig, LambdaAuthorizerConfig: p.LambdaAuthorizerConfig}
	deny := false
	if pool := p.UserPoolConfig; pool != nil {
		first.UserPoolConfig = &poolProperties{UserPoolId: pool.UserPoolId, AwsRegion: pool.AwsRegion, AppIdClientRegex: pool.AppIdClientRegex}
		deny = pool.DefaultAction == "DENY"
		if pool.DefaultAction == "" {
			return nil, badRequest("Invalid request: UserPoolConfig of the default mode has no DefaultAction.")
		}
	}
	var modes []mode
	for _, provider := range append([]providerProperties{first}, p.AdditionalAuthenticationProviders...) {
		m, err := s.modeOf(provider)
		if err != nil {
			return nil, err
		}
		modes = append(modes, m)
	}
	modes[0].deny = deny
	return modes, nil
}

func (s *AppSync) modeOf(p providerProperties) (mode, error) {
	switch p.AuthenticationType {
	case modeCognito:
		return s.poolMode(p.UserPoolConfig)
	case modeOIDC:
		return oidcMode(p.OpenIDConnectConfig)
	case modeLambda:
		return s.lambdaMode(p.LambdaAuthorizerConfig)
	}
	return mode{kind: p.AuthenticationType}, nil
}

func (s *AppSync) poolMode(p *poolProperties) (mode, error) {
	if p == nil || p.UserPoolId == "" {
		return mode{}, badRequest("Invalid request: AMAZON_COGNITO_USER_POOLS needs a UserPoolConfig with a UserPoolId.")
	}
	region := p.AwsRegion
	if region == "" {
		region = s.world.Region()
	}
	m := mode{kind: modeCognito, issuer: "https://cognito-idp." + region + ".amazonaws.com/" + p.UserPoolId}
	var err error
	m.clients, err = expression("AppIdClientRegex", p.AppIdClientRegex)
	return m, err
}

func oidcMode(p *oidcProperties) (mode, error) {
	if p == nil || p.Issuer == "" {
		return mode{}, badRequest("Invalid request: OPENID_CONNECT needs an OpenIDConnectConfig with an Issuer.")
	}
	m := mode{kind: modeOIDC, issuer: p.Issuer, issuedWithin: milliseconds(p.IatTTL), signedInWithin: milliseconds(p.AuthTTL)}
	var err error
	m.clients, err = expression("ClientId", p.ClientId)
	return m, err
}

func (s *AppSync) lambdaMode(p *authorizerProperties) (mode, error) {
	if p == nil || p.AuthorizerUri == "" {
		return mode{}, badRequest("Invalid request: AWS_LAMBDA needs a LambdaAuthorizerConfig with an AuthorizerUri.")
	}
	if at, err := arn.Parse(p.AuthorizerUri); err == nil && at.Account != s.world.Account() {
		return mode{}, badRequest("Invalid request: the Lambda authorizer %s is in another account.", p.AuthorizerUri)
	}
	ttl := 0
	if p.AuthorizerResultTtlInSeconds != nil {
		ttl = *p.AuthorizerResultTtlInSeconds
	}
	if ttl < 0 || ttl > maxAnswerTTL {
		return mode{}, badRequest("Invalid request: AuthorizerResultTtlInSeconds %d is not between 0 and %d.", ttl, maxAnswerTTL)
	}
	m := mode{kind: modeLambda, function: p.AuthorizerUri, ttl: time.Duration(ttl) * time.Second}
	var err error
	m.validation, err = expression("IdentityValidationExpression", p.IdentityValidationExpression)
	return m, err
}

// expression compiles a regular expression of the configuration, nil for "".
func expression(name, text string) (*regexp.Regexp, error) {
	if text == "" {
		return nil, nil
	}
	compiled, err := regexp.Compile("^(?:" + text + ")$")
	if err != nil {
		return nil, badRequest("Invalid request: %s %q is no regular expression.", name, text)
	}
	return compiled, nil
}

func milliseconds(n *int) time.Duration {
	if n == nil {
		return 0
	}
	return time.Duration(*n) * time.Millisecond
}

func checkRepeated(modes []mode) error {
	seen := map[string]bool{}
	for _, m := range modes {
		key := m.kind + " " + m.issuer
		if seen[key] {
			return badRequest("Invalid request: the authentication provider %s is configured more than once.", m)
		}
		seen[key] = true
	}
	return nil
}
