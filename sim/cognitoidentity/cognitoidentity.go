// Package cognitoidentity is the Amazon Cognito identity pool: it exchanges a
// token that somebody else issued, or nothing at all, for temporary AWS
// credentials. It owns pools, identities and their logins. It refuses to know
// who a user is: it authenticates nobody, and leaves to STS and IAM what a role
// may be used for.
package cognitoidentity

import (
	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

// prefix is the service's IAM prefix, name its lane in traces, and issuer the
// issuer of its tokens.
const (
	prefix = "cognito-identity"
	name   = "Identity pool"
	issuer = "cognito-identity.amazonaws.com"
)

// developmentKey is the number of the key that signs the pools' own tokens.
const developmentKey = 5

// IdentityPools are the identity pools of one account and Region.
type IdentityPools struct {
	world      api.World
	doors      api.Doors
	key        jwt.Key
	pools      map[string]*pool
	identities map[string]*identity
}

// New returns an account's identity pools: none yet. Through the doors they
// fetch the keys of user pools and ask STS for credentials.
func New(w api.World, doors api.Doors) *IdentityPools {
	key := jwt.DevelopmentKey(developmentKey, w.Region()+"1", jwt.RS512)
	key.Type = "JWS"
	return &IdentityPools{world: w, doors: doors, key: key, pools: map[string]*pool{}, identities: map[string]*identity{}}
}

// Service describes the API cognito-identity.
func (s *IdentityPools) Service() api.Service {
	return api.Service{
		Prefix: prefix,
		Name:   name,
		Host:   prefix + "." + s.world.Region() + ".amazonaws.com",
		Operations: []api.Operation{
			api.Operate("GetId", api.Unsigned, s.getID),
			api.Operate("GetCredentialsForIdentity", api.Unsigned, s.getCredentialsForIdentity),
			api.Operate("GetOpenIdToken", api.Unsigned, s.getOpenIDToken),
		},
		Unsimulated: []string{
			"CreateIdentityPool", "DeleteIdentities", "DeleteIdentityPool", "DescribeIdentity", "DescribeIdentityPool",
			"GetIdentityPoolRoles", "GetOpenIdTokenForDeveloperIdentity", "GetPrincipalTagAttributeMap",
			"ListIdentities", "ListIdentityPools", "ListTagsForResource", "LookupDeveloperIdentity",
			"MergeDeveloperIdentities", "SetIdentityPoolRoles", "SetPrincipalTagAttributeMap", "TagResource",
			"UnlinkDeveloperIdentity", "UnlinkIdentity", "UntagResource", "UpdateIdentityPool",
		},
		Rules: Rules(),
	}
}

// Types are the AWS::Cognito resource types of identity pools.
func (s *IdentityPools) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::Cognito::IdentityPool", []string{"Name"}, s.createPool),
		cloudformation.Define("AWS::Cognito::IdentityPoolRoleAttachment", nil, s.attachRoles),
	}
}

func (s *IdentityPools) findPool(span *trace.Span, id string) (*pool, error) {
	p, ok := s.pools[id]
	if !span.Decide(RulePoolExists, ok, "identity pool "+id, existence(ok)) {
		return nil, awserr.New("ResourceNotFoundException", "IdentityPool '%s' not found.", id)
	}
	return p, nil
}

// existence is what a check for a thing found.
func existence(ok bool) string {
	if ok {
		return "it exists"
	}
	return "there is none"
}
