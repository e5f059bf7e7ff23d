package cognitoidp

import (
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// resourceServer is an API that a pool knows the scopes of.
type resourceServer struct {
	identifier, name string
	scopes           []resourceServerScope
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

func (s *UserPools) createResourceServer(r cloudformation.Resource, in resourceServerProperties) (cloudformation.Created, error) {
	if _, err := s.addResourceServer(r.Span, in); err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: in.Identifier}, nil
}

// addResourceServer makes a resource server:
//
//  1. the pool exists
//  2. the identifier is free in the pool; AWS documents no wording
func (s *UserPools) addResourceServer(span *trace.Span, in resourceServerProperties) (*resourceServer, error) {
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, err
	}
	taken := p.resourceServer(in.Identifier) != nil
	if !span.Decide(RuleResourceServerFree, !taken, "a resource server identifier that is free", in.Identifier+": "+existence(taken)) { // 2
		return nil, awserr.New("InvalidParameterException", "%s already exists in user pool %s.", in.Identifier, p.id)
	}
	added := &resourceServer{identifier: in.Identifier, name: in.Name, scopes: in.Scopes}
	p.resourceServers = append(p.resourceServers, added)
	return added, nil
}

// resourceServer is the pool's resource server of an identifier, nil without
// one.
func (p *pool) resourceServer(identifier string) *resourceServer {
	for _, server := range p.resourceServers {
		if server.identifier == identifier {
			return server
		}
	}
	return nil
}

// hasScope reports whether one of the pool's resource servers has a scope, in
// the form IDENTIFIER/SCOPE.
func (p *pool) hasScope(scope string) bool {
	for _, server := range p.resourceServers {
		for _, own := range server.scopes {
			if server.identifier+"/"+own.ScopeName == scope {
				return true
			}
		}
	}
	return false
}
