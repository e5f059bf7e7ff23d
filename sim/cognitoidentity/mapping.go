package cognitoidentity

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// roles are ARNs, "" for a role that is not set.
type roles struct {
	Authenticated   string `aws:"name=authenticated" json:"authenticated,omitempty"`
	Unauthenticated string `aws:"name=unauthenticated" json:"unauthenticated,omitempty"`
}

// The types of role mapping, and the resolution that denies when one of them
// finds no single role.
const (
	mappingToken  = "Token"
	mappingRules  = "Rules"
	resolveToDeny = "Deny"
)

// Limits of role mappings: providers, rules of each, and characters of a rule's
// claim and value.
const (
	maxMappings = 10
	maxRules    = 25
	maxClaim    = 64
	maxValue    = 128
)

// roleMapping is the structure RoleMapping:
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_RoleMapping.html
type roleMapping struct {
	Type                    string              `aws:"required,enum=Token|Rules"`
	AmbiguousRoleResolution string              `aws:"enum=AuthenticatedRole|Deny" json:",omitempty"`
	RulesConfiguration      *rulesConfiguration `json:",omitempty"`
}

type rulesConfiguration struct {
	Rules []mappingRule `aws:"required"`
}

// mappingRule gives a role to users by a claim of their token.
type mappingRule struct {
	Claim     string `aws:"required"`
	MatchType string `aws:"required,enum=Equals|Contains|StartsWith|NotEqual"`
	Value     string `aws:"required"`
	RoleARN   string `aws:"required"`
}

type setRolesInput struct {
	IdentityPoolId string `aws:"required"`
	Roles          *roles `aws:"required"`
	RoleMappings   map[string]roleMapping
}

func (in setRolesInput) pool() string { return in.IdentityPoolId }

// setIdentityPoolRoles replaces the pool's roles and its role mappings:
//
//  1. the pool exists
//  2. the caller may pass every role that is named
//  3. the mappings are complete and for providers of the pool
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html
func (s *IdentityPools) setIdentityPoolRoles(c api.Context, in setRolesInput) (empty, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId) // 1
	if err != nil {
		return empty{}, err
	}
	for _, role := range named(*in.Roles, in.RoleMappings) { // 2
		if err := s.checkPassRole(c, role); err != nil {
			return empty{}, err
		}
	}
	if err := p.checkMappings(c.Span, in.RoleMappings); err != nil { // 3
		return empty{}, err
	}
	p.setRoles(*in.Roles, in.RoleMappings)
	return empty{}, nil
}

func (p *pool) setRoles(r roles, mappings map[string]roleMapping) {
	p.roles, p.mappings = r, map[string]roleMapping{}
	for key, m := range mappings {
		p.mappings[key] = m
	}
}

// named are the roles that a configuration names, in order and without repeats.
func named(r roles, mappings map[string]roleMapping) []string {
	set := map[string]bool{r.Authenticated: true, r.Unauthenticated: true}
	for _, m := range mappings {
		for _, rule := range m.rules() {
			set[rule.RoleARN] = true
		}
	}
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

func (m roleMapping) rules() []mappingRule {
	if m.RulesConfiguration == nil {
		return nil
	}
	return m.RulesConfiguration.Rules
}

// checkPassRole wants a whole ARN and iam:PassRole for it. AWS words both
// refusals in the same way.
//
// Sources: https://github.com/aws/aws-sdk-js/issues/908 (observed),
// https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
func (s *IdentityPools) checkPassRole(c api.Context, role string) error {
	wanted := "iam:PassRole for " + role
	found := "no ARN of a role"
	if a, err := arn.Parse(role); err == nil && a.Service == "iam" && strings.HasPrefix(a.Resource, "role/") {
		found = "not allowed"
		decision := s.access.Authorize(c.Span, api.Authorization{
			Principal: c.Principal, Action: "iam:PassRole", Resource: role,
			Keys: map[string][]string{"iam:PassedToService": {issuer}},
		})
		if decision.Allowed {
			found = ""
		}
	}
	if found == "" {
		c.Span.Decide(RulePassRole, true, wanted, "allowed")
		return nil
	}
	c.Span.Decide(RulePassRole, false, wanted, found)
	return notAuthorized("Access to Role '%s' is forbidden.", role)
}

// checkMappings looks at each mapping:
//
//  1. there are at most 10
//  2. each is for a provider of the pool
//  3. each is complete and no longer than AWS allows
func (p *pool) checkMappings(span *trace.Span, mappings map[string]roleMapping) error {
	if len(mappings) > maxMappings { // 1
		span.Decide(RuleMappingComplete, false, fmt.Sprintf("at most %d providers", maxMappings), fmt.Sprint(len(mappings)))
		return invalid("1 validation error detected: Value at 'roleMappings' failed to satisfy constraint: Map value must satisfy constraint: Member must have length less than or equal to %d", maxMappings)
	}
	for _, key := range slices.Sorted(maps.Keys(mappings)) {
		known := p.hasMappingKey(key) // 2
		if !span.Decide(RuleMappingProvider, known, "a provider of the pool with its app client", key) {
			return invalid("(%s) is not a valid RoleMapping ProviderName or is not a configured provider.", key)
		}
		fault := mappings[key].fault() // 3
		found := mappings[key].Type
		if fault != "" {
			found = fault
		}
		if !span.Decide(RuleMappingComplete, fault == "", "a complete role mapping", found) {
			return invalid("The role mapping for %s is not valid: %s.", key, fault)
		}
	}
	return nil
}

func invalid(format string, args ...any) error {
	return awserr.New("InvalidParameterException", format, args...)
}

// hasMappingKey knows the keys that role mappings may have: a user pool's with
// the app client, the ARN of an OIDC or SAML provider, and a social provider's
// name.
//
// Source: https://github.com/aws/aws-cdk/issues/22951 (observed)
func (p *pool) hasMappingKey(key string) bool {
	if p.hasARN(key) {
		return true
	}
	if end := strings.LastIndex(key, ":"); end >= 0 {
		_, ok := p.client(key[:end], key[end+1:])
		return ok
	}
	_, ok := p.settings.SupportedLoginProviders[key]
	return ok
}

// hasARN knows the pool's OIDC and SAML providers.
func (p *pool) hasARN(key string) bool {
	return slices.Contains(p.settings.OpenIdConnectProviderARNs, key) || slices.Contains(p.settings.SamlProviderARNs, key)
}

// fault says what a mapping lacks, "" for nothing. AWS documents what is wanted
// and not the words of its refusal.
//
// Sources: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_RoleMapping.html,
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MappingRule.html,
// https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
func (m roleMapping) fault() string {
	rules := m.rules()
	switch {
	case m.AmbiguousRoleResolution == "":
		return "AmbiguousRoleResolution is missing"
	case m.Type == mappingRules && len(rules) == 0:
		return "RulesConfiguration is missing"
	case m.Type == mappingToken && m.RulesConfiguration != nil:
		return "RulesConfiguration is for the type Rules"
	case len(rules) > maxRules:
		return fmt.Sprintf("%d rules, and the most is %d", len(rules), maxRules)
	}
	for n, r := range rules {
		if r.Claim == "" || len(r.Claim) > maxClaim || r.Value == "" || len(r.Value) > maxValue {
			return fmt.Sprintf("rule %d wants a claim of 1 to %d and a value of 1 to %d characters", n+1, maxClaim, maxValue)
		}
	}
	return ""
}

type poolInput struct {
	IdentityPoolId string `aws:"required"`
}

func (in poolInput) pool() string { return in.IdentityPoolId }

type getRolesOutput struct {
	IdentityPoolId string
	Roles          roles
	RoleMappings   map[string]roleMapping `json:",omitempty"`
}

func (s *IdentityPools) getIdentityPoolRoles(c api.Context, in poolInput) (getRolesOutput, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId)
	if err != nil {
		return getRolesOutput{}, err
	}
	return getRolesOutput{IdentityPoolId: p.id, Roles: p.roles, RoleMappings: p.mappings}, nil
}

// attachmentProperties are those of AWS::Cognito::IdentityPoolRoleAttachment:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-identitypoolroleattachment.html
type attachmentProperties struct {
	IdentityPoolId string `aws:"required"`
	Roles          roles
	RoleMappings   map[string]attachedMapping
}

// attachedMapping is a role mapping in a template. There the key of the map
// cannot be computed, so IdentityProvider may say what the mapping is for.
type attachedMapping struct {
	Type                    string `aws:"required,enum=Token|Rules"`
	AmbiguousRoleResolution string `aws:"enum=AuthenticatedRole|Deny"`
	IdentityProvider        string
	RulesConfiguration      *rulesConfiguration
}

// attachRoles sets the roles of a pool, which a template can do once:
//
//  1. the pool exists
//  2. no other attachment has set its roles
//  3. the mappings are complete and for providers of the pool
//
// Source of the second: https://github.com/aws/aws-cdk/issues/27411 (observed)
func (s *IdentityPools) attachRoles(r cloudformation.Resource, in attachmentProperties) (cloudformation.Created, error) {
	p, err := s.findPool(r.Span, in.IdentityPoolId) // 1
	if err != nil {
		return cloudformation.Created{}, err
	}
	if p.attached { // 2
		r.Span.Decide(RuleOneAttachment, false, "one role attachment for a pool", "another one")
		return cloudformation.Created{}, awserr.New("AlreadyExists", "%s already exists", p.id)
	}
	r.Span.Decide(RuleOneAttachment, true, "one role attachment for a pool", "the first")
	mappings := map[string]roleMapping{}
	for key, m := range in.RoleMappings {
		if m.IdentityProvider != "" {
			key = m.IdentityProvider
		}
		mappings[key] = roleMapping{m.Type, m.AmbiguousRoleResolution, m.RulesConfiguration}
	}
	if err := p.checkMappings(r.Span, mappings); err != nil { // 3
		return cloudformation.Created{}, err
	}
	p.attached = true
	p.setRoles(in.Roles, mappings)
	return cloudformation.Created{Ref: r.LogicalID + "-" + s.world.Token(12, api.UpperAlphanumeric)}, nil
}
