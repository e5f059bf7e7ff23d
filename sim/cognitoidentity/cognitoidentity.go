// Package cognitoidentity is the Amazon Cognito identity pool: it exchanges a
// token that somebody else issued, or nothing at all, for temporary AWS
// credentials. It owns pools, identities and their logins. It refuses to know
// who a user is: it authenticates nobody, and leaves to STS and IAM what a role
// may be used for.
package cognitoidentity

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
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
	access     Access
	users      Users
	key        jwt.Key
	pools      map[string]*pool
	identities map[string]*identity
	// made and poolsMade count the identities and the pools that were ever made.
	made, poolsMade int
}

// Access is what identity pools ask of IAM.
type Access interface {
	// Authorize decides by a principal's own policies whether it may hand on a
	// role (iam:PassRole).
	Authorize(span *trace.Span, a api.Authorization) api.Decision
	// IdentityProvider finds the account's OIDC provider of an issuer, which
	// begins with https://.
	IdentityProvider(issuer string) (api.IdentityProvider, bool)
	// SAMLProvider finds a SAML provider of the account by its ARN.
	SAMLProvider(arn string) (api.SAMLProvider, bool)
}

// Users is what a server-side token check asks of user pools.
type Users interface {
	// Vouches reports whether the user pool of that id still stands for the ID
	// token with these claims: the user exists, is enabled and has not been
	// signed out. found says in a few words what there was.
	Vouches(poolID, eventID, sub string) (held bool, found string)
}

// New returns an account's identity pools: none yet. Through the doors they
// fetch the keys of user pools and ask STS for credentials.
func New(w api.World, doors api.Doors, access Access, users Users) *IdentityPools {
	key := jwt.DevelopmentKey(developmentKey, w.Region()+"1", jwt.RS512)
	key.Type = "JWS"
	return &IdentityPools{
		world: w, doors: doors, access: access, users: users, key: key,
		pools: map[string]*pool{}, identities: map[string]*identity{},
	}
}

// Service describes the API cognito-identity.
func (s *IdentityPools) Service() api.Service {
	return api.Service{
		Prefix:   prefix,
		Name:     name,
		Host:     prefix + "." + s.world.Region() + ".amazonaws.com",
		Protocol: api.JSONProtocol("1.1", "AWSCognitoIdentityService"),
		Operations: append([]api.Operation{
			api.Operate("GetId", api.Unsigned, s.getID),
			api.Operate("GetCredentialsForIdentity", api.Unsigned, s.getCredentialsForIdentity),
			api.Operate("GetOpenIdToken", api.Unsigned, s.getOpenIDToken),
			api.Operate("UnlinkIdentity", api.Unsigned, s.unlinkIdentity),
			onPool(s, "GetOpenIdTokenForDeveloperIdentity", s.getOpenIDTokenForDeveloperIdentity),
			onPool(s, "LookupDeveloperIdentity", s.lookupDeveloperIdentity),
			onPool(s, "MergeDeveloperIdentities", s.mergeDeveloperIdentities),
			onPool(s, "UnlinkDeveloperIdentity", s.unlinkDeveloperIdentity),
			api.Operate("CreateIdentityPool", api.Signed, s.createIdentityPool),
			api.Operate("ListIdentityPools", api.Signed, s.listIdentityPools),
			onPool(s, "DescribeIdentityPool", s.describeIdentityPool),
			onPool(s, "UpdateIdentityPool", s.updateIdentityPool),
			onPool(s, "DeleteIdentityPool", s.deleteIdentityPool),
			onPool(s, "SetIdentityPoolRoles", s.setIdentityPoolRoles),
			onPool(s, "GetIdentityPoolRoles", s.getIdentityPoolRoles),
			onPool(s, "SetPrincipalTagAttributeMap", s.setPrincipalTagAttributeMap),
			onPool(s, "GetPrincipalTagAttributeMap", s.getPrincipalTagAttributeMap),
			onPool(s, "ListIdentities", s.listIdentities),
			api.Operate("DescribeIdentity", api.Signed, s.describeIdentity),
			api.Operate("DeleteIdentities", api.Signed, s.deleteIdentities),
		}, api.Tagging(s.tagsOf)...),
		Rules: Rules(),
		Has:   s.has,
	}
}

// has finds the account that an app means: neither a pool's id nor an identity's
// says.
func (s *IdentityPools) has(input map[string]any) bool {
	poolID, _ := input["IdentityPoolId"].(string)
	identityID, _ := input["IdentityId"].(string)
	return s.pools[poolID] != nil || s.identities[identityID] != nil
}

// Types are the AWS::Cognito resource types of identity pools.
func (s *IdentityPools) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::Cognito::IdentityPool", []string{"Name"}, s.createPool),
		cloudformation.Define("AWS::Cognito::IdentityPoolRoleAttachment", nil, s.attachRoles),
		cloudformation.Define("AWS::Cognito::IdentityPoolPrincipalTag", nil, s.createPrincipalTag),
	}
}

// inPool is the input of an operation that names an identity pool.
type inPool interface{ pool() string }

// onPool is an operation for developers that is authorized against the ARN of
// an identity pool:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitoidentity.html
func onPool[In inPool, Out any](s *IdentityPools, name string, run func(api.Context, In) (Out, error)) api.Operation {
	return api.On(api.Operate(name, api.Signed, run), func(in In) api.Target {
		return api.Target{Resource: s.arn(in.pool())}
	})
}

func (s *IdentityPools) arn(poolID string) string {
	return arn.New(prefix, s.world.Region(), s.world.Account(), "identitypool/"+poolID)
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
