package cognitoidp

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// passwordPolicy is a pool's PasswordPolicy. What a given policy leaves out is
// not required:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html
type passwordPolicy struct {
	MinimumLength                 int64
	RequireLowercase              bool
	RequireNumbers                bool
	RequireSymbols                bool
	RequireUppercase              bool
	TemporaryPasswordValidityDays int64
	// PasswordHistorySize counts the passwords, the current one among them,
	// that a new one must differ from.
	PasswordHistorySize int64 `json:",omitzero"`
}

// passwords is the policy in effect.
func (p *pool) passwords() passwordPolicy { return p.settings.passwords() }

// passwords is the policy in effect: a pool without one wants 8 characters of
// all four kinds.
func (in poolSettings) passwords() passwordPolicy {
	policy := passwordPolicy{RequireLowercase: true, RequireNumbers: true, RequireSymbols: true, RequireUppercase: true}
	if given := in.Policies.PasswordPolicy; given != nil {
		policy = *given
	}
	if policy.MinimumLength == 0 {
		policy.MinimumLength = 8
	}
	if policy.TemporaryPasswordValidityDays == 0 {
		policy.TemporaryPasswordValidityDays = 7
	}
	return policy
}

// temporaryFor is how long a temporary password lasts.
func (policy passwordPolicy) temporaryFor() time.Duration {
	return time.Duration(policy.TemporaryPasswordValidityDays) * day
}

// symbols are the characters that count as symbols:
// https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
const symbols = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- "

// Whose wording a refused password gets: AWS says "policy" to apps and
// "password policy" to administrators.
const (
	appWording   = "policy"
	adminWording = "password policy"
)

// check refuses a password that the policy does not allow. The password itself
// never goes into the trace.
func (policy passwordPolicy) check(span *trace.Span, password, wording string) error {
	for _, demand := range []struct {
		applies bool
		holds   bool
		wanted  string
		text    string
	}{
		{true, int64(len([]rune(password))) >= policy.MinimumLength, fmt.Sprintf("at least %d characters", policy.MinimumLength), "Password not long enough"},
		{policy.RequireUppercase, strings.ContainsFunc(password, unicode.IsUpper), "an uppercase letter", "Password must have uppercase characters"},
		{policy.RequireLowercase, strings.ContainsFunc(password, unicode.IsLower), "a lowercase letter", "Password must have lowercase characters"},
		{policy.RequireNumbers, strings.ContainsAny(password, api.Digits), "a digit", "Password must have numeric characters"},
		{policy.RequireSymbols, strings.ContainsAny(strings.TrimSpace(password), symbols), "a symbol", "Password must have symbol characters"},
	} {
		if !demand.applies {
			continue
		}
		if !span.Decide(RulePasswordPolicy, demand.holds, "a password with "+demand.wanted, withOrWithout(demand.holds)) {
			return awserr.New("InvalidPasswordException", "Password did not conform with %s: %s", wording, demand.text)
		}
	}
	return nil
}

func withOrWithout(with bool) string {
	if with {
		return "a password with it"
	}
	return "a password without it"
}

// newTemporaryPassword is one that every policy allows.
func (s *UserPools) newTemporaryPassword(policy passwordPolicy) string {
	random := max(int(policy.MinimumLength)-4, 8)
	return "Aa1!" + s.world.Token(random, api.Alphanumeric)
}

// checkShape refuses a password before any policy looks at it, in the words of
// the API's model; member is the input's. That the shortest has 6 characters was
// seen, the longest is documented:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
func checkShape(span *trace.Span, member, password string) error {
	const shortest, longest = 6, 256
	length := utf8.RuneCountInString(password)
	inRange := length >= shortest && length <= longest
	if span.Decide(RulePasswordShape, inRange, fmt.Sprintf("%d to %d characters", shortest, longest), fmt.Sprintf("%d", length)) {
		return nil
	}
	constraint := fmt.Sprintf("greater than or equal to %d", shortest)
	if length > longest {
		constraint = fmt.Sprintf("less than or equal to %d", longest)
	}
	return awserr.New("InvalidParameterException", "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length %s", member, constraint)
}

// checkNewPassword refuses a password that a user may not take. AWS documents
// the error of 2 without its wording:
//
//  1. the password policy allows it
//  2. it is none of the latest passwords
func (p *pool) checkNewPassword(span *trace.Span, u *user, password, wording string) error {
	policy := p.passwords()
	if err := policy.check(span, password, wording); err != nil { // 1
		return err
	}
	remembered := min(int(policy.PasswordHistorySize), len(u.passwords))
	if remembered == 0 {
		return nil
	}
	fresh := !slices.Contains(u.passwords[len(u.passwords)-remembered:], password)
	if !span.Decide(RulePasswordHistory, fresh, fmt.Sprintf("none of the latest %d passwords", policy.PasswordHistorySize), usedOrNot(fresh)) { // 2
		return awserr.New("PasswordHistoryPolicyViolationException", "Password was used before.")
	}
	return nil
}

// setPassword gives the user a permanent password.
func (u *user) setPassword(password string, now time.Time) {
	u.password, u.status, u.modified = password, statusConfirmed, now
	u.passwords = append(u.passwords, password)
}
