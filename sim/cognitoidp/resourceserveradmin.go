package cognitoidp

import (
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type resourceServerInput struct {
	UserPoolId string `aws:"required"`
	Identifier string `aws:"required"`
	Name       string `aws:"required"`
	Scopes     []resourceServerScope
}

func (in resourceServerInput) pool() string { return in.UserPoolId }

type resourceServerOutput struct {
	ResourceServer resourceServerDescription
}

type resourceServerDescription struct {
	UserPoolId string
	Identifier string
	Name       string
	Scopes     []resourceServerScope `json:",omitempty"`
}

func (server *resourceServer) describe(poolID string) resourceServerDescription {
	return resourceServerDescription{poolID, server.identifier, server.name, server.scopes}
}

func (s *UserPools) createResourceServerByAPI(c api.Context, in resourceServerInput) (resourceServerOutput, error) {
	added, err := s.addResourceServer(c.Span, resourceServerProperties(in))
	if err != nil {
		return resourceServerOutput{}, err
	}
	return resourceServerOutput{added.describe(in.UserPoolId)}, nil
}

// ofResourceServer is the input of an operation on one resource server.
type ofResourceServer struct {
	UserPoolId string `aws:"required"`
	Identifier string `aws:"required"`
}

func (in ofResourceServer) pool() string { return in.UserPoolId }

// resourceServerOf finds a resource server of a pool. AWS documents the error
// without its wording:
//
//  1. the pool exists
//  2. the resource server exists
func (s *UserPools) resourceServerOf(span *trace.Span, in ofResourceServer) (*pool, *resourceServer, error) {
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, nil, err
	}
	server := p.resourceServer(in.Identifier)
	if !span.Decide(RuleResourceServerExists, server != nil, "resource server "+in.Identifier, existence(server != nil)) { // 2
		return nil, nil, awserr.New("ResourceNotFoundException", "Resource server %s does not exist.", in.Identifier)
	}
	return p, server, nil
}

func (s *UserPools) describeResourceServer(c api.Context, in ofResourceServer) (resourceServerOutput, error) {
	p, server, err := s.resourceServerOf(c.Span, in)
	if err != nil {
		return resourceServerOutput{}, err
	}
	return resourceServerOutput{server.describe(p.id)}, nil
}

// updateResourceServer replaces name and scopes: a scope that is left out is
// gone.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateResourceServer.html
func (s *UserPools) updateResourceServer(c api.Context, in resourceServerInput) (resourceServerOutput, error) {
	p, server, err := s.resourceServerOf(c.Span, ofResourceServer{in.UserPoolId, in.Identifier})
	if err != nil {
		return resourceServerOutput{}, err
	}
	server.name, server.scopes = in.Name, in.Scopes
	return resourceServerOutput{server.describe(p.id)}, nil
}

// deleteResourceServer deletes a resource server. App clients keep the names of
// its scopes (inferred).
func (s *UserPools) deleteResourceServer(c api.Context, in ofResourceServer) (empty, error) {
	p, server, err := s.resourceServerOf(c.Span, in)
	if err != nil {
		return empty{}, err
	}
	p.resourceServers = slices.DeleteFunc(p.resourceServers, func(other *resourceServer) bool { return other == server })
	return empty{}, nil
}

// listByPage is the input of a list of what a pool has, with MaxResults for the
// limit.
type listByPage struct {
	UserPoolId string `aws:"required"`
	MaxResults int64
	NextToken  string
}

func (in listByPage) pool() string { return in.UserPoolId }

type listResourceServersOutput struct {
	ResourceServers []resourceServerDescription
	NextToken       string `json:",omitempty"`
}

func (s *UserPools) listResourceServers(c api.Context, in listByPage) (listResourceServersOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return listResourceServersOutput{}, err
	}
	shown, next, err := pageOf(c.Span, p.resourceServers, wanted{"maxResults", in.MaxResults, in.NextToken})
	if err != nil {
		return listResourceServersOutput{}, err
	}
	out := listResourceServersOutput{ResourceServers: []resourceServerDescription{}, NextToken: next}
	for _, server := range shown {
		out.ResourceServers = append(out.ResourceServers, server.describe(p.id))
	}
	return out, nil
}
