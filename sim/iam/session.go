package iam

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
)

// Role finds a role by its whole ARN.
func (i *IAM) Role(at string) (api.Role, bool) {
	r, ok := i.roleByARN(at)
	if !ok {
		return api.Role{}, false
	}
	return api.Role{ARN: r.arn, Name: r.name, ID: r.id, TrustPolicy: r.trust, MaxSession: r.maxSession}, true
}

// TrustsWebIdentity decides whether the role of that ARN lets a person for whom
// an identity provider vouches do an action with it, such as
// sts:AssumeRoleWithWebIdentity or sts:AssumeRoleWithSAML. The provider is named
// as in trust policies, for example cognito-identity.amazonaws.com or the ARN of
// an OIDC or SAML provider, and the keys are those the token brings. A role that does not exist trusts nobody.
func (i *IAM) TrustsWebIdentity(span *trace.Span, action, roleARN, provider string, keys map[string][]string) api.Decision {
	a := api.Authorization{Action: action, Resource: roleARN, Keys: keys}
	if r, ok := i.roleByARN(roleARN); ok {
		a.ResourcePolicy = r.trust
	}
	trust, err := resourcePolicy(a.ResourcePolicy, true)
	if err != nil {
		span.Decide(RulePolicyDocument, false, "a trust policy that AWS accepts", err.Error())
		return api.Decision{Rule: RulePolicyDocument, Message: denial(a, policy.Decision{})}
	}
	request := policy.Request{
		Principal: policy.Principal{Kind: policy.WebIdentity, Name: provider}, Action: a.Action, Resource: a.Resource,
		Context: policy.NewContext(i.keysOf(a)), ResourceAccount: i.world.Account(),
	}
	return decide(span, a, request, policy.Policies{Resource: trust, RCPs: i.resourceControls(a.Action, a.Resource)})
}

// TrustLooksAt reports whether a role's trust policy has conditions on all of the
// keys.
func (i *IAM) TrustLooksAt(roleARN string, keys ...string) bool {
	r, ok := i.roleByARN(roleARN)
	if !ok {
		return false
	}
	trust, err := resourcePolicy(r.trust, true)
	if err != nil {
		return false
	}
	known := trust.Document.Keys()
	return !slices.ContainsFunc(keys, func(key string) bool {
		return !slices.ContainsFunc(known, func(name string) bool { return strings.EqualFold(name, key) })
	})
}

// IssueSession makes temporary credentials for a role. It refuses a role that
// does not exist and session policies that are malformed or do not exist.
func (i *IAM) IssueSession(r api.SessionRequest) (api.Session, error) {
	role, ok := i.roleByARN(r.RoleARN)
	if !ok {
		return api.Session{}, missing("Role", r.RoleARN)
	}
	policies, err := i.sessionPolicies(r.Policy, r.PolicyARNs)
	if err != nil {
		return api.Session{}, err
	}
	now := i.world.Now()
	keys := map[string][]string{"aws:TokenIssueTime": {now.UTC().Format(time.RFC3339)}}
	for name, values := range r.Keys {
		keys[name] = values
	}
	for name, value := range r.Tags {
		keys["aws:PrincipalTag/"+name] = []string{value}
	}
	if r.HasMFA {
		keys["aws:MultiFactorAuthPresent"] = []string{strconv.FormatBool(r.MFA)}
	}
	s := &session{role: role, policies: policies, expires: now.Add(r.Duration), credentials: i.temporary()}
	if r.MFA {
		s.mfaAt = now
	}
	s.principal = api.Principal{
		Type: api.AssumedRole, Account: i.world.Account(), UserID: role.id + ":" + r.Name, RoleARN: role.arn,
		ARN:         arn.New("sts", "", i.world.Account(), "assumed-role/"+role.name+"/"+r.Name),
		AccessKeyID: s.credentials.AccessKeyID, Keys: keys, TransitiveTags: r.TransitiveTags,
	}
	i.sessions[s.credentials.AccessKeyID] = s
	return api.Session{Credentials: s.credentials, Principal: s.principal, Expires: s.expires}, nil
}

// temporary makes up credentials.
func (i *IAM) temporary() api.Credentials {
	return api.Credentials{
		AccessKeyID:     temporaryPrefix + i.world.Token(keyLength, api.UpperAlphanumeric),
		SecretAccessKey: i.world.Token(secretLength, api.Alphanumeric),
		SessionToken:    tokenPrefix + i.world.Token(tokenLength, api.Alphanumeric),
	}
}

// IssueUserSession makes temporary credentials that act for an IAM user: as the
// user itself, or as a federated user with a name of its own. It refuses a user
// that does not exist and session policies as IssueSession does.
func (i *IAM) IssueUserSession(r api.UserSessionRequest) (api.Session, error) {
	k, ok := i.keys[r.Caller.AccessKeyID]
	if !ok {
		return api.Session{}, missing("User", r.Caller.ARN)
	}
	policies, err := i.sessionPolicies(r.Policy, r.PolicyARNs)
	if err != nil {
		return api.Session{}, err
	}
	now := i.world.Now()
	s := &session{user: k.owner, policies: policies, federated: r.Name != "", expires: now.Add(r.Duration), credentials: i.temporary()}
	s.principal = i.userPrincipal(k)
	if s.federated {
		s.principal = api.Principal{
			Type: api.FederatedUser, Account: i.world.Account(), UserID: i.world.Account() + ":" + r.Name,
			ARN: arn.New("sts", "", i.world.Account(), "federated-user/"+r.Name), Keys: map[string][]string{},
		}
	}
	s.principal.AccessKeyID = s.credentials.AccessKeyID
	s.principal.Keys["aws:TokenIssueTime"] = []string{now.UTC().Format(time.RFC3339)}
	s.principal.Keys["aws:MultiFactorAuthPresent"] = []string{strconv.FormatBool(r.MFA)}
	for name, value := range r.Tags {
		s.principal.Keys["aws:PrincipalTag/"+name] = []string{value}
	}
	if r.MFA {
		s.mfaAt = now
	}
	i.sessions[s.credentials.AccessKeyID] = s
	return api.Session{Credentials: s.credentials, Principal: s.principal, Expires: s.expires}, nil
}

// sessionPolicies are nil when the session is given none.
func (i *IAM) sessionPolicies(inline string, managedARNs []string) ([]policy.Policy, error) {
	var list []policy.Policy
	if inline != "" {
		document, err := policy.ParseJSON([]byte(inline), policy.IdentityPolicy)
		if err != nil {
			return nil, malformed(err)
		}
		list = append(list, policy.Policy{Name: "inline session policy", Document: document})
	}
	for _, at := range managedARNs {
		m, err := i.managedPolicy(at)
		if err != nil {
			return nil, err
		}
		list = append(list, policy.Policy{Name: m.name, Document: m.document})
	}
	return list, nil
}
