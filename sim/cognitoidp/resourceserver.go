package cognitoidp

import (
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

// resourceServer is an API that a pool knows the scopes of.
type resourceServer struct {
	identifier string
	scopes     []string
}

// resourceServerProperties are those of AWS::Cognito::UserPoolResourceServer:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolresourceserver.html
type resourceServerProperties struct {
	UserPoolId string `aws:"required"`
	Identifier string `aws:"required"`
	Name       string `aws:"required"`
	Scopes     []resourceServerScope
}

type resourceServerScope struct {
	ScopeName        string `aws:"required"`
	ScopeDescription string `aws:"required"`
}

// createResourceServer makes a resource server:
//
//  1. the pool exists
//  2. the identifier is free in the pool; AWS documents no wording
func (s *UserPools) createResourceServer(r cloudformation.Resource, in resourceServerProperties) (cloudformation.Created, error) {
	p, err := s.findPool(r.Span, in.UserPoolId) // 1
	if err != nil {
		return cloudformation.Created{}, err
	}
	taken := false
	for _, other := range p.resourceServers {
		taken = taken || other.identifier == in.Identifier
	}
	if !r.Span.Decide(RuleResourceServerFree, !taken, "a resource server identifier that is free", in.Identifier+": "+existence(taken)) { // 2
		return cloudformation.Created{}, awserr.New("InvalidParameterException", "%s already exists in user pool %s.", in.Identifier, p.id)
	}
	server := resourceServer{identifier: in.Identifier}
	for _, scope := range in.Scopes {
		server.scopes = append(server.scopes, in.Identifier+"/"+scope.ScopeName)
	}
	p.resourceServers = append(p.resourceServers, server)
	return cloudformation.Created{Ref: in.Identifier}, nil
}

// hasScope reports whether one of the pool's resource servers has a scope, in
// the form IDENTIFIER/SCOPE.
func (p *pool) hasScope(scope string) bool {
	for _, server := range p.resourceServers {
		for _, own := range server.scopes {
			if own == scope {
				return true
			}
		}
	}
	return false
}
