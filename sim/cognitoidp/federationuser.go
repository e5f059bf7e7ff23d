package cognitoidp

import (
	"errors"
	"maps"
	"slices"

	"claimcheck/sim/awserr"
)

// statusExternal is the UserStatus of a profile that came from a provider.
const statusExternal = "EXTERNAL_PROVIDER"

// welcome finds or makes the profile of a user who came from a provider, and
// writes the mapped attributes into it. In order:
//
//  1. a profile has the identity, or a link to it; else it is somebody new
//  2. every required attribute has a value
//  3. a profile is made for somebody new
//  4. the user is enabled
//  5. no mapped attribute is one that keeps its first value
//  6. attributes are refreshed; what the provider no longer sends stays
func (s *UserPools) welcome(v *visit, under *departure, who arrival) (*user, error) {
	p := v.pool
	who, err := s.inbound(v, under, who)
	if err != nil {
		return nil, err
	}
	u := p.identify(under.to, who) // 1
	linked := u != nil && u.status != statusExternal
	v.span.Note(RuleFederatedProfile, linked, "an existing profile that is linked to "+under.to.name, profileFound(u, linked))
	mapped, attributes := under.to.mapped(who), map[string]string{}
	if u != nil {
		maps.Copy(attributes, u.attributes)
	}
	maps.Copy(attributes, mapped)
	if err := checkMapped(v, under, attributes); err != nil { // 2
		return nil, err
	}
	if u == nil { // 3
		return s.addFederated(v, under, who, attributes)
	}
	if err := checkEnabledUser(v.span, u); err != nil { // 4
		return nil, under.refuseUser(err)
	}
	if err := checkMutable(v, under, u, mapped); err != nil { // 5
		return nil, err
	}
	u.attributes, u.modified = attributes, s.world.Now() // 6
	return u, s.afterArrival(v, under, u, false)
}

func profileFound(u *user, linked bool) string {
	switch {
	case u == nil:
		return "no profile"
	case linked:
		return u.username
	}
	return u.username + ", the provider's own profile"
}

// mapped are the provider's claims as attributes of the pool. username is not
// one of them: it always comes from the subject.
func (p *provider) mapped(who arrival) map[string]string {
	attributes := map[string]string{}
	for attribute, claim := range p.mapping {
		if value, sent := who.claims[claim]; sent && attribute != "username" {
			attributes[attribute] = value
		}
	}
	return attributes
}

// checkMapped has the error that users see of a provider that does not send a
// required attribute:
// https://github.com/aws-samples/aws-amplify-oidc-federation/issues/2
func checkMapped(v *visit, under *departure, attributes map[string]string) error {
	var missing []string
	for _, name := range v.pool.schema.required {
		if attributes[name] == "" {
			missing = append(missing, name)
		}
	}
	if !v.span.Decide(RuleFederatedAttributes, len(missing) == 0, "every required attribute from "+under.to.name, "missing: "+phrase(missing, "none")) {
		return under.ask.refuse("invalid_request", "Invalid user attributes: "+missing[0]+": The attribute is required")
	}
	return nil
}

// checkMutable refuses a sign-in that would write an attribute which keeps its
// first value; the first sign-in of a profile writes it. The wording is that of
// https://github.com/aws-amplify/aws-sdk-ios/issues/2296
func checkMutable(v *visit, under *departure, u *user, mapped map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(mapped)) {
		mutable := !slices.Contains(v.pool.schema.immutable, name) || u.attributes[name] == ""
		if !v.span.Decide(RuleAttributeMutable, mutable, name+" that can change", mutability(mutable)) {
			return under.ask.refuse("invalid_request", "Invalid user attributes: "+name+": Attribute cannot be updated.")
		}
	}
	return nil
}

// refuseUser sends what the API would refuse back to the app.
func (d *departure) refuseUser(err error) error {
	var refusal *awserr.Error
	if errors.As(err, &refusal) {
		return d.ask.refuse("invalid_request", refusal.Message)
	}
	return err
}

// addFederated makes the profile of somebody new: confirmed, without password.
//
//  1. the pre sign-up trigger lets the user in
//  2. the trigger has not linked the identity meanwhile: then this sign-in fails
//     and the next one works
func (s *UserPools) addFederated(v *visit, under *departure, who arrival, attributes map[string]string) (*user, error) {
	username := v.pool.federatedName(under.to, who.subject)
	_, err := s.beforeSignUp(newcomer{span: v.span, pool: v.pool, client: under.ask.client, username: username, attributes: attributes}, "ExternalProvider")
	if err != nil { // 1
		return nil, under.refuseUser(err)
	}
	linked := v.pool.identify(under.to, who)
	if !v.span.Decide(RuleLinkTooLate, linked == nil, "an identity that nobody linked during this sign-in", profileFound(linked, linked != nil)) { // 2
		return nil, under.ask.refuse("invalid_request", "Already found an entry for username "+username)
	}
	now := s.world.Now()
	attributes["sub"] = s.world.UUID()
	u := &user{
		username: username, attributes: attributes, status: statusExternal,
		created: now, modified: now, groups: map[string]*group{},
		identities: []identity{{provider: under.to, subject: who.subject, primary: true, created: now}},
	}
	v.pool.users = append(v.pool.users, u)
	return u, s.afterArrival(v, under, u, true)
}
