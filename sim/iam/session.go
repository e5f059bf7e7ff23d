package iam

import (
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

// TrustsWebIdentity decides whether the role of that ARN lets a person assume
// it for whom an identity provider vouches. The provider is named as in trust
// policies, for example cognito-identity.amazonaws.com, and the keys are those
// the token brings. A role that does not exist trusts nobody.
func (i *IAM) TrustsWebIdentity(span *trace.Span, roleARN, provider string, keys map[string][]string) api.Decision {
	a := api.Authorization{Action: "sts:AssumeRoleWithWebIdentity", Resource: roleARN, Keys: keys}
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
	return decide(span, a, request, policy.Policies{Resource: trust})
}

// IssueSession makes temporary credentials for a role. It refuses a role that
// does not exist and session policies that are malformed or do not exist.
func (i *IAM) IssueSession(r api.SessionRequest) (api.Session, error) {
	role, ok := i.roleByARN(r.RoleARN)
	if !ok {
		return api.Session{}, missing("Role", r.RoleARN)
	}
	policies, err := i.sessionPolicies(r)
	if err != nil {
		return api.Session{}, err
	}
	now := i.world.Now()
	keys := map[string][]string{"aws:TokenIssueTime": {now.UTC().Format(time.RFC3339)}}
	for name, values := range r.Keys {
		keys[name] = values
	}
	s := &session{role: role, policies: policies, expires: now.Add(r.Duration)}
	s.credentials = api.Credentials{
		AccessKeyID:     temporaryPrefix + i.world.Token(keyLength, api.UpperAlphanumeric),
		SecretAccessKey: i.world.Token(secretLength, api.Alphanumeric),
		SessionToken:    tokenPrefix + i.world.Token(tokenLength, api.Alphanumeric),
	}
	s.principal = api.Principal{
		Type: api.AssumedRole, Account: i.world.Account(), UserID: role.id + ":" + r.Name, RoleARN: role.arn,
		ARN:         arn.New("sts", "", i.world.Account(), "assumed-role/"+role.name+"/"+r.Name),
		AccessKeyID: s.credentials.AccessKeyID, Keys: keys,
	}
	i.sessions[s.credentials.AccessKeyID] = s
	return api.Session{Credentials: s.credentials, Principal: s.principal, Expires: s.expires}, nil
}

// sessionPolicies are nil when the session is given none.
func (i *IAM) sessionPolicies(r api.SessionRequest) ([]policy.Policy, error) {
	var list []policy.Policy
	if r.Policy != "" {
		document, err := policy.ParseJSON([]byte(r.Policy), policy.IdentityPolicy)
		if err != nil {
			return nil, malformed(err)
		}
		list = append(list, policy.Policy{Name: "inline session policy", Document: document})
	}
	for _, at := range r.PolicyARNs {
		m, err := i.managedPolicy(at)
		if err != nil {
			return nil, err
		}
		list = append(list, policy.Policy{Name: m.name, Document: m.document})
	}
	return list, nil
}
