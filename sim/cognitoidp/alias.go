package cognitoidp

import (
	"slices"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// hasAlias reports whether an alias means the user. An address is an alias once
// it is verified, so that nobody signs in with the address of somebody else:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
func (p *pool) hasAlias(u *user, name string) bool {
	for _, attribute := range p.settings.AliasAttributes {
		value := u.attributes[attribute]
		counts := attribute == "preferred_username" || u.attributes[attribute+"_verified"] == "true"
		if value != "" && counts && u.status != statusUnconfirmed && p.same(value, name) {
			return true
		}
	}
	return false
}

// checkPlainName refuses usernames that look like an alias of the pool:
// https://github.com/aws-amplify/amplify-js/issues/1067
func (p *pool) checkPlainName(span *trace.Span, username string) error {
	form := formOf(username)
	plain := !slices.Contains(p.settings.AliasAttributes, form)
	if len(p.settings.AliasAttributes) == 0 || span.Decide(RuleUsernameForm, plain, "a username that is no alias", form) {
		return nil
	}
	word := map[string]string{"email": "email", "phone_number": "phone number"}[form]
	return awserr.New("InvalidParameterException", "Username cannot be of %s format, since user pool is configured for %s alias.", word, word)
}

// takeAlias gives a verified address to a user. When it is the alias of another
// user already, that is refused, or with force the alias moves: the other user's
// address is no longer verified.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
func (p *pool) takeAlias(span *trace.Span, u *user, attribute, value string, force bool) error {
	if !slices.Contains(p.settings.AliasAttributes, attribute) {
		return nil
	}
	var other *user
	for _, candidate := range p.users {
		same := p.same(candidate.attributes[attribute], value) && candidate.attributes[attribute+"_verified"] == "true"
		if candidate != u && same {
			other = candidate
		}
	}
	found := "nobody's alias"
	if other != nil {
		found = "the alias of " + other.username
	}
	if force && other != nil {
		span.Note(RuleAliasFree, false, "an address that is nobody's alias", found+", and moves")
		other.attributes[attribute+"_verified"] = "false"
		return nil
	}
	if !span.Decide(RuleAliasFree, other == nil, "an address that is nobody's alias", found) {
		word := map[string]string{"email": "email", "phone_number": "phone_number"}[attribute]
		return awserr.New("AliasExistsException", "An account with the %s already exists.", word)
	}
	return nil
}
