package cognitoidp

import (
	"fmt"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type providerUser struct {
	ProviderName           string
	ProviderAttributeName  string
	ProviderAttributeValue string
}

type adminLinkProviderForUserInput struct {
	UserPoolId      string       `aws:"required"`
	DestinationUser providerUser `aws:"required"`
	SourceUser      providerUser `aws:"required"`
}

func (in adminLinkProviderForUserInput) pool() string { return in.UserPoolId }

// maximumLinks is how many identities a user may have:
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
const maximumLinks = 5

// adminLinkProviderForUser ties an identity that has not signed in yet to an
// existing user, who is then signed in by it:
//
//  1. the pool and the destination user exist
//  2. the pool has the source's identity provider
//  3. a social identity is named by its subject
//  4. the source identity has no profile or link yet
//  5. the user has fewer than five links
//
// AWS documents 2, 3 and 5 without the wording of their errors.
func (s *UserPools) adminLinkProviderForUser(c api.Context, in adminLinkProviderForUserInput) (empty, error) {
	if in.DestinationUser.ProviderName != "Cognito" {
		return empty{}, fmt.Errorf("a destination user of the provider %q: AWS has it, the simulation links to users of the pool itself", in.DestinationUser.ProviderName)
	}
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.DestinationUser.ProviderAttributeValue) // 1
	if err != nil {
		return empty{}, err
	}
	source := in.SourceUser
	from, err := p.findProvider(c.Span, source.ProviderName) // 2
	if err != nil {
		return empty{}, err
	}
	if err := checkSource(c.Span, from, source.ProviderAttributeName); err != nil { // 3
		return empty{}, err
	}
	if err := p.checkUnlinked(c.Span, from, source); err != nil { // 4
		return empty{}, err
	}
	if !c.Span.Decide(RuleLinks, len(u.identities) < maximumLinks, "fewer than 5 links", fmt.Sprint(len(u.identities))) { // 5
		return empty{}, awserr.New("LimitExceededException", "Maximum number of links per user exceeded.")
	}
	link := identity{provider: from, subject: source.ProviderAttributeValue, created: s.world.Now()}
	if source.ProviderAttributeName != subjectAttribute {
		link.attribute, link.value = source.ProviderAttributeName, source.ProviderAttributeValue
	}
	u.identities = append(u.identities, link)
	return empty{}, nil
}

func checkSource(span *trace.Span, from *provider, attribute string) error {
	_, social := socialProviders()[from.kind]
	if !span.Decide(RuleLinkSource, !social || attribute == subjectAttribute, subjectAttribute+" for a social provider", attribute) {
		return awserr.New("InvalidParameterException", "ProviderAttributeName must be %s for provider %s.", subjectAttribute, from.name)
	}
	return nil
}

// checkUnlinked has the wording of https://github.com/aws/aws-sdk-net/issues/1000
func (p *pool) checkUnlinked(span *trace.Span, from *provider, source providerUser) error {
	var known *user
	for _, u := range p.users {
		for _, id := range u.identities {
			same := id.subject == source.ProviderAttributeValue && id.attribute == ""
			waits := id.attribute == source.ProviderAttributeName && id.value == source.ProviderAttributeValue
			if id.provider == from && (same || waits) {
				known = u
			}
		}
	}
	found := "no profile"
	if known != nil {
		found = "the profile " + known.username
	}
	if !span.Decide(RuleLinkFresh, known == nil, "an identity that has not signed in", found) {
		return awserr.New("InvalidParameterException", "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link")
	}
	return nil
}
