package cognitoidentity

import (
	"fmt"
	"maps"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// tagMap says which claims of a provider's tokens become principal tags.
type tagMap struct {
	// claims are names of claims by tag.
	claims   map[string]string
	defaults bool
}

// Limits of attributes for access control:
// https://docs.aws.amazon.com/cognito/latest/developerguide/using-afac-with-cognito-identity-pools.html
const (
	maxTagKey   = 128
	maxTagClaim = 256
	maxTags     = 50
	maxTagBytes = 460
)

// defaultTags are those of every provider but SAML ones. The tag username holds
// the user's id at the provider, for a user pool the sub:
// https://docs.aws.amazon.com/cognito/latest/developerguide/provider-mappings.html
func defaultTags(provider string) map[string]string {
	if provider == amazon {
		return map[string]string{"client": "aud", "username": "user_id"}
	}
	return map[string]string{"client": "aud", "username": "sub"}
}

type tagMapInput struct {
	IdentityPoolId       string `aws:"required"`
	IdentityProviderName string `aws:"required"`
	PrincipalTags        map[string]string
	UseDefaults          *bool
}

func (in tagMapInput) pool() string { return in.IdentityPoolId }

type tagMapOutput struct {
	IdentityPoolId       string
	IdentityProviderName string
	UseDefaults          bool
	PrincipalTags        map[string]string `json:",omitempty"`
}

// setPrincipalTagAttributeMap maps claims of one provider to principal tags.
//
// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetPrincipalTagAttributeMap.html
func (s *IdentityPools) setPrincipalTagAttributeMap(c api.Context, in tagMapInput) (tagMapOutput, error) {
	if err := s.mapTags(c.Span, in); err != nil {
		return tagMapOutput{}, err
	}
	return s.getPrincipalTagAttributeMap(c, tagProviderInput{in.IdentityPoolId, in.IdentityProviderName})
}

// mapTags sets the map of one provider:
//
//  1. the pool exists
//  2. no tag and no claim has too long a name, and there are at most 50
func (s *IdentityPools) mapTags(span *trace.Span, in tagMapInput) error {
	p, err := s.findPool(span, in.IdentityPoolId) // 1
	if err != nil {
		return err
	}
	m := tagMap{claims: in.PrincipalTags, defaults: in.UseDefaults != nil && *in.UseDefaults}
	switch {
	case !p.hasProvider(in.IdentityProviderName):
		return fmt.Errorf("principal tags for %s: the pool has no provider of that name, and AWS documents no outcome", in.IdentityProviderName)
	case m.defaults && isSAML(in.IdentityProviderName):
		return fmt.Errorf("principal tags for %s: AWS does not document the names of the default tags for SAML", in.IdentityProviderName)
	case m.defaults && len(m.claims) > 0:
		return fmt.Errorf("principal tags for %s: AWS does not document what PrincipalTags beside UseDefaults do", in.IdentityProviderName)
	}
	fault := tagFault(m.claims)
	found := fmt.Sprintf("%d tags", len(m.claims))
	if fault != "" {
		found = fault
	}
	if !span.Decide(RuleTagMap, fault == "", "names that fit principal tags", found) { // 2
		return invalid("1 validation error detected: Value at 'principalTags' failed to satisfy constraint: %s", fault)
	}
	p.tags[in.IdentityProviderName] = m
	return nil
}

func (p *pool) hasUserPool(provider string) bool {
	for _, client := range p.settings.CognitoIdentityProviders {
		if client.ProviderName == provider {
			return true
		}
	}
	return false
}

// hasProvider knows the names of providers in attributes for access control.
func (p *pool) hasProvider(name string) bool {
	_, social := p.settings.SupportedLoginProviders[name]
	return social || p.hasUserPool(name) || p.hasARN(name)
}

func tagFault(claims map[string]string) string {
	if len(claims) > maxTags {
		return fmt.Sprintf("Member must have length less than or equal to %d", maxTags)
	}
	for _, tag := range slices.Sorted(maps.Keys(claims)) {
		switch {
		case tag == "" || len(tag) > maxTagKey:
			return fmt.Sprintf("Map keys must have length between 1 and %d", maxTagKey)
		case claims[tag] == "" || len(claims[tag]) > maxTagClaim:
			return fmt.Sprintf("Map values must have length between 1 and %d", maxTagClaim)
		}
	}
	return ""
}

type tagProviderInput struct {
	IdentityPoolId       string `aws:"required"`
	IdentityProviderName string `aws:"required"`
}

func (in tagProviderInput) pool() string { return in.IdentityPoolId }

func (s *IdentityPools) getPrincipalTagAttributeMap(c api.Context, in tagProviderInput) (tagMapOutput, error) {
	p, err := s.findPool(c.Span, in.IdentityPoolId)
	if err != nil {
		return tagMapOutput{}, err
	}
	m := p.tags[in.IdentityProviderName]
	return tagMapOutput{in.IdentityPoolId, in.IdentityProviderName, m.defaults, m.wanted(in.IdentityProviderName)}, nil
}

func (m tagMap) wanted(provider string) map[string]string {
	if m.defaults {
		return defaultTags(provider)
	}
	return m.claims
}

// tagsOf are the principal tags of a caller. A claim that the token does not
// have gives no tag (inferred).
//
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/attributes-for-access-control.html
func (p *pool) tagsOf(span *trace.Span, proofs []proof) (map[string]string, error) {
	tags := map[string]string{}
	size := 0
	for _, l := range proofs {
		wanted := p.tags[l.tagKey()].wanted(l.provider)
		for _, tag := range slices.Sorted(maps.Keys(wanted)) {
			value, ok := l.token.Claims[wanted[tag]]
			if !ok {
				span.Note(RuleTag, false, "claim "+wanted[tag]+" for tag "+tag, "no such claim: no tag")
				continue
			}
			text, err := claimText(wanted[tag], value)
			if err != nil {
				return nil, err
			}
			span.Note(RuleTag, true, "claim "+wanted[tag]+" for tag "+tag, abbreviate(text))
			tags[tag] = text
			size += len(tag) + len(text)
		}
	}
	if size > maxTagBytes {
		return nil, fmt.Errorf("the principal tags have %d bytes, AWS allows %d and does not document its refusal", size, maxTagBytes)
	}
	return tags, nil
}

// tagProperties are those of AWS::Cognito::IdentityPoolPrincipalTag:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-identitypoolprincipaltag.html
type tagProperties struct {
	IdentityPoolId       string `aws:"required"`
	IdentityProviderName string `aws:"required"`
	PrincipalTags        map[string]string
	UseDefaults          *bool
}

func (s *IdentityPools) createPrincipalTag(r cloudformation.Resource, in tagProperties) (cloudformation.Created, error) {
	if err := s.mapTags(r.Span, tagMapInput(in)); err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: in.IdentityPoolId + "|" + in.IdentityProviderName}, nil
}
